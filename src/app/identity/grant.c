/* Granting and revoking roles.
 *
 * What is refused, and why: the three administrators are three people and hold no business role,
 * nor does anybody get both for overlapping days (三员分立, design.md 7); nobody grants to oneself;
 * a stand-in has a last day and stands in only for somebody who holds the role; the last holder of
 * an administrator's role stays until a successor is named. Rows are never deleted: a revoked grant
 * ends yesterday, and the audit has the instant. */
#include "app/identity/inner.h"

#include "civil/date.h"
#include "procedure/org.h"

#define DAY_LAST "9999-12-31"

/* clang-format off */
STMT(GRANT_OF_PERSON, "identity.grants_of_person", grant_rows, grant_rows, struct grant_row,
     "SELECT id, person_id, office_id, unit_id, role, from_on, to_on, stands_in_for, act_id FROM role_grant"
     " WHERE person_id = :person_id AND office_id = :office_id ORDER BY id");
STMT(GRANT_EXISTS, "identity.grant_exists", grant_rows, grant_rows, struct grant_row,
     "SELECT id FROM role_grant WHERE office_id = :office_id AND role = :role ORDER BY id LIMIT 1");
/* Another active person who holds the role on the day `from_on`. */
STMT(GRANT_SUCCESSOR, "identity.grant_successor", grant_rows, grant_rows, struct grant_row,
     "SELECT g.id FROM role_grant g JOIN person p ON p.id = g.person_id WHERE g.office_id = :office_id AND g.role = :role"
     " AND g.person_id <> :person_id AND g.stands_in_for IS NULL AND p.status = 1 AND g.from_on <= :from_on"
     " AND (g.to_on IS NULL OR g.to_on >= :from_on) ORDER BY g.id LIMIT 1");
STMT_RUN(GRANT_INSERT, "identity.grant_insert", grant_rows,
         "INSERT INTO role_grant (id, person_id, office_id, unit_id, role, from_on, to_on, stands_in_for, act_id)"
         " VALUES (:id, :person_id, :office_id, :unit_id, :role, :from_on, :to_on, :stands_in_for, :act_id)");
STMT_RUN(GRANT_END_ON, "identity.grant_end", grant_rows, "UPDATE role_grant SET to_on = :to_on WHERE id = :id");
/* clang-format on */

static struct err *grants_of(struct call *c, int64_t person_id, struct list *ret)
{
    struct grant_row in = {.office_id = c->office_id, .person_id = person_id};

    return db_all(c->db, c->arena, &GRANT_OF_PERSON, &in, ret);
}

struct err *grant_exists(struct call *c, struct str role, bool *ret)
{
    struct grant_row in = {.office_id = c->office_id, .role = role}, row;

    return db_one(c->db, c->arena, &GRANT_EXISTS, &in, &row, ret);
}

static struct str last_day(const struct grant_row *g)
{
    return g->to_on.p != NULL ? g->to_on : S(DAY_LAST);
}

static bool overlap(const struct grant_row *a, const struct grant_row *b)
{
    return str_cmp(a->from_on, last_day(b)) <= 0 && str_cmp(b->from_on, last_day(a)) <= 0;
}

/* ---- what a grant must be by itself ---- */

static void fault(struct call *c,
                  struct err **e,
                  const char *pointer,
                  const char *code,
                  const char *zh,
                  const char *en)
{
    field_fault(c->arena, e, str_of(pointer), code, zh, en);
}

static struct err *check_form(struct call *c, const struct grant_row *g)
{
    bool admin = identity_role_is_admin(g->role);
    bool stand_in = g->stands_in_for != FIELD_NO_INT;
    const struct org_unit *u =
        g->unit_id != FIELD_NO_INT ? org_unit(org_of(c->app), g->unit_id) : NULL;
    struct err *e = NULL;

    if (!identity_role_grantable(c->app, g->role)) {
        fault(c, &e, "/role", "choice", "角色：没有这个可以授予的角色",
              "Role: there is no such role to grant");
    }
    if (g->unit_id != FIELD_NO_INT && (u == NULL || u->status != 1)) {
        fault(c, &e, "/unit_id", "unknown", "部门：没有这个部门，或已撤销",
              "Unit: there is none, or it is closed");
    } else if (admin && g->unit_id != FIELD_NO_INT) {
        fault(c, &e, "/unit_id", "admin", "部门：管理员角色不分部门",
              "Unit: administrators' roles are not given by unit");
    }
    if (g->to_on.p != NULL && str_cmp(g->to_on, g->from_on) < 0) {
        fault(c, &e, "/to_on", "order", "截止日期：不能早于开始日期",
              "Last day: must not be before the first day");
    }
    if (stand_in && g->to_on.p == NULL) {
        fault(c, &e, "/to_on", "required", "截止日期：代理须有截止日期",
              "Last day: a stand-in needs one");
    }
    if (stand_in && admin) {
        fault(c, &e, "/stands_in_for", "admin", "代理何人：管理员角色不能代理",
              "Stands in for: nobody stands in for an administrator");
    }
    if (stand_in && g->stands_in_for == g->person_id) {
        fault(c, &e, "/stands_in_for", "same", "代理何人：不能代理本人",
              "Stands in for: must be another person");
    }
    return e;
}

/* The person stood in for holds the role itself, for the unit, on the first day. */
static struct err *check_stand_in(struct call *c, const struct grant_row *g)
{
    struct list rows = {0};
    struct err *e = NULL;

    if (g->stands_in_for == FIELD_NO_INT) {
        return NULL;
    }
    TRY(grants_of(c, g->stands_in_for, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct grant_row *b = &((const struct grant_row *)rows.p)[i];
        bool covers =
            b->unit_id == FIELD_NO_INT ||
            (g->unit_id != FIELD_NO_INT && org_covers(org_of(c->app), b->unit_id, g->unit_id));

        if (b->stands_in_for == FIELD_NO_INT && str_eq(b->role, g->role) && covers &&
            overlap(b, g)) {
            return NULL;
        }
    }
    fault(c, &e, "/stands_in_for", "role", "代理何人：此人在这一部门没有这个角色",
          "Stands in for: this person does not hold the role there");
    return e;
}

/* ---- against the person's other grants ---- */

static struct err *refuse_mix(struct call *c, struct str role, struct str other)
{
    const struct label *a = identity_role_name(c, role), *b = identity_role_name(c, other);

    return err_hint(ERROR_TEXT(c->arena, ERR_CONFLICT,
                               str_fmt(c->arena, "三员分立：此人已有“%.*s”，不能再授予“%.*s”",
                                       STR_ARG(b->zh), STR_ARG(a->zh)),
                               str_fmt(c->arena,
                                       "Administrators are three people without business roles: "
                                       "this person is %.*s and cannot also be %.*s",
                                       STR_ARG(b->en), STR_ARG(a->en))),
                    "请授予另一人，或先收回原有角色",
                    "Grant it to another person, or revoke the other role first");
}

static struct err *check_others(struct call *c, const struct grant_row *g)
{
    struct list rows = {0};
    bool admin = identity_role_is_admin(g->role);

    TRY(grants_of(c, g->person_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct grant_row *b = &((const struct grant_row *)rows.p)[i];

        if (!overlap(b, g)) {
            continue;
        }
        if (str_eq(b->role, g->role) && b->unit_id == g->unit_id &&
            b->stands_in_for == g->stands_in_for) {
            return ERROR(c->arena, ERR_CONFLICT, "此人在这段时间已有这个角色",
                         "This person holds that role already for these days");
        }
        if ((admin || identity_role_is_admin(b->role)) && !str_eq(b->role, g->role)) {
            return refuse_mix(c, g->role, b->role);
        }
    }
    return NULL;
}

static struct err *grant_audit(struct call *c, const struct grant_row *g, const char *what)
{
    struct jobj *o = jobj_new(c->arena);
    struct jval v;

    jobj_put(o, str_of(what), jval_of_str(g->role));
    jobj_put(o, S("grant_id"), jval_of_int(g->id));
    jobj_put(o, S("from_on"), jval_of_str(g->from_on));
    jobj_put(o, S("to_on"), jval_of_str(g->to_on));
    if (g->unit_id != FIELD_NO_INT) {
        jobj_put(o, S("unit_id"), jval_of_int(g->unit_id));
    }
    if (g->stands_in_for != FIELD_NO_INT) {
        jobj_put(o, S("stands_in_for"), jval_of_int(g->stands_in_for));
    }
    v = jobj_val(o);
    return person_audit(c, g->person_id, jval_text(c->arena, &v));
}

struct err *identity_grant(struct call *c, const struct grant_new *g, int64_t *ret_id)
{
    struct person_row p;
    bool found = false;
    struct grant_row row = {
        .person_id = g->person_id,
        .office_id = c->office_id,
        .unit_id = g->unit_id > 0 ? g->unit_id : FIELD_NO_INT,
        .stands_in_for = g->stands_in_for > 0 ? g->stands_in_for : FIELD_NO_INT,
        .role = g->role,
        .from_on =
            g->from_on.p != NULL ? g->from_on : civil_text(c->arena, civil_day_of(c->now_ms)),
        .to_on = g->to_on,
    };

    TRY(person_by_id(c, g->person_id, &p, &found));
    if (!found || !str_eqz(p.kind, "staff") || p.status != PERSON_ACTIVE) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个工作人员",
                     "There is no such member of staff");
    }
    if (c->actor.person_id == g->person_id) {
        return ERROR(c->arena, ERR_FORBIDDEN, "不能给自己授予角色",
                     "Nobody grants roles to oneself");
    }
    TRY(check_form(c, &row));
    TRY(check_stand_in(c, &row));
    TRY(check_others(c, &row));
    row.id = unit_id(c, "role_grant");
    TRY(db_run(c->db, c->arena, &GRANT_INSERT, &row, NULL));
    identity_changed(c, g->person_id);
    *ret_id = row.id;
    return grant_audit(c, &row, "granted");
}

/* ---- the end ---- */

static struct err *check_last(struct call *c, int64_t person_id, struct str role)
{
    struct grant_row in = {.office_id = c->office_id,
                           .person_id = person_id,
                           .role = role,
                           .from_on = civil_text(c->arena, civil_day_of(c->now_ms))},
                     row;
    bool found = true;

    if (identity_role_is_admin(role)) {
        TRY(db_one(c->db, c->arena, &GRANT_SUCCESSOR, &in, &row, &found));
    }
    if (found) {
        return NULL;
    }
    const struct label *name = identity_role_name(c, role);
    return err_hint(
        ERROR_TEXT(c->arena, ERR_CONFLICT, str_fmt(c->arena, "此人是唯一的%.*s", STR_ARG(name->zh)),
                   str_fmt(c->arena, "This person is the only %.*s", STR_ARG(name->en))),
        "请先指定接任者", "Name a successor first");
}

static bool ended(const struct grant_row *g, struct str day)
{
    return g->to_on.p != NULL && str_cmp(g->to_on, day) < 0;
}

struct err *identity_revoke(struct call *c, int64_t person_id, int64_t grant_id)
{
    struct str day = civil_text(c->arena, civil_day_of(c->now_ms));
    struct list rows = {0};

    TRY(grants_of(c, person_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct grant_row g = ((const struct grant_row *)rows.p)[i];

        if (g.id != grant_id || ended(&g, day)) {
            continue;
        }
        if (str_cmp(g.from_on, day) <= 0) {
            TRY(check_last(c, person_id, g.role));
        }
        g.to_on = civil_text(c->arena, civil_day_of(c->now_ms) - 1);
        TRY(db_run(c->db, c->arena, &GRANT_END_ON, &g, NULL));
        identity_changed(c, 0); /* stand-ins too */
        return grant_audit(c, &g, "revoked");
    }
    return ERROR(c->arena, ERR_NOT_FOUND, "没有这项授权，或已终止",
                 "There is no such grant, or it has ended");
}

struct err *identity_check_leaving(struct call *c, int64_t person_id)
{
    struct str day = civil_text(c->arena, civil_day_of(c->now_ms));
    struct list rows = {0};

    TRY(grants_of(c, person_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct grant_row *g = &((const struct grant_row *)rows.p)[i];

        if (!ended(g, day) && str_cmp(g->from_on, day) <= 0) {
            TRY(check_last(c, person_id, g->role));
        }
    }
    return NULL;
}
