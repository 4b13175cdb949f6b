/* Operations of mandates: an agent asks, a window confirms or enters, both can end one. An
 * applicant may ask only for enterprises, whose names and codes are public; for a citizen both come
 * to the window. Until it is confirmed a mandate opens nothing. */
#include "app/identity/ops.h"

#include "civil/ident.h"
#include "run/upload.h"

#define PAGE_DEFAULT 50
#define DIGITS_MAX   5

/* clang-format off */
static const struct choice SCOPES[] = {
    {"legal_representative", "法定代表人", "legal representative"},
    {"agent", "代理人", "agent"},
    {NULL, NULL, NULL},
};
static const struct choice STATUSES[] = {
    {"pending", "等待窗口确认", "waiting for confirmation"},
    {"future", "尚未开始", "not yet begun"},
    {"in_force", "有效", "in force"},
    {"ended", "已终止", "ended"},
    {NULL, NULL, NULL},
};
static const struct field PARTY_ROWS[] = {
    F_TEXT(struct in_mandate_party, name, FIELD_REQUIRED | FIELD_NFC, 1, 100, "企业名称", "Name of the enterprise"),
    F_TEXT(struct in_mandate_party, identifier, FIELD_REQUIRED, 1, 40, "统一社会信用代码", "Unified social credit code"),
    FIELD_END,
};
const struct field mandate_own_rows[] = {
    F_ID(struct in_mandate, party_id, 0, "企业编号", "Party"),
    F_OBJECT(struct in_mandate, party, 0, PARTY_ROWS, struct in_mandate_party, "企业（没有编号时）", "Enterprise, when its number is not known"),
    F_CHOICE(struct in_mandate, scope, FIELD_REQUIRED, SCOPES, "授权种类", "Kind of mandate"),
    F_DATE(struct in_mandate, to_on, 0, "截止日期", "Last day"),
    F_TEXTS(struct in_mandate, evidence, 0, 0, 10, "证明材料", "Evidence"),
    FIELD_END,
};
const struct field mandate_window_rows[] = {
    F_ID(struct in_mandate, id, FIELD_REQUIRED, "受托人", "Agent"),
    F_ID(struct in_mandate, party_id, FIELD_REQUIRED, "申请人", "Party"),
    F_CHOICE(struct in_mandate, scope, FIELD_REQUIRED, SCOPES, "授权种类", "Kind of mandate"),
    F_DATE(struct in_mandate, from_on, 0, "开始日期", "First day"),
    F_DATE(struct in_mandate, to_on, 0, "截止日期", "Last day"),
    F_TEXT(struct in_mandate, document, FIELD_REQUIRED, 1, 60, "查验的材料", "Document seen"),
    FIELD_END,
};
const struct field mandates_in_rows[] = {
    F_ID(struct in_mandates, person_id, 0, "受托人", "Agent"),
    F_ID(struct in_mandates, party_id, 0, "申请人", "Party"),
    F_BOOL(struct in_mandates, pending, 0, "只看等待确认的", "Waiting for confirmation only"),
    F_ID(struct in_mandates, after, 0, "从此之后", "After"),
    F_INT(struct in_mandates, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
const struct field mandate_out_rows[] = {
    F_ID(struct out_mandate, mandate_id, FIELD_REQUIRED, "授权编号", "Mandate"),
    F_ID(struct out_mandate, party_id, FIELD_REQUIRED, "申请人", "Party"),
    F_ID(struct out_mandate, person_id, FIELD_REQUIRED, "受托人", "Agent"),
    F_TEXT(struct out_mandate, name, 0, 0, 0, "申请人名称", "Name of the party"),
    F_TEXT(struct out_mandate, kind, FIELD_REQUIRED, 0, 0, "申请人种类", "Kind of party"),
    F_CHOICE(struct out_mandate, scope, FIELD_REQUIRED, SCOPES, "授权种类", "Kind of mandate"),
    F_DATE(struct out_mandate, from_on, FIELD_REQUIRED, "开始日期", "First day"),
    F_DATE(struct out_mandate, to_on, 0, "截止日期", "Last day"),
    F_CHOICE(struct out_mandate, status, FIELD_REQUIRED, STATUSES, "状态", "Status"),
    F_TEXTS(struct out_mandate, evidence, 0, 0, 10, "证明材料", "Evidence"),
    FIELD_END,
};
const struct field mandates_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, mandate_out_rows, struct out_mandate, "授权", "Mandates"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};
/* clang-format on */

/* Names of papers, not their numbers: the text goes into the audit, which holds nothing personal.
 */
struct err *document_check(struct call *c, struct str document)
{
    struct err *e = NULL;
    size_t run = 0;

    for (size_t i = 0; i < document.n && run <= DIGITS_MAX; i++) {
        run = document.p[i] >= '0' && document.p[i] <= '9' ? run + 1 : 0;
    }
    if (run > DIGITS_MAX) {
        field_fault(c->arena, &e, S("/document"), "number", "查验的材料：只写名称，不写证件号码",
                    "Document seen: give its name, not its number");
    }
    return e;
}

static struct list evidence_list(struct arena *a, struct str json)
{
    struct jval v = {.type = J_LIST};
    struct err *e = json.p == NULL ? NULL : jread(a, str_bytes(json), &v);
    size_t n = e == NULL && v.type == J_LIST ? v.n : 0;
    struct str *tokens = ARENA_ARRAY(a, struct str, n + 1);

    for (size_t i = 0; i < n; i++) {
        tokens[i] = jval_str(&v.list[i]);
    }
    return (struct list){tokens, n};
}

/* The name of a citizen is shown to an agent only once a window confirmed the mandate. */
static void shown(struct call *c, const struct mandate_row *m, struct out_mandate *ret)
{
    bool hide = m->party_kind == PARTY_CITIZEN && m->confirmed_by == FIELD_NO_INT &&
                c->actor.kind == ACTOR_APPLICANT;

    *ret = (struct out_mandate){
        .mandate_id = m->id,
        .party_id = m->party_id,
        .person_id = m->agent_id,
        .name = hide ? STR_NONE : mandate_party_name(m),
        .kind = str_of(party_kind_word(m->party_kind)),
        .scope = m->scope,
        .from_on = m->from_on,
        .to_on = m->to_on,
        .status = str_of(mandate_status(c, m)),
        .evidence = evidence_list(c->arena, m->evidence),
    };
}

static struct err *answer(struct call *c, int64_t id, struct out_mandate *out)
{
    struct mandate_row m;

    TRY(mandate_by_id(c, id, &m));
    shown(c, &m, out);
    return NULL;
}

static struct err *only_window(struct call *c)
{
    return ERROR(c->arena, ERR_FORBIDDEN, "您的角色不能查看他人的授权",
                 "Your roles do not show other people's mandates");
}

struct err *mandates_get(struct call *c, const void *in, void *out)
{
    const struct in_mandates *p = in;
    struct out_rows *ret = out;
    struct list rows = {0};
    int64_t limit = p->limit == FIELD_NO_INT ? PAGE_DEFAULT : p->limit;
    struct mandate_row ask = {
        .agent_id = p->person_id == FIELD_NO_INT ? 0 : p->person_id,
        .party_id = p->party_id == FIELD_NO_INT ? 0 : p->party_id,
        .pending = p->pending,
        .after = p->after == FIELD_NO_INT ? 0 : p->after,
        .limit_n = limit + 1,
    };

    if (c->actor.kind == ACTOR_APPLICANT) {
        ask.agent_id = c->actor.person_id;
        TRY(mandates_own(c, ask, &rows));
    } else if (actor_holds(&c->actor, S("clerk"))) {
        TRY(mandates_at_window(c, ask, &rows));
    } else {
        return only_window(c);
    }
    bool more = rows.n > (size_t)limit;
    size_t n = more ? (size_t)limit : rows.n;
    struct out_mandate *shown_rows = ARENA_ARRAY(c->arena, struct out_mandate, n + 1);
    for (size_t i = 0; i < n; i++) {
        shown(c, &((const struct mandate_row *)rows.p)[i], &shown_rows[i]);
    }
    ret->rows = (struct list){shown_rows, n};
    ret->next =
        more ? str_fmt(c->arena, "%lld", (long long)shown_rows[n - 1].mandate_id) : STR_NONE;
    return NULL;
}

/* By number, or found or made by its public code. */
static struct err *enterprise(struct call *c, const struct in_mandate *p, int64_t *ret_id)
{
    struct err *e = NULL;
    bool fresh;

    if ((p->party_id == FIELD_NO_INT) == (p->party == NULL)) {
        field_fault(c->arena, &e, S("/party"), "required",
                    "企业：填写编号或名称加统一社会信用代码之一",
                    "Enterprise: give either its number or its name and credit code");
        return e;
    }
    if (p->party == NULL) {
        struct mandate_row party;

        TRY(mandate_party(c, p->party_id, &party));
        *ret_id = p->party_id;
        return party.party_kind == PARTY_ENTERPRISE
                   ? NULL
                   : ERROR(c->arena, ERR_NOT_FOUND, "没有这个企业", "There is no such enterprise");
    }
    struct party_data data = {
        .kind = PARTY_ENTERPRISE, .name = p->party->name, .identifier = p->party->identifier};
    TRY(party_check(c, &data, S("/party")));
    return party_make(c, &data, ret_id, &fresh);
}

/* The papers stay as long as the mandate's row does, whatever becomes of it. */
static struct err *keep_evidence(struct call *c, struct list tokens)
{
    const struct str *token = tokens.p;
    struct err *e = NULL;

    for (size_t i = 0; i < tokens.n; i++) {
        bool whole = false;

        TRY(upload_keep(c, token[i], UPLOAD_FOR_EVER_MS, &whole));
        if (!whole) {
            field_fault(c->arena, &e, str_fmt(c->arena, "/evidence/%zu", i), "unknown",
                        "证明材料：没有这个文件，或它还没有传完，请重新上传",
                        "Evidence: there is no such file, or it has not all come; upload it again");
        }
    }
    return e;
}

struct err *mandates_post(struct call *c, const void *in, void *out)
{
    const struct in_mandate *p = in;
    struct mandate_new m = {.person_id = c->actor.person_id,
                            .scope = p->scope,
                            .to_on = p->to_on,
                            .evidence = p->evidence};
    int64_t id;

    TRY(enterprise(c, p, &m.party_id));
    TRY(keep_evidence(c, p->evidence));
    TRY(identity_add_mandate(c, &m, &id));
    c->reply.status = 201;
    return answer(c, id, out);
}

struct err *people_mandate(struct call *c, const void *in, void *out)
{
    const struct in_mandate *p = in;
    struct mandate_new m = {
        .person_id = p->id,
        .party_id = p->party_id,
        .scope = p->scope,
        .from_on = p->from_on,
        .to_on = p->to_on,
        .document = p->document,
    };
    int64_t id;

    TRY(document_check(c, p->document));
    TRY(identity_add_mandate(c, &m, &id));
    c->reply.status = 201;
    return answer(c, id, out);
}

struct err *mandates_confirm(struct call *c, const void *in, void *out)
{
    const struct in_verify *p = in;
    struct mandate_row m;

    TRY(document_check(c, p->document));
    TRY(mandate_by_id(c, p->id, &m));
    TRY(mandate_confirm(c, &m, p->document));
    return answer(c, p->id, out);
}

struct err *mandates_delete(struct call *c, const void *in, void *out)
{
    const struct in_id *p = in;
    struct mandate_row m;

    (void)out;
    TRY(mandate_by_id(c, p->id, &m));
    if (m.agent_id != c->actor.person_id && !actor_holds(&c->actor, S("clerk"))) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这项授权", "There is no such mandate");
    }
    return mandate_end(c, &m);
}
