/* Inside run/: the writer as data. lane.c gives it a thread and a queue; unit_run uses it without.
 * One thread at a time. */
#ifndef HUHANG_RUN_WRITER_H
#define HUHANG_RUN_WRITER_H

#include "base/buf.h"
#include "run/app.h"
#include "run/command_ids.h"
#include "run/ledger_head.h"
#include "run/signer.h"
#include "store/lease.h"

#include <stdatomic.h>

#define WRITER_SLOW_MS    50
#define WRITER_LOG_PAGES  4000 /* checkpoint under load (performance.md 4.10) */
#define WRITER_ATTEMPTS   3    /* runs of one group over lost connections */
#define WRITER_MAX_PLACES 64   /* audiences a group tells the hub one by one */

struct writer {
    struct app *app;
    struct db *db;
    struct command_ids *commands;
    struct ledger_head head; /* of what is committed */
    struct lease lease;      /* PostgreSQL */
    int64_t group_number;    /* PostgreSQL: of the last group tried */
    bool lost;               /* another server has the office: nothing more is written here */
    struct signer *signer;   /* NULL without lanes */
    atomic_int_fast64_t groups, units, units_failed, slow_units, batch_max_seen, log_pages;
};

/* Something to do once the group is committed (unit_on_commit). */
struct on_commit {
    void (*fn)(struct app *app, void *ctx);
    void *ctx;
};
#define WRITER_MAX_AFTER 64

/* What the commands of one transaction made together. Dies with the group's arena. */
struct group {
    struct writer *w;
    struct arena *arena;
    struct buf hashes;                 /* leaf hashes, 32 bytes each */
    struct frontier frontier;          /* after group_close: with them */
    int64_t number;                    /* of the group: tells whether a commit in doubt happened */
    int64_t first_outbox, last_outbox; /* 0: none */
    struct str place[WRITER_MAX_PLACES];
    size_t n_places;
    bool every_place;  /* more audiences than room */
    size_t n_commands; /* ids added to memory */
    struct on_commit after[WRITER_MAX_AFTER];
    size_t n_after;
};

/* call.unit points here while a unit is open. */
struct unit {
    struct group *group;
};

/* Loads ids, commands and the head, takes the lease; uses app->ids when set. Memory is malloc. */
struct err *
writer_open(struct app *app, struct db *db, struct arena *a, struct writer **ret) MUST_CHECK;
/* Gives the lease back (PostgreSQL). */
void writer_give_up(struct writer *w);
void writer_close(struct writer *w); /* NULL is allowed; the connection stays */
/* Runs the jobs as one group and fills their outcomes; answering them is the caller's business. */
void writer_group(struct writer *w, struct job **jobs, size_t n);
/* Between groups when nothing is queued: checkpoint, lease. */
void writer_idle(struct writer *w);
/* PostgreSQL: the lease, for the first time or after a lost connection. ERR_LEASE_LOST when
 * somebody else had it in between. */
struct err *writer_take_lease(struct writer *w, struct arena *a) MUST_CHECK;
/* app->writer, opened on c->db when there is none yet. */
struct err *writer_of(struct call *c, struct writer **ret) MUST_CHECK;

/* writer_unit.c: one job inside the group. False: the group itself is broken (connection, disk);
 * the job's outcome holds the error. */
bool writer_unit(struct group *g, struct job *j);

/* group.c */
void group_init(struct group *g, struct writer *w, struct arena *a);
/* BEGIN and the lease. */
struct err *group_open(struct group *g) MUST_CHECK;
/* Running numbers, frontier, expired command ids, COMMIT. An error has rolled back, or is in doubt.
 */
struct err *group_close(struct group *g) MUST_CHECK;
/* After the commit: head, signer, hub, modules. */
void group_committed(struct group *g);
/* Memory back to where it was before the group. */
void group_undone(struct group *g);
/* Number of the last committed group, 0 before the first. */
struct err *group_last_number(struct writer *w, struct arena *a, int64_t *ret) MUST_CHECK;
/* After a lost connection: connect, lease, reload; *ret_committed tells what became of the group in
 * doubt. */
struct err *group_recover(struct group *g, bool *ret_committed) MUST_CHECK;

#endif
