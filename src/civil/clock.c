/* Due dates and lights.
 *
 * The due date is the end of a walk over the limit and its extensions (clock_line.h), rolled on at
 * the end only. Yellow is looked for backward from the due date, so that it has a unit of its own.
 * All is recomputed from the inputs each time; nothing here remembers. */
#include "civil/clock.h"

#include "civil/clock_line.h"

/* The unit in which days left and used are told. */
static enum civil_unit told_unit(const struct clock_spec *s)
{
    return s->until ? CIVIL_CD : s->limit.unit;
}

/* An open pause that began in time. One opened on the last day or later moves nothing: that day
 * counts, because only the days after the pause begins are excluded. */
static bool waits(const struct clock_spec *s, const struct clock_due *due, enum civil_unit unit)
{
    for (size_t i = 0; !s->until && i < s->n_pauses; i++) {
        const struct clock_pause *p = &s->pauses[i];
        bool before =
            clock_unit_in_days(unit) ? p->from_day < due->due_day : p->from_ms < due->due_ms;
        if (before && clock_pause_open(p)) {
            return true;
        }
    }
    return false;
}

static int64_t yellow_at(const struct clock_spec *s, const struct clock_due *due, int32_t now_day)
{
    struct duration y = s->yellow;
    if (y.amount <= 0 || due->not_before) {
        return CIVIL_NEVER;
    }
    struct line l = line_of(s, y.unit, now_day);
    int64_t at = 0;
    if (l.in_days) {
        int64_t n = y.amount;
        if (y.unit == CIVIL_MO || y.unit == CIVIL_Y) {
            int32_t months = y.unit == CIVIL_Y ? y.amount * 12 : y.amount;
            n = (int64_t)due->due_day - civil_add_months(due->due_day, -months);
        }
        at = clock_close(s, (int32_t)line_sub(&l, due->due_day, n));
    } else {
        at = line_sub(&l, due->due_ms, y.amount * l.per_unit);
    }
    at = at < s->start_ms ? s->start_ms : at;
    return at < due->due_ms ? at : due->due_ms;
}

struct clock_due clock_compute(const struct clock_spec *s, int32_t now_day)
{
    struct clock_walk w = clock_walk_begin(s, now_day);
    while (clock_walk_next(&w)) {
    }
    struct clock_due due = {.due_day = w.to.day, .due_ms = w.to.ms, .as_of_day = now_day};
    struct line last = line_of(s, w.unit, now_day);
    if (w.legs > 0 && last.in_days) {
        due.due_day = line_settle(&last, w.to.day);
        due.due_ms = clock_close(s, due.due_day);
    }
    bool by_calendar = w.legs > 0 && w.unit != CIVIL_H;
    due.provisional = by_calendar && due.due_day > calendar_known_until(s->calendar);
    due.not_before = waits(s, &due, w.unit);
    due.red_ms = due.not_before ? CIVIL_NEVER : due.due_ms;
    due.yellow_ms = yellow_at(s, &due, now_day);

    struct line told = line_of(s, told_unit(s), now_day);
    int64_t from = told.in_days ? s->start_day : s->start_ms;
    int64_t to = told.in_days ? due.due_day : due.due_ms;
    due.paused_days = (int32_t)(from < to ? line_excluded(&told, from, to) / told.per_unit : 0);
    return due;
}

int64_t clock_mark(const struct clock_spec *s, const struct clock_due *due, struct duration after)
{
    if (due->not_before) {
        return CIVIL_NEVER;
    }
    if (after.amount <= 0) {
        return due->due_ms;
    }
    /* A period of its own, without pauses: walk it from the due date. */
    struct clock_spec t = {
        .limit = after,
        .start_ms = due->due_ms,
        .start_day = due->due_day,
        .calendar = s->calendar,
        .hours = s->hours,
    };
    struct clock_walk w = clock_walk_begin(&t, CIVIL_NO_DAY);
    (void)clock_walk_next(&w);
    return w.to.ms;
}

/* Whole units, rounded up. */
static int64_t units_up(int64_t measure, int64_t per_unit)
{
    return (measure + per_unit - 1) / per_unit;
}

int32_t clock_left(const struct clock_spec *s, const struct clock_due *due, int64_t now_ms)
{
    struct line l = line_of(s, told_unit(s), due->as_of_day);
    int64_t now = l.in_days ? civil_day_of(now_ms) : now_ms;
    int64_t end = l.in_days ? due->due_day : due->due_ms;
    if (now_ms < due->due_ms) {
        return (int32_t)(now < end ? units_up(line_count(&l, now, end), l.per_unit) : 0);
    }
    if (due->not_before) {
        return 0; /* paused: computed for an earlier day, and cannot be over */
    }
    int64_t over = now > end ? units_up(line_count(&l, end, now), l.per_unit) : 0;
    return (int32_t)(over > 1 ? -over : -1);
}

int32_t clock_used(const struct clock_spec *s, const struct clock_due *due, int64_t now_ms)
{
    struct line l = line_of(s, told_unit(s), due->as_of_day);
    int64_t now = l.in_days ? civil_day_of(now_ms) : now_ms;
    int64_t from = l.in_days ? s->start_day : s->start_ms;
    return (int32_t)(now > from ? line_count(&l, from, now) / l.per_unit : 0);
}
