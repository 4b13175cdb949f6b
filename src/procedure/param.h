/* Parameters of kinds (procedures.md 2.3): the value in force, found in the order item version,
 * item, unit, office, file; each override is a row with its history. */
#ifndef HUHANG_PROCEDURE_PARAM_H
#define HUHANG_PROCEDURE_PARAM_H

#include "procedure/matter.h"

/* The value for a matter at the instant. A failure to read leaves the file's default and *ret_err.
 */
struct value param_value(
    struct call *c, const struct matter *m, uint32_t param, int64_t at_ms, struct err **ret_err);

struct param_change {
    struct str kind, name, value; /* value as definitions write it: 30cd, 5, true, text */
    struct str reason;            /* why, kept with the value */
    struct str item;              /* code, none: not for one item */
    int64_t unit_id;              /* 0: not for one unit */
};
/* WRITE. Bounds are kept; a `law` value may only be tightened (shorter, smaller). From now on; what
 * was in force before keeps its row. ERR_FORM_INVALID names the member. */
struct err *param_set(struct call *c, const struct param_change *p) MUST_CHECK;
/* Every parameter of the kinds in service with its default, bounds, overrides and history, as JSON
 * rows. */
struct err *param_list(struct call *c, struct jw *w) MUST_CHECK;

#endif
