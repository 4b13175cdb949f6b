/* Error values. Everything an error holds is copied into its arena, so the caller may build the
 * parts from memory that ends earlier. */
#include "base/err.h"

#include "base/arena.h"
#include "base/check.h"

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

struct err *err_text(
    struct arena *a, const char *file, int line, enum err_code code, struct str zh, struct str en)
{
    struct err *e = ARENA_NEW(a, struct err);

    CHECK(code < ERR_CODE_MAX);
    e->code = code;
    e->arena = a;
    e->zh = str_dup(a, zh);
    e->en = str_dup(a, en);
    e->file = file;
    e->line = line;
    return e;
}

struct err *err_make(struct arena *a,
                     const char *file,
                     int line,
                     enum err_code code,
                     const char *zh,
                     const char *en,
                     ...)
{
    va_list args, again;

    va_start(args, en);
    va_copy(again, args);
    struct str zh_text = str_fmt_args(a, zh, args);
    struct str en_text = str_fmt_args(a, en, again);
    va_end(again);
    va_end(args);
    return err_text(a, file, line, code, zh_text, en_text);
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
    e->cause = str_fmt_args(e->arena, fmt, args);
    va_end(args);
    return e;
}
