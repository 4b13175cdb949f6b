/* The report of an import as JSON (catalogue.h). */
#include "app/catalogue/catalogue.h"

#include "procedure/view.h"

static const char *const RESULTS[CATALOGUE_RESULTS] = {"new", "changed", "same", "bad"};

static void write_counts(struct jw *w, const char *key, const int64_t counts[CATALOGUE_RESULTS])
{
    jw_key(w, str_of(key));
    jw_obj(w);
    for (int i = 0; i < CATALOGUE_RESULTS; i++) {
        jw_kint(w, RESULTS[i], counts[i]);
    }
    jw_end_obj(w);
}

static void write_value(struct jw *w, const char *key, const struct jval *v)
{
    jw_key(w, str_of(key));
    if (v == NULL) {
        jw_null(w);
    } else {
        jw_val(w, v);
    }
}

static void write_row(struct jw *w, const struct catalogue_row *r)
{
    jw_obj(w);
    jw_kstr(w, "kind", r->kind);
    jw_kstr(w, "pointer", r->pointer);
    jw_kstr(w, "code", r->code);
    jw_kstr(w, "name", r->name);
    jw_kstr(w, "result", str_of(RESULTS[r->result]));
    jw_kint(w, "version", r->version);
    jw_key(w, S("changes"));
    jw_list(w);
    for (size_t i = 0; i < r->n_changes; i++) {
        jw_obj(w);
        jw_kstr(w, "pointer", r->changes[i].pointer);
        write_value(w, "old", r->changes[i].old);
        write_value(w, "new", r->changes[i].new);
        jw_end_obj(w);
    }
    jw_end_list(w);
    jw_key(w, S("errors"));
    jw_list(w);
    for (const struct err_field *f = r->faults == NULL ? NULL : r->faults->fields; f != NULL;
         f = f->next) {
        jw_obj(w);
        jw_kstr(w, "pointer", f->pointer);
        jw_kstr(w, "code", f->code);
        view_text(w, "text", f->zh, f->en);
        jw_end_obj(w);
    }
    jw_end_list(w);
    jw_end_obj(w);
}

static void write_texts(struct jw *w, const char *key, const struct str *texts, size_t n)
{
    jw_key(w, str_of(key));
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        jw_str(w, texts[i]);
    }
    jw_end_list(w);
}

void catalogue_report_write(const struct catalogue_report *r, struct jw *w)
{
    jw_obj(w);
    jw_kbool(w, "applied", r->applied);
    write_counts(w, "items", r->items);
    write_counts(w, "bundles", r->bundles);
    write_counts(w, "units", r->units);
    jw_key(w, S("rows"));
    jw_list(w);
    for (size_t i = 0; i < r->n; i++) {
        write_row(w, &r->rows[i]);
    }
    jw_end_list(w);
    write_texts(w, "absent", r->absent, r->n_absent);
    write_texts(w, "ignored", r->ignored, r->n_ignored);
    jw_end_obj(w);
}
