/* Clocks of a matter under an act (clockwork.h). */
#include "procedure/clockwork.h"

#include "base/check.h"

#include <string.h>

static bool alive(const struct mclock *k)
{
    return k->status == CLOCK_RUNNING || k->status == CLOCK_PAUSED;
}

static const struct clock_def *def_of(const struct matter *m, const struct mclock *k)
{
    return &m->d->clocks[k->def];
}

static struct mclock_event *add_event(struct call *c, struct mclock *k, enum clock_event_type type)
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

/* The resume of a pause, or NULL while it is open. A key may pause several times, one after another. */
static const struct mclock_event *resume_of(const struct mclock *k, size_t pause)
{
    for (size_t i = pause + 1; i < k->n_events; i++) {
        if (k->events[i].type == CLOCK_EV_RESUME && k->events[i].key_id == k->events[pause].key_id) {
            return &k->events[i];
        }
    }
    return NULL;
}

static bool open_pause(const struct mclock *k, int64_t key)
{
    for (size_t i = 0; i < k->n_events; i++) {
        if (k->events[i].type == CLOCK_EV_PAUSE && (key < 0 || k->events[i].key_id == key) && resume_of(k, i) == NULL) {
            return true;
        }
    }
    return false;
}

void clockwork_spec(struct call *c, const struct mclock *k, const struct almanac *al, struct clock_spec *ret)
{
    struct clock_pause *pauses = ARENA_ARRAY(c->arena, struct clock_pause, k->n_events + 1);
    struct duration *extensions = ARENA_ARRAY(c->arena, struct duration, k->n_events + 1);
    size_t n_pauses = 0, n_extensions = 0;
    for (size_t i = 0; i < k->n_events; i++) {
        const struct mclock_event *e = &k->events[i];
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
        if (k->events[i].type == (int64_t)type && (cause.p == NULL || str_eq(k->events[i].cause, cause))) {
            return true;
        }
    }
    return false;
}

static struct duration duration_now(struct call *c, struct matter *m, const struct expr *e)
{
    struct act_scene s = {.c = c, .m = m, .act = NO_INDEX, .now_ms = c->now_ms, .today = civil_day_of(c->now_ms)};
    struct expr_env env;
    scene_env(&s, &env);
    struct value v = expr_eval(e, &env);
    return v.type == V_DURATION ? v.u.dur : (struct duration){CIVIL_WD, 0};
}

/* yellow → due → marks, each once; a provisional date has no effect before the notice is there, so its
 * events wait (design.md 4). */
static void find_next(struct call *c, struct matter *m, struct mclock *k, const struct clock_spec *spec)
{
    const struct clock_def *d = def_of(m, k);
    k->next_at = CIVIL_NEVER;
    k->next_mark = STR_NONE;
    if (k->status != CLOCK_RUNNING || k->due.provisional) {
        return;
    }
    if (!event_seen(k, CLOCK_EV_DUE, STR_NONE)) {
        bool yellow_ahead = k->due.yellow_ms != CIVIL_NEVER && k->due.yellow_ms > c->now_ms && k->due.yellow_ms < k->due.due_ms;
        k->next_at = yellow_ahead ? k->due.yellow_ms : k->due.due_ms;
        k->next_mark = yellow_ahead ? S("yellow") : S("due");
        return;
    }
    for (size_t i = 0; i < d->n_marks; i++) {
        if (!event_seen(k, CLOCK_EV_MARK, d->marks[i].name)) {
            k->next_at = clock_mark(spec, &k->due, duration_now(c, m, d->marks[i].after));
            k->next_mark = d->marks[i].name;
            return;
        }
    }
}

void clockwork_compute(struct call *c, struct matter *m, struct mclock *k)
{
    const struct almanac *al = almanac_of(c->app);
    struct clock_spec spec;
    k->calendar_id = al->id;
    k->yellow = duration_now(c, m, def_of(m, k)->yellow);
    clockwork_spec(c, k, al, &spec);
    k->due = clock_compute(&spec, civil_day_of(c->now_ms));
    find_next(c, m, k, &spec);
    k->dirty = true;
}

void clockwork_pass(struct call *c, struct matter *m, struct mclock *k)
{
    struct clock_spec spec;
    clockwork_spec(c, k, almanac_of(c->app), &spec);
    if (!str_eqz(k->next_mark, "yellow")) {
        bool due = str_eqz(k->next_mark, "due");
        struct mclock_event *e = add_event(c, k, due ? CLOCK_EV_DUE : CLOCK_EV_MARK);
        e->cause = due ? STR_NONE : k->next_mark;
        e->at = k->next_at;
        e->on_day = civil_day_of(k->next_at - 1);
        find_next(c, m, k, &spec);
    } else {
        k->next_at = k->due.due_ms;
        k->next_mark = S("due");
    }
    k->dirty = true;
}

bool clockwork_late(const struct mclock *k, int64_t now_ms)
{
    switch ((enum clock_status)k->status) {
    case CLOCK_RUNNING:
        return now_ms >= k->due.due_ms && !k->due.provisional;
    case CLOCK_MET:
        return k->stopped_at > k->due.due_ms;
    case CLOCK_EXPIRED:
        return true;
    case CLOCK_PAUSED:
    case CLOCK_CANCELLED:
        break;
    }
    return false;
}

int clockwork_light(const struct mclock *k, int64_t now_ms)
{
    if (k->status == CLOCK_PAUSED) {
        return 4;
    }
    if (k->status != CLOCK_RUNNING) {
        return 0;
    }
    if (now_ms >= k->due.red_ms) {
        return 3;
    }
    return now_ms >= k->due.yellow_ms ? 2 : 1;
}

static void end_clock(struct act_scene *s, struct mclock *k, enum clock_status status, const struct clock_move *mv)
{
    struct clock_spec spec;
    clockwork_spec(s->c, k, almanac_of(s->c->app), &spec);
    if (k->status == CLOCK_RUNNING) {
        k->left_amount = clock_left(&spec, &k->due, mv->at_ms);
    }
    k->status = (int64_t)status;
    k->stop_act = mv->act_id;
    k->stopped_at = mv->at_ms;
    k->next_at = CIVIL_NEVER;
    k->next_mark = STR_NONE;
    k->dirty = true;
}

/* Does a row of start, stop, … name the act (or event) and hold? *ret_at: the day to count from. */
static bool named(struct act_scene *s, const struct clock_ons *ons, uint32_t act, int event, const struct expr **ret_at)
{
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < ons->n; i++) {
        const struct clock_on *row = &ons->rows[i];
        bool hit = event >= 0 ? (row->events & BIT((unsigned)event)) != 0 : (row->acts & BIT(act)) != 0;
        if (hit && expr_true(row->when, &env)) {
            if (ret_at != NULL) {
                *ret_at = row->at;
            }
            return true;
        }
    }
    return false;
}

static bool in_states(uint64_t states, uint32_t state)
{
    return state != NO_INDEX && (states & BIT(state)) != 0;
}

/* Ends what the act ends. True: the clock begins its next round with this act. */
static bool end_or_renew(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    const struct clock_def *d = def_of(s->m, k);
    const struct act_def *a = &s->m->d->acts[mv->act];
    bool closing = in_states(s->m->d->closed, mv->to);
    bool stops = (d->stop.acts & BIT(mv->act)) != 0;
    if (mv->expired == k->def) {
        end_clock(s, k, CLOCK_EXPIRED, mv);
    } else if (named(s, &d->cancel, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_CANCELLED, mv);
    } else if (named(s, &d->stop, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_MET, mv);
    } else if ((d->cancel_closed && closing && !stops) || (a->voids && !d->outlives)) {
        end_clock(s, k, CLOCK_CANCELLED, mv);
    } else if (d->in != 0 && in_states(d->in, mv->from) && !in_states(d->in, mv->to)) {
        end_clock(s, k, CLOCK_MET, mv);
    } else if (named(s, &d->restart, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_MET, mv);
        return true;
    } else if (named(s, &d->reset, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_CANCELLED, mv);
        return true;
    }
    return false;
}

static void pause_clock(struct act_scene *s, struct mclock *k, const struct clock_move *mv, int64_t key, struct str cause,
                        int32_t expected)
{
    if (open_pause(k, key)) {
        return;
    }
    int32_t old = k->due.due_day;
    struct mclock_event *e = add_event(s->c, k, CLOCK_EV_PAUSE);
    e->key_id = key;
    e->cause = cause;
    e->at = mv->at_ms;
    e->on_day = mv->day;
    e->expected_day = expected;
    e->act_id = mv->act_id;
    e->old_due = old;
    k->status = CLOCK_PAUSED;
    clockwork_compute(s->c, s->m, k);
    k->events[k->n_events - 1].new_due = k->due.due_day;
}

static void resume_clock(struct act_scene *s, struct mclock *k, const struct clock_move *mv, int64_t key)
{
    if (!open_pause(k, key)) {
        return;
    }
    int32_t old = k->due.due_day;
    struct mclock_event *e = add_event(s->c, k, CLOCK_EV_RESUME);
    e->key_id = key;
    e->at = mv->at_ms;
    e->on_day = mv->day;
    e->act_id = mv->act_id;
    e->old_due = old;
    if (!open_pause(k, -1)) {
        k->status = CLOCK_RUNNING;
    }
    clockwork_compute(s->c, s->m, k);
    k->events[k->n_events - 1].new_due = k->due.due_day;
}

/* Pauses by state carry key 0, those by a child the child's id. */
static void pause_by_state(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    const struct clock_def *d = def_of(s->m, k);
    struct expr_env env;
    scene_env(s, &env);
    struct str cause = clock_def_state_cause(d, mv->to);
    if (cause.p != NULL && clock_def_allows(d, cause, &env)) {
        pause_clock(s, k, mv, 0, cause, CIVIL_NO_DAY);
    } else {
        resume_clock(s, k, mv, 0);
    }
}

static struct err *extend_clock(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    const struct clock_def *d = def_of(s->m, k);
    struct expr_env env;
    scene_env(s, &env);
    uint32_t done = 0;
    for (size_t i = 0; i < k->n_events; i++) {
        done += k->events[i].type == CLOCK_EV_EXTEND;
    }
    struct value by = expr_eval(d->extend_by, &env);
    if (by.type != V_DURATION) {
        return NULL; /* the item has no extension for this clock: nothing to extend */
    }
    if (k->status == CLOCK_RUNNING && mv->at_ms >= k->due.due_ms) {
        return ERROR(s->c->arena, ERR_CLOCK_OVER, "“%.*s”已届满，届满前才能延长（行政许可法第42条）。",
                     "The clock “%.*s” has run out; it can only be extended before (art. 42).", STR_ARG(d->zh));
    }
    if (d->extend_times != 0 && done >= d->extend_times) {
        return ERROR(s->c->arena, ERR_ACT_USED_UP, "“%.*s”已经延长过。", "The clock “%.*s” was already extended.", STR_ARG(d->zh));
    }
    struct mclock_event *e = add_event(s->c, k, CLOCK_EV_EXTEND);
    e->cause = duration_text(s->c->arena, by.u.dur);
    e->amount = by.u.dur.amount;
    e->at = mv->at_ms;
    e->on_day = mv->day;
    e->act_id = mv->act_id;
    e->old_due = k->due.due_day;
    clockwork_compute(s->c, s->m, k);
    k->events[k->n_events - 1].new_due = k->due.due_day;
    return NULL;
}

static struct str basis_of(const struct clock_def *d, struct expr_env *env)
{
    if (d->basis.p != NULL) {
        return d->basis;
    }
    struct value v = expr_path_eval(d->basis_path, env);
    return v.type == V_TEXT ? v.u.s : S("");
}

/* Children already open when the clock starts pause it from the first day. */
static void pause_for_open_children(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    for (size_t i = 0; i < s->m->n_children; i++) {
        if (s->m->children[i].class != STATE_CLOSED) {
            clockwork_child(s, &s->m->children[i], false, mv, CIVIL_NO_DAY);
        }
    }
    (void)k;
}

static void start_clock(struct act_scene *s, uint32_t def, const struct clock_move *mv, const struct expr *at)
{
    const struct clock_def *d = &s->m->d->clocks[def];
    struct expr_env env;
    scene_env(s, &env);
    if (!expr_true(d->when, &env)) {
        return;
    }
    struct value limit = clock_def_limit(d, &env);
    if (limit.type != V_DURATION && limit.type != V_DATE) {
        return; /* no limit = no clock; the page says so */
    }
    struct value from = expr_eval(at, &env);
    const struct mclock *before = matter_clock(s->m, def);
    int64_t round = before == NULL ? 1 : before->round + 1;
    struct mclock *k = matter_add_clock(s->c, s->m);
    k->fresh = true;
    k->def = def;
    k->round = round;
    k->status = CLOCK_RUNNING;
    k->until = limit.type == V_DATE;
    k->until_day = k->until ? limit.u.day : CIVIL_NO_DAY;
    k->limit = k->until ? (struct duration){CIVIL_CD, 0} : limit.u.dur;
    k->start_day = from.type == V_DATE ? from.u.day : mv->day;
    k->start_at = k->start_day == civil_day_of(mv->at_ms) ? mv->at_ms : civil_day_start(k->start_day);
    k->basis = basis_of(d, &env);
    k->start_act = mv->act_id;
    k->left_amount = FIELD_NO_INT;
    clockwork_compute(s->c, s->m, k);
    pause_by_state(s, k, mv);
    pause_for_open_children(s, k, mv);
}

static bool starts_now(struct act_scene *s, uint32_t def, const struct clock_move *mv, const struct expr **ret_at)
{
    const struct clock_def *d = &s->m->d->clocks[def];
    const struct mclock *k = matter_clock(s->m, def);
    *ret_at = NULL;
    if (k != NULL && alive(k)) {
        return false;
    }
    if (d->in != 0) {
        return in_states(d->in, mv->to) && !in_states(d->in, mv->from);
    }
    return k == NULL && named(s, &d->start, mv->act, -1, ret_at); /* first start wins */
}

struct err *clockwork_act(struct act_scene *s, const struct clock_move *mv)
{
    struct matter *m = s->m;
    uint64_t renewed = 0;
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (alive(&m->clocks[i]) && end_or_renew(s, &m->clocks[i], mv)) {
            renewed |= BIT(m->clocks[i].def);
        }
    }
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (alive(&m->clocks[i])) {
            pause_by_state(s, &m->clocks[i], mv);
        }
    }
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct clock_def *d = def_of(m, &m->clocks[i]);
        if (alive(&m->clocks[i]) && d->extends && (d->extend_acts & BIT(mv->act)) != 0) {
            TRY(extend_clock(s, &m->clocks[i], mv));
        }
    }
    for (uint32_t def = 0; def < m->d->n_clocks; def++) {
        const struct expr *at = NULL;
        if ((renewed & BIT(def)) != 0 || starts_now(s, def, mv, &at)) {
            start_clock(s, def, mv, at);
        }
    }
    return s->failed;
}

/* The cause may be a fixed name or a fact of the child. */
static struct str child_cause(const struct child_pause *p, const struct mchild *child)
{
    return p->cause.p != NULL ? p->cause : jval_str(jval_get(child->facts, p->fact));
}

void clockwork_child(struct act_scene *s, const struct mchild *child, bool closed, const struct clock_move *mv, int32_t expected)
{
    if (child->def == NO_INDEX) {
        return;
    }
    const struct child_def *d = &s->m->d->children[child->def];
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < d->n_pauses; i++) {
        struct mclock *k = matter_clock(s->m, d->pauses[i].clock);
        struct str cause = child_cause(&d->pauses[i], child);
        if (k == NULL || !alive(k)) {
            continue;
        }
        if (closed) {
            resume_clock(s, k, mv, child->id);
        } else if (cause.p != NULL && clock_def_allows(def_of(s->m, k), cause, &env)) {
            pause_clock(s, k, mv, child->id, cause, expected);
        }
    }
}

struct err *clockwork_event(struct act_scene *s, int event, const struct clock_move *mv)
{
    for (size_t i = 0; i < s->m->n_clocks; i++) {
        struct mclock *k = &s->m->clocks[i];
        if (alive(k) && named(s, &def_of(s->m, k)->stop, NO_INDEX, event, NULL)) {
            end_clock(s, k, CLOCK_MET, mv);
        } else if (alive(k) && named(s, &def_of(s->m, k)->cancel, NO_INDEX, event, NULL)) {
            end_clock(s, k, CLOCK_CANCELLED, mv);
        }
    }
    for (uint32_t def = 0; def < s->m->d->n_clocks; def++) {
        const struct expr *at = NULL;
        if (matter_clock(s->m, def) == NULL && named(s, &s->m->d->clocks[def].start, NO_INDEX, event, &at)) {
            start_clock(s, def, mv, at);
        }
    }
    return s->failed;
}
