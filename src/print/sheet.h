/* A letter as a row of pieces that flow over pages. A piece is never divided; lines of a paragraph
 * are pieces of their own. A piece that keeps stays on the page of the next one: no page begins
 * with the last line of a paragraph or holds nothing but the signature (GB/T 9704). Private to the
 * floor. */
#ifndef HUHANG_PRINT_SHEET_H
#define HUHANG_PRINT_SHEET_H

#include "print/letter.h"
#include "print/pdf.h"

enum piece_kind { PIECE_LINE, PIECE_GAP, PIECE_RULE, PIECE_CELL, PIECE_SIGN };

struct piece {
    enum piece_kind kind;
    bool keep;
    enum pdf_ink ink;                  /* PIECE_RULE */
    double height, x;                  /* x: from the left edge of the text */
    double size;                       /* of the type */
    const struct pdf_par *par, *label; /* PIECE_SIGN: organ and date */
    size_t line;
    bool bordered; /* PIECE_CELL */
};

/* How a layout looks; lengths in points. */
struct look {
    double left, top, width, height; /* of the text */
    double size, pitch;              /* body */
    double title_size, label_width;
    bool red_head, framed;
};

struct sheet {
    struct arena *arena;
    struct pdf *pdf;
    struct look look;
    struct piece *pieces;
    size_t n, cap;
};

void sheet_gap(struct sheet *s, double height, bool keep);
void sheet_rule(struct sheet *s, enum pdf_ink ink);
/* All lines of a paragraph; keep_end: stays with what follows. */
void sheet_par(
    struct sheet *s, struct str text, const struct pdf_style *style, double pitch, bool keep_end);
void sheet_row(struct sheet *s, const struct letter_row *row, bool bordered, bool keep_end);
void sheet_sign(struct sheet *s, struct str organ, struct str date);
size_t sheet_pages(const struct sheet *s);
/* Sets pages and draws them. sample: 演示·样例 across; q: QR code, or NULL. */
void sheet_draw(struct sheet *s, const struct qr *q, bool sample);

#endif
