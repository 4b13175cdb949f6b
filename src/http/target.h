/* The request target: path segments and query, decoded by us (c-models finding 5). Pure.
 *
 * The path is cut at "/" first and each segment decoded after, so "%2f" never becomes a separator.
 * Refused: NUL and control characters, "." and "..", "/" or "\" inside a segment, bad escapes, bad
 * UTF-8, and more than the limits. An empty segment is kept (it matches nothing). */
#ifndef HUHANG_HTTP_TARGET_H
#define HUHANG_HTTP_TARGET_H

#include "base/str.h"

struct arena;

#define TARGET_SEGMENTS_MAX    24
#define TARGET_PAIRS_MAX       64
#define TARGET_NAME_MAX        64   /* bytes of a query name */
#define TARGET_QUERY_VALUE_MAX 2000 /* bytes of a decoded query value */

struct query_pair {
    struct str name, value;
};

struct target {
    struct str raw_path;   /* as it came */
    struct str path;       /* decoded segments, each behind a "/" */
    const struct str *seg; /* decoded */
    size_t n_seg;
    const struct query_pair *pairs;
    size_t n_pairs;
};

struct target_fault {
    const char *zh, *en;
};

/* `raw` has passed the gate. NULL: good. Texts live in the arena or in `raw`. */
const struct target_fault *target_parse(struct arena *a, struct str raw, struct target *ret);
/* First value of that name, or none. */
struct str target_query(const struct target *t, struct str name);

#endif
