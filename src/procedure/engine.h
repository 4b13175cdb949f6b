/* The act engine (procedures.md 4): the only way a matter comes to be or changes.
 *
 * One act = one unit of the writer: gate, load, catch up on expiries, state, role, form, time,
 * apply, clocks, letter, projection, leaf, outbox, cascade. Everything is worked out on the matter
 * in memory and saved at the end; any refusal leaves nothing behind. */
#ifndef HUHANG_PROCEDURE_ENGINE_H
#define HUHANG_PROCEDURE_ENGINE_H

#include "procedure/matter.h"

/* At start: loads definitions kept in the data base and the program's, stores new ones; letters:
 * known templates. Sets SLOT_PROCEDURE. Runs on an open writer (unit_run). */
struct err *procedure_start(struct call *c) MUST_CHECK;

struct act_request {
    /* start */
    struct str kind;  /* none: by the regime of the item */
    struct str item;  /* code */
    int64_t party_id; /* 0: the actor's */
    /* go on */
    int64_t matter_id;
    struct str act;          /* none at the start: the start act the actor's role may do */
    const struct jval *form; /* object, or NULL */
    int64_t occurred_at;     /* FIELD_NO_INT: now */
    struct str late_reason;
    const int64_t *with; /* further persons of acts that need several */
    size_t n_with;
};

/* WRITE lane. *ret is the matter after the act and its cascade. If-Match is taken from the call. */
struct err *
engine_start(struct call *c, const struct act_request *r, struct matter **ret) MUST_CHECK;
struct err *engine_act(struct call *c, const struct act_request *r, struct matter **ret) MUST_CHECK;
/* Expiries, marks and lights due until now, at most `max` clocks; *ret_more: there are further
 * ones. Held while time is not trusted. */
struct err *engine_sweep(struct call *c, size_t max, bool *ret_more) MUST_CHECK;
/* The module's tick posts the sweep when something is due. */
void engine_tick(struct app *app);
/* An event of an effect's capability (publication.done) reaches the matter's clocks: a system act
 * of its own, so that it lies on the ledger and a history folded again has it. */
struct err *engine_event(struct call *c, int64_t matter_id, struct str event) MUST_CHECK;
/* System act by name (record_letter …) with a form. */
struct err *engine_system_act(struct call *c,
                              int64_t matter_id,
                              struct str act,
                              const struct jval *form,
                              int64_t cause_id) MUST_CHECK;

/* One act that a reader may do now, or why not (GET …/acts/allowed). */
struct allowed_reason {
    const char *code; /* act-need, act-separation, act-recused, clock-over … */
    struct str zh, en;
    struct str act; /* earlier act, none otherwise */
    int64_t seq;
};
struct allowed_act {
    uint32_t act;
    int role;
    bool possible;
    struct allowed_reason *reasons;
    size_t n_reasons;
};
/* Acts of the reader's roles in the present state, in the order of the definition. */
struct err *engine_allowed(struct call *c,
                           struct matter *m,
                           struct allowed_act **ret,
                           size_t *ret_n) MUST_CHECK;

#endif
