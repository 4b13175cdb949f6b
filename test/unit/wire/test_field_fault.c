/* Gathering faults: the error is made once, kept when there is one, and the number is capped. */
#include "shared.h"

#include "wire/field.h"

static size_t count(const struct err *e)
{
    size_t n = 0;

    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        n++;
    }
    return n;
}

static void made_once(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e = NULL;

    (void)state;
    field_fault(a, &e, S("/a"), "x", "甲", "a");
    struct err *first = e;
    field_fault(a, &e, S("/b"), "y", "乙", "b");
    assert_ptr_equal(e, first);
    assert_int_equal(e->code, ERR_FORM_INVALID);
    assert_int_equal(count(e), 2);
    assert_string_equal(e->fields->next->pointer.p, "/b");
    assert_string_equal(e->fields->next->zh.p, "乙");
    assert_true(e->hint_zh.n > 0 && e->hint_en.n > 0);
    for (int i = 0; i < 2 * FIELD_FAULTS_MAX; i++) {
        field_fault(a, &e, S("/c"), "z", "丙", "c");
    }
    assert_int_equal(count(e), FIELD_FAULTS_MAX);
    arena_free(a);
}

static void joins_another_error(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e = ERROR(a, ERR_ACT_NEED, "条件", "need");

    (void)state;
    field_fault(a, &e, S("/a"), "x", "甲", "a");
    assert_int_equal(e->code, ERR_ACT_NEED);
    assert_int_equal(count(e), 1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_once),
        cmocka_unit_test(joins_another_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
