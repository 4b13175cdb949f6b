/* Types of operands: what must be present, what may be joined, which choices a literal may name. */
#include "procedure/expr_parse.h"

struct str type_text(struct compile *c, struct xtype t)
{
    return str_fmt(c->s->arena, "%s%s", xkind_name(t.kind),
                   t.optional && t.kind != X_NONE ? "?" : "");
}

void want_present(struct compile *c, const struct operand *o)
{
    if (o->type.optional) {
        struct str name = o->text.p != NULL ? o->text : S("a part");
        compile_refuse(
            c, 31, str_fmt(c->s->arena, "'%.*s' may be absent", STR_ARG(name)),
            str_fmt(c->s->arena, "write '%.*s default …' or ask has(…) first", STR_ARG(name)));
    }
}

void want_kind(struct compile *c, const struct operand *o, enum xkind kind, const char *where)
{
    want_present(c, o);
    if (o->type.kind != kind) {
        compile_refuse(c, 30,
                       str_fmt(c->s->arena, "%s needs %s, not %.*s", where, xkind_name(kind),
                               STR_ARG(type_text(c, o->type))),
                       S("compare it with something, or use another name"));
    }
}

static void choice_fits(struct compile *c, struct str value, const struct choice_set *set)
{
    struct str names[MAX_ELEMENTS];
    size_t n = 0;
    for (size_t i = 0; i < set->n && n < MAX_ELEMENTS; i++) {
        names[n++] = str_of(set->rows[i].value);
        if (str_eqz(value, set->rows[i].value)) {
            return;
        }
    }
    compile_refuse(c, 28, str_fmt(c->s->arena, "'%.*s' is not one of the choices", STR_ARG(value)),
                   name_hint(c->s->arena, value, names, n));
}

/* Literals on one side must be choices of the other. */
static void literal_fits(struct compile *c, const struct operand *o, const struct choice_set *set)
{
    if (set == NULL || !o->literal) {
        return;
    }
    if (o->value.type == V_TEXT) {
        choice_fits(c, o->value.u.s, set);
    }
    for (size_t i = 0; o->value.type == V_LIST && i < o->value.u.json->n; i++) {
        if (o->value.u.json->list[i].type == J_STR) {
            choice_fits(c, o->value.u.json->list[i].s, set);
        }
    }
}

void literals_fit(struct compile *c, const struct operand *a, const struct operand *b)
{
    literal_fits(c, a, b->type.choices);
    literal_fits(c, b, a->type.choices);
}

bool same_kind(struct xtype a, struct xtype b)
{
    if (a.kind == X_ID && b.kind == X_ID) {
        return a.dtype == b.dtype;
    }
    return a.kind == b.kind;
}

/* The type of a value that is either of two. */
struct xtype
either_type(struct compile *c, const struct operand *a, const struct operand *b, const char *where)
{
    if (a->type.kind == X_NONE || b->type.kind == X_NONE) {
        struct xtype t = a->type.kind == X_NONE ? b->type : a->type;
        t.optional = true;
        return t;
    }
    if (!same_kind(a->type, b->type)) {
        compile_refuse(c, 30,
                       str_fmt(c->s->arena, "%s joins %.*s and %.*s", where,
                               STR_ARG(type_text(c, a->type)), STR_ARG(type_text(c, b->type))),
                       S("both sides must be of one type"));
    }
    literals_fit(c, a, b);
    struct xtype t = a->type;
    t.optional = a->type.optional || b->type.optional;
    if (t.choices == NULL || (b->type.choices == NULL && !b->literal)) {
        t.choices = a->literal ? b->type.choices : NULL;
    }
    return t;
}

void check_equal(struct compile *c,
                 const struct operand *a,
                 const struct operand *b,
                 const char *mark)
{
    if (same_kind(a->type, b->type) && a->type.kind != X_LIST && a->type.kind != X_JSON &&
        a->type.kind != X_NONE) {
        literals_fit(c, a, b);
        return;
    }
    struct str todo = S("both sides must be of one type");
    if (a->type.kind == X_BOOL && a->text.p != NULL) {
        todo = str_fmt(c->s->arena, "write '%s%.*s'", str_eqz(S("!="), mark) ? "" : "not ",
                       STR_ARG(a->text));
    } else if (a->type.kind == X_NONE || b->type.kind == X_NONE) {
        todo = S("write 'has(…)' or 'not has(…)'");
    }
    compile_refuse(c, 30,
                   str_fmt(c->s->arena, "'%s' joins %.*s and %.*s", mark,
                           STR_ARG(type_text(c, a->type)), STR_ARG(type_text(c, b->type))),
                   todo);
}

void check_order(struct compile *c,
                 const struct operand *a,
                 const struct operand *b,
                 const char *mark)
{
    enum xkind k = a->type.kind;
    if (!same_kind(a->type, b->type) || (k != X_INT && k != X_DATE && k != X_INSTANT)) {
        compile_refuse(c, 30,
                       str_fmt(c->s->arena, "'%s' joins %.*s and %.*s", mark,
                               STR_ARG(type_text(c, a->type)), STR_ARG(type_text(c, b->type))),
                       S("only integers, dates and instants have an order"));
    }
}

void check_lists(struct compile *c, const struct operand *a, const struct operand *b, bool within)
{
    want_kind(c, b, X_LIST, within ? "'within'" : "'in'");
    enum xkind k = a->type.kind;
    if (within ? k != X_LIST : k != X_TEXT && k != X_INT && k != X_ID) {
        compile_refuse(c, 30,
                       str_fmt(c->s->arena, "'%s' cannot begin with %.*s", within ? "within" : "in",
                               STR_ARG(type_text(c, a->type))),
                       within ? S("compare two lists")
                              : S("ask whether a text, integer or id is in a list"));
    }
    literals_fit(c, a, b);
}
