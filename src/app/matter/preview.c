/* What a letter will say, before the act: the same data and template as the letter itself, with
 * number 0. Nothing is recorded. */
#include "app/matter/ops.h"

#include "app/letter/letter.h"
#include "procedure/act.h"

static void write_lines(struct jw *w, const char *key, const struct str *lines, size_t n)
{
    jw_key(w, str_of(key));
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        jw_str(w, lines[i]);
    }
    jw_end_list(w);
}

struct err *letter_preview(struct call *c, const void *in, void *out)
{
    const struct preview_in *q = in;
    struct matter *m = NULL;
    struct jval data;
    struct letter_text text;
    struct buf b;
    struct jw w;
    (void)out;
    TRY(matter_readable(c, q->matter, &m));
    uint32_t act = definition_act(m->d, q->act);
    if (act == NO_INDEX || m->d->acts[act].letter.p == NULL) {
        return ERROR(c->arena, ERR_NOT_FOUND, "这一步没有文书。", "This act has no letter.");
    }
    struct act_run *r = ARENA_NEW(c->arena, struct act_run);
    r->c = c;
    struct act_todo t = {.m = m,
                         .act = act,
                         .actor = c->actor,
                         .form = q->form.type == J_OBJ ? &q->form : NULL,
                         .occurred_ms = c->now_ms,
                         .expired = NO_INDEX};
    TRY(letter_data(r, &t, str_fmt(c->arena, "〔%d〕0000", civil_ymd(civil_day_of(c->now_ms)).year),
                    &data));
    TRY(letter_compose(c->arena, letter_templates(c->app), m->d->acts[act].letter, &data, &text));
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_kstr(&w, "organ", text.organ);
    jw_kstr(&w, "title", text.title);
    jw_kstr(&w, "number", text.number);
    jw_kstr(&w, "addressee", text.addressee);
    write_lines(&w, "body", text.body, text.n_body);
    write_lines(&w, "notes", text.notes, text.n_notes);
    jw_kstr(&w, "sign", text.sign);
    jw_kstr(&w, "date", text.date);
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}
