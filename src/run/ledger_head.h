/* The head of the log as the tables know it: which log, how many leaves, which frontier; and the
 * check against every checkpoint that was published (design.md 6).
 *
 * A data base that was rolled back, or whose leaves were edited, is told by a published checkpoint
 * that it cannot reproduce: ERR_LEDGER, and the server does not start. The last signed checkpoint
 * is also kept in DIR/keys/log.checkpoint, because a data base put back from an old copy takes its
 * own checkpoints back with it. */
#ifndef HUHANG_RUN_LEDGER_HEAD_H
#define HUHANG_RUN_LEDGER_HEAD_H

#include "ledger/tree.h"
#include "run/app.h"

struct ledger_head {
    int64_t log; /* number of the log, from 1; settings `ledger_log` */
    struct frontier frontier;
};

/* A root that was published at a size. */
struct ledger_mark {
    uint64_t size;
    unsigned char root[32];
};

/* At most two: of the table and of the file. */
struct ledger_marks {
    struct ledger_mark mark[2];
    size_t n;
};

/* Number of the log and its frontier: the stored one when it is as long as the leaves, else rebuilt
 * from ledger_leaf. ERR_LEDGER when leaves are missing. */
struct err *ledger_head_load(struct db *d,
                             struct arena *a,
                             int64_t office_id,
                             struct ledger_head *ret) MUST_CHECK;
/* `<origin>/<log>`; ERR_CONF when the setting ledger_origin is missing. */
struct err *ledger_origin(
    struct db *d, struct arena *a, int64_t office_id, int64_t log, struct str *ret) MUST_CHECK;
/* Checks the head against the newest checkpoint of the table and the one in the file (both must
 * carry our signature). *ret_signed_size is the size last published, 0 when none. file_path may be
 * none. */
struct err *ledger_head_check(struct app *app,
                              struct db *d,
                              struct arena *a,
                              const struct ledger_head *head,
                              struct str file_path,
                              uint64_t *ret_signed_size) MUST_CHECK;
/* Recomputes the tree leaf by leaf and compares each mark on the way; the frontier at the end. */
struct err *ledger_rebuild(struct db *d,
                           struct arena *a,
                           int64_t office_id,
                           int64_t log,
                           const struct ledger_marks *marks,
                           struct frontier *ret) MUST_CHECK;
/* Leaf hashes from index `from` to the end, 32 bytes each (few: what one group wrote). */
struct err *ledger_hashes(struct db *d,
                          struct arena *a,
                          int64_t office_id,
                          int64_t log,
                          uint64_t from,
                          struct bytes *ret) MUST_CHECK;
/* Path of the file with the last signed checkpoint; none without a data folder. */
struct str ledger_file(struct arena *a, const struct conf *conf);

#endif
