/* The limit of durable submissions: SQLite as fast as it goes with the rows that a submission has
 * at least, in the settings of the product (limits.h). */
#include "limits.h"

#include <sqlite3.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROWS 7
#define RUNS 200000

static const char *const SCHEMA =
    "CREATE TABLE matter (id INTEGER PRIMARY KEY, number TEXT, party BIGINT, unit BIGINT, title "
    "TEXT, state TEXT, facts TEXT, opened BIGINT);"
    "CREATE UNIQUE INDEX matter_number ON matter (number);"
    "CREATE INDEX matter_party ON matter (party, opened);"
    "CREATE TABLE act (id INTEGER PRIMARY KEY, matter BIGINT, seq BIGINT, name TEXT, salt BLOB, "
    "body BLOB, at BIGINT);"
    "CREATE INDEX act_matter ON act (matter, seq);"
    "CREATE TABLE clock (matter BIGINT, id BIGINT, name TEXT, due TEXT, at BIGINT, PRIMARY KEY "
    "(matter, id)) WITHOUT ROWID;"
    "CREATE TABLE leaf (id INTEGER PRIMARY KEY, leaf BLOB);"
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, topic TEXT, body TEXT);"
    "CREATE TABLE command (id INTEGER PRIMARY KEY, key TEXT, reply BLOB);";

static const char *const INSERTS[ROWS] = {
    "INSERT INTO matter VALUES (?1, 'GX2026-' || ?1, ?2 * 2654435761 % 262144, ?1 % 40, "
    "'食品经营许可 · 达州青禾餐饮有限公司', 'received', '{}', ?1)",
    "INSERT INTO act VALUES (?1, ?1, 1, 'submit', randomblob(16), randomblob(300), ?1)",
    "INSERT INTO clock VALUES (?1, 1, 'correction', '2026-12-01', 1)",
    "INSERT INTO clock VALUES (?1, 2, 'decide_legal', '2026-12-21', 1)",
    "INSERT INTO leaf VALUES (?1, randomblob(37))",
    "INSERT INTO outbox VALUES (?1, 'matter.act', '{\"matter_id\":1}')",
    "INSERT INTO command VALUES (?1, hex(randomblob(16)), randomblob(300))",
};

static void must(int code, int wanted)
{
    if (code != wanted) {
        fprintf(stderr, "limits: sqlite says %d\n", code);
        exit(3);
    }
}

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void group(sqlite3 *db, sqlite3_stmt *const *s, int batch, int64_t *id)
{
    must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    for (int unit = 0; unit < batch; unit++) {
        ++*id;
        must(sqlite3_exec(db, "SAVEPOINT u", NULL, NULL, NULL), SQLITE_OK);
        for (int i = 0; i < ROWS; i++) {
            must(sqlite3_bind_int64(s[i], 1, *id), SQLITE_OK);
            if (sqlite3_bind_parameter_count(s[i]) > 1) {
                must(sqlite3_bind_int64(s[i], 2, *id), SQLITE_OK);
            }
            must(sqlite3_step(s[i]), SQLITE_DONE);
            must(sqlite3_reset(s[i]), SQLITE_OK);
        }
        must(sqlite3_exec(db, "RELEASE u", NULL, NULL, NULL), SQLITE_OK);
    }
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

/* Frames written since the last call. */
static long frames(sqlite3 *db)
{
    int now = 0, high = 0;
    must(sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_WRITE, &now, &high, 1), SQLITE_OK);
    return now;
}

static sqlite3 *open_file(const char *file, sqlite3_stmt **s)
{
    sqlite3 *db = NULL;
    must(sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1), SQLITE_OK);
    must(sqlite3_open(file, &db), SQLITE_OK);
    must(sqlite3_exec(db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; "
                      "PRAGMA wal_autocheckpoint=4000;",
                      NULL, NULL, NULL),
         SQLITE_OK);
    must(sqlite3_exec(db, SCHEMA, NULL, NULL, NULL), SQLITE_OK);
    for (int i = 0; i < ROWS; i++) {
        must(sqlite3_prepare_v2(db, INSERTS[i], -1, &s[i], NULL), SQLITE_OK);
    }
    return db;
}

int limit_sql(const char *file, double seconds, int batch, long rows)
{
    static double took[RUNS];
    sqlite3_stmt *s[ROWS];
    sqlite3 *db = open_file(file, s);
    size_t n = 0;
    int64_t id = 0, first = 0;

    must(sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL), SQLITE_OK);
    while (id < rows) {
        group(db, s, 1000, &id);
    }
    must(sqlite3_exec(db, "PRAGMA wal_checkpoint; PRAGMA synchronous=FULL", NULL, NULL, NULL),
         SQLITE_OK);
    first = id;
    (void)frames(db);
    double begun = now_ms(), end = begun + seconds * 1e3;
    while (n == 0 || (now_ms() < end && n < RUNS)) {
        double before = now_ms();
        group(db, s, batch, &id);
        took[n++] = now_ms() - before;
    }
    double total = now_ms() - begun;
    qsort(took, n, sizeof took[0], by_size);
    printf("%.0f %.2f %.2f %.2f\n", (double)(id - first) / total * 1e3, took[n / 2],
           took[n * 99 / 100], (double)frames(db) / (double)(id - first));
    for (int i = 0; i < ROWS; i++) {
        must(sqlite3_finalize(s[i]), SQLITE_OK);
    }
    must(sqlite3_close(db), SQLITE_OK);
    return 0;
}
