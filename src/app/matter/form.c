/* The form of an act: GET /forms/{kind}/{version}/{act}. */
#include "app/matter/ops.h"

struct err *form_get(struct call *c, const void *in, void *out)
{
    const struct form_in *q = in;
    const struct definition *d =
        definition_find_version(procedure_set(c->app), q->kind, q->version);
    uint32_t act = d == NULL ? NO_INDEX : definition_act(d, q->act);
    struct mitem *item = NULL;
    struct buf b;
    struct jw w;
    (void)out;
    if (act == NO_INDEX) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个表单。", "There is no such form.");
    }
    if (q->matter != FIELD_NO_INT) {
        struct matter *m = NULL;
        TRY(matter_readable(c, q->matter, &m));
        item = m->item;
    } else if (q->item.p != NULL) {
        TRY(matter_find_item(c, q->item, &item));
    }
    reply_begin(c, &b, &w);
    view_form(c, d, act, item, &w);
    reply_end(c, &b);
    return NULL;
}
