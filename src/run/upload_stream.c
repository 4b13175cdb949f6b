/* Transfers. The lock guards the map and the claims (`busy`, `doomed`) and offsets; a claimed
 * stream's file belongs to the claimer. Files are written outside the lock. The lock is a leaf. */
#include "run/upload_stream.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/map.h"
#include "sys/thread.h"

#include <string.h>

#define MAX_STREAMS 1000
#define IDLE_MS     (60 * 60 * 1000)
#define TOKEN_MAX   64

struct upload_stream {
    struct app *app;
    char token[TOKEN_MAX];
    int64_t id, size, offset;
    const struct upload_kind *kind;
    struct data_key key;
    struct blob_writer *writer; /* NULL: nothing received yet */
    unsigned char head[UPLOAD_HEAD_BYTES];
    size_t head_n;
    int64_t moved_mono_ms;
    bool busy, doomed, refused;
};

struct uploads {
    struct mutex *lock;
    struct mutex *reading; /* held while a part is read again, so that only one does */
    struct map *by_token;  /* token → struct upload_stream, malloc */
};

struct uploads *uploads_new(void)
{
    struct uploads *u = mem_new(1, sizeof(*u));

    u->lock = mutex_new();
    u->reading = mutex_new();
    u->by_token = map_new(NULL);
    return u;
}

static struct uploads *all(struct app *app)
{
    CHECK(app->slot[SLOT_UPLOAD] != NULL);
    return app->slot[SLOT_UPLOAD];
}

static struct str token_of(const struct upload_stream *s)
{
    return str_of(s->token);
}

/* Not in the map any more; the bytes are given up. */
static void stream_free(struct upload_stream *s)
{
    blob_abort(s->writer);
    crypt_wipe(&s->key, sizeof(s->key));
    mem_free(s);
}

/* The same, but the bytes stay on the disk for uploads_resume. */
static void stream_leave(struct upload_stream *s)
{
    blob_part_leave(s->writer);
    s->writer = NULL;
    stream_free(s);
}

void uploads_free(struct uploads *u)
{
    size_t at = 0;
    void *s;

    if (u == NULL) {
        return;
    }
    while (map_next(u->by_token, &at, NULL, &s)) {
        stream_leave(s);
    }
    map_free(u->by_token);
    mutex_free(u->lock);
    mutex_free(u->reading);
    mem_free(u);
}

static struct err *wrong_place(struct arena *a, int64_t at)
{
    return err_member(ERROR(a, ERR_UPLOAD_OFFSET, "已收到 %lld 字节，请从那里继续",
                            "%lld bytes have arrived; go on from there", (long long)at),
                      "offset", str_fmt(a, "%lld", (long long)at));
}

static struct err *wrong_kind(struct arena *a)
{
    return err_hint(ERROR(a, ERR_UPLOAD_KIND, "文件内容与所说的类型不符，未保存",
                          "The content is not of the declared type; nothing was saved"),
                    "可以上传 " UPLOAD_KINDS, "Accepted: " UPLOAD_KINDS);
}

static struct upload_stream *stream_new(struct app *app, const struct upload_info *info)
{
    struct upload_stream *s = mem_new(1, sizeof(*s));

    CHECK(info->token.n < TOKEN_MAX);
    memcpy(s->token, info->token.p, info->token.n);
    s->app = app;
    s->id = info->id;
    s->size = info->size;
    s->kind = upload_kind_of(info->media);
    s->key = info->key;
    s->moved_mono_ms = clock_mono_ms(app->clock);
    return s;
}

/* Under the lock. The stream of that upload, claimed. */
static struct err *
claim(struct app *app, struct arena *a, const struct upload_info *info, struct upload_stream **ret)
{
    struct uploads *u = all(app);
    struct upload_stream *s = map_get(u->by_token, info->token);

    *ret = NULL;
    if (s == NULL) {
        if (map_count(u->by_token) >= MAX_STREAMS) {
            return ERROR(a, ERR_BUSY, "正在上传的文件太多", "Too many uploads are under way");
        }
        s = stream_new(app, info);
        map_put(u->by_token, info->token, s);
    }
    if (s->busy) {
        return ERROR(a, ERR_UPLOAD_OFFSET, "这个文件正在上传",
                     "A transfer of this file is under way");
    }
    if (s->refused || s->kind == NULL) {
        return wrong_kind(a);
    }
    s->busy = true;
    *ret = s;
    return NULL;
}

struct err *upload_open(struct app *app,
                        struct arena *a,
                        const struct upload_info *info,
                        int64_t offset,
                        struct upload_stream **ret)
{
    struct uploads *u = all(app);
    struct upload_stream *s;
    struct err *e;

    if (info->done) {
        return wrong_place(a, info->size);
    }
    mutex_lock(u->lock);
    e = claim(app, a, info, &s);
    mutex_unlock(u->lock);
    if (e != NULL || s == NULL) {
        return e;
    }
    if (s->offset != offset) {
        e = wrong_place(a, s->offset);
        (void)upload_close(s);
        return e;
    }
    *ret = s;
    return NULL;
}

/* The bytes so far are worth nothing: begin again at 0. */
static void start_over(struct upload_stream *s)
{
    blob_abort(s->writer);
    s->writer = NULL;
    s->head_n = 0;
    mutex_lock(all(s->app)->lock);
    s->offset = 0;
    mutex_unlock(all(s->app)->lock);
}

static bool kind_fits(struct upload_stream *s, struct bytes piece)
{
    size_t room = UPLOAD_HEAD_BYTES - s->head_n;
    size_t n = piece.n < room ? piece.n : room;

    memcpy(s->head + s->head_n, piece.p, n);
    s->head_n += n;
    if (s->head_n < UPLOAD_HEAD_BYTES && (int64_t)s->head_n < s->size) {
        return upload_kind_allows(s->kind, piece);
    }
    return upload_kind_begins(s->kind, (struct bytes){s->head, s->head_n}) &&
           upload_kind_allows(s->kind, piece);
}

/* What a restart left of an upload, piece by piece (blob_part_resume). */
struct again {
    struct arena *a;
    struct upload_stream *s;
};

static struct err *fits_again(void *ctx, struct bytes piece)
{
    struct again *g = ctx;
    struct upload_stream *s = g->s;
    int64_t n = s->offset + (int64_t)piece.n;

    if (n > s->size || s->kind == NULL || !kind_fits(s, piece)) {
        return wrong_kind(g->a);
    }
    s->offset = n;
    return NULL;
}

/* Not under the lock, but one at a time. */
static struct err *read_part(struct app *app, struct arena *a, const struct upload_info *info)
{
    struct uploads *u = all(app);
    struct upload_stream *s = stream_new(app, info);
    struct again g = {a, s};
    struct blob_part part = {app->blobs, s->key.key, s->id};
    struct err *e = blob_part_resume(a, &part, fits_again, &g, &s->writer);
    bool room;

    s->offset = s->writer != NULL ? blob_size(s->writer) : 0;
    mutex_lock(u->lock);
    room = e == NULL && s->writer != NULL && map_count(u->by_token) < MAX_STREAMS &&
           map_get(u->by_token, info->token) == NULL;
    if (room) {
        map_put(u->by_token, token_of(s), s);
    }
    mutex_unlock(u->lock);
    if (!room) {
        stream_leave(s);
    }
    return e;
}

static bool known_offset(struct uploads *u, struct str token, int64_t *ret)
{
    const struct upload_stream *s;

    mutex_lock(u->lock);
    s = map_get(u->by_token, token);
    *ret = s != NULL ? s->offset : 0;
    mutex_unlock(u->lock);
    return s != NULL;
}

struct err *
uploads_offset(struct app *app, struct arena *a, const struct upload_info *info, int64_t *ret)
{
    struct uploads *u = all(app);
    struct err *e = NULL;

    if (known_offset(u, info->token, ret) || app->blobs == NULL) {
        return NULL;
    }
    mutex_lock(u->reading);
    if (!known_offset(u, info->token, ret)) {
        e = read_part(app, a, info);
        (void)known_offset(u, info->token, ret);
    }
    mutex_unlock(u->reading);
    return e;
}

struct err *upload_append(struct arena *a, struct upload_stream *s, struct bytes piece)
{
    struct err *e = NULL;

    if (piece.n == 0) {
        return NULL;
    }
    if ((int64_t)piece.n > s->size - s->offset) {
        return ERROR(a, ERR_BODY_TOO_LARGE, "收到的内容比声明的 %lld 字节多",
                     "More came than the declared %lld bytes", (long long)s->size);
    }
    if (!kind_fits(s, piece)) {
        start_over(s);
        s->refused = true;
        return wrong_kind(a);
    }
    if (s->writer == NULL) {
        e = blob_part_begin(a, &(struct blob_part){s->app->blobs, s->key.key, s->id}, &s->writer);
    }
    if (e == NULL) {
        e = blob_write(a, s->writer, piece);
    }
    if (e != NULL) {
        start_over(s);
        return e;
    }
    mutex_lock(all(s->app)->lock);
    s->offset += (int64_t)piece.n;
    mutex_unlock(all(s->app)->lock);
    return NULL;
}

int64_t upload_close(struct upload_stream *s)
{
    struct uploads *u = all(s->app);
    bool doomed;
    int64_t offset;

    mutex_lock(u->lock);
    offset = s->offset;
    s->busy = false;
    s->moved_mono_ms = clock_mono_ms(s->app->clock);
    doomed = s->doomed;
    if (doomed) {
        map_del(u->by_token, token_of(s));
    }
    mutex_unlock(u->lock);
    if (doomed) {
        stream_free(s);
    }
    return offset;
}

struct err *uploads_whole(struct app *app,
                          struct arena *a,
                          const struct upload_info *info,
                          unsigned char ret_sha256[32])
{
    struct uploads *u = all(app);
    struct upload_stream *s;
    struct blob_writer *writer;
    struct err *e;
    int64_t size;

    TRY(upload_open(app, a, info, info->size, &s));
    writer = s->writer;
    s->writer = NULL;
    e = writer != NULL ? blob_end(a, writer, ret_sha256, &size) : wrong_place(a, 0);
    if (e == NULL && size != info->size) {
        e = ERROR(a, ERR_IO, "保存的长度不对", "The stored length is wrong");
    }
    /* Finished, or to be begun again: either way the stream is over. */
    mutex_lock(u->lock);
    s->doomed = true;
    mutex_unlock(u->lock);
    (void)upload_close(s);
    return e;
}

void uploads_forget(struct app *app, struct arena *a, int64_t id, struct str token)
{
    struct uploads *u = all(app);
    struct upload_stream *s;

    mutex_lock(u->lock);
    s = map_get(u->by_token, token);
    if (s != NULL && s->busy) {
        s->doomed = true;
        s = NULL;
    } else if (s != NULL) {
        map_del(u->by_token, token);
    }
    mutex_unlock(u->lock);
    if (s != NULL) {
        stream_free(s);
    }
    blob_part_remove(a, app->blobs, id);
}

/* Under the lock: one that has not moved for an hour, out of the map, or NULL. */
static struct upload_stream *take_idle(struct uploads *u, int64_t now)
{
    size_t at = 0;
    void *p;

    while (map_next(u->by_token, &at, NULL, &p)) {
        struct upload_stream *s = p;

        if (!s->busy && now - s->moved_mono_ms >= IDLE_MS) {
            map_del(u->by_token, token_of(s));
            return s;
        }
    }
    return NULL;
}

void uploads_drop_idle(struct app *app)
{
    struct uploads *u = all(app);
    int64_t now = clock_mono_ms(app->clock);
    struct upload_stream *s;

    do {
        mutex_lock(u->lock);
        s = take_idle(u, now);
        mutex_unlock(u->lock);
        if (s != NULL) {
            stream_leave(s);
        }
    } while (s != NULL);
}
