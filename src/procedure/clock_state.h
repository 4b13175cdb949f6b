/* One clock in memory; shared by clockwork.c and clock_fold.c. Private to procedure/. */
#ifndef HUHANG_PROCEDURE_CLOCK_STATE_H
#define HUHANG_PROCEDURE_CLOCK_STATE_H

#include "procedure/matter.h"

bool clockwork_alive(const struct mclock *k); /* running or paused */
struct mclock_event *clockwork_add(struct call *c, struct mclock *k, enum clock_event_type type);
/* Ends a clock that is alive, as of the instant: an open pause counts until then, so a clock that
 * ends while paused has a date of its own and is late only if that date had passed. */
void clockwork_end(struct call *c,
                   struct matter *m,
                   struct mclock *k,
                   enum clock_status status,
                   int64_t act_id,
                   int64_t at_ms);

#endif
