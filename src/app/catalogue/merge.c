/* Three-way merge and difference of JSON values (merge.h). Depth is bounded by jread. */
#include "app/catalogue/merge.h"

#include "base/arena.h"
#include "base/check.h"

static bool is_object(const struct jval *v)
{
    return v != NULL && v->type == J_OBJ;
}

/* A list of objects that have codes; an empty list counts too. */
static bool is_coded(const struct jval *v)
{
    if (v == NULL || v->type != J_LIST) {
        return false;
    }
    for (size_t i = 0; i < v->n; i++) {
        if (jval_str(jval_get(&v->list[i], S("code"))).p == NULL) {
            return false;
        }
    }
    return true;
}

static const struct jval *element(const struct jval *list, struct str code)
{
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        if (str_eq(jval_str(jval_get(&list->list[i], S("code"))), code)) {
            return &list->list[i];
        }
    }
    return NULL;
}

static bool same(const struct jval *x, const struct jval *y)
{
    return x == y || (x != NULL && y != NULL && jval_eq(x, y));
}

/* One member: NULL for absent. The value to keep, or NULL. */
static const struct jval *merge_one(struct arena *a,
                                    const struct jval *base,
                                    const struct jval *mine,
                                    const struct jval *theirs)
{
    if (same(base, theirs)) {
        return mine;
    }
    if (mine != NULL && theirs != NULL &&
        ((is_object(mine) && is_object(theirs)) || (is_coded(mine) && is_coded(theirs)))) {
        struct jval *v = ARENA_NEW(a, struct jval);
        *v = merge_values(a, base, mine, theirs);
        return v;
    }
    return theirs;
}

static struct jval merge_objects(struct arena *a,
                                 const struct jval *base,
                                 const struct jval *mine,
                                 const struct jval *theirs)
{
    struct jobj *o = jobj_new(a);
    for (size_t i = 0; i < mine->n; i++) {
        struct str name = mine->obj[i].name;
        const struct jval *v =
            merge_one(a, jval_get(base, name), &mine->obj[i].val, jval_get(theirs, name));
        if (v != NULL) {
            jobj_put(o, name, *v);
        }
    }
    for (size_t i = 0; i < theirs->n; i++) {
        struct str name = theirs->obj[i].name;
        const struct jval *v = merge_one(a, jval_get(base, name), NULL, &theirs->obj[i].val);
        if (jval_get(mine, name) == NULL && v != NULL) {
            jobj_put(o, name, *v);
        }
    }
    return jobj_val(o);
}

/* In the order of the file; what the bureau added stands behind. */
static struct jval merge_lists(struct arena *a,
                               const struct jval *base,
                               const struct jval *mine,
                               const struct jval *theirs)
{
    struct jarr *l = jarr_new(a);
    for (size_t i = 0; i < theirs->n; i++) {
        struct str code = jval_str(jval_get(&theirs->list[i], S("code")));
        const struct jval *v =
            merge_one(a, element(base, code), element(mine, code), &theirs->list[i]);
        if (v != NULL) {
            jarr_add(l, *v);
        }
    }
    for (size_t i = 0; i < mine->n; i++) {
        struct str code = jval_str(jval_get(&mine->list[i], S("code")));
        if (element(theirs, code) == NULL && element(base, code) == NULL) {
            jarr_add(l, mine->list[i]);
        }
    }
    return jarr_val(l);
}

struct jval merge_values(struct arena *a,
                         const struct jval *base,
                         const struct jval *mine,
                         const struct jval *theirs)
{
    return is_object(theirs) ? merge_objects(a, base, mine, theirs)
                             : merge_lists(a, base, mine, theirs);
}

struct differ {
    struct arena *a;
    struct catalogue_change *rows;
    size_t n;
};

static void differ(struct differ *d, struct str at, const struct jval *old, const struct jval *new);

static void
differ_members(struct differ *d, struct str at, const struct jval *old, const struct jval *new)
{
    for (size_t i = 0; i < old->n; i++) {
        struct str name = old->obj[i].name;
        differ(d, str_fmt(d->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(name)), &old->obj[i].val,
               jval_get(new, name));
    }
    for (size_t i = 0; i < new->n; i++) {
        struct str name = new->obj[i].name;
        if (jval_get(old, name) == NULL) {
            differ(d, str_fmt(d->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(name)), NULL,
                   &new->obj[i].val);
        }
    }
}

static void
differ_elements(struct differ *d, struct str at, const struct jval *old, const struct jval *new)
{
    CHECK(old != NULL);
    for (size_t i = 0; i < old->n; i++) {
        struct str code = jval_str(jval_get(&old->list[i], S("code")));
        differ(d, str_fmt(d->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(code)), &old->list[i],
               element(new, code));
    }
    for (size_t i = 0; i < new->n; i++) {
        struct str code = jval_str(jval_get(&new->list[i], S("code")));
        if (element(old, code) == NULL) {
            differ(d, str_fmt(d->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(code)), NULL, &new->list[i]);
        }
    }
}

static void differ(struct differ *d, struct str at, const struct jval *old, const struct jval *new)
{
    if (same(old, new) || d->n == MERGE_CHANGES_MAX) {
        return;
    }
    if (is_object(old) && is_object(new)) {
        differ_members(d, at, old, new);
        return;
    }
    if (is_coded(old) && is_coded(new)) {
        size_t before = d->n;
        differ_elements(d, at, old, new);
        if (d->n > before) {
            return; /* else only the order is another */
        }
    }
    d->rows[d->n++] = (struct catalogue_change){at, old, new};
}

void merge_diff(struct arena *a,
                const struct jval *old,
                const struct jval *new,
                const struct catalogue_change **ret,
                size_t *ret_n)
{
    struct differ d = {.a = a, .rows = ARENA_ARRAY(a, struct catalogue_change, MERGE_CHANGES_MAX)};
    if (old != NULL) {
        differ(&d, S(""), old, new);
    }
    *ret = d.rows;
    *ret_n = d.n;
}
