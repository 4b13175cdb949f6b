/* The demo's play through the real engine: nothing is refused, every state of the procedures in
 * service occurs, each history folds again to what is stored, and the worklist holds exactly what
 * somebody must act on. On three dates, so that holidays in the way change nothing. */
#include "app/catalogue/catalogue.h"
#include "app/demo/demo.h"
#include "app/identity/identity.h"
#include "app/letter/letter.h"
#include "app/matter/matter.h"
#include "app/office/office.h"
#include "base/check.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "procedure/act_save.h"
#include "procedure/fold.h"
#include "procedure/matter_rows.h"
#include "store/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct module *const MODULES[] = {&demo_module,     &matter_module, &letter_module,
                                               &identity_module, &office_module, &catalogue_module};

struct folder {
    struct arena *arena;
    struct app *app;
    struct call c;
};

static void good(struct err *e)
{
    if (e != NULL) {
        fprintf(stderr, "%s:%d: %.*s (%.*s)\n", e->file, e->line, STR_ARG(e->en),
                STR_ARG(e->cause));
        fail();
    }
}

static struct err *first_rows(struct call *c, void *ctx)
{
    const struct almanac *al = NULL;
    struct holiday *rows = NULL;
    size_t n = 0;
    (void)ctx;
    TRY(calendar_read_csv(c->arena, calendar_builtin(), &rows, &n));
    return almanac_store(c, rows, n, S("test"), &al);
}

static struct call fresh_call(struct folder *f)
{
    struct call c;
    call_init(&c, f->app, f->arena, ACTOR_CLI);
    c.db = f->c.db;
    return c;
}

static struct folder *open_folder(int64_t start_ms)
{
    struct arena *a = arena_new((size_t)1 << 30);
    struct folder *f = ARENA_NEW(a, struct folder);
    char dir[] = "/tmp/huhang-demo-XXXXXX";
    struct db_options o = {.write = true};
    int n = 0;
    assert_non_null(mkdtemp(dir));
    good(crypt_init(a));
    f->arena = a;
    f->app = ARENA_NEW(a, struct app);
    f->app->arena = a;
    f->app->office_id = 1;
    f->app->clock = clock_simulated(start_ms);
    good(conf_load(a, str_dup(a, str_of(dir)), NULL, 0, &f->app->conf));
    f->app->conf.demo = true;
    f->app->modules = MODULES;
    f->app->n_modules = COUNT_OF(MODULES);
    f->app->blobs = blob_store_new(str_z(a, str_fmt(a, "%s/files", dir)));
    memset(&f->app->key, 7, sizeof f->app->key);
    call_init(&f->c, f->app, a, ACTOR_CLI);
    good(db_open(a, str_fmt(a, "%s/huhang.db", dir), &o, &f->c.db));
    good(migrate_run(f->c.db, a, STR_NONE, start_ms, &n));
    good(db_script(f->c.db, a,
                   S("INSERT INTO office (id, code, name, profile) VALUES (1, 'QL', 'x', '{}');"
                     "INSERT INTO setting (office_id, name, value) VALUES (1, 'ledger_origin', "
                     "'huhang.test/demo')")));
    for (size_t i = 0; i < COUNT_OF(MODULES); i++) {
        struct call c = fresh_call(f);
        if (MODULES[i]->start != NULL) {
            good(MODULES[i]->start(&c));
        }
    }
    struct call c = fresh_call(f);
    good(unit_run(&c, first_rows, NULL));
    return f;
}

static void close_folder(struct folder *f)
{
    for (size_t i = COUNT_OF(MODULES); i > 0; i--) {
        if (MODULES[i - 1]->stop != NULL) {
            MODULES[i - 1]->stop(f->app);
        }
    }
    db_close(f->c.db);
    blob_store_free(f->app->blobs);
    clock_free(f->app->clock);
    arena_free(f->arena);
}

struct seen_row {
    int64_t id, class, n;
    struct str kind, state;
};

/* clang-format off */
static const struct field SEEN[] = {
    F_INT(struct seen_row, id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct seen_row, class, 0, 0, 9, NULL, NULL),
    F_INT(struct seen_row, n, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct seen_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct seen_row, state, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct stmt MATTERS = {.name = "test.matters", .sql = "SELECT id, kind, state, class FROM matter ORDER BY id", .in = NULL, .out = SEEN, .out_size = sizeof(struct seen_row)};
static const struct stmt KEPT = {.name = "test.kept", .sql = "SELECT value AS state FROM setting WHERE name = 'demo_offset_ms'", .in = NULL, .out = SEEN, .out_size = sizeof(struct seen_row)};
static const struct stmt TOP = {.name = "test.top", .sql = "SELECT COUNT(*) AS n FROM matter WHERE parent_id IS NULL", .in = NULL, .out = SEEN, .out_size = sizeof(struct seen_row)};
static const struct stmt STRAY = {.name = "test.stray", .sql = "SELECT COUNT(*) AS n FROM work w JOIN matter m ON m.id = w.matter_id WHERE m.class = 3", .in = NULL, .out = SEEN, .out_size = sizeof(struct seen_row)};
static const struct stmt WORK_OF = {.name = "test.work", .sql = "SELECT matter_id, slot, office_id, unit_id, role, person_id, kind, state, item_id, number, title, priority, since, yellow_at, red_at, due_on, paused FROM work WHERE matter_id = :id ORDER BY slot", .in = ID_ROW, .out = WORK_ROW, .out_size = sizeof(struct work_row)};

/* Every state of the kinds in service that can be reached without joint handling. */
static const char *const STATES[] = {
    "licensing.received", "licensing.correcting", "licensing.supplied", "licensing.review", "licensing.deciding", "licensing.issuing", "licensing.ready",
    "licensing.delivered", "licensing.not_needed", "licensing.not_ours", "licensing.withdrawn", "licensing.lapsed",
    "simple_service.received", "simple_service.correcting", "simple_service.supplied", "simple_service.doing", "simple_service.ready", "simple_service.delivered",
    "simple_service.refused", "simple_service.not_ours", "simple_service.withdrawn", "simple_service.lapsed",
    "special.running", "special.ended", "special.stopped", "study.convened", "study.opinions", "study.concluded", "study.stopped",
    "deferral.due", "deferral.arrived", "deferral.grace", "deferral.supplied", "deferral.broken", "deferral.stopped",
    "hearing.opened", "hearing.told", "hearing.asked", "hearing.noticed", "hearing.recorded", "hearing.not_asked", "hearing.ended",
    "after_check.planned", "after_check.fixing", "after_check.consequence", "after_check.confirmed", "after_check.handled",
};
/* clang-format on */

static int64_t count(struct folder *f, const struct stmt *s)
{
    struct seen_row row = {0};
    bool found = false;
    good(db_one(f->c.db, f->arena, s, NULL, &row, &found));
    return row.n;
}

static void states_present(const struct list *rows)
{
    for (size_t i = 0; i < COUNT_OF(STATES); i++) {
        bool there = false;
        for (size_t k = 0; k < rows->n && !there; k++) {
            const struct seen_row *r = &((const struct seen_row *)rows->p)[k];
            struct str rest = str_of(STATES[i]), kind = str_split(&rest, '.');
            there = str_eq(r->kind, kind) && str_eq(r->state, rest);
        }
        if (!there) {
            fail_msg("no matter in state %s", STATES[i]);
        }
    }
}

static void same_clocks(struct arena *a, const struct matter *m, const struct matter *f)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *k = &m->clocks[i];
        bool found = k->status == CLOCK_CANCELLED;
        for (size_t n = 0; n < f->n_clocks; n++) {
            const struct mclock *g = &f->clocks[n];
            if (g->def != k->def || g->round != k->round) {
                continue;
            }
            found = true;
            if (k->status != g->status || k->due.due_day != g->due.due_day) {
                fail_msg("matter %lld %s clock %s: %lld %s, folded %lld %s", (long long)m->id,
                         str_z(a, m->title), str_z(a, m->d->clocks[k->def].name),
                         (long long)k->status, civil_text(a, k->due.due_day).p,
                         (long long)g->status, civil_text(a, g->due.due_day).p);
            }
        }
        assert_true(found);
    }
}

static void work_is_right(struct call *c, struct matter *m)
{
    struct work_row want[8];
    struct id_row in = {m->id};
    struct list have = {0};
    size_t n = work_rows(c, m, want, COUNT_OF(want));
    good(db_all(c->db, c->arena, &WORK_OF, &in, &have));
    assert_int_equal(have.n, n);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < n; k++) {
            const struct work_row *r = &((const struct work_row *)have.p)[k];
            found = found || (str_eq(r->slot, want[i].slot) && str_eq(r->role, want[i].role) &&
                              str_eq(r->state, want[i].state) && r->red_at == want[i].red_at &&
                              r->yellow_at == want[i].yellow_at &&
                              str_eq(r->due_on, want[i].due_on) && r->paused == want[i].paused);
        }
        assert_true(found);
    }
}

static void folds(struct folder *f, int64_t id)
{
    struct call c = fresh_call(f);
    struct matter *m = NULL, *again = NULL;
    c.arena = arena_new(0);
    good(matter_load(&c, id, &m));
    good(fold_matter(&c, m, &again));
    assert_int_equal(m->state, again->state);
    assert_true(str_eq(matter_facts_text(c.arena, m), matter_facts_text(c.arena, again)));
    same_clocks(c.arena, m, again);
    work_is_right(&c, m);
    arena_free(c.arena);
}

static struct folder *played(const char *now)
{
    int64_t end = 0, refused = 0;
    assert_true(civil_instant_parse(str_of(now), &end));
    struct folder *f = open_folder(end - DEMO_SPAN_DAYS * CIVIL_DAY_MS);
    good(demo_fill(&f->c, &refused));
    assert_int_equal(refused, 0);
    assert_int_equal(clock_office_ms(f->app->clock), end);
    return f;
}

static void a_hall_in_november(void **state)
{
    (void)state;
    struct folder *f = played("2026-11-24T15:20:00+08:00");
    struct list rows = {0};
    assert_true(count(f, &TOP) >= 140);
    assert_int_equal(count(f, &STRAY), 0);
    good(db_all(f->c.db, f->arena, &MATTERS, NULL, &rows));
    states_present(&rows);
    for (size_t i = 0; i < rows.n; i++) {
        folds(f, ((const struct seen_row *)rows.p)[i].id);
    }
    close_folder(f);
}

/* The folder keeps how far its time is from real time, also when it lies in the past. */
static void offset_kept(struct folder *f)
{
    struct clock_source *real = clock_real();
    int64_t want = clock_office_ms(f->app->clock) - clock_real_ms(real), kept = 0;
    struct seen_row row = {0};
    bool found = false;
    clock_free(real);
    good(db_one(f->c.db, f->arena, &KEPT, NULL, &row, &found));
    assert_true(found && num_parse(row.state, INT64_MIN, INT64_MAX, &kept));
    assert_true(kept >= want && kept - want < 60000);
}

/* The Spring Festival and the May holidays lie in between; the end is a Sunday night. */
static void a_hall_in_may(void **state)
{
    (void)state;
    struct folder *f = played("2026-05-10T23:40:00+08:00");
    struct list rows = {0};
    good(db_all(f->c.db, f->arena, &MATTERS, NULL, &rows));
    states_present(&rows);
    offset_kept(f);
    close_folder(f);
}

/* Just after the National Day holidays. */
static void a_hall_in_october(void **state)
{
    (void)state;
    struct folder *f = played("2025-10-09T08:05:00+08:00");
    struct list rows = {0};
    good(db_all(f->c.db, f->arena, &MATTERS, NULL, &rows));
    states_present(&rows);
    close_folder(f);
}

/* design.md 4: past the last notice a demo begins two months before that notice ends. */
static void start_of_a_demo(void **state)
{
    (void)state;
    int32_t known = civil_day((struct ymd){2026, 12, 31});
    int64_t now = civil_day_start(civil_day((struct ymd){2026, 11, 24})) + 1000;
    int64_t later = civil_day_start(civil_day((struct ymd){2027, 3, 1}));
    int64_t span = DEMO_SPAN_DAYS * CIVIL_DAY_MS;
    assert_int_equal(demo_start_ms(now, known), now - span);
    assert_int_equal(civil_day_of(demo_start_ms(later, known) + span),
                     civil_day((struct ymd){2026, 10, 31}));
}

static void bulk(void **state)
{
    (void)state;
    struct folder *f = open_folder(civil_day_start(civil_day((struct ymd){2026, 8, 3})));
    struct list rows = {0};
    good(demo_bulk(&f->c, 200, 5));
    assert_int_equal(count(f, &TOP), 200);
    good(db_all(f->c.db, f->arena, &MATTERS, NULL, &rows));
    for (size_t i = 0; i < rows.n; i += 7) {
        folds(f, ((const struct seen_row *)rows.p)[i].id);
    }
    close_folder(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start_of_a_demo),
        cmocka_unit_test(a_hall_in_november),
        cmocka_unit_test(a_hall_in_may),
        cmocka_unit_test(a_hall_in_october),
        cmocka_unit_test(bulk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
