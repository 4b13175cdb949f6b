/* Compiler of expressions: text → byte code, types proved (procedures.md 3). Private to the floor.
 *
 * One pass of recursive descent, depth bounded; operands carry their type, and their value when it
 * is a literal, so that a choice can be checked and lists of literals become constants. */
#ifndef HUHANG_PROCEDURE_EXPR_COMPILE_H
#define HUHANG_PROCEDURE_EXPR_COMPILE_H

#include "procedure/definition.h"

#define EXPR_MAX_SLOTS 256

/* Paths of one definition, numbered. */
struct expr_slots {
    const struct expr_path *paths[EXPR_MAX_SLOTS];
    uint32_t n;
};

struct expr_scope {
    struct arena *arena;
    const struct definition *definition; /* names and types known so far */
    const struct form *form;             /* of the act under way; NULL: `form.` is not allowed */
    struct expr_slots *slots;
};

/* Why a text was refused: code is 30 (syntax, name, type), 31 (absence), 32 (size). */
struct expr_fault {
    int code;
    struct str what, todo;
};

/* NULL: refused. */
const struct expr *
expr_compile(const struct expr_scope *s, struct str text, struct expr_fault *ret);
/* A path alone, such as item.extension_approver. */
const struct expr_path *expr_compile_path(const struct expr_scope *s,
                                          struct str text,
                                          struct xtype *ret_type,
                                          struct expr_fault *ret);
/* The constant of an expression that is one; false otherwise. */
bool expr_constant(const struct expr *e, struct value *ret);

/* ---- between expr_lex.c, expr_scope.c and expr_compile.c ---- */

enum token_type { T_END, T_NAME, T_INT, T_DURATION, T_TEXT, T_MARK, T_BAD };

struct token {
    enum token_type type;
    struct str text; /* name, mark, or the text inside quotes */
    int64_t i;
    struct duration d;
};

/* Next token from *rest; a name may hold dots (a path). */
struct token expr_token(struct str *rest);
/* Resolves "fact.mode" … and its type. */
const struct expr_path *expr_resolve(const struct expr_scope *s,
                                     struct str path,
                                     struct xtype *ret_type,
                                     struct expr_fault *ret);
/* The expression type of a field type. */
struct xtype xtype_of(const struct dtype *t, bool optional);
const char *xkind_name(enum xkind k);
/* The nearest of the names, or none; for "did you mean". */
struct str name_nearest(struct str wrong, const struct str *names, size_t n);
/* "did you mean 'x'?" or the list of what is possible. */
struct str name_hint(struct arena *a, struct str wrong, const struct str *names, size_t n);

#endif
