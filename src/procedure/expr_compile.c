/* The compiler: grammar, types and code in one pass (see expr_compile.h). The first fault ends it. */
#include "procedure/expr_compile.h"

#include "base/arena.h"
#include "base/check.h"
#include "procedure/expr_op.h"

#define MAX_DEPTH    24
#define MAX_ELEMENTS 64

struct compile {
    const struct expr_scope *s;
    struct str text, rest;
    struct token token; /* looked at, not yet taken */
    struct expr_op ops[EXPR_MAX_OPS];
    struct value consts[EXPR_MAX_OPS];
    const struct expr_path *paths[EXPR_MAX_OPS];
    uint32_t n_ops, n_consts, n_paths;
    unsigned depth;
    struct expr_fault *fault;
    bool ok;
};

/* A value on the stack as the compiler knows it. */
struct operand {
    struct xtype type;
    bool literal;
    struct value value;
    struct str text; /* source of a path, for messages */
};

static struct operand parse_or(struct compile *c);

static void refuse(struct compile *c, int code, struct str what, struct str todo)
{
    if (c->ok) {
        *c->fault = (struct expr_fault){
            code, str_fmt(c->s->arena, "in '%.*s': %.*s", STR_ARG(c->text), STR_ARG(what)), todo};
        c->ok = false;
    }
}

static void next(struct compile *c)
{
    c->token = expr_token(&c->rest);
    if (c->token.type == T_BAD) {
        refuse(c, 30, str_fmt(c->s->arena, "'%.*s' is not understood", STR_ARG(c->token.text)),
               S("use names, integers, durations such as 5wd, 'texts', true, false, none"));
        c->token.type = T_END;
    }
}

static bool at_word(const struct compile *c, const char *word)
{
    return c->token.type == T_NAME && str_eqz(c->token.text, word);
}

static bool at_mark(const struct compile *c, const char *mark)
{
    return c->token.type == T_MARK && str_eqz(c->token.text, mark);
}

static void expect(struct compile *c, bool there, const char *what)
{
    if (!there) {
        struct str got = c->token.type == T_END ? S("the end") : c->token.text;
        refuse(c, 30, str_fmt(c->s->arena, "%s expected before '%.*s'", what, STR_ARG(got)),
               S("see procedures.md 3 for the grammar"));
    }
    next(c);
}

static uint32_t emit(struct compile *c, enum expr_code code, uint32_t arg)
{
    if (c->n_ops == EXPR_MAX_OPS) {
        refuse(c, 32, S("more than 64 instructions"), S("split the condition into two rows or a fact"));
        return EXPR_MAX_OPS - 1;
    }
    c->ops[c->n_ops] = (struct expr_op){(uint16_t)code, (uint16_t)arg};
    return c->n_ops++;
}

static void land(struct compile *c, uint32_t jump)
{
    c->ops[jump].arg = (uint16_t)c->n_ops;
}

static struct operand constant(struct compile *c, struct value v, enum xkind kind)
{
    uint32_t at = c->n_consts < EXPR_MAX_OPS ? c->n_consts++ : EXPR_MAX_OPS - 1;
    c->consts[at] = v;
    emit(c, OP_CONST, at);
    return (struct operand){.type = {.kind = kind, .optional = kind == X_NONE}, .literal = true, .value = v};
}

static struct operand of_kind(enum xkind kind, bool optional)
{
    return (struct operand){.type = {.kind = kind, .optional = optional}};
}

/* ---- types ---- */

static struct str type_text(struct compile *c, struct xtype t)
{
    return str_fmt(c->s->arena, "%s%s", xkind_name(t.kind), t.optional && t.kind != X_NONE ? "?" : "");
}

static void wants_present(struct compile *c, const struct operand *o)
{
    if (o->type.optional) {
        struct str name = o->text.p != NULL ? o->text : S("a part");
        refuse(c, 31, str_fmt(c->s->arena, "'%.*s' may be absent", STR_ARG(name)),
               str_fmt(c->s->arena, "write '%.*s default …' or ask has(…) first", STR_ARG(name)));
    }
}

static void wants(struct compile *c, const struct operand *o, enum xkind kind, const char *where)
{
    wants_present(c, o);
    if (o->type.kind != kind) {
        refuse(c, 30, str_fmt(c->s->arena, "%s needs %s, not %.*s", where, xkind_name(kind), STR_ARG(type_text(c, o->type))),
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
    refuse(c, 28, str_fmt(c->s->arena, "'%.*s' is not one of the choices", STR_ARG(value)),
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

static void literals_fit(struct compile *c, const struct operand *a, const struct operand *b)
{
    literal_fits(c, a, b->type.choices);
    literal_fits(c, b, a->type.choices);
}

static bool same_kind(struct xtype a, struct xtype b)
{
    if (a.kind == X_ID && b.kind == X_ID) {
        return a.dtype == b.dtype;
    }
    return a.kind == b.kind;
}

/* The type of a value that is either of two. */
static struct xtype either(struct compile *c, const struct operand *a, const struct operand *b, const char *where)
{
    if (a->type.kind == X_NONE || b->type.kind == X_NONE) {
        struct xtype t = a->type.kind == X_NONE ? b->type : a->type;
        t.optional = true;
        return t;
    }
    if (!same_kind(a->type, b->type)) {
        refuse(c, 30,
               str_fmt(c->s->arena, "%s joins %.*s and %.*s", where, STR_ARG(type_text(c, a->type)), STR_ARG(type_text(c, b->type))),
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

/* ---- terms ---- */

static struct operand parse_if(struct compile *c)
{
    next(c);
    struct operand test = parse_or(c);
    wants(c, &test, X_BOOL, "'if'");
    uint32_t unless = emit(c, OP_UNLESS, 0);
    expect(c, at_word(c, "then"), "'then'");
    struct operand yes = parse_or(c);
    uint32_t jump = emit(c, OP_JUMP, 0);
    land(c, unless);
    expect(c, at_word(c, "else"), "'else'");
    struct operand no = parse_or(c);
    land(c, jump);
    return (struct operand){.type = either(c, &yes, &no, "'if'")};
}

static struct operand parse_list(struct compile *c)
{
    uint32_t first_op = c->n_ops;
    uint32_t first_const = c->n_consts;
    struct jval items[MAX_ELEMENTS];
    bool literal = true;
    size_t n = 0;
    struct xtype element = {.kind = X_NONE};
    next(c);
    while (c->ok && !at_mark(c, "]")) {
        struct operand o = parse_or(c);
        wants_present(c, &o);
        if (n > 0 && !same_kind(o.type, element)) {
            refuse(c, 30, S("a list of different types"), S("all elements must be of one type"));
        }
        if (o.type.kind != X_TEXT && o.type.kind != X_INT && o.type.kind != X_ID) {
            refuse(c, 30, S("a list may hold texts, integers or ids"), S("use names or 'texts'"));
        }
        element = o.type;
        literal = literal && o.literal;
        if (n == MAX_ELEMENTS) {
            refuse(c, 32, S("a list of more than 64 elements"), S("make it shorter"));
            break;
        }
        items[n++] = o.literal ? value_to_jval(c->s->arena, o.value) : (struct jval){.type = J_NULL};
        if (!at_mark(c, "]")) {
            expect(c, at_mark(c, ","), "',' or ']'");
        }
    }
    next(c);
    if (!literal || !c->ok) {
        emit(c, OP_LIST, (uint32_t)n);
        return (struct operand){.type = {.kind = X_LIST, .dtype = element.dtype}};
    }
    c->n_ops = first_op;
    c->n_consts = first_const;
    struct jval *list = ARENA_NEW(c->s->arena, struct jval);
    struct jval *copy = ARENA_ARRAY(c->s->arena, struct jval, n);
    for (size_t i = 0; i < n; i++) {
        copy[i] = items[i];
    }
    *list = (struct jval){.type = J_LIST, .list = copy, .n = n};
    return constant(c, value_list(list), X_LIST);
}

struct fn_row {
    const char *name;
    enum xkind args[2]; /* X_NONE: checked apart */
    enum xkind result;
};

/* clang-format off */
static const struct fn_row FUNCTIONS[FN_COUNT] = {
    [FN_HAS]         = {"has",         {X_NONE, X_NONE}, X_BOOL},
    [FN_LEN]         = {"len",         {X_NONE, X_NONE}, X_INT},
    [FN_NONE]        = {"none",        {X_LIST, X_NONE}, X_BOOL},
    [FN_SOME]        = {"some",        {X_LIST, X_NONE}, X_BOOL},
    [FN_EVERY]       = {"every",       {X_LIST, X_NONE}, X_BOOL},
    [FN_FAULTS]      = {"faults",      {X_LIST, X_NONE}, X_LIST},
    [FN_MIN]         = {"min",         {X_NONE, X_NONE}, X_NONE},
    [FN_MAX]         = {"max",         {X_NONE, X_NONE}, X_NONE},
    [FN_PCT]         = {"pct",         {X_INT,  X_INT},  X_INT},
    [FN_DAYS]        = {"days",        {X_DATE, X_DATE}, X_INT},
    [FN_WD]          = {"wd",          {X_DATE, X_INT},  X_DATE},
    [FN_CD]          = {"cd",          {X_DATE, X_INT},  X_DATE},
    [FN_MO]          = {"mo",          {X_DATE, X_INT},  X_DATE},
    [FN_MONTH_END]   = {"month_end",   {X_DATE, X_NONE}, X_DATE},
    [FN_QUARTER_END] = {"quarter_end", {X_DATE, X_NONE}, X_DATE},
    [FN_YEAR_END]    = {"year_end",    {X_DATE, X_NONE}, X_DATE},
};
/* clang-format on */

/* What the table cannot say about operands. */
static void check_operands(struct compile *c, enum expr_fn fn, const struct operand *args, size_t n)
{
    if (fn == FN_HAS || n == 0) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        wants_present(c, &args[i]);
        if (FUNCTIONS[fn].args[i] != X_NONE) {
            wants(c, &args[i], FUNCTIONS[fn].args[i], FUNCTIONS[fn].name);
        }
    }
    if (fn == FN_LEN && args[0].type.kind != X_LIST && args[0].type.kind != X_TEXT) {
        refuse(c, 30, S("len needs a list or a text"), S("use another name"));
    }
    if (fn == FN_FAULTS && args[0].type.dtype != D_VERDICTS) {
        refuse(c, 30, S("faults needs verdicts"), S("use a field of type verdicts"));
    }
    if (fn == FN_NONE || fn == FN_SOME || fn == FN_EVERY) {
        literals_fit(c, &args[0], &args[1]);
    }
    bool ranked = args[0].type.kind == X_INT || args[0].type.kind == X_DATE || args[0].type.kind == X_INSTANT;
    if ((fn == FN_MIN || fn == FN_MAX) && (!ranked || !same_kind(args[0].type, args[1].type))) {
        refuse(c, 30, S("min and max need two integers or two dates"), S("use operands of one type"));
    }
}

static struct operand parse_call(struct compile *c, struct str name)
{
    struct str names[FN_COUNT];
    enum expr_fn fn = FN_COUNT;
    for (size_t i = 0; i < FN_COUNT; i++) {
        names[i] = str_of(FUNCTIONS[i].name);
        fn = str_eq(name, names[i]) ? (enum expr_fn)i : fn;
    }
    if (fn == FN_COUNT) {
        refuse(c, 30, str_fmt(c->s->arena, "unknown function '%.*s'", STR_ARG(name)),
               name_hint(c->s->arena, name, names, FN_COUNT));
        return of_kind(X_NONE, true);
    }
    struct operand args[2] = {of_kind(X_NONE, false), of_kind(X_NONE, false)};
    size_t n = expr_fn_arity(fn);
    next(c);
    for (size_t i = 0; i < n && c->ok; i++) {
        if (i > 0) {
            expect(c, at_mark(c, ","), "','");
        }
        args[i] = parse_or(c);
    }
    expect(c, at_mark(c, ")"), "')'");
    check_operands(c, fn, args, n);
    emit(c, OP_CALL, (uint32_t)fn);
    struct operand result = of_kind(FUNCTIONS[fn].result, fn == FN_PCT);
    if (fn == FN_MIN || fn == FN_MAX) {
        result.type = args[0].type;
        result.type.optional = false;
    }
    if (fn == FN_FAULTS) {
        result.type.dtype = D_MATERIALS;
    }
    return result;
}

static struct operand parse_path(struct compile *c, struct str text)
{
    struct expr_fault fault = {30, STR_NONE, STR_NONE};
    struct operand o = {.text = text};
    const struct expr_path *p = expr_resolve(c->s, text, &o.type, &fault);
    if (p == NULL) {
        refuse(c, fault.code, fault.what, fault.todo);
        return of_kind(X_NONE, true);
    }
    uint32_t at = c->n_paths < EXPR_MAX_OPS ? c->n_paths++ : EXPR_MAX_OPS - 1;
    c->paths[at] = p;
    emit(c, OP_PATH, at);
    return o;
}

static struct operand parse_name(struct compile *c)
{
    struct str name = c->token.text;
    if (str_eqz(name, "if")) {
        return parse_if(c);
    }
    next(c);
    if (at_mark(c, "(")) {
        return parse_call(c, name);
    }
    if (str_eqz(name, "true") || str_eqz(name, "false")) {
        return constant(c, value_bool(str_eqz(name, "true")), X_BOOL);
    }
    if (str_eqz(name, "none")) {
        return constant(c, value_none(), X_NONE);
    }
    return parse_path(c, name);
}

static struct operand parse_term(struct compile *c)
{
    struct token t = c->token;
    if (t.type == T_NAME) {
        return parse_name(c);
    }
    if (at_mark(c, "[")) {
        return parse_list(c);
    }
    if (at_mark(c, "(")) {
        next(c);
        struct operand o = parse_or(c);
        expect(c, at_mark(c, ")"), "')'");
        return o;
    }
    expect(c, t.type == T_INT || t.type == T_DURATION || t.type == T_TEXT, "a value");
    if (t.type == T_INT) {
        return constant(c, value_int(t.i), X_INT);
    }
    if (t.type == T_DURATION) {
        return constant(c, value_duration(t.d), X_DUR);
    }
    return constant(c, value_text(str_dup(c->s->arena, t.text.p == NULL ? S("") : t.text)), X_TEXT);
}

/* ---- operators ---- */

static struct operand parse_value(struct compile *c)
{
    struct operand o = parse_term(c);
    while (c->ok && at_word(c, "default")) {
        next(c);
        if (!o.type.optional) {
            refuse(c, 30, S("'default' after a value that is always present"), S("leave 'default …' out"));
        }
        uint32_t jump = emit(c, OP_DEFAULT, 0);
        struct operand other = parse_term(c);
        land(c, jump);
        bool optional = other.type.optional;
        o = (struct operand){.type = either(c, &o, &other, "'default'"), .text = o.text};
        o.type.optional = optional;
    }
    return o;
}

static bool plain_duration(const struct operand *o)
{
    return o->type.kind == X_DUR && o->literal && o->value.u.dur.unit != CIVIL_H && o->value.u.dur.unit != CIVIL_SH;
}

static struct operand parse_sum(struct compile *c)
{
    struct operand a = parse_value(c);
    while (c->ok && (at_mark(c, "+") || at_mark(c, "-"))) {
        bool plus = at_mark(c, "+");
        next(c);
        struct operand b = parse_value(c);
        wants_present(c, &a);
        wants_present(c, &b);
        enum xkind kind = X_INT;
        if (a.type.kind == X_DATE && plain_duration(&b)) {
            kind = X_DATE;
        } else if (!(a.type.kind == X_INT && b.type.kind == X_INT) &&
                   !(a.type.kind == X_DATE && b.type.kind == X_DATE && !plus)) {
            refuse(c, 30,
                   str_fmt(c->s->arena, "'%s' joins %.*s and %.*s", plus ? "+" : "-", STR_ARG(type_text(c, a.type)),
                           STR_ARG(type_text(c, b.type))),
                   S("add integers, subtract dates, or shift a date by a duration such as 5wd"));
        }
        emit(c, plus ? OP_ADD : OP_SUB, 0);
        a = of_kind(kind, false);
    }
    return a;
}

static void check_equal(struct compile *c, const struct operand *a, const struct operand *b, const char *mark)
{
    if (same_kind(a->type, b->type) && a->type.kind != X_LIST && a->type.kind != X_JSON && a->type.kind != X_NONE) {
        literals_fit(c, a, b);
        return;
    }
    struct str todo = S("both sides must be of one type");
    if (a->type.kind == X_BOOL && a->text.p != NULL) {
        todo = str_fmt(c->s->arena, "write '%s%.*s'", str_eqz(S("!="), mark) ? "" : "not ", STR_ARG(a->text));
    } else if (a->type.kind == X_NONE || b->type.kind == X_NONE) {
        todo = S("write 'has(…)' or 'not has(…)'");
    }
    refuse(c, 30,
           str_fmt(c->s->arena, "'%s' joins %.*s and %.*s", mark, STR_ARG(type_text(c, a->type)), STR_ARG(type_text(c, b->type))),
           todo);
}

static void check_order(struct compile *c, const struct operand *a, const struct operand *b, const char *mark)
{
    enum xkind k = a->type.kind;
    if (!same_kind(a->type, b->type) || (k != X_INT && k != X_DATE && k != X_INSTANT)) {
        refuse(c, 30,
               str_fmt(c->s->arena, "'%s' joins %.*s and %.*s", mark, STR_ARG(type_text(c, a->type)),
                       STR_ARG(type_text(c, b->type))),
               S("only integers, dates and instants have an order"));
    }
}

static void check_lists(struct compile *c, const struct operand *a, const struct operand *b, bool within)
{
    wants(c, b, X_LIST, within ? "'within'" : "'in'");
    enum xkind k = a->type.kind;
    if (within ? k != X_LIST : k != X_TEXT && k != X_INT && k != X_ID) {
        refuse(c, 30, str_fmt(c->s->arena, "'%s' cannot begin with %.*s", within ? "within" : "in", STR_ARG(type_text(c, a->type))),
               within ? S("compare two lists") : S("ask whether a text, integer or id is in a list"));
    }
    literals_fit(c, a, b);
}

static struct operand parse_cmp(struct compile *c)
{
    static const struct {
        const char *mark;
        enum expr_code code;
    } marks[] = {{"=", OP_EQ}, {"!=", OP_NE}, {"<", OP_LT}, {"<=", OP_LE}, {">", OP_GT}, {">=", OP_GE}, {"in", OP_IN}, {"within", OP_WITHIN}};
    struct operand a = parse_sum(c);
    for (size_t i = 0; i < COUNT_OF(marks) && c->ok; i++) {
        if (!at_mark(c, marks[i].mark) && !at_word(c, marks[i].mark)) {
            continue;
        }
        next(c);
        struct operand b = parse_sum(c);
        if (a.type.kind != X_NONE && b.type.kind != X_NONE) {
            wants_present(c, &a);
            wants_present(c, &b);
        }
        if (i < 2) {
            check_equal(c, &a, &b, marks[i].mark);
        } else if (i < 6) {
            check_order(c, &a, &b, marks[i].mark);
        } else {
            check_lists(c, &a, &b, i == 7);
        }
        emit(c, marks[i].code, 0);
        return of_kind(X_BOOL, false);
    }
    return a;
}

static struct operand parse_not(struct compile *c)
{
    if (!at_word(c, "not")) {
        return parse_cmp(c);
    }
    next(c);
    struct operand o = parse_cmp(c);
    wants(c, &o, X_BOOL, "'not'");
    emit(c, OP_NOT, 0);
    return of_kind(X_BOOL, false);
}

/* One level of and/or. */
static struct operand parse_chain(struct compile *c, const char *word, enum expr_code code)
{
    bool is_or = code == OP_OR;
    struct operand a = is_or ? parse_chain(c, "and", OP_AND) : parse_not(c);
    while (c->ok && at_word(c, word)) {
        wants(c, &a, X_BOOL, word);
        next(c);
        uint32_t jump = emit(c, code, 0);
        struct operand b = is_or ? parse_chain(c, "and", OP_AND) : parse_not(c);
        wants(c, &b, X_BOOL, word);
        land(c, jump);
        a = of_kind(X_BOOL, false);
    }
    return a;
}

static struct operand parse_or(struct compile *c)
{
    if (c->depth == MAX_DEPTH) {
        refuse(c, 32, S("nested too deeply"), S("split the condition"));
    }
    if (!c->ok) {
        return of_kind(X_NONE, true);
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
    next(c);
    struct operand o = parse_or(c);
    if (c->ok && c->token.type != T_END) {
        refuse(c, 30, str_fmt(s->arena, "'%.*s' is left over", STR_ARG(c->token.text)),
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
    *e = (struct expr){.ops = ops, .n_ops = c->n_ops, .consts = consts, .paths = paths, .n_consts = c->n_consts, .n_paths = c->n_paths, .type = o.type, .text = text};
    return e;
}

const struct expr_path *expr_compile_path(const struct expr_scope *s, struct str text, struct xtype *ret_type,
                                          struct expr_fault *ret)
{
    struct str rest = text;
    struct token t = expr_token(&rest);
    if (t.type != T_NAME || str_trim(rest).n > 0) {
        *ret = (struct expr_fault){30, str_fmt(s->arena, "'%.*s' is not a name", STR_ARG(text)), S("write a path such as item.name")};
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
