/* When things happen in a hall (play.h). */
#include "app/demo/play.h"

#include "base/check.h"
#include "base/num.h"
#include "procedure/almanac.h"

#define MINUTE_MS INT64_C(60000)
#define OPEN      545 /* minutes of the day: a little after opening */
#define NOON_FROM 712
#define NOON_TO   812
#define CLOSE     1012 /* a little before closing */

static const struct calendar *calendar_now(const struct play *p)
{
    return almanac_of(p->c->app)->calendar;
}

int64_t time_of_day(struct play *p, int32_t day, bool service)
{
    int64_t minute =
        service ? luck_between(&p->luck, OPEN, CLOSE) : luck_between(&p->luck, 470, 1330);
    if (service && minute > NOON_FROM && minute < NOON_TO) {
        minute = minute - NOON_FROM < (NOON_TO - NOON_FROM) / 2 ? NOON_FROM : NOON_TO;
    }
    return civil_day_start(day) + minute * MINUTE_MS + luck_between(&p->luck, 0, 59) * 1000;
}

/* The instant itself when the hall is open then, else the next moment it is. */
static int64_t into_service(struct play *p, int64_t ms)
{
    const struct calendar *cal = calendar_now(p);
    int32_t day = civil_day_of(ms);
    int minute = civil_minute_of_day(ms);
    int64_t late = luck_between(&p->luck, 0, 35) * MINUTE_MS;
    if (calendar_working(cal, day)) {
        if (minute < OPEN) {
            return civil_day_start(day) + OPEN * MINUTE_MS + late;
        }
        if (minute > NOON_FROM && minute < NOON_TO) {
            return civil_day_start(day) + NOON_TO * MINUTE_MS + late;
        }
        if (minute <= CLOSE) {
            return ms;
        }
    }
    return civil_day_start(calendar_add(cal, day, 1)) + OPEN * MINUTE_MS + late;
}

int64_t time_after(struct play *p, int64_t from_ms, const char *after)
{
    struct str s = str_of(after);
    int64_t n = 0;
    CHECK(num_parse(str_sub(s, 0, s.n - 1), 0, 1000, &n));
    int32_t day = civil_day_of(from_ms);
    switch (s.p[s.n - 1]) {
    case 'm':
        return into_service(p, from_ms + n * MINUTE_MS);
    case 'h':
        return into_service(p, from_ms + n * 60 * MINUTE_MS);
    case 'd':
        return time_of_day(p, calendar_add(calendar_now(p), day, (int32_t)n), true);
    case 'c':
        return time_of_day(p, day + (int32_t)n, false);
    default:
        break;
    }
    UNREACHABLE();
}

int32_t time_days_before(const struct play *p, int32_t day, int32_t n)
{
    const struct calendar *cal = calendar_now(p);
    return calendar_nth(cal, calendar_number(cal, day) - n);
}
