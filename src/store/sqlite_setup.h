/* How a SQLite connection is set up (design.md 3), as a table that is applied and verified. */
#ifndef HUHANG_STORE_SQLITE_SETUP_H
#define HUHANG_STORE_SQLITE_SETUP_H

#include "store/engine.h"

enum sqlite_scope { SQLITE_FOR_ALL, SQLITE_FOR_FILES, SQLITE_FOR_WRITER };

struct sqlite_setting {
    const char *pragma;
    const char *answer; /* NULL: none is given */
    enum sqlite_scope scope;
};

/* Ends with a NULL pragma; applied in this order. */
extern const struct sqlite_setting sqlite_settings[];

/* Makes the file, readable by its owner only, if it is not there; log and index take its mode. */
struct err *sqlite_create_file(struct arena *a, const char *path) MUST_CHECK;
/* Brings a finished copy to the disk. */
struct err *sqlite_sync_file(struct arena *a, const char *path) MUST_CHECK;
/* What a column declared so holds, by the rules of type affinity; NULL (an expression):
 * VALUE_OTHER. */
enum value_kind sqlite_kind(const char *declared);

#endif
