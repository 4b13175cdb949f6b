/* CSV by RFC 4180 as one walk over the text. A quoted field is copied only when it holds a doubled
 * quote or a line end of Windows; all others are slices of the input. */
#include "wire/csv.h"

#include "base/arena.h"
#include "base/num.h"
#include "base/utf8.h"

#include <string.h>

struct reader {
    struct arena *arena;
    struct str text;
    size_t at, line;
    struct str *cells; /* of the row being read; grows by doubling */
    size_t n, cap;
};

static struct err *fault(const struct reader *r, size_t line, const char *zh, const char *en)
{
    struct err *e = ERROR(r->arena, ERR_IMPORT, "第 %zu 行：%s", "Line %zu: %s", line, zh);

    e->en = str_fmt(r->arena, "Line %zu: %s", line, en);
    return e;
}

static void add(struct reader *r, struct str cell)
{
    if (r->n == r->cap) {
        size_t cap = r->cap == 0 ? 8 : size_mul(r->cap, 2);
        struct str *p = ARENA_ARRAY(r->arena, struct str, cap);

        if (r->n > 0) {
            memcpy(p, r->cells, r->n * sizeof(*p));
        }
        r->cells = p;
        r->cap = cap;
    }
    r->cells[r->n++] = cell;
}

/* The content of a quoted field: "" becomes ", a line end becomes \n. */
static struct str unquoted(struct arena *a, struct str raw)
{
    struct buf out;

    if (str_find_char(raw, '"') < 0 && str_find_char(raw, '\r') < 0) {
        return raw;
    }
    buf_init(&out, a, raw.n);
    for (size_t i = 0; i < raw.n; i++) {
        char next = i + 1 < raw.n ? raw.p[i + 1] : '\0';

        if (raw.p[i] == '\r' && next == '\n') {
            continue;
        }
        buf_putc(&out, raw.p[i]);
        i += raw.p[i] == '"';
    }
    return buf_str(&out);
}

static struct err *read_quoted(struct reader *r, struct str *ret)
{
    size_t from = r->at + 1, begun = r->line;
    size_t i = from;

    for (; i < r->text.n; i++) {
        r->line += r->text.p[i] == '\n';
        if (r->text.p[i] != '"') {
            continue;
        }
        if (i + 1 == r->text.n || r->text.p[i + 1] != '"') {
            break;
        }
        i++;
    }
    if (i >= r->text.n) {
        return fault(r, begun, "引号没有结束。", "a quotation mark is never closed.");
    }
    *ret = unquoted(r->arena, str_sub(r->text, from, i));
    r->at = i + 1;
    return NULL;
}

static bool at_line_end(const struct reader *r)
{
    const char *p = r->text.p + r->at;
    size_t left = r->text.n - r->at;

    return left == 0 || p[0] == '\n' || (p[0] == '\r' && (left == 1 || p[1] == '\n'));
}

/* A quotation mark inside is taken as it stands, as spreadsheets do. */
static struct str read_plain(struct reader *r)
{
    size_t from = r->at;

    while (!at_line_end(r) && r->text.p[r->at] != ',') {
        r->at++;
    }
    return str_sub(r->text, from, r->at);
}

static struct err *read_cell(struct reader *r)
{
    struct str cell;
    size_t line = r->line, bad_at;
    const char *why;

    if (r->at < r->text.n && r->text.p[r->at] == '"') {
        TRY(read_quoted(r, &cell));
    } else {
        cell = read_plain(r);
    }
    if (!at_line_end(r) && r->text.p[r->at] != ',') {
        return fault(r, r->line, "引号之后应当是逗号或换行。",
                     "after a closing quotation mark must come a comma or the end of the line.");
    }
    if (!utf8_text_ok(str_bytes(cell), &bad_at, &why)) {
        return err_cause(fault(r, line, "含有不允许的字符；请另存为 UTF-8 编码。",
                               "there is a character that is not allowed; save the file as UTF-8."),
                         "%s", why);
    }
    add(r, cell);
    return NULL;
}

static struct err *read_row(struct reader *r, struct csv_row *ret)
{
    ret->line = r->line;
    r->n = 0;
    for (;;) {
        TRY(read_cell(r));
        if (at_line_end(r)) {
            break;
        }
        r->at++; /* the comma */
    }
    if (r->at < r->text.n && r->text.p[r->at] == '\r') {
        r->at++;
    }
    if (r->at < r->text.n) { /* the newline */
        r->at++;
        r->line++;
    }
    ret->cells = ARENA_ARRAY(r->arena, struct str, r->n);
    for (size_t i = 0; i < r->n; i++) {
        ret->cells[i] = r->cells[i];
    }
    ret->n = r->n;
    return NULL;
}

struct err *
csv_read(struct arena *a, struct bytes text, size_t max_rows, struct csv_row **ret, size_t *ret_n)
{
    struct reader r = {.arena = a, .text = bytes_str(text), .line = 1};
    struct csv_row *rows = NULL;
    size_t n = 0, cap = 0;

    if (str_starts(r.text, S("\xEF\xBB\xBF"))) {
        r.at = 3;
    }
    while (r.at < r.text.n) {
        if (n == max_rows) {
            return ERROR(a, ERR_IMPORT, "行数超过 %zu，请分成几份。",
                         "There are more than %zu lines; split the file.", max_rows);
        }
        if (n == cap) {
            size_t more = cap == 0 ? 64 : size_mul(cap, 2);
            struct csv_row *p = ARENA_ARRAY(a, struct csv_row, more);

            if (n > 0) {
                memcpy(p, rows, n * sizeof(*p));
            }
            rows = p;
            cap = more;
        }
        TRY(read_row(&r, &rows[n]));
        bool blank = rows[n].n == 1 && rows[n].cells[0].n == 0;
        n += !blank;
    }
    *ret = rows;
    *ret_n = n;
    return NULL;
}

/* A spreadsheet takes a cell that begins so for a formula; the full-width signs count too. */
static bool looks_like_formula(struct str s)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    int64_t number;

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (str_starts(s, str_of(signs[i]))) {
            return !num_parse(s, INT64_MIN, INT64_MAX, &number);
        }
    }
    return false;
}

void csv_cell(struct buf *out, struct str s, bool last)
{
    bool formula = looks_like_formula(s);
    bool quoted = formula;

    for (size_t i = 0; i < s.n; i++) {
        quoted |= s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    }
    if (!quoted) {
        buf_put(out, s);
    } else {
        buf_putz(out, formula ? "\"'" : "\"");
        for (size_t i = 0; i < s.n; i++) {
            buf_putz(out, s.p[i] == '"' ? "\"" : "");
            buf_putc(out, s.p[i]);
        }
        buf_putc(out, '"');
    }
    buf_putz(out, last ? "\r\n" : ",");
}
