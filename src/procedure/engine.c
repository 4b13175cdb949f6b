/* Entry points of the act engine (engine.h): start a matter, go on with one, let time pass. */
#include "procedure/engine.h"

#include "base/check.h"
#include "procedure/act.h"
#include "procedure/effect.h"
#include "procedure/procedure.h"
#include "procedure/view.h"

static void actor_name(struct call *c, struct act_todo *t)
{
    t->actor = c->actor;
}

/* Idempotency was looked at by the writer; here If-Match against the number of acts. */
static struct err *check_match(struct call *c, const struct matter *m)
{
    if (c->if_match.p == NULL) {
        return NULL;
    }
    struct str etag = str_fmt(c->arena, "%lld", (long long)m->acts);
    if (str_eq(c->if_match, etag)) {
        return NULL;
    }
    return err_hint(
        ERROR(c->arena, ERR_CHANGED,
              "您打开以后，这件事又有了新的办理动作，您的内容没有保存为动作。",
              "Somebody acted on this matter after you opened it; nothing of yours was recorded."),
        "请看最新情况，再决定是否继续。", "Look at what is new, then decide whether to go on.");
}

static struct err *with_last_act(struct call *c, struct matter *m, struct err *e)
{
    struct buf b;
    struct jw w;
    buf_init(&b, c->arena, 256);
    jw_init(&w, &b);
    TRY(view_last_act(c, m, &w));
    return err_member(e, "last_act", buf_str(&b));
}

/* What a refused page needs to go on: state, etag, the acts that remain and who was first (409,
 * 412). */
static struct err *with_state(struct call *c, struct matter *m, struct err *e)
{
    struct allowed_act *acts = NULL;
    size_t n = 0;
    struct buf b;
    struct jw w;
    if (e->code != ERR_CHANGED && e->code != ERR_ACT_NOT_NOW && e->code != ERR_ACT_USED_UP) {
        return e;
    }
    TRY(engine_allowed(c, m, &acts, &n));
    buf_init(&b, c->arena, 512);
    jw_init(&w, &b);
    allowed_write(c, m, acts, n, &w);
    err_member(e, "acts", buf_str(&b));
    struct jval state = jval_of_str(m->state == NO_INDEX ? STR_NONE : m->d->states[m->state].name);
    err_member(e, "state", jval_text(c->arena, &state));
    err_member(e, "etag", str_fmt(c->arena, "\"%lld\"", (long long)m->acts));
    return with_last_act(c, m, e);
}

struct err *
matter_new(struct act_run *r, const struct definition *d, int64_t unit, struct matter **ret)
{
    struct call *c = r->c;
    struct matter *m = ARENA_NEW(c->arena, struct matter);
    int64_t key_id = unit_id(c, "data_key");
    *m = (struct matter){
        .id = unit_id(c, "matter"),
        .office_id = c->office_id,
        .definition_id = procedure_definition_id(c->app, d),
        .unit_id = unit,
        .origin_id = unit,
        .d = d,
        .state = NO_INDEX,
        .class = STATE_OPEN,
        .opened_at = c->now_ms,
        .opened_day = civil_day_of(c->now_ms),
        .title = d->zh,
        .channel = c->channel.p == NULL ? S("system") : c->channel,
        .fresh = true,
    };
    m->wrapped = data_key_new(c->arena, &c->app->key, key_id, &m->key);
    m->facts = ARENA_ARRAY(c->arena, struct value, d->n_facts + 1);
    m->facts[FACT_UNIT] = value_int(unit);
    TRY(run_add(r, m));
    *ret = m;
    return NULL;
}

static struct err *number_matter(struct call *c, struct matter *m, int64_t occurred_ms)
{
    int64_t n = 0;
    if (m->d->number.n == 0) {
        return NULL;
    }
    int32_t day = civil_day_of(occurred_ms);
    TRY(series_next(c, number_series(c->arena, &m->d->number, m->d->kind, day), &n));
    m->number = number_print(c->arena, &m->d->number, org_of(c->app)->office_code,
                             m->item == NULL ? S("") : m->item->code, day, n);
    return NULL;
}

static struct str kind_for(const struct mitem *item)
{
    struct str regime = jval_str(jval_get(&item->body, S("regime")));
    return str_eqz(regime, "licence") ? S("licensing") : S("simple_service");
}

static struct err *find_kind(struct call *c, struct str kind, const struct definition **ret)
{
    *ret = definition_find(procedure_set(c->app), kind);
    if (*ret == NULL) {
        return ERROR(c->arena, ERR_KIND_UNKNOWN, "没有名为“%.*s”的程序。",
                     "There is no kind “%.*s”.", STR_ARG(kind));
    }
    if ((*ret)->kept || (!(*ret)->in_service && !effects_doubled())) {
        return ERROR(c->arena, ERR_NOT_IN_SERVICE, "“%.*s”尚未启用。",
                     "“%.*s” is not in service yet.", STR_ARG((*ret)->zh));
    }
    return NULL;
}

static struct str title_of(struct call *c, const struct matter *m)
{
    struct str item = S("");
    if (m->item != NULL) {
        const struct jval *name = jval_get(&m->item->body, S("name"));
        item = name != NULL && name->type == J_OBJ ? jval_str(jval_get(name, S("zh")))
                                                   : jval_str(name);
    }
    if (m->party == NULL) {
        return item.n > 0 ? item : m->d->zh;
    }
    return str_fmt(c->arena, "%.*s · %.*s", STR_ARG(item.n > 0 ? item : m->d->zh),
                   STR_ARG(m->party->name_masked));
}

static struct err *party_of_start(struct call *c,
                                  const struct act_request *q,
                                  const struct definition *d,
                                  int64_t *ret)
{
    *ret = q->party_id;
    if (c->actor.kind == ACTOR_APPLICANT) {
        if (q->party_id != 0 && q->party_id != c->actor.party_id) {
            return ERROR(c->arena, ERR_FORBIDDEN, "您现在不是代表这个申请人办事，请先切换。",
                         "You are not acting for this applicant now; switch first.");
        }
        *ret = c->actor.party_id;
    }
    if (*ret == 0 && d->party == NEED_REQUIRED) {
        struct err *e = NULL;
        field_fault(c->arena, &e, S("/party_id"), "required", "请写明为谁申请。",
                    "Say who applies.");
        return e;
    }
    return NULL;
}

static struct err *
prepare_start(struct act_run *r, const struct act_request *q, struct matter **ret)
{
    struct call *c = r->c;
    struct mitem *item = NULL;
    const struct definition *d = NULL;
    int64_t party = 0;
    if (q->item.p != NULL) {
        TRY(matter_find_item(c, q->item, &item));
    }
    TRY(find_kind(c, q->kind.p != NULL ? q->kind : item != NULL ? kind_for(item) : S(""), &d));
    if (d->item == NEED_REQUIRED && item == NULL) {
        struct err *e = NULL;
        field_fault(c->arena, &e, S("/item"), "required", "请写明办理哪个事项。",
                    "Say which item it is.");
        return e;
    }
    TRY(party_of_start(c, q, d, &party));
    TRY(matter_new(r, d, item != NULL ? item->unit_id : c->actor.unit_id, ret));
    struct matter *m = *ret;
    m->item = item;
    m->item_version_id = item == NULL ? 0 : item->id;
    m->party_id = party;
    if (party != 0) {
        TRY(matter_load_party(c, party, &m->party));
    }
    if (c->actor.kind == ACTOR_STAFF) {
        m->origin_id = c->actor.unit_id;
    }
    m->title = title_of(c, m);
    return NULL;
}

/* The start act named, or the first one that a role of the actor may do. */
static struct err *start_act(struct act_run *r, struct matter *m, struct str name, uint32_t *ret)
{
    struct call *c = r->c;
    *ret = name.p == NULL ? NO_INDEX : definition_act(m->d, name);
    if (name.p != NULL) {
        bool fits = *ret != NO_INDEX && m->d->acts[*ret].starts;
        return fits ? NULL
                    : ERROR(c->arena, ERR_ACT_NOT_NOW, "“%.*s”不能用来提出。",
                            "“%.*s” does not start a matter.", STR_ARG(name));
    }
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        if ((m->d->start_acts & BIT(i)) != 0 && !m->d->acts[i].triggered) {
            *ret = i;
            return NULL;
        }
    }
    return ERROR(c->arena, ERR_ACT_NOT_YOURS, "这种事项不由您提出。",
                 "You cannot start this kind of matter.");
}

static struct act_todo
todo_of(struct call *c, const struct act_request *q, struct matter *m, uint32_t act)
{
    struct act_todo t = {
        .m = m,
        .act = act,
        .form = q->form,
        .occurred_ms = q->occurred_at == FIELD_NO_INT ? c->now_ms : q->occurred_at,
        .late_reason = q->late_reason,
        .with = q->with,
        .n_with = q->n_with,
        .expired = NO_INDEX,
    };
    actor_name(c, &t);
    return t;
}

struct err *engine_start(struct call *c, const struct act_request *q, struct matter **ret)
{
    struct act_run *r = ARENA_NEW(c->arena, struct act_run);
    uint32_t act = NO_INDEX;
    r->c = c;
    TRY(prepare_start(r, q, ret));
    TRY(start_act(r, *ret, q->act, &act));
    struct act_todo t = todo_of(c, q, *ret, act);
    TRY(number_matter(c, *ret, t.occurred_ms));
    TRY(run_enqueue(r, &t));
    TRY(run_all(r));
    return run_save(r);
}

struct err *engine_act(struct call *c, const struct act_request *q, struct matter **ret)
{
    struct act_run *r = ARENA_NEW(c->arena, struct act_run);
    struct matter *m = NULL;
    r->c = c;
    TRY(run_matter(r, q->matter_id, &m));
    if (!permit_read_matter(c, &c->actor, m)) {
        return ERROR(c->arena, ERR_MATTER_NOT_FOUND, "没有这件事，或者您无权查看。",
                     "There is no such matter, or it is not yours.");
    }
    struct err *changed = check_match(c, m);
    if (changed != NULL) {
        return with_state(c, m, changed);
    }
    uint32_t act = definition_act(m->d, q->act);
    if (act == NO_INDEX) {
        return with_state(c, m,
                          ERROR(c->arena, ERR_ACT_NOT_NOW, "没有“%.*s”这个动作。",
                                "There is no act “%.*s”.", STR_ARG(q->act)));
    }
    struct act_todo t = todo_of(c, q, m, act);
    TRY(run_catch_up(r, m, t.occurred_ms));
    TRY(run_enqueue(r, &t));
    struct err *e = run_all(r);
    if (e != NULL) {
        return with_state(c, m, e);
    }
    *ret = m;
    return run_save(r);
}

struct err *engine_system_act(
    struct call *c, int64_t matter_id, struct str act, const struct jval *form, int64_t cause_id)
{
    struct act_run *r = ARENA_NEW(c->arena, struct act_run);
    struct matter *m = NULL;
    r->c = c;
    TRY(run_matter(r, matter_id, &m));
    uint32_t index = definition_act(m->d, act);
    if (index == NO_INDEX) {
        return ERROR(c->arena, ERR_ACT_NOT_NOW, "没有“%.*s”这个动作。", "There is no act “%.*s”.",
                     STR_ARG(act));
    }
    struct act_todo t = {
        .m = m,
        .act = index,
        .actor = {.kind = ACTOR_SYSTEM},
        .form = form,
        .occurred_ms = c->now_ms,
        .cause_id = cause_id,
        .expired = NO_INDEX,
    };
    TRY(run_catch_up(r, m, c->now_ms));
    TRY(run_enqueue(r, &t));
    TRY(run_all(r));
    return run_save(r);
}

struct err *engine_event(struct call *c, int64_t matter_id, struct str event)
{
    struct jobj *form = jobj_new(c->arena);
    struct jval *v = ARENA_NEW(c->arena, struct jval);
    struct buf choice;
    CHECK(event_index(event) >= 0);
    buf_init(&choice, c->arena, 40);
    for (size_t i = 0; i < event.n; i++) {
        buf_putc(&choice, event.p[i] == '.' ? '_' : event.p[i]);
    }
    jobj_put(form, S("event"), jval_of_str(buf_str(&choice)));
    if (c->actor.kind == ACTOR_STAFF) {
        jobj_put(form, S("person"), jval_of_int(c->actor.person_id));
    }
    *v = jobj_val(form);
    return engine_system_act(c, matter_id, S("record_event"), v, 0);
}
