/* Registration, accounts at the window, parties, mandates, acting for somebody; what is masked. */
#include "desk.h"

#include "procedure/party.h"

#define COMPANY "91510700205412308D"

static const char *registration(struct desk *d, int place, const char *login)
{
    return fmt(d,
               "{\"name\":\"张三丰\",\"id_number\":\"%s\",\"phone\":\"138 1234 "
               "5678\",\"login\":\"%s\",\"password\":\"" PASSWORD "\"}",
               id_number(d, place), login);
}

static void an_applicant_registers_and_acts_for_itself(void **state)
{
    struct desk *d = *state;
    struct browser b = {0};
    struct reply_of r = ask(d, &b, "identity.register", registration(d, 1, "Zhang.San"));

    OK(r.err);
    assert_int_equal(r.status, 201);
    assert_true(str_eqz(text_at(&r.body, "person/login"), "zhang.san"));
    assert_true(str_eqz(text_at(&r.body, "person/name"), "张三丰"));
    assert_true(str_eqz(text_at(&r.body, "person/kind"), "applicant"));
    assert_false(at(&r.body, "person/verified")->b);
    assert_true(str_eqz(text_at(&r.body, "acting/kind"), "citizen"));
    assert_int_equal(at(&r.body, "acting/mandate_id")->type, J_NULL);
    assert_int_equal(int_at(&r.body, "acting/party_id"),
                     number(d, "SELECT party_id AS n FROM person WHERE login = 'zhang.san'"));
    (void)good(d, &b, "identity.list_mandates", "{}");
}

/* Nothing personal is in clear: not the name, the number, the phone. */
static void personal_data_is_sealed(void **state)
{
    struct desk *d = *state;

    (void)good(d, NULL, "identity.register", registration(d, 1, "zhang"));
    assert_int_equal(
        number(d, "SELECT COUNT(*) AS n FROM person WHERE name = '张**' AND sealed IS NOT NULL"),
        1);
    assert_int_equal(
        number(d, "SELECT COUNT(*) AS n FROM party WHERE name_public IS NULL AND uscc IS NULL"), 1);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM party_data WHERE name_masked = '张**'"),
                     1);
    assert_int_equal(
        number(d, "SELECT COUNT(*) AS n FROM audit WHERE body LIKE '%张%' OR body LIKE '%5117%'"),
        0);
}

/* Whether the number belongs to an account or to an earlier visitor, the answer is the same. */
static void a_known_id_number_is_refused_without_saying_why(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d);

    (void)good(d, NULL, "identity.register", registration(d, 1, "zhang"));
    (void)good(
        d, &window, "identity.make_party",
        fmt(d, "{\"kind\":\"citizen\",\"name\":\"王五\",\"identifier\":\"%s\"}", id_number(d, 2)));
    struct err *account =
        bad(d, NULL, "identity.register", registration(d, 1, "zhang2"), ERR_CONFLICT);
    struct err *visitor =
        bad(d, NULL, "identity.register", registration(d, 2, "wang2"), ERR_CONFLICT);
    assert_true(str_eq(account->zh, visitor->zh));
    assert_true(str_eq(account->en, visitor->en));
    assert_null(account->members);
    assert_int_equal(
        number(d, "SELECT COUNT(*) AS n FROM person WHERE login IN ('zhang2', 'wang2')"), 0);
}

static void two_at_once_get_one_account(void **state)
{
    struct desk *d = *state;

    (void)good(d, NULL, "identity.register", registration(d, 1, "first"));
    fault_at(bad(d, NULL, "identity.register", registration(d, 2, "first"), ERR_FORM_INVALID),
             "/login", "taken");
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM person WHERE login = 'first'"), 1);
}

static void the_window_opens_accounts_and_finds_them(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d);
    const char *id = id_number(d, 3);
    struct jval made =
        good(d, &window, "identity.make_person",
             fmt(d, "{\"name\":\"欧阳修远\",\"id_number\":\"%s\",\"phone\":\"13912345678\"}", id));
    struct jval found =
        good(d, &window, "identity.find_person", fmt(d, "{\"identifier\":\"%s\"}", id));
    struct err *again =
        bad(d, &window, "identity.make_person",
            fmt(d, "{\"name\":\"欧阳修远\",\"id_number\":\"%s\"}", id), ERR_CONFLICT);

    assert_int_equal(at(&found, "rows")->n, 1);
    assert_int_equal(int_at(&found, "rows/0/id"), int_at(&made, "id"));
    assert_true(str_eqz(text_at(&found, "rows/0/name"), "欧***"));
    assert_true(str_starts(text_at(&found, "rows/0/id_number"), S("511702********")));
    assert_true(str_eqz(text_at(&found, "rows/0/phone"), "139****5678"));
    assert_true(at(&found, "rows/0/verified")->b);
    assert_string_equal(again->members->name, "person_id");
    assert_int_equal(at((struct jval[]){good(d, &window, "identity.find_person",
                                             fmt(d, "{\"identifier\":\"%s\"}", id_number(d, 4)))},
                        "rows")
                         ->n,
                     0);
    fault_at(bad(d, &window, "identity.find_person", "{\"identifier\":\"12\"}", ERR_FORM_INVALID),
             "/identifier", "length");
}

static void the_window_verifies(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d), b = applicant(d, 1);
    struct jval found = good(d, &window, "identity.find_person",
                             fmt(d, "{\"identifier\":\"%s\"}", id_number(d, 1)));
    long long id = (long long)int_at(&found, "rows/0/id");

    assert_false(at(&found, "rows/0/verified")->b);
    fault_at(bad(d, &window, "identity.verify_person",
                 fmt(d, "{\"id\":%lld,\"document\":\"身份证 511702199001011234\"}", id),
                 ERR_FORM_INVALID),
             "/document", "number");
    struct jval seen = good(d, &window, "identity.verify_person",
                            fmt(d, "{\"id\":%lld,\"document\":\"居民身份证原件\"}", id));
    assert_true(at(&seen, "verified")->b);
    assert_true(at((struct jval[]){good(d, &b, "identity.me", "{}")}, "person/verified")->b);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM audit WHERE op = "
                               "'identity.verify_person' AND body LIKE '%居民身份证%'"),
                     1);
    (void)bad(
        d, &window, "identity.verify_person",
        fmt(d, "{\"id\":%lld,\"document\":\"身份证\"}", (long long)staff(d, "other", NULL, 0)),
        ERR_NOT_FOUND);
    (void)bad(d, &b, "identity.verify_person", fmt(d, "{\"id\":%lld,\"document\":\"身份证\"}", id),
              ERR_FORBIDDEN);
}

static void walk_in_parties_are_found_by_identifier(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d);
    const char *walk_in = "{\"kind\":\"enterprise\",\"name\":\"达州青禾餐饮有限公司\","
                          "\"identifier\":\"９１510700-2054 12308d\",\"phone\":\"0818-2345678\"}";
    struct reply_of made = ask(d, &window, "identity.make_party", walk_in);
    struct reply_of again = ask(d, &window, "identity.make_party", walk_in);
    const char *id = id_number(d, 5);

    OK(made.err);
    OK(again.err);
    assert_int_equal(made.status, 201);
    assert_int_equal(again.status, 200);
    assert_false(at(&made.body, "existing")->b);
    assert_true(at(&again.body, "existing")->b);
    assert_int_equal(int_at(&made.body, "id"), int_at(&again.body, "id"));
    assert_true(str_eqz(text_at(&made.body, "identifier"), COMPANY));
    struct jval citizen =
        good(d, &window, "identity.make_party",
             fmt(d, "{\"kind\":\"citizen\",\"name\":\"李小龙\",\"identifier\":\"%s\"}", id));
    assert_true(str_eqz(text_at(&citizen, "name"), "李**"));
    assert_true(str_find(text_at(&citizen, "identifier"), S("********")) > 0);
    struct jval found =
        good(d, &window, "identity.find_party", fmt(d, "{\"identifier\":\"%s\"}", id));
    assert_int_equal(int_at(&found, "rows/0/id"), int_at(&citizen, "id"));
    fault_at(bad(d, &window, "identity.find_party", "{\"identifier\":\"91510700205412308X\"}",
                 ERR_FORM_INVALID),
             "/identifier", "identifier");
    struct err *e = bad(d, &window, "identity.make_party",
                        "{\"kind\":\"enterprise\",\"name\":\"甲\",\"identifier\":\"1\",\"agent\":{"
                        "\"name\":\"乙\",\"identifier\":\"2\",\"phone\":\"3\"}}",
                        ERR_FORM_INVALID);
    fault_at(e, "/identifier", "length");
    fault_at(e, "/agent/identifier", "length");
    fault_at(e, "/agent/phone", "length");
}

static void an_agent_at_the_window_gets_a_mandate(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d);
    const char *with_agent =
        fmt(d,
            "{\"kind\":\"enterprise\",\"name\":\"青禾餐饮\",\"identifier\":\"" COMPANY
            "\",\"agent\":{\"name\":\"赵六\",\"identifier\":\"%s\"}}",
            id_number(d, 6));
    struct jval made = good(d, &window, "identity.make_party", with_agent);
    struct jval again = good(d, &window, "identity.make_party", with_agent);
    struct jval code = good(d, &window, "identity.code_for_person",
                            fmt(d, "{\"id\":%lld}", (long long)int_at(&made, "agent_id")));
    struct browser b = {0};

    assert_int_equal(int_at(&made, "mandate_id"), int_at(&again, "mandate_id"));
    struct jval me =
        good(d, &b, "identity.use_code",
             fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                 STR_ARG(text_at(&code, "login")), STR_ARG(text_at(&code, "code"))));
    assert_int_equal(at(&me, "mandates")->n, 1);
    assert_true(str_eqz(text_at(&me, "mandates/0/scope"), "agent"));
    assert_true(str_eqz(text_at(&me, "acting/name"), "赵六"));
    me = good(d, &b, "identity.act_for",
              fmt(d, "{\"party_id\":%lld}", (long long)int_at(&made, "id")));
    assert_true(str_eqz(text_at(&me, "acting/name"), "青禾餐饮"));
    assert_int_equal(int_at(&me, "acting/mandate_id"), int_at(&made, "mandate_id"));
}

/* A whole upload "token-1" of the person, as the tus service leaves it. */
static struct err *insert_upload(struct call *c, void *ctx)
{
    const char *none = db_engine(c->db) == DB_PG ? "'\\x00'" : "X'00'";
    struct str sql = str_fmt(
        c->arena,
        "INSERT INTO data_key (id, office_id, wrapped) VALUES (901, %lld, %s);"
        "INSERT INTO upload (id, office_id, owner_id, token, key_id, name_sealed, media, size,"
        " received, sha256, expires_at) VALUES (901, %lld, %lld, 'token-1', 901, %s, 'image/png', "
        "1,"
        " 1, %s, %lld)",
        (long long)c->office_id, none, (long long)c->office_id, *(long long *)ctx, none, none,
        (long long)c->real_ms + 1000);

    return db_script(c->db, c->arena, sql);
}

static int64_t ask_mandate(struct desk *d, struct browser *b, const char *scope)
{
    struct jval who = good(d, b, "identity.me", "{}");
    long long person = (long long)int_at(&who, "person/id");
    desk_write(d, insert_upload, &person);
    struct jval m = good(d, b, "identity.ask_mandate",
                         fmt(d,
                             "{\"party\":{\"name\":\"青禾餐饮\",\"identifier\":\"" COMPANY
                             "\"},\"scope\":\"%s\",\"evidence\":[\"token-1\"]}",
                             scope));

    assert_true(str_eqz(text_at(&m, "status"), "pending"));
    return int_at(&m, "mandate_id");
}

/* Asked for online, a mandate opens nothing until a window saw the papers of a verified person. */
static void a_mandate_holds_once_confirmed(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d), b = applicant(d, 1);
    fault_at(bad(d, &b, "identity.ask_mandate",
                 "{\"party\":{\"name\":\"青禾餐饮\",\"identifier\":\"" COMPANY
                 "\"},\"scope\":\"agent\",\"evidence\":[\"token-1\"]}",
                 ERR_FORM_INVALID),
             "/evidence/0", "unknown");
    long long id = (long long)ask_mandate(d, &b, "legal_representative");
    assert_true(number(d, "SELECT expires_at AS n FROM upload") > DESK_START + 10000 * DAY);
    struct jval own = good(d, &b, "identity.list_mandates", "{}");
    long long company = (long long)int_at(&own, "rows/0/party_id");
    struct jval me = good(d, &b, "identity.me", "{}");

    assert_int_equal(at(&me, "mandates")->n, 0);
    (void)bad(d, &b, "identity.act_for", fmt(d, "{\"party_id\":%lld}", company), ERR_FORBIDDEN);
    (void)bad(d, &b, "identity.confirm_mandate",
              fmt(d, "{\"id\":%lld,\"document\":\"营业执照\"}", id), ERR_FORBIDDEN);
    struct jval waiting = good(d, &window, "identity.list_mandates", "{\"pending\":true}");
    assert_int_equal(int_at(&waiting, "rows/0/mandate_id"), id);
    assert_true(has_text(at(&waiting, "rows/0/evidence"), "token-1"));
    (void)bad(d, &window, "identity.confirm_mandate",
              fmt(d, "{\"id\":%lld,\"document\":\"营业执照\"}", id), ERR_CONFLICT);
    (void)good(
        d, &window, "identity.verify_person",
        fmt(d, "{\"id\":%lld,\"document\":\"身份证\"}", (long long)int_at(&me, "person/id")));
    struct jval confirmed = good(d, &window, "identity.confirm_mandate",
                                 fmt(d, "{\"id\":%lld,\"document\":\"营业执照\"}", id));
    assert_true(str_eqz(text_at(&confirmed, "status"), "in_force"));
    me = good(d, &b, "identity.act_for", fmt(d, "{\"party_id\":%lld}", company));
    assert_true(str_eqz(text_at(&me, "acting/kind"), "enterprise"));
    me = good(d, &b, "identity.act_for", "{\"party_id\":null}");
    assert_true(str_eqz(text_at(&me, "acting/kind"), "citizen"));
    (void)bad(d, &window, "identity.confirm_mandate",
              fmt(d, "{\"id\":%lld,\"document\":\"营业执照\"}", id), ERR_CONFLICT);
}

/* When it ends, the session acts for nobody rather than silently for somebody else. */
static void an_ended_mandate_leaves_no_party(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d), b = applicant(d, 1);
    struct jval me = good(d, &b, "identity.me", "{}");
    long long id = (long long)ask_mandate(d, &b, "agent");
    struct jval own = good(d, &b, "identity.list_mandates", "{}");
    const char *company = fmt(d, "{\"party_id\":%lld}", (long long)int_at(&own, "rows/0/party_id"));

    (void)good(
        d, &window, "identity.verify_person",
        fmt(d, "{\"id\":%lld,\"document\":\"身份证\"}", (long long)int_at(&me, "person/id")));
    (void)good(d, &window, "identity.confirm_mandate",
               fmt(d, "{\"id\":%lld,\"document\":\"委托书\"}", id));
    (void)good(d, &b, "identity.act_for", company);
    assert_int_equal(ask(d, &window, "identity.end_mandate", fmt(d, "{\"id\":%lld}", id)).status,
                     204);
    me = good(d, &b, "identity.me", "{}");
    assert_int_equal(at(&me, "acting")->type, J_NULL);
    assert_int_equal(at(&me, "mandates")->n, 0);
    (void)bad(d, &b, "identity.act_for", company, ERR_FORBIDDEN);
    (void)good(d, &b, "identity.act_for", "{\"party_id\":null}");
}

static void a_mandate_has_days(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d);
    struct jval person = good(d, &window, "identity.make_person",
                              fmt(d, "{\"name\":\"李四\",\"id_number\":\"%s\"}", id_number(d, 1)));
    struct jval company =
        good(d, &window, "identity.make_party",
             "{\"kind\":\"enterprise\",\"name\":\"青禾\",\"identifier\":\"" COMPANY "\"}");
    long long who = (long long)int_at(&person, "id"), party = (long long)int_at(&company, "id");

    fault_at(bad(d, &window, "identity.enter_mandate",
                 fmt(d,
                     "{\"id\":%lld,\"party_id\":%lld,\"scope\":\"agent\",\"document\":\"委托书\","
                     "\"from_on\":\"2026-03-04\",\"to_on\":\"2026-03-03\"}",
                     who, party),
                 ERR_FORM_INVALID),
             "/to_on", "order");
    struct jval made = good(d, &window, "identity.enter_mandate",
                            fmt(d,
                                "{\"id\":%lld,\"party_id\":%lld,\"scope\":\"agent\",\"document\":"
                                "\"委托书\",\"from_on\":\"2026-03-04\",\"to_on\":\"2026-03-05\"}",
                                who, party));
    assert_true(str_eqz(text_at(&made, "status"), "future"));
    struct jval code = good(d, &window, "identity.code_for_person", fmt(d, "{\"id\":%lld}", who));
    struct browser b = {0};
    (void)good(d, &b, "identity.use_code",
               fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                   STR_ARG(text_at(&code, "login")), STR_ARG(text_at(&code, "code"))));
    const int counts[] = {0, 0, 1, 1, 0}; /* 2, 3, 4, 5, 6 March */
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct browser again = {0};
        struct jval me = good(d, &again, "identity.sign_in",
                              fmt(d, "{\"login\":\"%.*s\",\"password\":\"Brand-new-8\"}",
                                  STR_ARG(text_at(&code, "login"))));
        assert_int_equal(at(&me, "mandates")->n, counts[i]);
        pass(d, DAY);
    }
}

/* Applicants see neither other people's mandates nor citizens' names by number. */
static void nobody_asks_for_a_citizen_online(void **state)
{
    struct desk *d = *state;
    struct browser window = clerk(d), b = applicant(d, 1), other = applicant(d, 2);
    struct jval citizen = good(
        d, &window, "identity.make_party",
        fmt(d, "{\"kind\":\"citizen\",\"name\":\"王五\",\"identifier\":\"%s\"}", id_number(d, 3)));

    (void)bad(d, &b, "identity.ask_mandate",
              fmt(d, "{\"party_id\":%lld,\"scope\":\"agent\"}", (long long)int_at(&citizen, "id")),
              ERR_NOT_FOUND);
    fault_at(bad(d, &b, "identity.ask_mandate", "{\"scope\":\"agent\"}", ERR_FORM_INVALID),
             "/party", "required");
    int64_t id = ask_mandate(d, &b, "agent");
    assert_int_equal(at((struct jval[]){good(d, &other, "identity.list_mandates",
                                             fmt(d, "{\"person_id\":%lld}", 1LL))},
                        "rows")
                         ->n,
                     0);
    (void)bad(d, &other, "identity.end_mandate", fmt(d, "{\"id\":%lld}", (long long)id),
              ERR_NOT_FOUND);
    (void)bad(d, &b, "identity.ask_mandate",
              "{\"party\":{\"name\":\"青禾餐饮\",\"identifier\":\"" COMPANY
              "\"},\"scope\":\"agent\"}",
              ERR_CONFLICT);
    (void)bad(d, &b, "identity.find_party", "{\"identifier\":\"" COMPANY "\"}", ERR_FORBIDDEN);
}

int test_people(void)
{
    const struct CMUnitTest cases[] = {
        CASE(an_applicant_registers_and_acts_for_itself),
        CASE(personal_data_is_sealed),
        CASE(a_known_id_number_is_refused_without_saying_why),
        CASE(two_at_once_get_one_account),
        CASE(the_window_opens_accounts_and_finds_them),
        CASE(the_window_verifies),
        CASE(walk_in_parties_are_found_by_identifier),
        CASE(an_agent_at_the_window_gets_a_mandate),
        CASE(a_mandate_holds_once_confirmed),
        CASE(an_ended_mandate_leaves_no_party),
        CASE(a_mandate_has_days),
        CASE(nobody_asks_for_a_citizen_online),
    };

    return cmocka_run_group_tests_name("people", cases, NULL, NULL);
}
