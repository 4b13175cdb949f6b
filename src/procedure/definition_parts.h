/* The parts of a compiled definition: states, facts, parameters, acts, clocks, numbers. See
 * procedure/definition.h, which includes this, for how they are used. */
#ifndef HUHANG_PROCEDURE_DEFINITION_PARTS_H
#define HUHANG_PROCEDURE_DEFINITION_PARTS_H

#include "procedure/expr.h"
#include "procedure/roles.h"
#include "procedure/type.h"

#define NO_INDEX     UINT32_MAX
#define BIT(i)       (UINT64_C(1) << (i))
#define MAX_STATES   64
#define MAX_ACTS     64
#define MAX_CLOCKS   32
#define MAX_FACTS    64
#define MAX_PARAMS   32
#define MAX_CHILDREN 16
#define FACT_UNIT                                                                                  \
    0 /* facts[0]: `unit`, predefined: setting it moves the matter (matter.unit_id)                \
       */

/* ---- states, facts, parameters, relations ---- */

enum state_class { STATE_OPEN = 1, STATE_WAITING = 2, STATE_CLOSED = 3 }; /* = matter.class */

struct state_def {
    struct str name, zh;
    enum state_class class;
    uint32_t holder; /* role index that owes the next act; NO_INDEX when closed */
    bool untimed;    /* nobody can be late here, on purpose */
    int line, column;
};

struct group_def {
    struct str name;
    uint64_t states, acts; /* one of the two is 0 */
};

struct fact_def {
    struct str name;
    struct dtype type; /* type.indexed: also a row of table fact */
    uint64_t set_by;   /* acts that set it, directly or by an effect */
};

enum param_level { LEVEL_LAW, LEVEL_POLICY, LEVEL_PRESET };

/* Found in order item version, unit, office, this default. A value outside min..max is refused; a
 * `law` value may only be tightened (shorter duration, smaller integer). */
struct param_def {
    struct str name;
    struct dtype type;
    enum param_level level;
    struct value value, min, max; /* V_NONE: no bound */
};

/* Lets another matter be linked: `about: {kind: any, needed: true}`. */
struct relation_def {
    struct str name, kind; /* kind none: any */
    bool needed;           /* the start act must name it */
};

/* While a child of this row is not closed, `clock` is paused, if it allows the cause. */
struct child_pause {
    uint32_t clock;
    struct str cause; /* a fixed name, or none: */
    struct str
        fact; /* the child's fact of this name holds it (look it up in the child's definition) */
};

struct child_def {
    struct str name, kind;
    int line, column;
    const struct child_pause *pauses;
    size_t n_pauses;
};

/* ---- acts ---- */

enum act_to { TO_KEEP, TO_STATE, TO_CASE };

struct act_case {
    const struct expr *when; /* NULL: the last row, always true */
    uint32_t state;
};

struct act_need {
    const struct expr *holds;
    struct str zh; /* shown when it does not hold; English: definition_label(…, "needs", "ACT.i") */
};

struct act_set {
    uint32_t fact;
    const struct expr *value; /* V_NONE removes the fact */
};

enum act_trigger_type {
    ON_EXPIRE,     /* `clocks`: mask; performed at the due instant of whichever of them expires */
    ON_MARK,       /* `clock`, `mark` */
    ON_PARENT_ACT, /* the parent did act `name` */
    ON_PARENT_CLOSED,
    ON_CHILD_ACT,    /* a child of row `child` did act `name` */
    ON_CHILD_CLOSED, /* a child of row `child` reached a closed state */
    ON_JOIN,         /* no child of row `child` is open any more (after at least one was) */
    ON_RULE_CLEARED,
};

struct act_trigger {
    enum act_trigger_type type;
    uint32_t clocks;
    uint32_t clock, mark;
    uint32_t child;
    struct str name;
};

enum act_open_type {
    OPEN_ONE,  /* one child, when `when` holds (NULL: always) */
    OPEN_FORM, /* one child, its start form filled from this act's form */
    OPEN_EACH, /* one child per element of the list `each` */
};

/* Opens children. The child's start act is its kind's start act performed by role `system`
 * (definition_start); its form comes from definition_open_form. */
struct act_open {
    enum act_open_type type;
    uint32_t child;
    const struct expr *when, *each;
};

enum act_show { SHOW_NONE, SHOW_UNIT, SHOW_APPLICANT, SHOW_PUBLIC };

enum act_use {
    USE_PLAIN,
    /* acts of _common.yaml that the engine knows by name */
    USE_NOTE,
    USE_ASSIGN,
    USE_URGE,
    USE_UNMASK,
    USE_CORRECT_RECORD,
    USE_ERASE,
    USE_MIGRATE,
    USE_RECORD_LETTER, /* by the program itself */
    USE_RECORD_EVENT,  /* likewise: an event of an effect reaches the clocks */
};

struct act_def {
    struct str name, zh;
    enum act_use use;
    int line, column;

    bool starts;   /* no FROM: starts a matter */
    uint64_t from; /* states; `any` holds closed states only with `after` */
    enum act_to to;
    uint32_t to_state; /* TO_STATE */
    const struct act_case
        *cases; /* TO_CASE: first row whose `when` holds; evaluated after set/effects */
    size_t n_cases;
    uint64_t reaches; /* every state it can lead to, `from` when kept */

    uint64_t by; /* roles; includes the system role when triggered or `by … system` */
    const struct expr_path *by_path; /* or the role whose name this path gives; else NULL */
    uint64_t by_possible;            /* `by` and every role the path may name */
    struct act_trigger trigger;
    bool triggered; /* `on …`: performed only by the engine */

    const struct expr *when; /* NULL: always offered */
    const struct act_need *needs;
    size_t n_needs;
    const struct form *form; /* never NULL; n == 0 when there is nothing to fill in */
    const struct act_set *sets;
    size_t n_sets;
    const uint32_t *effects; /* enum effect_id */
    size_t n_effects;
    struct str letter; /* template name in letters/, or none */
    uint32_t times;    /* 0: no limit; else at most so often per matter (struck acts not counted) */
    uint32_t persons;  /* 0 or N distinct named people with the role, the actor included */
    const struct act_open *opens;
    size_t n_opens;

    bool asks;       /* a request beside the state: */
    uint64_t ask_of; /*   roles of the second worklist row */
    const struct expr_path *ask_path;
    uint64_t ask_until; /*   acts that end it */

    const struct expr *effective; /* NULL: the day it occurred */
    bool after, voids, erases;
    enum act_show show;
    uint64_t tell; /* roles to be notified */
};

/* Who does `act` must have done none of `acts` on this matter, none of `parent_acts` (names) on its
 * parent, and be none of the persons in `facts`. */
struct separation {
    uint32_t act;
    uint64_t acts;
    const struct str *parent_acts;
    size_t n_parent_acts;
    uint64_t facts;
    const struct expr *when; /* the row holds only then; NULL: always */
    struct str basis;        /* article to cite in the refusal, or none */
};

/* ---- clocks ---- */

enum clock_evidence { EVIDENCE_LAW, EVIDENCE_POLICY, EVIDENCE_PRESET };

/* One row of start, stop, cancel, restart, reset. */
struct clock_on {
    uint64_t acts;
    uint64_t events;         /* enum event_id */
    const struct expr *when; /* evaluated in the state after the act; NULL: always */
    const struct expr
        *at; /* start only: V_DATE the clock counts from; NULL: the act's effective date */
};

struct clock_ons {
    const struct clock_on *rows;
    size_t n;
    uint64_t acts, events; /* unions, for a fast no */
};

struct clock_case {
    struct str value;         /* of the choice */
    const struct expr *limit; /* NULL: `none`, no clock */
};

/* A cause that pauses: a fixed name, or an expression giving a list of names. */
struct clock_cause {
    struct str name;
    const struct expr *names;
};

struct clock_state_pause {
    uint64_t states;
    struct str cause;
};

struct clock_mark {
    struct str name;
    const struct expr *after; /* V_DURATION after the due day */
};

struct clock_def {
    struct str name, zh;
    int line, column;
    enum clock_evidence evidence;
    struct str basis;              /* text of the basis, or none: */
    const struct expr *basis_path; /* text read from the item */

    const struct expr *limit;    /* V_DURATION or V_NONE; NULL with cases or until */
    const struct expr *limit_of; /* choice that selects a case */
    const struct clock_case *cases;
    size_t n_cases;
    const struct expr *until; /* V_DATE or V_NONE */

    struct clock_ons start, stop, cancel, restart, reset;
    uint64_t in;        /* runs while in these states; 0: uses start and stop */
    bool cancel_closed; /* any act into a closed state that is not in stop */

    const struct clock_cause *pauses; /* allowed causes; none: it never stops */
    size_t n_pauses;
    const struct clock_state_pause *state_pauses;
    size_t n_state_pauses;

    bool extends;
    uint64_t extend_acts;
    const struct expr *extend_by; /* V_DURATION */
    uint32_t extend_times;

    uint32_t expire;           /* act performed when due, or NO_INDEX */
    const struct expr *yellow; /* V_DURATION before due, or NULL */
    const struct clock_mark *marks;
    size_t n_marks;
    const struct expr *when; /* evaluated when it would start; NULL: always */
    bool outlives;
};

/* What an act does to the clocks of its matter: masks of clocks whose rows must be looked at. */
struct act_clocks {
    uint32_t stops, cancels, restarts, resets, extends, starts;
};

/* ---- numbers ---- */

enum number_part_type {
    NUMBER_TEXT,
    NUMBER_OFFICE,
    NUMBER_ITEM,
    NUMBER_YYYY,
    NUMBER_MM,
    NUMBER_DD,
    NUMBER_SEQ
};
enum number_period { PER_EVER, PER_YEAR, PER_MONTH, PER_DAY };

struct number_part {
    enum number_part_type type;
    struct str text; /* NUMBER_TEXT */
    int width;       /* NUMBER_SEQ: digits, zero-filled; longer numbers keep all digits */
};

/* "{office.code}{yyyy}-{seq6} per office year". n == 0: `number: none`. */
struct number_def {
    const struct number_part *parts;
    size_t n;
    bool per_office;
    enum number_period period;
};

#endif
