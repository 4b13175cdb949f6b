/* CSV: the csv-spectrum cases, refusals with their line, writing that no spreadsheet executes. */
#include "shared.h"

#include "wire/csv.h"
#include "wire/jval.h"

static struct csv_row *rows_of(struct arena *a, const char *z, size_t *ret_n)
{
    struct csv_row *rows;
    struct err *e = csv_read(a, str_bytes(str_of(z)), 100, &rows, ret_n);

    if (e != NULL) {
        fail_msg("%s: %s", z, e->en.p);
    }
    return rows;
}

static void cells(void **state)
{
    struct arena *a = arena_new(0);
    size_t n;
    struct csv_row *rows =
        rows_of(a, "\xef\xbb\xbf编号,名称\r\n1,\"a \"\"b\"\", c\r\nd\"\n\n,x,\n\"\",2", &n);

    (void)state;
    assert_int_equal(n, 4); /* the blank line is none */
    assert_string_equal(str_z(a, rows[0].cells[0]), "编号");
    assert_string_equal(str_z(a, rows[1].cells[1]), "a \"b\", c\nd");
    assert_int_equal(rows[2].n, 3);
    assert_int_equal(rows[2].line, 5);
    assert_string_equal(str_z(a, rows[2].cells[1]), "x");
    assert_int_equal(rows[2].cells[2].n, 0);
    assert_int_equal(rows[3].line, 6);
    assert_int_equal(rows[3].cells[0].n, 0);
    assert_string_equal(str_z(a, rows[3].cells[1]), "2");
    rows = rows_of(a, "5'8\"x,1\n", &n);
    assert_string_equal(str_z(a, rows[0].cells[0]), "5'8\"x");
    rows_of(a, "", &n);
    assert_int_equal(n, 0);
    arena_free(a);
}

static void refused(const char *z, const char *en)
{
    struct arena *a = arena_new(0);
    struct csv_row *rows;
    size_t n;
    struct err *e = csv_read(a, str_bytes(str_of(z)), 3, &rows, &n);

    assert_non_null(e);
    assert_int_equal(e->code, ERR_IMPORT);
    if (!str_starts(e->en, str_of(en))) {
        fail_msg("%s: %s", z, e->en.p);
    }
    arena_free(a);
}

static void refusals(void **state)
{
    (void)state;
    refused("a,b\n1,\"x\n2", "Line 2: a quotation mark is never closed");
    refused("a\n1,\"x\"y\n", "Line 2: after a closing quotation mark");
    refused("a\n\"x\ny\"z\n", "Line 3: after a closing quotation mark");
    refused("a\nb\rc\n", "Line 2: there is a character");
    refused("a\n\xff\n", "Line 2: there is a character");
    refused("1\n2\n3\n4\n", "There are more than 3 lines");
}

static void check_spectrum(struct arena *a, const char *name, struct bytes text)
{
    struct csv_row *rows;
    struct jval wanted;
    struct buf json;
    size_t n;

    assert_null(csv_read(a, text, 100, &rows, &n));
    const char *path =
        str_fmt(a, "data/bad-input/csv/json/%.*s.json", (int)strlen(name) - 4, name).p;
    struct str expected = bytes_str(shared_read(a, path));
    buf_init(&json, a, expected.n);
    for (size_t i = 0; i < expected.n; i++) { /* we turn line ends into \n */
        bool cr = str_starts(str_sub(expected, i, expected.n), S("\\r"));

        buf_put(&json, cr ? S("") : str_sub(expected, i, i + 1));
        i += cr;
    }
    assert_null(jread(a, buf_bytes(&json), &wanted));
    if (strcmp(name, "location_coordinates.csv") == 0) { /* its JSON shows another telephone */
        assert_int_equal(n, 2);
        assert_true(str_eq(rows[1].cells[1], jval_str(jval_get(&wanted, rows[0].cells[1]))));
        return;
    }
    assert_int_equal(n, wanted.n + 1);
    for (size_t r = 0; r < wanted.n; r++) {
        assert_int_equal(rows[r + 1].n, rows[0].n);
        assert_int_equal(wanted.list[r].n, rows[0].n);
        for (size_t c = 0; c < rows[0].n; c++) {
            struct str cell = jval_str(jval_get(&wanted.list[r], rows[0].cells[c]));

            if (!str_eq(cell, rows[r + 1].cells[c])) {
                fail_msg("%s: row %zu, cell %zu", name, r, c);
            }
        }
    }
}

static void spectrum(void **state)
{
    (void)state;
    shared_or_skip("data/bad-input/csv/package.json");
    struct arena *a = arena_new(0);
    assert_int_equal(shared_each(a, "data/bad-input/csv/csvs", check_spectrum), 12);
    arena_free(a);
}

static void written(const char *in, const char *out)
{
    struct arena *a = arena_new(0);
    struct buf b;

    buf_init(&b, a, 0);
    csv_cell(&b, str_of(in), false);
    assert_string_equal(b.p, str_fmt(a, "%s,", out).p);
    arena_free(a);
}

static void writing(void **state)
{
    (void)state;
    written("申请", "申请");
    written("", "");
    written(NULL, "");
    written("a,b", "\"a,b\"");
    written("a\"b", "\"a\"\"b\"");
    written("a\nb", "\"a\nb\"");
    written("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"");
    written("+8613800000000", "\"'+8613800000000\"");
    written("@x", "\"'@x\"");
    written("-1+1", "\"'-1+1\"");
    written("＝1", "\"'＝1\"");
    written("\tx", "\"'\tx\"");
    written("-12", "-12"); /* a number is no formula */
}

/* What is written is read back, but for the mark before a formula. */
static void round_trip(void **state)
{
    static const char *const texts[] = {"a", "", "x,\"y\"\nz", " 申请 ", "\"", "-5"};
    struct arena *a = arena_new(0);
    struct buf b;
    size_t n, count = sizeof(texts) / sizeof(texts[0]);

    (void)state;
    buf_init(&b, a, 0);
    for (size_t i = 0; i < count; i++) {
        csv_cell(&b, str_of(texts[i]), i == count - 1);
    }
    assert_true(str_ends(buf_str(&b), S("\r\n")));
    struct csv_row *rows = rows_of(a, b.p, &n);
    assert_int_equal(n, 1);
    assert_int_equal(rows[0].n, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_eqz(rows[0].cells[i], texts[i]));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells),   cmocka_unit_test(refusals),   cmocka_unit_test(spectrum),
        cmocka_unit_test(writing), cmocka_unit_test(round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
