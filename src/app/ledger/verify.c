/* The order of the check (ledger.h): what everything rests on first (definitions, calendars, the
 * logs with their signed roots), then matter by matter in the order of their ids, then what spans
 * matters (numbers), then the files. The first finding ends it. */
#include "app/ledger/verify.h"

#include "run/ledger_head.h"
#include "sys/file.h"

#include <string.h>

#define MATTER_ARENA_BYTES ((size_t)512 << 20)
#define STEPS_TOLD         64
#define NOTE_MAX           65536

struct page_in {
    int64_t office_id, after;
};

struct count_row {
    int64_t acts, matters, files, leaves;
};

/* clang-format off */
static const struct field PAGE_IN[] = {
    F_ID(struct page_in, office_id, 0, NULL, NULL),
    F_ID(struct page_in, after, 0, NULL, NULL),
    FIELD_END,
};
static const struct field COUNT_ROW[] = {
    F_INT(struct count_row, acts, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct count_row, matters, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct count_row, files, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct count_row, leaves, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(COUNTS,
     "verify.counts",
     PAGE_IN,
     COUNT_ROW,
     struct count_row,
     "SELECT (SELECT count(*) FROM act WHERE office_id = :office_id) AS acts,"
     " (SELECT count(*) FROM matter WHERE office_id = :office_id) AS matters,"
     " (SELECT count(*) FROM blob) AS files,"
     " (SELECT count(*) FROM ledger_leaf WHERE office_id = :office_id) AS leaves");
STMT(NEXT_MATTERS,
     "verify.matters",
     PAGE_IN,
     ID_ROW,
     struct id_row,
     "SELECT id FROM matter WHERE office_id = :office_id AND id > :after ORDER BY id LIMIT 500");

/* ---- findings ---- */

struct str id_text(struct arena *a, int64_t id)
{
    return str_fmt(a, "%lld", (long long)id);
}

static struct str shown(struct arena *a, struct str s)
{
    return s.p == NULL ? S("NULL") : str_fmt(a, "“%.*s”", STR_ARG(str_sub(s, 0, 200)));
}

struct err *altered(struct verify *v, const struct finding *f)
{
    struct verify_report *r = v->r;
    struct arena *a = v->keep;
    r->table = str_of(f->table);
    r->id = str_dup(a, f->id);
    r->field = str_of(f->field);
    r->matter = v->number.p == NULL ? STR_NONE : str_dup(a, v->number);
    r->expected = f->expected.p == NULL ? STR_NONE : str_dup(a, f->expected);
    r->found = f->found.p == NULL ? STR_NONE : str_dup(a, f->found);
    struct str of = r->matter.p == NULL ? S("") : str_fmt(a, "%.*s: ", STR_ARG(r->matter));
    struct str at =
        str_fmt(a, "%.*s %.*s %.*s", STR_ARG(r->table), STR_ARG(r->id), STR_ARG(r->field));
    r->zh = str_fmt(a, "%.*s记录被改动：%.*s，应为%.*s，现为%.*s", STR_ARG(of), STR_ARG(at),
                    STR_ARG(shown(a, r->expected)), STR_ARG(shown(a, r->found)));
    r->en = str_fmt(a, "%.*saltered record: %.*s, expected %.*s, found %.*s", STR_ARG(of),
                    STR_ARG(at), STR_ARG(shown(a, r->expected)), STR_ARG(shown(a, r->found)));
    return ERROR_TEXT(a, ERR_LEDGER, r->zh, r->en);
}

static struct str number_text(struct arena *a, int64_t n)
{
    return n == FIELD_NO_INT ? STR_NONE : id_text(a, n);
}

struct err *same_int(struct verify *v,
                     const char *table,
                     int64_t id,
                     const char *field,
                     int64_t expected,
                     int64_t found)
{
    struct arena *a = v->c->arena;
    if (expected == found) {
        return NULL;
    }
    return altered(v, &(struct finding){table, id_text(a, id), field, number_text(a, expected),
                                        number_text(a, found)});
}

struct err *same_text(struct verify *v,
                      const char *table,
                      struct str id,
                      const char *field,
                      struct str expected,
                      struct str found)
{
    return str_eq(expected, found)
               ? NULL
               : altered(v, &(struct finding){table, id, field, expected, found});
}

struct err *same_bytes(struct verify *v,
                       const char *table,
                       int64_t id,
                       const char *field,
                       struct bytes expected,
                       struct bytes found)
{
    struct arena *a = v->c->arena;
    if (expected.n == found.n && (expected.n == 0 || memcmp(expected.p, found.p, found.n) == 0)) {
        return NULL;
    }
    return altered(v, &(struct finding){table, id_text(a, id), field,
                                        expected.p == NULL ? STR_NONE : str_hex(a, expected),
                                        found.p == NULL ? STR_NONE : str_hex(a, found)});
}

struct err *missing(struct verify *v, const char *table, struct str id)
{
    return altered(v, &(struct finding){table, id, "(row)", S("present"), S("absent")});
}

void verify_step(struct verify *v)
{
    if (v->r->progress != NULL && (v->done % STEPS_TOLD == 0 || v->done == v->total)) {
        v->r->progress(v->r->user, v->done, v->total);
    }
    v->done++;
}

/* ---- the walk ---- */

static struct err *all_matters(struct verify *v)
{
    struct page_in in = {v->c->office_id, 0};
    struct list rows = {0};
    do {
        TRY(db_all(v->c->db, v->base, &NEXT_MATTERS, &in, &rows));
        const struct id_row *r = rows.p;
        for (size_t i = 0; i < rows.n; i++) {
            TRY(verify_matter(v, r[i].id));
            arena_reset(v->c->arena);
            v->number = STR_NONE;
            in.after = r[i].id;
        }
    } while (rows.n > 0);
    return NULL;
}

static struct err *all(struct verify *v)
{
    struct page_in in = {v->c->office_id, 0};
    struct count_row n = {0};
    bool found = false;
    TRY(db_one(v->c->db, v->base, &COUNTS, &in, &n, &found));
    v->r->acts = n.acts;
    v->r->matters = n.matters;
    v->r->files = n.files;
    v->total = n.leaves + n.acts + n.files;
    TRY(verify_base(v));
    TRY(verify_logs(v));
    TRY(verify_whole(v));
    TRY(all_matters(v));
    TRY(verify_numbers(v));
    return verify_files(v);
}

static void free_arena(void *a)
{
    arena_free(a);
}

static void free_logs(struct verify *v)
{
    for (size_t i = 0; i < v->n_logs; i++) {
        mem_free(v->logs[i].hashes);
    }
}

bool ledger_content(const struct verify_report *r)
{
    return r->table.p == NULL;
}

/* Before the transaction: a server that goes on signing may be ahead of what it sees, never behind.
 */
static struct err *read_file_note(struct verify *v)
{
    struct str path = ledger_file(v->base, &v->c->app->conf);
    struct bytes note = {NULL, 0};
    if (path.p != NULL && file_exists(str_z(v->base, path))) {
        TRY(file_read(v->base, str_z(v->base, path), NOTE_MAX, &note));
    }
    v->file_note = bytes_str(note);
    return NULL;
}

struct err *ledger_verify(struct call *c, struct verify_report *ret)
{
    struct arena *page = arena_new(MATTER_ARENA_BYTES);
    struct arena *base = arena_new(MATTER_ARENA_BYTES);
    struct call own = *c;
    struct verify v = {.c = &own, .keep = c->arena, .base = base, .r = ret};
    /* Errors point into both: they last as long as the caller's arena. */
    arena_defer(c->arena, free_arena, page);
    arena_defer(c->arena, free_arena, base);
    own.arena = page;
    v.definitions = map_new(base);
    v.numbers = map_new(base);
    TRY(read_file_note(&v));
    TRY(db_read_begin(c->db, c->arena));
    struct err *e = all(&v);
    db_read_end(c->db);
    free_logs(&v);
    return ledger_content(ret) ? e : NULL;
}
