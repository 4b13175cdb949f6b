/* Small grammars inside header fields: cookies, entity tags, ranges, media types, encodings. Pure.
 */
#ifndef HUHANG_HTTP_FIELDS_H
#define HUHANG_HTTP_FIELDS_H

#include "base/str.h"

struct arena;

/* Value of the cookie (RFC 6265 4.2). None when absent, when it occurs twice (somebody planted
 * one), or when it holds a byte outside the cookie-octets. */
struct str cookie_get(struct str cookie_header, struct str name);

/* Text usable as a tag: visible ASCII without a quote. */
bool etag_ok(struct str tag);
/* If-None-Match (RFC 9110 13.1.2): does the list hold `tag` (without quotes), weakly compared, or
 * "*"? */
bool etag_listed(struct str if_none_match, struct str tag);
/* If-Match with one strong tag, or "*": the text without quotes. None: malformed, weak, or several.
 */
struct str etag_single(struct str if_match);

enum range_result {
    RANGE_WHOLE,   /* absent, another unit, malformed or several ranges: answer 200 */
    RANGE_PART,    /* 206 */
    RANGE_OUTSIDE, /* 416 */
};

/* One byte range (RFC 9110 14.1.2) of a representation of `size` bytes. */
enum range_result range_parse(struct str range, uint64_t size, uint64_t *ret_from, uint64_t *ret_n);

/* The type of a Content-Type without parameters; *ret_utf8 is false when a charset other than UTF-8
 * is named. */
struct str media_type(struct str content_type, bool *ret_utf8);
/* Does Accept (none: yes) take this type? Quality 0 refuses. */
bool media_accepted(struct str accept, struct str type);
/* Does Accept-Encoding name this coding with a quality above 0? "*" does not count. */
bool coding_accepted(struct str accept_encoding, struct str coding);

/* Content-Disposition with an ASCII and a UTF-8 name (RFC 6266). */
struct str disposition(struct arena *a, struct str file_name, bool inline_file);

#endif
