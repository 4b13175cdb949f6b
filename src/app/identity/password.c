/* Rules of logins and passwords, and the change of one's own password.
 *
 * Length is what counts against guessing; beyond it only what guessers try first is refused: the
 * login inside the password, very few different characters, and runs such as 1234567890. Hashing
 * (Argon2id, about 90 ms) happens on the SLOW lane; the row is written through the office's writer.
 */
#include "app/identity/ops.h"

#include "base/utf8.h"

#define FEW_DIFFERENT 5

bool login_ok(struct str folded)
{
    if (folded.n < LOGIN_MIN || folded.n > LOGIN_MAX || folded.p[0] < 'a' || folded.p[0] > 'z') {
        return false;
    }
    for (size_t i = 0; i < folded.n; i++) {
        char ch = folded.p[i];
        bool word = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');

        if (!word && ch != '.' && ch != '_' && ch != '-') {
            return false;
        }
    }
    return true;
}

static size_t different_bytes(struct str s)
{
    bool seen[256] = {false};
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];

        n += seen[b] ? 0 : 1;
        seen[b] = true;
    }
    return n;
}

/* Every byte is the one before it, plus or minus one: 1234567890, abcdefghij. */
static bool is_run(struct str s)
{
    for (int step = -1; step <= 1; step += 2) {
        size_t i = 1;

        /* 9 is followed by 0 on keyboards. */
        while (i < s.n && (s.p[i] == s.p[i - 1] + step || (s.p[i - 1] == '9' && s.p[i] == '0'))) {
            i++;
        }
        if (i == s.n) {
            return true;
        }
    }
    return false;
}

void password_check(
    struct call *c, struct str login, struct str password, struct str pointer, struct err **ret_err)
{
    struct arena *a = c->arena;
    size_t n = utf8_len(password);

    if (n < PASSWORD_MIN || n > PASSWORD_MAX) {
        field_fault(a, ret_err, pointer, n < PASSWORD_MIN ? "short" : "long",
                    "密码：须 10 至 128 个字符", "Password: must have 10 to 128 characters");
    } else if (different_bytes(password) < FEW_DIFFERENT || is_run(password)) {
        field_fault(a, ret_err, pointer, "weak", "密码：太容易猜到，不同的字符太少或是连续的字符",
                    "Password: too easy to guess, too few different characters or a run");
    } else if (login.n > 0 && str_find(identity_fold_login(a, password), login) >= 0) {
        field_fault(a, ret_err, pointer, "login", "密码：不能包含账号",
                    "Password: must not contain the account");
    }
}

/* clang-format off */
const struct field password_in_rows[] = {
    F_TEXT(struct in_password, old_password, FIELD_REQUIRED | FIELD_SECRET | FIELD_NFC, 1, PASSWORD_MAX, "原密码", "Old password"),
    F_TEXT(struct in_password, new_password, FIELD_REQUIRED | FIELD_SECRET | FIELD_NFC, 1, PASSWORD_MAX, "新密码", "New password"),
    FIELD_END,
};
/* clang-format on */

/* A wrong old password counts like a failed sign-in: an unlocked screen is no way to guess. */
struct err *session_password(struct call *c, const void *in, void *out)
{
    const struct in_password *p = in;
    struct attempt t = {.outcome_good = "password", .outcome_bad = "password_failed"};
    struct person_row row;
    struct err *e = NULL;
    bool found = false;

    TRY(person_by_id(c, c->actor.person_id, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_SIGN_IN, "请重新登录", "Sign in again");
    }
    password_check(c, row.login, p->new_password, S("/new_password"), &e);
    if (e == NULL && str_eq(p->old_password, p->new_password)) {
        field_fault(c->arena, &e, S("/new_password"), "same", "新密码：须与原密码不同",
                    "New password: must differ from the old one");
    }
    TRY(e);
    t.login = row.login;
    TRY(attempt_locked(c, row.login, &row, &t));
    if (t.end != ATTEMPT_LOCKED) {
        t.seen_password = row.password;
        t.good = row.password.p != NULL && crypt_password_check(row.password, p->old_password);
        t.new_password = t.good ? crypt_password_hash(c->arena, p->new_password) : STR_NONE;
        TRY(lane_write(c, attempt_carry_out, &t));
    }
    if (t.end == ATTEMPT_FAILED) {
        field_fault(c->arena, &e, S("/old_password"), "wrong", "原密码：不对",
                    "Old password: is wrong");
        return e;
    }
    TRY(attempt_answer(c, &t));
    return me_fill(c, out);
}
