/* Clocks, facts, letters of a matter into their tables (act_save.h). */
#include "procedure/act_save.h"

#include "procedure/matter_rows.h"

struct document_row {
    int64_t id, matter_id, act_id, status, shown;
    struct str kind, name, number, letter;
    struct bytes data_sealed;
};

/* clang-format off */
static const struct field DOCUMENT[] = {
    F_ID(struct document_row, id, 0, NULL, NULL),
    F_ID(struct document_row, matter_id, 0, NULL, NULL),
    F_ID(struct document_row, act_id, 0, NULL, NULL),
    F_INT(struct document_row, status, 0, 0, 9, NULL, NULL),
    F_INT(struct document_row, shown, 0, 0, 9, NULL, NULL),
    F_TEXT(struct document_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_row, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_row, letter, 0, 0, 0, NULL, NULL),
    F_BYTES(struct document_row, data_sealed, 0),
    FIELD_END,
};
/* clang-format on */

/* status: 0 rendering, 1 ready, 2 void */
STMT_RUN(INSERT_DOCUMENT,
         "save.document",
         DOCUMENT,
         "INSERT INTO document (id, matter_id, act_id, kind, name, number, letter, data_sealed, "
         "status, shown)"
         " VALUES (:id, :matter_id, :act_id, :kind, :name, :number, :letter, :data_sealed, "
         ":status, :shown)");
STMT_RUN(VOID_DOCUMENT, "save.void", DOCUMENT, "UPDATE document SET status = 2 WHERE id = :id");
STMT_RUN(INSERT_CLOCK,
         "save.clock",
         CLOCK_ROW,
         "INSERT INTO clock (id, office_id, matter_id, name, round, status, unit, amount, "
         "until_on, start_on, start_at,"
         " due_on, provisional, yellow_at, red_at, next_at, next_mark, basis, evidence, "
         "calendar_id, start_act, stop_act,"
         " stopped_at, left_amount) VALUES (:id, :office_id, :matter_id, :name, :round, :status, "
         ":unit, :amount,"
         " :until_on, :start_on, :start_at, :due_on, :provisional, :yellow_at, :red_at, :next_at, "
         ":next_mark, :basis,"
         " :evidence, :calendar_id, :start_act, :stop_act, :stopped_at, :left_amount)");
STMT_RUN(
    UPDATE_CLOCK,
    "save.clock_again",
    CLOCK_ROW,
    "UPDATE clock SET status = :status, unit = :unit, amount = :amount, until_on = :until_on, "
    "start_on = :start_on,"
    " start_at = :start_at, due_on = :due_on, provisional = :provisional, yellow_at = :yellow_at, "
    "red_at = :red_at,"
    " next_at = :next_at, next_mark = :next_mark, calendar_id = :calendar_id, start_act = "
    ":start_act,"
    " stop_act = :stop_act, stopped_at = :stopped_at, left_amount = :left_amount WHERE id = :id");
STMT_RUN(INSERT_EVENT,
         "save.clock_event",
         CLOCK_EVENT_ROW,
         "INSERT INTO clock_event (clock_id, seq, type, cause, key_id, on_day, at, amount, "
         "expected_on, act_id,"
         " calendar_id, old_due, new_due) VALUES (:clock_id, :seq, :type, :cause, :key_id, "
         ":on_day, :at, :amount,"
         " :expected_on, :act_id, :calendar_id, :old_due, :new_due)");
STMT_RUN(PUT_FACT,
         "save.fact",
         FACT_ROW,
         "INSERT INTO fact (matter_id, name, kind, num, txt) VALUES (:matter_id, :name, :kind, "
         ":num, :txt)"
         " ON CONFLICT (matter_id, name) DO UPDATE SET num = excluded.num, txt = excluded.txt");
STMT_RUN(DROP_FACT,
         "save.no_fact",
         FACT_ROW,
         "DELETE FROM fact WHERE matter_id = :matter_id AND name = :name");

static int64_t or_null(int64_t v)
{
    return v == 0 ? FIELD_NO_INT : v;
}

static struct str day_text(struct arena *a, int32_t day)
{
    return day == CIVIL_NO_DAY ? STR_NONE : civil_text(a, day);
}

static struct str unit_text(struct arena *a, struct duration d)
{
    d.amount = 1;
    struct str s = duration_text(a, d);
    return str_sub(s, 1, s.n);
}

static struct clock_row clock_row_of(struct call *c, const struct matter *m, const struct mclock *k)
{
    const struct clock_def *d = &m->d->clocks[k->def];
    bool ended = k->status != CLOCK_RUNNING && k->status != CLOCK_PAUSED;
    return (struct clock_row){
        .id = k->id,
        .office_id = m->office_id,
        .matter_id = m->id,
        .round = k->round,
        .status = k->status,
        .amount = k->limit.amount,
        .start_at = k->start_at,
        .provisional = k->due.provisional,
        .yellow_at = k->due.yellow_ms,
        .red_at = ended ? k->due.due_ms : k->due.red_ms,
        .next_at = k->next_at == CIVIL_NEVER ? FIELD_NO_INT : k->next_at,
        .evidence = (int64_t)d->evidence,
        .calendar_id = k->calendar_id,
        .start_act = k->start_act,
        .stop_act = or_null(k->stop_act),
        .stopped_at = or_null(k->stopped_at),
        .left_amount = k->left_amount,
        .name = d->name,
        .unit = unit_text(c->arena, k->limit),
        .until_on = day_text(c->arena, k->until_day),
        .start_on = civil_text(c->arena, k->start_day),
        .due_on = day_text(c->arena, k->due.due_day),
        .next_mark = k->next_mark,
        .basis = k->basis,
    };
}

static struct err *save_events(struct call *c, struct mclock *k)
{
    for (size_t i = k->n_saved; i < k->n_events; i++) {
        const struct mclock_event *e = &k->events[i];
        struct clock_event_row row = {
            .clock_id = k->id,
            .seq = (int64_t)i + 1,
            .type = e->type,
            .key_id = or_null(e->key_id),
            .at = e->at,
            .amount = or_null(e->amount),
            .act_id = or_null(e->act_id),
            .calendar_id = e->calendar_id,
            .cause = e->cause,
            .on_day = civil_text(c->arena, e->on_day),
            .expected_on = day_text(c->arena, e->expected_day),
            .old_due = day_text(c->arena, e->old_due),
            .new_due = day_text(c->arena, e->new_due),
        };
        TRY(db_push(c->db, c->arena, &INSERT_EVENT, &row));
    }
    k->n_saved = k->n_events;
    return NULL;
}

struct err *save_clocks(struct call *c, struct matter *m)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        struct mclock *k = &m->clocks[i];
        if (!k->fresh && !k->dirty) {
            continue;
        }
        if (k->fresh) {
            k->id = unit_id(c, "clock");
        }
        struct clock_row row = clock_row_of(c, m, k);
        TRY(db_push(c->db, c->arena, k->fresh ? &INSERT_CLOCK : &UPDATE_CLOCK, &row));
        TRY(save_events(c, k));
        k->fresh = k->dirty = false;
    }
    return NULL;
}

/* Is the row of the fact another one than before? */
static bool fact_moved(const struct matter *m, uint32_t i)
{
    const struct value before = m->facts_saved == NULL ? value_none() : m->facts_saved[i];
    return !value_eq(m->facts[i], before);
}

struct err *save_facts(struct call *c, struct matter *m)
{
    for (uint32_t i = 0; i < m->d->n_facts; i++) {
        const struct value *v = &m->facts[i];
        if (!m->d->facts[i].type.indexed || !fact_moved(m, i)) {
            continue;
        }
        struct fact_row row = {.matter_id = m->id,
                               .num = FIELD_NO_INT,
                               .name = m->d->facts[i].name,
                               .kind = m->d->kind};
        if (v->type == V_NONE) {
            TRY(db_push(c->db, c->arena, &DROP_FACT, &row));
            continue;
        }
        if (v->type == V_INT || v->type == V_BOOL || v->type == V_INSTANT) {
            row.num = v->type == V_BOOL ? v->u.b : v->u.i;
        } else {
            row.txt = value_show(c->arena, *v);
            row.txt = v->type == V_TEXT   ? v->u.s
                      : v->type == V_DATE ? civil_text(c->arena, v->u.day)
                                          : row.txt;
        }
        TRY(db_push(c->db, c->arena, &PUT_FACT, &row));
    }
    return NULL;
}

struct err *save_letter(struct call *c, struct act_done *d)
{
    if (d->voided_letter != 0) {
        struct document_row row = {.id = d->voided_letter};
        TRY(db_push(c->db, c->arena, &VOID_DOCUMENT, &row));
    }
    if (d->letter.p == NULL) {
        return NULL;
    }
    const struct mact *a = &d->m->done[d->index];
    struct document_row row = {
        .id = d->letter_id,
        .matter_id = d->m->id,
        .act_id = a->id,
        .status = 0,
        .shown = a->shown,
        .kind = S("letter"),
        .name = d->letter,
        .number = d->letter_number,
        .letter = d->letter,
        .data_sealed = seal_value(c->arena, &d->m->key, S("letter"), d->letter_data),
    };
    return db_push(c->db, c->arena, &INSERT_DOCUMENT, &row);
}
