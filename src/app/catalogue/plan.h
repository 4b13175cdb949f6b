/* An import in two steps: the plan (what the file would do, read only) and its execution. Private
 * to the folder. */
#ifndef HUHANG_APP_CATALOGUE_PLAN_H
#define HUHANG_APP_CATALOGUE_PLAN_H

#include "app/catalogue/catalogue.h"
#include "app/catalogue/map.h"
#include "app/catalogue/store.h"

struct plan_item {
    struct catalogue_row *row;
    struct item_row stored; /* highest version; item_id 0: no such item yet */
    struct jval body;       /* to be */
    struct str unit, file_row;
};

struct plan_bundle {
    struct catalogue_row *row;
    struct bundle_row stored; /* id 0: new */
    struct jval body;
};

struct plan {
    struct call *c;
    struct arena *a;
    const struct jval *file;
    bool sample;
    struct departments units;
    struct map *by_code; /* struct item_row of every stored item */
    struct plan_item *items;
    size_t n_items;
    struct plan_bundle *bundles;
    size_t n_bundles;
    struct catalogue_row *rows;
    size_t n_rows;
};

struct err *
plan_make(struct call *c, const struct jval *file, bool sample, struct plan *ret) MUST_CHECK;
struct err *plan_execute(struct plan *p) MUST_CHECK;
void plan_report(const struct plan *p, bool applied, struct catalogue_report *ret);

/* catalogue_import and catalogue_preview of a value that is read already. */
struct err *
import_value(struct call *c, const struct jval *file, struct catalogue_report *ret) MUST_CHECK;
struct err *
preview_value(struct call *c, const struct jval *file, struct catalogue_report *ret) MUST_CHECK;

#endif
