/* Settings: order of weight, bounds, and all faults in one error. */
#include "base/check.h"
#include "sys/conf.h"
#include "sys/file.h"
#include "test/unit/sys/folder.h"

static void write_conf(struct arena *a, const char *folder, const char *text)
{
    const char *path = str_fmt(a, "%s/huhang.conf", folder).p;

    assert_null(file_write(a, path, str_bytes(str_of(text)), 0600));
}

static void test_defaults(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    struct conf c;

    (void)state;
    assert_null(conf_load(a, str_of(folder), NULL, 0, &c));
    assert_str(c.data, folder);
    assert_str(c.db, "");
    assert_str(c.listen, "127.0.0.1:8080");
    assert_str(c.key_file, "");
    assert_int_equal(c.batch_max, 32);
    assert_int_equal(c.body_max_bytes, 1048576);
    assert_int_equal(c.lock_out_after, 5);
    assert_false(c.demo);
    assert_false(c.secure_cookies);
    arena_free(a);
}

static void test_weight(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    const struct str overrides[] = {S("read_threads=7"), S("db=postgresql://h/d?x=y")};
    struct conf c;

    (void)state;
    write_conf(a, folder,
               "# 说明\n\n read_threads = 3 \r\nslow_threads=4\nbatch_max = 5\n"
               "procedures = /srv/程序 定义\n");
    assert_int_equal(setenv("HUHANG_READ_THREADS", "6", 1), 0);
    assert_int_equal(setenv("HUHANG_SLOW_THREADS", " 8 ", 1), 0);
    assert_int_equal(setenv("HUHANG_KEY_FILE", "/etc/huhang.key", 1), 0);
    assert_null(conf_load(a, str_of(folder), overrides, COUNT_OF(overrides), &c));
    assert_int_equal(c.read_threads, 7); /* command line */
    assert_int_equal(c.slow_threads, 8); /* environment */
    assert_int_equal(c.batch_max, 5);    /* file */
    assert_str(c.db, "postgresql://h/d?x=y");
    assert_str(c.procedures, "/srv/程序 定义");
    assert_str(c.key_file, "/etc/huhang.key");
    (void)unsetenv("HUHANG_READ_THREADS");
    (void)unsetenv("HUHANG_SLOW_THREADS");
    (void)unsetenv("HUHANG_KEY_FILE");
    arena_free(a);
}

static void test_all_faults_at_once(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    const struct str overrides[] = {S("listen=nowhere"), S("demo=yes"), S("loose")};
    static const char *const want[] = {"/read_threads",   "/colour",    "/words",
                                       "/secure_cookies", "/batch_max", "/listen",
                                       "/demo",           "/loose",     "/tls_key"};
    struct conf c;
    size_t n = 0;

    (void)state;
    write_conf(a, folder,
               "read_threads = 0\ncolour = red\nwords\nsecure_cookies = maybe\ntls_cert = c.pem\n");
    assert_int_equal(setenv("HUHANG_BATCH_MAX", "1e2", 1), 0);
    struct err *e = conf_load(a, str_of(folder), overrides, COUNT_OF(overrides), &c);
    (void)unsetenv("HUHANG_BATCH_MAX");
    assert_int_equal(e->code, ERR_CONF);
    for (struct err_field *f = e->fields; f != NULL; f = f->next) {
        assert_true(n < COUNT_OF(want));
        assert_str(f->pointer, want[n++]);
        assert_true(f->zh.n > 0 && f->en.n > 0);
    }
    assert_int_equal(n, COUNT_OF(want));
    assert_true(str_find(e->fields->zh, S("第 1 行")) >= 0);
    assert_true(str_find(e->fields->en, S("line 1: must be a whole number from 1 to 64")) >= 0);
    arena_free(a);
}

static void test_text_checks(void **state)
{
    static const struct {
        const char *setting;
        bool ok;
    } cases[] = {
        {"listen=0.0.0.0:80", true},
        {"listen=[::1]:8080", true},
        {"listen=localhost:0", true},
        {"listen=::1:8080", false},
        {"listen=:8080", false},
        {"listen=127.0.0.1", false},
        {"listen=127.0.0.1:65536", false},
        {"listen=127.0.0.1:", false},
        {"listen=", false},
        {"origin=https://hall.example.cn", true},
        {"origin=http://10.0.0.1:8080", true},
        {"origin=", true},
        {"origin=hall.example.cn", false},
        {"origin=https://hall.example.cn/", false},
        {"origin=https://", false},
        {"db=", true},
        {"db=postgres://u@h/d", true},
        {"db=mysql://h", false},
        {"db=huhang.db", false},
        {"upload_max_bytes=4294967296", true},
        {"upload_max_bytes=4294967297", false},
    };
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    struct conf c;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str setting = str_of(cases[i].setting);

        if ((conf_load(a, str_of(folder), &setting, 1, &c) == NULL) != cases[i].ok) {
            fail_msg("%s", cases[i].setting);
        }
    }
    arena_free(a);
}

static void test_secure_cookies(void **state)
{
    static const struct {
        const char *first, *second, *third;
        bool secure;
    } cases[] = {
        {"origin=", "db=", "db=", false},
        {"origin=https://a.cn", "db=", "db=", true},
        {"tls_cert=c", "tls_key=k", "db=", true},
        {"origin=https://a.cn", "db=", "secure_cookies=no", false},
        {"origin=", "db=", "secure_cookies=yes", true},
        {"origin=https://a.cn", "db=", "draw_letters=no", true}, /* another flag decides nothing */
    };
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    struct conf c;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct str settings[] = {str_of(cases[i].first), str_of(cases[i].second),
                                       str_of(cases[i].third)};

        assert_null(conf_load(a, str_of(folder), settings, 3, &c));
        assert_int_equal(c.secure_cookies, cases[i].secure);
    }
    arena_free(a);
}

static void test_unreadable(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    struct conf c;

    (void)state;
    write_conf(a, folder, "origin = \xFF\n");
    assert_int_equal(conf_load(a, str_of(folder), NULL, 0, &c)->code, ERR_CONF);
    arena_free(a);
}

static void test_doc(void **state)
{
    struct arena *a = arena_new(0);
    struct str doc = conf_doc(a);

    (void)state;
    assert_true(str_find(doc, S("batch_max = 32\n    1 … 64\n")) >= 0);
    assert_true(str_find(doc, S("HUHANG_KEY_FILE")) >= 0);
    assert_true(str_find(doc, S("监听地址")) >= 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_weight),
        cmocka_unit_test(test_all_faults_at_once),
        cmocka_unit_test(test_text_checks),
        cmocka_unit_test(test_secure_cookies),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_doc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
