/* Buffers: growth, numbers, formats, byte order. */
#include "base/arena.h"
#include "base/buf.h"
#include "test/unit/base/unit.h"

#include <string.h>

static void test_grows(void **state)
{
    struct arena *a = arena_new(0);
    struct buf b;

    (void)state;
    buf_init(&b, a, 0);
    assert_str(buf_str(&b), "");
    assert_string_equal(b.p, "");
    for (int i = 0; i < 3000; i++) {
        buf_putc(&b, (char)('a' + i % 26));
        assert_int_equal(b.p[b.n], '\0');
    }
    assert_int_equal(b.n, 3000);
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(b.p[i], 'a' + i % 26);
    }
    arena_free(a);
}

static void test_numbers(void **state)
{
    struct arena *a = arena_new(0);
    struct buf b;

    (void)state;
    buf_init(&b, a, 0);
    buf_int(&b, 0);
    buf_putc(&b, ' ');
    buf_int(&b, -7);
    buf_putc(&b, ' ');
    buf_int(&b, INT64_MAX);
    buf_putc(&b, ' ');
    buf_int(&b, INT64_MIN);
    assert_str(buf_str(&b), "0 -7 9223372036854775807 -9223372036854775808");
    arena_free(a);
}

static void test_formats(void **state)
{
    struct arena *a = arena_new(0);
    struct buf b;
    char exact[65];

    (void)state;
    /* At, just below and just above the room that is left. */
    for (int n = 62; n <= 66; n++) {
        memset(exact, 'x', sizeof(exact));
        buf_init(&b, a, 64);
        buf_fmt(&b, "%0*d", n, 5);
        assert_int_equal(b.n, n);
        assert_int_equal(strlen(b.p), n);
        assert_int_equal(b.p[n - 1], '5');
    }
    buf_init(&b, a, 0);
    buf_fmt(&b, "第%d号", 12);
    buf_put(&b, STR_NONE);
    buf_putz(&b, "");
    buf_putz(&b, "。");
    assert_str(buf_str(&b), "第12号。");
    arena_free(a);
}

static void test_byte_order(void **state)
{
    static const unsigned char want[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xFF,
                                         0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9, 0xF8};
    struct arena *a = arena_new(0);
    struct buf b;

    (void)state;
    buf_init(&b, a, 0);
    buf_u8(&b, 0x01);
    buf_u16(&b, 0x0203);
    buf_u32(&b, 0x04050607);
    buf_u64(&b, 0xFFFEFDFCFBFAF9F8);
    assert_int_equal(buf_bytes(&b).n, sizeof(want));
    assert_memory_equal(buf_bytes(&b).p, want, sizeof(want));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_byte_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
