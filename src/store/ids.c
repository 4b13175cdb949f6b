/* next < reserved always holds when a group commits: ids_flush moves `reserved` ahead by a block
 * for each name that has run past what is stored. */
#include "store/ids.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/map.h"

#define BLOCK 256

struct run_of_ids {
    int64_t office_id;
    struct str name;
    int64_t next; /* in the table: first number nobody may have used */
    int64_t stored, pushed;
};

struct ids {
    int64_t office;
    struct map *runs; /* name → struct run_of_ids, malloc */
};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct run_of_ids, office_id, 0, "机构", "office"),
    F_TEXT(struct run_of_ids, name, 0, 1, 60, "表", "table"),
    F_INT(struct run_of_ids, next, 0, 1, INT64_C(1) << 40, "下一号", "next"),
    FIELD_END,
};
/* clang-format on */

STMT(all_runs,
     "ids.load",
     rows,
     rows,
     struct run_of_ids,
     "SELECT office_id, name, next FROM id_block WHERE office_id = :office_id ORDER BY name");
STMT_RUN(reserve,
         "ids.reserve",
         rows,
         "INSERT INTO id_block (office_id, name, next) VALUES (:office_id, :name, :next)"
         " ON CONFLICT (office_id, name) DO UPDATE SET next = excluded.next");

static const struct stmt *const stmts[] = {&all_runs, &reserve};
const struct stmt_list ids_stmts = {stmts, COUNT_OF(stmts)};

static struct run_of_ids *add_run(struct ids *s, struct str name, int64_t next)
{
    struct run_of_ids *r = mem_new(1, sizeof *r);
    *r = (struct run_of_ids){.office_id = s->office, .next = next, .stored = next, .pushed = next};
    map_put(s->runs, name, r);
    return r;
}

struct err *ids_load(struct db *d, struct arena *a, int64_t office, struct ids **ret)
{
    CHECK(office >= 0 && office < INT64_C(1) << 13);
    struct list list = {0};
    struct run_of_ids key = {.office_id = office};
    TRY(db_all(d, a, &all_runs, &key, &list));
    struct ids *s = mem_new(1, sizeof *s);
    s->office = office;
    s->runs = map_new(NULL);
    const struct run_of_ids *runs = list.p;
    for (size_t i = 0; i < list.n; i++) {
        add_run(s, runs[i].name, runs[i].next);
    }
    *ret = s;
    return NULL;
}

void ids_free(struct ids *s)
{
    if (s == NULL) {
        return;
    }
    size_t at = 0;
    void *run = NULL;
    while (map_next(s->runs, &at, NULL, &run)) {
        mem_free(run);
    }
    map_free(s->runs);
    mem_free(s);
}

int64_t ids_next(struct ids *s, const char *table)
{
    struct run_of_ids *r = map_get(s->runs, str_of(table));
    if (r == NULL) {
        r = add_run(s, str_of(table), 1);
    }
    CHECK(r->next < INT64_C(1) << 40);
    return (s->office << 40) + r->next++;
}

struct err *ids_flush(struct ids *s, struct db *d, struct arena *a)
{
    size_t at = 0;
    struct str name = STR_NONE;
    void *run = NULL;
    while (map_next(s->runs, &at, &name, &run)) {
        struct run_of_ids *r = run;
        if (r->next > r->stored) {
            r->pushed = r->next + BLOCK;
            struct run_of_ids row = {.office_id = s->office, .name = name, .next = r->pushed};
            TRY(db_push(d, a, &reserve, &row));
        }
    }
    return NULL;
}

void ids_keep(struct ids *s)
{
    size_t at = 0;
    void *run = NULL;
    while (map_next(s->runs, &at, NULL, &run)) {
        struct run_of_ids *r = run;
        r->stored = r->pushed;
    }
}

void ids_undo(struct ids *s)
{
    size_t at = 0;
    void *run = NULL;
    while (map_next(s->runs, &at, NULL, &run)) {
        struct run_of_ids *r = run;
        r->pushed = r->stored;
    }
}
