/* QR codes: shape, limits, and the SVG draws exactly the dark modules. */
#include "letters.h"

#include "base/num.h"
#include "print/qr.h"

#include <string.h>

static struct qr code_of(struct arena *a, const char *text)
{
    struct qr q;

    ok(qr_make(a, str_of(text), &q));
    return q;
}

/* The three finder patterns: a dark ring of 7, a light one of 5, a dark square of 3. */
static void finder_at(const struct qr *q, int left, int top)
{
    for (int y = 0; y < 7; y++) {
        for (int x = 0; x < 7; x++) {
            bool ring = x == 0 || x == 6 || y == 0 || y == 6,
                 core = x >= 2 && x <= 4 && y >= 2 && y <= 4;

            assert_int_equal(q->modules[(top + y) * q->width + left + x], ring || core);
        }
    }
}

static void shape(void **state)
{
    struct arena *a = arena_new(0);
    struct qr q = code_of(a, "https://hall.example/m/SG2026-000012");

    (void)state;
    assert_int_equal(q.width, 29); /* version 3, level M holds 42 bytes */
    finder_at(&q, 0, 0);
    finder_at(&q, q.width - 7, 0);
    finder_at(&q, 0, q.width - 7);
    q = code_of(a, "护航");
    assert_int_equal(q.width, 21);
    arena_free(a);
}

static void limits(void **state)
{
    struct arena *a = arena_new(0);
    char *text = arena_alloc(a, 2333, 1);
    struct qr q;
    struct err *e;

    (void)state;
    memset(text, 'x', 2332);
    ok(qr_make(a, (struct str){text, 2331}, &q));
    assert_int_equal(q.width, 177);
    e = qr_make(a, (struct str){text, 2332}, &q);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_INTERNAL);
    e = qr_make(a, S(""), &q);
    assert_non_null(e);
    arena_free(a);
}

static int64_t number(struct str *rest, char end)
{
    int64_t v = -1;

    assert_true(num_parse(str_split(rest, end), 0, 1000, &v));
    return v;
}

/* Reads the path back: "M4 4h7v1h-7z". */
static void svg(void **state)
{
    struct arena *a = arena_new(0);
    struct qr q = code_of(a, "https://hall.example/m/1");
    struct str s = qr_svg(a, &q), path;
    ptrdiff_t at = str_find(s, S("/><path d=\"M"));
    size_t dark = 0, drawn = 0;

    (void)state;
    assert_true(at > 0 && str_ends(s, S("z\"/></svg>")));
    path = str_sub(s, (size_t)at + 12, s.n - 10);
    while (path.p != NULL) {
        struct str run = str_split(&path, 'z');
        int64_t x, y, n;

        run = str_starts(run, S("M")) ? str_sub(run, 1, run.n) : run;
        x = number(&run, ' ') - 4;
        y = number(&run, 'h') - 4;
        n = number(&run, 'v');
        for (int64_t i = 0; i < n; i++, drawn++) {
            assert_int_equal(q.modules[y * q.width + x + i], 1);
        }
    }
    for (int i = 0; i < q.width * q.width; i++) {
        dark += q.modules[i];
    }
    assert_int_equal(drawn, dark);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shape), cmocka_unit_test(limits),
                                       cmocka_unit_test(svg)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
