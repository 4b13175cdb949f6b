/* Comparing limits (limit.h). */
#include "app/catalogue/limit.h"

#include "base/arena.h"

#define YEARS_TRIED 3

static int32_t due_of(const struct calendar *calendar, struct duration limit, int32_t start)
{
    struct clock_spec s = {
        .limit = limit,
        .start_day = start,
        .start_ms = civil_day_start(start),
        .calendar = calendar,
    };
    return clock_compute(&s, start).due_day;
}

/* Without a calendar: the shortest that a limit can be in days against the longest of the other. */
static int64_t rough_days(struct duration d, bool longest)
{
    int64_t n = d.amount;
    switch (d.unit) {
    case CIVIL_WD:
        return longest ? n * 2 + 10 : n;
    case CIVIL_CD:
        return longest ? n + 10 : n;
    case CIVIL_MO:
        return longest ? n * 31 + 10 : n * 28;
    case CIVIL_Y:
        return longest ? n * 366 + 10 : n * 365;
    case CIVIL_H:
    case CIVIL_SH:
        return longest ? n + 1 : 0;
    }
    return n;
}

struct limit_compared
limit_compare(const struct calendar *calendar, struct duration x, struct duration than)
{
    struct limit_compared r = {.units_differ = x.unit != than.unit, .start_day = CIVIL_NO_DAY};
    if (!r.units_differ) {
        r.longer = x.amount > than.amount;
        return r;
    }
    if (calendar == NULL) {
        r.longer = rough_days(x, true) > rough_days(than, false);
        return r;
    }
    int32_t last = calendar_known_until(calendar);
    int32_t first = civil_day((struct ymd){civil_ymd(last).year - YEARS_TRIED + 1, 1, 1});
    for (int32_t day = first; day <= last; day++) {
        int32_t due = due_of(calendar, x, day), other = due_of(calendar, than, day);
        r.days_tried++;
        if (due > other) {
            r.longer = true;
            r.start_day = day;
            r.due_day = due;
            r.other_due = other;
            break;
        }
    }
    return r;
}

bool limit_of(const struct jval *body, const char *name, struct duration *ret)
{
    struct str s = jval_str(jval_get(body, str_of(name)));
    return s.p != NULL && duration_parse(s, ret);
}

void limit_write_text(struct arena *a, struct jw *w, const char *key, struct duration d)
{
    jw_key(w, str_of(key));
    jw_obj(w);
    jw_kstr(w, "zh", duration_text_zh(a, d));
    jw_kstr(w, "en", duration_text_en(a, d));
    jw_end_obj(w);
}
