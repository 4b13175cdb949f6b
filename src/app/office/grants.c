/* Roles of staff, granted by the security administrator, who makes no accounts. The rules are in
 * app/identity/grant.c. */
#include "app/office/ops.h"

#include "base/check.h"
#include "civil/date.h"
#include "procedure/definition.h"
#include "procedure/matter.h"
#include "procedure/roles.h"

/* clang-format off */
const struct field grant_line_rows[] = {
    F_ID(struct grant_line, id, 0, NULL, NULL),
    F_ID(struct grant_line, office_id, 0, NULL, NULL),
    F_ID(struct grant_line, person_id, 0, NULL, NULL),
    F_ID(struct grant_line, unit_id, 0, NULL, NULL),
    F_ID(struct grant_line, stands_in_for, 0, NULL, NULL),
    F_ID(struct grant_line, last_id, 0, NULL, NULL),
    F_TEXT(struct grant_line, role, 0, 0, 0, NULL, NULL),
    F_TEXT(struct grant_line, from_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct grant_line, to_on, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
const struct field grant_in_rows[] = {
    F_ID(struct in_grant, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct in_grant, role, FIELD_REQUIRED, 1, 60, "角色", "Role"),
    F_ID(struct in_grant, unit_id, 0, "部门（空：全局）", "Unit, null: the whole office"),
    F_DATE(struct in_grant, from_on, 0, "开始日期", "First day"),
    F_DATE(struct in_grant, to_on, 0, "截止日期", "Last day"),
    F_ID(struct in_grant, stands_in_for, 0, "代理何人", "Stands in for"),
    FIELD_END,
};
const struct field grant_delete_rows[] = {
    F_ID(struct in_grant, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_ID(struct in_grant, grant_id, FIELD_REQUIRED, "授权编号", "Grant"),
    FIELD_END,
};
const struct field grant_out_rows[] = {
    F_ID(struct out_grant, grant_id, FIELD_REQUIRED, "授权编号", "Grant"),
    F_TEXT(struct out_grant, role, FIELD_REQUIRED, 0, 0, "角色", "Role"),
    F_OBJECT(struct out_grant, name, FIELD_REQUIRED, label_rows, struct label, "角色名称", "Name of the role"),
    F_OBJECT(struct out_grant, unit, 0, unit_ref_rows, struct unit_ref, "部门（空：全局）", "Unit, null: the whole office"),
    F_DATE(struct out_grant, from_on, FIELD_REQUIRED, "开始日期", "First day"),
    F_DATE(struct out_grant, to_on, 0, "截止日期", "Last day"),
    F_ID(struct out_grant, stands_in_for, 0, "代理何人", "Stands in for"),
    F_BOOL(struct out_grant, in_force, FIELD_REQUIRED, "今天有效", "In force today"),
    FIELD_END,
};
const struct field grants_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, grant_out_rows, struct out_grant, "角色", "Roles"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};
static const struct field ROLE_ROWS[] = {
    F_TEXT(struct out_role, role, FIELD_REQUIRED, 0, 0, "角色", "Role"),
    F_OBJECT(struct out_role, name, FIELD_REQUIRED, label_rows, struct label, "角色名称", "Name of the role"),
    F_TEXT(struct out_role, scope, FIELD_REQUIRED, 0, 0, "范围", "Scope"),
    F_BOOL(struct out_role, admin, FIELD_REQUIRED, "三员之一", "One of the three administrators"),
    FIELD_END,
};
const struct field roles_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, ROLE_ROWS, struct out_role, "可授予的角色", "Roles that can be granted"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};

STMT(GRANT_LIST, "office.grants", grant_line_rows, grant_line_rows, struct grant_line,
            "SELECT g.id, g.office_id, g.person_id, g.unit_id, g.role, g.from_on, g.to_on, g.stands_in_for FROM role_grant g"
            " JOIN person p ON p.id = g.person_id WHERE g.person_id = :person_id AND g.office_id = :office_id"
            " AND p.kind = 'staff' ORDER BY g.id");
/* clang-format on */

void grant_shown(struct call *c, const struct grant_line *g, struct out_grant *ret)
{
    struct str day = civil_text(c->arena, civil_day_of(c->now_ms));

    *ret = (struct out_grant){
        .grant_id = g->id,
        .role = g->role,
        .from_on = g->from_on,
        .to_on = g->to_on,
        .name = identity_role_name(c, g->role),
        .unit = unit_ref_new(c, g->unit_id),
        .stands_in_for = g->stands_in_for,
        .in_force =
            str_cmp(g->from_on, day) <= 0 && (g->to_on.p == NULL || str_cmp(day, g->to_on) <= 0),
    };
}

static struct err *grants_of(struct call *c, int64_t person_id, struct list *ret)
{
    struct grant_line in = {.office_id = c->office_id, .person_id = person_id};

    return db_all(c->db, c->arena, &GRANT_LIST, &in, ret);
}

struct err *grants_get(struct call *c, const void *in, void *out)
{
    const struct in_id *p = in;
    struct out_rows *ret = out;
    struct list found = {0};

    TRY(grants_of(c, p->id, &found));
    struct out_grant *rows = ARENA_ARRAY(c->arena, struct out_grant, found.n + 1);
    for (size_t i = 0; i < found.n; i++) {
        grant_shown(c, &((const struct grant_line *)found.p)[i], &rows[i]);
    }
    ret->rows = (struct list){rows, found.n};
    return NULL;
}

struct err *grant_post(struct call *c, const void *in, void *out)
{
    const struct in_grant *p = in;
    struct list found = {0};
    struct grant_new g = {
        .person_id = p->id,
        .role = p->role,
        .unit_id = id_or(p->unit_id, 0),
        .from_on = p->from_on,
        .to_on = p->to_on,
        .stands_in_for = id_or(p->stands_in_for, 0),
    };
    int64_t id;

    TRY(identity_grant(c, &g, &id));
    TRY(grants_of(c, p->id, &found));
    const struct grant_line *lines = found.p;
    CHECK(found.n > 0 && lines[found.n - 1].id == id);
    grant_shown(c, &lines[found.n - 1], out);
    c->reply.status = 201;
    return NULL;
}

struct err *grant_delete(struct call *c, const void *in, void *out)
{
    const struct in_grant *p = in;

    (void)out;
    return identity_revoke(c, p->id, p->grant_id);
}

/* ---- GET /roles ---- */

static const char *const ADMINS[] = {ROLE_SYSTEM_ADMIN, ROLE_SECURITY_ADMIN, ROLE_AUDIT_ADMIN,
                                     ROLE_BUREAU_ADMIN};

static bool is_fixed(struct str role)
{
    for (size_t i = 0; i < COUNT_OF(ADMINS); i++) {
        if (str_eqz(role, ADMINS[i])) {
            return true;
        }
    }
    return false;
}

static void role_shown(struct call *c, struct str role, const char *scope, struct out_role *ret)
{
    *ret = (struct out_role){
        .role = role,
        .scope = str_of(scope),
        .name = identity_role_name(c, role),
        .admin = identity_role_is_admin(role),
    };
}

struct err *roles_get(struct call *c, const void *in, void *out)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    struct out_role *rows = ARENA_ARRAY(c->arena, struct out_role, set->n + COUNT_OF(ADMINS));
    struct out_rows *ret = out;
    size_t n = 0;

    (void)in;
    for (size_t i = 0; i < set->n; i++) {
        const struct role *r = &set->roles[i];

        if (identity_role_grantable(c->app, r->name) && !is_fixed(r->name)) {
            role_shown(c, r->name, role_scope_name(r->scope), &rows[n++]);
        }
    }
    for (size_t i = 0; i < COUNT_OF(ADMINS); i++) {
        role_shown(c, str_of(ADMINS[i]), "office", &rows[n++]);
    }
    ret->rows = (struct list){rows, n};
    return NULL;
}
