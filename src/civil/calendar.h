/* The working-day calendar: which days the State Council's notices make work or rest.
 *
 * A calendar is an immutable table built from holiday rows. Working days = Mon–Fri minus holidays
 * plus make-up days (行政许可法 82; approvals.md 1.4). Each day holds its running number of working
 * days, so "working days between" is a subtraction and "n-th working day after" a look-up
 * (rank/select), whatever n is. Beyond `known_until` (the last day a notice covers) the statutory
 * holidays that have a fixed solar date stand in and results are marked provisional (design.md 4).
 */
#ifndef HUHANG_CIVIL_CALENDAR_H
#define HUHANG_CIVIL_CALENDAR_H

#include "base/err.h"
#include "base/str.h"
#include "civil/date.h"

struct arena;
struct calendar;

enum holiday_kind {
    HOLIDAY_OFF,
    HOLIDAY_WORK,      /* make-up day 调休上班 */
    HOLIDAY_STATUTORY, /* off by statute, no notice yet: used only beyond known_until */
};

struct holiday {
    int32_t day;
    enum holiday_kind kind;
    struct str name;   /* 春节 */
    struct str notice; /* 国办发明电〔2025〕7号, or the notice's title */
    struct str source; /* address of the notice */
};

/* Builds a calendar in the arena from rows in any order; their texts are not copied. It begins on
 * 1 January of the first row's year and ends with 2199; outside it every Monday to Friday is a
 * working day. Errors (ERR_CALENDAR) name every bad row by its date: no off or work row at all, a
 * day twice, a make-up day that is no weekend day. A weekend day named as holiday is allowed. */
struct err *calendar_new(struct arena *a,
                         const struct holiday *rows,
                         size_t n,
                         struct calendar **ret) MUST_CHECK;
/* Reads holidays.csv (UTF-8, RFC 4180 quotes): `date,kind(off|work|statutory),name,notice,source`;
 * header line required. All bad rows are reported at once, as fields with the pointer /lines/N.
 * Rows are in the arena, their texts may point into `text`. */
struct err *calendar_read_csv(struct arena *a,
                              struct str text,
                              struct holiday **ret_rows,
                              size_t *ret_n) MUST_CHECK;
/* Text of data/holidays.csv as the program was built with. */
struct str calendar_builtin(void);
/* SHA-256-able canonical text of the rows that have effect, sorted (the calendar's version is its
 * hash). It is a holidays.csv again. */
struct str calendar_canonical(struct arena *a, const struct calendar *c);

/* The rows that have effect, sorted by day; they live as long as the calendar. */
const struct holiday *calendar_rows(const struct calendar *c, size_t *ret_n);
/* off, work, statutory: the word of the CSV. */
const char *holiday_word(enum holiday_kind kind);

int32_t calendar_first(const struct calendar *c);
int32_t calendar_known_until(const struct calendar *c); /* 31 December of the last noticed year */
bool calendar_working(const struct calendar *c, int32_t day);
/* Name of the holiday, 周末, 调休上班, or none for a plain working day. ret_row may be NULL;
 * *ret_row is the row behind the answer, NULL for a plain working day or weekend. */
struct str calendar_reason(const struct calendar *c, int32_t day, const struct holiday **ret_row);
/* Number of working days up to and including `day`, counted from the first day of the calendar;
 * negative before it. */
int32_t calendar_number(const struct calendar *c, int32_t day);
/* The working day with that number (inverse of calendar_number). */
int32_t calendar_nth(const struct calendar *c, int32_t number);
/* The n-th working day after `day` (n ≥ 1); for n = 0 `day` itself when working, else the next. */
int32_t calendar_add(const struct calendar *c, int32_t day, int32_t n);
/* Working days in (from, to]; negative when to < from. */
int32_t calendar_between(const struct calendar *c, int32_t from, int32_t to);
/* `day` when it is a working day, else the next one (民法典 203). */
int32_t calendar_roll(const struct calendar *c, int32_t day);

#endif
