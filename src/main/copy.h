/* Copying files for backup and restore: streamed, hashed on the way, synced before it counts. */
#ifndef HUHANG_MAIN_COPY_H
#define HUHANG_MAIN_COPY_H

#include "base/err.h"
#include "base/str.h"

struct copied {
    struct str path; /* below the folder, "files/ab/cdef…" */
    int64_t size;
    unsigned char sha256[32];
};

/* Copies to a new file (mode 0600), fsync included; the folder of `to` is synced by the caller. */
struct err *
copy_file(struct arena *a, const char *from, const char *to, struct copied *ret) MUST_CHECK;
/* Size and hash of a file. */
struct err *copy_measure(struct arena *a, const char *path, struct copied *ret) MUST_CHECK;
/* Every stored file of a folder: FOLDER/files/ab/cdef…, not what is being uploaded. Sorted. */
struct err *
copy_list(struct arena *a, struct str folder, struct str **ret_paths, size_t *ret_n) MUST_CHECK;

/* Runs a program of PostgreSQL with arguments and without a shell; the password of the address goes
 * through the environment, not through the list of processes. args end with NULL; the address is
 * added as --dbname. ERR_CONF when the program is missing, ERR_DB when it fails. */
struct err *
pg_tool(struct arena *a, const char *program, struct str url, const char *const *args) MUST_CHECK;

#endif
