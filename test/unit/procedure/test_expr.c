/* Expressions against a table of values: what they give, what they refuse and how they say it. */
#include "definition_test.h"

#include "procedure/expr_compile.h"

static const char *const KIND = "kind: test\nname: 试\nversion: 1\nzone: service\nitem: "
                                "required\nparty: required\nnumber: none\nreaders: [clerk]\n"
                                "params: {red: int 10 preset 红线}\n"
                                "facts:\n  mode: choice(normal|deferral) 方式\n  defects: "
                                "materials 缺\n  day: date 日\n  count: int 数\n  solved: bool 决\n"
                                "states: {received: open clerk untimed 收, done: closed 毕}\n"
                                "acts:\n"
                                "  submit: -> received by applicant 交\n"
                                "  judge:\n    is: received by clerk 审\n"
                                "    form: {verdicts: verdicts! 见, maybe: date 日, n: int! 数, "
                                "mode: choice(normal|deferral)! 式, unit: unit! 位}\n"
                                "    set: {mode: form.mode, defects: faults(form.verdicts), day: "
                                "form.maybe, count: form.n, solved: 'true'}\n"
                                "  finish: received -> done by clerk 毕\n";

struct fixture {
    struct arena *arena;
    const struct definition *d;
    struct expr_scope scope;
    struct expr_slots slots;
    struct jval form, facts;
    size_t gets;
    bool huge; /* fact.count is the largest integer */
};

/* Facts and form come from JSON; the rest has fixed answers. */
static struct value get(void *ctx, const struct expr_path *p)
{
    struct fixture *f = ctx;
    f->gets++;
    switch (p->root) {
    case EXPR_FORM:
        return value_of_jval(p->type, jval_get(&f->form, p->name));
    case EXPR_FACT:
        if (f->huge && str_eqz(p->name, "count")) {
            return value_int(INT64_MAX);
        }
        return value_of_jval(p->type, jval_get(&f->facts, p->name));
    case EXPR_PARTY:
        return value_bool(p->index == PARTY_DISHONEST);
    case EXPR_ITEM:
        return p->index == ITEM_LEGAL_LIMIT ? value_duration((struct duration){CIVIL_WD, 20})
               : p->index == ITEM_STATUS    ? value_text(S("published"))
                                            : value_none();
    case EXPR_PARAM:
        return value_int(10);
    case EXPR_ACT:
        return p->attr == EXPR_ACT_COUNT ? value_int(2) : value_none();
    case EXPR_MATTER:
    case EXPR_ACTOR:
    case EXPR_PARENT:
    case EXPR_TODAY:
    case EXPR_NOW:
    case EXPR_CLOCK:
    case EXPR_CHILD:
        break;
    }
    return value_none();
}

static int setup(void **state)
{
    struct arena *a = arena_new(0);
    struct fixture *f = ARENA_NEW(a, struct fixture);
    f->arena = a;
    f->d = definition_find(set_of(a, KIND), S("test"));
    uint32_t judge = definition_act(f->d, S("judge"));
    f->scope = (struct expr_scope){a, f->d, f->d->acts[judge].form, &f->slots};
    assert_null(jread(
        a,
        str_bytes(
            S("{\"verdicts\":[{\"code\":\"01\",\"result\":\"ok\"},{\"code\":\"02\",\"result\":"
              "\"fix\"},"
              "{\"code\":\"03\",\"result\":\"defer\"}],\"n\":7,\"mode\":\"normal\",\"unit\":3}")),
        &f->form));
    assert_null(
        jread(a, str_bytes(S("{\"count\":9007199254740992,\"day\":\"2026-01-31\",\"unit\":3}")),
              &f->facts));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    return 0;
}

/* The result as text: true, 7, 2026-03-02, none, a、b. */
static struct str result_of(struct fixture *f, const char *text)
{
    struct expr_fault fault = {0};
    const struct expr *e = expr_compile(&f->scope, str_of(text), &fault);
    if (e == NULL) {
        fail_msg("%s: P%03d: %.*s", text, fault.code, STR_ARG(fault.what));
        return STR_NONE;
    }
    struct expr_env env = {.arena = f->arena,
                           .get = get,
                           .ctx = f,
                           .today = civil_day((struct ymd){2026, 3, 2}),
                           .now_ms = INT64_C(1772409600000)};
    struct value v = expr_eval(e, &env);
    return v.type == V_NONE ? S("none") : value_show(f->arena, v);
}

static void computes(void **state)
{
    static const char *const rows[][2] = {
        {"1 + 2 - 4", "-1"},
        {"9007199254740992 + fact.count default 0", "18014398509481984"},
        {"not party.banned", "true"},
        {"not party.dishonest or act.submit.count = 2", "true"},
        {"party.dishonest and act.submit.count > 2", "false"},
        {"item.status = 'published'", "true"},
        {"fact.mode default 'deferral' = 'deferral'", "true"},
        {"fact.mode default 'deferral' in ['normal']", "false"},
        {"has(fact.mode)", "false"},
        {"has(fact.day)", "true"},
        {"has(parent)", "false"},
        {"len(faults(form.verdicts))", "2"},
        {"faults(form.verdicts)", "02、03"},
        {"none(form.verdicts.result, 'unseen')", "true"},
        {"some(form.verdicts.result, 'fix')", "true"},
        {"every(form.verdicts.result, 'ok')", "false"},
        {"faults(form.verdicts) within fact.defects default []", "false"},
        {"faults(form.verdicts) within ['02', '03', '04']", "true"},
        {"form.verdicts.code", "01、02、03"},
        {"if form.n > param.red then 'red' else if form.n > 5 then 'yellow' else 'green'",
         "yellow"},
        {"form.maybe", "none"},
        {"form.maybe default today", "2026-03-02"},
        {"fact.day default today + 1mo", "2026-02-28"},
        {"today + 7cd", "2026-03-09"},
        {"today - 2cd", "2026-02-28"},
        {"today - fact.day default today", "30"},
        {"days(fact.day default today, today)", "30"},
        {"month_end(today)", "2026-03-31"},
        {"quarter_end(today)", "2026-03-31"},
        {"year_end(today)", "2026-12-31"},
        {"mo(today, 12)", "2027-03-02"},
        {"cd(today, 0 - 2)", "2026-02-28"},
        {"min(form.n, 3) + max(form.n, 3)", "10"},
        {"pct(3, 4) default 0", "75"},
        {"pct(3, 0) default 0", "0"},
        {"form.unit = matter.unit", "false"},
        {"fact.unit = form.unit", "true"},
        {"item.legal_limit", "20个工作日"},
        {"item.promised_limit", "none"},
        {"[1, 2, 3]", "1、2、3"},
        {"[form.n, 1]", "7、1"},
        {"not (true and false) and (1 < 2 or false)", "true"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str got = result_of(f, rows[i][0]);
        if (!str_eqz(got, rows[i][1])) {
            fail_msg("%s gives %.*s, not %s", rows[i][0], STR_ARG(got), rows[i][1]);
        }
    }
}

static void refuses(void **state)
{
    static const struct {
        const char *text;
        int code;
        const char *part; /* of the message or the hint */
    } rows[] = {
        {"party.dishonest = 1", 30, "write 'not party.dishonest'"},
        {"party.dishonst", 30, "did you mean 'dishonest'?"},
        {"fact.mod", 30, "did you mean 'mode'?"},
        {"fact.mode = 'normal'", 31, "may be absent"},
        {"fact.mode default 'normal' = 'nomal'", 28, "did you mean 'normal'?"},
        {"form.verdicts.result = 'ok'", 30, "joins list and text"},
        {"none(form.verdicts.result, 'okay')", 28, "'okay'"},
        {"form.n default 1", 30, "always present"},
        {"1 + 'a'", 30, "joins int and text"},
        {"today + 1", 30, "joins date and int"},
        {"today + 8h", 30, "joins date and duration"},
        {"'a' < 'b'", 30, "have an order"},
        {"1 < 2 < 3", 30, "left over"},
        {"form.unit = form.n", 30, "joins id and int"},
        {"act.submit", 30, "count, on, actor or form"},
        {"act.nothing.count", 30, "unknown act"},
        {"nothing(1)", 30, "unknown function"},
        {"fact.solved default", 30, "a value"},
        {"(1", 30, "')'"},
        {"'open", 30, "not understood"},
        {"3xy", 30, "not understood"},
        {"1 $ 2", 30, "not understood"},
        {"[1, 'a']", 30, "different types"},
        {"fact.day = none", 30, "not has(…)"},
        {"child.x.open", 30, "unknown child"},
        {"clock.x.late", 30, "unknown clock"},
        {"", 30, "a value"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct expr_fault fault = {0};
        if (expr_compile(&f->scope, str_of(rows[i].text), &fault) != NULL) {
            fail_msg("%s was accepted", rows[i].text);
        }
        bool said = str_find(fault.what, str_of(rows[i].part)) >= 0 ||
                    str_find(fault.todo, str_of(rows[i].part)) >= 0;
        if (fault.code != rows[i].code || !said) {
            fail_msg("%s: P%03d: %.*s; %.*s", rows[i].text, fault.code, STR_ARG(fault.what),
                     STR_ARG(fault.todo));
        }
    }
}

/* 64 instructions and a bounded depth, however long the text. */
static void bounds_size_and_depth(void **state)
{
    struct fixture *f = *state;
    struct expr_fault fault = {0};
    struct buf deep, wide;
    buf_init(&deep, f->arena, 64);
    buf_init(&wide, f->arena, 64);
    buf_putz(&wide, "1");
    for (int i = 0; i < 2000; i++) {
        buf_putz(&deep, "(");
        buf_putz(&wide, " + 1");
    }
    assert_null(expr_compile(&f->scope, buf_str(&deep), &fault));
    assert_int_equal(fault.code, 32);
    assert_null(expr_compile(&f->scope, buf_str(&wide), &fault));
    assert_int_equal(fault.code, 32);
}

/* What is not needed is not asked for. */
static void resolves_lazily(void **state)
{
    struct fixture *f = *state;
    f->gets = 0;
    (void)result_of(f, "form.n < 5 and fact.count default 0 > 1");
    assert_int_equal(f->gets, 1);
    (void)result_of(f, "fact.count default form.n");
    assert_int_equal(f->gets, 2);
    (void)result_of(f, "today");
    assert_int_equal(f->gets, 2);
}

/* One name has one slot, whatever follows it; integers saturate. */
static void numbers_slots_and_saturates(void **state)
{
    struct fixture *f = *state;
    struct expr_fault fault = {0};
    struct xtype t;
    const struct expr_path *a = expr_compile_path(&f->scope, S("form.verdicts.code"), &t, &fault);
    const struct expr_path *b = expr_compile_path(&f->scope, S("form.verdicts.result"), &t, &fault);
    const struct expr_path *c = expr_compile_path(&f->scope, S("form.n"), &t, &fault);
    assert_int_equal(a->slot, b->slot);
    assert_int_not_equal(a->slot, c->slot);
    f->huge = true;
    assert_true(str_eqz(result_of(f, "fact.count default 0 + 9"), "9223372036854775807"));
    assert_true(str_eqz(result_of(f, "0 - (fact.count default 0) - 9"), "-9223372036854775808"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(computes, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds_size_and_depth, setup, teardown),
        cmocka_unit_test_setup_teardown(resolves_lazily, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_slots_and_saturates, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
