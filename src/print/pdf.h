/* Drawing on A4 pages: the only door to pango and cairo. Lengths are points (1/72 inch) from the
 * page's upper left corner; texts are Noto Serif CJK SC, laid out as simplified Chinese (line ends
 * by its rules). The same calls give the same bytes. One thread at a time. Private to the floor. */
#ifndef HUHANG_PRINT_PDF_H
#define HUHANG_PRINT_PDF_H

#include "base/err.h"
#include "print/qr.h"

#define PDF_MM(mm) ((mm) * 72.0 / 25.4)
#define PDF_WIDTH  PDF_MM(210.0)
#define PDF_HEIGHT PDF_MM(297.0)

enum pdf_ink { INK_BLACK, INK_RED, INK_GREY, INK_PALE, INK_GOLD };

struct pdf_style {
    double size;   /* of the type, points */
    double indent; /* of the first line */
    enum pdf_ink ink;
    bool bold, centred;
    bool justified; /* both edges straight but for last lines */
};

/* All of it goes into the file's head; the date is a day, so that a reprint has the same bytes. */
struct pdf_info {
    struct str title, author, subject;
    struct str date; /* YYYY-MM-DD */
};

struct pdf;
struct pdf_par; /* a paragraph broken into lines */

/* Starts with page 1. ERR_INTERNAL when there is no font with Chinese characters. The document is
 * freed with the arena. */
struct err *pdf_new(struct arena *a, const struct pdf_info *info, struct pdf **ret) MUST_CHECK;
/* width: where lines break; 0: never. */
struct pdf_par *
pdf_par(struct pdf *p, struct str text, const struct pdf_style *style, double width);
size_t pdf_par_lines(const struct pdf_par *par);
/* Width of the widest line. */
double pdf_par_width(const struct pdf_par *par);
/* Draws one line; x is the left edge of the paragraph, y the base line. */
void pdf_par_line(struct pdf *p, const struct pdf_par *par, size_t line, double x, double y);
void pdf_rule(struct pdf *p, const double from_to[4], double thick, enum pdf_ink ink);
/* x, y, width, height */
void pdf_frame(struct pdf *p, const double box[4], double thick, enum pdf_ink ink);
void pdf_dotted_circle(struct pdf *p, double x, double y, double radius, enum pdf_ink ink);
void pdf_qr(struct pdf *p, const struct qr *q, double x, double y, double side);
/* Large pale letters from corner to corner, as a drawing: no text to be searched or copied. */
void pdf_across(struct pdf *p, struct str text);
void pdf_next_page(struct pdf *p);
struct err *pdf_end(struct pdf *p, struct bytes *ret) MUST_CHECK;

#endif
