/* Step 13 of an act: what it opens and triggers. Children start in the same command; parents and
 * children learn of acts and closings; pauses follow children. */
#include "procedure/act.h"

#include "base/check.h"

static struct act_todo
system_act(struct matter *m, uint32_t act, const struct act_todo *cause, int64_t cause_id)
{
    return (struct act_todo){
        .m = m,
        .act = act,
        .actor = {.kind = ACTOR_SYSTEM},
        .occurred_ms = cause->occurred_ms,
        .cause_id = cause_id,
        .expired = NO_INDEX,
    };
}

/* Enqueues the first act of the mask that fits; the gate looks again when its turn comes. */
static struct err *trigger(struct act_run *r,
                           struct matter *m,
                           uint64_t acts,
                           const struct act_todo *cause,
                           int64_t cause_id)
{
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        const struct act_def *a = &m->d->acts[i];
        if ((acts & BIT(i)) == 0 || m->state == NO_INDEX || (a->from & BIT(m->state)) == 0) {
            continue;
        }
        struct act_scene s = {.c = r->c,
                              .m = m,
                              .act = i,
                              .now_ms = cause->occurred_ms,
                              .today = civil_day_of(cause->occurred_ms)};
        struct expr_env env;
        scene_env(&s, &env);
        if (expr_true(a->when, &env)) {
            struct act_todo t = system_act(m, i, cause, cause_id);
            return run_enqueue(r, &t);
        }
        TRY(s.failed);
    }
    return NULL;
}

static struct mchild *child_entry(struct matter *parent, int64_t id)
{
    for (size_t i = 0; i < parent->n_children; i++) {
        if (parent->children[i].id == id) {
            return &parent->children[i];
        }
    }
    return NULL;
}

/* The told end of the child's work: the latest date of its running clocks. */
static int32_t expected_end(const struct matter *child)
{
    int32_t day = CIVIL_NO_DAY;
    for (size_t i = 0; i < child->n_clocks; i++) {
        if (child->clocks[i].status == CLOCK_RUNNING && child->clocks[i].due.due_day > day) {
            day = child->clocks[i].due.due_day;
        }
    }
    return day;
}

static struct err *facts_value(struct call *c, const struct matter *m, const struct jval **ret)
{
    struct jval *v = ARENA_NEW(c->arena, struct jval);
    *ret = v;
    return jread(c->arena, str_bytes(matter_facts_text(c->arena, m)), v);
}

/* Keeps the parent's index of children true and lets its clocks pause and resume. */
static struct err *tell_parent(struct act_run *r, const struct act_todo *t, size_t done)
{
    struct matter *child = t->m, *parent = NULL;
    const struct mact *act = &child->done[r->done[done].index];
    TRY(run_matter(r, child->parent_id, &parent));
    struct mchild *entry = child_entry(parent, child->id);
    CHECK(entry != NULL);
    bool was_open = entry->class != STATE_CLOSED, closed = child->class == STATE_CLOSED;
    bool started = child->d->acts[t->act].starts;
    TRY(facts_value(r->c, child, &entry->facts));
    entry->state = child->d->states[child->state].name;
    entry->class = child->class;
    int32_t day = CIVIL_NO_DAY;
    CHECK(civil_parse(act->effective_on, &day));
    struct clock_move mv = {.act = NO_INDEX,
                            .from = parent->state,
                            .to = parent->state,
                            .act_id = act->id,
                            .at_ms = t->occurred_ms,
                            .day = day,
                            .expired = NO_INDEX};
    struct act_scene s = {
        .c = r->c, .m = parent, .act = NO_INDEX, .now_ms = t->occurred_ms, .today = day};
    if (started && !closed) {
        clockwork_child(&s, entry, false, &mv, expected_end(child));
    } else if (was_open && closed) {
        clockwork_child(&s, entry, true, &mv, CIVIL_NO_DAY);
    }
    TRY(s.failed);
    if (entry->def == NO_INDEX || started) {
        return NULL;
    }
    TRY(trigger(r, parent,
                definition_on_child(parent->d, entry->def, act->name, was_open && closed), t,
                act->id));
    bool none_open = true;
    for (size_t i = 0; i < parent->n_children; i++) {
        none_open = none_open && (parent->children[i].def != entry->def ||
                                  parent->children[i].class == STATE_CLOSED);
    }
    return was_open && closed && none_open
               ? trigger(r, parent, definition_on_join(parent->d, entry->def), t, act->id)
               : NULL;
}

static struct err *
tell_children(struct act_run *r, const struct act_todo *t, const struct mact *act, bool closed)
{
    for (size_t i = 0; i < t->m->n_children; i++) {
        struct matter *child = NULL;
        if (t->m->children[i].class == STATE_CLOSED) {
            continue;
        }
        TRY(run_matter(r, t->m->children[i].id, &child));
        TRY(trigger(r, child, definition_on_parent(child->d, act->name, closed), t, act->id));
    }
    return NULL;
}

static struct err *open_one(struct act_run *r,
                            const struct act_todo *t,
                            const struct act_open *o,
                            const struct jval *element,
                            int64_t cause)
{
    struct call *c = r->c;
    const struct definition_set *set = procedure_set(c->app);
    const struct definition *d = definition_find(set, t->m->d->children[o->child].kind);
    CHECK(d != NULL); /* P060 */
    uint32_t start =
        definition_start(set, d, (uint32_t)role_index(definition_roles(set), S("system")));
    struct matter *child = NULL;
    CHECK(start != NO_INDEX);
    TRY(matter_new(r, d, t->m->unit_id, &child));
    child->parent_id = t->m->id;
    child->origin_id = t->m->unit_id;
    child->party_id = t->m->party_id;
    child->party = t->m->party;
    child->item = t->m->item;
    child->item_version_id = t->m->item_version_id;
    child->title = t->m->title;
    child->channel = t->m->channel;
    struct jval *form = ARENA_NEW(c->arena, struct jval);
    *form = definition_open_form(c->arena, o, d->acts[start].form, t->form, element);
    struct mchild *entry = matter_add_child(c, t->m);
    *entry = (struct mchild){.id = child->id,
                             .def = o->child,
                             .kind = d->kind,
                             .title = child->title,
                             .class = STATE_OPEN,
                             .facts = form};
    struct act_todo todo = system_act(child, start, t, cause);
    todo.form = form;
    return run_enqueue(r, &todo);
}

static struct err *open_children(struct act_run *r, const struct act_todo *t, int64_t cause)
{
    const struct act_def *a = &t->m->d->acts[t->act];
    struct act_scene s;
    struct expr_env env;
    act_scene_of(&s, r, t);
    s.applied = true;
    scene_env(&s, &env);
    for (size_t i = 0; i < a->n_opens; i++) {
        const struct act_open *o = &a->opens[i];
        if (!expr_true(o->when, &env)) {
            continue;
        }
        if (o->type != OPEN_EACH) {
            TRY(open_one(r, t, o, NULL, cause));
            continue;
        }
        struct value list = expr_eval(o->each, &env);
        for (size_t k = 0; list.type == V_LIST && k < list.u.json->n; k++) {
            TRY(open_one(r, t, o, &list.u.json->list[k], cause));
        }
    }
    return s.failed;
}

struct err *act_cascade(struct act_run *r, const struct act_todo *t, size_t done)
{
    const struct mact act = t->m->done[r->done[done].index];
    bool closed = t->m->class == STATE_CLOSED && act.from_state.p != NULL &&
                  definition_state(t->m->d, act.from_state) != t->m->state;
    TRY(open_children(r, t, act.id));
    if (t->m->parent_id != 0) {
        TRY(tell_parent(r, t, done));
    }
    return tell_children(r, t, &act, closed);
}
