/* Importing the file: one transaction, repeatable, with a preview; a bad row is named and sinks
 * nothing; what the bureau edited stays (catalogue.h). */
#include "shop.h"

static const struct catalogue_row *row_of(const struct catalogue_report *r, const char *code)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_eqz(r->rows[i].code, code)) {
            return &r->rows[i];
        }
    }
    fail_msg("no row %s", code);
    return NULL;
}

static void whole_file(void **state)
{
    struct shop *s = *state;
    struct catalogue_report r = shop_import(s, shop_file(s), true);
    assert_int_equal(r.items[CATALOGUE_NEW], 51);
    assert_int_equal(r.items[CATALOGUE_BAD], 0);
    assert_int_equal(r.bundles[CATALOGUE_NEW], 13);
    assert_int_equal(r.units[CATALOGUE_NEW], 20);
    assert_int_equal(r.n_ignored, 3);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item_version WHERE status = 1"), 51);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM unit"), 20);
    for (size_t i = 0; i < r.n; i++) {
        assert_null(r.rows[i].faults);
    }
    /* The same file again: nothing new. */
    r = shop_import(s, shop_file(s), true);
    assert_int_equal(r.items[CATALOGUE_SAME], 51);
    assert_int_equal(r.bundles[CATALOGUE_SAME], 13);
    assert_int_equal(r.units[CATALOGUE_SAME], 20);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item_version"), 51);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM bundle"), 13);
}

static void drafts_outside_the_demo(void **state)
{
    struct shop *s = *state;
    s->app.conf.demo = false;
    struct catalogue_report r = shop_import(s, shop_file(s), false);
    assert_int_equal(r.items[CATALOGUE_NEW], 51);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item_version WHERE status = 0"), 51);
    /* 行政许可法 30: without conditions, quantity, steps, sample form nothing goes out. */
    struct err *e = shop_refused(s, "bureau.publish", "{'code':'food-biz'}", ERR_PUBLISH_BLOCKED);
    static const char *const WANT[] = {"/conditions", "/quantity", "/steps", "/sample_form"};
    for (size_t i = 0; i < COUNT_OF(WANT); i++) {
        assert_non_null(fault_at(e, WANT[i]));
    }
    r = shop_import(s, shop_file(s), false);
    assert_int_equal(r.items[CATALOGUE_SAME], 51);
}

static void preview_changes_nothing(void **state)
{
    struct shop *s = *state;
    struct catalogue_report r;
    OK(catalogue_preview(&s->writer, shop_file(s), &r));
    assert_false(r.applied);
    assert_int_equal(r.items[CATALOGUE_NEW], 51);
    assert_int_equal(r.units[CATALOGUE_NEW], 20);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item"), 0);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM unit"), 0);
    (void)shop_import(s, shop_item(s, ""), false);
    OK(catalogue_preview(
        &s->writer, shop_item(s, "'promised_limit':{'value':5,'unit':'wd'},'result_doc':'新证'"),
        &r));
    const struct catalogue_row *row = row_of(&r, "x-licence");
    assert_int_equal(row->result, CATALOGUE_CHANGED);
    assert_int_equal(row->n_changes, 2);
    IS(str_z(s->a, row->changes[0].pointer), "/result/zh");
    IS(str_z(s->a, row->changes[1].pointer), "/promised_limit");
    IS(str_z(s->a, row->changes[1].old->s), "8wd");
    IS(str_z(s->a, row->changes[1].new->s), "5wd");
}

/* 49 good rows and two bad ones, each named; a bundle that needs a bad item is bad as well. */
static void bad_rows(void **state)
{
    struct shop *s = *state;
    struct jval file = shop_json(s, "{}");
    OK(jread(s->a, str_bytes(shop_file(s)), &file));
    struct jval *items = ARENA_ARRAY(s->a, struct jval, 51);
    memcpy(items, at(&file, "items")->list, 51 * sizeof *items);
    struct jval broken = shop_json(s, "{'id':'food-biz','name_zh':'x','regime':'magic'}");
    items[4] = broken; /* food-biz */
    items[7] = items[6];
    struct jobj *o = jobj_new(s->a);
    jobj_put(o, S("items"), (struct jval){.type = J_LIST, .list = items, .n = 51});
    jobj_put(o, S("bundles"), *at(&file, "bundles"));
    struct jval v = jobj_val(o);
    struct catalogue_report r = shop_import(s, jval_text(s->a, &v), true);
    assert_int_equal(r.items[CATALOGUE_NEW], 49);
    assert_int_equal(r.items[CATALOGUE_BAD], 2);
    const struct catalogue_row *bad = row_of(&r, "food-biz");
    IS(str_z(s->a, bad->pointer), "/items/4");
    assert_non_null(fault_at(bad->faults, "/items/4/regime"));
    assert_non_null(fault_at(bad->faults, "/items/4/dept"));
    bad = row_of(&r, "b-open-restaurant");
    assert_int_equal(bad->result, CATALOGUE_BAD);
    assert_non_null(fault_at(bad->faults, "/bundles/1/stages/1/items/0/item"));
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item"), 49);
}

static void no_catalogue(void **state)
{
    struct shop *s = *state;
    struct catalogue_report r;
    struct err *e = catalogue_preview(&s->writer, S("{\"items\": 7}"), &r);
    assert_int_equal(e->code, ERR_IMPORT);
    e = catalogue_preview(&s->writer, S("{\"items\": ["), &r);
    assert_int_equal(e->code, ERR_JSON_INVALID);
    e = catalogue_preview(&s->writer, S("[1]"), &r);
    assert_int_equal(e->code, ERR_IMPORT);
}

/* The bureau edits one member, the file changes another: both stand. The open draft is brought up
 * to date, no second one is made. */
static void edits_survive(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_item(s, ""), true);
    struct jval item = shop_ask(s, true, "bureau.item", "{'code':'x-licence'}");
    struct jobj *o = jobj_new(s->a);
    const struct jval *body = at(&item, "versions/0/body");
    for (size_t i = 0; i < body->n; i++) {
        jobj_put(o, body->obj[i].name, body->obj[i].val);
    }
    jobj_put(o, S("legal_review"), jval_of_bool(true));
    jobj_put(o, S("promised_limit"), jval_of_str(S("6wd")));
    struct jobj *in = jobj_new(s->a);
    jobj_put(in, S("code"), jval_of_str(S("x-licence")));
    jobj_put(in, S("body"), jobj_val(o));
    OK(shop_try_value(s, true, "bureau.draft", jobj_val(in), &item));
    IS(text_at(s, &item, "versions/0/version"), "2");
    IS(text_at(s, &item, "versions/0/status"), "draft");
    struct catalogue_report r = shop_import(s, shop_item(s, ""), true);
    assert_int_equal(r.items[CATALOGUE_SAME], 1);
    /* In the demo the draft went out with the import. */
    item = shop_ask(s, true, "bureau.item", "{'code':'x-licence'}");
    IS(text_at(s, &item, "versions/0/status"), "published");
    r = shop_import(s, shop_item(s, "'result_doc':'新证'"), true);
    assert_int_equal(r.items[CATALOGUE_CHANGED], 1);
    item = shop_ask(s, true, "bureau.item", "{'code':'x-licence'}");
    IS(text_at(s, &item, "versions/0/version"), "3");
    IS(text_at(s, &item, "versions/0/body/legal_review"), "true");
    IS(text_at(s, &item, "versions/0/body/promised_limit"), "6wd");
    IS(text_at(s, &item, "versions/0/body/result/zh"), "新证");
    IS(text_at(s, &item, "versions/1/status"), "withdrawn");
    IS(text_at(s, &item, "versions/1/superseded"), "true");
}

static void absent_items_are_told(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_item(s, ""), false);
    struct catalogue_report r = shop_import(s, shop_item(s, "'id':'y-licence'"), false);
    assert_int_equal(r.n_absent, 1);
    IS(str_z(s->a, r.absent[0]), "x-licence");
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item"), 2);
}

/* A unit that the bureau renamed is found by its code. */
static void renamed_unit(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_item(s, ""), false);
    OK(db_script(s->writer.db, s->a, S("UPDATE unit SET name = '高新区市场监督管理局'")));
    struct catalogue_report r = shop_import(s, shop_item(s, ""), false);
    assert_int_equal(r.items[CATALOGUE_SAME], 1);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM unit"), 1);
}

static struct err *import_then_fail(struct call *c, void *ctx)
{
    struct shop *s = ctx;
    struct catalogue_report r;
    TRY(catalogue_import(c, shop_file(s), true, &r));
    return ERROR(c->arena, ERR_INTERNAL, "测试", "test");
}

static void all_or_nothing(void **state)
{
    struct shop *s = *state;
    struct err *e = shop_run(s, import_then_fail, s);
    assert_int_equal(e->code, ERR_INTERNAL);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM item"), 0);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM unit"), 0);
    struct jval v = shop_ask(s, false, "item.list", "{}");
    assert_int_equal(at(&v, "rows")->n, 0);
}

static void through_the_api(void **state)
{
    struct shop *s = *state;
    struct jobj *o = jobj_new(s->a);
    struct jval file, v;
    OK(jread(s->a, str_bytes(shop_file(s)), &file));
    jobj_put(o, S("catalogue"), file);
    OK(shop_try_value(s, true, "catalogue.preview", jobj_val(o), &v));
    IS(text_at(s, &v, "items/new"), "51");
    IS(text_at(s, &v, "applied"), "false");
    OK(shop_try_value(s, true, "catalogue.import", jobj_val(o), &v));
    IS(text_at(s, &v, "applied"), "true");
    IS(text_at(s, &v, "rows/0/code"), "ent-setup");
    assert_int_equal(
        number(s, "SELECT COUNT(*) AS n FROM outbox WHERE topic = 'catalogue.changed'"), 1);
}

int test_import(void)
{
    const struct CMUnitTest tests[] = {
        CASE(whole_file),
        CASE(drafts_outside_the_demo),
        CASE(preview_changes_nothing),
        CASE(bad_rows),
        CASE(no_catalogue),
        CASE(edits_survive),
        CASE(absent_items_are_told),
        CASE(renamed_unit),
        CASE(all_or_nothing),
        CASE(through_the_api),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
