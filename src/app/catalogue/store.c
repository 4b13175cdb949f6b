/* Statements of the catalogue (store.h). */
#include "app/catalogue/store.h"

struct imported_row {
    int64_t item_id, at;
    struct str body;
};

struct source_row {
    int64_t office_id;
    struct str name, value;
};

/* clang-format off */
static const struct field ITEM[] = {
    F_ID(struct item_row, item_id, 0, NULL, NULL),
    F_ID(struct item_row, office_id, 0, NULL, NULL),
    F_ID(struct item_row, unit_id, 0, NULL, NULL),
    F_ID(struct item_row, version_id, 0, NULL, NULL),
    F_INT(struct item_row, version, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct item_row, status, 0, 0, 9, NULL, NULL),
    F_INT(struct item_row, valid_from, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct item_row, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct item_row, body, 0, 0, 0, NULL, NULL),
    F_TEXT(struct item_row, imported, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field BUNDLE[] = {
    F_ID(struct bundle_row, id, 0, NULL, NULL),
    F_ID(struct bundle_row, office_id, 0, NULL, NULL),
    F_TEXT(struct bundle_row, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct bundle_row, body, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field IMPORTED[] = {
    F_ID(struct imported_row, item_id, 0, NULL, NULL),
    F_INT(struct imported_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct imported_row, body, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field SOURCE[] = {
    F_ID(struct source_row, office_id, 0, NULL, NULL),
    F_TEXT(struct source_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct source_row, value, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS                                                                                    \
    "SELECT i.id AS item_id, i.office_id, i.unit_id, v.id AS version_id, v.version, v.status,"     \
    " v.valid_from, i.code, v.body"
#define FROM_VERSIONS " FROM item i JOIN item_version v ON v.item_id = i.id"
#define IN_OFFICE     " WHERE i.office_id = :office_id"

STMT(ITEMS,
     "catalogue.items",
     ITEM,
     ITEM,
     struct item_row,
     COLUMNS ", m.body AS imported" FROM_VERSIONS
             " LEFT JOIN item_import m ON m.item_id = i.id" IN_OFFICE
             " AND v.version = (SELECT MAX(w.version) FROM item_version w WHERE w.item_id = i.id)"
             " ORDER BY i.id");
STMT(SHOWN_ITEMS,
     "catalogue.shown_items",
     ITEM,
     ITEM,
     struct item_row,
     COLUMNS FROM_VERSIONS IN_OFFICE " AND v.version = (SELECT MAX(w.version) FROM item_version w"
                                     " WHERE w.item_id = i.id AND w.status <> 0)"
                                     " ORDER BY i.id");
STMT(VERSIONS,
     "catalogue.versions",
     ITEM,
     ITEM,
     struct item_row,
     COLUMNS FROM_VERSIONS IN_OFFICE " AND i.code = :code ORDER BY v.version DESC");
STMT(SHOWN,
     "catalogue.shown",
     ITEM,
     ITEM,
     struct item_row,
     COLUMNS FROM_VERSIONS IN_OFFICE " AND i.code = :code AND v.status <> 0"
                                     " AND (v.version = :version OR :version = 0)"
                                     " ORDER BY v.version DESC LIMIT 1");
STMT_RUN(INSERT_ITEM,
         "catalogue.item",
         ITEM,
         "INSERT INTO item (id, office_id, code, unit_id)"
         " VALUES (:item_id, :office_id, :code, :unit_id)");
STMT_RUN(INSERT_VERSION,
         "catalogue.version",
         ITEM,
         "INSERT INTO item_version (id, item_id, version, status, valid_from, body)"
         " VALUES (:version_id, :item_id, :version, :status, :valid_from, :body)");
STMT_RUN(SAVE_DRAFT,
         "catalogue.save_draft",
         ITEM,
         "UPDATE item_version SET body = :body WHERE id = :version_id AND status = 0");
STMT_RUN(
    SET_STATUS,
    "catalogue.set_status",
    ITEM,
    "UPDATE item_version SET status = :status, valid_from = :valid_from WHERE id = :version_id");
STMT_RUN(SUPERSEDE,
         "catalogue.supersede",
         ITEM,
         "UPDATE item_version SET status = 3 WHERE item_id = :item_id AND id <> :version_id"
         " AND status IN (1, 2)");
STMT_RUN(SET_UNIT,
         "catalogue.set_unit",
         ITEM,
         "UPDATE item SET unit_id = :unit_id WHERE id = :item_id");
STMT_RUN(PUT_IMPORTED,
         "catalogue.put_imported",
         IMPORTED,
         "INSERT INTO item_import (item_id, at, body) VALUES (:item_id, :at, :body)"
         " ON CONFLICT (item_id) DO UPDATE SET at = excluded.at, body = excluded.body");
STMT(BUNDLES,
     "catalogue.bundles",
     BUNDLE,
     BUNDLE,
     struct bundle_row,
     "SELECT id, office_id, code, body FROM bundle WHERE office_id = :office_id ORDER BY id");
STMT_RUN(PUT_BUNDLE,
         "catalogue.put_bundle",
         BUNDLE,
         "INSERT INTO bundle (id, office_id, code, body) VALUES (:id, :office_id, :code, :body)"
         " ON CONFLICT (id) DO UPDATE SET body = excluded.body");
STMT_RUN(PUT_SOURCE,
         "catalogue.put_source",
         SOURCE,
         "INSERT INTO setting (office_id, name, value) VALUES (:office_id, :name, :value)"
         " ON CONFLICT (office_id, name) DO UPDATE SET value = excluded.value");

struct err *store_items(struct call *c, struct list *ret)
{
    struct item_row in = {.office_id = c->office_id};
    return db_all(c->db, c->arena, &ITEMS, &in, ret);
}

struct err *store_shown_items(struct call *c, struct list *ret)
{
    struct item_row in = {.office_id = c->office_id};
    return db_all(c->db, c->arena, &SHOWN_ITEMS, &in, ret);
}

struct err *store_versions(struct call *c, struct str code, struct list *ret)
{
    struct item_row in = {.office_id = c->office_id, .code = code};
    return db_all(c->db, c->arena, &VERSIONS, &in, ret);
}

struct err *
store_shown(struct call *c, struct str code, int64_t version, struct item_row *ret, bool *ret_found)
{
    struct item_row in = {.office_id = c->office_id, .code = code, .version = version};
    return db_one(c->db, c->arena, &SHOWN, &in, ret, ret_found);
}

struct err *store_add_item(struct call *c, struct item_row *r)
{
    r->item_id = unit_id(c, "item");
    r->office_id = c->office_id;
    return db_run(c->db, c->arena, &INSERT_ITEM, r, NULL);
}

struct err *store_add_version(struct call *c, struct item_row *r)
{
    r->version_id = unit_id(c, "item_version");
    return db_run(c->db, c->arena, &INSERT_VERSION, r, NULL);
}

struct err *store_save_draft(struct call *c, const struct item_row *r)
{
    return db_run(c->db, c->arena, &SAVE_DRAFT, r, NULL);
}

struct err *store_set_status(struct call *c, const struct item_row *r)
{
    return db_run(c->db, c->arena, &SET_STATUS, r, NULL);
}

struct err *store_supersede(struct call *c, const struct item_row *r)
{
    TRY(db_run(c->db, c->arena, &SUPERSEDE, r, NULL));
    return db_run(c->db, c->arena, &SET_UNIT, r, NULL);
}

struct err *store_imported(struct call *c, int64_t item_id, struct str row)
{
    struct imported_row r = {item_id, c->now_ms, row};
    return db_run(c->db, c->arena, &PUT_IMPORTED, &r, NULL);
}

struct err *store_bundles(struct call *c, struct list *ret)
{
    struct bundle_row in = {.office_id = c->office_id};
    return db_all(c->db, c->arena, &BUNDLES, &in, ret);
}

struct err *store_put_bundle(struct call *c, struct bundle_row *r)
{
    r->id = r->id == 0 ? unit_id(c, "bundle") : r->id;
    r->office_id = c->office_id;
    return db_run(c->db, c->arena, &PUT_BUNDLE, r, NULL);
}

struct err *store_put_source(struct call *c, struct str text)
{
    struct source_row r = {c->office_id, S("catalogue_source"), text};
    return db_run(c->db, c->arena, &PUT_SOURCE, &r, NULL);
}
