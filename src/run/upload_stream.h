/* Inside run/: uploads under way, in memory. */
#ifndef HUHANG_RUN_UPLOAD_STREAM_H
#define HUHANG_RUN_UPLOAD_STREAM_H

#include "run/upload.h"

/* Bytes received of an unfinished upload. What memory does not know, because the program was
 * started since or the upload lay idle, is read again from the disk, where it counts whole sealed
 * pieces. */
struct err *uploads_offset(struct app *app,
                           struct arena *a,
                           const struct upload_info *info,
                           int64_t *ret) MUST_CHECK;
/* Syncs the file and forgets the upload: the hash it is stored under. */
struct err *uploads_whole(struct app *app,
                          struct arena *a,
                          const struct upload_info *info,
                          unsigned char ret_sha256[32]) MUST_CHECK;
/* Aborts and forgets, unless a transfer is under way: then its end does. */
void uploads_forget(struct app *app, struct arena *a, int64_t id, struct str token);
/* What has not moved for an hour leaves memory and stays on the disk. */
void uploads_drop_idle(struct app *app);

#endif
