/* The shipped definitions keep the law; each test names its article (行政许可法 unless said). */
#include "definition_test.h"

#include "sys/file.h"

#include <string.h>

struct fixture {
    struct arena *arena;
    struct definition_set *set;
    const struct definition *licensing;
};

static int setup(void **state)
{
    struct arena *a = arena_new(0);
    struct fixture *f = ARENA_NEW(a, struct fixture);
    *f = (struct fixture){.arena = a, .set = own_set(a)};
    f->licensing = definition_find(f->set, S("licensing"));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    return 0;
}

static const struct act_def *act(const struct definition *d, const char *name)
{
    uint32_t i = definition_act(d, str_of(name));
    assert_int_not_equal(i, NO_INDEX);
    return &d->acts[i];
}

static const struct clock_def *timer(const struct definition *d, const char *name)
{
    uint32_t i = definition_clock(d, str_of(name));
    assert_int_not_equal(i, NO_INDEX);
    return &d->clocks[i];
}

static bool from(const struct definition *d, const char *act_name, const char *state)
{
    return (act(d, act_name)->from & BIT(definition_state(d, str_of(state)))) != 0;
}

static bool required(const struct act_def *a, const char *field)
{
    ptrdiff_t row = form_row(a->form, str_of(field));
    return row >= 0 && a->form->types[row].required;
}

static bool separated(const struct definition *d, const char *a, const char *b)
{
    for (uint32_t i = 0; i < d->n_separations; i++) {
        const struct separation *s = &d->separations[i];
        if (s->act == definition_act(d, str_of(a)) &&
            (s->acts & BIT(definition_act(d, str_of(b)))) != 0) {
            return true;
        }
    }
    return false;
}

/* ---- what is in service ---- */

static void loads_every_kind(void **state)
{
    static const struct {
        const char *kind;
        bool in_service;
    } rows[] = {{"licensing", true}, {"simple_service", true}, {"special", true},
                {"hearing", true},   {"deferral", true},       {"after_check", true},
                {"study", true},     {"concern", false},       {"card", false},
                {"duty", false}};
    struct fixture *f = *state;
    assert_int_equal(definition_count(f->set), COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct definition *d = definition_find(f->set, str_of(rows[i].kind));
        assert_non_null(d);
        assert_int_equal(d->in_service, rows[i].in_service);
    }
}

/* ---- the law ---- */

static void offers_exactly_the_lawful_outcomes_of_receipt(void **state) /* 32(1) */
{
    static const char *const lawful[] = {
        "fix",    "no_licence",      "not_ours",          "notify",    "demand",
        "accept", "accept_deferred", "accept_commitment", "decide_now"};
    struct fixture *f = *state;
    const struct definition *d = f->licensing;
    uint64_t clerk = BIT(role_index(definition_roles(f->set), S("clerk")));
    uint64_t mask = 0;
    for (size_t i = 0; i < COUNT_OF(lawful); i++) {
        assert_true(from(d, lawful[i], "received"));
        mask |= BIT(definition_act(d, str_of(lawful[i])));
    }
    for (uint32_t i = 0; i < d->n_acts; i++) {
        bool offered = (d->acts[i].from & BIT(definition_state(d, S("received")))) != 0 &&
                       (d->acts[i].by & clerk) != 0;
        assert_true(!offered || d->acts[i].use != USE_PLAIN || (mask & BIT(i)) != 0);
    }
    assert_true(act(d, "not_ours")->letter.n > 0 && required(act(d, "not_ours"), "organ"));
}

static void deems_accepted_as_of_receipt(void **state) /* 32(1)(4) */
{
    struct fixture *f = *state;
    const struct clock_def *c = timer(f->licensing, "correction");
    assert_int_equal(c->evidence, EVIDENCE_LAW);
    assert_true(str_eqz(c->limit->text, "item.supplement_notice default 5wd"));
    assert_int_equal(c->n_pauses, 0);
    assert_int_equal(c->expire, definition_act(f->licensing, S("deem_accepted")));
    assert_true(str_eqz(act(f->licensing, "deem_accepted")->effective->text, "matter.opened_on"));
    assert_int_equal(act(f->licensing, "notify")->times, 1);
    assert_int_equal(act(f->licensing, "notify")->n_needs, 2);
}

static void accepts_as_of_the_last_supplement(void **state) /* 32(1)(5) */
{
    struct fixture *f = *state;
    static const char *const acts[] = {"accept", "accept_deferred", "accept_commitment"};
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        assert_true(
            str_eqz(act(f->licensing, acts[i])->effective->text, "act.supply.on default today"));
    }
}

static void binds_a_second_notice_to_the_first(void **state) /* 72 */
{
    struct fixture *f = *state;
    const struct act_def *a = act(f->licensing, "notify_again");
    assert_int_equal(a->times, 1);
    assert_true(
        str_eqz(a->needs[0].holds->text, "faults(form.verdicts) within fact.defects default []"));
    assert_int_equal(a->by, BIT(role_index(definition_roles(f->set), S("unit_head"))));
    assert_int_equal(a->tell, BIT(role_index(definition_roles(f->set), S("inspector"))));
}

static void ends_what_is_never_completed_in_the_open(void **state) /* no silent withdrawal */
{
    struct fixture *f = *state;
    const struct act_def *a = act(f->licensing, "lapse");
    assert_true(a->letter.n > 0 && required(a, "reason") && a->n_needs == 1);
    assert_true(str_eqz(a->when->text, "clock.answer.late"));
    uint32_t answer = definition_clock(f->licensing, S("answer"));
    assert_int_equal(definition_on_mark(f->licensing, answer, 0),
                     BIT(definition_act(f->licensing, S("remind_over"))));
    assert_int_equal(timer(f->licensing, "answer")->expire, NO_INDEX);
}

static void needs_two_to_inspect_and_separates_duties(void **state) /* 34(3), 26(1) */
{
    struct fixture *f = *state;
    assert_int_equal(act(f->licensing, "inspect")->persons, 2);
    assert_true(separated(f->licensing, "propose", "accept"));
    assert_true(separated(f->licensing, "grant", "propose") &&
                separated(f->licensing, "grant", "inspect"));
    assert_true(separated(f->licensing, "refuse", "propose"));
    assert_true(separated(f->licensing, "extend", "ask_extension"));
    assert_int_equal(act(f->licensing, "correct_record")->persons, 2);
}

static void refuses_in_writing_with_reasons(void **state) /* 38(2) */
{
    struct fixture *f = *state;
    const struct act_def *a = act(f->licensing, "refuse");
    assert_true(str_eqz(a->letter, "refusal") && required(a, "reason") && required(a, "basis"));
}

static void extends_once_before_expiry(void **state) /* 42 */
{
    struct fixture *f = *state;
    const struct clock_def *c = timer(f->licensing, "decide_legal");
    const struct act_def *a = act(f->licensing, "extend");
    assert_true(c->extends && c->extend_times == 1 &&
                str_eqz(c->extend_by->text, "item.extension"));
    assert_true(a->times == 1 && str_eqz(a->needs[0].holds->text, "clock.decide_legal.running"));
    assert_true(a->by_path != NULL && a->by_path->root == EXPR_ITEM &&
                a->by_path->index == ITEM_EXTENSION_APPROVER);
    assert_true(act(f->licensing, "ask_extension")->asks);
}

struct item_answers {
    struct arena *arena;
    bool correction_pauses;
    struct str mode;
};

static struct value item_get(void *ctx, const struct expr_path *p)
{
    const struct item_answers *i = ctx;
    if (p->root == EXPR_ITEM && p->index == ITEM_PAUSES_BY_LAW) {
        struct str names[] = {S("expert")};
        return value_names(i->arena, names, 1);
    }
    if (p->root == EXPR_ITEM && p->index == ITEM_CORRECTION_PAUSES) {
        return value_bool(i->correction_pauses);
    }
    if (p->root == EXPR_FACT) {
        return value_text(i->mode);
    }
    if (p->root == EXPR_PARAM) {
        return value_duration((struct duration){CIVIL_WD, 5});
    }
    return value_none();
}

static void pauses_only_for_what_the_item_lists(void **state) /* 45 */
{
    struct fixture *f = *state;
    struct item_answers item = {.arena = f->arena};
    struct expr_env env = {.arena = f->arena, .get = item_get, .ctx = &item};
    const struct clock_def *c = timer(f->licensing, "decide_legal");
    assert_true(clock_def_allows(c, S("expert"), &env) && clock_def_allows(c, S("hearing"), &env));
    assert_false(clock_def_allows(c, S("site"), &env)); /* 现场踏勘 is not one of the eight */
    assert_false(clock_def_allows(c, S("public"), &env));
    assert_false(clock_def_allows(c, S("correction"), &env));
    item.correction_pauses = true;
    assert_true(clock_def_allows(c, S("correction"), &env));
    uint32_t correcting = definition_state(f->licensing, S("correcting"));
    assert_true(str_eqz(clock_def_state_cause(c, correcting), "correction"));
    assert_int_equal(f->licensing->children[definition_child(f->licensing, S("study"))].n_pauses,
                     0);
}

static void renews_when_silent_until_expiry(void **state) /* 50 */
{
    struct fixture *f = *state;
    const struct clock_def *c = timer(f->licensing, "renewal");
    const struct act_def *a = act(f->licensing, "deem_renewed");
    assert_true(str_eqz(c->until->text, "fact.renew_before") && c->limit == NULL);
    assert_true(a->voids && a->triggered &&
                c->expire == definition_act(f->licensing, S("deem_renewed")));
    assert_int_equal(
        definition_on_expire(f->licensing, definition_clock(f->licensing, S("renewal"))),
        BIT(definition_act(f->licensing, S("deem_renewed"))));
}

static void hears_by_another_than_the_reviewer(void **state) /* 47, 48 */
{
    struct fixture *f = *state;
    const struct definition *d = definition_find(f->set, S("hearing"));
    assert_true(str_eqz(timer(d, "asking")->limit->text, "5wd"));
    assert_true(str_eqz(timer(d, "holding")->limit->text, "20wd"));
    assert_true(str_eqz(act(d, "notice")->needs[0].holds->text, "form.on >= today + 7cd"));
    assert_int_equal(d->separations[0].n_parent_acts, 2);
    assert_true(str_eqz(d->separations[0].parent_acts[0], "propose"));
}

static void binds_other_items_to_their_own_statute(void **state) /* design.md 4 */
{
    struct fixture *f = *state;
    const struct definition *d = definition_find(f->set, S("simple_service"));
    assert_true(str_eqz(timer(d, "correction")->when->text, "item.deemed_acceptance"));
    assert_int_equal(timer(d, "answer_receipt")->expire, NO_INDEX);
    assert_true(d->separations[0].when != NULL &&
                str_eqz(d->separations[0].when->text, "not item.one_person"));
    assert_non_null(timer(d, "decide_legal")->basis_path);
}

/* ---- the language as the engine sees it ---- */

static void selects_limits_by_choice(void **state)
{
    struct fixture *f = *state;
    struct item_answers item = {.arena = f->arena, .mode = S("B")};
    struct expr_env env = {.arena = f->arena, .get = item_get, .ctx = &item};
    const struct clock_def *c = timer(definition_find(f->set, S("concern")), "reply");
    struct value v = clock_def_limit(c, &env);
    assert_true(v.type == V_DURATION && v.u.dur.unit == CIVIL_H && v.u.dur.amount == 24);
    item.mode = S("C");
    v = clock_def_limit(c, &env);
    assert_true(v.u.dur.unit == CIVIL_WD && v.u.dur.amount == 5);
    item.mode = S("warning");
    v = clock_def_limit(timer(definition_find(f->set, S("card")), "rectify"), &env);
    assert_int_equal(v.type, V_NONE);
}

static void prints_numbers(void **state)
{
    struct fixture *f = *state;
    int32_t day = civil_day((struct ymd){2026, 3, 2});
    const struct number_def *n = &f->licensing->number;
    assert_true(str_eqz(number_print(f->arena, n, S("GX"), S("I1"), day, 42), "GX2026-000042"));
    assert_true(
        str_eqz(number_print(f->arena, n, S("GX"), S("I1"), day, 1234567), "GX2026-1234567"));
    assert_true(str_eqz(number_series(f->arena, n, S("licensing"), day), "licensing/2026"));
    n = &definition_find(f->set, S("concern"))->number;
    assert_true(str_eqz(number_print(f->arena, n, S("GX"), S(""), day, 7), "SQ202603020007"));
    assert_true(str_eqz(number_series(f->arena, n, S("concern"), day), "concern/2026-03-02"));
    assert_int_equal(definition_find(f->set, S("special"))->number.n, 0);
}

static void labels_in_two_languages(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *section, *name, *zh, *en;
    } rows[] = {
        {"kind", "", "办件", "Application"},
        {"states", "correcting", "待补正", "Waiting for corrections"},
        {"acts", "note", "备注", "Note"},
        {"clocks", "decide_legal", "法定决定期限", "Decision (legal limit)"},
        {"facts", "unit", "承办单位", "Responsible unit"},
        {"params", "answer", "补正期限(法律未定)", "Limit for corrections (not set by law)"},
        {"children", "hearing", "听证", "Hearing"},
        {"fields", "fix.changes.before", "更正前", "Before"},
        {"needs", "grant.1", "容缺材料未补齐", "Deferred materials are missing"},
        {"choices", "deliver.way.post", "邮寄", "By post"},
        {"choices", "mode.deemed", "视为受理", "Deemed accepted"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str zh =
            definition_label(f->set, "zh", f->licensing, rows[i].section, str_of(rows[i].name));
        struct str en =
            definition_label(f->set, "en", f->licensing, rows[i].section, str_of(rows[i].name));
        if (!str_eqz(zh, rows[i].zh) || !str_eqz(en, rows[i].en)) {
            fail_msg("%s.%s: %.*s / %.*s", rows[i].section, rows[i].name, STR_ARG(zh), STR_ARG(en));
        }
    }
    struct str fallback = definition_label(f->set, "fr", f->licensing, "acts", S("grant"));
    assert_true(str_eqz(fallback, "准予许可"));
}

static void is_translated_throughout_and_knows_its_letters(void **state)
{
    struct fixture *f = *state;
    struct definition_source files[MAX_TEST_SOURCES];
    struct definition_fault *faults = NULL;
    struct str *letters = NULL;
    size_t n_letters = 0, n = 0;
    assert_null(file_list(f->arena, SOURCE_ROOT "/letters", &letters, &n_letters));
    for (size_t i = 0; i < n_letters; i++) {
        letters[i] =
            str_sub(letters[i], 0, letters[i].n - (str_ends(letters[i], S(".yaml")) ? 5 : 0));
    }
    struct definition_options o = {.letters = letters, .n_letters = n_letters, .strict = true};
    size_t n_files = own_sources(f->arena, false, files);
    bool ok = definition_set_add(definition_set_new(f->arena), files, n_files, &o, &faults, &n);
    for (size_t i = 0; i < n; i++) {
        print_error("%.*s\n", STR_ARG(definition_fault_text(f->arena, &faults[i])));
    }
    assert_true(ok);
}

/* A version read back from the data base means the same, without the files beside it. */
static void keeps_a_version_whole(void **state)
{
    struct fixture *f = *state;
    struct definition_source files[MAX_TEST_SOURCES];
    struct definition_source stored[MAX_TEST_SOURCES];
    struct definition_fault *faults = NULL;
    size_t n_faults = 0, n = 0;
    size_t n_files = own_sources(f->arena, true, files);
    for (size_t i = 0; i < n_files; i++) {
        if (str_eqz(files[i].path, "roles.yaml")) {
            stored[n++] = files[i];
        }
    }
    for (size_t i = 0; i < definition_count(f->set); i++) {
        const struct definition *d = definition_at(f->set, i);
        stored[n++] =
            (struct definition_source){str_fmt(f->arena, "%.*s.yaml", STR_ARG(d->kind)), d->text};
    }
    struct definition_set *again = definition_set_new(f->arena);
    assert_true(definition_set_add(again, stored, n, NULL, &faults, &n_faults));
    for (size_t i = 0; i < definition_count(f->set); i++) {
        const struct definition *d = definition_at(f->set, i);
        const struct definition *e = definition_find_version(again, d->kind, d->version);
        assert_non_null(e);
        assert_memory_equal(d->sha256, e->sha256, sizeof(d->sha256));
        assert_int_equal(d->n_acts, e->n_acts);
    }
    /* once more is nothing new; other text under the same version is refused; a higher one is kept
     * too */
    assert_true(definition_set_add(again, stored, n, NULL, &faults, &n_faults));
    assert_int_equal(definition_count(again), definition_count(f->set));
    struct str special = definition_find(f->set, S("special"))->text;
    ptrdiff_t at = str_find(special, S("version: 1"));
    struct str next = str_fmt(f->arena, "%.*sversion: 2%.*s", (int)at, special.p,
                              (int)(special.n - (size_t)at - 10), special.p + at + 10);
    struct definition_source other = {S("special.yaml"),
                                      str_fmt(f->arena, "# other\n%.*s", STR_ARG(special))};
    assert_false(definition_set_add(again, &other, 1, NULL, &faults, &n_faults));
    assert_int_equal(faults[0].code, 17);
    other.text = next;
    assert_true(definition_set_add(again, &other, 1, NULL, &faults, &n_faults));
    assert_int_equal(definition_find(again, S("special"))->version, 2);
    assert_non_null(definition_find_version(again, S("special"), 1));
}

static void opens_children_with_filled_forms(void **state)
{
    struct fixture *f = *state;
    struct jval form = {.type = J_NULL};
    assert_null(jread(f->arena,
                      str_bytes(S("{\"cause\":\"expert\",\"days\":10,\"basis\":\"45\",\"extra\":1,"
                                  "\"deferred\":[{\"code\":\"03\","
                                  "\"paper\":1}],\"commitment\":\"u1\",\"join\":[7,8]}")),
                      &form));
    const struct definition *special = definition_find(f->set, S("special"));
    struct jval v = definition_open_form(f->arena, &act(f->licensing, "special")->opens[0],
                                         act(special, "start")->form, &form, NULL);
    assert_true(
        str_eqz(jval_text(f->arena, &v), "{\"cause\":\"expert\",\"days\":10,\"basis\":\"45\"}"));
    const struct definition *deferral = definition_find(f->set, S("deferral"));
    const struct jval *element = &jval_get(&form, S("deferred"))->list[0];
    v = definition_open_form(f->arena, &act(f->licensing, "accept_deferred")->opens[0],
                             act(deferral, "start")->form, &form, element);
    assert_true(str_eqz(jval_text(f->arena, &v), "{\"code\":\"03\",\"commitment\":\"u1\"}"));
    const struct definition *concern = definition_find(f->set, S("concern"));
    const struct definition *duty = definition_find(f->set, S("duty"));
    element = &jval_get(&form, S("join"))->list[1];
    v = definition_open_form(f->arena, &act(concern, "dispatch")->opens[0],
                             act(duty, "start")->form, &form, element);
    assert_true(str_eqz(jval_text(f->arena, &v), "{\"unit\":8}"));
}

static void compiles_the_form_of_an_item(void **state)
{
    struct fixture *f = *state;
    struct jval obj = {.type = J_NULL};
    struct err *e = NULL;
    assert_null(
        jread(f->arena,
              str_bytes(S(
                  "{\"name\":\"text! 1..40 企业名称\",\"kind\":\"choice(a 甲|b 乙)! 类型\","
                  "\"people\":{\"is\":\"1..5 人员\",\"rows\":{\"who\":\"text! personal 姓名\"}}}")),
              &obj));
    const struct form *form = form_of_json(f->arena, &obj, S("/form"), &e);
    assert_null(e);
    assert_int_equal(form->n, 3);
    assert_int_equal(form->personal, BIT(2));
    struct jval answers = {.type = J_NULL};
    assert_null(
        jread(f->arena,
              str_bytes(S("{\"name\":\"某某\",\"kind\":\"c\",\"people\":[{\"who\":\"甲\"},{}]}")),
              &answers));
    field_validate(f->arena, form->rows, &answers, S(""), &e);
    assert_non_null(e);
    assert_true(str_eqz(e->fields->pointer, "/kind"));
    assert_true(str_eqz(e->fields->next->pointer, "/people/1/who"));
    e = NULL;
    assert_null(jread(f->arena, str_bytes(S("{\"name\":\"txt! 名\"}")), &obj));
    form_of_json(f->arena, &obj, S("/form"), &e);
    assert_true(e != NULL && str_eqz(e->fields->pointer, "/form/name"));
    assert_int_equal(form_of_json(f->arena, NULL, S(""), &e)->n, 0);
}

static void draws_states_and_clocks(void **state)
{
    struct fixture *f = *state;
    struct str states = definition_dot(f->arena, f->licensing, false);
    struct str clocks = definition_dot(f->arena, f->licensing, true);
    assert_true(str_find(states, S("\"received\" -> \"review\" [style=dashed")) >= 0);
    assert_true(str_find(states, S("\"correcting\" [shape=ellipse")) >= 0);
    assert_true(str_find(states, S("\"delivered\" [shape=box, style=filled")) >= 0);
    assert_true(str_find(clocks, S("法定决定期限")) >= 0 && str_find(clocks, S("‖")) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(loads_every_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(offers_exactly_the_lawful_outcomes_of_receipt, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(deems_accepted_as_of_receipt, setup, teardown),
        cmocka_unit_test_setup_teardown(accepts_as_of_the_last_supplement, setup, teardown),
        cmocka_unit_test_setup_teardown(binds_a_second_notice_to_the_first, setup, teardown),
        cmocka_unit_test_setup_teardown(ends_what_is_never_completed_in_the_open, setup, teardown),
        cmocka_unit_test_setup_teardown(needs_two_to_inspect_and_separates_duties, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_in_writing_with_reasons, setup, teardown),
        cmocka_unit_test_setup_teardown(extends_once_before_expiry, setup, teardown),
        cmocka_unit_test_setup_teardown(pauses_only_for_what_the_item_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(renews_when_silent_until_expiry, setup, teardown),
        cmocka_unit_test_setup_teardown(hears_by_another_than_the_reviewer, setup, teardown),
        cmocka_unit_test_setup_teardown(binds_other_items_to_their_own_statute, setup, teardown),
        cmocka_unit_test_setup_teardown(selects_limits_by_choice, setup, teardown),
        cmocka_unit_test_setup_teardown(prints_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(labels_in_two_languages, setup, teardown),
        cmocka_unit_test_setup_teardown(is_translated_throughout_and_knows_its_letters, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(keeps_a_version_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(opens_children_with_filled_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(compiles_the_form_of_an_item, setup, teardown),
        cmocka_unit_test_setup_teardown(draws_states_and_clocks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
