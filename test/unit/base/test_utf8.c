/* UTF-8: well-formed or not, what a field may hold, counting and cutting characters. */
#include "base/arena.h"
#include "base/utf8.h"
#include "test/unit/base/unit.h"

#include <string.h>

/* Every code point encodes, decodes to itself and is valid; surrogates are not. */
static void test_all_code_points(void **state)
{
    char p[4];

    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF) {
            continue;
        }
        struct str s = {p, utf8_put(cp, p)};
        size_t at = 0;

        if (!utf8_valid(str_bytes(s)) || utf8_next(s, &at) != cp || at != s.n) {
            fail_msg("U+%04X", cp);
        }
    }
}

static void test_ill_formed(void **state)
{
    static const char *const bad[] = {
        "\x80",             /* continuation alone */
        "a\xC3",            /* cut */
        "\xC0\xAF",         /* overlong */
        "\xC1\xBF",         /* overlong */
        "\xE0\x80\xAF",     /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x80\x80\xAF", /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xED\xBF\xBF",     /* surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xFE",
        "\xE4\xBA",     /* cut */
        "\xE4\x41\x42", /* wrong continuation */
        "\xF0\x9F\x98", /* cut */
    };
    size_t at;
    const char *why;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(utf8_valid(str_bytes(str_of(bad[i]))));
        assert_false(utf8_text_ok(str_bytes(str_of(bad[i])), &at, &why));
        assert_string_equal(why, "utf8");
    }
    assert_true(utf8_valid((struct bytes){NULL, 0}));
}

static void test_field_text(void **state)
{
    static const struct {
        const char *text;
        size_t n, at;
        const char *why;
    } bad[] = {
        {"a\0b", 3, 1, "control"},
        {"ab\x1b", 3, 2, "control"},
        {"a\rb", 3, 1, "control"},
        {"\x7f", 1, 0, "control"},
        {"申\xEF\xBF\xBE", 6, 3, "noncharacter"},   /* U+FFFE */
        {"\xEF\xBF\xBF", 3, 0, "noncharacter"},     /* U+FFFF */
        {"\xEF\xB7\x90", 3, 0, "noncharacter"},     /* U+FDD0 */
        {"\xF0\x9F\xBF\xBF", 4, 0, "noncharacter"}, /* U+1FFFF */
        {"张\xE2\x80\xAE三", 9, 3, "bidi"},         /* U+202E */
        {"\xE2\x81\xA6", 3, 0, "bidi"},             /* U+2066 */
        {"\xE2\x81\xA9", 3, 0, "bidi"},             /* U+2069 */
    };
    const char *why = NULL;
    size_t at = 99;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(utf8_text_ok(str_bytes((struct str){bad[i].text, bad[i].n}), &at, &why));
        assert_int_equal(at, bad[i].at);
        assert_string_equal(why, bad[i].why);
    }
    assert_true(utf8_text_ok(str_bytes(S("王\t小𠮷\n㐂 O'Neil – «ok» 😀")), &at, &why));
    assert_true(utf8_text_ok(str_bytes(S("")), &at, &why));
}

static void test_count_and_cut(void **state)
{
    (void)state;
    assert_int_equal(utf8_len(S("申请a𠮷")), 4);
    assert_int_equal(utf8_len(STR_NONE), 0);
    assert_str(utf8_cut(S("申请居住"), 2), "申请");
    assert_str(utf8_cut(S("申请"), 9), "申请");
    assert_str(utf8_cut(S("𠮷a"), 1), "𠮷");
    assert_str(utf8_cut(S("abc"), 0), "");
    assert_null(utf8_cut(STR_NONE, 3).p);
}

static void past_the_end(void *arg)
{
    size_t at = 1;

    (void)arg;
    (void)utf8_next(S("a"), &at);
}

static void surrogate(void *arg)
{
    char p[4];

    (void)arg;
    (void)utf8_put(0xD800, p);
}

static void test_misuse(void **state)
{
    size_t at = 0;

    (void)state;
    assert_int_equal(utf8_next(S("\xE4"), &at), 0xFFFD); /* never reads past the end */
    assert_int_equal(at, 1);
    assert_dies(past_the_end, NULL);
    assert_dies(surrogate, NULL);
}

static void test_fold_width(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_str(utf8_fold_width(a, S("９１１１０１０８ＭＡ０１ａ（）～！　X")),
               "91110108MA01a()~! X");
    assert_str(utf8_fold_width(a, S("张三𠮷")), "张三𠮷");
    assert_str(utf8_fold_width(a, S("")), "");
    assert_null(utf8_fold_width(a, STR_NONE).p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_code_points), cmocka_unit_test(test_ill_formed),
        cmocka_unit_test(test_field_text),      cmocka_unit_test(test_count_and_cut),
        cmocka_unit_test(test_misuse),          cmocka_unit_test(test_fold_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
