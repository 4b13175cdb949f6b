/* Evaluation of compiled expressions. The compiler has bounded the stack by the number of
 * instructions and proved the types; where a caller's `get` still answers something of another type
 * the operation gives a harmless value instead of failing, so the machine stays total. */
#include "procedure/expr.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"
#include "procedure/expr_op.h"

struct machine {
    struct value stack[EXPR_MAX_OPS];
    size_t n;
};

static struct value *top(struct machine *m)
{
    CHECK(m->n > 0);
    return &m->stack[m->n - 1];
}

static struct value pop(struct machine *m)
{
    CHECK(m->n > 0);
    return m->stack[--m->n];
}

static void push(struct machine *m, struct value v)
{
    CHECK(m->n < EXPR_MAX_OPS);
    m->stack[m->n++] = v;
}

/* A JSON value as what it plainly is; members of objects are not typed further. */
static struct value plain(const struct jval *v)
{
    if (v == NULL) {
        return value_none();
    }
    switch (v->type) {
    case J_BOOL:
        return value_bool(v->b);
    case J_INT:
        return value_int(v->i);
    case J_STR:
        return value_text(v->s);
    case J_LIST:
        return value_list(v);
    case J_OBJ:
        return value_json(v);
    case J_NULL:
        break;
    }
    return value_none();
}

/* Member `name`; of a list, the list of the members (absent ones are left out). */
static struct value member(struct arena *a, struct value v, struct str name)
{
    if (v.type == V_JSON) {
        return plain(jval_get(v.u.json, name));
    }
    if (v.type != V_LIST) {
        return value_none();
    }
    struct jval *items = ARENA_ARRAY(a, struct jval, v.u.json->n);
    size_t n = 0;
    for (size_t i = 0; i < v.u.json->n; i++) {
        const struct jval *m = jval_get(&v.u.json->list[i], name);
        if (m != NULL && m->type != J_NULL) {
            items[n++] = *m;
        }
    }
    struct jval *list = ARENA_NEW(a, struct jval);
    *list = (struct jval){.type = J_LIST, .list = items, .n = n};
    return value_list(list);
}

struct value expr_path_eval(const struct expr_path *p, struct expr_env *env)
{
    if (p->root == EXPR_TODAY) {
        return value_date(env->today);
    }
    if (p->root == EXPR_NOW) {
        return value_instant(env->now_ms);
    }
    struct value v = env->get(env->ctx, p);
    if (v.type != p->type) {
        v = value_none();
    }
    for (size_t i = 0; i < p->n_fields; i++) {
        v = member(env->arena, v, p->fields[i]);
    }
    return v;
}

static int64_t rank(struct value v)
{
    switch (v.type) {
    case V_INT:
    case V_INSTANT:
        return v.u.i;
    case V_DATE:
        return v.u.day;
    case V_NONE:
    case V_BOOL:
    case V_TEXT:
    case V_DURATION:
    case V_LIST:
    case V_JSON:
        break;
    }
    return 0;
}

static bool compare(uint16_t code, struct value a, struct value b)
{
    if (code == OP_EQ || code == OP_NE) {
        return value_eq(a, b) == (code == OP_EQ);
    }
    if (a.type == V_NONE || b.type == V_NONE) {
        return false;
    }
    int64_t x = rank(a);
    int64_t y = rank(b);
    switch (code) {
    case OP_LT:
        return x < y;
    case OP_LE:
        return x <= y;
    case OP_GT:
        return x > y;
    default:
        return x >= y;
    }
}

static struct value add(struct value a, struct value b, int sign, struct expr_env *env)
{
    if (b.type == V_DURATION) {
        return expr_shift(a, b.u.dur, sign, env);
    }
    if (a.type == V_DATE && b.type == V_DATE) {
        return value_int((int64_t)a.u.day - b.u.day);
    }
    if (a.type != V_INT || b.type != V_INT) {
        return value_none();
    }
    int64_t other = sign > 0 ? b.u.i : b.u.i == INT64_MIN ? INT64_MAX : -b.u.i;
    return value_int(num_add_sat(a.u.i, other));
}

static struct value make_list(struct machine *m, size_t n, struct arena *a)
{
    struct jval *items = ARENA_ARRAY(a, struct jval, n);
    for (size_t i = n; i > 0; i--) {
        items[i - 1] = value_to_jval(a, pop(m));
    }
    struct jval *list = ARENA_NEW(a, struct jval);
    *list = (struct jval){.type = J_LIST, .list = items, .n = n};
    return value_list(list);
}

static void call(struct machine *m, enum expr_fn fn, struct expr_env *env)
{
    struct value args[2] = {value_none(), value_none()};
    for (unsigned i = expr_fn_arity(fn); i > 0; i--) {
        args[i - 1] = pop(m);
    }
    push(m, expr_fn_call(fn, args, env));
}

/* Operations on two values. */
static struct value binary(uint16_t code, struct value a, struct value b, struct expr_env *env)
{
    switch (code) {
    case OP_IN:
        return value_bool(value_in(env->arena, a, b));
    case OP_WITHIN:
        return value_bool(value_within(env->arena, a, b));
    case OP_ADD:
        return add(a, b, 1, env);
    case OP_SUB:
        return add(a, b, -1, env);
    default:
        return value_bool(compare(code, a, b));
    }
}

/* Jumps: true when control goes to op->arg. */
static bool jumps(struct machine *m, const struct expr_op *op)
{
    bool go;
    switch (op->code) {
    case OP_JUMP:
        return true;
    case OP_UNLESS:
        return !value_truth(pop(m));
    case OP_AND:
        go = !value_truth(*top(m));
        break;
    case OP_OR:
        go = value_truth(*top(m));
        break;
    default:
        go = top(m)->type != V_NONE;
        break;
    }
    if (!go) {
        pop(m);
    }
    return go;
}

static void
step(struct machine *m, const struct expr *e, const struct expr_op *op, struct expr_env *env)
{
    struct value b;
    switch (op->code) {
    case OP_CONST:
        push(m, e->consts[op->arg]);
        return;
    case OP_PATH:
        push(m, expr_path_eval(e->paths[op->arg], env));
        return;
    case OP_NOT:
        *top(m) = value_bool(!value_truth(*top(m)));
        return;
    case OP_LIST:
        push(m, make_list(m, op->arg, env->arena));
        return;
    case OP_CALL:
        call(m, (enum expr_fn)op->arg, env);
        return;
    default:
        b = pop(m);
        *top(m) = binary(op->code, *top(m), b, env);
    }
}

struct value expr_eval(const struct expr *e, struct expr_env *env)
{
    if (e == NULL) {
        return value_none();
    }
    struct machine m = {.n = 0};
    for (uint32_t at = 0; at < e->n_ops;) {
        const struct expr_op *op = &e->ops[at];
        bool jump = op->code == OP_AND || op->code == OP_OR || op->code == OP_DEFAULT ||
                    op->code == OP_UNLESS || op->code == OP_JUMP;
        if (!jump) {
            step(&m, e, op, env);
            at++;
        } else {
            at = jumps(&m, op) ? op->arg : at + 1;
        }
    }
    return pop(&m);
}

bool expr_true(const struct expr *e, struct expr_env *env)
{
    return e == NULL || value_truth(expr_eval(e, env));
}
