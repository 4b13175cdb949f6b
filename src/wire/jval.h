/* JSON values, as data: read by jread (jansson inside), written by jw (our own writer).
 *
 * Values live in an arena and are immutable after reading. There are no reals: a number is an
 * integer of at most 2^53 in magnitude, which JavaScript keeps (design.md 3); anything else is
 * refused. Texts have passed utf8_text_ok. Duplicate members, depth over 32 and trailing text are
 * refused. */
#ifndef HUHANG_WIRE_JVAL_H
#define HUHANG_WIRE_JVAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum jtype { J_NULL, J_BOOL, J_INT, J_STR, J_LIST, J_OBJ };

struct jval;
struct jmember;

struct jval {
    enum jtype type;
    bool b;
    int64_t i;
    struct str s;
    const struct jval *list;   /* J_LIST: n values */
    const struct jmember *obj; /* J_OBJ: n members in the order of the text */
    size_t n;
};

struct jmember {
    struct str name;
    struct jval val;
};

#define JREAD_MAX_DEPTH 32
#define JVAL_MAX_INT    (INT64_C(1) << 53)

/* ERR_JSON_INVALID (names line, column and what to do) or ERR_FORM_INVALID with pointers for bad
 * text (control characters, noncharacters …) and numbers out of range. */
struct err *jread(struct arena *a, struct bytes text, struct jval *ret) MUST_CHECK;

/* NULL when absent or not an object. */
const struct jval *jval_get(const struct jval *obj, struct str name);
/* The text or STR_NONE; the integer or `other`; the bool or `other`. */
struct str jval_str(const struct jval *v);
int64_t jval_int(const struct jval *v, int64_t other);
bool jval_bool(const struct jval *v, bool other);
bool jval_eq(const struct jval *a, const struct jval *b); /* members in any order */
/* Builders (copies of the struct; texts are not copied). */
struct jval jval_of_str(struct str s); /* none gives null */
struct jval jval_of_int(int64_t i);
struct jval jval_of_bool(bool b);
/* Object or list under construction. */
struct jobj;
struct jobj *jobj_new(struct arena *a);
void jobj_put(struct jobj *o, struct str name, struct jval v); /* replaces an earlier member */
struct jval jobj_val(struct jobj *o);
struct jarr;
struct jarr *jarr_new(struct arena *a);
void jarr_add(struct jarr *l, struct jval v);
struct jval jarr_val(struct jarr *l);

/* Streaming writer onto a buffer; commas are its business. Wrong nesting and depth over
 * JW_MAX_DEPTH are CHECKed; the depth leaves room for our own members around any value that jread
 * let in. Text that is not UTF-8 comes out with U+FFFD in its place, so the output is always JSON.
 */
#define JW_MAX_DEPTH (2 * JREAD_MAX_DEPTH)
struct jw {
    struct buf *out;
    unsigned depth;
    uint64_t has_members, is_obj; /* bit per depth */
    bool after_key;
};
void jw_init(struct jw *w, struct buf *out);
void jw_obj(struct jw *w);
void jw_list(struct jw *w);
void jw_end_obj(struct jw *w);
void jw_end_list(struct jw *w);
void jw_key(struct jw *w, struct str name);
void jw_str(struct jw *w, struct str s); /* none writes null */
void jw_int(struct jw *w, int64_t v);
void jw_bool(struct jw *w, bool v);
void jw_null(struct jw *w);
void jw_raw(struct jw *w, struct str json); /* ready JSON */
void jw_val(struct jw *w, const struct jval *v);
/* Key and value at once. */
void jw_kstr(struct jw *w, const char *name, struct str s);
void jw_kint(struct jw *w, const char *name, int64_t v);
void jw_kbool(struct jw *w, const char *name, bool v);
/* Canonical text: members as stored, no blanks. */
struct str jval_text(struct arena *a, const struct jval *v);

#endif
