/* Files: durable writes, bounded reads, and every failure an error that names the path. */
#include "sys/fail.h"
#include "sys/file.h"
#include "test/unit/sys/folder.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>

static struct bytes text(const char *z)
{
    return str_bytes(str_of(z));
}

static void test_write_and_read(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    const char *path = str_fmt(a, "%s/账.txt", folder).p;
    struct bytes got;
    struct str *names;
    struct stat st;
    int64_t size;
    size_t n;

    (void)state;
    assert_false(file_exists(path));
    assert_null(file_write(a, path, text("旧"), 0600));
    assert_null(file_write(a, path, text("新的"), 0640));
    assert_true(file_exists(path));
    assert_null(file_read(a, path, 6, &got));
    assert_str(bytes_str(got), "新的");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640); /* whatever the umask */
    assert_null(file_size(a, path, &size));
    assert_int_equal(size, 6);
    assert_null(file_list(a, folder, &names, &n)); /* no temporary file is left */
    assert_int_equal(n, 1);
    assert_str(names[0], "账.txt");
    arena_free(a);
}

static void test_read_is_bounded(void **state)
{
    struct arena *a = arena_new(0);
    const char *path = str_fmt(a, "%s/f", folder_new(a)).p;
    struct bytes got;

    (void)state;
    assert_null(file_write(a, path, text("12345"), 0600));
    assert_null(file_read(a, path, 5, &got));
    assert_int_equal(file_read(a, path, 4, &got)->code, ERR_IO);
    assert_int_equal(file_read(a, "/dev/zero", 100000, &got)->code, ERR_IO); /* no size known */
    assert_null(file_read(a, "/dev/null", 0, &got));
    assert_int_equal(got.n, 0);
    assert_null(file_write(a, path, text(""), 0600));
    assert_null(file_read(a, path, 0, &got));
    assert_non_null(got.p); /* empty is not none */
    arena_free(a);
}

static void test_large(void **state)
{
    struct arena *a = arena_new(0);
    const char *path = str_fmt(a, "%s/f", folder_new(a)).p;
    unsigned char *p = arena_alloc(a, 300000, 1);
    struct bytes got;

    (void)state;
    for (int i = 0; i < 300000; i++) {
        p[i] = (unsigned char)(i * 7 / 3);
    }
    assert_null(file_write(a, path, (struct bytes){p, 300000}, 0600));
    assert_null(file_read(a, path, 300000, &got));
    assert_int_equal(got.n, 300000);
    assert_memory_equal(got.p, p, 300000);
    arena_free(a);
}

static void test_failures(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    const char *path = str_fmt(a, "%s/none/f", folder).p;
    struct bytes got;
    int64_t size;
    struct str *names;
    size_t n;

    (void)state;
    struct err *e = file_read(a, path, 10, &got);
    assert_int_equal(e->code, ERR_IO);
    assert_true(str_find(e->zh, str_of(path)) >= 0);
    assert_true(str_find(e->en, S("No such file")) >= 0);
    assert_non_null(file_write(a, path, text("x"), 0600));
    assert_non_null(file_size(a, path, &size));
    assert_non_null(file_rename(a, path, folder));
    assert_non_null(file_list(a, path, &names, &n));
    assert_non_null(file_read(a, folder, 10, &got)); /* a folder */
    assert_non_null(file_sync(a, -1));
    assert_null(file_remove(a, str_fmt(a, "%s/absent", folder).p));
    assert_non_null(file_remove(a, folder));
    assert_int_equal(file_write(a, "/dev/full/x", text("x"), 0600)->code, ERR_IO);
    arena_free(a);
}

/* A write that cannot finish leaves the old content whole and no temporary file. */
static void test_unfinished_write(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    const char *path = str_fmt(a, "%s/f", folder).p;
    struct bytes got;
    struct str *names;
    size_t n;

    (void)state;
    assert_null(file_write(a, path, text("kept"), 0600));
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0, 0};
        struct sigaction ignore = {.sa_handler = SIG_IGN};

        (void)sigaction(SIGXFSZ, &ignore, NULL);
        (void)setrlimit(RLIMIT_FSIZE, &none);
        struct err *e = file_write(a, path, text("new content"), 0600);
        _exit(e != NULL && e->code == ERR_IO ? 0 : 1);
    }
    int status = -1;
    assert_true(waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
    assert_null(file_read(a, path, 100, &got)); /* the old content, whole */
    assert_str(bytes_str(got), "kept");
    assert_null(file_list(a, folder, &names, &n));
    assert_int_equal(n, 1);
    arena_free(a);
}

/* A full disk is an error of its own: nothing was saved, and trying again later may help. */
static void test_disk_full(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    errno = ENOSPC;
    struct err *e = file_fail(a, "DIR/f", "write");
    assert_int_equal(e->code, ERR_DISK_FULL);
    assert_true(e->hint_zh.n > 0 && e->hint_en.n > 0);
    errno = EDQUOT;
    assert_int_equal(file_fail(a, "DIR/f", "write")->code, ERR_DISK_FULL);
    errno = EIO;
    assert_int_equal(file_fail(a, "DIR/f", "write")->code, ERR_IO);
    arena_free(a);
}

static void test_parent(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_string_equal(file_parent(a, "/a/b"), "/a");
    assert_string_equal(file_parent(a, "/a/b/"), "/a");
    assert_string_equal(file_parent(a, "/a//b"), "/a");
    assert_string_equal(file_parent(a, "/a"), "/");
    assert_string_equal(file_parent(a, "/"), "/");
    assert_string_equal(file_parent(a, "a"), ".");
    assert_string_equal(file_parent(a, "a/b"), "a");
    arena_free(a);
}

static void test_rename_and_remove(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    const char *from = str_fmt(a, "%s/a", folder).p, *to = str_fmt(a, "%s/sub/b", folder).p;

    (void)state;
    assert_null(file_write(a, from, text("x"), 0600));
    assert_null(file_mkdir(a, str_fmt(a, "%s/sub", folder).p, 0700));
    assert_null(file_rename(a, from, to));
    assert_false(file_exists(from));
    assert_true(file_exists(to));
    assert_null(file_remove(a, to));
    assert_false(file_exists(to));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_read),
        cmocka_unit_test(test_read_is_bounded),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_unfinished_write),
        cmocka_unit_test(test_disk_full),
        cmocka_unit_test(test_parent),
        cmocka_unit_test(test_rename_and_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
