/* The only door to libsodium: HMAC, AEAD, signatures, passwords, randomness, wiping.
 *
 * Keys are plain 32-byte arrays owned by the caller. Expanded secrets (Ed25519 secret keys, stream
 * states) are wiped here as soon as they are no longer needed. */
#include "crypto/crypto.h"
#include "crypto/ossl.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#include <sodium.h> /* IWYU pragma: keep */

#include <string.h>

#define NONCE_LEN 24

_Static_assert(NONCE_LEN == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(CRYPT_SEAL_EXTRA == NONCE_LEN + crypto_aead_xchacha20poly1305_ietf_ABYTES, "seal");
_Static_assert(CRYPT_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "AEAD key");
_Static_assert(CRYPT_KEY_LEN == crypto_secretstream_xchacha20poly1305_KEYBYTES, "stream key");
_Static_assert(CRYPT_STREAM_HEADER == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "header");
_Static_assert(CRYPT_CHUNK_EXTRA == crypto_secretstream_xchacha20poly1305_ABYTES, "chunk");
_Static_assert(CRYPT_SEED_LEN == crypto_sign_SEEDBYTES, "seed");
_Static_assert(CRYPT_PUBLIC_LEN == crypto_sign_PUBLICKEYBYTES, "public key");
_Static_assert(CRYPT_SIG_LEN == crypto_sign_BYTES, "signature");

struct err *crypt_init(struct arena *a)
{
    if (sodium_init() < 0) {
        return ERROR(a, ERR_CRYPTO, "密码库无法启动。", "The cryptographic library cannot start.");
    }
    return ossl_start(a);
}

void crypt_hmac(struct bytes key,
                const struct bytes *parts,
                size_t n,
                unsigned char ret[CRYPT_SHA256_LEN])
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key.p, key.n);
    for (size_t i = 0; i < n; i++) {
        crypto_auth_hmacsha256_update(&state, parts[i].p, parts[i].n);
    }
    crypto_auth_hmacsha256_final(&state, ret);
    sodium_memzero(&state, sizeof(state));
}

void crypt_random(unsigned char *p, size_t n)
{
    randombytes_buf(p, n);
}

void crypt_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

bool crypt_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

struct bytes crypt_seal(struct arena *a,
                        const unsigned char key[CRYPT_KEY_LEN],
                        struct bytes context,
                        struct bytes plain)
{
    size_t len = size_add(plain.n, CRYPT_SEAL_EXTRA);
    unsigned char *p = arena_alloc(a, len, 1);
    unsigned long long wrote = 0;

    randombytes_buf(p, NONCE_LEN);
    CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(p + NONCE_LEN, &wrote, plain.p, plain.n,
                                                     context.p, context.n, NULL, p, key) == 0);
    CHECK(wrote == len - NONCE_LEN);
    return (struct bytes){p, len};
}

struct err *crypt_open(struct arena *a,
                       const unsigned char key[CRYPT_KEY_LEN],
                       struct bytes context,
                       struct bytes sealed,
                       struct bytes *ret)
{
    unsigned long long wrote = 0;

    if (sealed.n >= CRYPT_SEAL_EXTRA) {
        unsigned char *p = arena_alloc(a, sealed.n - CRYPT_SEAL_EXTRA, 1);

        if (crypto_aead_xchacha20poly1305_ietf_decrypt(p, &wrote, NULL, sealed.p + NONCE_LEN,
                                                       sealed.n - NONCE_LEN, context.p, context.n,
                                                       sealed.p, key) == 0) {
            *ret = (struct bytes){p, (size_t)wrote};
            return NULL;
        }
    }
    return ERROR(a, ERR_CRYPTO, "密文无法打开：密钥不对，或内容被改动过。",
                 "The sealed content does not open: wrong key, or it was altered.");
}

struct crypt_stream {
    crypto_secretstream_xchacha20poly1305_state state;
};

struct crypt_stream *crypt_stream_seal(const unsigned char key[CRYPT_KEY_LEN],
                                       unsigned char ret_header[CRYPT_STREAM_HEADER])
{
    struct crypt_stream *s = mem_new(1, sizeof(*s));

    CHECK(crypto_secretstream_xchacha20poly1305_init_push(&s->state, ret_header, key) == 0);
    return s;
}

size_t crypt_stream_push(struct crypt_stream *s, struct bytes plain, bool last, unsigned char *out)
{
    unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                             : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    unsigned long long wrote = 0;

    CHECK(plain.n <= CRYPT_CHUNK);
    CHECK(crypto_secretstream_xchacha20poly1305_push(&s->state, out, &wrote, plain.p, plain.n, NULL,
                                                     0, tag) == 0);
    return (size_t)wrote;
}

struct crypt_stream *crypt_stream_open(const unsigned char key[CRYPT_KEY_LEN],
                                       const unsigned char header[CRYPT_STREAM_HEADER])
{
    struct crypt_stream *s = mem_new(1, sizeof(*s));

    CHECK(crypto_secretstream_xchacha20poly1305_init_pull(&s->state, header, key) == 0);
    return s;
}

bool crypt_stream_pull(
    struct crypt_stream *s, struct bytes sealed, unsigned char *out, size_t *ret_n, bool *ret_last)
{
    unsigned long long wrote = 0;
    unsigned char tag = 0;

    if (sealed.n < CRYPT_CHUNK_EXTRA || sealed.n > CRYPT_CHUNK + CRYPT_CHUNK_EXTRA ||
        crypto_secretstream_xchacha20poly1305_pull(&s->state, out, &wrote, &tag, sealed.p, sealed.n,
                                                   NULL, 0) != 0) {
        return false;
    }
    *ret_n = (size_t)wrote;
    *ret_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return true;
}

void crypt_stream_free(struct crypt_stream *s)
{
    if (s != NULL) {
        sodium_memzero(s, sizeof(*s));
        mem_free(s);
    }
}

void crypt_sign_public(const unsigned char seed[CRYPT_SEED_LEN],
                       unsigned char ret_public[CRYPT_PUBLIC_LEN])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];

    CHECK(crypto_sign_seed_keypair(ret_public, secret, seed) == 0);
    sodium_memzero(secret, sizeof(secret));
}

void crypt_sign(const unsigned char seed[CRYPT_SEED_LEN],
                struct bytes msg,
                unsigned char ret_sig[CRYPT_SIG_LEN])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES], public_key[CRYPT_PUBLIC_LEN];

    CHECK(crypto_sign_seed_keypair(public_key, secret, seed) == 0);
    CHECK(crypto_sign_detached(ret_sig, NULL, msg.p, msg.n, secret) == 0);
    sodium_memzero(secret, sizeof(secret));
}

bool crypt_verify(const unsigned char public_key[CRYPT_PUBLIC_LEN],
                  struct bytes msg,
                  const unsigned char sig[CRYPT_SIG_LEN])
{
    return crypto_sign_verify_detached(sig, msg.p, msg.n, public_key) == 0;
}

struct str crypt_password_hash(struct arena *a, struct str password)
{
    char *phc = arena_alloc(a, crypto_pwhash_STRBYTES, 1);

    /* Fails only without the 64 MiB of memory it needs: the machine's end, like any malloc. */
    CHECK(crypto_pwhash_str(phc, password.p != NULL ? password.p : "", password.n,
                            crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0);
    return str_of(phc);
}

bool crypt_password_check(struct str phc, struct str password)
{
    char text[crypto_pwhash_STRBYTES] = {0};

    if (phc.n == 0 || phc.n >= sizeof(text)) {
        return false;
    }
    memcpy(text, phc.p, phc.n);
    return crypto_pwhash_str_verify(text, password.p != NULL ? password.p : "", password.n) == 0;
}
