/* The signer: the only thread that holds the log's key, behind an interface of bytes (design.md 6).
 *
 * It owns a frontier of its own. The writer feeds it the leaf hashes of each committed group, in
 * order; each second with news it signs a checkpoint (C2SP note, trust.md 3.7 and 3.8) of the root
 * that it computed itself, writes it durably to its file and hands it to `publish`. There is no way
 * to make it sign a given root: the worst a caller can do is add leaves, and hashes that do not
 * continue the log stop it for good. */
#ifndef HUHANG_RUN_SIGNER_H
#define HUHANG_RUN_SIGNER_H

#include "base/err.h"
#include "base/str.h"

struct signer;

struct signed_checkpoint {
    uint64_t size;
    unsigned char root[32];
    struct str note; /* valid during publish() */
};

struct signer_options {
    struct str origin;      /* of this log, with its number; copied */
    unsigned char seed[32]; /* Ed25519; copied */
    struct bytes frontier;  /* encoded, checked by the caller (ledger_head.h) */
    uint64_t signed_size;   /* size last published */
    struct str file;        /* last checkpoint, none: not kept; copied */
    int64_t every_ms;       /* 1000 */
    /* On the signer's thread, after the file is durable. */
    void (*publish)(void *user, const struct signed_checkpoint *c);
    void *user;
};

/* malloc; ended by signer_stop, freed by signer_free. ERR_LEDGER for a frontier that cannot be
 * read. */
struct err *
signer_start(struct arena *a, const struct signer_options *o, struct signer **ret) MUST_CHECK;
/* n · 32 bytes of leaf hashes; first_index must be the number of leaves fed so far. False: it does
 * not fit, and nothing will be signed any more. */
bool signer_feed(struct signer *s, uint64_t first_index, struct bytes hashes);
/* Leaves known, size last signed, and whether it still signs (metrics). */
void signer_state(struct signer *s, uint64_t *ret_size, uint64_t *ret_signed, bool *ret_well);
/* Signs what is new, publishes it, ends the thread, wipes the key. Hashes fed later are not signed.
 */
void signer_stop(struct signer *s);
void signer_free(struct signer *s); /* stopped; NULL is allowed */

#endif
