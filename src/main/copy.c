/* See copy.h. */
#include "main/copy.h"

#include "base/arena.h"
#include "crypto/crypto.h"
#include "sys/fail.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)256 << 10)

static struct err *write_all(struct arena *a, int fd, const char *path, struct bytes b)
{
    while (b.n > 0) {
        ssize_t n = write(fd, b.p, b.n);
        if (n < 0 && errno != EINTR) {
            return file_fail(a, path, "write");
        }
        b.p += n > 0 ? n : 0;
        b.n -= n > 0 ? (size_t)n : 0;
    }
    return NULL;
}

/* Reads `from` to its end; to < 0: only measured. */
static struct err *stream(struct arena *a,
                          int from,
                          const char *from_path,
                          int to,
                          const char *to_path,
                          struct copied *ret)
{
    unsigned char *piece = mem_new(PIECE_BYTES, 1);
    struct crypt_hash *hash = crypt_hash_new();
    struct err *e = NULL;
    ret->size = 0;
    while (e == NULL) {
        ssize_t n = read(from, piece, PIECE_BYTES);
        if (n == 0) {
            break;
        }
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            e = file_fail(a, from_path, "read");
            break;
        }
        struct bytes got = {piece, (size_t)n};
        crypt_hash_add(hash, got);
        ret->size += n;
        e = to < 0 ? NULL : write_all(a, to, to_path, got);
    }
    crypt_hash_end(hash, ret->sha256);
    mem_free(piece);
    return e;
}

struct err *copy_measure(struct arena *a, const char *path, struct copied *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return file_fail(a, path, "open");
    }
    struct err *e = stream(a, fd, path, -1, NULL, ret);
    close(fd);
    return e;
}

struct err *copy_file(struct arena *a, const char *from, const char *to, struct copied *ret)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        return file_fail(a, from, "open");
    }
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) {
        struct err *e = file_fail(a, to, "open");
        close(in);
        return e;
    }
    struct err *e = stream(a, in, from, out, to, ret);
    if (e == NULL && fsync(out) != 0) {
        e = file_fail(a, to, "fsync");
    }
    if (close(out) != 0 && e == NULL) {
        e = file_fail(a, to, "close");
    }
    close(in);
    return e;
}

static bool is_hex(struct str s, size_t n)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) {
            return false;
        }
    }
    return s.n == n;
}

struct err *copy_list(struct arena *a, struct str folder, struct str **ret_paths, size_t *ret_n)
{
    struct str *outer = NULL, *inner = NULL, *all = NULL;
    size_t n_outer = 0, n_inner = 0, n = 0, cap = 0;
    const char *files = str_z(a, str_fmt(a, "%.*s/files", STR_ARG(folder)));
    if (file_exists(files)) {
        TRY(file_list(a, files, &outer, &n_outer));
    }
    for (size_t i = 0; i < n_outer; i++) {
        if (!is_hex(outer[i], 2)) {
            continue; /* files/tmp */
        }
        TRY(file_list(a, str_z(a, str_fmt(a, "%s/%.*s", files, STR_ARG(outer[i]))), &inner,
                      &n_inner));
        for (size_t k = 0; k < n_inner; k++) {
            if (!is_hex(inner[k], 62)) {
                continue;
            }
            if (n == cap) {
                size_t more = cap == 0 ? 256 : cap * 2;
                struct str *p = ARENA_ARRAY(a, struct str, more);
                for (size_t j = 0; j < n; j++) {
                    p[j] = all[j];
                }
                all = p;
                cap = more;
            }
            all[n++] = str_fmt(a, "files/%.*s/%.*s", STR_ARG(outer[i]), STR_ARG(inner[k]));
        }
    }
    *ret_paths = all;
    *ret_n = n;
    return NULL;
}
