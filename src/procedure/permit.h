/* Who may do and see what: the one place that decides for acts, lists, search, detail and export
 * (procedures.md 2.3, design.md 7). Roles by scope, mandates, stand-ins, recusal, separation of
 * duty, 三员分立: the system, security and audit administrators hold no business role, so nothing
 * here is open to them. */
#ifndef HUHANG_PROCEDURE_PERMIT_H
#define HUHANG_PROCEDURE_PERMIT_H

#include "procedure/matter.h"

/* What scopes are compared with: a matter or a row of a list. */
struct permit_subject {
    int64_t unit_id, origin_id, party_id, assignee_id;
    bool assigned_only; /* the row is for one person (work.person_id) */
};

/* Role index under which the actor may play one of `roles` for the subject, or -1. *ret_stand_in:
 * the person stood in for, 0. */
int permit_role(const struct call *c,
                const struct actor *actor,
                uint64_t roles,
                const struct permit_subject *on,
                int64_t *ret_stand_in);
/* May the actor read matters of the kind with this subject? The command line may read everything.
 */
bool permit_read(const struct call *c,
                 const struct actor *actor,
                 const struct definition *d,
                 const struct permit_subject *on);
bool permit_read_matter(const struct call *c, const struct actor *actor, const struct matter *m);
/* Does the actor see the party's name unmasked? The applicant itself and staff who may act on it.
 */
bool permit_unmasked(const struct call *c, const struct actor *actor, const struct matter *m);
/* Separation of duty and recusal of `person` (and whom it stands in for). NULL when nothing speaks
 * against it. ERR_ACT_SEPARATION with members `act`, `seq`, `article`; ERR_ACT_RECUSED with
 * `ground`. */
struct err *permit_separation(struct call *c,
                              struct matter *m,
                              const struct matter *parent,
                              uint32_t act,
                              int64_t person,
                              int64_t stand_in) MUST_CHECK;
struct permit_subject permit_of(const struct matter *m);

#endif
