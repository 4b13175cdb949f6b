/* The compiled form of the definition language (procedures.md 2): what procedures/<kind>.yaml says,
 * with every name resolved, every type proved and every load check passed.
 *
 * A `struct definition` is one version of one kind; it is immutable and lives in the arena of its
 * `struct definition_set`, which lives as long as the program. Nothing here is ever freed alone.
 * Names are indexes: state, act, clock, fact, param, child index the arrays of the same definition;
 * roles index set->roles. Sets are masks: bit i = index i (states and acts ≤ 64, clocks ≤ 32:
 * P013). NO_INDEX means "none".
 *
 * How the engine uses it, in the order of procedures.md 4:
 *   definition_find(set, "licensing")            to start a matter (refuse when !in_service)
 *   definition_find_version(set, kind, version)  for a matter that is under way (pinned)
 *   act.from & BIT(state), act.when              step 4 · act.by, act.by_path, separations step 5
 *   field_validate(act.form->rows …), needs      step 6 · effective step 7
 *   sets, effects, to/cases, opens, ask          step 8, in this order
 *   by_act[act], clocks[i]                       step 9; definition_state_clocks for `in` clocks
 *   act.letter, number, work rows (state.holder, ask), triggers (definition_triggered) 10..13 */
#ifndef HUHANG_PROCEDURE_DEFINITION_H
#define HUHANG_PROCEDURE_DEFINITION_H

#include "procedure/definition_parts.h"

/* The key of table series that the next number is drawn from, e.g. "licensing/2026". */
struct str number_series(struct arena *a, const struct number_def *n, struct str kind, int32_t day);
struct str number_print(struct arena *a,
                        const struct number_def *n,
                        struct str office_code,
                        struct str item_code,
                        int32_t day,
                        int64_t seq);

/* ---- the kind ---- */

enum zone { ZONE_SERVICE, ZONE_SUPERVISION, ZONE_SEALED };
enum need_of { NEED_NONE, NEED_OPTIONAL, NEED_REQUIRED };

struct definition {
    struct str kind, zh, en;
    int64_t version;
    enum zone zone;
    enum need_of item, party;
    bool in_service; /* false: head key `service: later`, or an effect that does not exist yet;
                      * start with ERR_NOT_IN_SERVICE */
    bool kept;       /* only in the table `definition`: for its matters, no new one starts */
    struct number_def number;
    uint64_t readers; /* roles that may read */
    struct str file,
        text; /* source with what it uses of the shared files, for table `definition` */
    unsigned char sha256[32]; /* over text */

    const struct state_def *states;
    const struct group_def *groups;
    const struct fact_def *facts;
    const struct param_def *params;
    const struct child_def *children;
    const struct relation_def *relations;
    const struct act_def *acts;
    const struct clock_def *clocks;
    const struct separation *separations;
    const struct act_clocks *by_act; /* n_acts rows */
    uint32_t n_states, n_groups, n_facts, n_params, n_children, n_relations, n_acts, n_clocks,
        n_separations;
    uint32_t n_slots; /* dense path slots, see expr_path.slot */

    uint64_t open, waiting, closed; /* states by class */
    uint64_t start_acts;
    uint64_t hidden;        /* states of group `hidden`: not ranked */
    uint32_t record_within; /* param index: late recording needs a reason (predefined, 1wd) */
};

/* ---- sets ---- */

enum effect_id {
#define EFFECT(id, name, facts, events, in_service) EFFECT_##id,
#include "procedure/effect_list.h"
#undef EFFECT
    EFFECT_COUNT
};

struct effect_info {
    const char *name, *facts, *events;
    bool in_service;
};

const struct effect_info *effect_info(uint32_t effect_id);
/* Index of an event such as "publication.done" for clock_on.events, or -1. */
int event_index(struct str name);

enum item_name {
#define ITEM(id, name, type, optional, zh, en) ITEM_##id,
#include "procedure/definition_item_list.h"
#undef ITEM
    ITEM_NAMES
};
enum party_name {
#define PARTY(id, name, type, optional, zh, en) PARTY_##id,
#include "procedure/definition_item_list.h"
#undef PARTY
    PARTY_NAMES
};
enum matter_name {
#define MATTER(id, name, type, optional, zh, en) MATTER_##id,
#include "procedure/definition_item_list.h"
#undef MATTER
    MATTER_NAMES
};
enum actor_name {
#define ACTOR(id, name, type, optional, zh, en) ACTOR_##id,
#include "procedure/definition_item_list.h"
#undef ACTOR
    ACTOR_NAMES
};

struct definition_set;

/* One file: path below procedures/ ("licensing.yaml", "i18n/en.yaml") and text. */
struct definition_source {
    struct str path;
    struct str text;
};

/* One complaint: "licensing.yaml:98:7: P030: what; what to do". */
struct definition_fault {
    struct str file;
    int line, column;
    int code; /* 30 = P030 */
    struct str what, todo;
};

struct definition_options {
    const struct str *letters; /* known letter templates; NULL: any name is accepted */
    size_t n_letters;
    bool strict; /* P066: every text translated, every choice named */
    bool kept; /* versions of the table `definition`: they were checked when they came, and letters,
                * kinds and checks may have changed since; only what compiling needs is looked at */
};

/* An empty set in the arena; the arena must outlive it. */
struct definition_set *definition_set_new(struct arena *a);
/* Adds files: roles.yaml, _common.yaml, lists.yaml, i18n/ and kinds in any order, checks them, also
 * across kinds. False: nothing of the call was added and *ret_faults lists every fault, by file and
 * line. Several versions of a kind may be added (in several calls); the same kind and version with
 * other text is a fault. The program's own files are added first (definition_set_builtin), then the
 * versions kept in table `definition` that are missing: definition.text is whole, it carries the
 * acts of _common.yaml and the lists that the version uses, so it means the same years later. */
bool definition_set_add(struct definition_set *set,
                        const struct definition_source *files,
                        size_t n,
                        const struct definition_options *o,
                        struct definition_fault **ret_faults,
                        size_t *ret_n);
/* The definitions embedded at build, each replaced by the file of the same path in `folder` when
 * there is one, plus further files of that folder (folder none: only embedded). ERR_DEFINITION with
 * all faults in the cause; the detail names the first. */
struct err *definition_set_builtin(struct definition_set *set,
                                   struct str folder,
                                   const struct definition_options *o) MUST_CHECK;
/* The same files as text, for the command line. */
struct err *definition_sources(struct arena *a,
                               struct str folder,
                               struct definition_source **ret,
                               size_t *ret_n) MUST_CHECK;
/* "file:line:column: Pnnn: what; what to do" */
struct str definition_fault_text(struct arena *a, const struct definition_fault *f);

const struct role_set *definition_roles(const struct definition_set *set);
size_t definition_count(const struct definition_set *set);
const struct definition *definition_at(const struct definition_set *set,
                                       size_t i); /* all versions */
/* The highest version of the files (of the table only where no file has the kind), or NULL. */
const struct definition *definition_find(const struct definition_set *set, struct str kind);
const struct definition *
definition_find_version(const struct definition_set *set, struct str kind, int64_t version);

/* Labels. lang "zh" gives the official text of the file; other languages come from i18n/<lang>.yaml
 * and fall back to Chinese. Sections: kind (name = ""), states, groups, facts, params, children,
 * acts, clocks, fields (ACT.FIELD, ACT.FIELD.MEMBER), needs (ACT.i, 0-based), choices (FIELD.VALUE:
 * FIELD is ACT.FIELD for a form, the fact's name for a fact, "list.LIST" for a shared list). */
struct str definition_label(const struct definition_set *set,
                            const char *lang,
                            const struct definition *d,
                            const char *section,
                            struct str name);

/* Index or NO_INDEX. */
uint32_t definition_state(const struct definition *d, struct str name);
uint32_t definition_act(const struct definition *d, struct str name);
uint32_t definition_clock(const struct definition *d, struct str name);
uint32_t definition_fact(const struct definition *d, struct str name);
uint32_t definition_param(const struct definition *d, struct str name);
uint32_t definition_child(const struct definition *d, struct str name);

/* The start act that role `role` may do (NO_INDEX: none). For children: the system role. */
uint32_t
definition_start(const struct definition_set *set, const struct definition *d, uint32_t role);
/* Acts triggered by: expiry of a clock, a mark, an act or the closing of parent or child (kind and
 * name of the act), the last open child of a row closing. Bit per act; the first in order of the
 * file whose state and `when` fit is performed. */
uint64_t definition_on_expire(const struct definition *d, uint32_t clock);
uint64_t definition_on_mark(const struct definition *d, uint32_t clock, uint32_t mark);
uint64_t definition_on_parent(const struct definition *d, struct str act, bool parent_closed);
uint64_t
definition_on_child(const struct definition *d, uint32_t child, struct str act, bool child_closed);
uint64_t definition_on_join(const struct definition *d, uint32_t child);
/* Form of a child's start act: for OPEN_EACH `element` is the list element (an object gives members
 * of the same name, anything else goes into the child's first field), other fields come from the
 * parent act's form by name; for OPEN_FORM everything comes from the parent act's form by name; for
 * OPEN_ONE nothing. Members that the child's form does not have are left out. */
struct jval definition_open_form(struct arena *a,
                                 const struct act_open *open,
                                 const struct form *child_form,
                                 const struct jval *parent_form,
                                 const struct jval *element);

/* Limit of a clock now: V_DURATION, V_DATE (until) or V_NONE (no clock; say so on the page). */
struct value clock_def_limit(const struct clock_def *c, struct expr_env *env);
/* May this cause stop the clock? */
bool clock_def_allows(const struct clock_def *c, struct str cause, struct expr_env *env);
/* The cause by which the clock is paused in the state, or none (not yet asked whether it is
 * allowed). */
struct str clock_def_state_cause(const struct clock_def *c, uint32_t state);

/* States that can be reached and acts that can happen; conditions are ignored. */
void definition_reach(const struct definition *d, uint64_t *ret_states, uint64_t *ret_acts);
/* States in which the clock may be running; via (may be NULL): the act that carried it there. */
uint64_t definition_may_run(const struct definition *d, uint32_t clock, uint32_t via[MAX_STATES]);

/* The form of an item version (catalogue): {"name": "text! 1..40 企业名称", …} or nested rows, in
 * this language. Faults are added to *ret_err as form faults below `at`. NULL obj gives an empty
 * form. */
const struct form *
form_of_json(struct arena *a, const struct jval *obj, struct str at, struct err **ret_err);

/* Graphviz: states by class, timers dashed; `clocks`: the second page, clocks as bars. */
struct str definition_dot(struct arena *a, const struct definition *d, bool clocks);

#endif
