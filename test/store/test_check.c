/* db_check finds statements that do not fit the schema; the scanner finds parameters and nothing
 * else. */
#include "store_test.h"

#include "store/migrate.h"
#include "store/scan.h"

struct row {
    int64_t id;
    struct str text;
    struct bytes raw;
    struct str wanted;
};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct row, id, 0, "编号", "id"),
    F_TEXT(struct row, text, 0, 0, 0, "文本", "text"),
    F_BYTES(struct row, raw, 0),
    FIELD_END,
};
static const struct field needy_rows[] = {
    F_ID(struct row, id, 0, "编号", "id"),
    F_TEXT(struct row, wanted, FIELD_REQUIRED, 0, 0, "必需", "wanted"),
    FIELD_END,
};
/* clang-format on */

STMT(good, "good", rows, rows, struct row, "SELECT id, text FROM t WHERE raw = :raw AND id = :id");
STMT(no_column, "no-column", rows, rows, struct row, "SELECT id, txt FROM t");
STMT(no_field, "no-field", rows, rows, struct row, "SELECT id AS nummer FROM t");
STMT(no_param, "no-param", rows, rows, struct row, "SELECT id FROM t WHERE id = :nummer");
STMT(no_table, "no-table", rows, rows, struct row, "SELECT id FROM tt");
STMT(twice, "twice", rows, rows, struct row, "SELECT id, text AS id FROM t");
STMT(number_as_text, "number-as-text", rows, rows, struct row, "SELECT id AS text FROM t");
STMT(text_as_bytes, "text-as-bytes", rows, rows, struct row, "SELECT text AS raw FROM t");
STMT(bytes_as_id, "bytes-as-id", rows, rows, struct row, "SELECT raw AS id FROM t");
STMT(missing, "missing", NULL, needy_rows, struct row, "SELECT id FROM t");
STMT(two, "two-statements", NULL, rows, struct row, "SELECT id FROM t; SELECT id FROM t");
STMT(no_rows, "no-rows", NULL, rows, struct row, "DELETE FROM t");
STMT(positional, "positional", rows, rows, struct row, "SELECT id FROM t WHERE id = ?1");
STMT_RUN(unread, "unread", rows, "SELECT id FROM t");
STMT2(other_engine, "other-engine", rows, rows, struct row, NULL, "SELECT id FROM t FOR SHARE");

static void test_faults(void **state)
{
    struct fixture *f = store_fixture(state);
    OK(db_script(f->d, f->a,
                 migrate_expand(f->a, S("CREATE TABLE t (id {{ID}}, text TEXT, raw {{BYTES}})"),
                                f->engine)));
    static const struct stmt *const right[] = {&good, &other_engine};
    static const struct stmt *const wrong[] = {
        &good,          &no_column,   &no_field, &no_param, &no_table, &twice,      &number_as_text,
        &text_as_bytes, &bytes_as_id, &missing,  &two,      &no_rows,  &positional, &unread};
    struct stmt_list lists[] = {{right, COUNT_OF(right)}, {wrong, COUNT_OF(wrong)}};
    OK(db_check(f->d, f->a, lists, 1));
    struct err *e = FAILS(db_check(f->d, f->a, lists, 2), ERR_DB);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct str label = str_fmt(f->a, "\n%s: ", wrong[i]->name);
        assert_true((str_find(e->en, label) >= 0) == (wrong[i] != &good));
    }
    /* the connection is none the worse */
    assert_int_equal(store_number(f->d, f->a, "SELECT COUNT(*) AS n FROM t"), 0);
}

static void test_own_statements(void **state)
{
    struct fixture *f = store_fixture(state);
    int n = 0;
    OK(migrate_run(f->d, f->a, STR_NONE, 1, &n));
    /* All that the store itself has; this program also holds the wrong ones from above. */
    struct stmt_list all = stmt_all();
    size_t seen = 0;
    for (size_t i = 0; i < all.n; i++) {
        struct str name = str_of(all.stmts[i]->name);
        if (str_starts(name, S("ids.")) || str_starts(name, S("lease.")) ||
            str_starts(name, S("migrate."))) {
            struct stmt_list one = {&all.stmts[i], 1};
            OK(db_check(f->d, f->a, &one, 1));
            seen++;
        }
    }
    assert_int_equal(seen, 10);
}

static void test_targets(void **state)
{
    struct fixture *f = store_fixture(state);
    struct db_options o = {.write = true};
    struct db *d = NULL;
    FAILS(db_open(f->a, S("mysql://x"), &o, &d), ERR_CONF);
    FAILS(db_open(f->a, S("/tmp/a.sqlite"), &o, &d), ERR_CONF);
    FAILS(db_open(f->a, S("/nowhere/a.db"), &o, &d), ERR_IO);
    FAILS(db_open(f->a, S("postgresql://x@/x?host=/nowhere"), &o, &d), ERR_DB_UNAVAILABLE);
    assert_null(d);
    OK(db_open(f->a, S(""), &o, &d));
    assert_int_equal(store_number(d, f->a, "SELECT 1 AS n"), 1);
    db_close(d);
    db_close(NULL);
}

/* Start is refused when the server would lose acknowledged commits. */
static void test_weak_server(void **state)
{
    struct fixture *f = store_fixture(state);
    struct db_options o = {.write = true};
    struct db *d = NULL;
    OK(db_script(f->d, f->a, S("ALTER DATABASE huhang SET synchronous_commit = off")));
    struct err *e = FAILS(db_open(f->a, f->target, &o, &d), ERR_CONF);
    assert_true(str_find(e->en, S("synchronous_commit = off")) >= 0);
    OK(db_script(f->d, f->a, S("ALTER DATABASE huhang RESET synchronous_commit")));
    OK(db_open(f->a, f->target, &o, &d));
    db_close(d);
}

static void test_scan(void **state)
{
    struct fixture *f = *state;
    struct scan s;
    const char *why = NULL;
    assert_true(
        scan_params(f->a,
                    S("SELECT ':a', \":b\", x::text -- :c\n/* :d '*/ FROM t WHERE a = :a AND"
                      " b=:b_2 OR a=:a AND 'it''s :e' <> :f"),
                    &s, &why));
    assert_int_equal(s.n, 3);
    assert_true(str_eq(s.names[0], S("a")) && str_eq(s.names[1], S("b_2")) &&
                str_eq(s.names[2], S("f")));
    assert_true(
        str_eq(s.numbered, S("SELECT ':a', \":b\", x::text -- :c\n/* :d '*/ FROM t WHERE a = $1 AND"
                             " b=$2 OR a=$1 AND 'it''s :e' <> $3")));
    assert_false(scan_params(f->a, S("SELECT 'x"), &s, &why));
    assert_false(scan_params(f->a, S("SELECT 1 /* x"), &s, &why));
    assert_false(scan_params(f->a, S("SELECT $1"), &s, &why));
    assert_false(scan_params(f->a, S("SELECT ?"), &s, &why));
    assert_true(scan_params(f->a, S("SELECT 1 -- ? $1"), &s, &why));
    assert_true(scan_params(f->a, S(""), &s, &why));
    assert_int_equal(s.n, 0);
}

int test_check(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_faults),       BOTH(test_own_statements), ON_SQLITE(test_targets),
        ON_PG(test_weak_server), IN_FOLDER(test_scan),
    };
    return cmocka_run_group_tests_name("store checks", tests, NULL, NULL);
}
