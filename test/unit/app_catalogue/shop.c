/* The tests' office (shop.h). */
#include "shop.h"

#include "crypto/crypto.h"
#include "procedure/almanac.h"
#include "procedure/org.h"
#include "procedure/procedure.h"
#include "procedure/view.h"
#include "run/op_registry.h"
#include "store/migrate.h"
#include "sys/file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 2026-03-02 (a Monday) 09:00 at UTC+8. */
#define START INT64_C(1772413200000)

/* Titles of letters come from another capability, which is not linked here. */
struct str letter_title(const struct app *app, struct str letter, struct str *ret_en)
{
    (void)app;
    *ret_en = STR_NONE;
    return letter;
}

void shop_ok(struct err *e, const char *file, int line)
{
    if (e == NULL) {
        return;
    }
    fprintf(stderr, "%s: %.*s (%.*s) at %s:%d\n", err_info(e->code)->slug, STR_ARG(e->en),
            STR_ARG(e->cause), e->file, e->line);
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        fprintf(stderr, "  %.*s: %.*s: %.*s\n", STR_ARG(f->pointer), STR_ARG(f->code),
                STR_ARG(f->en));
    }
    _fail(file, line);
}

static struct err *first_rows(struct call *c, void *ctx)
{
    const struct almanac *al = NULL;
    struct holiday *rows = NULL;
    size_t n = 0;
    (void)ctx;
    TRY(procedure_start(c));
    TRY(calendar_read_csv(c->arena, calendar_builtin(), &rows, &n));
    return almanac_store(c, rows, n, S("test"), &al);
}

static void open_data(struct shop *s, const char *pg)
{
    struct db_options o = {.write = true};
    struct str target = pg != NULL ? str_of(pg) : str_fmt(s->a, "%.*s/huhang.db", STR_ARG(s->dir));
    int n = 0;
    call_init(&s->writer, &s->app, s->a, ACTOR_SYSTEM);
    OK(db_open(s->a, target, &o, &s->writer.db));
    if (pg != NULL) {
        OK(db_script(s->writer.db, s->a, S("DROP SCHEMA public CASCADE; CREATE SCHEMA public")));
    }
    OK(migrate_run(s->writer.db, s->a, STR_NONE, START, &n));
    OK(db_script(s->writer.db, s->a,
                 S("INSERT INTO office (id, code, name, profile) VALUES (1, 'GX', "
                   "'高新区政务服务中心', '{\"address\":\"示例路1号\"}');"
                   "INSERT INTO setting (office_id, name, value) VALUES (1, 'ledger_origin', "
                   "'log.test')")));
    OK(unit_run(&s->writer, first_rows, NULL));
    OK(org_reload(&s->writer));
    OK(catalogue_module.start(&s->writer));
}

int shop_setup(void **state)
{
    static const struct module *const MODULES[] = {&catalogue_module};
    struct shop *s = mem_new(1, sizeof *s);
    char dir[] = "/tmp/huhang-shop-XXXXXX";
    *state = s;
    s->a = arena_new((size_t)1 << 30);
    if (mkdtemp(dir) == NULL) {
        return -1;
    }
    s->dir = str_dup(s->a, str_of(dir));
    OK(crypt_init(s->a));
    s->app = (struct app){
        .arena = s->a,
        .clock = clock_simulated(START),
        .office_id = 1,
        .modules = MODULES,
        .n_modules = 1,
        .lock_fd = -1,
        .conf = {.data = s->dir, .demo = true},
    };
    memset(&s->app.key, 7, sizeof s->app.key);
    OK(op_registry_new(&s->app, s->a, &s->app.ops));
    open_data(s, getenv("HUHANG_TEST_PG"));
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int shop_teardown(void **state)
{
    struct shop *s = *state;
    catalogue_module.stop(&s->app);
    db_close(s->writer.db);
    clock_free(s->app.clock);
    (void)nftw(str_z(s->a, s->dir), remove_one, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(s->a);
    mem_free(s);
    return 0;
}

struct str shop_file(struct shop *s)
{
    struct bytes b;
    const char *path = getenv("HUHANG_CATALOGUE");
    assert_non_null(path);
    OK(file_read(s->a, path, (size_t)8 << 20, &b));
    return bytes_str(b);
}

static struct str quoted(struct arena *a, const char *text)
{
    struct str s = str_dup(a, str_of(text));
    char *p = arena_alloc(a, s.n + 1, 1);
    for (size_t i = 0; i < s.n; i++) {
        p[i] = s.p[i] == '\'' ? '"' : s.p[i];
    }
    return (struct str){p, s.n};
}

struct jval shop_json(struct shop *s, const char *text)
{
    struct jval v;
    OK(jread(s->a, str_bytes(quoted(s->a, text)), &v));
    return v;
}

const char *shop_fmt(struct shop *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str t = str_fmt_args(s->a, format, args);
    va_end(args);
    return t.p;
}

struct err *shop_run(struct shop *s, struct err *(*fn)(struct call *c, void *ctx), void *ctx)
{
    struct call *c = ARENA_NEW(s->a, struct call);
    call_init(c, &s->app, s->a, ACTOR_SYSTEM);
    c->db = s->writer.db;
    return unit_run(c, fn, ctx);
}

struct importing {
    struct str json;
    bool sample;
    struct catalogue_report report;
};

static struct err *import_command(struct call *c, void *ctx)
{
    struct importing *i = ctx;
    return catalogue_import(c, i->json, i->sample, &i->report);
}

struct catalogue_report shop_import(struct shop *s, struct str json, bool sample)
{
    struct importing i = {.json = json, .sample = sample};
    OK(shop_run(s, import_command, &i));
    return i.report;
}

struct asking {
    struct jval in;
    struct str body;
};

static struct err *ask_command(struct call *c, void *ctx)
{
    struct asking *q = ctx;
    return op_perform(c, &q->in, &q->body);
}

struct err *
shop_try_value(struct shop *s, bool bureau, const char *op, struct jval in, struct jval *ret)
{
    static const struct held_role ROLE = {.role = S_INIT("bureau_admin")};
    struct call *c = ARENA_NEW(s->a, struct call);
    struct asking q = {.in = in};
    call_init(c, &s->app, s->a, bureau ? ACTOR_STAFF : ACTOR_NONE);
    c->db = s->writer.db;
    c->channel = S("web");
    c->op = op_find(s->app.ops, str_of(op));
    assert_non_null(c->op);
    if (bureau) {
        c->actor.person_id = 7;
        c->actor.roles = &ROLE;
        c->actor.n_roles = 1;
    }
    const struct jval *match = jval_get(&q.in, S("if_match"));
    if (match != NULL) {
        c->if_match = match->s;
        q.in.n--; /* it stands last in the tests */
    }
    struct err *e = c->op->lane == LANE_WRITE ? unit_run(c, ask_command, &q) : ask_command(c, &q);
    s->etag = e == NULL ? c->reply.etag : s->etag;
    struct bytes body = c->reply.body.p != NULL ? c->reply.body : str_bytes(q.body);
    if (e == NULL && body.n > 0) {
        OK(jread(s->a, body, ret));
    }
    return e;
}

struct err *
shop_try(struct shop *s, bool bureau, const char *op, const char *json, struct jval *ret)
{
    return shop_try_value(s, bureau, op, shop_json(s, json), ret);
}

struct jval shop_ask(struct shop *s, bool bureau, const char *op, const char *json)
{
    struct jval v = {.type = J_NULL};
    OK(shop_try(s, bureau, op, json, &v));
    return v;
}

struct err *shop_refused(struct shop *s, const char *op, const char *json, enum err_code code)
{
    struct jval v;
    struct err *e = shop_try(s, true, op, json, &v);
    assert_non_null(e);
    if (e->code != code) {
        shop_ok(e, __FILE__, __LINE__);
    }
    return e;
}

const struct err_field *fault_at(const struct err *e, const char *pointer)
{
    for (const struct err_field *f = e == NULL ? NULL : e->fields; f != NULL; f = f->next) {
        if (str_eqz(f->pointer, pointer)) {
            return f;
        }
    }
    return NULL;
}

const struct jval *at(const struct jval *v, const char *path)
{
    struct str rest = str_of(path);
    while (v != NULL && rest.p != NULL) {
        struct str part = str_split(&rest, '/');
        if (v->type == J_LIST) {
            size_t i = (size_t)strtoul(part.p, NULL, 10);
            v = i < v->n ? &v->list[i] : NULL;
        } else {
            v = jval_get(v, part);
        }
    }
    return v;
}

const char *text_at(struct shop *s, const struct jval *v, const char *path)
{
    const struct jval *m = at(v, path);
    if (m == NULL || m->type == J_NULL) {
        return "";
    }
    return str_z(s->a, m->type == J_STR ? m->s : jval_text(s->a, m));
}

struct number_row {
    int64_t n;
};

int64_t number(struct shop *s, const char *sql)
{
    static const struct field ROWS[] = {
        F_INT(struct number_row, n, 0, 0, INT64_MAX, NULL, NULL),
        FIELD_END,
    };
    struct stmt st = {
        .name = "test.number", .sql = sql, .out = ROWS, .out_size = sizeof(struct number_row)};
    struct stmt *kept = ARENA_NEW(s->a, struct stmt);
    struct number_row row;
    bool found = false;
    *kept = st;
    OK(db_one(s->writer.db, s->a, kept, NULL, &row, &found));
    assert_true(found);
    return row.n;
}

void shop_at(struct shop *s, const char *when)
{
    struct str t = str_fmt(s->a, "%.10sT%.5s:00+08:00", when, when + 11);
    int64_t ms = 0;
    assert_true(civil_instant_parse(t, &ms));
    clock_set(s->app.clock, ms);
}

/* A later member of the same name wins, so a test changes what it is about. */
struct str shop_item(struct shop *s, const char *members)
{
    static const char GOOD[] =
        "{'id':'x-licence','name_zh':'某某许可','name_en':'Some "
        "licence','dept':'市场监管局','task_type':'01','regime':'licence',"
        "'project_type':'2','service_objects':['2'],'legal_limit':{'value':20,'unit':'wd','from':'"
        "accept','basis':'某法第9条',"
        "'evidence':'V'},'promised_limit':{'value':8,'unit':'wd'},'supplement_notice':{'value':5,'"
        "unit':'wd','basis':'行政许可法第32条'},"
        "'issue_deliver':{'value':10,'unit':'wd','basis':'行政许可法第44条'},'special_procedures':["
        "],'materials':["
        "{'name':'申请表','necessity':'required','deferrable':false},{'name':'营业执照','necessity'"
        ":'required','share_exempt':true,'source':'20'},"
        "{'name':'平面图','necessity':'conditional','condition':'改建的','deferrable':true}],'fee':"
        "{'charged':false},'result_doc':'某某许可证',"
        "'notice_commitment':'no','allow_defer':true,'safety_related':false,'tags':[],'confidence':"
        "'V'}";
    struct jval good = shop_json(s, GOOD);
    struct jval change = shop_json(s, shop_fmt(s, "{%s}", members));
    struct jobj *o = jobj_new(s->a);
    for (size_t i = 0; i < good.n; i++) {
        jobj_put(o, good.obj[i].name, good.obj[i].val);
    }
    for (size_t i = 0; i < change.n; i++) {
        jobj_put(o, change.obj[i].name, change.obj[i].val);
    }
    struct jval item = jobj_val(o);
    struct jval list = {.type = J_LIST, .list = &item, .n = 1};
    struct jobj *file = jobj_new(s->a);
    jobj_put(file, S("items"), list);
    struct jval v = jobj_val(file);
    return jval_text(s->a, &v);
}
