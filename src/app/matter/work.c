/* Worklists: rows of table `work` that the actor's roles may act on, by due instant. Several roles
 * and units are several short index reads, merged here: one query with IN would sort (procedures.md
 * 5). */
#include "app/matter/ops.h"

#include "base/num.h"
#include "procedure/matter_rows.h"

#include <string.h>

#define SOURCES_MAX 256
#define SCAN_MAX    2000

struct work_view {
    int64_t matter_id, unit_id, person_id, item_id, priority, since, yellow_at, red_at, paused,
        acts;
    struct str slot, role, kind, state, number, title, due_on, item;
};

struct source_in {
    int64_t office_id, unit_id, red_after, id_after, limit, now;
    struct str role;
};

struct count_row {
    int64_t red, yellow, paused, total;
};

/* clang-format off */
static const struct field WORK_VIEW[] = {
    F_ID(struct work_view, matter_id, 0, NULL, NULL),
    F_ID(struct work_view, unit_id, 0, NULL, NULL),
    F_ID(struct work_view, person_id, 0, NULL, NULL),
    F_ID(struct work_view, item_id, 0, NULL, NULL),
    F_INT(struct work_view, priority, 0, 0, 9, NULL, NULL),
    F_INT(struct work_view, since, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct work_view, yellow_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct work_view, red_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct work_view, paused, 0, 0, 1, NULL, NULL),
    F_INT(struct work_view, acts, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct work_view, slot, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, role, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, state, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, title, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, due_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct work_view, item, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field SOURCE_IN[] = {
    F_ID(struct source_in, office_id, 0, NULL, NULL),
    F_ID(struct source_in, unit_id, 0, NULL, NULL),
    F_INT(struct source_in, red_after, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct source_in, id_after, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct source_in, limit, 0, 0, 1000, NULL, NULL),
    F_INT(struct source_in, now, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct source_in, role, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field COUNT_OUT[] = {
    F_INT(struct count_row, red, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct count_row, yellow, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct count_row, paused, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct count_row, total, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(WORK_PAGE,
     "work.page",
     SOURCE_IN,
     WORK_VIEW,
     struct work_view,
     "SELECT w.matter_id, w.unit_id, w.person_id, w.item_id, w.priority, w.since, w.yellow_at, "
     "w.red_at, w.paused, m.acts,"
     " w.slot, w.role, w.kind, w.state, w.number, w.title, w.due_on, i.code AS item FROM work w"
     " JOIN matter m ON m.id = w.matter_id LEFT JOIN item i ON i.id = w.item_id"
     " WHERE w.office_id = :office_id AND w.unit_id = :unit_id AND w.role = :role"
     " AND (w.red_at, w.matter_id) > (:red_after, :id_after) ORDER BY w.red_at, w.matter_id LIMIT "
     ":limit");
STMT(WORK_COUNT,
     "work.count",
     SOURCE_IN,
     COUNT_OUT,
     struct count_row,
     "SELECT COUNT(CASE WHEN red_at <= :now THEN 1 END) AS red,"
     " COUNT(CASE WHEN red_at > :now AND yellow_at <= :now THEN 1 END) AS yellow,"
     " COUNT(CASE WHEN paused = 1 THEN 1 END) AS paused, COUNT(*) AS total FROM work"
     " WHERE office_id = :office_id AND unit_id = :unit_id AND role = :role");

/* One (role, unit) that the actor holds. */
struct source {
    struct str role;
    int64_t unit_id;
    struct list rows;
    size_t at;
};

struct sources {
    struct source s[SOURCES_MAX];
    size_t n;
};

static bool has_source(const struct sources *all, struct str role, int64_t unit)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->s[i].unit_id == unit && str_eq(all->s[i].role, role)) {
            return true;
        }
    }
    return false;
}

/* Every unit that the grant covers; office roles are granted for the whole office (unit 0). */
static void
find_sources(struct call *c, struct str only_role, int64_t only_unit, struct sources *ret)
{
    const struct org *o = org_of(c->app);
    const struct role_set *set = definition_roles(procedure_set(c->app));
    for (size_t r = 0; r < c->actor.n_roles; r++) {
        const struct held_role *h = &c->actor.roles[r];
        int role = role_index(set, h->role);
        if (role < 0 || (only_role.p != NULL && !str_eq(only_role, h->role))) {
            continue;
        }
        bool whole = set->roles[role].scope == ROLE_OFFICE;
        for (size_t u = 0; u < o->n && ret->n < SOURCES_MAX; u++) {
            bool covered = whole || org_covers(o, h->unit_id, o->units[u].id);
            bool wanted = only_unit == FIELD_NO_INT || only_unit == o->units[u].id;
            if (covered && wanted && !has_source(ret, h->role, o->units[u].id)) {
                ret->s[ret->n++] = (struct source){.role = h->role, .unit_id = o->units[u].id};
            }
        }
    }
}

static int light_of(const struct work_view *r, int64_t now)
{
    if (r->paused != 0) {
        return 4;
    }
    return r->red_at <= now ? 3 : r->yellow_at <= now ? 2 : 1;
}

static bool wanted(const struct call *c, const struct work_in *q, const struct work_view *r)
{
    bool mine = r->person_id == FIELD_NO_INT || r->person_id == c->actor.person_id;
    bool light = q->light.p == NULL || str_eqz(q->light, view_light(light_of(r, c->now_ms)));
    bool kind = q->kind.p == NULL || str_eq(q->kind, r->kind);
    bool state = q->state.p == NULL || str_eq(q->state, r->state);
    bool text = q->query.p == NULL || str_find(r->title, q->query) >= 0 ||
                (r->number.p != NULL && str_find(r->number, q->query) >= 0);
    return mine && light && kind && state && text;
}

static struct err *fill(struct call *c, struct source *s, const struct source_in *from)
{
    struct source_in in = *from;
    in.office_id = c->office_id;
    in.unit_id = s->unit_id;
    in.role = s->role;
    s->at = 0;
    return db_all(c->db, c->arena, &WORK_PAGE, &in, &s->rows);
}

static const struct work_view *front(const struct source *s)
{
    const struct work_view *rows = s->rows.p;
    return s->at < s->rows.n ? &rows[s->at] : NULL;
}

/* The source whose front row is due first; refills a source that ran dry after a full page. */
static struct err *
next_row(struct call *c, struct sources *all, int64_t limit, const struct work_view **ret)
{
    struct source *best = NULL;
    for (size_t i = 0; i < all->n; i++) {
        struct source *s = &all->s[i];
        if (s->at == s->rows.n && (int64_t)s->rows.n == limit) {
            const struct work_view *last = &((const struct work_view *)s->rows.p)[s->rows.n - 1];
            struct source_in from = {
                .red_after = last->red_at, .id_after = last->matter_id, .limit = limit};
            TRY(fill(c, s, &from));
        }
        const struct work_view *f = front(s), *b = best == NULL ? NULL : front(best);
        bool sooner = f != NULL && (b == NULL || f->red_at < b->red_at ||
                                    (f->red_at == b->red_at && f->matter_id < b->matter_id));
        best = sooner ? s : best;
    }
    *ret = best == NULL ? NULL : front(best);
    if (best != NULL) {
        best->at++;
    }
    return NULL;
}

static void write_left(struct call *c, const struct work_view *r, struct jw *w)
{
    int32_t due = CIVIL_NO_DAY;
    if (r->due_on.p != NULL && civil_parse(r->due_on, &due)) {
        jw_kint(w, "left",
                calendar_between(almanac_of(c->app)->calendar, civil_day_of(c->now_ms), due));
    } else {
        jw_key(w, S("left"));
        jw_null(w);
    }
    jw_kstr(w, "unit_of_left", S("wd"));
}

static void write_row(struct call *c, const struct work_view *r, struct jw *w)
{
    const struct definition *d = definition_find(procedure_set(c->app), r->kind);
    const struct role_set *set = definition_roles(procedure_set(c->app));
    int role = role_index(set, r->role);
    jw_obj(w);
    jw_kint(w, "matter_id", r->matter_id);
    jw_kstr(w, "slot", r->slot);
    jw_kstr(w, "number", r->number);
    jw_kstr(w, "title", r->title);
    jw_kstr(w, "kind", r->kind);
    view_label(c, w, "kind_name", d, "kind", S(""));
    jw_kstr(w, "state", r->state);
    view_label(c, w, "state_name", d, "states", r->state);
    jw_kstr(w, "item", r->item);
    view_unit(c, w, "unit", r->unit_id);
    jw_kstr(w, "role", r->role);
    view_text(w, "role_name", role < 0 ? r->role : set->roles[role].zh,
              role < 0 ? STR_NONE : set->roles[role].en);
    jw_key(w, S("person_id"));
    if (r->person_id == FIELD_NO_INT) {
        jw_null(w);
    } else {
        jw_int(w, r->person_id);
    }
    jw_kstr(w, "since", civil_instant_text(c->arena, r->since));
    jw_kstr(w, "due_on", r->due_on);
    jw_kstr(w, "light", str_of(view_light(light_of(r, c->now_ms))));
    write_left(c, r, w);
    jw_kbool(w, "paused", r->paused != 0);
    jw_kint(w, "priority", r->priority);
    jw_kstr(w, "etag", str_fmt(c->arena, "%lld", (long long)r->acts));
    jw_end_obj(w);
}

/* "red_at.matter_id" */
static struct err *cursor(struct call *c, struct str after, struct source_in *ret)
{
    struct str rest = after;
    if (after.p == NULL) {
        return NULL;
    }
    struct str red = str_split(&rest, '.');
    if (!num_parse(red, INT64_MIN, INT64_MAX, &ret->red_after) || rest.p == NULL ||
        !num_parse(rest, 0, INT64_MAX, &ret->id_after)) {
        struct err *e = NULL;
        field_fault(c->arena, &e, S("/after"), "cursor", "翻页标记不对，请从第一页开始。",
                    "The cursor is not valid; start from the first page.");
        return e;
    }
    return NULL;
}

struct err *work_list(struct call *c, const void *in, void *out)
{
    const struct work_in *q = in;
    int64_t limit = q->limit == FIELD_NO_INT ? 50 : q->limit;
    struct sources *all = ARENA_NEW(c->arena, struct sources);
    struct source_in from = {.red_after = INT64_MIN + 1, .id_after = 0, .limit = limit};
    const struct work_view *r = NULL, *last = NULL;
    struct buf b;
    struct jw w;
    (void)out;
    TRY(cursor(c, q->after, &from));
    find_sources(c, q->role, q->unit, all);
    for (size_t i = 0; i < all->n; i++) {
        TRY(fill(c, &all->s[i], &from));
    }
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    jw_list(&w);
    int64_t n = 0;
    for (int scanned = 0; n < limit && scanned < SCAN_MAX; scanned++) {
        TRY(next_row(c, all, limit, &r));
        if (r == NULL) {
            break;
        }
        last = r;
        if (wanted(c, q, r)) {
            write_row(c, r, &w);
            n++;
        }
    }
    jw_end_list(&w);
    jw_kstr(&w, "next",
            r == NULL || last == NULL ? STR_NONE
                                      : str_fmt(c->arena, "%lld.%lld", (long long)last->red_at,
                                                (long long)last->matter_id));
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}

static struct err *
count_role(struct call *c, const struct sources *all, struct str role, struct count_row *ret)
{
    *ret = (struct count_row){0};
    for (size_t i = 0; i < all->n; i++) {
        struct count_row row;
        bool found = false;
        if (!str_eq(all->s[i].role, role)) {
            continue;
        }
        struct source_in in = {.office_id = c->office_id,
                               .unit_id = all->s[i].unit_id,
                               .role = role,
                               .now = c->now_ms};
        TRY(db_one(c->db, c->arena, &WORK_COUNT, &in, &row, &found));
        ret->red += row.red;
        ret->yellow += row.yellow;
        ret->paused += row.paused;
        ret->total += row.total;
    }
    return NULL;
}

struct err *work_counts(struct call *c, const void *in, void *out)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    struct sources *all = ARENA_NEW(c->arena, struct sources);
    struct buf b;
    struct jw w;
    (void)in;
    (void)out;
    find_sources(c, STR_NONE, FIELD_NO_INT, all);
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    jw_list(&w);
    for (size_t i = 0; i < set->n; i++) {
        struct count_row n;
        if (!actor_holds(&c->actor, set->roles[i].name)) {
            continue;
        }
        TRY(count_role(c, all, set->roles[i].name, &n));
        jw_obj(&w);
        jw_kstr(&w, "role", set->roles[i].name);
        view_text(&w, "name", set->roles[i].zh, set->roles[i].en);
        jw_kint(&w, "red", n.red);
        jw_kint(&w, "yellow", n.yellow);
        jw_kint(&w, "green", n.total - n.red - n.yellow - n.paused);
        jw_kint(&w, "paused", n.paused);
        jw_kint(&w, "total", n.total);
        jw_end_obj(&w);
    }
    jw_end_list(&w);
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}
