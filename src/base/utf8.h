/* UTF-8 and the house rule for text that enters (c-models 4.6). */
#ifndef HUHANG_BASE_UTF8_H
#define HUHANG_BASE_UTF8_H

#include "base/str.h"

struct arena;

/* Well-formed UTF-8 (no overlong form, no surrogate, at most U+10FFFF). */
bool utf8_valid(struct bytes b);
/* Text allowed in a field: valid, no U+0000, no C0 but tab and newline, no DEL, no noncharacter, no
 * bidirectional override or isolate. False: *ret_at is the byte offset, *ret_why a short word. */
bool utf8_text_ok(struct bytes b, size_t *ret_at, const char **ret_why);
/* Number of characters (code points). */
size_t utf8_len(struct str s);
/* Next code point; advances *at. The text is valid. */
uint32_t utf8_next(struct str s, size_t *at);
/* The first `chars` characters, never half of one. */
struct str utf8_cut(struct str s, size_t chars);
/* Writes one code point (1–4 bytes); returns the length. */
size_t utf8_put(uint32_t cp, char ret[4]);
/* Full-width digits, letters and signs folded to ASCII, U+3000 to a blank (identity codes). */
struct str utf8_fold_width(struct arena *a, struct str s);

#endif
