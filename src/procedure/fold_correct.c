/* correct_record (procedures.md 2.3, design.md 5): right values for an earlier act, or an act
 * struck as a mistake, always with a reason and a second person (`persons: 2`, checked by the
 * gate). Both acts stay visible; a letter of the act is void and keeps its number; an act with
 * right values gets a new letter. */
#include "procedure/fold.h"

#include "procedure/matter_rows.h"

struct letter_row {
    int64_t act_id, id, status;
};

/* clang-format off */
static const struct field LETTER[] = {
    F_ID(struct letter_row, act_id, 0, NULL, NULL),
    F_ID(struct letter_row, id, 0, NULL, NULL),
    F_INT(struct letter_row, status, 0, 0, 9, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_LETTER,
     "correct.letter",
     LETTER,
     LETTER,
     struct letter_row,
     "SELECT act_id, id, status FROM document WHERE act_id = :act_id AND kind = 'letter' AND "
     "status <> 2 ORDER BY id DESC LIMIT 1");

static struct err *
refuse(struct call *c, const char *member, const char *code, const char *zh, const char *en)
{
    struct err *e = NULL;
    field_fault(c->arena, &e, str_fmt(c->arena, "/form/%s", member), code, zh, en);
    return e;
}

static ptrdiff_t find_seq(const struct matter *m, int64_t seq)
{
    for (size_t i = 0; i + 1 < m->n_done; i++) {
        if (m->done[i].seq == seq) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

/* The latest act that counts before this correction. */
static ptrdiff_t latest(const struct matter *m)
{
    for (size_t i = m->n_done - 1; i > 0; i--) {
        const struct mact *a = &m->done[i - 1];
        bool record = a->def == NO_INDEX || m->d->acts[a->def].use != USE_PLAIN;
        bool silent =
            a->from_state.p != NULL && str_eq(a->from_state, a->to_state) && a->actor_id == 0;
        if (!a->struck && !record && !silent) {
            return (ptrdiff_t)i - 1;
        }
    }
    return -1;
}

static bool left_the_house(const struct matter *m, const struct mact *a)
{
    const struct act_def *d = &m->d->acts[a->def];
    for (size_t i = 0; i < d->n_effects; i++) {
        if (d->effects[i] == EFFECT_CUSTODY_HAND_OVER) {
            return true; /* handed to the applicant: only a new legal act can undo it */
        }
    }
    return false;
}

static struct err *check_strike(struct act_run *r, const struct act_todo *t, ptrdiff_t i)
{
    const struct mact *a = &t->m->done[i];
    bool by_system = a->actor_id == 0 && a->def != NO_INDEX && t->m->d->acts[a->def].triggered;
    const struct jval *evidence = jval_get(t->form, S("proof"));
    if (a->def == NO_INDEX || t->m->d->acts[a->def].starts) {
        return refuse(r->c, "seq", "start", "提出申请这一步不能撤销，可以更正内容。",
                      "The first act cannot be struck; correct its values instead.");
    }
    if (left_the_house(t->m, a)) {
        return refuse(r->c, "seq", "left", "已经送达的不能按差错撤销，须依法另作决定。",
                      "What was handed over cannot be struck; a new legal act is needed.");
    }
    if (by_system) {
        bool proof = evidence != NULL && (evidence->type != J_LIST || evidence->n > 0) &&
                     evidence->type != J_NULL;
        return proof
                   ? NULL
                   : refuse(
                         r->c, "proof", "required", "撤销系统自动动作，须附在期限内已办的凭据。",
                         "To strike an automatic act, attach proof that the duty was met in time.");
    }
    if (i != latest(t->m)) {
        return refuse(r->c, "seq", "not-latest", "只能撤销最近的一步；更早的请更正内容。",
                      "Only the latest act can be struck; correct the values of earlier ones.");
    }
    return NULL;
}

static struct err *check_values(struct act_run *r, const struct act_todo *t, ptrdiff_t i)
{
    const struct mact *a = &t->m->done[i];
    const struct jval *values = jval_get(t->form, S("values"));
    struct err *faults = NULL;
    if (a->def == NO_INDEX || values == NULL || values->type != J_OBJ) {
        return refuse(r->c, "values", "required", "请填写正确的内容。", "Give the right values.");
    }
    field_validate(r->c->arena, t->m->d->acts[a->def].form->rows, values, S("/form/values"),
                   &faults);
    return faults;
}

static struct err *void_letter(struct act_run *r,
                               struct act_todo *t,
                               struct act_done *d,
                               const struct mact *target,
                               bool again)
{
    struct letter_row in = {.act_id = target->id}, row;
    bool found = false;
    TRY(db_one(r->c->db, r->c->arena, &FIND_LETTER, &in, &row, &found));
    if (!found) {
        return NULL;
    }
    d->voided_letter = row.id;
    if (!again || target->def == NO_INDEX) {
        return NULL;
    }
    struct act_todo once = *t;
    once.act = target->def;
    once.form = jval_get(t->form, S("values"));
    return act_letter(r, &once, d);
}

/* Takes state, facts and clocks of the fold over; rows keep their ids, events are only added. */
static void take_over(struct act_run *r, struct matter *m, struct matter *f, int64_t act_id)
{
    m->state = f->state;
    m->class = f->class;
    m->unit_id = f->unit_id;
    m->assignee_id = f->assignee_id;
    m->opened_day = f->opened_day;
    m->facts = f->facts;
    if (m->class != STATE_CLOSED) {
        m->closed_at = 0;
        m->final_light = 0;
    }
    clockwork_take_over(r->c, m, f, act_id);
}

/* A history without its contents cannot be worked out again. */
static struct err *check_whole(struct act_run *r, const struct matter *m)
{
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].def != NO_INDEX && m->d->acts[m->done[i].def].erases) {
            return err_hint(
                ERROR(r->c->arena, ERR_CONFLICT, "这件事的内容已依法删除，不能再更正记录。",
                      "Contents of this matter were erased as the law requires; its record "
                      "can no longer be corrected."),
                "有要补充的，请写备注。", "Write a note for what has to be added.");
        }
    }
    return NULL;
}

struct err *fold_correct(struct act_run *r, struct act_todo *t, struct act_done *d)
{
    struct matter *m = t->m, *f = NULL;
    bool strike = jval_bool(jval_get(t->form, S("strike")), false);
    TRY(check_whole(r, m));
    ptrdiff_t i = find_seq(m, jval_int(jval_get(t->form, S("seq")), 0));
    if (i < 0 || m->done[i].struck) {
        return refuse(r->c, "seq", "unknown", "没有这一步，或者它已被撤销。",
                      "There is no such act, or it was struck already.");
    }
    TRY(strike ? check_strike(r, t, i) : check_values(r, t, i));
    struct mact *self = &m->done[m->n_done - 1];
    self->corrects_id = m->done[i].id;
    m->done[i].struck = strike;
    m->done[i].corrected = !strike;
    TRY(fold_matter(r->c, m, &f));
    take_over(r, m, f, self->id);
    self->to_state = m->d->states[m->state].name;
    return void_letter(r, t, d, &m->done[i], !strike);
}
