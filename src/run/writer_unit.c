/* One job inside a group: savepoint, command id, handler, stored reply, release (c-models 3.5). */
#include "run/reply_store.h"
#include "run/writer.h"
#include "sys/log.h"

#include <string.h>

/* Where the group's memory stood when the unit began. */
struct mark {
    size_t hashes, places, commands;
    size_t after;
    int64_t first_outbox, last_outbox;
    bool every_place;
};

static struct mark mark_of(const struct group *g)
{
    return (struct mark){.hashes = g->hashes.n,
                         .places = g->n_places,
                         .after = g->n_after,
                         .commands = g->n_commands,
                         .first_outbox = g->first_outbox,
                         .last_outbox = g->last_outbox,
                         .every_place = g->every_place};
}

static void cut_back(struct group *g, const struct mark *m)
{
    g->hashes.n = m->hashes;
    g->n_places = m->places;
    g->n_after = m->after;
    g->first_outbox = m->first_outbox;
    g->last_outbox = m->last_outbox;
    g->every_place = m->every_place;
    command_ids_undo(g->w->commands, g->n_commands - m->commands);
    g->n_commands = m->commands;
}

static struct err *replay(struct job *j, const struct command *seen)
{
    struct bytes sha = j->request_sha256;

    if (sha.n != sizeof(seen->request_sha256) || memcmp(sha.p, seen->request_sha256, sha.n) != 0) {
        return err_hint(ERROR(j->call.arena, ERR_KEY_MISMATCH,
                              "这个 Idempotency-Key 已用于内容不同的请求",
                              "This Idempotency-Key was used for a request with other content"),
                        "请为新的请求使用新的编号", "Use a fresh key for a new request");
    }
    return reply_find(&j->call, seen->seq, &j->outcome);
}

static struct err *perform(struct group *g, struct job *j)
{
    struct call *c = &j->call;
    bool keyed = (c->op->flags & OP_NO_KEY) == 0 && c->idempotency_key.p != NULL;
    const struct command *seen = NULL;
    int64_t seq;

    TRY(op_enter(c));
    TRY(op_need_key(c));
    if (keyed) {
        seen = command_ids_find(g->w->commands, c->actor.person_id, c->idempotency_key, c->real_ms);
    }
    if (seen != NULL) {
        return replay(j, seen);
    }
    TRY(op_handle(c, j->in_json, &j->outcome.body));
    j->outcome.status = op_status(c);
    j->outcome.reply = c->reply;
    if (keyed) {
        TRY(reply_keep(c, j->request_sha256, j->outcome.status, j->outcome.body, &seq));
        command_ids_add(g->w->commands, c->actor.person_id, c->idempotency_key, j->request_sha256,
                        seq, c->real_ms);
        g->n_commands++;
    }
    return NULL;
}

static struct err *run(struct group *g, struct job *j)
{
    struct call *c = &j->call;
    struct unit u = {.group = g};
    struct err *e;

    TRY(unit_begin(c->db, c->arena));
    c->unit = &u;
    if (j->fn != NULL) {
        j->outcome.status = 200;
        e = j->fn(c, j->ctx);
    } else {
        e = perform(g, j);
    }
    c->unit = NULL;
    if (e == NULL) {
        e = unit_end(c->db, c->arena);
    }
    if (e != NULL) {
        unit_undo(c->db);
    }
    return e;
}

static void watch(struct writer *w, const struct job *j, int64_t took_ms)
{
    if (took_ms > WRITER_SLOW_MS) {
        atomic_fetch_add(&w->slow_units, 1);
        log_line(LOG_WARN, "writer: %s took %lld ms, request %.*s",
                 j->call.op != NULL ? j->call.op->name : "internal command", (long long)took_ms,
                 STR_ARG(j->call.request_id));
    }
}

bool writer_unit(struct group *g, struct job *j)
{
    struct writer *w = g->w;
    struct clock_source *clock = w->app->clock;
    struct mark m = mark_of(g);
    int64_t began = clock_mono_ms(clock);
    struct err *e;

    j->call.db = w->db;
    j->call.now_ms = clock_office_ms(clock);
    j->call.real_ms = clock_real_ms(clock);
    e = run(g, j);
    watch(w, j, clock_mono_ms(clock) - began);
    atomic_fetch_add(&w->units, 1);
    if (e == NULL) {
        return true;
    }
    cut_back(g, &m);
    atomic_fetch_add(&w->units_failed, 1);
    j->outcome = (struct outcome){.err = e, .status = err_info(e->code)->status};
    return e->code != ERR_DB_UNAVAILABLE && e->code != ERR_DISK_FULL && e->code != ERR_LEASE_LOST;
}
