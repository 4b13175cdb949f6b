/* Parameters of a statement in the shared dialect: finds `:name` and makes `$n` of it for
 * PostgreSQL. Strings, quoted names, comments and `::` are left alone. Positional parameters are
 * refused, because nothing in the house binds by position (c-models 3.7). */
#ifndef HUHANG_STORE_SCAN_H
#define HUHANG_STORE_SCAN_H

#include "base/str.h"

struct arena;

#define SCAN_PARAMS_MAX 128

struct scan {
    struct str *names; /* each once, in order of first use, without the colon */
    size_t n;
    struct str numbered; /* the text with $1 … */
};

/* False: the text is no statement of the shared dialect; *ret_why says why, in English. */
bool scan_params(struct arena *a, struct str sql, struct scan *ret, const char **ret_why);

#endif
