/* Statements: prepared on first use and kept with their connection, matched with the field rows,
 * run, and their rows read into structs. */
#include "base/check.h"
#include "store/db_struct.h"
#include "store/scan.h"

#include <string.h>

static struct err *fit(struct arena *a, struct prepared *p, const char *what, struct str name)
{
    return err_cause(ERROR(a, ERR_DB, "数据库语句与字段不一致。",
                           "A statement and its fields do not fit together."),
                     "%s: %s %.*s", p->stmt->name, what, STR_ARG(name));
}

static struct err *find_params(struct db *d, struct arena *a, struct prepared *p)
{
    const struct stmt *s = p->stmt;
    struct str sql = str_of(d->kind == DB_PG && s->sql_pg != NULL ? s->sql_pg : s->sql);
    CHECK(sql.p != NULL);
    struct scan scan;
    const char *why = NULL;
    if (!scan_params(a, sql, &scan, &why)) {
        return fit(a, p, why, STR_NONE);
    }
    p->sql = str_dup(d->arena, d->kind == DB_PG ? scan.numbered : sql);
    p->param = ARENA_ARRAY(d->arena, const struct field *, scan.n + 1);
    for (; p->n_params < scan.n; p->n_params++) {
        p->param[p->n_params] = row_field(s->in, scan.names[p->n_params]);
        if (p->param[p->n_params] == NULL) {
            return fit(a, p, "no field for parameter", scan.names[p->n_params]);
        }
    }
    return NULL;
}

static struct err *find_columns(struct arena *a, struct prepared *p)
{
    if (p->stmt->out == NULL && p->n_columns > 0) {
        return fit(a, p, "rows are returned but there is no row struct", STR_NONE);
    }
    for (size_t i = 0; i < p->n_columns; i++) {
        struct column *c = &p->column[i];
        c->field = row_field(p->stmt->out, c->name);
        if (c->field == NULL) {
            return fit(a, p, "no field for column", c->name);
        }
        if (c->kind != VALUE_OTHER && c->kind != row_kind(c->field)) {
            return fit(a, p, "another type than the field has column", c->name);
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq(p->column[k].name, c->name)) {
                return fit(a, p, "twice column", c->name);
            }
        }
    }
    return p->stmt->out != NULL && p->n_columns == 0
               ? fit(a, p, "there is a row struct but no rows", STR_NONE)
               : NULL;
}

struct err *db_prepared(struct db *d, struct arena *a, const struct stmt *s, struct prepared **ret)
{
    TRY(db_ready(d, a));
    *ret = map_get_int(d->cache, (int64_t)(intptr_t)s);
    if (*ret != NULL) {
        return NULL;
    }
    struct prepared *p = ARENA_NEW(d->arena, struct prepared);
    p->stmt = s;
    TRY(find_params(d, a, p));
    TRY(db_noted(d, d->engine->ops->prepare(d->engine, a, d->arena, p)));
    TRY(find_columns(a, p));
    map_put_int(d->cache, (int64_t)(intptr_t)s, p);
    *ret = p;
    return NULL;
}

static struct err *execute(struct db *d, struct prepared *p, const void *in, struct run *r)
{
    CHECK(!p->running);
    struct err *e = row_bind(r->arena, p, in, &r->params);
    if (e == NULL) {
        p->running = true;
        e = d->engine->ops->run(d->engine, p, r);
        p->running = false;
    }
    return e;
}

/* Collects rows as structs, one after another. */
struct collect {
    struct arena *arena;
    struct prepared *p;
    size_t cap, max;
    struct list list;
    void *one;
};

static struct err *collect_row(void *ctx, const struct value *values)
{
    struct collect *c = ctx;
    size_t size = c->p->stmt->out_size;
    if (c->list.n == c->max) {
        return err_cause(
            ERROR(c->arena, ERR_DB, "查到了不止一条记录。", "More than one record was found."),
            "%s", c->p->stmt->name);
    }
    if (c->one != NULL) {
        memset(c->one, 0, size);
        c->list.n++;
        return row_read(c->arena, c->p, values, true, c->one);
    }
    if (c->list.n == c->cap) {
        c->cap = c->cap == 0 ? 8 : c->cap * 2;
        /* sizeof a struct is a multiple of its alignment, which is at most 16 */
        void *grown = arena_array(c->arena, c->cap, size, 16);
        if (c->list.n > 0) {
            memcpy(grown, c->list.p, c->list.n * size);
        }
        c->list.p = grown;
    }
    void *at = (char *)c->list.p + c->list.n * size;
    c->list.n++;
    return row_read(c->arena, c->p, values, true, at);
}

static struct err *collect(struct db *d, const struct stmt *s, const void *in, struct collect *c)
{
    CHECK(s->out != NULL);
    TRY(db_prepared(d, c->arena, s, &c->p));
    struct run r = {.arena = c->arena, .row_arena = c->arena, .row = collect_row, .ctx = c};
    return db_noted(d, execute(d, c->p, in, &r));
}

struct err *db_one(struct db *d,
                   struct arena *a,
                   const struct stmt *s,
                   const void *in,
                   void *ret_row,
                   bool *ret_found)
{
    struct collect c = {.arena = a, .max = 1, .one = ret_row};
    TRY(collect(d, s, in, &c));
    *ret_found = c.list.n == 1;
    return NULL;
}

struct err *
db_all(struct db *d, struct arena *a, const struct stmt *s, const void *in, struct list *ret)
{
    struct collect c = {.arena = a, .max = SIZE_MAX};
    TRY(collect(d, s, in, &c));
    *ret = c.list;
    return NULL;
}

struct walk {
    struct prepared *p;
    struct arena *scratch;
    void *row;
    struct err *(*fn)(void *ctx, const void *row);
    void *ctx;
    bool stopped; /* by fn: no fault of the data base */
};

static struct err *walk_row(void *ctx, const struct value *values)
{
    struct walk *w = ctx;
    memset(w->row, 0, w->p->stmt->out_size);
    TRY(row_read(w->scratch, w->p, values, false, w->row));
    struct err *e = w->fn(w->ctx, w->row);
    w->stopped = e != NULL;
    arena_reset(w->scratch);
    return e;
}

struct err *db_each(struct db *d,
                    struct arena *a,
                    const struct stmt *s,
                    const void *in,
                    struct err *(*fn)(void *ctx, const void *row),
                    void *ctx)
{
    CHECK(s->out != NULL);
    struct walk w = {.fn = fn, .ctx = ctx, .row = arena_alloc(a, s->out_size, 16)};
    TRY(db_prepared(d, a, s, &w.p));
    w.scratch = arena_new(0);
    struct run r = {.arena = a, .row_arena = w.scratch, .row = walk_row, .ctx = &w};
    struct err *e = execute(d, w.p, in, &r);
    arena_free(w.scratch);
    return w.stopped ? e : db_noted(d, e);
}

struct err *
db_run(struct db *d, struct arena *a, const struct stmt *s, const void *in, int64_t *ret_changed)
{
    struct prepared *p = NULL;
    TRY(db_prepared(d, a, s, &p));
    struct run r = {.arena = a, .row_arena = a};
    TRY(db_noted(d, execute(d, p, in, &r)));
    if (ret_changed != NULL) {
        *ret_changed = r.count;
    }
    return NULL;
}

struct err *
db_push_one(struct db *d, struct arena *a, const struct stmt *s, const void *in, enum err_code code)
{
    CHECK(d->in_group);
    struct prepared *p = NULL;
    TRY(db_prepared(d, a, s, &p));
    CHECK(!p->running);
    struct run r = {.arena = a, .row_arena = a};
    struct err *e = row_bind(a, p, in, &r.params);
    return db_noted(d, e != NULL ? e : d->engine->ops->push(d->engine, p, &r, code));
}

struct err *db_push(struct db *d, struct arena *a, const struct stmt *s, const void *in)
{
    return db_push_one(d, a, s, in, PUSH_ANY);
}

struct err *db_script(struct db *d, struct arena *a, struct str sql)
{
    TRY(db_ready(d, a));
    return db_noted(d, d->engine->ops->script(d->engine, a, sql));
}
