/* What was acknowledged is there after a kill; the log, copies, and the end of the process when the
 * disk fails. */
#include "store_test.h"

#include "sys/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct row {
    int64_t id;
    struct bytes raw;
};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct row, id, 0, "编号", "id"),
    F_BYTES(struct row, raw, 0),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(add, "test.add", rows, "INSERT INTO t (id, raw) VALUES (:id, :raw)");

#define COUNT  "SELECT COUNT(*) AS n FROM t"
#define GROUP  8
#define ROUNDS 6

static struct fixture *start(void **state)
{
    struct fixture *f = store_fixture(state);
    OK(db_script(f->d, f->a,
                 f->engine == DB_PG ? S("CREATE TABLE t (id BIGINT PRIMARY KEY, raw BYTEA)")
                                    : S("CREATE TABLE t (id INTEGER PRIMARY KEY, raw BLOB)")));
    return f;
}

static void write_group(struct db *d, struct arena *a, int64_t first, size_t size)
{
    unsigned char *raw = arena_alloc(a, size + 1, 1);
    OK(group_begin(d, a));
    for (int64_t i = 0; i < GROUP; i++) {
        struct row r = {.id = first + i, .raw = {raw, size}};
        OK(unit_begin(d, a));
        OK(db_push(d, a, &add, &r));
        OK(unit_end(d, a));
    }
    OK(group_commit(d, a));
}

/* Writes groups for ever and says the last id of each behind its commit. */
static _Noreturn void write_for_ever(struct fixture *f, int64_t first, int out)
{
    struct db *d = store_open(f, true);
    struct arena *a = arena_new(0);
    for (int64_t id = first;; id += GROUP) {
        write_group(d, a, id, 3000);
        int64_t last = id + GROUP - 1;
        if (write(out, &last, sizeof last) != sizeof last) {
            _exit(1);
        }
        arena_reset(a);
        db_checkpoint(d, 50);
    }
}

/* Ids acknowledged until the kill; 0: none. */
static int64_t kill_a_writer(struct fixture *f, int64_t first, useconds_t after_us)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        write_for_ever(f, first, ends[1]);
    }
    close(ends[1]);
    int64_t acknowledged = 0, last = 0;
    /* The first acknowledgement, then some time. */
    assert_int_equal(read(ends[0], &acknowledged, sizeof acknowledged), sizeof acknowledged);
    usleep(after_us);
    kill(child, SIGKILL);
    while (read(ends[0], &last, sizeof last) == sizeof last) {
        acknowledged = last;
    }
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return acknowledged;
}

static void test_killed(void **state)
{
    struct fixture *f = start(state);
    db_close(f->d); /* no connection of ours crosses the fork */
    f->d = NULL;
    int64_t first = 1;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t acknowledged = kill_a_writer(f, first, (useconds_t)(round * 7001));
        f->d = store_open(f, true);
        int64_t there = store_number(f->d, f->a, COUNT);
        assert_true(there >= acknowledged);
        assert_int_equal(there % GROUP, 0); /* no half group */
        assert_int_equal(store_number(f->d, f->a, "SELECT COALESCE(MAX(id), 0) AS n FROM t"),
                         there);
        db_close(f->d);
        f->d = NULL;
        first = there + 1;
    }
    f->d = store_open(f, true);
}

/* Rows in the data base file alone, without its log. */
static int64_t rows_without_log(struct fixture *f)
{
    struct bytes content = {0};
    struct str copy = store_path(f, "copy.db");
    struct db_options o = {.write = true};
    struct db *d = NULL;
    OK(file_read(f->a, f->target.p, (size_t)32 << 20, &content));
    OK(file_write(f->a, copy.p, content, 0600));
    OK(db_open(f->a, copy, &o, &d));
    int64_t n = store_number(d, f->a, "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 't'");
    n = n == 0 ? -1 : store_number(d, f->a, COUNT);
    db_close(d);
    return n;
}

static void test_checkpoint(void **state)
{
    struct fixture *f = start(state);
    write_group(f->d, f->a, 1, 10000);
    int64_t pages = db_log_pages(f->d);
    assert_true(pages >= GROUP * 2);
    db_checkpoint(f->d, 4000); /* not yet worth it */
    assert_int_equal(rows_without_log(f), -1);
    db_checkpoint(f->d, 0);
    assert_int_equal(rows_without_log(f), GROUP);
    /* a reader keeps what it needs in the log, and later it goes on */
    struct db *reader = store_open(f, false);
    OK(db_read_begin(reader, f->a));
    assert_int_equal(store_number(reader, f->a, COUNT), GROUP);
    write_group(f->d, f->a, 101, 10000);
    db_checkpoint(f->d, 0);
    write_group(f->d, f->a, 201, 10000);
    db_checkpoint(f->d, 0);
    assert_int_equal(store_number(reader, f->a, COUNT), GROUP);
    db_read_end(reader);
    db_checkpoint(f->d, 0);
    assert_int_equal(rows_without_log(f), 3 * GROUP);
    assert_true(db_log_pages(f->d) > pages * 2);
    /* the log starts again and does not grow */
    for (int64_t i = 0; i < 20; i++) {
        write_group(f->d, f->a, 1000 + i * GROUP, 10000);
        db_checkpoint(f->d, 0);
    }
    int64_t size = 0;
    OK(file_size(f->a, str_fmt(f->a, "%s-wal", f->target.p).p, &size));
    assert_true(size < 8 * pages * 4200);
    db_close(reader);
}

static void test_snapshot(void **state)
{
    struct fixture *f = start(state);
    struct db *reader = store_open(f, false);
    struct row r = {.id = 99};
    write_group(f->d, f->a, 1, 100);
    OK(group_begin(f->d, f->a));
    OK(db_run(f->d, f->a, &add, &r, NULL));
    struct str path = store_path(f, "snapshot.db");
    OK(db_snapshot(reader, f->a, path.p));
    FAILS(db_snapshot(reader, f->a, path.p), ERR_DB); /* never over an existing file */
    OK(group_commit(f->d, f->a));
    struct db_options o = {.write = true};
    struct db *copy = NULL;
    OK(db_open(f->a, path, &o, &copy));
    assert_int_equal(store_number(copy, f->a, COUNT), GROUP);
    db_close(copy);
    db_close(reader);
}

static void test_private_file(void **state)
{
    struct fixture *f = start(state);
    struct stat st;
    write_group(f->d, f->a, 1, 100);
    static const char *const parts[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        assert_int_equal(stat(str_fmt(f->a, "%s%s", f->target.p, parts[i]).p, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

/* A commit that cannot reach the disk is not retried: the process ends, and what was acknowledged
 * before is there. */
static void test_disk_fails(void **state)
{
    struct fixture *f = start(state);
    struct str log = store_path(f, "log");
    struct bytes said = {0};
    db_close(f->d);
    f->d = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct db *d = store_open(f, true);
        struct arena *a = arena_new(0);
        write_group(d, a, 1, 100);
        struct rlimit files = {.rlim_cur = 20000, .rlim_max = 20000};
        struct rlimit core = {0};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_CORE, &core);
        setrlimit(RLIMIT_FSIZE, &files);
        if (freopen(log.p, "w", stderr) == NULL) {
            _exit(1);
        }
        signal(SIGABRT, SIG_DFL);
        write_group(d, a, 100, 20000);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    OK(file_read(f->a, log.p, 20000, &said));
    assert_true(str_find(bytes_str(said), S("commit failed to reach the disk")) >= 0);
    f->d = store_open(f, true);
    assert_int_equal(store_number(f->d, f->a, COUNT), GROUP);
}

int test_durable(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_killed),          ON_SQLITE(test_checkpoint),
        ON_SQLITE(test_snapshot),   ON_SQLITE(test_private_file),
        ON_SQLITE(test_disk_fails),
    };
    return cmocka_run_group_tests_name("store durability", tests, NULL, NULL);
}
