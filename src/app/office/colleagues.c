/* Colleagues to choose from in forms (assign, experts, second person): active staff with a business
 * role today; with a matter, those whose role covers the matter's unit. */
#include "app/office/ops.h"

#include "civil/date.h"

#define COLLEAGUES_DEFAULT 12

struct colleague_line {
    int64_t id, office_id, unit_id, matter, limit_n;
    struct str name, login, pattern, today;
};
struct out_colleague {
    int64_t id;
    struct str name;
    struct unit_ref *unit;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct colleague_line, id, 0, NULL, NULL),
    F_ID(struct colleague_line, office_id, 0, NULL, NULL),
    F_ID(struct colleague_line, unit_id, 0, NULL, NULL),
    F_ID(struct colleague_line, matter, 0, NULL, NULL),
    F_INT(struct colleague_line, limit_n, 0, 0, 101, NULL, NULL),
    F_TEXT(struct colleague_line, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct colleague_line, login, 0, 0, 0, NULL, NULL),
    F_TEXT(struct colleague_line, pattern, 0, 0, 0, NULL, NULL),
    F_TEXT(struct colleague_line, today, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
const struct field colleague_in_rows[] = {
    F_TEXT(struct in_colleagues, query, FIELD_NFC, 1, 40, "姓名或账号", "Name or account"),
    F_ID(struct in_colleagues, matter, 0, "办件", "Matter"),
    F_INT(struct in_colleagues, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
static const struct field COLLEAGUE_ROWS[] = {
    F_ID(struct out_colleague, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct out_colleague, name, FIELD_REQUIRED, 0, 0, "姓名", "Name"),
    F_OBJECT(struct out_colleague, unit, 0, unit_ref_rows, struct unit_ref, "部门", "Unit"),
    FIELD_END,
};
const struct field colleagues_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, COLLEAGUE_ROWS, struct out_colleague, "同事", "Colleagues"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};

STMT(COLLEAGUES, "office.colleagues", ROWS, ROWS, struct colleague_line,
     "SELECT p.id, p.name, p.unit_id FROM person p WHERE p.office_id = :office_id AND p.kind = 'staff' AND p.status = 1"
     " AND (lower(p.name) LIKE :pattern ESCAPE '!' OR p.login LIKE :pattern ESCAPE '!')"
     " AND EXISTS (SELECT 1 FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id WHERE g.person_id = p.id"
     " AND g.role NOT IN ('" ROLE_SYSTEM_ADMIN "', '" ROLE_SECURITY_ADMIN "', '" ROLE_AUDIT_ADMIN "')"
     " AND g.from_on <= :today AND (g.to_on IS NULL OR g.to_on >= :today)"
     " AND (:matter = 0 OR g.unit_id IS NULL OR EXISTS (SELECT 1 FROM matter m JOIN unit mu ON mu.id = m.unit_id"
     " WHERE m.id = :matter AND m.office_id = :office_id AND mu.path LIKE u.path || '%')))"
     " ORDER BY p.name, p.id LIMIT :limit_n");
/* clang-format on */

struct err *colleagues_get(struct call *c, const void *in, void *out)
{
    const struct in_colleagues *p = in;
    struct out_rows *ret = out;
    struct list found = {0};
    struct colleague_line ask = {
        .office_id = c->office_id,
        .matter = id_or(p->matter, 0),
        .limit_n = id_or(p->limit, COLLEAGUES_DEFAULT),
        .pattern = like_pattern(c->arena, p->query.p != NULL ? p->query : S("")),
        .today = civil_text(c->arena, civil_day_of(c->now_ms)),
    };

    TRY(db_all(c->db, c->arena, &COLLEAGUES, &ask, &found));
    struct out_colleague *rows = ARENA_ARRAY(c->arena, struct out_colleague, found.n + 1);
    for (size_t i = 0; i < found.n; i++) {
        const struct colleague_line *l = &((const struct colleague_line *)found.p)[i];

        rows[i] = (struct out_colleague){l->id, l->name, unit_ref_new(c, l->unit_id)};
    }
    ret->rows = (struct list){rows, found.n};
    return NULL;
}
