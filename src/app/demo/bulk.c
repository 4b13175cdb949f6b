/* Many simple matters for benchmarks (demo.h): applications at the window, a share of them worked
 * through, in groups of the writer as the server would make them. */
#include "app/demo/demo.h"

#include "app/demo/fill.h"
#include "app/demo/play.h"
#include "app/identity/identity.h"
#include "base/check.h"
#include "procedure/org.h"
#include "run/writer.h"

#define GROUP      32
#define ACTORS_MAX 128
#define ITEMS_MAX  16

/* Items whose matters need no inspection on the spot. */
static const char *const ITEMS[] = {"road-freight", "hr-service",       "eng-plan",
                                    "fire-design",  "energy-review",    "land-plan",
                                    "soil-water",   "pollutant-permit", "special-equip-reg"};

/* Of a hundred matters so many get so far. */
static const struct stage {
    struct step step;
    size_t percent;
} STAGES[] = {
    {{NULL, "clerk", "submit", "{\"answers\":\"@answers\",\"materials\":\"@materials\"}", NULL},
     100},
    {{NULL, "clerk", "accept", "{\"verdicts\":\"@verdicts:ok\"}", NULL}, 60},
    {{NULL, "reviewer", "propose", "{\"result\":\"grant\",\"opinion\":\"@t:opinion\"}", NULL}, 42},
    {{NULL, "approver", "grant", NULL, NULL}, 34},
    {{NULL, "reviewer", "issue", NULL, NULL}, 28},
    {{NULL, "deliverer", "deliver", "{\"way\":\"window\",\"receiver\":\"@name\"}", NULL}, 22},
};

struct bulk {
    struct play play;
    struct call *c;
    struct actor actors[ACTORS_MAX];
    size_t n_actors;
    struct mitem *items[ITEMS_MAX];
};

struct work {
    struct bulk *b;
    struct tale tale;
    size_t item, reach; /* reach: of a hundred */
    const struct step *step;
};

static struct err *actor_of(struct bulk *b, const struct work *w, struct actor *ret)
{
    int64_t id =
        cast_person(b->c, &b->play.cast, w->step->who, b->items[w->item]->unit_id, w->tale.number);
    for (size_t i = 0; i < b->n_actors; i++) {
        if (b->actors[i].person_id == id) {
            *ret = b->actors[i];
            return NULL;
        }
    }
    CHECK(b->n_actors < ACTORS_MAX);
    TRY(identity_actor(b->c, id, 0, ret));
    b->actors[b->n_actors++] = *ret;
    return NULL;
}

static struct err *act(struct call *c, void *ctx)
{
    struct work *w = ctx;
    struct matter *m = NULL;
    struct jval form;
    struct filling f = {
        .play = &w->b->play, .c = c, .tale = &w->tale, .item = w->b->items[w->item]};
    struct act_request q = {.occurred_at = FIELD_NO_INT, .act = str_of(w->step->act)};
    if (w->step->form != NULL) {
        TRY(form_fill(&f, w->step->form, &form));
        q.form = &form;
    }
    if (w->tale.matter_id == 0) {
        q.item = w->tale.item;
        q.party_id = w->tale.party->party_id;
        TRY(engine_start(c, &q, &m));
        w->tale.matter_id = m->id;
        return NULL;
    }
    q.matter_id = w->tale.matter_id;
    return engine_act(c, &q, &m);
}

static struct err *run_stage(struct bulk *b, const struct stage *s, struct work *works, size_t n)
{
    struct writer *w = NULL;
    struct job *jobs[GROUP];
    size_t n_jobs = 0;
    struct err *e = NULL;
    TRY(writer_of(b->c, &w));
    for (size_t i = 0; i < n; i++) {
        struct arena *a = NULL;
        if (works[i].reach >= s->percent) {
            continue;
        }
        a = arena_new(0);
        struct job *j = ARENA_NEW(a, struct job);
        works[i].step = &s->step;
        call_init(&j->call, b->c->app, a, ACTOR_STAFF);
        j->call.channel = S("window");
        j->fn = act;
        j->ctx = &works[i];
        e = e != NULL ? e : actor_of(b, &works[i], &j->call.actor);
        jobs[n_jobs++] = j;
    }
    if (e == NULL && n_jobs > 0) {
        writer_group(w, jobs, n_jobs);
    }
    for (size_t i = 0; i < n_jobs; i++) {
        struct err *bad = jobs[i]->outcome.err;
        if (bad != NULL && e == NULL) {
            e = ERROR_TEXT(b->c->arena, bad->code, bad->zh, bad->en);
            e->cause = bad->cause.p == NULL ? STR_NONE : str_dup(b->c->arena, bad->cause);
        }
        arena_free(jobs[i]->call.arena);
    }
    return e;
}

static struct err *run_group(struct bulk *b, size_t first, size_t n)
{
    struct work works[GROUP];
    for (size_t i = 0; i < n; i++) {
        size_t item = luck_below(&b->play.luck, COUNT_OF(ITEMS));
        works[i] = (struct work){
            .b = b,
            .item = item,
            .reach = luck_below(&b->play.luck, 100),
            .tale = {.number = first + i, .item = str_of(ITEMS[item])},
        };
        works[i].tale.party = play_applicant(&b->play, works[i].tale.item, false, first + i);
    }
    for (size_t s = 0; s < COUNT_OF(STAGES); s++) {
        TRY(run_stage(b, &STAGES[s], works, n));
    }
    return NULL;
}

struct err *demo_bulk(struct call *c, int64_t matters, uint64_t seed)
{
    struct bulk *b = ARENA_NEW(c->arena, struct bulk);
    int64_t begin = clock_office_ms(c->app->clock), span = DEMO_SPAN_DAYS * CIVIL_DAY_MS;
    bool simulated = clock_is_simulated(c->app->clock);
    b->c = c;
    if (org_of(c->app)->n == 0) {
        TRY(fill_stage(c));
    }
    TRY(play_open(&b->play, c, begin + span, seed));
    for (size_t i = 0; i < COUNT_OF(ITEMS); i++) {
        TRY(matter_find_item(c, str_of(ITEMS[i]), &b->items[i]));
    }
    for (int64_t done = 0; done < matters; done += GROUP) {
        size_t n = (size_t)(matters - done < GROUP ? matters - done : GROUP);
        if (simulated) {
            TRY(play_advance(&b->play, begin + span / matters * done));
        }
        TRY(run_group(b, (size_t)done, n));
    }
    return simulated ? fill_keep_offset(c) : NULL;
}
