/* Normalisation: composed and decomposed spellings of a name become one; Chinese stays as it is. */
#include "base/arena.h"
#include "base/nfc.h"
#include "test/unit/base/unit.h"

static void test_nfc(void **state)
{
    struct arena *a = arena_new(0);
    struct str ascii = S("Zhang San");

    (void)state;
    assert_str(utf8_nfc(a, S("Jose\xCC\x81")), "Jos\xC3\xA9");
    assert_str(utf8_nfc(a, S("Jos\xC3\xA9")), "Jos\xC3\xA9");
    assert_str(utf8_nfc(a, S("王𠮷㐂")), "王𠮷㐂");
    /* Compatibility ideograph U+F900 is canonically U+8C48; full-width letters are not touched. */
    assert_str(utf8_nfc(a, S("\xEF\xA4\x80")), "\xE8\xB1\x88");
    assert_str(utf8_nfc(a, S("Ａ")), "Ａ");
    assert_ptr_equal(utf8_nfc(a, ascii).p, ascii.p);
    assert_null(utf8_nfc(a, STR_NONE).p);
    assert_non_null(utf8_nfc(a, S("")).p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nfc)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
