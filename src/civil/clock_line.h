/* Inside the clock arithmetic (clock.c, clock_explain.c): measuring along a line on which some
 * stretches, the pauses, do not count.
 *
 * A position is a day number for wd, cd, mo and y, and an instant in milliseconds for h and sh; a
 * measure is in days or in milliseconds. A *line* is one unit of one clock. A *walk* goes through
 * the legs of a limit: the limit with its extensions of the same unit, then each extension of
 * another. */
#ifndef HUHANG_CIVIL_CLOCK_LINE_H
#define HUHANG_CIVIL_CLOCK_LINE_H

#include "civil/clock.h"

#define CLOCK_HOUR_MS INT64_C(3600000)

struct ruler;

struct line {
    const struct clock_spec *spec;
    const struct ruler *ruler;
    int32_t now_day;
    bool in_days;
    int64_t per_unit; /* measure of one unit: 1, or an hour's milliseconds */
    size_t n_pauses;
};

/* A line without pauses is asked for with now_day = CIVIL_NO_DAY. */
struct line line_of(const struct clock_spec *s, enum civil_unit unit, int32_t now_day);
/* The first position from which n (≥ 0) is measured since `from`, pauses left out. */
int64_t line_add(const struct line *l, int64_t from, int64_t n);
/* The first position after which no more than n is measured until `to`, pauses left out. */
int64_t line_sub(const struct line *l, int64_t to, int64_t n);
/* Measure of (from, to] without the pauses; and the measure of the pauses in it. from ≤ to. */
int64_t line_count(const struct line *l, int64_t from, int64_t to);
int64_t line_excluded(const struct line *l, int64_t from, int64_t to);
/* The pause that excludes the position, or NULL. */
const struct clock_pause *line_pause_at(const struct line *l, int64_t at);
/* The first day from `day` on which is neither off nor excluded. */
int32_t line_settle(const struct line *l, int32_t day);

/* A pause that has not ended. */
bool clock_pause_open(const struct clock_pause *p);
/* The end of the service day. */
int64_t clock_close(const struct clock_spec *s, int32_t day);

struct clock_point {
    int32_t day;
    int64_t ms;
};

struct clock_walk {
    const struct clock_spec *spec;
    int32_t now_day;
    enum civil_unit unit; /* of the last leg */
    int64_t n;            /* what it measures: days or milliseconds */
    struct clock_point from, to;
    size_t legs;     /* made so far */
    size_t next_ext; /* next extension to look at */
};

/* The start, or the date, as the end of no leg yet. */
struct clock_walk clock_walk_begin(const struct clock_spec *s, int32_t now_day);
/* Makes the next leg; false when there is none. Nothing rolls here. */
bool clock_walk_next(struct clock_walk *w);
bool clock_unit_in_days(enum civil_unit unit);

#endif
