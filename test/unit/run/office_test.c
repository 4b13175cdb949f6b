/* The fixture: folder, data base, app, probe operations, jobs. The PostgreSQL data base is emptied
 * before each case by dropping its schema. */
#include "office_test.h"

#include "crypto/crypto.h"
#include "store/migrate.h"
#include "sys/thread.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OFFICE_ID 7

/* The probe writes a setting, leaves and an event, and then may fail. */
struct probe_in {
    struct str name, text;
    bool fail;
    int64_t leaves;
};

struct probe_out {
    struct str name, text;
    int64_t leaf_index;
};

struct setting_row {
    int64_t office_id;
    struct str name, value;
};

/* clang-format off */
static const struct field probe_in_rows[] = {
    F_TEXT(struct probe_in, name, FIELD_REQUIRED, 1, 40, "名称", "name"),
    F_TEXT(struct probe_in, text, 0, 0, 100000, "内容", "text"),
    F_BOOL(struct probe_in, fail, 0, "失败", "fail"),
    F_INT(struct probe_in, leaves, 0, 0, 100, "叶", "leaves"),
    FIELD_END,
};
static const struct field probe_out_rows[] = {
    F_TEXT(struct probe_out, name, 0, 0, 40, "名称", "name"),
    F_TEXT(struct probe_out, text, 0, 0, 100000, "内容", "text"),
    F_INT(struct probe_out, leaf_index, 0, -1, 1000000, "叶", "leaf"),
    FIELD_END,
};
static const struct field setting_rows[] = {
    F_INT(struct setting_row, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct setting_row, name, 0, 0, 100, NULL, NULL),
    F_TEXT(struct setting_row, value, 0, 0, 100000, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(PROBE_ADD,
         "probe.add",
         setting_rows,
         "INSERT INTO setting (office_id, name, value) VALUES (:office_id, :name, :value)");
STMT(PROBE_GET,
     "probe.get",
     setting_rows,
     setting_rows,
     struct setting_row,
     "SELECT value FROM setting WHERE office_id = :office_id AND name = :name");

static const struct stmt *const probe_stmts[] = {&PROBE_ADD, &PROBE_GET};

static struct err *probe_put(struct call *c, const void *in, void *ret_out)
{
    const struct probe_in *p = in;
    struct probe_out *out = ret_out;
    struct setting_row row = {.office_id = c->office_id, .name = p->name, .value = p->text};
    unsigned char hash[32];

    row.value = row.value.p == NULL ? S("") : row.value;
    out->leaf_index = -1;
    TRY(db_push(c->db, c->arena, &PROBE_ADD, &row));
    for (int64_t i = 0; p->leaves != FIELD_NO_INT && i < p->leaves; i++) {
        struct str leaf = str_fmt(c->arena, "%.*s %lld", STR_ARG(p->name), (long long)i);

        TRY(unit_leaf(c, 1, str_bytes(leaf), 0, &out->leaf_index, hash));
    }
    TRY(unit_outbox(c, "probe.put", 0, 0, S("office"), S("{}")));
    TRY(unit_audit(c, p->name, STR_NONE));
    if (p->fail) {
        return ERROR(c->arena, ERR_CONFLICT, "试验失败", "the probe fails");
    }
    out->name = p->name;
    out->text = p->text;
    c->reply.location = str_fmt(c->arena, "/api/v1/probes/%.*s", STR_ARG(p->name));
    c->reply.etag = S("1");
    return NULL;
}

static struct err *probe_get(struct call *c, const void *in, void *ret_out)
{
    const struct probe_in *p = in;
    struct probe_out *out = ret_out;
    struct setting_row row = {.office_id = c->office_id, .name = p->name};
    bool found;

    TRY(db_one(c->db, c->arena, &PROBE_GET, &row, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有", "none");
    }
    out->name = p->name;
    out->text = row.value;
    return NULL;
}

static struct err *slow_write(struct call *wc, void *ctx)
{
    struct probe_out out;

    return probe_put(wc, ctx, &out);
}

static struct err *probe_slow(struct call *c, const void *in, void *ret_out)
{
    struct probe_in copy = *(const struct probe_in *)in;

    (void)ret_out;
    return lane_write(c, slow_write, &copy);
}

static const enum err_code probe_errors[] = {ERR_CONFLICT, ERR_DB_UNIQUE, ERR_CODE_MAX};

/* clang-format off */
static const struct op probe_ops[] = {
    {.name = "probe.put", .method = OP_POST, .path = "/probes", .lane = LANE_WRITE, .perm = PERM_PUBLIC, .in = probe_in_rows, .in_size = sizeof(struct probe_in), .out = probe_out_rows, .out_size = sizeof(struct probe_out), .fn = probe_put, .errors = probe_errors, .zh = "放", .en = "Put"},
    {.name = "probe.get", .method = OP_GET, .path = "/probes/{name}", .lane = LANE_READ, .perm = PERM_PUBLIC, .flags = OP_INLINE, .in = probe_in_rows, .in_size = sizeof(struct probe_in), .out = probe_out_rows, .out_size = sizeof(struct probe_out), .fn = probe_get, .zh = "取", .en = "Get"},
    {.name = "probe.slow", .method = OP_POST, .path = "/probes/slow", .lane = LANE_SLOW, .perm = PERM_PUBLIC, .in = probe_in_rows, .in_size = sizeof(struct probe_in), .fn = probe_slow, .zh = "慢", .en = "Slow"},
};
/* clang-format on */

const struct module probe_module = {.name = "probe",
                                    .ops = probe_ops,
                                    .n_ops = COUNT_OF(probe_ops),
                                    .stmts = probe_stmts,
                                    .n_stmts = COUNT_OF(probe_stmts)};
static const struct module *const modules[] = {&probe_module};

void office_ok(struct err *e, const char *file, int line)
{
    if (e != NULL) {
        fprintf(stderr, "%s: %.*s (%.*s) at %s:%d\n", err_info(e->code)->slug, STR_ARG(e->en),
                STR_ARG(e->cause), e->file, e->line);
        _fail(file, line);
    }
}

void office_fails(struct err *e, enum err_code want, const char *file, int line)
{
    if (e == NULL || e->code != want) {
        fprintf(stderr, "expected %s, got %s\n", err_info(want)->slug,
                e == NULL ? "success" : err_info(e->code)->slug);
        office_ok(e, file, line);
        _fail(file, line);
    }
}

static void open_db(struct office *o)
{
    struct db_options options = {.write = true, .cache_kib = 4096};
    struct str target = o->pg ? o->app.conf.db : str_fmt(o->a, "%.*s/huhang.db", STR_ARG(o->dir));

    OK(db_open(o->a, target, &options, &o->db));
}

static int setup(void **state, bool pg)
{
    struct office *o = mem_new(1, sizeof(*o));
    char dir[] = "/tmp/huhang-run-XXXXXX";
    const char *url = getenv("HUHANG_TEST_PG");
    int applied;

    *state = o;
    o->a = arena_new(0);
    o->pg = pg;
    o->skipped = pg && url == NULL;
    OK(crypt_init(o->a));
    if (o->skipped || mkdtemp(dir) == NULL) {
        return o->skipped ? 0 : -1;
    }
    o->dir = str_dup(o->a, str_of(dir));
    o->app = (struct app){.arena = arena_new(0),
                          .clock = clock_real(),
                          .office_id = OFFICE_ID,
                          .modules = modules,
                          .n_modules = COUNT_OF(modules),
                          .lock_fd = -1};
    o->app.conf = (struct conf){.data = o->dir,
                                .db = pg ? str_of(url) : STR_NONE,
                                .read_threads = 2,
                                .slow_threads = 1,
                                .batch_max = 64,
                                .upload_max_bytes = 1 << 20};
    memset(o->app.log_seed, 7, sizeof(o->app.log_seed));
    memset(&o->app.key, 9, sizeof(o->app.key));
    o->app.blobs = blob_store_new(str_z(o->a, o->dir));
    open_db(o);
    if (pg) {
        OK(db_script(o->db, o->a, S("DROP SCHEMA public CASCADE; CREATE SCHEMA public")));
    }
    OK(migrate_run(o->db, o->a, STR_NONE, 0, &applied));
    office_script(
        o, "INSERT INTO office (id, code, name) VALUES (7, 'T', '试验');"
           "INSERT INTO setting (office_id, name, value) VALUES (7, 'ledger_origin', 'log.test')");
    return 0;
}

int office_setup_sqlite(void **state)
{
    return setup(state, false);
}

int office_setup_pg(void **state)
{
    return setup(state, true);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int office_teardown(void **state)
{
    struct office *o = *state;

    if (!o->skipped) {
        if (o->app.lanes != NULL) {
            lanes_stop(o->app.lanes);
        }
        arena_free(o->app.arena);
        db_close(o->db);
        clock_free(o->app.clock);
        blob_store_free(o->app.blobs);
        (void)nftw(o->dir.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    arena_free(o->a);
    mem_free(o);
    return 0;
}

struct office *office_of(void **state)
{
    struct office *o = *state;

    if (o->skipped) {
        skip();
    }
    return o;
}

struct err *office_try_start(struct office *o)
{
    struct lanes *l;

    CHECK(o->app.lanes == NULL);
    if (o->app.writer != NULL) {
        writer_close(o->app.writer);
        o->app.writer = NULL;
    }
    db_close(o->db);
    o->db = NULL;
    return lanes_start(&o->app, o->a, &l);
}

void office_start(struct office *o)
{
    OK(office_try_start(o));
}

/* As if the process ended: nothing of the app stays. */
void office_stop(struct office *o)
{
    if (o->app.lanes != NULL) {
        lanes_stop(o->app.lanes);
    }
    arena_free(o->app.arena);
    o->app.arena = arena_new(0);
    o->app.lanes = NULL;
    o->app.ops = NULL;
    open_db(o);
}

struct number {
    int64_t n;
};

static const struct field number_rows[] = {F_INT(struct number, n, 0, 0, 0, NULL, NULL), FIELD_END};

int64_t office_number(struct office *o, const char *sql)
{
    struct stmt s = {
        .name = "test.number", .sql = sql, .out = number_rows, .out_size = sizeof(struct number)};
    struct db_options options = {.cache_kib = 512};
    struct number n = {0};
    struct db *d;
    bool found;

    /* A connection for one statement, since statements are kept by their address. */
    OK(db_open(o->a, o->pg ? o->app.conf.db : str_fmt(o->a, "%.*s/huhang.db", STR_ARG(o->dir)),
               &options, &d));
    OK(db_one(d, o->a, &s, NULL, &n, &found));
    assert_true(found);
    db_close(d);
    return n.n;
}

void office_script(struct office *o, const char *sql)
{
    OK(db_script(o->db, o->a, str_of(sql)));
}

struct waiting {
    struct queue *done;
    struct jval body;
};

static void job_done(struct job *j)
{
    struct waiting *w = j->user;

    CHECK(queue_put(w->done, j));
}

struct job *job_new(struct office *o, const struct probe *p)
{
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);
    struct waiting *w = ARENA_NEW(a, struct waiting);
    struct jobj *body = jobj_new(a);
    unsigned char *sha = arena_alloc(a, 32, 1);
    const char *op = p->op != NULL ? p->op : "probe.put";

    call_init(&j->call, &o->app, a, p->person_id > 0 ? ACTOR_STAFF : ACTOR_NONE);
    j->call.actor.person_id = p->person_id;
    for (size_t i = 0; i < probe_module.n_ops; i++) {
        if (strcmp(probe_ops[i].name, op) == 0) {
            j->call.op = &probe_ops[i];
        }
    }
    j->call.idempotency_key = str_dup(a, str_of(p->key));
    jobj_put(body, S("name"), jval_of_str(str_dup(a, str_of(p->name))));
    if (p->text != NULL) {
        jobj_put(body, S("text"), jval_of_str(str_dup(a, str_of(p->text))));
    }
    jobj_put(body, S("fail"), jval_of_bool(p->fail));
    jobj_put(body, S("leaves"), jval_of_int(p->leaves));
    w->body = jobj_val(body);
    w->done = queue_new(1);
    j->in_json = &w->body;
    j->user = w;
    j->done = job_done;
    crypt_sha256(str_bytes(jval_text(a, &w->body)), sha);
    j->request_sha256 = (struct bytes){sha, 32};
    return j;
}

void job_free(struct job *j)
{
    struct waiting *w = j->user;

    queue_free(w->done);
    arena_free(j->call.arena);
}

void job_post(struct office *o, struct job *j)
{
    if (!lane_post(o->app.lanes, j)) {
        job_done(j);
    }
}

void job_wait(struct job *j)
{
    struct waiting *w = j->user;
    void *got;

    assert_int_equal(queue_take(w->done, &got, 1, 20000), 1);
}

void job_do(struct office *o, struct job *j)
{
    job_post(o, j);
    job_wait(j);
}
