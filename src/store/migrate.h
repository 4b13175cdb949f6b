/* Migrations NNNN_name.sql: forward only, one transaction each, recorded with the SHA-256 of their
 * text; a changed old file stops the start (c-models 3.7). Tokens: {{ID}} INTEGER PRIMARY KEY |
 * BIGINT PRIMARY KEY; {{WR}} WITHOUT ROWID | nothing; {{BYTES}} BLOB | BYTEA. */
#ifndef HUHANG_STORE_MIGRATE_H
#define HUHANG_STORE_MIGRATE_H

#include "store/db.h"

/* The files are embedded; *ret_n counts those applied now. Before the first new one on an existing
 * SQLite file a copy DIR/huhang.db.before-NNNN is made with VACUUM INTO when backup_dir is not
 * none. */
struct err *migrate_run(
    struct db *d, struct arena *a, struct str backup_dir, int64_t now_ms, int *ret_n) MUST_CHECK;
/* ERR_CONF when migrations are pending or an old one was changed. */
struct err *migrate_check(struct db *d, struct arena *a) MUST_CHECK;
/* The SQL of one migration for an engine, tokens replaced (tests). */
struct str migrate_expand(struct arena *a, struct str sql, enum db_engine e);

#endif
