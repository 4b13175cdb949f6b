/* The built-in functions of expressions. All are total: what cannot be computed is absent. */
#include "procedure/expr_op.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#define FIRST_DAY INT64_C(-25567) /* 1900-01-01 */
#define LAST_DAY  INT64_C(84005)  /* 2199-12-31 */

unsigned expr_fn_arity(enum expr_fn fn)
{
    static const unsigned char arity[FN_COUNT] = {
        [FN_HAS] = 1,   [FN_LEN] = 1,       [FN_NONE] = 2,        [FN_SOME] = 2,
        [FN_EVERY] = 2, [FN_FAULTS] = 1,    [FN_MIN] = 2,         [FN_MAX] = 2,
        [FN_PCT] = 2,   [FN_DAYS] = 2,      [FN_WD] = 2,          [FN_CD] = 2,
        [FN_MO] = 2,    [FN_MONTH_END] = 1, [FN_QUARTER_END] = 1, [FN_YEAR_END] = 1,
    };
    return arity[fn];
}

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

static struct value day_value(int64_t day)
{
    return value_date((int32_t)clamp(day, FIRST_DAY, LAST_DAY));
}

struct value expr_shift(struct value date, struct duration d, int sign, struct expr_env *env)
{
    if (date.type != V_DATE) {
        return value_none();
    }
    int64_t n = (int64_t)d.amount * sign;
    int32_t day = (int32_t)clamp(date.u.day, FIRST_DAY, LAST_DAY);
    switch (d.unit) {
    case CIVIL_WD:
        if (env->calendar != NULL && n >= 0) {
            return day_value(calendar_add(env->calendar, day, (int32_t)clamp(n, 0, 20000)));
        }
        return day_value(day + n);
    case CIVIL_CD:
        return day_value(day + n);
    case CIVIL_MO:
        return day_value(civil_add_months(day, (int32_t)clamp(n, -1200, 1200)));
    case CIVIL_Y:
        return day_value(civil_add_months(day, (int32_t)clamp(n * 12, -1200, 1200)));
    case CIVIL_H:
    case CIVIL_SH:
        break;
    }
    return date;
}

/* How many elements have the key of `what`. */
static size_t count_of(const struct jval *list, struct value what, struct arena *a)
{
    struct jval w = value_to_jval(a, what);
    struct str key = value_key(a, &w);
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        n += str_eq(value_key(a, &list->list[i]), key) ? 1 : 0;
    }
    return n;
}

/* The verdicts that are not ok: fix and defer. */
static struct value faults(struct value verdicts, struct arena *a)
{
    if (verdicts.type != V_LIST) {
        return value_none();
    }
    const struct jval *in = verdicts.u.json;
    struct jval *items = ARENA_ARRAY(a, struct jval, in->n);
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++) {
        const struct jval *result = jval_get(&in->list[i], S("result"));
        if (result != NULL &&
            (str_eqz(jval_str(result), "fix") || str_eqz(jval_str(result), "defer"))) {
            items[n++] = in->list[i];
        }
    }
    struct jval *list = ARENA_NEW(a, struct jval);
    *list = (struct jval){.type = J_LIST, .list = items, .n = n};
    return value_list(list);
}

static struct value over_list(enum expr_fn fn, const struct value *args, struct arena *a)
{
    if (args[0].type != V_LIST) {
        return value_bool(fn != FN_SOME);
    }
    size_t n = count_of(args[0].u.json, args[1], a);
    if (fn == FN_SOME) {
        return value_bool(n > 0);
    }
    return value_bool(fn == FN_NONE ? n == 0 : n == args[0].u.json->n);
}

static int64_t rank(struct value v)
{
    return v.type == V_DATE ? v.u.day : v.u.i;
}

static struct value percent(int64_t part, int64_t whole)
{
    int64_t hundredfold = 0;
    if (whole <= 0 || !num_mul(part, 100, &hundredfold)) {
        return value_none();
    }
    return value_int(hundredfold / whole);
}

static struct value length(struct value v)
{
    if (v.type == V_LIST) {
        return value_int((int64_t)v.u.json->n);
    }
    return value_int(v.type == V_TEXT ? (int64_t)v.u.s.n : 0);
}

static struct value date_end(enum expr_fn fn, struct value v)
{
    if (v.type != V_DATE) {
        return value_none();
    }
    int32_t day = (int32_t)clamp(v.u.day, FIRST_DAY, LAST_DAY);
    if (fn == FN_MONTH_END) {
        return value_date(civil_month_end(day));
    }
    return value_date(fn == FN_QUARTER_END ? civil_quarter_end(day) : civil_year_end(day));
}

static struct value shift_by(enum expr_fn fn, const struct value *args, struct expr_env *env)
{
    if (args[1].type != V_INT) {
        return value_none();
    }
    enum civil_unit unit = fn == FN_WD ? CIVIL_WD : fn == FN_CD ? CIVIL_CD : CIVIL_MO;
    int32_t n = (int32_t)clamp(args[1].u.i, -100000, 100000);
    return expr_shift(args[0], (struct duration){unit, n}, 1, env);
}

struct value expr_fn_call(enum expr_fn fn, const struct value *args, struct expr_env *env)
{
    switch (fn) {
    case FN_HAS:
        return value_bool(args[0].type != V_NONE);
    case FN_LEN:
        return length(args[0]);
    case FN_NONE:
    case FN_SOME:
    case FN_EVERY:
        return over_list(fn, args, env->arena);
    case FN_FAULTS:
        return faults(args[0], env->arena);
    case FN_MIN:
        return rank(args[0]) <= rank(args[1]) ? args[0] : args[1];
    case FN_MAX:
        return rank(args[0]) >= rank(args[1]) ? args[0] : args[1];
    case FN_PCT:
        return percent(args[0].u.i, args[1].u.i);
    case FN_DAYS:
        return value_int((int64_t)args[1].u.day - args[0].u.day);
    case FN_WD:
    case FN_CD:
    case FN_MO:
        return shift_by(fn, args, env);
    case FN_MONTH_END:
    case FN_QUARTER_END:
    case FN_YEAR_END:
        return date_end(fn, args[0]);
    case FN_COUNT:
        break;
    }
    UNREACHABLE();
}
