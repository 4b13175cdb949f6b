/* The module: every operation of identity as a row, its statements, start and timer. */
#include "app/identity/ops.h"

#include "base/arena.h"
#include "base/check.h"
#include "sys/log.h"

#define PURGE_EVERY_MS 3600000
#define PRUNE_EVERY_MS 60000
/* Who receives people at a window. */
#define WINDOW_ROLES "clerk"

static const enum err_code SIGN_IN_ERRORS[] = {ERR_SIGN_IN_FAILED, ERR_LOCKED_OUT, ERR_CODE_MAX};
static const enum err_code PASSWORD_ERRORS[] = {ERR_LOCKED_OUT, ERR_CODE_MAX};
static const enum err_code REGISTER_ERRORS[] = {ERR_CONFLICT, ERR_TOO_MANY, ERR_CODE_MAX};
static const enum err_code CONFLICT_ERRORS[] = {ERR_CONFLICT, ERR_CODE_MAX};
static const enum err_code FIND_ERRORS[] = {ERR_NOT_FOUND, ERR_CODE_MAX};
static const enum err_code BOTH_ERRORS[] = {ERR_NOT_FOUND, ERR_CONFLICT, ERR_CODE_MAX};

/* Sign-in and its like change no business state and run on the SLOW lane (hashing), so they take no
 * command id: a repeated sign-in is another sign-in. */
#define SIGN_IN_FLAGS   (OP_NO_KEY | OP_NO_CSRF | OP_ANY_PASSWORD)
#define SESSION_FLAGS   (OP_NO_KEY | OP_ANY_PASSWORD)
#define ME_OUT          .out = me_rows, .out_size = sizeof(struct me)
#define IN(rows, type)  .in = (rows), .in_size = sizeof(type)
#define OUT(rows, type) .out = (rows), .out_size = sizeof(type)

/* clang-format off */
static const struct op OPS[] = {
    {.name = "identity.me", .method = OP_GET, .path = "/me", .lane = LANE_READ, .perm = PERM_PUBLIC, .flags = OP_ANY_PASSWORD,
     ME_OUT, .fn = me_get, .zh = "我是谁", .en = "Who am I"},
    {.name = "identity.sign_in", .method = OP_POST, .path = "/session", .lane = LANE_SLOW, .perm = PERM_PUBLIC, .flags = SIGN_IN_FLAGS,
     IN(sign_in_rows, struct in_sign_in), ME_OUT, .fn = session_post, .errors = SIGN_IN_ERRORS, .zh = "登录", .en = "Sign in"},
    {.name = "identity.sign_out", .method = OP_DELETE, .path = "/session", .lane = LANE_WRITE, .perm = PERM_PUBLIC, .flags = SESSION_FLAGS,
     ME_OUT, .fn = session_delete, .zh = "退出登录", .en = "Sign out"},
    {.name = "identity.act_for", .method = OP_PUT, .path = "/session/acting", .lane = LANE_WRITE, .perm = PERM_APPLICANT, .flags = OP_NO_KEY,
     IN(acting_rows, struct in_acting), ME_OUT, .fn = session_acting, .zh = "选择代表谁办理", .en = "Choose whom one acts for"},
    {.name = "identity.change_password", .method = OP_PUT, .path = "/session/password", .lane = LANE_SLOW, .perm = PERM_SIGNED_IN, .flags = SESSION_FLAGS,
     IN(password_in_rows, struct in_password), ME_OUT, .fn = session_password, .errors = PASSWORD_ERRORS, .zh = "更换密码", .en = "Change one's password"},
    {.name = "identity.use_code", .method = OP_POST, .path = "/session/code", .lane = LANE_SLOW, .perm = PERM_PUBLIC, .flags = SIGN_IN_FLAGS,
     IN(code_in_rows, struct in_code), ME_OUT, .fn = session_code, .errors = SIGN_IN_ERRORS, .zh = "用一次性口令设置密码", .en = "Set a password with a one-time code"},
    {.name = "identity.register", .method = OP_POST, .path = "/registrations", .lane = LANE_SLOW, .perm = PERM_PUBLIC, .flags = SIGN_IN_FLAGS,
     IN(register_rows, struct in_register), ME_OUT, .fn = registration_post, .errors = REGISTER_ERRORS, .zh = "注册账号", .en = "Register an account"},
    {.name = "identity.find_party", .method = OP_GET, .path = "/parties", .lane = LANE_READ, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(identifier_rows, struct in_identifier), OUT(parties_out_rows, struct out_rows), .fn = parties_get, .zh = "按证件号查申请人", .en = "Find a party by its identifier"},
    {.name = "identity.make_party", .method = OP_POST, .path = "/parties", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(party_in_rows, struct in_party), OUT(party_out_rows, struct out_party), .fn = parties_post, .errors = CONFLICT_ERRORS, .zh = "登记到窗口的申请人", .en = "Register a walk-in party"},
    {.name = "identity.find_person", .method = OP_GET, .path = "/people", .lane = LANE_READ, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(identifier_rows, struct in_identifier), OUT(people_out_rows, struct out_rows), .fn = people_get, .zh = "按身份证号查账号", .en = "Find an account by id number"},
    {.name = "identity.make_person", .method = OP_POST, .path = "/people", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(person_in_rows, struct in_person), OUT(person_code_rows, struct person_code), .fn = people_post, .errors = CONFLICT_ERRORS, .zh = "窗口开通账号", .en = "Open an account at a window"},
    {.name = "identity.verify_person", .method = OP_POST, .path = "/people/{id}/verify", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(verify_rows, struct in_verify), OUT(person_out_rows, struct out_person), .fn = people_verify, .errors = FIND_ERRORS, .zh = "核验身份", .en = "Verify an identity"},
    {.name = "identity.code_for_person", .method = OP_POST, .path = "/people/{id}/code", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(id_rows, struct in_id), OUT(person_code_rows, struct person_code), .fn = people_code, .errors = FIND_ERRORS, .zh = "打印新的一次性口令", .en = "Print a new one-time code"},
    {.name = "identity.enter_mandate", .method = OP_POST, .path = "/people/{id}/mandates", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(mandate_window_rows, struct in_mandate), OUT(mandate_out_rows, struct out_mandate), .fn = people_mandate, .errors = BOTH_ERRORS, .zh = "窗口登记授权", .en = "Enter a mandate at a window"},
    {.name = "identity.list_mandates", .method = OP_GET, .path = "/mandates", .lane = LANE_READ, .perm = PERM_SIGNED_IN,
     IN(mandates_in_rows, struct in_mandates), OUT(mandates_out_rows, struct out_rows), .fn = mandates_get, .zh = "授权清单", .en = "Mandates"},
    {.name = "identity.ask_mandate", .method = OP_POST, .path = "/mandates", .lane = LANE_WRITE, .perm = PERM_APPLICANT,
     IN(mandate_own_rows, struct in_mandate), OUT(mandate_out_rows, struct out_mandate), .fn = mandates_post, .errors = BOTH_ERRORS, .zh = "申请登记授权", .en = "Ask for a mandate"},
    {.name = "identity.confirm_mandate", .method = OP_POST, .path = "/mandates/{id}/confirm", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = WINDOW_ROLES,
     IN(verify_rows, struct in_verify), OUT(mandate_out_rows, struct out_mandate), .fn = mandates_confirm, .errors = BOTH_ERRORS, .zh = "确认授权", .en = "Confirm a mandate"},
    {.name = "identity.end_mandate", .method = OP_DELETE, .path = "/mandates/{id}", .lane = LANE_WRITE, .perm = PERM_SIGNED_IN,
     IN(id_rows, struct in_id), .fn = mandates_delete, .errors = FIND_ERRORS, .zh = "终止授权", .en = "End a mandate"},
    {.name = "identity.setup", .method = OP_POST, .path = "/setup/administrators", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = ROLE_SETUP_ADMIN,
     IN(setup_in_rows, struct in_setup), OUT(setup_out_rows, struct out_setup), .fn = setup_post, .zh = "指定安全管理员和审计管理员", .en = "Name the security and audit administrators"},
};
/* clang-format on */

static struct err *start(struct call *c)
{
    TRY(cache_start(c));
    c->app->authenticate = identity_authenticate;
    return NULL;
}

/* ---- the timer ---- */

static struct err *purge(struct call *c, void *ctx)
{
    (void)ctx;
    TRY(session_purge(c));
    return code_purge(c);
}

static void purged(struct job *j)
{
    if (j->outcome.err != NULL) {
        log_err(LOG_WARN, STR_NONE, j->outcome.err);
    }
    arena_free(j->call.arena);
}

static void post_purge(struct app *app)
{
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);

    call_init(&j->call, app, a, ACTOR_SYSTEM);
    j->fn = purge;
    j->done = purged;
    if (!lane_post(app->lanes, j)) {
        arena_free(a);
    }
}

static void tick(struct app *app)
{
    struct cache_timer *t = cache_timer(app);
    int64_t now = clock_mono_ms(app->clock);

    if (app->lanes == NULL) {
        return;
    }
    if (now >= t->prune_ms) {
        t->prune_ms = now + PRUNE_EVERY_MS;
        cache_prune(app);
    }
    if (now >= t->purge_ms) {
        t->purge_ms = now + PURGE_EVERY_MS;
        post_purge(app);
    }
}

const struct module identity_module = {
    .name = "identity",
    .ops = OPS,
    .n_ops = COUNT_OF(OPS),
    .start = start,
    .tick = tick,
};
