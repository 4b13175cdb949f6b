/* Migrations: fresh, repeated, changed, pending, broken, newer; and both engines end with one
 * schema. */
#include "store_test.h"

#include "store/migrate_set.h"
#include "sys/file.h"

static struct embed_file file_of(const char *name, const char *sql)
{
    return (struct embed_file){name, (const unsigned char *)sql, strlen(sql)};
}

static const char first_sql[] =
    "CREATE TABLE a (id {{ID}}, raw {{BYTES}});\n"
    "CREATE TABLE b (k TEXT NOT NULL, v BIGINT, PRIMARY KEY (k)) {{WR}};\n"
    "INSERT INTO b (k, v) VALUES ('x', 1)";
static const char second_sql[] = "ALTER TABLE a ADD COLUMN note TEXT; UPDATE b SET v = 2";

static void test_fresh_and_repeat(void **state)
{
    struct fixture *f = store_fixture(state);
    int n = -1;
    FAILS(migrate_check(f->d, f->a), ERR_CONF);
    OK(migrate_run(f->d, f->a, STR_NONE, 1234, &n));
    assert_true(n > 0);
    OK(migrate_check(f->d, f->a));
    int64_t rows =
        store_number(f->d, f->a, "SELECT COUNT(*) AS n FROM migration WHERE applied_at = 1234");
    assert_int_equal(rows, n);
    OK(migrate_run(f->d, f->a, STR_NONE, 5678, &n));
    assert_int_equal(n, 0);
    struct db *reader = store_open(f, false);
    OK(migrate_check(reader, f->a));
    db_close(reader);
}

static void test_steps(void **state)
{
    struct fixture *f = store_fixture(state);
    struct embed_file files[] = {file_of("0001_first.sql", first_sql),
                                 file_of("0002_second.sql", second_sql)};
    struct migrate_set set = {files, 1};
    int n = 0;
    OK(migrate_run_set(f->d, f->a, &set, f->dir, 1, &n));
    assert_int_equal(n, 1);
    OK(migrate_check_set(f->d, f->a, &set));
    set.n = 2;
    FAILS(migrate_check_set(f->d, f->a, &set), ERR_CONF); /* pending */
    assert_false(file_exists(store_path(f, "huhang.db.before-0002").p));
    OK(migrate_run_set(f->d, f->a, &set, f->dir, 2, &n));
    assert_int_equal(n, 1);
    assert_int_equal(store_number(f->d, f->a, "SELECT v AS n FROM b WHERE k = 'x'"), 2);
    OK(migrate_check_set(f->d, f->a, &set));
    /* the copy holds what was before */
    if (f->engine == DB_SQLITE) {
        struct db_options o = {.write = true};
        struct db *copy = NULL;
        struct str aside = store_path(f, "aside.db");
        OK(file_rename(f->a, store_path(f, "huhang.db.before-0002").p, aside.p));
        OK(db_open(f->a, aside, &o, &copy));
        assert_int_equal(store_number(copy, f->a, "SELECT v AS n FROM b WHERE k = 'x'"), 1);
        db_close(copy);
    }
    /* a changed old file, also in one byte of a comment */
    files[0] = file_of("0001_first.sql", "-- x");
    FAILS(migrate_check_set(f->d, f->a, &set), ERR_CONF);
    FAILS(migrate_run_set(f->d, f->a, &set, STR_NONE, 3, &n), ERR_CONF);
    files[0] = file_of("0001_first.sql", first_sql);
    /* data of a newer program */
    set.n = 1;
    FAILS(migrate_check_set(f->d, f->a, &set), ERR_CONF);
    FAILS(migrate_run_set(f->d, f->a, &set, STR_NONE, 3, &n), ERR_CONF);
}

static void test_broken(void **state)
{
    struct fixture *f = store_fixture(state);
    struct embed_file files[] = {
        file_of("0001_first.sql", first_sql),
        file_of("0002_second.sql", "UPDATE b SET v = 9; UPDATE nothing SET v = 1")};
    struct migrate_set set = {files, 2};
    int n = 0;
    FAILS(migrate_run_set(f->d, f->a, &set, STR_NONE, 1, &n), ERR_DB);
    assert_int_equal(n, 1);
    assert_int_equal(store_number(f->d, f->a, "SELECT v AS n FROM b WHERE k = 'x'"), 1);
    files[1] = file_of("0002_second.sql", second_sql);
    OK(migrate_run_set(f->d, f->a, &set, STR_NONE, 2, &n));
    assert_int_equal(n, 1);
    files[1].name = "0003_second.sql";
    FAILS(migrate_run_set(f->d, f->a, &set, STR_NONE, 2, &n), ERR_CONF);
}

struct line {
    struct str text;
};

static const struct field line_rows[] = {F_TEXT(struct line, text, 0, 0, 0, "行", "line"),
                                         FIELD_END};

/* Table, column, type in PostgreSQL's words, NULL or not. A key column is never NULL, though SQLite
 * does not say so of a rowid. */
STMT(columns_sqlite,
     "test.columns_sqlite",
     NULL,
     line_rows,
     struct line,
     "SELECT m.name || '.' || p.name || ' ' || CASE p.type WHEN 'INTEGER' THEN 'bigint'"
     " WHEN 'BLOB' THEN 'bytea' ELSE LOWER(p.type) END ||"
     " CASE WHEN p.\"notnull\" = 1 OR p.pk > 0 THEN ' not null' ELSE '' END ||"
     " CASE WHEN p.dflt_value IS NULL THEN '' ELSE ' default' END AS text"
     " FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p"
     " WHERE m.type = 'table' ORDER BY text");
STMT(columns_pg,
     "test.columns_pg",
     NULL,
     line_rows,
     struct line,
     "SELECT CAST(table_name || '.' || column_name || ' ' || data_type ||"
     " CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END ||"
     " CASE WHEN column_default IS NULL THEN '' ELSE ' default' END AS TEXT) COLLATE \"C\" AS text"
     " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY text");
STMT(indexes_sqlite,
     "test.indexes_sqlite",
     NULL,
     line_rows,
     struct line,
     "SELECT name || ' ' || tbl_name || CASE WHEN sql LIKE 'CREATE UNIQUE%' THEN ' unique' ELSE '' "
     "END ||"
     " CASE WHEN sql LIKE '% WHERE %' THEN ' partial' ELSE '' END AS text"
     " FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY text");
STMT(indexes_pg,
     "test.indexes_pg",
     NULL,
     line_rows,
     struct line,
     "SELECT CAST(indexname || ' ' || tablename || CASE WHEN indexdef LIKE 'CREATE UNIQUE%' THEN ' "
     "unique'"
     " ELSE '' END || CASE WHEN indexdef LIKE '% WHERE %' THEN ' partial' ELSE '' END AS TEXT)"
     " COLLATE \"C\" AS text FROM pg_indexes WHERE schemaname = 'public' AND NOT EXISTS"
     " (SELECT 1 FROM pg_constraint WHERE conname = indexname) ORDER BY text");

static void assert_same(struct fixture *f,
                        struct db *sqlite,
                        const struct stmt *on_sqlite,
                        const struct stmt *on_pg)
{
    struct list a = {0}, b = {0};
    OK(db_all(sqlite, f->a, on_sqlite, NULL, &a));
    OK(db_all(f->d, f->a, on_pg, NULL, &b));
    const struct line *x = a.p, *y = b.p;
    assert_true(a.n > 10);
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        assert_string_equal(str_z(f->a, x[i].text), str_z(f->a, y[i].text));
    }
    assert_int_equal(a.n, b.n);
}

static void test_schemas_equal(void **state)
{
    struct fixture *f = store_fixture(state);
    struct db_options o = {.write = true};
    struct db *sqlite = NULL;
    int n = 0;
    OK(db_open(f->a, S(""), &o, &sqlite));
    OK(migrate_run(sqlite, f->a, STR_NONE, 1, &n));
    OK(migrate_run(f->d, f->a, STR_NONE, 1, &n));
    assert_same(f, sqlite, &columns_sqlite, &columns_pg);
    assert_same(f, sqlite, &indexes_sqlite, &indexes_pg);
    db_close(sqlite);
}

int test_migrate(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_fresh_and_repeat),
        BOTH(test_steps),
        BOTH(test_broken),
        ON_PG(test_schemas_equal),
    };
    return cmocka_run_group_tests_name("store migrations", tests, NULL, NULL);
}
