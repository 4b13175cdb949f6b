/* Civil dates of the Chinese calendar day at UTC+8, as day numbers.
 *
 * A day is an int32_t: days since 1970-01-01 (proleptic Gregorian). An instant is an int64_t:
 * milliseconds UTC. China has kept UTC+8 without daylight saving since 1991, so the offset is fixed
 * and no time zone data base, `localtime` or TZ is ever asked (c-models 4.7). All functions here
 * are pure. */
#ifndef HUHANG_CIVIL_DATE_H
#define HUHANG_CIVIL_DATE_H

#include "base/str.h"

#define CIVIL_NO_DAY    INT32_MIN
#define CIVIL_DAY_MS    INT64_C(86400000)
#define CIVIL_OFFSET_MS INT64_C(28800000) /* UTC+8 */
/* An instant that never comes: sorts after every real one, so it is never NULL in an index. */
#define CIVIL_NEVER INT64_MAX

struct ymd {
    int year, month, day; /* month and day from 1 */
};

int32_t civil_day(struct ymd d); /* CHECKs civil_ymd_ok */
struct ymd civil_ymd(int32_t day);
bool civil_ymd_ok(struct ymd d);           /* years 1900..2199 */
int civil_month_days(int year, int month); /* 28..31; month 1..12 */
int civil_weekday(int32_t day);            /* 1 = Monday … 7 = Sunday */
/* Day + n months, clamped to the end of the month (31 January + 1 = 28/29 February). */
int32_t civil_add_months(int32_t day, int32_t months);
int32_t civil_month_end(int32_t day);
int32_t civil_quarter_end(int32_t day);
int32_t civil_year_end(int32_t day);
/* Exactly YYYY-MM-DD, existing date. */
bool civil_parse(struct str s, int32_t *ret_day);
/* Writes "YYYY-MM-DD" and NUL. CHECKs 0000-03-01 to 9999-12-31. */
void civil_format(int32_t day, char ret[11]);
struct arena;
/* The same in the arena; CIVIL_NO_DAY and other days outside give none. */
struct str civil_text(struct arena *a, int32_t day);
/* 2026年3月2日; none as above. */
struct str civil_text_zh(struct arena *a, int32_t day);

int32_t civil_day_of(int64_t instant_ms);    /* calendar day at UTC+8 */
int64_t civil_day_start(int32_t day);        /* 00:00 at UTC+8 */
int64_t civil_day_end(int32_t day);          /* 24:00 = start of the next day */
int civil_minute_of_day(int64_t instant_ms); /* 0..1439 at UTC+8 */
/* RFC 3339, years 1900..2199: reads any offset and optional fraction of up to 9 digits (cut to ms);
 * no leap second, no blank for T. Writes +08:00 with milliseconds; CIVIL_NEVER gives none. */
bool civil_instant_parse(struct str s, int64_t *ret_ms);
struct str civil_instant_text(struct arena *a, int64_t ms);

#endif
