/* What the diagram page shows of a definition (parts.h). Everything comes from the compiled form;
 * expressions are shown as they were written. */
#include "app/definition/parts.h"

static const char *const CLASSES[] = {"", "open", "waiting", "closed"};
static const char *const EVIDENCE[] = {"law", "policy", "preset"};
static const char *const SHOWS[] = {"none", "unit", "applicant", "public"};
static const char *const TRIGGERS[] = {
    [ON_EXPIRE] = "expire",
    [ON_MARK] = "mark",
    [ON_PARENT_ACT] = "parent_act",
    [ON_PARENT_CLOSED] = "parent_closed",
    [ON_CHILD_ACT] = "child_act",
    [ON_CHILD_CLOSED] = "child_closed",
    [ON_JOIN] = "join",
    [ON_RULE_CLEARED] = "rule_cleared",
};

static void write_role(const struct role *r, struct jw *w)
{
    jw_obj(w);
    jw_kstr(w, "role", r->name);
    view_text(w, "name", r->zh, r->en);
    jw_end_obj(w);
}

static void write_roles(struct call *c, const char *key, uint64_t mask, struct jw *w)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    jw_key(w, str_of(key));
    jw_list(w);
    for (size_t i = 0; i < set->n; i++) {
        if ((mask & BIT(i)) != 0) {
            write_role(&set->roles[i], w);
        }
    }
    jw_end_list(w);
}

static void write_states(const char *key, const struct definition *d, uint64_t mask, struct jw *w)
{
    jw_key(w, str_of(key));
    jw_list(w);
    for (uint32_t i = 0; i < d->n_states; i++) {
        if ((mask & BIT(i)) != 0) {
            jw_str(w, d->states[i].name);
        }
    }
    jw_end_list(w);
}

static void write_acts(const char *key, const struct definition *d, uint64_t mask, struct jw *w)
{
    jw_key(w, str_of(key));
    jw_list(w);
    for (uint32_t i = 0; i < d->n_acts; i++) {
        if ((mask & BIT(i)) != 0) {
            jw_str(w, d->acts[i].name);
        }
    }
    jw_end_list(w);
}

static struct str text_of(const struct expr *e)
{
    return e == NULL ? STR_NONE : e->text;
}

void definition_states(struct call *c, const struct definition *d, struct jw *w)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    jw_list(w);
    for (uint32_t i = 0; i < d->n_states; i++) {
        const struct state_def *s = &d->states[i];
        jw_obj(w);
        jw_kstr(w, "name", s->name);
        view_label(c, w, "label", d, "states", s->name);
        jw_kstr(w, "class", str_of(CLASSES[s->class]));
        jw_key(w, S("holder"));
        if (s->holder == NO_INDEX) {
            jw_null(w);
        } else {
            write_role(&set->roles[s->holder], w);
        }
        jw_kbool(w, "untimed", s->untimed);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* ---- acts ---- */

static void write_trigger(const struct definition *d, const struct act_def *a, struct jw *w)
{
    jw_key(w, S("trigger"));
    if (!a->triggered) {
        jw_null(w);
        return;
    }
    const struct act_trigger *t = &a->trigger;
    jw_obj(w);
    jw_kstr(w, "type", str_of(TRIGGERS[t->type]));
    jw_key(w, S("clocks"));
    jw_list(w);
    for (uint32_t i = 0; i < d->n_clocks; i++) {
        bool named =
            t->type == ON_EXPIRE ? (t->clocks & BIT(i)) != 0 : t->type == ON_MARK && t->clock == i;
        if (named) {
            jw_str(w, d->clocks[i].name);
        }
    }
    jw_end_list(w);
    jw_kstr(w, "name", t->name.p != NULL && t->name.n > 0 ? t->name : STR_NONE);
    jw_end_obj(w);
}

static void
write_form(struct call *c, const struct definition *d, const struct act_def *a, struct jw *w)
{
    jw_key(w, S("fields"));
    jw_list(w);
    for (size_t i = 0; i < a->form->n; i++) {
        struct str name = str_of(a->form->rows[i].name);
        jw_obj(w);
        jw_kstr(w, "name", name);
        view_label(c, w, "title", d, "fields",
                   str_fmt(c->arena, "%.*s.%.*s", STR_ARG(a->name), STR_ARG(name)));
        jw_kbool(w, "required", (a->form->rows[i].flags & FIELD_REQUIRED) != 0);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void
write_needs(struct call *c, const struct definition *d, const struct act_def *a, struct jw *w)
{
    jw_key(w, S("needs"));
    jw_list(w);
    for (size_t i = 0; i < a->n_needs; i++) {
        jw_obj(w);
        jw_kstr(w, "expression", text_of(a->needs[i].holds));
        view_label(c, w, "otherwise", d, "needs",
                   str_fmt(c->arena, "%.*s.%zu", STR_ARG(a->name), i));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void write_letter(struct call *c, const struct act_def *a, struct jw *w)
{
    struct str en = STR_NONE;
    jw_key(w, S("letter"));
    if (a->letter.p == NULL) {
        jw_null(w);
        return;
    }
    struct str zh = letter_title(c->app, a->letter, &en);
    jw_obj(w);
    jw_kstr(w, "name", a->letter);
    view_text(w, "title", zh, en);
    jw_end_obj(w);
}

void definition_acts(struct call *c, const struct definition *d, struct jw *w)
{
    jw_list(w);
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        jw_obj(w);
        jw_kstr(w, "name", a->name);
        view_label(c, w, "label", d, "acts", a->name);
        jw_kbool(w, "starts", a->starts);
        write_states("from", d, a->starts ? 0 : a->from, w);
        write_states("to", d, a->to == TO_KEEP ? 0 : a->reaches, w);
        write_roles(c, "by", a->by_possible, w);
        write_trigger(d, a, w);
        jw_kstr(w, "when", text_of(a->when));
        write_needs(c, d, a, w);
        write_form(c, d, a, w);
        write_letter(c, a, w);
        jw_kint(w, "times", a->times);
        jw_kint(w, "persons", a->persons);
        jw_kstr(w, "show", str_of(SHOWS[a->show]));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* ---- clocks ---- */

static struct str limit_of(struct call *c, const struct clock_def *k)
{
    if (k->until != NULL) {
        return k->until->text;
    }
    if (k->n_cases == 0) {
        return text_of(k->limit);
    }
    struct buf b;
    buf_init(&b, c->arena, 128);
    buf_put(&b, text_of(k->limit_of));
    for (size_t i = 0; i < k->n_cases; i++) {
        buf_putz(&b, i == 0 ? ": " : ", ");
        buf_put(&b, k->cases[i].value);
        buf_putz(&b, " ");
        buf_put(&b, k->cases[i].limit == NULL ? S("none") : k->cases[i].limit->text);
    }
    return buf_str(&b);
}

static void write_causes(const struct clock_def *k, struct jw *w)
{
    jw_key(w, S("pauses"));
    jw_list(w);
    for (size_t i = 0; i < k->n_pauses; i++) {
        jw_str(w, k->pauses[i].name.p != NULL ? k->pauses[i].name : text_of(k->pauses[i].names));
    }
    jw_end_list(w);
}

void definition_clocks(struct call *c, const struct definition *d, struct jw *w)
{
    jw_list(w);
    for (uint32_t i = 0; i < d->n_clocks; i++) {
        const struct clock_def *k = &d->clocks[i];
        jw_obj(w);
        jw_kstr(w, "name", k->name);
        view_label(c, w, "label", d, "clocks", k->name);
        jw_kstr(w, "evidence", str_of(EVIDENCE[k->evidence]));
        jw_kstr(w, "basis", k->basis.p != NULL ? k->basis : text_of(k->basis_path));
        jw_kstr(w, "limit", limit_of(c, k));
        jw_kbool(w, "until", k->until != NULL);
        write_acts("start", d, k->start.acts, w);
        write_acts("stop", d, k->stop.acts, w);
        write_acts("cancel", d, k->cancel.acts, w);
        write_acts("extend", d, k->extends ? k->extend_acts : 0, w);
        write_states("runs_in", d, definition_may_run(d, i, NULL), w);
        jw_kstr(w, "expire", k->expire == NO_INDEX ? STR_NONE : d->acts[k->expire].name);
        jw_kstr(w, "yellow", text_of(k->yellow));
        jw_kstr(w, "when", text_of(k->when));
        write_causes(k, w);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* ---- groups and edges ---- */

void definition_groups(const struct definition *d, struct jw *w)
{
    jw_list(w);
    for (uint32_t i = 0; i < d->n_groups; i++) {
        jw_obj(w);
        jw_kstr(w, "name", d->groups[i].name);
        write_states("states", d, d->groups[i].states, w);
        write_acts("acts", d, d->groups[i].acts, w);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void write_edge(struct call *c,
                       const struct definition *d,
                       const struct act_def *a,
                       struct str from,
                       struct str to,
                       struct jw *w)
{
    bool timer = a->triggered && (a->trigger.type == ON_EXPIRE || a->trigger.type == ON_MARK);
    jw_obj(w);
    jw_kstr(w, "act", a->name);
    view_label(c, w, "label", d, "acts", a->name);
    jw_kstr(w, "from", from);
    jw_kstr(w, "to", to);
    write_roles(c, "by", a->by_possible, w);
    jw_kbool(w, "timer", timer);
    jw_kbool(w, "triggered", a->triggered);
    jw_end_obj(w);
}

void definition_edges(struct call *c, const struct definition *d, struct jw *w)
{
    jw_list(w);
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        for (uint32_t t = 0; t < d->n_states && a->to != TO_KEEP; t++) {
            if ((a->reaches & BIT(t)) == 0) {
                continue;
            }
            if (a->starts) {
                write_edge(c, d, a, STR_NONE, d->states[t].name, w);
                continue;
            }
            for (uint32_t s = 0; s < d->n_states; s++) {
                if ((a->from & BIT(s)) != 0) {
                    write_edge(c, d, a, d->states[s].name, d->states[t].name, w);
                }
            }
        }
    }
    jw_end_list(w);
}
