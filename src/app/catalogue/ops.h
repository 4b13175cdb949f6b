/* Input rows and handlers of the catalogue's operations; their rows are gathered in module.c.
 * Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_OPS_H
#define HUHANG_APP_CATALOGUE_OPS_H

#include "app/catalogue/shelf.h"
#include "wire/jval.h"

struct items_in {
    struct str query, theme, object, regime, after;
    int64_t unit, limit;
};
struct code_in {
    struct str code;
    int64_t version;
};
struct list_in {
    struct str query, status, after;
    int64_t unit, limit;
};
struct draft_in {
    struct str code;
    int64_t unit_id;
    struct jval body;
};
struct move_in {
    struct str code, reason;
};
struct file_in {
    struct jval catalogue;
};

#define HANDLER(name) struct err *name(struct call *c, const void *in, void *out)
HANDLER(items_list);
HANDLER(items_guide);
HANDLER(items_themes);
HANDLER(bundles_list);
HANDLER(bundles_get);
HANDLER(bureau_items);
HANDLER(bureau_item);
HANDLER(bureau_new);
HANDLER(bureau_draft);
HANDLER(bureau_publish);
HANDLER(bureau_suspend);
HANDLER(bureau_withdraw);
HANDLER(bureau_resume);
HANDLER(file_preview);
HANDLER(file_import);

/* JSON replies written by hand. */
struct answer {
    struct buf b;
    struct jw w;
};
struct jw *answer_begin(struct call *c, struct answer *a);
void answer_end(struct call *c, const struct answer *a);

/* {code, name, unit, regime, regime_name, legal, promised, …}: a row of GET /items. */
void items_write_row(struct call *c, const struct shelf_item *it, struct jw *w);
struct err *no_item(struct call *c) MUST_CHECK;

#endif
