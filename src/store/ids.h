/* Ids of one office: office * 2^40 + running number, one run for each table (design.md 3). Kept by
 * the writer in memory and used by no other thread.
 *
 * What is stored in id_block is the end of a reserved block, not the last number: most groups write
 * nothing. Numbers are unique and grow; a restart or an undone unit leaves gaps. Numbers that must
 * have no gaps (document numbers) live in table `series`. */
#ifndef HUHANG_STORE_IDS_H
#define HUHANG_STORE_IDS_H

#include "store/db.h"

struct ids;

#define IDS_OFFICE(id) ((id) >> 40)
#define IDS_NUMBER(id) ((id) & ((INT64_C(1) << 40) - 1))

/* Reads id_block; malloc, free with ids_free. Load again after the lease was taken anew. */
struct err *ids_load(struct db *d, struct arena *a, int64_t office, struct ids **ret) MUST_CHECK;
void ids_free(struct ids *s); /* NULL is allowed */
/* The next id of that table. Inside a group only; never fails. */
int64_t ids_next(struct ids *s, const char *table);
/* Before group_commit, outside units: pushes the reservations that the group needs. */
struct err *ids_flush(struct ids *s, struct db *d, struct arena *a) MUST_CHECK;
/* After a group_commit that succeeded. */
void ids_keep(struct ids *s);
/* After a group that failed or whose outcome is unknown: its reservations count as not stored.
 * Numbers are not given twice, even if the group did commit. */
void ids_undo(struct ids *s);
extern const struct stmt_list ids_stmts; /* for db_check */

#endif
