/* Migrations from a given set of files instead of the embedded one: for tests and the embedded
 * case. */
#ifndef HUHANG_STORE_MIGRATE_SET_H
#define HUHANG_STORE_MIGRATE_SET_H

#include "base/embed.h"
#include "store/migrate.h"

struct migrate_set {
    const struct embed_file *files; /* sorted by name */
    size_t n;
};

struct migrate_set migrate_embedded(void);
struct err *migrate_run_set(struct db *d,
                            struct arena *a,
                            const struct migrate_set *set,
                            struct str backup_dir,
                            int64_t now_ms,
                            int *ret_n) MUST_CHECK;
struct err *
migrate_check_set(struct db *d, struct arena *a, const struct migrate_set *set) MUST_CHECK;

#endif
