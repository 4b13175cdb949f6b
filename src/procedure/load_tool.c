/* Small tools of the loader: faults, words, keys, expressions with the type that is wanted. */
#include "procedure/load.h"

#include <stdarg.h>
#include <stdio.h>

static __attribute__((format(printf, 2, 0))) struct str
formatted(struct arena *a, const char *fmt, va_list args)
{
    char text[1024];
    int n = vsnprintf(text, sizeof(text), fmt, args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
    return str_dup(a, (struct str){text, len});
}

void load_fault_in(
    struct faults *f, struct str file, struct at at, int code, struct str what, struct str todo)
{
    if (f->n == f->cap) {
        size_t cap = f->cap == 0 ? 16 : f->cap * 2;
        struct definition_fault *rows = ARENA_ARRAY(f->arena, struct definition_fault, cap);
        for (size_t i = 0; i < f->n; i++) {
            rows[i] = f->rows[i];
        }
        f->rows = rows;
        f->cap = cap;
    }
    f->rows[f->n++] = (struct definition_fault){file, at.line, at.column, code, what, todo};
}

void load_fault(struct load *l, struct at at, int code, struct str todo, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct str what = formatted(l->a, fmt, args);
    va_end(args);
    load_fault_in(l->faults, l->file, at, code, what, todo);
}

struct at at_of(const struct ynode *n)
{
    return (struct at){n->line, n->column};
}

struct at at_key(const struct ynode *map, size_t i)
{
    return (struct at){map->key_lines[i], map->key_columns[i]};
}

bool load_is(struct load *l, const struct ynode *n, enum ytype type, const char *what)
{
    static const char *const names[] = {"a text", "a list", "a map of names"};
    if (n == NULL) {
        return false;
    }
    if (n->type != type) {
        load_fault(l, at_of(n), 2, str_fmt(l->a, "write %s", names[type]), "%s must be %s", what,
                   names[type]);
    }
    return n->type == type;
}

void load_keys(struct load *l, const struct ynode *map, const char *const *keys)
{
    struct str names[40];
    size_t n = 0;
    for (; keys[n] != NULL && n < COUNT_OF(names); n++) {
        names[n] = str_of(keys[n]);
    }
    for (size_t i = 0; i < map->n; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++) {
            known = known || str_eq(map->keys[i], names[k]);
        }
        if (!known) {
            load_fault(l, at_key(map, i), 3, name_hint(l->a, map->keys[i], names, n),
                       "unknown key '%.*s'", STR_ARG(map->keys[i]));
        }
    }
}

struct str load_text(struct load *l, const struct ynode *map, const char *key)
{
    const struct ynode *n = yaml_get(map, str_of(key));
    if (!load_is(l, n, Y_TEXT, key)) {
        return STR_NONE;
    }
    return n->s;
}

size_t load_list(struct load *l, const struct ynode *n, const struct ynode **ret_items)
{
    *ret_items = n;
    if (n == NULL) {
        return 0;
    }
    if (n->type == Y_TEXT) {
        return 1;
    }
    if (n->type == Y_MAP) {
        load_is(l, n, Y_LIST, "this");
        return 0;
    }
    *ret_items = n->items;
    return n->n;
}

struct str load_word(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t' && rest->p[n] != '\n') {
        n++;
    }
    if (n == 0) {
        return STR_NONE;
    }
    struct str word = str_sub(*rest, 0, n);
    *rest = str_trim(str_sub(*rest, n, rest->n));
    return word;
}

bool load_name_ok(struct load *l, struct at at, struct str name)
{
    bool ok = name.n > 0 && name.n <= 40 && name.p[0] >= 'a' && name.p[0] <= 'z';
    for (size_t i = 0; ok && i < name.n; i++) {
        char c = name.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }
    if (!ok) {
        load_fault(l, at, 15,
                   S("use lower-case letters, digits and _, beginning with a letter, at most 40"),
                   "'%.*s' is not a name", STR_ARG(name));
    }
    return ok;
}

bool load_word_ok(struct load *l, struct at at, struct str name, bool act)
{
    static const char *const reserved[] = {"open", "any",  "case",   "by",   "on",
                                           "none", "form", "parent", "fact", "closed"};
    size_t n = act ? COUNT_OF(reserved) : COUNT_OF(reserved) - 1;
    for (size_t i = 0; i < n; i++) {
        if (str_eqz(name, reserved[i])) {
            load_fault(l, at, 15, S("choose another name"), "'%.*s' is a word of the language",
                       STR_ARG(name));
            return false;
        }
    }
    return load_name_ok(l, at, name);
}

struct str *load_names_of(struct load *l, const void *rows, size_t size, size_t n)
{
    struct str *names = ARENA_ARRAY(l->a, struct str, n + 1);
    for (size_t i = 0; i < n; i++) {
        names[i] = *(const struct str *)(const void *)((const char *)rows + i * size);
    }
    return names;
}

bool load_bool(struct load *l, const struct ynode *map, const char *key)
{
    struct str s = load_text(l, map, key);
    if (s.p != NULL && !str_eqz(s, "true") && !str_eqz(s, "false")) {
        load_fault(l, at_of(yaml_get(map, str_of(key))), 2, S("write true, or leave the key out"),
                   "'%s' must be true or false", key);
    }
    return str_eqz(s, "true");
}

const struct expr *
load_expr_text(struct load *l, struct str text, struct at at, uint64_t kinds, bool optional)
{
    struct expr_scope scope = {l->a, l->d, l->scope_form, &l->slots};
    struct expr_fault fault = {30, STR_NONE, STR_NONE};
    const struct expr *e = expr_compile(&scope, text, &fault);
    if (e == NULL) {
        load_fault(l, at, fault.code, fault.todo, "%.*s", STR_ARG(fault.what));
        return NULL;
    }
    bool none = e->type.kind == X_NONE && optional;
    if (!none && kinds != 0 && (kinds & BIT(e->type.kind)) == 0) {
        load_fault(l, at, 30, S("compare it with something, or use a name of the right type"),
                   "'%.*s' has type %s, which does not fit here", STR_ARG(text),
                   xkind_name(e->type.kind));
        return NULL;
    }
    if (e->type.optional && !optional) {
        load_fault(l, at, 31, S("add 'default …'"), "'%.*s' may be absent", STR_ARG(text));
        return NULL;
    }
    struct expr *placed = ARENA_NEW(l->a, struct expr);
    *placed = *e;
    placed->line = at.line;
    placed->column = at.column;
    return placed;
}

const struct expr *load_expr(struct load *l, const struct ynode *n, uint64_t kinds, bool optional)
{
    if (!load_is(l, n, Y_TEXT, "an expression")) {
        return NULL;
    }
    return load_expr_text(l, n->s, at_of(n), kinds, optional);
}

const struct expr_path *
load_path(struct load *l, struct str text, struct at at, enum dtype_kind dtype)
{
    struct expr_scope scope = {l->a, l->d, l->scope_form, &l->slots};
    struct expr_fault fault = {30, STR_NONE, STR_NONE};
    struct xtype type;
    const struct expr_path *p = expr_compile_path(&scope, text, &type, &fault);
    if (p == NULL) {
        load_fault(l, at, fault.code, fault.todo, "%.*s", STR_ARG(fault.what));
    } else if (type.dtype != dtype || type.optional) {
        load_fault(l, at, 30,
                   str_fmt(l->a, "use a path of type %s that is always present", dtype_name(dtype)),
                   "'%.*s' is not of type %s", STR_ARG(text), dtype_name(dtype));
        return NULL;
    }
    return p;
}
