/* Bodies: opened with the key of the matter, committed to by the act, erased only by an act that
 * erases; and the columns of act and matter that the bodies say (act_apply.c: by, opened). */
#include "app/ledger/verify.h"

#include "ledger/event.h"

#include <string.h>

STMT(BODY,
     "verify.body",
     ID_ROW,
     BODY_ROW,
     struct body_row,
     "SELECT act_id, salt, body, erased_by FROM act_body WHERE act_id = :id");
STMT(SEALED_BODIES,
     "verify.bodies",
     ID_ROW,
     BODY_ROW,
     struct body_row,
     "SELECT b.act_id, b.salt, b.body, b.erased_by FROM act_body b JOIN act a ON a.id = b.act_id"
     " WHERE a.matter_id = :id AND b.body IS NOT NULL ORDER BY b.act_id");

static struct err *
wrong(struct verify *v, int64_t act_id, const char *field, struct str expected, struct str found)
{
    return altered(
        v, &(struct finding){"act_body", id_text(v->c->arena, act_id), field, expected, found});
}

/* A later act of the matter whose definition says that it erases. */
static struct err *check_erased(struct verify *v, const struct vmatter *w, const struct body_row *b)
{
    struct arena *a = v->c->arena;
    for (size_t i = 0; i < w->n; i++) {
        const struct vdefinition *def = map_get_int(v->definitions, w->acts[i].definition_id);
        uint32_t act = def == NULL ? NO_INDEX : definition_act(def->d, w->acts[i].name);
        if (w->acts[i].id != b->erased_by || act == NO_INDEX) {
            continue;
        }
        if (def->d->acts[act].erases && b->erased_by > b->act_id) {
            return b->body.p == NULL && b->salt.p == NULL
                       ? NULL
                       : wrong(v, b->act_id, "erased_by", STR_NONE, id_text(a, b->erased_by));
        }
    }
    return wrong(v, b->act_id, "erased_by", S("an act that erases"), id_text(a, b->erased_by));
}

/* No body of the matter opens: the key is not the one they were sealed with. */
static struct err *
body_or_key(struct verify *v, const struct vmatter *w, const struct data_key *key, int64_t act_id)
{
    struct call *c = v->c;
    struct id_row in = {w->row->id};
    struct list rows = {0};
    struct str plain;
    TRY(db_all(c->db, c->arena, &SEALED_BODIES, &in, &rows));
    const struct body_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        if (seal_open(c->arena, key, S("act"), r[i].body, &plain) == NULL) {
            return wrong(v, act_id, "body", S("bytes that its key opens"), S("other bytes"));
        }
    }
    return rows.n < 2 ? wrong(v, act_id, "body", S("bytes that its key opens"), S("other bytes"))
                      : altered(v, &(struct finding){"matter", id_text(c->arena, w->row->id),
                                                     "key_id", S("the key of its bodies"),
                                                     id_text(c->arena, w->row->key_id)});
}

static struct str list_text(const struct jval *by, const char *name)
{
    return jval_str(jval_get(by, str_of(name)));
}

static int64_t id_or_none(const struct jval *o, const char *name)
{
    return jval_int(jval_get(o, str_of(name)), FIELD_NO_INT);
}

static struct err *check_by(struct verify *v, const struct act_row *r, const struct jval *body)
{
    const struct jval *by = jval_get(body, S("by"));
    struct str id = id_text(v->c->arena, r->id);
    if (by == NULL) {
        return wrong(v, r->id, "body", S("member by"), STR_NONE);
    }
    TRY(same_int(v, "act", r->id, "actor_unit", id_or_none(by, "unit"), r->actor_unit));
    TRY(same_int(v, "act", r->id, "mandate_id", id_or_none(by, "mandate"), r->mandate_id));
    TRY(same_text(v, "act", id, "with_ids", list_text(by, "with"), r->with_ids));
    return same_text(v, "act", id, "channel", list_text(by, "channel"), r->channel);
}

struct err *verify_body(struct verify *v,
                        const struct vmatter *w,
                        const struct data_key *key,
                        size_t i,
                        struct jval *ret)
{
    struct call *c = v->c;
    const struct act_row *r = &w->acts[i];
    struct id_row in = {r->id};
    struct body_row b = {0};
    struct str plain;
    unsigned char commit[32];
    bool found = false;
    TRY(db_one(c->db, c->arena, &BODY, &in, &b, &found));
    if (!found) {
        return missing(v, "act_body", id_text(c->arena, r->id));
    }
    *ret = (struct jval){.type = J_NULL};
    if (b.erased_by != FIELD_NO_INT) {
        return check_erased(v, w, &b);
    }
    if (b.body.p == NULL) {
        return wrong(v, r->id, "body", S("a body, or an act that erased it"), STR_NONE);
    }
    if (seal_open(c->arena, key, S("act"), b.body, &plain) != NULL) {
        return body_or_key(v, w, key, r->id);
    }
    if (b.salt.n != 16) {
        return wrong(v, r->id, "salt", S("16 bytes"), STR_NONE);
    }
    event_body_commit(b.salt.p, str_bytes(plain), commit);
    if (memcmp(commit, r->body_commit.p, 32) != 0) {
        /* Authentic under the key, so it is this body under another salt, or another act's body. */
        return wrong(v, r->id, "salt or body", S("what the act commits to"), STR_NONE);
    }
    TRY(jread(c->arena, str_bytes(plain), ret));
    return check_by(v, r, ret);
}

struct err *body_commit_of(
    struct verify *v, const struct vmatter *w, int64_t act_id, unsigned char ret[32], bool *ret_has)
{
    struct call *c = v->c;
    struct id_row in = {act_id};
    struct body_row b = {0};
    struct data_key key;
    struct str plain;
    bool found = false;
    *ret_has = false;
    memset(ret, 0, 32);
    TRY(db_one(c->db, c->arena, &BODY, &in, &b, &found));
    if (!found || b.body.p == NULL || b.salt.n != 16) {
        return NULL;
    }
    TRY(data_key_unwrap(c->arena, &c->app->key, w->row->key_id, w->row->wrapped, &key));
    if (seal_open(c->arena, &key, S("act"), b.body, &plain) == NULL) {
        event_body_commit(b.salt.p, str_bytes(plain), ret);
        *ret_has = true;
    }
    return NULL;
}

/* ---- what the first body says of the matter ---- */

static struct err *from_body(struct verify *v, const struct vmatter *w)
{
    const struct matter_row *r = w->row;
    const struct jval *o = jval_get(&w->bodies[0], S("opened"));
    struct str id = id_text(v->c->arena, r->id);
    if (w->bodies[0].type == J_NULL) {
        return NULL; /* erased */
    }
    if (o == NULL) {
        return wrong(v, w->acts[0].id, "body", S("member opened"), STR_NONE);
    }
    TRY(same_text(v, "matter", id, "number", list_text(o, "number"), r->number));
    TRY(same_text(v, "matter", id, "title", list_text(o, "title"), r->title));
    TRY(same_text(v, "matter", id, "channel", list_text(o, "channel"), r->channel));
    TRY(same_int(v, "matter", r->id, "item_version_id", id_or_none(o, "item_version"),
                 r->item_version_id));
    TRY(same_int(v, "matter", r->id, "party_id", id_or_none(o, "party"), r->party_id));
    TRY(same_int(v, "matter", r->id, "parent_id", id_or_none(o, "parent"), r->parent_id));
    return same_int(v, "matter", r->id, "origin_id", jval_int(jval_get(o, S("origin")), 0),
                    r->origin_id);
}

static uint32_t state_of(const struct vmatter *w, size_t i)
{
    return definition_state(w->def->d, w->acts[i].to_state);
}

/* When it closed: the first act since it was last open whose state is closed (act_apply.c). */
static struct err *check_closing(struct verify *v, const struct vmatter *w)
{
    const struct matter_row *r = w->row;
    int64_t closed_at = FIELD_NO_INT;
    for (size_t i = 0; i < w->n; i++) {
        uint32_t s = state_of(w, i);
        bool closed = s != NO_INDEX && w->def->d->states[s].class == STATE_CLOSED;
        if (!closed) {
            closed_at = FIELD_NO_INT;
        } else if (closed_at == FIELD_NO_INT) {
            closed_at = w->acts[i].occurred_at;
        }
    }
    TRY(same_int(v, "matter", r->id, "closed_at", closed_at, r->closed_at));
    bool good = closed_at == FIELD_NO_INT ? r->final_light == FIELD_NO_INT
                                          : r->final_light >= 1 && r->final_light <= 3;
    return good ? NULL
                : altered(v, &(struct finding){"matter", id_text(v->c->arena, r->id), "final_light",
                                               STR_NONE, id_text(v->c->arena, r->final_light)});
}

struct err *verify_opened(struct verify *v, const struct vmatter *w)
{
    const struct matter_row *r = w->row;
    int64_t acts = 0;
    for (size_t i = 0; i < w->n; i++) {
        acts += !(w->acts[i].shown == SHOW_NONE && w->acts[i].actor_id == FIELD_NO_INT);
    }
    TRY(from_body(v, w));
    TRY(same_int(v, "matter", r->id, "acts", acts, r->acts));
    TRY(same_int(v, "matter", r->id, "definition_id", w->acts[w->n - 1].definition_id,
                 r->definition_id));
    TRY(same_text(v, "matter", id_text(v->c->arena, r->id), "state", w->acts[w->n - 1].to_state,
                  r->state));
    TRY(same_int(v, "matter", r->id, "class",
                 (int64_t)w->def->d->states[state_of(w, w->n - 1)].class, r->class));
    TRY(same_int(v, "matter", r->id, "opened_at", w->acts[0].occurred_at, r->opened_at));
    TRY(same_int(v, "matter", r->id, "priority", 0, r->priority));
    return check_closing(v, w);
}
