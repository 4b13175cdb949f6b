/* pango and cairo. Text is measured without hinting or rounding, so that the lines do not depend on
 * a screen; glyphs keep their text (cairo's show_text_glyphs), so the PDF can be searched and read
 * aloud. Fonts are embedded as subsets. The head of the file has no time of drawing in it. */
#include "print/pdf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define FONT "Noto Serif CJK SC"

struct pdf_par {
    PangoLayout *layout;
    struct pdf_par *next; /* all of a document, to free them */
    enum pdf_ink ink;
    size_t n;
    double *x; /* of each line: indent and centring */
    double width;
};

struct pdf {
    struct arena *arena;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *context;
    struct pdf_par *pars;
    struct buf out;
};

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int n)
{
    struct pdf *p = closure;

    buf_put_bytes(&p->out, (struct bytes){data, n});
    return CAIRO_STATUS_SUCCESS;
}

static void pdf_free(void *arg)
{
    struct pdf *p = arg;

    for (struct pdf_par *par = p->pars; par != NULL; par = par->next) {
        g_object_unref(par->layout);
    }
    g_object_unref(p->context);
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    cairo_surface_destroy(p->surface);
}

static void set_info(struct pdf *p, const struct pdf_info *info)
{
    const char *day =
        str_z(p->arena, str_fmt(p->arena, "%.*sT00:00:00+08:00", STR_ARG(info->date)));

    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE,
                                   str_z(p->arena, info->title));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR,
                                   str_z(p->arena, info->author));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_SUBJECT,
                                   str_z(p->arena, info->subject));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Huhang");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, day);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, day);
}

static PangoContext *new_context(cairo_t *cr)
{
    PangoContext *context = pango_cairo_create_context(cr);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

struct err *pdf_new(struct arena *a, const struct pdf_info *info, struct pdf **ret)
{
    struct pdf *p = ARENA_NEW(a, struct pdf);
    struct pdf_style style = {.size = 10};
    struct pdf_par *probe;

    p->arena = a;
    buf_init(&p->out, a, (size_t)256 << 10);
    p->surface = cairo_pdf_surface_create_for_stream(write_bytes, p, PDF_WIDTH, PDF_HEIGHT);
    cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_5);
    p->cr = cairo_create(p->surface);
    p->context = new_context(p->cr);
    arena_defer(a, pdf_free, p);
    set_info(p, info);
    probe = pdf_par(p, S("许可通知书"), &style, 0);
    if (pango_layout_get_unknown_glyphs_count(probe->layout) > 0) {
        return err_hint(ERROR(a, ERR_INTERNAL, "没有中文字体，无法生成公文。",
                              "There is no Chinese font, so letters cannot be drawn."),
                        "请安装软件包 fonts-noto-cjk。", "Install the package fonts-noto-cjk.");
    }
    *ret = p;
    return NULL;
}

/* Pango's lines with where they begin. */
static void measure(struct arena *a, struct pdf_par *par)
{
    PangoLayoutIter *i = pango_layout_get_iter(par->layout);
    size_t n = 0;

    par->n = (size_t)pango_layout_get_line_count(par->layout);
    par->x = ARENA_ARRAY(a, double, par->n);
    do {
        PangoRectangle box;

        pango_layout_iter_get_line_extents(i, NULL, &box);
        CHECK(n < par->n);
        par->x[n++] = pango_units_to_double(box.x);
        if (pango_units_to_double(box.width) > par->width) {
            par->width = pango_units_to_double(box.width);
        }
    } while (pango_layout_iter_next_line(i));
    pango_layout_iter_free(i);
}

struct pdf_par *pdf_par(struct pdf *p, struct str text, const struct pdf_style *style, double width)
{
    struct pdf_par *par = ARENA_NEW(p->arena, struct pdf_par);
    PangoFontDescription *font = pango_font_description_new();
    PangoLayout *l = pango_layout_new(p->context);

    pango_font_description_set_family_static(font, FONT);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(l, FALSE);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(l, width > 0 ? pango_units_from_double(width) : -1);
    pango_layout_set_indent(l, pango_units_from_double(style->indent));
    pango_layout_set_alignment(l, style->centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_layout_set_justify(l, style->justified);
    pango_layout_set_text(l, text.p, (int)text.n);
    par->layout = l;
    par->ink = style->ink;
    par->next = p->pars;
    p->pars = par;
    measure(p->arena, par);
    return par;
}

size_t pdf_par_lines(const struct pdf_par *par)
{
    return par->n;
}

double pdf_par_width(const struct pdf_par *par)
{
    return par->width;
}

static void use_ink(struct pdf *p, enum pdf_ink ink)
{
    static const double COLOURS[][3] = {
        [INK_BLACK] = {0, 0, 0},         [INK_RED] = {0.80, 0.05, 0.05},
        [INK_GREY] = {0.35, 0.35, 0.35}, [INK_PALE] = {0.92, 0.92, 0.92},
        [INK_GOLD] = {0.62, 0.45, 0.10},
    };

    cairo_set_source_rgb(p->cr, COLOURS[ink][0], COLOURS[ink][1], COLOURS[ink][2]);
}

void pdf_par_line(struct pdf *p, const struct pdf_par *par, size_t line, double x, double y)
{
    CHECK(line < par->n);
    use_ink(p, par->ink);
    cairo_move_to(p->cr, x + par->x[line], y);
    pango_cairo_show_layout_line(p->cr, pango_layout_get_line_readonly(par->layout, (int)line));
}

void pdf_rule(struct pdf *p, const double from_to[4], double thick, enum pdf_ink ink)
{
    use_ink(p, ink);
    cairo_set_line_width(p->cr, thick);
    cairo_move_to(p->cr, from_to[0], from_to[1]);
    cairo_line_to(p->cr, from_to[2], from_to[3]);
    cairo_stroke(p->cr);
}

void pdf_frame(struct pdf *p, const double box[4], double thick, enum pdf_ink ink)
{
    use_ink(p, ink);
    cairo_set_line_width(p->cr, thick);
    cairo_rectangle(p->cr, box[0], box[1], box[2], box[3]);
    cairo_stroke(p->cr);
}

void pdf_dotted_circle(struct pdf *p, double x, double y, double radius, enum pdf_ink ink)
{
    static const double DOTS[] = {1.5, 3.0};

    cairo_save(p->cr);
    use_ink(p, ink);
    cairo_set_line_width(p->cr, 0.8);
    cairo_set_dash(p->cr, DOTS, (int)COUNT_OF(DOTS), 0);
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, x, y, radius, 0, 2 * G_PI);
    cairo_stroke(p->cr);
    cairo_restore(p->cr);
}

/* Runs of dark modules as rectangles; one path, so that no hairlines show between them. */
void pdf_qr(struct pdf *p, const struct qr *q, double x, double y, double side)
{
    double step = side / q->width;

    use_ink(p, INK_BLACK);
    for (int row = 0; row < q->width; row++) {
        for (int col = 0, run; col < q->width; col += run + 1) {
            for (run = 0; col + run < q->width && q->modules[row * q->width + col + run] != 0;
                 run++) {
            }
            if (run > 0) {
                cairo_rectangle(p->cr, x + col * step, y + row * step, run * step, step);
            }
        }
    }
    cairo_fill(p->cr);
}

void pdf_across(struct pdf *p, struct str text)
{
    struct pdf_style style = {.size = 84, .bold = true};
    struct pdf_par *par = pdf_par(p, text, &style, 0);

    cairo_save(p->cr);
    cairo_translate(p->cr, PDF_WIDTH / 2, PDF_HEIGHT / 2);
    cairo_rotate(p->cr, -G_PI / 4);
    use_ink(p, INK_PALE);
    cairo_move_to(p->cr, -par->width / 2, style.size / 3);
    pango_cairo_layout_line_path(p->cr, pango_layout_get_line_readonly(par->layout, 0));
    cairo_fill(p->cr);
    cairo_restore(p->cr);
}

void pdf_next_page(struct pdf *p)
{
    cairo_show_page(p->cr);
}

struct err *pdf_end(struct pdf *p, struct bytes *ret)
{
    cairo_status_t status;

    cairo_show_page(p->cr);
    cairo_surface_finish(p->surface);
    status = cairo_status(p->cr);
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_status(p->surface);
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        return err_cause(ERROR(p->arena, ERR_INTERNAL, "公文未能画成 PDF。",
                               "The letter could not be drawn as a PDF."),
                         "cairo: %s", cairo_status_to_string(status));
    }
    *ret = buf_bytes(&p->out);
    return NULL;
}
