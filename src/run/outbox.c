/* Pruning (outbox.h). Rows are as old as their place in the table says, so the oldest page is read,
 * and what of it is too old is deleted, page by page, each a command of its own: the writer is
 * never held up by it. */
#include "run/outbox.h"

#include "base/arena.h"
#include "base/check.h"
#include "run/lane.h"
#include "sys/log.h"

#define PAGE      500
#define PAGES_MAX 200 /* a run; the rest waits for the next */
#define HOUR_MS   INT64_C(3600000)

struct outbox_place {
    int64_t id, at, first, end, page;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_INT(struct outbox_place, id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_place, at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_place, first, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_place, end, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_place, page, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(OUTBOX_OLDEST,
     "run.outbox_oldest",
     ROWS,
     ROWS,
     struct outbox_place,
     "SELECT id, at FROM outbox WHERE id > :first AND id < :end ORDER BY id LIMIT :page");
STMT(OUTBOX_NEWEST,
     "run.outbox_newest",
     ROWS,
     ROWS,
     struct outbox_place,
     "SELECT id, at FROM outbox WHERE id > :first AND id < :end ORDER BY id DESC LIMIT 1");
STMT_RUN(OUTBOX_DROP,
         "run.outbox_drop",
         ROWS,
         "DELETE FROM outbox WHERE id > :first AND id <= :id");

static struct err *drop(struct call *c, void *ctx)
{
    return db_run(c->db, c->arena, &OUTBOX_DROP, ctx, NULL);
}

/* The oldest page: up to which row may it go, and how many are that? */
static struct err *too_old(struct call *c, struct outbox_place *p, int64_t before, size_t *ret_n)
{
    struct list rows;

    TRY(db_all(c->db, c->arena, &OUTBOX_OLDEST, p, &rows));
    const struct outbox_place *r = rows.p;
    for (*ret_n = 0; *ret_n < rows.n && r[*ret_n].at < before; (*ret_n)++) {
        p->id = r[*ret_n].id;
    }
    return NULL;
}

struct err *outbox_prune(struct call *c, int64_t *ret_removed)
{
    struct outbox_place p = {
        .first = c->office_id << 40, .end = (c->office_id + 1) << 40, .page = PAGE};
    struct outbox_place last = {0};
    int64_t before = c->now_ms - c->app->conf.events_keep_hours * HOUR_MS, removed = 0;
    size_t n = PAGE;
    bool found;

    TRY(db_one(c->db, c->arena, &OUTBOX_NEWEST, &p, &last, &found));
    p.end = found ? last.id - OUTBOX_LEAST + 1 : 0; /* ids have no gaps but of undone groups */
    for (int page = 0; n == PAGE && page < PAGES_MAX; page++) {
        TRY(too_old(c, &p, before, &n));
        if (n > 0) {
            TRY(lane_write(c, drop, &p));
            removed += (int64_t)n;
        }
    }
    if (ret_removed != NULL) {
        *ret_removed = removed;
    }
    return NULL;
}

static struct err *prune(struct call *c, void *ctx)
{
    (void)ctx;
    return outbox_prune(c, NULL);
}

static void pruned(struct job *j)
{
    if (j->outcome.err != NULL) {
        log_err(LOG_WARN, STR_NONE, j->outcome.err);
    }
    arena_free(j->call.arena);
}

void outbox_post_prune(struct app *app)
{
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);

    call_init(&j->call, app, a, ACTOR_SYSTEM);
    j->fn = prune;
    j->done = pruned;
    if (!lane_post_to(app->lanes, LANE_SLOW, j)) {
        arena_free(a);
    }
}
