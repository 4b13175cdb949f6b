/* The back end of resumable uploads (tus 1.0: creation, append, offset, termination); http/upload.c
 * speaks the protocol.
 *
 * An upload is a row in `upload` with a data key of its own and, while bytes come in, a blob being
 * written (store/blob.h): sealed piece by piece, hashed as it grows, under no name until it is
 * whole and synced. Its owner is one person. What the file may be is decided twice: by the declared
 * type at creation and by its first bytes (and, for text, all bytes) as they arrive. After a
 * restart an unfinished upload goes on where the sealed pieces on the disk end; they are read and
 * hashed again when it is next asked for. Uploads that no act took within 24 hours of real time are
 * swept, except those that something else keeps (upload_keep).
 *
 * Threads: upload_create, upload_finish, upload_terminate and the sweep have a call on the lane
 * named beside them; upload_open, _append and _close need no data base and may run in an HTTP
 * thread. One transfer at a time per upload. */
#ifndef HUHANG_RUN_UPLOAD_H
#define HUHANG_RUN_UPLOAD_H

#include "run/app.h"

#define UPLOAD_LIFE_MS  (INT64_C(24) * 3600 * 1000)
#define UPLOAD_MAX_OPEN 50 /* unfinished uploads one person may have */

struct upload_info {
    int64_t id, size, offset, expires_ms;
    struct str token, media;
    bool done; /* whole, synced, and an act may take it */
    struct data_key key;
};

struct upload_new {
    int64_t size;            /* Upload-Length; must be known */
    struct str name, media;  /* from Upload-Metadata: filename, filetype */
    struct upload_info info; /* result */
};

/* WRITE, in a unit (a job's fn with ctx). ERR_SIGN_IN; ERR_UPLOAD_KIND for a type that is not
 * accepted, ERR_BODY_TOO_LARGE over conf.upload_max_bytes, ERR_FORM_INVALID for a bad name or size,
 * ERR_TOO_MANY. */
struct err *upload_create(struct call *c, void *upload_new) MUST_CHECK;
/* READ. The caller's own upload; ERR_NOT_FOUND (also for somebody else's), ERR_UPLOAD_GONE. */
struct err *upload_find(struct call *c, struct str token, struct upload_info *ret) MUST_CHECK;

struct upload_stream;
/* Claims the upload for one transfer that begins at `offset`. ERR_UPLOAD_OFFSET when the place is
 * another one or a transfer is under way; ERR_UPLOAD_KIND when its bytes were refused before;
 * ERR_BUSY when too many are open. */
struct err *upload_open(struct app *app,
                        struct arena *a,
                        const struct upload_info *info,
                        int64_t offset,
                        struct upload_stream **ret) MUST_CHECK;
/* ERR_BODY_TOO_LARGE past the declared size, ERR_UPLOAD_KIND for other bytes than the type's,
 * ERR_DISK_FULL, ERR_IO. After an error only upload_close. */
struct err *upload_append(struct arena *a, struct upload_stream *s, struct bytes piece) MUST_CHECK;
/* Ends the transfer, also a broken one; the place reached. */
int64_t upload_close(struct upload_stream *s);

/* SLOW (it syncs the file, then writes the row through the writer): call it when the offset has
 * reached the size. Repeating it is fine. ERR_UPLOAD_OFFSET while bytes are missing. */
struct err *upload_finish(struct call *c, struct str token, struct upload_info *ret) MUST_CHECK;
/* SLOW. Removes row, key and file; ERR_CONFLICT when an act has taken it. */
struct err *upload_terminate(struct call *c, struct str token) MUST_CHECK;
/* SLOW. Expired uploads go; *ret_removed may be NULL. */
struct err *upload_sweep(struct call *c, int *ret_removed) MUST_CHECK;
/* WRITE. The caller's upload lives until then at least (real time): a draft or a mandate names it.
 * *ret_whole: there is one, and all of it has come. */
#define UPLOAD_FOR_EVER_MS INT64_C(253402214400000) /* the year 9999 */
struct err *
upload_keep(struct call *c, struct str token, int64_t until_ms, bool *ret_whole) MUST_CHECK;
/* At start: parts on the disk whose upload is gone go too. */
struct err *upload_clean(struct app *app, struct db *db, struct arena *a) MUST_CHECK;
/* Posts the sweep to its lane (timer). */
void upload_post_sweep(struct app *app);

/* What is in memory: app->slot[SLOT_UPLOAD], made by lanes_start. */
struct uploads;
struct uploads *uploads_new(void);
void uploads_free(struct uploads *u); /* NULL is allowed; aborts what is open */

/* upload_kind.c: the accepted kinds. */
struct upload_kind;
const struct upload_kind *upload_kind_of(struct str media); /* NULL: not accepted */
#define UPLOAD_HEAD_BYTES 8
/* First bytes (at least UPLOAD_HEAD_BYTES unless the file is shorter). */
bool upload_kind_begins(const struct upload_kind *k, struct bytes head);
/* Every piece (text: no control characters). */
bool upload_kind_allows(const struct upload_kind *k, struct bytes piece);
/* "PDF, JPEG, …" for messages. */
#define UPLOAD_KINDS "PDF、JPEG、PNG、DOCX、XLSX、OFD、TXT"

#endif
