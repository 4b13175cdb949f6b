/* SQLite behind db.h: the only door to sqlite3.h.
 *
 * The writer is the only connection that writes and the only one that checkpoints: automatic
 * checkpoints are off, readers are opened read-only and so can do neither. (The system's 3.40.1 can
 * damage a file when two connections checkpoint while the log restarts; with one that cannot
 * happen.) BUSY cannot happen to the writer for the same reason; the time-out stays as a safety
 * net.
 *
 * A failed sync is never retried: the kernel may have dropped the pages and would report success.
 * The process ends, and recovery at the next start begins from what is really on the disk. */
#include "base/check.h"
#include "store/engine.h"
#include "store/sqlite_setup.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <sqlite3.h>

#include <pthread.h>
#include <stdlib.h>

#define BUSY_TIMEOUT_MS 5000
#define PROGRESS_STEPS  20000 /* about a millisecond */

struct sqlite {
    struct engine engine; /* first */
    sqlite3 *c;
    bool write;
    int64_t timeout_ms, deadline_ms; /* monotonic; 0: none */
    int64_t waiting;                 /* log pages not yet in the data base file */
    int64_t log_now, log_total;
    sqlite3_stmt *open[DB_UNIT_DEPTH + 1], *release[DB_UNIT_DEPTH + 1], *undo[DB_UNIT_DEPTH + 1];
    sqlite3_stmt *begin, *begin_read, *commit, *rollback;
    struct arena *arena; /* statements to finalise are deferred here */
    struct clock_source *clock;
};

static struct sqlite *of(struct engine *e)
{
    return (struct sqlite *)(void *)e;
}

/* Once, before the library starts. */

static void on_log(void *ctx, int code, const char *text)
{
    (void)ctx;
    int kind = code & 0xff;
    /* Constraints and time-outs are answers, not faults; a changed schema is prepared anew. */
    if (kind == SQLITE_CONSTRAINT || kind == SQLITE_SCHEMA || kind == SQLITE_INTERRUPT) {
        return;
    }
    log_line(kind == SQLITE_NOTICE ? LOG_INFO : LOG_WARN, "sqlite %d: %s", code, text);
}

static void configure(void)
{
    /* Savepoints must not spill their journal into a file (performance.md 4.5). */
    CHECK(sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1) == SQLITE_OK);
    CHECK(sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK);
    CHECK(sqlite3_config(SQLITE_CONFIG_URI, 0) == SQLITE_OK);
    CHECK(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
    CHECK(sqlite3_config(SQLITE_CONFIG_LOG, on_log, NULL) == SQLITE_OK);
    CHECK(sqlite3_initialize() == SQLITE_OK);
}

/* Errors. */

static enum err_code code_of(int rc)
{
    if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
        rc == SQLITE_CONSTRAINT_ROWID) {
        return ERR_DB_UNIQUE;
    }
    if (rc == SQLITE_CONSTRAINT_FOREIGNKEY) {
        return ERR_DB_REFERENCED;
    }
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return ERR_DB_UNAVAILABLE;
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    default:
        return ERR_DB;
    }
}

/* The text is copied at once, before another call changes it. Some errors make SQLite roll back the
 * whole transaction; then the group is lost, not only the unit. */
static struct err *fail(struct sqlite *s, struct arena *a, const char *what)
{
    int rc = sqlite3_extended_errcode(s->c);
    struct err *e = engine_error(a, code_of(rc), what, sqlite3_errmsg(s->c));
    if (sqlite3_get_autocommit(s->c) != 0) {
        s->engine.error_depth = 0;
    }
    return e;
}

static _Noreturn void end_process(struct sqlite *s, const char *what)
{
    log_line(LOG_ERROR,
             "%s failed to reach the disk (%s); the process ends so that recovery starts clean",
             what, sqlite3_errmsg(s->c));
    abort();
}

static bool disk_failed(int rc)
{
    return (rc & 0xff) == SQLITE_IOERR;
}

/* Running statements. */

static struct err *
bind(struct sqlite *s, struct arena *a, struct prepared *p, const struct value *v)
{
    sqlite3_stmt *st = p->handle;
    for (size_t i = 0; i < p->n_params; i++) {
        int at = (int)i + 1;
        int rc = SQLITE_OK;
        switch (v[i].kind) {
        case VALUE_NULL:
        case VALUE_OTHER:
            rc = sqlite3_bind_null(st, at);
            break;
        case VALUE_INT:
            rc = sqlite3_bind_int64(st, at, v[i].i);
            break;
        case VALUE_TEXT:
            rc = sqlite3_bind_text64(st, at, (const char *)v[i].b.p, v[i].b.n, SQLITE_STATIC,
                                     SQLITE_UTF8);
            break;
        case VALUE_BYTES:
            rc = v[i].b.n == 0 ? sqlite3_bind_zeroblob(st, at, 0)
                               : sqlite3_bind_blob64(st, at, v[i].b.p, v[i].b.n, SQLITE_STATIC);
            break;
        }
        if (rc != SQLITE_OK) {
            return fail(s, a, p->stmt->name);
        }
    }
    return NULL;
}

static struct value column_value(sqlite3_stmt *st, int i)
{
    switch (sqlite3_column_type(st, i)) {
    case SQLITE_NULL:
        return (struct value){.kind = VALUE_NULL};
    case SQLITE_INTEGER:
        return (struct value){.kind = VALUE_INT, .i = sqlite3_column_int64(st, i)};
    case SQLITE_TEXT: {
        const unsigned char *text = sqlite3_column_text(st, i);
        return (struct value){.kind = VALUE_TEXT, .b = {text, (size_t)sqlite3_column_bytes(st, i)}};
    }
    case SQLITE_BLOB: {
        const unsigned char *blob = sqlite3_column_blob(st, i);
        return (struct value){.kind = VALUE_BYTES,
                              .b = {blob, (size_t)sqlite3_column_bytes(st, i)}};
    }
    default:
        return (struct value){.kind = VALUE_OTHER};
    }
}

static struct err *steps(struct sqlite *s, struct prepared *p, struct run *r)
{
    sqlite3_stmt *st = p->handle;
    int rc;
    r->count = 0;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        r->count++;
        if (r->row == NULL) {
            continue;
        }
        for (size_t i = 0; i < p->n_columns; i++) {
            p->values[i] = column_value(st, (int)i);
        }
        TRY(r->row(r->ctx, p->values));
    }
    if (rc != SQLITE_DONE) {
        if (disk_failed(rc) && s->write && sqlite3_get_autocommit(s->c) != 0 &&
            sqlite3_stmt_readonly(st) == 0) {
            end_process(s, p->stmt->name);
        }
        return fail(s, r->arena, p->stmt->name);
    }
    if (p->n_columns == 0) {
        r->count = sqlite3_stmt_readonly(st) != 0 ? 0 : sqlite3_changes64(s->c);
    }
    return NULL;
}

static struct err *sqlite_run(struct engine *e, struct prepared *p, struct run *r)
{
    struct sqlite *s = of(e);
    s->deadline_ms = s->timeout_ms == 0 ? 0 : clock_mono_ms(s->clock) + s->timeout_ms;
    struct err *err = bind(s, r->arena, p, r->params);
    if (err == NULL) {
        err = steps(s, p, r);
    }
    /* The error was already taken; an open statement would hold the read lock. */
    (void)sqlite3_reset(p->handle);
    (void)sqlite3_clear_bindings(p->handle);
    return err;
}

static struct err *
sqlite_push(struct engine *e, struct prepared *p, struct run *r, enum err_code unless_one)
{
    TRY(sqlite_run(e, p, r));
    if (unless_one != PUSH_ANY && r->count != 1) {
        return engine_error(r->arena, unless_one, p->stmt->name, "not exactly one row");
    }
    return NULL;
}

static struct err *sqlite_script(struct engine *e, struct arena *a, struct str sql)
{
    struct sqlite *s = of(e);
    if (sqlite3_exec(s->c, str_z(a, sql), NULL, NULL, NULL) != SQLITE_OK) {
        return fail(s, a, "script");
    }
    return NULL;
}

/* Preparing. */

static void finalize(void *st)
{
    (void)sqlite3_finalize(st);
}

static struct err *
compile(struct sqlite *s, struct arena *a, struct str sql, const char *what, sqlite3_stmt **ret)
{
    const char *tail = NULL;
    const char *text = str_z(a, sql);
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v3(s->c, text, (int)sql.n + 1, SQLITE_PREPARE_PERSISTENT, &st, &tail);
    if (rc != SQLITE_OK) {
        return fail(s, a, what);
    }
    if (st == NULL || str_trim(str_of(tail)).n > 0) {
        finalize(st);
        return engine_error(a, ERR_DB, what, "not exactly one statement");
    }
    arena_defer(s->arena, finalize, st);
    *ret = st;
    return NULL;
}

static struct err *
sqlite_prepare(struct engine *e, struct arena *a, struct arena *keep, struct prepared *p)
{
    struct sqlite *s = of(e);
    sqlite3_stmt *st = NULL;
    TRY(compile(s, a, p->sql, p->stmt->name, &st));
    CHECK((size_t)sqlite3_bind_parameter_count(st) == p->n_params);
    p->handle = st;
    p->n_columns = (size_t)sqlite3_column_count(st);
    p->column = ARENA_ARRAY(keep, struct column, p->n_columns + 1);
    p->values = ARENA_ARRAY(keep, struct value, p->n_columns + 1);
    for (size_t i = 0; i < p->n_columns; i++) {
        p->column[i].name = str_dup(keep, str_of(sqlite3_column_name(st, (int)i)));
        p->column[i].kind = sqlite_kind(sqlite3_column_decltype(st, (int)i));
    }
    return NULL;
}

/* Transactions. */

static struct err *
control_step(struct sqlite *s, struct arena *a, sqlite3_stmt *st, const char *what)
{
    s->deadline_ms = 0;
    int rc = sqlite3_step(st);
    struct err *e = NULL;
    if (rc != SQLITE_DONE) {
        if (disk_failed(rc) && st == s->commit) {
            end_process(s, what);
        }
        e = fail(s, a, what);
    }
    (void)sqlite3_reset(st);
    return e;
}

static struct err *sqlite_control(struct engine *e, struct arena *a, enum control c, int depth)
{
    struct sqlite *s = of(e);
    switch (c) {
    case CONTROL_BEGIN:
        return control_step(s, a, s->begin, "begin");
    case CONTROL_BEGIN_READ:
        return control_step(s, a, s->begin_read, "begin");
    case CONTROL_SAVE:
        return control_step(s, a, s->open[depth], "unit begin");
    case CONTROL_RELEASE:
        return control_step(s, a, s->release[depth], "unit end");
    case CONTROL_UNDO:
        TRY(control_step(s, a, s->undo[depth], "unit undo"));
        return control_step(s, a, s->release[depth], "unit undo");
    case CONTROL_COMMIT:
        return control_step(s, a, s->commit, "commit");
    case CONTROL_ROLLBACK:
        /* SQLite may have rolled back by itself. */
        return sqlite3_get_autocommit(s->c) != 0 ? NULL
                                                 : control_step(s, a, s->rollback, "rollback");
    }
    UNREACHABLE();
}

static struct err *compile_controls(struct sqlite *s, struct arena *a)
{
    TRY(compile(s, a, S("BEGIN IMMEDIATE"), "begin", &s->begin));
    TRY(compile(s, a, S("BEGIN DEFERRED"), "begin", &s->begin_read));
    TRY(compile(s, a, S("COMMIT"), "commit", &s->commit));
    TRY(compile(s, a, S("ROLLBACK"), "rollback", &s->rollback));
    for (int i = 1; i <= DB_UNIT_DEPTH; i++) {
        TRY(compile(s, a, str_fmt(a, "SAVEPOINT u%d", i), "unit", &s->open[i]));
        TRY(compile(s, a, str_fmt(a, "RELEASE u%d", i), "unit", &s->release[i]));
        TRY(compile(s, a, str_fmt(a, "ROLLBACK TO u%d", i), "unit", &s->undo[i]));
    }
    return NULL;
}

/* The log. */

static int on_commit(void *ctx, sqlite3 *c, const char *name, int pages)
{
    (void)c;
    (void)name;
    struct sqlite *s = ctx;
    int64_t grown = pages - s->log_now;
    if (grown < 0) {
        grown = pages; /* it started again from its beginning */
    }
    s->log_now = pages;
    s->log_total += grown;
    s->waiting += grown;
    return SQLITE_OK;
}

static void sqlite_checkpoint(struct engine *e, int64_t pages)
{
    struct sqlite *s = of(e);
    if (s->waiting <= pages) {
        return;
    }
    int in_log = 0, done = 0;
    int rc = sqlite3_wal_checkpoint_v2(s->c, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &done);
    if (disk_failed(rc)) {
        end_process(s, "checkpoint");
    }
    if (rc != SQLITE_OK) {
        log_line(LOG_WARN, "checkpoint put off: %s", sqlite3_errmsg(s->c));
        return;
    }
    s->waiting = in_log - done; /* a reader may still need the rest */
}

static int64_t sqlite_log_pages(struct engine *e)
{
    return of(e)->log_total;
}

static struct err *sqlite_snapshot(struct engine *e, struct arena *a, const char *path)
{
    struct sqlite *s = of(e);
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->c, "VACUUM INTO ?", -1, &st, NULL) != SQLITE_OK) {
        return fail(s, a, "snapshot");
    }
    s->deadline_ms = 0;
    struct err *err = NULL;
    if (sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(st) != SQLITE_DONE) {
        err = fail(s, a, "snapshot");
    }
    finalize(st);
    return err != NULL ? err : sqlite_sync_file(a, path);
}

static void sqlite_close(struct engine *e)
{
    struct sqlite *s = of(e);
    arena_free(s->arena);
    /* A writer that closes last checkpoints; nothing is open any more. */
    CHECK(sqlite3_close(s->c) == SQLITE_OK);
    clock_free(s->clock);
    mem_free(s);
}

static const struct engine_ops ops = {
    .close = sqlite_close,
    .prepare = sqlite_prepare,
    .run = sqlite_run,
    .push = sqlite_push,
    .script = sqlite_script,
    .control = sqlite_control,
    .checkpoint = sqlite_checkpoint,
    .log_pages = sqlite_log_pages,
    .snapshot = sqlite_snapshot,
};

/* Opening. */

static int on_progress(void *ctx)
{
    const struct sqlite *s = ctx;
    return s->deadline_ms != 0 && clock_mono_ms(s->clock) > s->deadline_ms;
}

/* A setting that is not as we need it is a fault now, not a surprise later. */
static struct err *apply(struct sqlite *s, struct arena *a, const struct sqlite_setting *t)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->c, t->pragma, -1, &st, NULL) != SQLITE_OK) {
        return fail(s, a, t->pragma);
    }
    struct err *e = NULL;
    int rc = sqlite3_step(st);
    struct str answer = STR_NONE;
    if (rc == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(st, 0);
        answer = str_dup(a, str_of((const char *)text));
    } else if (rc != SQLITE_DONE) {
        e = fail(s, a, t->pragma);
    }
    finalize(st);
    if (e == NULL && !str_eq(answer, str_of(t->answer))) {
        e = err_cause(ERROR(a, ERR_CONF, "数据库不支持所需的设置。",
                            "The data base refuses a setting that is needed."),
                      "%s: %.*s", t->pragma, STR_ARG(answer));
    }
    return e;
}

static struct err *set_up(struct sqlite *s, struct arena *a, bool in_memory, int cache_kib)
{
    CHECK(sqlite3_db_config(s->c, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK);
    CHECK(sqlite3_db_config(s->c, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK);
    CHECK(sqlite3_db_config(s->c, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL) == SQLITE_OK);
    CHECK(sqlite3_extended_result_codes(s->c, 1) == SQLITE_OK);
    CHECK(sqlite3_busy_timeout(s->c, BUSY_TIMEOUT_MS) == SQLITE_OK);
    for (const struct sqlite_setting *t = sqlite_settings; t->pragma != NULL; t++) {
        if ((t->scope == SQLITE_FOR_ALL || !in_memory) &&
            (t->scope != SQLITE_FOR_WRITER || s->write)) {
            TRY(apply(s, a, t));
        }
    }
    if (cache_kib > 0) {
        TRY(sqlite_script(&s->engine, a, str_fmt(a, "PRAGMA cache_size=-%d", cache_kib)));
    }
    if (s->write && !in_memory) {
        sqlite3_wal_hook(s->c, on_commit, s);
    }
    sqlite3_progress_handler(s->c, PROGRESS_STEPS, on_progress, s);
    return compile_controls(s, a);
}

struct err *
sqlite_open(struct arena *a, struct str path, const struct db_options *o, struct engine **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    CHECK(pthread_once(&once, configure) == 0);
    bool in_memory = path.n == 0;
    const char *name = in_memory ? ":memory:" : str_z(a, path);
    if (!in_memory && o->write) {
        TRY(sqlite_create_file(a, name));
    }
    struct sqlite *s = mem_new(1, sizeof *s);
    s->engine.ops = &ops;
    s->arena = arena_new(0);
    s->clock = clock_real();
    s->write = o->write;
    s->timeout_ms = o->statement_timeout_ms;
    int flags = SQLITE_OPEN_NOMUTEX |
                (o->write || in_memory ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    struct err *e = NULL;
    if (sqlite3_open_v2(name, &s->c, flags, NULL) != SQLITE_OK) {
        e = s->c != NULL ? fail(s, a, "open") : engine_error(a, ERR_DB, "open", "out of memory");
    }
    if (e == NULL) {
        e = set_up(s, a, in_memory, o->cache_kib);
    }
    if (e != NULL) {
        sqlite_close(&s->engine);
        return e;
    }
    *ret = &s->engine;
    return NULL;
}
