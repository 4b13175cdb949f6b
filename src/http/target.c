/* See target.h. */
#include "http/target.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

/* clang-format off */
static const struct target_fault too_deep =   {"路径层次太多", "the path has too many segments"};
static const struct target_fault bad_path =   {"路径含有不允许的字符或写法", "the path holds characters or forms that are not allowed"};
static const struct target_fault bad_query =  {"查询参数含有不允许的字符或写法", "the query holds characters or forms that are not allowed"};
static const struct target_fault long_query = {"查询参数太多或太长", "the query has too many or too long parameters"};
/* clang-format on */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes percent escapes; the result must be text that a field may hold. */
static bool decode(struct arena *a, struct str raw, bool plus_is_blank, struct str *ret)
{
    char *p = ARENA_ARRAY(a, char, raw.n + 1);
    size_t n = 0;
    size_t at;
    const char *why;

    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            int hi = raw.n - i > 2 ? hex_digit(raw.p[i + 1]) : -1;
            int lo = raw.n - i > 2 ? hex_digit(raw.p[i + 2]) : -1;
            if (hi < 0 || lo < 0) {
                return false;
            }
            c = (char)(unsigned char)(hi * 16 + lo);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        p[n++] = c;
    }
    *ret = (struct str){p, n};
    return utf8_text_ok(str_bytes(*ret), &at, &why);
}

static bool segment_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == '/' || c == '\\') {
            return false;
        }
    }
    return !str_eq(s, S(".")) && !str_eq(s, S(".."));
}

static const struct target_fault *parse_path(struct arena *a, struct str raw, struct target *ret)
{
    struct str *seg = ARENA_ARRAY(a, struct str, TARGET_SEGMENTS_MAX);
    struct str rest = str_sub(raw, 1, raw.n);
    struct buf path;
    size_t n = 0;

    buf_init(&path, a, raw.n + 1);
    while (rest.p != NULL) {
        struct str part = str_split(&rest, '/');
        if (n == TARGET_SEGMENTS_MAX) {
            return &too_deep;
        }
        if (!decode(a, part, false, &seg[n]) || !segment_ok(seg[n])) {
            return &bad_path;
        }
        buf_putc(&path, '/');
        buf_put(&path, seg[n]);
        n++;
    }
    ret->raw_path = raw;
    ret->path = buf_str(&path);
    ret->seg = seg;
    ret->n_seg = n;
    return NULL;
}

static const struct target_fault *parse_query(struct arena *a, struct str raw, struct target *ret)
{
    struct query_pair *pairs = ARENA_ARRAY(a, struct query_pair, TARGET_PAIRS_MAX);
    size_t n = 0;

    while (raw.p != NULL && raw.n > 0) {
        struct str value = str_split(&raw, '&');
        if (value.n == 0) {
            continue;
        }
        struct str name = str_split(&value, '=');
        if (n == TARGET_PAIRS_MAX) {
            return &long_query;
        }
        value = value.p == NULL ? S("") : value;
        if (!decode(a, name, true, &pairs[n].name) || !decode(a, value, true, &pairs[n].value)) {
            return &bad_query;
        }
        if (pairs[n].name.n == 0 || pairs[n].name.n > TARGET_NAME_MAX ||
            pairs[n].value.n > TARGET_QUERY_VALUE_MAX) {
            return &long_query;
        }
        n++;
    }
    ret->pairs = pairs;
    ret->n_pairs = n;
    return NULL;
}

const struct target_fault *target_parse(struct arena *a, struct str raw, struct target *ret)
{
    ptrdiff_t mark = str_find_char(raw, '?');
    size_t cut = mark < 0 ? raw.n : (size_t)mark;

    *ret = (struct target){.n_seg = 0};
    const struct target_fault *f = parse_path(a, str_sub(raw, 0, cut), ret);
    if (f == NULL && mark >= 0) {
        f = parse_query(a, str_sub(raw, cut + 1, raw.n), ret);
    }
    return f;
}

struct str target_query(const struct target *t, struct str name)
{
    for (size_t i = 0; i < t->n_pairs; i++) {
        if (str_eq(t->pairs[i].name, name)) {
            return t->pairs[i].value;
        }
    }
    return STR_NONE;
}
