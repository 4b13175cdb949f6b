/* Steps 4 and 5 of an act: may it happen in this state, and may this person do it. */
#include "procedure/act.h"

#include <string.h>

void act_scene_of(struct act_scene *s, struct act_run *r, const struct act_todo *t)
{
    *s = (struct act_scene){
        .c = r->c,
        .m = t->m,
        .act = t->act,
        .form = t->form,
        .actor = &t->actor,
        .role = t->role,
        .now_ms = t->occurred_ms,
        .today = civil_day_of(t->occurred_ms),
    };
}

uint64_t act_roles(struct act_scene *s, uint32_t act)
{
    const struct act_def *a = &s->m->d->acts[act];
    const struct role_set *set = definition_roles(procedure_set(s->c->app));
    if (a->by_path == NULL) {
        return a->by;
    }
    struct expr_env env;
    scene_env(s, &env);
    struct value v = expr_path_eval(a->by_path, &env);
    int role = v.type == V_TEXT ? role_index(set, v.u.s) : -1;
    return a->by | (role < 0 ? 0 : BIT((unsigned)role));
}

static struct err *not_now(struct act_run *r, const struct act_todo *t)
{
    const struct matter *m = t->m;
    struct arena *a = r->c->arena;
    const struct definition_set *set = procedure_set(r->c->app);
    struct str state = m->state == NO_INDEX ? S("") : m->d->states[m->state].name;
    struct str act = m->d->acts[t->act].name;
    struct err *e = ERROR_TEXT(a, ERR_ACT_NOT_NOW,
                               str_fmt(a, "这件事现在是“%.*s”，不能作“%.*s”。",
                                       STR_ARG(definition_label(set, "zh", m->d, "states", state)),
                                       STR_ARG(definition_label(set, "zh", m->d, "acts", act))),
                               str_fmt(a, "The matter is now “%.*s”; “%.*s” is not possible.",
                                       STR_ARG(definition_label(set, "en", m->d, "states", state)),
                                       STR_ARG(definition_label(set, "en", m->d, "acts", act))));
    return err_hint(e, "请看这件事现在可以办什么。", "See what can be done now.");
}

static struct err *gate_state(struct act_run *r, struct act_todo *t)
{
    const struct act_def *a = &t->m->d->acts[t->act];
    struct act_scene s;
    struct expr_env env;
    act_scene_of(&s, r, t);
    scene_env(&s, &env);
    bool fits = a->starts ? t->m->state == NO_INDEX
                          : t->m->state != NO_INDEX && (a->from & BIT(t->m->state)) != 0;
    if (!fits) {
        return not_now(r, t);
    }
    if (a->times != 0 && matter_count(t->m, t->act) >= (int64_t)a->times) {
        return ERROR(r->c->arena, ERR_ACT_USED_UP, "“%.*s”最多办%u次，已经办过。",
                     "“%.*s” may be done %u time(s) only.", STR_ARG(a->zh), a->times);
    }
    bool offered = expr_true(a->when, &env);
    return s.failed != NULL ? s.failed : offered ? NULL : not_now(r, t);
}

static struct err *not_yours(struct act_run *r, const struct act_todo *t, uint64_t roles)
{
    const struct role_set *set = definition_roles(procedure_set(r->c->app));
    struct str zh = S("系统"), en = S("the system"), name = S("system");
    for (size_t i = 0; i < set->n; i++) {
        if ((roles & BIT(i)) != 0) {
            zh = set->roles[i].zh;
            en = set->roles[i].en.p != NULL ? set->roles[i].en : set->roles[i].name;
            name = set->roles[i].name;
            break;
        }
    }
    struct arena *a = r->c->arena;
    struct err *e =
        ERROR_TEXT(a, ERR_ACT_NOT_YOURS,
                   str_fmt(a, "“%.*s”由%.*s办理。", STR_ARG(t->m->d->acts[t->act].zh), STR_ARG(zh)),
                   str_fmt(a, "This act belongs to: %.*s.", STR_ARG(en)));
    struct jval v = jval_of_str(name);
    return err_member(e, "role", jval_text(a, &v));
}

struct grant_row {
    int64_t person_id;
    struct str role, today;
};

/* clang-format off */
static const struct field GRANT[] = {
    F_ID(struct grant_row, person_id, 0, NULL, NULL),
    F_TEXT(struct grant_row, role, 0, 0, 0, NULL, NULL),
    F_TEXT(struct grant_row, today, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_GRANT,
     "gate.grant",
     GRANT,
     GRANT,
     struct grant_row,
     "SELECT person_id, role, from_on AS today FROM role_grant WHERE person_id = :person_id AND "
     "role = :role"
     " AND from_on <= :today AND (to_on IS NULL OR to_on >= :today) LIMIT 1");

/* A further person counts when it is another one and holds one of the act's roles today. */
static struct err *
counts(struct act_run *r, const struct act_todo *t, size_t i, uint64_t roles, bool *ret)
{
    const struct role_set *set = definition_roles(procedure_set(r->c->app));
    struct grant_row in = {.person_id = t->with[i],
                           .today = civil_text(r->c->arena, civil_day_of(t->occurred_ms))},
                     row;
    *ret = false;
    for (size_t k = 0; k <= i; k++) {
        int64_t before = k == i ? t->actor.person_id : t->with[k];
        if (before == t->with[i]) {
            return NULL;
        }
    }
    for (size_t k = 0; k < set->n && !*ret; k++) {
        in.role = set->roles[k].name;
        if ((roles & BIT(k)) != 0) {
            TRY(db_one(r->c->db, r->c->arena, &FIND_GRANT, &in, &row, ret));
        }
    }
    return NULL;
}

/* N distinct named people with the role, the actor included (34 条). */
static struct err *gate_persons(struct act_run *r, const struct act_todo *t, uint64_t roles)
{
    const struct act_def *a = &t->m->d->acts[t->act];
    size_t distinct = 1;
    for (size_t i = 0; a->persons > 1 && i < t->n_with; i++) {
        bool another = false;
        TRY(counts(r, t, i, roles, &another));
        distinct += another;
    }
    if (a->persons > distinct) {
        struct err *e = NULL;
        field_fault(
            r->c->arena, &e, S("/with"), "too-few-people",
            "须由两人以上共同办理，请写明另一位有权办理的人（行政许可法第34条）。",
            "At least two people with the role must do this; name the other one (art. 34).");
        return e;
    }
    return NULL;
}

struct err *act_gate(struct act_run *r, struct act_todo *t)
{
    struct act_scene s;
    act_scene_of(&s, r, t);
    TRY(gate_state(r, t));
    uint64_t roles = act_roles(&s, t->act);
    struct permit_subject on = permit_of(t->m);
    int role = permit_role(r->c, &t->actor, roles, &on, &t->stand_in);
    const struct act_def *a = &t->m->d->acts[t->act];
    if (role < 0 || (a->triggered && t->actor.kind != ACTOR_SYSTEM)) {
        return not_yours(r, t, roles);
    }
    t->role = definition_roles(procedure_set(r->c->app))->roles[role].name;
    struct matter *parent = NULL;
    if (t->m->parent_id != 0) {
        TRY(run_matter(r, t->m->parent_id, &parent));
    }
    TRY(permit_separation(r->c, t->m, parent, t->act, t->actor.person_id, t->stand_in));
    for (size_t i = 0; i < t->n_with; i++) {
        TRY(permit_separation(r->c, t->m, parent, t->act, t->with[i], 0));
    }
    return t->actor.kind == ACTOR_SYSTEM ? NULL : gate_persons(r, t, roles);
}

struct err *act_needs(struct act_scene *s, struct err **ret_err)
{
    const struct act_def *a = &s->m->d->acts[s->act];
    const struct definition_set *set = procedure_set(s->c->app);
    struct arena *ar = s->c->arena;
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < a->n_needs; i++) {
        bool holds = expr_true(a->needs[i].holds, &env);
        if (s->failed != NULL) {
            return s->failed;
        }
        if (holds) {
            continue;
        }
        struct str key = str_fmt(ar, "%.*s.%zu", STR_ARG(a->name), i);
        struct str en = definition_label(set, "en", s->m->d, "needs", key);
        if (*ret_err == NULL) {
            *ret_err = ERROR_TEXT(ar, ERR_ACT_NEED, a->needs[i].zh, en);
        }
        *ret_err = err_field(*ret_err, S(""), "act-need", a->needs[i].zh, en);
    }
    return NULL;
}
