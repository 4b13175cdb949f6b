/* The log: one well-formed line an event, whatever goes in; nothing a person wrote. */
#include "base/arena.h"
#include "sys/log.h"
#include "test/unit/base/unit.h"

#include <stdio.h>
#include <string.h>

static int saved, ends[2];

static void catch_lines(void)
{
    fflush(stderr);
    assert_int_equal(pipe(ends), 0);
    saved = dup(STDERR_FILENO);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
}

/* What was logged since, without the time (which is checked): `{"time":"2026-…+08:00",`. */
static struct str caught(struct arena *a)
{
    char *p = arena_alloc(a, 60000, 1);

    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    close(saved);
    close(ends[1]);
    ssize_t n = read(ends[0], p, 60000);
    close(ends[0]);
    assert_true(n >= 0);
    return (struct str){p, (size_t)n};
}

static struct str after_time(struct str line)
{
    static const char shape[] = "{\"time\":\"0000-00-00T00:00:00.000+08:00\",";
    size_t zone = strlen("{\"time\":\"0000-00-00T00:00:00.000");

    assert_true(line.n > strlen(shape));
    for (size_t i = 0; i < strlen(shape); i++) {
        if (shape[i] == '0' && i < zone) {
            assert_true(line.p[i] >= '0' && line.p[i] <= '9');
        } else {
            assert_int_equal(line.p[i], shape[i]);
        }
    }
    return str_sub(line, strlen(shape), line.n);
}

static void test_line(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    log_set(LOG_INFO, true);
    catch_lines();
    log_line(LOG_DEBUG, "not this");
    log_line(LOG_WARN, "收到 \"%s\" \\ %d\n\x1b[2J", "x\ty", 5);
    struct str line = caught(a);
    assert_str(after_time(line), "\"level\":\"warn\",\"message\":"
                                 "\"收到 \\\"x\\u0009y\\\" \\\\ 5\\u000a\\u001b[2J\"}\n");
    arena_free(a);
}

static void test_plain(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    log_set(LOG_DEBUG, false);
    catch_lines();
    log_line(LOG_DEBUG, "a \"b\"\nc");
    struct str line = caught(a);
    assert_str(str_sub(line, strlen("2026-03-02T10:00:00.000+08:00"), line.n),
               " debug message=a \"b\"\\u000ac\n");
    arena_free(a);
}

static void test_ill_formed(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    log_set(LOG_INFO, true);
    catch_lines();
    log_line(LOG_INFO, "%s", "a\xFF\xE4z");
    assert_str(after_time(caught(a)), "\"level\":\"info\",\"message\":\"a\\u00ff\\u00e4z\"}\n");
    arena_free(a);
}

/* Long lines are cut at a character and closed; fields that no longer fit are left out. */
static void test_long(void **state)
{
    struct arena *a = arena_new(0);
    char text[12001];

    (void)state;
    log_set(LOG_INFO, true);
    for (size_t i = 0; i < 4000; i++) {
        memcpy(text + 3 * i, "申", 3);
    }
    text[12000] = '\0';
    for (size_t cut = 0; cut < 4; cut++) {
        catch_lines();
        log_line(LOG_INFO, "%.*s%s", (int)cut, "abc", text);
        struct str line = caught(a);
        assert_true(line.n <= 4096);
        assert_true(str_ends(line, S("\"}\n")));
    }
    struct err *e = err_cause(ERROR(a, ERR_DB, "库", "db"), "%s", text);
    catch_lines();
    log_err(LOG_ERROR, S("r1"), e);
    struct str line = caught(a);
    assert_true(line.n <= 4096 && line.n > 4000);
    assert_true(str_ends(line, S("申\"}\n")));
    arena_free(a);
}

static void test_error(void **state)
{
    struct arena *a = arena_new(0);
    struct err *e =
        err_cause(ERROR(a, ERR_DB, "张三的身份证", "the id of Zhang San"), "SELECT 1: locked");

    (void)state;
    log_set(LOG_INFO, true);
    catch_lines();
    log_err(LOG_ERROR, S("req-7"), e);
    struct str line = caught(a);
    assert_true(str_starts(after_time(line),
                           S("\"level\":\"error\",\"request\":\"req-7\",\"code\":\"database\","
                             "\"message\":\"Database error\",\"cause\":\"SELECT 1: locked\","
                             "\"at\":\"")));
    assert_true(str_find(line, S("test_log.c:")) > 0);
    assert_int_equal(str_find(line, S("张三")), -1); /* the detail may quote a person */
    assert_int_equal(str_find(line, S("Zhang")), -1);
    catch_lines();
    log_err(LOG_ERROR, STR_NONE, e);
    assert_int_equal(str_find(caught(a), S("request")), -1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),       cmocka_unit_test(test_plain),
        cmocka_unit_test(test_ill_formed), cmocka_unit_test(test_long),
        cmocka_unit_test(test_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
