/* The shelf: what the public sees of the catalogue, in memory. An immutable picture, made anew from
 * the data base after each commit that changed something; readers on any thread take the pointer
 * and keep it for the call. An old picture is freed ten minutes after it was replaced: no call
 * lives so long. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_SHELF_H
#define HUHANG_APP_CATALOGUE_SHELF_H

#include "app/catalogue/limit.h"
#include "app/catalogue/words.h"
#include "run/app.h"

struct shelf_item {
    int64_t item_id, unit_id, version;
    struct str code, zh, en, regime;
    enum item_status status;
    bool has_legal, has_promised, immediate, online, fee_charged, sample, allow_defer, commitment;
    struct duration legal, promised;
    int64_t materials;
    const struct str *tags;
    size_t n_tags;
    const struct str *objects;
    size_t n_objects;
    uint64_t bundles; /* bit per bundle of the shelf that the item belongs to */
    /* Folded for searching: width and case. */
    struct str find_name, find_material, find_other;
};

struct shelf_bundle {
    struct str code, zh;
    struct jval body;
    bool whole; /* every item that is required is in service */
};

#define SHELF_BUNDLES 64

struct shelf {
    struct arena *a;
    const struct shelf_item *items; /* published and suspended ones, in the order of items */
    size_t n;
    const struct shelf_bundle *bundles;
    size_t n_bundles;
};

/* Reads everything with the call's connection and publishes the picture (start, tests). */
struct err *shelf_load(struct call *c) MUST_CHECK;
/* After the unit's commit. */
void shelf_changed(struct call *c);
/* Never NULL; empty before anything is loaded. */
const struct shelf *shelf_of(const struct app *app);
const struct shelf_item *shelf_find(const struct shelf *s, struct str code);
void shelf_stop(struct app *app);

/* For searching: full-width forms and capitals fold away. */
struct str shelf_fold(struct arena *a, struct str s);

#endif
