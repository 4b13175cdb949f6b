/* An office for the tests of run/: an app over a fresh data folder, on SQLite or PostgreSQL, with
 * one module of probe operations. BOTH(fn) makes a case for each engine; without HUHANG_TEST_PG
 * (test/store/run starts one) the PostgreSQL case is skipped. */
#ifndef HUHANG_TEST_RUN_OFFICE_TEST_H
#define HUHANG_TEST_RUN_OFFICE_TEST_H

#include "base/arena.h"
#include "base/check.h"
#include "run/app.h"
#include "run/hub.h"
#include "run/op_registry.h"
#include "run/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct office {
    struct app app;
    struct arena *a; /* the test's */
    struct str dir;
    bool pg, skipped;
    struct db *db; /* a writing connection while there are no lanes; NULL with lanes */
};

int office_setup_sqlite(void **state);
int office_setup_pg(void **state);
int office_teardown(void **state);

#define BOTH(fn)                                                                                   \
    {#fn " sqlite", fn, office_setup_sqlite, office_teardown, NULL},                               \
    {                                                                                              \
        #fn " postgresql", fn, office_setup_pg, office_teardown, NULL                              \
    }
#define ON_SQLITE(fn) {#fn, fn, office_setup_sqlite, office_teardown, NULL}
#define ON_PG(fn)     {#fn, fn, office_setup_pg, office_teardown, NULL}

/* First line of a case; skips it when its engine is not there. */
struct office *office_of(void **state);
/* Closes the connection and starts the lanes; ends them and opens the connection again. */
void office_start(struct office *o);
struct err *office_try_start(struct office *o) MUST_CHECK;
void office_stop(struct office *o);
/* One number: SELECT … AS n, on the connection without lanes or on a reader with them. */
int64_t office_number(struct office *o, const char *sql);
void office_script(struct office *o, const char *sql);

/* A job with an arena of its own; job_free frees it. in: name, text, fail, leaves. */
struct probe {
    const char *op, *name, *text, *key, *body_id;
    bool fail;
    int64_t leaves, person_id;
};
struct job *job_new(struct office *o, const struct probe *p);
void job_free(struct job *j);
/* Posts the job and waits for done(). */
void job_do(struct office *o, struct job *j);
/* Waits until it is done, when it was posted with job_post. */
void job_post(struct office *o, struct job *j);
void job_wait(struct job *j);

extern const struct module probe_module;

#define OK(expr)          office_ok((expr), __FILE__, __LINE__)
#define FAILS(expr, want) office_fails((expr), (want), __FILE__, __LINE__)
void office_ok(struct err *e, const char *file, int line);
void office_fails(struct err *e, enum err_code want, const char *file, int line);

#define STR_IS(s, lit) assert_true(str_eqz((s), (lit)))

#endif
