/* Parts of files that outlive the program (blob.h). */
#include "store/blob_inner.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"
#include "sys/fail.h"
#include "sys/file.h"
#include "sys/log.h"

#include <fcntl.h>
#include <unistd.h>

static struct str part_path(struct arena *a, const struct blob_store *s, int64_t id)
{
    return str_fmt(a, "%s/" PART "%lld", blob_temporary(a, s), (long long)id);
}

struct err *blob_part_begin(struct arena *a, const struct blob_part *part, struct blob_writer **ret)
{
    return blob_begin_at(a, part->store, part->key, part_path(a, part->store, part->id), O_TRUNC,
                         ret);
}

/* The state of the cipher after reading a piece is that after writing it, so what was read is gone
 * on with. A piece that a power failure left torn does not open, and is where the part ends. */
static struct err *read_again(struct arena *a, struct blob_writer *w, struct pieces *p)
{
    struct reader r = {w->fd, w->path};
    off_t end = CRYPT_STREAM_HEADER;
    bool last = false;
    size_t n = 0, got = 0;
    TRY(blob_fill(a, &r, p->sealed, SEALED_CHUNK, &n));
    while (n == SEALED_CHUNK &&
           crypt_stream_pull(p->stream, (struct bytes){p->sealed, n}, p->plain, &got, &last) &&
           got == CRYPT_CHUNK && !last) {
        TRY(p->fn(p->ctx, (struct bytes){p->plain, got}));
        crypt_hash_add(w->hash, (struct bytes){p->sealed, n});
        w->size += CRYPT_CHUNK;
        end += (off_t)n;
        TRY(blob_fill(a, &r, p->sealed, SEALED_CHUNK, &n));
    }
    /* `last` was sealed by the end of a file that was then not named: begin anew. */
    w->size = last ? 0 : w->size;
    if (ftruncate(w->fd, end) != 0 || lseek(w->fd, end, SEEK_SET) != end) {
        return file_fail(a, w->path, "truncate");
    }
    return NULL;
}

static struct err *
resume(struct arena *a, struct blob_writer *w, const unsigned char *key, struct pieces *p)
{
    unsigned char header[CRYPT_STREAM_HEADER];
    struct reader r = {w->fd, w->path};
    size_t n = 0;
    TRY(blob_fill(a, &r, header, sizeof header, &n));
    if (n < sizeof header) {
        return NULL; /* nothing was written */
    }
    w->stream = crypt_stream_open(key, header);
    crypt_hash_add(w->hash, (struct bytes){header, sizeof header});
    p->stream = w->stream;
    p->sealed = mem_new(SEALED_CHUNK, 1);
    p->plain = mem_new(CRYPT_CHUNK, 1);
    struct err *e = read_again(a, w, p);
    crypt_wipe(p->plain, CRYPT_CHUNK);
    mem_free(p->plain);
    mem_free(p->sealed);
    return e;
}

struct err *blob_part_resume(struct arena *a,
                             const struct blob_part *part,
                             struct err *(*fn)(void *ctx, struct bytes piece),
                             void *ctx,
                             struct blob_writer **ret)
{
    struct pieces p = {.fn = fn, .ctx = ctx};
    struct str path = part_path(a, part->store, part->id);
    *ret = NULL;
    if (!file_exists(path.p)) {
        return NULL;
    }
    struct blob_writer *w = mem_new(1, sizeof *w);
    w->store = part->store;
    w->path = blob_path_keep(path);
    w->hash = crypt_hash_new();
    w->fd = open(path.p, O_RDWR | O_CLOEXEC);
    struct err *e = w->fd < 0 ? file_fail(a, w->path, "open") : resume(a, w, part->key, &p);
    if (e != NULL || w->size == 0) {
        blob_abort(w);
        return e;
    }
    *ret = w;
    return NULL;
}

int64_t blob_size(const struct blob_writer *w)
{
    return w->size;
}

void blob_part_leave(struct blob_writer *w)
{
    if (w == NULL) {
        return;
    }
    struct arena *a = arena_new(0);
    if (w->n == CRYPT_CHUNK) {
        /* A whole piece that only waited to hear whether it is the last; when it does not get to
         * the disk, it is sent again. */
        struct err *e = blob_put_chunk(a, w, false);
        if (e != NULL) {
            log_err(LOG_WARN, STR_NONE, e);
        }
    }
    if (w->size == (int64_t)w->n) {
        (void)unlink(w->path); /* only the header got there */
    }
    arena_free(a);
    blob_writer_free(w);
}

void blob_part_remove(struct arena *a, struct blob_store *s, int64_t id)
{
    (void)unlink(part_path(a, s, id).p);
}

struct err *blob_parts(struct arena *a, struct blob_store *s, int64_t **ret, size_t *ret_n)
{
    struct str *names = NULL;
    size_t n = 0;
    TRY(file_list(a, blob_temporary(a, s), &names, &n));
    *ret = ARENA_ARRAY(a, int64_t, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        size_t skip = sizeof PART - 1;
        if (str_starts(names[i], S(PART)) &&
            num_parse(str_sub(names[i], skip, names[i].n), 1, INT64_MAX, *ret + *ret_n)) {
            (*ret_n)++;
        }
    }
    return NULL;
}
