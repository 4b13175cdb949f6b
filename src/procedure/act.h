/* Performing acts: the pieces of the engine. Private to procedure/. */
#ifndef HUHANG_PROCEDURE_ACT_H
#define HUHANG_PROCEDURE_ACT_H

#include "procedure/clockwork.h"
#include "procedure/engine.h"
#include "procedure/permit.h"

#define ACT_CASCADE_MAX 32

/* One act to perform. */
struct act_todo {
    struct matter *m;
    uint32_t act;
    struct actor actor;
    struct str role;
    int64_t stand_in;
    const struct jval *form; /* as submitted; replaced by the validated form */
    int64_t occurred_ms;
    struct str late_reason;
    const int64_t *with;
    size_t n_with;
    int64_t cause_id, corrects_id;
    uint32_t expired; /* clock whose expiry this is, NO_INDEX */
};

/* One act performed, to be saved. */
struct act_done {
    struct matter *m;
    const struct definition
        *d; /* the version of this act; a later one of the command may migrate */
    struct actor actor;
    size_t index; /* into m->done */
    struct jval body;
    int32_t due_day; /* earliest legal due date after the act, CIVIL_NO_DAY */
    struct str letter, letter_number;
    int64_t letter_id;
    struct str letter_data;
    int64_t voided_letter; /* document voided by a correction, 0 */
    uint64_t tell;         /* roles */
};

/* One command: matters touched, acts done, acts still to do. */
struct act_run {
    struct call *c;
    struct matter *matters[ACT_CASCADE_MAX * 2];
    size_t n_matters;
    struct act_done done[ACT_CASCADE_MAX];
    size_t n_done;
    struct act_todo todo[ACT_CASCADE_MAX];
    size_t head, n_todo;
};

/* The matter, loaded once per command. */
struct err *run_matter(struct act_run *r, int64_t id, struct matter **ret) MUST_CHECK;
struct err *run_add(struct act_run *r, struct matter *m) MUST_CHECK; /* a fresh one */
struct err *run_enqueue(struct act_run *r, const struct act_todo *t) MUST_CHECK;
/* Performs the queued acts, breadth first, with everything they trigger. */
struct err *run_all(struct act_run *r) MUST_CHECK;
/* Expiries and marks of the matter up to the instant. */
struct err *run_catch_up(struct act_run *r, struct matter *m, int64_t until_ms) MUST_CHECK;
/* Writes everything: matters, acts, bodies, clocks, facts, work, documents, leaves, outbox. */
struct err *run_save(struct act_run *r) MUST_CHECK;

/* act_gate.c: steps 4 and 5. */
struct err *act_gate(struct act_run *r, struct act_todo *t) MUST_CHECK;
uint64_t act_roles(struct act_scene *s, uint32_t act); /* by, or the role that the path names now */
/* act_form.c: step 6. Replaces upload tokens by file objects. */
struct err *act_form(struct act_run *r, struct act_todo *t) MUST_CHECK;
/* `need` rows that do not hold → allowed_reason texts; used by the gate and by engine_allowed. */
struct err *act_needs(struct act_scene *s, struct err **ret_err) MUST_CHECK;
/* act_apply.c: steps 7 to 9 on the matter in memory. */
struct err *act_apply(struct act_run *r, struct act_todo *t, size_t *ret_done) MUST_CHECK;
/* Earliest legal due date still running, CIVIL_NO_DAY: part of the leaf's event. */
int32_t act_legal_due(const struct matter *m);
/* Shared by apply and fold: facts; then target state and clocks (mv->to is worked out inside). */
void act_sets(struct act_scene *s);
struct err *act_move(struct act_scene *s, const struct clock_move *mv) MUST_CHECK;
void act_scene_of(struct act_scene *s, struct act_run *r, const struct act_todo *t);
/* act_children.c: opens children, propagates to parent and children. */
struct err *act_cascade(struct act_run *r, const struct act_todo *t, size_t done) MUST_CHECK;
/* act_letter.c: step 10. letter_data: all that the letter will say, also for the preview. */
struct err *
letter_data(struct act_run *r, struct act_todo *t, struct str number, struct jval *ret) MUST_CHECK;
struct err *act_letter(struct act_run *r, struct act_todo *t, struct act_done *d) MUST_CHECK;
/* act_correct.c: correct_record, migrate, erase: what USE_… acts do beyond the definition. */
struct err *act_use(struct act_run *r, struct act_todo *t, struct act_done *d) MUST_CHECK;
/* A fresh matter of the kind; the start act follows. */
struct err *matter_new(struct act_run *r,
                       const struct definition *d,
                       int64_t unit_id,
                       struct matter **ret) MUST_CHECK;
/* Number series: next number of the key, gapless (rolled back with the unit). */
struct err *series_next(struct call *c, struct str key, int64_t *ret) MUST_CHECK;

#endif
