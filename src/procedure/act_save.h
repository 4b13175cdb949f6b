/* Saving the parts of a matter. Private to procedure/. */
#ifndef HUHANG_PROCEDURE_ACT_SAVE_H
#define HUHANG_PROCEDURE_ACT_SAVE_H

#include "procedure/act.h"

struct err *save_letter(struct call *c, struct act_done *d) MUST_CHECK;
struct err *save_clocks(struct call *c,
                        struct matter *m) MUST_CHECK; /* fresh and dirty ones, new events */
struct err *save_facts(struct call *c,
                       struct matter *m) MUST_CHECK; /* indexed facts that changed */
struct err *save_work(struct call *c,
                      struct matter *m) MUST_CHECK; /* exactly the rows somebody must act on */
/* Lights and due date alone, of the rows that there are: other dates of the same clocks. Needs only
 * the matter's clocks that have not ended. */
struct err *save_lights(struct call *c, const struct matter *m) MUST_CHECK;
/* The worklist rows that the matter should have now (also for verify and tests). */
struct work_row;
size_t work_rows(struct call *c, struct matter *m, struct work_row *ret, size_t max);

#endif
