/* Profile, units, staff lists, audit and sign-ins. */
#include "desk.h"

#include "procedure/org.h"

static struct browser bureau(struct desk *d)
{
    (void)staff(d, "bureau", ROLE_BUREAU_ADMIN, 0);
    return sign_in(d, "bureau");
}

static void the_profile_changes_with_its_version(void **state)
{
    struct desk *d = *state;
    struct browser b = bureau(d);
    struct reply_of now = ask(d, NULL, "office.get", "{}");
    const char *body =
        "\"name\":{\"zh\":\"高新区政务中心\",\"en\":\"Service "
        "Hall\"},\"profile\":{\"organ\":\"高新区行政审批局\",\"address\":\"金龙大道1号\",\"open\":"
        "\"08:30\",\"close\":\"18:00\",\"due_at_close\":true}";

    OK(now.err);
    assert_true(str_eqz(text_at(&now.body, "profile/organ"), "高新区行政审批局"));
    (void)bad(d, &b, "office.put", fmt(d, "{%s}", body), ERR_PRECONDITION_MISSING);
    (void)bad(d, &b, "office.put", fmt(d, "{\"If-Match\":\"old\",%s}", body), ERR_CHANGED);
    struct reply_of changed =
        ask(d, &b, "office.put", fmt(d, "{\"If-Match\":\"%.*s\",%s}", STR_ARG(now.etag), body));
    OK(changed.err);
    struct reply_of after = ask(d, NULL, "office.get", "{}");
    assert_true(str_eq(after.etag, changed.etag));
    assert_true(str_eqz(text_at(&after.body, "name/en"), "Service Hall"));
    assert_int_equal(int_at(&after.body, "profile/kept"),
                     1); /* what the page does not know stays */
    assert_int_equal(org_hours(org_of(&d->app)).close, 18 * 60);
    assert_int_equal(org_hours(org_of(&d->app)).open, 8 * 60 + 30);
    (void)bad(d, &b, "office.put", fmt(d, "{\"If-Match\":\"%.*s\",%s}", STR_ARG(now.etag), body),
              ERR_CHANGED);
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM audit WHERE op = 'office.put'"), 1);
}

static void service_hours_must_make_sense(void **state)
{
    struct desk *d = *state;
    struct browser b = bureau(d);
    struct err *e = bad(d, &b, "office.put",
                        "{\"If-Match\":\"x\",\"name\":{\"zh\":\"甲\"},\"profile\":{\"open\":\"9:00 "
                        "\",\"noon_from\":\"11:00\",\"noon_to\":\"10:00\",\"close\":\"24:30\"}}",
                        ERR_FORM_INVALID);

    fault_at(e, "/profile/open", "time");
    fault_at(e, "/profile/noon_to", "order");
    fault_at(e, "/profile/close", "time");
}

static void units_form_a_tree(void **state)
{
    struct desk *d = *state;
    struct browser b = bureau(d);
    long long market = (long long)d->unit, health = (long long)d->other_unit;
    struct jval food = good(
        d, &b, "office.add_unit",
        fmt(d, "{\"code\":\"food\",\"name\":\"食品科\",\"name_en\":\"Food\",\"parent_id\":%lld}",
            market));
    long long id = (long long)int_at(&food, "id");
    struct err *e =
        bad(d, &b, "office.add_unit", "{\"code\":\"food\",\"name\":\"又一个\",\"parent_id\":5}",
            ERR_FORM_INVALID);

    fault_at(e, "/code", "taken");
    fault_at(e, "/parent_id", "unknown");
    fault_at(
        bad(d, &b, "office.add_unit", "{\"code\":\"食品\",\"name\":\"又一个\"}", ERR_FORM_INVALID),
        "/code", "code");
    assert_true(org_covers(org_of(&d->app), d->unit, id));
    assert_false(org_covers(org_of(&d->app), d->other_unit, id));
    fault_at(bad(d, &b, "office.change_unit",
                 fmt(d, "{\"id\":%lld,\"name\":\"市场监管局\",\"parent_id\":%lld}", market, id),
                 ERR_FORM_INVALID),
             "/parent_id", "cycle");
    /* The whole branch moves. */
    (void)good(d, &b, "office.change_unit",
               fmt(d, "{\"id\":%lld,\"name\":\"市场监管局\",\"parent_id\":%lld}", market, health));
    assert_true(org_covers(org_of(&d->app), d->other_unit, id));
    assert_int_equal(
        number(d, fmt(d, "SELECT COUNT(*) AS n FROM unit WHERE path = '/%lld/%lld/%lld/'", health,
                      market, id)),
        1);
    (void)bad(d, &b, "office.change_unit",
              fmt(d, "{\"If-Match\":\"old\",\"id\":%lld,\"name\":\"食品科\",\"parent_id\":%lld}",
                  id, market),
              ERR_CHANGED);
}

static void a_unit_in_use_is_not_closed(void **state)
{
    struct desk *d = *state;
    struct browser b = bureau(d);
    long long market = (long long)d->unit;
    struct jval food =
        good(d, &b, "office.add_unit",
             fmt(d, "{\"code\":\"food\",\"name\":\"食品科\",\"parent_id\":%lld}", market));

    (void)staff(d, "cook", NULL, int_at(&food, "id"));
    struct err *e =
        bad(d, &b, "office.change_unit",
            fmt(d, "{\"id\":%lld,\"name\":\"食品科\",\"parent_id\":%lld,\"status\":\"closed\"}",
                (long long)int_at(&food, "id"), market),
            ERR_DB_REFERENCED);
    assert_true(str_find(e->en, S("1 accounts")) >= 0);
    (void)bad(d, &b, "office.change_unit",
              fmt(d, "{\"id\":%lld,\"name\":\"市场监管局\",\"status\":\"closed\"}", market),
              ERR_DB_REFERENCED);
    (void)good(d, &b, "office.change_unit",
               fmt(d, "{\"id\":%lld,\"name\":\"卫健局\",\"status\":\"closed\"}",
                   (long long)d->other_unit));
    struct jval open = good(d, NULL, "office.units", "{}"),
                all = good(d, &b, "office.bureau_units", "{}");
    assert_int_equal(at(&open, "rows")->n, 2);
    assert_int_equal(at(&all, "rows")->n, 3);
}

static struct err *add_items(struct call *c, void *ctx)
{
    const struct desk *d = ctx;
    const char *sql = str_z(
        c->arena,
        str_fmt(c->arena,
                "INSERT INTO item (id, office_id, code, unit_id) VALUES (1, 1, 'a', %lld), (2, 1, "
                "'b', %lld), (3, 1, 'c', %lld);"
                "INSERT INTO item_version (id, item_id, version, status, valid_from, body) VALUES"
                " (1, 1, 1, 1, 0, '{}'), (2, 1, 2, 0, 0, '{}'), (3, 2, 1, 1, 0, '{}'), (4, 2, 2, "
                "2, 0, '{}'), (5, 3, 1, 0, 0, '{}')",
                (long long)d->unit, (long long)d->unit, (long long)d->unit));

    return db_script(c->db, c->arena, str_of(sql));
}

/* a: published with a draft behind it; b: suspended; c: a draft only. */
static void units_count_the_items_in_service(void **state)
{
    struct desk *d = *state;

    desk_write(d, add_items, d);
    struct jval units = good(d, NULL, "office.units", "{}");
    for (size_t i = 0; i < at(&units, "rows")->n; i++) {
        bool market = int_at(&units, fmt(d, "rows/%zu/id", i)) == d->unit;
        assert_int_equal(int_at(&units, fmt(d, "rows/%zu/items", i)), market ? 1 : 0);
    }
}

static void staff_are_listed_by_page(void **state)
{
    struct desk *d = *state;
    struct browser b = bureau(d);

    (void)staff(d, "anna", "clerk", d->unit);
    (void)staff(d, "berta", NULL, d->unit);
    (void)staff(d, "ca_rl", NULL, d->other_unit);
    (void)staff(d, "ca0rl", NULL, d->other_unit);
    (void)applicant(d, 1);
    struct jval first = good(d, &b, "office.staff", "{\"limit\":2}");
    struct jval rest =
        good(d, &b, "office.staff",
             fmt(d, "{\"limit\":3,\"after\":%.*s}", STR_ARG(text_at(&first, "next"))));
    assert_int_equal(at(&first, "rows")->n, 2);
    assert_int_equal(at(&rest, "rows")->n, 3);
    assert_int_equal(at(&rest, "next")->type, J_NULL);
    assert_true(str_eqz(text_at(&first, "rows/1/roles/0/role"), "clerk"));
    assert_true(at(&first, "rows/1/password_set")->b);
    assert_int_equal(at((struct jval[]){good(d, &b, "office.staff",
                                             fmt(d, "{\"unit_id\":%lld}", (long long)d->unit))},
                        "rows")
                         ->n,
                     2);
    assert_int_equal(
        at((struct jval[]){good(d, &b, "office.staff", "{\"query\":\"A_R\"}")}, "rows")->n,
        1); /* _ is no wildcard */
    assert_int_equal(
        at((struct jval[]){good(d, &b, "office.staff", "{\"query\":\"周\"}")}, "rows")->n, 5);
    struct jval colleagues = good(d, &b, "office.colleagues", "{\"query\":\"an\"}");
    assert_int_equal(at(&colleagues, "rows")->n, 1);
}

static void staff_are_changed_with_their_version(void **state)
{
    struct desk *d = *state;
    struct browser b;
    long long id = (long long)staff(d, "anna", "clerk", d->unit);

    (void)staff(d, "sec", ROLE_SECURITY_ADMIN, 0);
    (void)staff(d, "aud", ROLE_AUDIT_ADMIN, 0);
    long long self = (long long)staff(d, "sys", ROLE_SYSTEM_ADMIN, 0);
    b = sign_in(d, "sys");
    struct err *e = bad(d, &b, "office.add_staff",
                        "{\"login\":\"anna\",\"name\":\"安娜\",\"unit_id\":9}", ERR_FORM_INVALID);
    fault_at(e, "/login", "taken");
    fault_at(e, "/unit_id", "unknown");
    struct jval changed = good(
        d, &b, "office.change_staff",
        fmt(d, "{\"id\":%lld,\"name\":\"安娜\",\"unit_id\":%lld}", id, (long long)d->other_unit));
    assert_int_equal(int_at(&changed, "unit/id"), d->other_unit);
    (void)bad(d, &b, "office.change_staff",
              fmt(d, "{\"If-Match\":\"old\",\"id\":%lld,\"name\":\"安\"}", id), ERR_CHANGED);
    (void)bad(d, &b, "office.change_staff",
              fmt(d, "{\"id\":%lld,\"name\":\"我\",\"status\":\"closed\"}", self), ERR_CONFLICT);
    (void)bad(d, &b, "office.change_staff", "{\"id\":4,\"name\":\"谁\"}", ERR_NOT_FOUND);
    struct jval code = good(d, &b, "office.staff_code", fmt(d, "{\"id\":%lld}", id));
    assert_int_equal(text_at(&code, "code").n, 11);
}

static void a_code_unlocks(void **state)
{
    struct desk *d = *state;
    struct browser b;
    long long id = (long long)staff(d, "anna", "clerk", d->unit);

    (void)staff(d, "sec", ROLE_SECURITY_ADMIN, 0);
    (void)staff(d, "aud", ROLE_AUDIT_ADMIN, 0);
    (void)staff(d, "sys", ROLE_SYSTEM_ADMIN, 0);
    b = sign_in(d, "sys");
    for (int i = 0; i < 3; i++) {
        (void)ask(d, NULL, "identity.sign_in", "{\"login\":\"anna\",\"password\":\"wrong\"}");
    }
    assert_true(
        at((struct jval[]){good(d, &b, "office.staff", "{\"query\":\"anna\"}")}, "rows/0/locked")
            ->b);
    (void)good(d, &b, "office.staff_code", fmt(d, "{\"id\":%lld}", id));
    (void)sign_in(d, "anna");
}

static void roles_can_be_listed(void **state)
{
    struct desk *d = *state;
    struct browser b = bureau(d);
    struct jval roles = good(d, &b, "office.roles", "{}");
    bool clerk_seen = false, party_seen = false;
    size_t admins = 0;

    for (size_t i = 0; i < at(&roles, "rows")->n; i++) {
        struct str role = text_at(&roles, fmt(d, "rows/%zu/role", i));

        clerk_seen = clerk_seen || str_eqz(role, "clerk");
        party_seen = party_seen || str_eqz(role, "applicant") || str_eqz(role, "system") ||
                     str_eqz(role, ROLE_SETUP_ADMIN);
        admins += at(&roles, fmt(d, "rows/%zu/admin", i))->b ? 1 : 0;
    }
    assert_true(clerk_seen);
    assert_false(party_seen);
    assert_int_equal(admins, 3);
}

static void the_auditor_reads_backwards(void **state)
{
    struct desk *d = *state;
    struct browser b, bur = bureau(d);

    (void)staff(d, "aud", ROLE_AUDIT_ADMIN, 0);
    for (int i = 0; i < 5; i++) {
        (void)good(d, &bur, "office.add_unit",
                   fmt(d, "{\"code\":\"u%d\",\"name\":\"部门%d\"}", i, i));
    }
    (void)ask(d, NULL, "identity.sign_in", "{\"login\":\"nobody\",\"password\":\"wrong\"}");
    b = sign_in(d, "aud");
    struct jval first = good(d, &b, "office.audit", "{\"op\":\"office.add_unit\",\"limit\":2}");
    struct jval next = good(d, &b, "office.audit",
                            fmt(d, "{\"op\":\"office.add_unit\",\"limit\":100,\"after\":%.*s}",
                                STR_ARG(text_at(&first, "next"))));
    assert_true(str_eqz(text_at(&first, "rows/0/body/code"), "u4"));
    assert_true(str_eqz(text_at(&first, "rows/0/actor/login"), "bureau"));
    assert_int_equal(at(&next, "rows")->n, 3);
    assert_int_equal(at(&next, "next")->type, J_NULL);
    assert_int_equal(
        at((struct jval[]){good(d, &b, "office.audit", "{\"to_on\":\"2026-03-01\"}")}, "rows")->n,
        0);
    struct jval signs = good(d, &b, "office.sign_ins", "{\"from_on\":\"2026-03-02\"}");
    assert_true(str_eqz(text_at(&signs, "rows/0/outcome"), "ok"));
    assert_true(str_eqz(text_at(&signs, "rows/1/outcome"), "failed"));
    assert_int_equal(at(&signs, "rows/1/person")->type, J_NULL);
    assert_int_equal(text_at(&signs, "rows/1/mark").n, 8);
    (void)bad(d, &bur, "office.audit", "{}", ERR_FORBIDDEN);
}

int test_office(void)
{
    const struct CMUnitTest cases[] = {
        CASE(the_profile_changes_with_its_version),
        CASE(service_hours_must_make_sense),
        CASE(units_form_a_tree),
        CASE(a_unit_in_use_is_not_closed),
        CASE(units_count_the_items_in_service),
        CASE(staff_are_listed_by_page),
        CASE(staff_are_changed_with_their_version),
        CASE(a_code_unlocks),
        CASE(roles_can_be_listed),
        CASE(the_auditor_reads_backwards),
    };

    return cmocka_run_group_tests_name("office", cases, NULL, NULL);
}
