/* Lanes: READ threads, the group-committing writer, SLOW threads (c-models 3.4 idea 9, 3.5;
 * design.md 2).
 *
 * The writer takes what is queued (≤ conf.batch_max), group_begin, each command in a unit, commit,
 * then answers all; it never waits to fill a batch. Per command: idempotency (same key and hash:
 * stored reply; other hash: ERR_KEY_MISMATCH), handler, ledger leaves and outbox rows of the unit,
 * stored reply, unit_end. A failed command undoes only itself. Nothing is answered before the
 * commit is durable. A command over 50 ms is logged. Command ids of the last 24 hours are in
 * memory, loaded at start in commit order. On PostgreSQL the group begins with the lease check;
 * after a lost connection the lease is taken again, ids are reloaded, and the commands of the group
 * are run again. */
#ifndef HUHANG_RUN_LANE_H
#define HUHANG_RUN_LANE_H

#include "run/op.h"

struct lanes;
struct jval;

/* What came of a job; done() runs on the lane's thread after the commit. */
struct outcome {
    struct err *err; /* NULL: good */
    int status;      /* HTTP status */
    struct str body; /* encoded reply (JSON or raw) */
    struct reply reply;
    bool replayed; /* stored reply of an earlier request */
};

struct job {
    struct call call;            /* arena owned by the job; freed by whoever gets done() */
    const struct jval *in_json;  /* decoded body + params, NULL: none */
    struct bytes request_sha256; /* hash of method, path and body, for idempotency */
    /* Internal command instead of an operation. */
    struct err *(*fn)(struct call *c, void *ctx);
    void *ctx;
    void (*done)(struct job *j);
    void *user;
    struct outcome outcome;
    int64_t deadline_mono_ms; /* 0: none; an expired job is answered ERR_BUSY unrun */
};

struct err *lanes_start(struct app *app, struct arena *a, struct lanes **ret) MUST_CHECK;
/* Queues the job on its op's lane (internal commands: WRITE). False: full or stopping; done() will
 * not be called, and outcome.err says ERR_BUSY (with retry_after) or ERR_STOPPING. */
bool lane_post(struct lanes *l, struct job *j);
bool lane_post_to(struct lanes *l, enum lane_kind kind, struct job *j);
/* Posts an internal command to the writer and waits for its commit; memory and errors come from
 * c->arena. Not from the writer itself. Without lanes (start, tests) it is unit_run. */
struct err *
lane_write(struct call *c, struct err *(*fn)(struct call *wc, void *ctx), void *ctx) MUST_CHECK;
/* Runs a job now on the caller's thread with the caller's db (OP_INLINE reads, tests) and calls
 * done(). A WRITE job runs in a group of its own, with its command id, where there are no lanes. */
void lane_run_here(struct app *app, struct db *db, struct job *j);
/* Refuse new jobs, finish the queued ones, end the threads. */
void lanes_stop(struct lanes *l);
struct lane_stats {
    int64_t queued_read, queued_write, queued_slow, groups, units, units_failed, slow_units,
        batch_max_seen, log_pages;
};
void lane_stats(struct lanes *l, struct lane_stats *ret);
/* The signer for metrics and readiness. */
struct signer_view {
    uint64_t size, signed_size; /* leaves known; covered by the last checkpoint */
    int64_t signed_ms;          /* when that was signed, real time; 0: there is none yet */
    bool well;                  /* it still signs */
};
void lane_signer_state(struct lanes *l, struct signer_view *ret);
/* Runs one WRITE command in a group of its own on an open writer without lanes (start-up, command
 * line on a stopped server, simulation, tests). */
struct err *
unit_run(struct call *c, struct err *(*fn)(struct call *c, void *ctx), void *ctx) MUST_CHECK;

/* Ends writing without lanes: the lease is given back (PostgreSQL), so that a server on another
 * address can start at once. The connection stays the caller's. */
void unit_close(struct app *app);

/* Inside a WRITE command: the unit's products. */
/* An outbox row; ids strictly increase in commit order and are the SSE ids. audience: "office",
 * "unit:ID", "person:ID", "party:ID", joined by blanks. body: JSON with ids only. */
struct err *unit_outbox(struct call *c,
                        const char *topic,
                        int64_t matter_id,
                        int64_t act_id,
                        struct str audience,
                        struct str body) MUST_CHECK;
/* A ledger leaf; *ret_index is its place in the log, *ret_leaf_hash its RFC 6962 leaf hash. */
struct err *unit_leaf(struct call *c,
                      int type,
                      struct bytes leaf,
                      int64_t act_id,
                      int64_t *ret_index,
                      unsigned char ret_leaf_hash[32]) MUST_CHECK;
int64_t unit_log(struct call *c); /* number of the log (restores start a new one) */
/* A row in `audit` for an operation that is not an act. */
struct err *unit_audit(struct call *c, struct str subject, struct str body) MUST_CHECK;
/* A new id for `table`. */
int64_t unit_id(struct call *c, const char *table);
/* Runs fn(app, ctx) on the writer thread once the unit's group is committed, before anybody is
 * answered; never when it is undone. For caches that must follow the data base: ctx must outlive
 * the call's arena (mem_new). The same pair asked for twice in a group runs once. */
void unit_on_commit(struct call *c, void (*fn)(struct app *app, void *ctx), void *ctx);

#endif
