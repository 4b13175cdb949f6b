/* The first start: `huhang init` makes the system administrator with a one-time code; at the first
 * sign-in it sets a password and names the other two administrators. Until then it holds only the
 * role ROLE_SETUP_ADMIN, which opens nothing else. */
#include "app/identity/ops.h"

/* clang-format off */
static const struct field ADMIN_ROWS[] = {
    F_TEXT(struct in_admin, login, FIELD_REQUIRED, 1, 100, "账号", "Account"),
    F_TEXT(struct in_admin, name, FIELD_REQUIRED | FIELD_NFC, 1, 60, "姓名", "Name"),
    FIELD_END,
};
const struct field setup_in_rows[] = {
    F_OBJECT(struct in_setup, security, FIELD_REQUIRED, ADMIN_ROWS, struct in_admin, "安全管理员", "Security administrator"),
    F_OBJECT(struct in_setup, audit, FIELD_REQUIRED, ADMIN_ROWS, struct in_admin, "审计管理员", "Audit administrator"),
    FIELD_END,
};
const struct field setup_out_rows[] = {
    F_OBJECT(struct out_setup, security, FIELD_REQUIRED, person_code_rows, struct person_code, "安全管理员", "Security administrator"),
    F_OBJECT(struct out_setup, audit, FIELD_REQUIRED, person_code_rows, struct person_code, "审计管理员", "Audit administrator"),
    FIELD_END,
};
/* clang-format on */

static struct err *
add_admin(struct call *c, const struct person_new *p, struct str role, int64_t *ret_id)
{
    TRY(identity_add_person(c, p, ret_id));
    struct grant_new g = {.person_id = *ret_id, .role = role};
    int64_t grant;
    return identity_grant(c, &g, &grant);
}

struct err *
identity_first_admin(struct call *c, struct str login, struct str name, struct str *ret_code)
{
    struct person_new p = {.staff = true, .login = login, .name = name};
    bool there = false;
    int64_t id;

    TRY(identity_check_person(c, &p, S("")));
    TRY(grant_exists(c, S(ROLE_SYSTEM_ADMIN), &there));
    if (there) {
        return ERROR(c->arena, ERR_CONFLICT, "已经有系统管理员了",
                     "There is a system administrator already");
    }
    TRY(add_admin(c, &p, S(ROLE_SYSTEM_ADMIN), &id));
    return identity_new_code(c, id, ret_code);
}

struct err *setup_post(struct call *c, const void *in, void *out)
{
    const struct in_setup *p = in;
    struct out_setup *ret = out;
    struct person_new security = {
        .staff = true, .login = p->security->login, .name = p->security->name};
    struct person_new audit = {.staff = true, .login = p->audit->login, .name = p->audit->name};
    struct err *e = identity_check_person(c, &security, S("/security"));
    int64_t security_id, audit_id;

    e = identity_join_faults(c, e, identity_check_person(c, &audit, S("/audit")));
    if (str_eq(security.login, audit.login)) {
        field_fault(c->arena, &e, S("/audit/login"), "same", "账号：三名管理员须是不同的人",
                    "Account: the three administrators must be different people");
    }
    TRY(e);
    TRY(add_admin(c, &security, S(ROLE_SECURITY_ADMIN), &security_id));
    TRY(add_admin(c, &audit, S(ROLE_AUDIT_ADMIN), &audit_id));
    ret->security = ARENA_NEW(c->arena, struct person_code);
    ret->audit = ARENA_NEW(c->arena, struct person_code);
    TRY(identity_print_code(c, security_id, ret->security));
    TRY(identity_print_code(c, audit_id, ret->audit));
    identity_changed(c, 0);
    c->reply.status = 201;
    c->reply.no_store = true;
    return NULL;
}
