/* The form of an item version: the same language of fields, kept as JSON in the catalogue. It
 * becomes nodes without positions and goes through the loader; faults become faults of the form. */
#include "procedure/load.h"

#define MAX_DEEP 4

/* `column` tells which field of the top level a fault belongs to. */
static struct ynode node_of(struct arena *a, const struct jval *v, int column, int deep)
{
    struct ynode n = {
        .type = Y_TEXT, .s = v->type == J_STR ? v->s : S(""), .line = 1, .column = column};
    if (v->type != J_OBJ || deep == MAX_DEEP) {
        return n;
    }
    n.type = Y_MAP;
    n.n = v->n;
    n.items = ARENA_ARRAY(a, struct ynode, v->n);
    n.keys = ARENA_ARRAY(a, struct str, v->n);
    n.key_lines = ARENA_ARRAY(a, int, v->n);
    n.key_columns = ARENA_ARRAY(a, int, v->n);
    for (size_t i = 0; i < v->n; i++) {
        int at = deep == 0 ? (int)i + 1 : column;
        n.keys[i] = v->obj[i].name;
        n.key_lines[i] = 1;
        n.key_columns[i] = at;
        n.items[i] = node_of(a, &v->obj[i].val, at, deep + 1);
    }
    return n;
}

const struct form *
form_of_json(struct arena *a, const struct jval *obj, struct str at, struct err **ret_err)
{
    if (obj == NULL || obj->type == J_NULL) {
        return form_empty();
    }
    struct definition_set *set = definition_set_new(a);
    struct faults faults = {.arena = a};
    struct load *l = ARENA_NEW(a, struct load);
    *l = (struct load){.a = a, .set = set, .faults = &faults, .d = ARENA_NEW(a, struct definition)};
    l->d->kind = S("item");
    struct ynode root = node_of(a, obj, 1, 0);
    const struct form *form = load_form(l, &root, S(""));
    for (size_t i = 0; i < faults.n; i++) {
        const struct definition_fault *f = &faults.rows[i];
        size_t field = (size_t)f->column - 1;
        struct str name = obj->type == J_OBJ && field < obj->n ? obj->obj[field].name : S("");
        struct str pointer = str_fmt(a, "%.*s/%.*s", STR_ARG(at), STR_ARG(name));
        struct str en = str_fmt(a, "%.*s; %.*s", STR_ARG(f->what), STR_ARG(f->todo));
        field_fault(a, ret_err, pointer, "form",
                    "这一项的写法不对：类型[!] [personal] [最小..最大] 名称", str_z(a, en));
    }
    return form;
}
