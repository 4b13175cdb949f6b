/* How far the office time of a demo folder is from real time, kept in table setting. Private to
 * demo/. */
#ifndef HUHANG_APP_DEMO_OFFSET_H
#define HUHANG_APP_DEMO_OFFSET_H

#include "run/app.h"

struct err *offset_read(struct call *c, int64_t *ret_ms) MUST_CHECK;   /* 0: none kept */
struct err *offset_keep(struct call *c, int64_t offset_ms) MUST_CHECK; /* in a unit */

#endif
