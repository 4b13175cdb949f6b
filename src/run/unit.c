/* The products of a write command: outbox rows, ledger leaves, audit rows, new ids. Rows go into
 * the unit's savepoint at once; what lies in memory (leaf hashes, outbox numbers) is kept in the
 * group and cut back by writer_unit.c when the unit fails, so leaf indexes stay gapless. */
#include "run/writer.h"

#include "base/check.h"

#include <string.h>

struct outbox_row {
    int64_t id, office_id, matter_id, act_id, at;
    struct str topic, audience, body;
};

struct leaf_row {
    int64_t office_id, log, leaf_index, type, act_id;
    struct bytes leaf;
};

struct audit_row {
    int64_t id, office_id, actor_id, at;
    struct str op, subject, channel, body;
};

/* clang-format off */
static const struct field outbox_rows[] = {
    F_INT(struct outbox_row, id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, matter_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, act_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct outbox_row, topic, 0, 0, 100, NULL, NULL),
    F_TEXT(struct outbox_row, audience, 0, 0, 1000, NULL, NULL),
    F_TEXT(struct outbox_row, body, 0, 0, 10000, NULL, NULL),
    FIELD_END,
};
static const struct field leaf_rows[] = {
    F_INT(struct leaf_row, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct leaf_row, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct leaf_row, leaf_index, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct leaf_row, type, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct leaf_row, act_id, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct leaf_row, leaf, 0),
    FIELD_END,
};
static const struct field audit_rows[] = {
    F_INT(struct audit_row, id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct audit_row, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct audit_row, actor_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct audit_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct audit_row, op, 0, 0, 100, NULL, NULL),
    F_TEXT(struct audit_row, subject, 0, 0, 200, NULL, NULL),
    F_TEXT(struct audit_row, channel, 0, 0, 20, NULL, NULL),
    F_TEXT(struct audit_row, body, 0, 0, 10000, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(OUTBOX_ADD,
         "run.outbox_add",
         outbox_rows,
         "INSERT INTO outbox (id, office_id, topic, matter_id, act_id, audience, body, at)"
         " VALUES (:id, :office_id, :topic, :matter_id, :act_id, :audience, :body, :at)");
STMT_RUN(LEAF_ADD,
         "run.leaf_add",
         leaf_rows,
         "INSERT INTO ledger_leaf (office_id, log, leaf_index, type, leaf, act_id)"
         " VALUES (:office_id, :log, :leaf_index, :type, :leaf, :act_id)");
STMT_RUN(AUDIT_ADD,
         "run.audit_add",
         audit_rows,
         "INSERT INTO audit (id, office_id, op, actor_id, subject, channel, at, body)"
         " VALUES (:id, :office_id, :op, :actor_id, :subject, :channel, :at, :body)");

static struct group *group_of(const struct call *c)
{
    const struct unit *u = c->unit;

    CHECK(u != NULL); /* only inside a WRITE command */
    return u->group;
}

static int64_t or_null(int64_t id)
{
    return id > 0 ? id : FIELD_NO_INT;
}

int64_t unit_id(struct call *c, const char *table)
{
    return ids_next(group_of(c)->w->app->ids, table);
}

/* Who is to be woken after the commit; the same audience is told once. */
static void add_place(struct group *g, struct str audience)
{
    for (size_t i = 0; i < g->n_places; i++) {
        if (str_eq(g->place[i], audience)) {
            return;
        }
    }
    if (g->n_places == WRITER_MAX_PLACES) {
        g->every_place = true;
    } else {
        g->place[g->n_places++] = str_dup(g->arena, audience);
    }
}

struct err *unit_outbox(struct call *c,
                        const char *topic,
                        int64_t matter_id,
                        int64_t act_id,
                        struct str audience,
                        struct str body)
{
    struct group *g = group_of(c);
    struct outbox_row row = {.id = unit_id(c, "outbox"),
                             .office_id = c->office_id,
                             .matter_id = or_null(matter_id),
                             .act_id = or_null(act_id),
                             .at = c->now_ms,
                             .topic = str_of(topic),
                             .audience = audience,
                             .body = body};

    TRY(db_push(c->db, c->arena, &OUTBOX_ADD, &row));
    g->first_outbox = g->first_outbox == 0 ? row.id : g->first_outbox;
    g->last_outbox = row.id;
    add_place(g, audience);
    return NULL;
}

int64_t unit_log(struct call *c)
{
    return group_of(c)->w->head.log;
}

struct err *unit_leaf(struct call *c,
                      int type,
                      struct bytes leaf,
                      int64_t act_id,
                      int64_t *ret_index,
                      unsigned char ret_leaf_hash[32])
{
    struct group *g = group_of(c);
    struct leaf_row row = {.office_id = c->office_id,
                           .log = g->w->head.log,
                           .leaf_index = (int64_t)(g->w->head.frontier.size + g->hashes.n / 32),
                           .type = type,
                           .act_id = or_null(act_id),
                           .leaf = leaf};

    TRY(db_push(c->db, c->arena, &LEAF_ADD, &row));
    tree_leaf_hash(leaf, ret_leaf_hash);
    buf_put_bytes(&g->hashes, (struct bytes){ret_leaf_hash, 32});
    *ret_index = row.leaf_index;
    return NULL;
}

struct err *unit_audit(struct call *c, struct str subject, struct str body)
{
    struct audit_row row = {.id = unit_id(c, "audit"),
                            .office_id = c->office_id,
                            .actor_id = or_null(c->actor.person_id),
                            .at = c->now_ms,
                            .op = str_of(c->op != NULL ? c->op->name : "system"),
                            .subject = subject,
                            .channel = c->channel.p != NULL ? c->channel : S("system"),
                            .body = body.p != NULL ? body : S("{}")};

    return db_push(c->db, c->arena, &AUDIT_ADD, &row);
}

void unit_on_commit(struct call *c, void (*fn)(struct app *app, void *ctx), void *ctx)
{
    struct group *g = group_of(c);

    for (size_t i = 0; i < g->n_after; i++) {
        if (g->after[i].fn == fn && g->after[i].ctx == ctx) {
            return; /* once is enough */
        }
    }
    CHECK(g->n_after < WRITER_MAX_AFTER); /* administrative commands only, one or two each */
    g->after[g->n_after++] = (struct on_commit){fn, ctx};
}

static struct err *
run_alone(struct group *g, struct call *c, struct err *(*fn)(struct call *, void *), void *ctx)
{
    struct unit u = {.group = g};
    struct err *e;

    TRY(unit_begin(c->db, c->arena));
    c->unit = &u;
    e = fn(c, ctx);
    c->unit = NULL;
    if (e == NULL) {
        e = unit_end(c->db, c->arena);
    }
    if (e != NULL) {
        unit_undo(c->db);
    }
    return e;
}

struct err *unit_run(struct call *c, struct err *(*fn)(struct call *c, void *ctx), void *ctx)
{
    struct writer *w;
    struct group g;
    struct err *e;

    TRY(writer_of(c, &w));
    CHECK(c->unit == NULL && c->db == w->db);
    group_init(&g, w, c->arena);
    TRY(group_open(&g));
    e = run_alone(&g, c, fn, ctx);
    if (e == NULL) {
        e = group_close(&g);
    }
    if (e == NULL) {
        group_committed(&g);
        return NULL;
    }
    group_rollback(w->db);
    group_undone(&g);
    return e;
}

void unit_close(struct app *app)
{
    if (app->writer == NULL) {
        return;
    }
    if (db_engine(app->writer->db) == DB_PG) {
        writer_give_up(app->writer);
    }
    writer_close(app->writer);
    app->writer = NULL;
}
