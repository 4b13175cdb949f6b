/* What a letter says → its pages, in the four layouts. Measures of the notice are those of GB/T
 * 9704: text 156 × 225 mm, 22 lines of 28 characters of 3号 (15.75 pt), title 2号 (22 pt), red head
 * and red rule. Receipts and records are smaller, since they are printed at the counter. */
#include "print/letter.h"

#include "base/check.h"
#include "base/num.h"
#include "civil/date.h"
#include "print/sheet.h"

#define NOTE_SIZE   10.5 /* 5号 */
#define NOTE_PITCH  16.0
#define HEAD_SIZE   34.0 /* organ's name in the red head, unless too long */
#define HEAD_LEAST  22.0
#define NUMBER_SIZE 14.0

/* clang-format off */
static const struct look LOOKS[] = {
    /*                   left          top           width          height         body                       title  label         red    frame */
    [LETTER_NOTICE]  = {PDF_MM(28.0), PDF_MM(37.0), PDF_MM(156.0), PDF_MM(225.0), 15.75, PDF_MM(225.0) / 22, 22,    PDF_MM(38.0), true,  false},
    [LETTER_RECEIPT] = {PDF_MM(28.0), PDF_MM(37.0), PDF_MM(156.0), PDF_MM(225.0), 14,    24,                 22,    PDF_MM(38.0), false, false},
    [LETTER_RECORD]  = {PDF_MM(28.0), PDF_MM(37.0), PDF_MM(156.0), PDF_MM(225.0), 14,    20,                 22,    PDF_MM(38.0), false, false},
    [LETTER_LICENCE] = {PDF_MM(30.0), PDF_MM(32.0), PDF_MM(150.0), PDF_MM(220.0), 16,    28,                 34,    PDF_MM(54.0), false, true},
};
/* clang-format on */

/* A letter that is a little too long for one page gets its lines set closer, as far as this. */
static const double CLOSER[] = {1.0, 0.93, 0.86, 0.8};

/* 2026年10月9日 → 2026-10-09; another text gives the first day of 2000, never today. */
static struct str iso_day(struct arena *a, struct str zh)
{
    static const char *const UNITS[] = {"年", "月", "日"};
    int64_t n[3] = {0, 0, 0};
    int32_t day;
    struct str iso;

    for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
        struct str unit = str_of(UNITS[i]);
        ptrdiff_t at = zh.p == NULL ? -1 : str_find(zh, unit);

        if (at <= 0 || !num_parse(str_sub(zh, 0, (size_t)at), 1, 9999, &n[i])) {
            return S("2000-01-01");
        }
        zh = str_sub(zh, (size_t)at + unit.n, zh.n);
    }
    iso = str_fmt(a, "%04d-%02d-%02d", (int)n[0], (int)n[1], (int)n[2]);
    return civil_parse(iso, &day) ? iso : S("2000-01-01");
}

/* The largest type in which the organ's name fits one line, within reason. */
static double head_size(struct sheet *s, struct str organ)
{
    struct pdf_style style = {.size = HEAD_SIZE, .bold = true};
    double width = pdf_par_width(pdf_par(s->pdf, organ, &style, 0));
    double fitting = width > s->look.width ? HEAD_SIZE * s->look.width / width : HEAD_SIZE;

    return fitting < HEAD_LEAST ? HEAD_LEAST : fitting;
}

static void put_number(struct sheet *s, struct str number)
{
    struct pdf_style style = {.size = NUMBER_SIZE, .centred = true};

    sheet_par(s, number, &style, 22, true);
}

static void put_title(struct sheet *s, struct str title)
{
    struct pdf_style style = {.size = s->look.title_size, .bold = true, .centred = true};

    sheet_par(s, title, &style, s->look.title_size * 1.5, true);
}

static void put_head(struct sheet *s, const struct letter_text *t)
{
    struct pdf_style plain = {.size = 16, .centred = true};

    if (s->look.red_head) {
        struct pdf_style red = {
            .size = head_size(s, t->organ), .bold = true, .centred = true, .ink = INK_RED};

        sheet_par(s, t->organ, &red, red.size * 1.4, true);
        sheet_gap(s, 10, true);
        put_number(s, t->number);
        sheet_gap(s, PDF_MM(2.0), true);
        sheet_rule(s, INK_RED);
        sheet_gap(s, s->look.pitch * 0.7, true);
        put_title(s, t->title);
        sheet_gap(s, s->look.pitch * 0.4, true);
        return;
    }
    if (s->look.framed) {
        sheet_gap(s, s->look.pitch, true);
        put_title(s, t->title);
        sheet_gap(s, 10, true);
        put_number(s, t->number);
        sheet_gap(s, s->look.pitch, true);
        return;
    }
    sheet_par(s, t->organ, &plain, 26, true);
    put_title(s, t->title);
    put_number(s, t->number);
    sheet_rule(s, INK_BLACK);
    sheet_gap(s, 12, true);
}

static void put_body(struct sheet *s, const struct letter_text *t)
{
    double size = s->look.size, pitch = s->look.pitch;
    struct pdf_style to = {.size = size},
                     body = {.size = size, .indent = 2 * size, .justified = true};

    if (t->addressee.p != NULL) {
        sheet_par(s, str_fmt(s->arena, "%.*s：", STR_ARG(t->addressee)), &to, pitch, true);
    }
    for (size_t i = 0; i < t->n_body; i++) {
        sheet_par(s, t->body[i], &body, pitch, i + 1 == t->n_body && t->n_rows == 0);
    }
    if (t->n_body > 0 && t->n_rows > 0) {
        sheet_gap(s, pitch / 2, true);
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        sheet_row(s, &t->rows[i], t->layout == LETTER_RECORD, i + 1 == t->n_rows);
    }
}

static void put_notes(struct sheet *s, const struct letter_text *t)
{
    struct pdf_style style = {.size = NOTE_SIZE, .ink = INK_GREY, .justified = true};

    if (t->n_notes == 0) {
        return;
    }
    sheet_gap(s, 10, false);
    sheet_rule(s, INK_GREY);
    sheet_gap(s, 4, true);
    for (size_t i = 0; i < t->n_notes; i++) {
        sheet_par(s, t->notes[i], &style, NOTE_PITCH, false);
    }
}

static void put_letter(struct sheet *s, const struct letter_text *t, double closer)
{
    s->n = 0;
    s->look = LOOKS[t->layout];
    s->look.pitch *= closer;
    put_head(s, t);
    put_body(s, t);
    sheet_sign(s, t->sign, t->date);
    put_notes(s, t);
}

struct err *letter_pdf(
    struct arena *a, const struct letter_text *t, struct str qr, bool sample, struct bytes *ret)
{
    struct pdf_info info = {
        .title = str_fmt(a, "%.*s %.*s", STR_ARG(t->title), STR_ARG(t->number)),
        .author = t->organ,
        .subject = sample ? S("演示·样例") : t->title,
        .date = iso_day(a, t->date),
    };
    struct sheet s = {.arena = a};
    struct qr code;

    if (qr.n > 0) {
        TRY(qr_make(a, qr, &code));
    }
    TRY(pdf_new(a, &info, &s.pdf));
    for (size_t i = 0; i < COUNT_OF(CLOSER) && (i == 0 || sheet_pages(&s) > 1); i++) {
        put_letter(&s, t, CLOSER[i]);
    }
    if (sheet_pages(&s) > 1) {
        put_letter(&s, t, 1.0);
    }
    sheet_draw(&s, qr.n > 0 ? &code : NULL, sample);
    return pdf_end(s.pdf, ret);
}
