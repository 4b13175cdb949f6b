/* holidays.csv, read and written. A small RFC 4180 reader of its own, because wire/csv is a floor
 * above and the calendar must be readable with civil/ alone (command line, tests). All faults are
 * gathered before anything is refused, so that whoever typed the file mends it in one go. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "civil/calendar.h"

#include <string.h>

#define COLUMNS    5
#define MAX_ROWS   20000
#define MAX_FAULTS 100

static const struct {
    struct str name;
    size_t max_chars;
} COLUMN[COLUMNS] = {
    {S_INIT("date"), 10},    {S_INIT("kind"), 10},    {S_INIT("name"), 60},
    {S_INIT("notice"), 200}, {S_INIT("source"), 500},
};

struct reader {
    struct arena *arena;
    struct str rest;
    size_t line; /* of the next record */
    struct err *err;
    size_t n_faults;
};

struct record {
    struct str cells[COLUMNS];
    size_t n; /* may exceed COLUMNS */
    size_t line;
};

static void fault(struct reader *r, size_t line, struct str zh, struct str en)
{
    if (r->err == NULL) {
        r->err = ERROR(r->arena, ERR_CALENDAR, "节假日文件有错误，没有采用。",
                       "The holiday file has errors and was not taken over.");
        (void)err_hint(r->err, "请按 date,kind,name,notice,source 五列、UTF-8 编码改正后重试。",
                       "Correct the file: five columns date,kind,name,notice,source in UTF-8.");
    }
    if (r->n_faults++ < MAX_FAULTS) {
        struct str pointer = str_fmt(r->arena, "/lines/%zu", line);
        (void)err_field(r->err, pointer, "invalid", zh, en);
    }
}

static char peek(const struct reader *r)
{
    return r->rest.n > 0 ? r->rest.p[0] : '\0';
}

static void skip(struct reader *r, size_t n)
{
    r->rest = str_sub(r->rest, n, r->rest.n);
}

/* After the opening quote; a doubled quote is one. */
static struct str read_quoted(struct reader *r, size_t line)
{
    struct buf b;
    buf_init(&b, r->arena, 64);
    while (r->rest.n > 0) {
        char c = peek(r);
        skip(r, 1);
        if (c == '"' && peek(r) != '"') {
            return buf_str(&b);
        }
        if (c == '"') {
            skip(r, 1);
        }
        r->line += c == '\n';
        buf_putc(&b, c);
    }
    fault(r, line, S("引号没有结束。"), S("A quotation mark is not closed."));
    return buf_str(&b);
}

static struct str read_plain(struct reader *r)
{
    size_t n = 0;
    while (n < r->rest.n && r->rest.p[n] != ',' && r->rest.p[n] != '\n') {
        n++;
    }
    struct str cell = str_sub(r->rest, 0, n);
    skip(r, n);
    return cell;
}

/* One record; false at the end of the text. */
static bool read_record(struct reader *r, struct record *ret)
{
    *ret = (struct record){.line = r->line};
    if (r->rest.n == 0) {
        return false;
    }
    bool more = true;
    while (more) {
        struct str cell = S("");
        if (peek(r) == '"') {
            skip(r, 1);
            cell = read_quoted(r, ret->line);
            if (str_trim(read_plain(r)).n > 0) {
                fault(r, ret->line, S("引号后面有多余的字符。"),
                      S("There is text after a closing quotation mark."));
            }
        } else {
            cell = read_plain(r);
        }
        if (ret->n < COLUMNS) {
            ret->cells[ret->n] = str_trim(cell);
        }
        ret->n++;
        more = peek(r) == ',';
        skip(r, 1);
    }
    r->line++;
    return true;
}

static bool is_blank(const struct record *rec)
{
    return rec->n == 1 && rec->cells[0].n == 0;
}

/* Text that may be kept: right characters, not too long. */
static bool check_cells(struct reader *r, const struct record *rec)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t at = 0;
        const char *why = NULL;
        struct str cell = rec->cells[i];
        if (!utf8_text_ok(str_bytes(cell), &at, &why) || utf8_len(cell) > COLUMN[i].max_chars) {
            struct arena *a = r->arena;
            struct str zh = str_fmt(a, "第%zu列（%s）太长，或有不允许的字符（须为 UTF-8）。", i + 1,
                                    COLUMN[i].name.p);
            struct str en = str_fmt(a,
                                    "Column %zu (%s) is too long or has characters that are not "
                                    "allowed (UTF-8 is expected).",
                                    i + 1, COLUMN[i].name.p);
            fault(r, rec->line, zh, en);
            return false;
        }
    }
    return true;
}

static bool read_kind(struct str word, enum holiday_kind *ret)
{
    for (enum holiday_kind k = HOLIDAY_OFF; k <= HOLIDAY_STATUTORY; k++) {
        if (str_eqz(word, holiday_word(k))) {
            *ret = k;
            return true;
        }
    }
    return false;
}

static bool read_row(struct reader *r, const struct record *rec, struct holiday *ret)
{
    if (rec->n != COLUMNS) {
        fault(r, rec->line, S("应有五列。"), S("Five columns are expected."));
        return false;
    }
    if (!check_cells(r, rec)) {
        return false;
    }
    size_t before = r->n_faults;
    if (!civil_parse(rec->cells[0], &ret->day)) {
        fault(r, rec->line, S("日期须写作 YYYY-MM-DD，且确有其日。"),
              S("The date must be YYYY-MM-DD and exist."));
    }
    if (!read_kind(rec->cells[1], &ret->kind)) {
        fault(r, rec->line, S("类型须是 off、work 或 statutory。"),
              S("The kind must be off, work or statutory."));
    }
    if (rec->cells[2].n == 0) {
        fault(r, rec->line, S("缺少节日名称。"), S("The name is missing."));
    }
    ret->name = rec->cells[2];
    ret->notice = rec->cells[3];
    ret->source = rec->cells[4];
    return r->n_faults == before;
}

static void read_header(struct reader *r)
{
    struct record head;
    bool ok = read_record(r, &head) && head.n == COLUMNS;
    for (size_t i = 0; ok && i < COLUMNS; i++) {
        ok = str_eq(head.cells[i], COLUMN[i].name);
    }
    if (!ok) {
        fault(r, 1, S("首行应是 date,kind,name,notice,source。"),
              S("The first line must be date,kind,name,notice,source."));
    }
}

struct err *
calendar_read_csv(struct arena *a, struct str text, struct holiday **ret_rows, size_t *ret_n)
{
    struct reader r = {.arena = a, .rest = text, .line = 1};
    if (str_starts(text, S("\xEF\xBB\xBF"))) { /* byte order mark of a spreadsheet */
        skip(&r, 3);
    }
    read_header(&r);
    size_t cap = 0;
    for (size_t i = 0; i < r.rest.n; i++) {
        cap += r.rest.p[i] == '\n';
    }
    if (cap > MAX_ROWS) {
        return ERROR(a, ERR_CALENDAR, "节假日文件超过%d行。",
                     "The holiday file has more than %d lines.", MAX_ROWS);
    }
    struct holiday *rows = ARENA_ARRAY(a, struct holiday, cap + 1);
    size_t n = 0;
    struct record rec;
    while (read_record(&r, &rec)) {
        if (!is_blank(&rec) && read_row(&r, &rec, &rows[n])) {
            n++;
        }
    }
    TRY(r.err);
    *ret_rows = rows;
    *ret_n = n;
    return NULL;
}

static void put_cell(struct buf *b, struct str s, char end)
{
    bool plain =
        str_find_char(s, ',') < 0 && str_find_char(s, '"') < 0 && str_find_char(s, '\n') < 0;
    if (plain) {
        buf_put(b, s);
    } else {
        buf_putc(b, '"');
        for (size_t i = 0; i < s.n; i++) {
            if (s.p[i] == '"') {
                buf_putc(b, '"');
            }
            buf_putc(b, s.p[i]);
        }
        buf_putc(b, '"');
    }
    buf_putc(b, end);
}

struct str calendar_canonical(struct arena *a, const struct calendar *c)
{
    size_t n = 0;
    const struct holiday *rows = calendar_rows(c, &n);
    struct buf b;
    buf_init(&b, a, 64 + n * 160);
    for (size_t i = 0; i < COLUMNS; i++) {
        put_cell(&b, COLUMN[i].name, i + 1 < COLUMNS ? ',' : '\n');
    }
    for (size_t i = 0; i < n; i++) {
        char day[11];
        civil_format(rows[i].day, day);
        put_cell(&b, str_of(day), ',');
        put_cell(&b, str_of(holiday_word(rows[i].kind)), ',');
        put_cell(&b, rows[i].name, ',');
        put_cell(&b, rows[i].notice, ',');
        put_cell(&b, rows[i].source, '\n');
    }
    return buf_str(&b);
}
