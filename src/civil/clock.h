/* Clock arithmetic: (limit, start, pauses, extensions, calendar) → due date, lights, explanation.
 *
 * Pure: no data base and no current time. The day of the event is not counted (民法典 201). Units:
 * wd working day, cd calendar day, mo month (clamped), y year, h hour, sh service hour; `0wd` =
 * 当场, the end of the same service day (of the next one when the start is a day off or after
 * closing). Calendar-day, month and year limits that end on a day off roll to the next working day
 * (民法典 203). A pause excludes the working days (for cd, mo and y: calendar days; for hours: the
 * time) in (from, to], overlapping pauses as a union (approvals.md 1.4); a limit never ends on an
 * excluded day. While a pause is open the due date counts it as lasting until its expected end, or
 * until `now_day` where that is later or nothing was told, and reads "not before". An extension
 * adds to the limit; one in another unit counts on from the end of the limit. A date (`until`) is
 * no period: it neither rolls nor pauses. No due date lies after 9999-12-31. */
#ifndef HUHANG_CIVIL_CLOCK_H
#define HUHANG_CIVIL_CLOCK_H

#include "civil/calendar.h"

enum civil_unit { CIVIL_WD, CIVIL_CD, CIVIL_MO, CIVIL_Y, CIVIL_H, CIVIL_SH };

struct duration {
    enum civil_unit unit;
    int32_t amount;
};

/* "20wd" "3cd" "1mo" "1y" "8h" "4sh"; amount 0..100000. */
bool duration_parse(struct str s, struct duration *ret);
struct str duration_text(struct arena *a, struct duration d);    /* 20wd */
struct str duration_text_zh(struct arena *a, struct duration d); /* 20个工作日; 0wd = 当场 */
struct str duration_text_en(struct arena *a, struct duration d); /* 20 working days; on the spot */

/* Hours in which the office serves, minutes of the day. close = 1440: the day ends at 24:00; all
 * zero means 0 to 1440. noon_from and noon_to lie between open and close. */
struct service_hours {
    int open, noon_from, noon_to, close; /* noon_from == noon_to: no break */
};

struct clock_pause {
    int64_t from_ms, to_ms; /* to_ms == CIVIL_NEVER: still open */
    int32_t from_day;       /* the days the law counts from and to: effective dates */
    int32_t to_day;         /* CIVIL_NO_DAY: open */
    int32_t expected_day;   /* the told end of an open pause, or CIVIL_NO_DAY */
    struct str cause;
};

struct clock_spec {
    bool until; /* a date instead of a duration */
    int32_t until_day;
    struct duration limit;
    int64_t start_ms;
    int32_t start_day; /* effective date; equals civil_day_of(start_ms) unless said */
    const struct clock_pause *pauses;
    size_t n_pauses;
    const struct duration *extensions; /* in the order granted */
    size_t n_extensions;
    struct duration yellow; /* time before due; amount 0: none */
    const struct calendar *calendar;
    struct service_hours hours;
};

struct clock_due {
    int32_t due_day;
    int64_t due_ms;      /* end of the due day (24:00 or closing time); for hours the instant */
    int64_t yellow_ms;   /* first instant at which no more than the yellow time is left, not before
                            the   start; CIVIL_NEVER: none or paused */
    int64_t red_ms;      /* first instant of red = due_ms; CIVIL_NEVER while a pause is open */
    bool provisional;    /* depends on a day beyond calendar_known_until */
    bool not_before;     /* a pause is open: the date can only move later */
    int32_t paused_days; /* excluded up to the due date, in the limit's unit (mo, y: calendar days;
                            h, sh: whole hours) */
    int32_t as_of_day;   /* the now_day it was computed for */
};

/* `now_day` is used only for an open pause. */
struct clock_due clock_compute(const struct clock_spec *s, int32_t now_day);
/* Instant after due for marks: `over3: 3wd` = end of the third working day after the due day; does
 * not roll. CIVIL_NEVER while a pause is open. */
int64_t clock_mark(const struct clock_spec *s, const struct clock_due *due, struct duration after);
/* Working days (or the limit's unit; mo, y and dates: calendar days) left after the day of `now`
 * until due: 0 on the due day itself, at most -1 once it is over. Hours are rounded away from zero.
 * And the days counted so far, today's included (hours: whole ones). Paused time counts in neither.
 */
int32_t clock_left(const struct clock_spec *s, const struct clock_due *due, int64_t now_ms);
int32_t clock_used(const struct clock_spec *s, const struct clock_due *due, int64_t now_ms);

enum clock_day_kind {
    CLOCK_DAY_START, /* the day of the event, not counted */
    CLOCK_DAY_COUNTED,
    CLOCK_DAY_REST, /* weekend or holiday, not counted (working-day limits) */
    CLOCK_DAY_PAUSED,
    CLOCK_DAY_ROLLED, /* day off on which the limit would end: rolls on, its ordinal with it */
    CLOCK_DAY_DUE,    /* the last counted day */
};

struct clock_day {
    int32_t day;
    enum clock_day_kind kind;
    int32_t ordinal;           /* 1, 2, 3 … for counted days and the due day, else 0 */
    bool makeup;               /* 调休上班 */
    struct str reason;         /* 周末, 国庆节, cause of the pause; none for a plain counted day */
    struct str notice, source; /* of a holiday or make-up day */
};

/* Every day from start to due with its reason. For h and sh limits and for dates only start and
 * due. A start that is due on the same day (0wd) is one row. `due` must come from clock_compute of
 * the same spec. The array is in the arena; at most 1,200 days are listed, then *ret_n stops and
 * the due day is last. */
void clock_explain(struct arena *a,
                   const struct clock_spec *s,
                   const struct clock_due *due,
                   struct clock_day **ret,
                   size_t *ret_n);

#endif
