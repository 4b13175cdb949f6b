/* Folding a history again (procedures.md 2.3, design.md 3): truth is the acts' bodies; state, facts
 * and clocks are their fold. Corrections fold what remains; verify and the random walks fold
 * everything and compare with what is stored. The fold runs act_sets and act_move, the very code of
 * the first time. */
#ifndef HUHANG_PROCEDURE_FOLD_H
#define HUHANG_PROCEDURE_FOLD_H

#include "procedure/act.h"

/* State, facts and clocks of the matter from its acts, struck ones left out, corrected ones with
 * their right values. `m` is loaded and stays as it is. ERR_CONFLICT names the act that no longer
 * fits. */
struct err *fold_matter(struct call *c, struct matter *m, struct matter **ret) MUST_CHECK;
/* What correct_record does: strikes or corrects the named act, folds again, takes the result over.
 */
struct err *fold_correct(struct act_run *r, struct act_todo *t, struct act_done *d) MUST_CHECK;

#endif
