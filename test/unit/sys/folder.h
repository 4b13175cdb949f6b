/* A temporary folder for a test, removed with all it holds when the test's arena ends. */
#ifndef HUHANG_TEST_FOLDER_H
#define HUHANG_TEST_FOLDER_H

#include "base/arena.h"
#include "test/unit/base/unit.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

static inline int
folder_remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void folder_remove(void *path)
{
    (void)nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline char *folder_new(struct arena *a)
{
    static const char pattern[] = "/tmp/huhang-test-XXXXXX";
    char *path = arena_alloc(a, sizeof(pattern), 1);

    memcpy(path, pattern, sizeof(pattern));
    assert_non_null(mkdtemp(path));
    arena_defer(a, folder_remove, path);
    return path;
}

#endif
