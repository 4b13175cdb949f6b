/* Loading definitions at start (procedure.h). Every definition ever used stays in table
 * `definition` with its text and hash, so old acts stay explainable. The program's own are loaded
 * first, then those versions. A file changed without a new version number is refused. */
#include "procedure/procedure.h"

#include "base/check.h"
#include "base/map.h"
#include "print/letter.h"
#include "procedure/effect.h"

struct procedure {
    struct arena *arena; /* the app's */
    struct definition_set *set;
    struct map *ids; /* "kind/version" → pointer to int64_t */
};

struct definition_row {
    int64_t id, version, status, loaded_at;
    struct str kind, zone, body;
    struct bytes sha256;
};

/* clang-format off */
static const struct field DEFINITION[] = {
    F_ID(struct definition_row, id, 0, NULL, NULL),
    F_INT(struct definition_row, version, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct definition_row, status, 0, 0, 9, NULL, NULL),
    F_INT(struct definition_row, loaded_at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct definition_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct definition_row, zone, 0, 0, 0, NULL, NULL),
    F_TEXT(struct definition_row, body, 0, 0, 0, NULL, NULL),
    F_BYTES(struct definition_row, sha256, 0),
    FIELD_END,
};
/* clang-format on */

STMT(LIST_DEFINITIONS,
     "definition.list",
     NULL,
     DEFINITION,
     struct definition_row,
     "SELECT id, kind, version, zone, sha256, body, status, loaded_at FROM definition ORDER BY id");
STMT_RUN(INSERT_DEFINITION,
         "definition.insert",
         DEFINITION,
         "INSERT INTO definition (id, kind, version, zone, sha256, body, status, loaded_at)"
         " VALUES (:id, :kind, :version, :zone, :sha256, :body, :status, :loaded_at)");

static const char *const ZONES[] = {"service", "supervision", "sealed"};

static struct procedure *slot_of(const struct app *app)
{
    struct procedure *p = app->slot[SLOT_PROCEDURE];
    CHECK(p != NULL);
    return p;
}

const struct definition_set *procedure_set(const struct app *app)
{
    return slot_of(app)->set;
}

static struct str id_key(struct arena *a, struct str kind, int64_t version)
{
    return str_fmt(a, "%.*s/%lld", STR_ARG(kind), (long long)version);
}

int64_t procedure_definition_id(const struct app *app, const struct definition *d)
{
    struct arena *a = arena_new(0);
    const int64_t *id = map_get(slot_of(app)->ids, id_key(a, d->kind, d->version));
    arena_free(a);
    CHECK(id != NULL);
    return *id;
}

static void
remember(struct app *app, struct procedure *p, struct str kind, int64_t version, int64_t id)
{
    int64_t *kept = ARENA_NEW(app->arena, int64_t);
    *kept = id;
    (void)map_put(p->ids, id_key(app->arena, kind, version), kept);
}

static struct err *
same_text(struct call *c, const struct definition *d, const struct definition_row *row)
{
    if (row->sha256.n == 32 && crypt_equal(row->sha256.p, d->sha256, 32)) {
        return NULL;
    }
    return err_hint(ERROR(c->arena, ERR_DEFINITION, "程序“%.*s”第%lld版的文本与已使用的不同。",
                          "Kind “%.*s” version %lld differs from the text in use.",
                          STR_ARG(d->kind), (long long)d->version),
                    "修改程序文件时请同时提高 version。",
                    "Raise `version` when you change a procedure file.");
}

static struct err *
store_new(struct call *c, struct procedure *p, const struct definition_row *rows, size_t n)
{
    for (size_t i = 0; i < definition_count(p->set); i++) {
        const struct definition *d = definition_at(p->set, i);
        const struct definition_row *known = NULL;
        for (size_t k = 0; k < n; k++) {
            if (str_eq(rows[k].kind, d->kind) && rows[k].version == d->version) {
                known = &rows[k];
            }
        }
        if (known != NULL) {
            TRY(same_text(c, d, known));
            remember(c->app, p, d->kind, d->version, known->id);
            continue;
        }
        struct definition_row row = {
            .id = unit_id(c, "definition"),
            .version = d->version,
            .status = d->in_service,
            .loaded_at = c->now_ms,
            .kind = d->kind,
            .zone = str_of(ZONES[d->zone]),
            .body = d->text,
            .sha256 = {d->sha256, 32},
        };
        TRY(db_run(c->db, c->arena, &INSERT_DEFINITION, &row, NULL));
        remember(c->app, p, d->kind, d->version, row.id);
    }
    return NULL;
}

/* Versions that were used once and that the program no longer carries: all at once, after the
 * program's own, so that none stands in for a file or waits for a kind that comes later. */
static struct err *
add_stored(struct call *c, struct procedure *p, const struct definition_row *rows, size_t n)
{
    struct definition_options options = {.kept = true};
    struct definition_source *files = ARENA_ARRAY(c->arena, struct definition_source, n + 1);
    struct definition_fault *faults = NULL;
    size_t n_files = 0, n_faults = 0;
    for (size_t i = 0; i < n; i++) {
        if (definition_find_version(p->set, rows[i].kind, rows[i].version) == NULL) {
            files[n_files++] = (struct definition_source){str_fmt(p->arena, "%.*s@%lld.yaml",
                                                                  STR_ARG(rows[i].kind),
                                                                  (long long)rows[i].version),
                                                          rows[i].body};
        }
    }
    if (definition_set_add(p->set, files, n_files, &options, &faults, &n_faults)) {
        return NULL;
    }
    struct str first = definition_fault_text(c->arena, &faults[0]);
    return err_cause(ERROR(c->arena, ERR_DEFINITION, "库中保存的程序“%.*s”已不能读取。",
                           "The stored procedure “%.*s” can no longer be read.",
                           STR_ARG(faults[0].file)),
                     "%.*s", STR_ARG(first));
}

static struct err *load(struct call *c, struct procedure **ret, struct list *ret_rows)
{
    struct app *app = c->app;
    struct procedure *p = ARENA_NEW(app->arena, struct procedure);
    CHECK(effects_complete());
    p->arena = app->arena;
    p->set = definition_set_new(app->arena);
    p->ids = map_new(app->arena);
    app->slot[SLOT_PROCEDURE] = p;
    TRY(db_all(c->db, c->arena, &LIST_DEFINITIONS, NULL, ret_rows));
    struct definition_options options = {0};
    letter_names(c->arena, &options.letters, &options.n_letters);
    struct str folder = app->conf.procedures.n > 0 ? app->conf.procedures : STR_NONE;
    TRY(definition_set_builtin(p->set, folder, &options));
    *ret = p;
    return add_stored(c, p, ret_rows->p, ret_rows->n);
}

struct err *procedure_start(struct call *c)
{
    struct procedure *p = NULL;
    struct list rows = {0};
    TRY(load(c, &p, &rows));
    return store_new(c, p, rows.p, rows.n);
}

struct err *procedure_read(struct call *c)
{
    struct procedure *p = NULL;
    struct list rows = {0};
    TRY(load(c, &p, &rows));
    const struct definition_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        remember(c->app, p, r[i].kind, r[i].version, r[i].id);
    }
    return NULL;
}
