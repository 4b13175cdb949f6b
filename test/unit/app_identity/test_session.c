/* Signing in, lock-out, codes, sessions and their ends, CSRF, fixation. */
#include "desk.h"

static const char *credentials(struct desk *d, const char *login, const char *password)
{
    return fmt(d, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
}

static void nobody_is_told_who_the_office_is(void **state)
{
    struct desk *d = *state;
    struct jval me = good(d, NULL, "identity.me", "{}");

    assert_int_equal(at(&me, "person")->type, J_NULL);
    assert_int_equal(at(&me, "acting")->type, J_NULL);
    assert_true(str_eqz(text_at(&me, "office/name/zh"), "高新区政务服务中心"));
    assert_true(str_eqz(text_at(&me, "today"), "2026-03-02"));
    assert_true(has_text(at(&me, "pages"), "portal"));
    assert_int_equal(at(&me, "pages")->n, 1);
    (void)bad(d, NULL, "office.staff", "{}", ERR_SIGN_IN);
}

static void staff_signs_in_and_out(void **state)
{
    struct desk *d = *state;
    struct browser b = {0};

    (void)staff(d, "zhoumin", "clerk", d->unit);
    /* Full-width letters, capitals and blanks mean the same account. */
    struct reply_of r = ask(d, &b, "identity.sign_in", credentials(d, " ＺhouMin ", PASSWORD));
    OK(r.err);
    assert_true(str_eqz(text_at(&r.body, "person/login"), "zhoumin"));
    assert_true(str_eqz(text_at(&r.body, "person/unit/name/en"), "Market bureau"));
    assert_true(str_eqz(text_at(&r.body, "roles/0/name/zh"), "窗口人员"));
    assert_true(has_text(at(&r.body, "pages"), "window"));
    assert_false(has_text(at(&r.body, "pages"), "admin"));
    assert_true(str_find(r.cookie, S("; Path=/; HttpOnly; SameSite=Lax")) > 0);
    assert_true(str_find(r.cookie, S("Secure")) < 0);
    struct browser old = b;
    struct reply_of gone = ask(d, &b, "identity.sign_out", "{}");
    OK(gone.err);
    assert_true(str_find(gone.cookie, S("Max-Age=0")) > 0);
    assert_int_equal(at(&gone.body, "person")->type, J_NULL);
    assert_int_equal(at((struct jval[]){good(d, &old, "identity.me", "{}")}, "person")->type,
                     J_NULL);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM sign_in WHERE outcome IN ('ok', 'out')"),
                     2);
}

static void secure_cookies_have_the_host_prefix(void **state)
{
    struct desk *d = *state;
    struct browser b = {0};

    (void)staff(d, "zhoumin", "clerk", 0);
    d->app.conf.secure_cookies = true;
    struct reply_of r = ask(d, &b, "identity.sign_in", credentials(d, "zhoumin", PASSWORD));
    OK(r.err);
    assert_true(str_starts(r.cookie, S("__Host-huhang=")));
    assert_true(str_find(r.cookie, S("; Secure")) > 0);
}

/* The token itself is nowhere in the data base. */
static void only_the_hash_is_stored(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);
    unsigned char hash[HASH_LEN];

    session_hash(b.token, hash);
    const char *hex = str_hex(d->a, (struct bytes){hash, HASH_LEN}).p;
    assert_int_equal(
        number(d,
               d->pg
                   ? fmt(d,
                         "SELECT COUNT(*) AS n FROM session WHERE encode(token_hash, 'hex') = '%s'",
                         hex)
                   : fmt(d, "SELECT COUNT(*) AS n FROM session WHERE lower(hex(token_hash)) = '%s'",
                         hex)),
        1);
    assert_int_equal(b.token.n, 43);
}

static void failures_lock_out_known_and_unknown_alike(void **state)
{
    struct desk *d = *state;
    struct browser b = {0};
    const char *const logins[] = {"zhoumin", "nobody"};

    (void)staff(d, "zhoumin", "clerk", 0);
    for (size_t i = 0; i < COUNT_OF(logins); i++) {
        struct err *first =
            bad(d, &b, "identity.sign_in", credentials(d, logins[i], "wrong"), ERR_SIGN_IN_FAILED);
        struct err *again =
            bad(d, &b, "identity.sign_in", credentials(d, logins[i], "wrong"), ERR_SIGN_IN_FAILED);
        assert_true(str_eq(first->zh, again->zh));
        struct err *locked =
            bad(d, &b, "identity.sign_in", credentials(d, logins[i], "wrong"), ERR_LOCKED_OUT);
        assert_int_equal(locked->retry_after_s, 15 * 60);
        (void)bad(d, &b, "identity.sign_in", credentials(d, logins[i], PASSWORD), ERR_LOCKED_OUT);
    }
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM sign_in WHERE outcome = 'failed'"), 6);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM sign_in WHERE outcome = 'locked'"), 2);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM sign_in WHERE person_id IS NULL"), 4);
    pass(d, 15 * MINUTE + 1);
    (void)sign_in(d, "zhoumin");
    (void)bad(d, &b, "identity.sign_in", credentials(d, "nobody", PASSWORD), ERR_SIGN_IN_FAILED);
    /* A good sign-in forgets what went before. */
    assert_int_equal(
        number(d, "SELECT failed + locked_until AS n FROM person WHERE login = 'zhoumin'"), 0);
}

static void closed_accounts_do_not_sign_in(void **state)
{
    struct desk *d = *state;
    struct browser b, admin;
    int64_t id = staff(d, "zhoumin", "clerk", 0);

    (void)staff(d, "sys", ROLE_SYSTEM_ADMIN, 0);
    (void)staff(d, "sec", ROLE_SECURITY_ADMIN, 0);
    (void)staff(d, "aud", ROLE_AUDIT_ADMIN, 0);
    b = sign_in(d, "zhoumin");
    admin = sign_in(d, "sys");
    (void)good(d, &admin, "office.change_staff",
               fmt(d, "{\"id\":%lld,\"name\":\"周敏\",\"status\":\"closed\"}", (long long)id));
    (void)bad(d, &b, "identity.find_party", "{\"identifier\":\"91510700205412308D\"}", ERR_SIGN_IN);
    (void)bad(d, NULL, "identity.sign_in", credentials(d, "zhoumin", PASSWORD), ERR_SIGN_IN_FAILED);
}

static void sessions_end_idle_and_absolutely(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);

    pass(d, 29 * MINUTE);
    (void)good(d, &b, "office.roles", "{}");
    pass(d, 29 * MINUTE); /* being used keeps it */
    (void)good(d, &b, "office.roles", "{}");
    pass(d, 30 * MINUTE);
    (void)bad(d, &b, "office.roles", "{}", ERR_SIGN_IN);
    b = sign_in(d, "clerk");
    for (int i = 0; i < 12 * 3 - 1; i++) {
        pass(d, 20 * MINUTE);
        (void)good(d, &b, "office.roles", "{}");
    }
    pass(d, 20 * MINUTE);
    (void)bad(d, &b, "office.roles", "{}", ERR_SIGN_IN);
}

struct stream {
    struct str token;
    bool holds;
};

/* What an open event stream asks by itself (channel "events", http/stream.c). */
static struct err *look(struct call *c, void *ctx)
{
    struct stream *s = ctx;

    c->actor = (struct actor){.kind = ACTOR_NONE};
    c->session_token = s->token;
    c->channel = S("events");
    TRY(c->app->authenticate(c));
    s->holds = c->actor.session_id != 0;
    return NULL;
}

static bool stream_holds(struct desk *d, const struct browser *b)
{
    struct stream s = {.token = b->token};

    desk_write(d, look, &s);
    return s.holds;
}

/* An open page is no use of the session: without a request it ends all the same. */
static void an_event_stream_does_not_keep_a_session(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);

    (void)good(d, &b, "office.roles", "{}");
    for (int i = 0; i < 29 * 4; i++) {
        pass(d, 15000);
        assert_true(stream_holds(d, &b));
    }
    (void)good(d, &b, "office.roles", "{}");
    for (int i = 0; i < 30 * 4 - 1; i++) {
        pass(d, 15000);
        assert_true(stream_holds(d, &b));
    }
    pass(d, 15000);
    assert_false(stream_holds(d, &b));
    (void)bad(d, &b, "office.roles", "{}", ERR_SIGN_IN);
    (void)bad(d, &b, "office.roles", "{}", ERR_SIGN_IN); /* asking does not revive it */
}

/* A planted token is never the token of a session. */
static void no_fixation(void **state)
{
    struct desk *d = *state;
    struct browser planted = {.token = S("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    struct browser b = planted;

    (void)staff(d, "zhoumin", "clerk", 0);
    (void)good(d, &b, "identity.sign_in", credentials(d, "zhoumin", PASSWORD));
    assert_false(str_eq(b.token, planted.token));
    assert_int_equal(at((struct jval[]){good(d, &planted, "identity.me", "{}")}, "person")->type,
                     J_NULL);
    /* Signing in again from the same browser ends the former session. */
    struct browser before = b;
    (void)good(d, &b, "identity.sign_in", credentials(d, "zhoumin", PASSWORD));
    assert_false(str_eq(b.token, before.token));
    (void)bad(d, &before, "office.roles", "{}", ERR_SIGN_IN);
    (void)good(d, &b, "office.roles", "{}");
}

static void writes_need_the_csrf_token(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);
    struct browser forged = {b.token, STR_NONE};
    const char *walk_in =
        "{\"kind\":\"enterprise\",\"name\":\"青禾餐饮\",\"identifier\":\"91510700205412308D\"}";

    (void)bad(d, &forged, "identity.make_party", walk_in, ERR_CSRF);
    forged.csrf = str_fmt(d->a, "%.*sx", STR_ARG(str_sub(b.csrf, 0, b.csrf.n - 1)));
    (void)bad(d, &forged, "identity.make_party", walk_in, ERR_CSRF);
    forged.csrf = S("");
    (void)bad(d, &forged, "identity.sign_out", "{}", ERR_CSRF);
    (void)good(d, &forged, "office.roles", "{}"); /* reading needs none */
    (void)good(d, &b, "identity.make_party", walk_in);
    /* Each session has its own. */
    struct browser other = sign_in(d, "clerk");
    struct browser crossed = {b.token, other.csrf};
    (void)bad(d, &crossed, "identity.sign_out", "{}", ERR_CSRF);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d), phone = sign_in(d, "clerk");
    struct browser old = b;
    const char *change = "{\"old_password\":\"" PASSWORD "\",\"new_password\":\"Another-7-word\"}";

    fault_at(bad(d, &b, "identity.change_password",
                 "{\"old_password\":\"" PASSWORD "\",\"new_password\":\"short\"}",
                 ERR_FORM_INVALID),
             "/new_password", "short");
    fault_at(bad(d, &b, "identity.change_password",
                 "{\"old_password\":\"" PASSWORD "\",\"new_password\":\"my-clerk-word-1\"}",
                 ERR_FORM_INVALID),
             "/new_password", "login");
    fault_at(bad(d, &b, "identity.change_password",
                 "{\"old_password\":\"" PASSWORD "\",\"new_password\":\"1234567890\"}",
                 ERR_FORM_INVALID),
             "/new_password", "weak");
    fault_at(bad(d, &b, "identity.change_password",
                 "{\"old_password\":\"" PASSWORD "\",\"new_password\":\"" PASSWORD "\"}",
                 ERR_FORM_INVALID),
             "/new_password", "same");
    fault_at(bad(d, &b, "identity.change_password",
                 "{\"old_password\":\"wrong\",\"new_password\":\"Another-7-word\"}",
                 ERR_FORM_INVALID),
             "/old_password", "wrong");
    (void)good(d, &b, "identity.change_password", change);
    assert_false(str_eq(b.token, old.token));
    (void)bad(d, &old, "office.roles", "{}", ERR_SIGN_IN);
    (void)bad(d, &phone, "office.roles", "{}", ERR_SIGN_IN);
    (void)good(d, &b, "office.roles", "{}");
    (void)bad(d, NULL, "identity.sign_in", credentials(d, "clerk", PASSWORD), ERR_SIGN_IN_FAILED);
    (void)good(d, NULL, "identity.sign_in", credentials(d, "clerk", "Another-7-word"));
}

static void guessing_the_old_password_locks_out(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);
    const char *guess = "{\"old_password\":\"wrong\",\"new_password\":\"Another-7-word\"}";

    (void)bad(d, &b, "identity.change_password", guess, ERR_FORM_INVALID);
    (void)bad(d, &b, "identity.change_password", guess, ERR_FORM_INVALID);
    (void)bad(d, &b, "identity.change_password", guess, ERR_LOCKED_OUT);
}

/* Typed as people type: lower case, blanks for the hyphen. */
static void a_code_opens_once(void **state)
{
    struct desk *d = *state;
    struct browser b = {0}, window = clerk(d);
    struct jval made = good(d, &window, "identity.make_person",
                            fmt(d, "{\"name\":\"李四\",\"id_number\":\"%s\"}", id_number(d, 1)));
    struct str login = text_at(&made, "login"), code = text_at(&made, "code");
    struct buf typed;

    assert_int_equal(code.n, 11);
    buf_init(&typed, d->a, 20);
    for (size_t i = 0; i < code.n; i++) {
        buf_putc(&typed,
                 code.p[i] == '-' ? ' ' : (char)(code.p[i] >= 'A' ? code.p[i] + 32 : code.p[i]));
    }
    const char *use =
        fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
            STR_ARG(login), STR_ARG(buf_str(&typed)));
    (void)bad(d, &b, "identity.use_code",
              fmt(d,
                  "{\"login\":\"%.*s\",\"code\":\"AAAAA-AAAAA\",\"new_password\":\"Brand-new-8\"}",
                  STR_ARG(login)),
              ERR_SIGN_IN_FAILED);
    (void)bad(d, &b, "identity.use_code",
              fmt(d, "{\"login\":\"clerk\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                  STR_ARG(code)),
              ERR_SIGN_IN_FAILED);
    struct jval me = good(d, &b, "identity.use_code", use);
    assert_true(at(&me, "person/verified")->b);
    assert_true(str_eqz(text_at(&me, "person/name"), "李四"));
    (void)bad(d, NULL, "identity.use_code", use, ERR_SIGN_IN_FAILED);
    (void)good(d, NULL, "identity.sign_in", credentials(d, str_z(d->a, login), "Brand-new-8"));
}

static void a_code_expires_and_a_new_one_ends_it(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d);
    struct jval made = good(d, &window, "identity.make_person",
                            fmt(d, "{\"name\":\"李四\",\"id_number\":\"%s\"}", id_number(d, 1)));
    struct str login = text_at(&made, "login");

    struct jval again = good(d, &window, "identity.code_for_person",
                             fmt(d, "{\"id\":%lld}", (long long)int_at(&made, "id")));
    (void)bad(d, NULL, "identity.use_code",
              fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                  STR_ARG(login), STR_ARG(text_at(&made, "code"))),
              ERR_SIGN_IN_FAILED);
    pass(d, 7 * DAY + 1);
    (void)bad(d, NULL, "identity.use_code",
              fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                  STR_ARG(login), STR_ARG(text_at(&again, "code"))),
              ERR_SIGN_IN_FAILED);
    window = sign_in(d, "clerk");
    again = good(d, &window, "identity.code_for_person",
                 fmt(d, "{\"id\":%lld}", (long long)int_at(&made, "id")));
    pass(d, 7 * DAY - MINUTE);
    (void)good(d, NULL, "identity.use_code",
               fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                   STR_ARG(login), STR_ARG(text_at(&again, "code"))));
}

/* All faults of the form at once, in one answer. */
static void registration_tells_all_faults(void **state)
{
    struct desk *d = *state;
    struct err *e = bad(d, NULL, "identity.register",
                        "{\"name\":\"张三\",\"id_number\":\"511702199001011234\",\"phone\":\"12\","
                        "\"login\":\"1\",\"password\":\"aaaaaaaaaaaa\"}",
                        ERR_FORM_INVALID);

    fault_at(e, "/id_number", "check-digit");
    fault_at(e, "/phone", "length");
    fault_at(e, "/login", "login");
    fault_at(e, "/password", "weak");
    (void)staff(d, "zhoumin", NULL, 0);
    e = bad(d, NULL, "identity.register",
            fmt(d,
                "{\"name\":\"张三\",\"id_number\":\"%s\",\"phone\":\"13812345678\",\"login\":"
                "\"ZhouMin\",\"password\":\"" PASSWORD "\"}",
                id_number(d, 1)),
            ERR_FORM_INVALID);
    fault_at(e, "/login", "taken");
}

int test_session(void)
{
    const struct CMUnitTest cases[] = {
        CASE(nobody_is_told_who_the_office_is),
        CASE(staff_signs_in_and_out),
        CASE(secure_cookies_have_the_host_prefix),
        CASE(only_the_hash_is_stored),
        CASE(failures_lock_out_known_and_unknown_alike),
        CASE(closed_accounts_do_not_sign_in),
        CASE(sessions_end_idle_and_absolutely),
        CASE(an_event_stream_does_not_keep_a_session),
        CASE(no_fixation),
        CASE(writes_need_the_csrf_token),
        CASE(a_new_password_ends_the_other_sessions),
        CASE(guessing_the_old_password_locks_out),
        CASE(a_code_opens_once),
        CASE(a_code_expires_and_a_new_one_ends_it),
        CASE(registration_tells_all_faults),
    };

    return cmocka_run_group_tests_name("session", cases, NULL, NULL);
}
