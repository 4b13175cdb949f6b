/* The group-committing writer, on both engines: failing units, leaves, outbox, command ids. */
#include "office_test.h"

#include <stdio.h>

static void a_write_is_answered_after_its_commit(void **state)
{
    struct office *o = office_of(state);
    struct job *j;

    office_start(o);
    j = job_new(o, &(struct probe){.name = "a", .text = "甲", .key = "key-00001", .leaves = 1});
    job_do(o, j);
    OK(j->outcome.err);
    assert_int_equal(j->outcome.status, 201);
    STR_IS(j->outcome.reply.location, "/api/v1/probes/a");
    assert_false(j->outcome.replayed);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM setting WHERE name = 'a'"), 1);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM outbox"), 1);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM audit WHERE op = 'probe.put'"), 1);
    job_free(j);
    j = job_new(o, &(struct probe){.op = "probe.get", .name = "a"});
    job_do(o, j);
    OK(j->outcome.err);
    assert_true(str_find(j->outcome.body, S("甲")) >= 0);
    job_free(j);
}

/* One group: 24 commands, every third fails after it wrote everything. */
static void failing_units_undo_only_themselves(void **state)
{
    struct office *o = office_of(state);
    struct job *jobs[24];
    struct writer *w;
    struct call c;
    char name[24][16], key[24][24];
    int64_t last_outbox = 0;

    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    c.db = o->db;
    OK(writer_of(&c, &w));
    for (int i = 0; i < 24; i++) {
        (void)snprintf(name[i], sizeof(name[i]), "n%d", i);
        (void)snprintf(key[i], sizeof(key[i]), "key-%05d", i);
        jobs[i] = job_new(
            o,
            &(struct probe){.name = name[i], .key = key[i], .leaves = i % 4, .fail = i % 3 == 1});
    }
    writer_group(w, jobs, 24);
    for (int i = 0; i < 24; i++) {
        if (i % 3 == 1) {
            FAILS(jobs[i]->outcome.err, ERR_CONFLICT);
            assert_int_equal(jobs[i]->outcome.status, 409);
        } else {
            OK(jobs[i]->outcome.err);
        }
        job_free(jobs[i]);
    }
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM setting WHERE name LIKE 'n%'"),
                     16);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM outbox"), 16);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency"), 16);
    /* Leaves are gapless though units failed, and the frontier agrees. */
    int64_t leaves = office_number(o, "SELECT COUNT(*) AS n FROM ledger_leaf");
    assert_int_equal(leaves, 24);
    assert_int_equal(office_number(o, "SELECT MAX(leaf_index) + 1 AS n FROM ledger_leaf"), leaves);
    assert_int_equal(office_number(o, "SELECT size AS n FROM ledger_frontier"), leaves);
    assert_int_equal(w->head.frontier.size, leaves);
    last_outbox = office_number(o, "SELECT MAX(id) AS n FROM outbox");
    assert_int_equal(IDS_OFFICE(last_outbox), o->app.office_id);
    assert_int_equal(atomic_load(&w->units_failed), 8);
    assert_int_equal(command_ids_count(w->commands), 16);
}

static void outbox_ids_increase_over_groups_and_restarts(void **state)
{
    struct office *o = office_of(state);
    int64_t last = 0;
    char name[32], key[32];

    for (int round = 0; round < 3; round++) {
        office_start(o);
        for (int i = 0; i < 3; i++) {
            struct job *j;
            int64_t now;

            (void)snprintf(name, sizeof(name), "r%d-%d", round, i);
            (void)snprintf(key, sizeof(key), "key-%d-%05d", round, i);
            j = job_new(o, &(struct probe){.name = name, .key = key, .fail = i == 1, .leaves = 2});
            job_do(o, j);
            now = office_number(o, "SELECT MAX(id) AS n FROM outbox");
            assert_true(i == 1 ? now == last : now > last);
            last = now;
            job_free(j);
        }
        office_stop(o);
    }
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM outbox"), 6);
    assert_int_equal(office_number(o, "SELECT MAX(leaf_index) AS n FROM ledger_leaf"), 11);
}

static void
repeat(struct office *o, const char *text, const char *key, int64_t person, struct job **ret)
{
    *ret = job_new(o, &(struct probe){
                          .name = "x", .text = text, .key = key, .person_id = person, .leaves = 1});
    job_do(o, *ret);
}

static void a_repeated_command_gets_the_stored_reply(void **state)
{
    struct office *o = office_of(state);
    struct job *first, *again;

    office_start(o);
    repeat(o, "姓名张三", "the-same-key", 5, &first);
    OK(first->outcome.err);
    repeat(o, "姓名张三", "the-same-key", 5, &again);
    OK(again->outcome.err);
    assert_true(again->outcome.replayed);
    assert_int_equal(again->outcome.status, 201);
    assert_true(str_eq(first->outcome.body, again->outcome.body));
    STR_IS(again->outcome.reply.location, "/api/v1/probes/x");
    STR_IS(again->outcome.reply.etag, "1");
    job_free(again);
    repeat(o, "李四", "the-same-key", 5, &again);
    FAILS(again->outcome.err, ERR_KEY_MISMATCH);
    assert_int_equal(again->outcome.status, 422);
    job_free(again);
    /* Another person's key is another key: the command runs, and meets the row of the first. */
    repeat(o, "姓名张三", "the-same-key", 6, &again);
    FAILS(again->outcome.err, ERR_DB_UNIQUE);
    job_free(again);
    office_stop(o);
    office_start(o);
    repeat(o, "姓名张三", "the-same-key", 5, &again);
    OK(again->outcome.err);
    assert_true(again->outcome.replayed);
    assert_true(str_eq(first->outcome.body, again->outcome.body));
    job_free(again);
    job_free(first);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency"), 1);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM ledger_leaf"), 1);
}

static void a_failed_command_may_be_repeated(void **state)
{
    struct office *o = office_of(state);
    struct job *j;

    office_start(o);
    j = job_new(o, &(struct probe){.name = "x", .key = "key-again", .fail = true});
    job_do(o, j);
    FAILS(j->outcome.err, ERR_CONFLICT);
    job_free(j);
    j = job_new(o, &(struct probe){.name = "x", .key = "key-again"});
    job_do(o, j);
    OK(j->outcome.err);
    job_free(j);
}

/* Both in one group: the second sees the first. */
static void a_repetition_in_the_same_group_is_answered_too(void **state)
{
    struct office *o = office_of(state);
    struct probe p = {.name = "x", .key = "key-twice"};
    struct job *jobs[2] = {job_new(o, &p), job_new(o, &p)};
    struct writer *w;
    struct call c;

    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    c.db = o->db;
    OK(writer_of(&c, &w));
    writer_group(w, jobs, 2);
    OK(jobs[0]->outcome.err);
    OK(jobs[1]->outcome.err);
    assert_false(jobs[0]->outcome.replayed);
    assert_true(jobs[1]->outcome.replayed);
    job_free(jobs[0]);
    job_free(jobs[1]);
}

static void command_ids_end_after_24_hours(void **state)
{
    struct office *o = office_of(state);
    struct probe p = {.name = "x", .key = "key-old-1"};
    struct job *j;
    int64_t start = INT64_C(1767225600000);

    clock_free(o->app.clock);
    o->app.clock = clock_simulated(start);
    j = job_new(o, &p);
    lane_run_here(&o->app, o->db, j);
    OK(j->outcome.err);
    job_wait(j);
    job_free(j);
    clock_set(o->app.clock, start + COMMAND_LIFE_MS - 1);
    j = job_new(o, &p);
    lane_run_here(&o->app, o->db, j);
    assert_true(j->outcome.replayed);
    job_wait(j);
    job_free(j);
    clock_set(o->app.clock, start + COMMAND_LIFE_MS);
    j = job_new(o, &p);
    lane_run_here(&o->app, o->db, j);
    FAILS(j->outcome.err, ERR_DB_UNIQUE); /* it ran again */
    job_wait(j);
    job_free(j);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency"), 0);
}

static void stored_replies_hold_no_clear_text(void **state)
{
    struct office *o = office_of(state);
    struct job *j =
        job_new(o, &(struct probe){.name = "x", .text = "SECRET-NAME", .key = "key-sealed"});

    lane_run_here(&o->app, o->db, j);
    OK(j->outcome.err);
    assert_true(str_find(j->outcome.body, S("SECRET-NAME")) >= 0);
    job_wait(j);
    job_free(j);
    if (o->pg) {
        assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency WHERE "
                                          "POSITION('SECRET'::bytea IN reply) > 0"),
                         0);
    } else {
        assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency WHERE "
                                          "instr(reply, CAST('SECRET' AS BLOB)) > 0"),
                         0);
    }
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency"), 1);
}

static void a_key_is_demanded(void **state)
{
    struct office *o = office_of(state);
    struct job *j = job_new(o, &(struct probe){.name = "x"});

    lane_run_here(&o->app, o->db, j);
    FAILS(j->outcome.err, ERR_KEY_MISSING);
    job_wait(j);
    job_free(j);
}

static struct err *three_leaves(struct call *c, void *ctx)
{
    unsigned char hash[32];
    int64_t *index = ctx;

    for (int i = 0; i < 3; i++) {
        TRY(unit_leaf(c, 1, str_bytes(S("leaf")), 0, index, hash));
    }
    return NULL;
}

static struct err *then_fail(struct call *c, void *ctx)
{
    TRY(three_leaves(c, ctx));
    return ERROR(c->arena, ERR_CONFLICT, "不", "no");
}

static void unit_run_works_without_lanes(void **state)
{
    struct office *o = office_of(state);
    struct call c;
    int64_t index = -1;

    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    c.db = o->db;
    OK(unit_run(&c, three_leaves, &index));
    assert_int_equal(index, 2);
    FAILS(unit_run(&c, then_fail, &index), ERR_CONFLICT);
    assert_int_equal(index, 5);
    OK(unit_run(&c, three_leaves, &index));
    assert_int_equal(index, 5);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM ledger_leaf"), 6);
    assert_int_equal(office_number(o, "SELECT size AS n FROM ledger_frontier"), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(a_write_is_answered_after_its_commit),
        BOTH(failing_units_undo_only_themselves),
        BOTH(outbox_ids_increase_over_groups_and_restarts),
        BOTH(a_repeated_command_gets_the_stored_reply),
        BOTH(a_failed_command_may_be_repeated),
        BOTH(a_repetition_in_the_same_group_is_answered_too),
        BOTH(command_ids_end_after_24_hours),
        BOTH(stored_replies_hold_no_clear_text),
        BOTH(a_key_is_demanded),
        BOTH(unit_run_works_without_lanes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
