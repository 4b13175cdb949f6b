/* Letting time pass: expiries and marks that have come, oldest first, one unit for a handful of
 * clocks. A server that slept writes the same history as one that did not: each expiry occurs at
 * its own instant (procedures.md 2.2). The sweep runs each second through the writer when something
 * is due, so a missed wake-up heals itself. */
#include "procedure/act.h"
#include "procedure/matter_rows.h"

#include "sys/log.h"

#include <stdatomic.h>

struct due_row {
    int64_t office_id, now, id, matter_id, next_at;
};

/* clang-format off */
static const struct field DUE[] = {
    F_ID(struct due_row, office_id, 0, NULL, NULL),
    F_INT(struct due_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct due_row, id, 0, NULL, NULL),
    F_ID(struct due_row, matter_id, 0, NULL, NULL),
    F_INT(struct due_row, next_at, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(NEXT_DUE,
     "sweep.next",
     DUE,
     DUE,
     struct due_row,
     "SELECT office_id, next_at AS now, id, matter_id, next_at FROM clock WHERE office_id = "
     ":office_id AND next_at IS NOT NULL"
     " AND next_at <= :now ORDER BY next_at, id LIMIT 1");

static struct err *sweep_one(struct call *c, bool *ret_found)
{
    struct due_row in = {.office_id = c->office_id, .now = c->now_ms}, row;
    struct act_run *r = ARENA_NEW(c->arena, struct act_run);
    struct matter *m = NULL;
    TRY(db_one(c->db, c->arena, &NEXT_DUE, &in, &row, ret_found));
    if (!*ret_found) {
        return NULL;
    }
    r->c = c;
    TRY(run_matter(r, row.matter_id, &m));
    TRY(run_catch_up(r, m, row.next_at));
    return run_save(r);
}

struct err *engine_sweep(struct call *c, size_t max, bool *ret_more)
{
    *ret_more = false;
    if (!clock_trusted(c->app->clock)) {
        return NULL;
    }
    for (size_t i = 0; i < max; i++) {
        bool found = false;
        TRY(sweep_one(c, &found));
        if (!found) {
            return NULL;
        }
    }
    *ret_more = true;
    return NULL;
}

static atomic_bool sweeping;

static struct err *sweep_command(struct call *c, void *ctx)
{
    bool more = false;
    (void)ctx;
    return engine_sweep(c, 8, &more);
}

static void swept(struct job *j)
{
    if (j->outcome.err != NULL) {
        log_err(LOG_ERROR, STR_NONE, j->outcome.err);
    }
    atomic_store(&sweeping, false);
    arena_free(j->call.arena);
}

/* Timer thread, each second. One sweep is under way at a time. */
void engine_tick(struct app *app)
{
    if (atomic_exchange(&sweeping, true)) {
        return;
    }
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);
    call_init(&j->call, app, a, ACTOR_SYSTEM);
    j->fn = sweep_command;
    j->done = swept;
    if (!lane_post(app->lanes, j)) {
        arena_free(a);
        atomic_store(&sweeping, false);
    }
}
