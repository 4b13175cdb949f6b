/* Memory that lives as long as the call that asked for it.
 *
 * An arena grows in chunks and is freed or reset as a whole; nothing inside is freed alone. It
 * never returns NULL: input is bounded first, so running past the hard cap, or out of memory, is
 * our own mistake or the machine's end, and stops the process (c-models 3.4). Resources that are
 * not memory join the same life through arena_defer. Not safe to share between threads; hand a
 * whole arena over instead. Unused bytes are poisoned under ASan. */
#ifndef HUHANG_BASE_ARENA_H
#define HUHANG_BASE_ARENA_H

#include <stddef.h>

struct arena;

#define ARENA_CAP_BYTES ((size_t)64 << 20) /* hard cap of a call's arena */

/* A new arena with the given cap (0: ARENA_CAP_BYTES). Free it with arena_free. */
struct arena *arena_new(size_t cap_bytes);
/* Runs the deferred calls, newest first, and frees everything. NULL is allowed. */
void arena_free(struct arena *a);
/* The same, but keeps the first chunk for reuse. */
void arena_reset(struct arena *a);
/* Zeroed memory; align is a power of two. */
void *arena_alloc(struct arena *a, size_t size, size_t align);
/* Zeroed array; the product is checked. */
void *arena_array(struct arena *a, size_t count, size_t size, size_t align);
/* Runs fn(arg) when the arena ends or is reset. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);
/* Bytes handed out since the last reset (high-water mark for the tests). */
size_t arena_used(const struct arena *a);
/* Long-lived memory outside any arena, zeroed, never NULL; free with mem_free. Only base/ and the
 * wrappers of foreign libraries and long-lived structures use these. */
void *mem_new(size_t count, size_t size);
void *mem_grow(void *p, size_t old_count, size_t count, size_t size);
void mem_free(void *p);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type), _Alignof(type)))
#define ARENA_ARRAY(a, type, count)                                                                \
    ((type *)arena_array((a), (count), sizeof(type), _Alignof(type)))

#endif
