/* What a backup says of itself: MANIFEST.json, written last, so a folder without it is no backup.
 */
#ifndef HUHANG_MAIN_MANIFEST_H
#define HUHANG_MAIN_MANIFEST_H

#include "main/copy.h"

#define MANIFEST_NAME "MANIFEST.json"
#define BACKUP_SQLITE "huhang.db"
#define BACKUP_PG     "huhang.dump"

struct manifest {
    struct str engine; /* sqlite, postgresql */
    struct str made_at, version;
    bool demo;
    int64_t log;       /* number of the log, its name, its public key, its last checkpoint */
    struct str origin; /* with the number */
    struct str vkey;
    struct str note;      /* none: nothing was signed yet */
    struct copied *files; /* the data base first */
    size_t n;
};

struct str manifest_text(struct arena *a, const struct manifest *m);
/* ERR_CONF when it is not one of ours. Paths are checked: nothing outside the folder. */
struct err *manifest_read(struct arena *a, struct str folder, struct manifest *ret) MUST_CHECK;

#endif
