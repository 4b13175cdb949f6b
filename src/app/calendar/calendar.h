/* The holidays of the office: reading them, importing a notice after a preview, and the
 * administrator's word that the date is right (issue 3 C, design.md 4). The arithmetic is civil/,
 * the recomputing of open clocks procedure/recompute.h. */
#ifndef HUHANG_APP_CALENDAR_CALENDAR_H
#define HUHANG_APP_CALENDAR_CALENDAR_H

#include "procedure/recompute.h"

extern const struct module calendar_module;

#define CALENDAR_CHANGES_MAX 200 /* clocks that a report lists; the rest is counted */

struct calendar_report {
    struct recompute clocks; /* days and clocks that change */
    int32_t known_until_before, known_until;
    bool same; /* the rows are those in force: nothing to do */
};

/* The rows in force with those of a notice in their place: a year that the notice names is replaced
 * as a whole, other years stay. December days that come with the notice of the following year are
 * added to their year. */
struct err *calendar_merge(struct call *c,
                           const struct holiday *rows,
                           size_t n,
                           struct holiday **ret,
                           size_t *ret_n) MUST_CHECK;
/* What the notice changes; and unless `preview`, inside the unit: stores the version, recomputes
 * every open clock, one public leaf, outbox events, audit. `source` names the import. ERR_CALENDAR.
 */
struct err *calendar_change(struct call *c,
                            const struct holiday *rows,
                            size_t n,
                            struct str source,
                            bool preview,
                            struct calendar_report *ret) MUST_CHECK;
/* The report as the members of an object (docs/api.md "Bureau"). */
void calendar_report_write(struct call *c, const struct calendar_report *r, struct jw *w);

#endif
