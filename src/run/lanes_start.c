/* Start and stop of the lanes, in the order that keeps every promise.
 *
 * Start: the writer's connection first (it recovers the log of the data base), the statements,
 * lease, ids and the ledger's head, the check against published checkpoints, the modules, then the
 * readers, then the threads. Stop: no new jobs; READ and SLOW finish (SLOW may still write);
 * everything queued to the writer is carried out; the signer signs the last root, whose row the
 * writer stores; the writer ends; the modules last. */
#include "base/arena.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "run/hub.h"
#include "run/lane_struct.h"
#include "run/upload.h"
#include "run/writer.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/thread.h"

#include <string.h>

#define QUEUE_READ       4096
#define QUEUE_WRITE      4096
#define QUEUE_SLOW       256
#define WRITER_CACHE_KIB 16384 /* performance.md 4.6 */
#define READER_CACHE_KIB 4096
#define WRITER_LIMIT_MS  10000
#define READER_LIMIT_MS  10000
#define SLOW_LIMIT_MS    120000
#define SIGN_EVERY_MS    1000

struct checkpoint_args {
    int64_t office_id, log, size, signed_at;
    struct bytes root;
    struct str note;
};

struct act_row {
    int64_t recorded_at;
};

/* clang-format off */
static const struct field checkpoint_args_rows[] = {
    F_INT(struct checkpoint_args, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct checkpoint_args, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct checkpoint_args, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct checkpoint_args, signed_at, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct checkpoint_args, root, 0),
    F_TEXT(struct checkpoint_args, note, 0, 0, 65536, NULL, NULL),
    FIELD_END,
};
static const struct field act_rows[] = {F_INT(struct act_row, recorded_at, 0, 0, INT64_MAX, NULL, NULL), FIELD_END};
/* clang-format on */

STMT_RUN(CHECKPOINT_ADD,
         "run.checkpoint_add",
         checkpoint_args_rows,
         "INSERT INTO checkpoint (office_id, log, size, root, note, signed_at)"
         " VALUES (:office_id, :log, :size, :root, :note, :signed_at)"
         " ON CONFLICT (office_id, log, size) DO NOTHING");
STMT(CHECKPOINT_LAST,
     "run.checkpoint_last",
     checkpoint_args_rows,
     checkpoint_args_rows,
     struct checkpoint_args,
     "SELECT office_id, log, size, signed_at, root, note FROM checkpoint"
     " WHERE office_id = :office_id AND log = :log ORDER BY size DESC LIMIT 1");
/* Ids are office * 2^40 + n, so the last act of the office has the highest id in its range. */
STMT(LAST_ACT,
     "run.last_act",
     checkpoint_args_rows,
     act_rows,
     struct act_row,
     "SELECT recorded_at FROM act WHERE id < (:office_id + 1) * 1099511627776"
     " AND id >= :office_id * 1099511627776 ORDER BY id DESC LIMIT 1");

/* A checkpoint on its way from the signer to its row. */
struct publication {
    struct job job;
    struct checkpoint_args args;
};

static struct err *store_checkpoint(struct call *c, void *ctx)
{
    const struct publication *p = ctx;

    return db_push(c->db, c->arena, &CHECKPOINT_ADD, &p->args);
}

static void published(struct job *j)
{
    if (j->outcome.err != NULL) {
        log_err(LOG_WARN, STR_NONE, j->outcome.err);
    }
    arena_free(j->call.arena);
}

/* On the signer's thread. A checkpoint that finds no room in the queue is followed by a newer one.
 */
static void publish(void *user, const struct signed_checkpoint *c)
{
    struct lanes *l = user;
    struct arena *a = arena_new(0);
    struct publication *p = ARENA_NEW(a, struct publication);

    call_init(&p->job.call, l->app, a, ACTOR_SYSTEM);
    p->job.fn = store_checkpoint;
    p->job.ctx = p;
    p->job.done = published;
    p->args = (struct checkpoint_args){.office_id = l->app->office_id,
                                       .log = l->writer->head.log,
                                       .size = (int64_t)c->size,
                                       .signed_at = clock_real_ms(l->app->clock),
                                       .root = bytes_dup(a, (struct bytes){c->root, 32}),
                                       .note = str_dup(a, c->note)};
    atomic_store(&l->signed_ms, p->args.signed_at);
    if (!queue_put(l->queue[LANE_WRITE], &p->job)) {
        log_line(LOG_WARN, "signer: the checkpoint of size %llu was not stored",
                 (unsigned long long)c->size);
        arena_free(a);
    }
}

static struct err *start_signer(struct lanes *l, struct arena *a)
{
    struct app *app = l->app;
    struct writer *w = l->writer;
    struct signer_options o = {.every_ms = SIGN_EVERY_MS, .publish = publish, .user = l};
    struct checkpoint_args args = {.office_id = app->office_id, .log = w->head.log}, last = {0};
    struct err *e;
    bool found;

    o.file = ledger_file(a, &app->conf);
    if (o.file.p != NULL) {
        TRY(file_mkdir(a, str_z(a, str_fmt(a, "%.*s/keys", STR_ARG(app->conf.data))), 0700));
    }
    TRY(ledger_origin(w->db, a, app->office_id, w->head.log, &o.origin));
    TRY(ledger_head_check(app, w->db, a, &w->head, o.file, &o.signed_size));
    TRY(db_one(w->db, a, &CHECKPOINT_LAST, &args, &last, &found));
    atomic_store(&l->signed_ms, found ? last.signed_at : 0);
    memcpy(o.seed, app->log_seed, sizeof(o.seed));
    o.frontier = frontier_encode(a, &w->head.frontier);
    e = signer_start(a, &o, &w->signer);
    l->signer = w->signer;
    crypt_wipe(o.seed, sizeof(o.seed));
    return e;
}

static struct err *start_modules(struct lanes *l)
{
    struct app *app = l->app;
    struct call c;

    for (size_t i = 0; i < app->n_modules; i++) {
        if (app->modules[i]->start != NULL) {
            call_init(&c, app, app->arena, ACTOR_SYSTEM);
            c.db = l->writer->db;
            TRY(app->modules[i]->start(&c));
        }
    }
    return NULL;
}

static struct str target_of(struct app *app, struct arena *a)
{
    return app->conf.db.n > 0 ? app->conf.db
                              : str_fmt(a, "%.*s/huhang.db", STR_ARG(app->conf.data));
}

static struct err *open_readers(struct lanes *l, struct arena *a)
{
    int64_t slow = l->app->conf.slow_threads > 0 ? l->app->conf.slow_threads : 1;
    int64_t read = l->app->conf.read_threads > 0 ? l->app->conf.read_threads : 1;
    struct worker *all = ARENA_ARRAY(l->app->arena, struct worker, (size_t)(read + slow));

    l->workers = all;
    for (int64_t i = 0; i < read + slow; i++) {
        struct worker *me = &all[i];
        struct db_options o = {.cache_kib = READER_CACHE_KIB};

        me->lanes = l;
        me->kind = i < read ? LANE_READ : LANE_SLOW;
        o.statement_timeout_ms = i < read ? READER_LIMIT_MS : SLOW_LIMIT_MS;
        TRY(db_open(a, target_of(l->app, a), &o, &me->db));
        l->n_workers++;
    }
    return NULL;
}

static struct err *open_writer(struct lanes *l, struct arena *a)
{
    struct app *app = l->app;
    struct db_options o = {
        .write = true, .cache_kib = WRITER_CACHE_KIB, .statement_timeout_ms = WRITER_LIMIT_MS};
    struct checkpoint_args args = {.office_id = app->office_id};
    struct act_row last = {0};
    struct stmt_list all;
    struct db *db;
    struct err *e;
    bool found;

    TRY(db_open(a, target_of(app, a), &o, &db));
    all = stmt_all();
    e = db_check(db, a, &all, 1);
    if (e == NULL) {
        e = writer_open(app, db, a, &app->writer);
    }
    if (e != NULL) {
        db_close(db);
        return e;
    }
    l->writer = app->writer;
    TRY(db_one(db, a, &LAST_ACT, &args, &last, &found));
    clock_start_check(app->clock, found ? last.recorded_at : 0);
    return NULL;
}

static struct err *open_all(struct lanes *l, struct arena *a)
{
    struct app *app = l->app;

    if (app->ops == NULL) {
        TRY(op_registry_new(app, app->arena, &app->ops));
    }
    if (app->slot[SLOT_HUB] == NULL) {
        app->slot[SLOT_HUB] = hub_new();
    }
    if (app->slot[SLOT_UPLOAD] == NULL) {
        app->slot[SLOT_UPLOAD] = uploads_new();
    }
    if (app->blobs != NULL) {
        int removed;

        TRY(blob_sweep(a, app->blobs, &removed));
    }
    TRY(open_writer(l, a));
    if (app->blobs != NULL) {
        TRY(upload_clean(app, l->writer->db, a));
    }
    TRY(start_modules(l));
    TRY(open_readers(l, a));
    /* Modules may have written leaves, so the head is checked after them. */
    return start_signer(l, a);
}

static void free_slots(struct app *app)
{
    hub_free(app->slot[SLOT_HUB]);
    app->slot[SLOT_HUB] = NULL;
    uploads_free(app->slot[SLOT_UPLOAD]);
    app->slot[SLOT_UPLOAD] = NULL;
}

static void free_queues(struct lanes *l)
{
    for (int kind = LANE_READ; kind <= LANE_SLOW; kind++) {
        queue_free(l->queue[kind]);
    }
}

static void close_all(struct lanes *l)
{
    struct app *app = l->app;

    if (app->writer != NULL) {
        db_close(app->writer->db);
    }
    writer_close(app->writer);
    app->writer = NULL;
    for (size_t i = 0; i < l->n_workers; i++) {
        db_close(l->workers[i].db);
    }
    free_queues(l);
    free_slots(app);
}

/* Memory that calls may still look at after lanes_stop goes with the app. */
static void free_lanes(void *arg)
{
    struct lanes *l = arg;

    free_queues(l);
    signer_free(l->signer);
    writer_close(l->app->writer);
    l->app->writer = NULL;
    free_slots(l->app);
}

struct err *lanes_start(struct app *app, struct arena *a, struct lanes **ret)
{
    struct lanes *l = ARENA_NEW(app->arena, struct lanes);
    struct err *e;

    CHECK(app->writer == NULL && app->lanes == NULL);
    l->app = app;
    l->batch_max = app->conf.batch_max > 0 && app->conf.batch_max < LANE_BATCH_MAX
                       ? (size_t)app->conf.batch_max
                       : LANE_BATCH_MAX;
    l->queue[LANE_READ] = queue_new(QUEUE_READ);
    l->queue[LANE_WRITE] = queue_new(QUEUE_WRITE);
    l->queue[LANE_SLOW] = queue_new(QUEUE_SLOW);
    e = open_all(l, a);
    if (e != NULL) {
        close_all(l);
        return e;
    }
    arena_defer(app->arena, free_lanes, l);
    lanes_run(l);
    app->lanes = l;
    *ret = l;
    return NULL;
}

static struct err *nothing(struct call *c, void *ctx)
{
    (void)c;
    (void)ctx;
    return NULL;
}

/* Waits for everything that is queued to the writer; then all leaves are with the signer. */
static void drain_writer(struct lanes *l)
{
    struct arena *a = arena_new(0);
    struct queue *pause = queue_new(1);
    struct err *e;
    struct call c;
    void *never;

    call_init(&c, l->app, a, ACTOR_SYSTEM);
    e = lane_write(&c, nothing, NULL);
    /* A full queue has no room for us yet. */
    while (e != NULL && e->code == ERR_BUSY) {
        (void)queue_take(pause, &never, 1, 20);
        arena_reset(a);
        e = lane_write(&c, nothing, NULL);
    }
    if (e != NULL) {
        log_err(LOG_WARN, STR_NONE, e);
    }
    queue_free(pause);
    arena_free(a);
}

void lanes_stop(struct lanes *l)
{
    struct app *app = l->app;

    if (atomic_exchange(&l->stopping, true)) {
        return;
    }
    lanes_join(l);
    drain_writer(l);
    signer_stop(l->signer);
    lanes_join_writer(l);
    for (size_t i = app->n_modules; i > 0; i--) {
        if (app->modules[i - 1]->stop != NULL) {
            app->modules[i - 1]->stop(app);
        }
    }
}
