/* splitmix64. */
#include "app/demo/luck.h"

uint64_t luck_next(struct luck *l)
{
    uint64_t z = l->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t luck_below(struct luck *l, size_t n)
{
    return (size_t)(luck_next(l) % n);
}

int64_t luck_between(struct luck *l, int64_t low, int64_t high)
{
    return low + (int64_t)(luck_next(l) % (uint64_t)(high - low + 1));
}
