/* Codes by name (material.h). */
#include "app/catalogue/material.h"

#define MATERIALS_MAX 400

/* A code that was given at some time. `was`: the name in the file when the bureau has renamed it.
 */
struct given {
    struct str code, name, was;
    bool used;
};

struct coding {
    struct arena *a;
    struct str item;
    struct given given[MATERIALS_MAX];
    size_t n;
    int64_t next;
};

static struct str name_of(const struct jval *material)
{
    const struct jval *name = jval_get(material, S("name"));
    return name != NULL && name->type == J_OBJ ? jval_str(jval_get(name, S("zh"))) : jval_str(name);
}

static void remember(struct coding *k, const struct jval *list)
{
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        const struct jval *m = &list->list[i];
        if (k->n < MATERIALS_MAX) {
            k->given[k->n++] = (struct given){
                .code = jval_str(jval_get(m, S("code"))),
                .name = name_of(m),
                .was = jval_str(jval_get(m, S("was"))),
            };
        }
    }
}

static struct given *by_code(struct coding *k, struct str code)
{
    for (size_t i = 0; i < k->n; i++) {
        if (str_eq(k->given[i].code, code)) {
            return &k->given[i];
        }
    }
    return NULL;
}

static struct given *by_name(struct coding *k, struct str name)
{
    for (size_t i = 0; i < k->n; i++) {
        struct given *g = &k->given[i];
        bool same = g->was.p != NULL ? str_eq(g->was, name) : str_eq(g->name, name);
        if (same && !g->used) {
            return g;
        }
    }
    return NULL;
}

static struct given *next_code(struct coding *k, struct str name)
{
    struct str code = str_fmt(k->a, "%.*s-%02lld", STR_ARG(k->item), (long long)k->next++);
    if (k->n == MATERIALS_MAX) {
        return NULL;
    }
    k->given[k->n] = (struct given){.code = code, .name = name};
    return &k->given[k->n++];
}

/* The material with its code first, and the name of the file where the bureau gave another. */
static struct jval coded(struct coding *k, const struct jval *m, const struct given *g)
{
    struct jobj *o = jobj_new(k->a);
    struct str name = name_of(m);
    jobj_put(o, S("code"), jval_of_str(g->code));
    for (size_t i = 0; i < m->n; i++) {
        if (!str_eqz(m->obj[i].name, "code") && !str_eqz(m->obj[i].name, "was")) {
            jobj_put(o, m->obj[i].name, m->obj[i].val);
        }
    }
    if (g->was.p != NULL) {
        jobj_put(o, S("was"), jval_of_str(g->was));
    } else if (!str_eq(g->name, name)) {
        jobj_put(o, S("was"), jval_of_str(g->name));
    }
    return jobj_val(o);
}

static struct jval retired(struct coding *k)
{
    struct jarr *l = jarr_new(k->a);
    for (size_t i = 0; i < k->n; i++) {
        if (!k->given[i].used) {
            struct jobj *o = jobj_new(k->a);
            jobj_put(o, S("code"), jval_of_str(k->given[i].code));
            jobj_put(o, S("name"), jval_of_str(k->given[i].name));
            if (k->given[i].was.p != NULL) {
                jobj_put(o, S("was"), jval_of_str(k->given[i].was));
            }
            jarr_add(l, jobj_val(o));
        }
    }
    return jarr_val(l);
}

struct jval materials_coded(struct arena *a,
                            struct str item_code,
                            const struct jval *list,
                            const struct jval *prior,
                            struct err **faults,
                            struct jval *ret_codes)
{
    struct coding *k = ARENA_NEW(a, struct coding);
    struct jarr *out = jarr_new(a);
    const struct jval *codes = jval_get(prior, S("material_codes"));
    k->a = a;
    k->item = item_code;
    k->next = jval_int(jval_get(codes, S("next")), 1);
    remember(k, jval_get(prior, S("materials")));
    remember(k, jval_get(codes, S("retired")));
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct jval *m = &list->list[i];
        struct str code = jval_str(jval_get(m, S("code")));
        struct given *g = code.p != NULL ? by_code(k, code) : by_name(k, name_of(m));
        if (code.p == NULL && g == NULL) {
            g = next_code(k, name_of(m));
        }
        if (g == NULL || g->used) {
            field_fault(a, faults, str_fmt(a, "/materials/%zu/code", i), "code",
                        "材料编码不是本事项的，或者用了两次；新材料请不要填编码",
                        "the code is none of this item's or is used twice; leave it out for a new "
                        "material");
            continue;
        }
        g->used = true;
        jarr_add(out, coded(k, m, g));
    }
    struct jobj *o = jobj_new(a);
    jobj_put(o, S("next"), jval_of_int(k->next));
    jobj_put(o, S("retired"), retired(k));
    *ret_codes = jobj_val(o);
    return jarr_val(out);
}
