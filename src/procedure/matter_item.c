/* Items and parties as a matter sees them (matter.h). */
#include "procedure/matter.h"

#include "base/check.h"
#include "procedure/matter_rows.h"

STMT(FIND_VERSION,
     "matter.item",
     ID_ROW,
     ITEM_ROW,
     struct item_row,
     "SELECT v.id, v.item_id, v.version, v.status, i.unit_id, i.code, v.body FROM item_version v"
     " JOIN item i ON i.id = v.item_id WHERE v.id = :id");
STMT(FIND_PARTY,
     "matter.party",
     ID_ROW,
     PARTY_ROW,
     struct party_row,
     "SELECT p.id, p.kind, p.flags, p.name_public, d.name_masked FROM party p"
     " JOIN party_data d ON d.party_id = p.id WHERE p.id = :id ORDER BY d.version DESC LIMIT 1");

static const char *const ITEM_STATUS_WORDS[] = {"draft", "published", "suspended", "withdrawn"};

static struct err *item_from_row(struct call *c, const struct item_row *r, struct mitem **ret)
{
    struct mitem *it = ARENA_NEW(c->arena, struct mitem);
    *it = (struct mitem){
        .id = r->id,
        .item_id = r->item_id,
        .unit_id = r->unit_id,
        .version = r->version,
        .code = r->code,
        .status = str_of(ITEM_STATUS_WORDS[r->status & 3]),
    };
    TRY(jread(c->arena, str_bytes(r->body), &it->body));
    struct err *faults = NULL;
    it->form = form_of_json(c->arena, jval_get(&it->body, S("form")), S("/form"), &faults);
    *ret = it;
    return faults;
}

struct err *matter_load_item(struct call *c, int64_t item_version_id, struct mitem **ret)
{
    struct id_row in = {item_version_id};
    struct item_row row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_VERSION, &in, &row, &found));
    CHECK(found);
    return item_from_row(c, &row, ret);
}

struct code_row {
    int64_t office_id;
    struct str code;
};

/* clang-format off */
static const struct field CODE_IN[] = {
    F_ID(struct code_row, office_id, 0, NULL, NULL),
    F_TEXT(struct code_row, code, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_ITEM,
     "matter.item_by_code",
     CODE_IN,
     ITEM_ROW,
     struct item_row,
     "SELECT v.id, v.item_id, v.version, v.status, i.unit_id, i.code, v.body FROM item i"
     " JOIN item_version v ON v.item_id = i.id WHERE i.office_id = :office_id AND i.code = :code"
     " AND v.status <> 0 ORDER BY v.version DESC LIMIT 1");

struct err *matter_find_item(struct call *c, struct str code, struct mitem **ret)
{
    struct code_row in = {c->office_id, code};
    struct item_row row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_ITEM, &in, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_ITEM_NOT_PUBLISHED, "没有编码为“%.*s”的在办事项。",
                     "There is no published item “%.*s”.", STR_ARG(code));
    }
    return item_from_row(c, &row, ret);
}

struct err *matter_load_party(struct call *c, int64_t party_id, struct mparty **ret)
{
    struct id_row in = {party_id};
    struct party_row row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_PARTY, &in, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个申请人。", "There is no such party.");
    }
    struct mparty *p = ARENA_NEW(c->arena, struct mparty);
    *p = (struct mparty){row.id, row.kind, row.flags,
                         row.kind == 2 && row.name_public.p ? row.name_public : row.name_masked};
    *ret = p;
    return NULL;
}
