/* Decoding by rows: every kind, absence, all faults at once with their pointers. */
#include "shared.h"

#include "sample.h"

static struct jval value(struct arena *a, const char *text)
{
    struct jval v;

    assert_null(jread(a, str_bytes(str_of(text)), &v));
    return v;
}

static void every_kind(void **state)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v = value(a, SAMPLE_FULL);

    (void)state;
    assert_null(field_decode(a, sample_rows, &v, S(""), &s));
    assert_string_equal(s.title.p, "申请\"居住");
    assert_string_equal(s.remark.p, "一\n二");
    assert_string_equal(s.from.p, "2024-02-29");
    assert_string_equal(s.mode.p, "deferral");
    assert_int_equal(s.count, -5);
    assert_int_equal(s.party_id, INT64_C(9007199254740992));
    assert_int_equal(s.fee, 12050);
    assert_int_equal(s.at, INT64_C(1772415000000));
    assert_true(s.agreed);
    assert_int_equal(jval_get(&s.extra, S("k"))->n, 2);
    assert_int_equal(s.parts.n, 2);
    const struct sample_part *parts = s.parts.p;
    assert_string_equal(parts[0].code.p, "01");
    assert_int_equal(parts[0].copies, 2);
    assert_string_equal(((const struct str *)parts[0].notes.p)->p, "原件");
    assert_int_equal(parts[1].copies, FIELD_NO_INT);
    assert_null(parts[1].notes.p);
    assert_string_equal(((const struct str *)s.tags.p)[1].p, "乙");
    assert_int_equal(((const int64_t *)s.days.p)[1], 2);
    assert_string_equal(s.main_part->code.p, "00");
    arena_free(a);
}

static void absence(void **state)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v = value(a, "{\"title\":\"办\",\"from\":\"2026-03-02\",\"party_id\":1,"
                             "\"parts\":[{\"code\":\"1\"}],\"fee\":null,\"tags\":null}");

    (void)state;
    assert_null(field_decode(a, sample_rows, &v, S(""), &s));
    assert_int_equal(s.count, FIELD_NO_INT);
    assert_int_equal(s.fee, FIELD_NO_INT);
    assert_int_equal(s.at, FIELD_NO_INT);
    assert_null(s.remark.p);
    assert_null(s.mode.p);
    assert_null(s.tags.p);
    assert_null(s.main_part);
    assert_int_equal(s.extra.type, J_NULL);
    arena_free(a);
}

/* An empty list is a value, unlike an absent one. */
static void empty_list(void **state)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v = value(a, "{\"title\":\"办\",\"from\":\"2026-03-02\",\"party_id\":1,"
                             "\"parts\":[{\"code\":\"1\"}],\"tags\":[]}");

    (void)state;
    assert_null(field_decode(a, sample_rows, &v, S(""), &s));
    assert_non_null(s.tags.p);
    assert_int_equal(s.tags.n, 0);
    arena_free(a);
}

struct wanted {
    const char *pointer, *code;
};

static void
faults(const char *text, const char *at, const struct wanted *wanted, size_t n, bool only_validate)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v = value(a, text);
    struct err *e = NULL;

    if (only_validate) {
        field_validate(a, sample_rows, &v, str_of(at), &e);
    } else {
        e = field_decode(a, sample_rows, &v, str_of(at), &s);
    }
    assert_non_null(e);
    assert_int_equal(e->code, ERR_FORM_INVALID);
    const struct err_field *f = e->fields;
    for (size_t i = 0; i < n; i++, f = f->next) {
        if (f == NULL || !str_eqz(f->pointer, wanted[i].pointer) ||
            !str_eqz(f->code, wanted[i].code)) {
            fail_msg("%s: wanted %s %s, got %s %s", text, wanted[i].pointer, wanted[i].code,
                     f == NULL ? "nothing" : f->pointer.p, f == NULL ? "" : f->code.p);
            break;
        }
        assert_true(f->zh.n > 0 && f->en.n > 0);
    }
    if (f != NULL) {
        fail_msg("%s: one more: %s %s", text, f->pointer.p, f->code.p);
    }
    arena_free(a);
}
#define FAULTS(text, at, ...)                                                                      \
    do {                                                                                           \
        const struct wanted w_[] = {__VA_ARGS__};                                                  \
        faults((text), (at), w_, sizeof(w_) / sizeof(w_[0]), false);                               \
        faults((text), (at), w_, sizeof(w_) / sizeof(w_[0]), true);                                \
    } while (0)

static void all_at_once(void **state)
{
    (void)state;
    FAULTS("{\"title\":\" \xe3\x80\x80\",\"remark\":1,\"from\":\"2026-02-30\",\"mode\":\"other\","
           "\"count\":101,\"party_id\":-1,\"fee\":\"1\",\"at\":\"yesterday\",\"agreed\":1,"
           "\"parts\":[{\"code\":\"123456789012345678901\",\"copies\":-1,\"x~y\":1},3],"
           "\"tags\":[\"\",2],\"days\":[1,2,3],\"main_part\":{},\"a/b~c\":1}",
           "/form", {"/form/title", "blank"}, {"/form/remark", "type"}, {"/form/from", "date"},
           {"/form/mode", "choice"}, {"/form/count", "large"}, {"/form/party_id", "small"},
           {"/form/fee", "type"}, {"/form/at", "instant"}, {"/form/agreed", "type"},
           {"/form/parts/0/code", "long"}, {"/form/parts/0/copies", "small"},
           {"/form/parts/0/x~0y", "unknown"}, {"/form/parts/1", "type"}, {"/form/tags/0", "short"},
           {"/form/tags/1", "type"}, {"/form/days", "many"}, {"/form/main_part/code", "required"},
           {"/form/a~1b~0c", "unknown"});
    FAULTS("{}", "", {"/title", "required"}, {"/from", "required"}, {"/party_id", "required"},
           {"/parts", "required"});
    FAULTS("{\"title\":null,\"from\":null,\"party_id\":null,\"parts\":[]}", "",
           {"/title", "required"}, {"/from", "required"}, {"/party_id", "required"},
           {"/parts", "few"});
    FAULTS("[]", "/form", {"/form", "type"});
}

#define LEAST(more)                                                                                \
    "{\"title\":\"办\",\"from\":\"2026-03-02\",\"party_id\":1,\"parts\":[{\"code\":\"1\"}]" more "}"

static void details(void **state)
{
    (void)state;
    /* SQL-only rows are not members; form lines; characters, not bytes */
    FAULTS(LEAST(",\"sealed\":\"x\""), "", {"/sealed", "unknown"});
    FAULTS("{\"title\":\"一\\n二\",\"from\":\"2026-03-02\",\"party_id\":1,"
           "\"parts\":[{\"code\":\"1\"}]}",
           "", {"/title", "line"});
    FAULTS("{\"title\":\"一二三四五六七八九十一\",\"from\":\"2026-03-02\",\"party_id\":1,"
           "\"parts\":[{\"code\":\"1\"}]}",
           "", {"/title", "long"});
    FAULTS(LEAST(",\"extra\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"), "", {"/extra", "deep"});
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v = value(a, LEAST(",\"extra\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"));
    assert_null(field_decode(a, sample_rows, &v, S(""), &s));
    arena_free(a);
}

static void labels_and_limits_are_told(void **state)
{
    struct arena *a = arena_new(0);
    struct jval v = value(a, LEAST(",\"count\":101"));
    struct err *e = NULL;

    (void)state;
    field_validate(a, sample_rows, &v, S(""), &e);
    assert_non_null(e);
    assert_string_equal(e->fields->zh.p, "数量：不能大于 100");
    assert_string_equal(e->fields->en.p, "Count: must be at most 100");
    arena_free(a);
}

static void normalised(void **state)
{
    struct arena *a = arena_new(0);
    struct sample s = {.count = 7};
    struct jval v = value(a, "{\"title\":\"e\\u0301\",\"remark\":\"e\\u0301\","
                             "\"from\":\"2026-03-02\",\"party_id\":1,"
                             "\"parts\":[{\"code\":\"1\"}]}");

    (void)state;
    assert_null(field_decode(a, sample_rows, &v, S(""), &s));
    assert_string_equal(s.title.p, "\xc3\xa9");
    assert_string_equal(s.remark.p, "e\xcc\x81");
    arena_free(a);
}

/* Rows of a form have no struct behind them. */
static void rows_without_offsets(void **state)
{
    static const struct field rows[] = {
        {.name = "reason", .kind = FIELD_TEXT, .offset = FIELD_NOWHERE, .flags = FIELD_REQUIRED},
        {.name = "days", .kind = FIELD_INT, .offset = FIELD_NOWHERE},
        {.name = "list", .kind = FIELD_CHOICE, .offset = FIELD_NOWHERE},
        FIELD_END,
    };
    struct arena *a = arena_new(0);
    struct jval v = value(a, "{\"reason\":\"r\",\"days\":-900,\"list\":\"any\"}");
    struct err *e = NULL;

    (void)state;
    field_validate(a, rows, &v, S("/form"), &e);
    assert_null(e);
    assert_null(field_decode(a, rows, &v, S("/form"), &(int){0}));
    v = value(a, "{\"days\":true}");
    field_validate(a, rows, &v, S("/form"), &e);
    assert_non_null(e);
    assert_string_equal(e->fields->pointer.p, "/form/reason");
    assert_string_equal(e->fields->en.p, "reason: is required"); /* no label: the name */
    assert_string_equal(e->fields->next->pointer.p, "/form/days");
    arena_free(a);
}

/* A megabyte of wrong elements or members neither fills the arena nor takes long. */
static void floods(void **state)
{
    static const char *const floods[][2] = {
        {"{\"tags\":[", "1,"}, {"{\"parts\":[", "{},"}, {"{\"main_part\":{\"code\":[", "[],"}};

    (void)state;
    for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
        struct arena *a = arena_new(0);
        struct sample s = {.count = 7};
        struct err *e = NULL;
        struct buf text;
        struct jval v;

        buf_init(&text, a, 1 << 20);
        buf_putz(&text, floods[i][0]);
        while (text.n + 10 < 1 << 20) {
            buf_putz(&text, floods[i][1]);
        }
        text.n--; /* the last comma */
        buf_putz(&text, i == 2 ? "]}}" : "]}");
        assert_null(jread(a, buf_bytes(&text), &v));
        assert_non_null(field_decode(a, sample_rows, &v, S(""), &s));
        field_validate(a, sample_rows, &v, S(""), &e);
        assert_non_null(e);
        arena_free(a);
    }
}

static void many_unknown_members(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e = NULL;
    struct buf text;
    struct jval v;

    (void)state;
    buf_init(&text, a, 1 << 20);
    buf_putz(&text, "{\"x\":1");
    for (int i = 0; i < 60000; i++) {
        buf_fmt(&text, ",\"member%d\":1", i);
    }
    buf_putz(&text, "}");
    assert_null(jread(a, buf_bytes(&text), &v));
    size_t before = arena_used(a);
    field_validate(a, sample_rows, &v, S(""), &e);
    assert_true(field_faults_full(e));
    assert_true(arena_used(a) - before < 100000);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind), cmocka_unit_test(absence),
        cmocka_unit_test(empty_list), cmocka_unit_test(all_at_once),
        cmocka_unit_test(details),    cmocka_unit_test(labels_and_limits_are_told),
        cmocka_unit_test(normalised), cmocka_unit_test(rows_without_offsets),
        cmocka_unit_test(floods),     cmocka_unit_test(many_unknown_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
