/* Templates are refused with the place of every fault; the small languages mean what they say. */
#include "letters.h"

#include "print/letter_set.h"

#include <string.h>

#define HEAD "title: 甲\ntitle_en: A\nmark: 甲\n"

static struct err *read_one(struct arena *a, const char *text, struct letter_set **ret)
{
    const char *common = "words: {way: {post: 邮寄}}\nparts:\n  end: [\"完。\", \"{n\"]\n";
    const char *good =
        "words: {way: {post: 邮寄}}\nparts:\n  end:\n    - 完。\n    - \"{office}\"\n";
    bool bad_common = strncmp(text, "COMMON", 6) == 0;
    struct embed_file files[2] = {
        {"_common.yaml", (const unsigned char *)(bad_common ? common : good),
         strlen(bad_common ? common : good)},
        {"one.yaml", (const unsigned char *)text, strlen(text)},
    };

    return letter_set_read(a, files, COUNT_OF(files), ret);
}

/* Each fault alone, with its place. */
static void faults(void **state)
{
    static const struct {
        const char *text, *pointer, *en;
    } CASES[] = {
        {HEAD "body: [\"{party.nam}\"]\n", "one.yaml:4:8", "there is no such value: party.nam"},
        {HEAD "body: [\"{parti.name}\"]\n", "one.yaml:4:8", "there is no such value: parti.name"},
        {HEAD "body: [\"{party}\"]\n", "one.yaml:4:8", "there is no such value: party"},
        {HEAD "body: [\"{date.year}\"]\n", "one.yaml:4:8", "there is no such value: date.year"},
        {HEAD "body: [\"{clocks.reply.dew}\"]\n", "one.yaml:4:8",
         "there is no such value: clocks.reply.dew"},
        {HEAD "body: [\"{clocks.reply}\"]\n", "one.yaml:4:8",
         "there is no such value: clocks.reply"},
        {HEAD "body: [\"{form.Way}\"]\n", "one.yaml:4:8", "there is no such value: form.Way"},
        {HEAD "body: [\"{form.}\"]\n", "one.yaml:4:8", "there is no such value: form."},
        {HEAD "body: [\"{}\"]\n", "one.yaml:4:8", "there is no such value: "},
        {HEAD "body: [\"{row.name}\"]\n", "one.yaml:4:8", "there is no such value: row.name"},
        {HEAD "body: [\"{n}\"]\n", "one.yaml:4:8", "there is no such value: n"},
        {HEAD "body: [\"{form.way:ways}\"]\n", "one.yaml:4:8", "there are no such words: ways"},
        {HEAD "body: [\"{form.a|form.b|form.c|form.d|form.e}\"]\n", "one.yaml:4:8",
         "too many alternatives: form.a|form.b|form.c|form.d|form.e"},
        {HEAD "body: [\"a {date\"]\n", "one.yaml:4:8",
         "braces or brackets do not match, or too many pieces"},
        {HEAD "body: [\"a } b\"]\n", "one.yaml:4:8",
         "braces or brackets do not match, or too many pieces"},
        {HEAD "body: [\"a [b\"]\n", "one.yaml:4:8",
         "braces or brackets do not match, or too many pieces"},
        {HEAD "body: [\"a ] b\"]\n", "one.yaml:4:8",
         "braces or brackets do not match, or too many pieces"},
        {HEAD "body: [\"a [b [c]]\"]\n", "one.yaml:4:8",
         "braces or brackets do not match, or too many pieces"},
        {HEAD "body: [{when: party.age, text: a}]\n", "one.yaml:4:15",
         "there is no such value: party.age"},
        {HEAD "body: [{when: not, text: a}]\n", "one.yaml:4:15", "there is no such value: not"},
        {HEAD "body: [{when: [date, date, date, date, date], text: a}]\n", "one.yaml:4:15",
         "too many conditions"},
        {HEAD "body: [{text: a, wen: date}]\n", "one.yaml:4:18", "unknown key: wen"},
        {HEAD "body: [{when: date}]\n", "one.yaml:4:8", "text needed: text"},
        {HEAD "body: [{text: a, where: date}]\n", "one.yaml:4:8", "where and none go with each"},
        {HEAD "body: [{use: start}]\n", "one.yaml:4:8", "no such shared paragraphs"},
        {HEAD "body: a\n", "one.yaml:4:7", "a list of paragraphs is needed here"},
        {HEAD "body: [a]\nlayout: poster\n", "one.yaml:5:9", "no such layout"},
        {HEAD "body: [a]\nwords: {way: {a: b}}\n", "one.yaml:5:14",
         "these words are in _common.yaml already"},
        {HEAD "bodi: [a]\nbody: [a]\n", "one.yaml:4:1", "unknown key: bodi"},
        {HEAD "notes: [a]\n", "one.yaml:1:1", "the letter says nothing"},
        {"title: 甲\nmark: 甲\nbody: [a]\n", "one.yaml:1:1", "text needed: title_en"},
        {"- a\n", "one.yaml:1:1", "a template is a map"},
        {HEAD "title: 乙\nbody: [a]\n", "one.yaml:4:1", NULL},
        {"COMMON", "_common.yaml:3:15", "braces or brackets do not match, or too many pieces"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct arena *a = arena_new(0);
        struct letter_set *s;
        struct err *e = read_one(a, CASES[i].text, &s);

        if (e == NULL || e->fields == NULL) {
            fail_msg("taken: %s", CASES[i].text);
            return;
        }
        assert_int_equal(e->code, ERR_DEFINITION);
        assert_string_equal(str_z(a, e->fields->pointer), CASES[i].pointer);
        if (CASES[i].en != NULL) {
            assert_string_equal(str_z(a, e->fields->en), CASES[i].en);
        }
        assert_true(e->fields->zh.n > 0);
        arena_free(a);
    }
}

static void all_faults_at_once(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s;
    struct err *e = read_one(a, HEAD "body: [\"{a}\", \"{b}\"]\nnotes: [\"{c}\"]\n", &s);
    size_t n = 0;

    (void)state;
    assert_non_null(e);
    for (struct err_field *f = e->fields; f != NULL; f = f->next) {
        n++;
    }
    assert_int_equal(n, 3);
    arena_free(a);
}

static void marks_are_unique(void **state)
{
    struct arena *a = arena_new(0);
    const unsigned char *text = (const unsigned char *)HEAD "body: [a]\n";
    struct embed_file files[2] = {{"a.yaml", text, sizeof(HEAD "body: [a]\n") - 1},
                                  {"b.yaml", text, sizeof(HEAD "body: [a]\n") - 1}};
    struct letter_set *s;
    struct err *e = letter_set_read(a, files, 2, &s);

    (void)state;
    assert_non_null(e);
    assert_string_equal(str_z(a, e->fields->pointer), "b.yaml:1:1");
    assert_string_equal(str_z(a, e->fields->en), "same mark as a");
    arena_free(a);
}

/* One paragraph with this data. */
static void says(const char *paragraph, const char *data, const char *wanted)
{
    struct arena *a = arena_new(0);
    struct letter_set *s;
    struct letter_text t;
    struct jval v = value(a, data);

    ok(read_one(a, str_z(a, str_fmt(a, HEAD "body:\n  - %s\n", paragraph)), &s));
    ok(letter_compose(a, s, S("one"), &v, &t));
    assert_string_equal(whole(a, &t), wanted);
    arena_free(a);
}

static void values(void **state)
{
    (void)state;
    says("\"{date} {by}\"", "{\"date\": \"今天\"}", "今天 ——\n");
    says("\"{by|unit|office?无人}\"", "{\"unit\": \" \", \"office\": \"大厅\"}", "大厅\n");
    says("\"{by|unit?无人}\"", "{}", "无人\n");
    says("\"{form.way:way}，{form.other:way?不详}\"",
         "{\"form\": {\"way\": \"post\", \"other\": \"x\"}}", "邮寄，x\n");
    says("\"甲[（{by}）]乙[；{date}]\"", "{\"date\": \"今天\"}", "甲乙；今天\n");
    says("\"{form.on} {form.no} {form.yes}\"",
         "{\"form\": {\"on\": \"2026-02-03\", \"no\": \"2026-02-30\", \"yes\": false}}",
         "2026年2月3日 2026-02-30 否\n");
    says("{use: end}", "{\"office\": \"大厅\"}", "完。\n大厅\n");
    says("\"{form.a.b.c}\"", "{\"form\": {\"a\": {\"b\": {\"c\": 7}}}}", "7\n");
}

static void conditions(void **state)
{
    (void)state;
    says("{when: date, text: 甲}", "{\"date\": \"x\"}", "甲\n");
    says("{when: date, text: 甲}", "{\"date\": \"\"}", "");
    says("{when: form.ok, text: 甲}", "{\"form\": {\"ok\": false}}", "");
    says("{when: not form.ok, text: 甲}", "{\"form\": {\"ok\": false}}", "甲\n");
    says("{when: form.x = 3, text: 甲}", "{\"form\": {\"x\": 3}}", "甲\n");
    says("{when: form.x != a, text: 甲}", "{}", "甲\n");
    says("{when: form.x in a b, text: 甲}", "{\"form\": {\"x\": \"b\"}}", "甲\n");
    says("{when: form.x in a b, text: 甲}", "{\"form\": {\"x\": \"a b\"}}", "");
    says("{when: form.x in a b, text: 甲}", "{}", "");
    says("{when: [date, not by], text: 甲}", "{\"date\": \"x\", \"by\": \"y\"}", "");
}

static void lists(void **state)
{
    (void)state;
    says("{each: verdicts, where: row.result = fix, text: \"{n}. {row.name}[：{row.note}]\", none: "
         "无}",
         "{\"verdicts\": [{\"name\": \"a\", \"result\": \"ok\"}, {\"name\": \"b\", \"result\": "
         "\"fix\"}, {\"name\": \"c\", \"result\": \"fix\", \"note\": \"d\"}]}",
         "1. b\n2. c：d\n");
    says("{each: verdicts, where: row.result = fix, text: \"{n}\", none: 无}",
         "{\"verdicts\": [{\"result\": \"ok\"}]}", "无\n");
    says("{each: form.list, text: \"{row}\"}", "{\"form\": {\"list\": [\"a\", 2]}}", "a\n2\n");
    says("{each: form.list, text: \"{row}\"}", "{\"form\": {\"list\": \"a\"}}", "");
    says("\"{form.list}\"", "{\"form\": {\"list\": [\"甲\", {\"name\": {\"zh\": \"乙\"}}, null]}}",
         "甲、乙\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults),           cmocka_unit_test(all_faults_at_once),
        cmocka_unit_test(marks_are_unique), cmocka_unit_test(values),
        cmocka_unit_test(conditions),       cmocka_unit_test(lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
