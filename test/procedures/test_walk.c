/* Random walks of every definition through the real engine, with simulated time: legal moves only,
 * no open matter stuck, second fold = stored state, facts and clocks, and every act of every kind
 * seen. A failure prints its seed; HUHANG_WALK_SEED repeats it, HUHANG_WALKS sets how many. */
#include "form_maker.h"

#include "base/check.h"
#include "procedure/act.h"
#include "procedure/effect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PEOPLE_PER_ROLE 3
#define STEPS           40
#define MATTERS_MAX     24

struct walk {
    struct hall *h;
    struct maker mk;
    int64_t ids[MATTERS_MAX];
    size_t n;
};

static uint64_t seen[32]; /* acts by definition index */
static uint64_t started_seed;

static struct err *record_effect(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    (void)s;
    (void)act_id;
    (void)results;
    return NULL;
}

static struct call *call_of(struct walk *w, struct actor actor)
{
    struct call *c = ARENA_NEW(w->mk.arena, struct call);
    call_init(c, w->h->app, w->mk.arena, ACTOR_STAFF);
    c->db = w->h->writer.db;
    c->channel = S("window");
    c->actor = actor;
    return c;
}

/* Person `i` of the role; applicant and agent act for the hall's party. */
static struct actor person(struct walk *w, size_t role, uint64_t i)
{
    const struct role_set *set = definition_roles(procedure_set(w->h->app));
    const struct role *r = &set->roles[role];
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

static void insert_people(struct hall *h)
{
    const struct role_set *set = definition_roles(procedure_set(h->app));
    struct arena *a = arena_new(0);
    for (size_t r = 0; r < set->n; r++) {
        for (int i = 0; i < PEOPLE_PER_ROLE; i++) {
            long long id = 1000 + (long long)r * 10 + i;
            struct str sql =
                str_fmt(a,
                        "INSERT INTO person (id, office_id, unit_id, login, name, status, kind) "
                        "VALUES (%lld, 1, 12, 'w%lld', '人员', 1, 'staff');"
                        "INSERT INTO role_grant (id, person_id, office_id, unit_id, role, from_on, "
                        "act_id) VALUES (%lld, %lld, 1, NULL, '%.*s', '2020-01-01', 0);",
                        id, id, id, id, STR_ARG(set->roles[r].name));
            assert_null(db_script(h->writer.db, a, sql));
        }
    }
    arena_free(a);
}

static size_t definition_index(const struct walk *w, const struct definition *d)
{
    const struct definition_set *set = procedure_set(w->h->app);
    for (size_t i = 0; i < definition_count(set); i++) {
        if (definition_at(set, i) == d) {
            return i;
        }
    }
    fail();
    return 0;
}

static struct matter *load(struct walk *w, int64_t id)
{
    struct matter *m = NULL;
    struct call *c = call_of(w, (struct actor){.kind = ACTOR_SYSTEM});
    assert_null(matter_load(c, id, &m));
    return m;
}

static void note(struct walk *w, int64_t id)
{
    struct matter *m = load(w, id);
    size_t d = definition_index(w, m->d);
    for (size_t i = 0; i < m->n_done; i++) {
        seen[d] |= m->done[i].def == NO_INDEX ? 0 : BIT(m->done[i].def);
    }
    for (size_t i = 0; i < m->n_children; i++) {
        bool known = false;
        for (size_t k = 0; k < w->n; k++) {
            known = known || w->ids[k] == m->children[i].id;
        }
        if (!known && w->n < MATTERS_MAX) {
            w->ids[w->n++] = m->children[i].id;
        }
    }
}

struct command {
    struct act_request q;
    struct matter *m;
};

static struct err *start_command(struct call *c, void *ctx)
{
    struct command *k = ctx;
    return engine_start(c, &k->q, &k->m);
}

static struct err *act_command(struct call *c, void *ctx)
{
    struct command *k = ctx;
    return engine_act(c, &k->q, &k->m);
}

static struct err *sweep_command(struct call *c, void *ctx)
{
    return engine_sweep(c, 8, ctx);
}

static void pass_time(struct walk *w)
{
    static const int64_t HOURS[] = {1, 5, 24, 24, 48, 96, 240, 24 * 40};
    int64_t now = clock_office_ms(w->h->app->clock);
    int64_t later = now + HOURS[maker_below(&w->mk, COUNT_OF(HOURS))] * 3600 * 1000;
    bool more = true;
    int32_t last = 0;
    CHECK(civil_parse(S("2026-10-01"), &last));
    if (later > civil_day_start(last)) {
        return;
    }
    clock_set(w->h->app->clock, later);
    while (more) {
        struct err *e =
            unit_run(call_of(w, (struct actor){.kind = ACTOR_SYSTEM}), sweep_command, &more);
        if (e != NULL) {
            fail_msg("seed %llu: sweep: %.*s %.*s", (unsigned long long)started_seed,
                     STR_ARG(e->en), STR_ARG(e->cause));
        }
    }
}

/* A refusal of a random form is fine; anything that smells of our own mistake is not. */
static void judge(const struct err *e, struct str act)
{
    if (e != NULL && err_info(e->code)->status >= 500) {
        fail_msg("seed %llu: %.*s: %.*s %.*s (%s:%d)", (unsigned long long)started_seed,
                 STR_ARG(act), STR_ARG(e->en), STR_ARG(e->cause), e->file, e->line);
    }
}

/* One thing that somebody may do now. */
struct move {
    size_t role;
    uint32_t act;
};

/* All possible moves of all roles; those whose act was never seen count five times. */
static size_t moves_of(struct walk *w, struct matter *m, uint64_t who, struct move *ret, size_t max)
{
    const struct role_set *set = definition_roles(procedure_set(w->h->app));
    size_t d = definition_index(w, m->d), n = 0;
    for (size_t r = 0; r < set->n; r++) {
        struct allowed_act *acts = NULL;
        size_t count = 0;
        assert_null(engine_allowed(call_of(w, person(w, r, who)), m, &acts, &count));
        for (size_t i = 0; i < count; i++) {
            bool plain = m->d->acts[acts[i].act].use == USE_PLAIN;
            bool new = plain &&acts[i].possible && (seen[d] & BIT(acts[i].act)) == 0;
            size_t weight = !plain ? maker_below(&w->mk, 12) == 0 : new ? 5 : 1;
            for (size_t k = 0; k < weight && n < max; k++) {
                ret[n++] = (struct move){r, acts[i].act};
            }
        }
    }
    return n;
}

static bool act_once(struct walk *w, int64_t id)
{
    uint64_t who = maker_below(&w->mk, PEOPLE_PER_ROLE);
    struct matter *m = load(w, id);
    struct move moves[256];
    size_t n = moves_of(w, m, who, moves, COUNT_OF(moves));
    if (n == 0) {
        return false;
    }
    struct move mv = moves[maker_below(&w->mk, n)];
    const struct act_def *a = &m->d->acts[mv.act];
    struct call *c = call_of(w, person(w, mv.role, who));
    w->mk.owner = c->actor.person_id;
    w->mk.office_ms = clock_office_ms(w->h->app->clock);
    struct jval form = maker_form(&w->mk, m, a->form);
    int64_t with = 1000 + (int64_t)mv.role * 10 + (int64_t)((who + 1) % PEOPLE_PER_ROLE);
    struct command k = {.q = {.matter_id = id,
                              .act = a->name,
                              .form = &form,
                              .occurred_at = FIELD_NO_INT,
                              .with = &with,
                              .n_with = a->persons > 1}};
    struct err *e = unit_run(c, act_command, &k);
    judge(e, a->name);
    return e == NULL;
}

static void check_all(struct walk *w)
{
    for (size_t i = 0; i < w->n; i++) {
        note(w, w->ids[i]);
        hall_check(w->h, w->ids[i]);
    }
}

/* Somebody can act on an open matter, or a clock will move it. */
static void not_stuck(struct walk *w, int64_t id)
{
    const struct role_set *set = definition_roles(procedure_set(w->h->app));
    struct matter *m = load(w, id);
    if (m->class == STATE_CLOSED) {
        return;
    }
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (m->clocks[i].next_at != CIVIL_NEVER) {
            return;
        }
    }
    for (size_t r = 0; r < set->n; r++) {
        struct allowed_act *acts = NULL;
        size_t n = 0;
        assert_null(engine_allowed(call_of(w, person(w, r, 0)), m, &acts, &n));
        if (n > 0) {
            return;
        }
    }
    fail_msg("seed %llu: matter %lld of kind %.*s is stuck in %.*s",
             (unsigned long long)started_seed, (long long)id, STR_ARG(m->d->kind),
             STR_ARG(m->d->states[m->state].name));
}

static bool start(struct walk *w, const struct definition *d)
{
    const struct role_set *set = definition_roles(procedure_set(w->h->app));
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        for (size_t r = 0; a->starts && !a->triggered && r < set->n; r++) {
            if ((a->by & BIT(r)) == 0 || set->roles[r].scope == ROLE_SYSTEM) {
                continue;
            }
            struct call *c = call_of(w, person(w, r, 0));
            struct matter blank = {.d = d, .id = 0};
            w->mk.owner = c->actor.person_id;
            w->mk.office_ms = clock_office_ms(w->h->app->clock);
            struct jval form = maker_form(&w->mk, &blank, a->form);
            struct command k = {.q = {.kind = d->kind,
                                      .item = d->item == NEED_NONE ? STR_NONE : S("food"),
                                      .party_id = d->party == NEED_NONE ? 0 : w->h->party,
                                      .act = a->name,
                                      .form = &form,
                                      .occurred_at = FIELD_NO_INT}};
            struct err *e = unit_run(c, start_command, &k);
            judge(e, a->name);
            if (e == NULL) {
                w->ids[w->n++] = k.m->id;
                return true;
            }
        }
    }
    return false;
}

static void walk_once(struct hall *h, const struct definition *d, uint64_t seed)
{
    struct walk w = {.h = h, .mk = {.arena = arena_new(0), .hall = h, .seed = seed}};
    started_seed = seed;
    if (start(&w, d)) {
        for (int step = 0; step < STEPS; step++) {
            if (maker_below(&w.mk, 7) == 0) {
                pass_time(&w);
            }
            for (int tries = 0; tries < 6 && !act_once(&w, w.ids[maker_below(&w.mk, w.n)]);
                 tries++) {
            }
            note(&w, w.ids[0]);
        }
        check_all(&w);
        for (size_t i = 0; i < w.n; i++) {
            not_stuck(&w, w.ids[i]);
        }
    }
    arena_free(w.mk.arena);
}

static void missing(const struct walk *w, bool service)
{
    const struct definition_set *set = procedure_set(w->h->app);
    int n = 0;
    for (size_t i = 0; i < definition_count(set); i++) {
        const struct definition *d = definition_at(set, i);
        for (uint32_t k = 0; k < d->n_acts; k++) {
            bool rare = d->acts[k].use != USE_PLAIN;
            if (!rare && (!service || d->in_service) && (seen[i] & BIT(k)) == 0) {
                fprintf(stderr, "never seen: %.*s.%.*s\n", STR_ARG(d->kind),
                        STR_ARG(d->acts[k].name));
                n++;
            }
        }
    }
    if (n > 0 && getenv("HUHANG_WALK_SEED") == NULL && getenv("HUHANG_WALKS") == NULL) {
        fail_msg("%d acts were never seen", n);
    }
}

static void walks(void **state)
{
    const char *given = getenv("HUHANG_WALK_SEED"), *count = getenv("HUHANG_WALKS");
    int rounds = count != NULL ? (int)strtol(count, NULL, 10) : 60;
    int64_t begin = 0;
    (void)state;
    assert_true(civil_instant_parse(S("2026-01-05T09:00:00+08:00"), &begin));
    effects_double(record_effect);
    for (int round = 0; round < (given != NULL ? 1 : rounds); round++) {
        struct hall *h = hall_open_memory(begin);
        hall_items_for_walks(h, round);
        insert_people(h);
        const struct definition_set *set = procedure_set(h->app);
        for (size_t i = 0; i < definition_count(set); i++) {
            uint64_t seed =
                given != NULL ? strtoull(given, NULL, 10)
                              : UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(round * 64 + (int)i + 1);
            walk_once(h, definition_at(set, i), seed | 1);
        }
        if (round + 1 == rounds || given != NULL) {
            struct walk w = {.h = h};
            missing(&w, false);
        }
        hall_close(h);
    }
    effects_double(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(walks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
