/* Clocks as pages show them, and "why this date?": every day from start to due with its reason,
 * told again from the stored inputs (procedures.md 5, "explanation"). */
#include "procedure/view.h"

#include "procedure/clockwork.h"

#include "base/check.h"

static const char *const EVIDENCE[] = {"law", "policy", "preset"};

static const char *status_of(const struct mclock *k, int64_t now_ms)
{
    switch ((enum clock_status)k->status) {
    case CLOCK_RUNNING:
        return clockwork_late(k, now_ms) ? "late" : "running";
    case CLOCK_PAUSED:
        return "paused";
    case CLOCK_MET:
        return clockwork_late(k, now_ms) ? "met_late" : "met";
    case CLOCK_CANCELLED:
        return "cancelled";
    case CLOCK_EXPIRED:
        return "expired";
    }
    return "cancelled";
}

static void write_limit(struct call *c, const struct mclock *k, struct jw *w)
{
    if (k->until) {
        view_text(w, "limit", civil_text_zh(c->arena, k->until_day),
                  civil_text(c->arena, k->until_day));
        return;
    }
    view_text(w, "limit", duration_text_zh(c->arena, k->limit),
              duration_text_en(c->arena, k->limit));
}

static void date(struct call *c, struct jw *w, const char *key, int32_t day)
{
    jw_kstr(w, key, day == CIVIL_NO_DAY ? STR_NONE : civil_text(c->arena, day));
}

/* A clock that has ended is explained by the calendar it ended under. */
static const struct almanac *calendar_of(struct call *c, const struct mclock *k)
{
    const struct almanac *al = NULL;
    bool ended = k->status != CLOCK_RUNNING && k->status != CLOCK_PAUSED;
    bool found = ended && almanac_at(c, k->calendar_id, &al) == NULL;
    return found ? al : almanac_of(c->app);
}

/* Extensions add up; the notice that moved the date last is named. */
static void write_changes(struct call *c, const struct mclock *k, struct jw *w)
{
    const struct mclock_event *moved = NULL, *extended = NULL;
    for (size_t i = 0; i < k->n_events; i++) {
        if (clockwork_voided(k, i)) {
            continue;
        }
        bool other = k->events[i].old_due != k->events[i].new_due;
        moved = k->events[i].type == CLOCK_EV_CALENDAR && other ? &k->events[i] : moved;
        extended = k->events[i].type == CLOCK_EV_EXTEND ? &k->events[i] : extended;
    }
    struct duration by;
    if (extended != NULL && duration_parse(extended->cause, &by)) {
        jw_key(w, S("extension"));
        jw_obj(w);
        view_text(w, "text", duration_text_zh(c->arena, by), duration_text_en(c->arena, by));
        jw_end_obj(w);
    }
    if (moved != NULL) {
        jw_key(w, S("moved"));
        jw_obj(w);
        date(c, w, "old_due", moved->old_due);
        date(c, w, "new_due", moved->new_due);
        jw_kstr(w, "notice", moved->cause);
        jw_end_obj(w);
    }
}

static void write_state(struct call *c, struct matter *m, const struct mclock *k, struct jw *w)
{
    struct clock_spec spec;
    bool ended = k->status != CLOCK_RUNNING && k->status != CLOCK_PAUSED;
    int late = clockwork_late(k, c->now_ms) ? 3 : k->stopped_at >= k->due.yellow_ms ? 2 : 1;
    clockwork_spec(c, k, calendar_of(c, k), &spec);
    struct clock_due due = clock_compute(&spec, civil_day_of(c->now_ms));
    (void)m;
    jw_kstr(w, "status", str_of(status_of(k, c->now_ms)));
    date(c, w, "start_on", k->start_day);
    date(c, w, "due_on", k->due.due_day);
    jw_kstr(w, "due_at",
            k->due.red_ms == CIVIL_NEVER ? STR_NONE : civil_instant_text(c->arena, k->due.due_ms));
    jw_kbool(w, "provisional", k->due.provisional);
    jw_kbool(w, "not_before", k->status == CLOCK_PAUSED && k->due.not_before);
    jw_kstr(w, "light",
            str_of(view_light(ended ? (k->status == CLOCK_CANCELLED ? 0 : late)
                                    : clockwork_light(k, c->now_ms))));
    jw_kbool(w, "frozen", ended);
    if (!ended) {
        jw_kint(w, "left", clock_left(&spec, &due, c->now_ms));
    } else if (k->left_amount != FIELD_NO_INT) {
        jw_kint(w, "left", k->left_amount);
    }
    jw_kint(w, "used", clock_used(&spec, &due, ended ? k->stopped_at : c->now_ms));
    struct str unit = duration_text(c->arena, (struct duration){k->limit.unit, 1});
    jw_kstr(w, "unit", str_sub(unit, 1, unit.n));
    jw_kint(w, "paused_days", due.paused_days);
}

static void head(struct call *c, struct matter *m, const struct mclock *k, struct jw *w)
{
    const struct clock_def *d = &m->d->clocks[k->def];
    jw_kstr(w, "name", d->name);
    view_label(c, w, "label", m->d, "clocks", d->name);
    jw_kstr(w, "evidence", str_of(EVIDENCE[d->evidence]));
    jw_kstr(w, "basis", k->basis);
    jw_kint(w, "round", k->round);
    write_limit(c, k, w);
}

void view_clocks(struct call *c, struct matter *m, struct jw *w)
{
    jw_list(w);
    for (size_t i = 0; i < m->n_clocks; i++) {
        jw_obj(w);
        head(c, m, &m->clocks[i], w);
        write_state(c, m, &m->clocks[i], w);
        write_changes(c, &m->clocks[i], w);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static const char *const DAY_KINDS[] = {"start", "counted", "rest", "paused", "rolled", "due"};

static void write_days(struct call *c, const struct clock_day *days, size_t n, struct jw *w)
{
    int64_t sums[COUNT_OF(DAY_KINDS)] = {0};
    int32_t today = civil_day_of(c->now_ms);
    jw_key(w, S("days"));
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        const struct clock_day *d = &days[i];
        sums[d->kind]++;
        jw_obj(w);
        date(c, w, "on", d->day);
        jw_kstr(w, "kind", str_of(DAY_KINDS[d->kind]));
        jw_kint(w, "n", d->ordinal);
        jw_kbool(w, "makeup", d->makeup);
        jw_kstr(w, "reason", d->reason);
        jw_kstr(w, "notice", d->notice);
        jw_kbool(w, "today", d->day == today);
        jw_end_obj(w);
    }
    jw_end_list(w);
    jw_key(w, S("sum"));
    jw_obj(w);
    jw_kint(w, "counted", sums[CLOCK_DAY_COUNTED] + sums[CLOCK_DAY_DUE]);
    jw_kint(w, "rest", sums[CLOCK_DAY_REST] + sums[CLOCK_DAY_ROLLED]);
    jw_kint(w, "paused", sums[CLOCK_DAY_PAUSED]);
    jw_end_obj(w);
}

/* The label of a cause is the choice's label of the child's fact, or of the clock's own list. */
static void write_cause(struct call *c, const struct matter *m, struct str cause, struct jw *w)
{
    const struct definition *d = definition_find(procedure_set(c->app), S("special"));
    struct str key = str_fmt(c->arena, "cause.%.*s", STR_ARG(cause));
    struct str zh =
        d == NULL ? STR_NONE : definition_label(procedure_set(c->app), "zh", d, "choices", key);
    struct str en =
        d == NULL ? STR_NONE : definition_label(procedure_set(c->app), "en", d, "choices", key);
    (void)m;
    if (str_eqz(cause, "hearing")) {
        zh = S("听证");
        en = S("hearing");
    }
    view_text(w, "cause", zh.n > 0 ? zh : cause, en.n > 0 ? en : cause);
}

static const struct mchild *child_of(const struct matter *m, int64_t id)
{
    for (size_t i = 0; i < m->n_children; i++) {
        if (m->children[i].id == id) {
            return &m->children[i];
        }
    }
    return NULL;
}

static void write_pauses(struct call *c, struct matter *m, const struct mclock *k, struct jw *w)
{
    struct clock_spec spec;
    const struct almanac *al = calendar_of(c, k);
    size_t n = 0;
    clockwork_spec(c, k, al, &spec);
    jw_key(w, S("pauses"));
    jw_list(w);
    for (size_t i = 0; i < k->n_events && n < spec.n_pauses; i++) {
        if (k->events[i].type != CLOCK_EV_PAUSE || clockwork_voided(k, i)) {
            continue;
        }
        const struct clock_pause *p = &spec.pauses[n++];
        const struct mchild *child = child_of(m, k->events[i].key_id);
        int32_t end = p->to_day == CIVIL_NO_DAY ? civil_day_of(c->now_ms) : p->to_day;
        jw_obj(w);
        date(c, w, "from", p->from_day);
        date(c, w, "to", p->to_day);
        date(c, w, "expected", p->expected_day);
        write_cause(c, m, p->cause, w);
        jw_kint(w, "working_days", calendar_between(al->calendar, p->from_day, end));
        jw_kbool(w, "counts", true);
        if (child != NULL) {
            jw_key(w, S("matter"));
            jw_obj(w);
            jw_kint(w, "id", child->id);
            jw_kstr(w, "kind", child->kind);
            jw_end_obj(w);
        }
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* Children that look like pauses but stop nothing (现场踏勘、公示、联合研判): the page says so. */
static void write_not_paused(struct call *c, struct matter *m, const struct mclock *k, struct jw *w)
{
    jw_key(w, S("not_paused"));
    jw_list(w);
    for (size_t i = 0; i < m->n_children; i++) {
        bool paused = false;
        for (size_t e = 0; e < k->n_events; e++) {
            paused = paused || k->events[e].key_id == m->children[i].id;
        }
        const struct definition *d = definition_find(procedure_set(c->app), m->children[i].kind);
        struct str cause = jval_str(jval_get(m->children[i].facts, S("cause")));
        if (paused || d == NULL || str_eqz(m->children[i].kind, "deferral") ||
            str_eqz(m->children[i].kind, "after_check")) {
            continue;
        }
        jw_obj(w);
        if (cause.p != NULL) {
            write_cause(c, m, cause, w);
        } else {
            view_label(c, w, "cause", d, "kind", S(""));
        }
        view_text(w, "why", S("不属于依法不计入期限的程序，时限照常计算。"),
                  S("It is not a procedure whose time the law leaves out; the clock runs on."));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* The act on the timeline. */
static void write_act_seq(const struct matter *m, int64_t act_id, struct jw *w)
{
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].id == act_id) {
            jw_kint(w, "seq", m->done[i].seq);
        }
    }
}

static void
write_history(struct call *c, const struct matter *m, const struct mclock *k, struct jw *w)
{
    struct duration by;
    jw_key(w, S("extensions"));
    jw_list(w);
    for (size_t i = 0; i < k->n_events; i++) {
        if (k->events[i].type == CLOCK_EV_EXTEND && !clockwork_voided(k, i) &&
            duration_parse(k->events[i].cause, &by)) {
            jw_obj(w);
            view_text(w, "text", duration_text_zh(c->arena, by), duration_text_en(c->arena, by));
            date(c, w, "on", k->events[i].on_day);
            write_act_seq(m, k->events[i].act_id, w);
            jw_end_obj(w);
        }
    }
    jw_end_list(w);
    jw_key(w, S("changes"));
    jw_list(w);
    for (size_t i = 0; i < k->n_events; i++) {
        const struct mclock_event *e = &k->events[i];
        if (e->old_due != CIVIL_NO_DAY && e->new_due != CIVIL_NO_DAY && e->old_due != e->new_due) {
            jw_obj(w);
            date(c, w, "on", e->on_day);
            date(c, w, "old_due", e->old_due);
            date(c, w, "new_due", e->new_due);
            jw_kstr(w, "notice", e->type == CLOCK_EV_CALENDAR ? e->cause : STR_NONE);
            jw_end_obj(w);
        }
    }
    jw_end_list(w);
}

static void write_start(struct call *c, struct matter *m, const struct mclock *k, struct jw *w)
{
    for (size_t i = 0; i < m->n_done; i++) {
        const struct mact *a = &m->done[i];
        if (a->id == k->start_act && a->def != NO_INDEX) {
            const struct definition_set *set = procedure_set(c->app);
            view_text(w, "start_why",
                      str_fmt(c->arena, "%.*s，当天不算，次日起算（民法典第201条）",
                              STR_ARG(m->d->acts[a->def].zh)),
                      str_fmt(c->arena, "%.*s; that day is not counted",
                              STR_ARG(definition_label(set, "en", m->d, "acts", a->name))));
        }
    }
}

struct err *view_clock(struct call *c, struct matter *m, struct str name, struct jw *w)
{
    uint32_t def = definition_clock(m->d, name);
    struct mclock *k = def == NO_INDEX ? NULL : matter_clock(m, def);
    struct clock_spec spec;
    struct clock_day *days = NULL;
    size_t n = 0;
    if (k == NULL) {
        return ERROR(c->arena, ERR_NOT_FOUND, "这件事没有这个时限。",
                     "This matter has no such clock.");
    }
    const struct almanac *al = calendar_of(c, k);
    clockwork_spec(c, k, al, &spec);
    struct clock_due due = clock_compute(&spec, civil_day_of(c->now_ms));
    clock_explain(c->arena, &spec, &due, &days, &n);
    jw_obj(w);
    head(c, m, k, w);
    write_state(c, m, k, w);
    write_start(c, m, k, w);
    write_days(c, days, n, w);
    write_pauses(c, m, k, w);
    write_not_paused(c, m, k, w);
    write_history(c, m, k, w);
    jw_key(w, S("calendar"));
    jw_obj(w);
    jw_kstr(w, "source", al->source);
    date(c, w, "known_until", calendar_known_until(al->calendar));
    jw_end_obj(w);
    jw_end_obj(w);
    return NULL;
}
