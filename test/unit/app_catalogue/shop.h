/* A small office for the tests of the catalogue: a folder, a data base, the calendar that the
 * program carries, a simulated clock. Operations run as http would run them, without lanes. SQLite,
 * or PostgreSQL when HUHANG_TEST_PG names a data base. */
#ifndef HUHANG_TEST_APP_CATALOGUE_SHOP_H
#define HUHANG_TEST_APP_CATALOGUE_SHOP_H

#include "app/catalogue/catalogue.h"
#include "base/arena.h"
#include "base/check.h"
#include "wire/jval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct shop {
    struct app app;
    struct arena *a;
    struct call writer;
    struct str dir;
    struct str etag; /* of the last reply */
};

int shop_setup(void **state);
int shop_teardown(void **state);
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, shop_setup, shop_teardown)

#define OK(expr) shop_ok((expr), __FILE__, __LINE__)
void shop_ok(struct err *e, const char *file, int line);

/* The whole file of the project, and a value of JSON text (with ' for "). */
struct str shop_file(struct shop *s);
struct jval shop_json(struct shop *s, const char *text);
const char *shop_fmt(struct shop *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Runs fn in a unit of the writer. */
struct err *shop_run(struct shop *s, struct err *(*fn)(struct call *c, void *ctx), void *ctx);
struct catalogue_report shop_import(struct shop *s, struct str json, bool sample);
/* The operation by name; json with ' for ". A person of the bureau, or a visitor. */
struct err *
shop_try(struct shop *s, bool bureau, const char *op, const char *json, struct jval *ret);
struct err *
shop_try_value(struct shop *s, bool bureau, const char *op, struct jval in, struct jval *ret);
struct jval shop_ask(struct shop *s, bool bureau, const char *op, const char *json);
/* Must fail with the code. */
struct err *shop_refused(struct shop *s, const char *op, const char *json, enum err_code code);
/* The fault at the pointer. NULL: there is none. */
const struct err_field *fault_at(const struct err *e, const char *pointer);

/* Members by path: "rows/0/name/zh". */
const struct jval *at(const struct jval *v, const char *path);
const char *text_at(struct shop *s, const struct jval *v, const char *path); /* "" when absent */
int64_t number(struct shop *s, const char *sql);                             /* SELECT … AS n */
void shop_at(struct shop *s, const char *when); /* "2026-10-09 10:00" */

/* A catalogue of one good licence item, changed by members: shop_item(s, "'regime':'filing'"). */
struct str shop_item(struct shop *s, const char *members);

#define IS(text, want) assert_string_equal((text), (want))

int test_map(void);
int test_material(void);
int test_merge(void);
int test_limit(void);
int test_import(void);
int test_survive(void);
int test_publish(void);
int test_portal(void);
int test_guide(void);

#endif
