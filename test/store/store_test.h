/* The store's tests run every case on both engines: BOTH(fn) makes two cmocka cases, each with a
 * fresh data base. PostgreSQL comes from test/store/run (HUHANG_TEST_PG); without it its cases are
 * skipped with a message. */
#ifndef HUHANG_TEST_STORE_STORE_TEST_H
#define HUHANG_TEST_STORE_STORE_TEST_H

#include "base/arena.h"
#include "base/check.h"
#include "store/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    enum db_engine engine;
    struct arena *a;
    struct str dir;    /* of this test, removed afterwards */
    struct str target; /* for db_open */
    struct db *d;      /* the writer */
};

int store_setup_sqlite(void **state);
int store_setup_pg(void **state);
int store_setup_folder(void **state); /* folder and arena only */
int store_teardown(void **state);

#define BOTH(fn)                                                                                   \
    {#fn " sqlite", fn, store_setup_sqlite, store_teardown, NULL},                                 \
    {                                                                                              \
        #fn " postgresql", fn, store_setup_pg, store_teardown, NULL                                \
    }
#define ON_SQLITE(fn) {#fn, fn, store_setup_sqlite, store_teardown, NULL}
#define ON_PG(fn)     {#fn, fn, store_setup_pg, store_teardown, NULL}
#define IN_FOLDER(fn) {#fn, fn, store_setup_folder, store_teardown, NULL}

/* Fails the test with the error's texts. */
#define OK(expr)          store_ok((expr), __FILE__, __LINE__)
#define FAILS(expr, want) store_fails((expr), (want), __FILE__, __LINE__)
void store_ok(struct err *e, const char *file, int line);
/* Returns the error, for a look at its cause. */
struct err *store_fails(struct err *e, enum err_code want, const char *file, int line);

/* First line of a case; skips it when its engine is not there. */
struct fixture *store_fixture(void **state);
struct db *store_open(struct fixture *f, bool write);
/* One number: SELECT … AS n. */
int64_t store_number(struct db *d, struct arena *a, const char *sql);
struct str store_path(struct fixture *f, const char *name);

/* Groups of cases, one a file. */
int test_values(void);
int test_group(void);
int test_check(void);
int test_durable(void);
int test_migrate(void);
int test_files(void);
int test_lease(void);

#endif
