/* The module: every operation of the office as a row, and what its files share. */
#include "app/office/ops.h"

#include "base/check.h"
#include "crypto/crypto.h"
#include "procedure/org.h"

#define ADMINS   ROLE_SYSTEM_ADMIN "|" ROLE_SECURITY_ADMIN "|" ROLE_AUDIT_ADMIN "|" ROLE_BUREAU_ADMIN
#define ETAG_HEX 24

static const enum err_code CHANGE_ERRORS[] = {ERR_NOT_FOUND, ERR_CHANGED, ERR_DB_REFERENCED,
                                              ERR_CODE_MAX};
static const enum err_code OFFICE_ERRORS[] = {ERR_CHANGED, ERR_CODE_MAX};
static const enum err_code STAFF_ERRORS[] = {ERR_NOT_FOUND, ERR_CHANGED, ERR_CONFLICT,
                                             ERR_CODE_MAX};
static const enum err_code GRANT_ERRORS[] = {ERR_NOT_FOUND, ERR_CONFLICT, ERR_CODE_MAX};
static const enum err_code FIND_ERRORS[] = {ERR_NOT_FOUND, ERR_CODE_MAX};

#define IN(rows, type)  .in = (rows), .in_size = sizeof(type)
#define OUT(rows, type) .out = (rows), .out_size = sizeof(type)

/* clang-format off */
static const struct op OPS[] = {
    {.name = "office.get", .method = OP_GET, .path = "/office", .lane = LANE_READ, .perm = PERM_PUBLIC,
     OUT(office_out_rows, struct out_office), .fn = office_get, .zh = "大厅资料", .en = "Office profile"},
    {.name = "office.put", .method = OP_PUT, .path = "/office", .lane = LANE_WRITE, .perm = PERM_BUREAU, .flags = OP_IF_MATCH,
     IN(office_in_rows, struct in_office), OUT(office_out_rows, struct out_office), .fn = office_put, .errors = OFFICE_ERRORS, .zh = "修改大厅资料", .en = "Change the office profile"},
    {.name = "office.units", .method = OP_GET, .path = "/units", .lane = LANE_READ, .perm = PERM_PUBLIC,
     OUT(units_public_rows, struct out_rows), .fn = units_get, .zh = "部门", .en = "Units"},
    {.name = "office.bureau_units", .method = OP_GET, .path = "/bureau/units", .lane = LANE_READ, .perm = PERM_ROLES, .roles = ADMINS,
     OUT(units_bureau_rows, struct out_rows), .fn = bureau_units_get, .zh = "部门管理", .en = "Units, closed ones too"},
    {.name = "office.add_unit", .method = OP_POST, .path = "/bureau/units", .lane = LANE_WRITE, .perm = PERM_BUREAU,
     IN(unit_new_rows, struct in_unit), OUT(unit_out_rows, struct out_unit), .fn = unit_post, .zh = "新建部门", .en = "Add a unit"},
    {.name = "office.change_unit", .method = OP_PUT, .path = "/bureau/units/{id}", .lane = LANE_WRITE, .perm = PERM_BUREAU,
     IN(unit_change_rows, struct in_unit), OUT(unit_out_rows, struct out_unit), .fn = unit_put, .errors = CHANGE_ERRORS, .zh = "修改部门", .en = "Change a unit"},
    {.name = "office.staff", .method = OP_GET, .path = "/bureau/staff", .lane = LANE_READ, .perm = PERM_ROLES, .roles = ADMINS,
     IN(staff_list_rows, struct in_staff_list), OUT(staffs_out_rows, struct out_rows), .fn = staff_get, .zh = "工作人员", .en = "Staff"},
    {.name = "office.add_staff", .method = OP_POST, .path = "/bureau/staff", .lane = LANE_WRITE, .perm = PERM_SYSTEM_ADMIN,
     IN(staff_new_rows, struct in_staff), OUT(person_code_rows, struct person_code), .fn = staff_post, .zh = "新建工作人员账号", .en = "Add a member of staff"},
    {.name = "office.change_staff", .method = OP_PUT, .path = "/bureau/staff/{id}", .lane = LANE_WRITE, .perm = PERM_SYSTEM_ADMIN,
     IN(staff_change_rows, struct in_staff), OUT(staff_out_rows, struct out_staff), .fn = staff_put, .errors = STAFF_ERRORS, .zh = "修改工作人员账号", .en = "Change a member of staff"},
    {.name = "office.staff_code", .method = OP_POST, .path = "/bureau/staff/{id}/code", .lane = LANE_WRITE, .perm = PERM_SYSTEM_ADMIN,
     IN(id_in_rows, struct in_id), OUT(person_code_rows, struct person_code), .fn = staff_code, .errors = FIND_ERRORS, .zh = "打印工作人员的一次性口令", .en = "Print a one-time code for staff"},
    {.name = "office.colleagues", .method = OP_GET, .path = "/colleagues", .lane = LANE_READ, .perm = PERM_STAFF,
     IN(colleague_in_rows, struct in_colleagues), OUT(colleagues_out_rows, struct out_rows), .fn = colleagues_get, .zh = "可选的同事", .en = "Colleagues to choose from"},
    {.name = "office.grants", .method = OP_GET, .path = "/bureau/staff/{id}/roles", .lane = LANE_READ, .perm = PERM_ROLES, .roles = ADMINS,
     IN(id_in_rows, struct in_id), OUT(grants_out_rows, struct out_rows), .fn = grants_get, .zh = "工作人员的角色", .en = "Roles of a member of staff"},
    {.name = "office.grant", .method = OP_POST, .path = "/bureau/staff/{id}/roles", .lane = LANE_WRITE, .perm = PERM_SECURITY_ADMIN,
     IN(grant_in_rows, struct in_grant), OUT(grant_out_rows, struct out_grant), .fn = grant_post, .errors = GRANT_ERRORS, .zh = "授予角色", .en = "Grant a role"},
    {.name = "office.revoke", .method = OP_DELETE, .path = "/bureau/staff/{id}/roles/{grant_id}", .lane = LANE_WRITE, .perm = PERM_SECURITY_ADMIN,
     IN(grant_delete_rows, struct in_grant), .fn = grant_delete, .errors = GRANT_ERRORS, .zh = "收回角色", .en = "Revoke a role"},
    {.name = "office.roles", .method = OP_GET, .path = "/roles", .lane = LANE_READ, .perm = PERM_STAFF,
     OUT(roles_out_rows, struct out_rows), .fn = roles_get, .zh = "可授予的角色", .en = "Roles that can be granted"},
    {.name = "office.audit", .method = OP_GET, .path = "/audit", .lane = LANE_READ, .perm = PERM_AUDIT_ADMIN,
     IN(audit_in_rows, struct in_audit), OUT(audits_out_rows, struct out_rows), .fn = audit_get, .zh = "审计记录", .en = "Audit"},
    {.name = "office.sign_ins", .method = OP_GET, .path = "/sign-ins", .lane = LANE_READ, .perm = PERM_AUDIT_ADMIN,
     IN(sign_ins_in_rows, struct in_sign_ins), OUT(sign_ins_out_rows, struct out_rows), .fn = sign_ins_get, .zh = "登录记录", .en = "Sign-ins"},
};

const struct field unit_ref_rows[] = {
    F_ID(struct unit_ref, id, FIELD_REQUIRED, "部门编号", "Unit"),
    F_OBJECT(struct unit_ref, name, FIELD_REQUIRED, label_rows, struct label, "部门名称", "Name of the unit"),
    FIELD_END,
};
const struct field id_in_rows[] = {
    F_ID(struct in_id, id, FIELD_REQUIRED, "编号", "Number"),
    FIELD_END,
};
/* clang-format on */

struct unit_ref *unit_ref_new(struct call *c, int64_t id)
{
    const struct org_unit *u = id > 0 ? org_unit(org_of(c->app), id) : NULL;
    struct unit_ref *ret = NULL;

    if (u != NULL) {
        ret = ARENA_NEW(c->arena, struct unit_ref);
        *ret = (struct unit_ref){u->id, label_new(c->arena, u->name, u->name_en)};
    }
    return ret;
}

struct str etag_of(struct arena *a, const struct str *parts, size_t n)
{
    unsigned char digest[CRYPT_SHA256_LEN];
    struct buf b;

    buf_init(&b, a, 256);
    for (size_t i = 0; i < n; i++) {
        buf_u64(&b, parts[i].n);
        buf_put(&b, parts[i]);
    }
    crypt_sha256(buf_bytes(&b), digest);
    return str_sub(str_hex(a, (struct bytes){digest, sizeof digest}), 0, ETAG_HEX);
}

struct err *check_etag(struct call *c, struct str etag)
{
    if (c->if_match.p == NULL || str_eq(c->if_match, etag)) {
        return NULL;
    }
    struct jval tag = jval_of_str(etag);
    return err_member(
        err_hint(ERROR(c->arena, ERR_CHANGED, "您打开以后，这项内容已被别人修改，您的修改没有保存",
                       "Somebody changed this after you opened it; your change was not saved"),
                 "请看最新内容，再决定是否修改", "Look at what is there now, then decide"),
        "etag", jval_text(c->arena, &tag));
}

int64_t id_or(int64_t id, int64_t other)
{
    return id == FIELD_NO_INT ? other : id;
}

const struct module office_module = {
    .name = "office",
    .ops = OPS,
    .n_ops = COUNT_OF(OPS),
};
