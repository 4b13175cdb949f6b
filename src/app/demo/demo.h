/* Demo folders: a hall with three months of work, made by driving the real engine with a simulated
 * clock (issue 3 G), and the control that lets a visitor see deadlines pass. No row is inserted
 * behind the engine. Everybody is fictitious and marked so. */
#ifndef HUHANG_APP_DEMO_DEMO_H
#define HUHANG_APP_DEMO_DEMO_H

#include "run/app.h"

extern const struct module demo_module;

/* On an open writer with started modules (huhang init --demo): units, staff, applicants, catalogue
 * and about 150 matters in every state. */
struct err *demo_fill(struct call *c) MUST_CHECK;
/* The same generator, larger, for benchmarks: `matters` submitted applications, a share of them
 * worked through. seed repeats. */
struct err *demo_bulk(struct call *c, int64_t matters, uint64_t seed) MUST_CHECK;

#endif
