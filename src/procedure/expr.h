/* Compiled expressions of procedures.md 3: total, without side effects, at most 64 instructions.
 *
 * An expression is compiled once, at load, with its types proved; evaluation cannot fail. Names are
 * compiled to paths; a path is resolved when first needed by the caller's `get`, so the engine
 * loads nothing that no condition asks for.
 *
 * For the engine: make one `struct expr_env` per act on the stack, with the arena of the call, and
 * call expr_eval(expr, &env) for `when`, `needs[i].holds`, `sets[i].value`, `effective`, case rows
 * and clock inputs. A NULL expression is answered by V_NONE from expr_eval and by `true` from
 * expr_true. `get` receives a path and answers the value of its root, name and attribute; the
 * further member names in `path->fields` are applied by expr_eval itself (on a list they map:
 * form.verdicts.result is the list of results). `get` must answer the type of the path or V_NONE.
 * What each root means: see enum expr_root. An optional cache by path->slot (dense,
 * 0..definition.n_slots-1) may be kept by the caller. */
#ifndef HUHANG_PROCEDURE_EXPR_H
#define HUHANG_PROCEDURE_EXPR_H

#include "procedure/type.h"
#include "procedure/value.h"

#define EXPR_MAX_OPS 64

enum expr_root {
    EXPR_ITEM,   /* item.NAME of the pinned item version; index = enum item_name
                    (definition_item_list.h) */
    EXPR_PARTY,  /* party.NAME; index = enum party_name */
    EXPR_MATTER, /* matter.NAME; index = enum matter_name */
    EXPR_FACT,   /* fact.NAME; index into definition.facts (facts[0] is the predefined `unit`) */
    EXPR_FORM,   /* form.NAME of the act under way; index into act_def.form->rows */
    EXPR_PARAM,  /* param.NAME; index into definition.params: resolved item version, unit, office,
                    file */
    EXPR_ACTOR,  /* actor.NAME; index = enum actor_name */
    EXPR_PARENT, /* parent: V_INT id of the parent matter, or V_NONE */
    EXPR_TODAY,  /* the effective day of office time; answered by env->today, get is not called */
    EXPR_NOW,    /* env->now_ms, get is not called */
    EXPR_ACT,    /* act.A.attribute of the latest A (struck acts do not count); index into acts */
    EXPR_CLOCK,  /* clock.C.attribute of the current round; index into clocks */
    EXPR_CHILD,  /* child.K.attribute; index into children */
};

enum expr_attr {
    EXPR_PLAIN,
    EXPR_ACT_COUNT, /* V_INT: how often done, the act under way included once it is applied */
    EXPR_ACT_ON,    /* V_DATE: effective day of the latest, or V_NONE */
    EXPR_ACT_ACTOR, /* V_INT: person of the latest, or V_NONE */
    EXPR_ACT_FORM,  /* member `name` of the form of the latest, or V_NONE; form_index is its row */
    EXPR_CLOCK_RUNNING, /* V_BOOL: started, not stopped or cancelled, not yet due (a paused clock
                           runs) */
    EXPR_CLOCK_LATE,    /* V_BOOL: due passed while running, or stopped after due */
    EXPR_CLOCK_LEFT,  /* V_INT: in the limit's unit, negative when over; V_NONE when not running */
    EXPR_CLOCK_DUE,   /* V_DATE or V_NONE */
    EXPR_CHILD_OPEN,  /* V_INT: children of that row that are not closed */
    EXPR_CHILD_COUNT, /* V_INT: all children of that row */
};

struct expr_path {
    enum expr_root root;
    enum expr_attr attr;
    uint32_t index;
    uint32_t form_index;      /* EXPR_ACT_FORM */
    uint32_t slot;            /* same root, index, attr and member = same slot, per definition */
    struct str name;          /* as written: NAME, A, C, K */
    struct str member;        /* EXPR_ACT_FORM: F */
    const struct str *fields; /* further members, applied by expr_eval */
    size_t n_fields;
    enum value_type type; /* of root+name+attribute, before `fields` */
};

struct expr_op;

struct expr {
    const struct expr_op *ops;
    uint32_t n_ops;
    const struct value *consts;
    const struct expr_path *const *paths;
    uint32_t n_consts, n_paths;
    struct xtype type; /* proved type of the result */
    struct str text;   /* source, for messages and diagrams */
    int line, column;
};

struct expr_env {
    struct arena *arena; /* results that need memory (lists, keys) */
    struct value (*get)(void *ctx, const struct expr_path *path);
    void *ctx;
    int32_t today;
    int64_t now_ms;
    const struct calendar *calendar; /* for wd(); never NULL when evaluated by the engine */
};

/* Never fails; NULL gives V_NONE. */
struct value expr_eval(const struct expr *e, struct expr_env *env);
/* Conditions: NULL is true; V_NONE is false. */
bool expr_true(const struct expr *e, struct expr_env *env);
/* A path alone (acts by `item.extension_approver`, causes): with its `fields` applied. */
struct value expr_path_eval(const struct expr_path *p, struct expr_env *env);

#endif
