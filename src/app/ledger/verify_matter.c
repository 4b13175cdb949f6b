/* One matter: its columns, its acts, and the fold of the acts against what is stored. */
#include "app/ledger/verify.h"

#include "procedure/clockwork.h"
#include "procedure/fold.h"

STMT(MATTER,
     "verify.matter",
     ID_ROW,
     MATTER_ROW,
     struct matter_row,
     "SELECT m.id, m.office_id, m.kind, m.definition_id, m.item_version_id, m.number, m.parent_id, "
     "m.unit_id, m.origin_id, m.party_id, m.key_id, m.assignee_id, m.state, m.class, m.acts, "
     "m.facts, "
     "m.title, m.channel, m.priority, m.opened_on, m.opened_at, m.closed_at, m.final_light, "
     "m.prev_leaf, k.wrapped FROM matter m LEFT JOIN data_key k ON k.id = m.key_id WHERE m.id = "
     ":id");
STMT(HAS_VERSION,
     "verify.item_version",
     ID_ROW,
     ID_ROW,
     struct id_row,
     "SELECT id FROM item_version WHERE id = :id");
STMT(HAS_PARTY,
     "verify.party",
     ID_ROW,
     ID_ROW,
     struct id_row,
     "SELECT p.id FROM party p JOIN party_data d ON d.party_id = p.id WHERE p.id = :id ORDER BY "
     "d.version DESC LIMIT 1");

static struct err *wrong(struct verify *v,
                         const struct matter_row *r,
                         const char *field,
                         struct str expected,
                         struct str found)
{
    return altered(
        v, &(struct finding){"matter", id_text(v->c->arena, r->id), field, expected, found});
}

static struct err *present(struct verify *v,
                           const struct matter_row *r,
                           const struct stmt *s,
                           const char *field,
                           int64_t id)
{
    struct call *c = v->c;
    struct id_row in = {id}, row;
    bool found = true;
    if (id != FIELD_NO_INT) {
        TRY(db_one(c->db, c->arena, s, &in, &row, &found));
    }
    return found ? NULL : wrong(v, r, field, S("a row that exists"), id_text(c->arena, id));
}

STMT(FIRST_DEFINITION,
     "verify.first_definition",
     ID_ROW,
     ID_ROW,
     struct id_row,
     "SELECT definition_id AS id FROM act WHERE matter_id = :id ORDER BY id LIMIT 1");

/* The two columns contradict each other; the acts know which is right. */
static struct err *check_kind(struct verify *v, const struct vmatter *w)
{
    struct call *c = v->c;
    struct id_row in = {w->row->id}, first = {0};
    bool found = false;
    if (str_eq(w->def->d->kind, w->row->kind)) {
        return NULL;
    }
    TRY(db_one(c->db, c->arena, &FIRST_DEFINITION, &in, &first, &found));
    return found && first.id != w->def->id
               ? same_int(v, "matter", w->row->id, "definition_id", first.id, w->def->id)
               : wrong(v, w->row, "kind", w->def->d->kind, w->row->kind);
}

/* What the engine trusts when it loads the row. */
struct err *verify_columns(struct verify *v, const struct vmatter *w)
{
    const struct matter_row *r = w->row;
    struct jval facts;
    int32_t day = CIVIL_NO_DAY;
    uint32_t state = definition_state(w->def->d, r->state);
    TRY(check_kind(v, w));
    if (state == NO_INDEX) {
        return wrong(v, r, "state", S("a state of its definition"), r->state);
    }
    if (jread(v->c->arena, str_bytes(r->facts), &facts) != NULL || facts.type != J_OBJ) {
        return wrong(v, r, "facts", S("a JSON object"), r->facts);
    }
    if (!civil_parse(r->opened_on, &day)) {
        return wrong(v, r, "opened_on", S("a date"), r->opened_on);
    }
    if (r->wrapped.p == NULL) {
        return altered(v, &(struct finding){"data_key", id_text(v->c->arena, r->key_id), "wrapped",
                                            STR_NONE, STR_NONE});
    }
    TRY(present(v, r, &HAS_VERSION, "item_version_id", r->item_version_id));
    return present(v, r, &HAS_PARTY, "party_id", r->party_id);
}

/* Erased bodies and acts of another version cannot be folded: the chain of states and the rows of
 * such a matter stay checked. */
static bool is_foldable(const struct vmatter *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->bodies[i].type == J_NULL || w->acts[i].definition_id != w->row->definition_id) {
            return false;
        }
    }
    return true;
}

static int64_t or_none(int64_t id)
{
    return id == 0 ? FIELD_NO_INT : id;
}

static struct err *check_fold(struct verify *v, const struct vmatter *w, const struct matter *f)
{
    struct arena *a = v->c->arena;
    const struct matter_row *r = w->row;
    struct str id = id_text(a, r->id);
    TRY(same_text(v, "matter", id, "state",
                  f->state == NO_INDEX ? STR_NONE : f->d->states[f->state].name, r->state));
    TRY(same_text(v, "matter", id, "facts", matter_facts_text(a, f), r->facts));
    TRY(same_int(v, "matter", r->id, "unit_id", f->unit_id, r->unit_id));
    TRY(same_int(v, "matter", r->id, "assignee_id", or_none(f->assignee_id), r->assignee_id));
    return same_text(v, "matter", id, "opened_on", civil_text(a, f->opened_day), r->opened_on);
}

struct err *verify_fold(struct verify *v, struct vmatter *w)
{
    struct matter *f = NULL;
    if (!w->foldable) {
        return NULL;
    }
    struct err *e = fold_matter(v->c, w->m, &f);
    if (e != NULL && e->code != ERR_DB) {
        return altered(v, &(struct finding){"matter", id_text(v->c->arena, w->row->id), "acts",
                                            S("acts that follow each other"), e->en});
    }
    TRY(e);
    TRY(check_fold(v, w, f));
    return verify_clocks(v, w, f);
}

/* The act that closed the matter; NULL: open, or a correction lies behind it. */
static const struct act_row *closing_act(const struct vmatter *w)
{
    const struct act_row *closing = NULL;
    for (size_t i = 0; i < w->n; i++) {
        if (w->acts[i].corrects_id != FIELD_NO_INT) {
            return NULL;
        }
        if (closing == NULL && w->acts[i].occurred_at == w->row->closed_at &&
            str_eq(w->acts[i].to_state, w->row->state)) {
            closing = &w->acts[i];
        }
    }
    return closing;
}

static bool has_moved(const struct mclock *k)
{
    for (size_t i = 0; i < k->n_events; i++) {
        if (k->events[i].type != CLOCK_EV_DUE && k->events[i].type != CLOCK_EV_MARK) {
            return true;
        }
    }
    return false;
}

/* 1 in time, 2 near, 3 late, as act_apply.c judged when the matter closed; 0: a clock that runs on
 * has moved since. */
static int64_t light_at(const struct vmatter *w, const struct act_row *closing)
{
    int64_t light = 1;
    for (size_t i = 0; i < w->m->n_clocks; i++) {
        struct mclock k = w->m->clocks[i];
        bool ran = k.stop_act == 0 || k.stop_act > closing->id;
        if (ran && (k.stop_act != 0 || has_moved(&k))) {
            return 0;
        }
        if (k.start_act > closing->id) {
            continue;
        }
        if (clockwork_late(&k, closing->recorded_at)) {
            light = 3;
        } else if (k.status == CLOCK_MET && k.stopped_at >= k.due.yellow_ms && light < 2) {
            light = 2;
        }
    }
    return light;
}

static struct err *check_light(struct verify *v, const struct vmatter *w)
{
    const struct act_row *closing =
        w->foldable && w->row->class == STATE_CLOSED ? closing_act(w) : NULL;
    int64_t light = closing == NULL ? 0 : light_at(w, closing);
    return light == 0
               ? NULL
               : same_int(v, "matter", w->row->id, "final_light", light, w->row->final_light);
}

struct err *verify_matter(struct verify *v, int64_t id)
{
    struct call *c = v->c;
    struct id_row in = {id};
    struct matter_row row = {0};
    struct vmatter w = {.row = &row};
    bool found = false;
    TRY(db_one(c->db, c->arena, &MATTER, &in, &row, &found));
    if (!found) {
        return missing(v, "matter", id_text(c->arena, id));
    }
    v->number = row.number.p != NULL ? row.number : id_text(c->arena, id);
    w.def = map_get_int(v->definitions, row.definition_id);
    if (w.def == NULL) {
        return wrong(v, &row, "definition_id", S("a definition"),
                     id_text(c->arena, row.definition_id));
    }
    TRY(verify_columns(v, &w));
    TRY(verify_acts(v, &w));
    w.foldable = is_foldable(&w);
    TRY(verify_opened(v, &w));
    TRY(verify_clock_rows(v, &w));
    TRY(matter_load(c, id, &w.m));
    TRY(verify_fold(v, &w));
    TRY(check_light(v, &w));
    TRY(verify_work(v, &w));
    TRY(verify_facts(v, &w));
    return verify_letters(v, &w);
}
