/* Folders and the lock of a data folder. */
#include "sys/file.h"
#include "test/unit/sys/folder.h"

static void test_mkdir(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a), *deep = str_fmt(a, "%s/a//b/c/", folder).p;
    const char *file = str_fmt(a, "%s/f", folder).p;

    (void)state;
    assert_false(file_is_dir(deep));
    assert_null(file_mkdir(a, deep, 0700));
    assert_true(file_is_dir(deep));
    assert_null(file_mkdir(a, deep, 0700)); /* again */
    assert_null(file_mkdir(a, "/", 0700));
    assert_null(file_write(a, file, str_bytes(S("x")), 0600));
    assert_false(file_is_dir(file));
    assert_int_equal(file_mkdir(a, file, 0700)->code, ERR_IO);
    assert_int_equal(file_mkdir(a, str_fmt(a, "%s/g", file).p, 0700)->code, ERR_IO);
    assert_null(file_sync_dir(a, folder));
    assert_non_null(file_sync_dir(a, file));
    arena_free(a);
}

static void test_list_is_sorted(void **state)
{
    struct arena *a = arena_new(0);
    const char *folder = folder_new(a);
    struct str *names;
    size_t n;

    (void)state;
    assert_null(file_list(a, folder, &names, &n));
    assert_int_equal(n, 0);
    for (int i = 39; i >= 0; i--) {
        const char *path = str_fmt(a, "%s/%02d", folder, i * 7 % 40).p;

        assert_null(file_write(a, path, str_bytes(S("")), 0600));
    }
    assert_null(file_list(a, folder, &names, &n));
    assert_int_equal(n, 40);
    for (int i = 0; i < 40; i++) {
        assert_true(str_eq(names[i], str_fmt(a, "%02d", i)));
    }
    arena_free(a);
}

/* Held by this process or another one: the second does not get it, and learns so without an error.
 */
static void test_lock(void **state)
{
    struct arena *a = arena_new(0);
    const char *path = str_fmt(a, "%s/lock", folder_new(a)).p;
    struct bytes pid;
    int fd, second;
    bool held;

    (void)state;
    assert_null(file_lock(a, path, &fd, &held));
    assert_true(held && fd >= 0);
    assert_null(file_read(a, path, 100, &pid));
    assert_true(str_eq(bytes_str(pid), str_fmt(a, "%d\n", (int)getpid())));
    assert_null(file_lock(a, path, &second, &held));
    assert_false(held);
    assert_int_equal(second, -1);
    file_unlock(fd);
    assert_null(file_lock(a, path, &fd, &held));
    assert_true(held);
    file_unlock(fd);
    file_unlock(-1);
    assert_non_null(file_lock(a, "/proc/none/lock", &fd, &held));
    arena_free(a);
}

static void test_lock_ends_with_its_process(void **state)
{
    struct arena *a = arena_new(0);
    const char *path = str_fmt(a, "%s/lock", folder_new(a)).p;
    int ready[2], fd, status;
    bool held = true;
    char byte;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct err *e = file_lock(a, path, &fd, &held);
        bool said = e == NULL && held && write(ready[1], "x", 1) == 1;

        (void)said;
        (void)pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_null(file_lock(a, path, &fd, &held));
    assert_false(held);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_true(waitpid(child, &status, 0) == child);
    assert_null(file_lock(a, path, &fd, &held));
    assert_true(held);
    file_unlock(fd);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mkdir),
        cmocka_unit_test(test_list_is_sorted),
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_lock_ends_with_its_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
