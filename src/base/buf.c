/* A growing buffer. Room doubles, so n puts cost O(n) copies; the old copy stays in the arena until
 * it ends, which bounds the waste by the final size. */
#include "base/buf.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CAP_LEAST 64

void buf_init(struct buf *b, struct arena *a, size_t cap_bytes)
{
    b->arena = a;
    b->n = 0;
    b->cap = cap_bytes < CAP_LEAST ? CAP_LEAST : cap_bytes;
    b->p = arena_alloc(a, size_add(b->cap, 1), 1);
}

/* Room for `more` bytes and the NUL; returns where they go. */
static char *room(struct buf *b, size_t more)
{
    size_t need = size_add(b->n, more);

    if (need > b->cap) {
        size_t cap = size_mul(b->cap, 2);

        cap = cap < need ? need : cap;
        char *p = arena_alloc(b->arena, size_add(cap, 1), 1);
        memcpy(p, b->p, b->n);
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_put(struct buf *b, struct str s)
{
    if (s.n == 0) {
        return;
    }
    char *to = room(b, s.n);
    memcpy(to, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = '\0';
}

void buf_put_bytes(struct buf *b, struct bytes s)
{
    buf_put(b, bytes_str(s));
}

void buf_putz(struct buf *b, const char *z)
{
    buf_put(b, str_of(z));
}

void buf_putc(struct buf *b, char c)
{
    buf_put(b, (struct str){&c, 1});
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[24];
    char *end = digits + sizeof(digits), *p = end;
    uint64_t rest = v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (v < 0) {
        *--p = '-';
    }
    buf_put(b, (struct str){p, (size_t)(end - p)});
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(b->p + b->n, b->cap - b->n + 1, fmt, args);
    va_end(args);
    CHECK(n >= 0);
    if ((size_t)n > b->cap - b->n) {
        char *to = room(b, (size_t)n);
        int wrote = vsnprintf(to, (size_t)n + 1, fmt, again);

        CHECK(wrote == n);
    }
    va_end(again);
    b->n += (size_t)n;
}

/* The low `n` bytes of v, highest first. */
static void put_be(struct buf *b, uint64_t v, size_t n)
{
    char bytes[8];

    for (size_t i = 0; i < n; i++) {
        bytes[i] = (char)(v >> (8 * (n - 1 - i)) & 255);
    }
    buf_put(b, (struct str){bytes, n});
}

void buf_u8(struct buf *b, uint8_t v)
{
    put_be(b, v, 1);
}

void buf_u16(struct buf *b, uint16_t v)
{
    put_be(b, v, 2);
}

void buf_u32(struct buf *b, uint32_t v)
{
    put_be(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
    put_be(b, v, 8);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

struct bytes buf_bytes(const struct buf *b)
{
    return str_bytes(buf_str(b));
}
