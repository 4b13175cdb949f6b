/* Members of a row by name (reader.h). */
#include "app/catalogue/reader.h"

#include "base/utf8.h"

struct reader reader_of(struct arena *a, struct err **faults, struct str at, const struct jval *v)
{
    struct reader r = {.a = a, .faults = faults, .at = at};
    if (v == NULL) {
        return r;
    }
    if (v->type != J_OBJ || v->n > READER_MEMBERS) {
        field_fault(a, faults, at, "type", "应当是一个对象", "must be an object");
        return r;
    }
    r.obj = v;
    return r;
}

void reader_fault(
    struct reader *r, const char *name, const char *code, const char *zh, const char *en)
{
    struct str at = str_fmt(r->a, "%.*s/%s", STR_ARG(r->at), name);
    field_fault(r->a, r->faults, at, code, zh, en);
}

const struct jval *reader_get(struct reader *r, const char *name)
{
    for (size_t i = 0; r->obj != NULL && i < r->obj->n; i++) {
        if (str_eqz(r->obj->obj[i].name, name)) {
            r->seen |= UINT64_C(1) << i;
            const struct jval *v = &r->obj->obj[i].val;
            return v->type == J_NULL ? NULL : v;
        }
    }
    return NULL;
}

static const struct jval *typed(struct reader *r, const char *name, enum jtype type, bool required)
{
    const struct jval *v = reader_get(r, name);
    if (v == NULL && required && r->obj != NULL) {
        reader_fault(r, name, "required", "缺少这一项", "is missing");
    }
    if (v != NULL && v->type != type) {
        reader_fault(r, name, "type", "类型不对", "has the wrong type");
        return NULL;
    }
    return v;
}

struct str reader_text(struct reader *r, const char *name, bool required)
{
    struct str s = jval_str(typed(r, name, J_STR, required));
    if (required && s.p != NULL && str_trim(s).n == 0) {
        reader_fault(r, name, "blank", "不能为空", "must not be blank");
    }
    if (utf8_len(s) > READER_TEXT) {
        reader_fault(r, name, "long", "太长，最多 2000 字", "is too long, at most 2000 characters");
        return STR_NONE;
    }
    return s;
}

struct str reader_word(struct reader *r, const char *name, const struct choice *list, bool required)
{
    struct str s = reader_text(r, name, required);
    for (const struct choice *c = list; s.p != NULL && c->value != NULL; c++) {
        if (str_eqz(s, c->value)) {
            return s;
        }
    }
    if (s.p != NULL) {
        struct str zh = str_fmt(r->a, "不认识的值“%.*s”", STR_ARG(s));
        struct str en = str_fmt(r->a, "“%.*s” is not a known value", STR_ARG(s));
        reader_fault(r, name, "choice", zh.p, en.p);
    }
    return STR_NONE;
}

int64_t reader_int(struct reader *r, const char *name, int64_t max, int64_t other)
{
    const struct jval *v = typed(r, name, J_INT, false);
    if (v == NULL) {
        return other;
    }
    if (v->i < 0 || v->i > max) {
        reader_fault(r, name, "range", "超出范围", "is out of range");
        return other;
    }
    return v->i;
}

bool reader_bool(struct reader *r, const char *name, bool other)
{
    return jval_bool(typed(r, name, J_BOOL, false), other);
}

struct reader reader_object(struct reader *r, const char *name)
{
    const struct jval *v = typed(r, name, J_OBJ, false);
    return reader_of(r->a, r->faults, str_fmt(r->a, "%.*s/%s", STR_ARG(r->at), name), v);
}

const struct jval *reader_list(struct reader *r, const char *name)
{
    return typed(r, name, J_LIST, false);
}

struct reader reader_element(struct reader *r, const char *name, const struct jval *list, size_t i)
{
    struct str at = str_fmt(r->a, "%.*s/%s/%zu", STR_ARG(r->at), name, i);
    return reader_of(r->a, r->faults, at, &list->list[i]);
}

void reader_rest(struct reader *r, struct jobj *into)
{
    struct jobj *extra = NULL;
    for (size_t i = 0; r->obj != NULL && i < r->obj->n; i++) {
        if ((r->seen & UINT64_C(1) << i) == 0) {
            extra = extra != NULL ? extra : jobj_new(r->a);
            jobj_put(extra, r->obj->obj[i].name, r->obj->obj[i].val);
        }
    }
    if (extra != NULL) {
        jobj_put(into, S("extra"), jobj_val(extra));
    }
}

void put_text(struct jobj *o, const char *name, struct str s)
{
    if (s.p != NULL) {
        jobj_put(o, str_of(name), jval_of_str(s));
    }
}

void put_bool(struct jobj *o, const char *name, bool b)
{
    jobj_put(o, str_of(name), jval_of_bool(b));
}

void put_both(struct arena *a, struct jobj *o, const char *name, struct str zh, struct str en)
{
    struct jobj *t = jobj_new(a);
    if (zh.p == NULL) {
        return;
    }
    jobj_put(t, S("zh"), jval_of_str(zh));
    jobj_put(t, S("en"), jval_of_str(en));
    jobj_put(o, str_of(name), jobj_val(t));
}
