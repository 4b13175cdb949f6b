/* Parties at a window: the walk-in's enterprise or citizen, by exact identifier. What is shown of a
 * citizen is masked; whoever holds the document sees that it fits. An agent who comes for the party
 * gets an account (without a code until one is printed) and a mandate, entered by the clerk who saw
 * the papers. */
#include "app/identity/ops.h"

#include "civil/date.h"
#include "civil/ident.h"

/* clang-format off */
static const struct choice KINDS[] = {
    {"enterprise", "企业", "enterprise"},
    {"citizen", "公民", "citizen"},
    {NULL, NULL, NULL},
};
static const struct field AGENT_ROWS[] = {
    F_TEXT(struct in_agent, name, FIELD_REQUIRED | FIELD_NFC | FIELD_PERSONAL, 1, 60, "代理人姓名", "Agent's name"),
    F_TEXT(struct in_agent, identifier, FIELD_REQUIRED | FIELD_PERSONAL, 1, 40, "代理人身份证号", "Agent's id number"),
    F_TEXT(struct in_agent, phone, FIELD_PERSONAL, 1, 40, "代理人电话", "Agent's phone"),
    FIELD_END,
};
const struct field party_in_rows[] = {
    F_CHOICE(struct in_party, kind, FIELD_REQUIRED, KINDS, "申请人种类", "Kind of party"),
    F_TEXT(struct in_party, name, FIELD_REQUIRED | FIELD_NFC | FIELD_PERSONAL, 1, 100, "名称或姓名", "Name"),
    F_TEXT(struct in_party, identifier, FIELD_REQUIRED | FIELD_PERSONAL, 1, 40, "统一社会信用代码或身份证号", "Credit code or id number"),
    F_TEXT(struct in_party, phone, FIELD_PERSONAL, 1, 40, "电话", "Phone"),
    F_TEXT(struct in_party, address, FIELD_PERSONAL | FIELD_NFC, 1, 200, "地址", "Address"),
    F_OBJECT(struct in_party, agent, 0, AGENT_ROWS, struct in_agent, "代理人", "Agent"),
    FIELD_END,
};
const struct field identifier_rows[] = {
    F_TEXT(struct in_identifier, identifier, FIELD_REQUIRED | FIELD_PERSONAL, 1, 40, "统一社会信用代码或身份证号", "Credit code or id number"),
    FIELD_END,
};
const struct field party_out_rows[] = {
    F_ID(struct out_party, id, FIELD_REQUIRED, "申请人编号", "Party"),
    F_CHOICE(struct out_party, kind, FIELD_REQUIRED, KINDS, "申请人种类", "Kind of party"),
    F_TEXT(struct out_party, name, FIELD_REQUIRED, 0, 0, "名称；公民隐去部分", "Name; of citizens masked"),
    F_TEXT(struct out_party, identifier, FIELD_REQUIRED, 0, 0, "代码；公民隐去部分", "Identifier; of citizens masked"),
    F_BOOL(struct out_party, existing, FIELD_REQUIRED, "原已登记", "Was known before"),
    F_ID(struct out_party, agent_id, FIELD_OMIT, "代理人账号", "Agent's account"),
    F_ID(struct out_party, mandate_id, FIELD_OMIT, "授权编号", "Mandate"),
    FIELD_END,
};
const struct field parties_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 1, party_out_rows, struct out_party, "申请人", "Parties"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};
/* clang-format on */

static struct err *shown(struct call *c, int64_t id, bool existing, struct out_party *ret)
{
    struct party_data p;

    TRY(party_open(c, id, &p));
    *ret = (struct out_party){
        .id = id,
        .agent_id = FIELD_NO_INT,
        .mandate_id = FIELD_NO_INT,
        .kind = str_of(party_kind_word(p.kind)),
        .name = party_shown_name(c->arena, &p, false),
        .identifier = party_shown_identifier(c->arena, &p, false),
        .existing = existing,
    };
    return NULL;
}

struct err *parties_get(struct call *c, const void *in, void *out)
{
    const struct in_identifier *p = in;
    struct out_rows *ret = out;
    struct out_party *row = ARENA_NEW(c->arena, struct out_party);
    struct str code = ident_normalise(c->arena, p->identifier);
    bool enterprise = ident_check_uscc(code) == IDENT_OK;
    struct err *e = NULL;
    int64_t id = 0;

    if (!enterprise && ident_check_rid(code, civil_day_of(c->now_ms)) != IDENT_OK) {
        field_fault(c->arena, &e, S("/identifier"), "identifier",
                    "统一社会信用代码或身份证号：两种都不符合，请核对",
                    "Credit code or id number: it is neither, please check");
        return e;
    }
    ret->rows = (struct list){row, 0};
    TRY(party_find(c, enterprise ? PARTY_ENTERPRISE : PARTY_CITIZEN, code, &id));
    if (id != 0) {
        ret->rows.n = 1;
        TRY(shown(c, id, true, row));
    }
    return NULL;
}

/* ---- POST /parties ---- */

/* The agent's account: found by its own party, or made. */
static struct err *agent_person(struct call *c, const struct person_new *n, int64_t *ret_id)
{
    struct person_row known;
    bool found = false;
    int64_t party = 0;

    TRY(party_find(c, PARTY_CITIZEN, n->id_number, &party));
    if (party != 0) {
        TRY(person_by_party(c, party, &known, &found));
    }
    if (!found) {
        return identity_add_person(c, n, ret_id);
    }
    *ret_id = known.id;
    if (!known.verified) { /* the clerk has the document at hand */
        TRY(person_set_verified(c, known.id));
        identity_changed(c, known.id);
        TRY(person_audit(c, known.id, S("{\"verified\":true}")));
    }
    return NULL;
}

static struct err *add_agent(struct call *c, const struct person_new *n, struct out_party *out)
{
    struct mandate_row m;

    TRY(agent_person(c, n, &out->agent_id));
    TRY(mandate_in_force(c, out->agent_id, out->id, &m));
    out->mandate_id = m.id;
    if (m.id != 0) {
        return NULL;
    }
    struct mandate_new mandate = {.party_id = out->id,
                                  .person_id = out->agent_id,
                                  .scope = S("agent"),
                                  .document = S("窗口收取的授权委托书")};
    return identity_add_mandate(c, &mandate, &out->mandate_id);
}

/* Faults of the agent point at its members as the request names them. */
static struct err *
check_agent(struct call *c, const struct in_agent *agent, struct person_new *ret, struct err *e)
{
    struct party_data as_party;
    struct err *more;

    *ret = (struct person_new){.name = agent->name,
                               .id_number = agent->identifier,
                               .phone = agent->phone,
                               .verified = true};
    as_party = (struct party_data){.kind = PARTY_CITIZEN,
                                   .name = agent->name,
                                   .identifier = agent->identifier,
                                   .phone = agent->phone};
    more = party_check(c, &as_party, S("/agent"));
    ret->name = as_party.name;
    ret->id_number = as_party.identifier;
    ret->phone = as_party.phone;
    return identity_join_faults(c, e, more);
}

struct err *parties_post(struct call *c, const void *in, void *out)
{
    const struct in_party *p = in;
    struct out_party *ret = out;
    struct person_new agent = {0};
    struct party_data data = {
        .kind = str_eqz(p->kind, "enterprise") ? PARTY_ENTERPRISE : PARTY_CITIZEN,
        .name = p->name,
        .identifier = p->identifier,
        .phone = p->phone,
        .address = p->address,
    };
    struct err *e = party_check(c, &data, S(""));
    int64_t id;
    bool fresh;

    if (p->agent != NULL) {
        e = check_agent(c, p->agent, &agent, e);
    }
    TRY(e);
    TRY(party_make(c, &data, &id, &fresh));
    TRY(shown(c, id, !fresh, ret));
    if (p->agent != NULL) {
        TRY(add_agent(c, &agent, ret));
    }
    c->reply.status = fresh ? 201 : 200;
    return unit_audit(c, str_fmt(c->arena, "party:%lld", (long long)id),
                      fresh ? S("{\"made\":true}") : S("{\"made\":false}"));
}
