/* Slices: looking, cutting and copying. Functions on a "none" slice behave as on an empty one,
 * except where the header tells them apart (equality, order, copies). Encodings are in str_code.c.
 */
#include "base/str.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>

struct str str_of(const char *z)
{
    return z == NULL ? STR_NONE : (struct str){z, strlen(z)};
}

bool str_eq(struct str a, struct str b)
{
    if (a.p == NULL || b.p == NULL) {
        return a.p == b.p;
    }
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eqz(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

int str_cmp(struct str a, struct str b)
{
    if (a.p == NULL || b.p == NULL) {
        return (a.p != NULL) - (b.p != NULL);
    }
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (needle.n == 0) {
        return 0;
    }
    if (s.n < needle.n) {
        return -1;
    }
    const char *at = memmem(s.p, s.n, needle.p, needle.n);
    return at == NULL ? -1 : at - s.p;
}

ptrdiff_t str_find_char(struct str s, char c)
{
    return str_find(s, (struct str){&c, 1});
}

struct str str_sub(struct str s, size_t from, size_t to)
{
    if (s.p == NULL) {
        return STR_NONE;
    }
    if (to > s.n) {
        to = s.n;
    }
    if (from > to) {
        from = to;
    }
    return (struct str){s.p + from, to - from};
}

/* Length of the blank at the start (or, `at_end`, the end) of s, 0 when there is none. */
static size_t blank_len(struct str s, bool at_end)
{
    static const struct str wide = S_INIT("\xE3\x80\x80"); /* U+3000 */

    if (at_end ? str_ends(s, wide) : str_starts(s, wide)) {
        return wide.n;
    }
    if (s.n > 0) {
        char c = at_end ? s.p[s.n - 1] : s.p[0];

        return c == ' ' || (c >= '\t' && c <= '\r') ? 1 : 0;
    }
    return 0;
}

struct str str_trim(struct str s)
{
    size_t n;

    while ((n = blank_len(s, false)) > 0) {
        s = str_sub(s, n, s.n);
    }
    while ((n = blank_len(s, true)) > 0) {
        s.n -= n;
    }
    return s;
}

struct str str_split(struct str *rest, char sep)
{
    struct str all = *rest;
    ptrdiff_t at = str_find_char(all, sep);

    if (at < 0) {
        *rest = STR_NONE;
        return all;
    }
    *rest = str_sub(all, (size_t)at + 1, all.n);
    return str_sub(all, 0, (size_t)at);
}

struct bytes bytes_dup(struct arena *a, struct bytes b)
{
    if (b.p == NULL) {
        return (struct bytes){NULL, 0};
    }
    /* One more for a NUL, so that a copied text can be looked at in a debugger. */
    unsigned char *p = arena_alloc(a, size_add(b.n, 1), 1);
    if (b.n > 0) {
        memcpy(p, b.p, b.n);
    }
    return (struct bytes){p, b.n};
}

struct str str_dup(struct arena *a, struct str s)
{
    return bytes_str(bytes_dup(a, str_bytes(s)));
}

const char *str_z(struct arena *a, struct str s)
{
    CHECK(s.n == 0 || memchr(s.p, '\0', s.n) == NULL);
    return s.p == NULL ? "" : str_dup(a, s).p;
}

struct str str_fmt_args(struct arena *a, const char *fmt, va_list args)
{
    va_list again;

    CHECK(fmt != NULL);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    CHECK(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1, 1);
    int wrote = vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    CHECK(wrote == n);
    return (struct str){p, (size_t)n};
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    struct str s = str_fmt_args(a, fmt, args);
    va_end(args);
    return s;
}
