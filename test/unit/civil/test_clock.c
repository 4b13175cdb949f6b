/* Due dates by example: the 15 deadline vectors (approvals.md 8), then every rule of the law of
 * clocks (design.md 4) with its article. Random cases are in test_clock_walk.c. */
#include "civil_test.h"

static struct arena *arena;
static const struct calendar *calendar;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    calendar = load_calendar(arena, NULL, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static int64_t at(const char *instant)
{
    int64_t ms = 0;
    assert_true(civil_instant_parse(str_fmt(arena, "%s:00+08:00", instant), &ms));
    return ms;
}

static struct duration dur(const char *text)
{
    struct duration d;
    assert_true(duration_parse(str_of(text), &d));
    return d;
}

/* A clock from 09:00 of the day. */
static struct clock_spec spec(const char *start, const char *limit)
{
    return (struct clock_spec){
        .limit = dur(limit),
        .start_day = day(start),
        .start_ms = civil_day_start(day(start)) + 9 * INT64_C(3600000),
        .calendar = calendar,
        .hours = {540, 720, 840, 1020}, /* 9–12, 14–17 */
    };
}

static struct clock_pause pause(const char *from, const char *to)
{
    struct clock_pause p = {
        .from_day = day(from),
        .from_ms = civil_day_start(day(from)) + 10 * INT64_C(3600000),
        .to_day = CIVIL_NO_DAY,
        .to_ms = CIVIL_NEVER,
        .expected_day = CIVIL_NO_DAY,
        .cause = S("专家评审"),
    };
    if (to != NULL) {
        p.to_day = day(to);
        p.to_ms = civil_day_start(day(to)) + 10 * INT64_C(3600000);
    }
    return p;
}

static void test_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *id, *start, *limit, *pauses[4], *due;
    } cases[] = {
        {"T01", "2026-11-23", "5wd", {NULL}, "2026-11-30"},
        {"T02", "2026-09-24", "5wd", {NULL}, "2026-10-09"},
        {"T03", "2026-09-18", "1wd", {NULL}, "2026-09-20"},
        {"T04", "2026-02-13", "1wd", {NULL}, "2026-02-14"},
        {"T05", "2026-02-10", "20wd", {NULL}, "2026-03-16"},
        {"T06", "2026-02-10", "30wd", {NULL}, "2026-03-30"},
        {"T07", "2026-03-02", "45wd", {NULL}, "2026-05-08"},
        {"T08", "2026-03-02", "60wd", {NULL}, "2026-05-28"},
        {"T09", "2026-03-02", "20wd", {"2026-03-10", "2026-03-18"}, "2026-04-08"},
        {"T10",
         "2026-03-02",
         "20wd",
         {"2026-03-10", "2026-03-18", "2026-03-16", "2026-03-20"},
         "2026-04-10"},
        {"T11", "2025-12-26", "5wd", {NULL}, "2026-01-05"},
        {"T12", "2026-04-28", "10wd", {NULL}, "2026-05-14"},
        {"T13", "2026-11-21", "1wd", {NULL}, "2026-11-23"},
        {"T14", "2025-09-26", "3wd", {NULL}, "2025-09-30"},
        {"T15", "2025-09-30", "5wd", {NULL}, "2025-10-14"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct clock_pause pauses[2];
        struct clock_spec s = spec(cases[i].start, cases[i].limit);
        s.pauses = pauses;
        for (size_t k = 0; k < 4 && cases[i].pauses[k] != NULL; k += 2) {
            pauses[s.n_pauses++] = pause(cases[i].pauses[k], cases[i].pauses[k + 1]);
        }
        struct clock_due due = clock_compute(&s, s.start_day);
        assert_day(due.due_day, cases[i].due);
        assert_false(due.provisional || due.not_before);
        assert_int_equal(due.red_ms, due.due_ms);
    }
}

/* 行政许可法 42: ten working days more; the sum counts from the start, as T06 and T08 do. */
static void test_extension(void **state)
{
    (void)state;
    struct duration ten[] = {dur("10wd")};
    struct clock_spec s = spec("2026-02-10", "20wd");
    s.extensions = ten;
    s.n_extensions = 1;
    assert_day(clock_compute(&s, 0).due_day, "2026-03-30");
    /* A limit of 30 calendar days, extended by working days: they count on from its end, 12 March.
     */
    s.limit = dur("30cd");
    assert_day(clock_compute(&s, 0).due_day, "2026-03-26");
    struct duration both[] = {dur("1mo"), dur("5cd"), dur("2cd")};
    s.extensions = both;
    s.n_extensions = 3; /* 37 days: 19 March; a month: 19 April, a Sunday */
    assert_day(clock_compute(&s, 0).due_day, "2026-04-20");
}

/* 民法典 203: the end on a day off moves to the next working day; 201: the day of the event is out.
 */
static void test_roll(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-09-01", "30cd"); /* 1 October */
    assert_day(clock_compute(&s, 0).due_day, "2026-10-08");
    s = spec("2026-09-04", "1mo"); /* 4 October */
    assert_day(clock_compute(&s, 0).due_day, "2026-10-08");
    s = spec("2026-01-31", "1mo"); /* clamped to 28 February, a make-up Saturday: worked */
    assert_day(clock_compute(&s, 0).due_day, "2026-02-28");
    s = spec("2024-02-29", "1y"); /* 28 February 2025, a Friday */
    assert_day(clock_compute(&s, 0).due_day, "2025-02-28");
    s = spec("2025-11-22", "1y"); /* 22 November 2026, a Sunday */
    assert_day(clock_compute(&s, 0).due_day, "2026-11-23");
    s = spec("2026-11-21", "0cd");
    assert_day(clock_compute(&s, 0).due_day, "2026-11-23");
}

/* Calendar-day limits lose the paused calendar days. */
static void test_pause_calendar_days(void **state)
{
    (void)state;
    struct clock_pause p[] = {pause("2026-03-10", "2026-03-18")};
    struct clock_spec s = spec("2026-03-02", "20cd"); /* 22 March + 8 = 30 March */
    s.pauses = p;
    s.n_pauses = 1;
    struct clock_due due = clock_compute(&s, 0);
    assert_day(due.due_day, "2026-03-30");
    assert_int_equal(due.paused_days, 8);
    s.limit = dur("1mo"); /* 2 April + 8 = 10 April */
    assert_day(clock_compute(&s, 0).due_day, "2026-04-10");
    /* A pause over the day to which the end rolls: 21 March is a Saturday. */
    p[0] = pause("2026-03-21", "2026-03-25");
    s.limit = dur("19cd");
    assert_day(clock_compute(&s, 0).due_day, "2026-03-26");
}

/* 行政许可法 45: time is excluded from the start of the procedure, not its first day. */
static void test_pause_edges(void **state)
{
    (void)state;
    struct clock_pause p[] = {pause("2026-03-06", "2026-03-06")};
    struct clock_spec s = spec("2026-03-02", "5wd"); /* 9 March */
    s.pauses = p;
    s.n_pauses = 1;
    assert_day(clock_compute(&s, 0).due_day, "2026-03-09");
    p[0] = pause("2026-03-06", "2026-03-08"); /* a weekend */
    assert_day(clock_compute(&s, 0).due_day, "2026-03-09");
    p[0] = pause("2026-03-06", "2026-03-09");
    assert_day(clock_compute(&s, 0).due_day, "2026-03-10");
    p[0] = pause("2026-02-20", "2026-03-03"); /* begun before the clock */
    assert_day(clock_compute(&s, 0).due_day, "2026-03-10");
    p[0] = pause("2026-03-09", "2026-03-20"); /* on the last day, which counts */
    assert_day(clock_compute(&s, 0).due_day, "2026-03-09");
    p[0] = pause("2026-03-20", "2026-03-10"); /* turned: excludes nothing */
    assert_day(clock_compute(&s, 0).due_day, "2026-03-09");
}

static void test_open_pause(void **state)
{
    (void)state;
    struct clock_pause p[] = {pause("2026-03-10", NULL)};
    struct clock_spec s = spec("2026-03-02", "20wd");
    s.pauses = p;
    s.n_pauses = 1;
    s.yellow = dur("3wd");
    p[0].expected_day = day("2026-03-18"); /* as T09 */
    struct clock_due due = clock_compute(&s, day("2026-03-12"));
    assert_day(due.due_day, "2026-04-08");
    assert_true(due.not_before);
    assert_true(due.red_ms == CIVIL_NEVER && due.yellow_ms == CIVIL_NEVER);
    assert_true(clock_mark(&s, &due, dur("3wd")) == CIVIL_NEVER);
    assert_int_equal(clock_left(&s, &due, at("2026-03-12T10:00")), 14);
    assert_int_equal(clock_used(&s, &due, at("2026-03-12T10:00")), 6);
    /* Past the told end, and where nothing was told, it lasts until now. */
    assert_day(clock_compute(&s, day("2026-03-20")).due_day, "2026-04-10");
    p[0].expected_day = CIVIL_NO_DAY;
    assert_day(clock_compute(&s, day("2026-03-20")).due_day, "2026-04-10");
    assert_day(clock_compute(&s, day("2026-03-10")).due_day, "2026-03-30");
    /* Opened on the last day or after it, it moves and hides nothing. */
    p[0] = pause("2026-03-30", NULL);
    due = clock_compute(&s, day("2026-04-20"));
    assert_day(due.due_day, "2026-03-30");
    assert_false(due.not_before);
    assert_int_equal(due.red_ms, due.due_ms);
}

static void test_on_the_spot(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-03-02", "0wd");
    struct clock_due due = clock_compute(&s, 0);
    assert_day(due.due_day, "2026-03-02");
    assert_int_equal(due.due_ms, at("2026-03-02T17:00"));
    s.start_ms = at("2026-03-02T20:00"); /* sent in after closing time */
    assert_day(clock_compute(&s, 0).due_day, "2026-03-03");
    s.start_ms = at("2026-03-02T17:00");
    assert_day(clock_compute(&s, 0).due_day, "2026-03-03");
    s = spec("2026-11-21", "0wd"); /* Saturday */
    assert_day(clock_compute(&s, 0).due_day, "2026-11-23");
}

static void test_end_of_day(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-11-23", "5wd");
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-11-30T17:00"));
    s.hours = (struct service_hours){0, 0, 0, 1440};
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-12-01T00:00"));
    s.hours = (struct service_hours){0};
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-12-01T00:00"));
    s.hours = (struct service_hours){540, 0, 0, 2000}; /* senseless: the day ends at 24:00 */
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-12-01T00:00"));
}

static void test_hours(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-03-06", "24h");
    struct clock_due due = clock_compute(&s, 0);
    assert_int_equal(due.due_ms, at("2026-03-07T09:00"));
    assert_day(due.due_day, "2026-03-07");
    s.start_ms = at("2026-03-06T00:00"); /* 24:00 belongs to the day that ends */
    assert_day(clock_compute(&s, 0).due_day, "2026-03-06");
    struct clock_pause p[] = {pause("2026-03-06", "2026-03-07")}; /* 10:00 to 10:00 */
    s = spec("2026-03-06", "24h");
    s.pauses = p;
    s.n_pauses = 1;
    due = clock_compute(&s, 0);
    assert_int_equal(due.due_ms, at("2026-03-08T09:00"));
    assert_int_equal(due.paused_days, 24);
    assert_int_equal(clock_left(&s, &due, at("2026-03-08T08:59")), 1);
    assert_int_equal(clock_left(&s, &due, at("2026-03-08T09:00")), -1);
    assert_int_equal(clock_used(&s, &due, at("2026-03-07T10:59")), 1);
}

static void test_service_hours(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-03-06", "4sh"); /* Friday 9:00: three hours, break, one hour */
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-03-06T15:00"));
    s.limit = dur("3sh");
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-03-06T12:00"));
    s.limit = dur("6sh");
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-03-06T17:00"));
    s.limit = dur("7sh");
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-03-09T10:00"));
    s.start_ms = at("2026-03-06T12:30"); /* in the break */
    s.limit = dur("1sh");
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-03-06T15:00"));
    s.start_ms = at("2026-03-07T12:30"); /* Saturday */
    assert_int_equal(clock_compute(&s, 0).due_ms, at("2026-03-09T10:00"));
    s.yellow = dur("1sh");
    s.limit = dur("2sh");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-03-09T10:00"));
}

static void test_yellow(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-11-23", "5wd"); /* due Monday 30 November */
    s.yellow = dur("1wd");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-11-27T17:00"));
    s.yellow = dur("3wd");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-11-25T17:00"));
    s.yellow = dur("10wd"); /* longer than the limit: from the start */
    assert_int_equal(clock_compute(&s, 0).yellow_ms, s.start_ms);
    s.yellow = dur("2cd");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-11-28T17:00"));
    s.yellow = dur("4h");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-11-30T13:00"));
    s.yellow = dur("0wd");
    assert_true(clock_compute(&s, 0).yellow_ms == CIVIL_NEVER);
    s = spec("2025-12-01", "1y");
    s.yellow = dur("1mo");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-11-01T17:00"));
    /* A pause is not time left: two days of yellow lie on both sides of it. */
    struct clock_pause p[] = {pause("2026-03-05", "2026-03-12")};
    s = spec("2026-03-02", "4wd"); /* 3, 4, 5, then 13 March */
    s.pauses = p;
    s.n_pauses = 1;
    s.yellow = dur("2wd");
    assert_day(clock_compute(&s, 0).due_day, "2026-03-13");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-03-04T17:00"));
    s.yellow = dur("1wd");
    assert_int_equal(clock_compute(&s, 0).yellow_ms, at("2026-03-05T17:00"));
}

static void test_marks(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-11-23", "5wd");
    struct clock_due due = clock_compute(&s, 0);
    assert_int_equal(clock_mark(&s, &due, dur("3wd")), at("2026-12-03T17:00"));
    assert_int_equal(clock_mark(&s, &due, dur("5cd")),
                     at("2026-12-05T17:00")); /* a Saturday stays */
    assert_int_equal(clock_mark(&s, &due, dur("2h")), at("2026-11-30T19:00"));
    assert_int_equal(clock_mark(&s, &due, dur("1sh")), at("2026-12-01T10:00"));
    assert_int_equal(clock_mark(&s, &due, dur("0wd")), due.due_ms);
}

static void test_left_and_used(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-11-23", "5wd");
    struct clock_due due = clock_compute(&s, 0); /* Monday 30 November, 17:00 */
    assert_int_equal(clock_left(&s, &due, s.start_ms), 5);
    assert_int_equal(clock_used(&s, &due, s.start_ms), 0);
    assert_int_equal(clock_left(&s, &due, at("2026-11-28T12:00")), 1);
    assert_int_equal(clock_used(&s, &due, at("2026-11-28T12:00")), 4);
    assert_int_equal(clock_left(&s, &due, at("2026-11-30T16:59")), 0);
    assert_int_equal(clock_left(&s, &due, at("2026-11-30T17:00")), -1);
    assert_int_equal(clock_left(&s, &due, at("2026-12-01T08:00")), -1);
    assert_int_equal(clock_left(&s, &due, at("2026-12-02T08:00")), -2);
    assert_int_equal(clock_used(&s, &due, at("2026-12-02T08:00")), 7);
    s.limit = dur("1mo"); /* told in calendar days */
    due = clock_compute(&s, 0);
    assert_day(due.due_day, "2026-12-23");
    assert_int_equal(clock_left(&s, &due, at("2026-12-01T08:00")), 22);
}

/* A date is no period: 民法典 203 does not move it, a pause neither (行政许可法 50: before expiry).
 */
static void test_until(void **state)
{
    (void)state;
    struct clock_pause p[] = {pause("2026-03-10", NULL)};
    struct clock_spec s = spec("2026-03-02", "0wd");
    s.until = true;
    s.until_day = day("2026-03-28"); /* Saturday */
    s.pauses = p;
    s.n_pauses = 1;
    s.yellow = dur("5wd");
    struct clock_due due = clock_compute(&s, day("2026-03-12"));
    assert_day(due.due_day, "2026-03-28");
    assert_false(due.not_before);
    assert_int_equal(due.yellow_ms,
                     at("2026-03-20T17:00")); /* five working days are left: 23 to 27 */
    assert_int_equal(clock_left(&s, &due, at("2026-03-26T08:00")), 2);
    s.until_day = day("2035-03-28"); /* needs no calendar */
    assert_false(clock_compute(&s, 0).provisional);
    struct duration ext[] = {dur("2wd")};
    s.until_day = day("2026-03-28");
    s.extensions = ext;
    s.n_extensions = 1;
    assert_day(clock_compute(&s, 0).due_day, "2026-03-31");
}

/* Beyond the last notice dates are provisional (design.md 4). */
static void test_provisional(void **state)
{
    (void)state;
    struct clock_spec s = spec("2026-12-30", "1wd");
    assert_false(clock_compute(&s, 0).provisional);
    s.limit = dur("2wd");
    assert_true(clock_compute(&s, 0).provisional);
    assert_day(clock_compute(&s, 0).due_day, "2027-01-04");
    s.limit = dur("1y");
    assert_true(clock_compute(&s, 0).provisional);
    s.limit = dur("100h"); /* hours need no calendar */
    assert_false(clock_compute(&s, 0).provisional);
    s.limit = dur("13sh");
    assert_true(clock_compute(&s, 0).provisional);
}

static void test_retroactive_start(void **state)
{
    (void)state;
    /* 行政许可法 32: deemed accepted as of receipt, found out a week later. */
    struct clock_spec s = spec("2026-11-23", "5wd");
    s.start_ms = at("2026-12-01T00:00");
    s.yellow = dur("1wd");
    struct clock_due due = clock_compute(&s, 0);
    assert_day(due.due_day, "2026-11-30");
    assert_true(due.yellow_ms <= due.red_ms);
    s.limit = dur("0wd"); /* closing time of another day says nothing */
    assert_day(clock_compute(&s, 0).due_day, "2026-11-23");
}

/* The largest limits stay within the calendar and stop at the end of 9999. */
static void test_huge(void **state)
{
    (void)state;
    struct duration ext[] = {dur("100000y"), dur("100000wd"), dur("100000h")};
    static const char *const limits[] = {"100000wd", "100000cd", "100000mo",
                                         "100000y",  "100000h",  "100000sh"};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct clock_spec s = spec("2026-03-02", limits[i]);
        s.hours = (struct service_hours){540, 540, 1019, 1020};
        s.yellow = dur("100000y");
        s.extensions = ext;
        s.n_extensions = 3;
        struct clock_due due = clock_compute(&s, 0);
        assert_non_null(civil_text(arena, due.due_day).p);
        assert_true(due.due_ms > s.start_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),       cmocka_unit_test(test_extension),
        cmocka_unit_test(test_roll),          cmocka_unit_test(test_pause_calendar_days),
        cmocka_unit_test(test_pause_edges),   cmocka_unit_test(test_open_pause),
        cmocka_unit_test(test_on_the_spot),   cmocka_unit_test(test_end_of_day),
        cmocka_unit_test(test_hours),         cmocka_unit_test(test_service_hours),
        cmocka_unit_test(test_yellow),        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_left_and_used), cmocka_unit_test(test_until),
        cmocka_unit_test(test_provisional),   cmocka_unit_test(test_retroactive_start),
        cmocka_unit_test(test_huge),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
