/* Reading JSON: the public suites of bad input, and the rules that are ours. */
#include "shared.h"

#include "base/utf8.h"
#include "wire/jval.h"

#define SUITE "data/bad-input/json/test_parsing"

static struct err *read_z(struct arena *a, const char *z, struct jval *ret)
{
    return jread(a, str_bytes(str_of(z)), ret);
}

static void refused_at(const char *z, enum err_code code, const char *zh_start)
{
    struct arena *a = arena_new(0);
    struct jval v;
    struct err *e = read_z(a, z, &v);

    assert_non_null(e);
    assert_int_equal(e->code, code);
    if (!str_starts(e->zh, str_of(zh_start))) {
        fail_msg("%s: %s does not begin with %s", z, e->zh.p, zh_start);
    }
    assert_true(e->hint_zh.n > 0 && e->hint_en.n > 0 && e->en.n > 0);
    arena_free(a);
}

/* One fault with this pointer and code. */
static void fault_at(struct bytes text, const char *pointer, const char *code)
{
    struct arena *a = arena_new(0);
    struct jval v;
    struct err *e = jread(a, text, &v);

    assert_non_null(e);
    assert_int_equal(e->code, ERR_FORM_INVALID);
    assert_non_null(e->fields);
    assert_string_equal(e->fields->pointer.p, pointer);
    assert_string_equal(e->fields->code.p, code);
    assert_true(e->fields->zh.n > 0 && e->fields->en.n > 0);
    assert_null(e->fields->next);
    arena_free(a);
}

static void fault_at_z(const char *z, const char *pointer, const char *code)
{
    fault_at(str_bytes(str_of(z)), pointer, code);
}

static void values(void **state)
{
    struct arena *a = arena_new(0);
    struct jval v;

    (void)state;
    assert_null(read_z(a, " {\"b\":[1,-2,\"申请\",true,null,{}],\"a\":\"\"} ", &v));
    assert_int_equal(v.n, 2);
    assert_string_equal(v.obj[0].name.p, "b"); /* order of the text */
    const struct jval *b = jval_get(&v, S("b"));
    assert_int_equal(b->n, 6);
    assert_int_equal(b->list[1].i, -2);
    assert_string_equal(b->list[2].s.p, "申请");
    assert_true(b->list[3].b);
    assert_int_equal(b->list[4].type, J_NULL);
    assert_int_equal(b->list[5].type, J_OBJ);
    assert_true(str_eq(jval_str(jval_get(&v, S("a"))), S("")));
    arena_free(a);
}

static void number_range(void **state)
{
    struct arena *a = arena_new(0);
    struct jval v;

    (void)state;
    assert_null(read_z(a, "[9007199254740992,-9007199254740992,-0]", &v));
    assert_int_equal(v.list[0].i, JVAL_MAX_INT);
    assert_int_equal(v.list[1].i, -JVAL_MAX_INT);
    assert_int_equal(v.list[2].i, 0);
    fault_at_z("{\"a\":[1,9007199254740993]}", "/a/1", "range");
    fault_at_z("{\"a\":-9007199254740993}", "/a", "range");
    fault_at_z("{\"a\":{\"b\":9223372036854775807}}", "/a/b", "range");
    fault_at_z("{\"a\":{\"b\":9223372036854775808}}", "/a/b", "range"); /* jansson gives up here */
    fault_at_z("[0,{\"a~/b\":1e400}]", "/1/a~0~1b", "range");
    fault_at_z("{\"\\u7533\\u8bf7\":1e400}", "/申请", "range");
    fault_at_z("1e400", "", "range");
    fault_at_z("[1.0]", "/0", "integer");
    fault_at_z("[1E2]", "/0", "integer");
    arena_free(a);
}

static void all_faults_at_once(void **state)
{
    struct arena *a = arena_new(0);
    struct jval v;

    (void)state;
    struct err *e =
        read_z(a, "{\"a\":1.5,\"b\":[\"\\u0007\",9007199254740993],\"c\":\"\\u202e\"}", &v);
    static const char *const pointers[] = {"/a", "/b/0", "/b/1", "/c"};
    assert_non_null(e);
    const struct err_field *f = e->fields;
    for (size_t i = 0; i < 4; i++, f = f->next) {
        assert_non_null(f);
        assert_string_equal(f->pointer.p, pointers[i]);
    }
    assert_null(f);
    arena_free(a);
}

/* A megabyte of faults must not cost the square of their number, nor fill the reply. */
static void faults_are_capped(void **state)
{
    struct arena *a = arena_new(0);
    size_t n = 1000000;
    char *text = arena_alloc(a, n + 2, 1);
    struct jval v;

    (void)state;
    text[0] = '[';
    for (size_t i = 0; i < n / 4; i++) {
        memcpy(text + 1 + 4 * i, "1.5,", 4);
    }
    text[n] = ']';
    struct err *e = jread(a, (struct bytes){(unsigned char *)text, n + 1}, &v);
    assert_non_null(e);
    size_t count = 0;
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        count++;
    }
    assert_int_equal(count, 100);
    arena_free(a);
}

static void syntax(void **state)
{
    (void)state;
    refused_at("{\"a\":1,\n \"a\":2}", ERR_JSON_INVALID, "第 2 行第 4 列：同一对象中有重复的名称");
    refused_at("{} x", ERR_JSON_INVALID, "第 1 行第 4 列：结束之后还有内容");
    refused_at("", ERR_JSON_INVALID, "第 1 行第 1 列：内容没有结束");
    refused_at("[1,\n", ERR_JSON_INVALID, "第 2 行第 1 列：内容没有结束");
    refused_at("{\"申请\" 1}", ERR_JSON_INVALID, "第 1 行第 7 列：这里不符合 JSON 语法");
    refused_at("[01]", ERR_JSON_INVALID, "第 1 行");
    refused_at("[NaN]", ERR_JSON_INVALID, "第 1 行");
    refused_at("['a']", ERR_JSON_INVALID, "第 1 行");
    refused_at("[\"\\u12g4\"]", ERR_JSON_INVALID, "第 1 行");
    refused_at("[\"a\nb\"]", ERR_JSON_INVALID, "第 ");
}

static void depth(void **state)
{
    struct arena *a = arena_new(0);
    char text[2 * 33 + 1];
    struct jval v;

    (void)state;
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    text[66] = '\0';
    refused_at(text, ERR_JSON_INVALID, "第 1 行第 33 列：层次太深");
    text[65] = '\0';
    assert_null(read_z(a, text + 1, &v));
    /* brackets inside texts do not count */
    assert_null(read_z(a, "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[\"]", &v));
    arena_free(a);
}

static void bad_text(void **state)
{
    static const unsigned char invalid[] = "{\"a\":[\"x\xff\"]}";
    static const unsigned char overlong[] = "[\"\xc0\xaf\"]";
    static const unsigned char surrogate[] = "[\"\xed\xa0\x80\"]";

    (void)state;
    fault_at_z("[\"\\u0000\"]", "/0", "text");
    fault_at_z("{\"a\":{\"b\\u0000\":1}}", "/a", "text"); /* a name: its object is named */
    fault_at_z("[\"\\ud800\"]", "/0", "text");
    fault_at_z("[\"\\udc00\\ud800\"]", "/0", "text");
    fault_at_z("[\"\\uffff\"]", "/0", "text");
    fault_at_z("[\"\\ufdd0\"]", "/0", "text");
    fault_at_z("[\"\xef\xbf\xbf\"]", "/0", "text");
    fault_at_z("{\"\\u202e\":1}", "", "text");
    fault_at_z("[\"a\\rb\"]", "/0", "text");
    fault_at((struct bytes){invalid, sizeof(invalid) - 1}, "/a/0", "text");
    fault_at((struct bytes){overlong, sizeof(overlong) - 1}, "/0", "text");
    fault_at((struct bytes){surrogate, sizeof(surrogate) - 1}, "/0", "text");
}

static void zero_byte(void **state)
{
    static const unsigned char after_number[] = "123\0";
    static const unsigned char inside[] = "[1,\0 2]";
    struct arena *a = arena_new(0);
    struct jval v;

    (void)state;
    assert_int_equal(jread(a, (struct bytes){after_number, 4}, &v)->code, ERR_JSON_INVALID);
    assert_int_equal(jread(a, (struct bytes){inside, 7}, &v)->code, ERR_JSON_INVALID);
    arena_free(a);
}

/* --- JSONTestSuite --- */

/* Valid JSON that our rule refuses: reals and exponents, numbers over 2^53, repeated names, control
 * characters and noncharacters in texts. */
static const char *const stricter[] = {
    "y_number.json",
    "y_number_0e+1.json",
    "y_number_0e1.json",
    "y_number_double_close_to_zero.json",
    "y_number_int_with_exp.json",
    "y_number_real_capital_e.json",
    "y_number_real_capital_e_neg_exp.json",
    "y_number_real_capital_e_pos_exp.json",
    "y_number_real_exponent.json",
    "y_number_real_fraction_exponent.json",
    "y_number_real_neg_exp.json",
    "y_number_real_pos_exponent.json",
    "y_number_simple_real.json",
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json",
    "y_object_extreme_numbers.json",
    "y_string_allowed_escapes.json",
    "y_string_escaped_control_character.json",
    "y_string_escaped_noncharacter.json",
    "y_string_last_surrogates_1_and_2.json",
    "y_string_nonCharacterInUTF-8_U+10FFFF.json",
    "y_string_nonCharacterInUTF-8_U+FFFF.json",
    "y_string_null_escape.json",
    "y_string_unescaped_char_delete.json",
    "y_string_unicode_U+10FFFE_nonchar.json",
    "y_string_unicode_U+1FFFE_nonchar.json",
    "y_string_unicode_U+FDD0_nonchar.json",
    "y_string_unicode_U+FFFE_nonchar.json",
    "y_string_with_del_character.json",
    "y_structure_lonely_negative_real.json",
};

static bool listed(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}
#define LISTED(list, name) listed((list), sizeof(list) / sizeof((list)[0]), (name))

static int surprises;

static void check_suite_file(struct arena *a, const char *name, struct bytes text)
{
    struct jval v;
    struct err *e = jread(a, text, &v);
    /* where implementations may differ (i_) we take none: no 2^53, no lone surrogate, no BOM */
    bool wanted = name[0] == 'y' && !LISTED(stricter, name);

    if (wanted != (e == NULL)) {
        print_error("%s: %s\n", name, e == NULL ? "taken" : "refused");
        surprises++;
    }
    if (e != NULL) { /* every refusal says where */
        assert_true(e->code == ERR_JSON_INVALID || e->fields != NULL);
        return;
    }
    struct jval again;
    struct str written = jval_text(a, &v);
    assert_null(jread(a, str_bytes(written), &again));
    assert_true(jval_eq(&v, &again));
}

static void json_test_suite(void **state)
{
    (void)state;
    shared_or_skip(SUITE);
    struct arena *a = arena_new(0);
    surprises = 0;
    assert_int_equal(shared_each(a, SUITE, check_suite_file), 318);
    assert_int_equal(surprises, 0);
    arena_free(a);
}

static void check_transform(struct arena *a, const char *name, struct bytes text)
{
    static const char *const kept[] = {"number_1000000000000000.json", "object_key_nfc_nfd.json",
                                       "object_key_nfd_nfc.json"};
    struct jval v;
    bool ok = jread(a, text, &v) == NULL;

    if (ok != LISTED(kept, name)) {
        fail_msg("%s: %s", name, ok ? "taken" : "refused");
    }
    if (ok) { /* nothing is changed on the way: same bytes but for the newline */
        assert_true(str_eq(jval_text(a, &v), str_trim(bytes_str(text))));
    }
}

static void transform_suite(void **state)
{
    (void)state;
    shared_or_skip("data/bad-input/json/test_transform");
    struct arena *a = arena_new(0);
    assert_int_equal(shared_each(a, "data/bad-input/json/test_transform", check_transform), 22);
    arena_free(a);
}

/* --- naughty strings and Kuhn's UTF-8 --- */

/* A text sent as the member /t either comes back as it was or is refused at /t. */
static bool survives(struct bytes text)
{
    struct arena *a = arena_new(0);
    struct buf body;
    struct jval v;

    buf_init(&body, a, text.n + 16);
    buf_putz(&body, "{\"t\":\"");
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = text.p[i];

        if (c < 0x20 || c == '"' || c == '\\') {
            buf_fmt(&body, "\\u%04x", c);
        } else {
            buf_putc(&body, (char)c);
        }
    }
    buf_putz(&body, "\"}");
    struct err *e = jread(a, buf_bytes(&body), &v);
    bool ok = e == NULL;
    if (ok) {
        struct jval again;
        struct str s = jval_str(jval_get(&v, S("t")));

        assert_true(str_eq(s, bytes_str(text)));
        assert_null(jread(a, str_bytes(jval_text(a, &v)), &again));
        assert_true(jval_eq(&v, &again));
    } else {
        assert_int_equal(e->code, ERR_FORM_INVALID);
        assert_string_equal(e->fields->pointer.p, "/t");
    }
    size_t at;
    const char *why;
    assert_int_equal(ok, utf8_text_ok(text, &at, &why));
    arena_free(a);
    return ok;
}

static void lines_survive(const char *name, size_t at_least, size_t refused_at_least)
{
    size_t kept = 0, refused = 0;

    shared_or_skip(name);
    struct arena *a = arena_new(0);
    struct str rest = bytes_str(shared_read(a, name));
    while (rest.p != NULL) {
        if (survives(str_bytes(str_split(&rest, '\n')))) {
            kept++;
        } else {
            refused++;
        }
    }
    print_message("%s: %zu lines kept, %zu refused\n", name, kept, refused);
    assert_true(kept >= at_least && refused >= refused_at_least);
    arena_free(a);
}

static void naughty_strings(void **state)
{
    (void)state;
    lines_survive("data/bad-input/strings/blns.txt", 700, 3);
}

static void kuhn(void **state)
{
    (void)state;
    lines_survive("data/bad-input/utf8/UTF-8-test_2003_kuhn.txt", 150, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(number_range),
        cmocka_unit_test(all_faults_at_once),
        cmocka_unit_test(faults_are_capped),
        cmocka_unit_test(syntax),
        cmocka_unit_test(depth),
        cmocka_unit_test(bad_text),
        cmocka_unit_test(zero_byte),
        cmocka_unit_test(json_test_suite),
        cmocka_unit_test(transform_suite),
        cmocka_unit_test(naughty_strings),
        cmocka_unit_test(kuhn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
