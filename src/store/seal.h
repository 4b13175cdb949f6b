/* Personal data at rest (design.md 3): data keys wrapped by the office key, AEAD of values, blind
 * index. A data key belongs to a matter or a party; destroying the row destroys the text. */
#ifndef HUHANG_STORE_SEAL_H
#define HUHANG_STORE_SEAL_H

#include "crypto/crypto.h"
#include "store/db.h"

struct office_key {
    unsigned char wrap[CRYPT_KEY_LEN];    /* derived from the office key: wraps data keys */
    unsigned char index[CRYPT_KEY_LEN];   /* derived: blind indexes */
    unsigned char session[CRYPT_KEY_LEN]; /* derived: session tokens, one-time codes */
};

/* Reads 32 bytes in hex (mode 0600 is demanded) and derives; ERR_KEY names $HUHANG_KEY_FILE. */
struct err *office_key_load(struct arena *a, struct str path, struct office_key *ret) MUST_CHECK;
struct err *office_key_create(struct arena *a,
                              struct str path) MUST_CHECK; /* refuses an existing file */

struct data_key {
    int64_t id;
    unsigned char key[CRYPT_KEY_LEN];
};

/* New random key; *ret_wrapped goes into data_key.wrapped (context: the id). */
struct bytes
data_key_new(struct arena *a, const struct office_key *o, int64_t id, struct data_key *ret);
/* Wraps a key that was made before its id was known (files written ahead of their row). */
struct bytes data_key_wrap(struct arena *a, const struct office_key *o, const struct data_key *k);
struct err *data_key_unwrap(struct arena *a,
                            const struct office_key *o,
                            int64_t id,
                            struct bytes wrapped,
                            struct data_key *ret) MUST_CHECK;
struct bytes
seal_value(struct arena *a, const struct data_key *k, struct str context, struct str plain);
struct err *seal_open(struct arena *a,
                      const struct data_key *k,
                      struct str context,
                      struct bytes sealed,
                      struct str *ret) MUST_CHECK;
/* Keyed blind index of an identifier; `kind` (uscc, rid, phone, name) is part of the input; text is
 * normalised by the caller. 16 bytes. */
struct bytes
seal_index(struct arena *a, const struct office_key *o, const char *kind, struct str value);

#endif
