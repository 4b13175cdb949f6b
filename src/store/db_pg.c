/* PostgreSQL behind db.h: the only door to libpq-fe.h.
 *
 * The connection stays in pipeline mode. What nobody awaits (BEGIN, SAVEPOINT, pushed writes) is
 * queued; an awaited call sends all of it with a Sync behind and reads one result for each entry.
 * Until the Sync the server skips what follows a failed statement, so a batch fails as a whole and
 * its first error is the reason; `depth` of the entry says whose it is.
 *
 * A unit's end waits for its pushed writes. It could be put off, but then the next unit would run
 * on memory (leaf index, running numbers) that the failed one should not have changed; one round
 * trip for each unit buys that order. A lost connection is never repaired silently: everything
 * answers ERR_DB_UNAVAILABLE until db_reconnect, for the outcome of a COMMIT on its way is unknown.
 */
#include "base/check.h"
#include "base/num.h"
#include "store/engine.h"
#include "store/pg_text.h"
#include "sys/log.h"

#include <libpq-fe.h>

#include <string.h>

#define QUEUE_MAX 512 /* a longer batch is sent in parts */

struct entry {
    const char *what;
    int depth;
    enum err_code unless_one;
    bool push; /* its failure must be heard before the unit ends */
};

struct pg {
    struct engine engine; /* first */
    PGconn *c;
    struct entry queue[QUEUE_MAX];
    size_t n;
    size_t pushes, counted; /* of them: pushed writes; those that must touch exactly one row */
    int64_t serial;         /* names of prepared statements */
};

static struct pg *of(struct engine *e)
{
    return (struct pg *)(void *)e;
}

/* Errors. */

static struct err *lost(struct pg *g, struct arena *a, const char *what)
{
    g->engine.error_depth = 0;
    struct str text = str_trim(str_of(PQerrorMessage(g->c)));
    return engine_error(a, ERR_DB_UNAVAILABLE, what, str_z(a, text));
}

static bool is_lost(struct pg *g)
{
    return PQstatus(g->c) != CONNECTION_OK;
}

static int64_t count_of(const PGresult *r)
{
    /* PQcmdTuples does not change the result. */
    char *text = PQcmdTuples((PGresult *)(uintptr_t)r);
    int64_t n = 0;
    return num_parse(str_of(text), 0, INT64_MAX, &n) ? n : 0;
}

/* The detail line of PostgreSQL quotes values of rows, so it is never kept. */
static struct err *judge(struct pg *g, struct arena *a, const struct entry *q, const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        if (q->unless_one != PUSH_ANY && count_of(r) != 1) {
            return engine_error(a, q->unless_one, q->what, "not exactly one row");
        }
        return NULL;
    }
    const char *state = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (state == NULL && is_lost(g)) {
        return lost(g, a, q->what);
    }
    const char *text = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *rule = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    struct str cause = str_fmt(a, "%s %s%s%s", state == NULL ? "-" : state,
                               text == NULL ? "unexpected answer" : text, rule == NULL ? "" : ", ",
                               rule == NULL ? "" : rule);
    return engine_error(a, fault_of_sqlstate(state), q->what, cause.p);
}

/* The queue. */

static void queue_clear(struct pg *g)
{
    g->n = g->pushes = g->counted = 0;
}

/* The result of one entry and the NULL behind it. */
static PGresult *next_result(struct pg *g)
{
    PGresult *r = PQgetResult(g->c);
    PGresult *more = r;
    while (more != NULL && !is_lost(g)) {
        more = PQgetResult(g->c);
        PQclear(more);
    }
    return r;
}

/* Sends everything and waits. The first error is returned; without one *ret_last (may be NULL) is
 * the result of the last entry, to be cleared by the caller. */
static struct err *sync(struct pg *g, struct arena *a, PGresult **ret_last)
{
    struct err *first = NULL;
    size_t n = g->n;
    queue_clear(g);
    if (is_lost(g) || PQpipelineSync(g->c) != 1) {
        return lost(g, a, "connection");
    }
    for (size_t i = 0; i < n && !is_lost(g); i++) {
        PGresult *r = next_result(g);
        if (first == NULL) {
            /* an ended unit's RELEASE fails only with the connection */
            int depth = g->queue[i].depth;
            g->engine.error_depth = depth < g->engine.depth ? depth : g->engine.depth;
            first = judge(g, a, &g->queue[i], r);
        }
        if (first == NULL && i + 1 == n && ret_last != NULL) {
            *ret_last = r;
        } else {
            PQclear(r);
        }
    }
    PGresult *end = is_lost(g) ? NULL : PQgetResult(g->c);
    bool whole = PQresultStatus(end) == PGRES_PIPELINE_SYNC;
    PQclear(end);
    if (is_lost(g)) {
        g->engine.error_depth = 0;
    }
    if (first == NULL && !whole) {
        if (ret_last != NULL) {
            PQclear(*ret_last);
            *ret_last = NULL;
        }
        return lost(g, a, "connection");
    }
    return first;
}

/* Behind a PQsend…: notes what was sent. */
static struct err *queued(struct pg *g, struct arena *a, int sent, struct entry entry)
{
    if (sent != 1) {
        return lost(g, a, entry.what);
    }
    g->queue[g->n++] = entry;
    g->pushes += entry.push ? 1 : 0;
    g->counted += entry.unless_one != PUSH_ANY ? 1 : 0;
    return g->n == QUEUE_MAX ? sync(g, a, NULL) : NULL;
}

/* The text must outlive the batch. */
static struct err *send_text(struct pg *g, struct arena *a, const char *sql)
{
    int sent = PQsendQueryParams(g->c, sql, 0, NULL, NULL, NULL, NULL, 0);
    return queued(g, a, sent, (struct entry){sql, g->engine.depth, PUSH_ANY, false});
}

/* Statements. */

static struct err *
send_prepared(struct pg *g, struct prepared *p, struct run *r, struct entry entry)
{
    size_t n = p->n_params;
    const char **values = ARENA_ARRAY(r->arena, const char *, n + 1);
    int *lengths = ARENA_ARRAY(r->arena, int, n + 1);
    int *binary = ARENA_ARRAY(r->arena, int, n + 1);
    char *numbers = ARENA_ARRAY(r->arena, char, 8 * (n + 1));
    for (size_t i = 0; i < n; i++) {
        const struct value *v = &r->params[i];
        binary[i] = 1; /* for text the same bytes either way, but without need of a NUL */
        if (v->kind == VALUE_INT) {
            pg_put_int(v->i, numbers + 8 * i);
            values[i] = numbers + 8 * i;
            lengths[i] = 8;
        } else if (v->kind != VALUE_NULL) {
            CHECK(v->b.n < INT32_MAX);
            values[i] = (const char *)v->b.p;
            lengths[i] = (int)v->b.n;
        }
    }
    int sent = PQsendQueryPrepared(g->c, p->handle, (int)n, values, lengths, binary, 0);
    return queued(g, r->arena, sent, entry);
}

static struct err *give_rows(const PGresult *result, struct prepared *p, struct run *r)
{
    int n = PQntuples(result);
    for (int row = 0; row < n; row++) {
        for (size_t i = 0; i < p->n_columns; i++) {
            int at = (int)i;
            if (PQgetisnull(result, row, at) != 0) {
                p->values[i] = (struct value){.kind = VALUE_NULL};
                continue;
            }
            struct str text = {PQgetvalue(result, row, at), (size_t)PQgetlength(result, row, at)};
            p->values[i] = pg_value(r->row_arena, PQftype(result, at), text);
        }
        TRY(r->row(r->ctx, p->values));
    }
    return NULL;
}

static struct err *pg_run(struct engine *e, struct prepared *p, struct run *r)
{
    struct pg *g = of(e);
    PGresult *result = NULL;
    if (g->n + 1 >= QUEUE_MAX) {
        TRY(sync(g, r->arena, NULL)); /* the awaited entry must be the last of a batch */
    }
    struct entry entry = {p->stmt->name, e->depth, PUSH_ANY, false};
    TRY(send_prepared(g, p, r, entry));
    TRY(sync(g, r->arena, &result));
    e->error_depth = e->depth;
    r->count = count_of(result);
    if ((size_t)PQnfields(result) != p->n_columns) {
        PQclear(result);
        return engine_error(r->arena, ERR_DB, p->stmt->name, "the table has changed");
    }
    struct err *err = r->row == NULL ? NULL : give_rows(result, p, r);
    PQclear(result);
    return err;
}

static struct err *
pg_push(struct engine *e, struct prepared *p, struct run *r, enum err_code unless_one)
{
    struct entry entry = {p->stmt->name, e->depth, unless_one, true};
    return send_prepared(of(e), p, r, entry);
}

static struct err *
pg_prepare(struct engine *e, struct arena *a, struct arena *keep, struct prepared *p)
{
    struct pg *g = of(e);
    const char *name = str_fmt(keep, "s%lld", (long long)++g->serial).p;
    Oid *types = ARENA_ARRAY(a, Oid, p->n_params + 1);
    for (size_t i = 0; i < p->n_params; i++) {
        types[i] = pg_type(row_kind(p->param[i]));
    }
    if (g->n + 2 >= QUEUE_MAX) {
        TRY(sync(g, a, NULL));
    }
    struct entry entry = {p->stmt->name, e->depth, PUSH_ANY, false};
    TRY(queued(g, a, PQsendPrepare(g->c, name, str_z(a, p->sql), (int)p->n_params, types), entry));
    TRY(queued(g, a, PQsendDescribePrepared(g->c, name), entry));
    PGresult *r = NULL;
    TRY(sync(g, a, &r));
    e->error_depth = e->depth;
    /* Kept as const text in a void pointer; libpq only reads it. */
    memcpy(&p->handle, &name, sizeof name);
    p->n_columns = (size_t)PQnfields(r);
    p->column = ARENA_ARRAY(keep, struct column, p->n_columns + 1);
    p->values = ARENA_ARRAY(keep, struct value, p->n_columns + 1);
    for (size_t i = 0; i < p->n_columns; i++) {
        p->column[i].name = str_dup(keep, str_of(PQfname(r, (int)i)));
        p->column[i].kind = pg_kind(PQftype(r, (int)i));
    }
    PQclear(r);
    return NULL;
}

/* Several statements need the simple protocol, which the pipeline does not have. */
static struct err *simple(struct pg *g, struct arena *a, const char *sql, PGresult **ret)
{
    struct entry entry = {"script", g->engine.depth, PUSH_ANY, false};
    PGresult *r = PQexec(g->c, sql);
    struct err *e = judge(g, a, &entry, r);
    if (e == NULL && ret != NULL) {
        *ret = r;
    } else {
        PQclear(r);
    }
    return e;
}

static struct err *pg_script(struct engine *e, struct arena *a, struct str sql)
{
    struct pg *g = of(e);
    if (g->n > 0) {
        TRY(sync(g, a, NULL));
        e->error_depth = e->depth;
    }
    if (is_lost(g) || PQexitPipelineMode(g->c) != 1) {
        return lost(g, a, "script");
    }
    struct err *err = simple(g, a, str_z(a, sql), NULL);
    if (PQenterPipelineMode(g->c) != 1 && err == NULL) {
        return lost(g, a, "script");
    }
    return err;
}

/* Transactions. */

/* Texts that outlive the call: the queue points at them. */
#define UNIT_TEXTS(verb) {NULL, verb " u1", verb " u2", verb " u3", verb " u4"}
static const char *const save_text[DB_UNIT_DEPTH + 1] = UNIT_TEXTS("SAVEPOINT");
static const char *const release_text[DB_UNIT_DEPTH + 1] = UNIT_TEXTS("RELEASE SAVEPOINT");
static const char *const undo_text[DB_UNIT_DEPTH + 1] = UNIT_TEXTS("ROLLBACK TO SAVEPOINT");
_Static_assert(DB_UNIT_DEPTH == 4, "one text for each depth");

/* Lets pushed writes finish whose unit is given up anyway; errors further out still count. */
static struct err *drain(struct pg *g, struct arena *a, int depth)
{
    if (g->pushes == 0) {
        return NULL;
    }
    struct err *e = sync(g, a, NULL);
    bool ours = e == NULL || (g->engine.error_depth >= depth && !is_lost(g));
    if (ours) {
        g->engine.error_depth = depth;
    }
    return ours ? NULL : e;
}

static struct err *commit(struct pg *g, struct arena *a)
{
    if (g->counted > 0) {
        TRY(sync(g, a, NULL)); /* a wrong number of rows does not stop the server by itself */
    }
    PGresult *r = NULL;
    TRY(send_text(g, a, "COMMIT"));
    TRY(sync(g, a, &r));
    /* COMMIT of a failed transaction answers ROLLBACK, and that is no error to PostgreSQL. */
    bool done = strcmp(PQcmdStatus(r), "COMMIT") == 0;
    PQclear(r);
    return done ? NULL : engine_error(a, ERR_DB, "commit", "was rolled back");
}

static struct err *rollback(struct pg *g, struct arena *a)
{
    if (is_lost(g)) {
        return lost(g, a, "rollback");
    }
    TRY(drain(g, a, 0));
    TRY(send_text(g, a, "ROLLBACK"));
    return sync(g, a, NULL);
}

static struct err *pg_control(struct engine *e, struct arena *a, enum control c, int depth)
{
    struct pg *g = of(e);
    if (is_lost(g)) {
        return lost(g, a, "connection");
    }
    switch (c) {
    case CONTROL_BEGIN:
        return send_text(g, a, "BEGIN");
    case CONTROL_BEGIN_READ:
        return send_text(g, a, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    case CONTROL_SAVE:
        return send_text(g, a, save_text[depth]);
    case CONTROL_RELEASE:
        if (g->pushes > 0) {
            TRY(sync(g, a, NULL)); /* while the unit can still be undone */
        }
        return send_text(g, a, release_text[depth]);
    case CONTROL_UNDO:
        TRY(drain(g, a, depth));
        TRY(send_text(g, a, undo_text[depth]));
        return send_text(g, a, release_text[depth]);
    case CONTROL_COMMIT:
        return commit(g, a);
    case CONTROL_ROLLBACK:
        return rollback(g, a);
    }
    UNREACHABLE();
}

/* Upkeep. */

static struct err *pg_snapshot(struct engine *e, struct arena *a, const char *path)
{
    (void)e;
    (void)path;
    return err_hint(ERROR(a, ERR_CONF, "PostgreSQL 的备份不由本程序完成。",
                          "This program does not back PostgreSQL up."),
                    "请使用 pg_dump 或连续归档。", "Use pg_dump or continuous archiving.");
}

static int64_t pg_backend_pid(struct engine *e)
{
    return PQbackendPID(of(e)->c);
}

static void pg_close(struct engine *e)
{
    PQfinish(of(e)->c);
    mem_free(of(e));
}

static const struct engine_ops ops = {
    .close = pg_close,
    .prepare = pg_prepare,
    .run = pg_run,
    .push = pg_push,
    .script = pg_script,
    .control = pg_control,
    .snapshot = pg_snapshot,
    .backend_pid = pg_backend_pid,
};

/* Connecting. */

static void on_notice(void *ctx, const char *text)
{
    (void)ctx;
    struct str s = str_trim(str_of(text));
    log_line(LOG_DEBUG, "postgresql: %.*s", STR_ARG(s));
}

static struct err *verify(struct pg *g, struct arena *a, const struct db_options *o)
{
    PGresult *r = NULL;
    TRY(simple(g, a, pg_verify_sql(), &r));
    struct err *e = NULL;
    int n = PQntuples(r);
    for (int i = 0; i < n && e == NULL; i++) {
        e = pg_verify(a, o, str_of(PQgetvalue(r, i, 0)), str_of(PQgetvalue(r, i, 1)));
    }
    PQclear(r);
    if (e == NULL && n != PG_VERIFY_ROWS) {
        e = pg_verify(a, o, S("pg_settings"), S("?"));
    }
    return e;
}

static PGconn *dial(struct arena *a, struct str target)
{
    /* Before dbname: what the address may change. Behind it: what it may not. */
    const char *rows[][2] = {
        {"connect_timeout", "10"},     {"keepalives", "1"},         {"keepalives_idle", "30"},
        {"keepalives_interval", "10"}, {"keepalives_count", "3"},   {"tcp_user_timeout", "30000"},
        {"dbname", str_z(a, target)},  {"client_encoding", "UTF8"}, {"application_name", "huhang"}};
    const char *names[COUNT_OF(rows) + 1] = {NULL};
    const char *values[COUNT_OF(rows) + 1] = {NULL};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        names[i] = rows[i][0];
        values[i] = rows[i][1];
    }
    return PQconnectdbParams(names, values, 1);
}

struct err *
pg_open(struct arena *a, struct str target, const struct db_options *o, struct engine **ret)
{
    struct pg *g = mem_new(1, sizeof *g);
    g->engine.ops = &ops;
    g->c = dial(a, target);
    struct err *e = NULL;
    if (is_lost(g)) {
        e = lost(g, a, "connect");
    } else {
        (void)PQsetNoticeProcessor(g->c, on_notice, NULL);
        e = simple(g, a, pg_setup_sql(a, o).p, NULL);
    }
    if (e == NULL) {
        e = verify(g, a, o);
    }
    if (e == NULL && PQenterPipelineMode(g->c) != 1) {
        e = lost(g, a, "connect");
    }
    if (e != NULL) {
        pg_close(&g->engine);
        return e;
    }
    *ret = &g->engine;
    return NULL;
}
