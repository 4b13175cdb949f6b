/* The compiler between its files: expr_compile.c (tokens, operators, doors), expr_term.c (terms),
 * expr_types.c (types and choices). Private to them. */
#ifndef HUHANG_PROCEDURE_EXPR_PARSE_H
#define HUHANG_PROCEDURE_EXPR_PARSE_H

#include "procedure/expr_compile.h"
#include "procedure/expr_op.h"

#define MAX_ELEMENTS 64 /* of a list, of a set of choices */

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

/* The first fault only; the text of the expression is put before it. */
void compile_refuse(struct compile *c, int code, struct str what, struct str todo);
void compile_next(struct compile *c);
bool compile_at_word(const struct compile *c, const char *word);
bool compile_at_mark(const struct compile *c, const char *mark);
/* Takes the token when it is there, else refuses. */
void compile_expect(struct compile *c, bool there, const char *what);
/* Adds an instruction and returns its place; compile_land makes a jump end here. */
uint32_t compile_emit(struct compile *c, enum expr_code code, uint32_t arg);
void compile_land(struct compile *c, uint32_t jump);
struct operand compile_constant(struct compile *c, struct value v, enum xkind kind);
struct operand operand_of(enum xkind kind, bool optional);
struct operand compile_or(struct compile *c);   /* a whole expression */
struct operand compile_term(struct compile *c); /* a literal, path, call, list, if or (…) */

struct str type_text(struct compile *c, struct xtype t);
bool same_kind(struct xtype a, struct xtype b);
void want_present(struct compile *c, const struct operand *o);
void want_kind(struct compile *c, const struct operand *o, enum xkind kind, const char *where);
/* Literals on one side must be choices of the other. */
void literals_fit(struct compile *c, const struct operand *a, const struct operand *b);
/* The type of a value that is either of two. */
struct xtype
either_type(struct compile *c, const struct operand *a, const struct operand *b, const char *where);
void check_equal(struct compile *c,
                 const struct operand *a,
                 const struct operand *b,
                 const char *mark);
void check_order(struct compile *c,
                 const struct operand *a,
                 const struct operand *b,
                 const char *mark);
void check_lists(struct compile *c, const struct operand *a, const struct operand *b, bool within);

#endif
