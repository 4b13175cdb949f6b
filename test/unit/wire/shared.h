/* For tests that read real data: the folder HUHANG_SHARED, else `shared` beside the source tree. A
 * test calls shared_or_skip first, so a machine without the folder says so and goes on. */
#ifndef HUHANG_TEST_WIRE_SHARED_H
#define HUHANG_TEST_WIRE_SHARED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline const char *shared_path(struct arena *a, const char *name)
{
    const char *root = getenv("HUHANG_SHARED");

    return root != NULL ? str_fmt(a, "%s/%s", root, name).p
                        : str_fmt(a, "%s/../shared/%s", SOURCE_ROOT, name).p;
}

static inline struct bytes read_whole(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");

    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f);
    assert_true(size >= 0);
    rewind(f);
    unsigned char *p = arena_alloc(a, (size_t)size, 1);
    assert_int_equal(fread(p, 1, (size_t)size, f), size);
    (void)fclose(f);
    return (struct bytes){p, (size_t)size};
}

static inline struct bytes shared_read(struct arena *a, const char *name)
{
    return read_whole(a, shared_path(a, name));
}

static inline void shared_or_skip(const char *name)
{
    struct arena *a = arena_new(0);
    const char *path = shared_path(a, name);
    FILE *f = fopen(path, "rb");

    if (f == NULL) {
        print_message("skipped: %s is missing (set HUHANG_SHARED)\n", path);
        arena_free(a);
        skip();
        return;
    }
    (void)fclose(f);
    arena_free(a);
}

/* Calls fn for every file of the folder; returns their number. */
static inline size_t shared_each(struct arena *a,
                                 const char *folder,
                                 void (*fn)(struct arena *a, const char *name, struct bytes text))
{
    DIR *dir = opendir(shared_path(a, folder));
    size_t n = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        struct arena *own = arena_new(0);
        fn(own, entry->d_name, shared_read(own, str_fmt(own, "%s/%s", folder, entry->d_name).p));
        arena_free(own);
        n++;
    }
    (void)closedir(dir);
    return n;
}

#endif
