/* GET /ledger/checkpoint: the latest signed root, for everybody; the note alone as C2SP clients
 * fetch it (trust.md 3.8). */
#include "app/ledger/ledger.h"

#include "base/check.h"

struct checkpoint_in {
    int64_t office_id;
};

struct checkpoint_out {
    int64_t log, size, signed_at;
    struct str origin, root, note;
};

struct checkpoint_row {
    int64_t log, size, signed_at;
    struct bytes root;
    struct str note;
};

/* clang-format off */
static const struct field CHECKPOINT_IN[] = {
    F_ID(struct checkpoint_in, office_id, 0, NULL, NULL),
    FIELD_END,
};
static const struct field CHECKPOINT_ROW[] = {
    F_INT(struct checkpoint_row, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct checkpoint_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct checkpoint_row, signed_at, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct checkpoint_row, root, 0),
    F_TEXT(struct checkpoint_row, note, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field CHECKPOINT_OUT[] = {
    F_INT(struct checkpoint_out, log, 0, 1, INT32_MAX, "第几本账", "Number of the log"),
    F_TEXT(struct checkpoint_out, origin, 0, 0, 0, "账本名", "Origin"),
    F_INT(struct checkpoint_out, size, 0, 0, 0, "条数", "Leaves"),
    F_TEXT(struct checkpoint_out, root, 0, 44, 44, "根（base64）", "Root (base64)"),
    F_INSTANT(struct checkpoint_out, signed_at, 0, "签名时间", "Signed at"),
    F_TEXT(struct checkpoint_out, note, 0, 1, 65536, "已签名的检查点", "Signed checkpoint"),
    FIELD_END,
};
/* clang-format on */

STMT(NEWEST,
     "ledger.newest",
     CHECKPOINT_IN,
     CHECKPOINT_ROW,
     struct checkpoint_row,
     "SELECT log, size, root, note, signed_at FROM checkpoint WHERE office_id = :office_id"
     " ORDER BY log DESC, size DESC LIMIT 1");

static struct err *newest(struct call *c, struct checkpoint_row *ret)
{
    struct checkpoint_in in = {c->office_id};
    bool found = false;
    TRY(db_one(c->db, c->arena, &NEWEST, &in, ret, &found));
    return found ? NULL
                 : ERROR(c->arena, ERR_NOT_FOUND, "还没有签过检查点。",
                         "No checkpoint has been signed yet.");
}

static struct err *checkpoint(struct call *c, const void *in, void *out)
{
    struct checkpoint_out *ret = out;
    struct checkpoint_row row;
    (void)in;
    TRY(newest(c, &row));
    struct str rest = row.note;
    *ret = (struct checkpoint_out){
        .log = row.log,
        .origin = str_split(&rest, '\n'),
        .size = row.size,
        .root = str_base64(c->arena, row.root),
        .signed_at = row.signed_at,
        .note = row.note,
    };
    return NULL;
}

static struct err *note(struct call *c, const void *in, void *out)
{
    struct checkpoint_row row;
    (void)in;
    (void)out;
    TRY(newest(c, &row));
    c->reply.media = S("text/plain; charset=utf-8");
    c->reply.body = str_bytes(row.note);
    return NULL;
}

static const enum err_code ERRORS[] = {ERR_NOT_FOUND, ERR_CODE_MAX};

/* clang-format off */
static const struct op OPS[] = {
    {.name = "ledger.checkpoint", .method = OP_GET, .path = "/ledger/checkpoint", .lane = LANE_READ, .perm = PERM_PUBLIC, .out = CHECKPOINT_OUT, .out_size = sizeof(struct checkpoint_out), .fn = checkpoint, .errors = ERRORS, .zh = "最新检查点", .en = "Latest checkpoint"},
    {.name = "ledger.note", .method = OP_GET, .path = "/ledger/checkpoint/note", .lane = LANE_READ, .perm = PERM_PUBLIC, .flags = OP_JSON_RAW, .fn = note, .errors = ERRORS, .zh = "检查点原文", .en = "The checkpoint as a signed note", .reply_media = "text/plain; charset=utf-8"},
};
/* clang-format on */

const struct module ledger_module = {
    .name = "ledger",
    .ops = OPS,
    .n_ops = COUNT_OF(OPS),
};
