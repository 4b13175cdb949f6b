/* The compiler: grammar, types and code in one pass (see expr_compile.h). The first fault ends it.
 */
#include "procedure/expr_compile.h"

#include "base/arena.h"
#include "base/check.h"
#include "procedure/expr_parse.h"

#define MAX_DEPTH 24

void compile_refuse(struct compile *c, int code, struct str what, struct str todo)
{
    if (c->ok) {
        *c->fault = (struct expr_fault){
            code, str_fmt(c->s->arena, "in '%.*s': %.*s", STR_ARG(c->text), STR_ARG(what)), todo};
        c->ok = false;
    }
}

void compile_next(struct compile *c)
{
    c->token = expr_token(&c->rest);
    if (c->token.type == T_BAD) {
        compile_refuse(c, 30,
                       str_fmt(c->s->arena, "'%.*s' is not understood", STR_ARG(c->token.text)),
                       S("use names, integers, durations such as 5wd, 'texts', true, false, none"));
        c->token.type = T_END;
    }
}

bool compile_at_word(const struct compile *c, const char *word)
{
    return c->token.type == T_NAME && str_eqz(c->token.text, word);
}

bool compile_at_mark(const struct compile *c, const char *mark)
{
    return c->token.type == T_MARK && str_eqz(c->token.text, mark);
}

void compile_expect(struct compile *c, bool there, const char *what)
{
    if (!there) {
        struct str got = c->token.type == T_END ? S("the end") : c->token.text;
        compile_refuse(c, 30, str_fmt(c->s->arena, "%s expected before '%.*s'", what, STR_ARG(got)),
                       S("see procedures.md 3 for the grammar"));
    }
    compile_next(c);
}

uint32_t compile_emit(struct compile *c, enum expr_code code, uint32_t arg)
{
    if (c->n_ops == EXPR_MAX_OPS) {
        compile_refuse(c, 32, S("more than 64 instructions"),
                       S("split the condition into two rows or a fact"));
        return EXPR_MAX_OPS - 1;
    }
    c->ops[c->n_ops] = (struct expr_op){(uint16_t)code, (uint16_t)arg};
    return c->n_ops++;
}

void compile_land(struct compile *c, uint32_t jump)
{
    c->ops[jump].arg = (uint16_t)c->n_ops;
}

struct operand compile_constant(struct compile *c, struct value v, enum xkind kind)
{
    uint32_t at = c->n_consts < EXPR_MAX_OPS ? c->n_consts++ : EXPR_MAX_OPS - 1;
    c->consts[at] = v;
    compile_emit(c, OP_CONST, at);
    return (struct operand){
        .type = {.kind = kind, .optional = kind == X_NONE}, .literal = true, .value = v};
}

struct operand operand_of(enum xkind kind, bool optional)
{
    return (struct operand){.type = {.kind = kind, .optional = optional}};
}

/* ---- operators ---- */

static struct operand parse_value(struct compile *c)
{
    struct operand o = compile_term(c);
    while (c->ok && compile_at_word(c, "default")) {
        compile_next(c);
        if (!o.type.optional) {
            compile_refuse(c, 30, S("'default' after a value that is always present"),
                           S("leave 'default …' out"));
        }
        uint32_t jump = compile_emit(c, OP_DEFAULT, 0);
        struct operand other = compile_term(c);
        compile_land(c, jump);
        bool optional = other.type.optional;
        o = (struct operand){.type = either_type(c, &o, &other, "'default'"), .text = o.text};
        o.type.optional = optional;
    }
    return o;
}

static bool plain_duration(const struct operand *o)
{
    return o->type.kind == X_DUR && o->literal && o->value.u.dur.unit != CIVIL_H &&
           o->value.u.dur.unit != CIVIL_SH;
}

static struct operand parse_sum(struct compile *c)
{
    struct operand a = parse_value(c);
    while (c->ok && (compile_at_mark(c, "+") || compile_at_mark(c, "-"))) {
        bool plus = compile_at_mark(c, "+");
        compile_next(c);
        struct operand b = parse_value(c);
        want_present(c, &a);
        want_present(c, &b);
        enum xkind kind = X_INT;
        if (a.type.kind == X_DATE && plain_duration(&b)) {
            kind = X_DATE;
        } else if (!(a.type.kind == X_INT && b.type.kind == X_INT) &&
                   !(a.type.kind == X_DATE && b.type.kind == X_DATE && !plus)) {
            compile_refuse(
                c, 30,
                str_fmt(c->s->arena, "'%s' joins %.*s and %.*s", plus ? "+" : "-",
                        STR_ARG(type_text(c, a.type)), STR_ARG(type_text(c, b.type))),
                S("add integers, subtract dates, or shift a date by a duration such as 5wd"));
        }
        compile_emit(c, plus ? OP_ADD : OP_SUB, 0);
        a = operand_of(kind, false);
    }
    return a;
}

static struct operand parse_cmp(struct compile *c)
{
    static const struct {
        const char *mark;
        enum expr_code code;
    } marks[] = {{"=", OP_EQ}, {"!=", OP_NE}, {"<", OP_LT},  {"<=", OP_LE},
                 {">", OP_GT}, {">=", OP_GE}, {"in", OP_IN}, {"within", OP_WITHIN}};
    struct operand a = parse_sum(c);
    for (size_t i = 0; i < COUNT_OF(marks) && c->ok; i++) {
        if (!compile_at_mark(c, marks[i].mark) && !compile_at_word(c, marks[i].mark)) {
            continue;
        }
        compile_next(c);
        struct operand b = parse_sum(c);
        if (a.type.kind != X_NONE && b.type.kind != X_NONE) {
            want_present(c, &a);
            want_present(c, &b);
        }
        if (i < 2) {
            check_equal(c, &a, &b, marks[i].mark);
        } else if (i < 6) {
            check_order(c, &a, &b, marks[i].mark);
        } else {
            check_lists(c, &a, &b, i == 7);
        }
        compile_emit(c, marks[i].code, 0);
        return operand_of(X_BOOL, false);
    }
    return a;
}

static struct operand parse_not(struct compile *c)
{
    if (!compile_at_word(c, "not")) {
        return parse_cmp(c);
    }
    compile_next(c);
    struct operand o = parse_cmp(c);
    want_kind(c, &o, X_BOOL, "'not'");
    compile_emit(c, OP_NOT, 0);
    return operand_of(X_BOOL, false);
}

/* One level of and/or. */
static struct operand parse_chain(struct compile *c, const char *word, enum expr_code code)
{
    bool is_or = code == OP_OR;
    struct operand a = is_or ? parse_chain(c, "and", OP_AND) : parse_not(c);
    while (c->ok && compile_at_word(c, word)) {
        want_kind(c, &a, X_BOOL, word);
        compile_next(c);
        uint32_t jump = compile_emit(c, code, 0);
        struct operand b = is_or ? parse_chain(c, "and", OP_AND) : parse_not(c);
        want_kind(c, &b, X_BOOL, word);
        compile_land(c, jump);
        a = operand_of(X_BOOL, false);
    }
    return a;
}

struct operand compile_or(struct compile *c)
{
    if (c->depth == MAX_DEPTH) {
        compile_refuse(c, 32, S("nested too deeply"), S("split the condition"));
    }
    if (!c->ok) {
        return operand_of(X_NONE, true);
    }
    c->depth++;
    struct operand o = parse_chain(c, "or", OP_OR);
    c->depth--;
    return o;
}

/* ---- doors ---- */

const struct expr *expr_compile(const struct expr_scope *s, struct str text, struct expr_fault *ret)
{
    struct compile *c = ARENA_NEW(s->arena, struct compile);
    *c = (struct compile){.s = s, .text = text, .rest = text, .fault = ret, .ok = true};
    compile_next(c);
    struct operand o = compile_or(c);
    if (c->ok && c->token.type != T_END) {
        compile_refuse(c, 30, str_fmt(s->arena, "'%.*s' is left over", STR_ARG(c->token.text)),
                       S("join conditions with 'and' or 'or'; put texts in quotes"));
    }
    if (!c->ok) {
        return NULL;
    }
    struct expr *e = ARENA_NEW(s->arena, struct expr);
    struct expr_op *ops = ARENA_ARRAY(s->arena, struct expr_op, c->n_ops);
    struct value *consts = ARENA_ARRAY(s->arena, struct value, c->n_consts);
    const struct expr_path **paths = ARENA_ARRAY(s->arena, const struct expr_path *, c->n_paths);
    for (uint32_t i = 0; i < c->n_ops; i++) {
        ops[i] = c->ops[i];
    }
    for (uint32_t i = 0; i < c->n_consts; i++) {
        consts[i] = c->consts[i];
    }
    for (uint32_t i = 0; i < c->n_paths; i++) {
        paths[i] = c->paths[i];
    }
    *e = (struct expr){.ops = ops,
                       .n_ops = c->n_ops,
                       .consts = consts,
                       .paths = paths,
                       .n_consts = c->n_consts,
                       .n_paths = c->n_paths,
                       .type = o.type,
                       .text = text};
    return e;
}

const struct expr_path *expr_compile_path(const struct expr_scope *s,
                                          struct str text,
                                          struct xtype *ret_type,
                                          struct expr_fault *ret)
{
    struct str rest = text;
    struct token t = expr_token(&rest);
    if (t.type != T_NAME || str_trim(rest).n > 0) {
        *ret = (struct expr_fault){30, str_fmt(s->arena, "'%.*s' is not a name", STR_ARG(text)),
                                   S("write a path such as item.name")};
        return NULL;
    }
    return expr_resolve(s, t.text, ret_type, ret);
}

bool expr_constant(const struct expr *e, struct value *ret)
{
    if (e == NULL || e->n_ops != 1 || e->ops[0].code != OP_CONST) {
        return false;
    }
    *ret = e->consts[0];
    return true;
}
