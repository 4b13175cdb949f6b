/* The timer thread: every second it looks at the clock's steps (sys/clock.h), lets each module tick
 * and each ten minutes posts the sweep of expired uploads. It only posts; work is done on the
 * lanes. */
#ifndef HUHANG_RUN_TIMER_H
#define HUHANG_RUN_TIMER_H

#include "run/app.h"

struct timer;
/* After lanes_start. malloc; ended by timer_stop, which must come before lanes_stop. */
struct timer *timer_start(struct app *app);
void timer_stop(struct timer *t); /* NULL is allowed */

#endif
