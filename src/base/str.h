/* Slices: text and bytes that carry their length.
 *
 * `struct str` is UTF-8 that has been checked at the edge; `struct bytes` is anything else. A slice
 * never owns memory: it points into an arena, a literal or the caller's buffer. `p == NULL` means
 * "no value" (SQL NULL, JSON null) and is different from the empty text "".
 * This is a low-level header: it includes nothing of ours. */
#ifndef HUHANG_BASE_STR_H
#define HUHANG_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p;
    size_t n;
};

struct bytes {
    const unsigned char *p;
    size_t n;
};

/* A literal as a slice. */
#define S(lit) ((struct str){(lit), sizeof(lit) - 1})
/* The same for static initialisers. */
#define S_INIT(lit) {(lit), sizeof(lit) - 1}
#define STR_NONE    ((struct str){NULL, 0})
/* For "%.*s". */
#define STR_ARG(s) (int)(s).n, ((s).p != NULL ? (s).p : "")

struct arena;

/* Slice over a NUL-terminated text; NULL gives STR_NONE. */
struct str str_of(const char *z);
/* True when both are none, or both have the same bytes. */
bool str_eq(struct str a, struct str b);
bool str_eqz(struct str a, const char *z);
/* Byte order, as memcmp; a prefix sorts first; none sorts before "". */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Position of `needle`, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_char(struct str s, char c);
/* Part from..to (bytes); bounds are clamped. */
struct str str_sub(struct str s, size_t from, size_t to);
/* Without ASCII blanks and U+3000 at both ends. */
struct str str_trim(struct str s);
/* Cuts the part before `sep` off `*rest`; without `sep` returns all and leaves none. Loop:
 * while (rest.p) { part = str_split(&rest, ','); … } */
struct str str_split(struct str *rest, char sep);
/* Copy that lives as long as the arena. */
struct str str_dup(struct arena *a, struct str s);
struct bytes bytes_dup(struct arena *a, struct bytes b);
/* NUL-terminated copy for foreign libraries; CHECKs that there is no NUL inside. */
const char *str_z(struct arena *a, struct str s);
/* printf into the arena. */
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str str_fmt_args(struct arena *a, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Lower-case hexadecimal of bytes; and back (false: odd length or other characters). */
struct str str_hex(struct arena *a, struct bytes b);
bool str_unhex(struct arena *a, struct str hex, struct bytes *ret);
/* Standard base64 with padding; decoding refuses non-canonical input. */
struct str str_base64(struct arena *a, struct bytes b);
bool str_unbase64(struct arena *a, struct str text, struct bytes *ret);
/* The same without padding and with the URL alphabet (tokens in cookies and addresses). */
struct str str_base64url(struct arena *a, struct bytes b);

static inline struct bytes str_bytes(struct str s)
{
    return (struct bytes){(const unsigned char *)s.p, s.n};
}

/* The caller vouches that the bytes are checked UTF-8. */
static inline struct str bytes_str(struct bytes b)
{
    return (struct str){(const char *)b.p, b.n};
}

#endif
