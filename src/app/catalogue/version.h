/* Life of an item version: draft, published, suspended, withdrawn. WRITE. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_VERSION_H
#define HUHANG_APP_CATALOGUE_VERSION_H

#include "app/catalogue/check.h"
#include "app/catalogue/store.h"

/* Publishes the draft in the row: checks, supersedes the version before, gives the item the unit of
 * the body. ERR_PUBLISH_BLOCKED; *ret_findings (may be NULL) takes what was found either way. */
struct err *version_publish(struct call *c,
                            const struct departments *units,
                            struct item_row *draft,
                            struct findings *ret_findings) MUST_CHECK;
/* The draft of the item takes this body: the open draft, or a new one. r: the highest version; it
 * becomes the draft. */
struct err *version_draft(struct call *c, struct item_row *r, const struct jval *body) MUST_CHECK;
/* published ↔ suspended → withdrawn. ERR_CONFLICT when the status does not allow it. */
struct err *
version_move(struct call *c, struct item_row *r, enum item_status to, struct str reason) MUST_CHECK;
/* Row in `audit` about the item. */
struct err *version_audit(struct call *c,
                          const struct item_row *r,
                          const char *what,
                          struct str reason) MUST_CHECK;
/* Tells the pages that the catalogue changed, and makes the shelf anew. Once a command. */
struct err *version_tell(struct call *c) MUST_CHECK;

#endif
