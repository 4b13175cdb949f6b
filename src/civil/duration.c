/* Durations as the definitions write them (20wd) and as people read them (20个工作日). */
#include "base/arena.h"
#include "base/num.h"
#include "civil/clock.h"

#define MAX_AMOUNT 100000

static const struct {
    struct str suffix;
    const char *zh, *en_one, *en_many;
} UNITS[] = {
    [CIVIL_WD] = {S_INIT("wd"), "个工作日", "working day", "working days"},
    [CIVIL_CD] = {S_INIT("cd"), "个自然日", "calendar day", "calendar days"},
    [CIVIL_MO] = {S_INIT("mo"), "个月", "month", "months"},
    [CIVIL_Y] = {S_INIT("y"), "年", "year", "years"},
    [CIVIL_H] = {S_INIT("h"), "小时", "hour", "hours"},
    [CIVIL_SH] = {S_INIT("sh"), "个服务小时", "service hour", "service hours"},
};

bool duration_parse(struct str s, struct duration *ret)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9') {
        n++;
    }
    int64_t amount = 0;
    if (!num_parse(str_sub(s, 0, n), 0, MAX_AMOUNT, &amount)) {
        return false;
    }
    struct str suffix = str_sub(s, n, s.n);
    for (enum civil_unit u = CIVIL_WD; u <= CIVIL_SH; u++) {
        if (str_eq(suffix, UNITS[u].suffix)) {
            *ret = (struct duration){u, (int32_t)amount};
            return true;
        }
    }
    return false;
}

static bool on_the_spot(struct duration d)
{
    return d.unit == CIVIL_WD && d.amount == 0;
}

struct str duration_text(struct arena *a, struct duration d)
{
    return str_fmt(a, "%d%s", d.amount, UNITS[d.unit].suffix.p);
}

struct str duration_text_zh(struct arena *a, struct duration d)
{
    return on_the_spot(d) ? S("当场") : str_fmt(a, "%d%s", d.amount, UNITS[d.unit].zh);
}

struct str duration_text_en(struct arena *a, struct duration d)
{
    const char *unit = d.amount == 1 ? UNITS[d.unit].en_one : UNITS[d.unit].en_many;
    return on_the_spot(d) ? S("on the spot") : str_fmt(a, "%d %s", d.amount, unit);
}
