/* Mandates: a natural person acts for another party, as its legal representative or as an agent.
 *
 * The agent asks for it with the evidence; it holds from the day a window saw the papers. A window
 * may also enter one itself. It ends on its last day, or at once when the agent or a window ends
 * it. The operations are in mandate_ops.c. */
#include "app/identity/inner.h"

#include "civil/date.h"
#include "procedure/party.h"

/* clang-format off */
const struct field mandate_rows[] = {
    F_ID(struct mandate_row, id, 0, NULL, NULL),
    F_ID(struct mandate_row, office_id, 0, NULL, NULL),
    F_ID(struct mandate_row, party_id, 0, NULL, NULL),
    F_ID(struct mandate_row, agent_id, 0, NULL, NULL),
    F_ID(struct mandate_row, confirmed_by, 0, NULL, NULL),
    F_ID(struct mandate_row, act_id, 0, NULL, NULL),
    F_INT(struct mandate_row, party_kind, 0, 0, 9, NULL, NULL),
    F_INT(struct mandate_row, after, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct mandate_row, limit_n, 0, 0, 101, NULL, NULL),
    F_BOOL(struct mandate_row, pending, 0, NULL, NULL),
    F_TEXT(struct mandate_row, scope, 0, 0, 0, NULL, NULL),
    F_TEXT(struct mandate_row, from_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct mandate_row, to_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct mandate_row, today, 0, 0, 0, NULL, NULL),
    F_TEXT(struct mandate_row, evidence, 0, 0, 0, NULL, NULL),
    F_TEXT(struct mandate_row, name_public, 0, 0, 0, NULL, NULL),
    F_TEXT(struct mandate_row, name_masked, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS                                                                                    \
    "SELECT m.id, m.party_id, m.agent_id, m.confirmed_by, m.scope, m.from_on, m.to_on, "           \
    "m.evidence,"                                                                                  \
    " p.office_id, p.kind AS party_kind, p.name_public,"                                           \
    " (SELECT d.name_masked FROM party_data d WHERE d.party_id = p.id"                             \
    " ORDER BY d.version DESC LIMIT 1) AS name_masked"                                             \
    " FROM mandate m JOIN party p ON p.id = m.party_id WHERE p.office_id = :office_id"
#define IN_FORCE                                                                                   \
    " AND m.confirmed_by IS NOT NULL AND m.from_on <= :today AND (m.to_on IS NULL OR m.to_on >= "  \
    ":today)"

/* 'legal_representative' sorts behind 'agent'. */
STMT(MANDATE_BEST,
     "identity.mandate_best",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     COLUMNS " AND m.agent_id = :agent_id AND m.party_id = :party_id" IN_FORCE
             " ORDER BY m.scope DESC, m.id LIMIT 1");
STMT(MANDATE_ALL_IN_FORCE,
     "identity.mandates_in_force",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     COLUMNS " AND m.agent_id = :agent_id" IN_FORCE " ORDER BY m.id LIMIT 100");
STMT(MANDATE_BY_ID,
     "identity.mandate_by_id",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     COLUMNS " AND m.id = :id");
STMT(MANDATE_OWN,
     "identity.mandates_own",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     COLUMNS " AND m.agent_id = :agent_id AND m.id > :after ORDER BY m.id LIMIT :limit_n");
STMT(MANDATE_AT_WINDOW,
     "identity.mandates_at_window",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     COLUMNS
     " AND (:agent_id = 0 OR m.agent_id = :agent_id) AND (:party_id = 0 OR m.party_id = :party_id)"
     " AND (:pending = 0 OR (m.confirmed_by IS NULL AND (m.to_on IS NULL OR m.to_on >= :today)))"
     " AND m.id > :after ORDER BY m.id LIMIT :limit_n");
STMT(MANDATE_PARTY,
     "identity.mandate_party",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     "SELECT id AS party_id, kind AS party_kind, name_public FROM party"
     " WHERE id = :party_id AND office_id = :office_id");
STMT(MANDATE_SAME,
     "identity.mandate_same",
     mandate_rows,
     mandate_rows,
     struct mandate_row,
     "SELECT id FROM mandate WHERE agent_id = :agent_id AND party_id = :party_id AND scope = :scope"
     " AND (to_on IS NULL OR to_on >= :today) ORDER BY id LIMIT 1");
STMT_RUN(MANDATE_INSERT,
         "identity.mandate_insert",
         mandate_rows,
         "INSERT INTO mandate (id, party_id, agent_id, scope, from_on, to_on, act_id, "
         "confirmed_by, evidence)"
         " VALUES (:id, :party_id, :agent_id, :scope, :from_on, :to_on, :act_id, :confirmed_by, "
         ":evidence)");
STMT_RUN(MANDATE_CONFIRM,
         "identity.mandate_confirm",
         mandate_rows,
         "UPDATE mandate SET confirmed_by = :confirmed_by, from_on = :from_on WHERE id = :id");
STMT_RUN(MANDATE_END_NOW,
         "identity.mandate_end",
         mandate_rows,
         "UPDATE mandate SET to_on = :to_on WHERE id = :id");

static struct str today(const struct call *c)
{
    return civil_text(c->arena, civil_day_of(c->now_ms));
}

struct err *
mandate_in_force(struct call *c, int64_t person_id, int64_t party_id, struct mandate_row *ret)
{
    struct mandate_row in = {
        .office_id = c->office_id, .agent_id = person_id, .party_id = party_id, .today = today(c)};
    bool found = false;

    TRY(db_one(c->db, c->arena, &MANDATE_BEST, &in, ret, &found));
    if (!found) {
        *ret = (struct mandate_row){0};
    }
    return NULL;
}

struct err *mandates_in_force(struct call *c, int64_t person_id, struct list *ret)
{
    struct mandate_row in = {.office_id = c->office_id, .agent_id = person_id, .today = today(c)};

    return db_all(c->db, c->arena, &MANDATE_ALL_IN_FORCE, &in, ret);
}

struct err *mandate_by_id(struct call *c, int64_t id, struct mandate_row *ret)
{
    struct mandate_row in = {.office_id = c->office_id, .id = id};
    bool found = false;

    TRY(db_one(c->db, c->arena, &MANDATE_BY_ID, &in, ret, &found));
    return found ? NULL
                 : ERROR(c->arena, ERR_NOT_FOUND, "没有这项授权", "There is no such mandate");
}

struct err *mandates_own(struct call *c, struct mandate_row in, struct list *ret)
{
    in.office_id = c->office_id;
    return db_all(c->db, c->arena, &MANDATE_OWN, &in, ret);
}

struct err *mandates_at_window(struct call *c, struct mandate_row in, struct list *ret)
{
    in.office_id = c->office_id;
    in.today = today(c);
    return db_all(c->db, c->arena, &MANDATE_AT_WINDOW, &in, ret);
}

struct err *mandate_party(struct call *c, int64_t party_id, struct mandate_row *ret)
{
    struct mandate_row in = {.office_id = c->office_id, .party_id = party_id};
    bool found = false;

    TRY(db_one(c->db, c->arena, &MANDATE_PARTY, &in, ret, &found));
    return found ? NULL
                 : ERROR(c->arena, ERR_NOT_FOUND, "没有这个申请人", "There is no such party");
}

struct str mandate_party_name(const struct mandate_row *m)
{
    return m->name_public.p != NULL ? m->name_public : m->name_masked;
}

const char *party_kind_word(int64_t kind)
{
    return kind == PARTY_ENTERPRISE ? "enterprise" : "citizen";
}

const char *mandate_status(const struct call *c, const struct mandate_row *m)
{
    struct str day = today(c);

    if (m->to_on.p != NULL && str_cmp(m->to_on, day) < 0) {
        return "ended";
    }
    if (m->confirmed_by == FIELD_NO_INT) {
        return "pending";
    }
    return str_cmp(m->from_on, day) > 0 ? "future" : "in_force";
}

/* ---- changes ---- */

static struct err *mandate_audit(struct call *c, int64_t id, const char *what, struct str document)
{
    struct jobj *o = jobj_new(c->arena);
    struct jval v;

    jobj_put(o, S("mandate"), jval_of_str(str_of(what)));
    jobj_put(o, S("document"), jval_of_str(document));
    v = jobj_val(o);
    return unit_audit(c, str_fmt(c->arena, "mandate:%lld", (long long)id), jval_text(c->arena, &v));
}

static struct err *check_mandate(struct call *c, const struct mandate_row *row)
{
    struct err *e = NULL;

    if (row->to_on.p != NULL &&
        (str_cmp(row->to_on, row->from_on) < 0 || str_cmp(row->to_on, row->today) < 0)) {
        field_fault(c->arena, &e, S("/to_on"), "order", "截止日期：不能早于开始日期和今天",
                    "Until: must not be before its beginning or today");
    }
    return e;
}

static struct err *refuse_unverified(struct call *c)
{
    return err_hint(
        ERROR(c->arena, ERR_CONFLICT, "受托人的身份还没有核验，授权不能确认",
              "The agent's identity has not been verified; the mandate cannot be confirmed"),
        "请先核验身份证件", "Verify the identity document first");
}

static struct str evidence_text(struct arena *a, const struct list *tokens)
{
    struct jarr *l = jarr_new(a);

    for (size_t i = 0; i < tokens->n; i++) {
        jarr_add(l, jval_of_str(((const struct str *)tokens->p)[i]));
    }
    struct jval v = jarr_val(l);
    return jval_text(a, &v);
}

struct err *identity_add_mandate(struct call *c, const struct mandate_new *m, int64_t *ret_id)
{
    struct person_row agent;
    struct mandate_row party, same;
    bool found = false;
    struct mandate_row row = {
        .party_id = m->party_id,
        .agent_id = m->person_id,
        .confirmed_by = m->document.p != NULL ? c->actor.person_id : FIELD_NO_INT,
        .scope = m->scope,
        .today = today(c),
        .from_on = m->from_on.p != NULL ? m->from_on : today(c),
        .to_on = m->to_on,
        .evidence = evidence_text(c->arena, &m->evidence),
    };

    TRY(check_mandate(c, &row));
    TRY(person_applicant(c, m->person_id, &agent));
    TRY(mandate_party(c, m->party_id, &party));
    if (agent.party_id == m->party_id) {
        return ERROR(c->arena, ERR_CONFLICT, "本人办理本人的事不需要授权",
                     "Nobody needs a mandate for oneself");
    }
    if (m->document.p != NULL && !agent.verified) {
        return refuse_unverified(c);
    }
    TRY(db_one(c->db, c->arena, &MANDATE_SAME, &row, &same, &found));
    if (found) {
        return ERROR(c->arena, ERR_CONFLICT, "同样的授权已经有了，或正等待确认",
                     "The same mandate exists already or waits for confirmation");
    }
    row.id = unit_id(c, "mandate");
    TRY(db_run(c->db, c->arena, &MANDATE_INSERT, &row, NULL));
    identity_changed(c, m->person_id);
    *ret_id = row.id;
    return mandate_audit(c, row.id, m->document.p != NULL ? "entered" : "asked", m->document);
}

struct err *mandate_confirm(struct call *c, struct mandate_row *m, struct str document)
{
    struct person_row agent;

    TRY(person_applicant(c, m->agent_id, &agent));
    if (!agent.verified) {
        return refuse_unverified(c);
    }
    if (!str_eqz(str_of(mandate_status(c, m)), "pending")) {
        return ERROR(c->arena, ERR_CONFLICT, "这项授权不在等待确认",
                     "The mandate is not waiting for confirmation");
    }
    /* It holds from today, not from the day it was asked for. */
    m->from_on = str_cmp(m->from_on, today(c)) > 0 ? m->from_on : today(c);
    m->confirmed_by = c->actor.person_id;
    TRY(db_run(c->db, c->arena, &MANDATE_CONFIRM, m, NULL));
    identity_changed(c, m->agent_id);
    return mandate_audit(c, m->id, "confirmed", document);
}

struct err *mandate_end(struct call *c, struct mandate_row *m)
{
    if (str_eqz(str_of(mandate_status(c, m)), "ended")) {
        return NULL;
    }
    m->to_on = civil_text(c->arena, civil_day_of(c->now_ms) - 1);
    TRY(db_run(c->db, c->arena, &MANDATE_END_NOW, m, NULL));
    identity_changed(c, m->agent_id);
    return mandate_audit(c, m->id, "ended", STR_NONE);
}

static bool listed(const struct identity_party *p, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i].id == id) {
            return true;
        }
    }
    return false;
}

struct err *identity_parties(struct call *c, int64_t person_id, struct list *ret)
{
    struct list mandates = {0};
    struct person_row p;
    bool found = false;
    size_t n = 0;

    TRY(person_by_id(c, person_id, &p, &found));
    TRY(mandates_in_force(c, person_id, &mandates));
    struct identity_party *rows = ARENA_ARRAY(c->arena, struct identity_party, mandates.n + 1);
    if (found && p.party_id != FIELD_NO_INT) {
        rows[n].id = p.party_id;
        TRY(person_name(c, &p, &rows[n++].name));
    }
    for (size_t i = 0; i < mandates.n; i++) {
        const struct mandate_row *m = &((const struct mandate_row *)mandates.p)[i];

        if (!listed(rows, n, m->party_id)) {
            rows[n++] = (struct identity_party){m->party_id, mandate_party_name(m)};
        }
    }
    *ret = (struct list){rows, n};
    return NULL;
}
