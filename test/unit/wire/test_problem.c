/* Problems: both languages, what a server's fault may say, and that `cause` never appears. */
#include "shared.h"

#include "wire/problem.h"

static enum lang lang_of(const char *z)
{
    return lang_of_header(str_of(z));
}

static void languages(void **state)
{
    static const char *const zh[] = {"",         "zh",          "zh-CN,zh;q=0.9,en;q=0.8",
                                     "fr, de",   "*",           "en;q=0",
                                     "en;q=2",   "en;q=x",      "en;q=0.5,zh-Hans;q=0.6",
                                     "english",  "zh,en",       "en ; q=0.1 , zh ; q=0.2",
                                     "en;q=0,*", "en;q=0.99, *"};
    static const char *const en[] = {"en",       "EN-gb",      "en-GB;q=0.9, zh;q=0.1",
                                     "fr, en",   "zh;q=0, *",  "en,zh",
                                     "en;q=0.8", "*;q=0.5,en", "zh;q=0.1\t,\ten;q=0.125"};

    (void)state;
    assert_int_equal(lang_of(NULL), LANG_ZH);
    for (size_t i = 0; i < sizeof(zh) / sizeof(zh[0]); i++) {
        if (lang_of(zh[i]) != LANG_ZH) {
            fail_msg("%s is not en", zh[i]);
        }
    }
    for (size_t i = 0; i < sizeof(en) / sizeof(en[0]); i++) {
        if (lang_of(en[i]) != LANG_EN) {
            fail_msg("%s is en", en[i]);
        }
    }
}

static struct err *sample(struct arena *a, enum err_code code)
{
    struct err *e = ERROR(a, code, "详情%d", "detail %d", 7);

    err_hint(e, "提示", "hint");
    err_field(e, S("/a~1b/0"), "long", S("太长"), S("too \"long\""));
    err_field(e, S("/c"), "type", S("类型"), S("type"));
    err_member(e, "acts", S("[{\"act\":\"accept\"}]"));
    err_cause(e, "SQLSTATE 23505 secret");
    e->retry_after_s = 3;
    return e;
}

static void both_languages(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e = sample(a, ERR_FORM_INVALID);

    (void)state;
    assert_string_equal(problem_text(a, e, LANG_EN, S("r-1")).p,
                        "{\"type\":\"/problems/form-invalid\","
                        "\"title\":\"Some fields need correction\",\"status\":422,"
                        "\"code\":\"form-invalid\",\"detail\":\"detail 7\","
                        "\"instance\":\"/requests/r-1\",\"hint\":\"hint\",\"retry_after\":3,"
                        "\"errors\":[{\"pointer\":\"/a~1b/0\",\"code\":\"long\","
                        "\"detail\":\"too \\\"long\\\"\"},{\"pointer\":\"/c\",\"code\":\"type\","
                        "\"detail\":\"type\"}],\"acts\":[{\"act\":\"accept\"}]}");
    assert_string_equal(problem_text(a, e, LANG_ZH, S("r-1")).p,
                        "{\"type\":\"/problems/form-invalid\",\"title\":\"有内容需要改正\","
                        "\"status\":422,\"code\":\"form-invalid\",\"detail\":\"详情7\","
                        "\"instance\":\"/requests/r-1\",\"hint\":\"提示\",\"retry_after\":3,"
                        "\"errors\":[{\"pointer\":\"/a~1b/0\",\"code\":\"long\","
                        "\"detail\":\"太长\"},{\"pointer\":\"/c\",\"code\":\"type\","
                        "\"detail\":\"类型\"}],\"acts\":[{\"act\":\"accept\"}]}");
    arena_free(a);
}

static void nothing_said_nothing_written(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e = ERROR(a, ERR_NOT_FOUND, "没有", "none");

    (void)state;
    assert_string_equal(problem_text(a, e, LANG_EN, STR_NONE).p,
                        "{\"type\":\"/problems/not-found\",\"title\":\"Not found\",\"status\":404,"
                        "\"code\":\"not-found\",\"detail\":\"none\"}");
    arena_free(a);
}

static bool contains(struct str s, const char *part)
{
    return str_find(s, str_of(part)) >= 0;
}

/* Every code of the list, in both languages. */
static void secrecy(void **state)
{
    (void)state;
    for (int code = 0; code < ERR_CODE_MAX; code++) {
        struct arena *a = arena_new(0);
        struct err *e = sample(a, (enum err_code)code);
        const struct err_info *info = err_info((enum err_code)code);

        for (int lang = 0; lang < 2; lang++) {
            struct str text = problem_text(a, e, lang == 0 ? LANG_ZH : LANG_EN, S("r"));
            struct jval v;

            assert_null(jread(a, str_bytes(text), &v));
            assert_string_equal(jval_str(jval_get(&v, S("title"))).p,
                                lang == 0 ? info->zh : info->en);
            assert_int_equal(jval_int(jval_get(&v, S("status")), 0), info->status);
            assert_true(jval_str(jval_get(&v, S("hint"))).n > 0);
            assert_false(contains(text, "SQLSTATE") || contains(text, "cause") ||
                         contains(text, ".c"));
            bool says = contains(text, lang == 0 ? "详情7" : "detail 7");
            assert_int_equal(says, info->status < 500);
            assert_int_equal(jval_get(&v, S("errors")) != NULL, info->status < 500);
            assert_int_equal(jval_get(&v, S("acts")) != NULL, info->status < 500);
        }
        arena_free(a);
    }
}

static void server_fault_always_hints(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e = ERROR(a, ERR_DB, "表 matter", "table matter");

    (void)state;
    assert_string_equal(
        problem_text(a, e, LANG_EN, S("r")).p,
        "{\"type\":\"/problems/database\",\"title\":\"Database error\",\"status\":500,"
        "\"code\":\"database\",\"instance\":\"/requests/r\",\"hint\":\"Please try again later; "
        "if it still fails, tell the staff the number shown here.\"}");
    e = ERROR(a, ERR_BUSY, "队列满", "queue full");
    assert_true(contains(problem_text(a, e, LANG_ZH, S("r")), "请稍候再试"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages),
        cmocka_unit_test(both_languages),
        cmocka_unit_test(nothing_said_nothing_written),
        cmocka_unit_test(secrecy),
        cmocka_unit_test(server_fault_always_hints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
