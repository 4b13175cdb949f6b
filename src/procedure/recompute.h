/* Open clocks under another calendar (design.md 4): a notice moves due dates that are still open.
 * What was before stays in the clock's events, with the notice as its cause; clocks that have ended
 * keep their date. A provisional date that the notice settles becomes firm, and an expiry that
 * waited for it fires in the next sweep. */
#ifndef HUHANG_PROCEDURE_RECOMPUTE_H
#define HUHANG_PROCEDURE_RECOMPUTE_H

#include "procedure/matter.h"

/* A day on which work stops or begins. */
struct day_change {
    int32_t day;
    bool worked, works;
    struct str was, is; /* reasons as calendar_reason gives them; none: a plain working day */
    struct str notice;  /* of the new calendar; none where the day has no row there */
};

/* A clock whose date, or whose being provisional, changes. */
struct clock_change {
    int64_t matter_id;
    struct str number, title;
    const struct definition *d;
    uint32_t clock; /* of d */
    int32_t old_due, new_due;
    bool old_provisional, provisional;
    struct str notice;
};

struct recompute {
    const struct almanac *to; /* the new calendar; id 0 in a preview */
    struct str source;        /* what is told where no single notice is the cause */
    bool preview;             /* nothing is written */
    size_t max_changes;       /* at most so many are listed */
    /* results */
    struct day_change *days;
    size_t n_days;
    struct clock_change *changes;
    size_t n_changes;
    int64_t clocks, matters, firm; /* changed in all; of these no longer provisional */
};

/* Days that differ between the calendar in force and `to`. */
void recompute_days(struct call *c, struct recompute *r);
/* The days, then every open clock of the office; inside the unit that stores `to`, or on any
 * connection for a preview. One outbox event `clock.moved` for each matter that changed. */
struct err *recompute_clocks(struct call *c, struct recompute *r) MUST_CHECK;

#endif
