/* Between db.c and the two engines; nobody above the store includes this.
 *
 * db.c owns what is the same on both: the cache of prepared statements, binding and reading by
 * field rows, the states of group and unit. An engine (db_sqlite.c, db_pg.c) knows plain values
 * only.
 *
 * Values cross the seam as NULL, integer, text or bytes. Both engines give the same kind for the
 * same column, so that field rows mean the same on both. */
#ifndef HUHANG_STORE_ENGINE_H
#define HUHANG_STORE_ENGINE_H

#include "base/arena.h"
#include "store/db.h"

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BYTES, VALUE_OTHER };

struct value {
    enum value_kind kind;
    int64_t i;
    struct bytes b; /* text and bytes; valid while the row is shown */
};

struct column {
    struct str name;
    enum value_kind kind; /* what the schema says; VALUE_OTHER: it does not say */
    const struct field *field;
};

/* A statement on one connection, alive as long as the connection. */
struct prepared {
    const struct stmt *stmt;
    struct str sql;             /* in the engine's own spelling of parameters */
    const struct field **param; /* in order of first use */
    size_t n_params;
    struct column *column; /* filled by prepare, fields by db.c */
    size_t n_columns;
    struct value *values; /* room for one row */
    void *handle;         /* the engine's */
    bool running;         /* inside db_each: the same statement may not run within itself */
};

/* One run of a statement. The engine calls `row` for every row, if it is not NULL; bytes that must
 * be decoded go into row_arena. */
struct run {
    struct arena *arena; /* errors */
    struct arena *row_arena;
    const struct value *params;
    struct err *(*row)(void *ctx, const struct value *values);
    void *ctx;
    int64_t count; /* result: rows changed, or returned when the statement returns rows */
};

#define PUSH_ANY ERR_CODE_MAX

enum control {
    CONTROL_BEGIN,
    CONTROL_BEGIN_READ,
    CONTROL_SAVE,    /* opens unit number `depth` */
    CONTROL_RELEASE, /* ends it; reports failures of pushed writes */
    CONTROL_UNDO,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK, /* also ends a read transaction */
};

struct engine;

struct engine_ops {
    void (*close)(struct engine *e);
    /* Fills handle and column; `a` for errors, `keep` for what stays. */
    struct err *(*prepare)(struct engine *e,
                           struct arena *a,
                           struct arena *keep,
                           struct prepared *p);
    struct err *(*run)(struct engine *e, struct prepared *p, struct run *r);
    /* unless_one: the error when not exactly one row was changed or returned; PUSH_ANY: any number.
     */
    struct err *(*push)(struct engine *e,
                        struct prepared *p,
                        struct run *r,
                        enum err_code unless_one);
    struct err *(*script)(struct engine *e, struct arena *a, struct str sql);
    struct err *(*control)(struct engine *e, struct arena *a, enum control c, int depth);
    struct err *(*snapshot)(struct engine *e, struct arena *a, const char *path);
    /* NULL where the engine has no such thing */
    void (*checkpoint)(struct engine *e, int64_t pages);
    int64_t (*log_pages)(struct engine *e);
    int64_t (*backend_pid)(struct engine *e);
};

struct engine {
    const struct engine_ops *ops;
    int depth;       /* units open now; kept by db.c */
    int error_depth; /* unit the last error belongs to; 0: the whole group is lost */
};

struct err *sqlite_open(struct arena *a,
                        struct str path,
                        const struct db_options *o,
                        struct engine **ret) MUST_CHECK;
struct err *pg_open(struct arena *a,
                    struct str target,
                    const struct db_options *o,
                    struct engine **ret) MUST_CHECK;

/* row.c */
/* The row of that name that SQL may use, or NULL. */
const struct field *row_field(const struct field *rows, struct str name);
enum value_kind row_kind(const struct field *f); /* VALUE_OTHER: not for SQL */
/* Values of the parameters, in `a`. */
struct err *row_bind(struct arena *a,
                     const struct prepared *p,
                     const void *in,
                     const struct value **ret) MUST_CHECK;
/* Reads one row into the zeroed struct at `ret`; `copy`: texts are copied into `a`. */
struct err *row_read(struct arena *a,
                     const struct prepared *p,
                     const struct value *values,
                     bool copy,
                     void *ret) MUST_CHECK;

/* statement.c: the prepared statement of this connection, made on first use. */
struct err *
db_prepared(struct db *d, struct arena *a, const struct stmt *s, struct prepared **ret) MUST_CHECK;

/* fault.c */
/* An error with the usual texts for its code; `what` (a statement's name) and cause are for the
 * log. */
struct err *
engine_error(struct arena *a, enum err_code code, const char *what, const char *cause) MUST_CHECK;
/* SQLSTATE of PostgreSQL; NULL and unknown ones are ERR_DB. */
enum err_code fault_of_sqlstate(const char *state);

#endif
