/* Parts of ledger_verify. Private to app/ledger/.
 *
 * A finding travels like an error: `altered` writes the report and returns an error of code
 * ERR_LEDGER, which ends the walk; ledger_verify turns it into its report. Raw rows are looked at
 * before the engine loads them, because the engine trusts what it reads. */
#ifndef HUHANG_APP_LEDGER_VERIFY_H
#define HUHANG_APP_LEDGER_VERIFY_H

#include "app/ledger/ledger.h"
#include "base/map.h"
#include "ledger/tree.h"
#include "procedure/matter.h"
#include "procedure/matter_rows.h"

/* A version of a kind as stored. */
struct vdefinition {
    int64_t id;
    const struct definition *d;
    unsigned char sha256[32];
};

/* Leaf hashes of one log; malloc. */
struct vlog {
    int64_t log;
    unsigned char (*hashes)[32];
    size_t n, cap;
    uint64_t signed_size; /* covered by a checkpoint that holds */
};

struct verify {
    struct call *c;     /* arena: of the matter under check */
    struct arena *keep; /* of the report */
    struct arena *base; /* as long as the check */
    struct verify_report *r;
    struct map *definitions; /* id → struct vdefinition */
    struct map *numbers;     /* series key → int64_t: numbers seen */
    struct vlog *logs;       /* logs[0] is log 1 */
    size_t n_logs;
    struct str file_note; /* keys/log.checkpoint as it was before the transaction began */
    int64_t done, total;
    struct str number; /* of the matter under check, for the report */
};

/* One matter under check. */
struct vmatter {
    const struct matter_row *row;
    const struct vdefinition *def;
    struct matter *m;           /* as the engine loads it */
    const struct act_row *acts; /* by id */
    const struct jval *bodies;  /* J_NULL: erased */
    bool foldable;              /* no body was erased, one version of the definition throughout */
    size_t n;
    const struct clock_row *clocks; /* by id */
    size_t n_clocks;
};

/* A finding; texts are formatted by the caller into any arena. */
struct finding {
    const char *table;
    struct str id;
    const char *field;
    struct str expected, found;
};
struct err *altered(struct verify *v, const struct finding *f) MUST_CHECK;
/* The same for a column that holds a number, a text or bytes; NULL when both are the same. */
struct err *same_int(struct verify *v,
                     const char *table,
                     int64_t id,
                     const char *field,
                     int64_t expected,
                     int64_t found) MUST_CHECK;
struct err *same_text(struct verify *v,
                      const char *table,
                      struct str id,
                      const char *field,
                      struct str expected,
                      struct str found) MUST_CHECK;
struct err *same_bytes(struct verify *v,
                       const char *table,
                       int64_t id,
                       const char *field,
                       struct bytes expected,
                       struct bytes found) MUST_CHECK;
struct err *missing(struct verify *v, const char *table, struct str id) MUST_CHECK;
struct str id_text(struct arena *a, int64_t id);
void verify_step(struct verify *v); /* one more record done */

/* In this order. */
struct err *
verify_base(struct verify *v) MUST_CHECK; /* definitions, calendars; starts the engine */
struct err *verify_logs(struct verify *v) MUST_CHECK; /* leaves, checkpoints, frontier */
struct err *
verify_whole(struct verify *v) MUST_CHECK; /* acts without leaves and leaves without acts */
struct err *verify_matter(struct verify *v, int64_t id) MUST_CHECK;
struct err *verify_numbers(struct verify *v) MUST_CHECK; /* series, after all matters */
struct err *verify_files(struct verify *v) MUST_CHECK;

/* Parts of verify_matter. */
struct err *verify_columns(struct verify *v,
                           const struct vmatter *w) MUST_CHECK; /* before loading */
struct err *verify_acts(struct verify *v, struct vmatter *w) MUST_CHECK;
struct err *verify_body(struct verify *v,
                        const struct vmatter *w,
                        const struct data_key *key,
                        size_t i,
                        struct jval *ret) MUST_CHECK;
/* The commitment of a stored body under the matter's key; *ret_has false when it cannot be opened.
 */
struct err *body_commit_of(struct verify *v,
                           const struct vmatter *w,
                           int64_t act_id,
                           unsigned char ret[32],
                           bool *ret_has) MUST_CHECK;
struct err *verify_opened(struct verify *v, const struct vmatter *w) MUST_CHECK;
struct err *verify_fold(struct verify *v, struct vmatter *w) MUST_CHECK;
/* Clocks and events as rows: what the engine trusts when it loads them. */
struct err *verify_clock_rows(struct verify *v, struct vmatter *w) MUST_CHECK;
struct err *verify_clocks(struct verify *v, struct vmatter *w, struct matter *fold) MUST_CHECK;
/* k: as stored, with `row`; fold: what the acts give, NULL: fell away by a correction. */
struct err *verify_events(struct verify *v,
                          struct vmatter *w,
                          const struct clock_row *row,
                          struct mclock *k,
                          struct mclock *fold) MUST_CHECK;
struct err *verify_work(struct verify *v, struct vmatter *w) MUST_CHECK;
struct err *verify_facts(struct verify *v, struct vmatter *w) MUST_CHECK;
struct err *verify_letters(struct verify *v, struct vmatter *w) MUST_CHECK;

/* Which column of an act no longer fits its leaf, as far as that can be found out. */
struct act_check {
    struct vmatter *w;
    size_t i;                      /* into w->acts */
    const struct vdefinition *def; /* of the act */
    struct bytes prev;             /* leaf hash of the act before, none: first */
    struct bytes leaf;             /* stored */
};
void act_leaf(struct arena *a,
              const struct act_check *k,
              const struct act_row *row,
              unsigned char ret[37]);
/* The first leaf of an act in [from, to) of the log that is not the act's; none when all are. */
struct err *act_leaf_differs(
    struct verify *v, int64_t log, int64_t from, int64_t to, struct str *ret_id) MUST_CHECK;
struct err *act_guess(struct verify *v, const struct act_check *k) MUST_CHECK;

#endif
