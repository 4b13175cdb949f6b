/* Inside run/: uploads under way, in memory. */
#ifndef HUHANG_RUN_UPLOAD_STREAM_H
#define HUHANG_RUN_UPLOAD_STREAM_H

#include "run/upload.h"

/* Bytes received of an unfinished upload; 0 when memory knows nothing of it. */
int64_t uploads_offset(struct app *app, struct str token);
/* Syncs the file and forgets the upload: the hash it is stored under. */
struct err *uploads_whole(struct app *app,
                          struct arena *a,
                          const struct upload_info *info,
                          unsigned char ret_sha256[32]) MUST_CHECK;
/* Aborts and forgets, unless a transfer is under way: then its end does. */
void uploads_forget(struct app *app, struct str token);
/* Aborts what has not moved for an hour; it begins again at 0. */
void uploads_drop_idle(struct app *app);

#endif
