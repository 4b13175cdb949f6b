/* Accounts of staff: made and closed by the system administrator, who cannot give them any right;
 * the list serves all administrators. A new account gets a printed one-time code. */
#include "app/office/ops.h"

#include "base/check.h"
#include "civil/date.h"
#include "procedure/org.h"

struct staff_line {
    int64_t id, office_id, unit_id, status, locked_until, after, limit_n, status_is;
    bool password_set;
    struct str login, name, pattern;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct staff_line, id, 0, NULL, NULL),
    F_ID(struct staff_line, office_id, 0, NULL, NULL),
    F_ID(struct staff_line, unit_id, 0, NULL, NULL),
    F_INT(struct staff_line, status, 0, 0, 9, NULL, NULL),
    F_INT(struct staff_line, locked_until, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct staff_line, after, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct staff_line, limit_n, 0, 0, 101, NULL, NULL),
    F_INT(struct staff_line, status_is, 0, 0, 9, NULL, NULL),
    F_BOOL(struct staff_line, password_set, 0, NULL, NULL),
    F_TEXT(struct staff_line, login, 0, 0, 0, NULL, NULL),
    F_TEXT(struct staff_line, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct staff_line, pattern, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct choice STATUSES[] = {
    {"active", "在用", "active"},
    {"closed", "已停用", "closed"},
    {NULL, NULL, NULL},
};
const struct field staff_list_rows[] = {
    F_TEXT(struct in_staff_list, query, FIELD_NFC, 1, 40, "姓名或账号", "Name or account"),
    F_ID(struct in_staff_list, unit_id, 0, "部门", "Unit"),
    F_CHOICE(struct in_staff_list, status, 0, STATUSES, "状态", "Status"),
    F_ID(struct in_staff_list, after, 0, "从此之后", "After"),
    F_INT(struct in_staff_list, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
const struct field staff_new_rows[] = {
    F_TEXT(struct in_staff, login, FIELD_REQUIRED, 1, 100, "账号", "Account"),
    F_TEXT(struct in_staff, name, FIELD_REQUIRED | FIELD_NFC, 1, 60, "姓名", "Name"),
    F_ID(struct in_staff, unit_id, 0, "部门", "Unit"),
    F_TEXT(struct in_staff, phone, FIELD_PERSONAL, 1, 40, "电话", "Phone"),
    FIELD_END,
};
const struct field staff_change_rows[] = {
    F_ID(struct in_staff, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct in_staff, name, FIELD_REQUIRED | FIELD_NFC, 1, 60, "姓名", "Name"),
    F_ID(struct in_staff, unit_id, 0, "部门", "Unit"),
    F_CHOICE(struct in_staff, status, 0, STATUSES, "状态", "Status"),
    FIELD_END,
};
const struct field staff_out_rows[] = {
    F_ID(struct out_staff, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct out_staff, login, FIELD_REQUIRED, 0, 0, "账号", "Account"),
    F_TEXT(struct out_staff, name, FIELD_REQUIRED, 0, 0, "姓名", "Name"),
    F_OBJECT(struct out_staff, unit, 0, unit_ref_rows, struct unit_ref, "部门", "Unit"),
    F_CHOICE(struct out_staff, status, FIELD_REQUIRED, STATUSES, "状态", "Status"),
    F_BOOL(struct out_staff, locked, FIELD_REQUIRED, "登录被锁定", "Locked out"),
    F_BOOL(struct out_staff, password_set, FIELD_REQUIRED, "已设置密码", "Has set a password"),
    F_LIST(struct out_staff, roles, FIELD_REQUIRED, 0, 0, grant_out_rows, struct out_grant, "角色", "Roles"),
    F_TEXT(struct out_staff, etag, FIELD_REQUIRED, 0, 0, "版本", "Version"),
    FIELD_END,
};
const struct field staffs_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, staff_out_rows, struct out_staff, "工作人员", "Staff"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};

#define COLUMNS "SELECT p.id, p.office_id, p.unit_id, p.status, p.locked_until, p.login, p.name," \
                " CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS password_set" \
                " FROM person p WHERE p.office_id = :office_id AND p.kind = 'staff'"

/* status_is 9: any. */
STMT(STAFF_LIST, "office.staff", ROWS, ROWS, struct staff_line,
            COLUMNS " AND p.id > :after AND (:unit_id = 0 OR p.unit_id = :unit_id) AND (:status_is = 9 OR p.status = :status_is)"
                    " AND (lower(p.name) LIKE :pattern ESCAPE '!' OR p.login LIKE :pattern ESCAPE '!')"
                    " ORDER BY p.id LIMIT :limit_n");
STMT(STAFF_ONE, "office.staff_one", ROWS, ROWS, struct staff_line, COLUMNS " AND p.id = :id");
/* Grants not yet ended of the persons of one page, whose ids follow each other. */
STMT(STAFF_GRANTS, "office.staff_grants", grant_line_rows, grant_line_rows, struct grant_line,
            "SELECT id, office_id, person_id, unit_id, role, from_on, to_on, stands_in_for FROM role_grant"
            " WHERE office_id = :office_id AND person_id >= :person_id AND person_id <= :last_id"
            " AND (to_on IS NULL OR to_on >= :from_on) ORDER BY person_id, id");
/* clang-format on */

static struct str staff_etag(struct arena *a, const struct staff_line *s)
{
    const struct str parts[] = {
        s->name, str_fmt(a, "%lld/%lld", (long long)s->unit_id, (long long)s->status)};

    return etag_of(a, parts, COUNT_OF(parts));
}

static struct list roles_of(struct call *c, const struct list *grants, int64_t person_id)
{
    const struct grant_line *g = grants->p;
    struct out_grant *rows = ARENA_ARRAY(c->arena, struct out_grant, grants->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < grants->n; i++) {
        if (g[i].person_id == person_id) {
            grant_shown(c, &g[i], &rows[n++]);
        }
    }
    return (struct list){rows, n};
}

static void
shown(struct call *c, const struct staff_line *s, const struct list *grants, struct out_staff *ret)
{
    *ret = (struct out_staff){
        .id = s->id,
        .login = s->login,
        .name = s->name,
        .status = s->status == PERSON_ACTIVE ? S("active") : S("closed"),
        .etag = staff_etag(c->arena, s),
        .unit = unit_ref_new(c, s->unit_id),
        .locked = s->locked_until > c->real_ms,
        .password_set = s->password_set,
        .roles = roles_of(c, grants, s->id),
    };
}

static struct err *grants_between(struct call *c, int64_t first, int64_t last, struct list *ret)
{
    struct grant_line in = {
        .office_id = c->office_id,
        .person_id = first,
        .last_id = last,
        .from_on = civil_text(c->arena, civil_day_of(c->now_ms)),
    };

    return db_all(c->db, c->arena, &STAFF_GRANTS, &in, ret);
}

/* %text% with the signs of LIKE escaped; folded as the column is. */
struct str like_pattern(struct arena *a, struct str query)
{
    struct buf b;

    buf_init(&b, a, query.n + 8);
    buf_putc(&b, '%');
    for (size_t i = 0; i < query.n; i++) {
        char ch = query.p[i];

        if (ch == '%' || ch == '_' || ch == '!') {
            buf_putc(&b, '!');
        }
        buf_putc(&b, ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch);
    }
    buf_putc(&b, '%');
    return buf_str(&b);
}

struct err *staff_get(struct call *c, const void *in, void *out)
{
    const struct in_staff_list *p = in;
    struct out_rows *ret = out;
    struct list found = {0}, grants = {0};
    int64_t limit = id_or(p->limit, PAGE_DEFAULT);
    struct staff_line ask = {
        .office_id = c->office_id,
        .unit_id = id_or(p->unit_id, 0),
        .after = id_or(p->after, 0),
        .limit_n = limit + 1,
        .status_is = p->status.p == NULL
                         ? 9
                         : (str_eqz(p->status, "closed") ? PERSON_CLOSED : PERSON_ACTIVE),
        .pattern = like_pattern(c->arena, p->query.p != NULL ? p->query : S("")),
    };

    TRY(db_all(c->db, c->arena, &STAFF_LIST, &ask, &found));
    const struct staff_line *lines = found.p;
    bool more = found.n > (size_t)limit;
    size_t n = more ? (size_t)limit : found.n;
    if (n > 0) {
        TRY(grants_between(c, lines[0].id, lines[n - 1].id, &grants));
    }
    struct out_staff *rows = ARENA_ARRAY(c->arena, struct out_staff, n + 1);
    for (size_t i = 0; i < n; i++) {
        shown(c, &lines[i], &grants, &rows[i]);
    }
    ret->rows = (struct list){rows, n};
    ret->next = more ? str_fmt(c->arena, "%lld", (long long)rows[n - 1].id) : STR_NONE;
    return NULL;
}

/* ---- changes ---- */

static struct err *check_unit(struct call *c, int64_t id)
{
    const struct org_unit *u = id != FIELD_NO_INT ? org_unit(org_of(c->app), id) : NULL;
    struct err *e = NULL;

    if (id != FIELD_NO_INT && (u == NULL || u->status != UNIT_ACTIVE)) {
        field_fault(c->arena, &e, S("/unit_id"), "unknown", "部门：没有这个部门，或已撤销",
                    "Unit: there is none, or it is closed");
    }
    return e;
}

struct err *staff_post(struct call *c, const void *in, void *out)
{
    const struct in_staff *p = in;
    struct person_new n = {.staff = true,
                           .login = p->login,
                           .name = p->name,
                           .phone = p->phone,
                           .unit_id = id_or(p->unit_id, 0)};
    struct err *e = identity_check_person(c, &n, S(""));
    int64_t id;

    TRY(identity_join_faults(c, e, check_unit(c, p->unit_id)));
    TRY(identity_add_person(c, &n, &id));
    c->reply.status = 201;
    c->reply.no_store = true;
    return identity_print_code(c, id, out);
}

static struct err *find(struct call *c, int64_t id, struct staff_line *ret)
{
    struct staff_line in = {.office_id = c->office_id, .id = id};
    bool found = false;

    TRY(db_one(c->db, c->arena, &STAFF_ONE, &in, ret, &found));
    return found ? NULL
                 : ERROR(c->arena, ERR_NOT_FOUND, "没有这个工作人员",
                         "There is no such member of staff");
}

struct err *staff_put(struct call *c, const void *in, void *out)
{
    const struct in_staff *p = in;
    struct staff_line s;
    struct list grants = {0};

    TRY(find(c, p->id, &s));
    TRY(check_etag(c, staff_etag(c->arena, &s)));
    if (p->unit_id != s.unit_id) {
        TRY(check_unit(c, p->unit_id));
    }
    int64_t status = p->status.p == NULL
                         ? s.status
                         : (str_eqz(p->status, "closed") ? PERSON_CLOSED : PERSON_ACTIVE);
    if (status != PERSON_ACTIVE && p->id == c->actor.person_id) {
        return ERROR(c->arena, ERR_CONFLICT, "不能停用自己的账号",
                     "Nobody closes one's own account");
    }
    TRY(identity_change_staff(c, p->id, p->name, id_or(p->unit_id, 0), status));
    TRY(find(c, p->id, &s));
    TRY(grants_between(c, p->id, p->id, &grants));
    shown(c, &s, &grants, out);
    c->reply.etag = staff_etag(c->arena, &s);
    return NULL;
}

struct err *staff_code(struct call *c, const void *in, void *out)
{
    const struct in_id *p = in;
    struct staff_line s;

    TRY(find(c, p->id, &s));
    c->reply.no_store = true;
    return identity_print_code(c, p->id, out);
}
