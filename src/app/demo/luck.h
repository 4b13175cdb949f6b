/* Chance that repeats: the demo is the same each time. Not for secrets. Private to demo/. */
#ifndef HUHANG_APP_DEMO_LUCK_H
#define HUHANG_APP_DEMO_LUCK_H

#include "base/str.h"

struct luck {
    uint64_t state;
};

uint64_t luck_next(struct luck *l);
size_t luck_below(struct luck *l, size_t n); /* 0 … n − 1; n > 0 */
int64_t luck_between(struct luck *l, int64_t low, int64_t high);

#endif
