/* Values: lookup, comparison and builders. Objects are small (a form, a reply), so members are
 * found by walking; a builder grows by doubling inside its arena. */
#include "wire/jval.h"

#include "base/arena.h"
#include "base/num.h"

#include <string.h>

const struct jval *jval_get(const struct jval *obj, struct str name)
{
    if (obj == NULL || obj->type != J_OBJ) {
        return NULL;
    }
    for (size_t i = 0; i < obj->n; i++) {
        if (str_eq(obj->obj[i].name, name)) {
            return &obj->obj[i].val;
        }
    }
    return NULL;
}

struct str jval_str(const struct jval *v)
{
    return v != NULL && v->type == J_STR ? v->s : STR_NONE;
}

int64_t jval_int(const struct jval *v, int64_t other)
{
    return v != NULL && v->type == J_INT ? v->i : other;
}

bool jval_bool(const struct jval *v, bool other)
{
    return v != NULL && v->type == J_BOOL ? v->b : other;
}

static bool list_eq(const struct jval *a, const struct jval *b)
{
    for (size_t i = 0; i < a->n; i++) {
        if (!jval_eq(&a->list[i], &b->list[i])) {
            return false;
        }
    }
    return true;
}

/* Names are unique, so equal counts and every member found make the sets equal. */
static bool obj_eq(const struct jval *a, const struct jval *b)
{
    for (size_t i = 0; i < a->n; i++) {
        const struct jmember *m = &a->obj[i];
        bool same_place = str_eq(m->name, b->obj[i].name);
        const struct jval *other = same_place ? &b->obj[i].val : jval_get(b, m->name);

        if (other == NULL || !jval_eq(&m->val, other)) {
            return false;
        }
    }
    return true;
}

bool jval_eq(const struct jval *a, const struct jval *b)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case J_NULL:
        return true;
    case J_BOOL:
        return a->b == b->b;
    case J_INT:
        return a->i == b->i;
    case J_STR:
        return str_eq(a->s, b->s);
    case J_LIST:
        return a->n == b->n && list_eq(a, b);
    case J_OBJ:
        return a->n == b->n && obj_eq(a, b);
    }
    return false;
}

struct jval jval_of_str(struct str s)
{
    return (struct jval){.type = s.p == NULL ? J_NULL : J_STR, .s = s};
}

struct jval jval_of_int(int64_t i)
{
    return (struct jval){.type = J_INT, .i = i};
}

struct jval jval_of_bool(bool b)
{
    return (struct jval){.type = J_BOOL, .b = b};
}

struct jobj {
    struct arena *arena;
    struct jmember *p;
    size_t n, cap;
};

struct jobj *jobj_new(struct arena *a)
{
    struct jobj *o = ARENA_NEW(a, struct jobj);

    o->arena = a;
    return o;
}

void jobj_put(struct jobj *o, struct str name, struct jval v)
{
    for (size_t i = 0; i < o->n; i++) {
        if (str_eq(o->p[i].name, name)) {
            o->p[i].val = v;
            return;
        }
    }
    if (o->n == o->cap) {
        size_t cap = o->cap == 0 ? 8 : size_mul(o->cap, 2);
        struct jmember *p = ARENA_ARRAY(o->arena, struct jmember, cap);

        if (o->n > 0) {
            memcpy(p, o->p, o->n * sizeof(*p));
        }
        o->p = p;
        o->cap = cap;
    }
    o->p[o->n++] = (struct jmember){name, v};
}

/* A copy, so that a later put does not change the value given out. */
struct jval jobj_val(struct jobj *o)
{
    struct jmember *p = ARENA_ARRAY(o->arena, struct jmember, o->n);

    if (o->n > 0) {
        memcpy(p, o->p, o->n * sizeof(*p));
    }
    return (struct jval){.type = J_OBJ, .obj = p, .n = o->n};
}

struct jarr {
    struct arena *arena;
    struct jval *p;
    size_t n, cap;
};

struct jarr *jarr_new(struct arena *a)
{
    struct jarr *l = ARENA_NEW(a, struct jarr);

    l->arena = a;
    return l;
}

void jarr_add(struct jarr *l, struct jval v)
{
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 8 : size_mul(l->cap, 2);
        struct jval *p = ARENA_ARRAY(l->arena, struct jval, cap);

        if (l->n > 0) {
            memcpy(p, l->p, l->n * sizeof(*p));
        }
        l->p = p;
        l->cap = cap;
    }
    l->p[l->n++] = v;
}

/* Elements are only ever added, so the slice given out stays as it is. */
struct jval jarr_val(struct jarr *l)
{
    return (struct jval){.type = J_LIST, .list = l->p, .n = l->n};
}
