/* Ids of an office, and its lease. */
#include "store_test.h"

#include "store/ids.h"
#include "store/lease.h"
#include "store/migrate.h"

#define OFFICE INT64_C(440)

struct row {
    int64_t office_id;
    struct str name;
    struct str value;
};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct row, office_id, 0, "机构", "office"),
    F_TEXT(struct row, name, 0, 0, 0, "名", "name"),
    F_TEXT(struct row, value, 0, 0, 0, "值", "value"),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(add,
         "test.add",
         rows,
         "INSERT INTO setting (office_id, name, value) VALUES (:office_id, :name, :value)");

#define COUNT "SELECT COUNT(*) AS n FROM setting"

static struct fixture *start(void **state)
{
    struct fixture *f = store_fixture(state);
    int n = 0;
    OK(migrate_run(f->d, f->a, STR_NONE, 1, &n));
    OK(db_script(f->d, f->a, S("INSERT INTO office (id, code, name) VALUES (440, 'x', 'x')")));
    return f;
}

static struct ids *load(struct fixture *f)
{
    struct ids *s = NULL;
    OK(ids_load(f->d, f->a, OFFICE, &s));
    return s;
}

static void commit(struct fixture *f, struct ids *s)
{
    OK(group_begin(f->d, f->a));
    OK(ids_flush(s, f->d, f->a));
    OK(group_commit(f->d, f->a));
    ids_keep(s);
}

static void test_ids(void **state)
{
    struct fixture *f = start(state);
    struct ids *s = load(f);
    int64_t first = ids_next(s, "matter");
    assert_true(first == (OFFICE << 40) + 1);
    assert_true(IDS_OFFICE(first) == OFFICE && IDS_NUMBER(first) == 1);
    assert_true(ids_next(s, "matter") == first + 1);
    assert_true(ids_next(s, "act") == first); /* each table counts by itself */
    commit(f, s);
    assert_int_equal(store_number(f->d, f->a, "SELECT COUNT(*) AS n FROM id_block"), 2);
    int64_t last = 0;
    for (int i = 0; i < 2000; i++) {
        int64_t id = ids_next(s, "matter");
        assert_true(id > last);
        last = id;
        if (i % 7 == 0) {
            commit(f, s);
        }
    }
    commit(f, s);
    ids_free(s);
    /* a restart gives nothing twice */
    s = load(f);
    int64_t next = ids_next(s, "matter");
    assert_true(next > last && next < last + 1000);
    ids_free(s);
    ids_free(NULL);
}

static void test_ids_undone(void **state)
{
    struct fixture *f = start(state);
    struct ids *s = load(f);
    int64_t first = ids_next(s, "matter");
    OK(group_begin(f->d, f->a));
    OK(ids_flush(s, f->d, f->a));
    group_rollback(f->d);
    ids_undo(s);
    /* the reservation is made again, and the number is not given twice: the group may have
     * committed */
    int64_t second = ids_next(s, "matter");
    assert_true(second > first);
    commit(f, s);
    assert_true(store_number(f->d, f->a, "SELECT next AS n FROM id_block") > IDS_NUMBER(second));
    ids_free(s);
}

static void test_take(void **state)
{
    struct fixture *f = start(state);
    struct db *other = store_open(f, true);
    struct lease a = {0}, b = {0};
    OK(lease_take(f->d, f->a, OFFICE, S("hall-a:8443"), 1000, &a));
    assert_int_equal(a.epoch, 1);
    assert_true(a.until_at == 1000 + LEASE_MS);
    struct err *e =
        FAILS(lease_take(other, f->a, OFFICE, S("hall-b:8443"), 2000, &b), ERR_OFFICE_ELSEWHERE);
    assert_true(str_find(e->en, S("hall-a:8443")) >= 0);
    assert_true(str_eq(b.owner, S("hall-a:8443")) && b.until_at == a.until_at);
    /* the same owner again, after a restart or a lost connection */
    OK(lease_take(f->d, f->a, OFFICE, S("hall-a:8443"), 3000, &a));
    assert_int_equal(a.epoch, 2);
    /* renewed only when half of it is over */
    OK(group_begin(f->d, f->a));
    OK(lease_check(f->d, f->a, &a));
    int64_t until = a.until_at;
    OK(lease_renew(f->d, f->a, &a, 4000));
    assert_true(a.until_at == until);
    OK(lease_renew(f->d, f->a, &a, 3000 + LEASE_MS / 2));
    assert_true(a.until_at > until);
    OK(group_commit(f->d, f->a));
    FAILS(lease_take(other, f->a, OFFICE, S("hall-b:8443"), until + 1, &b), ERR_OFFICE_ELSEWHERE);
    /* given up: free at once */
    OK(lease_give_up(f->d, f->a, &a));
    OK(lease_take(other, f->a, OFFICE, S("hall-b:8443"), 5000, &b));
    assert_int_equal(b.epoch, 3);
    db_close(other);
}

static struct err *
write_under(struct fixture *f, struct db *d, const struct lease *l, const char *name)
{
    struct row r = {.office_id = OFFICE, .name = str_of(name), .value = S("x")};
    TRY(group_begin(d, f->a));
    struct err *e = lease_check(d, f->a, l);
    if (e == NULL) {
        e = unit_begin(d, f->a);
    }
    if (e == NULL) {
        e = db_push(d, f->a, &add, &r);
        if (e == NULL) {
            e = unit_end(d, f->a);
        }
        if (e != NULL) {
            unit_undo(d);
        }
    }
    if (e != NULL) {
        group_rollback(d);
        return e;
    }
    return group_commit(d, f->a);
}

static void test_lost_lease(void **state)
{
    struct fixture *f = start(state);
    struct db *other = store_open(f, true);
    struct lease a = {0}, b = {0};
    OK(lease_take(f->d, f->a, OFFICE, S("hall-a"), 1000, &a));
    OK(write_under(f, f->d, &a, "first"));
    /* the successor does not end the old connection: that alone must not let it commit */
    OK(db_script(f->d, f->a, S("UPDATE office_lease SET backend_pid = NULL")));
    OK(lease_take(other, f->a, OFFICE, S("hall-b"), 1000 + LEASE_MS, &b));
    assert_int_equal(b.epoch, 2);
    FAILS(write_under(f, f->d, &a, "late"), ERR_LEASE_LOST);
    OK(write_under(f, other, &b, "second"));
    assert_int_equal(store_number(f->d, f->a, COUNT), 2);
    /* a group without units neither */
    OK(group_begin(f->d, f->a));
    OK(lease_check(f->d, f->a, &a));
    FAILS(group_commit(f->d, f->a), ERR_LEASE_LOST);
    /* and it cannot give away what it no longer has */
    OK(lease_give_up(f->d, f->a, &a));
    OK(write_under(f, other, &b, "third"));
    db_close(other);
}

/* An owner that is silent in the middle of a group holds its row; its successor ends it. */
static void test_silent_owner(void **state)
{
    struct fixture *f = start(state);
    struct db *other = store_open(f, true);
    struct lease a = {0}, b = {0};
    struct row r = {.office_id = OFFICE, .name = S("in doubt"), .value = S("x")};
    OK(lease_take(f->d, f->a, OFFICE, S("hall-a"), 1000, &a));
    OK(group_begin(f->d, f->a));
    OK(lease_check(f->d, f->a, &a));
    OK(db_run(f->d, f->a, &add, &r, NULL)); /* the lock is taken now */
    OK(lease_take(other, f->a, OFFICE, S("hall-b"), 1000 + LEASE_MS, &b));
    assert_int_equal(b.epoch, 2);
    FAILS(group_commit(f->d, f->a), ERR_DB_UNAVAILABLE);
    assert_int_equal(store_number(other, f->a, COUNT), 0);
    OK(db_reconnect(f->d, f->a));
    FAILS(write_under(f, f->d, &a, "late"), ERR_LEASE_LOST);
    db_close(other);
}

int test_lease(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_ids),         BOTH(test_ids_undone),    BOTH(test_take),
        ON_PG(test_lost_lease), ON_PG(test_silent_owner),
    };
    return cmocka_run_group_tests_name("store ids and lease", tests, NULL, NULL);
}
