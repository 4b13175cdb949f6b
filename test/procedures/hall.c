/* The tests' hall (hall.h). People are inserted by SQL: identity is not under test here. */
#include "hall.h"

#include "app/ledger/ledger.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/event.h"
#include "procedure/act_save.h"
#include "procedure/matter_rows.h"
#include "procedure/procedure.h"
#include "procedure/view.h"
#include "store/migrate.h"
#include "sys/file.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const ROLES[WHO_MAX] = {NULL,
                                           "clerk",
                                           "reviewer",
                                           "reviewer",
                                           "approver",
                                           "deliverer",
                                           "unit_head",
                                           "organ_head",
                                           "legal_reviewer",
                                           "inspector",
                                           "hearing_chair",
                                           "records_officer",
                                           "business_owner"};

/* Titles of letters come from the print capability, which is not linked here. */
struct str letter_title(const struct app *app, struct str letter, struct str *ret_en)
{
    (void)app;
    *ret_en = STR_NONE;
    return letter;
}

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

static void sql(struct hall *h, const char *text)
{
    good(db_script(h->writer.db, h->arena, str_of(text)));
}

static void people(struct hall *h)
{
    struct arena *a = h->arena;
    sql(h,
        "INSERT INTO office (id, code, name, profile) VALUES (1, 'GX', '高新区政务服务中心', '{}');"
        "INSERT INTO unit (id, office_id, parent_id, code, name, path) VALUES (11, 1, NULL, "
        "'bureau', '行政审批局', '/11/'),"
        " (12, 1, NULL, 'market', '市场监管局', '/12/');"
        "INSERT INTO setting (office_id, name, value) VALUES (1, 'ledger_origin', "
        "'huhang.test/log');");
    for (int i = 1; i < WHO_MAX; i++) {
        sql(h, str_z(a, str_fmt(a,
                                "INSERT INTO person (id, office_id, unit_id, login, name, status, "
                                "kind) VALUES (%d, 1, 12, 'p%d', '人员%d', 1, 'staff');"
                                "INSERT INTO role_grant (id, person_id, office_id, unit_id, role, "
                                "from_on, act_id) VALUES (%d, %d, 1, 12, '%s', '2020-01-01', 0);",
                                100 + i, i, i, 100 + i, 100 + i, ROLES[i])));
    }
    h->unit = 12;
}

static struct err *load_definitions(struct call *c, void *ctx)
{
    (void)ctx;
    return procedure_start(c);
}

static struct err *first_rows(struct call *c, void *ctx)
{
    struct hall *h = ctx;
    const struct almanac *al = NULL;
    struct holiday *rows = NULL;
    size_t n = 0;
    bool new = false;
    struct party_data p = {.kind = PARTY_ENTERPRISE,
                           .name = S("达州青禾餐饮有限公司（虚构）"),
                           .identifier = S("91510700205412308D")};
    TRY(calendar_read_csv(c->arena, calendar_builtin(), &rows, &n));
    TRY(almanac_store(c, rows, n, S("test"), &al));
    TRY(party_check(c, &p, S("")));
    return party_make(c, &p, &h->party, &new);
}

static void fresh_pg(const char *url)
{
    struct arena *a = arena_new(0);
    struct db *d = NULL;
    struct db_options o = {.write = true};
    good(db_open(a, str_of(url), &o, &d));
    good(db_script(d, a, S("DROP SCHEMA public CASCADE; CREATE SCHEMA public")));
    db_close(d);
    arena_free(a);
}

static struct hall *open_hall(int64_t start_ms, bool memory)
{
    static const struct module *const none[] = {NULL};
    const char *pg = getenv("HUHANG_TEST_PG");
    struct arena *a = arena_new((size_t)1 << 30);
    struct hall *h = ARENA_NEW(a, struct hall);
    struct db_options o = {.write = true};
    int n = 0;
    char *dir =
        str_fmt(a, "/tmp/huhang-hall-XXXXXX").p == NULL ? NULL : strdup("/tmp/huhang-hall-XXXXXX");
    assert_non_null(mkdtemp(dir));
    h->arena = a;
    good(crypt_init(a));
    h->app = ARENA_NEW(a, struct app);
    h->app->arena = a;
    h->app->office_id = 1;
    h->app->clock = clock_simulated(start_ms);
    h->app->modules = none;
    h->app->conf.data = str_dup(a, str_of(dir));
    h->app->blobs = blob_store_new(str_z(a, h->app->conf.data));
    memset(&h->app->key, 7, sizeof h->app->key);
    free(dir);
    int removed = 0;
    good(blob_sweep(a, h->app->blobs, &removed)); /* makes the folders */
    call_init(&h->writer, h->app, a, ACTOR_CLI);
    struct str target = str_fmt(a, "%.*s/huhang.db", STR_ARG(h->app->conf.data));
    if (memory) {
        target = S("");
    } else if (pg != NULL) {
        fresh_pg(pg);
        target = str_of(pg);
    }
    good(db_open(a, target, &o, &h->writer.db));
    good(migrate_run(h->writer.db, a, STR_NONE, start_ms, &n));
    people(h);
    good(unit_run(&h->writer, load_definitions, NULL));
    good(org_reload(&h->writer));
    good(unit_run(&h->writer, first_rows, h));
    return h;
}

struct hall *hall_open(int64_t start_ms)
{
    return open_hall(start_ms, false);
}

struct hall *hall_open_memory(int64_t start_ms)
{
    return open_hall(start_ms, true);
}

/* Options of the item of a round: each stands in half of the rounds, whatever the others do. */
static const char *option(int round, int which)
{
    uint64_t x = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(round * 32 + which + 1);
    x ^= x >> 31;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    return (x >> 40 & 1) != 0 ? "true" : "false";
}

void hall_items_for_walks(struct hall *h, int round)
{
    static const char *const REGIMES[] = {"licence", "licence", "public_service", "filing"};
    static const char *const FROM[] = {"acceptance", "event", "receipt"};
    hall_item(h, "food",
              str_z(h->arena,
                    str_fmt(h->arena,
                            "{\"name\":{\"zh\":\"食品经营许可\"},\"regime\":\"%s\","
                            "\"legal_limit\":\"20wd\",\"legal_basis\":\"行政许可法42(1)\","
                            "\"counts_from\":\"%s\",\"promised_limit\":\"8wd\","
                            "\"extension\":\"10wd\",\"extension_approver\":\"organ_head\","
                            "\"special_kinds\":[\"expert\",\"site\"],"
                            "\"pauses_by_law\":[\"expert\"],"
                            "\"pauses_by_guide\":[\"expert\",\"site\"],"
                            "\"deemed_acceptance\":%s,\"deemed_renewal\":%s,"
                            "\"issue_basis\":\"行政许可法44\",\"allow_defer\":true,"
                            "\"deferrable\":[\"food-03\"],\"commitment\":%s,\"immediate\":%s,"
                            "\"legal_review\":%s,\"ends_at_issue\":%s,"
                            "\"correction_pauses\":%s,\"one_person\":%s,\"substantive\":%s,"
                            "\"materials\":[{\"code\":\"food-01\",\"name\":\"申请书\"},"
                            "{\"code\":\"food-02\",\"name\":\"平面图\"},"
                            "{\"code\":\"food-03\",\"name\":\"健康证明\"}],"
                            "\"form\":{\"area\":\"int! 1..100000 经营面积\"}}",
                            REGIMES[round % 4], FROM[round % 3], option(round, 0), option(round, 1),
                            option(round, 2), option(round, 3), option(round, 4), option(round, 5),
                            option(round, 6), option(round, 7), option(round, 8))));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void hall_close(struct hall *h)
{
    (void)nftw(str_z(h->arena, h->app->conf.data), remove_one, 8, FTW_DEPTH | FTW_PHYS);
    db_close(h->writer.db);
    blob_store_free(h->app->blobs);
    clock_free(h->app->clock);
    arena_free(h->arena);
}

void hall_item(struct hall *h, const char *code, const char *body)
{
    static int64_t next = 500;
    struct arena *a = h->arena;
    next += 2;
    sql(h,
        str_z(a,
              str_fmt(a,
                      "INSERT INTO item (id, office_id, code, unit_id) VALUES (%lld, 1, '%s', 12);"
                      "INSERT INTO item_version (id, item_id, version, status, valid_from, body) "
                      "VALUES (%lld, %lld, 1, 1, 0, '%s');",
                      (long long)next, code, (long long)next + 1, (long long)next, body)));
}

void hall_at(struct hall *h, const char *when)
{
    struct str s = str_fmt(h->arena, "%.10s%c%.5s:00+08:00", when, 'T', when + 11);
    int64_t ms = 0;
    assert_true(civil_instant_parse(s, &ms));
    clock_set(h->app->clock, ms);
}

static struct call *begin(struct hall *h)
{
    struct call *c = ARENA_NEW(h->arena, struct call);
    call_init(c, h->app, h->arena, ACTOR_STAFF);
    c->db = h->writer.db;
    c->channel = S("window");
    return c;
}

static struct actor actor_of(struct hall *h, enum who who)
{
    struct held_role *r = ARENA_NEW(h->arena, struct held_role);
    *r = (struct held_role){str_of(ROLES[who]), 12, 0};
    return (struct actor){.kind = ACTOR_STAFF,
                          .person_id = 100 + (int64_t)who,
                          .unit_id = 12,
                          .name = S("人员"),
                          .roles = r,
                          .n_roles = 1};
}

static struct actor applicant_of(const struct hall *h)
{
    return (struct actor){
        .kind = ACTOR_APPLICANT, .person_id = 900, .party_id = h->party, .name = S("申请人")};
}

static const struct jval *form_of(struct hall *h, const char *text)
{
    struct jval *v = ARENA_NEW(h->arena, struct jval);
    if (text == NULL) {
        return NULL;
    }
    good(jread(h->arena, str_bytes(str_of(text)), v));
    return v;
}

struct err *hall_start_command(struct call *c, void *ctx)
{
    struct hall_command *k = ctx;
    return engine_start(c, &k->q, &k->m);
}

struct err *hall_act_command(struct call *c, void *ctx)
{
    struct hall_command *k = ctx;
    return engine_act(c, &k->q, &k->m);
}

struct err *hall_start(struct hall *h, const char *item, const char *form, int64_t *ret_matter)
{
    struct call *c = begin(h);
    struct hall_command k = {
        .q = {.item = str_of(item), .form = form_of(h, form), .occurred_at = FIELD_NO_INT}};
    c->actor = applicant_of(h);
    struct err *e = unit_run(c, hall_start_command, &k);
    *ret_matter = e == NULL ? k.m->id : 0;
    return e;
}

struct err *hall_act_late(struct hall *h,
                          enum who who,
                          int64_t matter,
                          const char *act,
                          const char *form,
                          const char *occurred,
                          const char *reason)
{
    struct call *c = begin(h);
    struct hall_command k = {.q = {.matter_id = matter,
                                   .act = str_of(act),
                                   .form = form_of(h, form),
                                   .occurred_at = FIELD_NO_INT,
                                   .late_reason = str_of(reason)}};
    c->actor = actor_of(h, who);
    if (occurred != NULL) {
        assert_true(civil_instant_parse(
            str_fmt(h->arena, "%.10sT%.5s:00+08:00", occurred, occurred + 11), &k.q.occurred_at));
    }
    return unit_run(c, hall_act_command, &k);
}

struct err *
hall_act(struct hall *h, enum who who, int64_t matter, const char *act, const char *form)
{
    return hall_act_late(h, who, matter, act, form, NULL, NULL);
}

struct err *hall_act_with(
    struct hall *h, enum who who, enum who with, int64_t matter, const char *act, const char *form)
{
    struct call *c = begin(h);
    int64_t second = 100 + (int64_t)with;
    struct hall_command k = {.q = {.matter_id = matter,
                                   .act = str_of(act),
                                   .form = form_of(h, form),
                                   .occurred_at = FIELD_NO_INT,
                                   .with = &second,
                                   .n_with = 1}};
    c->actor = actor_of(h, who);
    return unit_run(c, hall_act_command, &k);
}

struct err *hall_applicant(struct hall *h, int64_t matter, const char *act, const char *form)
{
    struct call *c = begin(h);
    struct hall_command k = {.q = {.matter_id = matter,
                                   .act = str_of(act),
                                   .form = form_of(h, form),
                                   .occurred_at = FIELD_NO_INT}};
    c->actor = applicant_of(h);
    return unit_run(c, hall_act_command, &k);
}

static struct err *sweep_command(struct call *c, void *ctx)
{
    return engine_sweep(c, 8, ctx);
}

void hall_sweep(struct hall *h)
{
    bool more = true;
    while (more) {
        struct call *c = begin(h);
        c->actor = (struct actor){.kind = ACTOR_SYSTEM};
        good(unit_run(c, sweep_command, &more));
    }
}

struct matter *hall_matter(struct hall *h, int64_t id)
{
    struct matter *m = NULL;
    struct call *c = begin(h);
    good(matter_load(c, id, &m));
    return m;
}

const char *hall_state(struct hall *h, int64_t id)
{
    struct matter *m = hall_matter(h, id);
    return str_z(h->arena, m->d->states[m->state].name);
}

const char *hall_due(struct hall *h, int64_t id, const char *clock)
{
    struct matter *m = hall_matter(h, id);
    uint32_t def = definition_clock(m->d, str_of(clock));
    assert_int_not_equal(def, NO_INDEX);
    struct mclock *k = matter_clock(m, def);
    return k == NULL ? NULL : str_z(h->arena, civil_text(h->arena, k->due.due_day));
}

int64_t hall_child(struct hall *h, int64_t id, const char *kind)
{
    struct matter *m = hall_matter(h, id);
    for (size_t i = m->n_children; i > 0; i--) {
        if (str_eqz(m->children[i - 1].kind, kind)) {
            return m->children[i - 1].id;
        }
    }
    fail_msg("no child %s", kind);
    return 0;
}

const char *hall_context = "";

static void
same_clock(struct hall *h, const struct matter *m, const struct mclock *k, const struct mclock *f)
{
    const char *name = str_z(h->arena, m->d->clocks[k->def].name);
    if (k->status != f->status || k->due.due_day != f->due.due_day ||
        k->start_day != f->start_day) {
        fail_msg(
            "%s matter %lld clock %s round %lld: stored status %lld due %s, folded status %lld "
            "due %s",
            hall_context, (long long)m->id, name, (long long)k->round, (long long)k->status,
            civil_text(h->arena, k->due.due_day).p, (long long)f->status,
            civil_text(h->arena, f->due.due_day).p);
    }
}

/* What the law had erased cannot be folded again. */
static bool erased(const struct matter *m)
{
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].def != NO_INDEX && m->d->acts[m->done[i].def].erases) {
            return true;
        }
    }
    return false;
}

void hall_check(struct hall *h, int64_t id)
{
    struct matter *m = hall_matter(h, id), *f = NULL;
    struct call *c = begin(h);
    if (erased(m)) {
        return;
    }
    good(fold_matter(c, m, &f));
    assert_string_equal(str_z(h->arena, m->d->states[m->state].name),
                        str_z(h->arena, m->d->states[f->state].name));
    assert_true(str_eq(matter_facts_text(h->arena, m), matter_facts_text(h->arena, f)));
    for (size_t i = 0; i < m->n_clocks; i++) {
        bool found = m->clocks[i].status == CLOCK_CANCELLED;
        for (size_t k = 0; k < f->n_clocks; k++) {
            if (f->clocks[k].def == m->clocks[i].def && f->clocks[k].round == m->clocks[i].round) {
                same_clock(h, m, &m->clocks[i], &f->clocks[k]);
                found = true;
            }
        }
        assert_true(found);
    }
}

void hall_verify(struct hall *h)
{
    struct verify_report r = {0};
    struct call c;
    call_init(&c, h->app, h->arena, ACTOR_CLI);
    c.db = h->writer.db;
    good(ledger_verify(&c, &r));
    if (!ledger_content(&r)) {
        fail_msg("%.*s", STR_ARG(r.en));
    }
}
