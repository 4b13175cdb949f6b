/* The worklist of a matter: one row for the holder of its state and one for each open ask. Open
 * matters only. The row's lights are those of its nearest running clock; a light is compared with
 * time when read and never stored (procedures.md 5). */
#include "procedure/act_save.h"

#include "procedure/matter_rows.h"

#define WORK_MAX 8

STMT_RUN(
    PUT_WORK,
    "work.put",
    WORK_ROW,
    "INSERT INTO work (matter_id, slot, office_id, unit_id, role, person_id, kind, state, item_id, "
    "number, title,"
    " priority, since, yellow_at, red_at, due_on, paused) VALUES (:matter_id, :slot, :office_id, "
    ":unit_id, :role,"
    " :person_id, :kind, :state, :item_id, :number, :title, :priority, :since, :yellow_at, "
    ":red_at, :due_on, :paused)"
    " ON CONFLICT (matter_id, slot) DO UPDATE SET unit_id = excluded.unit_id, role = excluded.role,"
    " person_id = excluded.person_id, state = excluded.state, priority = excluded.priority, since "
    "= excluded.since,"
    " yellow_at = excluded.yellow_at, red_at = excluded.red_at, due_on = excluded.due_on, paused = "
    "excluded.paused");
STMT_RUN(TURN_LIGHTS,
         "work.lights",
         WORK_ROW,
         "UPDATE work SET yellow_at = :yellow_at, red_at = :red_at, due_on = :due_on, paused = "
         ":paused WHERE matter_id = :matter_id");
STMT_RUN(DROP_WORK,
         "work.drop",
         WORK_ROW,
         "DELETE FROM work WHERE matter_id = :matter_id AND slot = :slot");

/* Nearest running clock; when all are paused the row is paused and its date reads "not before". */
static void lights(const struct matter *m, struct arena *a, struct work_row *ret)
{
    const struct mclock *near = NULL, *paused = NULL;
    ret->yellow_at = CIVIL_NEVER;
    ret->red_at = CIVIL_NEVER;
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *k = &m->clocks[i];
        if (m->d->clocks[k->def].outlives && k->status == CLOCK_RUNNING) {
            continue; /* e.g. publication: not the holder's */
        }
        /* One that was paused when its time was over stays red. */
        bool counts =
            k->status == CLOCK_RUNNING || (k->status == CLOCK_PAUSED && !k->due.not_before);
        if (counts && (near == NULL || k->due.red_ms < near->due.red_ms)) {
            near = k;
        }
        if (k->status == CLOCK_RUNNING && k->due.yellow_ms < ret->yellow_at) {
            ret->yellow_at = k->due.yellow_ms;
        }
        if (k->status == CLOCK_PAUSED && paused == NULL) {
            paused = k;
        }
    }
    if (near != NULL) {
        ret->red_at = near->due.red_ms;
        ret->due_on = civil_text(a, near->due.due_day);
    } else if (paused != NULL) {
        ret->due_on = civil_text(a, paused->due.due_day);
        ret->paused = 1;
    }
}

static int64_t since(const struct matter *m)
{
    for (size_t i = m->n_done; i > 0; i--) {
        const struct mact *a = &m->done[i - 1];
        if (!a->struck && !str_eq(a->from_state, a->to_state)) {
            return a->occurred_at;
        }
    }
    return m->opened_at;
}

static bool ask_open(const struct matter *m, uint32_t act)
{
    const struct mact *asked = matter_last(m, act);
    if (asked == NULL) {
        return false;
    }
    for (size_t i = 0; i < m->n_done; i++) {
        const struct mact *d = &m->done[i];
        if (d->seq > asked->seq && !d->struck && d->def != NO_INDEX &&
            (m->d->acts[act].ask_until & BIT(d->def)) != 0) {
            return false;
        }
    }
    return true;
}

static struct str ask_role(struct call *c, struct matter *m, uint32_t act)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    const struct act_def *a = &m->d->acts[act];
    if (a->ask_path != NULL) {
        struct act_scene s = {
            .c = c, .m = m, .act = NO_INDEX, .now_ms = c->now_ms, .today = civil_day_of(c->now_ms)};
        struct expr_env env;
        scene_env(&s, &env);
        struct value v = expr_path_eval(a->ask_path, &env);
        if (v.type == V_TEXT) {
            return v.u.s;
        }
    }
    for (size_t i = 0; i < set->n; i++) {
        if ((a->ask_of & BIT(i)) != 0) {
            return set->roles[i].name;
        }
    }
    return S("unit_head");
}

size_t work_rows(struct call *c, struct matter *m, struct work_row *ret, size_t max)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    size_t n = 0;
    if (m->class == STATE_CLOSED) {
        return 0;
    }
    struct work_row base = {
        .matter_id = m->id,
        .office_id = m->office_id,
        .unit_id = m->unit_id,
        .person_id = m->assignee_id == 0 ? FIELD_NO_INT : m->assignee_id,
        .item_id = m->item == NULL ? FIELD_NO_INT : m->item->item_id,
        .priority = m->priority,
        .since = since(m),
        .slot = S("state"),
        .role = set->roles[m->d->states[m->state].holder].name,
        .kind = m->d->kind,
        .state = m->d->states[m->state].name,
        .number = m->number,
        .title = m->title,
    };
    lights(m, c->arena, &base);
    ret[n++] = base;
    for (uint32_t i = 0; i < m->d->n_acts && n < max; i++) {
        if (m->d->acts[i].asks && ask_open(m, i)) {
            ret[n] = base;
            ret[n].slot = m->d->acts[i].name;
            ret[n].person_id = FIELD_NO_INT;
            ret[n++].role = ask_role(c, m, i);
        }
    }
    return n;
}

struct err *save_work(struct call *c, struct matter *m)
{
    struct work_row rows[WORK_MAX];
    size_t n = work_rows(c, m, rows, WORK_MAX);
    struct work_row gone = {.matter_id = m->id, .slot = S("state")};
    if (n == 0 && !m->fresh) {
        TRY(db_push(c->db, c->arena, &DROP_WORK, &gone));
    }
    for (size_t i = 0; i < n; i++) {
        TRY(db_push(c->db, c->arena, &PUT_WORK, &rows[i]));
    }
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        bool listed = false;
        for (size_t k = 0; k < n; k++) {
            listed = listed || str_eq(rows[k].slot, m->d->acts[i].name);
        }
        if (m->d->acts[i].asks && !listed && matter_last(m, i) != NULL) {
            gone.slot = m->d->acts[i].name;
            TRY(db_push(c->db, c->arena, &DROP_WORK, &gone));
        }
    }
    return NULL;
}

struct err *save_lights(struct call *c, const struct matter *m)
{
    struct work_row row = {.matter_id = m->id};
    lights(m, c->arena, &row);
    return db_push(c->db, c->arena, &TURN_LIGHTS, &row);
}
