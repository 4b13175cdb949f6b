/* For whom an applicant may act: itself, and every enterprise or person whose mandate it holds
 * today. The session's choice (PUT /session/acting) decides for whom something new is begun; what
 * is under way belongs to its party, whichever of them that is. */
#include "app/matter/ops.h"

#include "app/identity/identity.h"
#include "procedure/permit.h"

struct party_of_row {
    int64_t id, office_id, party_id;
};

/* clang-format off */
static const struct field PARTY_OF[] = {
    F_ID(struct party_of_row, id, 0, NULL, NULL),
    F_ID(struct party_of_row, office_id, 0, NULL, NULL),
    F_ID(struct party_of_row, party_id, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_PARTY,
     "matter.party_of",
     PARTY_OF,
     PARTY_OF,
     struct party_of_row,
     "SELECT id, office_id, party_id FROM matter WHERE id = :id AND office_id = :office_id");

/* The call's actor acting for that party; the session and its token stay. */
static struct err *acting_as(struct call *c, int64_t party_id, struct actor *ret)
{
    TRY(identity_actor(c, c->actor.person_id, party_id, ret));
    ret->session_id = c->actor.session_id;
    ret->csrf = c->actor.csrf;
    return NULL;
}

struct err *acting_all(struct call *c, struct list *ret)
{
    struct list parties = {0};
    TRY(identity_parties(c, c->actor.person_id, &parties));
    const struct identity_party *p = parties.p;
    struct acting *all = ARENA_ARRAY(c->arena, struct acting, parties.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < parties.n; i++) {
        TRY(acting_as(c, p[i].id, &all[n].actor));
        if (all[n].actor.party_id == p[i].id) {
            all[n].party_id = p[i].id;
            all[n].name = p[i].name;
            n++;
        }
    }
    *ret = (struct list){all, n};
    return NULL;
}

struct err *acting_switch(struct call *c, int64_t matter_id)
{
    struct party_of_row in = {.id = matter_id, .office_id = c->office_id}, row;
    struct actor other;
    bool found = false;
    if (c->actor.kind != ACTOR_APPLICANT || c->actor.person_id == 0) {
        return NULL;
    }
    TRY(db_one(c->db, c->arena, &FIND_PARTY, &in, &row, &found));
    if (!found || row.party_id == FIELD_NO_INT || row.party_id == c->actor.party_id) {
        return NULL;
    }
    TRY(acting_as(c, row.party_id, &other));
    if (other.party_id == row.party_id) {
        c->actor = other;
    }
    return NULL;
}
