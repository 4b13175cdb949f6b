/* The rank/select table behind the calendar.
 *
 * rank[i] is the number of working days up to the end of the i-th day before which the table begins
 * (rank[0] = 0: nothing counted yet), so a day is a working day when its rank steps. nth[k] is the
 * day of the k-th working day. Both reach to the end of 2199, 0.6 MB for a calendar from 2004, of
 * which only the few years in use are warm. Outside the table weeks are plain (Monday to Friday),
 * so every function is total and needs no error.
 *
 * Beyond the last notice the statutory holidays stand in: those with a fixed date are made here
 * (全国年节及纪念日放假办法 2), those of the lunar calendar come as rows of their own. */
#include "civil/calendar.h"

#include "base/arena.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>

#define LAST_YEAR  2199
#define MAX_FAULTS 100

struct calendar {
    int32_t first, last, known_until;
    int32_t total; /* working days in the table */
    int32_t *rank; /* by day - first + 1 */
    int32_t *nth;  /* by number, from 1 */
    struct holiday *rows;
    size_t n_rows;
    struct holiday *fixed; /* statutory days beyond known_until, sorted */
    size_t n_fixed;
};

/* The holidays of 全国年节及纪念日放假办法 2 whose date is fixed in the solar calendar. */
static const struct {
    int month, day;
    struct str name;
} FIXED[] = {
    {1, 1, S_INIT("元旦")},    {5, 1, S_INIT("劳动节")},  {5, 2, S_INIT("劳动节")},
    {10, 1, S_INIT("国庆节")}, {10, 2, S_INIT("国庆节")}, {10, 3, S_INIT("国庆节")},
};

const char *holiday_word(enum holiday_kind kind)
{
    switch (kind) {
    case HOLIDAY_OFF:
        return "off";
    case HOLIDAY_WORK:
        return "work";
    case HOLIDAY_STATUTORY:
        return "statutory";
    }
    UNREACHABLE();
}

/* Monday to Friday days up to and including `day`, from an origin of its own. */
static int64_t weekdays_until(int64_t day)
{
    int64_t since_monday = day + 3; /* day -3 was a Monday */
    int64_t week = (since_monday >= 0 ? since_monday : since_monday - 6) / 7;
    int64_t in_week = since_monday - week * 7 + 1;
    return week * 5 + (in_week < 5 ? in_week : 5);
}

/* The first day with weekdays_until(day) = number. */
static int64_t weekday_nth(int64_t number)
{
    int64_t k = number - 1;
    int64_t week = (k >= 0 ? k : k - 4) / 5;
    return week * 7 + (k - week * 5) - 3;
}

static int by_day(const void *a, const void *b)
{
    const struct holiday *x = a;
    const struct holiday *y = b;
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static struct err *
bad_row(struct arena *a, struct err *e, const struct holiday *h, struct str why[2])
{
    if (e == NULL) {
        e = ERROR(a, ERR_CALENDAR, "节假日数据有错误，没有采用。",
                  "The holidays have errors and were not taken over.");
    }
    struct str pointer = str_fmt(a, "/days/%.*s", STR_ARG(civil_text(a, h->day)));
    return err_field(e, pointer, "invalid", why[0], why[1]);
}

/* The fault of sorted row i, or none. */
static bool row_fault(const struct holiday *rows, size_t i, int32_t known_until, struct str why[2])
{
    const struct holiday *h = &rows[i];
    if (!civil_ymd_ok(civil_ymd(h->day))) {
        why[0] = S("日期须在1900年至2199年之间。");
        why[1] = S("The date must lie between 1900 and 2199.");
        return true;
    }
    if (i > 0 && rows[i - 1].day == h->day) {
        /* A notice takes the place of the statute. */
        bool replaced = h->kind == HOLIDAY_STATUTORY && rows[i - 1].kind != HOLIDAY_STATUTORY &&
                        h->day <= known_until;
        why[0] = S("同一天出现两次。");
        why[1] = S("This day appears twice.");
        return !replaced;
    }
    if (h->kind == HOLIDAY_WORK && civil_weekday(h->day) <= 5) {
        why[0] = S("调休上班日须是周六或周日。");
        why[1] = S("A make-up working day must be a Saturday or Sunday.");
        return true;
    }
    return false;
}

/* Checks sorted rows and finds the years that notices cover. */
static struct err *
check_rows(struct arena *a, const struct holiday *rows, size_t n, struct calendar *c)
{
    c->first = CIVIL_NO_DAY;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].kind != HOLIDAY_STATUTORY) {
            c->first = c->first == CIVIL_NO_DAY ? rows[i].day : c->first;
            c->known_until = civil_year_end(rows[i].day);
        }
    }
    if (c->first == CIVIL_NO_DAY) {
        return ERROR(a, ERR_CALENDAR, "没有任何放假或调休安排。",
                     "There is no holiday and no make-up day.");
    }
    struct err *e = NULL;
    size_t n_bad = 0;
    for (size_t i = 0; i < n && n_bad < MAX_FAULTS; i++) {
        struct str why[2];
        if (row_fault(rows, i, c->known_until, why)) {
            e = bad_row(a, e, &rows[i], why);
            n_bad++;
        }
    }
    return e;
}

static void add_fixed(struct arena *a, struct calendar *c)
{
    int from = civil_ymd(c->known_until).year + 1;
    size_t years = (size_t)(LAST_YEAR + 1 - from);
    c->fixed = ARENA_ARRAY(a, struct holiday, years * COUNT_OF(FIXED));
    for (int year = from; year <= LAST_YEAR; year++) {
        for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
            c->fixed[c->n_fixed++] = (struct holiday){
                .day = civil_day((struct ymd){year, FIXED[i].month, FIXED[i].day}),
                .kind = HOLIDAY_STATUTORY,
                .name = FIXED[i].name,
                .notice = S("全国年节及纪念日放假办法（国务院令第795号）"),
                .source = S("尚无放假通知，按法定节假日推定"),
            };
        }
    }
}

/* Sets 1 for a working day and 0 for a day off in rank[], then sums. */
static void fill(struct arena *a, struct calendar *c)
{
    size_t n_days = (size_t)(c->last - c->first) + 1;
    c->rank = ARENA_ARRAY(a, int32_t, n_days + 1);
    int32_t *works = c->rank + 1;
    for (size_t i = 0; i < n_days; i++) {
        works[i] = civil_weekday(c->first + (int32_t)i) <= 5;
    }
    for (size_t i = 0; i < c->n_fixed; i++) {
        works[c->fixed[i].day - c->first] = 0;
    }
    for (size_t i = 0; i < c->n_rows; i++) {
        works[c->rows[i].day - c->first] = c->rows[i].kind == HOLIDAY_WORK;
    }
    for (size_t i = 0; i < n_days; i++) {
        c->total += works[i];
        works[i] = c->total;
    }
    c->nth = ARENA_ARRAY(a, int32_t, (size_t)c->total + 1);
    for (size_t i = 0; i < n_days; i++) {
        if (c->rank[i + 1] != c->rank[i]) {
            c->nth[c->rank[i + 1]] = c->first + (int32_t)i;
        }
    }
}

struct err *
calendar_new(struct arena *a, const struct holiday *rows, size_t n, struct calendar **ret)
{
    struct calendar *c = ARENA_NEW(a, struct calendar);
    struct holiday *sorted = ARENA_ARRAY(a, struct holiday, n + 1);
    if (n > 0) {
        memcpy(sorted, rows, n * sizeof(*rows));
        qsort(sorted, n, sizeof(*sorted), by_day);
    }
    TRY(check_rows(a, sorted, n, c));
    c->rows = sorted;
    for (size_t i = 0; i < n; i++) {
        if (sorted[i].kind != HOLIDAY_STATUTORY || sorted[i].day > c->known_until) {
            c->rows[c->n_rows++] = sorted[i];
        }
    }
    c->first = civil_day((struct ymd){civil_ymd(c->first).year, 1, 1});
    c->last = civil_day((struct ymd){LAST_YEAR, 12, 31});
    add_fixed(a, c);
    fill(a, c);
    *ret = c;
    return NULL;
}

const struct holiday *calendar_rows(const struct calendar *c, size_t *ret_n)
{
    *ret_n = c->n_rows;
    return c->rows;
}

int32_t calendar_first(const struct calendar *c)
{
    return c->first;
}

int32_t calendar_known_until(const struct calendar *c)
{
    return c->known_until;
}

static bool inside(const struct calendar *c, int32_t day)
{
    return day >= c->first && day <= c->last;
}

bool calendar_working(const struct calendar *c, int32_t day)
{
    if (!inside(c, day)) {
        return civil_weekday(day) <= 5;
    }
    const int32_t *rank = c->rank + (day - c->first);
    return rank[0] != rank[1];
}

static const struct holiday *find(const struct holiday *rows, size_t n, int32_t day)
{
    size_t low = 0;
    while (n > low) {
        size_t mid = low + (n - low) / 2;
        if (rows[mid].day == day) {
            return &rows[mid];
        }
        if (rows[mid].day < day) {
            low = mid + 1;
        } else {
            n = mid;
        }
    }
    return NULL;
}

struct str calendar_reason(const struct calendar *c, int32_t day, const struct holiday **ret_row)
{
    const struct holiday *row = find(c->rows, c->n_rows, day);
    if (row == NULL) {
        row = find(c->fixed, c->n_fixed, day);
    }
    if (ret_row != NULL) {
        *ret_row = row;
    }
    if (row != NULL) {
        return row->kind == HOLIDAY_WORK ? S("调休上班") : row->name;
    }
    return civil_weekday(day) > 5 ? S("周末") : STR_NONE;
}

int32_t calendar_number(const struct calendar *c, int32_t day)
{
    if (inside(c, day)) {
        return c->rank[day - c->first + 1];
    }
    if (day < c->first) {
        return (int32_t)(weekdays_until(day) - weekdays_until((int64_t)c->first - 1));
    }
    return (int32_t)(c->total + weekdays_until(day) - weekdays_until(c->last));
}

int32_t calendar_nth(const struct calendar *c, int32_t number)
{
    if (number >= 1 && number <= c->total) {
        return c->nth[number];
    }
    if (number < 1) {
        return (int32_t)weekday_nth(number + weekdays_until((int64_t)c->first - 1));
    }
    return (int32_t)weekday_nth((int64_t)number - c->total + weekdays_until(c->last));
}

int32_t calendar_add(const struct calendar *c, int32_t day, int32_t n)
{
    CHECK(n >= 0);
    return n == 0 ? calendar_roll(c, day) : calendar_nth(c, calendar_number(c, day) + n);
}

int32_t calendar_between(const struct calendar *c, int32_t from, int32_t to)
{
    return calendar_number(c, to) - calendar_number(c, from);
}

int32_t calendar_roll(const struct calendar *c, int32_t day)
{
    return calendar_working(c, day) ? day : calendar_nth(c, calendar_number(c, day) + 1);
}
