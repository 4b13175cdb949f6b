/* RFC 6901 pointers, built only when a fault needs one: while walking down a document each function
 * keeps one step on its own stack. Private to wire. */
#ifndef HUHANG_WIRE_POINTER_H
#define HUHANG_WIRE_POINTER_H

#include "base/str.h"

struct arena;

struct pointer_step {
    const struct pointer_step *up; /* NULL at the top */
    struct str name;               /* none: an element of a list, at `index` */
    size_t index;
};

/* `at` followed by the steps from the top to `last` (NULL: no step), with ~ and / escaped. */
struct str pointer_text(struct arena *a, struct str at, const struct pointer_step *last);

#endif
