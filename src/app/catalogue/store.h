/* Items, versions, bundles and imports in the data base. Private to the folder.
 *
 * A version's body is JSON text. At most one version of an item is a draft, and it is the highest;
 * at most one other is published or suspended: those before it are withdrawn. */
#ifndef HUHANG_APP_CATALOGUE_STORE_H
#define HUHANG_APP_CATALOGUE_STORE_H

#include "app/catalogue/words.h"
#include "run/app.h"

/* One version with its item. */
struct item_row {
    int64_t item_id, office_id, unit_id, version_id, version, status, valid_from;
    struct str code, body;
    struct str imported; /* row of the last import, where the query reads it */
};

struct bundle_row {
    int64_t id, office_id;
    struct str code, body;
};

/* Highest version of each item, drafts included, with the imported row; in the order of items. */
struct err *store_items(struct call *c, struct list *ret) MUST_CHECK;
/* Highest version of each item that is no draft. */
struct err *store_shown_items(struct call *c, struct list *ret) MUST_CHECK;
/* All versions of the item of that code, newest first. Empty: no such item. */
struct err *store_versions(struct call *c, struct str code, struct list *ret) MUST_CHECK;
/* The version in service or the last that was; `version` 0: the highest that is no draft. False:
 * none. */
struct err *store_shown(struct call *c,
                        struct str code,
                        int64_t version,
                        struct item_row *ret,
                        bool *ret_found) MUST_CHECK;

/* WRITE. ids and numbers are set in the row. */
struct err *store_add_item(struct call *c, struct item_row *r) MUST_CHECK;
struct err *store_add_version(struct call *c, struct item_row *r) MUST_CHECK;
struct err *store_save_draft(struct call *c, const struct item_row *r) MUST_CHECK;
struct err *store_set_status(struct call *c, const struct item_row *r) MUST_CHECK;
/* Withdraws every other version of the item that is in service and gives the item its unit. */
struct err *store_supersede(struct call *c, const struct item_row *r) MUST_CHECK;
/* Remembers the row of the file as it came. */
struct err *store_imported(struct call *c, int64_t item_id, struct str row) MUST_CHECK;

struct err *store_bundles(struct call *c, struct list *ret) MUST_CHECK;
/* id 0: a new one. */
struct err *store_put_bundle(struct call *c, struct bundle_row *r) MUST_CHECK;
/* What the file says about itself: source, evidence, disclaimer. */
struct err *store_put_source(struct call *c, struct str text) MUST_CHECK;

#endif
