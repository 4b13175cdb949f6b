/* Letters: official notices as PDF, from templates letters/<name>.yaml and the data frozen with the
 * act (design.md 5; layout as GB/T 9704 gives it). Pure but for fonts: template and data in, bytes
 * out; the same input gives the same bytes. Rendering happens in a process of its own
 * (print/drawer.h), since fonts make it large. */
#ifndef HUHANG_PRINT_LETTER_H
#define HUHANG_PRINT_LETTER_H

#include "base/err.h"
#include "wire/jval.h"

struct letter_set;

/* Names of the embedded templates, for the check P023 of definitions. */
void letter_names(struct arena *a, const struct str **ret, size_t *ret_n);
/* Reads the embedded templates; all faults at once. */
struct err *letter_set_load(struct arena *a, struct letter_set **ret) MUST_CHECK;
size_t letter_count(const struct letter_set *s);
struct str letter_name(const struct letter_set *s, size_t i);
/* False: no such letter. Titles 受理通知书, Notice of acceptance. */
bool letter_titles(const struct letter_set *s,
                   struct str name,
                   struct str *ret_zh,
                   struct str *ret_en);
/* SHA-256 of the template's text followed by that of _common.yaml: stored beside the frozen data.
 */
bool letter_template_sha256(const struct letter_set *s, struct str name, unsigned char ret[32]);

/* How it is laid out: a notice with red head, a plain receipt, a form of ruled rows, a certificate.
 */
enum letter_layout { LETTER_NOTICE, LETTER_RECEIPT, LETTER_RECORD, LETTER_LICENCE };

struct letter_row {
    struct str label, value;
};

/* What the letter will say, worked out from template and data (also the preview on the page). */
struct letter_text {
    enum letter_layout layout;
    struct str organ; /* red head: name of the organ */
    struct str title;
    struct str number;      /* 高新审受〔2026〕第0012号 */
    struct str addressee;   /* none in records and licences */
    const struct str *body; /* paragraphs; a leading "1. " etc. is kept */
    size_t n_body;
    const struct letter_row *rows; /* records and licences; after the body */
    size_t n_rows;
    struct str sign, date;   /* organ again and 2026年10月9日 */
    const struct str *notes; /* remedies, contact: small print */
    size_t n_notes;
};
/* ERR_NOT_FOUND: no such letter. What the data lacks is printed as ——. */
struct err *letter_compose(struct arena *a,
                           const struct letter_set *s,
                           struct str name,
                           const struct jval *data,
                           struct letter_text *ret) MUST_CHECK;
/* The PDF. qr: text of the QR code (address of the matter), none: no code. sample: prints 演示·样例
 * across (demo folders). */
struct err *letter_pdf(struct arena *a,
                       const struct letter_text *t,
                       struct str qr,
                       bool sample,
                       struct bytes *ret) MUST_CHECK;

#endif
