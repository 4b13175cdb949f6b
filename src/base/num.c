/* Strict numbers. Digits are gathered in unsigned arithmetic with an overflow test at each step, so
 * the whole range of the type is reachable and nothing beyond it is. */
#include "base/num.h"

#include "base/check.h"

static bool parse_magnitude(struct str s, uint64_t max, uint64_t *ret)
{
    uint64_t v = 0;

    if (s.n == 0) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c < '0' || c > '9' || __builtin_mul_overflow(v, (uint64_t)10, &v) ||
            __builtin_add_overflow(v, (uint64_t)(c - '0'), &v)) {
            return false;
        }
    }
    if (v > max) {
        return false;
    }
    *ret = v;
    return true;
}

bool num_parse_u64(struct str s, uint64_t max, uint64_t *ret)
{
    if (s.n > 1 && s.p[0] == '0') {
        return false;
    }
    return parse_magnitude(s, max, ret);
}

bool num_parse(struct str s, int64_t min, int64_t max, int64_t *ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    uint64_t magnitude;
    int64_t v;

    if (negative) {
        s.p++;
        s.n--;
    }
    if (!num_parse_u64(s, (uint64_t)INT64_MAX + (negative ? 1 : 0), &magnitude)) {
        return false;
    }
    if (negative) {
        if (magnitude == 0) {
            return false; /* "-0" is not how anybody writes a number */
        }
        v = -(int64_t)(magnitude - 1) - 1;
    } else {
        v = (int64_t)magnitude;
    }
    if (v < min || v > max) {
        return false;
    }
    *ret = v;
    return true;
}

bool num_digits(struct str s, int64_t *ret)
{
    uint64_t v;

    if (!parse_magnitude(s, INT64_MAX, &v)) {
        return false;
    }
    *ret = (int64_t)v;
    return true;
}

bool num_add(int64_t a, int64_t b, int64_t *ret)
{
    return !__builtin_add_overflow(a, b, ret);
}

bool num_mul(int64_t a, int64_t b, int64_t *ret)
{
    return !__builtin_mul_overflow(a, b, ret);
}

int64_t num_add_sat(int64_t a, int64_t b)
{
    int64_t sum;

    if (num_add(a, b, &sum)) {
        return sum;
    }
    return b > 0 ? INT64_MAX : INT64_MIN;
}

size_t size_add(size_t a, size_t b)
{
    size_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        check_failed("size overflow", __FILE__, __LINE__);
    }
    return sum;
}

size_t size_mul(size_t a, size_t b)
{
    size_t product;

    if (__builtin_mul_overflow(a, b, &product)) {
        check_failed("size overflow", __FILE__, __LINE__);
    }
    return product;
}
