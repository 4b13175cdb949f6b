/* What stories share: instants, good and refused outcomes. */
#ifndef HUHANG_TEST_STORY_H
#define HUHANG_TEST_STORY_H

#include "hall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "2026-02-10 09:00" */
static inline int64_t story_at(const char *s)
{
    struct arena *a = arena_new(0);
    int64_t ms = 0;
    assert_true(civil_instant_parse(str_fmt(a, "%.10sT%.5s:00+08:00", s, s + 11), &ms));
    arena_free(a);
    return ms;
}

static inline void story_print(const struct err *e)
{
    fprintf(stderr, "%s:%d: %.*s (%.*s)\n", e->file, e->line, STR_ARG(e->en), STR_ARG(e->cause));
    for (struct err_field *f = e->fields; f != NULL; f = f->next) {
        fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(f->pointer), STR_ARG(f->en));
    }
}

#define good(expr)                                                                                 \
    do {                                                                                           \
        struct err *story_err_ = (expr);                                                           \
        if (story_err_ != NULL) {                                                                  \
            story_print(story_err_);                                                               \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

#define refused(expr, wanted)                                                                      \
    do {                                                                                           \
        struct err *story_err_ = (expr);                                                           \
        assert_non_null(story_err_);                                                               \
        if (story_err_->code != (wanted)) {                                                        \
            story_print(story_err_);                                                               \
        }                                                                                          \
        assert_int_equal(story_err_->code, (wanted));                                              \
    } while (0)

/* clang-format off */
#define STORY_MATERIALS                                                                            \
    "\"materials\":[{\"code\":\"food-01\",\"name\":\"申请书\"},{\"code\":\"food-02\",\"name\":" \
    "\"平面图\"},"                                                                              \
    "{\"code\":\"food-03\",\"name\":\"健康证明\"}]"
/* A licence item; `more` is JSON members ending in a comma. */
#define STORY_ITEM(more)                                                                                 \
    "{" more "\"name\":{\"zh\":\"食品经营许可\"},\"regime\":\"licence\",\"legal_limit\":\"20wd\"," \
             "\"legal_basis\":\"行政许可法42(1)\","                                                 \
    "\"counts_from\":\"acceptance\",\"promised_limit\":\"8wd\",\"extension\":\"10wd\","                  \
    "\"extension_approver\":\"organ_head\","                                                             \
    "\"special_kinds\":[\"expert\",\"site\"],\"pauses_by_law\":[\"expert\"],\"pauses_by_guide\":["       \
    "\"expert\",\"site\"],"                                                                              \
    "\"deemed_acceptance\":true,\"issue_basis\":\"行政许可法44\"," STORY_MATERIALS                       \
    ",\"form\":{\"area\":\"int! 1..100000 经营面积\"}}"
#define STORY_FORM                                                                                 \
    "{\"answers\":{\"area\":126},\"materials\":[{\"code\":\"food-01\",\"paper\":1},{\"code\":"     \
    "\"food-02\",\"paper\":1}]}"
#define STORY_OK                                                                                   \
    "{\"verdicts\":[{\"code\":\"food-01\",\"result\":\"ok\"},{\"code\":\"food-02\",\"result\":"    \
    "\"ok\"},{\"code\":\"food-03\",\"result\":\"ok\"}]}"
#define STORY_FIX                                                                                  \
    "{\"verdicts\":[{\"code\":\"food-01\",\"result\":\"ok\"},{\"code\":\"food-02\",\"result\":"    \
    "\"fix\",\"note\":\"缺消毒间\"},{\"code\":\"food-03\",\"result\":\"ok\"}]}"

/* clang-format on */
static inline struct hall *story_hall(const char *when, const char *item)
{
    struct hall *h = hall_open(story_at(when));
    hall_item(h, "food", item);
    return h;
}

static inline int64_t story_submit(struct hall *h)
{
    int64_t m = 0;
    good(hall_start(h, "food", STORY_FORM, &m));
    return m;
}

#endif
