/* What an act does to the clocks of its matter (procedures.md 2.2, 4.9). Works on the matter in
 * memory; act_save.c writes what changed. The order is: stop, cancel, restart and reset, resume,
 * pause, extend, start. */
#ifndef HUHANG_PROCEDURE_CLOCKWORK_H
#define HUHANG_PROCEDURE_CLOCKWORK_H

#include "procedure/matter.h"

struct clock_move {
    uint32_t act;      /* of the matter's definition */
    uint32_t from, to; /* states; from NO_INDEX: the matter starts */
    int64_t act_id, at_ms;
    int32_t day;      /* effective day */
    uint32_t expired; /* clock whose expiry this act is, or NO_INDEX */
};

/* Inputs of the arithmetic from a clock's limit, pauses and extensions. */
void clockwork_spec(struct call *c,
                    const struct mclock *k,
                    const struct almanac *al,
                    struct clock_spec *ret);
/* due, lights, next event from the inputs, as known at the instant (an open pause lasts at least
 * until then); marks the clock dirty. */
void clockwork_compute(struct call *c, struct matter *m, struct mclock *k, int64_t at_ms);
/* The same under another calendar than the one in force: a notice about to be imported, or the one
 * under which an ended clock was last computed. */
void clockwork_compute_by(
    struct call *c, struct matter *m, struct mclock *k, const struct almanac *al, int64_t at_ms);
/* ERR_CLOCK_OVER when the act extends a clock that has run out or was extended often enough. */
struct err *clockwork_act(struct act_scene *s, const struct clock_move *mv) MUST_CHECK;
/* A child opened (closed = false) or closed: pauses or resumes the parent's clocks. `expected` is
 * the told end of the child's work, or CIVIL_NO_DAY. The scene is the parent's. */
void clockwork_child(struct act_scene *s,
                     const struct mchild *child,
                     bool closed,
                     const struct clock_move *mv,
                     int32_t expected);
/* The event of an effect that the scene's act (record_event) names in its form. */
struct err *clockwork_event(struct act_scene *s, const struct clock_move *mv) MUST_CHECK;
/* The clock's next event (next_mark) has come: records it and finds the following one. */
void clockwork_pass(struct call *c, struct matter *m, struct mclock *k);
/* Is a pause with this key open? key -1: any. */
bool clockwork_open_pause(const struct mclock *k, int64_t key);
/* Is the due instant behind? Not while a pause that began in time is open; one that began when the
 * time was over revives nothing. */
bool clockwork_over(const struct mclock *k, int64_t now_ms);
/* Due instant passed by `now`, whether or not the event was performed yet. */
bool clockwork_late(const struct mclock *k, int64_t now_ms);
/* 1 green, 2 yellow, 3 red, 4 paused, 0 ended or none. */
int clockwork_light(const struct mclock *k, int64_t now_ms);

/* ---- folding (fold.c) ---- */

/* Was event i made void by a correction? */
bool clockwork_voided(const struct mclock *k, size_t i);
/* A stored pause or resume by a child, as an input of the fold. */
void clockwork_inject(struct call *c,
                      struct matter *m,
                      struct mclock *k,
                      const struct mclock_event *e);
/* Due and mark events of `was` stay told. */
void clockwork_keep_passed(struct call *c,
                           struct matter *m,
                           struct mclock *k,
                           const struct mclock *was);
/* Clocks of the fold become those of the matter: same round keeps its row; what the fold no longer
 * has falls away; changes are events of type CORRECTED. */
void clockwork_take_over(struct call *c, struct matter *m, struct matter *f, int64_t act_id);

#endif
