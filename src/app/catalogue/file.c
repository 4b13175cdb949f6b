/* The catalogue file through the API: what it would do, and doing it. */
#include "app/catalogue/ops.h"

#include "app/catalogue/plan.h"

static struct err *reply_report(struct call *c, const struct catalogue_report *r)
{
    struct answer a;
    struct jw *w = answer_begin(c, &a);
    catalogue_report_write(r, w);
    answer_end(c, &a);
    return NULL;
}

struct err *file_preview(struct call *c, const void *in, void *out)
{
    const struct file_in *q = in;
    struct catalogue_report r;
    (void)out;
    TRY(preview_value(c, &q->catalogue, &r));
    return reply_report(c, &r);
}

struct err *file_import(struct call *c, const void *in, void *out)
{
    const struct file_in *q = in;
    struct catalogue_report r;
    (void)out;
    TRY(import_value(c, &q->catalogue, &r));
    return reply_report(c, &r);
}
