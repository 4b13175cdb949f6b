/* Values: constructors, comparison, and the way to JSON and back. */
#include "procedure/value.h"

#include "base/arena.h"
#include "base/check.h"

struct value value_none(void)
{
    return (struct value){.type = V_NONE};
}

struct value value_bool(bool b)
{
    return (struct value){.type = V_BOOL, .u.b = b};
}

struct value value_int(int64_t i)
{
    return (struct value){.type = V_INT, .u.i = i};
}

struct value value_text(struct str s)
{
    return s.p == NULL ? value_none() : (struct value){.type = V_TEXT, .u.s = s};
}

struct value value_date(int32_t day)
{
    return day == CIVIL_NO_DAY ? value_none() : (struct value){.type = V_DATE, .u.day = day};
}

struct value value_instant(int64_t ms)
{
    return (struct value){.type = V_INSTANT, .u.i = ms};
}

struct value value_duration(struct duration d)
{
    return (struct value){.type = V_DURATION, .u.dur = d};
}

struct value value_list(const struct jval *list)
{
    return list == NULL ? value_none() : (struct value){.type = V_LIST, .u.json = list};
}

struct value value_json(const struct jval *object)
{
    return object == NULL ? value_none() : (struct value){.type = V_JSON, .u.json = object};
}

struct value value_names(struct arena *a, const struct str *names, size_t n)
{
    struct jval *items = ARENA_ARRAY(a, struct jval, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = jval_of_str(names[i]);
    }
    struct jval *list = ARENA_NEW(a, struct jval);
    *list = (struct jval){.type = J_LIST, .list = items, .n = n};
    return value_list(list);
}

struct jval value_to_jval(struct arena *a, struct value v)
{
    switch (v.type) {
    case V_BOOL:
        return jval_of_bool(v.u.b);
    case V_INT:
        return jval_of_int(v.u.i);
    case V_TEXT:
        return jval_of_str(v.u.s);
    case V_DATE:
        return jval_of_str(civil_text(a, v.u.day));
    case V_INSTANT:
        return jval_of_str(civil_instant_text(a, v.u.i));
    case V_DURATION:
        return jval_of_str(duration_text(a, v.u.dur));
    case V_LIST:
    case V_JSON:
        return *v.u.json;
    case V_NONE:
        break;
    }
    return (struct jval){.type = J_NULL};
}

/* Texts that stand for something else. */
static struct value of_text(enum value_type type, struct str s)
{
    int32_t day = 0;
    int64_t ms = 0;
    struct duration d = {0};
    if (type == V_TEXT) {
        return value_text(s);
    }
    if (type == V_DATE && civil_parse(s, &day)) {
        return value_date(day);
    }
    if (type == V_INSTANT && civil_instant_parse(s, &ms)) {
        return value_instant(ms);
    }
    if (type == V_DURATION && duration_parse(s, &d)) {
        return value_duration(d);
    }
    return value_none();
}

struct value value_of_jval(enum value_type type, const struct jval *v)
{
    if (v == NULL) {
        return value_none();
    }
    switch (v->type) {
    case J_BOOL:
        return type == V_BOOL ? value_bool(v->b) : value_none();
    case J_INT:
        return type == V_INT ? value_int(v->i) : value_none();
    case J_STR:
        return of_text(type, v->s);
    case J_LIST:
        return type == V_LIST ? value_list(v) : value_none();
    case J_OBJ:
        return type == V_JSON ? value_json(v) : value_none();
    case J_NULL:
        break;
    }
    return value_none();
}

bool value_truth(struct value v)
{
    return v.type == V_BOOL && v.u.b;
}

bool value_eq(struct value a, struct value b)
{
    if (a.type != b.type) {
        return false;
    }
    switch (a.type) {
    case V_NONE:
        return true;
    case V_BOOL:
        return a.u.b == b.u.b;
    case V_INT:
    case V_INSTANT:
        return a.u.i == b.u.i;
    case V_TEXT:
        return str_eq(a.u.s, b.u.s);
    case V_DATE:
        return a.u.day == b.u.day;
    case V_DURATION:
        return a.u.dur.unit == b.u.dur.unit && a.u.dur.amount == b.u.dur.amount;
    case V_LIST:
    case V_JSON:
        return jval_eq(a.u.json, b.u.json);
    }
    UNREACHABLE();
}

struct str value_key(struct arena *a, const struct jval *element)
{
    if (element->type == J_INT) {
        return str_fmt(a, "%lld", (long long)element->i);
    }
    if (element->type == J_OBJ) {
        const struct jval *code = jval_get(element, S("code"));
        return code == NULL ? STR_NONE : jval_str(code);
    }
    return jval_str(element);
}

static bool list_has(struct arena *a, const struct jval *list, struct str key)
{
    for (size_t i = 0; key.p != NULL && i < list->n; i++) {
        if (str_eq(value_key(a, &list->list[i]), key)) {
            return true;
        }
    }
    return false;
}

bool value_in(struct arena *a, struct value element, struct value list)
{
    if (list.type != V_LIST || element.type == V_NONE) {
        return false;
    }
    struct jval e = value_to_jval(a, element);
    return list_has(a, list.u.json, value_key(a, &e));
}

bool value_within(struct arena *a, struct value part, struct value whole)
{
    if (part.type != V_LIST || whole.type != V_LIST) {
        return false;
    }
    for (size_t i = 0; i < part.u.json->n; i++) {
        if (!list_has(a, whole.u.json, value_key(a, &part.u.json->list[i]))) {
            return false;
        }
    }
    return true;
}

struct str value_show(struct arena *a, struct value v)
{
    if (v.type == V_DURATION) {
        return duration_text_zh(a, v.u.dur);
    }
    if (v.type == V_NONE) {
        return S("");
    }
    if (v.type == V_LIST) {
        struct buf b;
        buf_init(&b, a, 64);
        for (size_t i = 0; i < v.u.json->n; i++) {
            buf_putz(&b, i > 0 ? "、" : "");
            buf_put(&b, value_key(a, &v.u.json->list[i]));
        }
        return buf_str(&b);
    }
    struct jval j = value_to_jval(a, v);
    return j.type == J_STR ? j.s : jval_text(a, &j);
}
