/* Lists of matters: by number, of a party, the newest of the office, or of all parties that an
 * applicant may act for; every row passes the same permission as the matter itself. */
#include "app/matter/ops.h"

#include "base/num.h"
#include "procedure/permit.h"

#include <stdlib.h>

#define SCAN_ROUNDS 20

struct matter_view {
    int64_t id, unit_id, origin_id, party_id, assignee_id, class, acts, opened_at, closed_at,
        final_light, office_id, yellow_at, red_at, paused;
    struct str number, kind, state, title, item, due_on, name_public, name_masked;
};

struct list_key {
    int64_t office_id, party_id, before, limit;
    struct str number;
};

/* clang-format off */
static const struct field MATTER_VIEW[] = {
    F_ID(struct matter_view, id, 0, NULL, NULL),
    F_ID(struct matter_view, unit_id, 0, NULL, NULL),
    F_ID(struct matter_view, origin_id, 0, NULL, NULL),
    F_ID(struct matter_view, party_id, 0, NULL, NULL),
    F_ID(struct matter_view, assignee_id, 0, NULL, NULL),
    F_INT(struct matter_view, class, 0, 0, 9, NULL, NULL),
    F_INT(struct matter_view, acts, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct matter_view, opened_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct matter_view, closed_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct matter_view, final_light, 0, 0, 9, NULL, NULL),
    F_ID(struct matter_view, office_id, 0, NULL, NULL),
    F_INT(struct matter_view, yellow_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct matter_view, red_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct matter_view, paused, 0, 0, 1, NULL, NULL),
    F_TEXT(struct matter_view, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, state, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, title, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, item, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, due_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, name_public, 0, 0, 0, NULL, NULL),
    F_TEXT(struct matter_view, name_masked, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field LIST_KEY[] = {
    F_ID(struct list_key, office_id, 0, NULL, NULL),
    F_ID(struct list_key, party_id, 0, NULL, NULL),
    F_INT(struct list_key, before, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct list_key, limit, 0, 0, 1000, NULL, NULL),
    F_TEXT(struct list_key, number, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS                                                                                    \
    "SELECT m.id, m.unit_id, m.origin_id, m.party_id, m.assignee_id, m.class, m.acts, "            \
    "m.opened_at, m.closed_at, m.final_light,"                                                     \
    " m.office_id, w.yellow_at, w.red_at, w.paused, m.number, m.kind, m.state, m.title, i.code "   \
    "AS item, w.due_on, p.name_public,"                                                            \
    " (SELECT d.name_masked FROM party_data d WHERE d.party_id = m.party_id"                       \
    " ORDER BY d.version DESC LIMIT 1) AS name_masked FROM matter m"                               \
    " LEFT JOIN work w ON w.matter_id = m.id AND w.slot = 'state' LEFT JOIN item_version v ON "    \
    "v.id = m.item_version_id"                                                                     \
    " LEFT JOIN item i ON i.id = v.item_id LEFT JOIN party p ON p.id = m.party_id"

STMT(BY_NUMBER,
     "list.number",
     LIST_KEY,
     MATTER_VIEW,
     struct matter_view,
     COLUMNS " WHERE m.office_id = :office_id AND m.number = :number");
STMT(BY_PARTY,
     "list.party",
     LIST_KEY,
     MATTER_VIEW,
     struct matter_view,
     COLUMNS " WHERE m.party_id = :party_id AND m.parent_id IS NULL AND m.id < :before ORDER BY "
             "m.id DESC LIMIT :limit");
STMT(NEWEST,
     "list.newest",
     LIST_KEY,
     MATTER_VIEW,
     struct matter_view,
     COLUMNS " WHERE m.office_id = :office_id AND m.id < :before ORDER BY m.id DESC LIMIT :limit");

static const char *const CLASSES[] = {"", "open", "waiting", "closed"};

static const struct acting *acting_for(const struct list *acting, int64_t party_id)
{
    const struct acting *mine = acting->p;
    for (size_t i = 0; i < acting->n; i++) {
        if (mine[i].party_id == party_id) {
            return &mine[i];
        }
    }
    return NULL;
}

static bool readable(struct call *c, const struct list *acting, const struct matter_view *r)
{
    const struct acting *as = acting_for(acting, r->party_id);
    const struct definition *d = definition_find(procedure_set(c->app), r->kind);
    struct permit_subject on = {
        .unit_id = r->unit_id,
        .origin_id = r->origin_id,
        .party_id = r->party_id == FIELD_NO_INT ? 0 : r->party_id,
        .assignee_id = r->assignee_id == FIELD_NO_INT ? 0 : r->assignee_id,
    };
    return r->office_id == c->office_id && d != NULL &&
           permit_read(c, as != NULL ? &as->actor : &c->actor, d, &on);
}

static bool fits(const struct list_in *q, const struct matter_view *r)
{
    bool state = q->state.p == NULL || str_eq(q->state, r->state);
    bool class = q->class.p == NULL || str_eqz(q->class, CLASSES[r->class & 3]);
    bool text = q->query.p == NULL || str_find(r->title, q->query) >= 0 ||
                (r->number.p != NULL && str_find(r->number, q->query) >= 0);
    return state && class && text;
}

static const char *light_of(const struct call *c, const struct matter_view *r)
{
    if (r->class == STATE_CLOSED) {
        return view_light(r->final_light == FIELD_NO_INT ? 0 : (int)r->final_light);
    }
    if (r->red_at == FIELD_NO_INT) {
        return "none";
    }
    return r->paused == 1              ? "paused"
           : r->red_at <= c->now_ms    ? "red"
           : r->yellow_at <= c->now_ms ? "yellow"
                                       : "green";
}

/* The title ends with the masked name of a citizen; who may act for it reads the whole one. */
static struct str title_for(struct call *c, const struct matter_view *r, const struct acting *as)
{
    if (as == NULL || r->name_masked.n == 0 || !str_ends(r->title, r->name_masked)) {
        return r->title;
    }
    struct str item = str_sub(r->title, 0, r->title.n - r->name_masked.n);
    return str_fmt(c->arena, "%.*s%.*s", STR_ARG(item), STR_ARG(as->name));
}

static void write_party(const struct matter_view *r, const struct acting *as, struct jw *w)
{
    jw_key(w, S("party"));
    if (r->party_id == FIELD_NO_INT) {
        jw_null(w);
        return;
    }
    jw_obj(w);
    jw_kint(w, "id", r->party_id);
    jw_kstr(w, "name",
            as != NULL                 ? as->name
            : r->name_public.p != NULL ? r->name_public
                                       : r->name_masked);
    jw_end_obj(w);
}

static void
write_row(struct call *c, const struct matter_view *r, const struct acting *as, struct jw *w)
{
    const struct definition *d = definition_find(procedure_set(c->app), r->kind);
    uint32_t state = definition_state(d, r->state);
    const struct role_set *set = definition_roles(procedure_set(c->app));
    jw_obj(w);
    jw_kint(w, "matter_id", r->id);
    jw_kstr(w, "number", r->number);
    jw_kstr(w, "title", title_for(c, r, as));
    write_party(r, as, w);
    jw_kstr(w, "kind", r->kind);
    view_label(c, w, "kind_name", d, "kind", S(""));
    jw_kstr(w, "state", r->state);
    view_label(c, w, "state_name", d, "states", r->state);
    jw_kstr(w, "class", str_of(CLASSES[r->class & 3]));
    if (state != NO_INDEX && d->states[state].holder != NO_INDEX) {
        const struct role *holder = &set->roles[d->states[state].holder];
        view_text(w, "holder", holder->zh, holder->en);
        jw_kbool(w, "yours", holder->outside && c->actor.kind == ACTOR_APPLICANT);
    }
    jw_kstr(w, "item", r->item);
    view_unit(c, w, "unit", r->unit_id);
    jw_kstr(w, "opened_at", civil_instant_text(c->arena, r->opened_at));
    jw_kstr(w, "closed_at",
            r->closed_at == FIELD_NO_INT ? STR_NONE : civil_instant_text(c->arena, r->closed_at));
    jw_kstr(w, "due_on", r->due_on);
    jw_kstr(w, "light", str_of(light_of(c, r)));
    jw_kstr(w, "etag", str_fmt(c->arena, "%lld", (long long)r->acts));
    jw_end_obj(w);
}

static int newest_first(const void *x, const void *y)
{
    int64_t a = ((const struct matter_view *)x)->id, b = ((const struct matter_view *)y)->id;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* The newest of all parties together: a page of each, put in order, and cut. */
static struct err *
page_of_parties(struct call *c, struct list_key key, const struct list *acting, struct list *ret)
{
    const struct acting *mine = acting->p;
    size_t n = 0, limit = (size_t)key.limit;
    struct matter_view *all = ARENA_ARRAY(c->arena, struct matter_view, acting->n * limit + 1);
    for (size_t i = 0; i < acting->n; i++) {
        struct list rows = {0};
        key.party_id = mine[i].party_id;
        TRY(db_all(c->db, c->arena, &BY_PARTY, &key, &rows));
        for (size_t k = 0; k < rows.n; k++) {
            all[n++] = ((const struct matter_view *)rows.p)[k];
        }
    }
    qsort(all, n, sizeof(*all), newest_first);
    *ret = (struct list){all, n < limit ? n : limit};
    return NULL;
}

static struct err *page(struct call *c,
                        const struct list_in *q,
                        const struct list_key *key,
                        const struct list *acting,
                        struct list *ret)
{
    if (c->actor.kind == ACTOR_APPLICANT && q->number.p == NULL) {
        return page_of_parties(c, *key, acting, ret);
    }
    const struct stmt *s = q->number.p != NULL  ? &BY_NUMBER
                           : key->party_id != 0 ? &BY_PARTY
                                                : &NEWEST;
    return db_all(c->db, c->arena, s, key, ret);
}

static struct err *list_key_of(struct call *c, const struct list_in *q, struct list_key *ret)
{
    struct err *e = NULL;
    *ret = (struct list_key){
        .office_id = c->office_id,
        .before = INT64_MAX,
        .limit = q->limit == FIELD_NO_INT ? 50 : q->limit,
        .number = q->number,
        .party_id = q->party_id == FIELD_NO_INT ? 0 : q->party_id,
    };
    if (q->mine) {
        ret->party_id = c->actor.party_id;
    }
    if (q->after.p != NULL && !num_parse(q->after, 0, INT64_MAX, &ret->before)) {
        field_fault(c->arena, &e, S("/after"), "cursor", "翻页标记不对，请从第一页开始。",
                    "The cursor is not valid; start from the first page.");
    }
    return e;
}

/* An applicant's parties, or the one that was asked for; nobody's when that is not one of them. */
static struct err *choose_acting(struct call *c, const struct list_in *q, struct list *ret)
{
    int64_t party = q->party != FIELD_NO_INT ? q->party : q->party_id;
    *ret = (struct list){0};
    if (c->actor.kind != ACTOR_APPLICANT) {
        return NULL;
    }
    TRY(acting_all(c, ret));
    if (party != FIELD_NO_INT) {
        const struct acting *one = acting_for(ret, party);
        *ret = (struct list){(void *)(uintptr_t)one, one != NULL};
    }
    return NULL;
}

struct err *matter_list(struct call *c, const void *in, void *out)
{
    const struct list_in *q = in;
    struct list_key key;
    struct list rows = {0}, acting = {0};
    struct buf b;
    struct jw w;
    int64_t n = 0;
    (void)out;
    TRY(list_key_of(c, q, &key));
    TRY(choose_acting(c, q, &acting));
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    jw_list(&w);
    bool more = true;
    for (int round = 0; more && n < key.limit && round < SCAN_ROUNDS; round++) {
        TRY(page(c, q, &key, &acting, &rows));
        const struct matter_view *r = rows.p;
        more = q->number.p == NULL && (int64_t)rows.n == key.limit;
        for (size_t i = 0; i < rows.n; i++) {
            if (n == key.limit) {
                more = true;
                break;
            }
            key.before = r[i].id;
            if (readable(c, &acting, &r[i]) && fits(q, &r[i])) {
                write_row(c, &r[i], acting_for(&acting, r[i].party_id), &w);
                n++;
            }
        }
    }
    jw_end_list(&w);
    jw_kstr(&w, "next", more ? str_fmt(c->arena, "%lld", (long long)key.before) : STR_NONE);
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}
