/* Reading back one's own uploads before an act takes them; tus itself lives in http/ and
 * run/upload.h. */
#include "app/matter/ops.h"

#include "run/upload.h"
#include "store/blob.h"

struct upload_stored {
    struct str token;
    int64_t key_id;
    struct bytes sha256, name_sealed;
};

/* clang-format off */
static const struct field UPLOAD_STORED[] = {
    F_TEXT(struct upload_stored, token, 0, 0, 0, NULL, NULL),
    F_ID(struct upload_stored, key_id, 0, NULL, NULL),
    F_BYTES(struct upload_stored, sha256, 0),
    F_BYTES(struct upload_stored, name_sealed, 0),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_STORED,
     "upload.stored",
     UPLOAD_STORED,
     UPLOAD_STORED,
     struct upload_stored,
     "SELECT token, key_id, sha256, name_sealed FROM upload WHERE token = :token");

static struct err *
find(struct call *c, struct str token, struct upload_info *ret, struct upload_stored *ret_row)
{
    struct upload_stored in = {.token = token};
    bool found = false;
    TRY(upload_find(c, token, ret));
    return db_one(c->db, c->arena, &FIND_STORED, &in, ret_row, &found);
}

struct err *upload_get(struct call *c, const void *in, void *out)
{
    const struct upload_in *q = in;
    struct upload_out *r = out;
    struct upload_info info;
    struct upload_stored row;
    TRY(find(c, q->token, &info, &row));
    r->token = info.token;
    r->media = info.media;
    r->size = info.size;
    r->offset = info.offset;
    r->complete = info.done;
    return seal_open(c->arena, &info.key, S("name"), row.name_sealed, &r->name);
}

struct err *upload_content(struct call *c, const void *in, void *out)
{
    const struct upload_in *q = in;
    struct upload_info info;
    struct upload_stored row;
    (void)out;
    TRY(find(c, q->token, &info, &row));
    if (!info.done || row.sha256.n != 32) {
        return ERROR(c->arena, ERR_UPLOAD_OFFSET, "文件还没有传完。",
                     "The file is not complete yet.");
    }
    TRY(blob_read(c->arena, c->app->blobs, row.sha256.p, info.key.key, info.size, &c->reply.body));
    TRY(seal_open(c->arena, &info.key, S("name"), row.name_sealed, &c->reply.file_name));
    c->reply.media = info.media;
    c->reply.inline_file = true;
    c->reply.no_store = true;
    return NULL;
}
