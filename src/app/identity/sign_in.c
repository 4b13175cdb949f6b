/* Signing in with a password, and what every attempt has in common.
 *
 * An attempt is judged twice: outside the unit the secret is checked (slow, Argon2id), inside it
 * everything that may have changed meanwhile is looked at again (lock-out, closed account, another
 * password), so parallel guesses cannot outrun the lock-out. Failures are kept and committed. An
 * account that does not exist behaves like one that does: the same hash is made, the same rows are
 * written, the same lock-out follows (kept in memory, cache.c). Table sign_in logs every attempt
 * with a keyed hash of the login, because people type passwords there. */
#include "app/identity/ops.h"

#include "base/check.h"

struct sign_in_row {
    int64_t id, office_id, person_id, at;
    struct bytes login_hash;
    struct str outcome;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct sign_in_row, id, 0, NULL, NULL),
    F_ID(struct sign_in_row, office_id, 0, NULL, NULL),
    F_ID(struct sign_in_row, person_id, 0, NULL, NULL),
    F_INT(struct sign_in_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct sign_in_row, login_hash, 0),
    F_TEXT(struct sign_in_row, outcome, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
const struct field sign_in_rows[] = {
    F_TEXT(struct in_sign_in, login, FIELD_REQUIRED, 1, 100, "账号", "Account"),
    F_TEXT(struct in_sign_in, password, FIELD_REQUIRED | FIELD_SECRET | FIELD_NFC, 1, PASSWORD_MAX, "密码", "Password"),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(SIGN_IN_NOTE,
         "identity.sign_in_note",
         ROWS,
         "INSERT INTO sign_in (id, office_id, person_id, login_hash, outcome, at)"
         " VALUES (:id, :office_id, :person_id, :login_hash, :outcome, :at)");

static void login_hash(const struct call *c, struct str login, unsigned char ret[HASH_LEN])
{
    struct bytes parts[] = {str_bytes(S("huhang/login/1")), str_bytes(login)};

    crypt_hmac((struct bytes){c->app->key.session, sizeof c->app->key.session}, parts,
               COUNT_OF(parts), ret);
}

struct err *sign_in_note(struct call *c, struct str login, int64_t person_id, const char *outcome)
{
    unsigned char hash[HASH_LEN];
    struct sign_in_row row = {
        .id = unit_id(c, "sign_in"),
        .office_id = c->office_id,
        .person_id = person_id > 0 ? person_id : FIELD_NO_INT,
        .at = c->real_ms,
        .login_hash = {hash, HASH_LEN},
        .outcome = str_of(outcome),
    };

    login_hash(c, login, hash);
    return db_run(c->db, c->arena, &SIGN_IN_NOTE, &row, NULL);
}

/* ---- lock-out ---- */

static struct lock_state lock_of(struct call *c, struct str login, const struct person_row *p)
{
    unsigned char hash[HASH_LEN];

    if (p != NULL) {
        return (struct lock_state){p->failed, p->locked_until};
    }
    login_hash(c, login, hash);
    return cache_stranger(c->app, hash);
}

static struct err *
set_lock(struct call *c, struct str login, const struct person_row *p, struct lock_state s)
{
    unsigned char hash[HASH_LEN];

    if (p != NULL) {
        return person_set_failures(c, p->id, s.failed, s.locked_until);
    }
    login_hash(c, login, hash);
    cache_set_stranger(c->app, hash, s);
    return NULL;
}

/* One failure more; at the limit the account is locked and counting begins anew. */
static struct err *count_failure(struct call *c, struct attempt *t, const struct person_row *p)
{
    struct lock_state s = lock_of(c, t->login, p);

    s.failed++;
    t->end = ATTEMPT_FAILED;
    if (s.failed >= c->app->conf.lock_out_after) {
        s = (struct lock_state){0, c->real_ms + c->app->conf.lock_out_min * 60000};
        t->end = ATTEMPT_LOCKED;
        t->locked_until = s.locked_until;
    }
    TRY(set_lock(c, t->login, p, s));
    return sign_in_note(c, t->login, p != NULL ? p->id : 0, t->outcome_bad);
}

static struct err *note_locked(struct call *c, void *attempt)
{
    const struct attempt *t = attempt;

    return sign_in_note(c, t->login, t->session.person_id, "locked");
}

struct err *
attempt_locked(struct call *c, struct str login, const struct person_row *p, struct attempt *ret)
{
    struct lock_state s = lock_of(c, login, p);

    ret->end = ATTEMPT_FAILED;
    if (s.locked_until <= c->real_ms) {
        return NULL;
    }
    ret->end = ATTEMPT_LOCKED;
    ret->locked_until = s.locked_until;
    ret->session.person_id = p != NULL ? p->id : 0;
    return lane_write(c, note_locked, ret);
}

/* ---- the unit ---- */

static struct err *succeed(struct call *c, struct attempt *t, const struct person_row *p)
{
    bool used = true;

    if (t->code.p != NULL) {
        TRY(code_use(c, t->code, p->id, &used));
    }
    if (!used) {
        return count_failure(c, t, p);
    }
    if (t->new_password.p != NULL) {
        TRY(person_set_password(c, p->id, t->new_password));
        TRY(identity_end_sessions(c, p->id));
        TRY(person_audit(c, p->id, str_fmt(c->arena, "{\"password\":\"%s\"}", t->outcome_good)));
    } else if (p->failed != 0 || p->locked_until != 0) {
        TRY(person_set_failures(c, p->id, 0, 0));
    }
    t->end = ATTEMPT_GOOD;
    t->session.person_id = p->id;
    TRY(session_begin(c, &t->session));
    return sign_in_note(c, t->login, p->id, t->outcome_good);
}

struct err *attempt_carry_out(struct call *c, void *attempt)
{
    struct attempt *t = attempt;
    struct person_row row, *p = NULL;
    bool found = false;

    TRY(person_by_login(c, t->login, &row, &found));
    p = found ? &row : NULL;
    struct lock_state s = lock_of(c, t->login, p);
    if (s.locked_until > c->real_ms) {
        t->end = ATTEMPT_LOCKED;
        t->locked_until = s.locked_until;
        return sign_in_note(c, t->login, found ? row.id : 0, "locked");
    }
    bool same = t->code.p != NULL || (found && str_eq(row.password, t->seen_password));
    if (!t->good || !found || row.status != PERSON_ACTIVE || !same) {
        return count_failure(c, t, p);
    }
    return succeed(c, t, p);
}

struct err *attempt_answer(struct call *c, const struct attempt *t)
{
    if (t->end == ATTEMPT_GOOD) {
        return session_enter(c, t->session.token);
    }
    if (t->end == ATTEMPT_LOCKED) {
        int64_t left_s = (t->locked_until - c->real_ms + 999) / 1000;
        struct err *e = err_hint(
            ERROR(c->arena, ERR_LOCKED_OUT, "这个账号登录失败次数过多，约 %lld 分钟后再试",
                  "Too many failed attempts on this account; try again in about %lld minutes",
                  (long long)((left_s + 59) / 60)),
            "忘记密码的，请持身份证件到窗口领取一次性口令",
            "If you forgot the password, bring your identity document to a window for a one-time "
            "code");

        e->retry_after_s = left_s > 0 ? left_s : 1;
        return e;
    }
    return err_hint(ERROR(c->arena, ERR_SIGN_IN_FAILED, "账号或密码（口令）不对，没有登录",
                          "The account or the password (code) is wrong; you are not signed in"),
                    "请检查后再试；忘记密码的，请持身份证件到窗口领取一次性口令",
                    "Check and try again; if you forgot the password, bring your identity document "
                    "to a window for a one-time code");
}

/* ---- POST /session ---- */

struct err *session_post(struct call *c, const void *in, void *out)
{
    const struct in_sign_in *p = in;
    struct attempt t = {.login = identity_fold_login(c->arena, p->login),
                        .outcome_good = "ok",
                        .outcome_bad = "failed"};
    struct person_row row;
    bool found = false;

    TRY(person_by_login(c, t.login, &row, &found));
    TRY(attempt_locked(c, t.login, found ? &row : NULL, &t));
    if (t.end != ATTEMPT_LOCKED) {
        t.seen_password = found ? row.password : STR_NONE;
        bool real = t.seen_password.p != NULL;
        bool fits = crypt_password_check(real ? t.seen_password : cache_dummy(c->app), p->password);
        t.good = real && fits;
        TRY(lane_write(c, attempt_carry_out, &t));
    }
    TRY(attempt_answer(c, &t));
    return me_fill(c, out);
}
