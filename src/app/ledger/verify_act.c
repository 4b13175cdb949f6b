/* The acts of a matter against their leaves, bodies and definition.
 *
 * Acts are read in the order of their ids, which grow with seq, so that a changed seq is found as
 * such. The leaf says whether the committed columns are as they were written; what the leaf leaves
 * out stands in the body (by, act_apply.c). */
#include "app/ledger/verify.h"

#include "base/check.h"
#include "ledger/event.h"

#include <string.h>

struct leaf_in {
    int64_t office_id, log, leaf_index, act_id, upto;
};

struct leaf_out {
    int64_t log, leaf_index, act_id;
    struct bytes leaf;
};

/* clang-format off */
static const struct field LEAF_IN[] = {
    F_ID(struct leaf_in, office_id, 0, NULL, NULL),
    F_INT(struct leaf_in, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct leaf_in, leaf_index, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct leaf_in, act_id, 0, NULL, NULL),
    F_INT(struct leaf_in, upto, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
static const struct field LEAF_OUT[] = {
    F_INT(struct leaf_out, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct leaf_out, leaf_index, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct leaf_out, act_id, 0, NULL, NULL),
    F_BYTES(struct leaf_out, leaf, 0),
    FIELD_END,
};
/* clang-format on */

#define ACT_COLUMNS                                                                                \
    "id, office_id, matter_id, seq, name, from_state, to_state, actor_id, actor_role, "            \
    "actor_unit, "                                                                                 \
    "mandate_id, with_ids, channel, occurred_at, effective_on, recorded_at, definition_id, "       \
    "cause_id, corrects_id, shown, log, leaf_index, due_on, body_commit, salt"

STMT(ACTS,
     "verify.acts",
     ID_ROW,
     ACT_ROW,
     struct act_row,
     "SELECT " ACT_COLUMNS " FROM act WHERE matter_id = :id ORDER BY id");
STMT(ONE_ACT,
     "verify.act",
     ID_ROW,
     ACT_ROW,
     struct act_row,
     "SELECT " ACT_COLUMNS " FROM act WHERE id = :id");
STMT(
    ACT_BEFORE,
    "verify.act_before",
    ID_ROW,
    LEAF_OUT,
    struct leaf_out,
    "SELECT l.log, l.leaf_index, l.act_id, l.leaf FROM act a JOIN act b ON b.matter_id = "
    "a.matter_id AND b.seq = a.seq - 1 JOIN ledger_leaf l ON l.office_id = b.office_id AND l.log = "
    "b.log AND l.leaf_index = b.leaf_index WHERE a.id = :id");
STMT(LEAF_AT,
     "verify.leaf",
     LEAF_IN,
     LEAF_OUT,
     struct leaf_out,
     "SELECT log, leaf_index, act_id, leaf FROM ledger_leaf WHERE office_id = :office_id AND log = "
     ":log AND leaf_index = :leaf_index");
STMT(
    LEAF_OF,
    "verify.leaf_of",
    LEAF_IN,
    LEAF_OUT,
    struct leaf_out,
    "SELECT log, leaf_index, act_id, leaf FROM ledger_leaf WHERE office_id = :office_id AND act_id "
    "= :act_id ORDER BY log, leaf_index LIMIT 1");
STMT(LEAVES_OF_ACTS,
     "verify.leaves_of_acts",
     LEAF_IN,
     LEAF_OUT,
     struct leaf_out,
     "SELECT log, leaf_index, act_id, leaf FROM ledger_leaf WHERE office_id = :office_id AND log = "
     ":log AND type = 0 AND leaf_index >= :leaf_index AND leaf_index < :upto ORDER BY leaf_index");
STMT(LEAF_WITHOUT_ACT,
     "verify.leaf_without_act",
     LEAF_IN,
     LEAF_OUT,
     struct leaf_out,
     "SELECT l.log, l.leaf_index, l.act_id, l.leaf FROM ledger_leaf l LEFT JOIN act a ON a.id = "
     "l.act_id WHERE l.office_id = :office_id AND l.type = 0 AND a.id IS NULL"
     " ORDER BY l.log, l.leaf_index LIMIT 1");
STMT(BODY_WITHOUT_ACT,
     "verify.body_without_act",
     NULL,
     ID_ROW,
     struct id_row,
     "SELECT b.act_id AS id FROM act_body b LEFT JOIN act a ON a.id = b.act_id WHERE a.id IS NULL"
     " ORDER BY b.act_id LIMIT 1");

/* ---- leaves ---- */

static int64_t or_minus_1(int64_t id)
{
    return id == FIELD_NO_INT ? -1 : id;
}

void act_leaf(struct arena *a,
              const struct act_check *k,
              const struct act_row *row,
              unsigned char ret[LEAF_EVENT_LEN])
{
    struct event e = {
        .office = row->office_id,
        .matter = row->matter_id,
        .seq = row->seq,
        .act = row->name,
        .from_state = row->from_state,
        .to_state = row->to_state,
        .role = row->actor_role,
        .actor = row->actor_id == FIELD_NO_INT ? 0 : row->actor_id,
        .occurred_ms = row->occurred_at,
        .recorded_ms = row->recorded_at,
        .effective_on = row->effective_on,
        .cause = or_minus_1(row->cause_id),
        .corrects = or_minus_1(row->corrects_id),
        .due_on = row->due_on,
        .has_prev = k->prev.p != NULL,
    };
    memcpy(e.definition_sha256, k->def->sha256, 32);
    memcpy(e.body_commit, row->body_commit.p, 32);
    if (e.has_prev) {
        memcpy(e.prev_leaf_hash, k->prev.p, 32);
    }
    event_leaf(row->salt.p, row->recorded_at, event_encode(a, &e), ret);
}

/* What the encoding demands of a row; a row that was written by us has it. */
static struct err *encodable(struct verify *v, const struct act_row *r)
{
    const struct {
        const char *field;
        bool good;
    } rows[] = {
        {"recorded_at", r->recorded_at >= 0 && r->recorded_at / 60000 <= UINT32_MAX},
        {"occurred_at", r->occurred_at >= 0},
        {"seq", r->seq >= 1},
        {"actor_id", r->actor_id >= 0 || r->actor_id == FIELD_NO_INT},
        {"cause_id", r->cause_id >= 0 || r->cause_id == FIELD_NO_INT},
        {"corrects_id", r->corrects_id >= 0 || r->corrects_id == FIELD_NO_INT},
        {"name", r->name.n < 1000},
        {"from_state", r->from_state.n < 1000},
        {"to_state", r->to_state.n < 1000},
        {"actor_role", r->actor_role.n < 1000},
        {"effective_on", r->effective_on.n < 1000},
        {"due_on", r->due_on.n < 1000},
        {"salt", r->salt.n == 16},
        {"body_commit", r->body_commit.n == 32},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!rows[i].good) {
            return altered(v, &(struct finding){"act", id_text(v->c->arena, r->id), rows[i].field,
                                                STR_NONE, STR_NONE});
        }
    }
    return NULL;
}

/* The leaf that the row names, or which of the two is wrong. */
static struct err *find_leaf(struct verify *v, const struct act_row *r, struct bytes *ret)
{
    struct arena *a = v->c->arena;
    struct leaf_in in = {v->c->office_id, r->log, r->leaf_index, r->id, 0};
    struct leaf_out row = {0}, own = {0};
    bool found = false, has_own = false;
    TRY(db_one(v->c->db, a, &LEAF_AT, &in, &row, &found));
    if (found && row.act_id == r->id) {
        *ret = row.leaf;
        return NULL;
    }
    TRY(db_one(v->c->db, a, &LEAF_OF, &in, &own, &has_own));
    if (has_own) {
        TRY(same_int(v, "act", r->id, "log", own.log, r->log));
        return same_int(v, "act", r->id, "leaf_index", own.leaf_index, r->leaf_index);
    }
    struct str id = str_fmt(a, "%lld/%lld", (long long)r->log, (long long)r->leaf_index);
    return found ? altered(v, &(struct finding){"ledger_leaf", id, "act_id", id_text(a, r->id),
                                                id_text(a, row.act_id)})
                 : missing(v, "ledger_leaf", id);
}

static bool is_covered(const struct verify *v, const struct act_row *r)
{
    return r->log >= 1 && (size_t)r->log <= v->n_logs &&
           (uint64_t)r->leaf_index < v->logs[r->log - 1].signed_size;
}

/* Act or leaf? A leaf under a signed root is right. Behind the last checkpoint the matter's chain
 * decides: it names the leaf hash of its last act. */
static struct err *check_leaf(struct verify *v, const struct act_check *k, bool last)
{
    struct arena *a = v->c->arena;
    const struct act_row *r = &k->w->acts[k->i];
    unsigned char want[LEAF_EVENT_LEN], hash[32];
    act_leaf(a, k, r, want);
    if (k->leaf.n == sizeof want && memcmp(want, k->leaf.p, sizeof want) == 0) {
        return NULL;
    }
    tree_leaf_hash((struct bytes){want, sizeof want}, hash);
    struct bytes chain = k->w->row->prev_leaf;
    if (!is_covered(v, r) && last && chain.n == 32 && memcmp(chain.p, hash, 32) == 0) {
        struct str id = str_fmt(a, "%lld/%lld", (long long)r->log, (long long)r->leaf_index);
        return altered(v, &(struct finding){"ledger_leaf", id, "leaf",
                                            str_hex(a, (struct bytes){want, sizeof want}),
                                            str_hex(a, k->leaf)});
    }
    return act_guess(v, k);
}

/* ---- against the definition ---- */

static struct str state_name(const struct definition *d, uint32_t state)
{
    return state == NO_INDEX ? STR_NONE : d->states[state].name;
}

static struct err *
check_move(struct verify *v, const struct vmatter *w, size_t i, const struct definition *d)
{
    const struct act_row *r = &w->acts[i];
    struct str id = id_text(v->c->arena, r->id);
    uint32_t act = definition_act(d, r->name);
    uint32_t from = r->from_state.p == NULL ? NO_INDEX : definition_state(d, r->from_state);
    uint32_t to = definition_state(d, r->to_state);
    struct str before = i == 0 ? STR_NONE : w->acts[i - 1].to_state;
    if (act == NO_INDEX) {
        return altered(
            v, &(struct finding){"act", id, "name", S("an act of its definition"), r->name});
    }
    const struct act_def *a = &d->acts[act];
    TRY(same_text(v, "act", id, "from_state", before, r->from_state));
    bool may = a->starts ? from == NO_INDEX : from != NO_INDEX && (a->from & BIT(from)) != 0;
    bool ends = to != NO_INDEX && (a->use == USE_CORRECT_RECORD || a->use == USE_MIGRATE ||
                                   (a->to == TO_KEEP ? to == from : (a->reaches & BIT(to)) != 0));
    if (!may || !ends) {
        return altered(v, &(struct finding){"act", id, may ? "to_state" : "from_state",
                                            S("a transition of its definition"),
                                            may ? r->to_state : state_name(d, from)});
    }
    return same_int(v, "act", r->id, "shown", (int64_t)a->show, r->shown);
}

static struct err *check_times(struct verify *v, const struct vmatter *w, size_t i)
{
    const struct act_row *r = &w->acts[i];
    int32_t day = CIVIL_NO_DAY;
    struct str id = id_text(v->c->arena, r->id);
    bool ordered = i == 0 || r->occurred_at >= w->acts[i - 1].occurred_at;
    bool recorded = i == 0 || r->recorded_at >= w->acts[i - 1].recorded_at;
    if (!ordered || r->occurred_at > r->recorded_at) {
        return altered(v, &(struct finding){"act", id, "occurred_at", S("in order"),
                                            id_text(v->c->arena, r->occurred_at)});
    }
    if (!recorded) {
        return altered(v, &(struct finding){"act", id, "recorded_at", S("in order"),
                                            id_text(v->c->arena, r->recorded_at)});
    }
    return civil_parse(r->effective_on, &day)
               ? NULL
               : altered(
                     v, &(struct finding){"act", id, "effective_on", S("a date"), r->effective_on});
}

/* Another number than its place: the row's number was changed, or an act before it is gone. */
static struct err *check_seq(struct verify *v, const struct act_check *k)
{
    struct arena *a = v->c->arena;
    struct act_row row = k->w->acts[k->i];
    unsigned char want[LEAF_EVENT_LEN];
    int64_t seq = (int64_t)k->i + 1;
    if (row.seq == seq) {
        return NULL;
    }
    row.seq = seq;
    act_leaf(a, k, &row, want);
    if (k->leaf.n == sizeof want && memcmp(want, k->leaf.p, sizeof want) == 0) {
        return same_int(v, "act", row.id, "seq", seq, k->w->acts[k->i].seq);
    }
    return missing(v, "act",
                   str_fmt(a, "matter %lld seq %lld", (long long)k->w->row->id, (long long)seq));
}

/* ---- all ---- */

static struct err *one_act(struct verify *v,
                           struct vmatter *w,
                           const struct data_key *key,
                           struct act_check *k,
                           struct jval *ret_body)
{
    struct arena *a = v->c->arena;
    const struct act_row *r = &w->acts[k->i];
    k->def = map_get_int(v->definitions, r->definition_id);
    if (k->def == NULL || !str_eq(k->def->d->kind, w->def->d->kind)) {
        return altered(v, &(struct finding){"act", id_text(a, r->id), "definition_id",
                                            id_text(a, w->row->definition_id),
                                            id_text(a, r->definition_id)});
    }
    TRY(same_int(v, "act", r->id, "office_id", w->row->office_id, r->office_id));
    TRY(encodable(v, r));
    TRY(find_leaf(v, r, &k->leaf));
    TRY(check_seq(v, k));
    TRY(check_leaf(v, k, k->i + 1 == w->n));
    TRY(check_move(v, w, k->i, k->def->d));
    TRY(check_times(v, w, k->i));
    TRY(verify_body(v, w, key, k->i, ret_body));
    unsigned char *hash = arena_alloc(a, 32, 1);
    tree_leaf_hash(k->leaf, hash);
    k->prev = (struct bytes){hash, 32};
    verify_step(v);
    return NULL;
}

struct err *verify_acts(struct verify *v, struct vmatter *w)
{
    struct call *c = v->c;
    struct id_row in = {w->row->id};
    struct list rows = {0};
    struct data_key key;
    struct act_check k = {.w = w};
    TRY(db_all(c->db, c->arena, &ACTS, &in, &rows));
    w->acts = rows.p;
    w->n = rows.n;
    if (w->n == 0) {
        return missing(v, "act", str_fmt(c->arena, "matter %lld seq 1", (long long)w->row->id));
    }
    struct err *e = data_key_unwrap(c->arena, &c->app->key, w->row->key_id, w->row->wrapped, &key);
    if (e != NULL) {
        return altered(v, &(struct finding){"data_key", id_text(c->arena, w->row->key_id),
                                            "wrapped", STR_NONE, STR_NONE});
    }
    struct jval *bodies = ARENA_ARRAY(c->arena, struct jval, w->n);
    w->bodies = bodies;
    for (k.i = 0; k.i < w->n; k.i++) {
        TRY(one_act(v, w, &key, &k, &bodies[k.i]));
    }
    return same_bytes(v, "matter", w->row->id, "prev_leaf", k.prev, w->row->prev_leaf);
}

struct err *
act_leaf_differs(struct verify *v, int64_t log, int64_t from, int64_t to, struct str *ret_id)
{
    struct call *c = v->c;
    struct leaf_in in = {c->office_id, log, from, 0, to};
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &LEAVES_OF_ACTS, &in, &rows));
    const struct leaf_out *l = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        struct id_row id = {l[i].act_id};
        struct act_row *row = ARENA_NEW(c->arena, struct act_row);
        struct leaf_out before = {0};
        unsigned char want[LEAF_EVENT_LEN], hash[32];
        bool found = false, has_before = false;
        TRY(db_one(c->db, c->arena, &ONE_ACT, &id, row, &found));
        TRY(db_one(c->db, c->arena, &ACT_BEFORE, &id, &before, &has_before));
        struct act_check k = {.def =
                                  found ? map_get_int(v->definitions, row->definition_id) : NULL};
        if (k.def == NULL) {
            continue;
        }
        TRY(encodable(v, row));
        if (has_before) {
            tree_leaf_hash(before.leaf, hash);
            k.prev = (struct bytes){hash, 32};
        }
        act_leaf(c->arena, &k, row, want);
        if (l[i].leaf.n != sizeof want || memcmp(want, l[i].leaf.p, sizeof want) != 0) {
            *ret_id = str_fmt(c->arena, "%lld/%lld", (long long)log, (long long)l[i].leaf_index);
            return NULL;
        }
    }
    return NULL;
}

struct err *verify_whole(struct verify *v)
{
    struct call *c = v->c;
    struct leaf_in in = {.office_id = c->office_id};
    struct leaf_out leaf = {0};
    struct id_row body = {0};
    bool found = false;
    TRY(db_one(c->db, c->arena, &LEAF_WITHOUT_ACT, &in, &leaf, &found));
    if (found) {
        return missing(v, "act", id_text(c->arena, leaf.act_id));
    }
    TRY(db_one(c->db, c->arena, &BODY_WITHOUT_ACT, NULL, &body, &found));
    return found ? altered(v, &(struct finding){"act_body", id_text(c->arena, body.id), "(row)",
                                                S("absent"), S("present")})
                 : NULL;
}
