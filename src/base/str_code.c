/* Hexadecimal and base64 (RFC 4648), both ways. Decoding accepts exactly what encoding would have
 * produced, so two different texts never mean the same bytes; hexadecimal also takes capitals. */
#include "base/arena.h"
#include "base/num.h"
#include "base/str.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str str_hex(struct arena *a, struct bytes b)
{
    char *p = arena_array(a, size_add(b.n, 1), 2, 1);

    for (size_t i = 0; i < b.n; i++) {
        p[2 * i] = hex_digits[b.p[i] >> 4];
        p[2 * i + 1] = hex_digits[b.p[i] & 15];
    }
    return (struct str){p, 2 * b.n};
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool str_unhex(struct arena *a, struct str hex, struct bytes *ret)
{
    if (hex.p == NULL || hex.n % 2 != 0) {
        return false;
    }
    unsigned char *p = arena_alloc(a, hex.n / 2, 1);
    for (size_t i = 0; i < hex.n / 2; i++) {
        int high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        p[i] = (unsigned char)(high * 16 + low);
    }
    *ret = (struct bytes){p, hex.n / 2};
    return true;
}

/* Three bytes become four digits; a rest of one or two becomes two or three. */
static struct str encode64(struct arena *a, struct bytes b, const char *digits, bool pad)
{
    size_t groups = size_add(b.n, 2) / 3, n = 0;
    char *p = arena_array(a, size_add(groups, 1), 4, 1);

    for (size_t i = 0; i < b.n; i += 3) {
        size_t left = b.n - i;
        uint32_t v = (uint32_t)b.p[i] << 16 | (left > 1 ? (uint32_t)b.p[i + 1] << 8 : 0) |
                     (left > 2 ? (uint32_t)b.p[i + 2] : 0);

        for (size_t k = 0; k < 4; k++) {
            if (k <= left) {
                p[n++] = digits[v >> (18 - 6 * k) & 63];
            } else if (pad) {
                p[n++] = '=';
            }
        }
    }
    return (struct str){p, n};
}

struct str str_base64(struct arena *a, struct bytes b)
{
    return encode64(a, b, base64_digits, true);
}

struct str str_base64url(struct arena *a, struct bytes b)
{
    return encode64(a, b, base64url_digits, false);
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool str_unbase64(struct arena *a, struct str text, struct bytes *ret)
{
    if (text.p == NULL || text.n % 4 != 0) {
        return false;
    }
    size_t pads = 0, n = 0;
    while (pads < 2 && text.n > pads && text.p[text.n - 1 - pads] == '=') {
        pads++;
    }
    unsigned char *p = arena_alloc(a, text.n / 4 * 3, 1);
    size_t digits = text.n - pads;
    uint32_t v = 0;
    for (size_t i = 0; i < digits; i++) {
        int d = base64_value(text.p[i]);

        if (d < 0) {
            return false;
        }
        v = v << 6 | (uint32_t)d;
        if (i % 4 == 3) {
            p[n++] = (unsigned char)(v >> 16);
            p[n++] = (unsigned char)(v >> 8 & 255);
            p[n++] = (unsigned char)(v & 255);
            v = 0;
        }
    }
    /* The rest: 12 or 18 bits, of which the last 4 or 2 must be zero. */
    if (pads == 2) {
        if ((v & 15) != 0) {
            return false;
        }
        p[n++] = (unsigned char)(v >> 4);
    } else if (pads == 1) {
        if ((v & 3) != 0) {
            return false;
        }
        p[n++] = (unsigned char)(v >> 10);
        p[n++] = (unsigned char)(v >> 2 & 255);
    }
    *ret = (struct bytes){p, n};
    return true;
}
