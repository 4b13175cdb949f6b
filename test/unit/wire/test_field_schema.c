/* The schema of the rows, as text; with the argument "print" it gives the schema and documents with
 * the rows' own verdict, and test_field_schema.py compares that with an independent validator. */
#include "shared.h"

#include "sample.h"

static struct str schema(struct arena *a, const struct field *rows)
{
    struct buf out;
    struct jw w;

    buf_init(&out, a, 0);
    jw_init(&w, &out);
    field_schema(&w, rows);
    return buf_str(&out);
}

static void small_schema(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_string_equal(
        schema(a, sample_part_rows).p,
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"code\"],"
        "\"properties\":{\"code\":{\"title\":\"材料编号\",\"x-title-en\":\"Code\","
        "\"type\":\"string\",\"minLength\":1,\"maxLength\":20,\"pattern\":\"\\\\S\"},"
        "\"copies\":{\"title\":\"份数\",\"x-title-en\":\"Copies\",\"type\":[\"integer\",\"null\"],"
        "\"minimum\":0,\"maximum\":99},"
        "\"notes\":{\"title\":\"备注\",\"x-title-en\":\"Notes\",\"type\":[\"array\",\"null\"],"
        "\"minItems\":0,\"maxItems\":3,"
        "\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":1000}}}}");
    arena_free(a);
}

static void is_json_and_leaves_sql_out(void **state)
{
    struct arena *a = arena_new(0);
    struct jval v;

    (void)state;
    assert_null(jread(a, str_bytes(schema(a, sample_rows)), &v));
    const struct jval *members = jval_get(&v, S("properties"));
    assert_non_null(members);
    assert_null(jval_get(members, S("sealed")));
    assert_string_equal(jval_str(jval_get(jval_get(members, S("fee")), S("x-unit"))).p, "fen");
    assert_string_equal(jval_str(jval_get(jval_get(members, S("at")), S("format"))).p, "date-time");
    arena_free(a);
}

static void form_rows(void **state)
{
    static const struct field rows[] = {
        {.name = "reason",
         .kind = FIELD_TEXT,
         .offset = FIELD_NOWHERE,
         .flags = FIELD_REQUIRED | FIELD_PERSONAL | FIELD_MULTILINE,
         .zh = "理由",
         .widget = "area",
         .hint_zh = "提示"},
        {.name = "secret", .kind = FIELD_TEXT, .offset = FIELD_NOWHERE, .flags = FIELD_SECRET},
        FIELD_END,
    };
    struct arena *a = arena_new(0);

    (void)state;
    assert_string_equal(schema(a, rows).p,
                        "{\"type\":\"object\",\"additionalProperties\":false,"
                        "\"required\":[\"reason\"],\"properties\":{\"reason\":{\"title\":\"理由\","
                        "\"type\":\"string\",\"minLength\":1,\"maxLength\":1000,"
                        "\"pattern\":\"\\\\S\",\"x-widget\":\"area\",\"x-hint\":\"提示\","
                        "\"x-multiline\":true,\"x-personal\":true},"
                        "\"secret\":{\"type\":[\"string\",\"null\"],\"minLength\":1,"
                        "\"maxLength\":1000,\"format\":\"password\",\"writeOnly\":true}}}");
    arena_free(a);
}

static void print_document(struct jw *w, const char *text)
{
    struct arena *a = w->out->arena;
    struct err *e = NULL;
    struct jval v;

    if (jread(a, str_bytes(str_of(text)), &v) != NULL) {
        abort();
    }
    field_validate(a, sample_rows, &v, S(""), &e);
    jw_obj(w);
    jw_kbool(w, "ok", e == NULL);
    jw_key(w, S("value"));
    jw_val(w, &v);
    jw_end_obj(w);
}

static int print(void)
{
#define LEAST(more)                                                                                \
    "{\"title\":\"办\",\"from\":\"2026-03-02\",\"party_id\":1,\"parts\":[{\"code\":\"1\"}]" more "}"
    static const char *const documents[] = {
        SAMPLE_FULL,
        SAMPLE_LEAST,
        LEAST(""),
        LEAST(",\"count\":100"),
        LEAST(",\"count\":101"),
        LEAST(",\"count\":\"1\""),
        LEAST(",\"mode\":\"normal\""),
        LEAST(",\"mode\":\"x\""),
        LEAST(",\"other\":1"),
        LEAST(",\"sealed\":\"\""),
        LEAST(",\"tags\":[]"),
        LEAST(",\"tags\":[\"\"]"),
        LEAST(",\"days\":[1,2]"),
        LEAST(",\"days\":[1,2,3]"),
        LEAST(",\"days\":[null]"),
        LEAST(",\"fee\":-1"),
        LEAST(",\"agreed\":0"),
        LEAST(",\"main_part\":{}"),
        LEAST(",\"main_part\":{\"code\":\"1\",\"copies\":null}"),
        LEAST(",\"main_part\":[]"),
        LEAST(",\"extra\":{}"),
        "{}",
        "[]",
        "{\"title\":null,\"from\":null,\"party_id\":null,\"parts\":null}",
        "{\"title\":\"  \",\"from\":\"2026-03-02\",\"party_id\":1,\"parts\":[{\"code\":\"1\"}]}",
        "{\"title\":\"12345678901\",\"from\":\"2026-03-02\",\"party_id\":1,"
        "\"parts\":[{\"code\":\"1\"}]}",
        "{\"title\":\"一二三四五六七八九十\",\"from\":\"2026-03-02\",\"party_id\":1,"
        "\"parts\":[{\"code\":\"1\"}]}",
    };
    struct arena *a = arena_new(0);
    struct buf out;
    struct jw w;

    buf_init(&out, a, 0);
    jw_init(&w, &out);
    jw_obj(&w);
    jw_key(&w, S("schema"));
    jw_raw(&w, schema(a, sample_rows));
    jw_key(&w, S("documents"));
    jw_list(&w);
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        print_document(&w, documents[i]);
    }
    jw_end_list(&w);
    jw_end_obj(&w);
    int ok = printf("%.*s\n", STR_ARG(buf_str(&out)));
    arena_free(a);
    return ok > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_schema),
        cmocka_unit_test(is_json_and_leaves_sql_out),
        cmocka_unit_test(form_rows),
    };

    if (argc > 1 && strcmp(argv[1], "print") == 0) {
        return print();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
