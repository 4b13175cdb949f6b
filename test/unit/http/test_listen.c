/* Listening sockets: every form of address, and a clear word for each failure. */
#include "base/check.h"
#include "http/inner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_tcp(void **state)
{
    static const char *const good[] = {"127.0.0.1:0", "localhost:0", "0.0.0.0:0", ":0"};
    static const char *const bad[] = {"",          "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                      "nowhere:0", "[::1:0",    "1.2.3:0"};
    struct arena *a = arena_new(0);
    int fd;
    int port;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_null(listen_tcp(a, str_of(good[i]), &fd, &port));
        assert_true(port > 0);
        (void)close(fd);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct err *e = listen_tcp(a, str_of(bad[i]), &fd, &port);
        assert_non_null(e);
        assert_int_equal(e->code, ERR_CONF);
    }
    arena_free(a);
}

static void test_taken(void **state)
{
    struct arena *a = arena_new(0);
    int first;
    int second;
    int port;

    (void)state;
    assert_null(listen_tcp(a, S("127.0.0.1:0"), &first, &port));
    const struct err *e = listen_tcp(a, str_fmt(a, "127.0.0.1:%d", port), &second, &port);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_CONF);
    assert_true(str_find(e->zh, S("占用")) > 0 && str_find(e->en, S("already uses")) > 0);
    assert_true(str_find(e->hint_zh, S("PORT=")) > 0 && str_find(e->hint_en, S("PORT=")) > 0);
    (void)close(first);
    arena_free(a);
}

static void test_local(void **state)
{
    struct arena *a = arena_new(0);
    char dir[] = "/tmp/huhang-listen-XXXXXX";
    struct stat st;
    int fd;

    (void)state;
    assert_non_null(mkdtemp(dir));
    struct str path = str_fmt(a, "%s/admin.sock", dir);
    mode_t old = umask(0);
    for (int i = 0; i < 2; i++) { /* the second time over the left socket */
        assert_null(listen_local(a, path, &fd));
        assert_int_equal(stat(path.p, &st), 0);
        assert_true(S_ISSOCK(st.st_mode));
        assert_int_equal(st.st_mode & 0777, 0600);
        (void)close(fd);
    }
    (void)umask(old);
    assert_int_equal(unlink(path.p), 0);
    FILE *f = fopen(path.p, "w"); /* a plain file is not ours to remove */
    assert_non_null(f);
    (void)fclose(f);
    assert_non_null(listen_local(a, path, &fd));
    assert_int_equal(stat(path.p, &st), 0);
    assert_int_equal(unlink(path.p), 0);
    assert_int_equal(rmdir(dir), 0);

    char *p = ARENA_ARRAY(a, char, 121);
    for (size_t i = 0; i < 120; i++) {
        p[i] = 'a';
    }
    const struct err *e = listen_local(a, (struct str){p, 120}, &fd);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_CONF);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
