/* Random forms for random walks: every field type, mostly right, so that acts happen. */
#ifndef HUHANG_TEST_FORM_MAKER_H
#define HUHANG_TEST_FORM_MAKER_H

#include "hall.h"

struct maker {
    struct arena *arena;
    struct hall *hall;
    uint64_t seed;
    int64_t owner;     /* whose uploads */
    int64_t office_ms; /* now */
};

uint64_t maker_next(struct maker *m);
uint64_t maker_below(struct maker *m, uint64_t n);
/* Token of a file that the owner uploaded. */
struct jval maker_upload(struct maker *m);
struct jval maker_form(struct maker *m, const struct matter *matter, const struct form *f);

#endif
