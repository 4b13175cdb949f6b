/* A walk through the real engine with simulated time: people of every role, the matters it came by,
 * and the steps that move them (walker.c); steering toward an act that was not seen yet
 * (walk_goal.c). All is decided by the seed, the goal and the items of the round. */
#ifndef HUHANG_TEST_WALKER_H
#define HUHANG_TEST_WALKER_H

#include "form_maker.h"
#include "procedure/act.h"

#define PEOPLE_PER_ROLE 3
#define MATTERS_MAX     24

struct walk {
    struct hall *h;
    struct maker mk;
    int64_t ids[MATTERS_MAX];
    size_t n;
    const struct definition *root;      /* what it starts with */
    const struct definition *goal_kind; /* NULL: none */
    uint32_t goal;                      /* act of it */
    int64_t stuck;                      /* matter whose act was refused last */
    enum err_code refusal;              /* why; ERR_CODE_MAX: it was done */
};

/* Acts seen so far, by definition index of the set. */
extern uint64_t walk_seen[32];
/* Told in every failure. */
extern char walk_name[200];

void walk_people(struct hall *h); /* rows of the people; their roles are those of the definitions */
struct actor walk_person(struct walk *w, size_t role, uint64_t i);
struct call *walk_call(struct walk *w, struct actor actor);
struct matter *walk_load(struct walk *w, int64_t id);
size_t walk_definition_index(const struct walk *w, const struct definition *d);
/* Acts of the matter count as seen, its children become matters of the walk. */
void walk_note(struct walk *w, int64_t id);
bool walk_goal_seen(const struct walk *w);

/* Starts a matter of the kind by whoever may. */
bool walk_start(struct walk *w, const struct definition *d);
/* Performs the act with a random form as a person of the role. False: refused. */
bool walk_act(struct walk *w, const struct matter *m, uint32_t act, size_t role);
/* An act that the rules or the program itself would raise. */
bool walk_system_act(struct walk *w, const struct matter *m, uint32_t act);
/* Office time goes on to `later`, with everything that falls due; false: beyond the calendar. */
bool walk_until(struct walk *w, int64_t later);
/* Some act that somebody may do now. */
bool walk_random_act(struct walk *w, int64_t id);

/* One step toward the goal. */
void walk_toward_goal(struct walk *w);

#endif
