/* Uploaded files and letters: sealed bytes under their SHA-256 in DIR/files/ab/cdef…, written and
 * synced before the act that names them commits (design.md 3). */
#ifndef HUHANG_STORE_BLOB_H
#define HUHANG_STORE_BLOB_H

#include "base/err.h"
#include "base/str.h"
#include "crypto/crypto.h"

struct blob_store;

struct blob_store *blob_store_new(const char *dir); /* malloc; free with blob_store_free */
void blob_store_free(struct blob_store *s);
/* A file being written: chunks are sealed as they come (crypto secretstream); plain bytes never touch
 * the disk. The temporary file lies in DIR/files/tmp. */
struct blob_writer;
struct err *blob_begin(struct arena *a, struct blob_store *s, const unsigned char key[CRYPT_KEY_LEN], struct blob_writer **ret) MUST_CHECK;
struct err *blob_write(struct arena *a, struct blob_writer *w, struct bytes plain) MUST_CHECK;
/* fsync, rename, fsync of the folder; *ret_sha256 is of the sealed bytes, *ret_size the plain size. */
struct err *blob_end(struct arena *a, struct blob_writer *w, unsigned char ret_sha256[32], int64_t *ret_size) MUST_CHECK;
void blob_abort(struct blob_writer *w);
/* Reading in pieces; from..: plain offset (ranges start at chunk borders inside). */
struct err *blob_read(struct arena *a, struct blob_store *s, const unsigned char sha256[32], const unsigned char key[CRYPT_KEY_LEN], int64_t max_bytes, struct bytes *ret) MUST_CHECK;
/* SHA-256 of the stored bytes equals its name? (verify) */
struct err *blob_verify(struct arena *a, struct blob_store *s, const unsigned char sha256[32], bool *ret_ok) MUST_CHECK;
struct err *blob_remove(struct arena *a, struct blob_store *s, const unsigned char sha256[32]) MUST_CHECK;

#endif
