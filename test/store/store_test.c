/* Fixtures and main. The PostgreSQL data base is emptied before each case by dropping its schema.
 */
#include "store_test.h"

#include "crypto/crypto.h"
#include "sys/log.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int setup(void **state, enum db_engine engine)
{
    struct fixture *f = calloc(1, sizeof *f);
    char dir[] = "/tmp/huhang-store-XXXXXX";
    f->engine = engine;
    f->a = arena_new(0);
    if (mkdtemp(dir) == NULL) {
        return -1;
    }
    f->dir = str_dup(f->a, str_of(dir));
    *state = f;
    return 0;
}

struct db *store_open(struct fixture *f, bool write)
{
    struct db_options o = {.write = write, .cache_kib = 4096, .statement_timeout_ms = 20000};
    struct db *d = NULL;
    OK(db_open(f->a, f->target, &o, &d));
    return d;
}

int store_setup_folder(void **state)
{
    return setup(state, DB_SQLITE);
}

int store_setup_sqlite(void **state)
{
    if (setup(state, DB_SQLITE) != 0) {
        return -1;
    }
    struct fixture *f = *state;
    f->target = store_path(f, "huhang.db");
    f->d = store_open(f, true);
    return 0;
}

int store_setup_pg(void **state)
{
    if (setup(state, DB_PG) != 0) {
        return -1;
    }
    struct fixture *f = *state;
    const char *url = getenv("HUHANG_TEST_PG");
    if (url == NULL) {
        return 0; /* store_fixture skips the case */
    }
    f->target = str_of(url);
    f->d = store_open(f, true);
    OK(db_script(f->d, f->a, S("DROP SCHEMA public CASCADE; CREATE SCHEMA public")));
    return 0;
}

struct fixture *store_fixture(void **state)
{
    struct fixture *f = *state;
    if (f->engine == DB_PG && f->d == NULL) {
        skip();
    }
    return f;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int store_teardown(void **state)
{
    struct fixture *f = *state;
    db_close(f->d);
    (void)nftw(f->dir.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(f->a);
    free(f);
    return 0;
}

void store_ok(struct err *e, const char *file, int line)
{
    if (e != NULL) {
        fprintf(stderr, "%.*s (%.*s) at %s:%d\n", STR_ARG(e->en), STR_ARG(e->cause), e->file,
                e->line);
        _fail(file, line);
    }
}

struct err *store_fails(struct err *e, enum err_code want, const char *file, int line)
{
    if (e == NULL || e->code != want) {
        fprintf(stderr, "expected %s, got %s\n", err_info(want)->slug,
                e == NULL ? "success" : err_info(e->code)->slug);
        store_ok(e, file, line);
        _fail(file, line);
    }
    return e;
}

struct str store_path(struct fixture *f, const char *name)
{
    return str_fmt(f->a, "%.*s/%s", STR_ARG(f->dir), name);
}

struct number {
    int64_t n;
};

static const struct field number_rows[] = {F_INT(struct number, n, 0, 0, 0, "数", "number"),
                                           FIELD_END};

int64_t store_number(struct db *d, struct arena *a, const char *sql)
{
    /* Lives as long as the connection, like the statements of the house. */
    struct stmt *s = mem_new(1, sizeof *s);
    s->name = "test.number";
    s->sql = str_dup(a, str_of(sql)).p;
    s->out = number_rows;
    s->out_size = sizeof(struct number);
    struct number n = {0};
    bool found = false;
    OK(db_one(d, a, s, NULL, &n, &found));
    assert_true(found);
    arena_defer(a, mem_free, s);
    return n.n;
}

int main(void)
{
    struct arena *a = arena_new(0);
    struct err *e = crypt_init(a);
    log_set(LOG_ERROR, false);
    if (e != NULL) {
        return 1;
    }
    arena_free(a);
    if (getenv("HUHANG_TEST_PG") == NULL) {
        fprintf(stderr, "PostgreSQL is not installed: its cases are skipped\n");
    }
    return test_values() + test_group() + test_check() + test_durable() + test_migrate() +
           test_files() + test_lease();
}
