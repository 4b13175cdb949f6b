/* Values of every kind go in and come out equal on both engines; faults of statements and data are
 * the same errors on both. */
#include "store_test.h"

struct row {
    int64_t id;
    struct str text, on_day, choice;
    int64_t num, at, fen;
    bool flag;
    struct bytes raw;
    struct jval json;
};

static const struct choice choices[] = {{"a", "甲", "A"}, {"b", "乙", "B"}, {NULL, NULL, NULL}};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct row, id, 0, "编号", "id"),
    F_TEXT(struct row, text, 0, 0, 0, "文本", "text"),
    F_DATE(struct row, on_day, 0, "日期", "date"),
    F_CHOICE(struct row, choice, 0, choices, "选择", "choice"),
    F_INT(struct row, num, 0, 0, 0, "数", "number"),
    F_INSTANT(struct row, at, 0, "时刻", "instant"),
    F_MONEY(struct row, fen, 0, "金额", "money"),
    F_BOOL(struct row, flag, 0, "是否", "flag"),
    F_BYTES(struct row, raw, 0),
    F_JSON(struct row, json, 0, NULL, "内容", "json"),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS "id, text, on_day, choice, num, at, fen, flag, raw, json"

STMT_RUN(add,
         "test.add",
         rows,
         "INSERT INTO t (" COLUMNS ") VALUES (:id, :text, :on_day, :choice, :num, :at, :fen, :flag,"
         " :raw, :json) -- not a :parameter");
STMT(find, "test.find", rows, rows, struct row, "SELECT " COLUMNS " FROM t WHERE id = :id");
STMT(all, "test.all", NULL, rows, struct row, "SELECT " COLUMNS " FROM t ORDER BY text, id");
STMT(null_text,
     "test.null_text",
     rows,
     rows,
     struct row,
     "SELECT " COLUMNS " FROM t WHERE text IS NOT DISTINCT FROM :text");
STMT_RUN(set_num, "test.set_num", rows, "UPDATE t SET num = :num WHERE id >= :id");
STMT(computed,
     "test.computed",
     rows,
     rows,
     struct row,
     "SELECT MAX(id) AS id, SUM(num) AS num, COUNT(*) AS fen, MIN(text) AS text,"
     " SUM(num) > 5 AS flag FROM t WHERE id <> :id");
STMT_RUN(add_child, "test.add_child", rows, "INSERT INTO child (id, parent_id) VALUES (:id, :num)");
STMT(one_flag, "test.one_flag", NULL, rows, struct row, "SELECT flag FROM t");
STMT(add_returning,
     "test.add_returning",
     rows,
     rows,
     struct row,
     "INSERT INTO t (id, flag) VALUES (:id, :flag) ON CONFLICT (id) DO UPDATE SET num = 7"
     " RETURNING id, num");

static void make(struct fixture *f)
{
    struct str sql =
        f->engine == DB_PG
            ? S("CREATE TABLE t (id BIGINT PRIMARY KEY, text TEXT UNIQUE, on_day TEXT, choice TEXT,"
                " num BIGINT, at BIGINT, fen BIGINT, flag SMALLINT, raw BYTEA, json TEXT,"
                " CHECK (num < 1000));"
                "CREATE TABLE child (id BIGINT PRIMARY KEY, parent_id BIGINT NOT NULL REFERENCES "
                "t)")
            : S("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT UNIQUE, on_day TEXT, choice "
                "TEXT,"
                " num BIGINT, at BIGINT, fen BIGINT, flag SMALLINT, raw BLOB, json TEXT,"
                " CHECK (num < 1000));"
                "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id BIGINT NOT NULL REFERENCES "
                "t)");
    OK(db_script(f->d, f->a, sql));
}

static const unsigned char every_byte[] = {0, 1, 0x7f, 0x80, 0xff, '\\', 'x', '\'', 0};

static struct row full_row(struct fixture *f)
{
    struct jval json = {0};
    OK(jread(f->a, str_bytes(S("{\"名\":[1,true,null,\"x\"]}")), &json));
    return (struct row){.id = (INT64_C(440100) << 33) + 1,
                        .text = S("申请人 ''; DROP TABLE t; -- 𠀀\n\t\\x00"),
                        .on_day = S("2026-02-28"),
                        .choice = S("b"),
                        .num = -1,
                        .at = INT64_C(1772236800123),
                        .fen = INT64_MAX,
                        .flag = true,
                        .raw = {every_byte, sizeof every_byte},
                        .json = json};
}

static void assert_str(struct str got, struct str want)
{
    assert_true((got.p == NULL) == (want.p == NULL));
    assert_true(str_eq(got, want));
}

static void test_round_trip(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    struct row in = full_row(f);
    struct row out = {0};
    bool found = false;
    int64_t changed = 0;
    OK(db_run(f->d, f->a, &add, &in, &changed));
    assert_int_equal(changed, 1);
    OK(db_one(f->d, f->a, &find, &in, &out, &found));
    assert_true(found);
    assert_int_equal(out.id, in.id);
    assert_str(out.text, in.text);
    assert_str(out.on_day, in.on_day);
    assert_str(out.choice, in.choice);
    assert_int_equal(out.num, -1);
    assert_int_equal(out.at, in.at);
    assert_true(out.fen == INT64_MAX);
    assert_true(out.flag);
    assert_int_equal(out.raw.n, sizeof every_byte);
    assert_memory_equal(out.raw.p, every_byte, sizeof every_byte);
    assert_true(jval_eq(&out.json, &in.json));
    in.id = 5;
    OK(db_one(f->d, f->a, &find, &in, &out, &found));
    assert_false(found);
}

static void test_absent_and_empty(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    struct row none = {.id = 1, .num = FIELD_NO_INT, .at = FIELD_NO_INT, .fen = FIELD_NO_INT};
    struct row empty = {.id = 2, .text = S(""), .raw = {every_byte, 0}, .json = jval_of_str(S(""))};
    struct row out = {0};
    bool found = false;
    OK(db_run(f->d, f->a, &add, &none, NULL));
    OK(db_run(f->d, f->a, &add, &empty, NULL));
    OK(db_one(f->d, f->a, &find, &none, &out, &found));
    assert_null(out.text.p);
    assert_null(out.raw.p);
    assert_true(out.num == FIELD_NO_INT && out.at == FIELD_NO_INT && out.fen == FIELD_NO_INT);
    assert_int_equal(out.json.type, J_NULL);
    assert_false(out.flag);
    OK(db_one(f->d, f->a, &find, &empty, &out, &found));
    assert_non_null(out.text.p);
    assert_non_null(out.raw.p);
    assert_int_equal(out.text.n + out.raw.n, 0);
    assert_int_equal(out.num, 0);
    assert_int_equal(out.json.type, J_STR);
    OK(db_one(f->d, f->a, &null_text, &none, &out, &found));
    assert_true(found);
    assert_int_equal(out.id, 1);
    assert_int_equal(store_number(f->d, f->a, "SELECT COUNT(*) AS n FROM t WHERE raw IS NULL"), 1);
}

static void test_order_is_bytes(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    static const char *const texts[] = {"é", "a", "Z", "乙", "_", "甲", "A1", "A"};
    static const char *const sorted[] = {"A", "A1", "Z", "_", "a", "é", "乙", "甲"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct row r = {.id = (int64_t)i, .text = str_of(texts[i])};
        OK(db_run(f->d, f->a, &add, &r, NULL));
    }
    struct list list = {0};
    OK(db_all(f->d, f->a, &all, NULL, &list));
    assert_int_equal(list.n, COUNT_OF(sorted));
    const struct row *got = list.p;
    for (size_t i = 0; i < list.n; i++) {
        assert_str(got[i].text, str_of(sorted[i]));
    }
}

struct walk {
    struct fixture *f;
    int64_t sum;
    int64_t stop_at;
};

static struct err *walk_row(void *ctx, const void *row)
{
    struct walk *w = ctx;
    const struct row *r = row;
    w->sum += r->id;
    assert_non_null(r->raw.p);
    assert_memory_equal(r->raw.p, every_byte, sizeof every_byte);
    if (r->id == w->stop_at) {
        return ERROR(w->f->a, ERR_BUSY, "停", "stop");
    }
    return db_run(w->f->d, w->f->a, &set_num, row, NULL);
}

static void test_each(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    for (int64_t i = 1; i <= 100; i++) {
        struct row r = {.id = i,
                        .text = str_fmt(f->a, "%03d", (int)i),
                        .num = 1,
                        .raw = {every_byte, sizeof every_byte}};
        OK(db_run(f->d, f->a, &add, &r, NULL));
    }
    struct walk w = {.f = f};
    OK(db_each(f->d, f->a, &all, NULL, walk_row, &w));
    assert_int_equal(w.sum, 5050);
    w = (struct walk){.f = f, .stop_at = 3};
    FAILS(db_each(f->d, f->a, &all, NULL, walk_row, &w), ERR_BUSY);
    assert_int_equal(w.sum, 6);
    struct list list = {0};
    OK(db_all(f->d, f->a, &all, NULL, &list));
    assert_int_equal(list.n, 100);
}

static void test_computed_columns(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    struct row out = {.id = 99};
    bool found = false;
    OK(db_one(f->d, f->a, &add_returning, &out, &out, &found));
    assert_true(found && out.id == 99 && out.num == FIELD_NO_INT);
    OK(db_one(f->d, f->a, &add_returning, &out, &out, &found));
    assert_true(found && out.num == 7);
    struct row r = {.id = 1, .num = 3};
    OK(db_run(f->d, f->a, &add, &r, NULL));
    r.id = 0;
    OK(db_one(f->d, f->a, &computed, &r, &out, &found));
    assert_true(found && out.flag);
    assert_int_equal(out.num, 10);
    assert_int_equal(out.fen, 2);
    assert_null(out.text.p);
    int64_t changed = -1;
    OK(db_run(f->d, f->a, &set_num, &r, &changed));
    assert_int_equal(changed, 2);
    r.id = 100;
    OK(db_run(f->d, f->a, &set_num, &r, &changed));
    assert_int_equal(changed, 0);
}

static void test_constraints(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    struct row r = {.id = 1, .text = S("同")};
    OK(db_run(f->d, f->a, &add, &r, NULL));
    FAILS(db_run(f->d, f->a, &add, &r, NULL), ERR_DB_UNIQUE);
    r.id = 2;
    FAILS(db_run(f->d, f->a, &add, &r, NULL), ERR_DB_UNIQUE);
    r = (struct row){.id = 3, .num = 1000};
    FAILS(db_run(f->d, f->a, &add, &r, NULL), ERR_DB);
    r = (struct row){.id = 1, .num = 77};
    FAILS(db_run(f->d, f->a, &add_child, &r, NULL), ERR_DB_REFERENCED);
    r.num = 1;
    OK(db_run(f->d, f->a, &add_child, &r, NULL));
    FAILS(db_script(f->d, f->a, S("DELETE FROM t")), ERR_DB_REFERENCED);
    r.num = FIELD_NO_INT;
    r.id = 4;
    FAILS(db_run(f->d, f->a, &add_child, &r, NULL), ERR_DB);
    /* what a row holds stays out of the log */
    struct err *e = FAILS(db_run(f->d, f->a, &add, &(struct row){.id = 9, .text = S("同")}, NULL),
                          ERR_DB_UNIQUE);
    assert_true(str_find(e->cause, S("同")) < 0);
}

static void test_bad_text(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    struct row r = {.id = 1, .text = S("a\0b")};
    FAILS(db_run(f->d, f->a, &add, &r, NULL), ERR_INTERNAL);
    r.text = S("\xc3\x28");
    FAILS(db_run(f->d, f->a, &add, &r, NULL), ERR_INTERNAL);
    assert_int_equal(store_number(f->d, f->a, "SELECT COUNT(*) AS n FROM t"), 0);
}

static void test_misfits(void **state)
{
    struct fixture *f = store_fixture(state);
    make(f);
    struct row r = {.id = 1};
    struct row out = {0};
    bool found = false;
    OK(db_run(f->d, f->a, &add, &r, NULL));
    r = (struct row){.id = 2};
    OK(db_run(f->d, f->a, &add, &r, NULL));
    FAILS(db_one(f->d, f->a, &all, NULL, &out, &found), ERR_DB); /* two rows */
    OK(db_script(f->d, f->a, S("DELETE FROM t WHERE id = 2; UPDATE t SET flag = NULL")));
    FAILS(db_one(f->d, f->a, &one_flag, NULL, &out, &found), ERR_DB);
    OK(db_script(f->d, f->a, S("UPDATE t SET flag = 2")));
    FAILS(db_one(f->d, f->a, &one_flag, NULL, &out, &found), ERR_DB);
    if (f->engine == DB_SQLITE) {
        /* affinity lets text into a number column */
        OK(db_script(f->d, f->a, S("UPDATE t SET flag = 1, at = 'zwei'")));
        FAILS(db_one(f->d, f->a, &find, &(struct row){.id = 1}, &out, &found), ERR_DB);
    }
}

static void test_time_limit(void **state)
{
    struct fixture *f = store_fixture(state);
    db_close(f->d);
    struct db_options o = {.write = true, .statement_timeout_ms = 200};
    OK(db_open(f->a, f->target, &o, &f->d));
    static const struct stmt endless = {.name = "test.endless",
                                        .sql = "WITH RECURSIVE r (id) AS (SELECT 1 UNION ALL "
                                               "SELECT id + 1 FROM r WHERE id < 100000000)"
                                               " SELECT COUNT(*) AS id FROM r",
                                        .out = rows,
                                        .out_size = sizeof(struct row)};
    struct row out = {0};
    bool found = false;
    FAILS(db_one(f->d, f->a, &endless, NULL, &out, &found), ERR_DB_UNAVAILABLE);
    assert_int_equal(store_number(f->d, f->a, "SELECT 1 AS n"), 1);
}

int test_values(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_round_trip), BOTH(test_absent_and_empty), BOTH(test_order_is_bytes),
        BOTH(test_each),       BOTH(test_computed_columns), BOTH(test_constraints),
        BOTH(test_bad_text),   BOTH(test_misfits),          BOTH(test_time_limit),
    };
    return cmocka_run_group_tests_name("store values", tests, NULL, NULL);
}
