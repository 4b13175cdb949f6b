/* The contract is JSON, names every operation, and says what its row says. */
#include "office_test.h"

#include "run/metrics.h"

static const struct jval *in(const struct jval *v, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n && v != NULL; i++) {
        v = jval_get(v, str_of(names[i]));
    }
    return v;
}
#define IN(v, ...)                                                                                 \
    in((v), (const char *const[]){__VA_ARGS__},                                                    \
       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void read_document(struct arena *a, struct jval *ret)
{
    static const struct module *const modules[] = {&probe_module};
    struct app app = {.modules = modules, .n_modules = 1};
    struct op_registry *r;

    OK(op_registry_new(&app, a, &r));
    OK(jread(a, str_bytes(op_openapi(r, a)), ret));
}

static void every_operation_appears(void **state)
{
    struct arena *a = arena_new(0);
    struct jval doc;

    (void)state;
    read_document(a, &doc);
    STR_IS(jval_str(IN(&doc, "openapi")), "3.1.0");
    for (size_t i = 0; i < probe_module.n_ops; i++) {
        const struct op *op = &probe_module.ops[i];
        const struct jval *o = IN(&doc, "paths", op->path, op->method == OP_GET ? "get" : "post");

        assert_non_null(o);
        STR_IS(jval_str(jval_get(o, S("operationId"))), op->name);
        STR_IS(jval_str(jval_get(o, S("summary"))), op->zh);
    }
    assert_int_equal(IN(&doc, "x-problems")->n, ERR_CODE_MAX);
    assert_int_equal(IN(&doc, "tags")->n, 1);
    arena_free(a);
}

static const struct jval *parameter(const struct jval *op, const char *name)
{
    const struct jval *list = jval_get(op, S("parameters"));

    for (size_t i = 0; i < list->n; i++) {
        if (str_eqz(jval_str(jval_get(&list->list[i], S("name"))), name)) {
            return &list->list[i];
        }
    }
    return NULL;
}

static bool has_code(const struct jval *op, const char *status, const char *code)
{
    const struct jval *codes = IN(op, "responses", status, "x-codes");

    for (size_t i = 0; codes != NULL && i < codes->n; i++) {
        if (str_eqz(codes->list[i].s, code)) {
            return true;
        }
    }
    return false;
}

static void parameters_bodies_and_problems_come_from_the_rows(void **state)
{
    struct arena *a = arena_new(0);
    struct jval doc;
    const struct jval *get, *put;

    (void)state;
    read_document(a, &doc);
    get = IN(&doc, "paths", "/probes/{name}", "get");
    put = IN(&doc, "paths", "/probes", "post");
    STR_IS(jval_str(IN(parameter(get, "name"), "in")), "path");
    STR_IS(jval_str(IN(parameter(get, "text"), "in")), "query");
    STR_IS(jval_str(IN(parameter(get, "name"), "schema", "type")), "string");
    assert_null(IN(get, "requestBody"));
    assert_null(parameter(get, "Idempotency-Key"));
    assert_non_null(parameter(put, "Idempotency-Key"));
    assert_non_null(
        IN(put, "requestBody", "content", "application/json", "schema", "properties", "name"));
    assert_non_null(IN(put, "responses", "201", "content", "application/json", "schema"));
    assert_true(has_code(put, "409", "conflict"));
    assert_true(has_code(put, "409", "already-exists"));
    assert_true(has_code(put, "422", "form-invalid"));
    assert_true(has_code(put, "400", "idempotency-key-missing"));
    assert_false(has_code(get, "400", "idempotency-key-missing"));
    assert_int_equal(IN(put, "x-errors")->n, 2);
    assert_non_null(IN(&doc, "components", "schemas", "Problem", "properties", "code"));
    arena_free(a);
}

static void metrics_are_openmetrics(void **state)
{
    struct office *o = office_of(state);
    struct buf out;
    struct job *j;

    office_start(o);
    j = job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 1});
    job_do(o, j);
    job_free(j);
    buf_init(&out, o->a, 1024);
    metrics_print(&o->app, &out);
    assert_true(str_ends(buf_str(&out), S("# EOF\n")));
    assert_true(str_find(buf_str(&out), S("huhang_units_total 1\n")) > 0);
    assert_true(str_find(buf_str(&out), S("huhang_ledger_leaves 1\n")) > 0);
    assert_true(str_find(buf_str(&out),
                         S("huhang_requests_total{op=\"probe.put\",status=\"2xx\"} 1\n")) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_appears),
        cmocka_unit_test(parameters_bodies_and_problems_come_from_the_rows),
        ON_SQLITE(metrics_are_openmetrics),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
