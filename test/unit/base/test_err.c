/* Errors: both languages, chaining, copies, order of fields; the list itself. */
#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "test/unit/base/unit.h"

#include <string.h>

static struct err *fails(struct arena *a)
{
    return ERROR(a, ERR_FORM_INVALID, "材料“%s”大于 %d MB。", "Material %s is over %d MB.", "正面",
                 10);
}

static struct err *hands_up(struct arena *a, bool *reached)
{
    TRY(NULL);
    TRY(fails(a));
    *reached = true;
    return NULL;
}

static void test_make(void **state)
{
    struct arena *a = arena_new(0);
    bool reached = false;
    struct err *e = hands_up(a, &reached);

    (void)state;
    assert_non_null(e);
    assert_false(reached);
    assert_int_equal(e->code, ERR_FORM_INVALID);
    assert_str(e->zh, "材料“正面”大于 10 MB。");
    assert_str(e->en, "Material 正面 is over 10 MB.");
    assert_non_null(strstr(e->file, "test_err.c"));
    assert_true(e->line > 0);
    assert_null(e->hint_zh.p);
    assert_null(e->fields);
    assert_str(ERROR_TEXT(a, ERR_IO, S("100%"), S("100%"))->zh, "100%");
    arena_free(a);
}

static void test_chain(void **state)
{
    struct arena *a = arena_new(0);
    char volatile_text[] = "phone";
    struct err *e = err_cause(err_hint(fails(a), "请压缩。", "Compress it."), "errno %d", 5);

    (void)state;
    e = err_field(e, str_of(volatile_text), "short", S("太短"), S("too short"));
    e = err_field(e, S("/b"), "pattern", S("不对"), S("wrong"));
    e = err_member(e, "retry", S("true"));
    e = err_member(e, "acts", S("[]"));
    memset(volatile_text, 'x', sizeof(volatile_text) - 1);
    assert_str(e->hint_zh, "请压缩。");
    assert_str(e->cause, "errno 5");
    assert_str(e->fields->pointer, "phone");
    assert_str(e->fields->code, "short");
    assert_str(e->fields->next->pointer, "/b");
    assert_null(e->fields->next->next);
    assert_string_equal(e->members->name, "retry");
    assert_str(e->members->next->json, "[]");
    arena_free(a);
}

/* Slugs are addresses, so they are unique and plain; retryable ones are those that may pass alone.
 */
static void test_list(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_CODE_MAX; i++) {
        const struct err_info *info = err_info((enum err_code)i);

        assert_true(info->status >= 300 && info->status <= 599);
        assert_true(strlen(info->zh) > 0 && strlen(info->en) > 0);
        assert_true(utf8_valid(str_bytes(str_of(info->zh))));
        assert_int_equal(strspn(info->slug, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                         strlen(info->slug));
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(info->slug, err_info((enum err_code)k)->slug);
        }
    }
    assert_int_equal(err_info(ERR_BUSY)->status, 503);
    assert_true(err_info(ERR_BUSY)->retry);
    assert_false(err_info(ERR_INTERNAL)->retry);
}

static void unknown_code(void *arg)
{
    (void)arg;
    (void)err_info(ERR_CODE_MAX);
}

static void test_unknown(void **state)
{
    (void)state;
    assert_dies(unknown_code, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
