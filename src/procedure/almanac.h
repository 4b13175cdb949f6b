/* The calendar in force, as an immutable snapshot: the newest row of table `calendar`, or the
 * holidays that the program carries when there is none yet. */
#ifndef HUHANG_PROCEDURE_ALMANAC_H
#define HUHANG_PROCEDURE_ALMANAC_H

#include "civil/calendar.h"
#include "run/app.h"

struct almanac {
    int64_t id; /* calendar.id */
    struct calendar *calendar;
    struct str source;
    const struct holiday *rows;
    size_t n;
    const struct almanac *older; /* chain of those in memory; for almanac.c alone */
};

/* Publishes the newest stored version; with none stored, almanac_of stays NULL and `init` stores
 * the holidays that the program carries. */
struct err *almanac_reload(struct call *c) MUST_CHECK;
const struct almanac *almanac_of(const struct app *app);
/* A stored version by its id: clocks that have ended keep the calendar they ended under. Read once,
 * then kept in memory. */
struct err *almanac_at(struct call *c, int64_t id, const struct almanac **ret) MUST_CHECK;
/* Stores a new version inside the unit and publishes it after the commit. *ret is usable at once.
 */
struct err *almanac_store(struct call *c,
                          const struct holiday *rows,
                          size_t n,
                          struct str source,
                          const struct almanac **ret) MUST_CHECK;

#endif
