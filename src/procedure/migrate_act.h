/* The act `migrate` (procedures.md 2.3): a matter under way goes over to another version of its
 * kind. */
#ifndef HUHANG_PROCEDURE_MIGRATE_ACT_H
#define HUHANG_PROCEDURE_MIGRATE_ACT_H

#include "procedure/act.h"

/* Facts, clocks and acts are found again by name. Refused (ERR_CONFLICT) when the new version does
 * not know the state the matter is in. Clocks run on with the limits they started with; with
 * `rebase` those still running take the new version's limits. t->act becomes the new version's. */
struct err *migrate_matter(struct act_run *r, struct act_todo *t) MUST_CHECK;

#endif
