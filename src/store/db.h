/* The data base, as the rest of the house sees it: statements in the shared dialect, bound and read
 * by field rows (c-models 3.4 idea 6, 3.7; design.md 3).
 *
 * A `struct db` is one connection, used by one thread. db_sqlite.c and db_pg.c stand behind it. SQL
 * is written once: named parameters (:name, the field's name), columns by the field's name, tokens
 * {{BYTES}} {{ID}} {{WR}} only in migrations. Text for one engine lives in paired statements
 * (STMT2). Statements are prepared on first use and kept; db_check prepares them all and matches
 * parameters and columns with the field rows.
 *
 * Writes whose result nobody awaits go through db_push: on SQLite at once, on PostgreSQL into the
 * pipeline; a failure surfaces at the next awaited call or at unit_end. Results that are awaited
 * flush the pipeline first. */
#ifndef HUHANG_STORE_DB_H
#define HUHANG_STORE_DB_H

#include "base/err.h"
#include "base/str.h"
#include "wire/field.h"

struct db;
struct arena;

enum db_engine { DB_SQLITE, DB_PG };

struct stmt {
    const char *name;        /* capability.verb, for logs and checks */
    const char *sql;         /* shared dialect; NULL: a statement for PostgreSQL only */
    const char *sql_pg;      /* NULL: the same */
    const struct field *in;  /* NULL: no parameters; extra rows are allowed, unused ones skipped */
    const struct field *out; /* NULL: no rows */
    uint32_t out_size;       /* sizeof the row struct */
};

/* Every statement is listed by its module so that db_check can find it. */
struct stmt_list {
    const struct stmt *const *stmts;
    size_t n;
};

struct db_options {
    bool write;                   /* the one writing connection; otherwise read-only */
    int cache_kib;                /* page cache; performance.md 4.6: writer 16 MB, readers 4 MB */
    int64_t statement_timeout_ms; /* 0: none */
};

/* target: path ending in .db → SQLite file (the writer creates it, 0600); "" → SQLite in memory,
 * for tests; postgresql://… or postgres://… → PostgreSQL. ERR_CONF when the server is not set up as
 * we need it (fsync off, other collation, too old …). */
struct err *
db_open(struct arena *a, struct str target, const struct db_options *o, struct db **ret) MUST_CHECK;
void db_close(struct db *d); /* NULL is allowed */
enum db_engine db_engine(const struct db *d);
/* A connection belongs to the thread that first calls it; another thread is a CHECK. The owner
 * gives it away with this (main opens and migrates, then the lane takes it). */
void db_hand_over(struct db *d);

/* Rows are decoded into structs in the arena `a`. `in` may be NULL when the statement has none.
 * NULL is STR_NONE, FIELD_NO_INT, J_NULL; it is an error for a bool. Rows of `out` without a column
 * read as absent. After an error inside a unit nothing but unit_undo works (PostgreSQL's rule, kept
 * on both): expected conflicts are written ON CONFLICT DO NOTHING. */
/* At most one row; a second one is ERR_DB. */
struct err *db_one(struct db *d,
                   struct arena *a,
                   const struct stmt *s,
                   const void *in,
                   void *ret_row,
                   bool *ret_found) MUST_CHECK;
/* A list of row structs; p is NULL when there are none. */
struct err *db_all(struct db *d,
                   struct arena *a,
                   const struct stmt *s,
                   const void *in,
                   struct list *ret) MUST_CHECK;
/* Calls fn for each row; the row is valid only during the call. fn's error ends the walk. fn may
 * use the connection, but not run the same statement. */
struct err *db_each(struct db *d,
                    struct arena *a,
                    const struct stmt *s,
                    const void *in,
                    struct err *(*fn)(void *ctx, const void *row),
                    void *ctx) MUST_CHECK;
/* ret_changed may be NULL (still awaited). */
struct err *db_run(struct db *d,
                   struct arena *a,
                   const struct stmt *s,
                   const void *in,
                   int64_t *ret_changed) MUST_CHECK;
/* Only inside a group. */
struct err *db_push(struct db *d, struct arena *a, const struct stmt *s, const void *in) MUST_CHECK;
/* The same, and the unit (or group) fails with `code` unless exactly one row was changed or
 * returned. */
struct err *db_push_one(struct db *d,
                        struct arena *a,
                        const struct stmt *s,
                        const void *in,
                        enum err_code code) MUST_CHECK;
/* Ready SQL without parameters, one or several statements (migrations, pragmas, tests). */
struct err *db_script(struct db *d, struct arena *a, struct str sql) MUST_CHECK;
/* Prepares every statement and compares parameters and columns with the rows; all faults at once.
 * Every column needs a field, every FIELD_REQUIRED field of `out` a column. */
struct err *
db_check(struct db *d, struct arena *a, const struct stmt_list *lists, size_t n) MUST_CHECK;

/* Transactions, writer only. group_begin … unit_begin … unit_end|unit_undo … group_commit. A unit
 * is a savepoint; units may nest (DB_UNIT_DEPTH). A commit outside this wrapper is a CHECK. An
 * error of unit_end leaves the unit open: call unit_undo. An error of group_commit has rolled back,
 * or its outcome is unknown (PostgreSQL, connection lost → ERR_DB_UNAVAILABLE); group_rollback
 * after it does nothing. An I/O failure of SQLite's commit ends the process. Round trips on
 * PostgreSQL: one for each awaited call, one for each unit_end with pushes behind the last awaited
 * call, one for group_commit; group_begin, unit_begin and db_push have none. unit_end must wait,
 * because the next unit builds on memory that a failed one may not leave behind (leaf index,
 * numbers). */
#define DB_UNIT_DEPTH 4
struct err *group_begin(struct db *d, struct arena *a) MUST_CHECK;
struct err *unit_begin(struct db *d, struct arena *a) MUST_CHECK;
struct err *unit_end(struct db *d,
                     struct arena *a) MUST_CHECK; /* reports failures of pushed writes */
void unit_undo(struct db *d);
struct err *group_commit(struct db *d, struct arena *a) MUST_CHECK;
void group_rollback(struct db *d);
/* Read transaction for several reads that must agree (READ lane, exports, verify). */
struct err *db_read_begin(struct db *d, struct arena *a) MUST_CHECK;
void db_read_end(struct db *d);
/* SQLite: checkpoint when more than `pages` log pages wait for it (0: at once, when idle);
 * PostgreSQL: nothing. Writer only, outside groups. */
void db_checkpoint(struct db *d, int64_t pages);
int64_t db_log_pages(struct db *d); /* WAL pages written since open (bench), 0 on PostgreSQL */
/* SQLite: VACUUM INTO path, consistent while writes go on (backup takes a reader). */
struct err *db_snapshot(struct db *d, struct arena *a, const char *path) MUST_CHECK;
/* PostgreSQL: backend pid of this connection, 0 on SQLite (office_lease). */
int64_t db_backend_pid(struct db *d);
/* After ERR_DB_UNAVAILABLE: connect again; prepared statements are made anew. */
struct err *db_reconnect(struct db *d, struct arena *a) MUST_CHECK;

/* Statements defined with these macros list themselves in a section of the program, so that
 * `huhang check` and the tests find every one of them without a list kept by hand. */
#define STMT_LISTED_(ident)                                                                        \
    static const struct stmt *const listed_##ident                                                 \
        __attribute__((used, section("huhang_stmts"))) = &ident
#define STMT(ident, label, in_rows, out_rows, out_type, text)                                      \
    static const struct stmt ident = {.name = (label),                                             \
                                      .sql = (text),                                               \
                                      .in = (in_rows),                                             \
                                      .out = (out_rows),                                           \
                                      .out_size = sizeof(out_type)};                               \
    STMT_LISTED_(ident)
/* The same with text for PostgreSQL apart. */
#define STMT2(ident, label, in_rows, out_rows, out_type, text, text_pg)                            \
    static const struct stmt ident = {.name = (label),                                             \
                                      .sql = (text),                                               \
                                      .sql_pg = (text_pg),                                         \
                                      .in = (in_rows),                                             \
                                      .out = (out_rows),                                           \
                                      .out_size = sizeof(out_type)};                               \
    STMT_LISTED_(ident)
#define STMT_RUN(ident, label, in_rows, text)                                                      \
    static const struct stmt ident = {.name = (label), .sql = (text), .in = (in_rows)};            \
    STMT_LISTED_(ident)
/* All statements linked into the program. */
struct stmt_list stmt_all(void);

#endif
