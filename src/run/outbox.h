/* The outbox is kept as long as a page may ask for what it missed (Last-Event-ID,
 * conf.events_keep_hours); older rows go. The newest OUTBOX_LEAST stay whatever their age, so that
 * a step of a demo's clock takes nothing from those who are listening. */
#ifndef HUHANG_RUN_OUTBOX_H
#define HUHANG_RUN_OUTBOX_H

#include "run/app.h"

#define OUTBOX_LEAST 1000

/* SLOW, or without lanes. *ret_removed may be NULL. */
struct err *outbox_prune(struct call *c, int64_t *ret_removed) MUST_CHECK;
/* Posts it to its lane (timer). */
void outbox_post_prune(struct app *app);

#endif
