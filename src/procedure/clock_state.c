/* One clock of a matter: its events, its arithmetic, its lights (clockwork.h). */
#include "procedure/clock_state.h"

#include "procedure/clockwork.h"

#include <string.h>

bool clockwork_alive(const struct mclock *k)
{
    return k->status == CLOCK_RUNNING || k->status == CLOCK_PAUSED;
}

static const struct clock_def *def_of(const struct matter *m, const struct mclock *k)
{
    return &m->d->clocks[k->def];
}

struct mclock_event *clockwork_add(struct call *c, struct mclock *k, enum clock_event_type type)
{
    if (k->n_events == k->cap_events) {
        size_t want = k->cap_events == 0 ? 4 : k->cap_events * 2;
        struct mclock_event *p = ARENA_ARRAY(c->arena, struct mclock_event, want);
        if (k->n_events > 0) {
            memcpy(p, k->events, k->n_events * sizeof *p);
        }
        k->events = p;
        k->cap_events = want;
    }
    struct mclock_event *e = &k->events[k->n_events++];
    *e = (struct mclock_event){
        .type = (int64_t)type,
        .expected_day = CIVIL_NO_DAY,
        .old_due = CIVIL_NO_DAY,
        .new_due = CIVIL_NO_DAY,
        .calendar_id = k->calendar_id,
    };
    k->dirty = true;
    return e;
}

bool clockwork_voided(const struct mclock *k, size_t i)
{
    for (size_t e = i + 1; e < k->n_events; e++) {
        if (k->events[e].type == CLOCK_EV_CORRECTED && k->events[e].amount == (int64_t)i + 1) {
            return true;
        }
    }
    return false;
}

/* The resume of a pause, or NULL while it is open. A key may pause several times, one after
 * another. */
static const struct mclock_event *resume_of(const struct mclock *k, size_t pause)
{
    for (size_t i = pause + 1; i < k->n_events; i++) {
        bool same =
            k->events[i].type == CLOCK_EV_RESUME && k->events[i].key_id == k->events[pause].key_id;
        if (same && !clockwork_voided(k, i)) {
            return &k->events[i];
        }
    }
    return NULL;
}

bool clockwork_open_pause(const struct mclock *k, int64_t key)
{
    for (size_t i = 0; i < k->n_events; i++) {
        bool pause = k->events[i].type == CLOCK_EV_PAUSE && !clockwork_voided(k, i);
        if (pause && (key < 0 || k->events[i].key_id == key) && resume_of(k, i) == NULL) {
            return true;
        }
    }
    return false;
}

void clockwork_spec(struct call *c,
                    const struct mclock *k,
                    const struct almanac *al,
                    struct clock_spec *ret)
{
    struct clock_pause *pauses = ARENA_ARRAY(c->arena, struct clock_pause, k->n_events + 1);
    struct duration *extensions = ARENA_ARRAY(c->arena, struct duration, k->n_events + 1);
    size_t n_pauses = 0, n_extensions = 0;
    for (size_t i = 0; i < k->n_events; i++) {
        const struct mclock_event *e = &k->events[i];
        if (clockwork_voided(k, i)) {
            continue;
        }
        if (e->type == CLOCK_EV_EXTEND && duration_parse(e->cause, &extensions[n_extensions])) {
            n_extensions++;
        }
        if (e->type == CLOCK_EV_PAUSE) {
            const struct mclock_event *r = resume_of(k, i);
            pauses[n_pauses++] = (struct clock_pause){
                .from_ms = e->at,
                .to_ms = r == NULL ? CIVIL_NEVER : r->at,
                .from_day = e->on_day,
                .to_day = r == NULL ? CIVIL_NO_DAY : r->on_day,
                .expected_day = e->expected_day,
                .cause = e->cause,
            };
        }
    }
    *ret = (struct clock_spec){
        .until = k->until,
        .until_day = k->until_day,
        .limit = k->limit,
        .start_ms = k->start_at,
        .start_day = k->start_day,
        .pauses = pauses,
        .n_pauses = n_pauses,
        .extensions = extensions,
        .n_extensions = n_extensions,
        .yellow = k->yellow,
        .calendar = al->calendar,
        .hours = org_hours(org_of(c->app)),
    };
}

static bool event_seen(const struct mclock *k, enum clock_event_type type, struct str cause)
{
    for (size_t i = 0; i < k->n_events; i++) {
        bool same = k->events[i].type == (int64_t)type &&
                    (cause.p == NULL || str_eq(k->events[i].cause, cause));
        if (same && !clockwork_voided(k, i)) {
            return true;
        }
    }
    return false;
}

static struct duration
duration_now(struct call *c, struct matter *m, const struct expr *e, int64_t at_ms)
{
    struct act_scene s = {
        .c = c, .m = m, .act = NO_INDEX, .now_ms = at_ms, .today = civil_day_of(at_ms)};
    struct expr_env env;
    scene_env(&s, &env);
    struct value v = expr_eval(e, &env);
    return v.type == V_DURATION ? v.u.dur : (struct duration){CIVIL_WD, 0};
}

/* yellow → due → marks, each once; a provisional date has no effect before the notice is there, so
 * its events wait (design.md 4). */
static void find_next(struct call *c,
                      struct matter *m,
                      struct mclock *k,
                      const struct clock_spec *spec,
                      int64_t at_ms)
{
    const struct clock_def *d = def_of(m, k);
    k->next_at = CIVIL_NEVER;
    k->next_mark = STR_NONE;
    if (k->status != CLOCK_RUNNING || k->due.provisional) {
        return;
    }
    if (!event_seen(k, CLOCK_EV_DUE, STR_NONE)) {
        bool yellow_ahead = k->due.yellow_ms != CIVIL_NEVER && k->due.yellow_ms > at_ms &&
                            k->due.yellow_ms < k->due.due_ms;
        k->next_at = yellow_ahead ? k->due.yellow_ms : k->due.due_ms;
        k->next_mark = yellow_ahead ? S("yellow") : S("due");
        return;
    }
    for (size_t i = 0; i < d->n_marks; i++) {
        if (!event_seen(k, CLOCK_EV_MARK, d->marks[i].name)) {
            k->next_at = clock_mark(spec, &k->due, duration_now(c, m, d->marks[i].after, at_ms));
            k->next_mark = d->marks[i].name;
            return;
        }
    }
}

void clockwork_compute_by(
    struct call *c, struct matter *m, struct mclock *k, const struct almanac *al, int64_t at_ms)
{
    struct clock_spec spec;
    k->calendar_id = al->id;
    k->yellow = duration_now(c, m, def_of(m, k)->yellow, at_ms);
    clockwork_spec(c, k, al, &spec);
    k->due = clock_compute(&spec, civil_day_of(at_ms));
    find_next(c, m, k, &spec, at_ms);
    k->dirty = true;
}

void clockwork_compute(struct call *c, struct matter *m, struct mclock *k, int64_t at_ms)
{
    clockwork_compute_by(c, m, k, almanac_of(c->app), at_ms);
}

void clockwork_end(struct call *c,
                   struct matter *m,
                   struct mclock *k,
                   enum clock_status status,
                   int64_t act_id,
                   int64_t at_ms)
{
    if (k->status == CLOCK_PAUSED) {
        clockwork_compute(c, m, k, at_ms);
    }
    if (clockwork_alive(k)) {
        struct clock_spec spec;
        clockwork_spec(c, k, almanac_of(c->app), &spec);
        struct clock_due due = clock_compute(&spec, civil_day_of(at_ms));
        k->left_amount = clock_left(&spec, &due, at_ms);
    }
    k->status = (int64_t)status;
    k->stop_act = act_id;
    k->stopped_at = at_ms;
    k->next_at = CIVIL_NEVER;
    k->next_mark = STR_NONE;
    k->dirty = true;
}

void clockwork_pass(struct call *c, struct matter *m, struct mclock *k)
{
    struct clock_spec spec;
    clockwork_spec(c, k, almanac_of(c->app), &spec);
    if (!str_eqz(k->next_mark, "yellow")) {
        bool due = str_eqz(k->next_mark, "due");
        struct mclock_event *e = clockwork_add(c, k, due ? CLOCK_EV_DUE : CLOCK_EV_MARK);
        e->cause = due ? STR_NONE : k->next_mark;
        e->at = k->next_at;
        e->on_day = civil_day_of(k->next_at - 1);
        find_next(c, m, k, &spec, k->next_at);
    } else {
        k->next_at = k->due.due_ms;
        k->next_mark = S("due");
    }
    k->dirty = true;
}

bool clockwork_over(const struct mclock *k, int64_t now_ms)
{
    return !k->due.not_before && now_ms >= k->due.due_ms;
}

bool clockwork_late(const struct mclock *k, int64_t now_ms)
{
    switch ((enum clock_status)k->status) {
    case CLOCK_RUNNING:
    case CLOCK_PAUSED:
        return clockwork_over(k, now_ms) && !k->due.provisional;
    case CLOCK_MET:
        return k->stopped_at > k->due.due_ms;
    case CLOCK_EXPIRED:
        return true;
    case CLOCK_CANCELLED:
        break;
    }
    return false;
}

int clockwork_light(const struct mclock *k, int64_t now_ms)
{
    if (!clockwork_alive(k)) {
        return 0;
    }
    if (k->status == CLOCK_PAUSED && !clockwork_over(k, now_ms)) {
        return 4;
    }
    if (now_ms >= k->due.red_ms) {
        return 3;
    }
    return now_ms >= k->due.yellow_ms ? 2 : 1;
}
