/* The running program: configuration, keys, lanes, modules. Made once by main (or a test), passed
 * to every call. What a capability keeps in memory lies in its slot, behind its own accessor. */
#ifndef HUHANG_RUN_APP_H
#define HUHANG_RUN_APP_H

#include "run/lane.h"
#include "run/op.h"
#include "store/blob.h"
#include "store/ids.h"
#include "store/seal.h"
#include "sys/clock.h"
#include "sys/conf.h"

enum app_slot {
    SLOT_PROCEDURE,
    SLOT_CALENDAR,
    SLOT_IDENTITY,
    SLOT_CATALOGUE,
    SLOT_LEDGER,
    SLOT_SEARCH,
    SLOT_PRINT,
    SLOT_HUB,
    SLOT_OFFICE,
    SLOT_UPLOAD,
    SLOT_SPARE,
    SLOT_MAX
};

struct module {
    const char *name;
    const struct op *ops;
    size_t n_ops;
    const struct stmt *const *stmts; /* may be NULL: statements list themselves (db.h) */
    size_t n_stmts;
    /* At start, before the lanes: load what the capability keeps in memory. c->db is the writer's
     * connection, in no transaction (write with unit_run); c->arena lives as long as the app. May
     * be NULL. */
    struct err *(*start)(struct call *c);
    /* Every second on the timer thread; posts commands with lane_post. May be NULL. */
    void (*tick)(struct app *app);
    /* After each committed group, on the writer thread, with the ids of the outbox rows committed.
     * May be NULL. Must not block. */
    void (*committed)(struct app *app, int64_t first_outbox_id, int64_t last_outbox_id);
    void (*stop)(struct app *app);
};

struct app {
    struct conf conf;
    struct arena *arena; /* lives as long as the app */
    struct clock_source *clock;
    struct office_key key;
    unsigned char log_seed[32]; /* Ed25519 seed of the ledger's signer */
    struct blob_store *blobs;
    struct ids *ids;   /* writer thread only */
    int64_t office_id; /* the office this process serves */
    struct lanes *lanes;
    struct writer *writer; /* run/writer.h; made by lanes_start or the first unit_run */
    const struct module *const *modules;
    size_t n_modules;
    struct op_registry *ops;
    /* Set by identity: resolves session_token or leaves ACTOR_NONE; checks CSRF for cookie writes.
     */
    struct err *(*authenticate)(struct call *c);
    void *slot[SLOT_MAX];
    int lock_fd;
};

/* A call for internal work (timers, start, command line): actor SYSTEM or CLI, no op. The db is set
 * by the lane. */
void call_init(struct call *c, struct app *app, struct arena *a, enum actor_kind kind);

#endif
