/* Identifiers (approvals.md 7): published examples, our own policy, and the shared lists. */
#include "civil_test.h"

#include "civil/ident.h"

static void test_uscc(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum ident_fault want;
    } cases[] = {
        {"9144030071526726XG", IDENT_OK},
        {"914403001922038216", IDENT_OK},
        {"91440300192317458F", IDENT_OK},
        {"9152000071430580XT", IDENT_OK},
        {"91510700205412308D", IDENT_OK},
        {"91100000100003962T", IDENT_OK},
        {"N1230305QAYA6BYPNL", IDENT_OK}, /* rural collective */
        {"A1222405GCKY46P9R3", IDENT_OK},
        {"Y14401030X33634B6Q", IDENT_OK},
        {"91510000208903838R", IDENT_CHECK_DIGIT}, /* ends in P */
        {"914403001922038217", IDENT_CHECK_DIGIT},
        {"9144030071526726XO", IDENT_CHARACTER}, /* no letter O */
        {"9144030071526726xG", IDENT_CHARACTER},
        {"91A40300192203821X", IDENT_REGION},
        {"91440300192203821", IDENT_LENGTH},
        {"9144030019220382166", IDENT_LENGTH},
        {"", IDENT_LENGTH},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ident_check_uscc(str_of(cases[i].code)), cases[i].want);
    }
}

static void test_org(void **state)
{
    (void)state;
    assert_int_equal(ident_check_org(S("06032418-9")), IDENT_OK);
    assert_int_equal(ident_check_org(S("060324189")), IDENT_OK);
    assert_int_equal(ident_check_org(S("71526726X")), IDENT_OK);
    assert_int_equal(ident_check_org(S("060324188")), IDENT_CHECK_DIGIT);
    assert_int_equal(ident_check_org(S("0603241a9")), IDENT_CHARACTER);
    assert_int_equal(ident_check_org(S("06032418Y")), IDENT_CHARACTER);
    assert_int_equal(ident_check_org(S("0603241-89")), IDENT_LENGTH);
    assert_int_equal(ident_check_org(S("06032418")), IDENT_LENGTH);
}

static void test_rid(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum ident_fault want;
    } cases[] = {
        {"11010519491231002X", IDENT_OK},
        {"440524188001010014", IDENT_OK},
        {"810000191001010012", IDENT_OK}, /* residence permits */
        {"820000191001010014", IDENT_OK},
        {"830000191001010016", IDENT_OK},
        {"360426199101010071", IDENT_OK},
        {"371001198010082394", IDENT_OK},
        {"110105194912310021", IDENT_CHECK_DIGIT},
        {"345955198706122245", IDENT_CHECK_DIGIT},
        {"511722197002290013", IDENT_DATE}, /* check character right, no 29 February 1970 */
        {"511722197013010013", IDENT_DATE},
        {"511722197000010013", IDENT_DATE},
        {"511722179912310013", IDENT_DATE},
        {"001722197001010013", IDENT_REGION},
        {"11010519491231002x", IDENT_CHARACTER}, /* normalise first */
        {"1101051949123100X2", IDENT_CHARACTER},
        {"431389760616601", IDENT_LENGTH}, /* 15 digits: no longer issued */
    };
    int32_t today = day("2026-03-02");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ident_check_rid(str_of(cases[i].code), today), cases[i].want);
    }
    /* Born today, and tomorrow. */
    struct arena *a = arena_new(0);
    struct str first = S("51172220260302001");
    struct str born = str_fmt(a, "%.*s%c", STR_ARG(first), ident_rid_digit(first));
    assert_int_equal(ident_check_rid(born, today), IDENT_OK);
    assert_int_equal(ident_check_rid(born, today - 1), IDENT_DATE);
    arena_free(a);
}

static void test_phone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum ident_fault want;
    } cases[] = {
        {"13812342046", IDENT_OK},
        {"19912342046", IDENT_OK},
        {"0818-2345678", IDENT_OK},
        {"08182345678", IDENT_OK},
        {"010-12345678", IDENT_OK},
        {"0818-2345678-801", IDENT_OK},
        {"12012342046", IDENT_FORM},
        {"23812342046", IDENT_FORM},
        {"1381234204", IDENT_LENGTH},
        {"138123420466", IDENT_LENGTH},
        {"1381234204a", IDENT_CHARACTER},
        {"0818-234567", IDENT_LENGTH},
        {"0818-23456789", IDENT_OK},
        {"0818-234567890", IDENT_LENGTH},
        {"0818-2345678-", IDENT_LENGTH},
        {"0818-2345678-1234567", IDENT_LENGTH},
        {"0818-2345678-1-2", IDENT_CHARACTER},
        {"08-182345678", IDENT_LENGTH},
        {"", IDENT_LENGTH},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ident_check_phone(str_of(cases[i].text)), cases[i].want);
    }
}

static void test_normalise(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    assert_true(str_eqz(ident_normalise(a, S("11010519491231002x")), "11010519491231002X"));
    assert_true(str_eqz(ident_normalise(a, S(" 653023 19170316—6000\t")), "653023191703166000"));
    assert_true(str_eqz(ident_normalise(a, S("６５３０２３－１９１７０３１６６０００")),
                        "653023191703166000"));
    assert_true(str_eqz(ident_normalise(a, S("１１４４００００００６９３９７５６ｂ")),
                        "11440000006939756B"));
    assert_true(str_eqz(ident_normalise(a, S("\u3000\u00a0")), ""));
    assert_true(str_eqz(ident_normalise(a, S("张a")), "张A"));
    arena_free(a);
}

static void test_masks(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    assert_true(str_eqz(ident_mask_rid(a, S("511702199001011234")), "511702********1234"));
    assert_true(str_eqz(ident_mask_rid(a, S("1234567890")), "**********"));
    assert_true(str_eqz(ident_mask_phone(a, S("13812342046")), "138****2046"));
    assert_true(str_eqz(ident_mask_phone(a, S("1234567")), "*******"));
    assert_true(str_eqz(ident_mask_name(a, S("张三丰")), "张**"));
    assert_true(str_eqz(ident_mask_name(a, S("张三")), "张*"));
    assert_true(str_eqz(ident_mask_name(a, S("张")), "*"));
    assert_true(str_eqz(ident_mask_name(a, S("𠮷野")), "𠮷*"));
    assert_true(str_eqz(ident_mask_name(a, S("")), ""));
    arena_free(a);
}

/* A made-up code with its own check character is right; any other character in one place, or two
 * neighbours changed over, is not. */
static void test_digits_catch(void **state)
{
    (void)state;
    uint64_t seed = 11;
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for (int i = 0; i < 2000; i++) {
        char uscc[19] = "91511702";
        for (size_t k = 8; k < 17; k++) {
            uscc[k] = alphabet[next_random(&seed) % 31];
        }
        uscc[17] = ident_uscc_digit((struct str){uscc, 17});
        struct str s = {uscc, 18};
        assert_int_equal(ident_check_uscc(s), IDENT_OK);
        size_t at = 8 + next_random(&seed) % 10;
        char kept = uscc[at];
        for (size_t c = 0; c < 31; c++) {
            uscc[at] = alphabet[c];
            assert_int_equal(ident_check_uscc(s) == IDENT_OK, alphabet[c] == kept);
        }
        uscc[at] = kept;
        if (at < 17 && uscc[at] != uscc[at + 1]) {
            uscc[at] = uscc[at + 1];
            uscc[at + 1] = kept;
            assert_int_equal(ident_check_uscc(s), IDENT_CHECK_DIGIT);
        }
    }
}

static void test_shared_departments(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str rest = read_shared(a, "data/ids/real_uscc_guangdong_departments.csv");
    if (rest.p == NULL) {
        arena_free(a);
        skip();
        return;
    }
    (void)str_split(&rest, '\n');
    size_t good = 0;
    size_t bad = 0;
    while (rest.p != NULL) {
        struct str line = str_split(&rest, '\n');
        if (line.n > 0) {
            bool ok = ident_check_uscc(str_split(&line, ',')) == IDENT_OK;
            good += ok;
            bad += !ok;
        }
    }
    assert_int_equal(good, 175);
    assert_int_equal(bad, 2);
    arena_free(a);
}

/* Fault words are distinct and none is missing. */
static void test_words(void **state)
{
    (void)state;
    for (enum ident_fault f = IDENT_OK; f <= IDENT_FORM; f++) {
        assert_non_null(ident_fault_word(f));
        assert_non_null(ident_fault_zh(f));
        assert_non_null(ident_fault_en(f));
        for (enum ident_fault g = IDENT_OK; g < f; g++) {
            assert_string_not_equal(ident_fault_word(f), ident_fault_word(g));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uscc),         cmocka_unit_test(test_org),
        cmocka_unit_test(test_rid),          cmocka_unit_test(test_phone),
        cmocka_unit_test(test_normalise),    cmocka_unit_test(test_masks),
        cmocka_unit_test(test_digits_catch), cmocka_unit_test(test_shared_departments),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
