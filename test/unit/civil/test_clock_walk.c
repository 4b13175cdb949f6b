/* Random clocks against walkers that share no code with src/civil: a table of worked days made from
 * the rows of holidays.csv, and plain loops over days (or minutes). Slow, plain, and obviously
 * right. */
#include "civil_test.h"

#include <stdio.h>
#include <string.h>

#define N_DAYS     12000
#define MAX_PAUSES 4
#define DAY_CASES  1000000
#define HOUR_CASES 20000
#define MINUTE_MS  INT64_C(60000)

static struct arena *arena;
static const struct calendar *calendar;
static int32_t first;      /* 1 January 2004 */
static bool works[N_DAYS]; /* by day - first */
static int64_t known_until;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    struct holiday *rows = NULL;
    size_t n = 0;
    calendar = load_calendar(arena, &rows, &n);
    first = 12418; /* 2004-01-01, a Thursday: 34 × 365 + 8 leap days */
    known_until = first + 23 * 365 + 6 - 1;
    for (int i = 0; i < N_DAYS; i++) {
        works[i] = (i + 3) % 7 < 5;
    }
    for (size_t i = 0; i < n; i++) {
        works[rows[i].day - first] = rows[i].kind == HOLIDAY_WORK;
    }
    /* Fixed holidays after 2026, by the length of the months. */
    int day_number = 23 * 365 + 6;
    for (int year = 2027; day_number + 366 < N_DAYS; year++) {
        int leap = year % 4 == 0;
        int may = day_number + 120 + leap;
        int october = day_number + 273 + leap;
        works[day_number] = false;
        works[may] = works[may + 1] = false;
        works[october] = works[october + 1] = works[october + 2] = false;
        day_number += 365 + leap;
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool off(int32_t d)
{
    return !works[d - first];
}

/* The end of a pause as the walker sees it. */
static int32_t pause_end(const struct clock_pause *p, int32_t now)
{
    if (p->to_day != CIVIL_NO_DAY) {
        return p->to_day;
    }
    return p->expected_day != CIVIL_NO_DAY && p->expected_day > now ? p->expected_day : now;
}

static bool excluded(const struct clock_spec *s, int32_t d, int32_t now)
{
    for (size_t i = 0; i < s->n_pauses; i++) {
        if (d > s->pauses[i].from_day && d <= pause_end(&s->pauses[i], now)) {
            return true;
        }
    }
    return false;
}

/* The day one month later, clamped: asks the oracle's own table of month lengths. */
static int32_t add_month_oracle(int32_t d, int months)
{
    static const int plain[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 2004;
    int month = 0;
    int32_t start = first; /* first day of the month */
    int length = 31;
    while (d >= start + length) {
        start += length;
        month = (month + 1) % 12;
        year += month == 0;
        length = plain[month] + (month == 1 && year % 4 == 0);
    }
    int in_month = d - start;
    for (int i = 0; i < months; i++) {
        start += length;
        month = (month + 1) % 12;
        year += month == 0;
        length = plain[month] + (month == 1 && year % 4 == 0);
    }
    return start + (in_month < length ? in_month : length - 1);
}

struct walked {
    int32_t due;
    int32_t excluded; /* in the limit's unit, up to the due day */
};

/* Walks one leg; `unit` is WD or CD. */
static int32_t
walk_leg(const struct clock_spec *s, int32_t from, enum civil_unit unit, int64_t n, int32_t now)
{
    int32_t d = from;
    while (n > 0) {
        d++;
        bool counts = (unit == CIVIL_CD || !off(d)) && !excluded(s, d, now);
        n -= counts;
    }
    return d;
}

static struct walked walk(const struct clock_spec *s, int32_t now)
{
    enum civil_unit unit = s->limit.unit == CIVIL_WD ? CIVIL_WD : CIVIL_CD;
    int64_t n = s->limit.amount;
    for (size_t i = 0; i < s->n_extensions; i++) {
        n += s->extensions[i].unit == s->limit.unit ? s->extensions[i].amount : 0;
    }
    if (s->limit.unit == CIVIL_MO || s->limit.unit == CIVIL_Y) {
        int months = (int)(s->limit.unit == CIVIL_Y ? 12 * n : n);
        n = add_month_oracle(s->start_day, months) - s->start_day;
    }
    int32_t d = walk_leg(s, s->start_day, unit, n, now);
    for (size_t i = 0; i < s->n_extensions; i++) {
        if (s->extensions[i].unit != s->limit.unit) {
            d = walk_leg(s, d, s->extensions[i].unit, s->extensions[i].amount, now);
        }
    }
    while (off(d) || excluded(s, d, now)) {
        d++;
    }
    struct walked w = {.due = d};
    for (int32_t i = s->start_day + 1; i <= d; i++) {
        w.excluded += excluded(s, i, now) && (unit == CIVIL_CD || !off(i));
    }
    return w;
}

/* First day after whose end at most n yellow days are left, or the start. */
static int32_t walk_yellow(const struct clock_spec *s, int32_t due, int32_t now)
{
    int32_t n = s->yellow.amount;
    int32_t d = due;
    for (;;) {
        bool counts = (s->yellow.unit == CIVIL_CD || !off(d)) && !excluded(s, d, now);
        if (counts && n-- == 0) {
            return d;
        }
        d--;
        if (d < s->start_day) {
            return d;
        }
    }
}

static int32_t walk_count(const struct clock_spec *s, int32_t from, int32_t to, int32_t now)
{
    int32_t n = 0;
    for (int32_t d = from + 1; d <= to; d++) {
        n += (s->limit.unit != CIVIL_WD || !off(d)) && !excluded(s, d, now);
    }
    return n;
}

struct random_clock {
    struct clock_spec spec;
    struct clock_pause pauses[MAX_PAUSES];
    struct duration extensions[2];
    int32_t now;
};

static void random_pauses(uint64_t *seed, struct random_clock *r)
{
    struct clock_spec *s = &r->spec;
    s->pauses = r->pauses;
    s->n_pauses = next_random(seed) % (MAX_PAUSES + 1);
    for (size_t i = 0; i < s->n_pauses; i++) {
        struct clock_pause *p = &r->pauses[i];
        *p = (struct clock_pause){.expected_day = CIVIL_NO_DAY};
        p->from_day = s->start_day + random_between(seed, -10, 60);
        p->from_ms = p->from_day * CIVIL_DAY_MS;
        p->to_day = p->from_day + random_between(seed, 0, 30);
        p->to_ms = p->to_day * CIVIL_DAY_MS;
        if (next_random(seed) % 4 == 0) {
            p->to_day = CIVIL_NO_DAY;
            p->to_ms = CIVIL_NEVER;
            if (next_random(seed) % 2 == 0) {
                p->expected_day = p->from_day + random_between(seed, 0, 30);
            }
        }
    }
}

static void random_clock(uint64_t *seed, struct random_clock *r)
{
    static const enum civil_unit units[] = {CIVIL_WD, CIVIL_WD, CIVIL_WD,
                                            CIVIL_CD, CIVIL_MO, CIVIL_Y};
    memset(r, 0, sizeof(*r));
    struct clock_spec *s = &r->spec;
    s->calendar = calendar;
    s->limit.unit = units[next_random(seed) % 6];
    int32_t most = s->limit.unit == CIVIL_Y ? 1 : s->limit.unit == CIVIL_MO ? 3 : 60;
    s->limit.amount = random_between(seed, 0, most);
    s->start_day = random_between(seed, first, first + 24 * 365); /* into 2027 */
    s->start_ms = civil_day_start(s->start_day) + random_between(seed, 0, 1439) * MINUTE_MS;
    s->yellow =
        (struct duration){next_random(seed) % 2 ? CIVIL_WD : CIVIL_CD, random_between(seed, 0, 8)};
    s->hours.close = 1440;
    s->extensions = r->extensions;
    s->n_extensions = next_random(seed) % 3;
    for (size_t i = 0; i < s->n_extensions; i++) {
        bool same = next_random(seed) % 3 != 0;
        enum civil_unit other = next_random(seed) % 2 ? CIVIL_WD : CIVIL_CD;
        r->extensions[i] = (struct duration){same ? s->limit.unit : other,
                                             random_between(seed, 0, same ? most / 2 : 15)};
    }
    random_pauses(seed, r);
    r->now = s->start_day + random_between(seed, 0, 80);
}

/* Prints a case that failed, so that it can be made an example in test_clock.c. */
static void show(const struct random_clock *r, const char *what, int64_t got, int64_t want)
{
    const struct clock_spec *s = &r->spec;
    print_message("%s: got %lld, want %lld: start %s limit %s yellow %s now %s\n", what,
                  (long long)got, (long long)want, civil_text(arena, s->start_day).p,
                  duration_text(arena, s->limit).p, duration_text(arena, s->yellow).p,
                  civil_text(arena, r->now).p);
    for (size_t i = 0; i < s->n_extensions; i++) {
        print_message("  extension %s\n", duration_text(arena, s->extensions[i]).p);
    }
    for (size_t i = 0; i < s->n_pauses; i++) {
        const struct clock_pause *p = &s->pauses[i];
        struct str to = civil_text(arena, p->to_day);
        struct str expected = civil_text(arena, p->expected_day);
        print_message("  pause %s to %.*s expected %.*s\n", civil_text(arena, p->from_day).p,
                      STR_ARG(to), STR_ARG(expected));
    }
}

static void same(const struct random_clock *r, const char *what, int64_t got, int64_t want)
{
    if (got != want) {
        show(r, what, got, want);
        fail();
    }
}

static void check_lights(const struct random_clock *r, const struct clock_due *due)
{
    const struct clock_spec *s = &r->spec;
    bool open = false;
    for (size_t i = 0; i < s->n_pauses; i++) {
        open =
            open || (s->pauses[i].to_day == CIVIL_NO_DAY && s->pauses[i].from_day < due->due_day);
    }
    same(r, "not before", due->not_before, open);
    same(r, "red", due->red_ms, open ? CIVIL_NEVER : due->due_ms);
    if (open || s->yellow.amount == 0) {
        same(r, "no yellow", due->yellow_ms, CIVIL_NEVER);
        return;
    }
    int64_t yellow =
        (walk_yellow(s, due->due_day, r->now) + INT64_C(1)) * CIVIL_DAY_MS - CIVIL_OFFSET_MS;
    same(r, "yellow", due->yellow_ms, yellow > s->start_ms ? yellow : s->start_ms);
}

static void check_days(const struct random_clock *r)
{
    const struct clock_spec *s = &r->spec;
    struct clock_due due = clock_compute(s, r->now);
    struct walked w = walk(s, r->now);
    same(r, "due", due.due_day, w.due);
    same(r, "due instant", due.due_ms, (w.due + INT64_C(1)) * CIVIL_DAY_MS - CIVIL_OFFSET_MS);
    same(r, "paused", due.paused_days, w.excluded);
    same(r, "provisional", due.provisional, w.due > known_until);
    check_lights(r, &due);
    int64_t now_ms = r->now * CIVIL_DAY_MS + 5;
    int32_t used = walk_count(s, s->start_day, r->now, r->now);
    same(r, "used", clock_used(s, &due, now_ms), used);
    int32_t left = walk_count(s, r->now, w.due, r->now);
    if (r->now > w.due) {
        int32_t over = walk_count(s, w.due, r->now, r->now);
        left = due.not_before ? 0 : over > 1 ? -over : -1;
    }
    same(r, "left", clock_left(s, &due, now_ms), left);
}

static void test_days(void **state)
{
    (void)state;
    uint64_t seed = 20260302;
    for (int i = 0; i < DAY_CASES; i++) {
        struct random_clock r;
        random_clock(&seed, &r);
        check_days(&r);
    }
}

/* Service minutes, one at a time. A minute is served when it lies in the hours of a worked day. */
static bool served(const struct clock_spec *s, int64_t ms)
{
    int64_t local = ms + CIVIL_OFFSET_MS;
    int32_t d = (int32_t)(local / CIVIL_DAY_MS);
    int minute = (int)(local % CIVIL_DAY_MS / MINUTE_MS);
    const struct service_hours *h = &s->hours;
    return !off(d) && minute >= h->open && minute < h->close &&
           (minute < h->noon_from || minute >= h->noon_to);
}

static bool paused_minute(const struct clock_spec *s, int64_t ms)
{
    for (size_t i = 0; i < s->n_pauses; i++) {
        if (ms >= s->pauses[i].from_ms && ms < s->pauses[i].to_ms) {
            return true;
        }
    }
    return false;
}

static int64_t walk_minutes(const struct clock_spec *s)
{
    int64_t n = s->limit.amount * INT64_C(60);
    int64_t ms = s->start_ms;
    for (; n > 0; ms += MINUTE_MS) {
        n -= (s->limit.unit == CIVIL_H || served(s, ms)) && !paused_minute(s, ms);
    }
    return ms;
}

/* The first minute from which at most the yellow hours are left. */
static int64_t walk_yellow_minutes(const struct clock_spec *s, int64_t due)
{
    int64_t n = s->yellow.amount * INT64_C(60);
    int64_t ms = due;
    while (ms > s->start_ms) {
        int64_t before = ms - MINUTE_MS;
        bool counts = (s->yellow.unit == CIVIL_H || served(s, before)) && !paused_minute(s, before);
        if (counts && n-- == 0) {
            break;
        }
        ms = before;
    }
    return ms;
}

static void test_hours(void **state)
{
    (void)state;
    static const struct service_hours hours[] = {{540, 720, 840, 1020},
                                                 {0, 0, 0, 1440},
                                                 {510, 0, 0, 1050},
                                                 {480, 480, 600, 1080},
                                                 {600, 700, 720, 720}};
    uint64_t seed = 5;
    for (int i = 0; i < HOUR_CASES; i++) {
        struct random_clock r;
        random_clock(&seed, &r);
        struct clock_spec *s = &r.spec;
        s->n_extensions = 0;
        s->limit = (struct duration){i % 2 ? CIVIL_H : CIVIL_SH, random_between(&seed, 1, 30)};
        s->yellow = (struct duration){next_random(&seed) % 2 ? CIVIL_H : CIVIL_SH,
                                      random_between(&seed, 1, 10)};
        s->hours = hours[next_random(&seed) % 5];
        for (size_t k = 0; k < s->n_pauses; k++) {
            struct clock_pause *p = &r.pauses[k];
            p->from_ms = s->start_ms + random_between(&seed, -600, 6000) * MINUTE_MS;
            p->to_ms = p->from_ms + random_between(&seed, 0, 3000) * MINUTE_MS;
            p->from_day = p->to_day = civil_day_of(p->from_ms);
        }
        struct clock_due due = clock_compute(s, r.now);
        int64_t want = walk_minutes(s);
        same(&r, "due", due.due_ms, want);
        same(&r, "yellow", due.yellow_ms, walk_yellow_minutes(s, want));
        same(&r, "due day", due.due_day, (want + CIVIL_OFFSET_MS - 1) / CIVIL_DAY_MS);
        same(&r, "left at the start", clock_left(s, &due, s->start_ms), s->limit.amount);
        same(&r, "used at the end", clock_used(s, &due, want), s->limit.amount);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_days), cmocka_unit_test(test_hours)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
