/* Naming the column. An act no longer fits its leaf; the leaf is a keyed hash, so it cannot be
 * read, but it can be asked: with one column put back, does it fit? Each column has a short list of
 * values it may have had (states, acts and roles of the definition, people, days near by, the
 * milliseconds of the minute that the leaf shows). Only reached when something was altered. */
#include "app/ledger/verify.h"

#include "base/check.h"
#include "ledger/event.h"

#include <string.h>

#define DAYS_NEAR 1500
#define IDS_NEAR  300
#define MINUTE_MS 60000

STMT(PEOPLE, "verify.people", NULL, ID_ROW, struct id_row, "SELECT id FROM person ORDER BY id");

struct guess {
    struct verify *v;
    const struct act_check *k;
    struct arena *scratch;
    struct act_row row;
};

static bool fits(struct guess *g)
{
    unsigned char leaf[LEAF_EVENT_LEN];
    act_leaf(g->scratch, g->k, &g->row, leaf);
    arena_reset(g->scratch);
    return g->k->leaf.n == sizeof leaf && memcmp(leaf, g->k->leaf.p, sizeof leaf) == 0;
}

static struct err *named(struct guess *g, const char *field, struct str expected, struct str found)
{
    struct arena *a = g->v->c->arena;
    return altered(g->v, &(struct finding){"act", id_text(a, g->k->w->acts[g->k->i].id), field,
                                           expected, found});
}

/* Puts each text into the column at `at`; a finding when one fits. */
static struct err *
try_text(struct guess *g, const char *field, struct str *at, const struct str *texts, size_t n)
{
    struct str was = *at;
    for (size_t i = 0; i < n; i++) {
        *at = texts[i];
        if (fits(g)) {
            return named(g, field, texts[i], was);
        }
    }
    *at = was;
    return NULL;
}

static struct err *
try_range(struct guess *g, const char *field, int64_t *at, int64_t from, int64_t to)
{
    struct arena *a = g->v->c->arena;
    int64_t was = *at;
    for (int64_t i = from < 0 ? 0 : from; i <= to; i++) {
        *at = i;
        if (fits(g)) {
            return named(g, field, id_text(a, i), id_text(a, was));
        }
    }
    *at = FIELD_NO_INT;
    if (fits(g)) {
        return named(g, field, STR_NONE, id_text(a, was));
    }
    *at = was;
    return NULL;
}

static struct err *try_days(struct guess *g, const char *field, struct str *at)
{
    struct arena *a = g->v->c->arena;
    int32_t near = civil_day_of(g->row.occurred_at);
    struct str *texts = ARENA_ARRAY(a, struct str, 2 * DAYS_NEAR + 1);
    for (int32_t i = 0; i < 2 * DAYS_NEAR; i++) {
        texts[i + 1] = civil_text(a, near - DAYS_NEAR + i);
    }
    return try_text(g, field, at, texts, 2 * DAYS_NEAR + 1); /* texts[0]: none */
}

static struct err *try_names(struct guess *g)
{
    const struct definition *d = g->k->def->d;
    const struct role_set *set = definition_roles(procedure_set(g->v->c->app));
    struct str names[MAX_ACTS + MAX_STATES + 256] = {{0}};
    size_t n = 1;
    for (uint32_t i = 0; i < d->n_states; i++) {
        names[n++] = d->states[i].name;
    }
    TRY(try_text(g, "from_state", &g->row.from_state, names, n));
    TRY(try_text(g, "to_state", &g->row.to_state, names, n));
    n = 0;
    for (uint32_t i = 0; i < d->n_acts; i++) {
        names[n++] = d->acts[i].name;
    }
    TRY(try_text(g, "name", &g->row.name, names, n));
    names[0] = S("");
    n = 1;
    for (size_t i = 0; i < set->n && n < COUNT_OF(names); i++) {
        names[n++] = set->roles[i].name;
    }
    return try_text(g, "actor_role", &g->row.actor_role, names, n);
}

static struct err *try_people(struct guess *g)
{
    struct call *c = g->v->c;
    struct list rows = {0};
    int64_t was = g->row.actor_id;
    TRY(db_all(c->db, c->arena, &PEOPLE, NULL, &rows));
    const struct id_row *r = rows.p;
    for (size_t i = 0; i <= rows.n; i++) {
        g->row.actor_id = i == rows.n ? FIELD_NO_INT : r[i].id;
        if (fits(g)) {
            struct str expected = i == rows.n ? STR_NONE : id_text(c->arena, r[i].id);
            return named(g, "actor_id", expected,
                         was == FIELD_NO_INT ? STR_NONE : id_text(c->arena, was));
        }
    }
    g->row.actor_id = was;
    return NULL;
}

/* The leaf shows the minute of recording in clear. */
static struct err *try_instants(struct guess *g)
{
    struct arena *a = g->v->c->arena;
    const unsigned char *p = g->k->leaf.p;
    int64_t minute = (int64_t)((uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 |
                               (uint32_t)p[4]);
    int64_t recorded = g->row.recorded_at, occurred = g->row.occurred_at;
    for (int64_t ms = minute * MINUTE_MS; ms < (minute + 1) * MINUTE_MS; ms++) {
        g->row.recorded_at = ms;
        if (fits(g)) {
            return named(g, "recorded_at", id_text(a, ms), id_text(a, recorded));
        }
    }
    g->row.recorded_at = recorded;
    if (minute != recorded / MINUTE_MS) {
        return named(g, "recorded_at", str_fmt(a, "minute %lld", (long long)minute),
                     id_text(a, recorded));
    }
    const int64_t near[] = {recorded, occurred / MINUTE_MS * MINUTE_MS};
    for (size_t i = 0; i < COUNT_OF(near); i++) {
        TRY(try_range(g, "occurred_at", &g->row.occurred_at, near[i] - (i == 0 ? 5000 : 0),
                      near[i] + (i == 0 ? 0 : MINUTE_MS)));
    }
    return NULL;
}

static struct err *try_links(struct guess *g)
{
    const struct vmatter *w = g->k->w;
    int64_t id = g->row.id;
    TRY(try_range(g, "cause_id", &g->row.cause_id, id - IDS_NEAR, id));
    for (size_t i = 0; i < g->k->i; i++) {
        TRY(try_range(g, "cause_id", &g->row.cause_id, w->acts[i].id, w->acts[i].id));
        TRY(try_range(g, "corrects_id", &g->row.corrects_id, w->acts[i].id, w->acts[i].id));
    }
    return try_range(g, "corrects_id", &g->row.corrects_id, 0, 0);
}

/* The commitment that the body itself gives. */
static struct err *try_commit(struct guess *g)
{
    struct call *c = g->v->c;
    struct bytes was = g->row.body_commit;
    unsigned char *commit = ARENA_ARRAY(c->arena, unsigned char, 32);
    bool has = false;
    TRY(body_commit_of(g->v, g->k->w, g->row.id, commit, &has));
    g->row.body_commit = (struct bytes){commit, 32};
    if (has && fits(g)) {
        return named(g, "body_commit", str_hex(c->arena, g->row.body_commit),
                     str_hex(c->arena, was));
    }
    g->row.body_commit = was;
    return NULL;
}

static struct err *try_definitions(struct guess *g)
{
    size_t at = 0;
    void *p = NULL;
    while (map_next(g->v->definitions, &at, NULL, &p)) {
        struct act_check other = *g->k;
        struct guess h = {g->v, &other, g->scratch, g->row};
        other.def = p;
        if (fits(&h)) {
            struct arena *a = g->v->c->arena;
            return named(g, "definition_id", id_text(a, other.def->id),
                         id_text(a, g->row.definition_id));
        }
    }
    return NULL;
}

struct err *act_guess(struct verify *v, const struct act_check *k)
{
    struct guess g = {.v = v, .k = k, .scratch = arena_new(0), .row = k->w->acts[k->i]};
    struct err *e = k->leaf.n == LEAF_EVENT_LEN ? try_names(&g) : NULL;
    e = e != NULL ? e : try_definitions(&g);
    e = e != NULL ? e : try_people(&g);
    e = e != NULL ? e : try_commit(&g);
    e = e != NULL ? e : try_links(&g);
    e = e != NULL ? e : try_days(&g, "due_on", &g.row.due_on);
    e = e != NULL ? e : try_days(&g, "effective_on", &g.row.effective_on);
    e = e != NULL ? e : try_instants(&g);
    arena_free(g.scratch);
    /* Salts and far-away instants cannot be guessed. */
    return e != NULL ? e
                     : named(&g, "salt, occurred_at or several columns",
                             S("what its leaf commits to"), STR_NONE);
}
