/* See fields.h. */
#include "http/fields.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/num.h"
#include "http/gate.h"

/* ASCII blanks only: these grammars know no others. */
static struct str trim(struct str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s = str_sub(s, 1, s.n);
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
        s = str_sub(s, 0, s.n - 1);
    }
    return s;
}

static bool cookie_octets(struct str v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
            return false;
        }
    }
    return true;
}

struct str cookie_get(struct str cookie_header, struct str name)
{
    struct str found = STR_NONE;

    while (cookie_header.p != NULL) {
        struct str value = trim(str_split(&cookie_header, ';'));
        struct str key = str_split(&value, '=');
        if (value.p == NULL || !str_eq(key, name)) {
            continue;
        }
        if (found.p != NULL || !cookie_octets(value)) {
            return STR_NONE;
        }
        found = value;
    }
    return found;
}

bool etag_ok(struct str tag)
{
    for (size_t i = 0; i < tag.n; i++) {
        if (tag.p[i] <= 0x20 || tag.p[i] >= 0x7f || tag.p[i] == '"') {
            return false;
        }
    }
    return tag.n > 0;
}

/* Takes one tag off the front of the list; false: no further well-formed tag. */
static bool next_tag(struct str *rest, struct str *ret_tag, bool *ret_weak)
{
    struct str s = trim(*rest);

    while (s.n > 0 && s.p[0] == ',') {
        s = trim(str_sub(s, 1, s.n));
    }
    *ret_weak = str_starts(s, S("W/"));
    s = *ret_weak ? str_sub(s, 2, s.n) : s;
    if (s.n < 2 || s.p[0] != '"') {
        return false;
    }
    ptrdiff_t end = str_find_char(str_sub(s, 1, s.n), '"');
    if (end < 0) {
        return false;
    }
    *ret_tag = str_sub(s, 1, (size_t)end + 1);
    *rest = trim(str_sub(s, (size_t)end + 2, s.n));
    return rest->n == 0 || rest->p[0] == ',';
}

bool etag_listed(struct str if_none_match, struct str tag)
{
    struct str rest = trim(if_none_match);
    struct str t;
    bool weak;

    if (str_eq(rest, S("*"))) {
        return true;
    }
    while (next_tag(&rest, &t, &weak)) {
        if (str_eq(t, tag)) {
            return true;
        }
    }
    return false;
}

struct str etag_single(struct str if_match)
{
    struct str rest = trim(if_match);
    struct str t;
    bool weak;

    if (str_eq(rest, S("*"))) {
        return rest;
    }
    if (!next_tag(&rest, &t, &weak) || weak || rest.n > 0 || !etag_ok(t)) {
        return STR_NONE;
    }
    return t;
}

enum range_result range_parse(struct str range, uint64_t size, uint64_t *ret_from, uint64_t *ret_n)
{
    struct str rest = trim(range);
    uint64_t first = 0;
    uint64_t last = 0;

    *ret_from = 0;
    *ret_n = size;
    if (!str_starts(rest, S("bytes="))) {
        return RANGE_WHOLE;
    }
    rest = trim(str_sub(rest, 6, rest.n));
    ptrdiff_t dash = str_find_char(rest, '-');
    if (dash < 0) {
        return RANGE_WHOLE;
    }
    struct str a = str_sub(rest, 0, (size_t)dash);
    struct str b = str_sub(rest, (size_t)dash + 1, rest.n);
    if ((a.n > 0 && !num_parse_u64(a, UINT64_MAX, &first)) ||
        (b.n > 0 && !num_parse_u64(b, UINT64_MAX, &last)) || (a.n == 0 && b.n == 0) ||
        (a.n > 0 && b.n > 0 && last < first)) {
        return RANGE_WHOLE;
    }
    if (a.n == 0) {
        first = last < size ? size - last : 0;
        if (last == 0 || size == 0) {
            return RANGE_OUTSIDE;
        }
        last = size - 1;
    } else if (first >= size) {
        return RANGE_OUTSIDE;
    } else if (b.n == 0 || last >= size) {
        last = size - 1;
    }
    *ret_from = first;
    *ret_n = last - first + 1;
    return RANGE_PART;
}

struct str media_type(struct str content_type, bool *ret_utf8)
{
    struct str rest = content_type;
    struct str type = trim(str_split(&rest, ';'));

    *ret_utf8 = true;
    while (rest.p != NULL) {
        struct str value = trim(str_split(&rest, ';'));
        struct str name = trim(str_split(&value, '='));
        if (ascii_same(name, S("charset"))) {
            *ret_utf8 = ascii_same(value, S("utf-8")) || ascii_same(value, S("\"utf-8\""));
        }
    }
    return type;
}

/* Quality 0 in the parameters of one list element. */
static bool refused(struct str params)
{
    while (params.p != NULL) {
        struct str value = trim(str_split(&params, ';'));
        struct str name = trim(str_split(&value, '='));
        value = trim(value);
        if (ascii_same(name, S("q"))) {
            while (value.n > 1 && value.p[value.n - 1] == '0') {
                value = str_sub(value, 0, value.n - 1);
            }
            return str_eq(value, S("0")) || str_eq(value, S("0."));
        }
    }
    return false;
}

/* The most exact range that fits decides (RFC 9110 12.5.1). */
bool media_accepted(struct str accept, struct str type)
{
    size_t slash = (size_t)(str_find_char(type, '/') + 1);
    int best = -1;
    bool good = false;

    if (accept.p == NULL || trim(accept).n == 0) {
        return true;
    }
    while (accept.p != NULL) {
        struct str params = str_split(&accept, ',');
        struct str range = trim(str_split(&params, ';'));
        int weight = -1;
        if (ascii_same(range, type)) {
            weight = 2;
        } else if (str_ends(range, S("/*")) &&
                   ascii_same(str_sub(range, 0, range.n - 1), str_sub(type, 0, slash))) {
            weight = 1;
        } else if (str_eq(range, S("*/*"))) {
            weight = 0;
        }
        if (weight > best) {
            best = weight;
            good = !refused(params);
        }
    }
    return good;
}

bool coding_accepted(struct str accept_encoding, struct str coding)
{
    while (accept_encoding.p != NULL) {
        struct str params = str_split(&accept_encoding, ',');
        if (ascii_same(trim(str_split(&params, ';')), coding)) {
            return !refused(params);
        }
    }
    return false;
}

static bool attr_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_';
}

struct str disposition(struct arena *a, struct str file_name, bool inline_file)
{
    struct buf b;

    buf_init(&b, a, file_name.n * 4 + 64);
    buf_putz(&b, inline_file ? "inline; filename=\"" : "attachment; filename=\"");
    for (size_t i = 0; i < file_name.n; i++) {
        unsigned char c = (unsigned char)file_name.p[i];
        /* One sign for each character beyond ASCII: skip its continuation bytes. */
        if (c < 0x80 || c >= 0xc0) {
            buf_putc(&b, attr_char(c) ? (char)c : '_');
        }
    }
    buf_putz(&b, "\"; filename*=UTF-8''");
    for (size_t i = 0; i < file_name.n; i++) {
        unsigned char c = (unsigned char)file_name.p[i];
        if (attr_char(c)) {
            buf_putc(&b, (char)c);
        } else {
            buf_fmt(&b, "%%%02X", c);
        }
    }
    return buf_str(&b);
}
