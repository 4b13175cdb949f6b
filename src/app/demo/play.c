/* Running the stories (play.h). A step that the engine refuses ends its story: the matter stays
 * where it is, the refusal is logged and counted. That keeps a demo possible where a hall has
 * changed its definitions; the tests allow none. */
#include "app/demo/play.h"

#include "app/identity/identity.h"
#include "base/check.h"
#include "procedure/almanac.h"
#include "sys/log.h"

#define EVENING_MIN 1021 /* minutes of the day: what ends with the service day has ended */
#define INSPECT     "{\"result\":\"pass\",\"record\":\"@t:record\"}"

/* ---- time ---- */

static struct err *sweep(struct call *c, void *ctx)
{
    return engine_sweep(c, 8, ctx);
}

static struct err *sweep_all(struct play *p)
{
    bool more = true;
    while (more) {
        struct arena *a = arena_new(0);
        struct call k;
        call_init(&k, p->c->app, a, ACTOR_SYSTEM);
        k.db = p->c->db;
        struct err *e = unit_run(&k, sweep, &more);
        if (e != NULL) {
            log_err(LOG_ERROR, S("demo"), e);
            e = ERROR_TEXT(p->c->arena, e->code, e->zh, e->en);
        }
        arena_free(a);
        TRY(e);
    }
    return NULL;
}

static int64_t next_stop(int64_t now, int64_t to)
{
    int32_t day = civil_day_of(now);
    int64_t evening = civil_day_start(day) + EVENING_MIN * INT64_C(60000);
    int64_t stop = now < evening ? evening : civil_day_end(day) + 1000;
    return stop < to ? stop : to;
}

struct err *play_advance(struct play *p, int64_t to_ms)
{
    struct clock_source *clock = p->c->app->clock;
    while (clock_office_ms(clock) < to_ms) {
        clock_set(clock, next_stop(clock_office_ms(clock), to_ms));
        TRY(sweep_all(p));
    }
    return NULL;
}

/* ---- laying out ---- */

struct trade {
    const char *items, *words; /* words NULL: citizens */
};

/* clang-format off */
static const struct trade TRADES[] = {
    {"self-emp-reg|teacher-cert|retired-soldier-grant", NULL},
    {"food-biz", "餐饮|食品"},
    {"prepack-food-filing", "食品|商贸"},
    {"drug-retail|med-inst-reg|clinic-filing|med-device2-filing|med-fixed-pharm", "医药"},
    {"road-freight|repair-filing", "物流"},
    {"hr-service", "人力资源"},
    {"labor-dispatch", "劳务派遣"},
    {"hotel-special|public-place-hyg|fire-open", "酒店"},
    {"voc-school", "职业培训"},
    {"eia-form|eia-report|eia-reg|pollutant-permit|water-take", "环保科技|新材料"},
    {"constr-permit|eng-plan|land-plan|land-preexam|civil-air|fire-design|fire-accept|soil-water|drainage|road-occupy|waste-dispose|completion-filing|plan-verify|energy-review|inv-filing", "建设工程|房地产"},
};
/* clang-format on */

static bool in_words(const char *words, struct str s, bool inside)
{
    struct str rest = str_of(words);
    while (rest.p != NULL) {
        struct str w = str_split(&rest, '|');
        if (inside ? str_find(s, w) >= 0 : str_eq(s, w)) {
            return true;
        }
    }
    return false;
}

static bool suits(const struct trade *t, const struct applicant *a)
{
    if (t == NULL) {
        return a->kind == PARTY_ENTERPRISE;
    }
    if (t->words == NULL) {
        return a->kind == PARTY_CITIZEN;
    }
    return a->kind == PARTY_ENTERPRISE && in_words(t->words, a->name, true);
}

const struct applicant *
play_applicant(struct play *p, struct str item, bool with_account, size_t number)
{
    const struct trade *t = NULL;
    const struct applicant *found[64];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(TRADES); i++) {
        t = in_words(TRADES[i].items, item, false) ? &TRADES[i] : t;
    }
    for (size_t i = 0; i < p->cast.n_applicants && n < COUNT_OF(found); i++) {
        const struct applicant *a = &p->cast.applicants[i];
        if (suits(t, a) && (!with_account || a->person_id != 0)) {
            found[n++] = a;
        }
    }
    CHECK(n > 0); /* names.c gives every trade somebody with an account */
    return found[number % n];
}

static struct str item_of(const struct story *s, size_t copy)
{
    struct str rest = str_of(s->items), one = STR_NONE;
    size_t n = 1;
    for (const char *c = s->items; *c != '\0'; c++) {
        n += *c == '|';
    }
    for (size_t i = 0; i <= copy % n; i++) {
        one = str_split(&rest, '|');
    }
    return one;
}

static void lay_out(struct play *p, const struct story *s, size_t copy)
{
    struct tale *t = &p->tales[p->n_tales];
    int32_t back = (int32_t)luck_between(&p->luck, s->last, s->first);
    int32_t day = time_days_before(p, p->last_day, back);
    *t = (struct tale){.story = s, .number = p->n_tales, .item = item_of(s, copy)};
    t->web = s->way == STORY_WEB || (s->way == STORY_EITHER && luck_below(&p->luck, 5) < 3);
    t->party = play_applicant(p, t->item, t->web, p->n_tales);
    t->at_ms = time_of_day(p, day, !t->web);
    int64_t begin = clock_office_ms(p->c->app->clock);
    t->at_ms = t->at_ms > begin ? t->at_ms : begin + INT64_C(3600000);
    p->n_tales++;
}

struct err *play_open(struct play *p, struct call *c, int64_t end_ms, uint64_t seed)
{
    size_t n = 0;
    *p = (struct play){.c = c, .luck = {seed}, .end_ms = end_ms};
    TRY(cast_read(c, &p->cast));
    const struct calendar *cal = almanac_of(c->app)->calendar;
    p->last_day = calendar_nth(cal, calendar_number(cal, civil_day_of(end_ms) - 1));
    for (const struct story *s = STORIES; s->name != NULL; s++) {
        n += (size_t)s->copies;
    }
    p->tales = ARENA_ARRAY(c->arena, struct tale, n);
    for (const struct story *s = STORIES; s->name != NULL; s++) {
        for (size_t i = 0; i < (size_t)s->copies; i++) {
            lay_out(p, s, i);
        }
    }
    return NULL;
}

/* ---- one step ---- */

static bool is(const char *word, const char *other)
{
    return str_eqz(str_of(word), other);
}

struct turn {
    struct play *p;
    struct tale *t;
    struct matter *m; /* NULL at the start */
    const struct mitem *item;
    struct act_request q;
};

/* Words for people of the story that are not names of roles. */
static const char *role_of(const struct turn *w, const char *who)
{
    if (is(who, "extender")) {
        return str_z(w->p->c->arena, jval_str(jval_get(&w->item->body, S("extension_approver"))));
    }
    return is(who, "head")        ? "unit_head"
           : is(who, "chair")     ? "hearing_chair"
           : is(who, "reviewer2") ? "reviewer"
           : is(who, "clerk2")    ? "clerk"
                                  : who;
}

static int64_t person_of(const struct turn *w, const char *who)
{
    size_t n = w->t->number + (is(who, "reviewer2") || is(who, "clerk2"));
    int64_t unit = w->m != NULL ? w->m->unit_id : w->item->unit_id;
    return cast_person(w->p->c, &w->p->cast, role_of(w, who), unit, n);
}

/* Who acts: sets the call's actor and channel. An applicant without an account has a clerk enter
 * it. */
static struct err *enter(struct call *k, const struct turn *w, const char *who)
{
    bool applicant = is(who, "applicant");
    bool self = applicant && w->t->web;
    const char *by = applicant ? "clerk" : who;
    int64_t person = self ? w->t->party->person_id : person_of(w, by);
    TRY(identity_actor(k, person, self ? w->t->party->party_id : 0, &k->actor));
    bool window = !self && (is(by, "clerk") || is(by, "clerk2") || is(by, "deliverer"));
    k->channel = window ? S("window") : S("web");
    return NULL;
}

static struct err *start(struct call *c, void *ctx)
{
    struct turn *w = ctx;
    return engine_start(c, &w->q, &w->m);
}

static struct err *go_on(struct call *c, void *ctx)
{
    struct turn *w = ctx;
    return engine_act(c, &w->q, &w->m);
}

/* The matter that the act is of: the tale's, or its latest child of the kind named before the dot.
 */
static struct err *target(struct call *k, struct turn *w, const char *act, struct str *ret_act)
{
    struct str rest = str_of(act), kind = str_split(&rest, '.');
    *ret_act = rest.p == NULL ? kind : rest;
    if (w->t->matter_id == 0) {
        return NULL;
    }
    TRY(matter_load(k, w->t->matter_id, &w->m));
    for (size_t i = w->m->n_children; rest.p != NULL && i > 0; i--) {
        if (str_eq(w->m->children[i - 1].kind, kind)) {
            return matter_load(k, w->m->children[i - 1].id, &w->m);
        }
    }
    return NULL;
}

/* A second person where the act asks for one. */
static const char *companion(struct str act, const char *who)
{
    if (str_eqz(act, "inspect") || str_eqz(act, "check")) {
        return "reviewer2";
    }
    if (str_eqz(act, "correct_record")) {
        return is(who, "reviewer") ? "approver" : "head";
    }
    return NULL;
}

static struct err *perform(struct call *k, struct turn *w, const struct step *s)
{
    struct play *p = w->p;
    struct jval form;
    int64_t with = 0;
    TRY(enter(k, w, s->who));
    struct filling f = {.play = p,
                        .c = k,
                        .tale = w->t,
                        .matter = w->m,
                        .item = w->item,
                        .files = w->t->web && w->t->number % 4 == 0};
    if (s->form != NULL) {
        TRY(form_fill(&f, s->form, &form));
        w->q.form = &form;
    }
    const char *second = companion(w->q.act, s->who);
    if (second != NULL) {
        with = person_of(w, second);
        w->q.with = &with;
        w->q.n_with = 1;
    }
    if (s->late != NULL) {
        int32_t days = s->late[0] - '0';
        w->q.occurred_at = time_of_day(p, time_days_before(p, civil_day_of(k->now_ms), days), true);
        w->q.late_reason = text_of(&p->luck, S("late_reason"));
    }
    if (w->m == NULL) {
        w->q.item = w->t->item;
        w->q.party_id = w->t->party->party_id;
        TRY(unit_run(k, start, w));
        w->t->matter_id = w->m->id;
        return NULL;
    }
    w->q.matter_id = w->m->id;
    return unit_run(k, go_on, w);
}

/* Two people go and look before a substantive item is decided (行政许可法 34). */
static bool inspection_due(const struct turn *w)
{
    bool before = str_eqz(w->q.act, "propose") || str_eqz(w->q.act, "do");
    uint32_t inspect = w->m == NULL ? NO_INDEX : definition_act(w->m->d, S("inspect"));
    return before && inspect != NO_INDEX && matter_count(w->m, inspect) == 0 &&
           jval_bool(jval_get(&w->item->body, S("substantive")), false);
}

static bool refused(const struct err *e)
{
    return err_info(e->code)->status < 500;
}

static struct err *settle(struct play *p, struct tale *t, const char *act, struct err *e)
{
    if (e == NULL) {
        return NULL;
    }
    log_line(LOG_WARN, "demo: story %s of %.*s, step %s: %.*s", t->story->name, STR_ARG(t->item),
             act, STR_ARG(e->en));
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        log_line(LOG_WARN, "demo:   %.*s %.*s", STR_ARG(f->pointer), STR_ARG(f->en));
    }
    if (!refused(e)) {
        struct err *copy = ERROR_TEXT(p->c->arena, e->code, e->zh, e->en);
        copy->cause = e->cause.p == NULL ? STR_NONE : str_dup(p->c->arena, e->cause);
        return copy;
    }
    p->refused++;
    t->at_ms = CIVIL_NEVER;
    return NULL;
}

static struct err *one_step(struct play *p, struct tale *t)
{
    static const struct step LOOK = {"0m", "reviewer", "inspect", INSPECT, NULL};
    struct arena *a = arena_new(0);
    struct call k;
    struct turn w = {.p = p, .t = t, .q = {.occurred_at = FIELD_NO_INT}};
    const struct step *s = &t->story->steps[t->step];
    struct mitem *item = NULL;
    call_init(&k, p->c->app, a, ACTOR_NONE);
    k.db = p->c->db;
    struct err *e = matter_find_item(&k, t->item, &item);
    w.item = item;
    e = e != NULL ? e : target(&k, &w, s->act, &w.q.act);
    bool look = e == NULL && inspection_due(&w);
    if (look) {
        s = &LOOK;
        w.q.act = S("inspect");
    }
    e = e != NULL ? e : perform(&k, &w, s);
    t->at_ms = look ? time_after(p, t->at_ms, "40m") : t->at_ms;
    t->step += !look;
    e = settle(p, t, s->act, e);
    arena_free(a);
    return e;
}

/* The time of the step that comes next. */
static void look_ahead(struct play *p, struct tale *t)
{
    const struct step *s = &t->story->steps[t->step];
    if (t->at_ms != CIVIL_NEVER) {
        t->at_ms = s->act == NULL ? CIVIL_NEVER : time_after(p, t->at_ms, s->after);
    }
}

struct err *play_run(struct play *p)
{
    for (;;) {
        struct tale *next = NULL;
        for (size_t i = 0; i < p->n_tales; i++) {
            struct tale *t = &p->tales[i];
            if (t->at_ms < p->end_ms && (next == NULL || t->at_ms < next->at_ms)) {
                next = t;
            }
        }
        if (next == NULL) {
            return play_advance(p, p->end_ms);
        }
        size_t step = next->step;
        TRY(play_advance(p, next->at_ms));
        TRY(one_step(p, next));
        if (next->step != step) {
            look_ahead(p, next);
        }
    }
}
