/* "Why this date?": written examples, and what must hold for every explanation. */
#include "civil_test.h"

#include <string.h>

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

static struct clock_spec spec(const char *start, const char *limit)
{
    struct clock_spec s = {.start_day = day(start), .calendar = calendar};
    assert_true(duration_parse(str_of(limit), &s.limit));
    s.start_ms = civil_day_start(s.start_day) + 9 * INT64_C(3600000);
    return s;
}

/* One letter a day: S start, C counted, R rest, P paused, X rolled, D due. */
static const char *letters(struct arena *a, const struct clock_spec *s, struct clock_day **ret_days)
{
    struct clock_due due = clock_compute(s, s->start_day);
    size_t n = 0;
    clock_explain(a, s, &due, ret_days, &n);
    char *text = arena_alloc(a, n + 1, 1);
    for (size_t i = 0; i < n; i++) {
        text[i] = "SCRPXD"[(*ret_days)[i].kind];
    }
    return text;
}

static void test_examples(void **state)
{
    (void)state;
    struct clock_day *days = NULL;
    /* T03: the next working day is Sunday 20 September 2026, a make-up day. */
    struct clock_spec s = spec("2026-09-18", "1wd");
    assert_string_equal(letters(arena, &s, &days), "SRD");
    assert_true(str_eqz(days[1].reason, "周末"));
    assert_true(days[2].makeup && days[2].ordinal == 1);
    assert_true(str_eqz(days[2].reason, "调休上班"));
    assert_true(str_eqz(days[2].notice, "国务院办公厅关于2026年部分节假日安排的通知"));
    /* T02, over two holidays. */
    s = spec("2026-09-24", "5wd");
    assert_string_equal(letters(arena, &s, &days), "SRRRCCCRRRRRRRCD");
    assert_true(str_eqz(days[1].reason, "中秋节"));
    assert_true(str_eqz(days[7].reason, "国庆节"));
    /* Thirty calendar days end on 1 October and roll on (民法典 203). */
    s = spec("2026-09-25", "6cd");
    assert_string_equal(letters(arena, &s, &days), "SCCCCCXXXXXXXD");
    assert_int_equal(days[5].ordinal, 5);
    assert_int_equal(days[13].ordinal, 6);
    assert_true(str_eqz(days[6].reason, "国庆节"));
    assert_true(str_eqz(days[0].reason, "中秋节"));
    /* On the spot, on a working day and on a Saturday. */
    s = spec("2026-11-23", "0wd");
    assert_string_equal(letters(arena, &s, &days), "D");
    s = spec("2026-11-21", "0wd");
    assert_string_equal(letters(arena, &s, &days), "SRD");
    s = spec("2026-11-23", "0wd");
    s.hours = (struct service_hours){540, 0, 0, 1020};
    s.start_ms += 10 * INT64_C(3600000);
    assert_string_equal(letters(arena, &s, &days), "SD");
    s = spec("2026-11-20", "0wd");
    s.hours = (struct service_hours){540, 0, 0, 1020};
    s.start_ms += 10 * INT64_C(3600000);
    assert_string_equal(letters(arena, &s, &days), "SRRD");
    s = spec("2026-11-23", "30h");
    assert_string_equal(letters(arena, &s, &days), "SD");
    s.until = true;
    s.until_day = day("2026-12-31");
    assert_string_equal(letters(arena, &s, &days), "SD");
}

static void test_pause_and_extension(void **state)
{
    (void)state;
    struct clock_day *days = NULL;
    struct clock_pause p[] = {{.from_day = day("2026-03-03"),
                               .to_day = day("2026-03-09"),
                               .expected_day = CIVIL_NO_DAY,
                               .cause = S("专家评审")}};
    struct clock_spec s = spec("2026-03-02", "2wd");
    s.pauses = p;
    s.n_pauses = 1;
    assert_string_equal(letters(arena, &s, &days), "SCPPPRRPD");
    assert_true(str_eqz(days[2].reason, "专家评审"));
    assert_true(str_eqz(days[5].reason, "周末"));
    s.limit.unit = CIVIL_CD;
    assert_string_equal(letters(arena, &s, &days), "SCPPPPPPD");
    /* Two working days, then one calendar day more: Saturday, which rolls. */
    struct duration one[] = {{CIVIL_CD, 1}};
    s = spec("2026-03-04", "2wd");
    s.extensions = one;
    s.n_extensions = 1;
    assert_string_equal(letters(arena, &s, &days), "SCCXXD");
    assert_int_equal(days[5].ordinal, 3);
}

static void test_long_list_is_cut(void **state)
{
    (void)state;
    struct clock_spec s = spec("2020-01-01", "20y");
    struct clock_due due = clock_compute(&s, 0);
    struct clock_day *days = NULL;
    size_t n = 0;
    clock_explain(arena, &s, &due, &days, &n);
    assert_int_equal(n, 1200);
    assert_int_equal(days[n - 1].day, due.due_day);
    assert_int_equal(days[n - 1].kind, CLOCK_DAY_DUE);
    assert_int_equal(days[n - 2].ordinal, 1198);
    assert_int_equal(days[n - 1].ordinal,
                     7305); /* 2040-01-01, a Sunday: the count of the rolled end */
}

static void check_row(const struct clock_spec *s, const struct clock_day *d, int32_t *ordinal)
{
    bool works = calendar_working(calendar, d->day);
    switch (d->kind) {
    case CLOCK_DAY_START:
        break;
    case CLOCK_DAY_COUNTED:
        /* an extension in calendar days counts days off */
        assert_true(s->limit.unit != CIVIL_WD || s->n_extensions > 0 || works);
        break;
    case CLOCK_DAY_REST:
        assert_false(works);
        assert_true(d->reason.n > 0);
        break;
    case CLOCK_DAY_PAUSED:
    case CLOCK_DAY_ROLLED:
        assert_true(d->reason.n > 0);
        break;
    case CLOCK_DAY_DUE:
        assert_true(works);
        break;
    }
    if (d->ordinal != 0) {
        assert_true(d->kind == CLOCK_DAY_COUNTED || d->kind == CLOCK_DAY_DUE);
        assert_int_equal(d->ordinal, ++*ordinal);
    }
    assert_int_equal(d->makeup, works && civil_weekday(d->day) > 5);
}

/* Days follow one another, ordinals run from 1 to n, the last is the due day, no reason is missing.
 */
static void test_invariants(void **state)
{
    (void)state;
    static const enum civil_unit units[] = {CIVIL_WD, CIVIL_CD, CIVIL_MO};
    uint64_t seed = 99;
    for (int i = 0; i < 20000; i++) {
        struct arena *a = arena_new(0);
        struct clock_spec s = {.calendar = calendar};
        struct clock_pause pauses[3];
        struct duration ext[1] = {{units[next_random(&seed) % 2], random_between(&seed, 0, 10)}};
        s.limit = (struct duration){units[next_random(&seed) % 3], random_between(&seed, 0, 30)};
        s.start_day = random_between(&seed, day("2019-01-01"), day("2027-06-30"));
        s.start_ms = civil_day_start(s.start_day);
        s.pauses = pauses;
        s.n_pauses = next_random(&seed) % 4;
        for (size_t k = 0; k < s.n_pauses; k++) {
            int32_t from = s.start_day + random_between(&seed, -5, 30);
            int32_t to = from + random_between(&seed, 0, 20);
            bool open = next_random(&seed) % 4 == 0;
            pauses[k] = (struct clock_pause){.from_day = from,
                                             .to_day = open ? CIVIL_NO_DAY : to,
                                             .expected_day = open ? to : CIVIL_NO_DAY};
        }
        s.extensions = ext;
        s.n_extensions = next_random(&seed) % 2;
        struct clock_due due = clock_compute(&s, s.start_day + random_between(&seed, 0, 40));
        struct clock_day *days = NULL;
        size_t n = 0;
        clock_explain(a, &s, &due, &days, &n);
        assert_true(n >= 1 && n <= 1200);
        assert_int_equal(days[n - 1].kind, CLOCK_DAY_DUE);
        assert_int_equal(days[n - 1].day, due.due_day);
        int32_t ordinal = 0;
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(days[k].kind == CLOCK_DAY_DUE, k == n - 1);
            assert_true(k == n - 1 || days[k].day == s.start_day + (int32_t)k);
            check_row(&s, &days[k], &ordinal);
        }
        assert_true(n == 1200 || (int32_t)n == due.due_day - s.start_day + 1);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_pause_and_extension),
        cmocka_unit_test(test_long_list_is_cut),
        cmocka_unit_test(test_invariants),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
