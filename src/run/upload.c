/* The rows of uploads, and what happens at their ends. Bytes under way are in upload_stream.c. */
#include "run/upload.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "run/upload_stream.h"
#include "sys/log.h"

#include <string.h>

#define TOKEN_BYTES   24
#define NAME_MAX_LEN  200
#define SWEEP_AT_ONCE 100

struct upload_row {
    int64_t id, office_id, owner_id, key_id, size, received, matter_id, expires_at, now, n;
    struct str token, media;
    struct bytes name_sealed, sha256, wrapped;
};

/* clang-format off */
static const struct field upload_rows[] = {
    F_INT(struct upload_row, id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, owner_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, key_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, received, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, matter_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, expires_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct upload_row, n, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct upload_row, token, 0, 0, 100, NULL, NULL),
    F_TEXT(struct upload_row, media, 0, 0, 200, NULL, NULL),
    F_BYTES(struct upload_row, name_sealed, 0),
    F_BYTES(struct upload_row, sha256, 0),
    F_BYTES(struct upload_row, wrapped, 0),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(KEY_ADD,
         "run.upload_key_add",
         upload_rows,
         "INSERT INTO data_key (id, office_id, wrapped) VALUES (:key_id, :office_id, :wrapped)");
STMT_RUN(UPLOAD_ADD,
         "run.upload_add",
         upload_rows,
         "INSERT INTO upload (id, office_id, owner_id, token, key_id, name_sealed, media, size,"
         " received, expires_at) VALUES (:id, :office_id, :owner_id, :token, :key_id, :name_sealed,"
         " :media, :size, 0, :expires_at)");
STMT(UPLOAD_OPEN,
     "run.upload_open_count",
     upload_rows,
     upload_rows,
     struct upload_row,
     "SELECT COUNT(*) AS n FROM upload WHERE owner_id = :owner_id AND sha256 IS NULL"
     " AND expires_at > :now");
STMT(UPLOAD_FIND,
     "run.upload_find",
     upload_rows,
     upload_rows,
     struct upload_row,
     "SELECT u.id, u.key_id, u.size, u.received, u.matter_id, u.expires_at, u.token, u.media,"
     " u.sha256, k.wrapped FROM upload u JOIN data_key k ON k.id = u.key_id"
     " WHERE u.token = :token AND u.office_id = :office_id AND u.owner_id = :owner_id");
STMT_RUN(UPLOAD_DONE,
         "run.upload_done",
         upload_rows,
         "UPDATE upload SET received = size, sha256 = :sha256 WHERE id = :id AND sha256 IS NULL");
STMT_RUN(UPLOAD_DROP,
         "run.upload_drop",
         upload_rows,
         "DELETE FROM upload WHERE id = :id AND matter_id IS NULL");
STMT_RUN(KEY_DROP, "run.upload_key_drop", upload_rows, "DELETE FROM data_key WHERE id = :key_id");
STMT(UPLOAD_EXPIRED,
     "run.upload_expired",
     upload_rows,
     upload_rows,
     struct upload_row,
     "SELECT id, key_id, token, sha256 FROM upload WHERE office_id = :office_id"
     " AND expires_at <= :now AND matter_id IS NULL ORDER BY id LIMIT :n");

STMT_RUN(
    UPLOAD_KEEP,
    "run.upload_keep",
    upload_rows,
    "UPDATE upload SET expires_at = :expires_at WHERE token = :token AND office_id = :office_id"
    " AND owner_id = :owner_id AND expires_at > :now AND expires_at < :expires_at");
STMT(
    UPLOAD_WHOLE,
    "run.upload_whole",
    upload_rows,
    upload_rows,
    struct upload_row,
    "SELECT id FROM upload WHERE token = :token AND office_id = :office_id"
    " AND owner_id = :owner_id AND sha256 IS NOT NULL AND matter_id IS NULL AND expires_at > :now");
STMT(UPLOAD_UNFINISHED,
     "run.upload_unfinished",
     upload_rows,
     upload_rows,
     struct upload_row,
     "SELECT id FROM upload WHERE id = :id AND sha256 IS NULL");

static struct err *signed_in(struct call *c)
{
    return c->actor.person_id > 0
               ? NULL
               : ERROR(c->arena, ERR_SIGN_IN, "登录后才能上传文件", "Sign in to upload files");
}

static struct err *check_new(struct call *c, const struct upload_new *u)
{
    struct arena *a = c->arena;
    struct err *faults = NULL;
    int64_t most = c->app->conf.upload_max_bytes;
    size_t at;
    const char *why;

    if (u->name.n == 0 || utf8_len(u->name) > NAME_MAX_LEN ||
        !utf8_text_ok(str_bytes(u->name), &at, &why)) {
        field_fault(a, &faults, S("/filename"), "name", "文件名须为 1 至 200 个字",
                    "The file name must have 1 to 200 characters");
    }
    if (u->size < 1) {
        field_fault(a, &faults, S("/size"), "size", "文件是空的", "The file is empty");
    }
    TRY(faults);
    if (upload_kind_of(u->media) == NULL) {
        return err_hint(ERROR(a, ERR_UPLOAD_KIND, "不接受 %.*s 类型的文件",
                              "Files of type %.*s are not accepted", STR_ARG(u->media)),
                        "可以上传 " UPLOAD_KINDS, "Accepted: " UPLOAD_KINDS);
    }
    if (u->size > most) {
        return ERROR(a, ERR_BODY_TOO_LARGE, "文件有 %lld 字节，超过上限 %lld 字节",
                     "The file has %lld bytes, more than the limit of %lld", (long long)u->size,
                     (long long)most);
    }
    return NULL;
}

struct err *upload_create(struct call *c, void *upload_new)
{
    struct upload_new *u = upload_new;
    struct upload_row row = {.office_id = c->office_id,
                             .owner_id = c->actor.person_id,
                             .size = u->size,
                             .media = u->media,
                             .now = c->real_ms,
                             .expires_at = c->real_ms + UPLOAD_LIFE_MS};
    struct upload_row open = {0};
    unsigned char token[TOKEN_BYTES];
    struct data_key key;
    bool found;

    TRY(signed_in(c));
    TRY(check_new(c, u));
    TRY(db_one(c->db, c->arena, &UPLOAD_OPEN, &row, &open, &found));
    if (open.n >= UPLOAD_MAX_OPEN) {
        return ERROR(c->arena, ERR_TOO_MANY, "您有太多没有传完的文件",
                     "You have too many unfinished uploads");
    }
    crypt_random(token, sizeof(token));
    row.token = str_base64url(c->arena, (struct bytes){token, sizeof(token)});
    row.id = unit_id(c, "upload");
    row.key_id = unit_id(c, "data_key");
    row.wrapped = data_key_new(c->arena, &c->app->key, row.key_id, &key);
    row.name_sealed = seal_value(c->arena, &key, S("name"), u->name);
    TRY(db_push(c->db, c->arena, &KEY_ADD, &row));
    TRY(db_push(c->db, c->arena, &UPLOAD_ADD, &row));
    u->info = (struct upload_info){.id = row.id,
                                   .size = u->size,
                                   .expires_ms = row.expires_at,
                                   .token = row.token,
                                   .media = u->media,
                                   .key = key};
    return NULL;
}

static struct err *find_row(struct call *c, struct str token, struct upload_row *ret)
{
    struct upload_row args = {
        .office_id = c->office_id, .owner_id = c->actor.person_id, .token = token};
    bool found;

    TRY(signed_in(c));
    TRY(db_one(c->db, c->arena, &UPLOAD_FIND, &args, ret, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个上传", "There is no such upload");
    }
    if (ret->expires_at <= c->real_ms && ret->matter_id == FIELD_NO_INT) {
        return err_hint(ERROR(c->arena, ERR_UPLOAD_GONE, "这个上传已过 24 小时",
                              "This upload is over 24 hours old"),
                        "请重新上传文件", "Please upload the file again");
    }
    return NULL;
}

static struct err *info_of(struct call *c, const struct upload_row *row, struct upload_info *ret)
{
    *ret = (struct upload_info){.id = row->id,
                                .size = row->size,
                                .expires_ms = row->expires_at,
                                .token = row->token,
                                .media = row->media,
                                .done = row->sha256.p != NULL};
    ret->offset = row->size;
    TRY(data_key_unwrap(c->arena, &c->app->key, row->key_id, row->wrapped, &ret->key));
    return ret->done ? NULL : uploads_offset(c->app, c->arena, ret, &ret->offset);
}

struct err *upload_find(struct call *c, struct str token, struct upload_info *ret)
{
    struct upload_row row = {0};

    TRY(find_row(c, token, &row));
    return info_of(c, &row, ret);
}

static struct err *mark_done(struct call *c, void *ctx)
{
    return db_push_one(c->db, c->arena, &UPLOAD_DONE, ctx, ERR_UPLOAD_GONE);
}

struct err *upload_finish(struct call *c, struct str token, struct upload_info *ret)
{
    struct upload_row row = {0};
    unsigned char sha256[32];
    struct err *e;

    TRY(find_row(c, token, &row));
    TRY(info_of(c, &row, ret));
    if (ret->done) {
        return NULL;
    }
    TRY(uploads_whole(c->app, c->arena, ret, sha256));
    /* The file is durable and has its name; only now does a row name it. */
    row.sha256 = (struct bytes){sha256, sizeof(sha256)};
    e = lane_write(c, mark_done, &row);
    if (e != NULL) {
        struct err *left = blob_remove(c->arena, c->app->blobs, sha256);

        if (left != NULL) {
            log_err(LOG_WARN, c->request_id, left);
        }
        return e;
    }
    ret->done = true;
    ret->offset = ret->size;
    return NULL;
}

static struct err *drop(struct call *c, void *ctx)
{
    struct upload_row *row = ctx;

    TRY(db_run(c->db, c->arena, &UPLOAD_DROP, row, &row->n));
    return row->n == 1 ? db_push(c->db, c->arena, &KEY_DROP, row) : NULL;
}

/* Row and key go through the writer, in order with acts that may take the upload; then the bytes.
 */
static struct err *remove_upload(struct call *c, struct upload_row *row)
{
    TRY(lane_write(c, drop, row));
    if (row->n != 1) {
        return ERROR(c->arena, ERR_CONFLICT, "文件已经提交，不能删除",
                     "The file has been submitted");
    }
    uploads_forget(c->app, c->arena, row->id, row->token);
    return row->sha256.n == 32 ? blob_remove(c->arena, c->app->blobs, row->sha256.p) : NULL;
}

struct err *upload_terminate(struct call *c, struct str token)
{
    struct upload_row row = {0};

    TRY(find_row(c, token, &row));
    return remove_upload(c, &row);
}

struct err *upload_sweep(struct call *c, int *ret_removed)
{
    struct upload_row args = {.office_id = c->office_id, .now = c->real_ms, .n = SWEEP_AT_ONCE};
    struct list rows;
    int removed = 0;

    TRY(db_all(c->db, c->arena, &UPLOAD_EXPIRED, &args, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct err *e = remove_upload(c, (struct upload_row *)rows.p + i);

        if (e == NULL) {
            removed++;
        } else if (e->code != ERR_CONFLICT) {
            return e;
        }
    }
    uploads_drop_idle(c->app);
    if (ret_removed != NULL) {
        *ret_removed = removed;
    }
    return NULL;
}

struct err *upload_keep(struct call *c, struct str token, int64_t until_ms, bool *ret_whole)
{
    struct upload_row row = {.office_id = c->office_id,
                             .owner_id = c->actor.person_id,
                             .token = token,
                             .expires_at = until_ms,
                             .now = c->real_ms};

    TRY(db_run(c->db, c->arena, &UPLOAD_KEEP, &row, NULL));
    return db_one(c->db, c->arena, &UPLOAD_WHOLE, &row, &row, ret_whole);
}

struct err *upload_clean(struct app *app, struct db *db, struct arena *a)
{
    int64_t *ids;
    size_t n;

    TRY(blob_parts(a, app->blobs, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct upload_row row = {.id = ids[i]};
        bool found;

        TRY(db_one(db, a, &UPLOAD_UNFINISHED, &row, &row, &found));
        if (!found) {
            blob_part_remove(a, app->blobs, ids[i]);
        }
    }
    return NULL;
}

static struct err *sweep(struct call *c, void *ctx)
{
    (void)ctx;
    return upload_sweep(c, NULL);
}

static void swept(struct job *j)
{
    if (j->outcome.err != NULL) {
        log_err(LOG_WARN, STR_NONE, j->outcome.err);
    }
    arena_free(j->call.arena);
}

void upload_post_sweep(struct app *app)
{
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);

    call_init(&j->call, app, a, ACTOR_SYSTEM);
    j->fn = sweep;
    j->done = swept;
    if (!lane_post_to(app->lanes, LANE_SLOW, j)) {
        arena_free(a);
    }
}
