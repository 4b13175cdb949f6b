/* Terms of expressions: literals, paths, calls, lists, if. */
#include "procedure/expr_parse.h"

#include "base/arena.h"

static struct operand parse_if(struct compile *c)
{
    compile_next(c);
    struct operand test = compile_or(c);
    want_kind(c, &test, X_BOOL, "'if'");
    uint32_t unless = compile_emit(c, OP_UNLESS, 0);
    compile_expect(c, compile_at_word(c, "then"), "'then'");
    struct operand yes = compile_or(c);
    uint32_t jump = compile_emit(c, OP_JUMP, 0);
    compile_land(c, unless);
    compile_expect(c, compile_at_word(c, "else"), "'else'");
    struct operand no = compile_or(c);
    compile_land(c, jump);
    return (struct operand){.type = either_type(c, &yes, &no, "'if'")};
}

static struct operand parse_list(struct compile *c)
{
    uint32_t first_op = c->n_ops;
    uint32_t first_const = c->n_consts;
    struct jval items[MAX_ELEMENTS];
    bool literal = true;
    size_t n = 0;
    struct xtype element = {.kind = X_NONE};
    compile_next(c);
    while (c->ok && !compile_at_mark(c, "]")) {
        struct operand o = compile_or(c);
        want_present(c, &o);
        if (n > 0 && !same_kind(o.type, element)) {
            compile_refuse(c, 30, S("a list of different types"),
                           S("all elements must be of one type"));
        }
        if (o.type.kind != X_TEXT && o.type.kind != X_INT && o.type.kind != X_ID) {
            compile_refuse(c, 30, S("a list may hold texts, integers or ids"),
                           S("use names or 'texts'"));
        }
        element = o.type;
        literal = literal && o.literal;
        if (n == MAX_ELEMENTS) {
            compile_refuse(c, 32, S("a list of more than 64 elements"), S("make it shorter"));
            break;
        }
        items[n++] =
            o.literal ? value_to_jval(c->s->arena, o.value) : (struct jval){.type = J_NULL};
        if (!compile_at_mark(c, "]")) {
            compile_expect(c, compile_at_mark(c, ","), "',' or ']'");
        }
    }
    compile_next(c);
    if (!literal || !c->ok) {
        compile_emit(c, OP_LIST, (uint32_t)n);
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
    return compile_constant(c, value_list(list), X_LIST);
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
        want_present(c, &args[i]);
        if (FUNCTIONS[fn].args[i] != X_NONE) {
            want_kind(c, &args[i], FUNCTIONS[fn].args[i], FUNCTIONS[fn].name);
        }
    }
    if (fn == FN_LEN && args[0].type.kind != X_LIST && args[0].type.kind != X_TEXT) {
        compile_refuse(c, 30, S("len needs a list or a text"), S("use another name"));
    }
    if (fn == FN_FAULTS && args[0].type.dtype != D_VERDICTS) {
        compile_refuse(c, 30, S("faults needs verdicts"), S("use a field of type verdicts"));
    }
    if (fn == FN_NONE || fn == FN_SOME || fn == FN_EVERY) {
        literals_fit(c, &args[0], &args[1]);
    }
    bool ranked =
        args[0].type.kind == X_INT || args[0].type.kind == X_DATE || args[0].type.kind == X_INSTANT;
    if ((fn == FN_MIN || fn == FN_MAX) && (!ranked || !same_kind(args[0].type, args[1].type))) {
        compile_refuse(c, 30, S("min and max need two integers or two dates"),
                       S("use operands of one type"));
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
        compile_refuse(c, 30, str_fmt(c->s->arena, "unknown function '%.*s'", STR_ARG(name)),
                       name_hint(c->s->arena, name, names, FN_COUNT));
        return operand_of(X_NONE, true);
    }
    struct operand args[2] = {operand_of(X_NONE, false), operand_of(X_NONE, false)};
    size_t n = expr_fn_arity(fn);
    compile_next(c);
    for (size_t i = 0; i < n && c->ok; i++) {
        if (i > 0) {
            compile_expect(c, compile_at_mark(c, ","), "','");
        }
        args[i] = compile_or(c);
    }
    compile_expect(c, compile_at_mark(c, ")"), "')'");
    check_operands(c, fn, args, n);
    compile_emit(c, OP_CALL, (uint32_t)fn);
    struct operand result = operand_of(FUNCTIONS[fn].result, fn == FN_PCT);
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
        compile_refuse(c, fault.code, fault.what, fault.todo);
        return operand_of(X_NONE, true);
    }
    uint32_t at = c->n_paths < EXPR_MAX_OPS ? c->n_paths++ : EXPR_MAX_OPS - 1;
    c->paths[at] = p;
    compile_emit(c, OP_PATH, at);
    return o;
}

static struct operand parse_name(struct compile *c)
{
    struct str name = c->token.text;
    if (str_eqz(name, "if")) {
        return parse_if(c);
    }
    compile_next(c);
    if (compile_at_mark(c, "(")) {
        return parse_call(c, name);
    }
    if (str_eqz(name, "true") || str_eqz(name, "false")) {
        return compile_constant(c, value_bool(str_eqz(name, "true")), X_BOOL);
    }
    if (str_eqz(name, "none")) {
        return compile_constant(c, value_none(), X_NONE);
    }
    return parse_path(c, name);
}

struct operand compile_term(struct compile *c)
{
    struct token t = c->token;
    if (t.type == T_NAME) {
        return parse_name(c);
    }
    if (compile_at_mark(c, "[")) {
        return parse_list(c);
    }
    if (compile_at_mark(c, "(")) {
        compile_next(c);
        struct operand o = compile_or(c);
        compile_expect(c, compile_at_mark(c, ")"), "')'");
        return o;
    }
    compile_expect(c, t.type == T_INT || t.type == T_DURATION || t.type == T_TEXT, "a value");
    if (t.type == T_INT) {
        return compile_constant(c, value_int(t.i), X_INT);
    }
    if (t.type == T_DURATION) {
        return compile_constant(c, value_duration(t.d), X_DUR);
    }
    return compile_constant(c, value_text(str_dup(c->s->arena, t.text.p == NULL ? S("") : t.text)),
                            X_TEXT);
}
