/* Errors are values: NULL means success, anything else must be looked at.
 *
 * An error is made in the arena of the call, so nobody owns it. It carries what the person needs
 * (detail and hint in Chinese and English, bad fields) and, apart, what the log needs (cause). Its
 * code comes from base/err_list.h, which also gives the HTTP status, the slug and both titles, and
 * makes RFC 9457 problems of it (wire/problem.h). Details state what happened to this request and
 * why, name no function, and say in the hint what to do next. */
#ifndef HUHANG_BASE_ERR_H
#define HUHANG_BASE_ERR_H

#include "base/str.h"

struct arena;

enum err_code {
#define ERR(code, status, slug, zh, en, retry) code,
#include "base/err_list.h"
#undef ERR
    ERR_CODE_MAX
};

/* One bad field. `pointer` is an RFC 6901 JSON pointer into the request body. */
struct err_field {
    struct str pointer, code, zh, en;
    struct err_field *next;
};

/* An extra member of the problem, as ready JSON text. */
struct err_member {
    const char *name;
    struct str json;
    struct err_member *next;
};

struct err {
    enum err_code code;
    struct arena *arena;
    struct str zh, en;           /* detail */
    struct str hint_zh, hint_en; /* none: nothing special to do */
    struct err_field *fields;    /* in order of addition */
    struct err_member *members;
    struct str cause;      /* for the log only: SQL text, errno, library message */
    int64_t retry_after_s; /* 0: not said */
    const char *file;
    int line;
};

struct err_info {
    int status;
    const char *slug, *zh, *en;
    bool retry;
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* The row of err_list.h. */
const struct err_info *err_info(enum err_code code);
/* New error; both formats take the same arguments in the same order. Use the macro ERROR. */
struct err *err_make(struct arena *a,
                     const char *file,
                     int line,
                     enum err_code code,
                     const char *zh,
                     const char *en,
                     ...) __attribute__((format(printf, 5, 7), format(printf, 6, 7))) MUST_CHECK;
#define ERROR(arena, code, ...) err_make((arena), __FILE__, __LINE__, (code), __VA_ARGS__)
/* The same with ready texts (copied), where the languages need different words. */
struct err *err_text(struct arena *a,
                     const char *file,
                     int line,
                     enum err_code code,
                     struct str zh,
                     struct str en) MUST_CHECK;
#define ERROR_TEXT(arena, code, zh, en) err_text((arena), __FILE__, __LINE__, (code), (zh), (en))
/* Each returns its argument, so they chain. */
struct err *err_hint(struct err *e, const char *zh, const char *en);
struct err *
err_field(struct err *e, struct str pointer, const char *code, struct str zh, struct str en);
struct err *err_member(struct err *e, const char *name, struct str json);
struct err *err_cause(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The only control-flow macro of the house: hands an error upward. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        struct err *try_err_ = (expr);                                                             \
        if (try_err_ != NULL) {                                                                    \
            return try_err_;                                                                       \
        }                                                                                          \
    } while (0)

#endif
