/* What stands in the way of publishing an item version, and what the bureau should look at: all at
 * once (行政许可法 30, 32, 42, 44, 45; 优化营商环境条例 36). Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_CHECK_H
#define HUHANG_APP_CATALOGUE_CHECK_H

#include "app/catalogue/department.h"

struct finding {
    struct str pointer; /* into the body */
    const char *code;
    struct str zh, en;
    bool blocks; /* else only flagged */
};

struct findings {
    struct arena *a;
    struct finding *rows;
    size_t n, cap, n_blocks;
};

/* In demo folders missing texts of art. 30 and samples do not block. `units`: of the office. */
void check_item(struct call *c,
                const struct jval *body,
                const struct departments *units,
                struct findings *ret);
/* ERR_PUBLISH_BLOCKED with one field per finding that blocks; NULL when none does. */
struct err *check_error(const struct findings *f) MUST_CHECK;
/* [{pointer, code, blocks, text}] as member `key`. */
void check_write(const struct findings *f, struct jw *w, const char *key);

#endif
