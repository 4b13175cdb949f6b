/* The insides of struct db, for db.c (connection, groups, units) and statement.c (statements,
 * rows).
 *
 * `failed[n]` says that unit n (0: the group itself) met an error. PostgreSQL refuses everything in
 * a failed transaction until it is undone; SQLite would go on. We refuse on both, so that code
 * tried on one behaves the same on the other. An engine may find that an error belongs further out
 * than where it surfaces (a pushed write of the group, a lost connection, SQLite's own rollback):
 * it says so in error_depth. */
#ifndef HUHANG_STORE_DB_STRUCT_H
#define HUHANG_STORE_DB_STRUCT_H

#include "base/map.h"
#include "store/engine.h"

#include <pthread.h>

struct db {
    struct engine *engine; /* NULL: reconnecting failed */
    enum db_engine kind;
    struct db_options options;
    struct str target;
    struct arena *arena; /* what lives as long as the connection */
    struct map *cache;   /* struct stmt * → struct prepared * */
    bool in_group, in_read;
    int depth;
    bool failed[DB_UNIT_DEPTH + 1];
    enum err_code why[DB_UNIT_DEPTH + 1];
    bool owned;
    pthread_t owner;
};

/* Before every call: the connection is there and no unit around us has failed. */
struct err *db_ready(struct db *d, struct arena *a) MUST_CHECK;
/* Behind every call: remembers which unit an error belongs to; returns its argument. */
struct err *db_noted(struct db *d, struct err *e) MUST_CHECK;

#endif
