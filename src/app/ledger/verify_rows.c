/* What is derived from a matter for lists and rules: worklist rows and indexed facts. The matter
 * was checked before, so they are made again from it and compared. */
#include "app/ledger/verify.h"

#include "procedure/act_save.h"

#define WORK_MAX 16

STMT(WORK,
     "verify.work",
     ID_ROW,
     WORK_ROW,
     struct work_row,
     "SELECT matter_id, slot, office_id, unit_id, role, person_id, kind, state, item_id, number, "
     "title, priority, since, yellow_at, red_at, due_on, paused FROM work WHERE matter_id = :id"
     " ORDER BY slot");
STMT(FACTS,
     "verify.facts",
     ID_ROW,
     FACT_ROW,
     struct fact_row,
     "SELECT matter_id, name, kind, num, txt FROM fact WHERE matter_id = :id ORDER BY name");

/* Columns of a row as texts, so that two rows can be compared column by column. */
struct column {
    const char *field;
    struct str expected, found;
};

static struct str number(struct arena *a, int64_t n)
{
    return n == FIELD_NO_INT ? STR_NONE : id_text(a, n);
}

static struct err *
same_columns(struct verify *v, const char *table, struct str id, const struct column *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        TRY(same_text(v, table, id, c[i].field, c[i].expected, c[i].found));
    }
    return NULL;
}

static struct err *
same_work(struct verify *v, struct str id, const struct work_row *w, const struct work_row *r)
{
    struct arena *a = v->c->arena;
    const struct column columns[] = {
        {"office_id", number(a, w->office_id), number(a, r->office_id)},
        {"unit_id", number(a, w->unit_id), number(a, r->unit_id)},
        {"role", w->role, r->role},
        {"person_id", number(a, w->person_id), number(a, r->person_id)},
        {"kind", w->kind, r->kind},
        {"state", w->state, r->state},
        {"item_id", number(a, w->item_id), number(a, r->item_id)},
        {"number", w->number, r->number},
        {"title", w->title, r->title},
        {"priority", number(a, w->priority), number(a, r->priority)},
        {"since", number(a, w->since), number(a, r->since)},
        {"yellow_at", number(a, w->yellow_at), number(a, r->yellow_at)},
        {"red_at", number(a, w->red_at), number(a, r->red_at)},
        {"due_on", w->due_on, r->due_on},
        {"paused", number(a, w->paused), number(a, r->paused)},
    };
    return same_columns(v, "work", id, columns, sizeof columns / sizeof columns[0]);
}

struct err *verify_work(struct verify *v, struct vmatter *w)
{
    struct call *c = v->c;
    struct id_row in = {w->row->id};
    struct work_row want[WORK_MAX];
    struct list rows = {0};
    size_t n = work_rows(c, w->m, want, WORK_MAX);
    TRY(db_all(c->db, c->arena, &WORK, &in, &rows));
    const struct work_row *r = rows.p;
    for (size_t i = 0; i < n; i++) {
        struct str id =
            str_fmt(c->arena, "%lld/%.*s", (long long)w->row->id, STR_ARG(want[i].slot));
        const struct work_row *same = NULL;
        for (size_t k = 0; k < rows.n; k++) {
            same = str_eq(r[k].slot, want[i].slot) ? &r[k] : same;
        }
        TRY(same == NULL ? missing(v, "work", id) : same_work(v, id, &want[i], same));
    }
    for (size_t k = 0; k < rows.n; k++) {
        bool wanted = false;
        for (size_t i = 0; i < n; i++) {
            wanted = wanted || str_eq(r[k].slot, want[i].slot);
        }
        if (!wanted) {
            struct str id =
                str_fmt(c->arena, "%lld/%.*s", (long long)w->row->id, STR_ARG(r[k].slot));
            return altered(v, &(struct finding){"work", id, "(row)", S("absent"), S("present")});
        }
    }
    return NULL;
}

/* ---- facts ---- */

/* As save_parts.c writes it. */
static void fact_of(struct arena *a, struct value x, struct fact_row *ret)
{
    ret->num = FIELD_NO_INT;
    switch (x.type) {
    case V_BOOL:
        ret->num = x.u.b;
        break;
    case V_INT:
    case V_INSTANT:
        ret->num = x.u.i;
        break;
    case V_TEXT:
        ret->txt = x.u.s;
        break;
    case V_DATE:
        ret->txt = civil_text(a, x.u.day);
        break;
    case V_NONE:
    case V_DURATION:
    case V_LIST:
    case V_JSON:
        ret->txt = value_show(a, x);
        break;
    }
}

struct err *verify_facts(struct verify *v, struct vmatter *w)
{
    struct call *c = v->c;
    struct arena *a = c->arena;
    struct id_row in = {w->row->id};
    struct list rows = {0};
    size_t wanted = 0;
    TRY(db_all(c->db, a, &FACTS, &in, &rows));
    const struct fact_row *r = rows.p;
    for (uint32_t i = 0; i < w->m->d->n_facts; i++) {
        const struct fact_def *d = &w->m->d->facts[i];
        struct fact_row want = {0};
        const struct fact_row *same = NULL;
        struct str id = str_fmt(a, "%lld/%.*s", (long long)w->row->id, STR_ARG(d->name));
        for (size_t k = 0; k < rows.n; k++) {
            same = str_eq(r[k].name, d->name) ? &r[k] : same;
        }
        if (!d->type.indexed || w->m->facts[i].type == V_NONE) {
            if (same != NULL && w->foldable) {
                return altered(v,
                               &(struct finding){"fact", id, "(row)", S("absent"), S("present")});
            }
            continue;
        }
        fact_of(a, w->m->facts[i], &want);
        if (same == NULL) {
            return missing(v, "fact", id);
        }
        wanted++;
        const struct column columns[] = {
            {"kind", w->m->d->kind, same->kind},
            {"num", number(a, want.num), number(a, same->num)},
            {"txt", want.txt, same->txt},
        };
        TRY(same_columns(v, "fact", id, columns, sizeof columns / sizeof columns[0]));
    }
    return wanted == rows.n || !w->foldable
               ? NULL
               : altered(v, &(struct finding){"fact", id_text(a, w->row->id), "name",
                                              S("facts of its definition"), r[0].name});
}
