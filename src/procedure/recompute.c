/* Recomputing under a new calendar (recompute.h).
 *
 * The office is walked page by page in the order of matters: matters that have an open clock, those
 * clocks, their events; three statements a page, none a matter, so that a hundred thousand clocks
 * take seconds. A page lives in an arena of its own. What such a thin matter lacks (acts, children)
 * is loaded only where a definition's lights or marks ask for it. */
#include "procedure/recompute.h"

#include "procedure/act_save.h"
#include "procedure/clock_state.h"
#include "procedure/clockwork.h"
#include "procedure/matter_rows.h"

#define PAGE 400

struct page_in {
    int64_t office_id, after, upto, page;
};

/* clang-format off */
static const struct field PAGE_IN[] = {
    F_ID(struct page_in, office_id, 0, NULL, NULL),
    F_ID(struct page_in, after, 0, NULL, NULL),
    F_ID(struct page_in, upto, 0, NULL, NULL),
    F_INT(struct page_in, page, 0, 0, PAGE, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(PAGE_MATTERS,
     "recompute.matters",
     PAGE_IN,
     MATTER_ROW,
     struct matter_row,
     "SELECT m.id, m.office_id, m.kind, m.definition_id, m.item_version_id, m.number, m.parent_id, "
     "m.unit_id, m.origin_id, m.party_id, m.key_id, m.assignee_id, m.state, m.class, m.acts, "
     "m.facts, m.title, m.channel, m.priority, m.opened_on, m.opened_at, m.closed_at, "
     "m.final_light, d.version"
     " FROM matter m JOIN definition d ON d.id = m.definition_id"
     " WHERE m.office_id = :office_id AND m.id > :after"
     " AND EXISTS (SELECT 1 FROM clock k WHERE k.matter_id = m.id AND k.status IN (1, 2))"
     " ORDER BY m.id LIMIT :page");
STMT(PAGE_CLOCKS,
     "recompute.clocks",
     PAGE_IN,
     CLOCK_ROW,
     struct clock_row,
     "SELECT id, office_id, matter_id, name, round, status, unit, amount, until_on, start_on, "
     "start_at, due_on, provisional, yellow_at, red_at, next_at, next_mark, basis, evidence, "
     "calendar_id, start_act, stop_act, stopped_at, left_amount FROM clock"
     " WHERE office_id = :office_id AND matter_id > :after AND matter_id <= :upto"
     " AND status IN (1, 2) ORDER BY matter_id, id");
STMT(PAGE_EVENTS,
     "recompute.events",
     PAGE_IN,
     CLOCK_EVENT_ROW,
     struct clock_event_row,
     "SELECT e.clock_id, e.seq, e.type, e.cause, e.key_id, e.on_day, e.at, e.amount, "
     "e.expected_on, e.act_id, e.calendar_id, e.old_due, e.new_due"
     " FROM clock k JOIN clock_event e ON e.clock_id = k.id"
     " WHERE k.office_id = :office_id AND k.matter_id > :after AND k.matter_id <= :upto"
     " AND k.status IN (1, 2) ORDER BY k.matter_id, e.clock_id, e.seq");

static int32_t last_day(const struct calendar *cal)
{
    size_t n = 0;
    const struct holiday *rows = calendar_rows(cal, &n);
    int32_t known = calendar_known_until(cal);
    return n > 0 && rows[n - 1].day > known ? rows[n - 1].day : known;
}

void recompute_days(struct call *c, struct recompute *r)
{
    const struct calendar *old = almanac_of(c->app)->calendar, *new = r->to->calendar;
    int32_t from =
        calendar_first(old) < calendar_first(new) ? calendar_first(old) : calendar_first(new);
    int32_t to = last_day(old) > last_day(new) ? last_day(old) : last_day(new);
    size_t n = 0;
    for (int32_t d = from; d <= to; d++) {
        n += calendar_working(old, d) != calendar_working(new, d);
    }
    r->days = ARENA_ARRAY(c->arena, struct day_change, n + 1);
    r->n_days = 0;
    for (int32_t d = from; d <= to; d++) {
        const struct holiday *row = NULL;
        if (calendar_working(old, d) == calendar_working(new, d)) {
            continue;
        }
        struct str is = calendar_reason(new, d, &row);
        r->days[r->n_days++] = (struct day_change){
            .day = d,
            .worked = calendar_working(old, d),
            .works = calendar_working(new, d),
            .was = calendar_reason(old, d, NULL),
            .is = is,
            .notice = row == NULL ? STR_NONE : row->notice,
        };
    }
}

/* The notice behind a new date: that of the first changed day of the clock's time. */
static struct str notice_for(const struct recompute *r, int32_t from, int32_t old, int32_t new)
{
    int32_t to = old > new ? old : new;
    for (size_t i = 0; i < r->n_days; i++) {
        const struct day_change *d = &r->days[i];
        if (d->day > from && d->day <= to && d->notice.p != NULL) {
            return d->notice;
        }
    }
    return r->source;
}

/* ---- one clock ---- */

/* Does the expression look at what a thin matter does not have? */
static bool looks_further(const struct expr *e)
{
    for (uint32_t i = 0; e != NULL && i < e->n_paths; i++) {
        enum expr_root root = e->paths[i]->root;
        if (root == EXPR_ACT || root == EXPR_CHILD || root == EXPR_CLOCK || root == EXPR_PARTY) {
            return true;
        }
    }
    return false;
}

static bool thin_will_do(const struct matter *m)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct clock_def *d = &m->d->clocks[m->clocks[i].def];
        if (looks_further(d->yellow)) {
            return false;
        }
        for (size_t k = 0; k < d->n_marks; k++) {
            if (looks_further(d->marks[k].after)) {
                return false;
            }
        }
    }
    return true;
}

static bool same_dates(const struct mclock *a, const struct mclock *b)
{
    return a->due.due_day == b->due.due_day && a->due.due_ms == b->due.due_ms &&
           a->due.provisional == b->due.provisional && a->due.yellow_ms == b->due.yellow_ms &&
           a->due.red_ms == b->due.red_ms && a->next_at == b->next_at;
}

static struct mclock_event *add_event(struct call *c, struct mclock *k, enum clock_event_type type)
{
    struct mclock_event *e = clockwork_add(c, k, type);
    e->at = c->now_ms;
    e->on_day = civil_day_of(c->now_ms);
    return e;
}

/* Passings that were told of a date which now lies ahead are void, so that they are told again. */
static void
take_back_passings(struct call *c, struct matter *m, struct mclock *k, struct recompute *r)
{
    size_t n = k->n_events;
    bool any = false;
    for (size_t i = 0; k->status == CLOCK_RUNNING && k->due.due_ms > c->now_ms && i < n; i++) {
        int64_t type = k->events[i].type;
        if ((type == CLOCK_EV_DUE || type == CLOCK_EV_MARK) && !clockwork_voided(k, i)) {
            struct mclock_event *e = add_event(c, k, CLOCK_EV_CORRECTED);
            e->amount = (int64_t)i + 1;
            e->cause = r->source;
            any = true;
        }
    }
    if (any) {
        clockwork_compute_by(c, m, k, r->to, c->now_ms);
    }
}

static void list_change(struct call *c,
                        struct recompute *r,
                        const struct matter *m,
                        const struct clock_change *change)
{
    r->clocks++;
    r->firm += change->old_provisional && !change->provisional;
    if (r->n_changes == r->max_changes) {
        return;
    }
    if (r->changes == NULL) {
        r->changes = ARENA_ARRAY(c->arena, struct clock_change, r->max_changes);
    }
    struct clock_change *kept = &r->changes[r->n_changes++];
    *kept = *change;
    kept->matter_id = m->id;
    kept->d = m->d;
    kept->number = m->number.p == NULL ? STR_NONE : str_dup(c->arena, m->number);
    kept->title = str_dup(c->arena, m->title);
    kept->notice = str_dup(c->arena, change->notice);
}

/* True: the clock has other dates now. `c` lasts, `page` is for what dies with the page. */
static bool turn(struct call *c, struct call *page, struct recompute *r, struct matter *m, size_t i)
{
    struct mclock *k = &m->clocks[i], old = *k, new = *k;
    clockwork_compute_by(page, m, &old, almanac_of(c->app), c->now_ms);
    clockwork_compute_by(page, m, &new, r->to, c->now_ms);
    if (same_dates(&old, &new)) {
        return false;
    }
    struct clock_change change = {
        .clock = k->def,
        .old_due = k->due.due_day,
        .new_due = new.due.due_day,
        .old_provisional = k->due.provisional,
        .provisional = new.due.provisional,
        .notice = notice_for(r, k->start_day, k->due.due_day, new.due.due_day),
    };
    *k = new;
    take_back_passings(page, m, k, r);
    if (change.old_due == change.new_due && change.old_provisional == change.provisional) {
        return true; /* only the lights turn earlier or later */
    }
    struct mclock_event *e = add_event(page, k, CLOCK_EV_CALENDAR);
    e->cause = change.notice;
    e->old_due = change.old_due;
    e->new_due = change.new_due;
    list_change(c, r, m, &change);
    return true;
}

static struct err *tell(struct call *c, const struct matter *m)
{
    struct str audience = str_fmt(c->arena, "unit:%lld", (long long)m->unit_id);
    if (m->party_id != 0) {
        audience = str_fmt(c->arena, "%.*s party:%lld", STR_ARG(audience), (long long)m->party_id);
    }
    struct str body = str_fmt(c->arena, "{\"matter_id\":%lld}", (long long)m->id);
    return unit_outbox(c, "clock.moved", m->id, 0, audience, body);
}

static struct err *
one_matter(struct call *c, struct call *page, struct recompute *r, struct matter *m)
{
    int64_t before = r->clocks;
    bool any = false;
    if (!thin_will_do(m)) {
        TRY(matter_load(page, m->id, &m));
    }
    for (size_t i = 0; i < m->n_clocks; i++) {
        int64_t status = m->clocks[i].status;
        if (status == CLOCK_RUNNING || status == CLOCK_PAUSED) {
            any = turn(c, page, r, m, i) || any;
        }
    }
    r->matters += r->clocks > before;
    if (!any || r->preview) {
        return NULL;
    }
    TRY(save_clocks(page, m));
    TRY(save_lights(page, m));
    return r->clocks > before ? tell(page, m) : NULL;
}

/* ---- a page ---- */

static struct matter *of_id(struct matter **all, size_t n, size_t *at, int64_t id)
{
    while (*at < n && all[*at]->id < id) {
        (*at)++;
    }
    return *at < n && all[*at]->id == id ? all[*at] : NULL;
}

static struct matter *of_clock(struct matter **all, size_t n, size_t *at, int64_t clock_id)
{
    for (; *at < n; (*at)++) {
        for (size_t i = 0; i < all[*at]->n_clocks; i++) {
            if (all[*at]->clocks[i].id == clock_id) {
                return all[*at];
            }
        }
    }
    return NULL;
}

/* The item version, read once a page. */
static struct err *find_item(struct call *page, struct matter **all, size_t i)
{
    int64_t version = all[i]->item_version_id;
    for (size_t k = 0; k < i; k++) {
        if (all[k]->item_version_id == version) {
            all[i]->item = all[k]->item;
            return NULL;
        }
    }
    return version == 0 ? NULL : matter_load_item(page, version, &all[i]->item);
}

static struct err *
load_page(struct call *page, struct page_in *in, struct matter ***ret, size_t *ret_n)
{
    struct arena *a = page->arena;
    struct list rows = {0}, clocks = {0}, events = {0};
    size_t at = 0;
    TRY(db_all(page->db, a, &PAGE_MATTERS, in, &rows));
    *ret_n = rows.n;
    if (rows.n == 0) {
        return NULL;
    }
    struct matter **all = ARENA_ARRAY(a, struct matter *, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        all[i] = matter_of_row(page, &((struct matter_row *)rows.p)[i]);
        TRY(find_item(page, all, i));
    }
    in->upto = all[rows.n - 1]->id;
    TRY(db_all(page->db, a, &PAGE_CLOCKS, in, &clocks));
    for (size_t i = 0; i < clocks.n; i++) {
        const struct clock_row *row = &((struct clock_row *)clocks.p)[i];
        struct matter *m = of_id(all, rows.n, &at, row->matter_id);
        if (m != NULL) {
            matter_clock_row(page, m, row);
        }
    }
    TRY(db_all(page->db, a, &PAGE_EVENTS, in, &events));
    at = 0;
    for (size_t i = 0; i < events.n; i++) {
        const struct clock_event_row *row = &((struct clock_event_row *)events.p)[i];
        size_t here = at;
        struct matter *m = of_clock(all, rows.n, &here, row->clock_id);
        if (m != NULL) {
            at = here;
            matter_event_row(page, m, row);
        }
    }
    *ret = all;
    return NULL;
}

static struct err *
one_page(struct call *c, struct call *page, struct recompute *r, struct page_in *in)
{
    struct matter **all = NULL;
    size_t n = 0;
    TRY(load_page(page, in, &all, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(one_matter(c, page, r, all[i]));
    }
    in->after = in->upto;
    in->page = n == PAGE ? PAGE : 0;
    return NULL;
}

/* The page's arena ends before its error is read. */
static struct err *outlive(struct call *c, const struct err *e)
{
    if (e == NULL) {
        return NULL;
    }
    struct err *copy =
        ERROR_TEXT(c->arena, e->code, str_dup(c->arena, e->zh), str_dup(c->arena, e->en));
    copy->cause = e->cause.p == NULL ? STR_NONE : str_dup(c->arena, e->cause);
    return copy;
}

struct err *recompute_clocks(struct call *c, struct recompute *r)
{
    struct page_in in = {.office_id = c->office_id, .page = PAGE};
    recompute_days(c, r);
    while (in.page > 0) {
        struct call page = *c;
        page.arena = arena_new(0);
        struct err *e = outlive(c, one_page(c, &page, r, &in));
        arena_free(page.arena);
        TRY(e);
    }
    return NULL;
}
