/* Accounts of applicants at a window: look up by id number, make with a printed code, verify. */
#include "app/identity/ops.h"

#include "civil/date.h"
#include "civil/ident.h"

/* clang-format off */
const struct field person_in_rows[] = {
    F_TEXT(struct in_person, name, FIELD_REQUIRED | FIELD_NFC | FIELD_PERSONAL, 1, 60, "姓名", "Name"),
    F_TEXT(struct in_person, id_number, FIELD_REQUIRED | FIELD_PERSONAL, 1, 40, "身份证号", "Id number"),
    F_TEXT(struct in_person, phone, FIELD_PERSONAL, 1, 40, "电话", "Phone"),
    FIELD_END,
};
const struct field verify_rows[] = {
    F_ID(struct in_verify, id, FIELD_REQUIRED, "编号", "Number"),
    F_TEXT(struct in_verify, document, FIELD_REQUIRED, 1, 60, "查验的材料", "Document seen"),
    FIELD_END,
};
const struct field id_rows[] = {
    F_ID(struct in_id, id, FIELD_REQUIRED, "编号", "Number"),
    FIELD_END,
};
const struct field person_out_rows[] = {
    F_ID(struct out_person, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct out_person, login, FIELD_REQUIRED, 0, 0, "账号", "Account"),
    F_TEXT(struct out_person, name, FIELD_REQUIRED, 0, 0, "姓名（隐去部分）", "Name, masked"),
    F_TEXT(struct out_person, id_number, 0, 0, 0, "身份证号（隐去部分）", "Id number, masked"),
    F_TEXT(struct out_person, phone, 0, 0, 0, "电话（隐去部分）", "Phone, masked"),
    F_ID(struct out_person, party_id, 0, "本人作为申请人的编号", "Own party"),
    F_BOOL(struct out_person, verified, FIELD_REQUIRED, "已核验身份", "Identity verified"),
    F_BOOL(struct out_person, closed, FIELD_REQUIRED, "账号已停用", "Account closed"),
    FIELD_END,
};
const struct field people_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 1, person_out_rows, struct out_person, "账号", "Accounts"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};
/* clang-format on */

struct err *people_shown(struct call *c, const struct person_row *p, struct out_person *ret)
{
    struct person_sealed s;

    TRY(person_open(c, p, &s));
    *ret = (struct out_person){
        .id = p->id,
        .party_id = p->party_id,
        .login = p->login,
        .name = p->name, /* the column holds the masked name */
        .id_number = s.id_number.n > 0 ? ident_mask_rid(c->arena, s.id_number) : STR_NONE,
        .phone = s.phone.n > 0 ? ident_mask_phone(c->arena, s.phone) : STR_NONE,
        .verified = p->verified,
        .closed = p->status != PERSON_ACTIVE,
    };
    return NULL;
}

struct err *people_get(struct call *c, const void *in, void *out)
{
    const struct in_identifier *p = in;
    struct out_rows *ret = out;
    struct out_person *row = ARENA_NEW(c->arena, struct out_person);
    struct str number = ident_normalise(c->arena, p->identifier);
    enum ident_fault fault = ident_check_rid(number, civil_day_of(c->now_ms));
    struct err *e = NULL;
    struct person_row person;
    int64_t party = 0;
    bool found = false;

    if (fault != IDENT_OK) {
        field_fault(c->arena, &e, S("/identifier"), ident_fault_word(fault),
                    str_fmt(c->arena, "身份证号：%s", ident_fault_zh(fault)).p,
                    str_fmt(c->arena, "Id number: %s", ident_fault_en(fault)).p);
        return e;
    }
    ret->rows = (struct list){row, 0};
    TRY(party_find(c, PARTY_CITIZEN, number, &party));
    if (party != 0) {
        TRY(person_by_party(c, party, &person, &found));
    }
    if (found) {
        ret->rows.n = 1;
        TRY(people_shown(c, &person, row));
    }
    return NULL;
}

/* The clerk has seen the document, so the account is verified from the start. */
struct err *people_post(struct call *c, const void *in, void *out)
{
    const struct in_person *p = in;
    struct person_new n = {
        .name = p->name, .id_number = p->id_number, .phone = p->phone, .verified = true};
    int64_t id;

    TRY(identity_check_person(c, &n, S("")));
    TRY(identity_add_person(c, &n, &id));
    c->reply.status = 201;
    c->reply.no_store = true;
    return identity_print_code(c, id, out);
}

struct err *people_code(struct call *c, const void *in, void *out)
{
    const struct in_id *p = in;
    struct person_row person;

    TRY(person_applicant(c, p->id, &person));
    c->reply.no_store = true;
    return identity_print_code(c, p->id, out);
}

struct err *people_verify(struct call *c, const void *in, void *out)
{
    const struct in_verify *p = in;
    struct person_row person;
    struct jobj *body = jobj_new(c->arena);

    TRY(document_check(c, p->document));
    TRY(person_applicant(c, p->id, &person));
    TRY(person_set_verified(c, p->id));
    identity_changed(c, p->id);
    jobj_put(body, S("verified"), jval_of_bool(true));
    jobj_put(body, S("document"), jval_of_str(p->document));
    struct jval v = jobj_val(body);
    TRY(person_audit(c, p->id, jval_text(c->arena, &v)));
    person.verified = true;
    return people_shown(c, &person, out);
}
