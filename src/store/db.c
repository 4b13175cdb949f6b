/* The data base above the engines: one door for every call, with the cache of prepared statements and
 * the states of group and unit.
 *
 * `failed[n]` says that unit n (0: the group itself) met an error. PostgreSQL refuses everything in a
 * failed transaction until it is undone; SQLite would go on. We refuse on both, so that code tried on
 * one behaves the same on the other. An engine may find that an error belongs further out than where
 * it surfaces (a pushed write of the group, a lost connection, SQLite's own rollback): it says so in
 * error_depth. */
#include "store/db.h"

#include "base/check.h"
#include "base/map.h"
#include "store/engine.h"
#include "store/scan.h"

#include <pthread.h>
#include <string.h>

struct db {
    struct engine *engine; /* NULL: a reconnection failed */
    enum db_engine kind;
    bool write;
    struct str target;
    struct db_options options;
    struct arena *arena; /* statements of this connection */
    struct map *cache;
    bool in_group, in_read;
    int depth;
    bool failed[DB_UNIT_DEPTH + 1];
    enum err_code failed_code[DB_UNIT_DEPTH + 1];
    bool owned;
    pthread_t owner;
};

struct err *engine_error(struct arena *a, enum err_code code, const char *what, const char *cause)
{
    static const char *const zh[] = {"数据库未能完成这一步。", "相同的内容已经存在。",
                                     "它仍被别的记录使用，或所指的记录不存在。",
                                     "数据库暂时不可用。", "存储已满，未保存。"};
    static const char *const en[] = {"The data base could not do this.", "The same already exists.",
                                     "Another record still uses it, or it names one that is not there.",
                                     "The data base is unavailable.", "Storage is full, nothing was saved."};
    static const enum err_code codes[] = {ERR_DB, ERR_DB_UNIQUE, ERR_DB_REFERENCED,
                                          ERR_DB_UNAVAILABLE, ERR_DISK_FULL};
    size_t i = 0;
    while (i + 1 < COUNT_OF(codes) && codes[i] != code) {
        i++;
    }
    i = codes[i] == code ? i : 0;
    return err_cause(ERROR(a, code, "%s", "%s", codes[i] == code ? zh[i] : zh[0]), "%s: %s", what,
                     cause);
}
