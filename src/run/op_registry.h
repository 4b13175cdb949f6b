/* Inside run/: the registry of operation rows as op.c builds it, op_route.c walks it, openapi.c
 * prints it and metrics.c counts in it. */
#ifndef HUHANG_RUN_OP_REGISTRY_H
#define HUHANG_RUN_OP_REGISTRY_H

#include "base/map.h"
#include "run/op.h"

#include <stdatomic.h>

#define OP_MAX_SEGMENTS 12
#define OP_METHODS      6 /* enum op_method starts at 1 */
#define OP_CLASSES      6 /* status classes 1xx … 5xx; index 0 unused */

/* What metrics.c shows of one operation. */
struct op_count {
    atomic_int_fast64_t replies[OP_CLASSES];
    atomic_int_fast64_t busy_us; /* time in handlers */
};

struct route_node {
    struct map *children;     /* literal segment → struct route_node */
    struct route_node *param; /* any segment */
    const struct op *ops[OP_METHODS];
};

struct op_registry {
    const struct op **ops; /* in the order of the modules */
    size_t n;
    struct map *by_name;
    struct route_node *root;
    struct op_count *counts; /* beside ops */
    struct map *places;      /* name → struct op_count */
};

/* Puts the row into the routing tree. A fault is added to *ret_err (made when NULL). */
void op_route_add(struct op_registry *r,
                  struct arena *a,
                  const struct op *op,
                  struct err **ret_err);
/* The next segment of a path that starts with '/'; false at the end. */
bool op_path_next(struct str *rest, struct str *ret_segment);
/* "{id}" → "id"; none for a literal segment. */
struct str op_path_param(struct str segment);
/* The input row of that name or NULL. */
const struct field *op_in_row(const struct op *op, struct str name);
/* Adds a fault about a row of the table: ours, found at start. */
void op_fault(struct arena *a, struct err **ret_err, const struct op *op, const char *what);
/* Counts one answered operation. */
void op_counted(const struct op_registry *r, const struct op *op, int status, int64_t busy_us);

#endif
