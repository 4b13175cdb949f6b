/* Rows of the core tables as the engine reads and writes them, with their field rows. Private to
 * procedure/. */
#ifndef HUHANG_PROCEDURE_MATTER_ROWS_H
#define HUHANG_PROCEDURE_MATTER_ROWS_H

#include "store/db.h"

struct id_row {
    int64_t id;
};

struct matter_row {
    int64_t id, office_id, definition_id, item_version_id, parent_id, unit_id, origin_id, party_id,
        key_id, assignee_id;
    int64_t class, acts, priority, opened_at, closed_at, final_light;
    struct str kind, number, state, facts, title, channel, opened_on;
    struct bytes prev_leaf, wrapped;
    int64_t version; /* of the definition */
};

struct act_row {
    int64_t id, office_id, matter_id, seq, actor_id, actor_unit, mandate_id, occurred_at,
        recorded_at, definition_id, cause_id, corrects_id, shown, log, leaf_index;
    struct str name, from_state, to_state, actor_role, with_ids, channel, effective_on, due_on;
    struct bytes body_commit, salt;
};

struct body_row {
    int64_t act_id, erased_by;
    struct bytes salt, body;
};

struct clock_row {
    int64_t id, office_id, matter_id, round, status, amount, start_at, provisional, yellow_at,
        red_at, next_at, evidence, calendar_id, start_act, stop_act, stopped_at, left_amount;
    struct str name, unit, until_on, start_on, due_on, next_mark, basis;
};

struct clock_event_row {
    int64_t clock_id, seq, type, key_id, at, amount, act_id, calendar_id;
    struct str cause, on_day, expected_on, old_due, new_due;
};

struct work_row {
    int64_t matter_id, office_id, unit_id, person_id, item_id, priority, since, yellow_at, red_at,
        paused;
    struct str slot, role, kind, state, number, title, due_on;
};

struct fact_row {
    int64_t matter_id, num;
    struct str name, kind, txt;
};

struct child_row {
    int64_t id, class;
    struct str kind, state, facts, title;
};

struct item_row {
    int64_t id, item_id, version, status, unit_id;
    struct str code, body;
};

struct party_row {
    int64_t id, kind, flags;
    struct str name_masked, name_public;
};

extern const struct field ID_ROW[], MATTER_ROW[], ACT_ROW[], BODY_ROW[], CLOCK_ROW[],
    CLOCK_EVENT_ROW[], WORK_ROW[], FACT_ROW[], CHILD_ROW[], ITEM_ROW[], PARTY_ROW[];

struct call;
struct matter;
/* A matter from its row alone: no key, item, party, acts, clocks or children. The kind and version
 * must be known. */
struct matter *matter_of_row(struct call *c, const struct matter_row *r);
/* Adds the clock of a row, then the events of its clocks, in the order of their numbers. */
void matter_clock_row(struct call *c, struct matter *m, const struct clock_row *r);
void matter_event_row(struct call *c, struct matter *m, const struct clock_event_row *e);

#endif
