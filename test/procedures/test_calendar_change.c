/* A holiday notice arrives (design.md 4): after a preview it moves running, paused and extended
 * clocks, the page shows old date, new date and notice; a provisional date becomes firm and what
 * waited for it happens. 行政许可法 82: limits are working days without holidays. */
#include "hall.h"

#include "app/calendar/calendar.h"
#include "procedure/act_save.h"
#include "procedure/clockwork.h"
#include "procedure/view.h"
#include "wire/jval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ITEM                                                                                       \
    "{\"name\":{\"zh\":\"食品经营许可\"},\"regime\":\"licence\",\"legal_limit\":\"20wd\","         \
    "\"legal_basis\":\"行政许可法42(1)\",\"counts_from\":\"acceptance\",\"promised_limit\":"       \
    "\"8wd\",\"extension\":\"10wd\",\"extension_approver\":\"organ_head\",\"special_kinds\":["     \
    "\"expert\"],\"pauses_by_law\":[\"expert\"],\"pauses_by_guide\":[\"expert\"],"                 \
    "\"deemed_acceptance\":true,\"issue_basis\":\"行政许可法44\",\"materials\":[{\"code\":"        \
    "\"food-01\",\"name\":\"申请书\"}],\"form\":{}}"
#define FORM   "{\"answers\":{},\"materials\":[{\"code\":\"food-01\",\"paper\":1}]}"
#define ALL_OK "{\"verdicts\":[{\"code\":\"food-01\",\"result\":\"ok\"}]}"
#define NOTICE "关于调整2026年国庆节后调休的通知（试验）"
/* Monday 12 October off, Saturday 17 October at work, beside the notice that was there. */
#define SWAP "2026-10-12,off,国庆节," NOTICE ",test\n2026-10-17,work,国庆节," NOTICE ",test\n"
#define NOTICE_2027                                                                                \
    "date,kind,name,notice,source\n2027-01-01,off,元旦,2027年通知（试验）,test\n"                  \
    "2027-01-04,off,元旦,2027年通知（试验）,test\n2027-01-02,work,元旦,2027年通知（试验）,test\n"

static void good(struct err *e)
{
    if (e != NULL) {
        fprintf(stderr, "%s:%d: %.*s (%.*s)\n", e->file, e->line, STR_ARG(e->en),
                STR_ARG(e->cause));
        for (struct err_field *f = e->fields; f != NULL; f = f->next) {
            fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(f->pointer), STR_ARG(f->en));
        }
        fail();
    }
}

static int64_t at(const char *s)
{
    struct arena *a = arena_new(0);
    int64_t ms = 0;
    assert_true(civil_instant_parse(str_fmt(a, "%.10sT%.5s:00+08:00", s, s + 11), &ms));
    arena_free(a);
    return ms;
}

struct change {
    struct holiday *rows;
    size_t n;
    bool preview;
    struct calendar_report report;
};

static struct err *change_command(struct call *c, void *ctx)
{
    struct change *k = ctx;
    return calendar_change(c, k->rows, k->n, S("试验导入"), k->preview, &k->report);
}

static void read_rows(struct hall *h, struct str csv, struct change *k)
{
    good(calendar_read_csv(h->arena, csv, &k->rows, &k->n));
}

/* The rows of 2026 as they are, with two days swapped. */
static struct str swapped(struct hall *h)
{
    struct holiday *rows = NULL;
    struct calendar *cal = NULL;
    struct holiday *year = NULL;
    size_t n = 0, kept = 0;
    good(calendar_read_csv(h->arena, calendar_builtin(), &rows, &n));
    year = ARENA_ARRAY(h->arena, struct holiday, n);
    for (size_t i = 0; i < n; i++) {
        if (civil_ymd(rows[i].day).year == 2026) {
            year[kept++] = rows[i];
        }
    }
    good(calendar_new(h->arena, year, kept, &cal));
    return str_fmt(h->arena, "%.*s" SWAP, STR_ARG(calendar_canonical(h->arena, cal)));
}

static struct calendar_report *import(struct hall *h, struct str csv, bool preview)
{
    struct change *k = ARENA_NEW(h->arena, struct change);
    struct call *c = ARENA_NEW(h->arena, struct call);
    read_rows(h, csv, k);
    k->preview = preview;
    call_init(c, h->app, h->arena, ACTOR_CLI);
    c->db = h->writer.db;
    good(unit_run(c, change_command, k));
    return &k->report;
}

static const struct clock_change *
changed(const struct calendar_report *r, int64_t matter, const char *clock)
{
    for (size_t i = 0; i < r->clocks.n_changes; i++) {
        const struct clock_change *k = &r->clocks.changes[i];
        if (k->matter_id == matter && str_eqz(k->d->clocks[k->clock].name, clock)) {
            return k;
        }
    }
    return NULL;
}

static struct call *reader(struct hall *h)
{
    struct call *c = ARENA_NEW(h->arena, struct call);
    call_init(c, h->app, h->arena, ACTOR_CLI);
    c->db = h->writer.db;
    return c;
}

/* What “why this date?” says of a clock. */
static struct jval page_of(struct hall *h, int64_t matter, const char *clock)
{
    struct buf b;
    struct jw w;
    struct jval v;
    buf_init(&b, h->arena, 4096);
    jw_init(&w, &b);
    good(view_clock(reader(h), hall_matter(h, matter), str_of(clock), &w));
    good(jread(h->arena, buf_bytes(&b), &v));
    return v;
}

/* The clock on the page of the matter. */
static struct jval clock_of(struct hall *h, int64_t matter, const char *clock)
{
    struct buf b;
    struct jw w;
    struct jval v;
    buf_init(&b, h->arena, 4096);
    jw_init(&w, &b);
    view_clocks(reader(h), hall_matter(h, matter), &w);
    good(jread(h->arena, buf_bytes(&b), &v));
    for (size_t i = 0; i < v.n; i++) {
        if (str_eqz(jval_str(jval_get(&v.list[i], S("name"))), clock)) {
            return v.list[i];
        }
    }
    fail_msg("no clock %s", clock);
    return v;
}

static const char *text(struct hall *h, const struct jval *v, const char *name)
{
    struct str s = jval_str(jval_get(v, str_of(name)));
    assert_non_null(s.p);
    return str_z(h->arena, s);
}

static void
expect_moved(struct hall *h, int64_t m, const char *clock, const char *old, const char *new)
{
    struct jval page = page_of(h, m, clock), on_matter = clock_of(h, m, clock);
    const struct jval *moved = jval_get(&on_matter, S("moved"));
    const struct jval *changes = jval_get(&page, S("changes"));
    assert_non_null(moved);
    assert_true(changes->n > 0);
    const struct jval *both[] = {moved, &changes->list[changes->n - 1]};
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(text(h, both[i], "old_due"), old);
        assert_string_equal(text(h, both[i], "new_due"), new);
        assert_string_equal(text(h, both[i], "notice"), NOTICE);
    }
    assert_string_equal(text(h, &page, "due_on"), new);
    assert_string_equal(hall_due(h, m, clock), new);
    hall_check(h, m);
}

static int64_t accepted(struct hall *h)
{
    int64_t m = 0;
    good(hall_start(h, "food", FORM, &m));
    good(hall_act(h, CLERK, m, "accept", ALL_OK));
    return m;
}

/* The worklist's row as stored is the one that the matter should have. */
static void work_true(struct hall *h, int64_t m)
{
    struct work_row {
        int64_t matter_id, red_at, yellow_at;
    } in = {.matter_id = m}, row;
    /* clang-format off */
    static const struct field rows[] = {
        F_INT(struct work_row, matter_id, 0, 0, INT64_MAX, NULL, NULL),
        F_INT(struct work_row, red_at, 0, 0, INT64_MAX, NULL, NULL),
        F_INT(struct work_row, yellow_at, 0, 0, INT64_MAX, NULL, NULL),
        FIELD_END,
    };
    /* clang-format on */
    static const struct stmt get = {.name = "test.work",
                                    .sql = "SELECT matter_id, red_at, yellow_at FROM work WHERE "
                                           "matter_id = :matter_id AND slot = 'state'",
                                    .in = rows,
                                    .out = rows,
                                    .out_size = sizeof(struct work_row)};
    struct matter *mm = hall_matter(h, m);
    bool found = false;
    int64_t red = CIVIL_NEVER;
    good(db_one(h->writer.db, h->arena, &get, &in, &row, &found));
    assert_true(found);
    for (size_t i = 0; i < mm->n_clocks; i++) {
        const struct mclock *k = &mm->clocks[i];
        if (k->status == CLOCK_RUNNING && k->due.red_ms < red) {
            red = k->due.red_ms;
        }
    }
    assert_int_equal(row.red_at, red);
}

static void swap_of_two_days(void **state)
{
    (void)state;
    struct hall *h = hall_open(at("2026-08-27 09:00"));
    hall_item(h, "food", ITEM);
    int64_t extended = accepted(h);
    good(hall_act(h, REVIEWER, extended, "ask_extension", "{\"reason\":\"案情复杂\"}"));
    good(hall_act(h, ORGAN_HEAD, extended, "extend", NULL));
    assert_string_equal(hall_due(h, extended, "decide_legal"), "2026-10-14");
    int64_t ended = accepted(h);
    hall_at(h, "2026-09-03 09:00");
    int64_t paused = accepted(h);
    hall_at(h, "2026-09-10 09:00");
    int64_t running = accepted(h);
    assert_string_equal(hall_due(h, running, "decide_legal"), "2026-10-14");
    good(hall_act(h, REVIEWER, ended, "propose", "{\"result\":\"grant\",\"opinion\":\"可\"}"));
    good(hall_act(h, APPROVER, ended, "grant", NULL));
    good(hall_act(h, REVIEWER, paused, "special",
                  "{\"cause\":\"expert\",\"days\":5,\"basis\":\"行政许可法45\"}"));
    assert_string_equal(hall_due(h, paused, "decide_legal"), "2026-10-14");
    hall_at(h, "2026-09-11 09:00");

    struct calendar_report *r = import(h, swapped(h), true);
    assert_int_equal(r->clocks.n_days, 2);
    assert_non_null(changed(r, running, "decide_legal"));
    assert_string_equal(hall_due(h, running, "decide_legal"), "2026-10-14"); /* only looked at */
    int64_t total = r->clocks.clocks;

    r = import(h, swapped(h), false);
    assert_int_equal(r->clocks.clocks, total);
    assert_null(changed(r, ended, "decide_legal"));
    expect_moved(h, running, "decide_legal", "2026-10-14", "2026-10-15");
    expect_moved(h, extended, "decide_legal", "2026-10-14", "2026-10-15");
    expect_moved(h, paused, "decide_legal", "2026-10-14", "2026-10-15");
    assert_int_equal(
        matter_clock(hall_matter(h, paused), changed(r, paused, "decide_legal")->clock)->status,
        CLOCK_PAUSED);
    hall_check(h, ended);
    work_true(h, running);
    work_true(h, extended);
    assert_true(import(h, swapped(h), false)->same);
    hall_at(h, "2026-09-15 17:00");
    good(
        hall_act(h, REVIEWER, hall_child(h, paused, "special"), "finish", "{\"result\":\"同意\"}"));
    hall_check(h, paused);
    hall_close(h);
}

/* Art. 32(1)(4) beyond the last notice: the date is provisional and accepts nothing by itself; when
 * the notice comes, the acceptance happens as of its due instant. */
static void provisional_becomes_firm(void **state)
{
    (void)state;
    struct hall *h = hall_open(at("2026-12-29 09:00"));
    hall_item(h, "food", ITEM);
    int64_t m = 0;
    good(hall_start(h, "food", FORM, &m));
    struct jval page = page_of(h, m, "correction");
    assert_true(jval_bool(jval_get(&page, S("provisional")), false));
    assert_string_equal(hall_due(h, m, "correction"), "2027-01-06"); /* 1 January off by statute */
    hall_at(h, "2027-01-12 10:00");
    hall_sweep(h);
    assert_string_equal(hall_state(h, m), "received");
    struct calendar_report *r = import(h, S(NOTICE_2027), false);
    assert_int_equal(r->clocks.firm, 1);
    assert_string_equal(hall_due(h, m, "correction"), "2027-01-06");
    hall_sweep(h);
    assert_string_equal(hall_state(h, m), "review");
    struct matter *mm = hall_matter(h, m);
    const struct mact *a = matter_last(mm, definition_act(mm->d, S("deem_accepted")));
    assert_int_equal(a->occurred_at, at("2027-01-07 00:00"));
    assert_true(str_eqz(a->effective_on, "2026-12-29"));
    hall_check(h, m);
    hall_close(h);
}

/* A year that the notice names is replaced; December days of the year before are added. */
static void merging(void **state)
{
    (void)state;
    struct hall *h = hall_open(at("2026-11-20 09:00"));
    struct change k = {0};
    struct holiday *all = NULL;
    size_t n = 0, in_2026 = 0, in_2027 = 0, before = almanac_of(h->app)->n;
    read_rows(h, S(NOTICE_2027 "2026-12-26,work,元旦,2027年通知（试验）,test\n"), &k);
    struct call c;
    call_init(&c, h->app, h->arena, ACTOR_CLI);
    c.db = h->writer.db;
    good(calendar_merge(&c, k.rows, k.n, &all, &n));
    for (size_t i = 0; i < n; i++) {
        in_2026 += civil_ymd(all[i].day).year == 2026;
        in_2027 += civil_ymd(all[i].day).year == 2027;
    }
    assert_int_equal(in_2027, 3); /* the statutory rows are gone */
    assert_true(in_2026 > 20);
    assert_true(n < before + 4);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swap_of_two_days),
        cmocka_unit_test(provisional_becomes_firm),
        cmocka_unit_test(merging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
