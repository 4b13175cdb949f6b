/* Rows of table person. What is personal of an applicant (name, id number, phone) is sealed under
 * the person's own data key; the column `name` then holds the masked name, which lists and
 * timelines may show. Names of staff are official and clear. The id number is found again only
 * through the blind index of the person's own party. */
#include "app/identity/inner.h"

#include "base/nfc.h"
#include "base/utf8.h"
#include "civil/date.h"
#include "civil/ident.h"
#include "procedure/party.h"

#define SEAL_CONTEXT S("person")
#define LOGIN_TRIES  16

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct person_row, id, 0, NULL, NULL),
    F_ID(struct person_row, office_id, 0, NULL, NULL),
    F_ID(struct person_row, unit_id, 0, NULL, NULL),
    F_INT(struct person_row, status, 0, 0, 9, NULL, NULL),
    F_ID(struct person_row, key_id, 0, NULL, NULL),
    F_ID(struct person_row, party_id, 0, NULL, NULL),
    F_INT(struct person_row, failed, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct person_row, locked_until, 0, 0, INT64_MAX, NULL, NULL),
    F_BOOL(struct person_row, password_change, 0, NULL, NULL),
    F_BOOL(struct person_row, verified, 0, NULL, NULL),
    F_TEXT(struct person_row, login, 0, 0, 0, NULL, NULL),
    F_TEXT(struct person_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct person_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct person_row, password, FIELD_SECRET, 0, 0, NULL, NULL),
    F_BYTES(struct person_row, sealed, 0),
    F_BYTES(struct person_row, wrapped, 0),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS                                                                                    \
    "SELECT p.id, p.office_id, p.unit_id, p.status, p.key_id, p.party_id, p.failed,"               \
    " p.locked_until, p.password_change, p.verified, p.login, p.name, p.kind, p.password,"         \
    " p.sealed, k.wrapped FROM person p LEFT JOIN data_key k ON k.id = p.key_id"                   \
    " WHERE p.office_id = :office_id"

STMT(PERSON_BY_ID,
     "identity.person_by_id",
     ROWS,
     ROWS,
     struct person_row,
     COLUMNS " AND p.id = :id");
STMT(PERSON_BY_LOGIN,
     "identity.person_by_login",
     ROWS,
     ROWS,
     struct person_row,
     COLUMNS " AND p.login = :login");
STMT(PERSON_BY_PARTY,
     "identity.person_by_party",
     ROWS,
     ROWS,
     struct person_row,
     COLUMNS " AND p.party_id = :party_id");
/* Logins are unique over all offices. */
STMT(PERSON_LOGIN_TAKEN,
     "identity.login_taken",
     ROWS,
     ROWS,
     struct person_row,
     "SELECT id FROM person WHERE login = :login");
STMT_RUN(PERSON_INSERT_KEY,
         "identity.key_insert",
         ROWS,
         "INSERT INTO data_key (id, office_id, wrapped) VALUES (:key_id, :office_id, :wrapped)");
STMT_RUN(PERSON_INSERT,
         "identity.person_insert",
         ROWS,
         "INSERT INTO person (id, office_id, unit_id, login, name, status, kind, key_id, sealed,"
         " password, password_change, verified, party_id)"
         " VALUES (:id, :office_id, :unit_id, :login, :name, :status, :kind, :key_id, :sealed,"
         " :password, :password_change, :verified, :party_id)");
STMT_RUN(PERSON_SET_PASSWORD,
         "identity.person_password",
         ROWS,
         "UPDATE person SET password = :password, password_change = 0, failed = 0, locked_until = 0"
         " WHERE id = :id");
STMT_RUN(PERSON_SET_VERIFIED,
         "identity.person_verified",
         ROWS,
         "UPDATE person SET verified = 1 WHERE id = :id");
STMT_RUN(PERSON_SET_STAFF,
         "identity.person_staff",
         ROWS,
         "UPDATE person SET name = :name, unit_id = :unit_id, status = :status WHERE id = :id");
STMT_RUN(PERSON_SET_FAILURES,
         "identity.person_failures",
         ROWS,
         "UPDATE person SET failed = :failed, locked_until = :locked_until WHERE id = :id");

static struct err *find(struct call *c,
                        const struct stmt *s,
                        struct person_row in,
                        struct person_row *ret,
                        bool *ret_found)
{
    in.office_id = c->office_id;
    return db_one(c->db, c->arena, s, &in, ret, ret_found);
}

struct err *person_by_id(struct call *c, int64_t id, struct person_row *ret, bool *ret_found)
{
    return find(c, &PERSON_BY_ID, (struct person_row){.id = id}, ret, ret_found);
}

struct err *
person_by_login(struct call *c, struct str login, struct person_row *ret, bool *ret_found)
{
    return find(c, &PERSON_BY_LOGIN, (struct person_row){.login = login}, ret, ret_found);
}

struct err *
person_by_party(struct call *c, int64_t party_id, struct person_row *ret, bool *ret_found)
{
    return find(c, &PERSON_BY_PARTY, (struct person_row){.party_id = party_id}, ret, ret_found);
}

struct err *person_applicant(struct call *c, int64_t id, struct person_row *ret)
{
    bool found = false;

    TRY(person_by_id(c, id, ret, &found));
    if (!found || !str_eqz(ret->kind, "applicant")) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个申请人账号",
                     "There is no such applicant's account");
    }
    return NULL;
}

static struct bytes seal(struct call *c, const struct data_key *key, const struct person_new *p)
{
    struct jobj *o = jobj_new(c->arena);
    struct jval v;

    if (!p->staff) {
        jobj_put(o, S("name"), jval_of_str(p->name));
    }
    jobj_put(o, S("id_number"), jval_of_str(p->id_number));
    jobj_put(o, S("phone"), jval_of_str(p->phone));
    v = jobj_val(o);
    return seal_value(c->arena, key, SEAL_CONTEXT, jval_text(c->arena, &v));
}

struct err *person_open(struct call *c, const struct person_row *p, struct person_sealed *ret)
{
    struct data_key key;
    struct str plain;
    struct jval v;

    *ret = (struct person_sealed){0};
    if (p->sealed.p == NULL || p->wrapped.p == NULL) {
        return NULL;
    }
    TRY(data_key_unwrap(c->arena, &c->app->key, p->key_id, p->wrapped, &key));
    struct err *e = seal_open(c->arena, &key, SEAL_CONTEXT, p->sealed, &plain);
    crypt_wipe(&key, sizeof key);
    TRY(e);
    TRY(jread(c->arena, str_bytes(plain), &v));
    ret->name = jval_str(jval_get(&v, S("name")));
    ret->id_number = jval_str(jval_get(&v, S("id_number")));
    ret->phone = jval_str(jval_get(&v, S("phone")));
    return NULL;
}

struct err *person_name(struct call *c, const struct person_row *p, struct str *ret)
{
    struct person_sealed sealed;

    *ret = p->name;
    if (str_eqz(p->kind, "applicant")) {
        TRY(person_open(c, p, &sealed));
        *ret = sealed.name.p != NULL ? sealed.name : p->name;
    }
    return NULL;
}

struct err *person_set_password(struct call *c, int64_t id, struct str phc)
{
    struct person_row row = {.id = id, .password = phc};

    return db_run(c->db, c->arena, &PERSON_SET_PASSWORD, &row, NULL);
}

struct err *person_set_verified(struct call *c, int64_t id)
{
    struct person_row row = {.id = id};

    return db_run(c->db, c->arena, &PERSON_SET_VERIFIED, &row, NULL);
}

struct err *person_set_failures(struct call *c, int64_t id, int64_t failed, int64_t locked_until)
{
    struct person_row row = {.id = id, .failed = failed, .locked_until = locked_until};

    return db_run(c->db, c->arena, &PERSON_SET_FAILURES, &row, NULL);
}

struct err *identity_change_staff(
    struct call *c, int64_t person_id, struct str name, int64_t unit_id, int64_t status)
{
    struct person_row row;
    bool found = false;

    TRY(person_by_id(c, person_id, &row, &found));
    if (!found || !str_eqz(row.kind, "staff")) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个工作人员",
                     "There is no such member of staff");
    }
    if (status != PERSON_ACTIVE && row.status == PERSON_ACTIVE) {
        TRY(identity_check_leaving(c, person_id));
        TRY(identity_end_sessions(c, person_id));
    }
    row.name = name;
    row.unit_id = unit_id > 0 ? unit_id : FIELD_NO_INT;
    row.status = status;
    TRY(db_run(c->db, c->arena, &PERSON_SET_STAFF, &row, NULL));
    identity_changed(c, person_id);
    return person_audit(c, person_id,
                        str_fmt(c->arena, "{\"unit_id\":%lld,\"active\":%s}", (long long)unit_id,
                                status == PERSON_ACTIVE ? "true" : "false"));
}

struct err *person_audit(struct call *c, int64_t id, struct str body)
{
    return unit_audit(c, str_fmt(c->arena, "person:%lld", (long long)id), body);
}

static void fault_taken(struct call *c, struct err **e, struct str pointer)
{
    field_fault(c->arena, e, pointer, "taken", "账号：已被使用，请换一个",
                "Account: is taken, choose another");
}

static struct err *login_is_taken(struct call *c, struct str login, bool *ret)
{
    struct person_row row;

    return db_one(c->db, c->arena, &PERSON_LOGIN_TAKEN, &(struct person_row){.login = login}, &row,
                  ret);
}

struct err *identity_join_faults(struct call *c, struct err *e, struct err *more)
{
    if (e == NULL || more == NULL || e->code != ERR_FORM_INVALID ||
        more->code != ERR_FORM_INVALID) {
        return e != NULL ? e : more;
    }
    for (const struct err_field *f = more->fields; f != NULL; f = f->next) {
        e = err_field(e, f->pointer, str_z(c->arena, f->code), f->zh, f->en);
    }
    return e;
}

struct str identity_fold_login(struct arena *a, struct str login)
{
    struct str s = str_trim(utf8_fold_width(a, login));
    struct buf b;

    buf_init(&b, a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];

        buf_putc(&b, ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch);
    }
    return buf_str(&b);
}

/* ---- a new person ---- */

static void fault_ident(struct call *c,
                        struct err **e,
                        struct str pointer,
                        enum ident_fault f,
                        const char *zh,
                        const char *en)
{
    if (f != IDENT_OK && !field_faults_full(*e)) {
        field_fault(c->arena, e, pointer, ident_fault_word(f),
                    str_fmt(c->arena, "%s：%s", zh, ident_fault_zh(f)).p,
                    str_fmt(c->arena, "%s: %s", en, ident_fault_en(f)).p);
    }
}

static struct err *check_login(struct call *c, struct person_new *p, struct str at, struct err *e)
{
    struct str pointer = str_fmt(c->arena, "%.*s/login", STR_ARG(at));
    bool taken = false;

    p->login = identity_fold_login(c->arena, p->login);
    if (!login_ok(p->login)) {
        field_fault(c->arena, &e, pointer, "login",
                    "账号：以字母开头，3 至 40 个小写字母、数字或 . _ -，不要用手机号或证件号",
                    "Account: 3 to 40 letters, digits or . _ -, beginning with a letter; not a "
                    "phone or id number");
        return e;
    }
    TRY(login_is_taken(c, p->login, &taken));
    if (taken) {
        fault_taken(c, &e, pointer);
    }
    return e;
}

struct err *identity_check_person(struct call *c, struct person_new *p, struct str at)
{
    struct arena *a = c->arena;
    struct err *e = NULL;

    p->name = str_trim(utf8_nfc(a, p->name));
    if (p->name.n == 0) {
        field_fault(a, &e, str_fmt(a, "%.*s/name", STR_ARG(at)), "required", "姓名：必须填写",
                    "Name: is required");
    }
    if (p->id_number.p != NULL || !p->staff) {
        p->id_number = ident_normalise(a, p->id_number.p != NULL ? p->id_number : S(""));
        fault_ident(c, &e, str_fmt(a, "%.*s/id_number", STR_ARG(at)),
                    ident_check_rid(p->id_number, civil_day_of(c->now_ms)), "身份证号",
                    "Id number");
    }
    if (p->phone.p != NULL) {
        p->phone = ident_normalise(a, p->phone);
        fault_ident(c, &e, str_fmt(a, "%.*s/phone", STR_ARG(at)), ident_check_phone(p->phone),
                    "电话", "Phone");
    }
    return p->login.p != NULL ? check_login(c, p, at, e) : e;
}

/* Made up: u and eight digits, said aloud at a window. */
static struct err *new_login(struct call *c, struct str *ret)
{
    for (int i = 0; i < LOGIN_TRIES; i++) {
        bool taken = true;
        uint32_t n;

        crypt_random((unsigned char *)&n, sizeof n);
        *ret = str_fmt(c->arena, "u%08u", n % 100000000U);
        TRY(login_is_taken(c, *ret, &taken));
        if (!taken) {
            return NULL;
        }
    }
    return ERROR(c->arena, ERR_BUSY, "没有找到空闲的账号名", "No free account name was found");
}

/* The person's own party; an account that it has already is a conflict. */
static struct err *own_party(struct call *c, const struct person_new *p, int64_t *ret_party)
{
    struct party_data data = {.kind = PARTY_CITIZEN,
                              .name = p->name,
                              .identifier = p->id_number,
                              .phone = p->phone,
                              .fictitious = p->fictitious};
    struct person_row other;
    bool fresh, found = false;

    TRY(party_make(c, &data, ret_party, &fresh));
    TRY(person_by_party(c, *ret_party, &other, &found));
    if (!found) {
        return NULL;
    }
    return err_member(
        err_hint(
            ERROR(c->arena, ERR_CONFLICT, "此人已有账号", "This person has an account already"),
            "核对证件后，为已有账号打印新的一次性口令",
            "Check the document, then print a new one-time code for that account"),
        "person_id", str_fmt(c->arena, "%lld", (long long)other.id));
}

struct err *identity_add_person(struct call *c, const struct person_new *p, int64_t *ret_id)
{
    struct data_key key;
    struct err *e = NULL;
    bool taken = false;
    struct person_row row = {
        .office_id = c->office_id,
        .unit_id = p->unit_id > 0 ? p->unit_id : FIELD_NO_INT,
        .party_id = FIELD_NO_INT,
        .status = PERSON_ACTIVE,
        .login = p->login,
        .name = p->staff ? p->name : ident_mask_name(c->arena, p->name),
        .kind = p->staff ? S("staff") : S("applicant"),
        .password = p->password,
        .verified = p->verified || p->staff,
    };

    if (row.login.p == NULL) {
        TRY(new_login(c, &row.login));
    }
    TRY(login_is_taken(c, row.login, &taken));
    if (taken) {
        fault_taken(c, &e, S("/login"));
        return e;
    }
    if (!p->staff) {
        TRY(own_party(c, p, &row.party_id));
    }
    row.id = unit_id(c, "person");
    row.key_id = unit_id(c, "data_key");
    row.wrapped = data_key_new(c->arena, &c->app->key, row.key_id, &key);
    row.sealed = seal(c, &key, p);
    crypt_wipe(&key, sizeof key);
    TRY(db_run(c->db, c->arena, &PERSON_INSERT_KEY, &row, NULL));
    TRY(db_run(c->db, c->arena, &PERSON_INSERT, &row, NULL));
    *ret_id = row.id;
    return person_audit(c, row.id,
                        str_fmt(c->arena, "{\"kind\":\"%.*s\",\"verified\":%s}", STR_ARG(row.kind),
                                row.verified ? "true" : "false"));
}
