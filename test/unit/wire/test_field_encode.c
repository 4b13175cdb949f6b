/* Struct → JSON, and the round trip through a struct, which must give the same document. */
#include "shared.h"

#include "sample.h"

static struct str encoded(struct arena *a, const struct sample *s)
{
    struct buf out;
    struct jw w;

    buf_init(&out, a, 0);
    jw_init(&w, &out);
    field_encode(&w, sample_rows, s);
    return buf_str(&out);
}

static void round_trip_of(const char *in, const char *out)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v, again;

    assert_null(jread(a, str_bytes(str_of(in)), &v));
    assert_null(field_decode(a, sample_rows, &v, S(""), &s));
    struct str text = encoded(a, &s);
    assert_string_equal(text.p, out);
    struct sample t = {.count = 8};
    assert_null(jread(a, str_bytes(text), &again));
    assert_null(field_decode(a, sample_rows, &again, S(""), &t));
    assert_string_equal(encoded(a, &t).p, out);
    arena_free(a);
}

static void round_trip(void **state)
{
    (void)state;
    round_trip_of(SAMPLE_FULL, SAMPLE_FULL);
    round_trip_of(SAMPLE_LEAST, SAMPLE_LEAST);
}

static void absent_is_null_or_left_out(void **state)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = FIELD_NO_INT,
                       .party_id = 0,
                       .fee = FIELD_NO_INT,
                       .at = FIELD_NO_INT,
                       .title = S("t")};

    (void)state;
    assert_string_equal(encoded(a, &s).p,
                        "{\"title\":\"t\",\"from\":null,\"mode\":null,\"count\":null,"
                        "\"party_id\":0,\"fee\":null,\"at\":null,\"agreed\":false,"
                        "\"parts\":null,\"tags\":null,\"main_part\":null}");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(absent_is_null_or_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
