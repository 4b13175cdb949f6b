/* "Why this date?": the same walk as clock_compute, told day by day.
 *
 * Rows are written as the legs are walked; what happens after the last leg (rolling off a day off,
 * a pause over the end) is told from where the walk ended to the due day. */
#include "base/arena.h"
#include "civil/clock.h"
#include "civil/clock_line.h"

#define MAX_ROWS 1200

struct listing {
    const struct clock_spec *spec;
    struct clock_day *rows;
    size_t n, cap;
    int64_t ordinal; /* of the last counted day */
};

/* Room is kept for the due day. */
static bool full(const struct listing *t)
{
    return t->n + 1 >= t->cap;
}

static void put(struct listing *t, int32_t day, enum clock_day_kind kind, struct str cause)
{
    const struct holiday *row = NULL;
    struct str reason = calendar_reason(t->spec->calendar, day, &row);
    struct clock_day d = {.day = day, .kind = kind, .reason = cause.p != NULL ? cause : reason};
    if (kind == CLOCK_DAY_COUNTED || kind == CLOCK_DAY_DUE) {
        d.ordinal = (int32_t)t->ordinal;
    }
    if (row != NULL) {
        d.makeup = row->kind == HOLIDAY_WORK;
        d.notice = row->notice;
        d.source = row->source;
    }
    t->rows[t->n++] = d;
}

static struct str cause_of(const struct clock_pause *p)
{
    return p->cause.p != NULL ? p->cause : S("暂停");
}

/* The days of one leg. A calendar-day limit counts days off too; 当场 (nothing to measure) has
 * none. */
static void list_leg(struct listing *t, const struct clock_walk *w)
{
    struct line l = line_of(t->spec, w->unit, w->now_day);
    int64_t ordinal_end = t->ordinal + w->n;
    for (int32_t day = w->from.day + 1; day <= w->to.day && w->n > 0 && !full(t); day++) {
        const struct clock_pause *p = line_pause_at(&l, day);
        bool rest = w->unit == CIVIL_WD && !calendar_working(t->spec->calendar, day);
        if (rest) {
            put(t, day, CLOCK_DAY_REST, STR_NONE);
        } else if (p != NULL) {
            put(t, day, CLOCK_DAY_PAUSED, cause_of(p));
        } else {
            t->ordinal++;
            put(t, day, CLOCK_DAY_COUNTED, STR_NONE);
        }
    }
    t->ordinal = ordinal_end; /* also when the list was cut */
}

/* From the end of the last leg to the due day. */
static void list_roll(struct listing *t, const struct clock_walk *w, int32_t due_day)
{
    struct line l = line_of(t->spec, w->unit, w->now_day);
    enum clock_day_kind off = w->unit == CIVIL_WD ? CLOCK_DAY_REST : CLOCK_DAY_ROLLED;
    struct clock_day *last = &t->rows[t->n - 1];
    if (last->day == w->to.day && last->kind == CLOCK_DAY_COUNTED) {
        last->kind = CLOCK_DAY_ROLLED;
        last->ordinal = 0;
    }
    for (int32_t day = last->day + 1; day < due_day && !full(t); day++) {
        bool rest = !calendar_working(t->spec->calendar, day);
        const struct clock_pause *p = rest ? NULL : line_pause_at(&l, day);
        put(t, day, rest ? off : CLOCK_DAY_PAUSED, p == NULL ? STR_NONE : cause_of(p));
    }
}

void clock_explain(struct arena *a,
                   const struct clock_spec *s,
                   const struct clock_due *due,
                   struct clock_day **ret,
                   size_t *ret_n)
{
    int64_t span = (int64_t)due->due_day - s->start_day + 1;
    struct listing t = {.spec = s, .cap = span < 2 ? 2 : span > MAX_ROWS ? MAX_ROWS : (size_t)span};
    t.rows = ARENA_ARRAY(a, struct clock_day, t.cap);
    bool by_day = !s->until && clock_unit_in_days(s->limit.unit);
    if (due->due_day > s->start_day || !by_day) {
        put(&t, s->start_day, CLOCK_DAY_START, STR_NONE);
    }
    struct clock_walk w = clock_walk_begin(s, due->as_of_day);
    while (by_day && clock_walk_next(&w)) {
        if (clock_unit_in_days(w.unit)) {
            list_leg(&t, &w);
        }
    }
    if (by_day && t.n > 0 && (w.to.day < due->due_day || w.n == 0)) {
        list_roll(&t, &w, due->due_day);
    }
    if (t.n > 0 && t.rows[t.n - 1].day == due->due_day &&
        t.rows[t.n - 1].kind == CLOCK_DAY_COUNTED) {
        t.n--; /* the last counted day is the due day */
    }
    put(&t, due->due_day, CLOCK_DAY_DUE, STR_NONE);
    *ret = t.rows;
    *ret_n = t.n;
}
