/* From method and path to the operation row.
 *
 * Paths form a tree with one node a segment; a literal segment wins over a parameter, and the walk
 * goes back to the parameter when the literal branch has no row for the rest (/matters/mine beside
 * /matters/{id}/acts). Depth is bounded by OP_MAX_SEGMENTS. Segments are percent-decoded after the
 * split, so an encoded slash stays inside its segment; a segment that decodes to nothing, to ".",
 * to
 * "..", or to text no field may hold, names nothing. */
#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"
#include "base/utf8.h"
#include "run/op_registry.h"

#include <string.h>

struct walk {
    struct str segment[OP_MAX_SEGMENTS];
    size_t n;
    enum op_method method;
    bool path_exists;
};

bool op_path_next(struct str *rest, struct str *ret_segment)
{
    struct str s;
    ptrdiff_t end;

    if (rest->n == 0 || rest->p[0] != '/') {
        return false;
    }
    s = str_sub(*rest, 1, rest->n);
    end = str_find_char(s, '/');
    if (end < 0) {
        end = (ptrdiff_t)s.n;
    }
    *ret_segment = str_sub(s, 0, (size_t)end);
    *rest = str_sub(s, (size_t)end, s.n);
    return true;
}

struct str op_path_param(struct str segment)
{
    if (segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}') {
        return str_sub(segment, 1, segment.n - 1);
    }
    return STR_NONE;
}

const struct field *op_in_row(const struct op *op, struct str name)
{
    for (const struct field *f = op->in; f != NULL && f->name != NULL; f++) {
        if (str_eqz(name, f->name)) {
            return f;
        }
    }
    return NULL;
}

static struct route_node *node_new(struct arena *a)
{
    struct route_node *n = ARENA_NEW(a, struct route_node);

    n->children = map_new(a);
    return n;
}

void op_route_add(struct op_registry *r, struct arena *a, const struct op *op, struct err **ret_err)
{
    struct route_node *node = r->root;
    struct str rest = str_of(op->path);
    struct str segment;
    size_t n = 0;

    while (op_path_next(&rest, &segment)) {
        struct str param = op_path_param(segment);
        struct route_node *next = param.p != NULL ? node->param : map_get(node->children, segment);

        if (segment.n == 0 || ++n > OP_MAX_SEGMENTS) {
            op_fault(a, ret_err, op, "path has an empty segment or too many");
            return;
        }
        if (param.p != NULL && op_in_row(op, param) == NULL) {
            op_fault(a, ret_err, op, "path parameter has no input row");
        }
        if (next == NULL) {
            next = node_new(a);
            if (param.p != NULL) {
                node->param = next;
            } else {
                map_put(node->children, segment, next);
            }
        }
        node = next;
    }
    if (n == 0) {
        op_fault(a, ret_err, op, "path must start with / and name something");
    } else if (node->ops[op->method] != NULL) {
        op_fault(a, ret_err, op, "method and path are taken by another operation");
    } else {
        node->ops[op->method] = op;
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One path segment without its %XX; false: not well-formed, or not a name. */
static bool decode_segment(struct arena *a, struct str raw, struct str *ret)
{
    char *p = ARENA_ARRAY(a, char, raw.n + 1);
    size_t n = 0;
    size_t at;
    const char *why;

    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];

        if (c == '%') {
            int high = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1;
            int low = i + 2 < raw.n ? hex_digit(raw.p[i + 2]) : -1;

            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        p[n++] = c;
    }
    *ret = (struct str){p, n};
    return n > 0 && !str_eq(*ret, S(".")) && !str_eq(*ret, S("..")) &&
           utf8_text_ok(str_bytes(*ret), &at, &why) && memchr(p, '\n', n) == NULL &&
           memchr(p, '\t', n) == NULL;
}

struct jval op_param(const struct op *op, struct str name, struct str text)
{
    const struct field *f = op_in_row(op, name);
    int64_t i;

    if (f == NULL) {
        return jval_of_str(text);
    }
    switch (f->kind) {
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
        return num_parse(text, INT64_MIN, INT64_MAX, &i) ? jval_of_int(i) : jval_of_str(text);
    case FIELD_BOOL:
        if (str_eqz(text, "true") || str_eqz(text, "false")) {
            return jval_of_bool(str_eqz(text, "true"));
        }
        return jval_of_str(text);
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_INSTANT:
    case FIELD_CHOICE:
    case FIELD_BYTES:
    case FIELD_JSON:
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
    case FIELD_OBJECT:
        break;
    default:
        UNREACHABLE();
    }
    return jval_of_str(text);
}

/* A parameter that its row cannot read (letters for an id) means there is no such path. */
static bool params_fit(const struct op *op, const struct walk *w)
{
    struct str rest = str_of(op->path);
    struct str segment;

    for (size_t i = 0; op_path_next(&rest, &segment); i++) {
        struct str param = op_path_param(segment);
        const struct field *f = param.p != NULL ? op_in_row(op, param) : NULL;

        if (f != NULL && (f->kind == FIELD_INT || f->kind == FIELD_ID) &&
            op_param(op, param, w->segment[i]).type != J_INT) {
            return false;
        }
    }
    return true;
}

static const struct op *find(struct walk *w, const struct route_node *node, size_t at)
{
    const struct op *op = NULL;
    const struct route_node *child;

    if (at == w->n) {
        for (size_t m = 1; m < OP_METHODS; m++) {
            if (node->ops[m] != NULL && params_fit(node->ops[m], w)) {
                w->path_exists = true;
                op = m == (size_t)w->method ? node->ops[m] : op;
            }
        }
        return op;
    }
    child = map_get(node->children, w->segment[at]);
    if (child != NULL) {
        op = find(w, child, at + 1); /* at most OP_MAX_SEGMENTS deep */
    }
    if (op == NULL && node->param != NULL) {
        op = find(w, node->param, at + 1);
    }
    return op;
}

const struct op *op_route(const struct op_registry *r,
                          struct arena *a,
                          enum op_method m,
                          struct str path,
                          struct jval *ret_params,
                          bool *ret_path_exists)
{
    struct walk w = {.method = m};
    struct str rest = path;
    struct str segment;
    struct jobj *params = jobj_new(a);
    const struct op *op;

    *ret_path_exists = false;
    *ret_params = jobj_val(params);
    while (op_path_next(&rest, &segment)) {
        if (w.n == OP_MAX_SEGMENTS || !decode_segment(a, segment, &w.segment[w.n])) {
            return NULL;
        }
        w.n++;
    }
    if (w.n == 0 || rest.n != 0) {
        return NULL;
    }
    op = find(&w, r->root, 0);
    *ret_path_exists = w.path_exists;
    if (op == NULL) {
        return NULL;
    }
    rest = str_of(op->path);
    for (size_t i = 0; op_path_next(&rest, &segment); i++) {
        struct str param = op_path_param(segment);

        if (param.p != NULL) {
            jobj_put(params, param, op_param(op, param, w.segment[i]));
        }
    }
    *ret_params = jobj_val(params);
    return op;
}
