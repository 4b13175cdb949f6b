/* Operations over HTTP: route → body and query into one JSON object → lane → reply. What an
 * operation takes and who may do it is decided by its row, in run/op.c; here is only the wire. */
#include "base/check.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "http/fields.h"
#include "http/inner.h"
#include "run/app.h"

#define API_PREFIX S("/api/v1")

static const struct {
    struct str name;
    enum op_method method;
} methods[] = {
    {S_INIT("GET"), OP_GET}, {S_INIT("HEAD"), OP_GET},    {S_INIT("POST"), OP_POST},
    {S_INIT("PUT"), OP_PUT}, {S_INIT("PATCH"), OP_PATCH}, {S_INIT("DELETE"), OP_DELETE},
};

static struct str api_path(const struct exchange *x)
{
    return str_sub(x->target.raw_path, API_PREFIX.n, x->target.raw_path.n);
}

static bool has_body(const struct exchange *x)
{
    return x->content_length > 0 || head_count(&x->head, S("Transfer-Encoding")) > 0;
}

/* 405 names what the path does take. */
static enum step wrong_method(struct exchange *x)
{
    struct buf allow;
    struct jval params;
    bool exists;

    buf_init(&allow, x->arena, 64);
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (op_route(x->http->app->ops, x->arena, methods[i].method, api_path(x), &params,
                     &exists) != NULL) {
            buf_putz(&allow, allow.n > 0 ? ", " : "");
            buf_put(&allow, methods[i].name);
        }
    }
    x->reply.close = has_body(x);
    reply_problem(x, ERROR(x->arena, ERR_METHOD, "此地址不支持这种方法",
                           "This address does not take that method"));
    reply_add(x, S("Allow"), buf_str(&allow));
    return STEP_REPLY;
}

static enum step no_such_path(struct exchange *x)
{
    x->reply.close = has_body(x);
    return exchange_fail(
        x, ERROR(x->arena, ERR_NOT_FOUND, "没有这个接口地址", "There is no such address"));
}

/* What can be refused before the body comes. */
static struct err *check_head(struct exchange *x)
{
    struct arena *a = x->arena;
    bool utf8;
    struct str type = media_type(head_get(&x->head, S("Content-Type")), &utf8);
    struct str sent =
        x->op->reply_media != NULL ? str_of(x->op->reply_media) : S("application/json");

    if (has_body(x) && (x->op->method == OP_GET || x->op->method == OP_DELETE)) {
        return ERROR(a, ERR_REQUEST_MALFORMED, "此请求不能带内容", "This request takes no body");
    }
    if (has_body(x) && (!ascii_same(type, S("application/json")) || !utf8)) {
        return err_hint(
            ERROR(a, ERR_MEDIA_TYPE, "内容须是 UTF-8 的 JSON", "The body must be JSON in UTF-8"),
            "请使用 Content-Type: application/json", "Send Content-Type: application/json");
    }
    bool any = str_eqz(sent, "*/*"); /* files: each has its own type */
    if (!any && !media_accepted(head_get(&x->head, S("Accept")), sent)) {
        return ERROR(a, ERR_NOT_ACCEPTABLE, "只能答复 %.*s", "The answer can only be %.*s",
                     STR_ARG(sent));
    }
    return NULL;
}

static enum step api_head(struct exchange *x)
{
    const struct op_registry *ops = x->http->app->ops;
    bool exists = false;

    if (!str_starts(x->target.raw_path, API_PREFIX)) {
        return no_such_path(x); /* written with escapes */
    }
    for (size_t i = 0; i < COUNT_OF(methods) && x->op == NULL; i++) {
        if (str_eq(methods[i].name, x->head.method)) {
            x->op = op_route(ops, x->arena, methods[i].method, api_path(x), &x->params, &exists);
        }
    }
    if (x->op == NULL && !exists) {
        (void)op_route(ops, x->arena, OP_GET, api_path(x), &x->params, &exists);
    }
    if (x->op == NULL) {
        return exists ? wrong_method(x) : no_such_path(x);
    }
    x->body_max = (uint64_t)x->http->app->conf.body_max_bytes;
    if (x->content_length > 0 && (uint64_t)x->content_length > x->body_max) {
        return exchange_too_large(x);
    }
    struct err *e = check_head(x);
    if (e != NULL) {
        x->reply.close = has_body(x);
        return exchange_fail(x, e);
    }
    return STEP_MORE;
}

static const struct field *row_of(const struct op *op, struct str name)
{
    for (const struct field *f = op->in; f != NULL && f->name != NULL; f++) {
        if (str_eqz(name, f->name)) {
            return f;
        }
    }
    return NULL;
}

static bool is_list(const struct field *f)
{
    return f != NULL && (f->kind == FIELD_TEXTS || f->kind == FIELD_INTS);
}

/* All values of one list parameter, from the i-th pair on. */
static struct jval query_list(struct exchange *x, size_t i, const struct field *row)
{
    const struct target *t = &x->target;
    struct jarr *list = jarr_new(x->arena);
    struct str name = t->pairs[i].name;
    int64_t number;

    for (; i < t->n_pairs; i++) {
        struct str value = t->pairs[i].value;
        if (str_eq(t->pairs[i].name, name)) {
            bool whole = row->kind == FIELD_INTS && num_parse(value, INT64_MIN, INT64_MAX, &number);
            jarr_add(list, whole ? jval_of_int(number) : jval_of_str(value));
        }
    }
    return jarr_val(list);
}

static struct str pointer_to(struct exchange *x, struct str name)
{
    struct buf b;

    buf_init(&b, x->arena, name.n + 8);
    buf_putc(&b, '/');
    for (size_t i = 0; i < name.n; i++) { /* RFC 6901 3 */
        if (name.p[i] == '~' || name.p[i] == '/') {
            buf_putz(&b, name.p[i] == '~' ? "~0" : "~1");
        } else {
            buf_putc(&b, name.p[i]);
        }
    }
    return buf_str(&b);
}

/* A repeated parameter is a list; of a single value it is a fault. */
static struct err *put_query(struct exchange *x, struct jobj *in)
{
    const struct target *t = &x->target;
    struct err *fault = NULL;

    for (size_t i = 0; i < t->n_pairs; i++) {
        struct str name = t->pairs[i].name;
        const struct field *row = row_of(x->op, name);
        struct jval known = jobj_val(in);
        if (row == NULL && str_eq(name, S("lang"))) {
            continue;
        }
        if (jval_get(&known, name) != NULL) {
            if (!is_list(row)) {
                field_fault(x->arena, &fault, pointer_to(x, name), "repeated", "只能出现一次",
                            "may appear only once");
            }
            continue;
        }
        jobj_put(in, name,
                 is_list(row) ? query_list(x, i, row) : op_param(x->op, name, t->pairs[i].value));
    }
    return fault;
}

static struct err *put_body(struct exchange *x, struct jobj *in)
{
    struct jval body;

    if (x->body.n == 0) {
        return NULL;
    }
    TRY(jread(x->arena, buf_bytes(&x->body), &body));
    if (body.type != J_OBJ) {
        return ERROR(x->arena, ERR_JSON_INVALID, "内容须是一个 JSON 对象",
                     "The body must be a JSON object");
    }
    for (size_t i = 0; i < body.n; i++) {
        jobj_put(in, body.obj[i].name, body.obj[i].val);
    }
    return NULL;
}

/* Path parameters come last and may not be contradicted. */
static struct err *gather(struct exchange *x, const struct jval **ret)
{
    struct jobj *in = jobj_new(x->arena);
    struct jval *all = ARENA_NEW(x->arena, struct jval);
    struct err *fault = NULL;

    TRY(put_query(x, in));
    TRY(put_body(x, in));
    for (size_t i = 0; i < x->params.n; i++) {
        struct jval known = jobj_val(in);
        const struct jmember *m = &x->params.obj[i];
        if (jval_get(&known, m->name) != NULL) {
            field_fault(x->arena, &fault, pointer_to(x, m->name), "in_path", "已由地址给出",
                        "is given by the address");
        }
        jobj_put(in, m->name, m->val);
    }
    *all = jobj_val(in);
    *ret = all;
    return fault;
}

static struct bytes request_hash(struct exchange *x)
{
    unsigned char *digest = ARENA_ARRAY(x->arena, unsigned char, CRYPT_SHA256_LEN);
    const struct bytes parts[] = {
        str_bytes(x->head.method), str_bytes(S("\n")),  str_bytes(x->head.target),
        str_bytes(S("\n")),        buf_bytes(&x->body),
    };

    crypt_sha256_parts(parts, COUNT_OF(parts), digest);
    return (struct bytes){digest, CRYPT_SHA256_LEN};
}

static void prepare(struct exchange *x, const struct jval *in)
{
    exchange_job(x);
    x->job->in_json = in;
    if (x->op->lane == LANE_WRITE) {
        x->job->request_sha256 = request_hash(x);
    }
}

static void inline_done(struct job *j)
{
    (void)j; /* the caller waits for it */
}

/* A short read, here and now. False: it must go through the lane (no connection, or a lost one). */
static bool run_inline(struct exchange *x)
{
    struct db *d = (x->op->flags & OP_INLINE) != 0 ? readers_take(x->http->readers) : NULL;

    if (d == NULL) {
        return false;
    }
    x->job->done = inline_done;
    lane_run_here(x->http->app, d, x->job);
    bool lost = x->job->outcome.err != NULL && x->job->outcome.err->code == ERR_DB_UNAVAILABLE;
    readers_give(x->http->readers, d, lost);
    if (lost) {
        prepare(x, x->job->in_json);
    }
    return !lost;
}

static enum step api_resumed(struct exchange *x)
{
    reply_outcome(x, &x->job->outcome);
    return STEP_REPLY;
}

static enum step api_finish(struct exchange *x)
{
    const struct jval *in;
    struct err *e = gather(x, &in);

    if (e != NULL) {
        return exchange_fail(x, e);
    }
    prepare(x, in);
    return run_inline(x) ? api_resumed(x) : STEP_PARK;
}

static void api_parked(struct exchange *x)
{
    exchange_post(x, x->op->lane);
}

const struct route api_route = {
    .name = "api",
    .head = api_head,
    .finish = api_finish,
    .parked = api_parked,
    .resumed = api_resumed,
};
