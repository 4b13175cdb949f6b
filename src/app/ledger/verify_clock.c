/* Clocks: the rows must be sound, and each must be what the acts give when they are folded again,
 * computed under the calendar that the row names. */
#include "app/ledger/verify.h"

#include "procedure/clockwork.h"

STMT(CLOCKS,
     "verify.clocks",
     ID_ROW,
     CLOCK_ROW,
     struct clock_row,
     "SELECT id, office_id, matter_id, name, round, status, unit, amount, until_on, start_on, "
     "start_at, due_on, provisional, yellow_at, red_at, next_at, next_mark, basis, evidence, "
     "calendar_id, start_act, stop_act, stopped_at, left_amount FROM clock WHERE matter_id = :id"
     " ORDER BY id");
STMT(EVENTS,
     "verify.clock_events",
     ID_ROW,
     CLOCK_EVENT_ROW,
     struct clock_event_row,
     "SELECT e.clock_id, e.seq, e.type, e.cause, e.key_id, e.on_day, e.at, e.amount, "
     "e.expected_on, e.act_id, e.calendar_id, e.old_due, e.new_due FROM clock_event e JOIN clock c "
     "ON "
     "c.id = e.clock_id WHERE c.matter_id = :id ORDER BY e.clock_id, e.seq");
STMT(PROFILE_CHANGES,
     "verify.profile_changes",
     NULL,
     ID_ROW,
     struct id_row,
     "SELECT id FROM audit WHERE op = 'office.put' ORDER BY id LIMIT 1");

static struct err *
wrong(struct verify *v, int64_t id, const char *field, struct str expected, struct str found)
{
    return altered(v, &(struct finding){"clock", id_text(v->c->arena, id), field, expected, found});
}

static bool is_day(struct str s)
{
    int32_t day;
    return civil_parse(s, &day);
}

static struct err *
has_calendar(struct verify *v, const char *table, struct str id, int64_t calendar)
{
    const struct almanac *al = NULL;
    struct err *e = almanac_at(v->c, calendar, &al);
    if (e != NULL && e->code == ERR_NOT_FOUND) {
        return altered(v, &(struct finding){table, id, "calendar_id", S("a calendar"),
                                            id_text(v->c->arena, calendar)});
    }
    return e;
}

static struct err *sound_clock(struct verify *v, const struct vmatter *w, const struct clock_row *r)
{
    struct arena *a = v->c->arena;
    struct duration unit;
    TRY(same_int(v, "clock", r->id, "office_id", w->row->office_id, r->office_id));
    if (w->foldable && definition_clock(w->def->d, r->name) == NO_INDEX) {
        return wrong(v, r->id, "name", S("a clock of its definition"), r->name);
    }
    if (!duration_parse(str_fmt(a, "1%.*s", STR_ARG(r->unit)), &unit)) {
        return wrong(v, r->id, "unit", S("a unit"), r->unit);
    }
    if (r->amount < 0 || r->amount > 100000) {
        return wrong(v, r->id, "amount", STR_NONE, id_text(a, r->amount));
    }
    if (!is_day(r->start_on)) {
        return wrong(v, r->id, "start_on", S("a date"), r->start_on);
    }
    if (r->until_on.p != NULL && !is_day(r->until_on)) {
        return wrong(v, r->id, "until_on", S("a date"), r->until_on);
    }
    if (r->due_on.p == NULL || !is_day(r->due_on)) {
        return wrong(v, r->id, "due_on", S("a date"), r->due_on);
    }
    if (r->status < CLOCK_RUNNING || r->status > CLOCK_EXPIRED) {
        return wrong(v, r->id, "status", STR_NONE, id_text(a, r->status));
    }
    return has_calendar(v, "clock", id_text(a, r->id), r->calendar_id);
}

static struct err *sound_event(struct verify *v, const struct clock_event_row *e, int64_t seq)
{
    struct str id = str_fmt(v->c->arena, "%lld/%lld", (long long)e->clock_id, (long long)e->seq);
    const struct {
        const char *field;
        bool good;
    } rows[] = {
        {"type", e->type >= CLOCK_EV_PAUSE && e->type <= CLOCK_EV_CORRECTED},
        {"on_day", is_day(e->on_day)},
        {"expected_on", e->expected_on.p == NULL || is_day(e->expected_on)},
        {"old_due", e->old_due.p == NULL || is_day(e->old_due)},
        {"new_due", e->new_due.p == NULL || is_day(e->new_due)},
    };
    if (e->seq != seq) {
        return missing(v, "clock_event",
                       str_fmt(v->c->arena, "%lld/%lld", (long long)e->clock_id, (long long)seq));
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].good) {
            return altered(v,
                           &(struct finding){"clock_event", id, rows[i].field, STR_NONE, STR_NONE});
        }
    }
    return has_calendar(v, "clock_event", id, e->calendar_id);
}

/* Rounds of a name count from 1 in the order of ids. */
static struct err *check_round(struct verify *v, const struct vmatter *w, size_t i)
{
    int64_t round = 1;
    for (size_t k = 0; k < i; k++) {
        round += str_eq(w->clocks[k].name, w->clocks[i].name);
    }
    return same_int(v, "clock", w->clocks[i].id, "round", round, w->clocks[i].round);
}

struct err *verify_clock_rows(struct verify *v, struct vmatter *w)
{
    struct call *c = v->c;
    struct id_row in = {w->row->id};
    struct list rows = {0}, events = {0};
    TRY(db_all(c->db, c->arena, &CLOCKS, &in, &rows));
    w->clocks = rows.p;
    w->n_clocks = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        TRY(sound_clock(v, w, &w->clocks[i]));
        TRY(check_round(v, w, i));
    }
    TRY(db_all(c->db, c->arena, &EVENTS, &in, &events));
    const struct clock_event_row *e = events.p;
    int64_t seq = 0;
    for (size_t i = 0; i < events.n; i++) {
        seq = i > 0 && e[i - 1].clock_id == e[i].clock_id ? seq + 1 : 1;
        TRY(sound_event(v, &e[i], seq));
    }
    return NULL;
}

/* ---- against the fold ---- */

static struct str day_or_none(struct arena *a, int32_t day)
{
    return day == CIVIL_NO_DAY ? STR_NONE : civil_text(a, day);
}

/* Instant of the last computation: an open pause is counted up to it, or to the end of the clock.
 */
static int64_t computed_at(const struct vmatter *w, const struct mclock *k, const struct mclock *f)
{
    int64_t at = f->start_at;
    if (f->stop_act != 0 && clockwork_open_pause(f, -1)) {
        return f->stopped_at;
    }
    for (size_t i = 0; i < w->n; i++) {
        at = w->acts[i].id == f->start_act ? w->acts[i].occurred_at : at;
    }
    for (size_t i = 0; i < f->n_events; i++) {
        int64_t type = f->events[i].type;
        bool moves = type == CLOCK_EV_PAUSE || type == CLOCK_EV_RESUME || type == CLOCK_EV_EXTEND;
        at = moves && f->events[i].at > at ? f->events[i].at : at;
    }
    for (size_t i = 0; i < k->n_events; i++) {
        bool moves = k->events[i].type == CLOCK_EV_CALENDAR;
        at = moves && k->events[i].at > at ? k->events[i].at : at;
    }
    return at;
}

/* An instant of the same day under other closing hours, once the office has changed its hours. */
static struct err *same_light(
    struct verify *v, const struct clock_row *r, const char *field, int64_t expected, int64_t found)
{
    struct call *c = v->c;
    struct id_row row;
    bool changed = false;
    if (expected != found && expected != CIVIL_NEVER && found != CIVIL_NEVER &&
        civil_day_of(expected - 1) == civil_day_of(found - 1)) {
        TRY(db_one(c->db, c->arena, &PROFILE_CHANGES, NULL, &row, &changed));
    }
    return changed ? NULL : same_int(v, "clock", r->id, field, expected, found);
}

static bool event_told(const struct mclock *k, int64_t type)
{
    for (size_t i = 0; i < k->n_events; i++) {
        if (k->events[i].type == type && !clockwork_voided(k, i)) {
            return true;
        }
    }
    return false;
}

/* What the clock waits for: yellow, due, then its marks. */
static struct err *check_next(struct verify *v,
                              const struct clock_row *r,
                              const struct mclock *k,
                              const struct mclock *f,
                              const struct clock_due *due)
{
    struct str id = id_text(v->c->arena, r->id);
    bool waits = r->status == CLOCK_RUNNING && !due->provisional;
    if (!waits) {
        TRY(same_int(v, "clock", r->id, "next_at", FIELD_NO_INT, r->next_at));
        return same_text(v, "clock", id, "next_mark", STR_NONE, r->next_mark);
    }
    if (!event_told(k, CLOCK_EV_DUE)) {
        bool yellow = str_eqz(r->next_mark, "yellow") && r->yellow_at < r->red_at;
        if (!yellow) {
            TRY(same_text(v, "clock", id, "next_mark", S("due"), r->next_mark));
        }
        return same_int(v, "clock", r->id, "next_at", yellow ? r->yellow_at : r->red_at,
                        r->next_at);
    }
    TRY(same_text(v, "clock", id, "next_mark", f->next_mark, r->next_mark));
    int64_t at = f->next_at == CIVIL_NEVER ? FIELD_NO_INT : f->next_at;
    return f->calendar_id == r->calendar_id ? same_light(v, r, "next_at", at, r->next_at) : NULL;
}

static struct err *check_dates(struct verify *v,
                               const struct vmatter *w,
                               const struct clock_row *r,
                               const struct mclock *k,
                               const struct mclock *f)
{
    struct call *c = v->c;
    struct clock_spec spec;
    const struct almanac *al = NULL;
    bool ended = r->status != CLOCK_RUNNING && r->status != CLOCK_PAUSED;
    TRY(almanac_at(c, r->calendar_id, &al));
    clockwork_spec(c, f, al, &spec);
    struct clock_due due = clock_compute(&spec, civil_day_of(computed_at(w, k, f)));
    struct str id = id_text(c->arena, r->id);
    TRY(same_text(v, "clock", id, "due_on", day_or_none(c->arena, due.due_day), r->due_on));
    TRY(same_int(v, "clock", r->id, "provisional", due.provisional, r->provisional));
    TRY(same_light(v, r, "red_at", ended ? due.due_ms : due.red_ms, r->red_at));
    TRY(same_light(v, r, "yellow_at", due.yellow_ms, r->yellow_at));
    int64_t left =
        f->left_amount == FIELD_NO_INT ? FIELD_NO_INT : clock_left(&spec, &due, f->stopped_at);
    TRY(same_int(v, "clock", r->id, "left_amount", left, r->left_amount));
    return check_next(v, r, k, f, &due);
}

static int64_t or_none(int64_t id)
{
    return id == 0 ? FIELD_NO_INT : id;
}

/* What the clock counts from: from here on a wrong date is the fault of its events. */
static struct err *check_inputs(struct verify *v,
                                const struct vmatter *w,
                                const struct clock_row *r,
                                const struct mclock *f)
{
    struct arena *a = v->c->arena;
    const struct clock_def *d = &w->m->d->clocks[f->def];
    struct str id = id_text(a, r->id);
    struct duration one = {f->limit.unit, 1};
    struct str unit = duration_text(a, one);
    TRY(same_text(v, "clock", id, "unit", str_sub(unit, 1, unit.n), r->unit));
    TRY(same_int(v, "clock", r->id, "amount", f->limit.amount, r->amount));
    TRY(same_text(v, "clock", id, "until_on", day_or_none(a, f->until_day), r->until_on));
    TRY(same_text(v, "clock", id, "start_on", civil_text(a, f->start_day), r->start_on));
    TRY(same_int(v, "clock", r->id, "start_at", f->start_at, r->start_at));
    TRY(same_int(v, "clock", r->id, "start_act", f->start_act, r->start_act));
    TRY(same_text(v, "clock", id, "basis", f->basis, r->basis));
    return same_int(v, "clock", r->id, "evidence", (int64_t)d->evidence, r->evidence);
}

static struct err *check_outcome(struct verify *v,
                                 const struct vmatter *w,
                                 const struct clock_row *r,
                                 const struct mclock *k,
                                 const struct mclock *f)
{
    TRY(same_int(v, "clock", r->id, "status", f->status, r->status));
    TRY(same_int(v, "clock", r->id, "stop_act", or_none(f->stop_act), r->stop_act));
    TRY(same_int(v, "clock", r->id, "stopped_at", or_none(f->stopped_at), r->stopped_at));
    return check_dates(v, w, r, k, f);
}

static struct mclock *find_round(struct matter *m, uint32_t def, int64_t round)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (m->clocks[i].def == def && m->clocks[i].round == round) {
            return &m->clocks[i];
        }
    }
    return NULL;
}

/* A clock that no act gives any more: a correction made it fall away, and said so. Otherwise it
 * took the name or the round of another, or was put in. */
static struct err *check_fallen(struct verify *v,
                                const struct vmatter *w,
                                struct matter *fold,
                                const struct clock_row *r,
                                const struct mclock *k)
{
    bool told = k->status == CLOCK_CANCELLED;
    for (size_t i = 0; i < k->n_events; i++) {
        told = told || k->events[i].type == CLOCK_EV_CORRECTED;
    }
    for (size_t i = 0; i < fold->n_clocks && !told; i++) {
        const struct mclock *f = &fold->clocks[i];
        if (f->start_act == r->start_act && f->basis.p != NULL && str_eq(f->basis, r->basis) &&
            find_round(w->m, f->def, f->round) == NULL) {
            TRY(same_text(v, "clock", id_text(v->c->arena, r->id), "name",
                          w->m->d->clocks[f->def].name, r->name));
            return same_int(v, "clock", r->id, "round", f->round, r->round);
        }
    }
    return told ? same_int(v, "clock", r->id, "status", CLOCK_CANCELLED, r->status)
                : wrong(v, r->id, "(row)", S("absent"), S("present"));
}

struct err *verify_clocks(struct verify *v, struct vmatter *w, struct matter *fold)
{
    struct arena *a = v->c->arena;
    for (size_t i = 0; i < w->n_clocks; i++) {
        const struct clock_row *r = &w->clocks[i];
        uint32_t def = definition_clock(w->m->d, r->name);
        struct mclock *k = find_round(w->m, def, r->round), *f = find_round(fold, def, r->round);
        if (k == NULL) {
            return wrong(v, r->id, "round", STR_NONE, id_text(a, r->round));
        }
        TRY(f == NULL ? check_fallen(v, w, fold, r, k) : check_inputs(v, w, r, f));
        TRY(verify_events(v, w, r, k, f));
        TRY(f == NULL ? NULL : check_outcome(v, w, r, k, f));
    }
    for (size_t i = 0; i < fold->n_clocks; i++) {
        const struct mclock *f = &fold->clocks[i];
        if (find_round(w->m, f->def, f->round) == NULL) {
            return missing(v, "clock",
                           str_fmt(a, "matter %lld %.*s round %lld", (long long)w->row->id,
                                   STR_ARG(w->m->d->clocks[f->def].name), (long long)f->round));
        }
    }
    return NULL;
}
