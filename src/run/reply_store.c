/* The envelope: version, status, flags, then texts as length ‖ bytes; a length of all ones is
 * "none". */
#include "run/reply_store.h"

#include "base/buf.h"
#include "crypto/crypto.h"
#include "run/app.h"

#define ENVELOPE_VERSION 1
#define NONE_LENGTH      UINT32_MAX
#define FLAG_INLINE      1
#define FLAG_NO_STORE    2
#define FLAG_IMMUTABLE   4

struct reply_row {
    int64_t office_id, seq, actor, status, at;
    struct str key;
    struct bytes request_sha256, reply;
};

/* clang-format off */
static const struct field reply_rows[] = {
    F_INT(struct reply_row, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct reply_row, seq, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct reply_row, actor, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct reply_row, status, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct reply_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct reply_row, key, 0, 0, 128, NULL, NULL),
    F_BYTES(struct reply_row, request_sha256, 0),
    F_BYTES(struct reply_row, reply, 0),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(REPLY_ADD,
         "run.reply_add",
         reply_rows,
         "INSERT INTO idempotency (office_id, seq, actor, key, request_sha256, status, reply, at)"
         " VALUES (:office_id, :seq, :actor, :key, :request_sha256, :status, :reply, :at)");
STMT(REPLY_GET,
     "run.reply_get",
     reply_rows,
     reply_rows,
     struct reply_row,
     "SELECT status, reply FROM idempotency WHERE office_id = :office_id AND seq = :seq");

static void reply_key(const struct app *app, unsigned char ret[CRYPT_KEY_LEN])
{
    struct bytes part = str_bytes(S("huhang/stored-reply/1"));

    crypt_hmac((struct bytes){app->key.wrap, sizeof(app->key.wrap)}, &part, 1, ret);
}

/* A reply cannot be moved to another command. */
static struct bytes context(struct call *c, int64_t seq)
{
    return str_bytes(str_fmt(c->arena, "reply %lld %lld", (long long)c->office_id, (long long)seq));
}

static void put(struct buf *b, struct str s)
{
    buf_u32(b, s.p == NULL ? NONE_LENGTH : (uint32_t)s.n);
    buf_put(b, s);
}

static struct bytes envelope(struct call *c, int status, struct str body)
{
    const struct reply *r = &c->reply;
    struct buf b;

    buf_init(&b, c->arena, body.n + 256);
    buf_u8(&b, ENVELOPE_VERSION);
    buf_u16(&b, (uint16_t)status);
    buf_u8(&b, (uint8_t)((r->inline_file ? FLAG_INLINE : 0) | (r->no_store ? FLAG_NO_STORE : 0) |
                         (r->immutable ? FLAG_IMMUTABLE : 0)));
    put(&b, r->media);
    put(&b, r->etag);
    put(&b, r->location);
    put(&b, r->file_name);
    put(&b, r->set_cookie);
    put(&b, r->set_cookie2);
    put(&b, body);
    return buf_bytes(&b);
}

struct err *reply_keep(
    struct call *c, struct bytes request_sha256, int status, struct str body, int64_t *ret_seq)
{
    unsigned char key[CRYPT_KEY_LEN];
    struct reply_row row = {.office_id = c->office_id,
                            .seq = unit_id(c, "idempotency"),
                            .actor = c->actor.person_id,
                            .status = status,
                            .at = c->real_ms,
                            .key = c->idempotency_key,
                            .request_sha256 = request_sha256};

    if (request_sha256.p == NULL) {
        row.request_sha256 = str_bytes(S(""));
    }
    reply_key(c->app, key);
    row.reply = crypt_seal(c->arena, key, context(c, row.seq), envelope(c, status, body));
    crypt_wipe(key, sizeof(key));
    *ret_seq = row.seq;
    return db_push(c->db, c->arena, &REPLY_ADD, &row);
}

/* Reads what put wrote; false: not an envelope of ours. */
static bool get(struct bytes *rest, struct str *ret)
{
    uint32_t n = 0;

    if (rest->n < 4) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        n = (n << 8) | rest->p[i];
    }
    *rest = (struct bytes){rest->p + 4, rest->n - 4};
    *ret = STR_NONE;
    if (n == NONE_LENGTH) {
        return true;
    }
    if (n > rest->n) {
        return false;
    }
    *ret = (struct str){(const char *)rest->p, n};
    *rest = (struct bytes){rest->p + n, rest->n - n};
    return true;
}

static bool read_envelope(struct bytes b, struct outcome *ret)
{
    struct reply *r = &ret->reply;
    struct bytes rest = {b.p + 4, b.n - 4};

    if (b.n < 4 || b.p[0] != ENVELOPE_VERSION) {
        return false;
    }
    ret->status = b.p[1] << 8 | b.p[2];
    r->inline_file = (b.p[3] & FLAG_INLINE) != 0;
    r->no_store = (b.p[3] & FLAG_NO_STORE) != 0;
    r->immutable = (b.p[3] & FLAG_IMMUTABLE) != 0;
    return get(&rest, &r->media) && get(&rest, &r->etag) && get(&rest, &r->location) &&
           get(&rest, &r->file_name) && get(&rest, &r->set_cookie) && get(&rest, &r->set_cookie2) &&
           get(&rest, &ret->body) && rest.n == 0;
}

struct err *reply_find(struct call *c, int64_t seq, struct outcome *ret)
{
    unsigned char key[CRYPT_KEY_LEN];
    struct reply_row row = {.office_id = c->office_id, .seq = seq};
    struct bytes plain;
    struct err *e;
    bool found;

    TRY(db_one(c->db, c->arena, &REPLY_GET, &row, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "先前的答复已删除", "The stored reply is gone");
    }
    reply_key(c->app, key);
    e = crypt_open(c->arena, key, context(c, seq), row.reply, &plain);
    crypt_wipe(key, sizeof(key));
    TRY(e);
    if (!read_envelope(plain, ret)) {
        return ERROR(c->arena, ERR_CRYPTO, "先前的答复无法读取", "The stored reply cannot be read");
    }
    ret->reply.status = ret->status;
    ret->replayed = true;
    return NULL;
}
