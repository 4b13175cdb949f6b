/* Special procedures of an item, and what of them stops which clock (map.h). */
#include "app/catalogue/map.h"
#include "app/catalogue/words.h"

#define DAYS_MAX 1000

struct kinds {
    struct jarr *all, *law, *guide;
    bool site, inspection;
};

static bool listed(const struct jval *list, struct str kind)
{
    for (size_t i = 0; i < list->n; i++) {
        if (str_eq(list->list[i].s, kind)) {
            return true;
        }
    }
    return false;
}

static void add_once(struct jarr *l, struct str kind)
{
    struct jval v = jarr_val(l);
    if (!listed(&v, kind)) {
        jarr_add(l, jval_of_str(kind));
    }
}

static struct jval map_special(struct mapping *m, struct reader *r, struct kinds *k)
{
    struct jobj *o = jobj_new(m->a);
    struct str kind = reader_word(r, "kind", WORD_SPECIAL, true);
    struct str pauses = reader_word(r, "pauses", WORD_PAUSES, true);
    struct str name = reader_text(r, "name", false);
    int64_t days = reader_int(r, "est_wd", DAYS_MAX, -1);
    put_text(o, "kind", kind);
    put_both(m->a, o, "name", name.p != NULL ? name : word_zh(WORD_SPECIAL, kind),
             name.p != NULL ? STR_NONE : word_en(WORD_SPECIAL, kind));
    if (days >= 0) {
        jobj_put(o, S("days"), jval_of_int(days));
    }
    put_text(o, "pauses", pauses);
    put_bool(o, "counts_in_limit", reader_bool(r, "counts_in_limit", str_eqz(pauses, "none")));
    put_text(o, "basis", reader_text(r, "basis", false));
    reader_rest(r, o);
    if (kind.p != NULL && pauses.p != NULL) {
        bool law = str_eqz(pauses, "legal");
        add_once(k->all, kind);
        if (law) {
            add_once(k->law, kind);
        }
        if (law || str_eqz(pauses, "promised")) {
            add_once(k->guide, kind);
        }
        k->site = k->site || str_eqz(kind, "site");
        k->inspection = k->inspection || str_eqz(kind, "inspection") || str_eqz(kind, "test") ||
                        str_eqz(kind, "quarantine");
    }
    return jobj_val(o);
}

void map_specials(struct mapping *m)
{
    const struct jval *list = reader_list(&m->row, "special_procedures");
    struct jarr *out = jarr_new(m->a);
    struct kinds k = {.all = jarr_new(m->a), .law = jarr_new(m->a), .guide = jarr_new(m->a)};
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct reader r = reader_element(&m->row, "special_procedures", list, i);
        jarr_add(out, map_special(m, &r, &k));
    }
    jobj_put(m->body, S("special"), jarr_val(out));
    jobj_put(m->body, S("special_kinds"), jarr_val(k.all));
    jobj_put(m->body, S("pauses_by_law"), jarr_val(k.law));
    jobj_put(m->body, S("pauses_by_guide"), jarr_val(k.guide));
    put_bool(m->body, "substantive", k.site);
    put_bool(m->body, "inspection", k.inspection);
}
