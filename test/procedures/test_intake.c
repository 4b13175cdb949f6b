/* Intake and the lawful ends (行政许可法 32, 34, 38), lateness, and what other regimes do. */
#include "story.h"

/* Art. 32(1)(1), (2), (3): no licence needed; not our power, naming the right organ; put right on
 * the spot, with before and after. */
static void five_branches(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t a = story_submit(h), b = story_submit(h), c = story_submit(h);
    refused(hall_act(h, CLERK, a, "no_licence", "{}"), ERR_FORM_INVALID);
    good(hall_act(h, CLERK, a, "no_licence", "{\"basis\":\"已取消许可\"}"));
    assert_string_equal(hall_state(h, a), "not_needed");
    refused(hall_act(h, CLERK, b, "not_ours", "{\"basis\":\"管辖\"}"), ERR_FORM_INVALID);
    good(hall_act(h, CLERK, b, "not_ours",
                  "{\"organ\":\"达川区市场监管局\",\"basis\":\"食品安全法6\"}"));
    assert_string_equal(hall_state(h, b), "not_ours");
    good(hall_act(h, CLERK, c, "fix",
                  "{\"changes\":[{\"field\":\"经营面积\",\"before\":\"12\",\"after\":\"126\"}]}"));
    assert_string_equal(hall_state(h, c), "received");
    hall_check(h, a);
    hall_check(h, b);
    hall_close(h);
}

/* Art. 32(1)(4): after five working days a notice is refused, since the matter is accepted by law.
 */
static void notice_too_late(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    hall_at(h, "2026-03-10 09:00"); /* nobody swept: the act itself catches up */
    refused(hall_act(h, CLERK, m, "notify", STORY_FIX), ERR_ACT_NOT_NOW);
    hall_sweep(h);
    assert_string_equal(hall_state(h, m), "review");
    hall_close(h);
}

/* An item's own limit for the notice (排污许可: 3 days). */
static void own_notice_limit(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM("\"supplement_notice\":\"3wd\","));
    int64_t m = story_submit(h);
    assert_string_equal(hall_due(h, m, "correction"), "2026-03-05");
    hall_close(h);
}

/* Art. 34(2): decided on the spot. Only where the item is immediate. */
static void on_the_spot(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM("\"immediate\":true,"));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "decide_now", "{\"opinion\":\"材料齐全\"}"));
    assert_string_equal(hall_state(h, m), "issuing");
    assert_string_equal(hall_due(h, m, "issue_deliver"), "2026-03-16");
    hall_check(h, m);
    hall_close(h);
    h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    m = story_submit(h);
    refused(hall_act(h, CLERK, m, "decide_now", "{\"opinion\":\"x\"}"), ERR_ACT_NOT_NOW);
    hall_close(h);
}

/* Art. 38(2): refused with reasons and basis, served. */
static void refusal(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"refuse\",\"opinion\":\"距离不足\"}"));
    refused(hall_act(h, APPROVER, m, "grant", NULL), ERR_ACT_NOT_NOW);
    refused(hall_act(h, APPROVER, m, "refuse", "{\"reason\":\"距离不足\"}"), ERR_FORM_INVALID);
    good(
        hall_act(h, APPROVER, m, "refuse", "{\"reason\":\"距离不足\",\"basis\":\"食品安全法33\"}"));
    good(hall_act(h, DELIVERER, m, "deliver", "{\"way\":\"post\",\"receiver\":\"何青\"}"));
    assert_string_equal(hall_state(h, m), "delivered");
    hall_check(h, m);
    hall_close(h);
}

/* Never completed: a reminder first, then ended by the unit's head; never silently. */
static void never_completed(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "notify", STORY_FIX));
    refused(hall_act(h, UNIT_HEAD, m, "lapse", "{\"reason\":\"逾期\"}"), ERR_ACT_NOT_NOW);
    hall_at(h, "2026-04-20 09:00");
    hall_sweep(h);
    assert_string_equal(hall_state(h, m), "correcting");
    struct matter *mm = hall_matter(h, m);
    assert_non_null(matter_last(mm, definition_act(mm->d, S("remind_over"))));
    good(hall_act(h, UNIT_HEAD, m, "lapse", "{\"reason\":\"逾期未补正\"}"));
    assert_string_equal(hall_state(h, m), "lapsed");
    hall_check(h, m);
    hall_close(h);
}

/* Recorded later than it occurred (paper at the counter in a power failure): reason needed after
 * one working day; never before the previous act, never in the future. */
static void recorded_late(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    hall_at(h, "2026-03-05 09:00");
    refused(hall_act_late(h, CLERK, m, "accept", STORY_OK, "2026-03-02 10:00", NULL),
            ERR_FORM_INVALID);
    refused(hall_act_late(h, CLERK, m, "accept", STORY_OK, "2026-03-01 10:00", "停电"),
            ERR_TIME_ORDER);
    refused(hall_act_late(h, CLERK, m, "accept", STORY_OK, "2026-03-09 10:00", "停电"),
            ERR_TIME_ORDER);
    good(
        hall_act_late(h, CLERK, m, "accept", STORY_OK, "2026-03-02 10:00", "停电，纸质受理单在案"));
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-30");
    hall_check(h, m);
    hall_close(h);
}

/* The applicant withdraws; running duties fall away. Another unit's approver sees nothing. */
static void withdrawal(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_applicant(h, m, "withdraw", "{\"reason\":\"改变计划\"}"));
    assert_string_equal(hall_state(h, m), "withdrawn");
    struct matter *mm = hall_matter(h, m);
    assert_int_equal(matter_clock(mm, definition_clock(mm->d, S("decide_legal")))->status,
                     CLOCK_CANCELLED);
    refused(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"x\"}"),
            ERR_ACT_NOT_NOW);
    hall_check(h, m);
    hall_close(h);
}

/* Art. 42(1): 20 days; a decision after that is late and stays visible as late, frozen. */
static void late_decision(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    hall_at(h, "2026-04-10 09:00");
    hall_sweep(h);
    refused(hall_act(h, REVIEWER, m, "ask_extension", "{\"reason\":\"晚了\"}"), ERR_ACT_NEED);
    good(hall_act(h, UNIT_HEAD, m, "explain_late", "{\"reason\":\"系统迁移\"}"));
    good(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"可\"}"));
    good(hall_act(h, APPROVER, m, "grant", NULL));
    struct matter *mm = hall_matter(h, m);
    const struct mclock *k = matter_clock(mm, definition_clock(mm->d, S("decide_legal")));
    assert_true(clockwork_late(k, story_at("2026-04-10 09:00")));
    hall_check(h, m);
    hall_close(h);
}

/* A public service has no deemed acceptance: nothing happens by itself, the clerk is merely late.
 */
static void no_deemed_acceptance(void **state)
{
    (void)state;
    struct hall *h = hall_open(story_at("2026-03-02 09:00"));
    hall_item(h, "food",
              "{\"name\":{\"zh\":\"社保登记\"},\"regime\":\"public_service\",\"counts_from\":"
              "\"acceptance\",\"legal_basis\":\"\",\"promised_limit\":\"3wd\",\"one_person\":"
              "true," STORY_MATERIALS ",\"form\":{\"area\":\"int! 1..100000 人数\"}}");
    int64_t m = story_submit(h);
    hall_at(h, "2026-03-20 09:00");
    hall_sweep(h);
    assert_string_equal(hall_state(h, m), "received");
    assert_null(hall_due(h, m, "decide_legal"));
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    assert_null(hall_due(h, m, "decide_legal"));
    assert_string_equal(hall_due(h, m, "decide_promised"), "2026-03-25");
    good(hall_act(h, CLERK, m, "do", "{\"opinion\":\"办结\"}"));
    good(hall_act(h, DELIVERER, m, "deliver", "{\"way\":\"window\",\"receiver\":\"何青\"}"));
    hall_check(h, m);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_branches),    cmocka_unit_test(notice_too_late),
        cmocka_unit_test(own_notice_limit), cmocka_unit_test(on_the_spot),
        cmocka_unit_test(refusal),          cmocka_unit_test(never_completed),
        cmocka_unit_test(recorded_late),    cmocka_unit_test(withdrawal),
        cmocka_unit_test(late_decision),    cmocka_unit_test(no_deemed_acceptance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
