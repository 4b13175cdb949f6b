/* Events of a clock: those of the matter's own acts come out of the fold; those of children name
 * the child's act; the dates they give are computed again from the events before them. */
#include "app/ledger/verify.h"

#include "base/check.h"
#include "procedure/clockwork.h"

struct act_info {
    int64_t id, matter_id, parent_id, occurred_at;
    struct str effective_on, name;
};

/* clang-format off */
static const struct field ACT_INFO[] = {
    F_ID(struct act_info, id, 0, NULL, NULL),
    F_ID(struct act_info, matter_id, 0, NULL, NULL),
    F_ID(struct act_info, parent_id, 0, NULL, NULL),
    F_INT(struct act_info, occurred_at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct act_info, effective_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct act_info, name, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_ACT,
     "verify.act_info",
     ACT_INFO,
     ACT_INFO,
     struct act_info,
     "SELECT a.id, a.matter_id, m.parent_id, a.occurred_at, a.effective_on, a.name FROM act a JOIN "
     "matter m ON m.id = a.matter_id WHERE a.id = :id");

/* One clock under check. */
struct events {
    struct verify *v;
    struct vmatter *w;
    const struct clock_row *row;
    struct mclock *k, *fold;
};

static struct err *
wrong(const struct events *x, size_t i, const char *field, struct str expected, struct str found)
{
    struct arena *a = x->v->c->arena;
    struct str id = str_fmt(a, "%lld/%zu", (long long)x->row->id, i + 1);
    return altered(x->v, &(struct finding){"clock_event", id, field, expected, found});
}

static struct str number(struct arena *a, int64_t n)
{
    return n == 0 ? STR_NONE : id_text(a, n);
}

static struct str day_text(struct arena *a, int32_t day)
{
    return day == CIVIL_NO_DAY ? STR_NONE : civil_text(a, day);
}

static bool is_own(const struct mclock_event *e)
{
    return e->type == CLOCK_EV_EXTEND ||
           ((e->type == CLOCK_EV_PAUSE || e->type == CLOCK_EV_RESUME) && e->key_id == 0);
}

/* Next own event from *at on; NULL: no more. */
static const struct mclock_event *next_own(const struct mclock *k, size_t *at)
{
    for (; *at < k->n_events; (*at)++) {
        if (is_own(&k->events[*at]) && !clockwork_voided(k, *at)) {
            return &k->events[(*at)++];
        }
    }
    return NULL;
}

static struct err *same_event(const struct events *x,
                              size_t i,
                              const struct mclock_event *e,
                              const struct mclock_event *f)
{
    struct arena *a = x->v->c->arena;
    const struct {
        const char *field;
        struct str expected, found;
    } rows[] = {
        {"type", id_text(a, f->type), id_text(a, e->type)},
        {"act_id", number(a, f->act_id), number(a, e->act_id)},
        {"at", id_text(a, f->at), id_text(a, e->at)},
        {"on_day", day_text(a, f->on_day), day_text(a, e->on_day)},
        {"cause", f->cause, e->cause},
        {"amount", number(a, f->amount), number(a, e->amount)},
        {"expected_on", day_text(a, f->expected_day), day_text(a, e->expected_day)},
    };
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        if (!str_eq(rows[n].expected, rows[n].found)) {
            return wrong(x, i, rows[n].field, rows[n].expected, rows[n].found);
        }
    }
    return NULL;
}

static struct err *check_own(const struct events *x)
{
    size_t at = 0, at_fold = 0;
    for (;;) {
        const struct mclock_event *e = next_own(x->k, &at);
        const struct mclock_event *f = next_own(x->fold, &at_fold);
        if (e == NULL && f == NULL) {
            return NULL;
        }
        if (e == NULL) {
            return missing(x->v, "clock_event",
                           str_fmt(x->v->c->arena, "%lld of act %lld", (long long)x->row->id,
                                   (long long)f->act_id));
        }
        if (f == NULL) {
            return wrong(x, at - 1, "(row)", S("absent"), S("present"));
        }
        TRY(same_event(x, at - 1, e, f));
    }
}

/* ---- children ---- */

static bool cause_fits(const struct events *x, const struct mclock_event *e)
{
    const struct matter *m = x->w->m;
    for (size_t i = 0; i < m->n_children; i++) {
        const struct mchild *child = &m->children[i];
        if (child->id != e->key_id) {
            continue;
        }
        if (child->def == NO_INDEX) {
            return true;
        }
        const struct child_def *d = &m->d->children[child->def];
        for (size_t p = 0; p < d->n_pauses; p++) {
            struct str cause = d->pauses[p].cause.p != NULL
                                   ? d->pauses[p].cause
                                   : jval_str(jval_get(child->facts, d->pauses[p].fact));
            if (d->pauses[p].clock == x->k->def && str_eq(cause, e->cause)) {
                return true;
            }
        }
    }
    return false;
}

static struct err *check_child(const struct events *x, size_t i)
{
    struct call *c = x->v->c;
    const struct mclock_event *e = &x->k->events[i];
    struct act_info in = {.id = e->act_id}, act = {0};
    bool found = false;
    int32_t day = CIVIL_NO_DAY;
    TRY(db_one(c->db, c->arena, &FIND_ACT, &in, &act, &found));
    bool of_child = found && act.matter_id == e->key_id && act.parent_id == x->w->row->id;
    bool of_parent =
        found && act.matter_id == x->w->row->id; /* the clock started under the child */
    if (!of_child && !of_parent) {
        bool child = found && act.parent_id == x->w->row->id;
        return wrong(x, i, child ? "key_id" : "act_id",
                     child ? id_text(c->arena, act.matter_id) : STR_NONE,
                     id_text(c->arena, child ? e->key_id : e->act_id));
    }
    if (e->at != act.occurred_at) {
        return wrong(x, i, "at", id_text(c->arena, act.occurred_at), id_text(c->arena, e->at));
    }
    if (!civil_parse(act.effective_on, &day) || e->on_day != day) {
        return wrong(x, i, "on_day", act.effective_on, day_text(c->arena, e->on_day));
    }
    if (e->type == CLOCK_EV_PAUSE && !cause_fits(x, e)) {
        return wrong(x, i, "cause", S("the cause of the child"), e->cause);
    }
    return NULL;
}

/* ---- dates ---- */

/* Due as it stood after the first n events, under a calendar. */
static struct err *
due_after(const struct events *x, size_t n, int64_t calendar, struct clock_due *ret)
{
    struct call *c = x->v->c;
    struct mclock prefix = *x->k;
    struct clock_spec spec;
    const struct almanac *al = NULL;
    int64_t at = x->k->start_at;
    prefix.n_events = n;
    for (size_t i = 0; i < x->w->n; i++) {
        at = x->w->acts[i].id == x->k->start_act ? x->w->acts[i].occurred_at : at;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t type = x->k->events[i].type;
        bool passing = type == CLOCK_EV_DUE || type == CLOCK_EV_MARK;
        at = passing ? at : x->k->events[i].at;
    }
    TRY(almanac_at(c, calendar, &al));
    clockwork_spec(c, &prefix, al, &spec);
    *ret = clock_compute(&spec, civil_day_of(at));
    return NULL;
}

/* The same under the calendar then in force. An event notes the calendar before its own
 * computation, a notice the one after, so it was that of the event before, of the event after, or
 * of the row. */
static struct err *
could_be_due(const struct events *x, size_t n, int32_t day, struct clock_due *ret, bool *ret_could)
{
    int64_t calendars[3] = {x->row->calendar_id, x->row->calendar_id, x->row->calendar_id};
    if (n < x->k->n_events) {
        calendars[0] = x->k->events[n].calendar_id;
    }
    if (n > 0) {
        calendars[1] = x->k->events[n - 1].calendar_id;
    }
    *ret_could = false;
    for (size_t i = 0; i < COUNT_OF(calendars) && !*ret_could; i++) {
        TRY(due_after(x, n, calendars[i], ret));
        *ret_could = ret->due_day == day;
    }
    return NULL;
}

static struct err *check_passing(const struct events *x, size_t i)
{
    struct arena *a = x->v->c->arena;
    const struct mclock_event *e = &x->k->events[i];
    const struct clock_def *d = &x->w->m->d->clocks[x->k->def];
    struct clock_due due;
    bool known = e->type == CLOCK_EV_DUE && e->cause.p == NULL;
    for (size_t n = 0; n < d->n_marks; n++) {
        known = known || (e->type == CLOCK_EV_MARK && str_eq(e->cause, d->marks[n].name));
    }
    if (!known) {
        return wrong(x, i, "cause", S("a mark of its definition"), e->cause);
    }
    if (e->on_day != civil_day_of(e->at - 1)) {
        return wrong(x, i, "on_day", day_text(a, civil_day_of(e->at - 1)), day_text(a, e->on_day));
    }
    bool same_day = false;
    TRY(could_be_due(x, i, e->on_day, &due, &same_day));
    return e->type == CLOCK_EV_MARK || same_day
               ? NULL
               : wrong(x, i, "at", id_text(a, due.due_ms), id_text(a, e->at));
}

/* old_due and new_due of the events that move the date. */
static struct err *check_chain(const struct events *x, size_t i, int32_t *before)
{
    struct arena *a = x->v->c->arena;
    const struct mclock_event *e = &x->k->events[i];
    struct clock_due due;
    bool could = true;
    if (*before != CIVIL_NO_DAY && e->old_due != *before) {
        return wrong(x, i, "old_due", day_text(a, *before), day_text(a, e->old_due));
    }
    if (*before == CIVIL_NO_DAY && e->type != CLOCK_EV_CALENDAR) {
        TRY(could_be_due(x, i, e->old_due, &due, &could));
    }
    if (!could) {
        return wrong(x, i, "old_due", day_text(a, due.due_day), day_text(a, e->old_due));
    }
    TRY(could_be_due(x, i + 1, e->new_due, &due, &could));
    if (!could) {
        return wrong(x, i, "new_due", day_text(a, due.due_day), day_text(a, e->new_due));
    }
    *before = e->new_due;
    return NULL;
}

/* After a correction the earlier dates rest on inputs that are gone: only what stands is checked.
 */
static bool was_corrected(const struct mclock *k)
{
    for (size_t i = 0; i < k->n_events; i++) {
        if (k->events[i].type == CLOCK_EV_CORRECTED) {
            return true;
        }
    }
    return false;
}

static struct err *check_corrected(const struct events *x, size_t i)
{
    struct arena *a = x->v->c->arena;
    const struct mclock_event *e = &x->k->events[i];
    bool of_act = e->act_id == 0 && e->cause.p != NULL; /* by a notice */
    for (size_t n = 0; n < x->w->n; n++) {
        of_act =
            of_act || (x->w->acts[n].id == e->act_id && x->w->acts[n].corrects_id != FIELD_NO_INT);
    }
    if (!of_act) {
        return wrong(x, i, "act_id", S("an act that corrects"), number(a, e->act_id));
    }
    return e->amount >= 0 && e->amount <= (int64_t)i
               ? NULL
               : wrong(x, i, "amount", S("the number of an earlier event"), number(a, e->amount));
}

struct err *verify_events(struct verify *v,
                          struct vmatter *w,
                          const struct clock_row *row,
                          struct mclock *k,
                          struct mclock *fold)
{
    struct events x = {v, w, row, k, fold};
    bool corrected = was_corrected(k);
    int32_t before = CIVIL_NO_DAY;
    if (fold != NULL) {
        TRY(check_own(&x));
    }
    for (size_t i = 0; i < k->n_events; i++) {
        const struct mclock_event *e = &k->events[i];
        bool pause = e->type == CLOCK_EV_PAUSE || e->type == CLOCK_EV_RESUME;
        if (pause && e->key_id != 0) {
            TRY(check_child(&x, i));
        }
        if (e->type == CLOCK_EV_CORRECTED) {
            TRY(check_corrected(&x, i));
        }
        if (corrected) {
            continue;
        }
        if (e->type == CLOCK_EV_DUE || e->type == CLOCK_EV_MARK) {
            TRY(check_passing(&x, i));
        } else {
            TRY(check_chain(&x, i, &before));
        }
    }
    return NULL;
}
