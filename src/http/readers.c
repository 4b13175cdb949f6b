/* Read connections that HTTP threads borrow for short reads (OP_INLINE). A stack under a lock: the
 * one used last is warm. http/ only hands them to lane_run_here and looks at nothing inside. */
#include "base/check.h"
#include "http/inner.h"
#include "run/app.h"
#include "sys/log.h"
#include "sys/thread.h"

#define CACHE_KIB 4096 /* performance.md 4.6 */
#define LIMIT_MS  2000 /* a read by key that takes longer is not short */

struct readers {
    struct mutex *lock;
    struct app *app;
    struct db **idle;
    size_t n_idle, n_open, max;
};

struct readers *readers_new(struct app *app, size_t n)
{
    struct readers *r = mem_new(1, sizeof(*r));

    r->lock = mutex_new();
    r->app = app;
    r->idle = mem_new(n, sizeof(struct db *));
    r->max = n;
    return r;
}

void readers_free(struct readers *r)
{
    if (r == NULL) {
        return;
    }
    CHECK(r->n_idle == r->n_open);
    for (size_t i = 0; i < r->n_idle; i++) {
        db_close(r->idle[i]);
    }
    mem_free(r->idle);
    mutex_free(r->lock);
    mem_free(r);
}

static struct db *open_one(const struct conf *conf)
{
    const struct db_options o = {.cache_kib = CACHE_KIB, .statement_timeout_ms = LIMIT_MS};
    struct arena *a = arena_new(0);
    struct str place =
        conf->db.n > 0 ? conf->db : str_fmt(a, "%.*s/huhang.db", STR_ARG(conf->data));
    struct db *d = NULL;
    struct err *e = db_open(a, place, &o, &d);

    if (e != NULL) {
        log_err(LOG_WARN, STR_NONE, e);
        d = NULL;
    }
    arena_free(a);
    return d;
}

struct db *readers_take(struct readers *r)
{
    struct db *d = NULL;
    bool open = false;

    mutex_lock(r->lock);
    if (r->n_idle > 0) {
        d = r->idle[--r->n_idle];
    } else if (r->n_open < r->max) {
        r->n_open++;
        open = true;
    }
    mutex_unlock(r->lock);
    if (open) {
        d = open_one(&r->app->conf);
        if (d == NULL) {
            mutex_lock(r->lock);
            r->n_open--;
            mutex_unlock(r->lock);
        }
    }
    return d;
}

void readers_give(struct readers *r, struct db *d, bool broken)
{
    if (broken) {
        db_close(d);
    } else {
        db_hand_over(d);
    }
    mutex_lock(r->lock);
    if (broken) {
        r->n_open--;
    } else {
        r->idle[r->n_idle++] = d;
    }
    mutex_unlock(r->lock);
}
