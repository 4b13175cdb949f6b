/* Effects: law that must be computed (procedures.md 4). Registered C functions run inside the act's
 * unit: no network, no change of state or clock; they own the tables they write and may leave
 * results that are kept in the act's body. The list of names is effect_list.h. */
#ifndef HUHANG_PROCEDURE_EFFECT_H
#define HUHANG_PROCEDURE_EFFECT_H

#include "procedure/matter.h"

typedef struct err *effect_fn(struct act_scene *s, int64_t act_id, struct jobj *results);

/* Runs the effects of the scene's act in order. */
struct err *effects_run(struct act_scene *s, int64_t act_id, struct jobj *results) MUST_CHECK;
/* Every effect in service has its function (checked at start). */
bool effects_complete(void);
/* Test programs put a double in place of the effects that are not in service, so that kinds not in
 * service can be walked; NULL takes it away. */
void effects_double(effect_fn *fn);
bool effects_doubled(void);

#endif
