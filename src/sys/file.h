/* Files: whole reads, durable writes (temporary file, fsync, rename, fsync of the folder), folders,
 * locks. Everything is opened O_CLOEXEC. Errors are ERR_IO, or ERR_DISK_FULL for ENOSPC/EDQUOT. */
#ifndef HUHANG_SYS_FILE_H
#define HUHANG_SYS_FILE_H

#include "base/err.h"
#include "base/str.h"

struct err *
file_read(struct arena *a, const char *path, size_t max_bytes, struct bytes *ret) MUST_CHECK;
/* Durable and atomic; mode e.g. 0600. */
struct err *
file_write(struct arena *a, const char *path, struct bytes content, unsigned mode) MUST_CHECK;
bool file_exists(const char *path);
bool file_is_dir(const char *path);
struct err *file_mkdir(struct arena *a,
                       const char *path,
                       unsigned mode) MUST_CHECK; /* existing is fine; parents are made */
struct err *file_size(struct arena *a, const char *path, int64_t *ret) MUST_CHECK;
struct err *file_remove(struct arena *a, const char *path) MUST_CHECK; /* absent is fine */
struct err *file_rename(struct arena *a,
                        const char *from,
                        const char *to) MUST_CHECK; /* and fsync of the folder */
struct err *file_sync(struct arena *a, int fd) MUST_CHECK;
struct err *file_sync_dir(struct arena *a, const char *path) MUST_CHECK;
/* Names in a folder, sorted, without . and ..; */
struct err *
file_list(struct arena *a, const char *path, struct str **ret, size_t *ret_n) MUST_CHECK;
/* Exclusive lock on DIR/lock held for the life of the process; *ret_held false: somebody else has
 * it. */
struct err *file_lock(struct arena *a, const char *path, int *ret_fd, bool *ret_held) MUST_CHECK;
void file_unlock(int fd);

#endif
