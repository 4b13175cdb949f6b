/* The only door to OpenSSL: SHA-256 and SM3.
 *
 * OpenSSL 3 looks an algorithm up by name at every use unless it was fetched, so both are fetched
 * once for the process. Each thread keeps one digest context and reuses it; a leaf hash costs then
 * little more than its compression. Failures after a good start are our own mistakes or no memory:
 * CHECK. */
#include "crypto/ossl.h"
#include "crypto/crypto.h"

#include "base/arena.h"
#include "base/check.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <pthread.h>

static EVP_MD *sha256, *sm3;
static pthread_key_t thread_context;
static pthread_once_t start_once = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
}

static void start(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    CHECK(pthread_key_create(&thread_context, free_context) == 0);
}

struct err *ossl_start(struct arena *a)
{
    CHECK(pthread_once(&start_once, start) == 0);
    if (sha256 == NULL || sm3 == NULL) {
        return err_cause(ERROR(a, ERR_CRYPTO, "密码库缺少 SHA-256 或 SM3。",
                               "The cryptographic library lacks SHA-256 or SM3."),
                         "OpenSSL: %s", ERR_error_string(ERR_peek_last_error(), NULL));
    }
    return NULL;
}

static EVP_MD_CTX *context_of_thread(void)
{
    CHECK(pthread_once(&start_once, start) == 0);
    EVP_MD_CTX *context = pthread_getspecific(thread_context);
    if (context == NULL) {
        context = EVP_MD_CTX_new();
        CHECK(context != NULL);
        CHECK(pthread_setspecific(thread_context, context) == 0);
    }
    return context;
}

static void digest(const EVP_MD *md, const struct bytes *parts, size_t n, unsigned char *ret)
{
    EVP_MD_CTX *context = context_of_thread();

    CHECK(md != NULL && EVP_DigestInit_ex2(context, md, NULL) == 1);
    for (size_t i = 0; i < n; i++) {
        CHECK(EVP_DigestUpdate(context, parts[i].p, parts[i].n) == 1);
    }
    CHECK(EVP_DigestFinal_ex(context, ret, NULL) == 1);
}

void crypt_sha256(struct bytes data, unsigned char ret[CRYPT_SHA256_LEN])
{
    crypt_sha256_parts(&data, 1, ret);
}

void crypt_sha256_parts(const struct bytes *parts, size_t n, unsigned char ret[CRYPT_SHA256_LEN])
{
    CHECK(pthread_once(&start_once, start) == 0);
    digest(sha256, parts, n, ret);
}

void crypt_sm3(struct bytes data, unsigned char ret[32])
{
    CHECK(pthread_once(&start_once, start) == 0);
    digest(sm3, &data, 1, ret);
}

struct crypt_hash {
    EVP_MD_CTX *context;
};

struct crypt_hash *crypt_hash_new(void)
{
    struct crypt_hash *h = mem_new(1, sizeof(*h));

    CHECK(pthread_once(&start_once, start) == 0);
    h->context = EVP_MD_CTX_new();
    CHECK(h->context != NULL && sha256 != NULL);
    CHECK(EVP_DigestInit_ex2(h->context, sha256, NULL) == 1);
    return h;
}

void crypt_hash_add(struct crypt_hash *h, struct bytes data)
{
    CHECK(EVP_DigestUpdate(h->context, data.p, data.n) == 1);
}

void crypt_hash_end(struct crypt_hash *h, unsigned char ret[CRYPT_SHA256_LEN])
{
    CHECK(EVP_DigestFinal_ex(h->context, ret, NULL) == 1);
    crypt_hash_free(h);
}

void crypt_hash_free(struct crypt_hash *h)
{
    if (h != NULL) {
        EVP_MD_CTX_free(h->context);
        mem_free(h);
    }
}
