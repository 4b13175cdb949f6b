/* A small office for the tests of identity and office: units, administrators, staff, real lanes, a
 * simulated clock. Requests go through lane_post as http would send them, with a cookie, the CSRF
 * token and a fresh command id. Runs on SQLite, and on PostgreSQL when HUHANG_TEST_PG names one. */
#ifndef HUHANG_TEST_APP_IDENTITY_DESK_H
#define HUHANG_TEST_APP_IDENTITY_DESK_H

#include "app/identity/inner.h"
#include "app/office/office.h"
#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* 2026-03-02 (a Monday) 09:00 at UTC+8. */
#define DESK_START INT64_C(1772413200000)
#define PASSWORD   "Hall-9-window"
#define MINUTE     INT64_C(60000)
#define HOUR       (60 * MINUTE)
#define DAY        (24 * HOUR)

/* Who is at a browser: its cookie and CSRF token. */
struct browser {
    struct str token, csrf;
};

struct reply_of {
    struct err *err; /* NULL: good */
    int status;
    struct jval body;
    struct str etag, cookie;
};

struct desk {
    struct app app;
    struct arena *a;
    struct str dir;
    bool pg;
    int64_t unit, other_unit; /* market bureau, health bureau */
    int serial;               /* of command ids and logins */
};

int desk_setup(void **state);
int desk_teardown(void **state);

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, desk_setup, desk_teardown)
#define OK(expr) desk_ok((expr), __FILE__, __LINE__)
void desk_ok(struct err *e, const char *file, int line);

/* Runs fn as the system on the writer. */
void desk_write(struct desk *d, struct err *(*fn)(struct call *c, void *ctx), void *ctx);
/* The operation by name with this JSON text; b may be NULL. A new cookie lands in b. */
struct reply_of ask(struct desk *d, struct browser *b, const char *op, const char *json);
/* The same, good: stops the test with the problem otherwise. */
struct jval good(struct desk *d, struct browser *b, const char *op, const char *json);
/* Must fail with the code. */
struct err *
bad(struct desk *d, struct browser *b, const char *op, const char *json, enum err_code code);
/* The fault at the pointer has this code. */
void fault_at(const struct err *e, const char *pointer, const char *code);
const char *fmt(struct desk *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Members by path: "person/login", "rows/0/id". */
const struct jval *at(const struct jval *v, const char *path);
struct str text_at(const struct jval *v, const char *path);
int64_t int_at(const struct jval *v, const char *path);
bool has_text(const struct jval *list, const char *s); /* an element of a list of texts */

/* Staff with a role (NULL: none; unit 0: the whole office), password set; signed in where wanted.
 */
int64_t staff(struct desk *d, const char *login, const char *role, int64_t unit);
struct browser sign_in(struct desk *d, const char *login);
struct browser clerk(struct desk *d);
/* A registered applicant; id_number by place 1..9. */
struct browser applicant(struct desk *d, int place);
const char *id_number(struct desk *d, int place);
/* One number of SELECT … AS n. */
int64_t number(struct desk *d, const char *sql);
void pass(struct desk *d, int64_t ms);

/* Groups, one a file. */
int test_session(void);
int test_people(void);
int test_roles(void);
int test_office(void);
int test_cache(void);

#endif
