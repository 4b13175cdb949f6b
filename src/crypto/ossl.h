/* Start of the OpenSSL part; only crypt_init calls it. */
#ifndef HUHANG_CRYPTO_OSSL_H
#define HUHANG_CRYPTO_OSSL_H

#include "base/err.h"

/* Looks the digests up once; may be called again. ERR_CRYPTO when the library lacks one. */
struct err *ossl_start(struct arena *a) MUST_CHECK;

#endif
