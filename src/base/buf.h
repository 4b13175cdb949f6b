/* A growing text or byte buffer inside an arena. The content is always followed by a NUL that is
 * not counted. Growing copies, so slices taken before a later put become stale: take buf_str last.
 */
#ifndef HUHANG_BASE_BUF_H
#define HUHANG_BASE_BUF_H

#include "base/str.h"

struct arena;

struct buf {
    struct arena *arena;
    char *p;
    size_t n, cap;
};

void buf_init(struct buf *b, struct arena *a, size_t cap_bytes);
void buf_put(struct buf *b, struct str s);
void buf_put_bytes(struct buf *b, struct bytes s);
void buf_putz(struct buf *b, const char *z);
void buf_putc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Big-endian numbers for byte formats. */
void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
struct str buf_str(const struct buf *b);
struct bytes buf_bytes(const struct buf *b);

#endif
