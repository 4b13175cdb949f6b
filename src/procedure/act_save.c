/* Step 11 and 12 of an act: writing what the command did. Rows go out in an order that keeps
 * foreign keys: keys, matters, acts with bodies and leaves, clocks, documents, facts, work, outbox.
 * Nobody awaits the single writes; the unit's end reports a failure. */
#include "procedure/act_save.h"

#include "ledger/event.h"
#include "procedure/matter_rows.h"

#include <string.h>

struct key_row {
    int64_t id, office_id;
    struct bytes wrapped;
};

/* clang-format off */
static const struct field KEY[] = {
    F_ID(struct key_row, id, 0, NULL, NULL),
    F_ID(struct key_row, office_id, 0, NULL, NULL),
    F_BYTES(struct key_row, wrapped, 0),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(INSERT_KEY,
         "save.key",
         KEY,
         "INSERT INTO data_key (id, office_id, wrapped) VALUES (:id, :office_id, :wrapped)");
STMT_RUN(INSERT_MATTER,
         "save.matter",
         MATTER_ROW,
         "INSERT INTO matter (id, office_id, kind, definition_id, item_version_id, number, "
         "parent_id, unit_id, origin_id,"
         " party_id, key_id, assignee_id, state, class, acts, facts, title, channel, priority, "
         "opened_on, opened_at,"
         " closed_at, final_light, prev_leaf) VALUES (:id, :office_id, :kind, :definition_id, "
         ":item_version_id, :number,"
         " :parent_id, :unit_id, :origin_id, :party_id, :key_id, :assignee_id, :state, :class, "
         ":acts, :facts, :title,"
         " :channel, :priority, :opened_on, :opened_at, :closed_at, :final_light, :prev_leaf)");
STMT_RUN(
    UPDATE_MATTER,
    "save.matter_again",
    MATTER_ROW,
    "UPDATE matter SET definition_id = :definition_id, unit_id = :unit_id, assignee_id = "
    ":assignee_id,"
    " state = :state, class = :class, acts = :acts, facts = :facts, priority = :priority, "
    "opened_on = :opened_on,"
    " closed_at = :closed_at, final_light = :final_light, prev_leaf = :prev_leaf WHERE id = :id");
STMT_RUN(INSERT_ACT,
         "save.act",
         ACT_ROW,
         "INSERT INTO act (id, office_id, matter_id, seq, name, from_state, to_state, actor_id, "
         "actor_role, actor_unit,"
         " mandate_id, with_ids, channel, occurred_at, effective_on, recorded_at, definition_id, "
         "cause_id, corrects_id,"
         " shown, due_on, body_commit, salt, log, leaf_index) VALUES (:id, :office_id, :matter_id, "
         ":seq, :name,"
         " :from_state, :to_state, :actor_id, :actor_role, :actor_unit, :mandate_id, :with_ids, "
         ":channel, :occurred_at,"
         " :effective_on, :recorded_at, :definition_id, :cause_id, :corrects_id, :shown, :due_on, "
         ":body_commit, :salt,"
         " :log, :leaf_index)");
STMT_RUN(INSERT_BODY,
         "save.body",
         BODY_ROW,
         "INSERT INTO act_body (act_id, salt, body) VALUES (:act_id, :salt, :body)");

static int64_t or_null(int64_t id)
{
    return id == 0 ? FIELD_NO_INT : id;
}

static struct str day_text(struct arena *a, int32_t day)
{
    return day == CIVIL_NO_DAY ? STR_NONE : civil_text(a, day);
}

static struct matter_row row_of(struct call *c, const struct matter *m)
{
    return (struct matter_row){
        .id = m->id,
        .office_id = m->office_id,
        .definition_id = m->definition_id,
        .item_version_id = or_null(m->item_version_id),
        .parent_id = or_null(m->parent_id),
        .unit_id = m->unit_id,
        .origin_id = m->origin_id,
        .party_id = or_null(m->party_id),
        .key_id = m->key.id,
        .assignee_id = or_null(m->assignee_id),
        .class = m->class,
        .acts = m->acts,
        .priority = m->priority,
        .opened_at = m->opened_at,
        .closed_at = or_null(m->closed_at),
        .final_light = or_null(m->final_light),
        .kind = m->d->kind,
        .number = m->number,
        .state = m->d->states[m->state].name,
        .facts = matter_facts_text(c->arena, m),
        .title = m->title,
        .channel = m->channel,
        .opened_on = civil_text(c->arena, m->opened_day),
        .prev_leaf = m->prev_leaf,
    };
}

static struct err *save_new_matter(struct call *c, struct matter *m)
{
    struct key_row row = {.id = m->key.id, .office_id = m->office_id, .wrapped = m->wrapped};
    TRY(db_push(c->db, c->arena, &INSERT_KEY, &row));
    struct matter_row mr = row_of(c, m);
    return db_push(c->db, c->arena, &INSERT_MATTER, &mr);
}

static void event_of(struct call *c,
                     const struct act_done *d,
                     const struct mact *a,
                     const unsigned char commit[32],
                     struct event *ret)
{
    const struct matter *m = d->m;
    *ret = (struct event){
        .office = m->office_id,
        .matter = m->id,
        .seq = a->seq,
        .act = a->name,
        .from_state = a->from_state,
        .to_state = a->to_state,
        .role = a->role,
        .actor = a->actor_id,
        .occurred_ms = a->occurred_at,
        .recorded_ms = a->recorded_at,
        .effective_on = a->effective_on,
        .cause = a->cause_id == 0 ? -1 : a->cause_id,
        .corrects = a->corrects_id == 0 ? -1 : a->corrects_id,
        .due_on = day_text(c->arena, d->due_day),
        .has_prev = m->prev_leaf.n == 32,
    };
    memcpy(ret->definition_sha256, d->d->sha256, 32);
    memcpy(ret->body_commit, commit, 32);
    if (ret->has_prev) {
        memcpy(ret->prev_leaf_hash, m->prev_leaf.p, 32);
    }
}

/* Body, commitment, event, leaf: design.md 6. */
static struct err *save_leaf(struct call *c,
                             struct act_done *d,
                             struct act_row *row,
                             const struct str body,
                             unsigned char *body_salt)
{
    struct mact *a = &d->m->done[d->index];
    unsigned char *salt = arena_alloc(c->arena, CRYPT_SALT_LEN, 1);
    unsigned char *commit = arena_alloc(c->arena, 32, 1);
    unsigned char *hash = arena_alloc(c->arena, 32, 1);
    unsigned char leaf[LEAF_EVENT_LEN];
    struct event e;
    crypt_random(salt, CRYPT_SALT_LEN);
    crypt_random(body_salt, CRYPT_SALT_LEN);
    event_body_commit(body_salt, str_bytes(body), commit);
    event_of(c, d, a, commit, &e);
    event_leaf(salt, a->recorded_at, event_encode(c->arena, &e), leaf);
    TRY(unit_leaf(c, 0, (struct bytes){leaf, sizeof leaf}, a->id, &a->leaf_index, hash));
    d->m->prev_leaf = (struct bytes){hash, 32};
    row->salt = (struct bytes){salt, CRYPT_SALT_LEN};
    row->body_commit = (struct bytes){commit, 32};
    row->log = unit_log(c);
    row->leaf_index = a->leaf_index;
    return NULL;
}

static struct act_row act_row_of(struct call *c, const struct act_done *d)
{
    const struct mact *a = &d->m->done[d->index];
    return (struct act_row){
        .id = a->id,
        .office_id = d->m->office_id,
        .matter_id = d->m->id,
        .seq = a->seq,
        .actor_id = or_null(a->actor_id),
        .actor_unit = or_null(a->actor_unit),
        .mandate_id = or_null(a->mandate_id),
        .occurred_at = a->occurred_at,
        .recorded_at = a->recorded_at,
        .definition_id = a->definition_id,
        .cause_id = or_null(a->cause_id),
        .corrects_id = or_null(a->corrects_id),
        .shown = a->shown,
        .name = a->name,
        .from_state = a->from_state,
        .to_state = a->to_state,
        .actor_role = a->role,
        .with_ids = a->with_ids,
        .channel = a->channel,
        .effective_on = a->effective_on,
        .due_on = day_text(c->arena, d->due_day),
    };
}

static struct err *save_act(struct call *c, struct act_done *d)
{
    struct str body = jval_text(c->arena, &d->body);
    unsigned char *body_salt = arena_alloc(c->arena, CRYPT_SALT_LEN, 1);
    struct act_row row = act_row_of(c, d);
    TRY(save_leaf(c, d, &row, body, body_salt));
    struct body_row br = {
        .act_id = row.id,
        .salt = {body_salt, CRYPT_SALT_LEN},
        .body = seal_value(c->arena, &d->m->key, S("act"), body),
    };
    TRY(db_push(c->db, c->arena, &INSERT_ACT, &row));
    return db_push(c->db, c->arena, &INSERT_BODY, &br);
}

/* Who hears of it: the unit's staff and the party; ids only, never text. */
static struct err *save_outbox(struct call *c, const struct act_done *d)
{
    const struct matter *m = d->m;
    const struct mact *a = &m->done[d->index];
    struct buf audience, body;
    struct jw w;
    buf_init(&audience, c->arena, 64);
    buf_fmt(&audience, "unit:%lld", (long long)m->unit_id);
    if (m->party_id != 0 && a->shown >= SHOW_APPLICANT) {
        buf_fmt(&audience, " party:%lld", (long long)m->party_id);
    }
    buf_init(&body, c->arena, 128);
    jw_init(&w, &body);
    jw_obj(&w);
    jw_kint(&w, "matter_id", m->id);
    jw_kint(&w, "act_id", a->id);
    jw_kstr(&w, "act", a->name);
    jw_end_obj(&w);
    return unit_outbox(c, "matter.act", m->id, a->id, buf_str(&audience), buf_str(&body));
}

struct err *run_save(struct act_run *r)
{
    struct call *c = r->c;
    for (size_t i = 0; i < r->n_matters; i++) {
        if (r->matters[i]->fresh) {
            TRY(save_new_matter(c, r->matters[i]));
        }
    }
    for (size_t i = 0; i < r->n_done; i++) {
        TRY(save_act(c, &r->done[i]));
        TRY(save_letter(c, &r->done[i]));
        TRY(save_outbox(c, &r->done[i]));
    }
    for (size_t i = 0; i < r->n_matters; i++) {
        struct matter *m = r->matters[i];
        struct matter_row row = row_of(c, m);
        TRY(db_push(c->db, c->arena, &UPDATE_MATTER, &row));
        TRY(save_clocks(c, m));
        TRY(save_facts(c, m));
        TRY(save_work(c, m));
        m->fresh = false;
    }
    return NULL;
}
