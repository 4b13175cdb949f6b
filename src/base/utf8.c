/* UTF-8 by its table of well-formed sequences (Unicode 3.9, table 3-7): the first byte fixes the
 * length and the range of the second, which excludes overlong forms, surrogates and the space
 * beyond U+10FFFF without decoding first. */
#include "base/utf8.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#define REPLACEMENT 0xFFFD

/* Bytes of the sequence that the byte begins (0: none), and the bounds of its second byte: no
 * overlong form, no surrogate, nothing above U+10FFFF (RFC 3629, 4). */
static size_t sequence_len(unsigned char first, unsigned char *low, unsigned char *high)
{
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        *low = first == 0xE0 ? 0xA0 : *low;
        *high = first == 0xED ? 0x9F : *high;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *low = first == 0xF0 ? 0x90 : *low;
        *high = first == 0xF4 ? 0x8F : *high;
        return 4;
    }
    return 0;
}

/* Length of the well-formed sequence at p (n bytes left, n > 0) and its code point; 0: ill-formed.
 */
static size_t decode(const unsigned char *p, size_t n, uint32_t *ret)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t len = sequence_len(p[0], &low, &high);

    if (len == 1) {
        *ret = p[0];
        return 1;
    }
    uint32_t cp = p[0] & (0x7FU >> len);
    if (len == 0 || n < len) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if (p[i] < low || p[i] > high) {
            return 0;
        }
        cp = cp << 6 | (p[i] & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    *ret = cp;
    return len;
}

bool utf8_valid(struct bytes b)
{
    uint32_t cp;

    for (size_t at = 0, len; at < b.n; at += len) {
        len = decode(b.p + at, b.n - at, &cp);
        if (len == 0) {
            return false;
        }
    }
    return true;
}

/* Why a code point may not stand in a field, or NULL. */
static const char *forbidden(uint32_t cp)
{
    if ((cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0x7F) {
        return "control";
    }
    if ((cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF)) {
        return "noncharacter";
    }
    if ((cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069)) {
        return "bidi";
    }
    return NULL;
}

bool utf8_text_ok(struct bytes b, size_t *ret_at, const char **ret_why)
{
    uint32_t cp = 0;

    for (size_t at = 0, len; at < b.n; at += len) {
        len = decode(b.p + at, b.n - at, &cp);
        const char *why = len == 0 ? "utf8" : forbidden(cp);

        if (why != NULL) {
            *ret_at = at;
            *ret_why = why;
            return false;
        }
    }
    return true;
}

size_t utf8_len(struct str s)
{
    size_t chars = 0;

    for (size_t i = 0; i < s.n; i++) {
        chars += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    }
    return chars;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    uint32_t cp;

    CHECK(*at < s.n);
    size_t len = decode(str_bytes(s).p + *at, s.n - *at, &cp);
    if (len == 0) { /* the caller broke its promise: go on without reading past the end */
        *at += 1;
        return REPLACEMENT;
    }
    *at += len;
    return cp;
}

struct str utf8_cut(struct str s, size_t chars)
{
    size_t at = 0;

    while (at < s.n && chars > 0) {
        utf8_next(s, &at);
        chars--;
    }
    return str_sub(s, 0, at);
}

size_t utf8_put(uint32_t cp, char ret[4])
{
    CHECK(cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF));
    if (cp < 0x80) {
        ret[0] = (char)cp;
        return 1;
    }
    size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        ret[i] = (char)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    ret[0] = (char)(lead[len] | cp);
    return len;
}

struct str utf8_fold_width(struct arena *a, struct str s)
{
    if (s.p == NULL) {
        return STR_NONE;
    }
    char *p = arena_alloc(a, size_add(s.n, 1), 1); /* folding never lengthens */
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t cp = utf8_next(s, &at);

        if (cp >= 0xFF01 && cp <= 0xFF5E) {
            p[n++] = (char)(cp - 0xFF01 + 0x21);
        } else if (cp == 0x3000) {
            p[n++] = ' ';
        } else {
            while (from < at) {
                p[n++] = s.p[from++];
            }
        }
    }
    return (struct str){p, n};
}
