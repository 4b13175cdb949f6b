/* One command: the matters it touches, the acts it performs breadth first, the expiries it catches
 * up on (procedures.md 4, steps 3 and 13). */
#include "procedure/act.h"

struct err *run_add(struct act_run *r, struct matter *m)
{
    if (r->n_matters == sizeof r->matters / sizeof r->matters[0]) {
        return ERROR(r->c->arena, ERR_CASCADE, "一次办理涉及的事项过多，已全部撤回。",
                     "One command touched too many matters; all was undone.");
    }
    r->matters[r->n_matters++] = m;
    return NULL;
}

struct err *run_matter(struct act_run *r, int64_t id, struct matter **ret)
{
    for (size_t i = 0; i < r->n_matters; i++) {
        if (r->matters[i]->id == id) {
            *ret = r->matters[i];
            return NULL;
        }
    }
    TRY(matter_load(r->c, id, ret));
    return run_add(r, *ret);
}

struct err *run_enqueue(struct act_run *r, const struct act_todo *t)
{
    if (r->n_todo == ACT_CASCADE_MAX) {
        return ERROR(r->c->arena, ERR_CASCADE, "一次办理引起了超过32个动作，已全部撤回。",
                     "One command triggered more than 32 acts; all was undone.");
    }
    r->todo[r->n_todo++] = *t;
    return NULL;
}

static struct err *perform(struct act_run *r, struct act_todo *t)
{
    size_t done = 0;
    TRY(act_gate(r, t));
    TRY(act_form(r, t));
    TRY(act_apply(r, t, &done));
    TRY(act_use(r, t, &r->done[done]));
    r->done[done].due_day = act_legal_due(t->m); /* what the act is for may move it */
    TRY(act_letter(r, t, &r->done[done]));
    return act_cascade(r, t, done);
}

struct err *run_all(struct act_run *r)
{
    while (r->head < r->n_todo) {
        struct act_todo t = r->todo[r->head++];
        TRY(perform(r, &t));
        r->todo[r->head - 1] = t;
    }
    r->head = 0;
    r->n_todo = 0;
    return NULL;
}

static struct mclock *next_clock(struct matter *m, int64_t until_ms)
{
    struct mclock *first = NULL;
    for (size_t i = 0; i < m->n_clocks; i++) {
        struct mclock *k = &m->clocks[i];
        if (k->status == CLOCK_RUNNING && k->next_at <= until_ms &&
            (first == NULL || k->next_at < first->next_at)) {
            first = k;
        }
    }
    return first;
}

/* The first act of the mask, in the order of the file, that fits state and condition. */
static uint32_t fitting(struct act_run *r, struct matter *m, uint64_t acts, int64_t at_ms)
{
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        const struct act_def *a = &m->d->acts[i];
        if ((acts & BIT(i)) == 0 || m->state == NO_INDEX || (a->from & BIT(m->state)) == 0) {
            continue;
        }
        struct act_scene s = {
            .c = r->c, .m = m, .act = i, .now_ms = at_ms, .today = civil_day_of(at_ms)};
        struct expr_env env;
        scene_env(&s, &env);
        if (expr_true(a->when, &env) && s.failed == NULL) {
            return i;
        }
    }
    return NO_INDEX;
}

static uint32_t mark_index(const struct clock_def *d, struct str name)
{
    for (uint32_t i = 0; i < d->n_marks; i++) {
        if (str_eq(d->marks[i].name, name)) {
            return i;
        }
    }
    return NO_INDEX;
}

/* Everything of the clock's next event: record it, then perform what it triggers at its own
 * instant. A due instant is the first moment after the due day, so the act still belongs to the due
 * day. */
static struct err *pass_clock(struct act_run *r, struct matter *m, struct mclock *k)
{
    int64_t last = m->n_done > 0 ? m->done[m->n_done - 1].occurred_at : 0;
    /* A clock that began after its own end (a date given too late) expires when it began. */
    int64_t at = k->next_at > last ? k->next_at : last;
    uint32_t clock = k->def;
    bool due = str_eqz(k->next_mark, "due");
    uint64_t acts = 0;
    if (due) {
        acts = definition_on_expire(m->d, clock);
    } else if (!str_eqz(k->next_mark, "yellow")) {
        acts = definition_on_mark(m->d, clock, mark_index(&m->d->clocks[clock], k->next_mark));
    }
    clockwork_pass(r->c, m, k);
    uint32_t act = fitting(r, m, acts, at - 1);
    if (act == NO_INDEX) {
        return NULL;
    }
    struct act_todo t = {
        .m = m,
        .act = act,
        .actor = {.kind = ACTOR_SYSTEM},
        .occurred_ms = at,
        .expired = due && m->d->clocks[clock].expire != NO_INDEX ? clock : NO_INDEX,
    };
    TRY(run_enqueue(r, &t));
    return run_all(r);
}

struct err *run_catch_up(struct act_run *r, struct matter *m, int64_t until_ms)
{
    for (int i = 0; i < 64; i++) {
        struct mclock *k = next_clock(m, until_ms);
        if (k == NULL) {
            return NULL;
        }
        if (!clock_trusted(r->c->app->clock)) {
            return ERROR(r->c->arena, ERR_TIME_UNTRUSTED,
                         "系统时间尚未确认，这件事有到期的自动处理在等待。",
                         "The clock is not confirmed, and this matter has expiries waiting.");
        }
        TRY(pass_clock(r, m, k));
    }
    return ERROR(r->c->arena, ERR_CASCADE, "到期处理过多，已全部撤回。",
                 "Too many expiries at once; all was undone.");
}
