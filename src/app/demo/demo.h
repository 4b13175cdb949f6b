/* Demo folders: a hall with three months of work, made by driving the real engine with a simulated
 * clock (issue 3 G), and the control that lets a visitor see deadlines pass. No row is inserted
 * behind the engine. Everybody is fictitious and marked so. */
#ifndef HUHANG_APP_DEMO_DEMO_H
#define HUHANG_APP_DEMO_DEMO_H

#include "run/app.h"

extern const struct module demo_module;

/* How long the simulated past of a demo is. */
#define DEMO_SPAN_DAYS 92
/* One password for every account of a demo. */
#define DEMO_PASSWORD "huhang-demo"

/* When the simulated clock of a new demo folder begins: DEMO_SPAN_DAYS before its "now", which is
 * real time, or two months before the last holiday notice ends where real time is past that
 * (design.md 4). `known_until` is the last day that a notice covers. */
int64_t demo_start_ms(int64_t real_ms, int32_t known_until);
/* On an open writer with started modules, a simulated clock standing at demo_start_ms (huhang init
 * --demo): units, staff, applicants, catalogue and about 150 matters in every state. The clock ends
 * DEMO_SPAN_DAYS later, and the folder keeps how far that is from real time. *ret_refused: steps of
 * the stories that the engine refused; they are logged, and their matters stay where they were.
 * Repeats: the same start gives the same hall, but for salts and keys. */
struct err *demo_fill(struct call *c, int64_t *ret_refused) MUST_CHECK;
/* The same generator, larger, for benchmarks: `matters` applications, spread over DEMO_SPAN_DAYS
 * where the clock is simulated, a share of them worked through. seed repeats. */
struct err *demo_bulk(struct call *c, int64_t matters, uint64_t seed) MUST_CHECK;

#endif
