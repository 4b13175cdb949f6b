/* Units of the office, as an immutable snapshot in memory: names, tree, paths. Loaded at start and
 * again after each committed change; readers on any thread take the pointer and keep it for the
 * call. Old snapshots live until the program ends: changes are rare and small. */
#ifndef HUHANG_PROCEDURE_ORG_H
#define HUHANG_PROCEDURE_ORG_H

#include "civil/clock.h"
#include "run/app.h"

struct org_unit {
    int64_t id, parent_id;                /* 0: top */
    struct str code, name, name_en, path; /* path "/1/3/": ids from the top, itself last */
    int64_t status;                       /* 1 active, 0 closed */
};

struct org {
    struct str office_code, office_name;
    struct jval profile; /* office profile: names of organs on letters, address, hours … */
    const struct org_unit *units;
    size_t n;
};

/* Reads office and units with the call's connection and publishes them. */
struct err *org_reload(struct call *c) MUST_CHECK;
/* After the unit's commit (WRITE commands that changed office or units). */
void org_changed(struct call *c);
const struct org *org_of(const struct app *app);
const struct org_unit *org_unit(const struct org *o, int64_t id); /* NULL: none */
/* Is `id` the unit or below it? A grant on `ancestor` covers it. 0 covers all. */
bool org_covers(const struct org *o, int64_t ancestor, int64_t id);
/* Service hours of the office profile (defaults 09:00–12:00, 13:30–17:00; due days end at 24:00
 * unless the profile says `due_at_close`). */
struct service_hours org_hours(const struct org *o);

#endif
