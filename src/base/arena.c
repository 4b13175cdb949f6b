/* Arenas: a chain of chunks, each filled from its start.
 *
 * The current chunk is the newest; a request that does not fit opens a larger one (sizes double up
 * to CHUNK_MAX, or fit the request). The oldest chunk survives a reset. Memory is cleared when it
 * is handed out, so a chunk needs no clearing of its own and memcheck sees reads of the unused
 * rest. On reset the surviving bytes are overwritten: a pointer kept past its call reads garbage,
 * not the next person's data. Under ASan unused bytes are poisoned and every block is followed by a
 * red zone. */
#include "base/arena.h"

#include "base/check.h"
#include "base/num.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define RED_ZONE       16
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE       0
#endif

#define CHUNK_FIRST ((size_t)8 << 10)
#define CHUNK_MAX   ((size_t)1 << 20)
#define GARBAGE     0xA5

struct chunk {
    struct chunk *older;
    size_t size, at; /* bytes of data; bytes in use, red zones included */
    unsigned char data[];
};

struct defer {
    struct defer *older;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    struct chunk *newest;
    struct defer *defers;
    size_t cap, used;
};

static struct chunk *chunk_new(struct chunk *older, size_t size)
{
    struct chunk *c = malloc(size_add(sizeof(*c), size));

    if (c == NULL) {
        check_failed("out of memory", __FILE__, __LINE__);
    }
    c->older = older;
    c->size = size;
    c->at = 0;
    POISON(c->data, size);
    return c;
}

static void chunk_free(struct chunk *c)
{
    UNPOISON(c->data, c->size);
    free(c);
}

struct arena *arena_new(size_t cap_bytes)
{
    struct arena *a = mem_new(1, sizeof(*a));

    a->cap = cap_bytes == 0 ? ARENA_CAP_BYTES : cap_bytes;
    a->newest = chunk_new(NULL, CHUNK_FIRST);
    return a;
}

/* The deferred calls live in the arena, so they run before any chunk goes. */
static void run_defers(struct arena *a)
{
    while (a->defers != NULL) {
        struct defer *d = a->defers;

        a->defers = d->older;
        d->fn(d->arg);
    }
}

void arena_free(struct arena *a)
{
    if (a == NULL) {
        return;
    }
    run_defers(a);
    while (a->newest != NULL) {
        struct chunk *c = a->newest;

        a->newest = c->older;
        chunk_free(c);
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    run_defers(a);
    while (a->newest->older != NULL) {
        struct chunk *c = a->newest;

        a->newest = c->older;
        chunk_free(c);
    }
    struct chunk *first = a->newest;
    UNPOISON(first->data, first->at);
    memset(first->data, GARBAGE, first->at);
    first->at = 0;
    POISON(first->data, first->size);
    a->used = 0;
}

/* Room for `size` bytes at `align` in the newest chunk, or NULL. */
static unsigned char *chunk_take(struct chunk *c, size_t size, size_t align)
{
    uintptr_t base = (uintptr_t)c->data;
    size_t start = (size_t)(((base + c->at + align - 1) & ~(uintptr_t)(align - 1)) - base);

    if (start > c->size || c->size - start < size + RED_ZONE) {
        return NULL;
    }
    c->at = start + size + RED_ZONE;
    UNPOISON(c->data + start, size);
    return c->data + start;
}

static size_t next_chunk_size(size_t newest, size_t need)
{
    size_t size = newest >= CHUNK_MAX / 2 ? CHUNK_MAX : newest * 2;

    return size > need ? size : need;
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
    CHECK(align != 0 && (align & (align - 1)) == 0);
    if (size == 0) {
        size = 1; /* every block has an address of its own */
    }
    if (size > a->cap || a->used > a->cap - size) {
        check_failed("arena over its cap", __FILE__, __LINE__);
    }
    unsigned char *p = chunk_take(a->newest, size, align);
    if (p == NULL) {
        size_t need = size_add(size_add(size, align), RED_ZONE);

        a->newest = chunk_new(a->newest, next_chunk_size(a->newest->size, need));
        p = chunk_take(a->newest, size, align);
        CHECK(p != NULL);
    }
    a->used += size;
    memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size, size_t align)
{
    return arena_alloc(a, size_mul(count, size), align);
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct defer *d = ARENA_NEW(a, struct defer);

    d->fn = fn;
    d->arg = arg;
    d->older = a->defers;
    a->defers = d;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

void *mem_new(size_t count, size_t size)
{
    void *p = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

    if (p == NULL) {
        check_failed("out of memory", __FILE__, __LINE__);
    }
    return p;
}

void *mem_grow(void *p, size_t old_count, size_t count, size_t size)
{
    CHECK(count >= old_count);
    size_t old_bytes = size_mul(old_count, size), bytes = size_mul(count, size);
    unsigned char *grown = realloc(p, bytes == 0 ? 1 : bytes);

    if (grown == NULL) {
        check_failed("out of memory", __FILE__, __LINE__);
    }
    if (bytes > old_bytes) {
        memset(grown + old_bytes, 0, bytes - old_bytes);
    }
    return grown;
}

void mem_free(void *p)
{
    free(p);
}
