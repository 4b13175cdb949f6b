/* The table of operations: what it refuses, how it routes, whom its permission column lets in. */
#include "office_test.h"

static struct err *handler(struct call *c, const void *in, void *out)
{
    (void)c;
    (void)in;
    (void)out;
    return NULL;
}

struct thing {
    int64_t id, n;
    struct str name;
    bool all;
};

/* clang-format off */
static const struct field thing_rows[] = {
    F_ID(struct thing, id, 0, "编号", "id"),
    F_INT(struct thing, n, 0, 0, 100, "数", "number"),
    F_TEXT(struct thing, name, 0, 0, 50, "名", "name"),
    F_BOOL(struct thing, all, 0, "全部", "all"),
    FIELD_END,
};
/* clang-format on */

static const struct op good = {.name = "thing.get",
                               .method = OP_GET,
                               .path = "/things/{id}",
                               .lane = LANE_READ,
                               .perm = PERM_PUBLIC,
                               .in = thing_rows,
                               .in_size = sizeof(struct thing),
                               .fn = handler,
                               .zh = "看",
                               .en = "Look"};

static struct err *build(struct arena *a, const struct op *ops, size_t n, struct op_registry **ret)
{
    struct module m = {.name = "t", .ops = ops, .n_ops = n};
    const struct module *one = &m;
    struct app app = {.modules = &one, .n_modules = 1};

    return op_registry_new(&app, a, ret);
}

static void registry_accepts_a_good_row(void **state)
{
    struct arena *a = arena_new(0);
    struct op_registry *r;

    (void)state;
    OK(build(a, &good, 1, &r));
    assert_int_equal(op_count(r), 1);
    assert_ptr_equal(op_at(r, 0), &good);
    assert_ptr_equal(op_find(r, S("thing.get")), &good);
    assert_null(op_find(r, S("thing.put")));
    arena_free(a);
}

static void registry_refuses_each_fault(void **state)
{
    struct arena *a = arena_new(0);
    struct op_registry *r;
    struct op bad[12];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        bad[i] = good;
    }
    bad[0].perm = (enum perm)0;
    bad[1].fn = NULL;
    bad[2].zh = "";
    bad[3].en = " ";
    bad[4].name = "thing";
    bad[5].path = "/things/{other}";
    bad[6].lane = (enum lane_kind)0;
    bad[7].perm = PERM_ROLES;
    bad[8].lane = LANE_WRITE; /* a GET */
    bad[9].in_size = 0;
    bad[10].path = "things";
    bad[11].path = "/things//x";
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        FAILS(build(a, &bad[i], 1, &r), ERR_CONF);
    }
    arena_free(a);
}

static void registry_refuses_duplicates_and_names_all_faults(void **state)
{
    struct arena *a = arena_new(0);
    struct op_registry *r;
    struct op ops[3] = {good, good, good};
    struct err *e;
    size_t faults = 0;

    (void)state;
    ops[1].name = "thing.other"; /* the same method and place, another parameter name */
    ops[1].path = "/things/{n}";
    ops[2].path = "/elsewhere/{id}"; /* the same name */
    e = build(a, ops, 3, &r);
    FAILS(e, ERR_CONF);
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        faults++;
    }
    assert_int_equal(faults, 2);
    arena_free(a);
}

static struct op at(const char *name, enum op_method m, const char *path)
{
    struct op op = good;

    op.name = name;
    op.method = m;
    op.path = path;
    op.lane = m == OP_GET ? LANE_READ : LANE_WRITE;
    return op;
}

static struct op_registry *routes(struct arena *a)
{
    static struct op ops[7];
    struct op_registry *r;

    ops[0] = at("t.list", OP_GET, "/things");
    ops[1] = at("t.get", OP_GET, "/things/{id}");
    ops[2] = at("t.mine", OP_GET, "/things/mine");
    ops[3] = at("t.drop", OP_DELETE, "/things/{id}");
    ops[4] = at("t.act", OP_POST, "/things/{id}/acts");
    ops[5] = at("t.named", OP_GET, "/names/{name}");
    ops[6] = at("t.deep", OP_GET, "/things/mine/deep");
    OK(build(a, ops, COUNT_OF(ops), &r));
    return r;
}

/* "" when there is no row; *ret_exists as op_route says. */
static struct str routed(const struct op_registry *r,
                         struct arena *a,
                         enum op_method m,
                         const char *path,
                         struct jval *ret_params,
                         bool *ret_exists)
{
    const struct op *op = op_route(r, a, m, str_of(path), ret_params, ret_exists);

    return op != NULL ? str_of(op->name) : S("");
}

static void routing_finds_rows_and_parameters(void **state)
{
    struct arena *a = arena_new(0);
    struct op_registry *r = routes(a);
    struct jval params;
    bool exists;

    (void)state;
    STR_IS(routed(r, a, OP_GET, "/things", &params, &exists), "t.list");
    STR_IS(routed(r, a, OP_GET, "/things/mine", &params, &exists), "t.mine");
    STR_IS(routed(r, a, OP_GET, "/things/mine/deep", &params, &exists), "t.deep");
    STR_IS(routed(r, a, OP_GET, "/things/42", &params, &exists), "t.get");
    assert_int_equal(jval_int(jval_get(&params, S("id")), 0), 42);
    STR_IS(routed(r, a, OP_POST, "/things/42/acts", &params, &exists), "t.act");
    STR_IS(routed(r, a, OP_GET, "/names/%E5%8A%9E%2Fa%20b", &params, &exists), "t.named");
    STR_IS(jval_str(jval_get(&params, S("name"))), "办/a b");
    arena_free(a);
}

static void routing_tells_405_from_404(void **state)
{
    struct arena *a = arena_new(0);
    struct op_registry *r = routes(a);
    struct jval params;
    bool exists;
    static const char *const absent[] = {
        "",
        "/",
        "/thing",
        "/things/",
        "/things//acts",
        "/things/42/",
        "/things/x",
        "/things/%zz",
        "/things/%4",
        "/names/%2e%2e",
        "/names/.",
        "/names/%00",
        "/names/%ff",
        "/names/a%0ab",
        "/names/",
        "things",
        "//things",
        "/things/042",
        "/a/b/c/d/e/f/g/h/i/j/k/l/m",
    };

    (void)state;
    STR_IS(routed(r, a, OP_PUT, "/things/42", &params, &exists), "");
    assert_true(exists);
    STR_IS(routed(r, a, OP_POST, "/things/mine", &params, &exists), "");
    assert_true(exists);
    STR_IS(routed(r, a, OP_GET, "/things/42/acts", &params, &exists), "");
    assert_true(exists);
    for (size_t i = 0; i < COUNT_OF(absent); i++) {
        STR_IS(routed(r, a, OP_GET, absent[i], &params, &exists), "");
        assert_false(exists);
    }
    arena_free(a);
}

static void parameters_take_the_type_of_their_row(void **state)
{
    struct jval v;

    (void)state;
    v = op_param(&good, S("n"), S("12"));
    assert_int_equal(v.type, J_INT);
    v = op_param(&good, S("n"), S("1e3"));
    assert_int_equal(v.type, J_STR); /* field_decode will name it */
    v = op_param(&good, S("all"), S("true"));
    assert_true(v.type == J_BOOL && v.b);
    v = op_param(&good, S("name"), S("12"));
    assert_int_equal(v.type, J_STR);
    v = op_param(&good, S("unknown"), S("x"));
    assert_int_equal(v.type, J_STR);
}

static void permission_column_is_the_matrix(void **state)
{
    /* NONE APPLICANT STAFF(no role) STAFF(role) SYSTEM CLI: y yes, s sign in, f forbidden, n not
     * there */
    static const struct {
        enum perm perm;
        const char *roles, *held, *want;
    } cases[] = {
        {PERM_PUBLIC, NULL, "x", "yyyyyy"},
        {PERM_SIGNED_IN, NULL, "x", "syyyyy"},
        {PERM_APPLICANT, NULL, "x", "syffff"},
        {PERM_STAFF, NULL, "x", "sfyyyf"},
        {PERM_ROLES, "clerk|approver", "approver", "sffyff"},
        {PERM_SYSTEM_ADMIN, NULL, "system_admin", "sffyfy"},
        {PERM_SECURITY_ADMIN, NULL, "security_admin", "sffyff"},
        {PERM_AUDIT_ADMIN, NULL, "audit_admin", "sffyff"},
        {PERM_BUREAU, NULL, "bureau_admin", "sffyfy"},
        {PERM_MATTER, NULL, "x", "syyyyf"},
        {PERM_CLI, NULL, "x", "nnnnny"},
    };
    static const enum actor_kind kinds[] = {ACTOR_NONE,  ACTOR_APPLICANT, ACTOR_STAFF,
                                            ACTOR_STAFF, ACTOR_SYSTEM,    ACTOR_CLI};
    struct arena *a = arena_new(0);
    struct app app = {0};

    (void)state;
    assert_int_equal(COUNT_OF(cases), PERM_CLI);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct held_role role = {.role = str_of(cases[i].held)};
        struct op op = good;

        op.perm = cases[i].perm;
        op.roles = cases[i].roles;
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            struct call c = {.arena = a, .app = &app, .op = &op, .actor = {.kind = kinds[k]}};
            char got = 'y';
            struct err *e;

            c.actor.roles = &role;
            c.actor.n_roles = k == 3 ? 1 : 0;
            e = op_permit(&c);
            if (e != NULL) {
                got = e->code == ERR_SIGN_IN ? 's' : e->code == ERR_FORBIDDEN ? 'f' : 'n';
                assert_true(e->code == ERR_SIGN_IN || e->code == ERR_FORBIDDEN ||
                            e->code == ERR_NOT_FOUND);
            }
            if (got != cases[i].want[k]) {
                fail_msg("perm %zu actor %zu: got %c", i + 1, k, got);
            }
        }
    }
    arena_free(a);
}

static void demo_and_password_flags(void **state)
{
    struct arena *a = arena_new(0);
    struct app app = {0};
    struct op op = good;
    struct call c = {.arena = a, .app = &app, .op = &op, .actor = {.kind = ACTOR_STAFF}};

    (void)state;
    op.flags = OP_DEMO;
    FAILS(op_permit(&c), ERR_NOT_FOUND);
    app.conf.demo = true;
    OK(op_permit(&c));
    c.actor.must_change_password = true;
    OK(op_permit(&c)); /* public: anybody may */
    op.perm = PERM_STAFF;
    FAILS(op_permit(&c), ERR_PASSWORD_CHANGE);
    op.flags = OP_DEMO | OP_ANY_PASSWORD;
    OK(op_permit(&c));
    arena_free(a);
}

static void entering_needs_if_match_and_key(void **state)
{
    struct arena *a = arena_new(0);
    struct app app = {0};
    struct op op = at("t.put", OP_PUT, "/things/{id}");
    struct call c = {.arena = a, .app = &app, .op = &op};
    char long_key[130];

    (void)state;
    op.flags = OP_IF_MATCH;
    FAILS(op_enter(&c), ERR_PRECONDITION_MISSING);
    c.if_match = S("\"3\"");
    OK(op_enter(&c));
    FAILS(op_need_key(&c), ERR_KEY_MISSING);
    c.idempotency_key = S("short12");
    FAILS(op_need_key(&c), ERR_KEY_MISSING);
    c.idempotency_key = S("with blank");
    FAILS(op_need_key(&c), ERR_KEY_MISSING);
    c.idempotency_key = S("中文中文中文");
    FAILS(op_need_key(&c), ERR_KEY_MISSING);
    memset(long_key, 'a', sizeof(long_key));
    c.idempotency_key = (struct str){long_key, 129};
    FAILS(op_need_key(&c), ERR_KEY_MISSING);
    c.idempotency_key.n = 128;
    OK(op_need_key(&c));
    c.idempotency_key = S("8-chars!");
    OK(op_need_key(&c));
    c.idempotency_key = STR_NONE;
    op.flags = OP_NO_KEY;
    OK(op_need_key(&c));
    op.flags = 0;
    op.lane = LANE_SLOW;
    OK(op_need_key(&c));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registry_accepts_a_good_row),
        cmocka_unit_test(registry_refuses_each_fault),
        cmocka_unit_test(registry_refuses_duplicates_and_names_all_faults),
        cmocka_unit_test(routing_finds_rows_and_parameters),
        cmocka_unit_test(routing_tells_405_from_404),
        cmocka_unit_test(parameters_take_the_type_of_their_row),
        cmocka_unit_test(permission_column_is_the_matrix),
        cmocka_unit_test(demo_and_password_flags),
        cmocka_unit_test(entering_needs_if_match_and_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
