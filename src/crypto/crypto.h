/* Digests, keyed hashes, AEAD, signatures, passwords, randomness: the only door to libsodium
 * (sodium.c) and OpenSSL (ossl.c). Secrets are wiped by their owners with crypt_wipe. */
#ifndef HUHANG_CRYPTO_CRYPTO_H
#define HUHANG_CRYPTO_CRYPTO_H

#include "base/err.h"
#include "base/str.h"

#define CRYPT_SHA256_LEN 32
#define CRYPT_KEY_LEN    32
#define CRYPT_SEED_LEN   32
#define CRYPT_PUBLIC_LEN 32
#define CRYPT_SIG_LEN    64
#define CRYPT_SALT_LEN   16

/* Once, before any thread. Fails when a library cannot start. */
struct err *crypt_init(struct arena *a) MUST_CHECK;

/* SHA-256 (FIPS 180-4), one shot; fast path with a reused context per thread. */
void crypt_sha256(struct bytes data, unsigned char ret[CRYPT_SHA256_LEN]);
/* SHA-256 over two parts without copying (tree nodes: prefix byte, left, right go as parts). */
void crypt_sha256_parts(const struct bytes *parts, size_t n, unsigned char ret[CRYPT_SHA256_LEN]);
/* Running digest for streams. */
struct crypt_hash;
struct crypt_hash *crypt_hash_new(void);
void crypt_hash_add(struct crypt_hash *h, struct bytes data);
void crypt_hash_end(struct crypt_hash *h, unsigned char ret[CRYPT_SHA256_LEN]); /* frees h */
void crypt_hash_free(struct crypt_hash *h);                                     /* gives up */
/* HMAC-SHA-256 (RFC 2104), parts joined. */
void crypt_hmac(struct bytes key,
                const struct bytes *parts,
                size_t n,
                unsigned char ret[CRYPT_SHA256_LEN]);
/* SM3 (GB/T 32905), for a later parallel tree. */
void crypt_sm3(struct bytes data, unsigned char ret[32]);

void crypt_random(unsigned char *p, size_t n);
void crypt_wipe(void *p, size_t n);
bool crypt_equal(const void *a, const void *b, size_t n); /* constant time */

/* AEAD XChaCha20-Poly1305-IETF: nonce(24) ‖ ciphertext ‖ tag. `context` is authenticated, not
 * stored. */
#define CRYPT_SEAL_EXTRA 40
struct bytes crypt_seal(struct arena *a,
                        const unsigned char key[CRYPT_KEY_LEN],
                        struct bytes context,
                        struct bytes plain);
/* ERR_CRYPTO when key, context or bytes do not fit. */
struct err *crypt_open(struct arena *a,
                       const unsigned char key[CRYPT_KEY_LEN],
                       struct bytes context,
                       struct bytes sealed,
                       struct bytes *ret) MUST_CHECK;
/* Streaming AEAD for files (crypto_secretstream, chunks of 64 KiB plain). */
#define CRYPT_CHUNK         65536
#define CRYPT_STREAM_HEADER 24
#define CRYPT_CHUNK_EXTRA   17
struct crypt_stream;
struct crypt_stream *crypt_stream_seal(const unsigned char key[CRYPT_KEY_LEN],
                                       unsigned char ret_header[CRYPT_STREAM_HEADER]);
size_t crypt_stream_push(struct crypt_stream *s,
                         struct bytes plain,
                         bool last,
                         unsigned char *out); /* writes plain.n + CRYPT_CHUNK_EXTRA */
struct crypt_stream *crypt_stream_open(const unsigned char key[CRYPT_KEY_LEN],
                                       const unsigned char header[CRYPT_STREAM_HEADER]);
bool crypt_stream_pull(
    struct crypt_stream *s, struct bytes sealed, unsigned char *out, size_t *ret_n, bool *ret_last);
void crypt_stream_free(struct crypt_stream *s);

/* Ed25519 (RFC 8032). */
void crypt_sign_public(const unsigned char seed[CRYPT_SEED_LEN],
                       unsigned char ret_public[CRYPT_PUBLIC_LEN]);
void crypt_sign(const unsigned char seed[CRYPT_SEED_LEN],
                struct bytes msg,
                unsigned char ret_sig[CRYPT_SIG_LEN]);
bool crypt_verify(const unsigned char public_key[CRYPT_PUBLIC_LEN],
                  struct bytes msg,
                  const unsigned char sig[CRYPT_SIG_LEN]);

/* Argon2id, "interactive" limits; text in PHC form. SLOW lane only: about 90 ms. */
struct str crypt_password_hash(struct arena *a, struct str password);
bool crypt_password_check(struct str phc, struct str password);

#endif
