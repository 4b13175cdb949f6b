/* Departments of the file as units of the office. A name that is a unit already stays that unit;
 * one that is not becomes a unit with a code and an English name of ours. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_DEPARTMENT_H
#define HUHANG_APP_CATALOGUE_DEPARTMENT_H

#include "run/app.h"

struct department {
    struct str code, name, name_en;
    int64_t unit_id; /* 0: not stored yet */
    bool closed;
    bool wanted;   /* a good row of the file names it */
    bool projects; /* its items are about construction projects: chooses the default form */
};

struct departments {
    struct arena *a;
    struct department *rows;
    size_t n, cap;
};

/* The units that there are. */
struct err *departments_load(struct call *c, struct departments *ret) MUST_CHECK;
/* The department of that name, added when it is new. The pointer holds until the next call. */
const struct department *department_named(struct departments *d, struct str name);
/* The same without adding; NULL: none. */
const struct department *department_known(const struct departments *d, struct str name);
/* By code; NULL: none. */
struct department *department_coded(const struct departments *d, struct str code);
const struct department *department_of_unit(const struct departments *d, int64_t unit_id);
/* Stores those that are new and wanted as units of the top level and makes the office's picture
 * anew. WRITE. */
struct err *departments_store(struct call *c, struct departments *d) MUST_CHECK;

#endif
