/* RFC 6901 pointers. */
#include "shared.h"

#include "wire/pointer.h"

static void pointers(void **state)
{
    struct arena *a = arena_new(0);
    struct pointer_step top = {NULL, S("a/b~c"), 0}, element = {&top, STR_NONE, 12},
                        empty = {&element, S(""), 0}, zh = {&empty, S("申请"), 0};

    (void)state;
    assert_string_equal(pointer_text(a, S(""), NULL).p, "");
    assert_string_equal(pointer_text(a, S("/form"), NULL).p, "/form");
    assert_string_equal(pointer_text(a, S(""), &top).p, "/a~1b~0c");
    assert_string_equal(pointer_text(a, S("/form"), &zh).p, "/form/a~1b~0c/12//申请");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pointers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
