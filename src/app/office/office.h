/* The office itself: its profile, units, staff with their roles, and what the audit administrator
 * reads. People and grants are made by app/identity; here are the pages' operations (docs/api.md
 * "Bureau and administration"). */
#ifndef HUHANG_APP_OFFICE_OFFICE_H
#define HUHANG_APP_OFFICE_OFFICE_H

#include "run/app.h"

extern const struct module office_module;

#define UNIT_CLOSED 0
#define UNIT_ACTIVE 1

struct unit_new {
    struct str code, name, name_en; /* name_en may be none */
    int64_t parent_id;              /* 0: at the top */
};

/* WRITE, audited: a unit below its parent. All faults at once; the code is unique in the office.
 * The snapshot of org.h follows the commit. */
struct err *office_add_unit(struct call *c, const struct unit_new *u, int64_t *ret_id) MUST_CHECK;
/* WRITE, audited: name and profile (an object) as they are, for init, import and demo. */
struct err *
office_set_profile(struct call *c, struct str name, const struct jval *profile) MUST_CHECK;

#endif
