/* Clocks over several commands: pauses that end later, clocks that end while paused, events of
 * effects, and a clock whose start was struck. `verify` has to agree each time. */
#include "form_maker.h"
#include "story.h"

#include "app/ledger/ledger.h"
#include "procedure/clockwork.h"

#define SPECIAL "{\"cause\":\"expert\",\"days\":5,\"basis\":\"行政许可法45\"}"

static struct mclock *clock_of(struct hall *h, int64_t id, const char *name)
{
    struct matter *m = hall_matter(h, id);
    struct mclock *k = matter_clock(m, definition_clock(m->d, str_of(name)));
    assert_non_null(k);
    return k;
}

static int64_t accepted(struct hall *h)
{
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    return m;
}

static int64_t deferred(struct hall *h)
{
    int64_t m = story_submit(h);
    struct maker mk = {.arena = h->arena, .hall = h, .owner = 101, .seed = 7};
    struct jval file = maker_upload(&mk);
    const char *form =
        str_z(h->arena,
              str_fmt(h->arena,
                      "{\"verdicts\":[{\"code\":\"food-01\",\"result\":\"ok\"},{\"code\":"
                      "\"food-02\",\"result\":\"ok\"},{\"code\":\"food-03\",\"result\":\"defer\"}],"
                      "\"deferred\":[{\"code\":\"food-03\"}],\"commitment\":\"%.*s\"}",
                      STR_ARG(file.s)));
    good(hall_act(h, CLERK, m, "accept_deferred", form));
    return m;
}

/* Art. 45: while paused there is no red; resumed by a later command, amber and red lie on the new
 * date. */
static void resumed_later(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = accepted(h);
    hall_at(h, "2026-03-04 09:00");
    good(hall_act(h, REVIEWER, m, "special", SPECIAL));
    assert_true(clock_of(h, m, "decide_legal")->due.red_ms == CIVIL_NEVER);
    assert_true(clock_of(h, m, "decide_legal")->next_at == CIVIL_NEVER);
    hall_at(h, "2026-03-10 17:00");
    good(hall_act(h, REVIEWER, hall_child(h, m, "special"), "finish", "{\"result\":\"同意\"}"));
    struct mclock *k = clock_of(h, m, "decide_legal");
    assert_int_equal(k->status, CLOCK_RUNNING);
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-04-03");
    assert_int_equal(k->due.red_ms, story_at("2026-04-04 00:00"));
    assert_int_equal(k->due.due_ms, k->due.red_ms);
    assert_int_equal(k->due.yellow_ms, story_at("2026-04-01 00:00"));
    assert_int_equal(k->next_at, k->due.yellow_ms);
    hall_verify(h);
    hall_close(h);
}

/* Art. 45: the time of the procedure is not counted, so a clock that ends while paused is dated as
 * of its end and is not late, however long the pause was. */
static void ended_while_paused(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = accepted(h);
    hall_at(h, "2026-03-04 09:00");
    good(hall_act(h, REVIEWER, m, "special", SPECIAL));
    hall_at(h, "2026-05-20 10:00");
    good(hall_applicant(h, m, "withdraw", "{\"reason\":\"不办了\"}"));
    struct mclock *k = clock_of(h, m, "decide_legal");
    assert_int_equal(k->status, CLOCK_CANCELLED);
    assert_true(k->due.due_ms != CIVIL_NEVER);
    assert_int_equal(k->due.due_ms, k->due.red_ms);
    assert_true(k->due.due_ms > k->stopped_at);
    assert_int_equal(k->left_amount, 18); /* of 20 working days, two were counted */
    hall_check(h, m);
    hall_verify(h);
    hall_close(h);
}

/* The same where the clock is met: the deferred material came in time and was looked at later. The
 * check by the clerk pauses the applicant's limit. */
static void met_while_paused(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00",
                                STORY_ITEM("\"allow_defer\":true,\"deferrable\":[\"food-03\"],"));
    int64_t m = deferred(h), d = hall_child(h, m, "deferral");
    assert_string_equal(hall_due(h, d, "supply"), "2026-03-09");
    hall_at(h, "2026-03-05 09:00");
    good(hall_applicant(h, d, "arrive", "{\"material\":{\"code\":\"food-03\",\"paper\":1}}"));
    assert_int_equal(clock_of(h, d, "supply")->status, CLOCK_PAUSED);
    hall_at(h, "2026-03-20 09:00");
    good(hall_act(h, CLERK, d, "pass", NULL));
    struct mclock *k = clock_of(h, d, "supply");
    assert_int_equal(k->status, CLOCK_MET);
    assert_true(k->due.due_ms != CIVIL_NEVER && k->due.due_ms >= k->stopped_at);
    assert_false(clockwork_late(k, story_at("2026-03-20 09:00")));
    hall_check(h, d);
    hall_verify(h);
    hall_close(h);
}

/* Art. 42: an extension only before the end. A procedure begun when the time was over gives it back
 * as little as it takes the red light away. */
static void paused_too_late(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = accepted(h);
    hall_at(h, "2026-04-02 09:00");
    hall_sweep(h);
    good(hall_act(h, REVIEWER, m, "special", SPECIAL));
    struct mclock *k = clock_of(h, m, "decide_legal");
    assert_int_equal(k->status, CLOCK_PAUSED);
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-30");
    hall_at(h, "2026-04-03 09:00");
    k = clock_of(h, m, "decide_legal");
    assert_true(clockwork_late(k, story_at("2026-04-03 09:00")));
    assert_int_equal(clockwork_light(k, story_at("2026-04-03 09:00")), 3);
    refused(hall_act(h, REVIEWER, m, "ask_extension", "{\"reason\":\"案情复杂\"}"), ERR_ACT_NEED);
    hall_check(h, m);
    hall_verify(h);
    hall_close(h);
}

static struct err *publish(struct call *c, void *ctx)
{
    return engine_event(c, *(int64_t *)ctx, S("publication.done"));
}

/* 双公示: the duty to publish is met by an event; it is an act, so the fold and verify know it. */
static void published(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM("\"immediate\":true,"));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "decide_now", "{\"opinion\":\"符合条件\"}"));
    assert_int_equal(clock_of(h, m, "publish")->status, CLOCK_RUNNING);
    hall_at(h, "2026-03-04 09:00");
    struct call c;
    call_init(&c, h->app, h->arena, ACTOR_STAFF);
    c.db = h->writer.db;
    c.actor = (struct actor){.kind = ACTOR_STAFF, .person_id = 101, .unit_id = 12};
    good(unit_run(&c, publish, &m));
    struct mclock *k = clock_of(h, m, "publish");
    assert_int_equal(k->status, CLOCK_MET);
    assert_int_equal(k->stopped_at, story_at("2026-03-04 09:00"));
    struct matter *mm = hall_matter(h, m);
    assert_true(str_eqz(mm->done[mm->n_done - 1].name, "record_event"));
    assert_int_equal(k->stop_act, mm->done[mm->n_done - 1].id);
    hall_check(h, m);
    hall_verify(h);
    good(db_script(h->writer.db, h->arena,
                   S("UPDATE clock SET status = 1, stop_act = NULL, stopped_at = NULL WHERE name = "
                     "'publish'")));
    struct verify_report r = {0};
    good(ledger_verify(&c, &r));
    assert_true(str_eqz(r.table, "clock"));
    hall_close(h);
}

/* design.md 5: a struck acceptance did not start the clock; the acceptance that follows does, with
 * its own date (art. 42: from acceptance). */
static void starts_again(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = accepted(h);
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-03-30");
    hall_at(h, "2026-03-03 09:00");
    good(hall_act_with(h, CLERK, UNIT_HEAD, m, "correct_record",
                       "{\"seq\":2,\"strike\":true,\"reason\":\"点错\"}"));
    assert_int_equal(clock_of(h, m, "decide_legal")->status, CLOCK_CANCELLED);
    assert_string_equal(hall_state(h, m), "received");
    hall_at(h, "2026-03-04 09:00");
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    struct mclock *k = clock_of(h, m, "decide_legal");
    assert_int_equal(k->status, CLOCK_RUNNING);
    assert_int_equal(k->round, 2);
    assert_string_equal(hall_due(h, m, "decide_legal"), "2026-04-01");
    hall_check(h, m);
    hall_verify(h);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resumed_later),    cmocka_unit_test(ended_while_paused),
        cmocka_unit_test(met_while_paused), cmocka_unit_test(paused_too_late),
        cmocka_unit_test(published),        cmocka_unit_test(starts_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
