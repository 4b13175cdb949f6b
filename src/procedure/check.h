/* Graph checks of one kind. Private to check*.c. */
#ifndef HUHANG_PROCEDURE_CHECK_H
#define HUHANG_PROCEDURE_CHECK_H

#include "procedure/load.h"

struct graph {
    struct load *l;
    const struct definition *d;
    uint64_t reachable; /* states */
    uint64_t possible;  /* acts whose FROM can be reached, and start acts */
    uint64_t outside;   /* roles of outsiders */
};

/* Follows one act out of one state: the states it can lead to. */
static inline uint64_t act_leads(const struct act_def *a, uint32_t from)
{
    return a->to == TO_KEEP ? BIT(from) : a->reaches;
}

void check_states(const struct graph *g);
void check_acts(const struct graph *g);
void check_clock_graph(const struct graph *g);

#endif
