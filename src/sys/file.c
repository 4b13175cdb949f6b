/* Files: reading, writing durably, removing. Folders and locks are in folder.c.
 *
 * A durable write is a temporary file beside the target, its data synced, renamed over the target, and
 * the folder synced: after a crash the old or the new content is there, whole. Errors quote the path
 * and errno in the cause only; the detail says what could not be done. */
#include "sys/file.h"
#include "sys/fail.h"

#include "base/arena.h"
#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct err *file_fail(struct arena *a, const char *what_zh, const char *what_en, const char *path)
{
    int code = errno;
    char text[128];

    if (code == ENOSPC || code == EDQUOT) {
        return err_cause(ERROR(a,
                               ERR_DISK_FULL,
                               "磁盘已满或超出配额，%s未完成。",
                               "The disk or its quota is full; %s did not finish.",
                               what_zh == NULL ? "" : what_en),
                         "%s: %s",
                         path,
                         strerror_r(code, text, sizeof(text)));
    }
    return NULL;
}
