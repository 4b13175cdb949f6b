/* The data base above the engines: connections, groups and units. Statements are in statement.c. */
#include "store/db.h"

#include "base/check.h"
#include "store/db_struct.h"
#include "sys/log.h"

#include <string.h>

static bool is_postgres(struct str target)
{
    return str_starts(target, S("postgresql://")) || str_starts(target, S("postgres://"));
}

static struct err *connect(struct db *d, struct arena *a)
{
    d->arena = arena_new(0);
    d->cache = map_new(d->arena);
    struct err *e = d->kind == DB_PG ? pg_open(a, d->target, &d->options, &d->engine)
                                     : sqlite_open(a, d->target, &d->options, &d->engine);
    if (e != NULL) {
        d->engine = NULL;
    }
    return e;
}

static void disconnect(struct db *d)
{
    if (d->engine != NULL) {
        d->engine->ops->close(d->engine);
        d->engine = NULL;
    }
    arena_free(d->arena);
    d->arena = NULL;
}

struct err *db_open(struct arena *a, struct str target, const struct db_options *o, struct db **ret)
{
    if (!is_postgres(target) && target.n > 0 && !str_ends(target, S(".db"))) {
        return ERROR(a, ERR_CONF, "数据库地址应为 .db 文件或 postgresql://… 。",
                     "The data base must be a .db file or postgresql://… .");
    }
    struct db *d = mem_new(1, sizeof *d);
    d->kind = is_postgres(target) ? DB_PG : DB_SQLITE;
    d->options = *o;
    char *copy = mem_new(target.n + 1, 1);
    if (target.n > 0) {
        memcpy(copy, target.p, target.n);
    }
    d->target = (struct str){copy, target.n};
    struct err *e = connect(d, a);
    if (e != NULL) {
        db_close(d);
        return e;
    }
    *ret = d;
    return NULL;
}

static void own(struct db *d)
{
    if (!d->owned) {
        d->owner = pthread_self();
        d->owned = true;
    }
    CHECK(pthread_equal(d->owner, pthread_self()));
}

void db_hand_over(struct db *d)
{
    own(d);
    CHECK(!d->in_group && !d->in_read);
    d->owned = false;
}

void db_close(struct db *d)
{
    if (d == NULL) {
        return;
    }
    disconnect(d);
    char *copy;
    memcpy(&copy, &d->target.p, sizeof copy);
    mem_free(copy);
    mem_free(d);
}

enum db_engine db_engine(const struct db *d)
{
    return d->kind;
}

struct err *db_reconnect(struct db *d, struct arena *a)
{
    own(d);
    disconnect(d);
    d->in_group = d->in_read = false;
    d->depth = 0;
    memset(d->failed, 0, sizeof d->failed);
    return connect(d, a);
}

struct err *db_ready(struct db *d, struct arena *a)
{
    own(d);
    if (d->engine == NULL) {
        return engine_error(a, ERR_DB_UNAVAILABLE, "connection", "not connected");
    }
    for (int i = 0; i <= d->depth; i++) {
        if (d->failed[i]) {
            return engine_error(a, d->why[i], i == 0 ? "group" : "unit",
                                "an earlier step failed, only undoing it is possible");
        }
    }
    d->engine->depth = d->depth;
    d->engine->error_depth = d->depth;
    return NULL;
}

struct err *db_noted(struct db *d, struct err *e)
{
    if (e != NULL && (d->in_group || d->in_read)) {
        int at = d->engine->error_depth;
        CHECK(at >= 0 && at <= d->depth);
        d->failed[at] = true;
        d->why[at] = e->code;
    }
    return e;
}

/* Groups and units. */

static struct err *control(struct db *d, struct arena *a, enum control c)
{
    d->engine->depth = d->depth;
    d->engine->error_depth = d->depth;
    return db_noted(d, d->engine->ops->control(d->engine, a, c, d->depth));
}

/* For endings that cannot report: what goes wrong in them loses the group. */
static void quiet(struct db *d, enum control c)
{
    struct arena *a = arena_new(0);
    struct err *e = control(d, a, c);
    if (e != NULL) {
        if (d->engine->error_depth == d->depth) {
            d->failed[0] = true;
            d->why[0] = e->code;
        }
        log_err(LOG_WARN, STR_NONE, e);
    }
    arena_free(a);
}

static void ended(struct db *d)
{
    d->in_group = d->in_read = false;
    d->depth = 0;
    memset(d->failed, 0, sizeof d->failed);
}

struct err *group_begin(struct db *d, struct arena *a)
{
    CHECK(d->options.write && !d->in_group && !d->in_read);
    TRY(db_ready(d, a));
    TRY(control(d, a, CONTROL_BEGIN));
    d->in_group = true;
    return NULL;
}

struct err *unit_begin(struct db *d, struct arena *a)
{
    CHECK(d->in_group && d->depth < DB_UNIT_DEPTH);
    TRY(db_ready(d, a));
    d->depth++;
    struct err *e = control(d, a, CONTROL_SAVE);
    if (e != NULL) {
        /* The unit never was. */
        d->failed[d->depth] = false;
        d->depth--;
        d->failed[d->depth] = true;
        d->why[d->depth] = e->code;
    }
    return e;
}

struct err *unit_end(struct db *d, struct arena *a)
{
    CHECK(d->in_group && d->depth > 0);
    TRY(db_ready(d, a));
    TRY(control(d, a, CONTROL_RELEASE));
    d->depth--;
    return NULL;
}

void unit_undo(struct db *d)
{
    own(d);
    CHECK(d->in_group && d->depth > 0);
    bool outer_failed = d->engine == NULL;
    for (int i = 0; i < d->depth; i++) {
        outer_failed = outer_failed || d->failed[i];
    }
    if (!outer_failed) {
        quiet(d, CONTROL_UNDO);
    }
    d->failed[d->depth] = false;
    d->depth--;
}

struct err *group_commit(struct db *d, struct arena *a)
{
    CHECK(d->in_group && d->depth == 0);
    struct err *e = db_ready(d, a);
    if (e == NULL) {
        e = control(d, a, CONTROL_COMMIT);
    }
    if (e != NULL) {
        group_rollback(d);
        return e;
    }
    ended(d);
    return NULL;
}

void group_rollback(struct db *d)
{
    own(d);
    if (d->in_group) {
        if (d->engine != NULL) {
            d->depth = 0;
            quiet(d, CONTROL_ROLLBACK);
        }
        ended(d);
    }
}

struct err *db_read_begin(struct db *d, struct arena *a)
{
    CHECK(!d->in_group && !d->in_read);
    TRY(db_ready(d, a));
    TRY(control(d, a, CONTROL_BEGIN_READ));
    d->in_read = true;
    return NULL;
}

void db_read_end(struct db *d)
{
    own(d);
    if (d->in_read) {
        if (d->engine != NULL) {
            quiet(d, CONTROL_ROLLBACK);
        }
        ended(d);
    }
}

/* Upkeep. */

void db_checkpoint(struct db *d, int64_t pages)
{
    own(d);
    CHECK(d->options.write && !d->in_group);
    if (d->engine != NULL && d->engine->ops->checkpoint != NULL) {
        d->engine->ops->checkpoint(d->engine, pages);
    }
}

int64_t db_log_pages(struct db *d)
{
    own(d);
    bool has = d->engine != NULL && d->engine->ops->log_pages != NULL;
    return has ? d->engine->ops->log_pages(d->engine) : 0;
}

struct err *db_snapshot(struct db *d, struct arena *a, const char *path)
{
    CHECK(!d->in_group && !d->in_read);
    TRY(db_ready(d, a));
    return d->engine->ops->snapshot(d->engine, a, path);
}

int64_t db_backend_pid(struct db *d)
{
    own(d);
    bool has = d->engine != NULL && d->engine->ops->backend_pid != NULL;
    return has ? d->engine->ops->backend_pid(d->engine) : 0;
}
