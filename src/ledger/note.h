/* C2SP signed notes and checkpoints (trust.md 3.7, 3.8), Ed25519 only; strict reading (3.12). Pure.
 */
#ifndef HUHANG_LEDGER_NOTE_H
#define HUHANG_LEDGER_NOTE_H

#include "base/err.h"
#include "base/str.h"

struct note_key {
    struct str name;
    unsigned char id[4];
    unsigned char public_key[32];
};

void note_key_id(struct str name, const unsigned char public_key[32], unsigned char ret[4]);
struct str note_vkey(struct arena *a, struct str name, const unsigned char public_key[32]);
struct err *note_parse_vkey(struct arena *a, struct str vkey, struct note_key *ret) MUST_CHECK;
/* text ends in newline. */
struct str
note_sign(struct arena *a, struct str text, struct str name, const unsigned char seed[32]);
/* Checks the whole note; at least one signature of `keys` must verify; *ret_text is the signed
 * text. */
struct err *note_open(struct arena *a,
                      struct str note,
                      const struct note_key *keys,
                      size_t n,
                      struct str *ret_text) MUST_CHECK;

struct checkpoint {
    struct str origin;
    uint64_t size;
    unsigned char root[32];
};
struct str checkpoint_text(struct arena *a, const struct checkpoint *c);
struct err *checkpoint_parse(struct arena *a, struct str text, struct checkpoint *ret) MUST_CHECK;

#endif
