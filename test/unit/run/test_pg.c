/* What only PostgreSQL can do to the writer: lose the connection, leave a commit in doubt, take the
 * office away (design.md 2 and 3). */
#include "office_test.h"

#include <stdio.h>

static struct writer *writer(struct office *o)
{
    struct writer *w;
    struct call c;

    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    c.db = o->db;
    OK(writer_of(&c, &w));
    return w;
}

/* Ends its own connection the first `times` times. */
static struct err *cut(struct call *c, void *ctx)
{
    int *times = ctx;

    if ((*times)-- > 0) {
        return db_script(c->db, c->arena, S("SELECT pg_terminate_backend(pg_backend_pid())"));
    }
    return NULL;
}

static struct job *cutter(struct office *o, int *times)
{
    struct job *j = job_new(o, &(struct probe){.name = "cut"});

    j->fn = cut;
    j->ctx = times;
    return j;
}

static void a_lost_connection_runs_the_group_again(void **state)
{
    struct office *o = office_of(state);
    struct writer *w = writer(o);
    int times = 1;
    struct job *jobs[3] = {
        job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 2}),
        cutter(o, &times),
        job_new(o, &(struct probe){.name = "b", .key = "key-00002", .leaves = 1}),
    };

    writer_group(w, jobs, 3);
    for (int i = 0; i < 3; i++) {
        OK(jobs[i]->outcome.err);
        assert_false(jobs[i]->outcome.replayed);
        job_free(jobs[i]);
    }
    assert_int_equal(times, -1);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM setting WHERE name IN ('a', 'b')"),
                     2);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM ledger_leaf"), 3);
    assert_int_equal(w->head.frontier.size, 3);
    assert_int_equal(command_ids_count(w->commands), 2);
}

static void a_connection_that_stays_lost_is_an_error_and_nothing_is_written(void **state)
{
    struct office *o = office_of(state);
    struct writer *w = writer(o);
    int times = 100;
    struct job *jobs[2] = {
        job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 2}),
        cutter(o, &times),
    };
    struct job *after;

    writer_group(w, jobs, 2);
    FAILS(jobs[0]->outcome.err, ERR_DB_UNAVAILABLE);
    FAILS(jobs[1]->outcome.err, ERR_DB_UNAVAILABLE);
    job_free(jobs[0]);
    job_free(jobs[1]);
    after = job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 2});
    writer_group(w, &after, 1);
    OK(after->outcome.err);
    assert_false(after->outcome.replayed);
    job_free(after);
    assert_int_equal(office_number(o, "SELECT MAX(leaf_index) AS n FROM ledger_leaf"), 1);
}

/* Runs a job in a group up to the commit, whose answer is then "lost". */
static struct job *doubtful(struct office *o, struct writer *w, struct group *g, bool commit)
{
    struct job *j = job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 2});

    group_init(g, w, o->a);
    OK(group_open(g));
    assert_true(writer_unit(g, j));
    OK(j->outcome.err);
    if (commit) {
        OK(group_close(g));
    } else {
        group_rollback(w->db);
    }
    group_undone(g);
    return j;
}

static void a_commit_in_doubt_that_happened_is_recognised(void **state)
{
    struct office *o = office_of(state);
    struct writer *w = writer(o);
    struct group g;
    struct job *j = doubtful(o, w, &g, true);
    bool committed;

    OK(group_recover(&g, &committed));
    assert_true(committed);
    group_committed(&g);
    job_free(j);
    assert_int_equal(w->head.frontier.size, 2);
    /* Its command id was read back from the table. */
    j = job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 2});
    writer_group(w, &j, 1);
    OK(j->outcome.err);
    assert_true(j->outcome.replayed);
    job_free(j);
}

static void a_commit_in_doubt_that_did_not_happen_is_recognised(void **state)
{
    struct office *o = office_of(state);
    struct writer *w = writer(o);
    struct group g;
    struct job *j = doubtful(o, w, &g, false);
    bool committed;

    OK(group_recover(&g, &committed));
    assert_false(committed);
    job_free(j);
    assert_int_equal(w->head.frontier.size, 0);
    j = job_new(o, &(struct probe){.name = "a", .key = "key-00001", .leaves = 2});
    writer_group(w, &j, 1);
    OK(j->outcome.err);
    assert_false(j->outcome.replayed);
    job_free(j);
    assert_int_equal(office_number(o, "SELECT MAX(leaf_index) AS n FROM ledger_leaf"), 1);
}

/* The data base stayed away so long that the group was given up; it had committed. */
static void a_commit_learned_of_later_is_caught_up(void **state)
{
    struct office *o = office_of(state);
    struct writer *w = writer(o);
    struct group g, later;
    struct job *j = doubtful(o, w, &g, true);
    bool committed;

    job_free(j);
    group_init(&later, w, o->a);
    OK(group_recover(&later, &committed));
    assert_false(committed);
    assert_int_equal(w->head.frontier.size, 2);
    j = job_new(o, &(struct probe){.name = "b", .key = "key-00002", .leaves = 1});
    writer_group(w, &j, 1);
    OK(j->outcome.err);
    job_free(j);
    assert_int_equal(office_number(o, "SELECT MAX(leaf_index) AS n FROM ledger_leaf"), 2);
}

static void who_lost_the_lease_writes_no_more(void **state)
{
    struct office *o = office_of(state);
    struct writer *w = writer(o);
    struct job *j = job_new(o, &(struct probe){.name = "a", .key = "key-00001"});

    writer_group(w, &j, 1);
    OK(j->outcome.err);
    job_free(j);
    office_script(o, "UPDATE office_lease SET owner = 'another', epoch = epoch + 1");
    for (int i = 0; i < 2; i++) {
        j = job_new(o, &(struct probe){.name = "b", .key = "key-00002"});
        writer_group(w, &j, 1);
        FAILS(j->outcome.err, ERR_OFFICE_ELSEWHERE);
        job_free(j);
    }
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM setting WHERE name = 'b'"), 0);
}

static void another_server_is_kept_out_until_the_lease_is_given_up(void **state)
{
    struct office *o = office_of(state);

    office_start(o);
    office_stop(o);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM office_lease WHERE until_at = 0"),
                     1);
    office_script(o, "UPDATE office_lease SET owner = 'another', until_at = 99999999999999");
    FAILS(office_try_start(o), ERR_OFFICE_ELSEWHERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PG(a_lost_connection_runs_the_group_again),
        ON_PG(a_connection_that_stays_lost_is_an_error_and_nothing_is_written),
        ON_PG(a_commit_in_doubt_that_happened_is_recognised),
        ON_PG(a_commit_in_doubt_that_did_not_happen_is_recognised),
        ON_PG(a_commit_learned_of_later_is_caught_up),
        ON_PG(who_lost_the_lease_writes_no_more),
        ON_PG(another_server_is_kept_out_until_the_lease_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
