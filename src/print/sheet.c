/* Pieces, pages, and drawing them (sheet.h). */
#include "print/sheet.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#include <string.h>

#define CELL_PAD     7.0
#define SEAL_RADIUS  PDF_MM(20.0)
#define SIGN_WIDTH   0.8 /* of the text, at most */
#define QR_SIDE      PDF_MM(20.0)
#define BASE_LINE    0.38 /* of the type's size, below the middle of its line */
#define NUMBER_SIZE  14.0 /* of page numbers: 4号 */
#define CAPTION_SIZE 9.0

static struct piece *add(struct sheet *s, struct piece p)
{
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 64 : size_mul(s->cap, 2);
        struct piece *grown = ARENA_ARRAY(s->arena, struct piece, cap);

        if (s->n > 0) {
            memcpy(grown, s->pieces, s->n * sizeof(*grown));
        }
        s->pieces = grown;
        s->cap = cap;
    }
    s->pieces[s->n] = p;
    return &s->pieces[s->n++];
}

void sheet_gap(struct sheet *s, double height, bool keep)
{
    (void)add(s, (struct piece){.kind = PIECE_GAP, .height = height, .keep = keep});
}

void sheet_rule(struct sheet *s, enum pdf_ink ink)
{
    (void)add(s, (struct piece){.kind = PIECE_RULE, .height = 3, .keep = true, .ink = ink});
}

/* First and second line together, last two together. */
static bool keeps(size_t line, size_t n, bool keep_end)
{
    return line + 1 == n ? keep_end : line == 0 || line + 2 == n;
}

/* Several centred lines become of about one length, so that no head ends with a single character.
 */
static const struct pdf_par *
broken(struct sheet *s, struct str text, const struct pdf_style *style, double *ret_x)
{
    const struct pdf_par *par = pdf_par(s->pdf, text, style, s->look.width), *even;
    size_t n = pdf_par_lines(par);
    double width;

    *ret_x = 0;
    if (!style->centred || n < 2) {
        return par;
    }
    width = pdf_par_width(pdf_par(s->pdf, text, style, 0)) / (double)n + style->size;
    even = pdf_par(s->pdf, text, style, width);
    if (width >= s->look.width || pdf_par_lines(even) > n) {
        return par;
    }
    *ret_x = (s->look.width - width) / 2;
    return even;
}

void sheet_par(
    struct sheet *s, struct str text, const struct pdf_style *style, double pitch, bool keep_end)
{
    double x;
    const struct pdf_par *par = broken(s, text, style, &x);
    size_t n = pdf_par_lines(par);

    for (size_t i = 0; i < n; i++) {
        (void)add(s, (struct piece){.kind = PIECE_LINE,
                                    .height = pitch,
                                    .x = x,
                                    .size = style->size,
                                    .par = par,
                                    .line = i,
                                    .keep = keeps(i, n, keep_end)});
    }
}

void sheet_row(struct sheet *s, const struct letter_row *row, bool bordered, bool keep_end)
{
    struct pdf_style style = {.size = s->look.size},
                     bold = {.size = s->look.size, .bold = !bordered};
    const struct pdf_par *label =
        pdf_par(s->pdf, row->label, &bold, s->look.label_width - 2 * CELL_PAD);
    const struct pdf_par *value =
        pdf_par(s->pdf, row->value, &style, s->look.width - s->look.label_width - 2 * CELL_PAD);
    size_t n_label = pdf_par_lines(label), n_value = pdf_par_lines(value);
    size_t n = n_label > n_value ? n_label : n_value;

    for (size_t i = 0; i < n; i++) {
        (void)add(s, (struct piece){.kind = PIECE_CELL,
                                    .height = s->look.pitch + (i == 0 ? CELL_PAD : 0) +
                                              (i + 1 == n ? CELL_PAD : 0),
                                    .size = s->look.size,
                                    .par = value,
                                    .label = label,
                                    .line = i,
                                    .keep = keeps(i, n, keep_end),
                                    .bordered = bordered});
    }
}

void sheet_sign(struct sheet *s, struct str organ, struct str date)
{
    struct pdf_style style = {.size = s->look.size, .centred = true};
    const struct pdf_par *who = pdf_par(s->pdf, organ, &style, s->look.width * SIGN_WIDTH);

    (void)add(s,
              (struct piece){.kind = PIECE_SIGN,
                             .height = 2 * SEAL_RADIUS + 4 +
                                       s->look.pitch * (double)(pdf_par_lines(who) - 1),
                             .size = s->look.size,
                             .par = who,
                             .label = pdf_par(s->pdf, date, &style, s->look.width * SIGN_WIDTH)});
}

/* Index after the last piece of the page that begins at `start`. */
static size_t page_end(const struct sheet *s, size_t start)
{
    double y = 0;
    size_t end = start, back;

    while (end < s->n && (end == start || y + s->pieces[end].height <= s->look.height + 0.01)) {
        y += s->pieces[end++].height;
    }
    if (end == s->n) {
        return end;
    }
    for (back = end; back > start && s->pieces[back - 1].keep; back--) {
    }
    return back > start ? back : end;
}

static void draw_line(struct sheet *s, const struct piece *p, double y)
{
    pdf_par_line(s->pdf, p->par, p->line, s->look.left + p->x,
                 y + p->height / 2 + p->size * BASE_LINE);
}

/* edge: the first or last piece of the page, where the border is closed. */
static void
draw_cell(struct sheet *s, const struct piece *p, double y, bool top_edge, bool bottom_edge)
{
    double left = s->look.left, right = left + s->look.width, middle = left + s->look.label_width;
    double base = y + (p->line == 0 ? CELL_PAD : 0) + s->look.pitch / 2 + p->size * BASE_LINE;
    size_t n = pdf_par_lines(p->par) > pdf_par_lines(p->label) ? pdf_par_lines(p->par)
                                                               : pdf_par_lines(p->label);
    const double upright[3] = {left, middle, right};

    if (p->line < pdf_par_lines(p->label)) {
        pdf_par_line(s->pdf, p->label, p->line, left + CELL_PAD, base);
    }
    if (p->line < pdf_par_lines(p->par)) {
        pdf_par_line(s->pdf, p->par, p->line, middle + CELL_PAD, base);
    }
    for (size_t i = 0; p->bordered && i < COUNT_OF(upright); i++) {
        pdf_rule(s->pdf, (double[4]){upright[i], y, upright[i], y + p->height}, 0.6, INK_BLACK);
    }
    if (p->bordered && (p->line == 0 || top_edge)) {
        pdf_rule(s->pdf, (double[4]){left, y, right, y}, 0.6, INK_BLACK);
    }
    if (p->bordered && (p->line + 1 == n || bottom_edge)) {
        pdf_rule(s->pdf, (double[4]){left, y + p->height, right, y + p->height}, 0.6, INK_BLACK);
    }
}

/* Organ over date, the place of the seal over both. */
static void draw_sign(struct sheet *s, const struct piece *p, double y)
{
    struct pdf_style small = {.size = CAPTION_SIZE, .ink = INK_GREY, .centred = true};
    double width = pdf_par_width(p->par), box = s->look.width * SIGN_WIDTH, pitch = s->look.pitch;
    double half = width / 2 + 2 * p->size > SEAL_RADIUS ? width / 2 + 2 * p->size : SEAL_RADIUS;
    double x = s->look.left + s->look.width - half, middle = y + p->height / 2;
    size_t n = pdf_par_lines(p->par);
    double base = middle - pitch * (double)n / 2 + p->size * BASE_LINE;
    const struct pdf_par *seal = pdf_par(s->pdf, S("（印章）"), &small, 2 * SEAL_RADIUS);

    pdf_dotted_circle(s->pdf, x, middle, SEAL_RADIUS, INK_RED);
    pdf_par_line(s->pdf, seal, 0, x - SEAL_RADIUS, middle - SEAL_RADIUS + 16);
    for (size_t i = 0; i < n; i++) {
        pdf_par_line(s->pdf, p->par, i, x - box / 2, base + pitch * (double)i);
    }
    pdf_par_line(s->pdf, p->label, 0, x - box / 2, base + pitch * (double)n);
}

static void draw_page(struct sheet *s, size_t start, size_t end)
{
    double y = s->look.top, left = s->look.left;

    for (size_t i = start; i < end; i++) {
        const struct piece *p = &s->pieces[i];

        switch (p->kind) {
        case PIECE_LINE:
            draw_line(s, p, y);
            break;
        case PIECE_RULE:
            pdf_rule(s->pdf, (double[4]){left, y + 1.5, left + s->look.width, y + 1.5},
                     p->ink == INK_RED ? 1.5 : 0.6, p->ink);
            break;
        case PIECE_CELL:
            draw_cell(s, p, y, i == start, i + 1 == end);
            break;
        case PIECE_SIGN:
            draw_sign(s, p, y);
            break;
        case PIECE_GAP:
            break;
        }
        y += p->height;
    }
}

static void draw_qr(struct sheet *s, const struct qr *q)
{
    struct pdf_style small = {.size = CAPTION_SIZE, .ink = INK_GREY, .centred = true};
    double x = s->look.left + s->look.width - QR_SIDE,
           y = s->look.top + s->look.height + PDF_MM(3.0);
    const struct pdf_par *caption = pdf_par(s->pdf, S("扫码查进度"), &small, QR_SIDE);

    pdf_qr(s->pdf, q, x, y, QR_SIDE);
    pdf_par_line(s->pdf, caption, 0, x, y + QR_SIDE + CAPTION_SIZE * 1.4);
}

static void draw_number(struct sheet *s, size_t page)
{
    struct pdf_style style = {.size = NUMBER_SIZE, .centred = true};
    struct str text = str_fmt(s->arena, "— %zu —", page);

    pdf_par_line(s->pdf, pdf_par(s->pdf, text, &style, s->look.width), 0, s->look.left,
                 s->look.top + s->look.height + PDF_MM(7.0) + NUMBER_SIZE);
}

static void draw_frames(struct sheet *s)
{
    static const double INSETS[] = {PDF_MM(11.0), PDF_MM(13.0)}, THICK[] = {3.0, 0.8};

    for (size_t i = 0; i < COUNT_OF(INSETS); i++) {
        double d = INSETS[i];

        pdf_frame(s->pdf, (double[4]){d, d, PDF_WIDTH - 2 * d, PDF_HEIGHT - 2 * d}, THICK[i],
                  INK_GOLD);
    }
}

/* Gaps at the head of a page are dropped. */
static size_t next_start(const struct sheet *s, size_t end)
{
    while (end < s->n && s->pieces[end].kind == PIECE_GAP) {
        end++;
    }
    return end;
}

size_t sheet_pages(const struct sheet *s)
{
    size_t pages = 0;

    for (size_t start = 0; start < s->n; start = next_start(s, page_end(s, start))) {
        pages++;
    }
    return pages;
}

void sheet_draw(struct sheet *s, const struct qr *q, bool sample)
{
    size_t pages = sheet_pages(s), start = 0;

    for (size_t page = 1; page <= pages; page++) {
        size_t end = page_end(s, start);

        if (page > 1) {
            pdf_next_page(s->pdf);
        }
        if (sample) {
            pdf_across(s->pdf, S("演示·样例"));
        }
        if (s->look.framed) {
            draw_frames(s);
        }
        draw_page(s, start, end);
        if (page == 1 && q != NULL) {
            draw_qr(s, q);
        }
        if (pages > 1) {
            draw_number(s, page);
        }
        start = next_start(s, end);
    }
}
