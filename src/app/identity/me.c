/* GET /me, and the body of every reply that changes who one is. It answers without a session too:
 * the office, its time, the pages open to everybody. `pages` says which workplaces to offer;
 * clients never decide by role names. */
#include "app/identity/ops.h"

#include "civil/date.h"
#include "procedure/org.h"

struct me_unit {
    int64_t id;
    struct label *name;
};
struct me_person {
    int64_t id;
    struct str name, login, kind;
    bool verified;
    struct me_unit *unit;
};
struct me_role {
    struct str role;
    struct label *name;
    int64_t unit_id, stands_in_for;
};
struct me_acting {
    int64_t party_id, mandate_id;
    struct str name, kind;
};
struct me_mandate {
    int64_t mandate_id, party_id;
    struct str name, kind, scope;
};
struct me_office {
    struct label *name;
    bool demo;
    struct jval profile;
};

/* clang-format off */
static const struct field UNIT_ROWS[] = {
    F_ID(struct me_unit, id, FIELD_REQUIRED, "部门编号", "Unit"),
    F_OBJECT(struct me_unit, name, FIELD_REQUIRED, label_rows, struct label, "部门名称", "Name of the unit"),
    FIELD_END,
};
static const struct field PERSON_ROWS[] = {
    F_ID(struct me_person, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct me_person, name, FIELD_REQUIRED, 0, 0, "姓名", "Name"),
    F_TEXT(struct me_person, login, FIELD_REQUIRED, 0, 0, "账号", "Account"),
    F_TEXT(struct me_person, kind, FIELD_REQUIRED, 0, 0, "人员种类", "staff or applicant"),
    F_BOOL(struct me_person, verified, FIELD_REQUIRED, "已核验身份", "Identity verified"),
    F_OBJECT(struct me_person, unit, 0, UNIT_ROWS, struct me_unit, "部门", "Unit"),
    FIELD_END,
};
static const struct field ROLE_ROWS[] = {
    F_TEXT(struct me_role, role, FIELD_REQUIRED, 0, 0, "角色", "Role"),
    F_OBJECT(struct me_role, name, FIELD_REQUIRED, label_rows, struct label, "角色名称", "Name of the role"),
    F_ID(struct me_role, unit_id, 0, "部门（空：全局）", "Unit, null: the whole office"),
    F_ID(struct me_role, stands_in_for, FIELD_OMIT, "代理何人", "Stands in for"),
    FIELD_END,
};
static const struct field ACTING_ROWS[] = {
    F_ID(struct me_acting, party_id, FIELD_REQUIRED, "申请人编号", "Party"),
    F_TEXT(struct me_acting, name, FIELD_REQUIRED, 0, 0, "名称", "Name"),
    F_TEXT(struct me_acting, kind, FIELD_REQUIRED, 0, 0, "申请人种类", "Kind of party"),
    F_ID(struct me_acting, mandate_id, 0, "授权编号（空：本人）", "Mandate, null: oneself"),
    FIELD_END,
};
static const struct field MANDATE_ROWS[] = {
    F_ID(struct me_mandate, mandate_id, FIELD_REQUIRED, "授权编号", "Mandate"),
    F_ID(struct me_mandate, party_id, FIELD_REQUIRED, "申请人编号", "Party"),
    F_TEXT(struct me_mandate, name, FIELD_REQUIRED, 0, 0, "名称", "Name"),
    F_TEXT(struct me_mandate, kind, FIELD_REQUIRED, 0, 0, "申请人种类", "Kind of party"),
    F_TEXT(struct me_mandate, scope, FIELD_REQUIRED, 0, 0, "授权种类", "Kind of mandate"),
    FIELD_END,
};
static const struct field OFFICE_ROWS[] = {
    F_OBJECT(struct me_office, name, FIELD_REQUIRED, label_rows, struct label, "大厅名称", "Name of the office"),
    F_BOOL(struct me_office, demo, FIELD_REQUIRED, "演示", "Demonstration"),
    F_JSON(struct me_office, profile, 0, "{\"type\":[\"object\",\"null\"]}", "大厅资料", "Profile of the office"),
    FIELD_END,
};
const struct field me_rows[] = {
    F_OBJECT(struct me, person, 0, PERSON_ROWS, struct me_person, "登录的人", "Who is signed in"),
    F_LIST(struct me, roles, FIELD_REQUIRED, 0, 100, ROLE_ROWS, struct me_role, "今天的角色", "Roles today"),
    F_TEXTS(struct me, pages, FIELD_REQUIRED, 0, 20, "可用的工作台", "Workplaces to offer"),
    F_OBJECT(struct me, acting, 0, ACTING_ROWS, struct me_acting, "代表的申请人", "Party acted for"),
    F_LIST(struct me, mandates, FIELD_REQUIRED, 0, 100, MANDATE_ROWS, struct me_mandate, "有效的授权", "Mandates in force"),
    F_TEXT(struct me, csrf, 0, 0, 0, "校验码", "CSRF token of the session"),
    F_BOOL(struct me, must_change_password, FIELD_REQUIRED, "须更换密码", "The password must be changed"),
    F_BOOL(struct me, setup_needed, FIELD_REQUIRED, "须指定安全、审计管理员", "Security and audit administrators must be named"),
    F_OBJECT(struct me, office, FIELD_REQUIRED, OFFICE_ROWS, struct me_office, "大厅", "Office"),
    F_INSTANT(struct me, now, FIELD_REQUIRED, "大厅时间", "Office time"),
    F_DATE(struct me, today, FIELD_REQUIRED, "大厅日期", "Office date"),
    F_BOOL(struct me, time_trusted, FIELD_REQUIRED, "时间已确认", "The time is trusted"),
    FIELD_END,
};
/* clang-format on */

static struct me_unit *unit_of(struct call *c, int64_t id)
{
    const struct org_unit *u = id > 0 ? org_unit(org_of(c->app), id) : NULL;
    struct me_unit *ret = NULL;

    if (u != NULL) {
        ret = ARENA_NEW(c->arena, struct me_unit);
        *ret = (struct me_unit){u->id, label_new(c->arena, u->name, u->name_en)};
    }
    return ret;
}

static struct list roles_of(struct call *c)
{
    const struct actor *a = &c->actor;
    struct me_role *rows = ARENA_ARRAY(c->arena, struct me_role, a->n_roles + 1);

    for (size_t i = 0; i < a->n_roles; i++) {
        const struct held_role *h = &a->roles[i];

        rows[i] = (struct me_role){
            .role = h->role,
            .name = identity_role_name(c, h->role),
            .unit_id = h->unit_id != 0 ? h->unit_id : FIELD_NO_INT,
            .stands_in_for = h->stands_in_for != 0 ? h->stands_in_for : FIELD_NO_INT,
        };
    }
    return (struct list){rows, a->n_roles};
}

static struct err *fill_mandates(struct call *c, struct me *ret)
{
    struct list found = {0};

    TRY(mandates_in_force(c, c->actor.person_id, &found));
    struct me_mandate *rows = ARENA_ARRAY(c->arena, struct me_mandate, found.n + 1);
    for (size_t i = 0; i < found.n; i++) {
        const struct mandate_row *m = &((const struct mandate_row *)found.p)[i];

        rows[i] = (struct me_mandate){
            .mandate_id = m->id,
            .party_id = m->party_id,
            .name = mandate_party_name(m),
            .kind = str_of(party_kind_word(m->party_kind)),
            .scope = m->scope,
        };
        if (m->id == c->actor.mandate_id) {
            ret->acting = ARENA_NEW(c->arena, struct me_acting);
            *ret->acting = (struct me_acting){m->party_id, m->id, rows[i].name, rows[i].kind};
        }
    }
    ret->mandates = (struct list){rows, found.n};
    return NULL;
}

static struct err *fill_person(struct call *c, struct me *ret)
{
    const struct actor *a = &c->actor;
    struct person_row p;
    bool found = false;

    TRY(person_by_id(c, a->person_id, &p, &found));
    if (!found) {
        return ERROR(c->arena, ERR_SIGN_IN, "请重新登录", "Sign in again");
    }
    ret->person = ARENA_NEW(c->arena, struct me_person);
    *ret->person = (struct me_person){
        .id = p.id,
        .name = a->name,
        .login = p.login,
        .kind = p.kind,
        .verified = p.verified,
        .unit = unit_of(c, a->unit_id),
    };
    if (a->kind != ACTOR_APPLICANT) {
        return NULL;
    }
    TRY(fill_mandates(c, ret));
    if (ret->acting == NULL && a->party_id != 0 && a->party_id == p.party_id) {
        ret->acting = ARENA_NEW(c->arena, struct me_acting);
        *ret->acting = (struct me_acting){a->party_id, FIELD_NO_INT, a->name, S("citizen")};
    }
    return NULL;
}

static struct me_office *office_of(struct call *c)
{
    const struct org *o = org_of(c->app);
    struct me_office *ret = ARENA_NEW(c->arena, struct me_office);

    ret->name = label_new(c->arena, o->office_name, jval_str(jval_get(&o->profile, S("name_en"))));
    ret->demo = c->app->conf.demo;
    ret->profile = o->profile;
    return ret;
}

struct err *me_fill(struct call *c, struct me *ret)
{
    *ret = (struct me){
        .roles = roles_of(c),
        .pages = roles_pages(c->arena, &c->actor),
        .mandates = {ARENA_NEW(c->arena, struct me_mandate), 0},
        .csrf = c->actor.csrf,
        .must_change_password = c->actor.must_change_password,
        .setup_needed = actor_holds(&c->actor, S(ROLE_SETUP_ADMIN)),
        .office = office_of(c),
        .now = c->now_ms,
        .today = civil_text(c->arena, civil_day_of(c->now_ms)),
        .time_trusted = clock_trusted(c->app->clock),
    };
    return c->actor.person_id != 0 ? fill_person(c, ret) : NULL;
}

struct err *me_get(struct call *c, const void *in, void *out)
{
    (void)in;
    c->reply.no_store = true;
    return me_fill(c, out);
}
