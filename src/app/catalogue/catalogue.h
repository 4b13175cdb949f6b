/* The catalogue: items of the bureau and their versions, bundles, guides (issue 3 D; approvals.md
 * 0.1, 1.1, 3; docs/api.md "Catalogue").
 *
 * An item has versions: draft, published, suspended, withdrawn. The body of a version is JSON: the
 * members of procedure/definition_item_list.h, which the engine reads, and those of the guide
 * (body.h). A matter keeps the version it started with; publishing a version ends the one before.
 *
 * The portal is answered from an immutable picture in memory (shelf.h), made anew after each commit
 * that changed something. */
#ifndef HUHANG_APP_CATALOGUE_CATALOGUE_H
#define HUHANG_APP_CATALOGUE_CATALOGUE_H

#include "run/app.h"

extern const struct module catalogue_module;

/* A member that a row would change or has changed. `pointer` is below the body of the item. */
struct catalogue_change {
    struct str pointer;
    const struct jval *old, *new; /* NULL: absent */
};

enum catalogue_result { CATALOGUE_NEW, CATALOGUE_CHANGED, CATALOGUE_SAME, CATALOGUE_BAD };
#define CATALOGUE_RESULTS 4

/* What became, or would become, of one row of the file. */
struct catalogue_row {
    struct str kind;    /* unit, item or bundle */
    struct str pointer; /* into the file: /items/7 */
    struct str code, name;
    enum catalogue_result result;
    int64_t version; /* items: the version that holds it; 0: none yet */
    const struct catalogue_change *changes;
    size_t n_changes;
    const struct err *faults; /* CATALOGUE_BAD: fields with pointers into the file */
};

struct catalogue_report {
    const struct catalogue_row *rows;
    size_t n;
    int64_t items[CATALOGUE_RESULTS], bundles[CATALOGUE_RESULTS], units[CATALOGUE_RESULTS];
    struct str *absent; /* codes of imported items that the file no longer has; left as they are */
    size_t n_absent;
    struct str *ignored; /* members of the file that are not catalogue (calendar, test vectors) */
    size_t n_ignored;
    bool applied;
};

/* What an import would do. Any lane. ERR_IMPORT when the text is no catalogue at all; rows that are
 * bad are named in the report and do not sink the rest. */
struct err *
catalogue_preview(struct call *c, struct str json, struct catalogue_report *ret) MUST_CHECK;
/* Does it, inside the unit: departments become units, items get a draft (an open draft is brought
 * up to date), bundles are stored. What the bureau edited since the last import stays, unless the
 * file changed that very member. The same file again makes no new version. `sample` (demo folders
 * only): texts that the catalogue lacks are filled in, marked as samples, and every good item is
 * published. */
struct err *catalogue_import(struct call *c,
                             struct str json,
                             bool sample,
                             struct catalogue_report *ret) MUST_CHECK;
/* The report as JSON (docs/api.md "Bureau"). */
void catalogue_report_write(const struct catalogue_report *r, struct jw *w);

#endif
