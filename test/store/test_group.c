/* Groups and units: what is undone, what an error belongs to, what readers see. */
#include "store_test.h"

struct row {
    int64_t id, num;
    struct bytes raw;
};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct row, id, 0, "编号", "id"),
    F_INT(struct row, num, 0, 0, 0, "数", "number"),
    F_BYTES(struct row, raw, 0),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(add, "test.add", rows, "INSERT INTO t (id, num, raw) VALUES (:id, :num, :raw)");
STMT_RUN(set_num, "test.set_num", rows, "UPDATE t SET num = :num WHERE id = :id");
STMT_RUN(add_late, "test.add_late", rows, "INSERT INTO late (id, t_id) VALUES (:id, :num)");
STMT(find, "test.find", rows, rows, struct row, "SELECT id, num FROM t WHERE id = :id");
STMT(broken, "test.broken", NULL, rows, struct row, "SELECT nothing AS id FROM t");

#define COUNT "SELECT COUNT(*) AS n FROM t"
#define SUM   "SELECT CAST(COALESCE(SUM(id), 0) AS BIGINT) AS n FROM t"

static struct fixture *start(void **state)
{
    struct fixture *f = store_fixture(state);
    OK(db_script(f->d, f->a,
                 f->engine == DB_PG
                     ? S("CREATE TABLE t (id BIGINT PRIMARY KEY, num BIGINT, raw BYTEA);"
                         "CREATE TABLE late (id BIGINT PRIMARY KEY, t_id BIGINT REFERENCES t "
                         "DEFERRABLE INITIALLY DEFERRED)")
                     : S("CREATE TABLE t (id INTEGER PRIMARY KEY, num BIGINT, raw BLOB);"
                         "CREATE TABLE late (id INTEGER PRIMARY KEY, t_id BIGINT REFERENCES t "
                         "DEFERRABLE INITIALLY DEFERRED)")));
    return f;
}

static struct err *push(struct fixture *f, int64_t id)
{
    struct row r = {.id = id};
    return db_push(f->d, f->a, &add, &r);
}

static struct err *run(struct fixture *f, int64_t id)
{
    struct row r = {.id = id};
    return db_run(f->d, f->a, &add, &r, NULL);
}

/* A unit of one pushed row; NULL when it ended well, else undone. */
static struct err *unit_of(struct fixture *f, int64_t id)
{
    struct err *e = unit_begin(f->d, f->a);
    if (e != NULL) {
        return e;
    }
    e = push(f, id);
    if (e == NULL) {
        e = unit_end(f->d, f->a);
    }
    if (e != NULL) {
        unit_undo(f->d);
    }
    return e;
}

static void test_undo(void **state)
{
    struct fixture *f = start(state);
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 1));
    OK(unit_begin(f->d, f->a));
    OK(push(f, 2));
    OK(run(f, 4));
    OK(push(f, 8));
    unit_undo(f->d);
    OK(unit_of(f, 16));
    assert_int_equal(store_number(f->d, f->a, SUM), 17);
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 17);
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 2));
    group_rollback(f->d);
    group_rollback(f->d); /* harmless */
    assert_int_equal(store_number(f->d, f->a, SUM), 17);
}

static void test_error_ends_the_unit(void **state)
{
    struct fixture *f = start(state);
    struct row r = {.id = 1};
    bool found = false;
    OK(run(f, 1));
    OK(group_begin(f->d, f->a));
    OK(unit_begin(f->d, f->a));
    OK(push(f, 2));
    FAILS(run(f, 1), ERR_DB_UNIQUE);
    /* the same on both engines: nothing more, until it is undone */
    FAILS(push(f, 4), ERR_DB_UNIQUE);
    FAILS(db_one(f->d, f->a, &find, &r, &r, &found), ERR_DB_UNIQUE);
    FAILS(unit_end(f->d, f->a), ERR_DB_UNIQUE);
    unit_undo(f->d);
    OK(unit_of(f, 8));
    OK(unit_begin(f->d, f->a));
    FAILS(db_one(f->d, f->a, &broken, NULL, &r, &found), ERR_DB);
    unit_undo(f->d);
    OK(unit_of(f, 16));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 25);
}

static void test_pushes_are_attributed(void **state)
{
    struct fixture *f = start(state);
    OK(group_begin(f->d, f->a));
    for (int64_t i = 1; i <= 32; i++) {
        /* every third one repeats the id before it */
        struct err *e = unit_of(f, i % 3 == 0 ? i - 1 : i);
        if (i % 3 == 0) {
            FAILS(e, ERR_DB_UNIQUE);
        } else {
            OK(e);
        }
    }
    /* a failed push is heard at the next awaited call of its unit at the latest */
    OK(unit_begin(f->d, f->a));
    OK(push(f, 100));
    struct err *e = push(f, 1);
    if (e == NULL) {
        struct row r = {.id = 100};
        bool found = false;
        e = db_one(f->d, f->a, &find, &r, &r, &found);
    }
    FAILS(e, ERR_DB_UNIQUE);
    unit_undo(f->d);
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, COUNT), 22);
    assert_int_equal(store_number(f->d, f->a, "SELECT COUNT(*) AS n FROM t WHERE id = 100"), 0);
}

static void test_exactly_one(void **state)
{
    struct fixture *f = start(state);
    struct row r = {.id = 1, .num = 5};
    OK(run(f, 1));
    OK(group_begin(f->d, f->a));
    OK(unit_begin(f->d, f->a));
    OK(db_push_one(f->d, f->a, &set_num, &r, ERR_CHANGED));
    OK(db_push_one(f->d, f->a, &find, &r, ERR_CHANGED));
    OK(unit_end(f->d, f->a));
    OK(unit_begin(f->d, f->a));
    r.id = 2;
    struct err *e = db_push_one(f->d, f->a, &set_num, &r, ERR_CHANGED);
    FAILS(e != NULL ? e : unit_end(f->d, f->a), ERR_CHANGED);
    unit_undo(f->d);
    OK(unit_of(f, 3));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 4);
    /* outside a unit it sinks the group */
    OK(group_begin(f->d, f->a));
    e = db_push_one(f->d, f->a, &set_num, &r, ERR_LEASE_LOST);
    struct err *in_unit = unit_of(f, 9);
    FAILS(e != NULL ? e : in_unit, ERR_LEASE_LOST);
    FAILS(unit_begin(f->d, f->a), ERR_LEASE_LOST);
    FAILS(group_commit(f->d, f->a), ERR_LEASE_LOST);
    assert_int_equal(store_number(f->d, f->a, SUM), 4);
    /* also when nothing stands between it and the commit */
    OK(group_begin(f->d, f->a));
    OK(push(f, 11));
    e = db_push_one(f->d, f->a, &set_num, &r, ERR_LEASE_LOST);
    struct err *at_commit = group_commit(f->d, f->a);
    FAILS(e != NULL ? e : at_commit, ERR_LEASE_LOST);
    assert_non_null(at_commit);
    assert_int_equal(store_number(f->d, f->a, SUM), 4);
}

static void test_group_level_error(void **state)
{
    struct fixture *f = start(state);
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 1));
    OK(push(f, 2));
    struct err *e = push(f, 1);
    struct err *at_commit = group_commit(f->d, f->a);
    FAILS(e != NULL ? e : at_commit, ERR_DB_UNIQUE);
    FAILS(at_commit, ERR_DB_UNIQUE);
    assert_int_equal(store_number(f->d, f->a, COUNT), 0);
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 1));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, COUNT), 1);
}

static void test_commit_refused(void **state)
{
    struct fixture *f = start(state);
    struct row r = {.id = 1, .num = 77};
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 1));
    OK(unit_begin(f->d, f->a));
    OK(db_push(f->d, f->a, &add_late, &r));
    OK(unit_end(f->d, f->a));
    FAILS(group_commit(f->d, f->a), ERR_DB_REFERENCED);
    assert_int_equal(store_number(f->d, f->a, COUNT), 0);
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 2));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, COUNT), 1);
}

static void test_nested(void **state)
{
    struct fixture *f = start(state);
    OK(group_begin(f->d, f->a));
    OK(unit_begin(f->d, f->a));
    OK(push(f, 1));
    OK(unit_of(f, 2));
    FAILS(unit_of(f, 2), ERR_DB_UNIQUE);
    OK(push(f, 4));
    OK(unit_begin(f->d, f->a));
    OK(push(f, 8));
    OK(unit_of(f, 16));
    unit_undo(f->d);
    OK(unit_end(f->d, f->a));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 7);
    /* an outer unit's pushed fault found inside an inner one belongs to the outer one */
    OK(group_begin(f->d, f->a));
    OK(unit_begin(f->d, f->a));
    struct err *e = push(f, 1);
    if (e == NULL) {
        FAILS(unit_of(f, 32), ERR_DB_UNIQUE);
    }
    FAILS(unit_begin(f->d, f->a), ERR_DB_UNIQUE);
    unit_undo(f->d);
    OK(unit_of(f, 64));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 71);
}

/* More than one batch, and more than the buffers between us and the server hold. */
static void test_much(void **state)
{
    struct fixture *f = start(state);
    size_t size = (size_t)100 << 10;
    unsigned char *big = arena_alloc(f->a, size, 1);
    OK(group_begin(f->d, f->a));
    OK(unit_begin(f->d, f->a));
    for (int64_t i = 0; i < 1500; i++) {
        struct row r = {.id = i, .raw = {big, i % 20 == 0 ? size : 3}};
        OK(db_push(f->d, f->a, &add, &r));
    }
    OK(unit_end(f->d, f->a));
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, COUNT), 1500);
    assert_int_equal(
        store_number(f->d, f->a, "SELECT CAST(SUM(LENGTH(raw)) AS BIGINT) AS n FROM t"),
        75 * (int64_t)size + 1425 * 3);
}

static void test_readers(void **state)
{
    struct fixture *f = start(state);
    struct db *reader = store_open(f, false);
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 1));
    assert_int_equal(store_number(f->d, f->a, COUNT), 1);
    assert_int_equal(store_number(reader, f->a, COUNT), 0);
    OK(group_commit(f->d, f->a));
    assert_int_equal(store_number(reader, f->a, COUNT), 1);
    /* several reads that agree */
    OK(db_read_begin(reader, f->a));
    assert_int_equal(store_number(reader, f->a, COUNT), 1);
    OK(run(f, 2));
    assert_int_equal(store_number(reader, f->a, COUNT), 1);
    db_read_end(reader);
    assert_int_equal(store_number(reader, f->a, COUNT), 2);
    /* and no writing */
    struct row r = {.id = 3};
    FAILS(db_run(reader, f->a, &add, &r, NULL), ERR_DB);
    FAILS(db_script(reader, f->a, S("DELETE FROM t")), ERR_DB);
    assert_int_equal(store_number(reader, f->a, COUNT), 2);
    db_close(reader);
}

static void kill_backend(struct fixture *f, int64_t pid)
{
    struct db *other = store_open(f, true);
    struct str sql = str_fmt(f->a, "SELECT pg_terminate_backend(%d)", (int)pid);
    OK(db_script(other, f->a, sql));
    db_close(other);
}

static void test_connection_lost(void **state)
{
    struct fixture *f = start(state);
    struct row r = {.id = 1};
    bool found = false;
    OK(run(f, 1));
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 2));
    kill_backend(f, db_backend_pid(f->d));
    OK(unit_begin(f->d, f->a));
    OK(push(f, 4));
    FAILS(unit_end(f->d, f->a), ERR_DB_UNAVAILABLE);
    unit_undo(f->d);
    FAILS(unit_begin(f->d, f->a), ERR_DB_UNAVAILABLE);
    FAILS(group_commit(f->d, f->a), ERR_DB_UNAVAILABLE);
    FAILS(db_one(f->d, f->a, &find, &r, &r, &found), ERR_DB_UNAVAILABLE);
    FAILS(group_begin(f->d, f->a), ERR_DB_UNAVAILABLE);
    OK(db_reconnect(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 1);
    /* lost just before the commit: the caller cannot know, we say so */
    OK(group_begin(f->d, f->a));
    OK(unit_of(f, 8));
    kill_backend(f, db_backend_pid(f->d));
    FAILS(group_commit(f->d, f->a), ERR_DB_UNAVAILABLE);
    OK(db_reconnect(f->d, f->a));
    assert_int_equal(store_number(f->d, f->a, SUM), 1);
}

int test_group(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_undo),
        BOTH(test_error_ends_the_unit),
        BOTH(test_pushes_are_attributed),
        BOTH(test_exactly_one),
        BOTH(test_group_level_error),
        BOTH(test_commit_refused),
        BOTH(test_nested),
        BOTH(test_much),
        BOTH(test_readers),
        ON_PG(test_connection_lost),
    };
    return cmocka_run_group_tests_name("store groups", tests, NULL, NULL);
}
