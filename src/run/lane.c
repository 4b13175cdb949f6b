/* Queues and threads of the three lanes. A job belongs to the lane from lane_post until done() is
 * called. The writer's thread holds the only writing connection; each READ and SLOW thread has a
 * reading one. Locks: only those of the queues, which are leaves. */
#include "run/lane.h"

#include "base/arena.h"
#include "base/check.h"
#include "run/lane_struct.h"
#include "run/op_registry.h"
#include "run/writer.h"
#include "sys/log.h"
#include "sys/thread.h"

#define RETRY_AFTER_S 2
#define IDLE_MS       50   /* the queue was empty that long: checkpoint */
#define NAP_MS        1000 /* then only the lease needs looking after */

static _Thread_local bool on_writer;

static struct err *busy(const struct job *j)
{
    struct err *e =
        err_hint(ERROR(j->call.arena, ERR_BUSY, "等待办理的请求太多，这一次没有办理",
                       "Too many requests are waiting; this one was not carried out"),
                 "请稍候再试，内容没有丢失", "Please try again shortly; nothing was lost");

    e->retry_after_s = RETRY_AFTER_S;
    return e;
}

static void fail(struct job *j, struct err *e)
{
    j->outcome = (struct outcome){.err = e, .status = err_info(e->code)->status};
}

static bool expired(const struct lanes *l, const struct job *j)
{
    return j->deadline_mono_ms != 0 && clock_mono_ms(l->app->clock) >= j->deadline_mono_ms;
}

/* Counts and logs what came of the job and hands it back. */
static void answer(struct app *app, struct job *j, int64_t busy_us)
{
    struct outcome *o = &j->outcome;

    if (j->call.op != NULL && j->fn == NULL) {
        op_counted(app->ops, j->call.op, o->status, busy_us);
    }
    if (o->err != NULL && o->status >= 500 && o->err->code != ERR_BUSY) {
        log_err(LOG_ERROR, j->call.request_id, o->err);
    }
    if (j->done != NULL) {
        j->done(j);
    }
}

static void perform(struct job *j, struct db *db)
{
    struct call *c = &j->call;
    struct err *e;

    c->db = db;
    c->now_ms = clock_office_ms(c->app->clock);
    c->real_ms = clock_real_ms(c->app->clock);
    if (j->fn != NULL) {
        e = j->fn(c, j->ctx);
    } else {
        e = op_perform(c, j->in_json, &j->outcome.body);
    }
    if (e != NULL) {
        fail(j, e);
    } else {
        j->outcome.status = j->fn != NULL ? 200 : op_status(c);
        j->outcome.reply = c->reply;
    }
}

static bool is_write(const struct job *j)
{
    return j->call.op == NULL || j->call.op->lane == LANE_WRITE;
}

static void write_here(struct db *db, struct job *j)
{
    struct writer *w;
    struct err *e;

    j->call.db = db;
    e = writer_of(&j->call, &w);
    if (e != NULL) {
        fail(j, e);
        return;
    }
    CHECK(w->db == db);
    writer_group(w, &j, 1);
}

void lane_run_here(struct app *app, struct db *db, struct job *j)
{
    int64_t began = clock_mono_ms(app->clock);

    j->outcome = (struct outcome){0};
    if (is_write(j)) {
        write_here(db, j);
    } else {
        perform(j, db);
    }
    answer(app, j, (clock_mono_ms(app->clock) - began) * 1000);
}

/* A reader that lost its connection gets a new one and tries once more. */
static void read_job(struct lanes *l, struct worker *me, struct job *j)
{
    struct call before = j->call;
    int64_t began = clock_mono_ms(l->app->clock);

    if (expired(l, j)) {
        fail(j, busy(j));
    } else {
        perform(j, me->db);
        if (j->outcome.err != NULL && j->outcome.err->code == ERR_DB_UNAVAILABLE &&
            db_engine(me->db) == DB_PG && db_reconnect(me->db, j->call.arena) == NULL &&
            me->kind == LANE_READ) {
            j->call = before;
            j->outcome = (struct outcome){0};
            perform(j, me->db);
        }
    }
    answer(l->app, j, (clock_mono_ms(l->app->clock) - began) * 1000);
}

static void run_reader(void *arg)
{
    struct worker *me = arg;
    struct lanes *l = me->lanes;
    void *item;

    while (queue_take(l->queue[me->kind], &item, 1, -1) > 0) {
        struct job *j = item;

        j->outcome = (struct outcome){0};
        read_job(l, me, j);
    }
    db_close(me->db);
}

static void write_batch(struct lanes *l, struct job **jobs, size_t n)
{
    struct job *live[LANE_BATCH_MAX];
    size_t n_live = 0;
    int64_t began = clock_mono_ms(l->app->clock);
    int64_t share_us;

    for (size_t i = 0; i < n; i++) {
        jobs[i]->outcome = (struct outcome){0};
        if (expired(l, jobs[i])) {
            fail(jobs[i], busy(jobs[i]));
        } else {
            live[n_live++] = jobs[i];
        }
    }
    if (n_live > 0) {
        writer_group(l->writer, live, n_live);
    }
    share_us = (clock_mono_ms(l->app->clock) - began) * 1000 / (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        answer(l->app, jobs[i], share_us);
    }
}

/* Failure only makes the next owner wait for the end of the lease. */
void writer_give_up(struct writer *w)
{
    struct arena *a = arena_new(0);
    struct err *e = lease_give_up(w->db, a, &w->lease);

    if (e != NULL) {
        log_err(LOG_WARN, STR_NONE, e);
    }
    arena_free(a);
}

static void run_writer(void *arg)
{
    struct lanes *l = arg;
    struct writer *w = l->writer;
    void *items[LANE_BATCH_MAX];
    int64_t wait = IDLE_MS;

    on_writer = true;
    while (!queue_closed(l->queue[LANE_WRITE]) || queue_count(l->queue[LANE_WRITE]) > 0) {
        size_t n = queue_take(l->queue[LANE_WRITE], items, l->batch_max, wait);

        if (n > 0) {
            struct job *jobs[LANE_BATCH_MAX];

            for (size_t i = 0; i < n; i++) {
                jobs[i] = items[i];
            }
            write_batch(l, jobs, n);
            db_checkpoint(w->db, WRITER_LOG_PAGES);
            wait = IDLE_MS;
        } else {
            writer_idle(w);
            wait = NAP_MS;
        }
    }
    if (db_engine(w->db) == DB_PG && !w->lost) {
        writer_give_up(w);
    }
    db_close(w->db);
    w->db = NULL;
}

bool lane_post_to(struct lanes *l, enum lane_kind kind, struct job *j)
{
    j->outcome = (struct outcome){0};
    if (atomic_load(&l->stopping)) {
        fail(j, ERROR(j->call.arena, ERR_STOPPING, "系统正在重启，请稍候再试",
                      "The service is restarting"));
        return false;
    }
    if (!queue_put(l->queue[kind], j)) {
        fail(j, busy(j));
        return false;
    }
    return true;
}

bool lane_post(struct lanes *l, struct job *j)
{
    return lane_post_to(l, is_write(j) ? LANE_WRITE : j->call.op->lane, j);
}

static void wake_waiter(struct job *j)
{
    CHECK(queue_put(j->user, j));
}

struct err *lane_write(struct call *c, struct err *(*fn)(struct call *wc, void *ctx), void *ctx)
{
    struct lanes *l = c->app->lanes;
    struct job j = {.call = *c, .fn = fn, .ctx = ctx, .done = wake_waiter};
    void *done;

    if (l == NULL) {
        return unit_run(c, fn, ctx);
    }
    CHECK(!on_writer);
    /* The caller waits, so its arena is the writer's meanwhile. */
    j.call.unit = NULL;
    j.user = queue_new(1);
    if (!queue_put(l->queue[LANE_WRITE], &j)) {
        queue_free(j.user);
        return busy(&j);
    }
    (void)queue_take(j.user, &done, 1, -1);
    queue_free(j.user);
    return j.outcome.err;
}

void lane_stats(struct lanes *l, struct lane_stats *ret)
{
    struct writer *w = l->writer;

    *ret = (struct lane_stats){
        .queued_read = (int64_t)queue_count(l->queue[LANE_READ]),
        .queued_write = (int64_t)queue_count(l->queue[LANE_WRITE]),
        .queued_slow = (int64_t)queue_count(l->queue[LANE_SLOW]),
        .groups = atomic_load(&w->groups),
        .units = atomic_load(&w->units),
        .units_failed = atomic_load(&w->units_failed),
        .slow_units = atomic_load(&w->slow_units),
        .batch_max_seen = atomic_load(&w->batch_max_seen),
        .log_pages = atomic_load(&w->log_pages),
    };
}

void lane_signer_state(struct lanes *l, struct signer_view *ret)
{
    signer_state(l->signer, &ret->size, &ret->signed_size, &ret->well);
    ret->signed_ms = atomic_load(&l->signed_ms);
}

void lanes_run(struct lanes *l)
{
    db_hand_over(l->writer->db);
    l->writer_thread = thread_start("writer", run_writer, l);
    for (size_t i = 0; i < l->n_workers; i++) {
        struct worker *me = &l->workers[i];

        db_hand_over(me->db);
        me->thread = thread_start(me->kind == LANE_READ ? "read" : "slow", run_reader, me);
    }
}

void lanes_join(struct lanes *l)
{
    queue_close(l->queue[LANE_READ]);
    queue_close(l->queue[LANE_SLOW]);
    for (size_t i = 0; i < l->n_workers; i++) {
        thread_join(l->workers[i].thread);
    }
}

void lanes_join_writer(struct lanes *l)
{
    queue_close(l->queue[LANE_WRITE]);
    thread_join(l->writer_thread);
}
