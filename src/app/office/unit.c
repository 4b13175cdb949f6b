/* Units of the office: the public list with the number of items, and their upkeep by the bureau.
 *
 * A unit knows its path ("/1/3/": ids from the top, itself last), so that "this unit and all below"
 * is one comparison; moving a unit rewrites the paths below it. Units are closed, never deleted:
 * matters and acts name them for ever. */
#include "app/office/ops.h"

#include "base/check.h"
#include "procedure/org.h"

#define DEPTH_MAX 8

struct unit_line {
    int64_t id, office_id, parent_id, status, items, staff, units, works, path_end;
    struct str code, name, name_en, path, new_path, below;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct unit_line, id, 0, NULL, NULL),
    F_ID(struct unit_line, office_id, 0, NULL, NULL),
    F_ID(struct unit_line, parent_id, 0, NULL, NULL),
    F_INT(struct unit_line, status, 0, 0, 9, NULL, NULL),
    F_INT(struct unit_line, items, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct unit_line, staff, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct unit_line, units, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct unit_line, works, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct unit_line, path_end, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct unit_line, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_line, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_line, name_en, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_line, path, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_line, new_path, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_line, below, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct choice STATUSES[] = {
    {"active", "在用", "active"},
    {"closed", "已撤销", "closed"},
    {NULL, NULL, NULL},
};
const struct field unit_new_rows[] = {
    F_TEXT(struct in_unit, code, FIELD_REQUIRED, 1, 40, "部门代码", "Code"),
    F_TEXT(struct in_unit, name, FIELD_REQUIRED | FIELD_NFC, 1, 100, "部门名称", "Name"),
    F_TEXT(struct in_unit, name_en, 0, 1, 200, "英文名称", "English name"),
    F_ID(struct in_unit, parent_id, 0, "上级部门", "Parent unit"),
    FIELD_END,
};
const struct field unit_change_rows[] = {
    F_ID(struct in_unit, id, FIELD_REQUIRED, "部门编号", "Unit"),
    F_TEXT(struct in_unit, name, FIELD_REQUIRED | FIELD_NFC, 1, 100, "部门名称", "Name"),
    F_TEXT(struct in_unit, name_en, 0, 1, 200, "英文名称", "English name"),
    F_ID(struct in_unit, parent_id, 0, "上级部门（空：没有）", "Parent unit, null: none"),
    F_CHOICE(struct in_unit, status, 0, STATUSES, "状态", "Status"),
    FIELD_END,
};
static const struct field PUBLIC_ROWS[] = {
    F_ID(struct out_unit, id, FIELD_REQUIRED, "部门编号", "Unit"),
    F_TEXT(struct out_unit, code, FIELD_REQUIRED, 0, 0, "部门代码", "Code"),
    F_OBJECT(struct out_unit, name, FIELD_REQUIRED, label_rows, struct label, "部门名称", "Name"),
    F_ID(struct out_unit, parent_id, 0, "上级部门", "Parent unit"),
    F_INT(struct out_unit, items, FIELD_REQUIRED, 0, INT64_MAX, "在办事项数", "Published items"),
    FIELD_END,
};
const struct field unit_out_rows[] = {
    F_ID(struct out_unit, id, FIELD_REQUIRED, "部门编号", "Unit"),
    F_TEXT(struct out_unit, code, FIELD_REQUIRED, 0, 0, "部门代码", "Code"),
    F_OBJECT(struct out_unit, name, FIELD_REQUIRED, label_rows, struct label, "部门名称", "Name"),
    F_ID(struct out_unit, parent_id, 0, "上级部门", "Parent unit"),
    F_INT(struct out_unit, items, FIELD_REQUIRED, 0, INT64_MAX, "在办事项数", "Published items"),
    F_INT(struct out_unit, staff, FIELD_REQUIRED, 0, INT64_MAX, "在用账号数", "Active accounts"),
    F_CHOICE(struct out_unit, status, FIELD_REQUIRED, STATUSES, "状态", "Status"),
    F_TEXT(struct out_unit, etag, FIELD_REQUIRED, 0, 0, "版本", "Version"),
    FIELD_END,
};
const struct field units_public_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, PUBLIC_ROWS, struct out_unit, "部门", "Units"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};
const struct field units_bureau_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, unit_out_rows, struct out_unit, "部门", "Units"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};

/* An item is in service when its newest version that is no draft is published (status 1). */
#define ITEMS "(SELECT COUNT(*) FROM item i WHERE i.unit_id = u.id AND (SELECT v.status FROM item_version v" \
              " WHERE v.item_id = i.id AND v.status <> 0 ORDER BY v.version DESC LIMIT 1) = 1)"
#define STAFF "(SELECT COUNT(*) FROM person p WHERE p.office_id = u.office_id AND p.kind = 'staff'" \
              " AND p.unit_id = u.id AND p.status = 1)"
#define COLUMNS "SELECT u.id, u.office_id, u.parent_id, u.code, u.name, u.name_en, u.path, u.status, " \
                ITEMS " AS items, " STAFF " AS staff FROM unit u WHERE u.office_id = :office_id"

STMT(UNIT_LIST, "office.units", ROWS, ROWS, struct unit_line, COLUMNS " ORDER BY u.path, u.id");
STMT(UNIT_FIND, "office.unit_find", ROWS, ROWS, struct unit_line, COLUMNS " AND u.id = :id");
STMT(UNIT_CODE, "office.unit_code", ROWS, ROWS, struct unit_line,
            "SELECT id FROM unit WHERE office_id = :office_id AND code = :code");
STMT(UNIT_USES, "office.unit_uses", ROWS, ROWS, struct unit_line,
            "SELECT u.id, " ITEMS " AS items, " STAFF " AS staff,"
            " (SELECT COUNT(*) FROM unit b WHERE b.office_id = u.office_id AND b.parent_id = u.id AND b.status = 1) AS units,"
            " (SELECT COUNT(*) FROM work w WHERE w.office_id = u.office_id AND w.unit_id = u.id) AS works"
            " FROM unit u WHERE u.id = :id AND u.office_id = :office_id");
STMT_RUN(UNIT_INSERT, "office.unit_insert", ROWS,
                "INSERT INTO unit (id, office_id, parent_id, code, name, name_en, path)"
                " VALUES (:id, :office_id, :parent_id, :code, :name, :name_en, :path)");
STMT_RUN(UNIT_CHANGE, "office.unit_change", ROWS,
                "UPDATE unit SET name = :name, name_en = :name_en, parent_id = :parent_id, status = :status WHERE id = :id");
/* The unit itself and all below; path_end is the first character behind the old prefix. */
STMT_RUN(UNIT_MOVE, "office.unit_move", ROWS,
                "UPDATE unit SET path = :new_path || substr(path, CAST(:path_end AS INTEGER))"
                " WHERE office_id = :office_id AND path LIKE :below");
/* clang-format on */

static struct str unit_etag(struct arena *a, const struct unit_line *u)
{
    const struct str parts[] = {
        u->code,
        u->name,
        u->name_en,
        str_fmt(a, "%lld/%lld", (long long)u->parent_id, (long long)u->status),
    };

    return etag_of(a, parts, COUNT_OF(parts));
}

static void shown(struct call *c, const struct unit_line *u, struct out_unit *ret)
{
    *ret = (struct out_unit){
        .id = u->id,
        .parent_id = u->parent_id,
        .items = u->items,
        .staff = u->staff,
        .code = u->code,
        .status = u->status == UNIT_ACTIVE ? S("active") : S("closed"),
        .etag = unit_etag(c->arena, u),
        .name = label_new(c->arena, u->name, u->name_en),
    };
}

static struct err *list(struct call *c, bool closed_too, struct out_rows *ret)
{
    struct unit_line in = {.office_id = c->office_id};
    struct list found = {0};
    size_t n = 0;

    TRY(db_all(c->db, c->arena, &UNIT_LIST, &in, &found));
    struct out_unit *rows = ARENA_ARRAY(c->arena, struct out_unit, found.n + 1);
    for (size_t i = 0; i < found.n; i++) {
        const struct unit_line *u = &((const struct unit_line *)found.p)[i];

        if (closed_too || u->status == UNIT_ACTIVE) {
            shown(c, u, &rows[n++]);
        }
    }
    ret->rows = (struct list){rows, n};
    return NULL;
}

struct err *units_get(struct call *c, const void *in, void *out)
{
    (void)in;
    return list(c, false, out);
}

struct err *bureau_units_get(struct call *c, const void *in, void *out)
{
    (void)in;
    return list(c, true, out);
}

static struct err *find(struct call *c, int64_t id, struct unit_line *ret)
{
    struct unit_line in = {.office_id = c->office_id, .id = id};
    bool found = false;

    TRY(db_one(c->db, c->arena, &UNIT_FIND, &in, ret, &found));
    return found ? NULL : ERROR(c->arena, ERR_NOT_FOUND, "没有这个部门", "There is no such unit");
}

static struct err *answer(struct call *c, int64_t id, struct out_unit *out)
{
    struct unit_line u;

    TRY(find(c, id, &u));
    shown(c, &u, out);
    c->reply.etag = out->etag;
    return NULL;
}

static struct err *unit_noted(struct call *c, const struct unit_line *u, const char *what)
{
    struct jobj *o = jobj_new(c->arena);

    jobj_put(o, S("what"), jval_of_str(str_of(what)));
    jobj_put(o, S("code"), jval_of_str(u->code));
    jobj_put(o, S("name"), jval_of_str(u->name));
    jobj_put(o, S("path"), jval_of_str(u->path));
    jobj_put(o, S("status"), jval_of_int(u->status));
    struct jval v = jobj_val(o);
    return unit_audit(c, str_fmt(c->arena, "unit:%lld", (long long)u->id), jval_text(c->arena, &v));
}

/* ---- a new unit ---- */

static bool code_ok(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        char ch = code.p[i];
        bool word =
            (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');

        if (!word && ch != '-' && ch != '_' && ch != '.') {
            return false;
        }
    }
    return code.n > 0;
}

static size_t depth_of(struct str path)
{
    size_t n = 0;

    for (size_t i = 0; i < path.n; i++) {
        n += path.p[i] == '/' ? 1 : 0;
    }
    return n;
}

/* The path under the parent: "/" without one. Faults at /parent_id. */
static struct err *
check_parent(struct call *c, int64_t parent_id, struct str *ret_path, struct err **faults)
{
    struct unit_line in = {.office_id = c->office_id, .id = parent_id}, parent;
    bool found = false;

    *ret_path = S("/");
    if (parent_id == FIELD_NO_INT) {
        return NULL;
    }
    TRY(db_one(c->db, c->arena, &UNIT_FIND, &in, &parent, &found));
    if (!found || parent.status != UNIT_ACTIVE) {
        field_fault(c->arena, faults, S("/parent_id"), "unknown",
                    "上级部门：没有这个部门，或已撤销",
                    "Parent unit: there is none, or it is closed");
        return NULL;
    }
    *ret_path = parent.path;
    if (depth_of(parent.path) > DEPTH_MAX) {
        field_fault(c->arena, faults, S("/parent_id"), "deep", "上级部门：层次太多",
                    "Parent unit: too many levels");
    }
    return NULL;
}

struct err *office_add_unit(struct call *c, const struct unit_new *u, int64_t *ret_id)
{
    struct err *faults = NULL;
    struct unit_line known, row = {
                                .office_id = c->office_id,
                                .parent_id = u->parent_id > 0 ? u->parent_id : FIELD_NO_INT,
                                .status = UNIT_ACTIVE,
                                .code = u->code,
                                .name = u->name,
                                .name_en = u->name_en.p != NULL ? u->name_en : S(""),
                            };
    struct str above;
    bool taken = false;

    TRY(check_parent(c, row.parent_id, &above, &faults));
    if (!code_ok(u->code)) {
        field_fault(c->arena, &faults, S("/code"), "code", "部门代码：只能用字母、数字和 - _ .",
                    "Code: letters, digits and - _ . only");
    }
    TRY(db_one(c->db, c->arena, &UNIT_CODE, &row, &known, &taken));
    if (taken) {
        field_fault(c->arena, &faults, S("/code"), "taken", "部门代码：已被使用", "Code: is taken");
    }
    TRY(faults);
    row.id = unit_id(c, "unit");
    row.path = str_fmt(c->arena, "%.*s%lld/", STR_ARG(above), (long long)row.id);
    TRY(db_run(c->db, c->arena, &UNIT_INSERT, &row, NULL));
    org_changed(c);
    *ret_id = row.id;
    return unit_noted(c, &row, "made");
}

struct err *unit_post(struct call *c, const void *in, void *out)
{
    const struct in_unit *p = in;
    struct unit_new u = {p->code, p->name, p->name_en, p->parent_id};
    int64_t id;

    TRY(office_add_unit(c, &u, &id));
    c->reply.status = 201;
    return answer(c, id, out);
}

/* ---- changes ---- */

/* A unit that is still needed is not closed. */
static struct err *check_closing(struct call *c, const struct unit_line *u)
{
    struct unit_line uses;
    bool found = false;

    TRY(db_one(c->db, c->arena, &UNIT_USES, u, &uses, &found));
    if (!found || uses.units + uses.staff + uses.items + uses.works == 0) {
        return NULL;
    }
    return err_hint(
        ERROR(c->arena, ERR_DB_REFERENCED,
              "部门还在使用：下级部门 %lld 个，账号 %lld 个，在办事项 %lld 项，待办 %lld 件",
              "The unit is still in use: %lld units below, %lld accounts, %lld published items, "
              "%lld open tasks",
              (long long)uses.units, (long long)uses.staff, (long long)uses.items,
              (long long)uses.works),
        "请先把它们移交其他部门", "Hand them over to other units first");
}

static struct err *move(struct call *c, struct unit_line *u, struct str above)
{
    struct unit_line args = *u;

    args.below = str_fmt(c->arena, "%.*s%%", STR_ARG(u->path));
    args.path_end = (int64_t)u->path.n + 1;
    args.new_path = str_fmt(c->arena, "%.*s%lld/", STR_ARG(above), (long long)u->id);
    u->path = args.new_path;
    return db_run(c->db, c->arena, &UNIT_MOVE, &args, NULL);
}

struct err *unit_put(struct call *c, const void *in, void *out)
{
    const struct in_unit *p = in;
    struct err *faults = NULL;
    struct unit_line u;
    struct str above;

    TRY(find(c, p->id, &u));
    TRY(check_etag(c, unit_etag(c->arena, &u)));
    bool moves = u.parent_id != p->parent_id;
    bool closes = str_eqz(p->status, "closed") && u.status == UNIT_ACTIVE;
    if (moves) {
        TRY(check_parent(c, p->parent_id, &above, &faults));
        if (str_starts(above, u.path)) {
            field_fault(c->arena, &faults, S("/parent_id"), "cycle",
                        "上级部门：不能是本部门或其下级",
                        "Parent unit: cannot be the unit itself or one below it");
        }
        TRY(faults);
    }
    if (closes) {
        TRY(check_closing(c, &u));
    }
    u.name = p->name;
    u.name_en = p->name_en.p != NULL ? p->name_en : S("");
    u.parent_id = p->parent_id;
    u.status =
        p->status.p == NULL ? u.status : (str_eqz(p->status, "closed") ? UNIT_CLOSED : UNIT_ACTIVE);
    TRY(db_run(c->db, c->arena, &UNIT_CHANGE, &u, NULL));
    if (moves) {
        TRY(move(c, &u, above));
    }
    org_changed(c);
    identity_changed(c, 0); /* grants cover what lies below */
    TRY(unit_noted(c, &u, closes ? "closed" : "changed"));
    return answer(c, p->id, out);
}
