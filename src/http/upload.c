/* Resumable uploads by the tus protocol 1.0: core, creation, termination
 * (https://tus.io/protocols).
 *
 *   OPTIONS /api/v1/uploads          what we speak
 *   POST    /api/v1/uploads          creation       → WRITE lane
 *   HEAD    /api/v1/uploads/{token}  the offset     → READ lane
 *   PATCH   /api/v1/uploads/{token}  bytes          → READ lane (who, where), then this thread
 * writes each piece as it comes; the last one → SLOW lane DELETE  /api/v1/uploads/{token}
 * termination    → SLOW lane
 *
 * The file is never whole in memory. A fault in the middle of a body cannot be answered at once, so
 * it is kept, the rest is read past, and the fault is the answer. When the client leaves in the
 * middle, what came stays, and HEAD tells the place. Other pieces of knowledge are run/upload.h's.
 */
#include "run/upload.h"

#include "base/check.h"
#include "base/num.h"
#include "base/utf8.h"
#include "crypto/crypto.h"
#include "http/fields.h"
#include "http/inner.h"

#define TUS      S("1.0.0")
#define OFFSETS  S("application/offset+octet-stream")
#define SEGMENTS 4 /* api, v1, uploads, token */

enum want { CREATE, FIND, APPEND, FINISH, TERMINATE };

struct upload {
    enum want want;
    struct upload_new new;
    struct upload_info info;
    struct str token;
    struct upload_stream *stream;
    int64_t offset;
    struct err *fault;
};

static enum step fail(struct exchange *x, struct err *e)
{
    (void)exchange_fail(x, e);
    reply_add(x, S("Tus-Resumable"), TUS);
    reply_add(x, S("Tus-Version"), TUS);
    return STEP_REPLY;
}

/* Before the body: it will not be read. */
static enum step refuse(struct exchange *x, struct err *e)
{
    x->reply.close = x->content_length != 0;
    return fail(x, e);
}

static void start(struct exchange *x, int status)
{
    reply_start(x, status, GUARD_DATA);
    reply_add(x, S("Tus-Resumable"), TUS);
    reply_add(x, S("Cache-Control"), S("no-store"));
}

static void add_number(struct exchange *x, struct str name, int64_t n)
{
    reply_add(x, name, str_fmt(x->arena, "%lld", (long long)n));
}

/* The lanes' side. */

/* The session's owner, who shows its token on every change (uploads have no operation row). */
static struct err *enter(struct call *c, bool change)
{
    if (c->actor.kind == ACTOR_NONE && c->app->authenticate != NULL) {
        TRY(c->app->authenticate(c));
    }
    if (c->actor.kind != ACTOR_APPLICANT && c->actor.kind != ACTOR_STAFF) {
        return ERROR(c->arena, ERR_SIGN_IN, "上传须先登录", "Uploads are for people who signed in");
    }
    struct str own = c->actor.csrf;
    if (change && own.p != NULL &&
        (c->csrf_header.n != own.n || !crypt_equal(c->csrf_header.p, own.p, own.n))) {
        return ERROR(c->arena, ERR_CSRF, "缺少 X-CSRF-Token 或已过期",
                     "X-CSRF-Token is missing or stale");
    }
    return NULL;
}

static struct err *work(struct call *c, void *ctx)
{
    struct upload *u = ctx;

    TRY(enter(c, u->want != FIND));
    switch (u->want) {
    case CREATE:
        TRY(upload_create(c, &u->new));
        u->info = u->new.info;
        return NULL;
    case FIND:
    case APPEND:
        return upload_find(c, u->token, &u->info);
    case FINISH:
        return upload_finish(c, u->token, &u->info);
    case TERMINATE:
        return upload_terminate(c, u->token);
    }
    UNREACHABLE();
}

/* Head phase. */

/* "filename 5paH5Lu2,filetype aW1hZ2UvcG5n": names and base64 values. */
static bool metadata(struct exchange *x, struct str header, struct str name, struct str *ret)
{
    *ret = STR_NONE;
    while (header.p != NULL) {
        struct str value = str_trim(str_split(&header, ','));
        struct bytes plain;
        size_t at;
        const char *why;
        if (!str_eq(str_split(&value, ' '), name)) {
            continue;
        }
        if (value.p == NULL || !str_unbase64(x->arena, value, &plain) ||
            !utf8_text_ok(plain, &at, &why)) {
            return false;
        }
        *ret = bytes_str(plain);
    }
    return true;
}

static enum step head_create(struct exchange *x, struct upload *u)
{
    struct str about = head_get(&x->head, S("Upload-Metadata"));

    if (!num_parse(head_get(&x->head, S("Upload-Length")), 0, INT64_MAX, &u->new.size)) {
        return refuse(x, ERROR(x->arena, ERR_REQUEST_MALFORMED, "Upload-Length 须写明文件的字节数",
                               "Upload-Length must give the size of the file"));
    }
    if (!metadata(x, about, S("filename"), &u->new.name) ||
        !metadata(x, about, S("filetype"), &u->new.media)) {
        return refuse(x, ERROR(x->arena, ERR_REQUEST_MALFORMED, "Upload-Metadata 须是名称和 base64",
                               "Upload-Metadata must be names and base64"));
    }
    if (x->content_length > 0 || head_count(&x->head, S("Transfer-Encoding")) > 0) {
        return refuse(x, ERROR(x->arena, ERR_REQUEST_MALFORMED, "内容须用 PATCH 上传",
                               "Bytes are sent with PATCH"));
    }
    u->want = CREATE;
    return STEP_MORE;
}

static enum step head_append(struct exchange *x, struct upload *u)
{
    bool utf8;

    u->want = APPEND;
    if (!ascii_same(media_type(head_get(&x->head, S("Content-Type")), &utf8), OFFSETS)) {
        return refuse(x, ERROR(x->arena, ERR_MEDIA_TYPE,
                               "内容类型须是 application/offset+octet-stream",
                               "The content type must be application/offset+octet-stream"));
    }
    if (!num_parse(head_get(&x->head, S("Upload-Offset")), 0, INT64_MAX, &u->offset)) {
        return refuse(x,
                      ERROR(x->arena, ERR_REQUEST_MALFORMED, "Upload-Offset 须写明从哪个字节开始",
                            "Upload-Offset must give the place of the first byte"));
    }
    return STEP_PARK; /* who may, and where it stands, is known before the first byte */
}

static enum step head_options(struct exchange *x)
{
    start(x, 204);
    reply_add(x, S("Tus-Version"), TUS);
    reply_add(x, S("Tus-Extension"), S("creation,termination"));
    add_number(x, S("Tus-Max-Size"), x->http->app->conf.upload_max_bytes);
    reply_add(x, S("Allow"), S("OPTIONS, POST, GET, HEAD, PATCH, DELETE"));
    return STEP_REPLY;
}

static enum step upload_head(struct exchange *x)
{
    struct upload *u = ARENA_NEW(x->arena, struct upload);
    struct str method = x->head.method;
    bool one = x->target.n_seg == SEGMENTS && x->target.seg[SEGMENTS - 1].n > 0;

    x->state = u;
    if (!one && x->target.n_seg != SEGMENTS - 1) {
        return refuse(x, ERROR(x->arena, ERR_NOT_FOUND, "没有这个上传", "There is no such upload"));
    }
    if (str_eq(method, S("OPTIONS"))) {
        return head_options(x);
    }
    if (!str_eq(head_get(&x->head, S("Tus-Resumable")), TUS)) {
        return refuse(x, ERROR(x->arena, ERR_UPLOAD_PROTOCOL, "须带 Tus-Resumable: 1.0.0",
                               "Tus-Resumable: 1.0.0 is needed"));
    }
    u->token = one ? x->target.seg[SEGMENTS - 1] : STR_NONE;
    if (!one && str_eq(method, S("POST"))) {
        return head_create(x, u);
    }
    if (one && str_eq(method, S("PATCH"))) {
        return head_append(x, u);
    }
    u->want = str_eq(method, S("HEAD")) ? FIND : TERMINATE;
    if (one && (u->want == FIND || str_eq(method, S("DELETE"))) && x->content_length <= 0) {
        return STEP_MORE;
    }
    (void)refuse(x, ERROR(x->arena, ERR_METHOD, "此地址不支持这种方法",
                          "This address does not take that method"));
    reply_add(x, S("Allow"), one ? S("OPTIONS, GET, HEAD, PATCH, DELETE") : S("OPTIONS, POST"));
    return STEP_REPLY;
}

/* The body of PATCH. */

static enum step open_upload(struct exchange *x, struct upload *u)
{
    int64_t room = u->info.size - u->offset;

    if (x->content_length > 0 && x->content_length > room && u->offset == u->info.offset) {
        return refuse(x, ERROR(x->arena, ERR_BODY_TOO_LARGE, "超过了声明的文件大小",
                               "This is more than the declared size"));
    }
    u->fault = upload_open(x->http->app, x->arena, &u->info, u->offset, &u->stream);
    x->body_max = (uint64_t)u->info.size; /* time allowed for a body in chunks */
    return u->fault != NULL ? refuse(x, u->fault) : STEP_MORE;
}

static enum step upload_body(struct exchange *x, struct bytes piece)
{
    struct upload *u = x->state;

    if (u->stream != NULL && u->fault == NULL) {
        u->fault = upload_append(x->arena, u->stream, piece);
    }
    /* Without a length somebody could send for ever. */
    return u->fault != NULL && x->body_seen > x->body_max + 65536 ? STEP_DROP : STEP_MORE;
}

static enum step upload_finish_phase(struct exchange *x)
{
    struct upload *u = x->state;

    if (u->want != APPEND) {
        return STEP_PARK;
    }
    u->offset = upload_close(u->stream);
    u->stream = NULL;
    if (u->fault != NULL) {
        return fail(x, u->fault);
    }
    if (u->offset == u->info.size) {
        u->want = FINISH;
        return STEP_PARK;
    }
    start(x, 204);
    add_number(x, S("Upload-Offset"), u->offset);
    return STEP_REPLY;
}

static void upload_parked(struct exchange *x)
{
    static const enum lane_kind lanes[] = {[CREATE] = LANE_WRITE,
                                           [FIND] = LANE_READ,
                                           [APPEND] = LANE_READ,
                                           [FINISH] = LANE_SLOW,
                                           [TERMINATE] = LANE_SLOW};
    struct upload *u = x->state;

    exchange_job(x);
    x->job->fn = work;
    x->job->ctx = u;
    exchange_post(x, lanes[u->want]);
}

static enum step upload_resumed(struct exchange *x)
{
    struct upload *u = x->state;
    struct err *e = x->job->outcome.err;

    if (e != NULL) {
        return u->want == APPEND ? refuse(x, e) : fail(x, e);
    }
    switch (u->want) {
    case CREATE:
        start(x, 201);
        reply_add(x, S("Location"),
                  str_fmt(x->arena, "/api/v1/uploads/%.*s", STR_ARG(u->info.token)));
        add_number(x, S("Upload-Offset"), 0);
        break;
    case FIND:
        start(x, 200);
        add_number(x, S("Upload-Offset"), u->info.offset);
        add_number(x, S("Upload-Length"), u->info.size);
        break;
    case APPEND:
        return open_upload(x, u);
    case FINISH:
        start(x, 204);
        add_number(x, S("Upload-Offset"), u->offset);
        break;
    case TERMINATE:
        start(x, 204);
        break;
    }
    return STEP_REPLY;
}

static void upload_end(struct exchange *x)
{
    struct upload *u = x->state;

    if (u != NULL && u->stream != NULL) {
        (void)upload_close(u->stream);
    }
}

const struct route upload_route = {
    .name = "upload",
    .head = upload_head,
    .body = upload_body,
    .finish = upload_finish_phase,
    .parked = upload_parked,
    .resumed = upload_resumed,
    .end = upload_end,
};
