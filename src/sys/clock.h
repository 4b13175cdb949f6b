/* Time: office time (legal) and real time (sessions, time-outs), real or simulated.
 *
 * Office time = real time + offset; the offset is 0 except in demo folders, where it only grows
 * (design.md 4). Tests and simulations use a clock that stands still until it is set. Waiting uses
 * the monotonic clock. Trust: a backward step, a forward step of more than ten minutes against the
 * monotonic clock, or a start more than three days after the last act, makes office time untrusted
 * until an administrator confirms the date. */
#ifndef HUHANG_SYS_CLOCK_H
#define HUHANG_SYS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock_source;

struct clock_source *clock_real(void);                  /* malloc; clock_free */
struct clock_source *clock_simulated(int64_t start_ms); /* stands until clock_set */
void clock_free(struct clock_source *c);
int64_t clock_office_ms(struct clock_source *c);
int64_t clock_real_ms(struct clock_source *c);
int64_t clock_mono_ms(struct clock_source *c);
void clock_set(struct clock_source *c, int64_t office_ms); /* simulated only; never backward */
/* Simulated only: the wall clock is set by step_ms (any sign) and the monotonic clock is not. */
void clock_step(struct clock_source *c, int64_t step_ms);
bool clock_is_simulated(const struct clock_source *c);
/* Demo offset as it was kept, at start, before anybody reads the time: may be negative, for a demo
 * whose holiday notices have run out begins in the past. From there on it only grows. */
void clock_begin_offset(struct clock_source *c, int64_t offset_ms);
/* Demo offset; grows only (CHECK). */
void clock_set_offset(struct clock_source *c, int64_t offset_ms);
int64_t clock_offset(struct clock_source *c);
/* Trust; thread-safe. clock_watch is called each second and at start (last_act_ms or 0). */
void clock_watch(struct clock_source *c);
void clock_start_check(struct clock_source *c, int64_t last_act_ms);
bool clock_trusted(struct clock_source *c);
void clock_confirm(struct clock_source *c);

#endif
