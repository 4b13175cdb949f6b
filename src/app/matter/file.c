/* Files: letters' PDFs and uploaded materials, opened with their keys and sent to readers of the
 * matter only. */
#include "app/matter/ops.h"

#include "store/blob.h"

#define FILE_MAX_BYTES (INT64_C(64) << 20)

struct stored_row {
    int64_t id, matter_id, key_id, status, shown, size;
    struct str letter, number, media;
    struct bytes sha256, wrapped, name_sealed;
};

/* clang-format off */
static const struct field STORED[] = {
    F_ID(struct stored_row, id, 0, NULL, NULL),
    F_ID(struct stored_row, matter_id, 0, NULL, NULL),
    F_ID(struct stored_row, key_id, 0, NULL, NULL),
    F_INT(struct stored_row, status, 0, 0, 9, NULL, NULL),
    F_INT(struct stored_row, shown, 0, 0, 9, NULL, NULL),
    F_INT(struct stored_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct stored_row, letter, 0, 0, 0, NULL, NULL),
    F_TEXT(struct stored_row, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct stored_row, media, 0, 0, 0, NULL, NULL),
    F_BYTES(struct stored_row, sha256, 0),
    F_BYTES(struct stored_row, wrapped, 0),
    F_BYTES(struct stored_row, name_sealed, 0),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_DOCUMENT,
     "file.document",
     STORED,
     STORED,
     struct stored_row,
     "SELECT d.id, d.matter_id, d.status, d.shown, d.letter, d.number, b.key_id, b.size, b.media, "
     "b.sha256, b.name_sealed, k.wrapped"
     " FROM document d LEFT JOIN blob b ON b.sha256 = d.sha256 LEFT JOIN data_key k ON k.id = "
     "b.key_id WHERE d.id = :id");
STMT(FIND_FILE,
     "file.blob",
     STORED,
     STORED,
     struct stored_row,
     "SELECT b.matter_id AS id, b.matter_id, b.key_id, 1 AS status, 2 AS shown, b.size, b.media AS "
     "letter, b.media AS number, b.media,"
     " b.sha256, b.name_sealed, k.wrapped FROM blob b JOIN data_key k ON k.id = b.key_id WHERE "
     "b.sha256 = :sha256");

static struct err *gone(struct call *c)
{
    return ERROR(c->arena, ERR_NOT_FOUND, "没有这个文件，或者您无权查看。",
                 "There is no such file, or it is not yours.");
}

static struct err *send(struct call *c, const struct stored_row *r, struct str name, bool download)
{
    struct data_key key;
    if (r->sha256.n != 32 || r->wrapped.p == NULL) {
        return ERROR(c->arena, ERR_NOT_FOUND, "这个文件已依法删除。",
                     "This file was deleted by law.");
    }
    TRY(data_key_unwrap(c->arena, &c->app->key, r->key_id, r->wrapped, &key));
    TRY(blob_read(c->arena, c->app->blobs, r->sha256.p, key.key, FILE_MAX_BYTES, &c->reply.body));
    c->reply.media = r->media;
    c->reply.file_name = name;
    c->reply.inline_file = !download;
    c->reply.no_store = true;
    c->reply.etag = str_hex(c->arena, r->sha256);
    return NULL;
}

struct err *document_get(struct call *c, const void *in, void *out)
{
    const struct file_in *q = in;
    struct stored_row key = {.id = q->id}, row;
    struct matter *m = NULL;
    bool found = false;
    (void)out;
    TRY(db_one(c->db, c->arena, &FIND_DOCUMENT, &key, &row, &found));
    if (!found || !view_shown(c, row.shown)) {
        return gone(c);
    }
    TRY(matter_readable(c, row.matter_id, &m));
    if (row.status == 0) {
        struct err *e = ERROR(c->arena, ERR_BUSY, "文书正在生成，请稍候。",
                              "The letter is being drawn; one moment.");
        e->retry_after_s = 1;
        return e;
    }
    struct str en;
    struct str title = letter_title(c->app, row.letter, &en);
    return send(c, &row, str_fmt(c->arena, "%.*s%.*s.pdf", STR_ARG(title), STR_ARG(row.number)),
                q->download == 1);
}

struct err *file_get(struct call *c, const void *in, void *out)
{
    const struct file_in *q = in;
    struct stored_row key = {0}, row;
    struct matter *m = NULL;
    bool found = false;
    (void)out;
    if (!str_unhex(c->arena, q->sha256, &key.sha256) || key.sha256.n != 32) {
        return gone(c);
    }
    TRY(db_one(c->db, c->arena, &FIND_FILE, &key, &row, &found));
    if (!found || row.matter_id != q->id) {
        return gone(c);
    }
    TRY(matter_readable(c, row.matter_id, &m));
    struct str name = S("file");
    if (row.wrapped.p != NULL && row.name_sealed.p != NULL) {
        struct data_key k;
        TRY(data_key_unwrap(c->arena, &c->app->key, row.key_id, row.wrapped, &k));
        TRY(seal_open(c->arena, &k, S("name"), row.name_sealed, &name));
    }
    return send(c, &row, name, q->download == 1);
}
