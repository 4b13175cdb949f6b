/* Tokens of expressions, and the nearest name for a misspelt one. */
#include "procedure/expr_compile.h"

#include "base/arena.h"
#include "base/num.h"

#define NEAREST_MAX 48

static bool name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct token lex_name(struct str *rest)
{
    size_t n = 1;
    while (n < rest->n && (name_char(rest->p[n], false) || (rest->p[n] == '.' && n + 1 < rest->n &&
                                                            name_char(rest->p[n + 1], true)))) {
        n++;
    }
    struct token t = {.type = T_NAME, .text = str_sub(*rest, 0, n)};
    *rest = str_sub(*rest, n, rest->n);
    return t;
}

/* 12 or 12wd. */
static struct token lex_number(struct str *rest)
{
    size_t digits = 0;
    while (digits < rest->n && digit(rest->p[digits])) {
        digits++;
    }
    size_t n = digits;
    while (n < rest->n && name_char(rest->p[n], false)) {
        n++;
    }
    struct token t = {.type = T_BAD, .text = str_sub(*rest, 0, n)};
    if (n == digits && num_parse(t.text, 0, INT64_C(1) << 53, &t.i)) {
        t.type = T_INT;
    } else if (n > digits && duration_parse(t.text, &t.d)) {
        t.type = T_DURATION;
    }
    *rest = str_sub(*rest, n, rest->n);
    return t;
}

static struct token lex_text(struct str *rest)
{
    struct str inside = str_sub(*rest, 1, rest->n);
    ptrdiff_t end = str_find_char(inside, '\'');
    if (end < 0) {
        struct token bad = {.type = T_BAD, .text = *rest};
        *rest = str_sub(*rest, rest->n, rest->n);
        return bad;
    }
    struct token t = {.type = T_TEXT, .text = str_sub(inside, 0, (size_t)end)};
    *rest = str_sub(inside, (size_t)end + 1, inside.n);
    return t;
}

struct token expr_token(struct str *rest)
{
    *rest = str_trim(*rest);
    if (rest->n == 0) {
        return (struct token){.type = T_END, .text = S("")};
    }
    char c = rest->p[0];
    if (name_char(c, true)) {
        return lex_name(rest);
    }
    if (digit(c)) {
        return lex_number(rest);
    }
    if (c == '\'') {
        return lex_text(rest);
    }
    size_t n = 1;
    if (rest->n > 1 && rest->p[1] == '=' && (c == '!' || c == '<' || c == '>')) {
        n = 2;
    }
    struct token t = {.type = T_MARK, .text = str_sub(*rest, 0, n)};
    if (n == 1 && str_find_char(S("=<>+-()[],"), c) < 0) {
        t.type = T_BAD;
    }
    *rest = str_sub(*rest, n, rest->n);
    return t;
}

/* Edit distance with transpositions; both at most NEAREST_MAX bytes. */
static size_t distance(struct str a, struct str b)
{
    size_t row[3][NEAREST_MAX + 1];
    for (size_t j = 0; j <= b.n; j++) {
        row[1][j] = j;
        row[0][j] = 0;
    }
    for (size_t i = 1; i <= a.n; i++) {
        row[2][0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t best = row[1][j - 1] + (a.p[i - 1] == b.p[j - 1] ? 0 : 1);
            best = row[1][j] + 1 < best ? row[1][j] + 1 : best;
            best = row[2][j - 1] + 1 < best ? row[2][j - 1] + 1 : best;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                row[0][j - 2] + 1 < best) {
                best = row[0][j - 2] + 1;
            }
            row[2][j] = best;
        }
        for (size_t j = 0; j <= b.n; j++) {
            row[0][j] = row[1][j];
            row[1][j] = row[2][j];
        }
    }
    return row[1][b.n];
}

struct str name_nearest(struct str wrong, const struct str *names, size_t n)
{
    struct str best = STR_NONE;
    size_t least = wrong.n / 3 + 1;
    for (size_t i = 0; i < n && wrong.n <= NEAREST_MAX; i++) {
        size_t d = names[i].n > NEAREST_MAX ? NEAREST_MAX : distance(wrong, names[i]);
        if (d <= least && (best.p == NULL || d < least)) {
            best = names[i];
            least = d;
        }
    }
    return best;
}

struct str name_hint(struct arena *a, struct str wrong, const struct str *names, size_t n)
{
    struct str near = name_nearest(wrong, names, n);
    if (near.p != NULL) {
        return str_fmt(a, "did you mean '%.*s'?", STR_ARG(near));
    }
    if (n == 0) {
        return S("there is none here");
    }
    struct buf b;
    buf_init(&b, a, 128);
    buf_putz(&b, "possible: ");
    for (size_t i = 0; i < n && i < 16; i++) {
        buf_putz(&b, i > 0 ? ", " : "");
        buf_put(&b, names[i]);
    }
    buf_putz(&b, n > 16 ? ", …" : "");
    return buf_str(&b);
}
