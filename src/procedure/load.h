/* The loader: YAML → compiled definition, in passes, so that a name may be used before it is
 * written.
 *
 *   load_head    kind, version, number, readers …
 *   load_names   states, facts, params, children, relations
 *   load_act_list, load_clock_list, load_groups: names
 *   load_act_lines    one-line forms and fields of all acts
 *   load_act_bodies   conditions, set, effects, open …
 *   load_clocks  clocks, with `like` resolved
 *   load_separations
 *   check_graph  only when every name resolved, so one typo gives one message
 *   check_across kinds against each other, after all files of the call
 *
 * Every pass goes on after a fault and reports all. docs/definition-checks.md lists the codes;
 * test/procedures/bad has an example of each. Private to the floor. */
#ifndef HUHANG_PROCEDURE_LOAD_H
#define HUHANG_PROCEDURE_LOAD_H

#include "base/arena.h"
#include "base/check.h"
#include "procedure/definition_set.h"
#include "procedure/expr_compile.h"

struct at {
    int line, column;
};

struct faults {
    struct arena *arena;
    struct definition_fault *rows;
    size_t n, cap;
};

/* Where an act comes from: its file (the kind's or _common.yaml) and entry. */
struct act_source {
    struct str file;
    const struct ynode *node;
    struct at at; /* of its key */
};

/* A kind under construction. The arrays are those of `d`, still writable. */
struct load {
    struct arena *a;
    struct definition_set *set;
    const struct definition_options *options;
    struct faults *faults;
    struct str file; /* named in faults; changes while an included act is looked at */
    const struct ynode *root;
    struct definition *d;
    struct state_def *states;
    struct group_def *groups;
    struct fact_def *facts;
    struct param_def *params;
    struct child_def *children;
    struct act_def *acts;
    struct clock_def *clocks;
    struct act_source act_sources[MAX_ACTS];
    const struct ynode *clock_nodes[MAX_CLOCKS];
    struct at clock_at[MAX_CLOCKS], fact_at[MAX_FACTS];
    const struct form *scope_form; /* of the act whose body is compiled */
    uint64_t lists_used;           /* entries of lists.yaml */
    struct expr_slots slots;
};

/* ---- load_tool.c ---- */

void load_fault_in(
    struct faults *f, struct str file, struct at at, int code, struct str what, struct str todo);
void load_fault(struct load *l, struct at at, int code, struct str todo, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
struct at at_of(const struct ynode *n);
struct at at_key(const struct ynode *map, size_t i);
/* The value must be of the type; else P002 and false. NULL gives false silently. */
bool load_is(struct load *l, const struct ynode *n, enum ytype type, const char *what);
/* P003 for keys that are not listed (list ends with NULL). */
void load_keys(struct load *l, const struct ynode *map, const char *const *keys);
/* Text of a key, or none when absent; P002 when it is not text. */
struct str load_text(struct load *l, const struct ynode *map, const char *key);
/* A text or a list of texts, as n items; P002 for others. */
size_t load_list(struct load *l, const struct ynode *n, const struct ynode **ret_items);
/* First word of *rest (blanks trimmed); none when there is nothing left. */
struct str load_word(struct str *rest);
/* Lower-case letters, digits and _; P015 otherwise. */
bool load_name_ok(struct load *l, struct at at, struct str name);
/* The same, and no word of the language; `closed` may name a state, but no act. */
bool load_word_ok(struct load *l, struct at at, struct str name, bool act);
/* Names of n rows whose first member is `struct str name`; in the arena. */
struct str *load_names_of(struct load *l, const void *rows, size_t size, size_t n);
bool load_bool(struct load *l, const struct ynode *map, const char *key);
/* Compiles; NULL after a fault or when n is NULL. `kinds` is a mask of BIT(X_…) that is wanted. */
const struct expr *load_expr(struct load *l, const struct ynode *n, uint64_t kinds, bool optional);
const struct expr *
load_expr_text(struct load *l, struct str text, struct at at, uint64_t kinds, bool optional);
const struct expr_path *
load_path(struct load *l, struct str text, struct at at, enum dtype_kind dtype);
bool load_choice_is_literal(const struct dtype *t, struct str word);

/* ---- the passes ---- */

void load_head(struct load *l);
void load_number(struct load *l, struct str text, struct at at);
void load_names(struct load *l);
/* Names of the acts (own and included) and clocks, then the groups over states and acts. */
void load_act_list(struct load *l);
void load_clock_list(struct load *l);
void load_groups(struct load *l);
/* One-line forms and fields of all acts; then their bodies. */
void load_act_lines(struct load *l);
void load_act_bodies(struct load *l);
void load_clocks(struct load *l);
void load_child_pauses(struct load *l);
void load_separations(struct load *l);
/* After acts, clocks and effects: what each act does to each clock, who sets which fact. */
void load_tables(struct load *l);

/* ---- fields, load_field.c ---- */

/* "choice(a 甲|b 乙)! personal 1..3 标签": the type at the head of *rest. */
bool load_dtype(struct load *l, struct at at, struct str *rest, struct str path, struct dtype *ret);
/* A map of fields; path "submit" or "submit.changes" leads their labels. */
const struct form *load_form(struct load *l, const struct ynode *map, struct str path);
const struct form *form_empty(void);
bool load_range(struct str word, int64_t *ret_min, int64_t *ret_max);
/* English (or Chinese) of a label of the kind being loaded, NUL-terminated. */
const char *load_label(struct load *l, const char *section, struct str name, struct str zh);

/* ---- sets of names ---- */

/* States, groups of states, open, any joined by '/' or as list. */
bool load_states(struct load *l, struct at at, struct str words, bool closed_too, uint64_t *ret);
/* An act or a group of acts. */
bool load_act_names(
    struct load *l, struct at at, struct str word, int code, const char *where, uint64_t *ret);
/* Roles joined by '/', or one path that yields a role. */
void load_roles(struct load *l,
                struct at at,
                struct str words,
                uint64_t *ret,
                const struct expr_path **ret_path);
const struct group_def *load_group(struct load *l, struct str name);

/* ---- graph checks ---- */

void check_graph(struct load *l);
void check_across(struct definition_set *set,
                  const struct definition_options *o,
                  struct faults *f,
                  size_t first_new);

#endif
