/* The machine's own limits, measured in the run that measures the product: absolute figures drift
 * between machines and hours, the ratio does not (performance.md 1 and 5). Nothing of Huhang is in
 * this program. Each part prints one line of figures for tools/bench. */
#ifndef HUHANG_BENCH_LIMITS_H
#define HUHANG_BENCH_LIMITS_H

/* A bare transaction of seven rows, each unit in a savepoint, batch units a commit, into FILE that
 * is made with rows units in it: units/s, p50 and p99 of a commit in ms, pages of the log a unit.
 */
int limit_sql(const char *file, double seconds, int batch, long rows);

/* Serves a trivial GET and a POST that reads its body, by the HTTP library that the product uses
 * with two threads, until it is killed. Prints its port first. */
int limit_http(void);

#endif
