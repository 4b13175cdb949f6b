/* The calendar against the State Council's notices: yearly sums (approvals.md 8), a day-by-day
 * walk, and the 60 worked examples of the shared data. */
#include "civil_test.h"

#include "base/num.h"

static void test_yearly_sums(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int days;
    } years[] = {
        {"2023-12-31", "2024-12-31", 251},
        {"2024-12-31", "2025-12-31", 248},
        {"2025-12-31", "2026-12-31", 248},
    };
    struct arena *a = arena_new(0);
    const struct calendar *c = load_calendar(a, NULL, NULL);
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        assert_int_equal(calendar_between(c, day(years[i].from), day(years[i].to)), years[i].days);
        assert_int_equal(calendar_between(c, day(years[i].to), day(years[i].from)), -years[i].days);
    }
    assert_day(calendar_first(c), "2004-01-01");
    assert_day(calendar_known_until(c), "2026-12-31");
    arena_free(a);
}

/* Whether people worked that day, straight from the rows. */
static bool worked(const struct holiday *rows, size_t n, int32_t d, int32_t known_until)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].day == d && (d > known_until || rows[i].kind != HOLIDAY_STATUTORY)) {
            return rows[i].kind == HOLIDAY_WORK;
        }
    }
    struct ymd t = civil_ymd(d);
    bool fixed = (t.month == 1 && t.day == 1) || (t.month == 5 && t.day <= 2) ||
                 (t.month == 10 && t.day <= 3);
    bool covered = t.year >= 2004 && t.year <= 2199;
    return civil_weekday(d) <= 5 && !(covered && d > known_until && fixed);
}

static void test_walk(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct holiday *rows = NULL;
    size_t n = 0;
    const struct calendar *c = load_calendar(a, &rows, &n);
    int32_t known = calendar_known_until(c);
    int32_t number = calendar_number(c, day("2001-12-31"));
    assert_true(number < 0);
    for (int32_t d = day("2002-01-01"); d <= day("2040-12-31"); d++) {
        bool works = worked(rows, n, d, known);
        number += works;
        assert_int_equal(calendar_working(c, d), works);
        assert_int_equal(calendar_number(c, d), number);
        if (works) {
            assert_int_equal(calendar_nth(c, number), d);
            assert_int_equal(calendar_add(c, d, 0), d);
        }
        assert_true(calendar_working(c, calendar_roll(c, d)));
        assert_int_equal(calendar_number(c, calendar_roll(c, d) - 1), works ? number - 1 : number);
        assert_int_equal((calendar_reason(c, d, NULL).p == NULL),
                         works && calendar_number(c, d) == number && civil_weekday(d) <= 5);
    }
    assert_int_equal(calendar_number(c, day("2003-12-31")), 0);
    arena_free(a);
}

/* Before, across and behind the table. */
static void test_outside(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    const struct calendar *c = load_calendar(a, NULL, NULL);
    uint64_t seed = 7;
    for (int i = 0; i < 200000; i++) {
        int32_t d = random_between(&seed, day("1990-01-01"), day("2199-12-31") + 4000);
        int32_t steps = random_between(&seed, 1, 3000);
        int32_t end = calendar_add(c, d, steps);
        assert_true(calendar_working(c, end));
        assert_int_equal(calendar_between(c, d, end), steps);
        assert_int_equal(calendar_between(c, d, end - 1), steps - 1);
    }
    assert_day(calendar_add(c, day("2003-12-31"), 1), "2004-01-02");
    arena_free(a);
}

static void test_reasons(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    const struct calendar *c = load_calendar(a, NULL, NULL);
    const struct holiday *row = NULL;
    assert_true(str_eqz(calendar_reason(c, day("2026-10-01"), &row), "国庆节"));
    assert_true(str_eqz(row->notice, "国务院办公厅关于2026年部分节假日安排的通知"));
    assert_true(str_starts(row->source, S("https://www.gov.cn/")));
    assert_true(str_eqz(calendar_reason(c, day("2026-09-20"), &row), "调休上班"));
    assert_int_equal(row->kind, HOLIDAY_WORK);
    assert_true(str_eqz(calendar_reason(c, day("2026-11-21"), &row), "周末"));
    assert_null(row);
    assert_null(calendar_reason(c, day("2026-11-23"), &row).p);
    /* Beyond the last notice: 全国年节及纪念日放假办法 2. */
    assert_true(str_eqz(calendar_reason(c, day("2027-01-01"), &row), "元旦"));
    assert_int_equal(row->kind, HOLIDAY_STATUTORY);
    assert_true(str_eqz(calendar_reason(c, day("2027-02-05"), &row), "春节")); /* 除夕 */
    assert_null(calendar_reason(c, day("2027-02-09"), &row).p);
    assert_true(str_eqz(calendar_reason(c, day("2150-05-02"), &row), "劳动节"));
    arena_free(a);
}

/* Festivals of 2027, as approvals.md 8 states them. */
static void test_statutory_2027(void **state)
{
    (void)state;
    static const char *const off[] = {"2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05",
                                      "2027-06-09", "2027-09-15", "2027-10-01"};
    struct arena *a = arena_new(0);
    const struct calendar *c = load_calendar(a, NULL, NULL);
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
        assert_false(calendar_working(c, day(off[i])));
        assert_true(civil_weekday(day(off[i])) <= 5);
    }
    assert_day(calendar_add(c, day("2026-12-31"), 1), "2027-01-04");
    arena_free(a);
}

static struct err *build(struct arena *a, const char *body, struct calendar **ret)
{
    struct holiday *rows = NULL;
    size_t n = 0;
    TRY(calendar_read_csv(a, str_fmt(a, "date,kind,name,notice,source\n%s", body), &rows, &n));
    return calendar_new(a, rows, n, ret);
}

static size_t count_fields(const struct err *e)
{
    size_t n = 0;
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        n++;
    }
    return n;
}

static void test_refused_rows(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        size_t faults;
        const char *pointer;
    } cases[] = {
        {"", 0, NULL},
        {"2026-05-09,statutory,x,,\n", 0, NULL},
        {"2026-05-01,off,a,,\n2026-05-01,off,b,,\n", 1, "/days/2026-05-01"},
        {"2026-05-01,off,a,,\n2026-05-01,work,b,,\n", 1, "/days/2026-05-01"},
        {"2026-05-08,work,a,,\n", 1, "/days/2026-05-08"}, /* a Friday */
        {"2026-02-30,off,a,,\n", 1, "/lines/2"},
        {"2026-05-01,free,a,,\n", 1, "/lines/2"},
        {"2026-05-01,off,,,\n", 1, "/lines/2"},
        {"2026-05-01,off,a,\n", 1, "/lines/2"},
        {"2026-05-01,off,a,,,\n", 1, "/lines/2"},
        {"2026-05-01,off,\"a,,\n", 2, "/lines/2"},
        {"2026-05-01,off,\"a\"b,,\n", 1, "/lines/2"},
        {"2026-05-01,off,\xff,,\n", 1, "/lines/2"},
        {"2026-05-01,off,a\x01,,\n", 1, "/lines/2"},
        {"2026-13-01,x,,,\n\n2026-05-01,off,a,,\nx,off,b,,\n", 4, "/lines/2"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *a = arena_new(0);
        struct calendar *c = NULL;
        struct err *e = build(a, cases[i].body, &c);
        assert_non_null(e);
        assert_int_equal(e->code, ERR_CALENDAR);
        assert_int_equal(count_fields(e), cases[i].faults);
        if (cases[i].pointer != NULL) {
            assert_true(str_eqz(e->fields->pointer, cases[i].pointer));
        }
        arena_free(a);
    }
    struct arena *a = arena_new(0);
    struct holiday *rows = NULL;
    size_t n = 0;
    assert_non_null(
        calendar_read_csv(a, S("datum,kind,name,notice,source\n2026-05-01,off,a,,\n"), &rows, &n));
    assert_non_null(calendar_read_csv(a, S(""), &rows, &n));
    arena_free(a);
}

static void test_csv_forms(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct holiday *rows = NULL;
    size_t n = 0;
    struct str text = S(
        "\xEF\xBB\xBF"
        "date,kind,name,notice,source\r\n"
        "\"2026-05-01\",off,\"劳动节, \"\"五一\"\"\",a\nb,\r\n" /* five columns on two lines? no */
        "\r\n");
    assert_non_null(calendar_read_csv(a, text, &rows, &n));
    text = S("\xEF\xBB\xBF"
             "date,kind,name,notice,source\r\n"
             "\"2026-05-01\",off,\"劳动节, \"\"五一\"\"\",\"a\nb\",\r\n"
             "\r\n"
             "2026-05-09 , work,劳动节,,x");
    assert_null(calendar_read_csv(a, text, &rows, &n));
    assert_int_equal(n, 2);
    assert_true(str_eqz(rows[0].name, "劳动节, \"五一\""));
    assert_true(str_eqz(rows[0].notice, "a\nb"));
    assert_true(rows[1].kind == HOLIDAY_WORK && rows[1].day == day("2026-05-09"));
    struct calendar *c = NULL;
    assert_null(calendar_new(a, rows, n, &c));
    /* The canonical text is a holidays.csv that says the same, whatever order the rows came in. */
    struct str canonical = calendar_canonical(a, c);
    struct holiday *again = NULL;
    assert_null(calendar_read_csv(a, canonical, &again, &n));
    struct holiday turned[2] = {again[1], again[0]};
    assert_null(calendar_new(a, turned, 2, &c));
    assert_true(str_eq(calendar_canonical(a, c), canonical));
    arena_free(a);
}

/* A notice takes the place of the statute for its whole year. */
static void test_statute_gives_way(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct calendar *c = NULL;
    assert_null(
        build(a,
              "2027-01-01,off,元旦,,\n2027-01-01,statutory,元旦,,\n2027-04-05,statutory,清明节,,\n"
              "2028-04-04,statutory,清明节,,\n",
              &c));
    size_t n = 0;
    const struct holiday *rows = calendar_rows(c, &n);
    assert_int_equal(n, 2);
    assert_true(rows[0].kind == HOLIDAY_OFF && rows[1].day == day("2028-04-04"));
    assert_true(calendar_working(c, day("2027-04-05")));
    assert_false(calendar_working(c, day("2028-04-04")));
    arena_free(a);
}

static void test_shared_examples(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str rest = read_shared(a, "data/holidays/due_dates_examples_60.csv");
    if (rest.p == NULL) {
        arena_free(a);
        skip();
        return;
    }
    const struct calendar *c = load_calendar(a, NULL, NULL);
    (void)str_split(&rest, '\n');
    size_t n = 0;
    while (rest.p != NULL) {
        struct str line = str_split(&rest, '\n');
        if (line.n == 0) {
            continue;
        }
        int32_t start = 0;
        int32_t due = 0;
        int64_t days = 0;
        assert_true(civil_parse(str_split(&line, ','), &start));
        assert_true(num_parse(str_split(&line, ','), 1, 1000, &days));
        (void)str_split(&line, ',');
        assert_true(civil_parse(str_split(&line, ','), &due));
        assert_int_equal(calendar_add(c, start, (int32_t)days), due);
        n++;
    }
    assert_int_equal(n, 60);
    arena_free(a);
}

/* Every day of the shared list is in ours with the same kind (but an ordinary Monday). */
static void test_shared_list(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str rest = read_shared(a, "data/holidays/cn_holidays_2004_2026.csv");
    if (rest.p == NULL) {
        arena_free(a);
        skip();
        return;
    }
    const struct calendar *c = load_calendar(a, NULL, NULL);
    (void)str_split(&rest, '\n');
    size_t n = 0;
    while (rest.p != NULL) {
        struct str line = str_split(&rest, '\n');
        int32_t d = 0;
        if (civil_parse(str_split(&line, ','), &d)) {
            assert_int_equal(calendar_working(c, d), str_eqz(str_split(&line, ','), "work"));
            n++;
        }
    }
    assert_int_equal(n, 766);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yearly_sums),     cmocka_unit_test(test_walk),
        cmocka_unit_test(test_outside),         cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_statutory_2027),  cmocka_unit_test(test_refused_rows),
        cmocka_unit_test(test_csv_forms),       cmocka_unit_test(test_statute_gives_way),
        cmocka_unit_test(test_shared_examples), cmocka_unit_test(test_shared_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
