/* Event streams: who listens, what is new for them, and when they end (c-models 4.2).
 *
 * A stream is a bounded text and a place in the outbox (`at`, the SSE id). The hub's wake marks it;
 * one pump job at a time, on the READ lane, walks the marked streams, reads what is new for each
 * and puts it into its text. So a burst of commits costs one job, not one for each reader. The HTTP
 * thread sends the text, and parks the connection when there is none. Every 15 s the pump asks
 * identity whether the session still holds (channel "events"), then writes a comment: a dead client
 * shows at the second write.
 *
 * Nothing is lost and nothing grows: while a client reads slowly its text stays below TEXT_MAX and
 * the rest waits in the outbox. One that reads nothing for the library's idle time is cut off
 * there, and comes back with its Last-Event-ID.
 *
 * One lock for all streams. Order: the hub's lock, then ours, then the library's; never the hub's
 * inside ours. A stream is freed when its reply is over and the pump does not hold it. */
#include "http/stream.h"

#include "base/buf.h"
#include "base/check.h"
#include "civil/date.h"
#include "http/inner.h"
#include "run/app.h"
#include "run/hub.h"
#include "sys/log.h"
#include "sys/thread.h"

#include <string.h>

#define BEAT_MS        15000
#define TEXT_MAX       ((size_t)65536)
#define TEXT_FIRST     ((size_t)1024)
#define EVENTS_A_ROUND 100
#define PER_SESSION    6

struct stream {
    struct stream *prev, *next;
    struct streams *all;
    struct mhd_conn *conn;
    struct arena *arena; /* actor, token */
    struct actor actor;
    struct str token, request_id;
    struct hub_sub *sub;
    /* Under the lock. */
    char *text;
    size_t text_n, text_cap;
    int64_t at, beat_ms;
    bool parked, ended, gone, held;
    bool news, beat; /* what the pump has to do for it */
};

struct streams {
    struct http *http;
    struct mutex *lock;
    struct stream *first;
    size_t n, max;
    struct job *pump; /* NULL: none under way */
};

struct streams *streams_new(struct http *h)
{
    struct streams *all = mem_new(1, sizeof(*all));

    all->http = h;
    all->max = (size_t)h->app->conf.connections_max / 2;
    all->lock = mutex_new();
    return all;
}

void streams_free(struct streams *all)
{
    if (all != NULL) {
        CHECK(all->first == NULL && all->pump == NULL);
        mutex_free(all->lock);
        mem_free(all);
    }
}

size_t streams_count(struct streams *all)
{
    mutex_lock(all->lock);
    size_t n = all->n;
    mutex_unlock(all->lock);
    return n;
}

/* Locked. */
static void unpark(struct stream *s)
{
    if (s->parked) {
        s->parked = false;
        mhd_resume(s->conn);
    }
}

/* Locked. */
static void put(struct stream *s, struct str text)
{
    if (s->ended || text.n == 0) {
        return;
    }
    CHECK(text.n <= TEXT_MAX - s->text_n);
    while (text.n > s->text_cap - s->text_n) {
        s->text = mem_grow(s->text, s->text_cap, s->text_cap * 2, 1);
        s->text_cap *= 2;
    }
    memcpy(s->text + s->text_n, text.p, text.n);
    s->text_n += text.n;
    unpark(s);
}

/* Locked. */
static void end(struct stream *s)
{
    s->ended = true;
    s->text_n = 0;
    unpark(s);
}

static void destroy(struct stream *s)
{
    mem_free(s->text);
    arena_free(s->arena);
    mem_free(s);
}

/* Locked: is there something that the pump can do now? */
static bool has_work(const struct stream *s)
{
    return !s->ended && (s->beat || (s->news && s->text_n <= TEXT_MAX / 2));
}

static void start_pump(struct streams *all);

ptrdiff_t stream_read(struct stream *s, char *buf, size_t max)
{
    ptrdiff_t n = -1;

    mutex_lock(s->all->lock);
    if (s->text_n > 0) {
        size_t part = s->text_n < max ? s->text_n : max;
        memcpy(buf, s->text, part);
        memmove(s->text, s->text + part, s->text_n - part);
        s->text_n -= part;
        n = (ptrdiff_t)part;
    } else if (!s->ended) {
        mhd_suspend(s->conn);
        s->parked = true;
        n = 0;
    }
    bool work = has_work(s) && s->all->pump == NULL;
    mutex_unlock(s->all->lock);
    if (work) { /* there is room again */
        start_pump(s->all);
    }
    return n;
}

void stream_gone(struct stream *s)
{
    struct streams *all = s->all;

    hub_unsubscribe(all->http->app->slot[SLOT_HUB], s->sub);
    mutex_lock(all->lock);
    if (s->prev != NULL) {
        s->prev->next = s->next;
    } else {
        all->first = s->next;
    }
    if (s->next != NULL) {
        s->next->prev = s->prev;
    }
    all->n--;
    s->gone = true;
    bool held = s->held;
    mutex_unlock(all->lock);
    if (!held) {
        destroy(s);
    }
}

/* The pump. */

/* Takes the next stream with work, so that it is not freed meanwhile. */
static struct stream *hold_next(struct streams *all, bool *ret_news, bool *ret_beat)
{
    struct stream *s;

    mutex_lock(all->lock);
    for (s = all->first; s != NULL && !has_work(s); s = s->next) {
    }
    if (s != NULL) {
        s->held = true;
        *ret_news = s->news;
        *ret_beat = s->beat;
        s->news = false;
        s->beat = false;
    }
    mutex_unlock(all->lock);
    return s;
}

static void let_go(struct stream *s)
{
    mutex_lock(s->all->lock);
    s->held = false;
    bool gone = s->gone;
    mutex_unlock(s->all->lock);
    if (gone) {
        destroy(s);
    }
}

static bool session_holds(struct call *c, const struct stream *s)
{
    struct app *app = c->app;

    c->session_token = s->token;
    c->request_id = s->request_id;
    return app->authenticate != NULL && app->authenticate(c) == NULL &&
           c->actor.kind == s->actor.kind && c->actor.session_id == s->actor.session_id;
}

static void put_event(struct buf *b, const struct hub_event *e)
{
    struct jw w;

    buf_fmt(b, "id: %lld\nevent: %.*s\ndata: ", (long long)e->id, STR_ARG(e->topic));
    jw_init(&w, b);
    jw_obj(&w);
    jw_kstr(&w, "topic", e->topic);
    jw_kint(&w, "matter_id", e->matter_id);
    jw_kint(&w, "act_id", e->act_id);
    jw_kstr(&w, "at", civil_instant_text(b->arena, e->at_ms));
    if (e->body.n > 0) {
        jw_key(&w, S("body"));
        jw_raw(&w, e->body);
    }
    jw_end_obj(&w);
    buf_putz(b, "\n\n");
}

/* As many events as there is room for; *ret_at is the place reached. */
static struct str
pack(struct arena *a, const struct hub_event *events, size_t n, size_t room, int64_t *ret_at)
{
    struct buf b;
    size_t whole = 0;

    buf_init(&b, a, 256);
    for (size_t i = 0; i < n; i++) {
        put_event(&b, &events[i]);
        if (b.n > room) {
            CHECK(i > 0); /* one event is far smaller than half the text */
            *ret_at = events[i - 1].id;
            break;
        }
        whole = b.n;
    }
    return str_sub(buf_str(&b), 0, whole);
}

/* Reads and delivers one round of news. */
static struct err *deliver(struct call *c, struct stream *s)
{
    struct hub_event *events;
    size_t n;

    mutex_lock(s->all->lock);
    int64_t before = s->at;
    size_t room = TEXT_MAX - s->text_n; /* only we add to it */
    mutex_unlock(s->all->lock);
    int64_t at = before;
    TRY(hub_scan(c, &s->actor, &at, EVENTS_A_ROUND, &events, &n));
    struct str text = pack(c->arena, events, n, room, &at);
    mutex_lock(s->all->lock);
    s->at = at;
    s->news = s->news || at != before; /* until a round finds nothing */
    put(s, text);
    mutex_unlock(s->all->lock);
    return NULL;
}

static void serve(struct call *pump, struct stream *s, bool news, bool beat)
{
    struct arena *a = arena_new(0);
    struct call c;
    struct err *e = NULL;

    call_init(&c, pump->app, a, ACTOR_NONE);
    c.db = pump->db;
    c.channel = S("events"); /* a beat is no use of the session: identity looks at it */
    if (beat) {
        bool holds = session_holds(&c, s);
        mutex_lock(s->all->lock);
        if (!holds) {
            end(s);
        } else if (s->text_n == 0) {
            put(s, S(": beat\n\n"));
        }
        mutex_unlock(s->all->lock);
        news = news && holds;
    }
    if (news) {
        e = deliver(&c, s);
    }
    if (e != NULL) { /* tried again with the next beat */
        log_err(LOG_WARN, s->request_id, e);
    }
    arena_free(a);
}

static struct err *pump(struct call *c, void *ctx)
{
    struct streams *all = ctx;
    struct stream *s;
    bool news;
    bool beat;

    while ((s = hold_next(all, &news, &beat)) != NULL) {
        serve(c, s, news, beat);
        let_go(s);
    }
    return NULL;
}

static void pump_done(struct job *j)
{
    struct streams *all = j->user;
    bool more = false;

    mutex_lock(all->lock);
    all->pump = NULL;
    for (struct stream *s = all->first; s != NULL; s = s->next) {
        more = more || has_work(s);
    }
    mutex_unlock(all->lock);
    arena_free(j->call.arena);
    if (more) {
        start_pump(all);
    }
}

/* Not under the lock: a full lane tries again at the next tick. */
static void start_pump(struct streams *all)
{
    struct app *app = all->http->app;
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);

    call_init(&j->call, app, a, ACTOR_SYSTEM);
    j->fn = pump;
    j->ctx = all;
    j->done = pump_done;
    j->user = all;
    mutex_lock(all->lock);
    bool mine = all->pump == NULL && !atomic_load(&all->http->stopping);
    if (mine) {
        all->pump = j;
    }
    mutex_unlock(all->lock);
    if (mine && !lane_post_to(app->lanes, LANE_READ, j)) {
        mutex_lock(all->lock);
        all->pump = NULL;
        mutex_unlock(all->lock);
        mine = false;
    }
    if (!mine) {
        arena_free(a);
    }
}

/* On the writer's thread, under the hub's lock. */
static void wake(void *user)
{
    struct stream *s = user;

    mutex_lock(s->all->lock);
    s->news = true;
    bool idle = s->all->pump == NULL;
    mutex_unlock(s->all->lock);
    if (idle) {
        start_pump(s->all);
    }
}

void streams_tick(struct streams *all, int64_t now_ms)
{
    bool work = false;

    mutex_lock(all->lock);
    for (struct stream *s = all->first; s != NULL; s = s->next) {
        if (now_ms >= s->beat_ms) {
            s->beat = true;
            s->news = true; /* in case a round failed */
            s->beat_ms = now_ms + BEAT_MS;
        }
        work = work || has_work(s);
    }
    work = work && all->pump == NULL;
    mutex_unlock(all->lock);
    if (work) {
        start_pump(all);
    }
}

void streams_end(struct streams *all)
{
    mutex_lock(all->lock);
    for (struct stream *s = all->first; s != NULL; s = s->next) {
        end(s);
    }
    mutex_unlock(all->lock);
}

static struct actor copy_actor(struct arena *a, const struct actor *from)
{
    struct held_role *roles = ARENA_ARRAY(a, struct held_role, from->n_roles + 1);
    struct actor to = *from;

    for (size_t i = 0; i < from->n_roles; i++) {
        roles[i] = from->roles[i];
        roles[i].role = str_dup(a, from->roles[i].role);
    }
    to.roles = roles;
    to.login = STR_NONE;
    to.name = STR_NONE;
    to.csrf = STR_NONE;
    return to;
}

/* Into the list, if there is room for it. */
static bool enlist(struct streams *all, struct stream *s)
{
    size_t same = 0;

    mutex_lock(all->lock);
    for (const struct stream *t = all->first; t != NULL; t = t->next) {
        same += t->actor.session_id == s->actor.session_id ? 1 : 0;
    }
    bool room = all->n < all->max && same < PER_SESSION && !atomic_load(&all->http->stopping);
    if (room) {
        s->next = all->first;
        if (s->next != NULL) {
            s->next->prev = s;
        }
        all->first = s;
        all->n++;
    }
    mutex_unlock(all->lock);
    return room;
}

struct stream *stream_open(struct streams *all, const struct stream_options *o)
{
    struct app *app = all->http->app;
    struct stream *s = mem_new(1, sizeof(*s));

    s->all = all;
    s->conn = o->conn;
    s->arena = arena_new(0);
    s->actor = copy_actor(s->arena, o->actor);
    s->token = str_dup(s->arena, o->token);
    s->request_id = str_dup(s->arena, o->request_id);
    s->text = mem_new(TEXT_FIRST, 1);
    s->text_cap = TEXT_FIRST;
    s->at = o->at;
    s->beat_ms = clock_mono_ms(app->clock) + BEAT_MS;
    s->news = true;
    put(s, str_fmt(s->arena, "retry: 3000\nid: %lld\nevent: hello\ndata: {\"topic\":\"hello\"}\n\n",
                   (long long)o->at));
    if (!enlist(all, s)) {
        destroy(s);
        return NULL;
    }
    s->sub = hub_subscribe(app->slot[SLOT_HUB], &s->actor, wake, s);
    start_pump(all);
    return s;
}
