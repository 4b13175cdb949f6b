/* One transaction of the writer: what opens it, what closes it, what follows the commit, and what
 * became of it when the connection broke.
 *
 * On PostgreSQL every group writes its number into id_block (name 'writer.group'). A commit whose
 * answer was lost happened exactly when that number is found after the lease was taken again, whose
 * UPDATE waits for the transaction in doubt; so commands without a command id are not run twice
 * either. */
#include "run/writer.h"

#include "base/arena.h"
#include "run/hub.h"
#include "sys/log.h"

#define EXPIRE_AT_ONCE 64 /* command ids a group forgets: more than it adds */

struct group_args {
    int64_t office_id, number, log, size, seq;
    struct bytes frontier;
};

struct group_row {
    int64_t next;
};

/* clang-format off */
static const struct field group_args_rows[] = {
    F_INT(struct group_args, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct group_args, number, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct group_args, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct group_args, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct group_args, seq, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct group_args, frontier, 0),
    FIELD_END,
};
static const struct field group_rows[] = {F_INT(struct group_row, next, 0, 0, INT64_MAX, NULL, NULL), FIELD_END};
/* clang-format on */

STMT(GROUP_LAST,
     "run.group_last",
     group_args_rows,
     group_rows,
     struct group_row,
     "SELECT next FROM id_block WHERE office_id = :office_id AND name = 'writer.group'");
STMT_RUN(GROUP_MARK,
         "run.group_mark",
         group_args_rows,
         "INSERT INTO id_block (office_id, name, next) VALUES (:office_id, 'writer.group', :number)"
         " ON CONFLICT (office_id, name) DO UPDATE SET next = :number");
STMT_RUN(FRONTIER_PUT,
         "run.frontier_put",
         group_args_rows,
         "INSERT INTO ledger_frontier (office_id, log, size, frontier)"
         " VALUES (:office_id, :log, :size, :frontier)"
         " ON CONFLICT (office_id, log) DO UPDATE SET size = :size, frontier = :frontier");
STMT_RUN(COMMANDS_FORGET,
         "run.commands_forget",
         group_args_rows,
         "DELETE FROM idempotency WHERE office_id = :office_id AND seq <= :seq");

static bool on_pg(const struct writer *w)
{
    return db_engine(w->db) == DB_PG;
}

void group_init(struct group *g, struct writer *w, struct arena *a)
{
    *g = (struct group){.w = w, .arena = a};
    buf_init(&g->hashes, a, 1024);
}

struct err *group_last_number(struct writer *w, struct arena *a, int64_t *ret)
{
    struct group_args args = {.office_id = w->app->office_id};
    struct group_row row = {0};
    bool found;

    TRY(db_one(w->db, a, &GROUP_LAST, &args, &row, &found));
    *ret = found ? row.next : 0;
    return NULL;
}

struct err *group_open(struct group *g)
{
    struct writer *w = g->w;
    struct err *e = NULL;

    TRY(group_begin(w->db, g->arena));
    if (on_pg(w)) {
        g->number = ++w->group_number;
        e = lease_check(w->db, g->arena, &w->lease);
        if (e == NULL) {
            e = lease_renew(w->db, g->arena, &w->lease, clock_real_ms(w->app->clock));
        }
    }
    if (e != NULL) {
        group_rollback(w->db);
    }
    return e;
}

/* What the group itself writes, once for all its units. */
static struct err *write_own_rows(struct group *g)
{
    struct writer *w = g->w;
    struct group_args args = {
        .office_id = w->app->office_id, .number = g->number, .log = w->head.log};

    g->frontier = w->head.frontier;
    for (size_t i = 0; i < g->hashes.n; i += 32) {
        frontier_add(&g->frontier, buf_bytes(&g->hashes).p + i);
    }
    if (g->hashes.n > 0) {
        args.size = (int64_t)g->frontier.size;
        args.frontier = frontier_encode(g->arena, &g->frontier);
        TRY(db_push(w->db, g->arena, &FRONTIER_PUT, &args));
    }
    args.seq = command_ids_expire(w->commands, clock_real_ms(w->app->clock), EXPIRE_AT_ONCE);
    if (args.seq > 0) {
        TRY(db_push(w->db, g->arena, &COMMANDS_FORGET, &args));
    }
    if (on_pg(w)) {
        TRY(db_push(w->db, g->arena, &GROUP_MARK, &args));
    }
    return ids_flush(w->app->ids, w->db, g->arena);
}

struct err *group_close(struct group *g)
{
    struct err *e = write_own_rows(g);

    if (e != NULL) {
        group_rollback(g->w->db);
        return e;
    }
    return group_commit(g->w->db, g->arena);
}

void group_committed(struct group *g)
{
    struct writer *w = g->w;
    struct app *app = w->app;
    struct hub *hub = app->slot[SLOT_HUB];

    if (w->signer != NULL && g->hashes.n > 0) {
        (void)signer_feed(w->signer, w->head.frontier.size, buf_bytes(&g->hashes));
    }
    w->head.frontier = g->frontier;
    ids_keep(app->ids);
    atomic_fetch_add(&w->groups, 1);
    atomic_store(&w->log_pages, db_log_pages(w->db));
    for (size_t i = 0; i < g->n_after; i++) {
        g->after[i].fn(app, g->after[i].ctx);
    }
    if (g->last_outbox == 0) {
        return;
    }
    if (hub != NULL && g->every_place) {
        hub_committed(hub, g->first_outbox, g->last_outbox);
    } else if (hub != NULL) {
        hub_committed_to(hub, g->place, g->n_places);
    }
    for (size_t i = 0; i < app->n_modules; i++) {
        if (app->modules[i]->committed != NULL) {
            app->modules[i]->committed(app, g->first_outbox, g->last_outbox);
        }
    }
}

void group_undone(struct group *g)
{
    ids_undo(g->w->app->ids);
    command_ids_undo(g->w->commands, g->n_commands);
    g->n_commands = 0;
}

/* A group whose outcome could not be learned at the time was committed after all: its leaves go to
 * the signer now. Its commands were answered "unavailable" and find their stored replies when
 * repeated. */
static struct err *catch_up(struct writer *w, struct arena *a)
{
    struct ledger_head now;
    struct bytes hashes;
    struct hub *hub = w->app->slot[SLOT_HUB];

    TRY(ledger_head_load(w->db, a, w->app->office_id, &now));
    if (now.frontier.size == w->head.frontier.size) {
        return NULL;
    }
    TRY(ledger_hashes(w->db, a, w->app->office_id, now.log, w->head.frontier.size, &hashes));
    if (w->signer != NULL) {
        (void)signer_feed(w->signer, w->head.frontier.size, hashes);
    }
    w->head = now;
    if (hub != NULL) {
        hub_committed(hub, 0, 0);
    }
    return NULL;
}

struct err *group_recover(struct group *g, bool *ret_committed)
{
    struct writer *w = g->w;
    struct ids *ids;
    int64_t last;

    *ret_committed = false;
    log_line(LOG_WARN, "writer: the data base was lost, connecting again");
    TRY(db_reconnect(w->db, g->arena));
    TRY(writer_take_lease(w, g->arena));
    TRY(group_last_number(w, g->arena, &last));
    TRY(ids_load(w->db, g->arena, w->app->office_id, &ids));
    ids_free(w->app->ids);
    w->app->ids = ids;
    TRY(command_ids_load(w->commands, w->db, g->arena, w->app->office_id));
    *ret_committed = g->number > 0 && last == g->number;
    return *ret_committed ? NULL : catch_up(w, g->arena);
}
