/* Files: reading, writing durably, renaming, removing. Folders and locks are in folder.c.
 *
 * A durable write is a temporary file beside the target, synced, renamed over the target, and the
 * folder synced: after a crash the old content is there or the new one, whole. */
#include "sys/file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "sys/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 << 10)

struct err *file_fail(struct arena *a, const char *path, const char *call)
{
    int code = errno;
    char text[128];
    const char *why = strerror_r(code, text, sizeof(text));

    if (code == ENOSPC || code == EDQUOT) {
        return err_hint(ERROR(a, ERR_DISK_FULL, "存储已满，%s 未写成（%s：%s）。",
                              "Storage is full, %s was not written (%s: %s).", path, call, why),
                        "请清理磁盘或提高配额后再试。",
                        "Free disk space or raise the quota, then try again.");
    }
    return ERROR(a, ERR_IO, "文件 %s 读写出错（%s：%s）。",
                 "Input or output on %s failed (%s: %s).", path, call, why);
}

const char *file_parent(struct arena *a, const char *path)
{
    struct str s = str_of(path);

    while (s.n > 1 && s.p[s.n - 1] == '/') {
        s.n--;
    }
    while (s.n > 0 && s.p[s.n - 1] != '/') {
        s.n--;
    }
    while (s.n > 1 && s.p[s.n - 1] == '/') {
        s.n--;
    }
    return s.n == 0 ? "." : str_z(a, s);
}

static struct err *too_large(struct arena *a, const char *path, size_t max_bytes)
{
    return ERROR(a, ERR_IO, "文件 %s 大于 %zu 字节。", "File %s is larger than %zu bytes.", path,
                 max_bytes);
}

static struct err *
read_all(struct arena *a, int fd, const char *path, size_t max_bytes, struct bytes *ret)
{
    struct stat st;
    struct buf content;

    if (fstat(fd, &st) != 0) {
        return file_fail(a, path, "fstat");
    }
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max_bytes) {
        return too_large(a, path, max_bytes);
    }
    /* The size is a hint: the file may grow meanwhile, and pipes have none. */
    size_t hint = S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
    unsigned char *piece = mem_new(READ_BYTES, 1);
    struct err *e = NULL;
    buf_init(&content, a, hint);
    for (;;) {
        ssize_t n = read(fd, piece, READ_BYTES);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            e = file_fail(a, path, "read");
        } else if (content.n + (size_t)n > max_bytes) {
            e = too_large(a, path, max_bytes);
        }
        if (n <= 0 || e != NULL) {
            break;
        }
        buf_put_bytes(&content, (struct bytes){piece, (size_t)n});
    }
    mem_free(piece);
    *ret = buf_bytes(&content);
    return e;
}

struct err *file_read(struct arena *a, const char *path, size_t max_bytes, struct bytes *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        return file_fail(a, path, "open");
    }
    struct err *e = read_all(a, fd, path, max_bytes, ret);
    close(fd);
    return e;
}

static struct err *write_all(struct arena *a, int fd, const char *path, struct bytes content)
{
    for (size_t done = 0; done < content.n;) {
        ssize_t n = write(fd, content.p + done, content.n - done);

        if (n < 0 && errno != EINTR) {
            return file_fail(a, path, "write");
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return NULL;
}

/* Everything between opening and closing the temporary file. */
static struct err *
fill_temporary(struct arena *a, int fd, const char *path, struct bytes content, unsigned mode)
{
    if (fchmod(fd, (mode_t)mode) != 0) {
        return file_fail(a, path, "fchmod");
    }
    TRY(write_all(a, fd, path, content));
    return fsync(fd) != 0 ? file_fail(a, path, "fsync") : NULL;
}

struct err *file_write(struct arena *a, const char *path, struct bytes content, unsigned mode)
{
    struct str text = str_fmt(a, "%s.XXXXXX", path);
    char *temporary = arena_alloc(a, text.n + 1, 1);

    memcpy(temporary, text.p, text.n);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return file_fail(a, path, "mkostemp");
    }
    struct err *e = fill_temporary(a, fd, path, content, mode);
    if (close(fd) != 0 && e == NULL) {
        e = file_fail(a, path, "close");
    }
    if (e == NULL && rename(temporary, path) != 0) {
        e = file_fail(a, path, "rename");
    }
    if (e != NULL) {
        (void)unlink(temporary);
        return e;
    }
    return file_sync_dir(a, file_parent(a, path));
}

struct err *file_size(struct arena *a, const char *path, int64_t *ret)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        return file_fail(a, path, "stat");
    }
    *ret = st.st_size;
    return NULL;
}

struct err *file_remove(struct arena *a, const char *path)
{
    if (unlink(path) != 0 && errno != ENOENT) {
        return file_fail(a, path, "unlink");
    }
    return NULL;
}

struct err *file_rename(struct arena *a, const char *from, const char *to)
{
    if (rename(from, to) != 0) {
        return file_fail(a, to, "rename");
    }
    const char *from_folder = file_parent(a, from), *to_folder = file_parent(a, to);
    if (strcmp(from_folder, to_folder) != 0) {
        TRY(file_sync_dir(a, from_folder));
    }
    return file_sync_dir(a, to_folder);
}

struct err *file_sync(struct arena *a, int fd)
{
    return fsync(fd) != 0 ? file_fail(a, "", "fsync") : NULL;
}
