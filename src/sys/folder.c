/* Folders and the lock of a data folder.
 *
 * The lock is flock(2) on a file: the kernel drops it when the process ends, however it ends, so a
 * lock is never stale. The process id inside is for people only. */
#include "sys/file.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"
#include "sys/fail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

struct err *file_sync_dir(struct arena *a, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        return file_fail(a, path, "open");
    }
    struct err *e = fsync(fd) != 0 ? file_fail(a, path, "fsync") : NULL;
    close(fd);
    return e;
}

static struct err *make_one(struct arena *a, const char *path, unsigned mode)
{
    if (mkdir(path, (mode_t)mode) == 0) {
        return file_sync_dir(a, file_parent(a, path));
    }
    bool there = errno == EEXIST;
    if (there && file_is_dir(path)) {
        return NULL;
    }
    if (there) {
        errno = ENOTDIR;
    }
    return file_fail(a, path, "mkdir");
}

struct err *file_mkdir(struct arena *a, const char *path, unsigned mode)
{
    struct str all = str_of(path);

    /* Each prefix that ends before a slash, then the whole. */
    for (size_t i = 1; i < all.n; i++) {
        if (all.p[i] == '/' && all.p[i - 1] != '/') {
            const char *prefix = str_z(a, str_sub(all, 0, i));

            if (!file_is_dir(prefix)) {
                TRY(make_one(a, prefix, mode));
            }
        }
    }
    return make_one(a, path, mode);
}

static int by_name(const void *a, const void *b)
{
    const struct str *x = a, *y = b;

    return str_cmp(*x, *y);
}

struct err *file_list(struct arena *a, const char *path, struct str **ret, size_t *ret_n)
{
    DIR *dir = opendir(path);
    struct str *names = NULL;
    size_t n = 0, cap = 0;
    struct dirent *entry;

    if (dir == NULL) {
        return file_fail(a, path, "opendir");
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
    for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (n == cap) {
            size_t more = cap == 0 ? 16 : size_mul(cap, 2);
            struct str *grown = ARENA_ARRAY(a, struct str, more);

            if (n > 0) {
                memcpy(grown, names, n * sizeof(*names));
            }
            names = grown;
            cap = more;
        }
        names[n++] = str_dup(a, str_of(entry->d_name));
    }
    struct err *e = errno != 0 ? file_fail(a, path, "readdir") : NULL;
    closedir(dir);
    if (n > 1) {
        qsort(names, n, sizeof(*names), by_name);
    }
    *ret = names;
    *ret_n = n;
    return e;
}

struct err *file_lock(struct arena *a, const char *path, int *ret_fd, bool *ret_held)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    *ret_fd = -1;
    *ret_held = false;
    if (fd < 0) {
        return file_fail(a, path, "open");
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &whole) != 0) {
        bool taken = errno == EAGAIN || errno == EACCES;
        struct err *e = taken ? NULL : file_fail(a, path, "fcntl");

        close(fd);
        return e;
    }
    char pid[24];
    int n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
    CHECK(n > 0);
    if (ftruncate(fd, 0) != 0 || write(fd, pid, (size_t)n) != n) {
        struct err *e = file_fail(a, path, "write");

        close(fd);
        return e;
    }
    *ret_fd = fd;
    *ret_held = true;
    return NULL;
}

void file_unlock(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}
