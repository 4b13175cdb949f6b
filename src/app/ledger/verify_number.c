/* Numbers without gaps. They are drawn inside the command that uses them, one command at a time, so
 * in the order of ids each series must count 1, 2, 3 …, and the row of `series` holds the last. */
#include "app/ledger/verify.h"

struct number_in {
    int64_t office_id, after;
};

struct number_row {
    int64_t id, definition_id, occurred_at;
    struct str number, item, letter;
};

struct series_row {
    int64_t next;
    struct str key;
};

/* clang-format off */
static const struct field NUMBER_IN[] = {
    F_ID(struct number_in, office_id, 0, NULL, NULL),
    F_ID(struct number_in, after, 0, NULL, NULL),
    FIELD_END,
};
static const struct field NUMBER_ROW[] = {
    F_ID(struct number_row, id, 0, NULL, NULL),
    F_ID(struct number_row, definition_id, 0, NULL, NULL),
    F_INT(struct number_row, occurred_at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct number_row, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct number_row, item, 0, 0, 0, NULL, NULL),
    F_TEXT(struct number_row, letter, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field SERIES_ROW[] = {
    F_INT(struct series_row, next, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct series_row, key, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(MATTER_NUMBERS,
     "verify.matter_numbers",
     NUMBER_IN,
     NUMBER_ROW,
     struct number_row,
     "SELECT m.id, a.definition_id, a.occurred_at, m.number, i.code AS item FROM matter m"
     " JOIN act a ON a.matter_id = m.id AND a.seq = 1"
     " LEFT JOIN item_version v ON v.id = m.item_version_id LEFT JOIN item i ON i.id = v.item_id"
     " WHERE m.office_id = :office_id AND m.number IS NOT NULL AND m.id > :after"
     " ORDER BY m.id LIMIT 1000");
STMT(LETTER_NUMBERS,
     "verify.letter_numbers",
     NUMBER_IN,
     NUMBER_ROW,
     struct number_row,
     "SELECT d.id, d.number, d.letter FROM document d JOIN matter m ON m.id = d.matter_id"
     " WHERE m.office_id = :office_id AND d.kind = 'letter' AND d.number IS NOT NULL AND d.id > "
     ":after ORDER BY d.id LIMIT 1000");
STMT(LICENCE_NUMBERS,
     "verify.licence_numbers",
     NUMBER_IN,
     NUMBER_ROW,
     struct number_row,
     "SELECT l.id, l.number, i.code AS item FROM licence l LEFT JOIN item i ON i.id = l.item_id"
     " WHERE l.office_id = :office_id AND l.id > :after ORDER BY l.id LIMIT 1000");
STMT(SERIES,
     "verify.series",
     NUMBER_IN,
     SERIES_ROW,
     struct series_row,
     "SELECT key, next FROM series WHERE office_id = :office_id ORDER BY key");

static int64_t next_of(struct verify *v, struct str key)
{
    int64_t *n = map_get(v->numbers, key);
    if (n == NULL) {
        n = ARENA_NEW(v->base, int64_t);
        (void)map_put(v->numbers, key, n);
    }
    return ++*n;
}

static struct err *matter_number(struct verify *v, const struct number_row *r)
{
    struct arena *a = v->c->arena;
    const struct vdefinition *def = map_get_int(v->definitions, r->definition_id);
    const struct number_def *d = &def->d->number;
    int32_t day = civil_day_of(r->occurred_at);
    struct str item = r->item.p == NULL ? S("") : r->item;
    int64_t n = next_of(v, number_series(a, d, def->d->kind, day));
    struct str want = number_print(a, d, org_of(v->c->app)->office_code, item, day, n);
    /* The office may have had another code then; the number itself is committed by the first act.
     */
    struct str tail = number_print(a, d, S(""), item, day, n);
    return str_ends(r->number, tail) && tail.n > 0
               ? NULL
               : same_text(v, "matter", id_text(a, r->id), "number", want, r->number);
}

/* 〔2026〕17 */
static struct err *letter_number(struct verify *v, const struct number_row *r)
{
    struct arena *a = v->c->arena;
    struct str open = S("〔"), close = S("〕");
    struct str year = str_sub(r->number, open.n, open.n + 4);
    struct str key = str_fmt(a, "letter/%.*s/%.*s", STR_ARG(r->letter), STR_ARG(year));
    struct str want = str_fmt(a, "%.*s%.*s%.*s%lld", STR_ARG(open), STR_ARG(year), STR_ARG(close),
                              (long long)next_of(v, key));
    return same_text(v, "document", id_text(a, r->id), "number", want, r->number);
}

/* CODE-2026-00017 */
static struct err *licence_number(struct verify *v, const struct number_row *r)
{
    struct arena *a = v->c->arena;
    struct str item = r->item.p == NULL ? S("") : r->item;
    struct str year = str_sub(r->number, item.n + 1, item.n + 5);
    struct str key = str_fmt(a, "licence/%.*s/%.*s", STR_ARG(item), STR_ARG(year));
    struct str want =
        str_fmt(a, "%.*s-%.*s-%05lld", STR_ARG(item), STR_ARG(year), (long long)next_of(v, key));
    return same_text(v, "licence", id_text(a, r->id), "number", want, r->number);
}

static struct err *walk(struct verify *v,
                        const struct stmt *s,
                        struct err *(*fn)(struct verify *v, const struct number_row *r))
{
    struct call *c = v->c;
    struct number_in in = {c->office_id, 0};
    struct list rows = {0};
    do {
        TRY(db_all(c->db, c->arena, s, &in, &rows));
        const struct number_row *r = rows.p;
        for (size_t i = 0; i < rows.n; i++) {
            TRY(fn(v, &r[i]));
            in.after = r[i].id;
        }
        arena_reset(c->arena);
    } while (rows.n > 0);
    return NULL;
}

/* A series of ours that no row uses any more: its rows are gone. Others may keep series too. */
static bool is_ours(const struct verify *v, struct str key)
{
    struct str rest = key, head = str_split(&rest, '/');
    size_t at = 0;
    void *p = NULL;
    bool kind = str_eqz(head, "letter") || str_eqz(head, "licence");
    while (!kind && map_next(v->definitions, &at, NULL, &p)) {
        kind = str_eq(head, ((const struct vdefinition *)p)->d->kind);
    }
    return kind;
}

struct err *verify_numbers(struct verify *v)
{
    struct call *c = v->c;
    struct number_in in = {c->office_id, 0};
    struct list rows = {0};
    TRY(walk(v, &MATTER_NUMBERS, matter_number));
    TRY(walk(v, &LETTER_NUMBERS, letter_number));
    TRY(walk(v, &LICENCE_NUMBERS, licence_number));
    TRY(db_all(c->db, c->arena, &SERIES, &in, &rows));
    const struct series_row *r = rows.p;
    size_t known = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const int64_t *n = map_get(v->numbers, r[i].key);
        known += n != NULL;
        if (n != NULL || is_ours(v, r[i].key)) {
            TRY(same_text(v, "series", r[i].key, "next", id_text(c->arena, n == NULL ? 0 : *n),
                          id_text(c->arena, r[i].next)));
        }
    }
    struct str key = STR_NONE;
    size_t at = 0;
    void *p = NULL;
    while (known < map_count(v->numbers) && map_next(v->numbers, &at, &key, &p)) {
        bool has = false;
        for (size_t i = 0; i < rows.n; i++) {
            has = has || str_eq(r[i].key, key);
        }
        if (!has) {
            return missing(v, "series", key);
        }
    }
    return NULL;
}
