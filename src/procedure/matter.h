/* A matter in memory: what one command or one page works on. Private to procedure/.
 *
 * Loading reads the row, the clocks with their events, the index of acts and of children; bodies of
 * acts are read only when something asks for them. The act engine changes this picture first
 * (act_apply.c, clockwork.c: no data base) and saves it afterwards (act_save.c), so folding a
 * history again (act_fold.c: corrections, verify, tests) runs the very same code. */
#ifndef HUHANG_PROCEDURE_MATTER_H
#define HUHANG_PROCEDURE_MATTER_H

#include "procedure/almanac.h"
#include "procedure/definition.h"
#include "procedure/org.h"
#include "run/app.h"

enum clock_status {
    CLOCK_RUNNING = 1,
    CLOCK_PAUSED = 2,
    CLOCK_MET = 3,       /* stopped: the duty was done (late or not) */
    CLOCK_CANCELLED = 4, /* fell away */
    CLOCK_EXPIRED = 5,   /* ended by its own expiry act */
};

enum clock_event_type {
    CLOCK_EV_PAUSE = 1,
    CLOCK_EV_RESUME = 2,
    CLOCK_EV_EXTEND = 3,
    CLOCK_EV_CALENDAR = 4,  /* a notice moved the due date */
    CLOCK_EV_DUE = 5,       /* the due instant passed while running */
    CLOCK_EV_MARK = 6,      /* cause = name of the mark */
    CLOCK_EV_CORRECTED = 7, /* a correction changed or removed the clock */
};

/* clock_event row. */
struct mclock_event {
    int64_t type, key_id, at, amount, act_id, calendar_id;
    struct str cause;
    int32_t on_day, expected_day, old_due, new_due;
};

struct mclock {
    int64_t id, round, status;
    uint32_t def; /* index into definition.clocks */
    bool until;
    int32_t until_day;
    struct duration limit, yellow;
    int32_t start_day;
    int64_t start_at;
    struct clock_due due;
    int64_t next_at;      /* CIVIL_NEVER: nothing to do by itself */
    struct str next_mark; /* "yellow", "due" or a mark's name */
    struct str basis;
    int64_t calendar_id, start_act, stop_act, stopped_at, left_amount;
    struct mclock_event *events;
    size_t n_events, cap_events, n_saved; /* events from n_saved on are new */
    bool fresh, dirty;
};

/* One act of the matter, without its body. */
struct mact {
    int64_t id, seq, actor_id, actor_unit, mandate_id, occurred_at, recorded_at, definition_id,
        cause_id, corrects_id, shown, leaf_index;
    uint32_t def; /* index into definition.acts; NO_INDEX: an act of an older version */
    struct str name, from_state, to_state, role, effective_on, channel, with_ids;
    bool struck;             /* a later correct_record struck it */
    bool corrected;          /* … or gave it other values */
    const struct jval *body; /* plain body once read or written, else NULL */
};

struct mchild {
    int64_t id;
    uint32_t def; /* index into definition.children, NO_INDEX: not (any more) declared */
    struct str kind, state, title;
    int64_t class;
    const struct jval *facts; /* parsed facts */
};

/* Item version: the body is JSON with the members of definition_item_list.h and the guide's. */
struct mitem {
    int64_t id, item_id, unit_id, version;
    struct str code,
        status; /* draft published suspended withdrawn: current status of the version */
    struct jval body;
    const struct form *form;
};

struct mparty {
    int64_t id, kind; /* 1 citizen, 2 enterprise */
    int64_t flags;    /* bit 0: dishonest */
    struct str name_masked;
};

struct matter {
    int64_t id, office_id, definition_id, item_version_id, parent_id, unit_id, origin_id, party_id,
        assignee_id;
    const struct definition *d;
    uint32_t state;
    int64_t class, acts, priority, opened_at, closed_at, final_light;
    int32_t opened_day;
    struct str number, title, channel;
    struct value *facts;       /* d->n_facts; facts[FACT_UNIT] mirrors unit_id */
    struct value *facts_saved; /* as in the data base, NULL: nothing yet */
    struct data_key key;
    struct bytes wrapped;   /* of a fresh matter's key */
    struct bytes prev_leaf; /* leaf hash of the last act, none at the start */
    struct mitem *item;     /* NULL: none */
    struct mparty *party;   /* NULL: none */
    struct mact *done;
    size_t n_done, cap_done;
    struct mclock *clocks;
    size_t n_clocks, cap_clocks;
    struct mchild *children;
    size_t n_children, cap_children;
    bool fresh; /* not in the data base yet */
};

#define MATTER_DISHONEST 1

/* Loads what one command needs. ERR_MATTER_NOT_FOUND when there is no such id in the office. */
struct err *matter_load(struct call *c, int64_t id, struct matter **ret) MUST_CHECK;
/* The plain body of an act (cached in the row). An erased body gives an empty object. */
struct err *
matter_body(struct call *c, struct matter *m, struct mact *a, const struct jval **ret) MUST_CHECK;
struct err *
matter_load_item(struct call *c, int64_t item_version_id, struct mitem **ret) MUST_CHECK;
/* The published version of an item by code; ERR_ITEM_NOT_PUBLISHED / ERR_NOT_FOUND. */
struct err *matter_find_item(struct call *c, struct str code, struct mitem **ret) MUST_CHECK;
struct err *matter_load_party(struct call *c, int64_t party_id, struct mparty **ret) MUST_CHECK;
struct mclock *matter_clock(struct matter *m, uint32_t def); /* latest round, NULL: never started */
const struct mact *matter_last(const struct matter *m, uint32_t act); /* latest not struck */
int64_t matter_count(const struct matter *m, uint32_t act);           /* not struck */
struct mact *matter_add_act(struct call *c, struct matter *m);
struct mclock *matter_add_clock(struct call *c, struct matter *m);
struct mchild *matter_add_child(struct call *c, struct matter *m);
/* Facts as stored JSON and back. */
struct str matter_facts_text(struct arena *a, const struct matter *m);
void matter_facts_read(struct call *c, struct matter *m, struct str text);

const struct definition_set *procedure_set(const struct app *app);

/* ---- evaluating expressions on a matter ---- */

/* The act under way, as expressions see it. */
struct act_scene {
    struct call *c;
    struct matter *m;
    uint32_t act;            /* NO_INDEX: nothing under way */
    const struct jval *form; /* validated form, or NULL */
    const struct actor *actor;
    struct str role;
    int64_t now_ms;     /* instant the act occurs */
    int32_t today;      /* effective day */
    bool applied;       /* the act is already in m->done */
    struct err *failed; /* first failure while reading; look after evaluating */
};

/* An expression environment over the scene; keep both alive while evaluating. */
void scene_env(struct act_scene *s, struct expr_env *ret);

#endif
