/* Loading a matter (matter.h): five short reads by key, each on an index. */
#include "procedure/matter.h"

#include "base/check.h"
#include "procedure/matter_rows.h"

STMT(FIND_MATTER,
     "matter.find",
     ID_ROW,
     MATTER_ROW,
     struct matter_row,
     "SELECT m.id, m.office_id, m.kind, m.definition_id, m.item_version_id, m.number, m.parent_id, "
     "m.unit_id,"
     " m.origin_id, m.party_id, m.key_id, m.assignee_id, m.state, m.class, m.acts, m.facts, "
     "m.title, m.channel,"
     " m.priority, m.opened_on, m.opened_at, m.closed_at, m.final_light, m.prev_leaf, k.wrapped, "
     "d.version"
     " FROM matter m JOIN data_key k ON k.id = m.key_id JOIN definition d ON d.id = m.definition_id"
     " WHERE m.id = :id");
STMT(LIST_ACTS,
     "matter.acts",
     ID_ROW,
     ACT_ROW,
     struct act_row,
     "SELECT id, office_id, matter_id, seq, name, from_state, to_state, actor_id, actor_role, "
     "actor_unit, mandate_id,"
     " with_ids, channel, occurred_at, effective_on, recorded_at, definition_id, cause_id, "
     "corrects_id, shown, log,"
     " leaf_index, due_on, body_commit, salt FROM act WHERE matter_id = :id ORDER BY seq");
STMT(LIST_CLOCKS,
     "matter.clocks",
     ID_ROW,
     CLOCK_ROW,
     struct clock_row,
     "SELECT id, office_id, matter_id, name, round, status, unit, amount, until_on, start_on, "
     "start_at, due_on,"
     " provisional, yellow_at, red_at, next_at, next_mark, basis, evidence, calendar_id, "
     "start_act, stop_act,"
     " stopped_at, left_amount FROM clock WHERE matter_id = :id ORDER BY id");
STMT(LIST_EVENTS,
     "matter.clock_events",
     ID_ROW,
     CLOCK_EVENT_ROW,
     struct clock_event_row,
     "SELECT e.clock_id, e.seq, e.type, e.cause, e.key_id, e.on_day, e.at, e.amount, "
     "e.expected_on, e.act_id,"
     " e.calendar_id, e.old_due, e.new_due FROM clock_event e JOIN clock c ON c.id = e.clock_id"
     " WHERE c.matter_id = :id ORDER BY e.clock_id, e.seq");
STMT(LIST_CHILDREN,
     "matter.children",
     ID_ROW,
     CHILD_ROW,
     struct child_row,
     "SELECT id, kind, state, class, facts, title FROM matter WHERE parent_id = :id ORDER BY id");
STMT(FIND_BODY,
     "matter.body",
     ID_ROW,
     BODY_ROW,
     struct body_row,
     "SELECT act_id, salt, body, erased_by FROM act_body WHERE act_id = :id");

static int64_t id_or_0(int64_t v)
{
    return v == FIELD_NO_INT ? 0 : v;
}

static int32_t day_or_none(struct str s)
{
    int32_t day = CIVIL_NO_DAY;
    return s.p != NULL && civil_parse(s, &day) ? day : CIVIL_NO_DAY;
}

static int64_t at_or_never(int64_t v)
{
    return v == FIELD_NO_INT ? CIVIL_NEVER : v;
}

/* Arrays double inside the arena; the old copy is wasted, which a call's arena bears. */
static void *grown(struct arena *a, const void *old, size_t n, size_t *cap, size_t size)
{
    size_t want = *cap == 0 ? 8 : *cap * 2;
    char *p = arena_array(a, want, size, _Alignof(max_align_t));
    const char *from = old;
    for (size_t i = 0; i < n * size; i++) {
        p[i] = from[i];
    }
    *cap = want;
    return p;
}

struct mact *matter_add_act(struct call *c, struct matter *m)
{
    if (m->n_done == m->cap_done) {
        m->done = grown(c->arena, m->done, m->n_done, &m->cap_done, sizeof *m->done);
    }
    struct mact *a = &m->done[m->n_done++];
    *a = (struct mact){.def = NO_INDEX};
    return a;
}

struct mclock *matter_add_clock(struct call *c, struct matter *m)
{
    if (m->n_clocks == m->cap_clocks) {
        m->clocks = grown(c->arena, m->clocks, m->n_clocks, &m->cap_clocks, sizeof *m->clocks);
    }
    struct mclock *k = &m->clocks[m->n_clocks++];
    *k = (struct mclock){.def = NO_INDEX, .next_at = CIVIL_NEVER, .until_day = CIVIL_NO_DAY};
    return k;
}

struct mchild *matter_add_child(struct call *c, struct matter *m)
{
    if (m->n_children == m->cap_children) {
        m->children =
            grown(c->arena, m->children, m->n_children, &m->cap_children, sizeof *m->children);
    }
    struct mchild *k = &m->children[m->n_children++];
    *k = (struct mchild){.def = NO_INDEX};
    return k;
}

void matter_facts_read(struct call *c, struct matter *m, struct str text)
{
    struct jval facts = {.type = J_OBJ};
    m->facts = ARENA_ARRAY(c->arena, struct value, m->d->n_facts + 1);
    struct err *e = jread(c->arena, str_bytes(text), &facts);
    CHECK(e == NULL);
    for (uint32_t i = 0; i < m->d->n_facts; i++) {
        const struct fact_def *f = &m->d->facts[i];
        m->facts[i] = value_of_jval(dtype_value(f->type.kind), jval_get(&facts, f->name));
    }
    m->facts[FACT_UNIT] = value_int(m->unit_id);
    m->facts_saved = ARENA_ARRAY(c->arena, struct value, m->d->n_facts + 1);
    for (uint32_t i = 0; i < m->d->n_facts; i++) {
        m->facts_saved[i] = m->facts[i];
    }
}

struct str matter_facts_text(struct arena *a, const struct matter *m)
{
    struct jobj *o = jobj_new(a);
    for (uint32_t i = 0; i < m->d->n_facts; i++) {
        if (m->facts[i].type != V_NONE) {
            jobj_put(o, m->d->facts[i].name, value_to_jval(a, m->facts[i]));
        }
    }
    struct jval v = jobj_val(o);
    return jval_text(a, &v);
}

static struct err *read_acts(struct call *c, struct matter *m, const struct id_row *in)
{
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &LIST_ACTS, in, &rows));
    const struct act_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        *matter_add_act(c, m) = (struct mact){
            .id = r[i].id,
            .seq = r[i].seq,
            .actor_id = id_or_0(r[i].actor_id),
            .actor_unit = id_or_0(r[i].actor_unit),
            .mandate_id = id_or_0(r[i].mandate_id),
            .occurred_at = r[i].occurred_at,
            .recorded_at = r[i].recorded_at,
            .definition_id = r[i].definition_id,
            .cause_id = id_or_0(r[i].cause_id),
            .corrects_id = id_or_0(r[i].corrects_id),
            .shown = r[i].shown,
            .leaf_index = r[i].leaf_index,
            .def = definition_act(m->d, r[i].name),
            .name = r[i].name,
            .from_state = r[i].from_state,
            .to_state = r[i].to_state,
            .role = r[i].actor_role,
            .effective_on = r[i].effective_on,
            .channel = r[i].channel,
            .with_ids = r[i].with_ids,
        };
    }
    return NULL;
}

static void mark(struct matter *m, int64_t id, bool struck)
{
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].id == id) {
            m->done[i].struck = m->done[i].struck || struck;
            m->done[i].corrected = !struck;
        }
    }
}

/* correct_record's body says whether the earlier act was struck or given other values; where it was
 * erased since, the act that erased it says which acts were struck. */
static struct err *mark_corrected(struct call *c, struct matter *m)
{
    const struct jval *body = NULL;
    bool any = false;
    for (size_t i = 0; i < m->n_done; i++) {
        struct mact *a = &m->done[i];
        bool erases = a->def != NO_INDEX && m->d->acts[a->def].erases;
        any = any || a->corrects_id != 0;
        if (a->corrects_id != 0) {
            TRY(matter_body(c, m, a, &body));
            mark(m, a->corrects_id,
                 jval_bool(jval_get(jval_get(body, S("form")), S("strike")), false));
        } else if (any && erases) {
            TRY(matter_body(c, m, a, &body));
            const struct jval *struck = jval_get(body, S("struck"));
            for (size_t k = 0; struck != NULL && struck->type == J_LIST && k < struck->n; k++) {
                mark(m, jval_int(&struck->list[k], 0), true);
            }
        }
    }
    return NULL;
}

static struct mclock *clock_by_id(struct matter *m, int64_t id)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (m->clocks[i].id == id) {
            return &m->clocks[i];
        }
    }
    return NULL;
}

void matter_clock_row(struct call *c, struct matter *m, const struct clock_row *r)
{
    uint32_t def = definition_clock(m->d, r->name);
    if (def == NO_INDEX) {
        return; /* a clock of an older version that the new one no longer has */
    }
    struct mclock *k = matter_add_clock(c, m);
    k->id = r->id;
    k->def = def;
    k->round = r->round;
    k->status = r->status;
    k->until_day = day_or_none(r->until_on);
    k->until = k->until_day != CIVIL_NO_DAY;
    struct duration unit = {0};
    CHECK(duration_parse(str_fmt(c->arena, "1%.*s", STR_ARG(r->unit)), &unit));
    k->limit = (struct duration){unit.unit, (int32_t)r->amount};
    k->start_day = day_or_none(r->start_on);
    k->start_at = r->start_at;
    k->due = (struct clock_due){
        .due_day = day_or_none(r->due_on),
        .due_ms = r->red_at,
        .yellow_ms = r->yellow_at,
        .red_ms = r->red_at,
        .provisional = r->provisional != 0,
        .not_before = r->status == CLOCK_PAUSED && r->red_at == CIVIL_NEVER,
    };
    k->next_at = at_or_never(r->next_at);
    k->next_mark = r->next_mark;
    k->basis = r->basis;
    k->calendar_id = r->calendar_id;
    k->start_act = r->start_act;
    k->stop_act = id_or_0(r->stop_act);
    k->stopped_at = id_or_0(r->stopped_at);
    k->left_amount = r->left_amount;
}

void matter_event_row(struct call *c, struct matter *m, const struct clock_event_row *e)
{
    struct mclock *k = clock_by_id(m, e->clock_id);
    if (k == NULL) {
        return;
    }
    if (k->n_events == k->cap_events) {
        k->events = grown(c->arena, k->events, k->n_events, &k->cap_events, sizeof *k->events);
    }
    k->events[k->n_events++] = (struct mclock_event){
        .type = e->type,
        .key_id = id_or_0(e->key_id),
        .at = e->at,
        .amount = id_or_0(e->amount),
        .act_id = id_or_0(e->act_id),
        .calendar_id = e->calendar_id,
        .cause = e->cause,
        .on_day = day_or_none(e->on_day),
        .expected_day = day_or_none(e->expected_on),
        .old_due = day_or_none(e->old_due),
        .new_due = day_or_none(e->new_due),
    };
    k->n_saved = k->n_events;
}

static struct err *read_clocks(struct call *c, struct matter *m, const struct id_row *in)
{
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &LIST_CLOCKS, in, &rows));
    const struct clock_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        matter_clock_row(c, m, &r[i]);
    }
    if (rows.n == 0) {
        return NULL;
    }
    struct list events = {0};
    TRY(db_all(c->db, c->arena, &LIST_EVENTS, in, &events));
    const struct clock_event_row *e = events.p;
    for (size_t i = 0; i < events.n; i++) {
        matter_event_row(c, m, &e[i]);
    }
    return NULL;
}

static uint32_t child_index(const struct definition *d, struct str kind)
{
    for (uint32_t i = 0; i < d->n_children; i++) {
        if (str_eq(d->children[i].kind, kind)) {
            return i;
        }
    }
    return NO_INDEX;
}

static struct err *read_children(struct call *c, struct matter *m, const struct id_row *in)
{
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &LIST_CHILDREN, in, &rows));
    const struct child_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        struct mchild *k = matter_add_child(c, m);
        struct jval *facts = ARENA_NEW(c->arena, struct jval);
        TRY(jread(c->arena, str_bytes(r[i].facts), facts));
        *k = (struct mchild){
            .id = r[i].id,
            .def = child_index(m->d, r[i].kind),
            .kind = r[i].kind,
            .state = r[i].state,
            .title = r[i].title,
            .class = r[i].class,
            .facts = facts,
        };
    }
    return NULL;
}

struct err *matter_body(struct call *c, struct matter *m, struct mact *a, const struct jval **ret)
{
    if (a->body != NULL) {
        *ret = a->body;
        return NULL;
    }
    struct jval *body = ARENA_NEW(c->arena, struct jval);
    *body = (struct jval){.type = J_OBJ};
    struct id_row in = {a->id};
    struct body_row row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_BODY, &in, &row, &found));
    if (found && row.body.p != NULL) {
        struct str plain;
        TRY(seal_open(c->arena, &m->key, S("act"), row.body, &plain));
        TRY(jread(c->arena, str_bytes(plain), body));
    }
    a->body = body;
    *ret = body;
    return NULL;
}

struct matter *matter_of_row(struct call *c, const struct matter_row *r)
{
    struct matter *m = ARENA_NEW(c->arena, struct matter);
    *m = (struct matter){
        .id = r->id,
        .office_id = r->office_id,
        .definition_id = r->definition_id,
        .item_version_id = id_or_0(r->item_version_id),
        .parent_id = id_or_0(r->parent_id),
        .unit_id = r->unit_id,
        .origin_id = r->origin_id,
        .party_id = id_or_0(r->party_id),
        .assignee_id = id_or_0(r->assignee_id),
        .d = definition_find_version(procedure_set(c->app), r->kind, r->version),
        .class = r->class,
        .acts = r->acts,
        .priority = r->priority,
        .opened_at = r->opened_at,
        .closed_at = id_or_0(r->closed_at),
        .final_light = id_or_0(r->final_light),
        .opened_day = day_or_none(r->opened_on),
        .number = r->number,
        .title = r->title,
        .channel = r->channel,
        .prev_leaf = r->prev_leaf,
    };
    CHECK(m->d != NULL);
    m->state = definition_state(m->d, r->state);
    matter_facts_read(c, m, r->facts);
    return m;
}

struct err *matter_load(struct call *c, int64_t id, struct matter **ret)
{
    struct id_row in = {id};
    struct matter_row row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_MATTER, &in, &row, &found));
    if (!found || row.office_id != c->office_id) {
        return ERROR(c->arena, ERR_MATTER_NOT_FOUND, "没有这件事，或者您无权查看。",
                     "There is no such matter, or it is not yours.");
    }
    struct matter *m = matter_of_row(c, &row);
    TRY(data_key_unwrap(c->arena, &c->app->key, row.key_id, row.wrapped, &m->key));
    if (m->item_version_id != 0) {
        TRY(matter_load_item(c, m->item_version_id, &m->item));
    }
    if (m->party_id != 0) {
        TRY(matter_load_party(c, m->party_id, &m->party));
    }
    TRY(read_acts(c, m, &in));
    TRY(mark_corrected(c, m));
    TRY(read_clocks(c, m, &in));
    TRY(read_children(c, m, &in));
    *ret = m;
    return NULL;
}

struct mclock *matter_clock(struct matter *m, uint32_t def)
{
    struct mclock *last = NULL;
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (m->clocks[i].def == def) {
            last = &m->clocks[i];
        }
    }
    return last;
}

const struct mact *matter_last(const struct matter *m, uint32_t act)
{
    for (size_t i = m->n_done; i > 0; i--) {
        if (m->done[i - 1].def == act && !m->done[i - 1].struck) {
            return &m->done[i - 1];
        }
    }
    return NULL;
}

int64_t matter_count(const struct matter *m, uint32_t act)
{
    int64_t n = 0;
    for (size_t i = 0; i < m->n_done; i++) {
        n += m->done[i].def == act && !m->done[i].struck;
    }
    return n;
}
