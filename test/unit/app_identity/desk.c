/* The tests' office (desk.h). */
#include "desk.h"

#include "base/arena.h"
#include "civil/ident.h"
#include "procedure/org.h"
#include "procedure/procedure.h"
#include "procedure/view.h"
#include "run/op_registry.h"
#include "store/migrate.h"
#include "sys/thread.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#define OFFICE_ID 1
#define PATIENCE  20000

/* Titles of letters come from another capability, which is not linked here. */
struct str letter_title(const struct app *app, struct str letter, struct str *ret_en)
{
    (void)app;
    *ret_en = STR_NONE;
    return letter;
}

void desk_ok(struct err *e, const char *file, int line)
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

/* ---- the office ---- */

static struct err *load_definitions(struct call *c, void *ctx)
{
    (void)ctx;
    return procedure_start(c);
}

static struct err *start(struct call *c)
{
    TRY(unit_run(c, load_definitions, NULL));
    return org_reload(c);
}

static const struct module base_module = {.name = "base", .start = start};
static const struct module *const MODULES[] = {&base_module, &identity_module, &office_module};

static struct err *add_units(struct call *c, void *ctx)
{
    struct desk *d = ctx;

    TRY(office_add_unit(
        c, &(struct unit_new){S("market"), S("市场监督管理局"), S("Market bureau"), 0}, &d->unit));
    return office_add_unit(c, &(struct unit_new){S("health"), S("卫生健康局"), STR_NONE, 0},
                           &d->other_unit);
}

static void open_data(struct desk *d, const char *pg)
{
    struct db_options o = {.write = true};
    struct str target = d->pg ? str_of(pg) : str_fmt(d->a, "%.*s/huhang.db", STR_ARG(d->dir));
    struct db *db;
    int n;

    OK(db_open(d->a, target, &o, &db));
    if (d->pg) {
        OK(db_script(db, d->a, S("DROP SCHEMA public CASCADE; CREATE SCHEMA public")));
    }
    OK(migrate_run(db, d->a, STR_NONE, 0, &n));
    OK(db_script(
        db, d->a,
        S("INSERT INTO office (id, code, name, profile) VALUES (1, 'GX', '高新区政务服务中心', "
          "'{\"organ\":\"高新区行政审批局\",\"kept\":1}');"
          "INSERT INTO setting (office_id, name, value) VALUES (1, 'ledger_origin', 'log.test')")));
    db_close(db);
}

int desk_setup(void **state)
{
    struct desk *d = mem_new(1, sizeof *d);
    char dir[] = "/tmp/huhang-desk-XXXXXX";
    const char *pg = getenv("HUHANG_TEST_PG");
    struct lanes *l;

    *state = d;
    d->a = arena_new((size_t)1 << 28);
    d->pg = pg != NULL;
    OK(crypt_init(d->a));
    if (mkdtemp(dir) == NULL) {
        return -1;
    }
    d->dir = str_dup(d->a, str_of(dir));
    d->app = (struct app){.arena = arena_new((size_t)1 << 28),
                          .clock = clock_simulated(DESK_START),
                          .office_id = OFFICE_ID,
                          .modules = MODULES,
                          .n_modules = COUNT_OF(MODULES),
                          .lock_fd = -1};
    d->app.conf = (struct conf){.data = d->dir,
                                .db = d->pg ? str_of(pg) : STR_NONE,
                                .read_threads = 2,
                                .slow_threads = 1,
                                .batch_max = 64,
                                .session_idle_min = 30,
                                .lock_out_after = 3,
                                .lock_out_min = 15};
    memset(d->app.log_seed, 7, sizeof d->app.log_seed);
    memset(&d->app.key, 9, sizeof d->app.key);
    d->app.blobs = blob_store_new(str_z(d->a, d->dir));
    open_data(d, pg);
    OK(op_registry_new(&d->app, d->app.arena, &d->app.ops));
    OK(lanes_start(&d->app, d->a, &l));
    desk_write(d, add_units, d);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int desk_teardown(void **state)
{
    struct desk *d = *state;

    lanes_stop(d->app.lanes);
    arena_free(d->app.arena);
    clock_free(d->app.clock);
    blob_store_free(d->app.blobs);
    (void)nftw(d->dir.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(d->a);
    mem_free(d);
    return 0;
}

void desk_write(struct desk *d, struct err *(*fn)(struct call *c, void *ctx), void *ctx)
{
    struct call c;

    call_init(&c, &d->app, d->a, ACTOR_SYSTEM);
    OK(lane_write(&c, fn, ctx));
}

void pass(struct desk *d, int64_t ms)
{
    clock_set(d->app.clock, clock_office_ms(d->app.clock) + ms);
}

/* ---- requests ---- */

const char *fmt(struct desk *d, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str s = str_fmt_args(d->a, format, args);
    va_end(args);
    return str_z(d->a, s);
}

static void job_done(struct job *j)
{
    CHECK(queue_put(j->user, j));
}

static void read_cookie(struct desk *d, struct browser *b, struct str cookie)
{
    struct str value = cookie;
    struct str name = str_split(&value, '=');

    assert_true(str_eqz(name, d->app.conf.secure_cookies ? "__Host-huhang" : "huhang"));
    b->token = str_split(&value, ';');
}

/* lane_post, and waiting for done(). */
static void post_and_wait(struct desk *d, struct job *j)
{
    struct queue *q = queue_new(1);
    void *item;

    j->user = q;
    j->done = job_done;
    assert_true(lane_post(d->app.lanes, j));
    assert_int_equal(queue_take(q, &item, 1, PATIENCE), 1);
    queue_free(q);
}

struct reply_of ask(struct desk *d, struct browser *b, const char *op, const char *json)
{
    struct arena *a = d->a; /* replies outlive the call in these tests */
    struct job *j = ARENA_NEW(a, struct job);
    struct jval *in = ARENA_NEW(a, struct jval);
    unsigned char *sha = arena_alloc(a, 32, 1);
    struct reply_of r = {0};

    OK(jread(a, str_bytes(str_of(json)), in));
    call_init(&j->call, &d->app, a, ACTOR_NONE);
    j->call.op = op_find(d->app.ops, str_of(op));
    if (j->call.op == NULL) {
        fail_msg("no operation %s", op);
    }
    j->call.channel = S("web");
    j->call.session_token = b != NULL ? b->token : STR_NONE;
    j->call.csrf_header = b != NULL ? b->csrf : STR_NONE;
    j->call.idempotency_key = str_fmt(a, "test-%08d", d->serial++);
    const struct jval *match = jval_get(in, S("If-Match")); /* not of the body */
    if (match != NULL) {
        j->call.if_match = match->s;
        struct jobj *o = jobj_new(a);
        for (size_t i = 0; i < in->n; i++) {
            if (!str_eqz(in->obj[i].name, "If-Match")) {
                jobj_put(o, in->obj[i].name, in->obj[i].val);
            }
        }
        *in = jobj_val(o);
    }
    j->in_json = in;
    crypt_sha256(str_bytes(str_of(json)), sha);
    j->request_sha256 = (struct bytes){sha, 32};
    post_and_wait(d, j);
    r.err = j->outcome.err;
    r.status = j->outcome.status;
    r.etag = j->outcome.reply.etag;
    r.cookie = j->outcome.reply.set_cookie;
    if (r.err == NULL && j->outcome.body.n > 0) {
        OK(jread(a, str_bytes(j->outcome.body), &r.body));
    }
    if (b != NULL && r.cookie.p != NULL) {
        read_cookie(d, b, r.cookie);
    }
    if (b != NULL && jval_get(&r.body, S("csrf")) != NULL) {
        b->csrf = jval_str(jval_get(&r.body, S("csrf")));
    }
    return r;
}

struct jval good(struct desk *d, struct browser *b, const char *op, const char *json)
{
    struct reply_of r = ask(d, b, op, json);

    if (r.err != NULL) {
        fprintf(stderr, "%s %s\n", op, json);
    }
    OK(r.err);
    return r.body;
}

struct err *
bad(struct desk *d, struct browser *b, const char *op, const char *json, enum err_code code)
{
    struct reply_of r = ask(d, b, op, json);

    if (r.err == NULL || r.err->code != code) {
        fprintf(stderr, "%s %s: expected %s, got %s\n", op, json, err_info(code)->slug,
                r.err != NULL ? err_info(r.err->code)->slug : "success");
        OK(r.err);
        fail();
    }
    return r.err;
}

void fault_at(const struct err *e, const char *pointer, const char *code)
{
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        if (str_eqz(f->pointer, pointer) && str_eqz(f->code, code)) {
            return;
        }
    }
    fail_msg("no fault %s at %s", code, pointer);
}

/* ---- looking into replies ---- */

const struct jval *at(const struct jval *v, const char *path)
{
    struct str rest = str_of(path);

    while (rest.p != NULL && v != NULL) {
        struct str step = str_split(&rest, '/');

        if (v->type == J_LIST) {
            size_t i = (size_t)atoi(step.p);
            v = i < v->n ? &v->list[i] : NULL;
        } else {
            v = jval_get(v, step);
        }
    }
    return v;
}

struct str text_at(const struct jval *v, const char *path)
{
    const struct jval *found = at(v, path);

    if (found == NULL || found->type != J_STR) {
        fail_msg("no text at %s", path);
    }
    return jval_str(found);
}

int64_t int_at(const struct jval *v, const char *path)
{
    const struct jval *found = at(v, path);

    if (found == NULL || found->type != J_INT) {
        fail_msg("no number at %s", path);
    }
    return jval_int(found, -1);
}

bool has_text(const struct jval *list, const char *s)
{
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        if (str_eqz(jval_str(&list->list[i]), s)) {
            return true;
        }
    }
    return false;
}

/* ---- people ---- */

struct hire {
    const char *login, *role;
    int64_t unit, id;
    struct str password;
};

static struct err *add_staff(struct call *c, void *ctx)
{
    struct hire *h = ctx;
    struct person_new p = {.staff = true,
                           .login = str_of(h->login),
                           .name = S("周敏"),
                           .unit_id = h->unit,
                           .password = h->password};
    int64_t grant;

    TRY(identity_check_person(c, &p, S("")));
    TRY(identity_add_person(c, &p, &h->id));
    return h->role == NULL ? NULL
                           : identity_grant(c,
                                            &(struct grant_new){.person_id = h->id,
                                                                .role = str_of(h->role),
                                                                .unit_id = h->unit},
                                            &grant);
}

int64_t staff(struct desk *d, const char *login, const char *role, int64_t unit)
{
    static struct str hash; /* one hash for all: it costs 90 ms */
    static struct arena *kept;

    if (hash.p == NULL) {
        kept = arena_new(0);
        hash = crypt_password_hash(kept, S(PASSWORD));
    }
    struct hire h = {login, role, unit, 0, hash};
    desk_write(d, add_staff, &h);
    return h.id;
}

struct browser sign_in(struct desk *d, const char *login)
{
    struct browser b = {0};

    (void)good(d, &b, "identity.sign_in",
               fmt(d, "{\"login\":\"%s\",\"password\":\"" PASSWORD "\"}", login));
    assert_true(b.token.n > 40 && b.csrf.n > 40);
    return b;
}

struct browser clerk(struct desk *d)
{
    (void)staff(d, "clerk", "clerk", 0);
    return sign_in(d, "clerk");
}

const char *id_number(struct desk *d, int place)
{
    struct str first = str_fmt(d->a, "5117021990010112%d", place);

    return fmt(d, "%.*s%c", STR_ARG(first), ident_rid_digit(first));
}

struct browser applicant(struct desk *d, int place)
{
    struct browser b = {0};

    (void)good(d, &b, "identity.register",
               fmt(d,
                   "{\"name\":\"张三丰\",\"id_number\":\"%s\",\"phone\":\"13812345678\",\"login\":"
                   "\"zhang%d\",\"password\":\"" PASSWORD "\"}",
                   id_number(d, place), place));
    return b;
}

/* ---- the tables ---- */

struct count {
    int64_t n;
};
static const struct field COUNT_ROWS[] = {F_INT(struct count, n, 0, 0, 0, NULL, NULL), FIELD_END};

int64_t number(struct desk *d, const char *sql)
{
    struct stmt s = {
        .name = "test.number", .sql = sql, .out = COUNT_ROWS, .out_size = sizeof(struct count)};
    struct db_options o = {0};
    struct count row = {0};
    struct db *db;
    bool found;

    OK(db_open(d->a, d->pg ? d->app.conf.db : str_fmt(d->a, "%.*s/huhang.db", STR_ARG(d->dir)), &o,
               &db));
    OK(db_one(db, d->a, &s, NULL, &row, &found));
    db_close(db);
    return row.n;
}
