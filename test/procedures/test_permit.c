/* Who may act and read: recusal (回避), and roles whose only acts are those that every kind
 * includes. */
#include "story.h"

static void recuse(struct hall *h, int person, const char *from, const char *to)
{
    struct str until = to == NULL ? S("NULL") : str_fmt(h->arena, "%lld", (long long)story_at(to));
    good(
        db_script(h->writer.db, h->arena,
                  str_fmt(h->arena,
                          "DELETE FROM recusal; INSERT INTO recusal (person_id, party_id, ground, "
                          "from_at, to_at) VALUES (%d, %lld, '近亲属', %lld, %.*s)",
                          person, (long long)h->party, (long long)story_at(from), STR_ARG(until))));
}

#define INSPECT "{\"result\":\"pass\",\"record\":\"现场符合\"}"

/* Whoever has an interest in the applicant does not act, alone or as the second person; the refusal
 * names the ground. */
static void recusal(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    recuse(h, 100 + CLERK, "2026-01-01 00:00", NULL);
    struct err *e = hall_act(h, CLERK, m, "accept", STORY_OK);
    refused(e, ERR_ACT_RECUSED);
    bool ground = false;
    for (const struct err_member *x = e->members; x != NULL; x = x->next) {
        ground = ground || (strcmp(x->name, "ground") == 0 && str_find(x->json, S("近亲属")) >= 0);
    }
    assert_true(ground);
    assert_string_equal(hall_state(h, m), "received");
    recuse(h, 100 + CLERK, "2026-01-01 00:00", "2026-03-01 00:00"); /* over */
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    recuse(h, 100 + REVIEWER2, "2026-01-01 00:00", NULL);
    refused(hall_act_with(h, REVIEWER, REVIEWER2, m, "inspect", INSPECT), ERR_ACT_RECUSED);
    recuse(h, 100 + REVIEWER2, "2026-04-01 00:00", NULL); /* not yet */
    good(hall_act_with(h, REVIEWER, REVIEWER2, m, "inspect", INSPECT));
    hall_close(h);
}

#define STRIKE "{\"seq\":2,\"strike\":true,\"reason\":\"点错\"}"
#define ERASE  "{\"scope\":\"body\",\"basis\":\"个人信息保护法47\",\"reason\":\"到期\"}"

/* Erasing takes two. */
static void second_officer(struct hall *h)
{
    good(db_script(h->writer.db, h->arena,
                   S("INSERT INTO role_grant (id, person_id, office_id, unit_id, role, from_on, "
                     "act_id) VALUES (900, 104, 1, 12, 'records_officer', '2020-01-01', 0)")));
}

/* The records officer erases by law (个人信息保护法47), so he reads the matter. */
static void records_officer(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    second_officer(h);
    good(hall_act_with(h, RECORDS, APPROVER, m, "erase", ERASE));
    hall_close(h);
}

/* What was struck stays struck when the reasons for it are erased; a record without contents is not
 * corrected any more. */
static void struck_and_erased(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act_with(h, CLERK, UNIT_HEAD, m, "correct_record", STRIKE));
    second_officer(h);
    good(hall_act_with(h, RECORDS, APPROVER, m, "erase", ERASE));
    struct matter *mm = hall_matter(h, m);
    assert_true(mm->done[1].struck);
    assert_false(mm->done[1].corrected);
    assert_int_equal(matter_count(mm, definition_act(mm->d, S("accept"))), 0);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    refused(hall_act_with(h, CLERK, UNIT_HEAD, m, "correct_record",
                          "{\"seq\":5,\"strike\":true,\"reason\":\"点错\"}"),
            ERR_CONFLICT);
    assert_string_equal(hall_state(h, m), "review");
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recusal),
        cmocka_unit_test(records_officer),
        cmocka_unit_test(struck_and_erased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
