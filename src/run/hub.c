/* Subscribers in a list under one lock. wake() is called under it: it may only set a flag and wake
 * a thread, and must not call the hub; in return it never runs after hub_unsubscribe has returned.
 * Lock order: the hub's lock, then whatever wake() takes. */
#include "run/hub.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"
#include "sys/thread.h"

#include <string.h>

#define SCAN_ROWS 256
#define SCAN_MAX  16384 /* outbox rows one call looks at */

struct hub_sub {
    struct actor actor; /* its texts and roles are copied */
    struct arena *arena;
    void (*wake)(void *user);
    void *user;
    struct hub_sub *next;
};

struct hub {
    struct mutex *lock;
    struct hub_sub *subs;
    size_t n;
};

struct outbox_args {
    int64_t after, end, page;
};

struct outbox_row {
    int64_t id, matter_id, act_id, at;
    struct str topic, audience, body;
};

/* clang-format off */
static const struct field outbox_args_rows[] = {
    F_INT(struct outbox_args, after, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_args, end, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_args, page, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
static const struct field outbox_rows[] = {
    F_INT(struct outbox_row, id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, matter_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, act_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct outbox_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct outbox_row, topic, 0, 0, 100, NULL, NULL),
    F_TEXT(struct outbox_row, audience, 0, 0, 1000, NULL, NULL),
    F_TEXT(struct outbox_row, body, 0, 0, 10000, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(OUTBOX_AFTER,
     "run.outbox_after",
     outbox_args_rows,
     outbox_rows,
     struct outbox_row,
     "SELECT id, topic, matter_id, act_id, audience, body, at FROM outbox"
     " WHERE id > :after AND id < :end ORDER BY id LIMIT :page");

STMT(OUTBOX_LAST,
     "run.outbox_last",
     outbox_args_rows,
     outbox_rows,
     struct outbox_row,
     "SELECT id, topic, matter_id, act_id, audience, body, at FROM outbox"
     " WHERE id > :after AND id < :end ORDER BY id DESC LIMIT 1");

struct hub *hub_new(void)
{
    struct hub *h = mem_new(1, sizeof(*h));

    h->lock = mutex_new();
    return h;
}

void hub_free(struct hub *h)
{
    if (h != NULL) {
        CHECK(h->subs == NULL); /* streams end before the hub */
        mutex_free(h->lock);
        mem_free(h);
    }
}

static void copy_actor(struct arena *a, const struct actor *from, struct actor *ret)
{
    struct held_role *roles = ARENA_ARRAY(a, struct held_role, from->n_roles + 1);

    *ret = (struct actor){.kind = from->kind,
                          .person_id = from->person_id,
                          .session_id = from->session_id,
                          .unit_id = from->unit_id,
                          .party_id = from->party_id,
                          .roles = roles,
                          .n_roles = from->n_roles};
    for (size_t i = 0; i < from->n_roles; i++) {
        roles[i] = from->roles[i];
        roles[i].role = str_dup(a, from->roles[i].role);
    }
}

struct hub_sub *
hub_subscribe(struct hub *h, const struct actor *a, void (*wake)(void *user), void *user)
{
    struct hub_sub *s = mem_new(1, sizeof(*s));

    s->arena = arena_new(0);
    copy_actor(s->arena, a, &s->actor);
    s->wake = wake;
    s->user = user;
    mutex_lock(h->lock);
    s->next = h->subs;
    h->subs = s;
    h->n++;
    mutex_unlock(h->lock);
    return s;
}

void hub_unsubscribe(struct hub *h, struct hub_sub *s)
{
    mutex_lock(h->lock);
    for (struct hub_sub **at = &h->subs; *at != NULL; at = &(*at)->next) {
        if (*at == s) {
            *at = s->next;
            h->n--;
            break;
        }
    }
    mutex_unlock(h->lock);
    arena_free(s->arena);
    mem_free(s);
}

size_t hub_count(struct hub *h)
{
    size_t n;

    mutex_lock(h->lock);
    n = h->n;
    mutex_unlock(h->lock);
    return n;
}

void hub_committed(struct hub *h, int64_t first_id, int64_t last_id)
{
    (void)first_id;
    (void)last_id;
    mutex_lock(h->lock);
    for (struct hub_sub *s = h->subs; s != NULL; s = s->next) {
        s->wake(s->user);
    }
    mutex_unlock(h->lock);
}

static bool matches_any(const struct actor *a, const struct str *audiences, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (hub_matches(a, audiences[i])) {
            return true;
        }
    }
    return false;
}

void hub_committed_to(struct hub *h, const struct str *audiences, size_t n)
{
    mutex_lock(h->lock);
    for (struct hub_sub *s = h->subs; s != NULL; s = s->next) {
        if (matches_any(&s->actor, audiences, n)) {
            s->wake(s->user);
        }
    }
    mutex_unlock(h->lock);
}

/* Administrators have no business rights (三员分立), so their roles open no unit. */
static bool is_administration(struct str role)
{
    return str_eqz(role, "system_admin") || str_eqz(role, "security_admin") ||
           str_eqz(role, "audit_admin");
}

static bool in_unit(const struct actor *a, int64_t unit_id)
{
    if (a->kind != ACTOR_STAFF) {
        return false;
    }
    if (a->unit_id == unit_id) {
        return true;
    }
    for (size_t i = 0; i < a->n_roles; i++) {
        const struct held_role *r = &a->roles[i];

        if (!is_administration(r->role) && (r->unit_id == unit_id || r->unit_id == 0)) {
            return true;
        }
    }
    return false;
}

static bool matches_one(const struct actor *a, struct str place)
{
    ptrdiff_t colon = str_find_char(place, ':');
    struct str kind = colon < 0 ? place : str_sub(place, 0, (size_t)colon);
    int64_t id = 0;

    if (colon < 0) {
        return str_eqz(place, "office") && a->kind == ACTOR_STAFF;
    }
    if (!num_parse(str_sub(place, (size_t)colon + 1, place.n), 1, INT64_MAX, &id)) {
        return false;
    }
    if (str_eqz(kind, "unit")) {
        return in_unit(a, id);
    }
    if (str_eqz(kind, "person")) {
        return a->person_id == id;
    }
    return str_eqz(kind, "party") && a->party_id == id;
}

bool hub_matches(const struct actor *a, struct str audience)
{
    while (audience.p != NULL) {
        if (matches_one(a, str_split(&audience, ' '))) {
            return true;
        }
    }
    return false;
}

static struct hub_event event_of(const struct outbox_row *row)
{
    return (struct hub_event){.id = row->id,
                              .topic = row->topic,
                              .audience = row->audience,
                              .body = row->body,
                              .matter_id = row->matter_id == FIELD_NO_INT ? 0 : row->matter_id,
                              .act_id = row->act_id == FIELD_NO_INT ? 0 : row->act_id,
                              .at_ms = row->at};
}

struct err *hub_scan(struct call *c,
                     const struct actor *a,
                     int64_t *after_id,
                     size_t max,
                     struct hub_event **ret,
                     size_t *ret_n)
{
    /* Ids are office * 2^40 + n. */
    struct outbox_args args = {
        .after = *after_id, .end = (c->office_id + 1) << 40, .page = SCAN_ROWS};
    struct hub_event *found = ARENA_ARRAY(c->arena, struct hub_event, max + 1);
    size_t seen = 0;
    struct list rows;

    args.after = args.after < c->office_id << 40 ? c->office_id << 40 : args.after;
    *ret_n = 0;
    do {
        TRY(db_all(c->db, c->arena, &OUTBOX_AFTER, &args, &rows));
        for (size_t i = 0; i < rows.n && *ret_n < max; i++) {
            const struct outbox_row *row = (const struct outbox_row *)rows.p + i;

            args.after = row->id;
            if (hub_matches(a, row->audience)) {
                found[(*ret_n)++] = event_of(row);
            }
        }
        seen += rows.n;
    } while (rows.n == SCAN_ROWS && *ret_n < max && seen < SCAN_MAX);
    *after_id = args.after;
    *ret = found;
    return NULL;
}

struct err *hub_events(struct call *c,
                       const struct actor *a,
                       int64_t after_id,
                       size_t max,
                       struct hub_event **ret,
                       size_t *ret_n)
{
    return hub_scan(c, a, &after_id, max, ret, ret_n);
}

struct err *hub_last(struct call *c, int64_t *ret_id)
{
    struct outbox_args args = {.after = c->office_id << 40, .end = (c->office_id + 1) << 40};
    struct outbox_row row;
    bool found;

    TRY(db_one(c->db, c->arena, &OUTBOX_LAST, &args, &row, &found));
    *ret_id = found ? row.id : args.after;
    return NULL;
}
