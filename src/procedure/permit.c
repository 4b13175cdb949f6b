/* One function decides (permit.h). */
#include "procedure/permit.h"

struct recusal_row {
    int64_t person_id, party_id, now;
    struct str ground;
};

/* clang-format off */
static const struct field RECUSAL[] = {
    F_ID(struct recusal_row, person_id, 0, NULL, NULL),
    F_ID(struct recusal_row, party_id, 0, NULL, NULL),
    F_INT(struct recusal_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct recusal_row, ground, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_RECUSAL,
     "permit.recusal",
     RECUSAL,
     RECUSAL,
     struct recusal_row,
     "SELECT person_id, party_id, from_at AS now, ground FROM recusal WHERE person_id = :person_id"
     " AND party_id = :party_id AND from_at <= :now AND (to_at IS NULL OR to_at > :now)");

static bool holds(const struct org *o,
                  const struct actor *a,
                  struct str role,
                  int64_t unit,
                  int64_t *ret_stand_in)
{
    for (size_t i = 0; i < a->n_roles; i++) {
        const struct held_role *h = &a->roles[i];
        if (str_eq(h->role, role) && (unit < 0 || org_covers(o, h->unit_id, unit))) {
            *ret_stand_in = h->stands_in_for;
            return true;
        }
    }
    return false;
}

/* The party acts itself or by its legal representative; an agent has a mandate of another scope. */
static bool plays(const struct call *c,
                  const struct actor *a,
                  const struct role *r,
                  const struct permit_subject *on,
                  int64_t *ret_stand_in)
{
    const struct org *o = org_of(c->app);
    bool own = a->kind == ACTOR_APPLICANT && a->party_id != 0 && a->party_id == on->party_id;
    switch (r->scope) {
    case ROLE_SYSTEM:
        return a->kind == ACTOR_SYSTEM;
    case ROLE_PUBLIC:
        return a->kind == ACTOR_APPLICANT || a->kind == ACTOR_STAFF;
    case ROLE_PARTY:
        return own && !a->as_agent;
    case ROLE_AGENT:
        return own && a->as_agent;
    case ROLE_ASSIGNEE:
        return a->kind == ACTOR_STAFF && on->assignee_id == a->person_id &&
               holds(o, a, r->name, on->unit_id, ret_stand_in);
    case ROLE_OFFICE:
    case ROLE_ZONE:
        return a->kind == ACTOR_STAFF && holds(o, a, r->name, -1, ret_stand_in);
    case ROLE_UNIT:
        return a->kind == ACTOR_STAFF && holds(o, a, r->name, on->unit_id, ret_stand_in);
    case ROLE_ORIGIN:
        return a->kind == ACTOR_STAFF && holds(o, a, r->name, on->origin_id, ret_stand_in);
    }
    return false;
}

int permit_role(const struct call *c,
                const struct actor *actor,
                uint64_t roles,
                const struct permit_subject *on,
                int64_t *ret_stand_in)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    int64_t stand_in = 0;
    for (size_t i = 0; i < set->n; i++) {
        if ((roles & BIT(i)) != 0 && plays(c, actor, &set->roles[i], on, &stand_in)) {
            if (ret_stand_in != NULL) {
                *ret_stand_in = stand_in;
            }
            return (int)i;
        }
    }
    return -1;
}

struct permit_subject permit_of(const struct matter *m)
{
    return (struct permit_subject){m->unit_id, m->origin_id, m->party_id, m->assignee_id, false};
}

bool permit_read(const struct call *c,
                 const struct actor *actor,
                 const struct definition *d,
                 const struct permit_subject *on)
{
    if (actor->kind == ACTOR_CLI || actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    return permit_role(c, actor, d->readers, on, NULL) >= 0;
}

bool permit_read_matter(const struct call *c, const struct actor *actor, const struct matter *m)
{
    struct permit_subject on = permit_of(m);
    return permit_read(c, actor, m->d, &on);
}

/* Who gave a reason today (act unmask) sees the data until the day ends. */
static bool gave_reason(const struct call *c, const struct actor *actor, const struct matter *m)
{
    int32_t today = civil_day_of(c->now_ms);
    for (size_t i = 0; i < m->n_done; i++) {
        const struct mact *a = &m->done[i];
        bool unmask = a->def != NO_INDEX && m->d->acts[a->def].use == USE_UNMASK;
        if (unmask && a->actor_id == actor->person_id && civil_day_of(a->occurred_at) == today) {
            return true;
        }
    }
    return false;
}

bool permit_unmasked(const struct call *c, const struct actor *actor, const struct matter *m)
{
    struct permit_subject on = permit_of(m);
    uint64_t acting = 0;
    if (actor->kind == ACTOR_CLI ||
        (m->party_id != 0 && actor->kind == ACTOR_APPLICANT && actor->party_id == m->party_id)) {
        return true;
    }
    if (m->state != NO_INDEX && m->d->states[m->state].holder != NO_INDEX) {
        acting = BIT(m->d->states[m->state].holder);
    }
    return permit_role(c, actor, acting, &on, NULL) >= 0 || gave_reason(c, actor, m);
}

/* The earlier act and the article, in words and as members (procedures.md 4). */
static struct err *refuse_separation(struct call *c,
                                     const struct matter *m,
                                     const struct mact *earlier,
                                     struct str basis)
{
    struct arena *a = c->arena;
    const struct definition_set *set = procedure_set(c->app);
    struct str zh = definition_label(set, "zh", m->d, "acts", earlier->name);
    struct str en = definition_label(set, "en", m->d, "acts", earlier->name);
    struct str article = basis.p == NULL ? S("") : str_fmt(a, "（%.*s）", STR_ARG(basis));
    struct err *e =
        ERROR_TEXT(a, ERR_ACT_SEPARATION,
                   str_fmt(a, "您在本件中已作“%.*s”，这一步须由另一人办理%.*s。", STR_ARG(zh),
                           STR_ARG(article)),
                   str_fmt(a, "You did “%.*s” on this matter; another person must do this step.",
                           STR_ARG(en)));
    struct jval act = jval_of_str(earlier->name);
    err_member(e, "act", jval_text(a, &act));
    err_member(e, "seq", str_fmt(a, "%lld", (long long)earlier->seq));
    struct jval text = jval_of_str(basis);
    return err_member(e, "article", jval_text(a, &text));
}

static const struct mact *
done_by(const struct matter *m, uint64_t acts, int64_t person, int64_t stand_in)
{
    for (size_t i = 0; i < m->n_done; i++) {
        const struct mact *d = &m->done[i];
        bool same = d->actor_id != 0 &&
                    (d->actor_id == person || (stand_in != 0 && d->actor_id == stand_in));
        if (same && !d->struck && d->def != NO_INDEX && (acts & BIT(d->def)) != 0) {
            return d;
        }
    }
    return NULL;
}

static uint64_t named_acts(const struct definition *d, const struct str *names, size_t n)
{
    uint64_t acts = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t act = definition_act(d, names[i]);
        acts |= act == NO_INDEX ? 0 : BIT(act);
    }
    return acts;
}

static struct err *separate(struct call *c,
                            const struct matter *m,
                            const struct matter *parent,
                            const struct separation *s,
                            const int64_t who[2])
{
    const struct mact *earlier = done_by(m, s->acts, who[0], who[1]);
    if (earlier != NULL) {
        return refuse_separation(c, m, earlier, s->basis);
    }
    if (parent != NULL && s->n_parent_acts > 0) {
        earlier = done_by(parent, named_acts(parent->d, s->parent_acts, s->n_parent_acts), who[0],
                          who[1]);
        if (earlier != NULL) {
            return refuse_separation(c, parent, earlier, s->basis);
        }
    }
    for (uint32_t f = 0; f < m->d->n_facts; f++) {
        const struct value *v = &m->facts[f];
        if ((s->facts & BIT(f)) != 0 && v->type == V_INT &&
            (v->u.i == who[0] || (who[1] != 0 && v->u.i == who[1]))) {
            return ERROR(c->arena, ERR_ACT_SEPARATION, "本件涉及您本人，须由另一人办理。",
                         "This matter concerns you; another person must do this step.");
        }
    }
    return NULL;
}

static struct err *recused(struct call *c, const struct matter *m, int64_t person)
{
    struct recusal_row in = {.person_id = person, .party_id = m->party_id, .now = c->now_ms};
    struct recusal_row row;
    bool found = false;
    if (m->party_id == 0 || person == 0) {
        return NULL;
    }
    TRY(db_one(c->db, c->arena, &FIND_RECUSAL, &in, &row, &found));
    if (!found) {
        return NULL;
    }
    struct err *e =
        ERROR(c->arena, ERR_ACT_RECUSED, "您与申请人有利害关系（%.*s），须回避。",
              "You are recused from this applicant's matters (%.*s).", STR_ARG(row.ground));
    struct jval ground = jval_of_str(row.ground);
    return err_member(e, "ground", jval_text(c->arena, &ground));
}

/* `when` of the rule, e.g. not for items that one person may handle. */
static bool applies(struct call *c, struct matter *m, const struct separation *s)
{
    struct act_scene scene = {
        .c = c, .m = m, .act = NO_INDEX, .now_ms = c->now_ms, .today = civil_day_of(c->now_ms)};
    struct expr_env env;
    scene_env(&scene, &env);
    return expr_true(s->when, &env);
}

struct err *permit_separation(struct call *c,
                              struct matter *m,
                              const struct matter *parent,
                              uint32_t act,
                              int64_t person,
                              int64_t stand_in)
{
    if (person == 0) {
        return NULL;
    }
    const int64_t who[2] = {person, stand_in};
    for (uint32_t i = 0; i < m->d->n_separations; i++) {
        const struct separation *s = &m->d->separations[i];
        if (s->act == act && applies(c, m, s)) {
            TRY(separate(c, m, parent, &m->d->separations[i], who));
        }
    }
    return recused(c, m, person);
}
