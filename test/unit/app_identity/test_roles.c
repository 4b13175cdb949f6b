/* Roles by day and unit, stand-ins, the three administrators, the first start. */
#include "desk.h"

static struct browser security(struct desk *d)
{
    (void)staff(d, "sec", ROLE_SECURITY_ADMIN, 0);
    return sign_in(d, "sec");
}

/* All three, so that the system administrator is no longer in the first setup. */
static struct browser system_admin(struct desk *d, struct browser *ret_security)
{
    *ret_security = security(d);
    (void)staff(d, "aud", ROLE_AUDIT_ADMIN, 0);
    (void)staff(d, "sys", ROLE_SYSTEM_ADMIN, 0);
    return sign_in(d, "sys");
}

static size_t roles_now(struct desk *d, const char *login)
{
    struct browser b = sign_in(d, login);
    struct jval me = good(d, &b, "identity.me", "{}");

    return at(&me, "roles")->n;
}

/* First and last day count, by office time. */
static void a_role_is_valid_from_day_to_day(void **state)
{
    struct desk *d = *state;
    struct browser sec = security(d);
    long long id = (long long)staff(d, "zhoumin", NULL, d->unit);
    struct jval g = good(d, &sec, "office.grant",
                         fmt(d,
                             "{\"id\":%lld,\"role\":\"reviewer\",\"unit_id\":%lld,\"from_on\":"
                             "\"2026-03-03\",\"to_on\":\"2026-03-04\"}",
                             id, (long long)d->unit));
    const size_t expected[] = {0, 1, 1, 0}; /* 2, 3, 4, 5 March */

    assert_false(at(&g, "in_force")->b);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_int_equal(roles_now(d, "zhoumin"), expected[i]);
        pass(d, DAY);
    }
}

/* A session that is open at midnight changes with the day. */
static void an_open_session_follows_the_day(void **state)
{
    struct desk *d = *state;
    struct browser sec = security(d), b;
    long long id = (long long)staff(d, "zhoumin", NULL, 0);

    (void)good(d, &sec, "office.grant",
               fmt(d, "{\"id\":%lld,\"role\":\"clerk\",\"to_on\":\"2026-03-02\"}", id));
    pass(d, 14 * HOUR + 50 * MINUTE); /* 23:50 */
    b = sign_in(d, "zhoumin");
    (void)good(d, &b, "identity.find_party", "{\"identifier\":\"91510700205412308D\"}");
    pass(d, 10 * MINUTE);
    (void)bad(d, &b, "identity.find_party", "{\"identifier\":\"91510700205412308D\"}",
              ERR_FORBIDDEN);
}

static void granting_and_revoking_work_at_once(void **state)
{
    struct desk *d = *state;
    struct browser sec = security(d), b;
    long long id = (long long)staff(d, "zhoumin", NULL, 0);
    const char *look = "{\"identifier\":\"91510700205412308D\"}";

    b = sign_in(d, "zhoumin");
    (void)bad(d, &b, "identity.find_party", look, ERR_FORBIDDEN);
    struct jval g = good(d, &sec, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", id));
    (void)good(d, &b, "identity.find_party", look);
    assert_int_equal(
        ask(d, &sec, "office.revoke",
            fmt(d, "{\"id\":%lld,\"grant_id\":%lld}", id, (long long)int_at(&g, "grant_id")))
            .status,
        204);
    (void)bad(d, &b, "identity.find_party", look, ERR_FORBIDDEN);
    (void)bad(d, &sec, "office.revoke",
              fmt(d, "{\"id\":%lld,\"grant_id\":%lld}", id, (long long)int_at(&g, "grant_id")),
              ERR_NOT_FOUND);
    struct jval all = good(d, &sec, "office.grants", fmt(d, "{\"id\":%lld}", id));
    assert_int_equal(at(&all, "rows")->n, 1); /* rows stay */
    assert_false(at(&all, "rows/0/in_force")->b);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM audit WHERE op = 'office.grant' AND body "
                               "LIKE '%\"granted\":\"clerk\"%'"),
                     1);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM audit WHERE op = 'office.revoke'"), 1);
}

static void wrong_grants_are_refused(void **state)
{
    struct desk *d = *state;
    struct browser sec = security(d);
    struct browser b = applicant(d, 1);
    long long id = (long long)staff(d, "zhoumin", NULL, 0);
    struct jval me = good(d, &sec, "identity.me", "{}"), person = good(d, &b, "identity.me", "{}");
    struct err *e = bad(d, &sec, "office.grant",
                        fmt(d,
                            "{\"id\":%lld,\"role\":\"applicant\",\"unit_id\":99,\"from_on\":\"2026-"
                            "03-05\",\"to_on\":\"2026-03-04\"}",
                            id),
                        ERR_FORM_INVALID);

    fault_at(e, "/role", "choice");
    fault_at(e, "/unit_id", "unknown");
    fault_at(e, "/to_on", "order");
    fault_at(bad(d, &sec, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"setup_admin\"}", id),
                 ERR_FORM_INVALID),
             "/role", "choice");
    fault_at(bad(d, &sec, "office.grant",
                 fmt(d, "{\"id\":%lld,\"role\":\"audit_admin\",\"unit_id\":%lld}", id,
                     (long long)d->unit),
                 ERR_FORM_INVALID),
             "/unit_id", "admin");
    (void)bad(d, &sec, "office.grant",
              fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", (long long)int_at(&me, "person/id")),
              ERR_FORBIDDEN);
    (void)bad(d, &sec, "office.grant",
              fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", (long long)int_at(&person, "person/id")),
              ERR_NOT_FOUND);
    (void)good(d, &sec, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", id));
    (void)bad(d, &sec, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", id),
              ERR_CONFLICT);
    (void)bad(d, &b, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", id), ERR_FORBIDDEN);
}

/* 三员分立 (design.md 7): three people, without business roles, and nobody with business roles. */
static void administrators_are_three_people_without_business_roles(void **state)
{
    struct desk *d = *state;
    struct browser sec, sys = system_admin(d, &sec);
    long long sys_id = (long long)number(d, "SELECT id AS n FROM person WHERE login = 'sys'");
    long long clerk_id = (long long)staff(d, "zhoumin", "clerk", 0);
    static const char *const ADMINS[] = {ROLE_SECURITY_ADMIN, ROLE_AUDIT_ADMIN};
    static const char *const BUSINESS[] = {"clerk", "approver", ROLE_BUREAU_ADMIN};

    for (size_t i = 0; i < COUNT_OF(ADMINS); i++) {
        struct err *e =
            bad(d, &sec, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"%s\"}", sys_id, ADMINS[i]),
                ERR_CONFLICT);
        assert_true(str_find(e->zh, S("三员分立")) >= 0);
        (void)bad(d, &sec, "office.grant",
                  fmt(d, "{\"id\":%lld,\"role\":\"%s\"}", clerk_id, ADMINS[i]), ERR_CONFLICT);
    }
    for (size_t i = 0; i < COUNT_OF(BUSINESS); i++) {
        (void)bad(d, &sec, "office.grant",
                  fmt(d, "{\"id\":%lld,\"role\":\"%s\"}", sys_id, BUSINESS[i]), ERR_CONFLICT);
    }
    /* Days that do not overlap are another matter. */
    long long later = (long long)staff(d, "later", NULL, 0);
    (void)good(d, &sec, "office.grant",
               fmt(d, "{\"id\":%lld,\"role\":\"clerk\",\"to_on\":\"2026-03-31\"}", later));
    (void)good(d, &sec, "office.grant",
               fmt(d, "{\"id\":%lld,\"role\":\"audit_admin\",\"from_on\":\"2026-04-01\"}", later));
    /* Each does its own part only. */
    (void)bad(d, &sys, "office.grant", fmt(d, "{\"id\":%lld,\"role\":\"clerk\"}", later),
              ERR_FORBIDDEN);
    (void)bad(d, &sec, "office.add_staff", "{\"login\":\"new1\",\"name\":\"新人\"}", ERR_FORBIDDEN);
    (void)bad(d, &sys, "office.audit", "{}", ERR_FORBIDDEN);
    (void)bad(d, &sys, "office.put", "{\"If-Match\":\"x\",\"name\":{\"zh\":\"甲\"},\"profile\":{}}",
              ERR_FORBIDDEN);
    (void)bad(d, &sys, "identity.find_party", "{\"identifier\":\"91510700205412308D\"}",
              ERR_FORBIDDEN);
}

static void the_last_administrator_stays(void **state)
{
    struct desk *d = *state;
    struct browser sec, sys = system_admin(d, &sec);
    long long aud = (long long)number(d, "SELECT id AS n FROM person WHERE login = 'aud'");
    long long grant =
        (long long)number(d, "SELECT id AS n FROM role_grant WHERE role = 'audit_admin'");

    (void)bad(d, &sec, "office.revoke", fmt(d, "{\"id\":%lld,\"grant_id\":%lld}", aud, grant),
              ERR_CONFLICT);
    (void)bad(d, &sys, "office.change_staff",
              fmt(d, "{\"id\":%lld,\"name\":\"审计\",\"status\":\"closed\"}", aud), ERR_CONFLICT);
    (void)staff(d, "aud2", ROLE_AUDIT_ADMIN, 0);
    (void)good(d, &sec, "office.revoke", fmt(d, "{\"id\":%lld,\"grant_id\":%lld}", aud, grant));
}

static void a_stand_in_holds_the_role_while_the_other_does(void **state)
{
    struct desk *d = *state;
    struct browser sec = security(d), b;
    long long head = (long long)staff(d, "head", "approver", d->unit);
    long long deputy = (long long)staff(d, "deputy", NULL, d->unit);
    long long unit = (long long)d->unit, other = (long long)d->other_unit;

    struct err *e =
        bad(d, &sec, "office.grant",
            fmt(d, "{\"id\":%lld,\"role\":\"approver\",\"unit_id\":%lld,\"stands_in_for\":%lld}",
                deputy, unit, deputy),
            ERR_FORM_INVALID);
    fault_at(e, "/to_on", "required");
    fault_at(e, "/stands_in_for", "same");
    fault_at(bad(d, &sec, "office.grant",
                 fmt(d,
                     "{\"id\":%lld,\"role\":\"approver\",\"unit_id\":%lld,\"to_on\":\"2026-03-06\","
                     "\"stands_in_for\":%lld}",
                     deputy, other, head),
                 ERR_FORM_INVALID),
             "/stands_in_for", "role");
    fault_at(bad(d, &sec, "office.grant",
                 fmt(d,
                     "{\"id\":%lld,\"role\":\"reviewer\",\"unit_id\":%lld,\"to_on\":\"2026-03-06\","
                     "\"stands_in_for\":%lld}",
                     deputy, unit, head),
                 ERR_FORM_INVALID),
             "/stands_in_for", "role");
    (void)good(d, &sec, "office.grant",
               fmt(d,
                   "{\"id\":%lld,\"role\":\"approver\",\"unit_id\":%lld,\"to_on\":\"2026-03-06\","
                   "\"stands_in_for\":%lld}",
                   deputy, unit, head));
    b = sign_in(d, "deputy");
    struct jval me = good(d, &b, "identity.me", "{}");
    assert_int_equal(int_at(&me, "roles/0/stands_in_for"), head);
    assert_true(has_text(at(&me, "pages"), "approve"));
    /* The head's own role ends, and with it the deputy's. */
    long long grant =
        (long long)number(d, fmt(d, "SELECT id AS n FROM role_grant WHERE person_id = %lld", head));
    (void)good(d, &sec, "office.revoke", fmt(d, "{\"id\":%lld,\"grant_id\":%lld}", head, grant));
    me = good(d, &b, "identity.me", "{}");
    assert_int_equal(at(&me, "roles")->n, 0);
    assert_false(has_text(at(&me, "pages"), "approve"));
}

static struct err *make_first(struct call *c, void *ctx)
{
    return identity_first_admin(c, S("Root.Admin"), S("系统管理员甲"), ctx);
}

static struct err *make_second(struct call *c, void *ctx)
{
    struct str code;

    (void)ctx;
    struct err *e = identity_first_admin(c, S("root2"), S("乙"), &code);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_CONFLICT);
    return NULL;
}

static struct browser by_code(struct desk *d, const struct jval *made)
{
    struct browser b = {0};

    (void)good(d, &b, "identity.use_code",
               fmt(d, "{\"login\":\"%.*s\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                   STR_ARG(text_at(made, "login")), STR_ARG(text_at(made, "code"))));
    return b;
}

/* The whole first start: init, code, password, the two others, then work. */
static void the_first_start(void **state)
{
    struct desk *d = *state;
    struct browser b = {0};
    struct str code;

    desk_write(d, make_first, &code);
    desk_write(d, make_second, NULL);
    struct jval me =
        good(d, &b, "identity.use_code",
             fmt(d, "{\"login\":\"root.admin\",\"code\":\"%.*s\",\"new_password\":\"Brand-new-8\"}",
                 STR_ARG(code)));
    assert_true(at(&me, "setup_needed")->b);
    assert_int_equal(at(&me, "pages")->n, 1); /* the portal */
    (void)bad(d, &b, "office.add_staff", "{\"login\":\"new1\",\"name\":\"新人\"}", ERR_FORBIDDEN);
    (void)bad(d, &b, "office.staff", "{}", ERR_FORBIDDEN);
    struct err *e = bad(d, &b, "identity.setup",
                        "{\"security\":{\"login\":\"1\",\"name\":\"安\"},\"audit\":{\"login\":"
                        "\"root.admin\",\"name\":\"审\"}}",
                        ERR_FORM_INVALID);
    fault_at(e, "/security/login", "login");
    fault_at(e, "/audit/login", "taken");
    fault_at(bad(d, &b, "identity.setup",
                 "{\"security\":{\"login\":\"same\",\"name\":\"安\"},\"audit\":{\"login\":\"Same\","
                 "\"name\":\"审\"}}",
                 ERR_FORM_INVALID),
             "/audit/login", "same");
    struct jval made = good(d, &b, "identity.setup",
                            "{\"security\":{\"login\":\"sec\",\"name\":\"安全管理员乙\"},\"audit\":"
                            "{\"login\":\"aud\",\"name\":\"审计管理员丙\"}}");
    me = good(d, &b, "identity.me", "{}");
    assert_false(at(&me, "setup_needed")->b);
    assert_true(has_text(at(&me, "pages"), "admin"));
    (void)bad(d, &b, "identity.setup",
              "{\"security\":{\"login\":\"sec9\",\"name\":\"安\"},\"audit\":{\"login\":\"aud9\","
              "\"name\":\"审\"}}",
              ERR_FORBIDDEN);
    struct browser sec = by_code(d, at(&made, "security")), aud = by_code(d, at(&made, "audit"));
    struct jval person = good(
        d, &b, "office.add_staff",
        fmt(d, "{\"login\":\"zhoumin\",\"name\":\"周敏\",\"unit_id\":%lld}", (long long)d->unit));
    (void)good(d, &sec, "office.grant",
               fmt(d, "{\"id\":%lld,\"role\":\"bureau_admin\"}", (long long)int_at(&person, "id")));
    struct browser bureau = by_code(d, &person);
    (void)good(d, &bureau, "office.add_unit", "{\"code\":\"education\",\"name\":\"教育局\"}");
    struct jval audit = good(d, &aud, "office.audit", "{}");
    assert_true(str_eqz(text_at(&audit, "rows/0/op"), "office.add_unit"));
    assert_true(str_eqz(text_at(&audit, "rows/0/name/zh"), "新建部门"));
}

int test_roles(void)
{
    const struct CMUnitTest cases[] = {
        CASE(a_role_is_valid_from_day_to_day),
        CASE(an_open_session_follows_the_day),
        CASE(granting_and_revoking_work_at_once),
        CASE(wrong_grants_are_refused),
        CASE(administrators_are_three_people_without_business_roles),
        CASE(the_last_administrator_stays),
        CASE(a_stand_in_holds_the_role_while_the_other_does),
        CASE(the_first_start),
    };

    return cmocka_run_group_tests_name("roles", cases, NULL, NULL);
}
