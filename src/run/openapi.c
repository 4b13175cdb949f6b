/* The OpenAPI 3.1 document, printed from the operation rows.
 *
 * Nothing is written twice: paths, parameters, bodies and replies come from the field rows,
 * problems from base/err_list.h. Extensions: x-permission, x-roles and x-lane of an operation;
 * x-errors, the codes its row declares beyond the general ones; x-codes, all codes of one response.
 * Tests walk the document and fail when an operation or a declared error was never seen. */
#include "base/arena.h"
#include "base/check.h"
#include "run/op_registry.h"
#include "run/schemas.h"

#define JSON      "application/json"
#define PROBLEM   "application/problem+json"
#define MAX_CODES 64

static const char *const methods[] = {[OP_GET] = "get",
                                      [OP_POST] = "post",
                                      [OP_PUT] = "put",
                                      [OP_PATCH] = "patch",
                                      [OP_DELETE] = "delete"};

/* clang-format off */
static const char *const perm_names[] = {
    [PERM_PUBLIC] = "public", [PERM_SIGNED_IN] = "signed-in", [PERM_APPLICANT] = "applicant",
    [PERM_STAFF] = "staff", [PERM_ROLES] = "roles", [PERM_SYSTEM_ADMIN] = "system-admin",
    [PERM_SECURITY_ADMIN] = "security-admin", [PERM_AUDIT_ADMIN] = "audit-admin",
    [PERM_BUREAU] = "bureau", [PERM_MATTER] = "matter", [PERM_CLI] = "command-line",
};
static const char *const lane_names[] = {[LANE_READ] = "read", [LANE_WRITE] = "write", [LANE_SLOW] = "slow"};
/* clang-format on */

static bool has_body(const struct op *op)
{
    return op->method != OP_GET && op->method != OP_DELETE;
}

static bool needs_key(const struct op *op)
{
    return op->lane == LANE_WRITE && (op->flags & OP_NO_KEY) == 0;
}

static bool in_path(const struct op *op, const char *name)
{
    struct str rest = str_of(op->path);
    struct str segment;

    while (op_path_next(&rest, &segment)) {
        if (str_eqz(op_path_param(segment), name)) {
            return true;
        }
    }
    return false;
}

/* The input rows that are (or are not) in the path. */
static const struct field *some_rows(struct arena *a, const struct op *op, bool path, size_t *ret_n)
{
    size_t n = 0;
    struct field *rows;

    for (const struct field *f = op->in; f != NULL && f->name != NULL; f++) {
        n++;
    }
    rows = ARENA_ARRAY(a, struct field, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        if (in_path(op, op->in[i].name) == path) {
            rows[(*ret_n)++] = op->in[i];
        }
    }
    return rows;
}

/* The schema of one row, taken out of the schema of an object with that row alone. */
static void put_row_schema(struct jw *w, struct arena *a, const struct field *row)
{
    struct field rows[] = {*row, FIELD_END};
    struct buf text;
    struct jw inner;
    struct jval schema;
    const struct jval *own;
    struct err *e;

    /* Limits that JSON cannot carry are none. */
    rows[0].min = row->min < -JVAL_MAX_INT ? -JVAL_MAX_INT : row->min;
    rows[0].max = row->max > JVAL_MAX_INT ? JVAL_MAX_INT : row->max;
    buf_init(&text, a, 256);
    jw_init(&inner, &text);
    field_schema(&inner, rows);
    e = jread(a, str_bytes(buf_str(&text)), &schema);
    CHECK(e == NULL);
    own = jval_get(jval_get(&schema, S("properties")), str_of(row->name));
    CHECK(own != NULL);
    jw_val(w, own);
}

static void put_parameter(struct jw *w, struct arena *a, const struct field *row, const char *in)
{
    struct field shown = *row;
    bool path = str_eqz(str_of(in), "path");

    jw_obj(w);
    jw_kstr(w, "name", str_of(row->name));
    jw_kstr(w, "in", str_of(in));
    jw_kbool(w, "required", path || (row->flags & FIELD_REQUIRED) != 0);
    jw_kstr(w, "description", str_of(row->zh));
    jw_kstr(w, "x-description-en", str_of(row->en));
    jw_key(w, S("schema"));
    shown.flags |= FIELD_REQUIRED; /* absent is left out, never null */
    put_row_schema(w, a, &shown);
    jw_end_obj(w);
}

static void
put_header(struct jw *w, const char *name, const char *zh, const char *en, const char *schema)
{
    jw_obj(w);
    jw_kstr(w, "name", str_of(name));
    jw_kstr(w, "in", S("header"));
    jw_kbool(w, "required", true);
    jw_kstr(w, "description", str_of(zh));
    jw_kstr(w, "x-description-en", str_of(en));
    jw_key(w, S("schema"));
    jw_raw(w, str_of(schema));
    jw_end_obj(w);
}

static void put_parameters(struct jw *w, struct arena *a, const struct op *op)
{
    size_t n;
    const struct field *rows = some_rows(a, op, true, &n);

    jw_key(w, S("parameters"));
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        put_parameter(w, a, &rows[i], "path");
    }
    rows = some_rows(a, op, false, &n);
    for (size_t i = 0; i < n && !has_body(op); i++) {
        put_parameter(w, a, &rows[i], "query");
    }
    if (needs_key(op)) {
        put_header(
            w, "Idempotency-Key", "命令编号：每件事一个，重试时不变",
            "Command id: one per intent, kept across retries",
            "{\"type\":\"string\",\"minLength\":8,\"maxLength\":128,\"pattern\":\"^[!-~]+$\"}");
    }
    if ((op->flags & OP_IF_MATCH) != 0) {
        put_header(w, "If-Match", "所依据的版本（读取时的 ETag）",
                   "The version it builds on (ETag of the reading)", "{\"type\":\"string\"}");
    }
    jw_end_list(w);
}

static void put_media(struct jw *w, const char *media)
{
    jw_key(w, S("content"));
    jw_obj(w);
    jw_key(w, str_of(media));
    jw_obj(w);
    jw_key(w, S("schema"));
}

static void end_media(struct jw *w)
{
    jw_end_obj(w);
    jw_end_obj(w);
}

static void put_body(struct jw *w, struct arena *a, const struct op *op)
{
    size_t n;
    const struct field *rows = some_rows(a, op, false, &n);

    if (!has_body(op) || n == 0) {
        return;
    }
    jw_key(w, S("requestBody"));
    jw_obj(w);
    jw_kbool(w, "required", true);
    put_media(w, JSON);
    field_schema(w, rows);
    end_media(w);
    jw_end_obj(w);
}

static void put_good(struct jw *w, const struct op *op, const char *status)
{
    const char *media = op->reply_media != NULL ? op->reply_media : JSON;
    bool raw = (op->flags & OP_JSON_RAW) != 0;

    jw_key(w, str_of(status));
    jw_obj(w);
    jw_kstr(w, "description", str_of(op->zh));
    if (raw && op->reply_media != NULL) {
        put_media(w, media);
        jw_raw(w, S("{}"));
        end_media(w);
    } else if (raw && op->reply_schema != NULL) {
        put_media(w, media);
        jw_raw(w, str_of(op->reply_schema));
        end_media(w);
    } else if (op->out != NULL) {
        put_media(w, media);
        field_schema(w, op->out);
        end_media(w);
    } else if (raw) {
        put_media(w, media);
        jw_raw(w, S("{}"));
        end_media(w);
    }
    jw_end_obj(w);
}

struct codes {
    enum err_code code[MAX_CODES];
    size_t n;
};

static void add_code(struct codes *c, bool when, enum err_code code)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->code[i] == code) {
            return;
        }
    }
    if (when) {
        CHECK(c->n < MAX_CODES);
        c->code[c->n++] = code;
    }
}

/* What the gate, the lanes and the permission column may answer, then what the row declares. */
static struct codes codes_of(const struct op *op)
{
    struct codes c = {.n = 0};
    bool open = op->perm == PERM_PUBLIC;
    size_t n_rows = 0;

    for (const struct field *f = op->in; f != NULL && f->name != NULL; f++) {
        n_rows++;
    }
    add_code(&c, true, ERR_INTERNAL);
    add_code(&c, true, ERR_BUSY);
    add_code(&c, true, ERR_STOPPING);
    add_code(&c, true, ERR_DB);
    add_code(&c, true, ERR_DB_UNAVAILABLE);
    add_code(&c, true, ERR_NOT_ACCEPTABLE);
    add_code(&c, true, ERR_REQUEST_MALFORMED);
    add_code(&c, !open, ERR_SIGN_IN);
    add_code(&c, !open && op->perm != PERM_CLI, ERR_FORBIDDEN);
    add_code(&c, !open && (op->flags & OP_ANY_PASSWORD) == 0, ERR_PASSWORD_CHANGE);
    add_code(&c, op->method != OP_GET && (op->flags & OP_NO_CSRF) == 0, ERR_CSRF);
    add_code(&c, n_rows > 0, ERR_FORM_INVALID);
    add_code(&c, has_body(op), ERR_JSON_INVALID);
    add_code(&c, has_body(op), ERR_MEDIA_TYPE);
    add_code(&c, has_body(op), ERR_BODY_TOO_LARGE);
    add_code(&c, has_body(op), ERR_REQUEST_TIMEOUT);
    add_code(&c, needs_key(op), ERR_KEY_MISSING);
    add_code(&c, needs_key(op), ERR_KEY_MISMATCH);
    add_code(&c, op->lane == LANE_WRITE, ERR_DISK_FULL);
    add_code(&c, op->lane == LANE_WRITE, ERR_OFFICE_ELSEWHERE);
    add_code(&c, (op->flags & OP_IF_MATCH) != 0, ERR_PRECONDITION_MISSING);
    add_code(&c, (op->flags & OP_IF_MATCH) != 0, ERR_CHANGED);
    add_code(&c, (op->flags & OP_DEMO) != 0 || op->perm == PERM_CLI, ERR_NOT_FOUND);
    for (const enum err_code *e = op->errors; e != NULL && *e != ERR_CODE_MAX; e++) {
        add_code(&c, true, *e);
    }
    return c;
}

static void put_problem(struct jw *w, const struct codes *c, int status)
{
    const char *zh = NULL;

    jw_obj(w);
    for (size_t i = 0; i < c->n && zh == NULL; i++) {
        zh = err_info(c->code[i])->status == status ? err_info(c->code[i])->zh : NULL;
    }
    jw_kstr(w, "description", str_of(zh));
    put_media(w, PROBLEM);
    jw_raw(w, S("{\"$ref\":\"#/components/schemas/Problem\"}"));
    end_media(w);
    jw_key(w, S("x-codes"));
    jw_list(w);
    for (size_t i = 0; i < c->n; i++) {
        if (err_info(c->code[i])->status == status) {
            jw_str(w, str_of(err_info(c->code[i])->slug));
        }
    }
    jw_end_list(w);
    jw_end_obj(w);
}

static void put_responses(struct jw *w, struct arena *a, const struct op *op)
{
    struct codes c = codes_of(op);

    jw_key(w, S("responses"));
    jw_obj(w);
    if (op->out == NULL && (op->flags & OP_JSON_RAW) == 0) {
        put_good(w, op, "204");
    } else {
        put_good(w, op, "200");
    }
    if (op->method == OP_POST || op->method == OP_PUT) {
        put_good(w, op, "201");
    }
    for (int status = 300; status < 600; status++) {
        bool used = false;

        for (size_t i = 0; i < c.n; i++) {
            used = used || err_info(c.code[i])->status == status;
        }
        if (used) {
            jw_key(w, str_fmt(a, "%d", status));
            put_problem(w, &c, status);
        }
    }
    jw_end_obj(w);
}

static void put_access(struct jw *w, const struct op *op)
{
    jw_kstr(w, "x-permission", str_of(perm_names[op->perm]));
    if (op->roles != NULL) {
        jw_kstr(w, "x-roles", str_of(op->roles));
    }
    jw_kstr(w, "x-lane", str_of(lane_names[op->lane]));
    jw_key(w, S("security"));
    if (op->perm == PERM_PUBLIC || op->perm == PERM_CLI) {
        jw_raw(w, S("[]"));
    } else if (op->method == OP_GET || (op->flags & OP_NO_CSRF) != 0) {
        jw_raw(w, S("[{\"session\":[]}]"));
    } else {
        jw_raw(w, S("[{\"session\":[],\"csrf\":[]}]"));
    }
    jw_key(w, S("x-errors"));
    jw_list(w);
    for (const enum err_code *e = op->errors; e != NULL && *e != ERR_CODE_MAX; e++) {
        jw_str(w, str_of(err_info(*e)->slug));
    }
    jw_end_list(w);
}

static struct str capability(const struct op *op)
{
    struct str rest = str_of(op->name);

    return str_split(&rest, '.');
}

static void put_op(struct jw *w, struct arena *a, const struct op *op)
{
    jw_key(w, str_of(methods[op->method]));
    jw_obj(w);
    jw_kstr(w, "operationId", str_of(op->name));
    jw_kstr(w, "summary", str_of(op->zh));
    jw_kstr(w, "x-summary-en", str_of(op->en));
    jw_key(w, S("tags"));
    jw_list(w);
    jw_str(w, capability(op));
    jw_end_list(w);
    put_access(w, op);
    put_parameters(w, a, op);
    put_body(w, a, op);
    put_responses(w, a, op);
    jw_end_obj(w);
}

static bool same_path(const struct op *x, const struct op *y)
{
    return str_eq(str_of(x->path), str_of(y->path));
}

/* Operations of one path stand together, where the path first occurs. */
static void put_paths(struct jw *w, struct arena *a, const struct op_registry *r)
{
    bool *done = ARENA_ARRAY(a, bool, r->n);

    jw_key(w, S("paths"));
    jw_obj(w);
    for (size_t i = 0; i < r->n; i++) {
        if (done[i]) {
            continue;
        }
        jw_key(w, str_of(r->ops[i]->path));
        jw_obj(w);
        for (size_t k = i; k < r->n; k++) {
            if (same_path(r->ops[i], r->ops[k])) {
                done[k] = true;
                put_op(w, a, r->ops[k]);
            }
        }
        jw_end_obj(w);
    }
    jw_end_obj(w);
}

static void put_tags(struct jw *w, struct arena *a, const struct op_registry *r)
{
    struct map *seen = map_new(a);

    jw_key(w, S("tags"));
    jw_list(w);
    for (size_t i = 0; i < r->n; i++) {
        struct str name = capability(r->ops[i]);

        if (map_put(seen, name, seen) == NULL) {
            jw_obj(w);
            jw_kstr(w, "name", name);
            jw_end_obj(w);
        }
    }
    jw_end_list(w);
}

/* clang-format off */
static const char security[] =
    "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-huhang\","
    "\"description\":\"登录后的会话；不用 HTTPS 时名为 huhang (named huhang without HTTPS)\"},"
    "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\"}}";
static const char problem[] =
    "{\"type\":\"object\",\"description\":\"RFC 9457\","
    "\"required\":[\"type\",\"title\",\"status\",\"code\",\"instance\"],"
    "\"properties\":{"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\"},"
    "\"hint\":{\"type\":\"string\"},\"retry_after\":{\"type\":\"integer\"},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"pointer\",\"code\",\"detail\"],"
    "\"properties\":{\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"}}}}}}";
/* clang-format on */

/* Problem, and the shapes of schemas/ by their file names. */
static void put_components(struct jw *w)
{
    jw_key(w, S("components"));
    jw_obj(w);
    jw_key(w, S("securitySchemes"));
    jw_raw(w, str_of(security));
    jw_key(w, S("schemas"));
    jw_obj(w);
    jw_key(w, S("Problem"));
    jw_raw(w, str_of(problem));
    for (size_t i = 0; i < embed_schemas_n; i++) {
        struct str name = str_of(embed_schemas[i].name);

        jw_key(w, str_sub(name, 0, name.n - (sizeof(".json") - 1)));
        jw_raw(w, (struct str){(const char *)embed_schemas[i].p, embed_schemas[i].size});
    }
    jw_end_obj(w);
    jw_end_obj(w);
}

static void put_problem_list(struct jw *w)
{
    jw_key(w, S("x-problems"));
    jw_list(w);
    for (int code = 0; code < ERR_CODE_MAX; code++) {
        const struct err_info *info = err_info((enum err_code)code);

        jw_obj(w);
        jw_kstr(w, "code", str_of(info->slug));
        jw_kint(w, "status", info->status);
        jw_kstr(w, "title", str_of(info->zh));
        jw_kstr(w, "title-en", str_of(info->en));
        jw_kbool(w, "retry", info->retry);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

struct str op_openapi(const struct op_registry *r, struct arena *a)
{
    struct buf text;
    struct jw w;

    buf_init(&text, a, 65536);
    jw_init(&w, &text);
    jw_obj(&w);
    jw_kstr(&w, "openapi", S("3.1.0"));
    jw_key(&w, S("info"));
    jw_raw(&w,
           S("{\"title\":\"护航 Huhang\",\"version\":\"1\",\"license\":{\"name\":\"Mulan PSL v2\","
             "\"identifier\":\"MulanPSL-2.0\"}}"));
    jw_key(&w, S("servers"));
    jw_raw(&w, S("[{\"url\":\"/api/v1\"}]"));
    put_tags(&w, a, r);
    put_paths(&w, a, r);
    put_components(&w);
    put_problem_list(&w);
    jw_end_obj(&w);
    return buf_str(&text);
}
