/* The JSON writer: commas, escapes, repaired text, depth. That wrong use stops the process is seen
 * in a child process. */
#include "shared.h"

#include "wire/jval.h"

#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct arena *a;
    struct buf out;
    struct jw w;
};

static struct fixture begin(void)
{
    struct fixture f = {.a = arena_new(0)};

    buf_init(&f.out, f.a, 0);
    return f;
}

static void nested(void **state)
{
    struct fixture f = begin();
    struct jw *w = &f.w;

    (void)state;
    jw_init(w, &f.out);
    jw_obj(w);
    jw_kstr(w, "a", S("x"));
    jw_key(w, S("b"));
    jw_list(w);
    jw_int(w, INT64_MIN);
    jw_obj(w);
    jw_end_obj(w);
    jw_list(w);
    jw_end_list(w);
    jw_bool(w, false);
    jw_null(w);
    jw_str(w, STR_NONE);
    jw_raw(w, S("{\"r\":1}"));
    jw_end_list(w);
    jw_kint(w, "c", 0);
    jw_kbool(w, "d", true);
    jw_end_obj(w);
    assert_string_equal(f.out.p, "{\"a\":\"x\",\"b\":[-9223372036854775808,{},[],false,null,null,"
                                 "{\"r\":1}],\"c\":0,\"d\":true}");
    arena_free(f.a);
}

static void text_is(const char *in, const char *out)
{
    struct fixture f = begin();

    jw_init(&f.w, &f.out);
    jw_str(&f.w, str_of(in));
    assert_string_equal(f.out.p, out);
    arena_free(f.a);
}

static void texts(void **state)
{
    (void)state;
    text_is("", "\"\"");
    text_is("申请 𠮷", "\"申请 𠮷\"");
    text_is("\"\\/\n\r\t\x01\x1f\x7f", "\"\\\"\\\\/\\n\\r\\t\\u0001\\u001f\x7f\"");
    /* broken text never makes broken JSON */
    text_is("a\xff", "\"a\xef\xbf\xbd\"");
    text_is("\xe4\xb8", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void deepest(void **state)
{
    struct fixture f = begin();

    (void)state;
    jw_init(&f.w, &f.out);
    for (int i = 0; i < JW_MAX_DEPTH; i++) {
        jw_list(&f.w);
    }
    jw_int(&f.w, 1);
    jw_int(&f.w, 2);
    for (int i = 0; i < JW_MAX_DEPTH; i++) {
        jw_end_list(&f.w);
    }
    assert_int_equal(f.out.n, 2 * JW_MAX_DEPTH + 3);
    arena_free(f.a);
}

static void too_deep(struct jw *w)
{
    for (int i = 0; i <= JW_MAX_DEPTH; i++) {
        jw_list(w);
    }
}

static void value_without_key(struct jw *w)
{
    jw_obj(w);
    jw_int(w, 1);
}

static void key_in_list(struct jw *w)
{
    jw_list(w);
    jw_key(w, S("k"));
}

static void wrong_end(struct jw *w)
{
    jw_obj(w);
    jw_end_list(w);
}

static void end_after_key(struct jw *w)
{
    jw_obj(w);
    jw_key(w, S("k"));
    jw_end_obj(w);
}

static void stops(void (*fn)(struct jw *))
{
    pid_t child = fork();

    if (child == 0) {
        struct fixture f = begin();

        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(0);
        }
        jw_init(&f.w, &f.out);
        fn(&f.w);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void wrong_use_stops(void **state)
{
    (void)state;
    stops(too_deep);
    stops(value_without_key);
    stops(key_in_list);
    stops(wrong_end);
    stops(end_after_key);
}

static void values(void **state)
{
    static const char text[] = "{\"b\":[1,-2,\"x\",true,null,{}],\"a\":{\"c\":[]}}";
    struct arena *a = arena_new(0);
    struct jval v;

    (void)state;
    assert_null(jread(a, str_bytes(str_of(text)), &v));
    assert_string_equal(jval_text(a, &v).p, text);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested),          cmocka_unit_test(texts),  cmocka_unit_test(deepest),
        cmocka_unit_test(wrong_use_stops), cmocka_unit_test(values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
