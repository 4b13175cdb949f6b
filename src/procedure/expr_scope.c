/* Names of expressions: which roots there are, what may follow them, and of which type it is. */
#include "procedure/expr_compile.h"

#include "base/arena.h"
#include "base/check.h"

#define MAX_PARTS 6
#define MAX_NAMES 96

/* ---- choices of the built-in names ---- */

#define CHOICES(name, ...)                                                                         \
    static const struct choice name##_rows[] = {__VA_ARGS__, {NULL, NULL, NULL}};                  \
    static const struct choice_set name = {S_INIT(""), name##_rows, COUNT_OF(name##_rows) - 1}

/* clang-format off */
CHOICES(STATUS, {"draft", "草稿", "Draft"}, {"published", "在办", "Published"}, {"suspended", "暂停", "Suspended"}, {"withdrawn", "取消", "Withdrawn"});
CHOICES(REGIME, {"licence", "行政许可", "Licence"}, {"confirmation", "行政确认", "Confirmation"}, {"filing", "备案", "Filing"}, {"grant", "行政给付", "Grant"}, {"public_service", "公共服务", "Public service"});
CHOICES(COUNTS, {"receipt", "收到之日", "Receipt"}, {"acceptance", "受理之日", "Acceptance"}, {"event", "事件之日", "Event"});
CHOICES(PARTIES, {"citizen", "自然人", "Citizen"}, {"enterprise", "企业", "Enterprise"});
CHOICES(VERDICT, {"ok", "符合", "OK"}, {"fix", "需补正", "To be corrected"}, {"defer", "容缺", "Deferrable"}, {"not_applicable", "不适用", "Not applicable"}, {"unseen", "未审", "Not yet seen"});
/* clang-format on */

struct attribute {
    const char *name;
    struct dtype type;
    int optional; /* 1: may be absent, 2: a list of names */
};

static const struct attribute ITEM_ROWS[] = {
#define ITEM(id, nm, ty, opt, zh, en) {#nm, {.kind = ty}, opt},
#include "procedure/definition_item_list.h"
#undef ITEM
};
static const struct attribute PARTY_ROWS[] = {
#define PARTY(id, nm, ty, opt, zh, en) {#nm, {.kind = ty}, opt},
#include "procedure/definition_item_list.h"
#undef PARTY
};
static const struct attribute MATTER_ROWS[] = {
#define MATTER(id, nm, ty, opt, zh, en) {#nm, {.kind = ty}, opt},
#include "procedure/definition_item_list.h"
#undef MATTER
};
static const struct attribute ACTOR_ROWS[] = {
#define ACTOR(id, nm, ty, opt, zh, en) {#nm, {.kind = ty}, opt},
#include "procedure/definition_item_list.h"
#undef ACTOR
};

/* A path while it is taken apart. */
struct resolving {
    const struct expr_scope *s;
    struct str text, parts[MAX_PARTS];
    size_t n, used;
    struct expr_path path;
    struct xtype type;
    struct expr_fault *fault;
    bool ok;
};

static void refuse(struct resolving *r, struct str what, struct str todo)
{
    if (r->ok) {
        *r->fault = (struct expr_fault){30, what, todo};
        r->ok = false;
    }
}

static void refuse_name(
    struct resolving *r, const char *kind, struct str wrong, const struct str *names, size_t n)
{
    struct arena *a = r->s->arena;
    refuse(r, str_fmt(a, "unknown %s '%.*s' in '%.*s'", kind, STR_ARG(wrong), STR_ARG(r->text)),
           name_hint(a, wrong, names, n));
}

/* Next part of the path; refuses when there is none. */
static struct str take(struct resolving *r, const char *what)
{
    if (r->used < r->n) {
        return r->parts[r->used++];
    }
    refuse(r, str_fmt(r->s->arena, "'%.*s' is not complete", STR_ARG(r->text)),
           str_fmt(r->s->arena, "add a dot and %s", what));
    return STR_NONE;
}

/* ---- types ---- */

const char *xkind_name(enum xkind k)
{
    static const char *const names[] = {"none",    "bool",     "int",  "text",   "date",
                                        "instant", "duration", "list", "object", "id"};
    return names[k];
}

static enum xkind kind_of(enum dtype_kind k)
{
    switch (k) {
    case D_BOOL:
        return X_BOOL;
    case D_INT:
    case D_MONEY:
        return X_INT;
    case D_TEXT:
    case D_CHOICE:
    case D_ROLE:
    case D_FILE:
    case D_SEALED:
        return X_TEXT;
    case D_DATE:
        return X_DATE;
    case D_INSTANT:
        return X_INSTANT;
    case D_DUR:
        return X_DUR;
    case D_PERSON:
    case D_UNIT:
    case D_PARTY:
    case D_ITEM:
    case D_MATTER:
        return X_ID;
    case D_MATERIAL:
    case D_FROZEN:
    case D_ITEM_FORM:
        return X_JSON;
    case D_PERSONS:
    case D_UNITS:
    case D_MATERIALS:
    case D_VERDICTS:
    case D_FILES:
    case D_ROWS:
        break;
    }
    return X_LIST;
}

struct xtype xtype_of(const struct dtype *t, bool optional)
{
    return (struct xtype){kind_of(t->kind), optional, t->kind, t->choices, t->rows};
}

static const struct choice_set *choices_of(const char *name)
{
    struct str s = str_of(name);
    if (str_eqz(s, "status")) {
        return &STATUS;
    }
    if (str_eqz(s, "regime")) {
        return &REGIME;
    }
    if (str_eqz(s, "counts_from")) {
        return &COUNTS;
    }
    return str_eqz(s, "kind") ? &PARTIES : NULL;
}

/* ---- roots ---- */

static void resolve_attribute(struct resolving *r, const struct attribute *rows, size_t n)
{
    struct str name = take(r, "a name");
    struct str names[MAX_NAMES];
    for (size_t i = 0; i < n && r->ok; i++) {
        names[i] = str_of(rows[i].name);
        if (!str_eq(name, names[i])) {
            continue;
        }
        r->path.index = (uint32_t)i;
        r->path.name = names[i];
        if (rows[i].optional == 2) {
            r->type = (struct xtype){.kind = X_LIST, .dtype = rows[i].type.kind};
            r->path.type = V_LIST;
            return;
        }
        r->type = xtype_of(&rows[i].type, rows[i].optional == 1);
        r->type.choices = r->type.dtype == D_CHOICE ? choices_of(rows[i].name) : NULL;
        r->path.type = dtype_value(rows[i].type.kind);
        return;
    }
    if (r->ok) {
        refuse_name(r, "name", name, names, n);
    }
}

/* Index of a name among n rows of `size` bytes whose first member is the name. */
static uint32_t
find_named(struct resolving *r, const char *kind, const void *rows, size_t size, size_t n)
{
    struct str name = take(r, "a name");
    struct str names[MAX_NAMES];
    n = n < MAX_NAMES ? n : MAX_NAMES;
    for (size_t i = 0; i < n; i++) {
        names[i] = *(const struct str *)(const void *)((const char *)rows + i * size);
        if (str_eq(name, names[i])) {
            r->path.index = (uint32_t)i;
            r->path.name = names[i];
            return (uint32_t)i;
        }
    }
    if (r->ok) {
        refuse_name(r, kind, name, names, n);
    }
    return NO_INDEX;
}

static void resolve_dtype(struct resolving *r, const struct dtype *t, bool optional)
{
    r->type = xtype_of(t, optional);
    r->path.type = dtype_value(t->kind);
}

static void set_type(struct resolving *r, enum expr_attr attr, enum xkind kind, bool optional)
{
    static const enum value_type values[] = {
        [X_BOOL] = V_BOOL, [X_INT] = V_INT, [X_DATE] = V_DATE, [X_ID] = V_INT};
    r->path.attr = attr;
    r->type = (struct xtype){
        .kind = kind, .optional = optional, .dtype = kind == X_ID ? D_PERSON : D_TEXT};
    r->path.type = values[kind];
}

static uint32_t resolve_form(struct resolving *r, const struct form *form)
{
    if (form == NULL) {
        refuse(r, str_fmt(r->s->arena, "'%.*s': there is no form here", STR_ARG(r->text)),
               S("use facts; a form exists only in need, set, to, effective and open of its act"));
        return NO_INDEX;
    }
    struct str name = take(r, "a field of the form");
    ptrdiff_t row = form_row(form, name);
    if (row < 0 && r->ok) {
        struct str names[MAX_NAMES];
        for (size_t i = 0; i < form->n; i++) {
            names[i] = str_of(form->rows[i].name);
        }
        refuse_name(r, "field", name, names, form->n);
    }
    return row < 0 ? NO_INDEX : (uint32_t)row;
}

static void resolve_act(struct resolving *r)
{
    const struct definition *d = r->s->definition;
    uint32_t act = find_named(r, "act", d->acts, sizeof(d->acts[0]), d->n_acts);
    struct str attr = r->ok ? take(r, "count, on, actor or form") : STR_NONE;
    if (!r->ok) {
        return;
    }
    if (str_eqz(attr, "count")) {
        set_type(r, EXPR_ACT_COUNT, X_INT, false);
    } else if (str_eqz(attr, "on")) {
        set_type(r, EXPR_ACT_ON, X_DATE, true);
    } else if (str_eqz(attr, "actor")) {
        set_type(r, EXPR_ACT_ACTOR, X_ID, true);
    } else if (str_eqz(attr, "form")) {
        uint32_t row = resolve_form(r, d->acts[act].form);
        if (row != NO_INDEX) {
            resolve_dtype(r, &d->acts[act].form->types[row], true);
            r->path.attr = EXPR_ACT_FORM;
            r->path.form_index = row;
            r->path.member = str_of(d->acts[act].form->rows[row].name);
        }
    } else {
        struct str names[] = {S("count"), S("on"), S("actor"), S("form")};
        refuse_name(r, "name", attr, names, COUNT_OF(names));
    }
}

static void resolve_clock(struct resolving *r)
{
    const struct definition *d = r->s->definition;
    find_named(r, "clock", d->clocks, sizeof(d->clocks[0]), d->n_clocks);
    struct str attr = r->ok ? take(r, "running, late, left or due") : STR_NONE;
    if (!r->ok) {
        return;
    }
    if (str_eqz(attr, "running")) {
        set_type(r, EXPR_CLOCK_RUNNING, X_BOOL, false);
    } else if (str_eqz(attr, "late")) {
        set_type(r, EXPR_CLOCK_LATE, X_BOOL, false);
    } else if (str_eqz(attr, "left")) {
        set_type(r, EXPR_CLOCK_LEFT, X_INT, true);
    } else if (str_eqz(attr, "due")) {
        set_type(r, EXPR_CLOCK_DUE, X_DATE, true);
    } else {
        struct str names[] = {S("running"), S("late"), S("left"), S("due")};
        refuse_name(r, "name", attr, names, COUNT_OF(names));
    }
}

static void resolve_child(struct resolving *r)
{
    const struct definition *d = r->s->definition;
    find_named(r, "child", d->children, sizeof(d->children[0]), d->n_children);
    struct str attr = r->ok ? take(r, "open or count") : STR_NONE;
    if (!r->ok) {
        return;
    }
    if (str_eqz(attr, "open")) {
        set_type(r, EXPR_CHILD_OPEN, X_INT, false);
    } else if (str_eqz(attr, "count")) {
        set_type(r, EXPR_CHILD_COUNT, X_INT, false);
    } else {
        struct str names[] = {S("open"), S("count")};
        refuse_name(r, "name", attr, names, COUNT_OF(names));
    }
}

/* Whether the kind has what the root asks for. */
static void need_of_kind(struct resolving *r, enum need_of need, const char *what)
{
    if (need == NEED_NONE) {
        refuse(
            r, str_fmt(r->s->arena, "this kind has no %s", what),
            str_fmt(r->s->arena, "write '%s: required' or '%s: optional' in the head", what, what));
    }
}

static void resolve_builtin(struct resolving *r)
{
    const struct definition *d = r->s->definition;
    if (r->path.root == EXPR_ITEM) {
        need_of_kind(r, d->item, "item");
        resolve_attribute(r, ITEM_ROWS, COUNT_OF(ITEM_ROWS));
    } else if (r->path.root == EXPR_PARTY) {
        need_of_kind(r, d->party, "party");
        resolve_attribute(r, PARTY_ROWS, COUNT_OF(PARTY_ROWS));
    } else if (r->path.root == EXPR_MATTER) {
        resolve_attribute(r, MATTER_ROWS, COUNT_OF(MATTER_ROWS));
    } else {
        resolve_attribute(r, ACTOR_ROWS, COUNT_OF(ACTOR_ROWS));
    }
}

static void resolve_fact(struct resolving *r)
{
    const struct definition *d = r->s->definition;
    uint32_t i = find_named(r, "fact", d->facts, sizeof(d->facts[0]), d->n_facts);
    if (i != NO_INDEX) {
        resolve_dtype(r, &d->facts[i].type, i != FACT_UNIT);
    }
}

static void resolve_param(struct resolving *r)
{
    const struct definition *d = r->s->definition;
    uint32_t i = find_named(r, "parameter", d->params, sizeof(d->params[0]), d->n_params);
    if (i != NO_INDEX) {
        resolve_dtype(r, &d->params[i].type, false);
    }
}

static void resolve_field(struct resolving *r)
{
    uint32_t i = resolve_form(r, r->s->form);
    if (i != NO_INDEX) {
        r->path.index = i;
        r->path.name = str_of(r->s->form->rows[i].name);
        resolve_dtype(r, &r->s->form->types[i], !r->s->form->types[i].required);
    }
}

static void resolve_alone(struct resolving *r)
{
    if (r->path.root == EXPR_PARENT) {
        set_type(r, EXPR_PLAIN, X_ID, true);
        r->type.dtype = D_MATTER;
    } else if (r->path.root == EXPR_TODAY) {
        set_type(r, EXPR_PLAIN, X_DATE, false);
    } else {
        r->type = (struct xtype){.kind = X_INSTANT};
        r->path.type = V_INSTANT;
    }
}

static void resolve_root(struct resolving *r, struct str root)
{
    static const struct {
        const char *name;
        void (*resolve)(struct resolving *);
    } roots[] = {
        [EXPR_ITEM] = {"item", resolve_builtin},     [EXPR_PARTY] = {"party", resolve_builtin},
        [EXPR_MATTER] = {"matter", resolve_builtin}, [EXPR_FACT] = {"fact", resolve_fact},
        [EXPR_FORM] = {"form", resolve_field},       [EXPR_PARAM] = {"param", resolve_param},
        [EXPR_ACTOR] = {"actor", resolve_builtin},   [EXPR_PARENT] = {"parent", resolve_alone},
        [EXPR_TODAY] = {"today", resolve_alone},     [EXPR_NOW] = {"now", resolve_alone},
        [EXPR_ACT] = {"act", resolve_act},           [EXPR_CLOCK] = {"clock", resolve_clock},
        [EXPR_CHILD] = {"child", resolve_child},
    };
    struct str names[COUNT_OF(roots)];
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        names[i] = str_of(roots[i].name);
        if (str_eq(root, names[i])) {
            r->path.root = (enum expr_root)i;
            roots[i].resolve(r);
            return;
        }
    }
    refuse_name(r, "name", root, names, COUNT_OF(roots));
}

/* ---- members ---- */

/* Type of a member of materials, verdicts or rows; on a list it maps. */
static void resolve_member(struct resolving *r, struct str name)
{
    const struct form *rows = r->type.rows;
    bool list = r->type.kind == X_LIST;
    enum dtype_kind of = r->type.dtype;
    struct xtype element = {.kind = X_NONE};
    if (of == D_ROWS && rows != NULL && form_row(rows, name) >= 0) {
        element = xtype_of(&rows->types[form_row(rows, name)], true);
    } else if (of == D_VERDICTS && str_eqz(name, "result")) {
        element = (struct xtype){.kind = X_TEXT, .dtype = D_CHOICE, .choices = &VERDICT};
    } else if ((of == D_MATERIAL || of == D_MATERIALS || of == D_VERDICTS) &&
               (str_eqz(name, "code") || str_eqz(name, "note"))) {
        element = (struct xtype){.kind = X_TEXT, .dtype = D_TEXT};
    } else {
        refuse(r,
               str_fmt(r->s->arena, "'%.*s' has no member '%.*s'", STR_ARG(r->path.name),
                       STR_ARG(name)),
               S("materials have code and note, verdicts code, result and note, rows their own "
                 "fields"));
        return;
    }
    if (list) {
        r->type = (struct xtype){.kind = X_LIST,
                                 .optional = r->type.optional,
                                 .dtype = element.dtype,
                                 .choices = element.choices};
    } else {
        r->type = element;
        r->type.optional = true;
    }
}

static const struct expr_path *numbered(struct resolving *r)
{
    struct expr_slots *slots = r->s->slots;
    uint32_t slot = slots->n;
    for (uint32_t i = 0; i < slots->n; i++) {
        const struct expr_path *p = slots->paths[i];
        if (p->root != r->path.root || p->attr != r->path.attr || p->index != r->path.index ||
            p->form_index != r->path.form_index || !str_eq(p->name, r->path.name)) {
            continue;
        }
        slot = p->slot;
        if (r->path.n_fields == 0 && p->n_fields == 0) {
            return p;
        }
        break;
    }
    struct expr_path *p = ARENA_NEW(r->s->arena, struct expr_path);
    *p = r->path;
    p->slot = slot;
    if (slot == slots->n) {
        if (slots->n == EXPR_MAX_SLOTS) {
            *r->fault = (struct expr_fault){32, S("too many different names in expressions"),
                                            S("split the kind")};
            return NULL;
        }
        slots->paths[slots->n++] = p;
    }
    return p;
}

const struct expr_path *expr_resolve(const struct expr_scope *s,
                                     struct str path,
                                     struct xtype *ret_type,
                                     struct expr_fault *ret)
{
    struct resolving r = {.s = s, .text = path, .fault = ret, .ok = true};
    struct str rest = path;
    while (rest.p != NULL && r.n < MAX_PARTS) {
        r.parts[r.n++] = str_split(&rest, '.');
    }
    if (rest.p != NULL) {
        refuse(&r, str_fmt(s->arena, "'%.*s' is too long", STR_ARG(path)),
               S("use at most six names"));
    }
    r.used = 1;
    resolve_root(&r, r.parts[0]);
    struct str *fields = ARENA_ARRAY(s->arena, struct str, MAX_PARTS);
    while (r.ok && r.used < r.n) {
        struct str name = r.parts[r.used++];
        resolve_member(&r, name);
        fields[r.path.n_fields++] = str_dup(s->arena, name);
    }
    r.path.fields = fields;
    *ret_type = r.type;
    return r.ok ? numbered(&r) : NULL;
}
