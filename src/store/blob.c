/* Blobs. A file is the stream's header and sealed chunks of 64 KiB plain, the last one marked; so a
 * file cut at a chunk's border does not open. The name is the digest of what lies on the disk and
 * is known only at the end, hence the temporary file. */
#include "store/blob.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "store/blob_inner.h"
#include "sys/fail.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

char *blob_path_keep(struct str s)
{
    char *z = mem_new(s.n + 1, 1);
    memcpy(z, s.p, s.n);
    return z;
}

struct blob_store *blob_store_new(const char *dir)
{
    struct blob_store *s = mem_new(1, sizeof *s);
    s->dir = blob_path_keep(str_of(dir));
    return s;
}

void blob_store_free(struct blob_store *s)
{
    if (s != NULL) {
        mem_free(s->dir);
        mem_free(s);
    }
}

const char *blob_temporary(struct arena *a, const struct blob_store *s)
{
    return str_fmt(a, "%s/files/tmp", s->dir).p;
}

static const char *
path_of(struct arena *a, const struct blob_store *s, const unsigned char sha256[32])
{
    struct str hex = str_hex(a, (struct bytes){sha256, 32});
    return str_fmt(a, "%s/files/%.2s/%s", s->dir, hex.p, str_z(a, str_sub(hex, 2, hex.n))).p;
}

struct err *blob_sweep(struct arena *a, struct blob_store *s, int *ret_removed)
{
    const char *dir = blob_temporary(a, s);
    struct str *names = NULL;
    size_t n = 0;
    TRY(file_mkdir(a, dir, 0700));
    TRY(file_list(a, dir, &names, &n));
    *ret_removed = 0;
    for (size_t i = 0; i < n; i++) {
        if (!str_starts(names[i], S(PART))) {
            TRY(file_remove(a, str_fmt(a, "%s/%.*s", dir, STR_ARG(names[i])).p));
            (*ret_removed)++;
        }
    }
    return NULL;
}

/* Writing. */

void blob_writer_free(struct blob_writer *w)
{
    if (w->fd >= 0) {
        close(w->fd);
    }
    crypt_stream_free(w->stream);
    crypt_hash_free(w->hash);
    crypt_wipe(w->plain, sizeof w->plain);
    mem_free(w->path);
    mem_free(w);
}

static struct err *put(struct arena *a, struct blob_writer *w, struct bytes sealed)
{
    crypt_hash_add(w->hash, sealed);
    while (sealed.n > 0) {
        ssize_t wrote = write(w->fd, sealed.p, sealed.n);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return file_fail(a, w->path, "write");
        }
        sealed = (struct bytes){sealed.p + wrote, sealed.n - (size_t)wrote};
    }
    return NULL;
}

struct err *blob_put_chunk(struct arena *a, struct blob_writer *w, bool last)
{
    unsigned char sealed[SEALED_CHUNK];
    size_t n = crypt_stream_push(w->stream, (struct bytes){w->plain, w->n}, last, sealed);
    w->n = 0;
    return put(a, w, (struct bytes){sealed, n});
}

struct err *blob_begin_at(struct arena *a,
                          struct blob_store *s,
                          const unsigned char key[CRYPT_KEY_LEN],
                          struct str path,
                          int flags,
                          struct blob_writer **ret)
{
    unsigned char header[CRYPT_STREAM_HEADER];
    struct blob_writer *w = mem_new(1, sizeof *w);
    w->store = s;
    w->path = blob_path_keep(path);
    w->stream = crypt_stream_seal(key, header);
    w->hash = crypt_hash_new();
    w->fd = open(w->path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    struct err *e = w->fd < 0 ? file_fail(a, w->path, "open")
                              : put(a, w, (struct bytes){header, sizeof header});
    if (e != NULL) {
        blob_abort(w);
        return e;
    }
    *ret = w;
    return NULL;
}

struct err *blob_begin(struct arena *a,
                       struct blob_store *s,
                       const unsigned char key[CRYPT_KEY_LEN],
                       struct blob_writer **ret)
{
    unsigned char name[16];
    crypt_random(name, sizeof name);
    struct str hex = str_hex(a, (struct bytes){name, sizeof name});
    return blob_begin_at(a, s, key, str_fmt(a, "%s/%s", blob_temporary(a, s), hex.p), O_EXCL, ret);
}

struct err *blob_write(struct arena *a, struct blob_writer *w, struct bytes plain)
{
    w->size += (int64_t)plain.n;
    while (plain.n > 0) {
        /* A full chunk waits until more comes: only the end knows which one is the last. */
        if (w->n == CRYPT_CHUNK) {
            TRY(blob_put_chunk(a, w, false));
        }
        size_t room = CRYPT_CHUNK - w->n;
        size_t n = plain.n < room ? plain.n : room;
        memcpy(w->plain + w->n, plain.p, n);
        w->n += n;
        plain = (struct bytes){plain.p + n, plain.n - n};
    }
    return NULL;
}

/* The folder files/ab, itself on the disk before the file in it. */
static struct err *make_folder(struct arena *a, const struct blob_store *s, const char *path)
{
    const char *dir = file_parent(a, path);
    if (file_is_dir(dir)) {
        return NULL;
    }
    TRY(file_mkdir(a, dir, 0700));
    return file_sync_dir(a, str_fmt(a, "%s/files", s->dir).p);
}

static struct err *finish(struct arena *a, struct blob_writer *w, unsigned char ret_sha256[32])
{
    TRY(blob_put_chunk(a, w, true));
    TRY(file_sync(a, w->fd));
    crypt_hash_end(w->hash, ret_sha256);
    w->hash = NULL;
    const char *path = path_of(a, w->store, ret_sha256);
    TRY(make_folder(a, w->store, path));
    return file_rename(a, w->path, path);
}

struct err *
blob_end(struct arena *a, struct blob_writer *w, unsigned char ret_sha256[32], int64_t *ret_size)
{
    *ret_size = w->size;
    struct err *e = finish(a, w, ret_sha256);
    if (e != NULL) {
        blob_abort(w);
        return e;
    }
    blob_writer_free(w);
    return NULL;
}

void blob_abort(struct blob_writer *w)
{
    if (w != NULL) {
        (void)unlink(w->path); /* or the next sweep */
        blob_writer_free(w);
    }
}

/* Reading. */

static struct err *open_blob(struct arena *a,
                             const struct blob_store *s,
                             const unsigned char sha256[32],
                             struct reader *ret)
{
    ret->path = path_of(a, s, sha256);
    ret->fd = open(ret->path, O_RDONLY | O_CLOEXEC);
    if (ret->fd < 0 && errno == ENOENT) {
        return err_cause(ERROR(a, ERR_NOT_FOUND, "文件不存在。", "The file is not there."), "%s",
                         ret->path);
    }
    return ret->fd < 0 ? file_fail(a, ret->path, "open") : NULL;
}

struct err *
blob_fill(struct arena *a, struct reader *r, unsigned char *p, size_t cap, size_t *ret_n)
{
    *ret_n = 0;
    while (*ret_n < cap) {
        ssize_t got = read(r->fd, p + *ret_n, cap - *ret_n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return file_fail(a, r->path, "read");
        }
        if (got == 0) {
            break;
        }
        *ret_n += (size_t)got;
    }
    return NULL;
}

static struct err *damaged(struct arena *a, struct reader *r)
{
    return err_cause(ERROR(a, ERR_CRYPTO, "文件无法打开：密钥不对，或内容被改动过。",
                           "The file does not open: wrong key, or it was altered."),
                     "%s", r->path);
}

static struct err *give_pieces(struct arena *a, struct reader *r, struct pieces *p)
{
    bool last = false;
    size_t n = 0;
    while (!last) {
        size_t got = 0;
        TRY(blob_fill(a, r, p->sealed, SEALED_CHUNK, &n));
        if (!crypt_stream_pull(p->stream, (struct bytes){p->sealed, n}, p->plain, &got, &last)) {
            return damaged(a, r);
        }
        if (got > 0) {
            TRY(p->fn(p->ctx, (struct bytes){p->plain, got}));
        }
    }
    TRY(blob_fill(a, r, p->sealed, 1, &n));
    return n == 0 ? NULL : damaged(a, r);
}

struct err *blob_each(struct arena *a,
                      struct blob_store *s,
                      const unsigned char sha256[32],
                      const unsigned char key[CRYPT_KEY_LEN],
                      struct err *(*fn)(void *ctx, struct bytes piece),
                      void *ctx)
{
    struct reader r;
    unsigned char header[CRYPT_STREAM_HEADER];
    size_t n = 0;
    TRY(open_blob(a, s, sha256, &r));
    struct err *e = blob_fill(a, &r, header, sizeof header, &n);
    if (e == NULL && n < sizeof header) {
        e = damaged(a, &r);
    }
    if (e == NULL) {
        struct pieces p = {.stream = crypt_stream_open(key, header),
                           .fn = fn,
                           .ctx = ctx,
                           .sealed = mem_new(SEALED_CHUNK, 1),
                           .plain = mem_new(CRYPT_CHUNK, 1)};
        e = give_pieces(a, &r, &p);
        crypt_stream_free(p.stream);
        crypt_wipe(p.plain, CRYPT_CHUNK);
        mem_free(p.plain);
        mem_free(p.sealed);
    }
    close(r.fd);
    return e;
}

struct gather {
    struct buf out;
    size_t max;
};

static struct err *gather(void *ctx, struct bytes piece)
{
    struct gather *g = ctx;
    if (piece.n > g->max - g->out.n) {
        return ERROR(g->out.arena, ERR_BODY_TOO_LARGE, "文件太大。", "The file is too large.");
    }
    buf_put_bytes(&g->out, piece);
    return NULL;
}

struct err *blob_read(struct arena *a,
                      struct blob_store *s,
                      const unsigned char sha256[32],
                      const unsigned char key[CRYPT_KEY_LEN],
                      int64_t max_bytes,
                      struct bytes *ret)
{
    int64_t size = 0;
    const char *path = path_of(a, s, sha256);
    if (file_exists(path)) {
        TRY(file_size(a, path, &size));
    }
    CHECK(max_bytes >= 0);
    /* Sealed is longer than plain, so the buffer never has to grow. */
    struct gather g = {.max = (size_t)max_bytes};
    buf_init(&g.out, a, (size_t)(size < max_bytes ? size : max_bytes) + 1);
    TRY(blob_each(a, s, sha256, key, gather, &g));
    *ret = buf_bytes(&g.out);
    return NULL;
}

struct err *
blob_verify(struct arena *a, struct blob_store *s, const unsigned char sha256[32], bool *ret_ok)
{
    struct reader r;
    unsigned char found[32];
    struct err *e = open_blob(a, s, sha256, &r);
    *ret_ok = false;
    if (e != NULL) {
        return e->code == ERR_NOT_FOUND ? NULL : e;
    }
    struct crypt_hash *hash = crypt_hash_new();
    unsigned char *part = mem_new(CRYPT_CHUNK, 1);
    size_t n = CRYPT_CHUNK;
    while (e == NULL && n == CRYPT_CHUNK) {
        e = blob_fill(a, &r, part, CRYPT_CHUNK, &n);
        crypt_hash_add(hash, (struct bytes){part, n});
    }
    crypt_hash_end(hash, found);
    *ret_ok = e == NULL && memcmp(found, sha256, sizeof found) == 0;
    mem_free(part);
    close(r.fd);
    return e;
}

struct err *blob_remove(struct arena *a, struct blob_store *s, const unsigned char sha256[32])
{
    const char *path = path_of(a, s, sha256);
    if (!file_exists(path)) {
        return NULL;
    }
    TRY(file_remove(a, path));
    return file_sync_dir(a, file_parent(a, path));
}
