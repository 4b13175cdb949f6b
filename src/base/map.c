/* Hash maps: entries stand in a dense array in order of insertion; an open-addressed table of
 * 32-bit positions finds them (linear probing, at most half full).
 *
 * Deleting marks the entry dead and leaves its slot in place, so probe chains stay whole; when dead
 * entries outnumber live ones the array is compacted and the table rebuilt, which keeps deletion
 * O(1) on average. Text keys come from outside (headers, tokens, field names), so they are hashed
 * with SipHash-1-3 under a random key of the process; order of iteration never depends on it. */
#include "base/map.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#define SLOTS_LEAST 16
#define EMPTY       0 /* a slot holds position + 1 */

struct entry {
    uint64_t hash;
    struct str key; /* none: integer key */
    int64_t number;
    void *value;
    bool live;
};

struct map {
    struct arena *arena; /* NULL: malloc */
    struct entry *entries;
    uint32_t *slots;
    size_t slot_count; /* power of two */
    size_t used;       /* entries in the array, dead ones included; at most slot_count / 2 */
    size_t live;
};

static uint64_t secret[2];
static pthread_once_t secret_once = PTHREAD_ONCE_INIT;

static void make_secret(void)
{
    /* Without entropy the maps still work, only their cost becomes predictable. */
    if (getrandom(secret, sizeof(secret), 0) != (ssize_t)sizeof(secret)) {
        secret[0] = 0x9E3779B97F4A7C15;
    }
}

static uint64_t rotl(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotl(v[1], 13) ^ v[0];
    v[3] = rotl(v[3], 16) ^ v[2];
    v[0] = rotl(v[0], 32) + v[3];
    v[2] += v[1];
    v[3] = rotl(v[3], 21) ^ v[0];
    v[1] = rotl(v[1], 17) ^ v[2];
    v[2] = rotl(v[2], 32);
}

static uint64_t sip_hash(struct bytes b)
{
    uint64_t v[4] = {secret[0] ^ 0x736F6D6570736575, secret[1] ^ 0x646F72616E646F6D,
                     secret[0] ^ 0x6C7967656E657261, secret[1] ^ 0x7465646279746573};

    for (size_t at = 0; at <= b.n; at += 8) {
        uint64_t word = 0;
        size_t left = b.n - at;

        if (left > 0) {
            memcpy(&word, b.p + at, left < 8 ? left : 8);
        }
        if (left < 8) {
            word |= (uint64_t)b.n << 56;
        }
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* A key as text or as a number; both kinds may live in one map and never meet. */
struct map_key {
    struct str text;
    int64_t number;
    uint64_t hash;
};

static struct map_key key_text(struct str key)
{
    CHECK(key.p != NULL);
    return (struct map_key){key, 0, sip_hash(str_bytes(key))};
}

static struct map_key key_number(int64_t number)
{
    struct bytes b = {(const unsigned char *)&number, sizeof(number)};

    return (struct map_key){STR_NONE, number, sip_hash(b)};
}

static void *take(struct map *m, size_t count, size_t size)
{
    return m->arena != NULL ? arena_array(m->arena, count, size, _Alignof(max_align_t))
                            : mem_new(count, size);
}

static void give_back(const struct map *m, void *p)
{
    if (m->arena == NULL) {
        mem_free(p);
    }
}

struct map *map_new(struct arena *a)
{
    struct map *m = a != NULL ? ARENA_NEW(a, struct map) : mem_new(1, sizeof(*m));

    CHECK(pthread_once(&secret_once, make_secret) == 0);
    m->arena = a;
    m->slot_count = SLOTS_LEAST;
    m->slots = take(m, m->slot_count, sizeof(*m->slots));
    m->entries = take(m, m->slot_count / 2, sizeof(*m->entries));
    return m;
}

static void free_key(const struct map *m, struct entry *e)
{
    if (m->arena == NULL && e->key.p != NULL) {
        mem_free((void *)(uintptr_t)e->key.p); /* our own copy */
    }
}

void map_free(struct map *m)
{
    if (m == NULL || m->arena != NULL) {
        return;
    }
    for (size_t i = 0; i < m->used; i++) {
        if (m->entries[i].live) {
            free_key(m, &m->entries[i]);
        }
    }
    mem_free(m->entries);
    mem_free(m->slots);
    mem_free(m);
}

/* The live entry of the key, or NULL; *ret_slot is then the empty slot where it would go. */
static struct entry *find(const struct map *m, const struct map_key *key, size_t *ret_slot)
{
    size_t slot = (size_t)key->hash & (m->slot_count - 1);

    while (m->slots[slot] != EMPTY) {
        struct entry *e = &m->entries[m->slots[slot] - 1];

        if (e->live && e->hash == key->hash && e->number == key->number &&
            str_eq(e->key, key->text)) {
            return e;
        }
        slot = (slot + 1) & (m->slot_count - 1);
    }
    *ret_slot = slot;
    return NULL;
}

static void enter(struct map *m, size_t position)
{
    size_t slot = (size_t)m->entries[position].hash & (m->slot_count - 1);

    while (m->slots[slot] != EMPTY) {
        slot = (slot + 1) & (m->slot_count - 1);
    }
    m->slots[slot] = (uint32_t)(position + 1);
}

/* Drops dead entries; with a larger slot count also makes room. */
static void rebuild(struct map *m, size_t slot_count)
{
    CHECK(slot_count <= (size_t)1 << 31);
    if (slot_count != m->slot_count) {
        struct entry *entries = take(m, slot_count / 2, sizeof(*entries));

        memcpy(entries, m->entries, m->used * sizeof(*entries));
        give_back(m, m->entries);
        give_back(m, m->slots);
        m->entries = entries;
        m->slots = take(m, slot_count, sizeof(*m->slots));
        m->slot_count = slot_count;
    } else {
        memset(m->slots, 0, m->slot_count * sizeof(*m->slots));
    }
    size_t kept = 0;
    for (size_t i = 0; i < m->used; i++) {
        if (m->entries[i].live) {
            m->entries[kept] = m->entries[i];
            enter(m, kept++);
        }
    }
    m->used = kept;
}

static struct str copy_key(struct map *m, struct str key)
{
    if (key.p == NULL) {
        return STR_NONE;
    }
    char *p = take(m, size_add(key.n, 1), 1);
    if (key.n > 0) {
        memcpy(p, key.p, key.n);
    }
    return (struct str){p, key.n};
}

static void *put(struct map *m, const struct map_key *key, void *value)
{
    size_t slot;
    struct entry *e = find(m, key, &slot);

    if (e != NULL) {
        void *former = e->value;

        e->value = value;
        return former;
    }
    if (m->used == m->slot_count / 2) {
        rebuild(m, m->live > m->slot_count / 4 ? size_mul(m->slot_count, 2) : m->slot_count);
        CHECK(find(m, key, &slot) == NULL);
    }
    m->entries[m->used] = (struct entry){.hash = key->hash,
                                         .key = copy_key(m, key->text),
                                         .number = key->number,
                                         .value = value,
                                         .live = true};
    m->used++;
    m->slots[slot] = (uint32_t)m->used;
    m->live++;
    return NULL;
}

static void *get(const struct map *m, const struct map_key *key)
{
    size_t slot;
    struct entry *e = find(m, key, &slot);

    return e == NULL ? NULL : e->value;
}

static void *del(struct map *m, const struct map_key *key)
{
    size_t slot;
    struct entry *e = find(m, key, &slot);

    if (e == NULL) {
        return NULL;
    }
    void *value = e->value;
    free_key(m, e);
    e->key = STR_NONE;
    e->live = false;
    m->live--;
    if (m->used - m->live > m->live + SLOTS_LEAST) {
        rebuild(m, m->slot_count);
    }
    return value;
}

void *map_put(struct map *m, struct str key, void *value)
{
    struct map_key k = key_text(key);

    return put(m, &k, value);
}

void *map_get(const struct map *m, struct str key)
{
    struct map_key k = key_text(key);

    return get(m, &k);
}

void *map_del(struct map *m, struct str key)
{
    struct map_key k = key_text(key);

    return del(m, &k);
}

void *map_put_int(struct map *m, int64_t key, void *value)
{
    struct map_key k = key_number(key);

    return put(m, &k, value);
}

void *map_get_int(const struct map *m, int64_t key)
{
    struct map_key k = key_number(key);

    return get(m, &k);
}

void *map_del_int(struct map *m, int64_t key)
{
    struct map_key k = key_number(key);

    return del(m, &k);
}

size_t map_count(const struct map *m)
{
    return m->live;
}

bool map_next(const struct map *m, size_t *at, struct str *ret_key, void **ret_value)
{
    while (*at < m->used) {
        const struct entry *e = &m->entries[(*at)++];

        if (e->live) {
            if (ret_key != NULL) {
                *ret_key = e->key;
            }
            *ret_value = e->value;
            return true;
        }
    }
    return false;
}

void *map_at(const struct map *m, size_t i, struct str *ret_key)
{
    CHECK(i < m->live);
    /* Without dead entries the i-th live entry is at i; else count from the start. */
    size_t at = m->used == m->live ? i : 0;
    size_t skip = m->used == m->live ? 0 : i;
    void *value = NULL;
    for (bool found = map_next(m, &at, ret_key, &value); skip > 0; skip--) {
        CHECK(found);
        found = map_next(m, &at, ret_key, &value);
    }
    return value;
}
