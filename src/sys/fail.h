/* The one way the files of this floor report a failed system call. */
#ifndef HUHANG_SYS_FAIL_H
#define HUHANG_SYS_FAIL_H

#include "base/err.h"

/* errno as ERR_IO, or ERR_DISK_FULL for ENOSPC and EDQUOT; `call` is the name of the system call.
 */
struct err *file_fail(struct arena *a, const char *path, const char *call) MUST_CHECK;
/* The folder that holds `path`. */
const char *file_parent(struct arena *a, const char *path);

#endif
