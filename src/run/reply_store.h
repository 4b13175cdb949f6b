/* Stored replies: what answers a repeated command (design.md 2). They may hold personal text, so
 * they are sealed at rest under a key derived from the office key. Writer thread only. */
#ifndef HUHANG_RUN_REPLY_STORE_H
#define HUHANG_RUN_REPLY_STORE_H

#include "run/lane.h"

/* In the unit: the reply of c (status, c->reply, body) under a new seq. */
struct err *reply_keep(struct call *c,
                       struct bytes request_sha256,
                       int status,
                       struct str body,
                       int64_t *ret_seq) MUST_CHECK;
/* Fills status, body, reply and replayed. ERR_NOT_FOUND when the row is gone. */
struct err *reply_find(struct call *c, int64_t seq, struct outcome *ret) MUST_CHECK;

#endif
