/* The shared vectors of other people's implementations. They keep their licence and stay outside
 * the repository (shared/data/README.md), so a test that reads them skips, saying so, where they
 * are missing. They are looked for in $HUHANG_SHARED, else beside the checkout. */
#ifndef HUHANG_TEST_SHARED_H
#define HUHANG_TEST_SHARED_H

#include "base/arena.h"
#include "sys/file.h"
#include "test/unit/base/unit.h"

#include <jansson.h>

/* The parsed file, or skips the test. Numbers arrive as reals: some are beyond 2^63 on purpose. */
static inline json_t *shared_json(struct arena *a, const char *name)
{
    const char *folder = getenv("HUHANG_SHARED");
    struct str path = str_fmt(a, "%s/data/tlog/%s", folder != NULL ? folder : SHARED_DIR, name);
    struct bytes content = {NULL, 0};
    json_error_t where;

    if (!file_exists(path.p)) {
        print_message("skipped: no %s\n", path.p);
        arena_free(a);
        skip();
    }
    assert_null(file_read(a, path.p, (size_t)1 << 20, &content));
    json_t *json = json_loadb((const char *)content.p, content.n, JSON_DECODE_INT_AS_REAL, &where);
    assert_non_null(json);
    return json;
}

/* The member as a text; none when it is null or missing. */
static inline struct str shared_text(const json_t *object, const char *member)
{
    return str_of(json_string_value(json_object_get(object, member)));
}

#endif
