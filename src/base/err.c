/* Error values. Everything an error holds is copied into its arena, so the caller may build the
 * parts from memory that ends earlier. */
#include "base/err.h"

#include "base/arena.h"
#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>

static const struct err_info infos[ERR_CODE_MAX] = {
#define ERR(code, status, slug, zh, en, retry) [code] = {status, slug, zh, en, retry},
#include "base/err_list.h"
#undef ERR
};

const struct err_info *err_info(enum err_code code)
{
    CHECK(code < ERR_CODE_MAX);
    return &infos[code];
}

static __attribute__((format(printf, 2, 0))) struct str
format(struct arena *a, const char *fmt, va_list args)
{
    va_list again;

    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    CHECK(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1, 1);
    int wrote = vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    CHECK(wrote == n);
    return (struct str){p, (size_t)n};
}

struct err *err_make(struct arena *a,
                     const char *file,
                     int line,
                     enum err_code code,
                     const char *zh,
                     const char *en,
                     ...)
{
    struct err *e = ARENA_NEW(a, struct err);
    va_list args, again;

    CHECK(code < ERR_CODE_MAX);
    e->code = code;
    e->arena = a;
    e->file = file;
    e->line = line;
    va_start(args, en);
    va_copy(again, args);
    e->zh = format(a, zh, args);
    e->en = format(a, en, again);
    va_end(again);
    va_end(args);
    return e;
}

struct err *err_hint(struct err *e, const char *zh, const char *en)
{
    e->hint_zh = str_dup(e->arena, str_of(zh));
    e->hint_en = str_dup(e->arena, str_of(en));
    return e;
}

struct err *
err_field(struct err *e, struct str pointer, const char *code, struct str zh, struct str en)
{
    struct err_field *f = ARENA_NEW(e->arena, struct err_field);
    struct err_field **end = &e->fields;

    f->pointer = str_dup(e->arena, pointer);
    f->code = str_dup(e->arena, str_of(code));
    f->zh = str_dup(e->arena, zh);
    f->en = str_dup(e->arena, en);
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = f;
    return e;
}

struct err *err_member(struct err *e, const char *name, struct str json)
{
    struct err_member *m = ARENA_NEW(e->arena, struct err_member);
    struct err_member **end = &e->members;

    m->name = str_z(e->arena, str_of(name));
    m->json = str_dup(e->arena, json);
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = m;
    return e;
}

struct err *err_cause(struct err *e, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    e->cause = format(e->arena, fmt, args);
    va_end(args);
    return e;
}
