/* A small hall for tests of the engine: a folder, a data base, units, people and one item, a clock
 * that the test sets. SQLite, or PostgreSQL when HUHANG_TEST_PG names a data base. */
#ifndef HUHANG_TEST_HALL_H
#define HUHANG_TEST_HALL_H

#include "procedure/engine.h"
#include "procedure/fold.h"
#include "procedure/party.h"

struct hall {
    struct arena *arena; /* of the app */
    struct app *app;
    struct call writer; /* open connection; units run through it */
    int64_t party;      /* an enterprise */
    int64_t unit;
};

/* People: each holds the role of his name. */
enum who {
    CLERK = 1,
    REVIEWER,
    REVIEWER2,
    APPROVER,
    DELIVERER,
    UNIT_HEAD,
    ORGAN_HEAD,
    LEGAL,
    INSPECTOR,
    CHAIR,
    RECORDS,
    OWNER, /* business owner */
    WHO_MAX
};

struct hall *hall_open(int64_t start_ms);
/* The same on a data base in memory, for many short runs. */
struct hall *hall_open_memory(int64_t start_ms);
/* Item "food" with regimes and options that change from round to round. */
void hall_items_for_walks(struct hall *h, int round);
void hall_close(struct hall *h);
/* Item version whose body is the JSON; replaces the published version of the code. */
void hall_item(struct hall *h, const char *code, const char *body);
/* "2026-02-10 09:30" */
void hall_at(struct hall *h, const char *when);
/* Performs; form is JSON text or NULL. NULL: good. The error's arena is the hall's. */
struct err *hall_start(struct hall *h, const char *item, const char *form, int64_t *ret_matter);
struct err *
hall_act(struct hall *h, enum who who, int64_t matter, const char *act, const char *form);
struct err *hall_act_late(struct hall *h,
                          enum who who,
                          int64_t matter,
                          const char *act,
                          const char *form,
                          const char *occurred,
                          const char *reason);
struct err *hall_act_with(
    struct hall *h, enum who who, enum who with, int64_t matter, const char *act, const char *form);
struct err *hall_applicant(struct hall *h, int64_t matter, const char *act, const char *form);
/* What a unit of the writer runs, ctx is a struct hall_command: engine_start, engine_act. */
struct hall_command {
    struct act_request q;
    struct matter *m;
};
struct err *hall_start_command(struct call *c, void *ctx);
struct err *hall_act_command(struct call *c, void *ctx);
void hall_sweep(struct hall *h); /* everything due until now */
/* The matter as stored. */
struct matter *hall_matter(struct hall *h, int64_t id);
const char *hall_state(struct hall *h, int64_t id);
/* "2026-03-16", or NULL when the clock never started. */
const char *hall_due(struct hall *h, int64_t id, const char *clock);
int64_t hall_child(struct hall *h, int64_t id, const char *kind);
/* What hall_check tells with a failure: the walk under way. */
extern const char *hall_context;
/* Second fold = stored state, facts, clocks = worklist. Fails the test otherwise. */
void hall_check(struct hall *h, int64_t id);
/* `huhang verify` over the whole hall is content; fails the test otherwise. */
void hall_verify(struct hall *h);

#endif
