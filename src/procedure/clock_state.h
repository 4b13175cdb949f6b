/* One clock in memory; shared by clockwork.c and clock_fold.c. Private to procedure/. */
#ifndef HUHANG_PROCEDURE_CLOCK_STATE_H
#define HUHANG_PROCEDURE_CLOCK_STATE_H

#include "procedure/matter.h"

bool clockwork_alive(const struct mclock *k); /* running or paused */
struct mclock_event *clockwork_add(struct call *c, struct mclock *k, enum clock_event_type type);
/* Is a pause with this key open? key -1: any. */
bool clockwork_open_pause(const struct mclock *k, int64_t key);

#endif
