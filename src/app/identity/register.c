/* Self-registration: an applicant makes its own account and may act at once for itself, marked as
 * unverified until a window has seen the document.
 *
 * Whoever's id number is known here already, from an account or from an earlier visit, must come to
 * the window, or somebody could register in another's name and read that person's matters. The
 * refusal does not say which it is, and the password is hashed first, so that time does not say it
 * either. Attempts from one network address are limited by the hour. */
#include "app/identity/ops.h"

/* clang-format off */
const struct field register_rows[] = {
    F_TEXT(struct in_register, name, FIELD_REQUIRED | FIELD_NFC | FIELD_PERSONAL, 1, 60, "姓名", "Name"),
    F_TEXT(struct in_register, id_number, FIELD_REQUIRED | FIELD_PERSONAL, 1, 40, "身份证号", "Id number"),
    F_TEXT(struct in_register, phone, FIELD_REQUIRED | FIELD_PERSONAL, 1, 40, "电话", "Phone"),
    F_TEXT(struct in_register, login, FIELD_REQUIRED, 1, 100, "账号", "Account"),
    F_TEXT(struct in_register, password, FIELD_REQUIRED | FIELD_SECRET | FIELD_NFC, 1, PASSWORD_MAX, "密码", "Password"),
    FIELD_END,
};
/* clang-format on */

struct registration {
    struct person_new person;
    struct session_new session;
};

static struct err *refuse_known(struct call *c)
{
    return err_hint(
        ERROR(c->arena, ERR_CONFLICT, "这些身份信息不能在网上注册",
              "These identity details cannot be registered online"),
        "请持身份证件到窗口，工作人员核对后为您开通账号",
        "Bring your identity document to a window; the staff will open the account for you");
}

static struct err *carry_out(struct call *c, void *ctx)
{
    struct registration *r = ctx;
    int64_t known = 0;

    TRY(party_find(c, PARTY_CITIZEN, r->person.id_number, &known));
    if (known != 0) {
        return refuse_known(c);
    }
    TRY(identity_add_person(c, &r->person, &r->session.person_id));
    TRY(session_begin(c, &r->session));
    return sign_in_note(c, r->person.login, r->session.person_id, "registered");
}

/* Guessing who has an account costs as much as registering. */
static struct err *not_too_many(struct call *c)
{
    int64_t wait_s;

    if (cache_registration(c, &wait_s)) {
        return NULL;
    }
    struct err *e = err_hint(
        ERROR(c->arena, ERR_TOO_MANY, "从这个网络来的注册太多，约 %lld 分钟后再试",
              "Too many registrations came from this network; try again in about %lld minutes",
              (long long)((wait_s + 59) / 60)),
        "急需办理的，请持身份证件到窗口开通账号",
        "If it cannot wait, bring your identity document to a window to have the account opened");
    e->retry_after_s = wait_s;
    return e;
}

struct err *registration_post(struct call *c, const void *in, void *out)
{
    const struct in_register *p = in;
    struct registration r = {
        .person = {
            .login = p->login, .name = p->name, .id_number = p->id_number, .phone = p->phone}};
    TRY(not_too_many(c));
    struct err *e = identity_check_person(c, &r.person, S(""));

    password_check(c, r.person.login, p->password, S("/password"), &e);
    TRY(e);
    r.person.password = crypt_password_hash(c->arena, p->password);
    TRY(lane_write(c, carry_out, &r));
    c->reply.status = 201;
    TRY(session_enter(c, r.session.token));
    return me_fill(c, out);
}
