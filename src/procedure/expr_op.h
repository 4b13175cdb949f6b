/* Byte code of expressions: a stack machine whose depth is bounded by EXPR_MAX_OPS. Private to
 * expr*.c. Jumps only go forward, so every evaluation ends. */
#ifndef HUHANG_PROCEDURE_EXPR_OP_H
#define HUHANG_PROCEDURE_EXPR_OP_H

#include "procedure/expr.h"

enum expr_code {
    OP_CONST, /* push consts[arg] */
    OP_PATH,  /* push the value of paths[arg] */
    OP_NOT,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,
    OP_WITHIN,
    OP_ADD,
    OP_SUB,
    OP_AND,     /* top false: jump to arg, else pop */
    OP_OR,      /* top true: jump to arg, else pop */
    OP_DEFAULT, /* top present: jump to arg, else pop */
    OP_UNLESS,  /* pop; false: jump to arg */
    OP_JUMP,
    OP_LIST, /* pop arg values, push the list of them */
    OP_CALL, /* built-in arg on its operands */
};

enum expr_fn {
    FN_HAS,
    FN_LEN,
    FN_NONE,
    FN_SOME,
    FN_EVERY,
    FN_FAULTS,
    FN_MIN,
    FN_MAX,
    FN_PCT,
    FN_DAYS,
    FN_WD,
    FN_CD,
    FN_MO,
    FN_MONTH_END,
    FN_QUARTER_END,
    FN_YEAR_END,
    FN_COUNT
};

struct expr_op {
    uint16_t code, arg;
};

/* Number of operands of a built-in. */
unsigned expr_fn_arity(enum expr_fn fn);
/* Runs a built-in on its operands (expr_fn.c). */
struct value expr_fn_call(enum expr_fn fn, const struct value *args, struct expr_env *env);
/* date ± duration, within 1900..2199. */
struct value expr_shift(struct value date, struct duration d, int sign, struct expr_env *env);

#endif
