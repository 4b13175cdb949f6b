#include "civil_test.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_BYTES ((size_t)4 << 20)

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        return STR_NONE;
    }
    char *p = arena_alloc(a, MAX_BYTES, 1);
    size_t n = fread(p, 1, MAX_BYTES, f);
    (void)fclose(f);
    assert_true(n < MAX_BYTES);
    return (struct str){p, n};
}

struct str read_source(struct arena *a, const char *path)
{
    return read_file(a, str_fmt(a, "%s/%s", SOURCE_ROOT, path).p);
}

struct str read_shared(struct arena *a, const char *path)
{
    const char *root = getenv("HUHANG_SHARED");
    struct str full = root != NULL ? str_fmt(a, "%s/%s", root, path)
                                   : str_fmt(a, "%s/../shared/%s", SOURCE_ROOT, path);
    struct str text = read_file(a, full.p);
    if (text.p == NULL) {
        print_message("skipped: %s is not there\n", full.p);
    }
    return text;
}

struct calendar *load_calendar(struct arena *a, struct holiday **ret_rows, size_t *ret_n)
{
    struct holiday *rows = NULL;
    size_t n = 0;
    struct calendar *c = NULL;
    assert_null(calendar_read_csv(a, read_source(a, "data/holidays.csv"), &rows, &n));
    assert_null(calendar_new(a, rows, n, &c));
    if (ret_rows != NULL) {
        *ret_rows = rows;
        *ret_n = n;
    }
    return c;
}

int32_t day(const char *date)
{
    int32_t ret = CIVIL_NO_DAY;
    assert_true(civil_parse(str_of(date), &ret));
    return ret;
}

void assert_day(int32_t got, const char *want)
{
    char text[11] = "none";
    if (got != CIVIL_NO_DAY) {
        civil_format(got, text);
    }
    assert_string_equal(text, want);
}

uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

int32_t random_between(uint64_t *seed, int32_t from, int32_t to)
{
    return from + (int32_t)(next_random(seed) % (uint32_t)(to - from + 1));
}
