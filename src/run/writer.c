/* Groups of commands: run, commit, and when the world breaks, decide what became of them.
 *
 * A failed command undoes only itself. A group fails as a whole when its commit fails, the disk is
 * full or the connection is lost; its commands get a retryable error, or are run again once the
 * data base is back and it is known that the first run left nothing. */
#include "run/writer.h"

#include "base/arena.h"
#include "sys/log.h"
#include "sys/thread.h"

#include <unistd.h>

#define RECOVER_TRIES    10
#define RECOVER_PAUSE_MS 300
#define RETRY_AFTER_S    2

/* Host, address and data folder: the same after a restart, and no other server's. */
static struct str lease_owner(struct arena *a, const struct conf *conf)
{
    char host[256] = "";

    (void)gethostname(host, sizeof(host) - 1);
    return str_fmt(a, "%s %.*s %.*s", host, STR_ARG(conf->listen), STR_ARG(conf->data));
}

struct err *writer_take_lease(struct writer *w, struct arena *a)
{
    struct app *app = w->app;
    int64_t before = w->lease.epoch;
    struct str owner = before > 0 ? w->lease.owner : lease_owner(app->arena, &app->conf);
    struct lease got = {0};

    TRY(lease_take(w->db, a, app->office_id, owner, clock_real_ms(app->clock), &got));
    got.owner = owner;
    w->lease = got;
    if (before > 0 && got.epoch != before + 1) {
        return ERROR(a, ERR_LEASE_LOST, "办理权曾转到另一台服务器",
                     "Another server had the lease meanwhile");
    }
    return NULL;
}

static struct err *open_parts(struct writer *w, struct arena *a)
{
    struct app *app = w->app;

    if (db_engine(w->db) == DB_PG) {
        TRY(writer_take_lease(w, a));
        TRY(group_last_number(w, a, &w->group_number));
    }
    if (app->ids == NULL) {
        TRY(ids_load(w->db, a, app->office_id, &app->ids));
    }
    TRY(command_ids_load(w->commands, w->db, a, app->office_id));
    return ledger_head_load(w->db, a, app->office_id, &w->head);
}

struct err *writer_open(struct app *app, struct db *db, struct arena *a, struct writer **ret)
{
    struct writer *w = mem_new(1, sizeof(*w));
    struct err *e;

    w->app = app;
    w->db = db;
    w->commands = command_ids_new();
    e = open_parts(w, a);
    if (e != NULL) {
        writer_close(w);
        return e;
    }
    *ret = w;
    return NULL;
}

void writer_close(struct writer *w)
{
    if (w != NULL) {
        command_ids_free(w->commands);
        ids_free(w->app->ids);
        w->app->ids = NULL;
        mem_free(w);
    }
}

static void close_with_app(void *arg)
{
    struct app *app = arg;

    writer_close(app->writer);
    app->writer = NULL;
}

struct err *writer_of(struct call *c, struct writer **ret)
{
    struct app *app = c->app;

    if (app->writer == NULL) {
        TRY(writer_open(app, c->db, c->arena, &app->writer));
        arena_defer(app->arena, close_with_app, app);
    }
    *ret = app->writer;
    return NULL;
}

/* Every job of the group gets the error, in its own arena. */
static void fail_all(struct job **jobs, size_t n, const struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        struct err *copy = ERROR_TEXT(jobs[i]->call.arena, e->code, e->zh, e->en);

        copy->cause = str_dup(copy->arena, e->cause);
        copy->retry_after_s = err_info(e->code)->retry ? RETRY_AFTER_S : 0;
        jobs[i]->outcome = (struct outcome){.err = copy, .status = err_info(e->code)->status};
    }
}

static void fail_lost(struct writer *w, struct job **jobs, size_t n, struct arena *a)
{
    if (!w->lost) {
        log_line(LOG_ERROR, "writer: another server has the office; restart to take it back");
    }
    w->lost = true;
    fail_all(jobs, n,
             ERROR(a, ERR_OFFICE_ELSEWHERE, "该大厅已由另一台服务器办理，本机不再写入",
                   "Another server now owns this office; this one writes no more"));
}

static struct err *run_group(struct group *g, struct job **jobs, size_t n)
{
    TRY(group_open(g));
    for (size_t i = 0; i < n; i++) {
        if (!writer_unit(g, jobs[i])) {
            struct err *e = jobs[i]->outcome.err;

            group_rollback(g->w->db);
            return e;
        }
    }
    return group_close(g);
}

static void pause_ms(int64_t ms)
{
    struct queue *q = queue_new(1);
    void *nothing;

    (void)queue_take(q, &nothing, 1, ms);
    queue_free(q);
}

/* A data base server that restarts is back within seconds. */
static struct err *recover(struct group *g, bool *ret_committed)
{
    struct err *e = NULL;

    for (int i = 0; i < RECOVER_TRIES; i++) {
        e = group_recover(g, ret_committed);
        if (e == NULL || e->code != ERR_DB_UNAVAILABLE) {
            return e;
        }
        pause_ms(RECOVER_PAUSE_MS);
    }
    return e;
}

/* What to do about a failed group. True: run it again. Otherwise its outcomes are final. */
static bool again(struct group *g, struct job **jobs, size_t n, struct err *e, bool last_try)
{
    bool committed = false;

    group_undone(g);
    if (e->code == ERR_DB_UNAVAILABLE && db_engine(g->w->db) == DB_PG) {
        struct err *lost = recover(g, &committed);

        if (lost == NULL && committed) {
            group_committed(g);
            return false;
        }
        if (lost == NULL && !last_try) {
            return true;
        }
        e = lost != NULL ? lost : e;
    }
    if (e->code == ERR_LEASE_LOST || e->code == ERR_OFFICE_ELSEWHERE) {
        fail_lost(g->w, jobs, n, g->arena);
    } else {
        log_err(LOG_ERROR, STR_NONE, e);
        fail_all(jobs, n, e);
    }
    return false;
}

static void seen_batch(struct writer *w, int64_t n)
{
    if (n > atomic_load(&w->batch_max_seen)) {
        atomic_store(&w->batch_max_seen, n);
    }
}

void writer_group(struct writer *w, struct job **jobs, size_t n)
{
    struct arena *a = arena_new(0);
    struct call *before = ARENA_ARRAY(a, struct call, n);
    bool more = true;

    seen_batch(w, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        before[i] = jobs[i]->call;
    }
    if (w->lost) {
        fail_lost(w, jobs, n, a);
        more = false;
    }
    for (int try = 1; more; try++) {
        struct group g;
        struct err *e;

        group_init(&g, w, a);
        e = run_group(&g, jobs, n);
        if (e == NULL) {
            group_committed(&g);
            more = false;
        } else {
            more = again(&g, jobs, n, e, try == WRITER_ATTEMPTS);
        }
        for (size_t i = 0; more && i < n; i++) {
            jobs[i]->call = before[i];
            jobs[i]->outcome = (struct outcome){0};
        }
    }
    arena_free(a);
}

void writer_idle(struct writer *w)
{
    db_checkpoint(w->db, 0);
    if (db_engine(w->db) == DB_PG && !w->lost &&
        w->lease.until_at - clock_real_ms(w->app->clock) < LEASE_MS / 2) {
        writer_group(w, NULL, 0); /* opening a group renews the lease */
    }
}
