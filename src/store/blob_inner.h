/* What blob.c and blob_part.c share. Private to them. */
#ifndef HUHANG_STORE_BLOB_INNER_H
#define HUHANG_STORE_BLOB_INNER_H

#include "store/blob.h"

#define SEALED_CHUNK ((size_t)CRYPT_CHUNK + CRYPT_CHUNK_EXTRA)
#define PART         "part-"

struct blob_store {
    char *dir;
};

struct blob_writer {
    struct blob_store *store;
    int fd;
    char *path; /* of the temporary file */
    struct crypt_stream *stream;
    struct crypt_hash *hash;
    int64_t size;
    size_t n; /* plain bytes waiting */
    unsigned char plain[CRYPT_CHUNK];
};

struct reader {
    int fd;
    const char *path;
};

/* A sealed file being read: the cipher's state and two buffers, SEALED_CHUNK and CRYPT_CHUNK. */
struct pieces {
    struct crypt_stream *stream;
    struct err *(*fn)(void *ctx, struct bytes piece);
    void *ctx;
    unsigned char *sealed, *plain;
};

char *blob_path_keep(struct str s); /* malloc */
const char *blob_temporary(struct arena *a, const struct blob_store *s);
/* A new file with its header; flags: O_EXCL or O_TRUNC. */
struct err *blob_begin_at(struct arena *a,
                          struct blob_store *s,
                          const unsigned char key[CRYPT_KEY_LEN],
                          struct str path,
                          int flags,
                          struct blob_writer **ret) MUST_CHECK;
/* Seals and writes what waits in w->plain. */
struct err *blob_put_chunk(struct arena *a, struct blob_writer *w, bool last) MUST_CHECK;
/* Reads until the buffer is full or the file ends. */
struct err *blob_fill(
    struct arena *a, struct reader *r, unsigned char *p, size_t cap, size_t *ret_n) MUST_CHECK;
void blob_writer_free(struct blob_writer *w);

#endif
