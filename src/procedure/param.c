/* Parameters in force (param.h). They are asked for when a clock starts, a few times in a matter's
 * life, so they are read from the table, which has an index for it. */
#include "procedure/param.h"

#include "base/num.h"
#include "procedure/view.h"

struct param_row {
    int64_t id, office_id, item_id, unit_id, from_at, to_at, act_id, now, person_id;
    struct str kind, name, value, reason;
};

/* clang-format off */
static const struct field PARAM[] = {
    F_ID(struct param_row, id, 0, NULL, NULL),
    F_ID(struct param_row, office_id, 0, NULL, NULL),
    F_ID(struct param_row, item_id, 0, NULL, NULL),
    F_ID(struct param_row, unit_id, 0, NULL, NULL),
    F_INT(struct param_row, from_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct param_row, to_at, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct param_row, act_id, 0, NULL, NULL),
    F_INT(struct param_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct param_row, person_id, 0, NULL, NULL),
    F_TEXT(struct param_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct param_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct param_row, value, 0, 0, 0, NULL, NULL),
    F_TEXT(struct param_row, reason, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(PARAMS_IN_FORCE,
     "param.in_force",
     PARAM,
     PARAM,
     struct param_row,
     "SELECT id, office_id, item_id, unit_id, from_at, to_at, act_id, from_at AS now, person_id, "
     "kind, name, value, reason"
     " FROM param_value WHERE office_id = :office_id AND kind = :kind AND name = :name"
     " AND from_at <= :now AND (to_at IS NULL OR to_at > :now) ORDER BY from_at, id");
STMT(PARAM_HISTORY,
     "param.history",
     PARAM,
     PARAM,
     struct param_row,
     "SELECT id, office_id, item_id, unit_id, from_at, to_at, act_id, from_at AS now, person_id, "
     "kind, name, value, reason"
     " FROM param_value WHERE office_id = :office_id AND kind = :kind AND name = :name"
     " ORDER BY from_at DESC, id DESC LIMIT 50");
STMT_RUN(END_PARAM, "param.end", PARAM, "UPDATE param_value SET to_at = :to_at WHERE id = :id");
STMT_RUN(
    INSERT_PARAM,
    "param.insert",
    PARAM,
    "INSERT INTO param_value (id, office_id, kind, item_id, unit_id, name, value, from_at, act_id,"
    " reason, person_id)"
    " VALUES (:id, :office_id, :kind, :item_id, :unit_id, :name, :value, :from_at, :act_id,"
    " :reason, :person_id)");

/* "30cd", "5", "true", text: as definitions write values. */
static struct value parse(enum dtype_kind kind, struct str s)
{
    struct duration d;
    int64_t i = 0;
    switch (dtype_value(kind)) {
    case V_DURATION:
        return duration_parse(s, &d) ? value_duration(d) : value_none();
    case V_INT:
        return num_parse(s, -JVAL_MAX_INT, JVAL_MAX_INT, &i) ? value_int(i) : value_none();
    case V_BOOL:
        return str_eqz(s, "true")    ? value_bool(true)
               : str_eqz(s, "false") ? value_bool(false)
                                     : value_none();
    case V_TEXT:
        return value_text(s);
    case V_NONE:
    case V_DATE:
    case V_INSTANT:
    case V_LIST:
    case V_JSON:
        break;
    }
    return value_none();
}

static int weight(const struct org *o, const struct matter *m, const struct param_row *r)
{
    if (r->item_id != FIELD_NO_INT) {
        return m->item != NULL && m->item->item_id == r->item_id ? 3 : 0;
    }
    if (r->unit_id != FIELD_NO_INT) {
        return org_covers(o, r->unit_id, m->unit_id) ? 2 : 0;
    }
    return 1;
}

struct value param_value(
    struct call *c, const struct matter *m, uint32_t param, int64_t at_ms, struct err **ret_err)
{
    const struct param_def *def = &m->d->params[param];
    struct param_row in = {
        .office_id = c->office_id, .now = at_ms, .kind = m->d->kind, .name = def->name};
    struct list rows = {0};
    struct value best = def->value;
    int best_weight = 0;
    if (m->item != NULL) {
        const struct jval *own = jval_get(jval_get(&m->item->body, S("params")), def->name);
        struct value v = own == NULL ? value_none() : parse(def->type.kind, jval_str(own));
        if (v.type != V_NONE) {
            return v;
        }
    }
    struct err *e = db_all(c->db, c->arena, &PARAMS_IN_FORCE, &in, &rows);
    if (e != NULL) {
        *ret_err = *ret_err == NULL ? e : *ret_err;
        return best;
    }
    const struct param_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        int w = weight(org_of(c->app), m, &r[i]);
        struct value v = parse(def->type.kind, r[i].value);
        if (w > best_weight && v.type != V_NONE) {
            best = v;
            best_weight = w;
        }
    }
    return best;
}

/* Size for comparing durations and integers; other types have none. */
static bool size_of(struct value v, int64_t *ret)
{
    static const int64_t DAYS[] = {[CIVIL_WD] = 10,  [CIVIL_CD] = 7, [CIVIL_MO] = 210,
                                   [CIVIL_Y] = 2555, [CIVIL_H] = 0,  [CIVIL_SH] = 1};
    if (v.type == V_INT) {
        *ret = v.u.i;
        return true;
    }
    if (v.type == V_DURATION) {
        *ret = v.u.dur.amount * DAYS[v.u.dur.unit];
        return true;
    }
    return false;
}

static void
check_bounds(struct call *c, const struct param_def *d, struct value v, struct err **ret_err)
{
    int64_t size = 0, lo = 0, hi = 0, law = 0;
    bool sized = size_of(v, &size);
    bool low = sized && size_of(d->min, &lo) && size < lo;
    bool high = sized && size_of(d->max, &hi) && size > hi;
    if (low || high) {
        field_fault(c->arena, ret_err, S("/value"), "range", "超出允许的范围。",
                    "It is outside the allowed range.");
    }
    if (d->level == LEVEL_LAW && sized && size_of(d->value, &law) && size > law) {
        field_fault(c->arena, ret_err, S("/value"), "law", "法律规定的期限只能缩短，不能放宽。",
                    "A limit set by law may only be tightened.");
    }
}

static struct err *find(struct call *c, const struct param_change *p, const struct param_def **ret)
{
    const struct definition *d = definition_find(procedure_set(c->app), p->kind);
    uint32_t i = d == NULL ? NO_INDEX : definition_param(d, p->name);
    struct err *e = NULL;
    if (i == NO_INDEX) {
        field_fault(c->arena, &e, S("/name"), "unknown", "没有这个参数。",
                    "There is no such parameter.");
        return e;
    }
    *ret = &d->params[i];
    struct value v = parse((*ret)->type.kind, p->value);
    if (v.type == V_NONE) {
        field_fault(c->arena, &e, S("/value"), "form", "写法不对，例如 30cd、5wd、5。",
                    "Write it like 30cd, 5wd or 5.");
        return e;
    }
    check_bounds(c, *ret, v, &e);
    return e;
}

struct err *param_set(struct call *c, const struct param_change *p)
{
    const struct param_def *def = NULL;
    struct mitem *item = NULL;
    struct param_row row = {.office_id = c->office_id,
                            .kind = p->kind,
                            .name = p->name,
                            .value = p->value,
                            .reason = p->reason,
                            .person_id =
                                c->actor.person_id == 0 ? FIELD_NO_INT : c->actor.person_id,
                            .now = c->now_ms};
    struct list rows = {0};
    TRY(find(c, p, &def));
    if (p->item.p != NULL) {
        TRY(matter_find_item(c, p->item, &item));
    }
    row.item_id = item == NULL ? FIELD_NO_INT : item->item_id;
    row.unit_id = p->unit_id == 0 ? FIELD_NO_INT : p->unit_id;
    TRY(db_all(c->db, c->arena, &PARAMS_IN_FORCE, &row, &rows));
    const struct param_row *old = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        if (old[i].item_id == row.item_id && old[i].unit_id == row.unit_id) {
            struct param_row end = {.id = old[i].id, .to_at = c->now_ms};
            TRY(db_push(c->db, c->arena, &END_PARAM, &end));
        }
    }
    row.id = unit_id(c, "param_value");
    row.from_at = c->now_ms;
    row.act_id = 0;
    TRY(db_push(c->db, c->arena, &INSERT_PARAM, &row));
    struct jobj *said = jobj_new(c->arena);
    jobj_put(said, S("value"), jval_of_str(p->value));
    jobj_put(said, S("reason"), jval_of_str(p->reason));
    struct jval v = jobj_val(said);
    return unit_audit(c, str_fmt(c->arena, "param:%.*s.%.*s", STR_ARG(p->kind), STR_ARG(p->name)),
                      jval_text(c->arena, &v));
}

static const char *const LEVELS[] = {"law", "policy", "preset"};

static struct err *write_row(struct call *c, const struct param_row *r, struct jw *w)
{
    struct str name = STR_NONE;
    if (r->person_id != FIELD_NO_INT) {
        TRY(view_person_name(c, r->person_id, &name));
    }
    jw_obj(w);
    jw_kstr(w, "value", r->value);
    jw_key(w, S("item_id"));
    r->item_id == FIELD_NO_INT ? jw_null(w) : jw_int(w, r->item_id);
    jw_key(w, S("unit_id"));
    r->unit_id == FIELD_NO_INT ? jw_null(w) : jw_int(w, r->unit_id);
    jw_kstr(w, "from_at", civil_instant_text(c->arena, r->from_at));
    jw_kstr(w, "to_at",
            r->to_at == FIELD_NO_INT ? STR_NONE : civil_instant_text(c->arena, r->to_at));
    jw_kstr(w, "reason", r->reason);
    jw_kstr(w, "by", name);
    jw_end_obj(w);
    return NULL;
}

/* What is set now, under `overrides`, or all that ever was, newest first, under `history`. */
static struct err *write_values(
    struct call *c, const struct definition *d, const struct param_def *p, bool all, struct jw *w)
{
    struct param_row in = {
        .office_id = c->office_id, .kind = d->kind, .name = p->name, .now = c->now_ms};
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, all ? &PARAM_HISTORY : &PARAMS_IN_FORCE, &in, &rows));
    const struct param_row *r = rows.p;
    jw_key(w, all ? S("history") : S("overrides"));
    jw_list(w);
    for (size_t i = 0; i < rows.n; i++) {
        TRY(write_row(c, &r[i], w));
    }
    jw_end_list(w);
    return NULL;
}

static void write_bound(struct call *c, const char *key, struct value v, struct jw *w)
{
    struct jval j = value_to_jval(c->arena, v);
    jw_key(w, str_of(key));
    v.type == V_NONE ? jw_null(w) : jw_val(w, &j);
}

static struct err *
write_param(struct call *c, const struct definition *d, const struct param_def *p, struct jw *w)
{
    jw_obj(w);
    jw_kstr(w, "kind", d->kind);
    view_label(c, w, "kind_name", d, "kind", S(""));
    jw_kstr(w, "name", p->name);
    view_label(c, w, "label", d, "params", p->name);
    jw_kstr(w, "level", str_of(LEVELS[p->level]));
    jw_kstr(w, "type", str_of(dtype_name(p->type.kind)));
    write_bound(c, "default", p->value, w);
    write_bound(c, "min", p->min, w);
    write_bound(c, "max", p->max, w);
    TRY(write_values(c, d, p, false, w));
    TRY(write_values(c, d, p, true, w));
    jw_end_obj(w);
    return NULL;
}

struct err *param_list(struct call *c, struct jw *w)
{
    const struct definition_set *set = procedure_set(c->app);
    jw_list(w);
    for (size_t i = 0; i < definition_count(set); i++) {
        const struct definition *d = definition_at(set, i);
        for (uint32_t k = 0; d->in_service && d == definition_find(set, d->kind) && k < d->n_params;
             k++) {
            TRY(write_param(c, d, &d->params[k], w));
        }
    }
    jw_end_list(w);
    return NULL;
}
