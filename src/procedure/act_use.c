/* What the acts of _common.yaml do beyond their definition. */
#include "procedure/act.h"

#include "procedure/fold.h"
#include "procedure/migrate_act.h"

static struct err *use_assign(struct act_run *r, struct act_todo *t)
{
    (void)r;
    t->m->assignee_id = jval_int(jval_get(t->form, S("person")), 0);
    return NULL;
}

struct erase_row {
    int64_t act_id, matter_id, erased_by, key_id;
};

/* clang-format off */
static const struct field ERASE[] = {
    F_ID(struct erase_row, act_id, 0, NULL, NULL),
    F_ID(struct erase_row, matter_id, 0, NULL, NULL),
    F_ID(struct erase_row, erased_by, 0, NULL, NULL),
    F_ID(struct erase_row, key_id, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(ERASE_BODIES,
         "erase.bodies",
         ERASE,
         "UPDATE act_body SET salt = NULL, body = NULL, erased_by = :erased_by WHERE erased_by IS "
         "NULL AND act_id IN"
         " (SELECT id FROM act WHERE matter_id = :matter_id AND id <> :erased_by)");
STMT_RUN(
    ERASE_BLOBS,
    "erase.blobs",
    ERASE,
    "UPDATE blob SET erased_by = :erased_by WHERE matter_id = :matter_id AND erased_by IS NULL");
STMT_RUN(ERASE_BLOB_KEYS,
         "erase.blob_keys",
         ERASE,
         "UPDATE data_key SET wrapped = NULL, destroyed_by = :erased_by WHERE id IN"
         " (SELECT key_id FROM blob WHERE matter_id = :matter_id)");
STMT_RUN(ERASE_LETTERS,
         "erase.letters",
         ERASE,
         "UPDATE document SET data_sealed = NULL WHERE matter_id = :matter_id");

/* Earlier contents go, in the same transaction: bodies, body salts, letters' data, files' keys. The
 * acts, their commitments and leaves stay (design.md 6). */
static struct err *use_erase(struct act_run *r, const struct act_todo *t)
{
    struct call *c = r->c;
    const struct mact *act = &t->m->done[t->m->n_done - 1];
    struct erase_row row = {.matter_id = t->m->id, .erased_by = act->id};
    TRY(db_run(c->db, c->arena, &ERASE_BODIES, &row, NULL));
    TRY(db_run(c->db, c->arena, &ERASE_BLOBS, &row, NULL));
    TRY(db_run(c->db, c->arena, &ERASE_BLOB_KEYS, &row, NULL));
    return db_run(c->db, c->arena, &ERASE_LETTERS, &row, NULL);
}

static struct err *use_event(struct act_run *r, const struct act_todo *t)
{
    const struct mact *self = &t->m->done[t->m->n_done - 1];
    struct act_scene s;
    act_scene_of(&s, r, t);
    s.applied = true;
    struct clock_move mv = {.act = NO_INDEX,
                            .from = t->m->state,
                            .to = t->m->state,
                            .act_id = self->id,
                            .at_ms = t->occurred_ms,
                            .day = s.today,
                            .expired = NO_INDEX};
    return clockwork_event(&s, &mv);
}

struct err *act_use(struct act_run *r, struct act_todo *t, struct act_done *d)
{
    const struct act_def *a = &t->m->d->acts[t->act];
    if (a->erases && a->use != USE_ERASE) {
        TRY(use_erase(r, t));
    }
    switch (a->use) {
    case USE_ASSIGN:
        return use_assign(r, t);
    case USE_CORRECT_RECORD:
        return fold_correct(r, t, d);
    case USE_ERASE:
        return use_erase(r, t);
    case USE_MIGRATE:
        TRY(migrate_matter(r, t));
        d->d = t->m->d; /* like act.definition_id: the version that it brings */
        return NULL;
    case USE_RECORD_EVENT:
        return use_event(r, t);
    case USE_PLAIN:
    case USE_NOTE:
    case USE_URGE:
    case USE_UNMASK:
    case USE_RECORD_LETTER:
        break;
    }
    return NULL;
}
