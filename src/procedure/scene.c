/* What expressions see (expr.h): the matter, its item, party, facts, acts, clocks and children, and
 * the act under way. Everything is answered from what is loaded; only `act.A.form.F` and
 * `party.banned` read the data base, lazily. */
#include "procedure/clockwork.h"
#include "procedure/param.h"

struct ban_row {
    int64_t party_id, item_id;
    struct str today;
};

struct found_row {
    int64_t found;
};

/* clang-format off */
static const struct field BAN_IN[] = {
    F_ID(struct ban_row, party_id, 0, NULL, NULL),
    F_ID(struct ban_row, item_id, 0, NULL, NULL),
    F_TEXT(struct ban_row, today, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field FOUND_OUT[] = {
    F_INT(struct found_row, found, 0, 0, 1, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_BAN,
     "matter.ban",
     BAN_IN,
     FOUND_OUT,
     struct found_row,
     "SELECT 1 AS found FROM licence_ban WHERE party_id = :party_id AND item_id = :item_id"
     " AND until_on >= :today");

static const struct value NONE = {.type = V_NONE};

static struct value item_value(struct act_scene *s, const struct expr_path *p)
{
    if (s->m->item == NULL) {
        return NONE;
    }
    if (p->index == ITEM_STATUS) {
        return value_text(s->m->item->status);
    }
    if (p->index == ITEM_CODE) {
        return value_text(s->m->item->code);
    }
    const struct jval *v = jval_get(&s->m->item->body, p->name);
    if (v == NULL && p->type == V_BOOL) {
        return value_bool(false);
    }
    if (v == NULL && p->type == V_LIST) {
        return value_names(s->c->arena, NULL, 0);
    }
    if (p->index == ITEM_NAME && v != NULL && v->type == J_OBJ) {
        v = jval_get(v, S("zh"));
    }
    return value_of_jval(p->type, v);
}

static bool party_banned(struct act_scene *s)
{
    struct matter *m = s->m;
    if (m->party == NULL || m->item == NULL) {
        return false;
    }
    struct ban_row in = {m->party->id, m->item->item_id, civil_text(s->c->arena, s->today)};
    struct found_row row;
    bool found = false;
    struct err *e = db_one(s->c->db, s->c->arena, &FIND_BAN, &in, &row, &found);
    if (e != NULL && s->failed == NULL) {
        s->failed = e;
    }
    return found;
}

static struct value party_value(struct act_scene *s, const struct expr_path *p)
{
    const struct mparty *party = s->m->party;
    switch ((enum party_name)p->index) {
    case PARTY_BANNED:
        return value_bool(party_banned(s));
    case PARTY_DISHONEST:
        return value_bool(party != NULL && (party->flags & MATTER_DISHONEST) != 0);
    case PARTY_KIND:
        return value_text(party != NULL && party->kind == 2 ? S("enterprise") : S("citizen"));
    case PARTY_NAMES:
        break;
    }
    return NONE;
}

static struct value id_value(int64_t id)
{
    return id > 0 ? value_int(id) : NONE;
}

static struct value matter_value(const struct act_scene *s, const struct expr_path *p)
{
    const struct matter *m = s->m;
    switch ((enum matter_name)p->index) {
    case MATTER_UNIT:
        return value_int(m->unit_id);
    case MATTER_ORIGIN:
        return id_value(m->origin_id);
    case MATTER_STATE:
        return m->state == NO_INDEX ? NONE : value_text(m->d->states[m->state].name);
    case MATTER_NUMBER:
        return value_text(m->number);
    case MATTER_OPENED_ON:
        return value_date(m->opened_day);
    case MATTER_CHANNEL:
        return value_text(m->channel);
    case MATTER_PARTY_ID:
        return id_value(m->party_id);
    case MATTER_ASSIGNEE:
        return id_value(m->assignee_id);
    case MATTER_NAMES:
        break;
    }
    return NONE;
}

static struct value actor_value(const struct act_scene *s, const struct expr_path *p)
{
    switch ((enum actor_name)p->index) {
    case ACTOR_PERSON:
        return s->actor == NULL ? NONE : id_value(s->actor->person_id);
    case ACTOR_ROLE:
        return value_text(s->role);
    case ACTOR_UNIT_:
        return s->actor == NULL ? NONE : id_value(s->actor->unit_id);
    case ACTOR_NAMES:
        break;
    }
    return NONE;
}

static bool under_way(const struct act_scene *s, uint32_t act)
{
    return s->act == act && !s->applied;
}

static struct value last_form(struct act_scene *s, const struct expr_path *p)
{
    const struct jval *form = NULL;
    if (under_way(s, p->index) && s->form != NULL) {
        form = s->form;
    } else {
        const struct mact *last = matter_last(s->m, p->index);
        const struct jval *body = NULL;
        if (last == NULL) {
            return NONE;
        }
        struct mact *row = &s->m->done[last - s->m->done];
        struct err *e = matter_body(s->c, s->m, row, &body);
        if (e != NULL) {
            s->failed = s->failed == NULL ? e : s->failed;
            return NONE;
        }
        form = jval_get(body, S("form"));
    }
    return value_of_jval(p->type, jval_get(form, p->member));
}

static struct value act_value(struct act_scene *s, const struct expr_path *p)
{
    const struct mact *last = matter_last(s->m, p->index);
    int32_t day = CIVIL_NO_DAY;
    switch (p->attr) {
    case EXPR_ACT_COUNT:
        return value_int(matter_count(s->m, p->index));
    case EXPR_ACT_ON:
        if (last != NULL && civil_parse(last->effective_on, &day)) {
            return value_date(day);
        }
        return NONE;
    case EXPR_ACT_ACTOR:
        return last == NULL ? NONE : id_value(last->actor_id);
    case EXPR_ACT_FORM:
        return last_form(s, p);
    case EXPR_PLAIN:
    case EXPR_CLOCK_RUNNING:
    case EXPR_CLOCK_LATE:
    case EXPR_CLOCK_LEFT:
    case EXPR_CLOCK_DUE:
    case EXPR_CHILD_OPEN:
    case EXPR_CHILD_COUNT:
        break;
    }
    return NONE;
}

static struct value clock_left_value(const struct act_scene *s, const struct mclock *k)
{
    if (k->status != CLOCK_RUNNING && k->status != CLOCK_PAUSED) {
        return NONE;
    }
    struct clock_spec spec;
    clockwork_spec(s->c, k, almanac_of(s->c->app), &spec);
    struct clock_due due = clock_compute(&spec, s->today);
    return value_int(clock_left(&spec, &due, s->now_ms));
}

static struct value clock_value(struct act_scene *s, const struct expr_path *p)
{
    const struct mclock *k = matter_clock(s->m, p->index);
    bool alive = k != NULL && (k->status == CLOCK_RUNNING || k->status == CLOCK_PAUSED);
    bool over = k != NULL && clockwork_over(k, s->now_ms);
    switch (p->attr) {
    case EXPR_CLOCK_RUNNING:
        return value_bool(alive && !over);
    case EXPR_CLOCK_LATE:
        return value_bool(k != NULL && ((alive && over) || k->status == CLOCK_EXPIRED ||
                                        (k->status == CLOCK_MET && k->stopped_at > k->due.due_ms)));
    case EXPR_CLOCK_LEFT:
        return k == NULL ? NONE : clock_left_value(s, k);
    case EXPR_CLOCK_DUE:
        return k == NULL ? NONE : value_date(k->due.due_day);
    case EXPR_PLAIN:
    case EXPR_ACT_COUNT:
    case EXPR_ACT_ON:
    case EXPR_ACT_ACTOR:
    case EXPR_ACT_FORM:
    case EXPR_CHILD_OPEN:
    case EXPR_CHILD_COUNT:
        break;
    }
    return NONE;
}

static struct value child_value(const struct act_scene *s, const struct expr_path *p)
{
    int64_t n = 0;
    for (size_t i = 0; i < s->m->n_children; i++) {
        const struct mchild *k = &s->m->children[i];
        if (k->def == p->index && (p->attr == EXPR_CHILD_COUNT || k->class != STATE_CLOSED)) {
            n++;
        }
    }
    return value_int(n);
}

static struct value scene_get(void *ctx, const struct expr_path *p)
{
    struct act_scene *s = ctx;
    switch (p->root) {
    case EXPR_ITEM:
        return item_value(s, p);
    case EXPR_PARTY:
        return party_value(s, p);
    case EXPR_MATTER:
        return matter_value(s, p);
    case EXPR_FACT:
        return s->m->facts[p->index];
    case EXPR_FORM:
        return value_of_jval(p->type, jval_get(s->form, p->name));
    case EXPR_PARAM:
        return param_value(s->c, s->m, p->index, s->now_ms, &s->failed);
    case EXPR_ACTOR:
        return actor_value(s, p);
    case EXPR_PARENT:
        return id_value(s->m->parent_id);
    case EXPR_TODAY:
        return value_date(s->today);
    case EXPR_NOW:
        return value_instant(s->now_ms);
    case EXPR_ACT:
        return act_value(s, p);
    case EXPR_CLOCK:
        return clock_value(s, p);
    case EXPR_CHILD:
        return child_value(s, p);
    }
    return NONE;
}

void scene_env(struct act_scene *s, struct expr_env *ret)
{
    *ret = (struct expr_env){
        .arena = s->c->arena,
        .get = scene_get,
        .ctx = s,
        .today = s->today,
        .now_ms = s->now_ms,
        .calendar = almanac_of(s->c->app)->calendar,
    };
}
