/* Step 10 of an act: the letter. Its number is reserved and everything it will say is frozen now,
 * from the act; the PDF is drawn once, after the commit, by the SLOW lane from this frozen data, so
 * a reprint is byte-identical and a later change of names alters nothing (design.md 5). */
#include "procedure/act.h"

#include "base/check.h"

struct series_row {
    int64_t office_id, next;
    struct str key;
};

/* clang-format off */
static const struct field SERIES[] = {
    F_ID(struct series_row, office_id, 0, NULL, NULL),
    F_INT(struct series_row, next, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct series_row, key, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(NEXT_IN_SERIES,
     "series.next",
     SERIES,
     SERIES,
     struct series_row,
     "INSERT INTO series (office_id, key, next) VALUES (:office_id, :key, 1)"
     " ON CONFLICT (office_id, key) DO UPDATE SET next = series.next + 1 RETURNING office_id, key, "
     "next");

struct err *series_next(struct call *c, struct str key, int64_t *ret)
{
    struct series_row in = {c->office_id, 0, key}, row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &NEXT_IN_SERIES, &in, &row, &found));
    CHECK(found);
    *ret = row.next;
    return NULL;
}

struct err *act_letter(struct act_run *r, struct act_todo *t, struct act_done *d)
{
    const struct act_def *a = &t->m->d->acts[t->act];
    struct call *c = r->c;
    int64_t n = 0;
    struct jval data;
    if (a->letter.p == NULL) {
        return NULL;
    }
    int year = civil_ymd(civil_day_of(c->now_ms)).year;
    TRY(series_next(c, str_fmt(c->arena, "letter/%.*s/%d", STR_ARG(a->letter), year), &n));
    d->letter = a->letter;
    d->letter_id = unit_id(c, "document");
    d->letter_number = str_fmt(c->arena, "〔%d〕%lld", year, (long long)n);
    TRY(letter_data(r, t, d->letter_number, &data));
    d->letter_data = jval_text(c->arena, &data);
    return NULL;
}
