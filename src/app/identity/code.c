/* One-time codes: printed at a window or by an administrator, they open an account once, to set a
 * password. Ten characters without look-alikes (50 bits), valid for a week, stored as a keyed hash;
 * a wrong one counts like a wrong password. A new code ends the earlier ones and a lock-out. */
#include "app/identity/ops.h"

#include "base/check.h"
#include "base/utf8.h"

#define CODE_CHARS 10
#define CODE_HALF  5

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct code_row {
    int64_t person_id, expires_at, now;
    struct bytes code_hash;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct code_row, person_id, 0, NULL, NULL),
    F_INT(struct code_row, expires_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct code_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct code_row, code_hash, 0),
    FIELD_END,
};
const struct field code_in_rows[] = {
    F_TEXT(struct in_code, login, FIELD_REQUIRED, 1, 100, "账号", "Account"),
    F_TEXT(struct in_code, code, FIELD_REQUIRED | FIELD_SECRET, 1, 40, "一次性口令", "One-time code"),
    F_TEXT(struct in_code, new_password, FIELD_REQUIRED | FIELD_SECRET | FIELD_NFC, 1, PASSWORD_MAX, "新密码", "New password"),
    FIELD_END,
};
const struct field person_code_rows[] = {
    F_ID(struct person_code, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct person_code, login, FIELD_REQUIRED, 0, 0, "账号", "Account"),
    F_TEXT(struct person_code, code, FIELD_REQUIRED | FIELD_SECRET, 0, 0, "一次性口令", "One-time code"),
    F_INSTANT(struct person_code, expires_at, FIELD_REQUIRED, "口令有效期至", "Code valid until"),
    FIELD_END,
};
/* clang-format on */

STMT(CODE_FIND,
     "identity.code_find",
     ROWS,
     ROWS,
     struct code_row,
     "SELECT person_id, expires_at FROM one_time_code WHERE code_hash = :code_hash"
     " AND used_at IS NULL AND expires_at > :now");
STMT_RUN(CODE_INSERT,
         "identity.code_insert",
         ROWS,
         "INSERT INTO one_time_code (code_hash, person_id, expires_at) VALUES (:code_hash, "
         ":person_id, :expires_at)");
STMT_RUN(CODE_USE,
         "identity.code_use",
         ROWS,
         "UPDATE one_time_code SET used_at = :now WHERE code_hash = :code_hash"
         " AND person_id = :person_id AND used_at IS NULL AND expires_at > :now");
STMT_RUN(CODE_END_OLD,
         "identity.code_end_old",
         ROWS,
         "DELETE FROM one_time_code WHERE person_id = :person_id AND used_at IS NULL");
STMT_RUN(CODE_PURGE,
         "identity.code_purge",
         ROWS,
         "DELETE FROM one_time_code WHERE expires_at < :now");

/* Upper case, without blanks and hyphens; what looks like a digit is one. */
struct str code_normalise(struct arena *a, struct str typed)
{
    struct str s = utf8_fold_width(a, typed);
    struct buf b;

    buf_init(&b, a, CODE_CHARS + 1);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];

        if (ch == 'O') {
            ch = '0';
        } else if (ch == 'I' || ch == 'L') {
            ch = '1';
        }
        if (ch != ' ' && ch != '-') {
            buf_putc(&b, ch);
        }
    }
    return buf_str(&b);
}

static void code_hash(const struct call *c, struct str code, unsigned char ret[HASH_LEN])
{
    struct bytes parts[] = {str_bytes(S("huhang/code/1")), str_bytes(code)};

    crypt_hmac((struct bytes){c->app->key.session, sizeof c->app->key.session}, parts,
               COUNT_OF(parts), ret);
}

struct err *code_person(struct call *c, struct str code, int64_t *ret_person)
{
    unsigned char hash[HASH_LEN];
    struct code_row in = {.now = c->real_ms, .code_hash = {hash, HASH_LEN}}, row;
    bool found = false;

    code_hash(c, code, hash);
    TRY(db_one(c->db, c->arena, &CODE_FIND, &in, &row, &found));
    *ret_person = found ? row.person_id : 0;
    return NULL;
}

struct err *code_use(struct call *c, struct str code, int64_t person_id, bool *ret_used)
{
    unsigned char hash[HASH_LEN];
    struct code_row row = {
        .person_id = person_id, .now = c->real_ms, .code_hash = {hash, HASH_LEN}};
    int64_t n = 0;

    code_hash(c, code, hash);
    TRY(db_run(c->db, c->arena, &CODE_USE, &row, &n));
    *ret_used = n == 1;
    return NULL;
}

struct err *code_purge(struct call *c)
{
    struct code_row row = {.now = c->real_ms};

    return db_run(c->db, c->arena, &CODE_PURGE, &row, NULL);
}

static struct err *store_code(struct call *c, int64_t person_id, struct str code)
{
    unsigned char hash[HASH_LEN];
    struct code_row row = {
        .person_id = person_id,
        .expires_at = c->real_ms + CODE_HOURS * INT64_C(3600000),
        .now = c->real_ms,
        .code_hash = {hash, HASH_LEN},
    };

    code_hash(c, code, hash);
    TRY(db_run(c->db, c->arena, &CODE_END_OLD, &row, NULL));
    return db_run(c->db, c->arena, &CODE_INSERT, &row, NULL);
}

struct err *identity_new_code(struct call *c, int64_t person_id, struct str *ret_code)
{
    unsigned char raw[CODE_CHARS];
    struct person_row p;
    bool found = false;
    struct buf b;

    TRY(person_by_id(c, person_id, &p, &found));
    if (!found || p.status != PERSON_ACTIVE) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个账号", "There is no such account");
    }
    crypt_random(raw, sizeof raw);
    buf_init(&b, c->arena, CODE_CHARS + 2);
    for (size_t i = 0; i < CODE_CHARS; i++) {
        if (i == CODE_HALF) {
            buf_putc(&b, '-');
        }
        buf_putc(&b, ALPHABET[raw[i] % (sizeof ALPHABET - 1)]);
    }
    crypt_wipe(raw, sizeof raw);
    *ret_code = buf_str(&b);
    TRY(store_code(c, person_id, code_normalise(c->arena, *ret_code)));
    TRY(person_set_failures(c, person_id, 0, 0));
    return person_audit(c, person_id, S("{\"one_time_code\":true}"));
}

struct err *identity_print_code(struct call *c, int64_t person_id, struct person_code *ret)
{
    struct person_row p;
    bool found = false;

    TRY(identity_new_code(c, person_id, &ret->code));
    TRY(person_by_id(c, person_id, &p, &found));
    ret->id = person_id;
    ret->login = p.login;
    ret->expires_at = c->real_ms + CODE_HOURS * INT64_C(3600000);
    return NULL;
}

/* ---- POST /session/code ---- */

struct err *session_code(struct call *c, const void *in, void *out)
{
    const struct in_code *p = in;
    struct attempt t = {
        .login = identity_fold_login(c->arena, p->login),
        .code = code_normalise(c->arena, p->code),
        .outcome_good = "code",
        .outcome_bad = "code_failed",
    };
    struct person_row row;
    struct err *e = NULL;
    bool found = false;
    int64_t person = 0;

    password_check(c, t.login, p->new_password, S("/new_password"), &e);
    TRY(e);
    TRY(person_by_login(c, t.login, &row, &found));
    TRY(attempt_locked(c, t.login, found ? &row : NULL, &t));
    if (t.end != ATTEMPT_LOCKED) {
        TRY(code_person(c, t.code, &person));
        /* Hashed either way: the time tells nothing. */
        t.new_password = crypt_password_hash(c->arena, p->new_password);
        t.good = found && person == row.id;
        TRY(lane_write(c, attempt_carry_out, &t));
    }
    TRY(attempt_answer(c, &t));
    return me_fill(c, out);
}
