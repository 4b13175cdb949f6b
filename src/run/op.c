/* The registry of operation rows, the permission column, and how an operation is performed.
 *
 * The order is always the same: who is it (authenticate), may they (permit), what do they say
 * (decode), do it (handler), answer (encode). Lanes, admin.sock, the simulation and the tests go
 * through op_perform, so nothing can come in another way. The registry is built once at start and
 * never changes; every fault of the rows is reported at once. */
#include "run/op.h"

#include "base/arena.h"
#include "base/check.h"
#include "run/app.h"
#include "run/op_registry.h"

static const struct field no_rows[] = {FIELD_END};

/* clang-format off */
/* Who passes the permission column, by kind of actor: y yes, n no, r with the role of the row. Staff
 * need the role for administration; the command line on the host stands for the system administrator,
 * without business rights (三员分立, design.md 7); timers act in matters only. */
static const struct {
    const char *who;  /* NONE, APPLICANT, STAFF, SYSTEM, CLI */
    const char *role; /* NULL: op.roles */
} perms[] = {
    [PERM_PUBLIC]         = {"yyyyy", NULL},
    [PERM_SIGNED_IN]      = {"nyyyy", NULL},
    [PERM_APPLICANT]      = {"nynnn", NULL},
    [PERM_STAFF]          = {"nnyyn", NULL},
    [PERM_ROLES]          = {"nnrnn", NULL},
    [PERM_SYSTEM_ADMIN]   = {"nnrny", "system_admin"},
    [PERM_SECURITY_ADMIN] = {"nnrnn", "security_admin"},
    [PERM_AUDIT_ADMIN]    = {"nnrnn", "audit_admin"},
    [PERM_BUREAU]         = {"nnrny", "bureau_admin"},
    [PERM_MATTER]         = {"nyyyn", NULL},
    [PERM_CLI]            = {"nnnny", NULL},
};
/* clang-format on */

void op_fault(struct arena *a, struct err **ret_err, const struct op *op, const char *what)
{
    struct str name = str_of(op->name != NULL ? op->name : "?");

    if (*ret_err == NULL) {
        *ret_err = ERROR(a, ERR_CONF, "操作表有错，不能启动", "The table of operations is wrong");
    }
    *ret_err = err_field(*ret_err, name, "operation", str_of(what), str_of(what));
}

/* capability.verb: two or more words of lower-case letters, digits and _. */
static bool name_ok(const char *name)
{
    struct str rest = str_of(name);
    size_t words = 0;

    while (rest.p != NULL) {
        struct str word = str_split(&rest, '.');

        for (size_t i = 0; i < word.n; i++) {
            char c = word.p[i];

            if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9'))) {
                return false;
            }
        }
        if (word.n == 0) {
            return false;
        }
        words++;
    }
    return words >= 2;
}

static bool blank(const char *text)
{
    return str_trim(str_of(text)).n == 0;
}

static void check_op(struct arena *a, const struct op *op, struct err **ret_err)
{
    if (op->name == NULL || !name_ok(op->name)) {
        op_fault(a, ret_err, op, "name must be capability.verb");
    }
    if (op->perm < PERM_PUBLIC || op->perm > PERM_CLI) {
        op_fault(a, ret_err, op, "permission is missing");
    } else if ((op->perm == PERM_ROLES) != (op->roles != NULL && op->roles[0] != '\0')) {
        op_fault(a, ret_err, op, "roles belong to PERM_ROLES, and to nothing else");
    }
    if (op->lane < LANE_READ || op->lane > LANE_SLOW) {
        op_fault(a, ret_err, op, "lane is missing");
    } else if (op->method == OP_GET && op->lane == LANE_WRITE) {
        op_fault(a, ret_err, op, "GET does not write");
    } else if ((op->flags & OP_INLINE) != 0 && op->lane != LANE_READ) {
        op_fault(a, ret_err, op, "only a READ operation can be inline");
    }
    if (op->fn == NULL) {
        op_fault(a, ret_err, op, "handler is missing");
    }
    if (blank(op->zh) || blank(op->en)) {
        op_fault(a, ret_err, op, "text is missing");
    }
    if ((op->in != NULL && op->in_size == 0) || (op->out != NULL && op->out_size == 0)) {
        op_fault(a, ret_err, op, "rows without the size of their struct");
    }
}

static void
add_op(struct op_registry *r, struct arena *a, const struct op *op, struct err **ret_err)
{
    check_op(a, op, ret_err);
    if (op->name != NULL) {
        if (map_put(r->by_name, str_of(op->name), (void *)(uintptr_t)op) != NULL) {
            op_fault(a, ret_err, op, "name is taken by another operation");
        }
        map_put(r->places, str_of(op->name), &r->counts[r->n]);
    }
    if (op->method < OP_GET || op->method > OP_DELETE || op->path == NULL) {
        op_fault(a, ret_err, op, "method or path is missing");
    } else {
        op_route_add(r, a, op, ret_err);
    }
    r->ops[r->n++] = op;
}

struct err *op_registry_new(struct app *app, struct arena *a, struct op_registry **ret)
{
    struct op_registry *r = ARENA_NEW(a, struct op_registry);
    struct err *faults = NULL;
    size_t n = 0;

    for (size_t m = 0; m < app->n_modules; m++) {
        n += app->modules[m]->n_ops;
    }
    r->ops = ARENA_ARRAY(a, const struct op *, n);
    r->counts = ARENA_ARRAY(a, struct op_count, n);
    r->by_name = map_new(a);
    r->places = map_new(a);
    r->root = ARENA_NEW(a, struct route_node);
    r->root->children = map_new(a);
    for (size_t m = 0; m < app->n_modules; m++) {
        for (size_t i = 0; i < app->modules[m]->n_ops; i++) {
            add_op(r, a, &app->modules[m]->ops[i], &faults);
        }
    }
    *ret = r;
    return faults;
}

const struct op *op_find(const struct op_registry *r, struct str name)
{
    return map_get(r->by_name, name);
}

size_t op_count(const struct op_registry *r)
{
    return r->n;
}

const struct op *op_at(const struct op_registry *r, size_t i)
{
    CHECK(i < r->n);
    return r->ops[i];
}

void op_counted(const struct op_registry *r, const struct op *op, int status, int64_t busy_us)
{
    struct op_count *count = r != NULL ? map_get(r->places, str_of(op->name)) : NULL;

    if (count != NULL && status >= 100 && status < 100 * OP_CLASSES) {
        atomic_fetch_add_explicit(&count->replies[status / 100], 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&count->busy_us, busy_us, memory_order_relaxed);
    }
}

bool actor_holds_any(const struct actor *a, const char *roles)
{
    struct str rest = str_of(roles);

    while (rest.p != NULL) {
        if (actor_holds(a, str_split(&rest, '|'))) {
            return true;
        }
    }
    return false;
}

static bool column_allows(const struct op *op, const struct actor *a)
{
    char who = perms[op->perm].who[a->kind];
    const char *role = perms[op->perm].role;

    return who == 'y' || (who == 'r' && actor_holds_any(a, role != NULL ? role : op->roles));
}

static struct err *refuse_role(const struct call *c)
{
    return ERROR_TEXT(c->arena, ERR_FORBIDDEN,
                      str_fmt(c->arena, "您的角色不能办理「%s」", c->op->zh),
                      str_fmt(c->arena, "Your roles do not allow this: %s", c->op->en));
}

struct err *op_permit(struct call *c)
{
    const struct op *op = c->op;

    if (((op->flags & OP_DEMO) != 0 && !c->app->conf.demo) ||
        (op->perm == PERM_CLI && c->actor.kind != ACTOR_CLI)) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个地址", "There is nothing at this address");
    }
    if (!column_allows(op, &c->actor)) {
        if (c->actor.kind == ACTOR_NONE) {
            return err_hint(
                ERROR(c->arena, ERR_SIGN_IN, "此事须登录后办理", "You must be signed in"),
                "请登录后再试", "Sign in and try again");
        }
        return refuse_role(c);
    }
    if (c->actor.must_change_password && op->perm != PERM_PUBLIC &&
        (op->flags & OP_ANY_PASSWORD) == 0) {
        return err_hint(ERROR(c->arena, ERR_PASSWORD_CHANGE, "您的密码须先更换",
                              "Your password must be changed"),
                        "请先设置新密码", "Set a new password, then go on");
    }
    return NULL;
}

struct err *op_enter(struct call *c)
{
    if (c->actor.kind == ACTOR_NONE && c->app->authenticate != NULL) {
        TRY(c->app->authenticate(c));
    }
    TRY(op_permit(c));
    if ((c->op->flags & OP_IF_MATCH) != 0 && c->if_match.n == 0) {
        return err_hint(ERROR(c->arena, ERR_PRECONDITION_MISSING, "修改须注明所依据的版本",
                              "A change must say which version it builds on"),
                        "请先读取最新内容，把其 ETag 放入 If-Match",
                        "Read the latest state and send its ETag as If-Match");
    }
    return NULL;
}

struct err *op_handle(struct call *c, const struct jval *obj, struct str *ret_body)
{
    const struct op *op = c->op;
    const struct jval empty = {.type = J_OBJ};
    void *in = arena_alloc(c->arena, op->in_size > 0 ? op->in_size : 1, _Alignof(max_align_t));
    void *out = arena_alloc(c->arena, op->out_size > 0 ? op->out_size : 1, _Alignof(max_align_t));
    struct buf text;
    struct jw w;

    *ret_body = STR_NONE;
    TRY(field_decode(c->arena, op->in != NULL ? op->in : no_rows, obj != NULL ? obj : &empty, S(""),
                     in));
    TRY(op->fn(c, in, out));
    if ((op->flags & OP_JSON_RAW) != 0 || c->reply.media.p != NULL) {
        if (c->reply.media.p == NULL) {
            c->reply.media = str_of(op->reply_media != NULL ? op->reply_media : "application/json");
        }
        *ret_body = bytes_str(c->reply.body);
    } else if (op->out != NULL) {
        buf_init(&text, c->arena, 512);
        jw_init(&w, &text);
        field_encode(&w, op->out, out);
        *ret_body = buf_str(&text);
    }
    return NULL;
}

struct err *op_perform(struct call *c, const struct jval *obj, struct str *ret_body)
{
    TRY(op_enter(c));
    return op_handle(c, obj, ret_body);
}

int op_status(const struct call *c)
{
    if (c->reply.status != 0) {
        return c->reply.status;
    }
    if (c->reply.location.p != NULL) {
        return 201;
    }
    return c->reply.media.p == NULL && (c->op == NULL || c->op->out == NULL) ? 204 : 200;
}

/* Visible ASCII (RFC 9110, 5.6.2 and the Idempotency-Key draft). */
static bool all_visible(struct str s)
{
    for (size_t i = 0; s.p != NULL && i < s.n; i++) {
        if (s.p[i] < '!' || s.p[i] > '~') {
            return false;
        }
    }
    return true;
}

struct err *op_need_key(const struct call *c)
{
    struct str key = c->idempotency_key;

    if (c->op->lane != LANE_WRITE || (c->op->flags & OP_NO_KEY) != 0 ||
        (key.p == NULL && c->actor.kind == ACTOR_SYSTEM)) {
        return NULL;
    }
    if (!all_visible(key)) {
        key = STR_NONE;
    }
    if (key.n >= 8 && key.n <= 128) {
        return NULL;
    }
    return err_hint(ERROR(c->arena, ERR_KEY_MISSING,
                          "写操作须带 8 至 128 个可见 ASCII 字符的 Idempotency-Key",
                          "A write needs an Idempotency-Key of 8 to 128 visible ASCII characters"),
                    "每件事用一个新编号，重试时沿用同一个",
                    "Use a fresh key for each intent and keep it across retries");
}
