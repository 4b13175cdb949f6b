/* The ledger as a capability: the latest checkpoint for everybody, and the check of everything
 * against it (design.md 6). */
#ifndef HUHANG_APP_LEDGER_LEDGER_H
#define HUHANG_APP_LEDGER_LEDGER_H

#include "run/app.h"

extern const struct module ledger_module;

/* What a check found. Texts live in the arena of the call. */
struct verify_report {
    /* Asked by the caller; may be NULL. Called now and then with the part that is done. */
    void (*progress)(void *user, int64_t done, int64_t total);
    void *user;
    /* Counted. */
    int64_t acts, matters, files, logs;
    int64_t log; /* the current one */
    uint64_t size;
    unsigned char root[32];
    /* The first altered record: table none means that all is as it was written. */
    struct str table, id, field; /* id: the key, "matter/slot" where it has two parts */
    struct str matter;           /* number of the matter, or its id where it has none */
    struct str expected, found;  /* none: cannot be said, or no value */
    struct str zh, en;           /* one sentence */
};

/* Recomputes every commitment, leaf, root, transition, clock, worklist row, indexed fact and number
 * of the office from the acts, and the hash of every file, in one read transaction on c->db; works
 * beside a running server. Recorded results of effects are looked at, effects are never run again.
 * Needs the office key and the public half of the log's key (app); loads definitions, units and
 * calendars itself. An error means that the check could not be done; an altered record is no error
 * but ret->table. */
struct err *ledger_verify(struct call *c, struct verify_report *ret) MUST_CHECK;
bool ledger_content(const struct verify_report *r); /* nothing was altered */

/* The first statement of a log that follows a restore: which log it is, and the key and the last
 * checkpoint of the one before. */
struct log_start {
    struct str origin; /* with the number of the log */
    struct str vkey;   /* of the log before, none: the first log */
    struct str note;   /* its last checkpoint, none: it had none */
};
struct str log_start_text(struct arena *a, const struct log_start *s);
bool log_start_parse(struct arena *a, struct str text, struct log_start *ret);
/* A stored statement leaf; false: it is none. */
bool statement_read(struct bytes leaf, int *ret_type, struct str *ret_text);

#endif
