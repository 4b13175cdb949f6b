/* Forms as the page draws them: the fields of an act, with the item's own form inside, in both
 * languages (frontend.md 7). */
#include "procedure/view.h"

/* Where labels come from: an act's form (section fields, "ACT.FIELD"), or an item's (only Chinese).
 */
struct origin {
    struct call *c;
    const struct definition *d; /* NULL: the form of an item */
    struct str prefix;
    const struct mitem *item;
};

static void
write_title(const struct origin *o, const struct dtype *t, struct str name, struct jw *w)
{
    struct str en = STR_NONE;
    if (o->d != NULL) {
        struct str key = str_fmt(o->c->arena, "%.*s.%.*s", STR_ARG(o->prefix), STR_ARG(name));
        en = definition_label(procedure_set(o->c->app), "en", o->d, "fields", key);
    }
    view_text(w, "title", t->zh.n > 0 ? t->zh : name, en);
}

/* Label of a choice in the definition: `path` is ACT.FIELD; shared lists have names of their own.
 * An inline set has an empty list name. */
static void choice_title(struct call *c,
                         const struct definition *d,
                         struct str path,
                         const struct dtype *t,
                         const struct choice *ch,
                         struct jw *w)
{
    const struct definition_set *set = procedure_set(c->app);
    struct str key = t->choices->list.n > 0
                         ? str_fmt(c->arena, "list.%.*s.%s", STR_ARG(t->choices->list), ch->value)
                         : str_fmt(c->arena, "%.*s.%s", STR_ARG(path), ch->value);
    struct str en = definition_label(set, "en", d, "choices", key);
    view_text(w, "title", str_of(ch->zh[0] != '\0' ? ch->zh : ch->value),
              str_eq(en, key) ? STR_NONE : en);
}

void view_choices(struct call *c,
                  const struct definition *d,
                  struct str path,
                  const struct dtype *t,
                  struct str only,
                  struct jw *w)
{
    jw_key(w, S("choices"));
    jw_list(w);
    for (size_t i = 0; t->choices != NULL && i < t->choices->n; i++) {
        const struct choice *ch = &t->choices->rows[i];
        if (only.p != NULL && !str_eqz(only, ch->value)) {
            continue;
        }
        jw_obj(w);
        jw_kstr(w, "value", str_of(ch->value));
        if (d != NULL) {
            choice_title(c, d, path, t, ch, w);
        } else {
            view_text(w, "title", ch->zh[0] != '\0' ? str_of(ch->zh) : str_of(ch->value),
                      str_of(ch->en));
        }
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void write_form_rows(const struct origin *o, const struct form *f, struct jw *w, int depth);

static void
write_field(const struct origin *o, const struct form *f, size_t i, struct jw *w, int depth)
{
    const struct dtype *t = &f->types[i];
    struct str name = str_of(f->rows[i].name);
    jw_obj(w);
    jw_kstr(w, "name", name);
    jw_kstr(w, "type", str_of(dtype_name(t->kind)));
    write_title(o, t, name, w);
    jw_kbool(w, "required", t->required);
    jw_kbool(w, "multiline",
             (f->rows[i].flags & FIELD_MULTILINE) != 0 || (t->kind == D_TEXT && t->max > 100));
    if (t->min != 0 || t->max != 0) {
        jw_kint(w, "min", t->min);
        jw_kint(w, "max", t->max);
    }
    if (t->kind == D_CHOICE) {
        view_choices(o->c, o->d,
                     str_fmt(o->c->arena, "%.*s.%.*s", STR_ARG(o->prefix), STR_ARG(name)), t,
                     STR_NONE, w);
    }
    if (f->rows[i].unit != NULL) {
        jw_kstr(w, "unit", str_of(f->rows[i].unit));
    }
    if (f->rows[i].hint_zh != NULL) {
        view_text(w, "hint", str_of(f->rows[i].hint_zh), str_of(f->rows[i].hint_en));
    }
    if (t->kind == D_ROWS && depth < 4) {
        struct origin inner = *o;
        inner.prefix = str_fmt(o->c->arena, "%.*s.%.*s", STR_ARG(o->prefix), STR_ARG(name));
        jw_key(w, S("of"));
        write_form_rows(&inner, t->rows, w, depth + 1);
    }
    if (t->kind == D_ITEM_FORM && o->item != NULL && o->item->form != NULL) {
        jw_key(w, S("of"));
        view_item_form(o->c, o->item, w);
    }
    jw_end_obj(w);
}

static void write_form_rows(const struct origin *o, const struct form *f, struct jw *w, int depth)
{
    jw_list(w);
    for (size_t i = 0; i < f->n; i++) {
        write_field(o, f, i, w, depth);
    }
    jw_end_list(w);
}

void view_item_form(struct call *c, const struct mitem *item, struct jw *w)
{
    struct origin o = {.c = c, .prefix = S("")};
    write_form_rows(&o, item->form, w, 0);
}

void view_form(struct call *c,
               const struct definition *d,
               uint32_t act,
               const struct mitem *item,
               struct jw *w)
{
    struct origin o = {.c = c, .d = d, .prefix = d->acts[act].name, .item = item};
    jw_obj(w);
    jw_kstr(w, "act", d->acts[act].name);
    view_label(c, w, "label", d, "acts", d->acts[act].name);
    jw_key(w, S("fields"));
    write_form_rows(&o, d->acts[act].form, w, 0);
    jw_kstr(w, "letter", d->acts[act].letter);
    jw_kint(w, "people", d->acts[act].persons > 1 ? (int64_t)d->acts[act].persons : 1);
    jw_end_obj(w);
}
