/* What the tests of civil/ share: the project's holidays, files, the folder of real data. */
#ifndef HUHANG_TEST_CIVIL_TEST_H
#define HUHANG_TEST_CIVIL_TEST_H

#include "base/arena.h"
#include "civil/clock.h"

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Whole file under the source root, or none. */
struct str read_source(struct arena *a, const char *path);
/* Whole file of the shared data ($HUHANG_SHARED, else ../shared beside the source root), or none
 * with a message that the test is skipped. */
struct str read_shared(struct arena *a, const char *path);
/* data/holidays.csv as a calendar. */
struct calendar *load_calendar(struct arena *a, struct holiday **ret_rows, size_t *ret_n);
/* The day of a date literal; fails the test when it is none. */
int32_t day(const char *date);
/* assert_string_equal for a day. */
void assert_day(int32_t got, const char *want);
/* Numbers that repeat: the same seed gives the same run. */
uint32_t next_random(uint64_t *seed);
int32_t random_between(uint64_t *seed, int32_t from, int32_t to);

#endif
