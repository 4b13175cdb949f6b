/* The licensing procedure through the real engine: 行政许可法 32–45, each behaviour with its
 * article. */
#include "story.h"

/* Submit → accept → propose → grant → issue → deliver; art. 42(1): 20 working days from acceptance.
 */
static void whole_way(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-02-10 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    assert_string_equal(hall_state(h, m), "received");
    assert_string_equal(hall_due(h, m, "correction"), "2026-02-24");
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-16");
    hall_at(h, "2026-02-12 10:00");
    good(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"符合条件\"}"));
    good(hall_act(h, APPROVER, m, "grant", NULL));
    assert_string_equal(hall_due(h, m, "issue_deliver"), "2026-03-04");
    good(hall_act(h, CLERK, m, "issue", NULL));
    good(hall_act(h, DELIVERER, m, "deliver", "{\"way\":\"window\",\"receiver\":\"何青\"}"));
    assert_string_equal(hall_state(h, m), "delivered");
    hall_check(h, m);
    hall_close(h);
}

/* Art. 32(1)(4): no notice in five working days → accepted as of receipt, by itself, at its own
 * instant, also when the server slept through the moment. */
static void deemed_acceptance(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-02-10 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    hall_at(h, "2026-03-30 09:00");
    hall_sweep(h);
    assert_string_equal(hall_state(h, m), "review");
    struct matter *mm = hall_matter(h, m);
    const struct mact *a = matter_last(mm, definition_act(mm->d, S("deem_accepted")));
    assert_non_null(a);
    assert_true(str_eqz(a->effective_on, "2026-02-10"));
    assert_int_equal(a->occurred_at, story_at("2026-02-25 00:00"));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-16");
    hall_check(h, m);
    hall_close(h);
}

/* Art. 32(1)(5): after correction, accepted as of the arrival of the last demanded supplement;
 * 72(4): a second notice naming new defects is refused. */
static void correction_once(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    refused(hall_act(h, CLERK, m, "accept", STORY_FIX), ERR_ACT_NEED);
    good(hall_act(h, CLERK, m, "notify", STORY_FIX));
    assert_string_equal(hall_state(h, m), "correcting");
    hall_at(h, "2026-03-05 15:00");
    good(hall_applicant(h, m, "supply", "{\"materials\":[{\"code\":\"food-02\",\"paper\":1}]}"));
    refused(hall_act(h, CLERK, m, "notify", STORY_FIX), ERR_ACT_NOT_NOW);
    refused(hall_act(h, UNIT_HEAD, m, "notify_again",
                     "{\"reason\":\"x\",\"verdicts\":[{\"code\":\"food-01\",\"result\":\"fix\"}]}"),
            ERR_ACT_NEED);
    hall_at(h, "2026-03-06 16:00");
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    struct matter *mm = hall_matter(h, m);
    assert_true(
        str_eqz(matter_last(mm, definition_act(mm->d, S("accept")))->effective_on, "2026-03-05"));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-04-02");
    hall_check(h, m);
    hall_close(h);
}

/* Art. 45: an expert review with a written notice pauses; a site visit never stops the legal clock.
 */
static void special_procedure(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-30");
    hall_at(h, "2026-03-04 09:00");
    good(hall_act(h, REVIEWER, m, "special",
                  "{\"cause\":\"expert\",\"days\":5,\"basis\":\"行政许可法45\"}"));
    refused(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"x\"}"),
            ERR_ACT_NEED);
    int64_t child = hall_child(h, m, "special");
    struct mclock *k =
        matter_clock(hall_matter(h, m), definition_clock(hall_matter(h, m)->d, S("decide_legal")));
    assert_int_equal(k->status, CLOCK_PAUSED);
    hall_at(h, "2026-03-10 17:00");
    good(hall_act(h, REVIEWER, child, "finish", "{\"result\":\"同意\"}"));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-04-03");
    hall_check(h, m);
    good(hall_act(h, REVIEWER, m, "special",
                  "{\"cause\":\"site\",\"days\":3,\"basis\":\"现场踏勘\"}"));
    k = matter_clock(hall_matter(h, m), definition_clock(hall_matter(h, m)->d, S("decide_legal")));
    assert_int_equal(k->status, CLOCK_RUNNING);
    hall_close(h);
}

/* Art. 42: extension once, before expiry, by the head of the organ. */
static void extension(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-02-10 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act(h, REVIEWER, m, "ask_extension", "{\"reason\":\"案情复杂\"}"));
    refused(hall_act(h, APPROVER, m, "extend", NULL), ERR_ACT_NOT_YOURS);
    good(hall_act(h, ORGAN_HEAD, m, "extend", NULL));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-30");
    refused(hall_act(h, ORGAN_HEAD, m, "extend", NULL), ERR_ACT_USED_UP);
    hall_check(h, m);
    hall_close(h);
}

/* Separation of duty: who proposed does not grant; the refusal names the earlier act. */
static void separation(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act_with(h, REVIEWER, REVIEWER2, m, "inspect",
                       "{\"result\":\"pass\",\"record\":\"现场符合\"}"));
    refused(hall_act(h, REVIEWER, m, "inspect", "{\"result\":\"pass\",\"record\":\"一人\"}"),
            ERR_FORM_INVALID);
    good(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"可\"}"));
    refused(hall_act(h, CLERK, m, "grant", NULL), ERR_ACT_NOT_YOURS);
    hall_close(h);
}

/* A mistake put right in the open: the accept is struck, state and clocks fold back; then done
 * again. */
static void correction_of_record(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    refused(
        hall_act(h, CLERK, m, "correct_record", "{\"seq\":2,\"strike\":true,\"reason\":\"点错\"}"),
        ERR_FORM_INVALID);
    good(hall_act_with(h, CLERK, UNIT_HEAD, m, "correct_record",
                       "{\"seq\":2,\"strike\":true,\"reason\":\"点错\"}"));
    assert_string_equal(hall_state(h, m), "received");
    assert_string_equal(hall_due(h, m, "correction"), "2026-03-09");
    struct matter *mm = hall_matter(h, m);
    assert_int_equal(matter_clock(mm, definition_clock(mm->d, S("decide_legal")))->status,
                     CLOCK_CANCELLED);
    hall_check(h, m);
    good(hall_act(h, CLERK, m, "notify", STORY_FIX));
    hall_check(h, m);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_way),
        cmocka_unit_test(deemed_acceptance),
        cmocka_unit_test(correction_once),
        cmocka_unit_test(special_procedure),
        cmocka_unit_test(extension),
        cmocka_unit_test(separation),
        cmocka_unit_test(correction_of_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
