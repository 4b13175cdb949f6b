/* Codes of materials are for ever (material.h). */
#include "shop.h"

#include "app/catalogue/material.h"

/* List and prior body as JSON; the codes come back joined, the body in *ret_body. */
static const char *
codes(struct shop *s, const char *list, const struct jval *prior, struct jval *ret_body)
{
    struct err *faults = NULL;
    struct jval given;
    struct jval l = shop_json(s, list);
    struct jval out = materials_coded(s->a, S("it"), &l, prior, &faults, &given);
    OK(faults);
    struct jobj *o = jobj_new(s->a);
    jobj_put(o, S("materials"), out);
    jobj_put(o, S("material_codes"), given);
    *ret_body = jobj_val(o);
    struct buf b;
    buf_init(&b, s->a, 64);
    for (size_t i = 0; i < out.n; i++) {
        buf_fmt(&b, "%s%s", i > 0 ? " " : "", text_at(s, &out.list[i], "code"));
    }
    return buf_str(&b).p;
}

static void never_reused(void **state)
{
    struct shop *s = *state;
    struct jval b1, b2, b3, b4;
    IS(codes(s, "[{'name':'甲'},{'name':'乙'},{'name':'丙'}]", NULL, &b1), "it-01 it-02 it-03");
    IS(codes(s, "[{'name':'丙'},{'name':'甲'}]", &b1, &b2), "it-03 it-01");
    IS(codes(s, "[{'name':'丁'},{'name':'甲'}]", &b2, &b3), "it-04 it-01");
    /* 乙 was away twice and gets its own number back. */
    IS(codes(s, "[{'name':'戊'},{'name':'乙'},{'name':'丁'}]", &b3, &b4), "it-05 it-02 it-04");
    IS(text_at(s, &b4, "material_codes/next"), "6");
}

static void same_name_twice(void **state)
{
    struct shop *s = *state;
    struct jval b1, b2;
    IS(codes(s, "[{'name':'甲'},{'name':'甲'}]", NULL, &b1), "it-01 it-02");
    IS(codes(s, "[{'name':'甲'},{'name':'甲'}]", &b1, &b2), "it-01 it-02");
}

/* The bureau renames a material: it stays the same, and the file still finds it by its old name. */
static void renamed(void **state)
{
    struct shop *s = *state;
    struct jval b1, b2, b3;
    (void)codes(s, "[{'name':{'zh':'甲'}},{'name':{'zh':'乙'}}]", NULL, &b1);
    IS(codes(s, "[{'code':'it-01','name':{'zh':'甲（原件）'}},{'code':'it-02','name':{'zh':'乙'}}]",
             &b1, &b2),
       "it-01 it-02");
    IS(text_at(s, &b2, "materials/0/was"), "甲");
    IS(codes(s, "[{'name':{'zh':'甲'}},{'name':{'zh':'乙'}}]", &b2, &b3), "it-01 it-02");
}

static void foreign_code(void **state)
{
    struct shop *s = *state;
    struct err *faults = NULL;
    struct jval given;
    struct jval l = shop_json(s, "[{'code':'other-01','name':'甲'}]");
    (void)materials_coded(s->a, S("it"), &l, NULL, &faults, &given);
    assert_non_null(fault_at(faults, "/materials/0/code"));
}

int test_material(void)
{
    const struct CMUnitTest tests[] = {CASE(never_reused), CASE(same_name_twice), CASE(renamed),
                                       CASE(foreign_code)};
    return cmocka_run_group_tests_name("material", tests, NULL, NULL);
}
