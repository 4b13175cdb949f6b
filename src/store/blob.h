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
/* At start, under the lock of the folder: makes the folders, removes what a crash left in
 * DIR/files/tmp, but for parts. */
struct err *blob_sweep(struct arena *a, struct blob_store *s, int *ret_removed) MUST_CHECK;
/* A file being written: chunks are sealed as they come (crypto secretstream); plain bytes never
 * touch the disk. The temporary file lies in DIR/files/tmp. The writer outlives the call's arena
 * and must be ended or aborted; after an error of blob_write only blob_abort is possible. */
struct blob_writer;
struct err *blob_begin(struct arena *a,
                       struct blob_store *s,
                       const unsigned char key[CRYPT_KEY_LEN],
                       struct blob_writer **ret) MUST_CHECK;
struct err *blob_write(struct arena *a, struct blob_writer *w, struct bytes plain) MUST_CHECK;
/* fsync, rename, fsync of the folder; *ret_sha256 is of the sealed bytes, *ret_size the plain size.
 * The writer is freed in any case. */
struct err *blob_end(struct arena *a,
                     struct blob_writer *w,
                     unsigned char ret_sha256[32],
                     int64_t *ret_size) MUST_CHECK;
void blob_abort(struct blob_writer *w); /* NULL is allowed */
/* Parts: files that take long to come and outlive the program, as DIR/files/tmp/part-ID. What lies
 * on the disk of one are whole sealed pieces, so a part goes on at a multiple of CRYPT_CHUNK. A
 * part that was there is begun anew by blob_part_begin. */
struct blob_part {
    struct blob_store *store;
    const unsigned char *key; /* CRYPT_KEY_LEN bytes */
    int64_t id;
};
struct err *
blob_part_begin(struct arena *a, const struct blob_part *part, struct blob_writer **ret) MUST_CHECK;
/* Reads the part again: each whole and authentic piece is given to fn and hashed, the rest is cut
 * off, and writing goes on behind. *ret NULL: there is nothing worth keeping. An error of fn is
 * returned, and the part is gone. */
struct err *blob_part_resume(struct arena *a,
                             const struct blob_part *part,
                             struct err *(*fn)(void *ctx, struct bytes piece),
                             void *ctx,
                             struct blob_writer **ret) MUST_CHECK;
int64_t blob_size(const struct blob_writer *w); /* plain bytes so far */
/* Ends the writer and leaves the part, if there is a whole piece of it, for blob_part_resume. NULL
 * is allowed. */
void blob_part_leave(struct blob_writer *w);
void blob_part_remove(struct arena *a, struct blob_store *s, int64_t id); /* absent is fine */
/* Ids of the parts on the disk. */
struct err *
blob_parts(struct arena *a, struct blob_store *s, int64_t **ret, size_t *ret_n) MUST_CHECK;
/* Gives the plain content in pieces of up to 64 KiB, each valid during fn only. A piece is
 * authentic when it is given; that the file is whole is known at the end (ERR_CRYPTO otherwise;
 * ERR_NOT_FOUND). */
struct err *blob_each(struct arena *a,
                      struct blob_store *s,
                      const unsigned char sha256[32],
                      const unsigned char key[CRYPT_KEY_LEN],
                      struct err *(*fn)(void *ctx, struct bytes piece),
                      void *ctx) MUST_CHECK;
/* All of it; ERR_BODY_TOO_LARGE over max_bytes. */
struct err *blob_read(struct arena *a,
                      struct blob_store *s,
                      const unsigned char sha256[32],
                      const unsigned char key[CRYPT_KEY_LEN],
                      int64_t max_bytes,
                      struct bytes *ret) MUST_CHECK;
/* SHA-256 of the stored bytes equals its name? (verify); a missing file is false. */
struct err *blob_verify(struct arena *a,
                        struct blob_store *s,
                        const unsigned char sha256[32],
                        bool *ret_ok) MUST_CHECK;
/* Absent is fine. */
struct err *
blob_remove(struct arena *a, struct blob_store *s, const unsigned char sha256[32]) MUST_CHECK;

#endif
