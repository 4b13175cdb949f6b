/* One pass over the text with a cursor; each kind of stretch (string, comment, parameter) has a
 * function that moves the cursor behind it. */
#include "store/scan.h"

#include "base/arena.h"
#include "base/buf.h"

struct cursor {
    struct str sql;
    size_t at;
    struct buf out;
    struct scan *scan;
    const char *why;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static char peek(const struct cursor *c, size_t ahead)
{
    return c->at + ahead < c->sql.n ? c->sql.p[c->at + ahead] : '\0';
}

static void copy_to(struct cursor *c, size_t end)
{
    buf_put(&c->out, str_sub(c->sql, c->at, end));
    c->at = end;
}

/* 'text' or "name"; a doubled quote simply starts the next stretch. */
static bool quoted(struct cursor *c, char quote)
{
    for (size_t i = c->at + 1; i < c->sql.n; i++) {
        if (c->sql.p[i] == quote) {
            copy_to(c, i + 1);
            return true;
        }
    }
    c->why = "a quote is never closed";
    return false;
}

static bool comment(struct cursor *c)
{
    bool line = peek(c, 0) == '-';
    for (size_t i = c->at + 2; i < c->sql.n; i++) {
        if (line && c->sql.p[i] == '\n') {
            copy_to(c, i);
            return true;
        }
        if (!line && c->sql.p[i] == '*' && i + 1 < c->sql.n && c->sql.p[i + 1] == '/') {
            copy_to(c, i + 2);
            return true;
        }
    }
    if (!line) {
        c->why = "a comment is never closed";
        return false;
    }
    copy_to(c, c->sql.n);
    return true;
}

static bool parameter(struct cursor *c)
{
    size_t end = c->at + 1;
    while (end < c->sql.n && is_word(c->sql.p[end])) {
        end++;
    }
    struct str name = str_sub(c->sql, c->at + 1, end);
    size_t i = 0;
    while (i < c->scan->n && !str_eq(c->scan->names[i], name)) {
        i++;
    }
    if (i == SCAN_PARAMS_MAX) {
        c->why = "too many parameters";
        return false;
    }
    if (i == c->scan->n) {
        c->scan->names[c->scan->n++] = name;
    }
    buf_putc(&c->out, '$');
    buf_int(&c->out, (int64_t)i + 1);
    c->at = end;
    return true;
}

static bool step(struct cursor *c)
{
    char now = peek(c, 0);
    char next = peek(c, 1);
    if (now == '\'' || now == '"') {
        return quoted(c, now);
    }
    if ((now == '-' && next == '-') || (now == '/' && next == '*')) {
        return comment(c);
    }
    if (now == ':' && next == ':') {
        copy_to(c, c->at + 2);
        return true;
    }
    if (now == ':' && is_word(next) && !(next >= '0' && next <= '9')) {
        return parameter(c);
    }
    if (now == '?' || now == '$' || now == '@') {
        c->why = "parameters are named with a colon, never by position";
        return false;
    }
    copy_to(c, c->at + 1);
    return true;
}

bool scan_params(struct arena *a, struct str sql, struct scan *ret, const char **ret_why)
{
    *ret = (struct scan){.names = ARENA_ARRAY(a, struct str, SCAN_PARAMS_MAX)};
    struct cursor c = {.sql = sql, .scan = ret};
    buf_init(&c.out, a, sql.n + 16);
    while (c.at < sql.n) {
        if (!step(&c)) {
            *ret_why = c.why;
            return false;
        }
    }
    ret->numbered = buf_str(&c.out);
    return true;
}
