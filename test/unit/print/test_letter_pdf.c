/* PDF bytes: the same for the same input, whatever the length. What they show is tested from
 * outside by test_letters.py. */
#include "letters.h"

#include <string.h>

static struct bytes
pdf_of(struct arena *a, const struct letter_text *t, const char *qr, bool sample)
{
    struct bytes pdf;

    ok(letter_pdf(a, t, str_of(qr), sample, &pdf));
    assert_true(pdf.n > 1000 && memcmp(pdf.p, "%PDF-1.5", 8) == 0);
    assert_memory_equal(pdf.p + pdf.n - 6, "%%EOF\n", 6);
    return pdf;
}

static bool same(struct bytes a, struct bytes b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static void same_bytes(void **state)
{
    static const char *const NAMES[] = {"acceptance", "receipt", "licence", "delivery",
                                        "correction"};
    struct arena *a = arena_new((size_t)256 << 20);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        struct letter_text t = text_of(a, s, NAMES[i], full);
        struct bytes plain = pdf_of(a, &t, NULL, false);

        assert_true(same(plain, pdf_of(a, &t, NULL, false)));
        assert_false(same(plain, pdf_of(a, &t, "https://hall.example/m/1", false)));
        assert_false(same(plain, pdf_of(a, &t, NULL, true)));
        t.date = S("2026年3月10日");
        assert_false(same(plain, pdf_of(a, &t, NULL, false)));
    }
    arena_free(a);
}

static void any_length(void **state)
{
    struct arena *a = arena_new((size_t)256 << 20);
    struct letter_text t = {.layout = LETTER_NOTICE};
    struct str long_text = S("公文");
    struct str body[40];
    struct letter_row rows[40];

    (void)state;
    for (int i = 0; i < 11; i++) {
        long_text = str_fmt(a, "%.*s%.*s", STR_ARG(long_text), STR_ARG(long_text));
    }
    for (size_t i = 0; i < COUNT_OF(body); i++) {
        body[i] = i == 7 ? long_text : S("一。");
        rows[i] = (struct letter_row){S("名称"), i == 3 ? long_text : S("值")};
    }
    for (enum letter_layout l = LETTER_NOTICE; l <= LETTER_LICENCE; l++) {
        t = (struct letter_text){.layout = l,
                                 .organ = long_text,
                                 .title = long_text,
                                 .number = S(""),
                                 .addressee = S(""),
                                 .sign = S("局"),
                                 .date = S("")};
        (void)pdf_of(a, &t, NULL, false); /* nothing at all */
        t.title = S("题");
        t.organ = S("局");
        t.body = body;
        t.rows = rows;
        t.n_body = t.n_rows = COUNT_OF(body);
        t.notes = body;
        t.n_notes = COUNT_OF(body);
        (void)pdf_of(a, &t, "x", true);
    }
    arena_free(a);
}

static void qr_too_long(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct letter_text t = text_of(a, s, "receipt", full_data(a));
    char *text = arena_alloc(a, 4001, 1);
    struct bytes pdf;
    struct err *e;

    (void)state;
    memset(text, 'x', 4000);
    e = letter_pdf(a, &t, (struct str){text, 4000}, false, &pdf);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_INTERNAL);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_bytes), cmocka_unit_test(any_length),
                                       cmocka_unit_test(qr_too_long)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
