/* The lease of an office: at any time one writer owns it (design.md 3).
 *
 * On PostgreSQL each group of writes begins with lease_check, which locks the lease's row FOR SHARE
 * in the same transaction: an owner that lost it cannot commit. lease_take's UPDATE waits for that
 * lock, so it also waits for the transaction in doubt after a lost connection. On SQLite the lock
 * file keeps other servers out, and the row only counts epochs. */
#ifndef HUHANG_STORE_LEASE_H
#define HUHANG_STORE_LEASE_H

#include "store/db.h"

struct lease {
    int64_t office_id;
    struct str owner; /* address of the server, for 307; the caller keeps the text */
    int64_t epoch;
    int64_t until_at; /* real time, milliseconds */
    int64_t backend_pid;
};

#define LEASE_MS INT64_C(30000) /* renew at half of it */

/* Takes the office for `owner`, in a transaction of its own. Free, expired or our own already: a
 * new epoch. An expired owner that is silent inside a transaction is ended first (PostgreSQL).
 * ERR_OFFICE_ELSEWHERE: somebody else holds it; *ret says who and until when. */
struct err *lease_take(struct db *d,
                       struct arena *a,
                       int64_t office,
                       struct str owner,
                       int64_t real_ms,
                       struct lease *ret) MUST_CHECK;
/* Right behind group_begin, no round trip: the group fails with ERR_LEASE_LOST when the epoch has
 * moved on. Nothing on SQLite. */
struct err *lease_check(struct db *d, struct arena *a, const struct lease *l) MUST_CHECK;
/* In a group, behind lease_check: moves until_at when half of the time is over (else does nothing).
 */
struct err *lease_renew(struct db *d, struct arena *a, struct lease *l, int64_t real_ms) MUST_CHECK;
/* At an orderly stop, in a transaction of its own: the next owner need not wait. */
struct err *lease_give_up(struct db *d, struct arena *a, const struct lease *l) MUST_CHECK;
extern const struct stmt_list lease_stmts; /* for db_check */

#endif
