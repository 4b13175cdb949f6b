/* See walker.h. */
#include "walker.h"

#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

uint64_t walk_seen[32];
char walk_name[200];

static const struct role_set *roles_of(const struct walk *w)
{
    return definition_roles(procedure_set(w->h->app));
}

struct call *walk_call(struct walk *w, struct actor actor)
{
    struct call *c = ARENA_NEW(w->mk.arena, struct call);
    call_init(c, w->h->app, w->mk.arena, ACTOR_STAFF);
    c->db = w->h->writer.db;
    c->channel = S("window");
    c->actor = actor;
    return c;
}

/* Applicant and agent act for the hall's party. */
struct actor walk_person(struct walk *w, size_t role, uint64_t i)
{
    const struct role *r = &roles_of(w)->roles[role];
    struct held_role *held = ARENA_NEW(w->mk.arena, struct held_role);
    *held = (struct held_role){r->name, 0, 0};
    if (r->scope == ROLE_PARTY || r->scope == ROLE_AGENT || r->scope == ROLE_PUBLIC) {
        return (struct actor){.kind = ACTOR_APPLICANT,
                              .person_id = 900 + (int64_t)role,
                              .party_id = w->h->party,
                              .as_agent = r->scope == ROLE_AGENT,
                              .name = S("申请人")};
    }
    return (struct actor){.kind = ACTOR_STAFF,
                          .person_id = 1000 + (int64_t)role * 10 + (int64_t)i,
                          .unit_id = 12,
                          .name = S("人员"),
                          .roles = held,
                          .n_roles = 1};
}

void walk_people(struct hall *h)
{
    const struct role_set *set = definition_roles(procedure_set(h->app));
    struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 16384);
    for (size_t r = 0; r < set->n; r++) {
        for (int i = 0; i < PEOPLE_PER_ROLE; i++) {
            long long id = 1000 + (long long)r * 10 + i;
            buf_fmt(&b,
                    "INSERT INTO person (id, office_id, unit_id, login, name, status, kind) "
                    "VALUES (%lld, 1, 12, 'w%lld', '人员', 1, 'staff');"
                    "INSERT INTO role_grant (id, person_id, office_id, unit_id, role, from_on, "
                    "act_id) VALUES (%lld, %lld, 1, NULL, '%.*s', '2020-01-01', 0);",
                    id, id, id, id, STR_ARG(set->roles[r].name));
        }
    }
    assert_null(db_script(h->writer.db, a, buf_str(&b)));
    arena_free(a);
}

size_t walk_definition_index(const struct walk *w, const struct definition *d)
{
    const struct definition_set *set = procedure_set(w->h->app);
    for (size_t i = 0; i < definition_count(set); i++) {
        if (str_eq(definition_at(set, i)->kind, d->kind)) {
            return i;
        }
    }
    fail();
    return 0;
}

struct matter *walk_load(struct walk *w, int64_t id)
{
    struct matter *m = NULL;
    struct call *c = walk_call(w, (struct actor){.kind = ACTOR_SYSTEM});
    assert_null(matter_load(c, id, &m));
    return m;
}

static void add_matter(struct walk *w, int64_t id)
{
    for (size_t k = 0; k < w->n; k++) {
        if (w->ids[k] == id) {
            return;
        }
    }
    if (w->n < MATTERS_MAX) {
        w->ids[w->n++] = id;
    }
}

void walk_note(struct walk *w, int64_t id)
{
    struct matter *m = walk_load(w, id);
    size_t d = walk_definition_index(w, m->d);
    for (size_t i = 0; i < m->n_done; i++) {
        walk_seen[d] |= m->done[i].def == NO_INDEX ? 0 : BIT(m->done[i].def);
    }
    for (size_t i = 0; i < m->n_children; i++) {
        add_matter(w, m->children[i].id);
    }
}

bool walk_goal_seen(const struct walk *w)
{
    return w->goal_kind == NULL ||
           (walk_seen[walk_definition_index(w, w->goal_kind)] & BIT(w->goal)) != 0;
}

/* ---- commands ---- */

static struct err *system_command(struct call *c, void *ctx)
{
    struct hall_command *k = ctx;
    return engine_system_act(c, k->q.matter_id, k->q.act, k->q.form, 0);
}

static struct err *sweep_command(struct call *c, void *ctx)
{
    return engine_sweep(c, 8, ctx);
}

/* A refusal of a random form is fine; anything that smells of our own mistake is not. */
static bool judge(const struct err *e, struct str act)
{
    if (e != NULL && err_info(e->code)->status >= 500) {
        fail_msg("%s: %.*s: %.*s %.*s (%s:%d)", walk_name, STR_ARG(act), STR_ARG(e->en),
                 STR_ARG(e->cause), e->file, e->line);
    }
    return e == NULL;
}

static struct jval
form_by(struct walk *w, const struct call *c, const struct matter *m, uint32_t act)
{
    w->mk.owner = c->actor.person_id;
    w->mk.office_ms = clock_office_ms(w->h->app->clock);
    return maker_form(&w->mk, m, m->d->acts[act].form);
}

bool walk_act(struct walk *w, const struct matter *m, uint32_t act, size_t role)
{
    uint64_t who = maker_below(&w->mk, PEOPLE_PER_ROLE);
    const struct act_def *a = &m->d->acts[act];
    struct call *c = walk_call(w, walk_person(w, role, who));
    struct jval form = form_by(w, c, m, act);
    int64_t with = 1000 + (int64_t)role * 10 + (int64_t)((who + 1) % PEOPLE_PER_ROLE);
    struct hall_command k = {.q = {.matter_id = m->id,
                                   .act = a->name,
                                   .form = &form,
                                   .occurred_at = FIELD_NO_INT,
                                   .with = &with,
                                   .n_with = a->persons > 1}};
    struct err *e = unit_run(c, hall_act_command, &k);
    bool done = judge(e, a->name);
    w->refusal = done ? ERR_CODE_MAX : e->code;
    w->stuck = done ? w->stuck : m->id;
    if (done) {
        walk_note(w, m->id);
    }
    return done;
}

bool walk_system_act(struct walk *w, const struct matter *m, uint32_t act)
{
    struct call *c = walk_call(w, (struct actor){.kind = ACTOR_SYSTEM});
    struct jval form = form_by(w, c, m, act);
    struct hall_command k = {.q = {.matter_id = m->id, .act = m->d->acts[act].name, .form = &form}};
    bool done = judge(unit_run(c, system_command, &k), m->d->acts[act].name);
    walk_note(w, m->id);
    return done;
}

bool walk_start(struct walk *w, const struct definition *d)
{
    const struct role_set *set = roles_of(w);
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        for (size_t r = 0; a->starts && !a->triggered && r < set->n; r++) {
            if ((a->by & BIT(r)) == 0 || set->roles[r].scope == ROLE_SYSTEM) {
                continue;
            }
            struct call *c = walk_call(w, walk_person(w, r, 0));
            struct matter blank = {.d = d, .id = 0};
            struct jval form = form_by(w, c, &blank, i);
            struct hall_command k = {.q = {.kind = d->kind,
                                           .item = d->item == NEED_NONE ? STR_NONE : S("food"),
                                           .party_id = d->party == NEED_NONE ? 0 : w->h->party,
                                           .act = a->name,
                                           .form = &form,
                                           .occurred_at = FIELD_NO_INT}};
            if (w->n < MATTERS_MAX && judge(unit_run(c, hall_start_command, &k), a->name)) {
                add_matter(w, k.m->id);
                walk_note(w, k.m->id);
                return true;
            }
        }
    }
    return false;
}

bool walk_until(struct walk *w, int64_t later)
{
    bool more = true;
    int32_t last = 0;
    CHECK(civil_parse(S("2026-11-20"), &last));
    if (later > civil_day_start(last)) {
        return false;
    }
    clock_set(w->h->app->clock, later);
    while (more) {
        struct err *e =
            unit_run(walk_call(w, (struct actor){.kind = ACTOR_SYSTEM}), sweep_command, &more);
        if (e != NULL) {
            fail_msg("%s: sweep: %.*s %.*s", walk_name, STR_ARG(e->en), STR_ARG(e->cause));
        }
    }
    for (size_t i = 0; i < w->n; i++) {
        walk_note(w, w->ids[i]);
    }
    return true;
}

/* One thing that somebody may do now. */
struct move {
    size_t role;
    uint32_t act;
};

/* All possible moves of all roles; acts that any kind has (notes, corrections) seldom. */
static size_t moves_of(struct walk *w, struct matter *m, uint64_t who, struct move *ret, size_t max)
{
    const struct role_set *set = roles_of(w);
    size_t n = 0;
    for (size_t r = 0; r < set->n; r++) {
        struct allowed_act *acts = NULL;
        size_t count = 0;
        assert_null(engine_allowed(walk_call(w, walk_person(w, r, who)), m, &acts, &count));
        for (size_t i = 0; i < count && n < max; i++) {
            bool plain = m->d->acts[acts[i].act].use == USE_PLAIN;
            if (plain || maker_below(&w->mk, 12) == 0) {
                ret[n++] = (struct move){r, acts[i].act};
            }
        }
    }
    return n;
}

bool walk_random_act(struct walk *w, int64_t id)
{
    struct matter *m = walk_load(w, id);
    struct move moves[256];
    size_t n = moves_of(w, m, maker_below(&w->mk, PEOPLE_PER_ROLE), moves, COUNT_OF(moves));
    if (n == 0) {
        return false;
    }
    struct move mv = moves[maker_below(&w->mk, n)];
    return walk_act(w, m, mv.act, mv.role);
}
