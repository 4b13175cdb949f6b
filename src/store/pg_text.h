/* PostgreSQL's types and texts, apart from libpq: what a connection must be set to, and how values
 * look on the wire. */
#ifndef HUHANG_STORE_PG_TEXT_H
#define HUHANG_STORE_PG_TEXT_H

#include "store/engine.h"

/* Type numbers (pg_type.oid) never change. */
#define PG_BOOL    16u
#define PG_BYTEA   17u
#define PG_INT8    20u
#define PG_INT2    21u
#define PG_INT4    23u
#define PG_TEXT    25u
#define PG_VARCHAR 1043u
#define PG_NUMERIC 1700u

/* The type we declare for a parameter of that kind; what a column of that type holds. */
unsigned pg_type(enum value_kind kind);
enum value_kind pg_kind(unsigned type);
/* A cell as PostgreSQL writes it; bytes are decoded into `a`. Not of the type's form: VALUE_OTHER.
 */
struct value pg_value(struct arena *a, unsigned type, struct str text);
/* Eight bytes, big-endian. */
void pg_put_int(int64_t v, char ret[8]);

/* Statements that set a new connection up. */
struct str pg_setup_sql(struct arena *a, const struct db_options *o);
/* A query that gives name and value of each setting to be verified. */
const char *pg_verify_sql(void);
/* ERR_CONF when a value would weaken what we promise. */
struct err *pg_verify(struct arena *a,
                      const struct db_options *o,
                      struct str name,
                      struct str value) MUST_CHECK;
/* Number of rows of the query; fewer: the server is no PostgreSQL that we know. */
#define PG_VERIFY_ROWS 12

#endif
