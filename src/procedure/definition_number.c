/* Numbers of matters and of the series they are drawn from. */
#include "procedure/definition.h"

#include "base/arena.h"
#include "base/buf.h"

struct str number_series(struct arena *a, const struct number_def *n, struct str kind, int32_t day)
{
    struct ymd d = civil_ymd(day);
    switch (n->period) {
    case PER_YEAR:
        return str_fmt(a, "%.*s/%04d", STR_ARG(kind), d.year);
    case PER_MONTH:
        return str_fmt(a, "%.*s/%04d-%02d", STR_ARG(kind), d.year, d.month);
    case PER_DAY:
        return str_fmt(a, "%.*s/%04d-%02d-%02d", STR_ARG(kind), d.year, d.month, d.day);
    case PER_EVER:
        break;
    }
    return kind;
}

struct str number_print(struct arena *a,
                        const struct number_def *n,
                        struct str office_code,
                        struct str item_code,
                        int32_t day,
                        int64_t seq)
{
    struct ymd d = civil_ymd(day);
    struct buf b;
    buf_init(&b, a, 32);
    for (size_t i = 0; i < n->n; i++) {
        const struct number_part *p = &n->parts[i];
        switch (p->type) {
        case NUMBER_TEXT:
            buf_put(&b, p->text);
            break;
        case NUMBER_OFFICE:
            buf_put(&b, office_code);
            break;
        case NUMBER_ITEM:
            buf_put(&b, item_code);
            break;
        case NUMBER_YYYY:
            buf_fmt(&b, "%04d", d.year);
            break;
        case NUMBER_MM:
            buf_fmt(&b, "%02d", d.month);
            break;
        case NUMBER_DD:
            buf_fmt(&b, "%02d", d.day);
            break;
        case NUMBER_SEQ:
            buf_fmt(&b, "%0*lld", p->width, (long long)seq);
            break;
        }
    }
    return buf_str(&b);
}
