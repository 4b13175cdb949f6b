/* Rulers and pauses.
 *
 * Each unit has a ruler of three functions, all without a loop: wd asks the rank/select calendar,
 * cd and h are plain subtraction, sh multiplies the number of working days by the length of the
 * service day. The pauses are swept along the ruler in order of their beginning. Overlaps need no
 * care: a sweep stands at the end of what it has left out, and a pause that ends before is behind
 * it. */
#include "civil/clock_line.h"

#include <stddef.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MIN   1440
#define MAX_UNITS INT64_C(1000000) /* of a limit with its extensions: keeps all sums in range */
#define LAST_DAY  2932896          /* 9999-12-31 */

struct ruler {
    int64_t (*count)(const struct clock_spec *s, int64_t from, int64_t to); /* in (from, to] */
    int64_t (*add)(const struct clock_spec *s, int64_t from, int64_t n);    /* n ≥ 1 */
    int64_t (*sub)(const struct clock_spec *s, int64_t to, int64_t n);
};

struct span {
    int64_t from, to; /* excluded: (from, to] */
};

static int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t max64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
    return max64(low, min64(v, high));
}

/* --- working days --- */

static int64_t wd_count(const struct clock_spec *s, int64_t from, int64_t to)
{
    return calendar_between(s->calendar, (int32_t)from, (int32_t)to);
}

static int64_t wd_add(const struct clock_spec *s, int64_t from, int64_t n)
{
    return calendar_nth(s->calendar, calendar_number(s->calendar, (int32_t)from) + (int32_t)n);
}

static int64_t wd_sub(const struct clock_spec *s, int64_t to, int64_t n)
{
    return calendar_nth(s->calendar, calendar_number(s->calendar, (int32_t)to) - (int32_t)n);
}

/* --- calendar days, and hours: every position counts --- */

static int64_t plain_count(const struct clock_spec *s, int64_t from, int64_t to)
{
    (void)s;
    return to - from;
}

static int64_t plain_add(const struct clock_spec *s, int64_t from, int64_t n)
{
    (void)s;
    return from + n;
}

static int64_t plain_sub(const struct clock_spec *s, int64_t to, int64_t n)
{
    (void)s;
    return to - n;
}

/* --- service hours --- */

/* The service day in milliseconds. */
struct service_day {
    int64_t open, noon_from, noon_to, close, length;
};

static struct service_day service_day(const struct clock_spec *s)
{
    const struct service_hours *h = &s->hours;
    bool has_break = h->noon_from != h->noon_to;
    bool ordered = h->open >= 0 && h->open < h->close && h->close <= DAY_MIN;
    bool break_ordered =
        h->open <= h->noon_from && h->noon_from < h->noon_to && h->noon_to <= h->close;
    if (!ordered || (has_break && !break_ordered)) {
        return (struct service_day){.close = CIVIL_DAY_MS, .length = CIVIL_DAY_MS};
    }
    struct service_day d = {
        .open = h->open * MINUTE_MS,
        .noon_from = has_break ? h->noon_from * MINUTE_MS : 0,
        .noon_to = has_break ? h->noon_to * MINUTE_MS : 0,
        .close = h->close * MINUTE_MS,
    };
    d.length = d.close - d.open - (d.noon_to - d.noon_from);
    /* A break over the whole day would leave nothing to count. */
    return d.length > 0 ? d : (struct service_day){.close = CIVIL_DAY_MS, .length = CIVIL_DAY_MS};
}

/* Service time from the calendar's first day until the instant. */
static int64_t served(const struct clock_spec *s, const struct service_day *d, int64_t ms)
{
    int32_t day = civil_day_of(ms);
    int64_t number = calendar_number(s->calendar, day);
    if (!calendar_working(s->calendar, day)) {
        return number * d->length;
    }
    int64_t t = ms - civil_day_start(day);
    int64_t today =
        clamp(t, d->open, d->close) - d->open - (clamp(t, d->noon_from, d->noon_to) - d->noon_from);
    return (number - 1) * d->length + today;
}

/* The first instant at which that much has been served. */
static int64_t when_served(const struct clock_spec *s, const struct service_day *d, int64_t total)
{
    int64_t before =
        (total > 0 ? total - 1 : total - d->length) / d->length; /* whole days before */
    int64_t rest = total - before * d->length;                   /* 1 … length */
    int64_t t = d->open + rest;
    if (d->noon_to > d->noon_from && t > d->noon_from) {
        t += d->noon_to - d->noon_from;
    }
    return civil_day_start(calendar_nth(s->calendar, (int32_t)before + 1)) + t;
}

static int64_t sh_count(const struct clock_spec *s, int64_t from, int64_t to)
{
    struct service_day d = service_day(s);
    return served(s, &d, to) - served(s, &d, from);
}

static int64_t sh_add(const struct clock_spec *s, int64_t from, int64_t n)
{
    struct service_day d = service_day(s);
    return when_served(s, &d, served(s, &d, from) + n);
}

static int64_t sh_sub(const struct clock_spec *s, int64_t to, int64_t n)
{
    struct service_day d = service_day(s);
    return when_served(s, &d, served(s, &d, to) - n);
}

static const struct ruler WORKING_DAYS = {wd_count, wd_add, wd_sub};
static const struct ruler PLAIN = {plain_count, plain_add, plain_sub};
static const struct ruler SERVICE = {sh_count, sh_add, sh_sub};

/* --- lines --- */

bool clock_unit_in_days(enum civil_unit unit)
{
    return unit != CIVIL_H && unit != CIVIL_SH;
}

struct line line_of(const struct clock_spec *s, enum civil_unit unit, int32_t now_day)
{
    bool in_days = clock_unit_in_days(unit);
    return (struct line){
        .spec = s,
        .ruler = unit == CIVIL_WD   ? &WORKING_DAYS
                 : unit == CIVIL_SH ? &SERVICE
                                    : &PLAIN,
        .now_day = now_day,
        .in_days = in_days,
        .per_unit = in_days ? 1 : CLOCK_HOUR_MS,
        .n_pauses = s->until || now_day == CIVIL_NO_DAY ? 0 : s->n_pauses,
    };
}

bool clock_pause_open(const struct clock_pause *p)
{
    return p->to_ms == CIVIL_NEVER || p->to_day == CIVIL_NO_DAY;
}

static struct span span_of(const struct line *l, const struct clock_pause *p)
{
    bool open = clock_pause_open(p);
    bool told = p->expected_day != CIVIL_NO_DAY && p->expected_day >= l->now_day;
    int32_t end_day = told ? p->expected_day : l->now_day;
    if (l->in_days) {
        return (struct span){p->from_day, open ? end_day : p->to_day};
    }
    int64_t end_ms = told ? civil_day_end(end_day) : civil_day_start(end_day);
    return (struct span){p->from_ms, open ? end_ms : p->to_ms};
}

/* The pause that begins first among those that reach beyond `at`, cut to begin there. */
static bool span_after(const struct line *l, int64_t at, struct span *ret)
{
    bool found = false;
    for (size_t i = 0; i < l->n_pauses; i++) {
        struct span p = span_of(l, &l->spec->pauses[i]);
        p.from = max64(p.from, at);
        if (p.to > p.from && (!found || p.from < ret->from)) {
            *ret = p;
            found = true;
        }
    }
    return found;
}

/* The pause that ends last among those that begin before `at`, cut to end there. */
static bool span_before(const struct line *l, int64_t at, struct span *ret)
{
    bool found = false;
    for (size_t i = 0; i < l->n_pauses; i++) {
        struct span p = span_of(l, &l->spec->pauses[i]);
        p.to = min64(p.to, at);
        if (p.to > p.from && (!found || p.to > ret->to)) {
            *ret = p;
            found = true;
        }
    }
    return found;
}

int64_t line_add(const struct line *l, int64_t from, int64_t n)
{
    struct span pause = {0, 0};
    while (n > 0 && span_after(l, from, &pause)) {
        int64_t c = l->ruler->count(l->spec, from, pause.from);
        if (n <= c) {
            break;
        }
        n -= c;
        from = pause.to;
    }
    return n > 0 ? l->ruler->add(l->spec, from, n) : from;
}

int64_t line_sub(const struct line *l, int64_t to, int64_t n)
{
    struct span pause = {0, 0};
    while (span_before(l, to, &pause)) {
        int64_t c = l->ruler->count(l->spec, pause.to, to);
        if (n < c) {
            break;
        }
        n -= c;
        to = pause.from;
    }
    return l->ruler->sub(l->spec, to, n);
}

int64_t line_excluded(const struct line *l, int64_t from, int64_t to)
{
    struct span pause = {0, 0};
    int64_t sum = 0;
    while (from < to && span_after(l, from, &pause) && pause.from < to) {
        from = min64(pause.to, to);
        sum += l->ruler->count(l->spec, pause.from, from);
    }
    return sum;
}

int64_t line_count(const struct line *l, int64_t from, int64_t to)
{
    return l->ruler->count(l->spec, from, to) - line_excluded(l, from, to);
}

const struct clock_pause *line_pause_at(const struct line *l, int64_t at)
{
    for (size_t i = 0; i < l->n_pauses; i++) {
        struct span p = span_of(l, &l->spec->pauses[i]);
        if (p.from < at && at <= p.to) {
            return &l->spec->pauses[i];
        }
    }
    return NULL;
}

int32_t line_settle(const struct line *l, int32_t day)
{
    for (;;) {
        day = calendar_roll(l->spec->calendar, day);
        const struct clock_pause *p = line_pause_at(l, day);
        if (p == NULL) {
            return day;
        }
        day = (int32_t)span_of(l, p).to + 1;
    }
}

/* --- walks --- */

int64_t clock_close(const struct clock_spec *s, int32_t day)
{
    return civil_day_start(day) + service_day(s).close;
}

struct clock_walk clock_walk_begin(const struct clock_spec *s, int32_t now_day)
{
    struct clock_point at = {s->start_day, s->start_ms};
    if (s->until) {
        at = (struct clock_point){s->until_day, clock_close(s, s->until_day)};
    }
    return (struct clock_walk){
        .spec = s, .now_day = now_day, .unit = s->limit.unit, .from = at, .to = at};
}

/* Takes the next leg's duration: the limit with what extends it in kind, or one other extension. */
static bool take_leg(struct clock_walk *w, struct duration *ret)
{
    const struct clock_spec *s = w->spec;
    if (w->legs == 0 && !s->until) {
        int64_t sum = s->limit.amount;
        for (size_t i = 0; i < s->n_extensions; i++) {
            sum += s->extensions[i].unit == s->limit.unit ? s->extensions[i].amount : 0;
        }
        *ret = (struct duration){s->limit.unit, (int32_t)min64(sum, MAX_UNITS)};
        return true;
    }
    while (w->next_ext < s->n_extensions) {
        *ret = s->extensions[w->next_ext++];
        if (s->until || ret->unit != s->limit.unit) {
            return true;
        }
    }
    return false;
}

/* 0wd after closing time belongs to the next day; rolling takes care of days off. */
static bool closed_for_the_day(const struct clock_walk *w, struct duration d)
{
    return d.unit == CIVIL_WD && d.amount == 0 && w->legs == 0 &&
           civil_day_of(w->from.ms) == w->from.day &&
           w->from.ms >= clock_close(w->spec, w->from.day);
}

/* What the duration measures from that day: days, or milliseconds. */
static int64_t measure(const struct line *l, struct duration d, int32_t from_day)
{
    switch (d.unit) {
    case CIVIL_MO:
        return civil_add_months(from_day, d.amount) - (int64_t)from_day;
    case CIVIL_Y:
        return civil_add_months(from_day, d.amount * 12) - (int64_t)from_day;
    case CIVIL_WD:
    case CIVIL_CD:
    case CIVIL_H:
    case CIVIL_SH:
        break;
    }
    return d.amount * l->per_unit;
}

bool clock_walk_next(struct clock_walk *w)
{
    struct duration d;
    if (!take_leg(w, &d)) {
        return false;
    }
    struct line l = line_of(w->spec, d.unit, w->now_day);
    w->unit = d.unit;
    w->from = w->to;
    w->n = measure(&l, d, w->from.day);
    if (l.in_days) {
        int64_t from = w->from.day + (closed_for_the_day(w, d) ? 1 : 0);
        w->to.day = (int32_t)min64(line_add(&l, from, w->n), LAST_DAY);
        w->to.ms = clock_close(w->spec, w->to.day);
    } else {
        w->to.ms = min64(line_add(&l, w->from.ms, w->n), civil_day_end(LAST_DAY));
        /* 24:00 belongs to the day that ends. */
        w->to.day = civil_day_of(w->to.ms - (w->to.ms > w->from.ms ? 1 : 0));
    }
    w->legs++;
    return true;
}
