/* Sessions in memory, so that a request costs no reading of tables (SLOT_IDENTITY).
 *
 * Key: SHA-256 of the token. An entry holds the actor as it was read; it is old after half a minute
 * or at midnight (grants run by days), and then read again; how long the session was idle is taken
 * from here, because table session learns it once a minute only. One lock, held for a look-up and a
 * copy.
 *
 * Changes: identity_changed drops entries at once and again after the commit. In between the writer
 * itself reads through (`uncommitted`), since units later in the same group must see the change,
 * and keeps nothing, since the group may be undone; readers keep what they read only when nothing
 * changed meanwhile (`generation`). */
#include "app/identity/inner.h"

#include "base/arena.h"
#include "base/check.h"
#include "civil/date.h"
#include "sys/thread.h"

#include <string.h>

#define OLD_AFTER_MS 30000
#define ENTRIES_MAX  8192
#define BUCKETS      4096 /* the key is a digest: its first bytes are as good as any hash */
#define CHANGED_MAX  64
#define STRANGERS    1024 /* slots; a collision forgets the older */
#define HOUR_MS      INT64_C(3600000)

/* One block: entry, roles, texts. */
struct entry {
    struct entry *next;
    unsigned char hash[HASH_LEN];
    struct actor actor;
    int64_t read_ms, seen_ms, stored_ms, expires_ms;
    int32_t day;
};

struct stranger {
    unsigned char hash[HASH_LEN];
    struct lock_state state;
};

/* Registrations from one address in an hour that began with the first. */
struct newcomer {
    unsigned char hash[HASH_LEN];
    int64_t n, until_ms;
};

struct identity {
    struct mutex *lock;
    struct entry *buckets[BUCKETS];
    size_t n_entries;
    int64_t generation;
    bool uncommitted;
    int64_t changed[CHANGED_MAX]; /* persons, since the last commit */
    size_t n_changed;
    struct str dummy;
    struct cache_timer timer;
    struct stranger strangers[STRANGERS];
    struct newcomer newcomers[STRANGERS];
};

static struct identity *slot_of(const struct app *app)
{
    struct identity *s = app->slot[SLOT_IDENTITY];

    CHECK(s != NULL);
    return s;
}

static struct entry **bucket_of(struct identity *s, const unsigned char hash[HASH_LEN])
{
    return &s->buckets[(size_t)(hash[0] << 8 | hash[1]) % BUCKETS];
}

static struct entry *find(struct identity *s, const unsigned char hash[HASH_LEN])
{
    struct entry *e = *bucket_of(s, hash);

    while (e != NULL && memcmp(e->hash, hash, HASH_LEN) != 0) {
        e = e->next;
    }
    return e;
}

/* Takes the entry at the place out of its list. */
static void drop_at(struct identity *s, struct entry **place)
{
    struct entry *e = *place;

    *place = e->next;
    s->n_entries--;
    crypt_wipe(e->hash, HASH_LEN);
    mem_free(e);
}

/* Those that `gone` says, or all with NULL. */
static void drop_where(struct identity *s,
                       bool (*gone)(const struct entry *e, const void *ctx),
                       const void *ctx)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct entry **place = &s->buckets[i];

        while (*place != NULL) {
            if (gone == NULL || gone(*place, ctx)) {
                drop_at(s, place);
            } else {
                place = &(*place)->next;
            }
        }
    }
}

static bool is_of_person(const struct entry *e, const void *person_id)
{
    return e->actor.person_id == *(const int64_t *)person_id;
}

static void end(void *arg)
{
    struct identity *s = arg;

    drop_where(s, NULL, NULL);
    mutex_free(s->lock);
    mem_free(s);
}

struct err *cache_start(struct call *c)
{
    struct app *app = c->app;
    struct identity *s = mem_new(1, sizeof *s);
    unsigned char nobody[HASH_LEN];

    s->lock = mutex_new();
    crypt_random(nobody, sizeof nobody);
    s->dummy =
        crypt_password_hash(app->arena, str_hex(c->arena, (struct bytes){nobody, sizeof nobody}));
    app->slot[SLOT_IDENTITY] = s;
    arena_defer(app->arena, end, s);
    return NULL;
}

struct str cache_dummy(const struct app *app)
{
    return slot_of(app)->dummy;
}

struct cache_timer *cache_timer(const struct app *app)
{
    return &slot_of(app)->timer;
}

/* ---- entries ---- */

static struct str put_text(char **at, struct str s)
{
    struct str copy = {*at, s.n};

    if (s.p == NULL) {
        return STR_NONE;
    }
    memcpy(*at, s.p, s.n);
    *at += s.n;
    return copy;
}

static size_t text_size(const struct actor *a)
{
    size_t n = a->login.n + a->name.n + a->csrf.n;

    for (size_t i = 0; i < a->n_roles; i++) {
        n += a->roles[i].role.n;
    }
    return n;
}

static struct entry *entry_new(const struct actor *a)
{
    size_t roles = a->n_roles * sizeof(struct held_role);
    struct entry *e = mem_new(1, sizeof *e + roles + text_size(a));
    struct held_role *to = (struct held_role *)(void *)(e + 1);
    char *at = (char *)(to + a->n_roles);

    e->actor = *a;
    for (size_t i = 0; i < a->n_roles; i++) {
        to[i] = a->roles[i];
        to[i].role = put_text(&at, a->roles[i].role);
    }
    e->actor.roles = to;
    e->actor.login = put_text(&at, a->login);
    e->actor.name = put_text(&at, a->name);
    e->actor.csrf = put_text(&at, a->csrf);
    return e;
}

static struct actor actor_copy(struct arena *arena, const struct actor *a)
{
    struct held_role *roles = ARENA_ARRAY(arena, struct held_role, a->n_roles + 1);
    struct actor copy = *a;

    for (size_t i = 0; i < a->n_roles; i++) {
        roles[i] = a->roles[i];
        roles[i].role = str_dup(arena, a->roles[i].role);
    }
    copy.roles = roles;
    copy.login = str_dup(arena, a->login);
    copy.name = str_dup(arena, a->name);
    copy.csrf = str_dup(arena, a->csrf);
    return copy;
}

static bool is_old(const struct call *c, const struct entry *e)
{
    int64_t age = c->real_ms - e->read_ms;

    return age < 0 || age > OLD_AFTER_MS || e->day != civil_day_of(c->now_ms);
}

/* Not by an event stream, which is looked at every few seconds as long as a page is open; an idle
 * session that nobody renewed in time is not revived by being asked for. */
static void note_use(const struct call *c, struct entry *e, struct cache_hit *ret)
{
    if (!session_used(c) || c->real_ms - e->seen_ms >= c->app->conf.session_idle_min * 60000) {
        return;
    }
    ret->tell_seen = c->real_ms - e->stored_ms >= SEEN_EVERY_MS;
    e->seen_ms = c->real_ms > e->seen_ms ? c->real_ms : e->seen_ms;
    e->stored_ms = ret->tell_seen ? c->real_ms : e->stored_ms;
}

enum cache_answer
cache_find(struct call *c, const unsigned char hash[HASH_LEN], struct cache_hit *ret)
{
    struct identity *s = slot_of(c->app);
    enum cache_answer answer = CACHE_NONE;
    struct entry *e;

    *ret = (struct cache_hit){0};
    mutex_lock(s->lock);
    e = find(s, hash);
    if (e != NULL && !(c->unit != NULL && s->uncommitted)) {
        ret->seen_ms = e->seen_ms;
        ret->expires_ms = e->expires_ms;
        answer = CACHE_OLD;
        if (!is_old(c, e)) {
            answer = CACHE_FRESH;
            ret->actor = actor_copy(c->arena, &e->actor);
            note_use(c, e, ret);
        }
    }
    mutex_unlock(s->lock);
    return answer;
}

int64_t cache_generation(const struct app *app)
{
    struct identity *s = slot_of(app);

    mutex_lock(s->lock);
    int64_t n = s->generation;
    mutex_unlock(s->lock);
    return n;
}

/* In the place of an entry for the same token. */
static void put(struct identity *s, struct entry *e)
{
    struct entry **place = bucket_of(s, e->hash);

    while (*place != NULL && memcmp((*place)->hash, e->hash, HASH_LEN) != 0) {
        place = &(*place)->next;
    }
    if (*place != NULL) {
        drop_at(s, place);
    }
    e->next = *place;
    *place = e;
    s->n_entries++;
}

void cache_put(struct call *c,
               const unsigned char hash[HASH_LEN],
               const struct cache_hit *hit,
               int64_t stored_ms,
               int64_t generation)
{
    struct identity *s = slot_of(c->app);
    struct entry *e = entry_new(&hit->actor);

    e->read_ms = c->real_ms;
    e->seen_ms = hit->seen_ms;
    e->stored_ms = stored_ms;
    e->expires_ms = hit->expires_ms;
    e->day = civil_day_of(c->now_ms);
    memcpy(e->hash, hash, HASH_LEN);
    mutex_lock(s->lock);
    if (s->generation == generation && !(c->unit != NULL && s->uncommitted)) {
        if (s->n_entries >= ENTRIES_MAX) {
            drop_where(s, NULL, NULL);
        }
        put(s, e);
        e = NULL;
    }
    mutex_unlock(s->lock);
    mem_free(e);
}

struct moment {
    int64_t now_ms, idle_ms;
};

static bool is_over(const struct entry *e, const void *ctx)
{
    const struct moment *m = ctx;

    return m->now_ms >= e->expires_ms || m->now_ms - e->seen_ms >= m->idle_ms;
}

/* On the timer: what nobody will ask for again. */
void cache_prune(struct app *app)
{
    struct identity *s = slot_of(app);
    struct moment m = {clock_real_ms(app->clock), app->conf.session_idle_min * 60000};

    mutex_lock(s->lock);
    drop_where(s, is_over, &m);
    mutex_unlock(s->lock);
}

size_t cache_count(const struct app *app)
{
    struct identity *s = slot_of(app);

    mutex_lock(s->lock);
    size_t n = s->n_entries;
    mutex_unlock(s->lock);
    return n;
}

/* ---- changes ---- */

/* Under the lock; 0: everybody's. */
static void drop_person(struct identity *s, int64_t person_id)
{
    drop_where(s, person_id == 0 ? NULL : is_of_person, &person_id);
    s->generation++;
}

/* Those of a group that was undone are among them too; dropping them costs a reading, no more. */
static void after_commit(struct app *app, void *ctx)
{
    struct identity *s = slot_of(app);

    (void)ctx;
    mutex_lock(s->lock);
    for (size_t i = 0; i < s->n_changed; i++) {
        drop_person(s, s->changed[i]);
    }
    s->n_changed = 0;
    s->uncommitted = false;
    mutex_unlock(s->lock);
}

void identity_changed(struct call *c, int64_t person_id)
{
    struct identity *s = slot_of(c->app);

    mutex_lock(s->lock);
    if (s->n_changed == CHANGED_MAX) {
        s->n_changed = 0;
        person_id = 0;
    }
    s->changed[s->n_changed++] = person_id;
    s->uncommitted = true;
    drop_person(s, person_id);
    mutex_unlock(s->lock);
    unit_on_commit(c, after_commit, NULL);
}

/* ---- strangers ---- */

static struct stranger *stranger_of(struct identity *s, const unsigned char hash[HASH_LEN])
{
    return &s->strangers[(size_t)(hash[0] << 8 | hash[1]) % STRANGERS];
}

struct lock_state cache_stranger(const struct app *app, const unsigned char login_hash[HASH_LEN])
{
    struct identity *s = slot_of(app);
    struct lock_state state = {0};

    mutex_lock(s->lock);
    const struct stranger *t = stranger_of(s, login_hash);
    if (memcmp(t->hash, login_hash, HASH_LEN) == 0) {
        state = t->state;
    }
    mutex_unlock(s->lock);
    return state;
}

void cache_set_stranger(const struct app *app,
                        const unsigned char login_hash[HASH_LEN],
                        struct lock_state state)
{
    struct identity *s = slot_of(app);

    mutex_lock(s->lock);
    struct stranger *t = stranger_of(s, login_hash);
    memcpy(t->hash, login_hash, HASH_LEN);
    t->state = state;
    mutex_unlock(s->lock);
}

/* ---- newcomers ---- */

static void peer_hash(const struct call *c, unsigned char ret[HASH_LEN])
{
    struct bytes parts[] = {str_bytes(S("huhang/peer/1")), str_bytes(c->peer)};

    crypt_hmac((struct bytes){c->app->key.session, sizeof c->app->key.session}, parts,
               COUNT_OF(parts), ret);
}

bool cache_registration(struct call *c, int64_t *ret_wait_s)
{
    struct identity *s = slot_of(c->app);
    unsigned char hash[HASH_LEN];

    *ret_wait_s = 0;
    if (c->peer.p == NULL) {
        return true; /* the command line, tests */
    }
    peer_hash(c, hash);
    mutex_lock(s->lock);
    struct newcomer *t = &s->newcomers[(size_t)(hash[0] << 8 | hash[1]) % STRANGERS];
    if (memcmp(t->hash, hash, HASH_LEN) != 0 || c->real_ms >= t->until_ms) {
        memcpy(t->hash, hash, HASH_LEN);
        t->n = 0;
        t->until_ms = c->real_ms + HOUR_MS;
    }
    bool fits = t->n < c->app->conf.registrations_per_hour;
    t->n += fits ? 1 : 0;
    *ret_wait_s = fits ? 0 : (t->until_ms - c->real_ms + 999) / 1000;
    mutex_unlock(s->lock);
    return fits;
}
