/* kill -9 during load: every acknowledged command is there once, nothing is half there, and the
 * office starts again with a ledger that fits its last checkpoint. */
#include "office_test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS   5
#define AT_ONCE  16
#define MAX_ACKS 20000

struct ack {
    int round, number;
};

/* The child: commands without end; each acknowledgement goes through the pipe. */
static void load(struct office *o, int round, int to_parent)
{
    struct job *jobs[AT_ONCE];
    char name[32], key[32];
    int number = 0;

    for (;;) {
        for (int i = 0; i < AT_ONCE; i++) {
            (void)snprintf(name, sizeof(name), "r%d-%d", round, number + i);
            (void)snprintf(key, sizeof(key), "key-r%d-%d", round, number + i);
            jobs[i] =
                job_new(o, &(struct probe){.name = name, .key = key, .leaves = 2, .fail = i == 3});
            job_post(o, jobs[i]);
        }
        for (int i = 0; i < AT_ONCE; i++) {
            struct ack ack = {round, number + i};

            job_wait(jobs[i]);
            if (jobs[i]->outcome.err == NULL) {
                CHECK(write(to_parent, &ack, sizeof(ack)) == (ssize_t)sizeof(ack));
            }
            job_free(jobs[i]);
        }
        number += AT_ONCE;
    }
}

static size_t run_and_kill(struct office *o, int round, struct ack *ret)
{
    struct timespec wait = {.tv_sec = 0, .tv_nsec = 150 * 1000000 + round * 7000000};
    int ends[2];
    size_t n = 0;
    pid_t child;
    int status;

    assert_int_equal(pipe(ends), 0);
    db_close(o->db);
    o->db = NULL;
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        office_start(o);
        load(o, round, ends[1]);
    }
    (void)close(ends[1]);
    /* It has begun when its first acknowledgement comes. */
    assert_int_equal(read(ends[0], &ret[n++], sizeof(*ret)), (ssize_t)sizeof(*ret));
    (void)nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status)); /* and not of itself before */
    while (n < MAX_ACKS && read(ends[0], &ret[n], sizeof(*ret)) == (ssize_t)sizeof(*ret)) {
        n++;
    }
    (void)close(ends[0]);
    return n;
}

static void no_acknowledged_command_is_lost(void **state)
{
    struct office *o = office_of(state);
    struct ack *acks = mem_new(MAX_ACKS, sizeof(*acks));
    size_t total = 0;

    for (int round = 0; round < ROUNDS; round++) {
        size_t n = run_and_kill(o, round, acks);
        char sql[200];

        office_stop(o); /* opens the connection again */
        for (size_t i = 0; i < n; i++) {
            (void)snprintf(sql, sizeof(sql),
                           "SELECT COUNT(*) AS n FROM setting WHERE name = 'r%d-%d'", acks[i].round,
                           acks[i].number);
            if (i % 7 == 0 || i + AT_ONCE > n) {
                assert_int_equal(office_number(o, sql), 1);
            }
        }
        (void)snprintf(sql, sizeof(sql),
                       "SELECT COUNT(*) AS n FROM setting WHERE name LIKE 'r%d-%%'", round);
        assert_true(office_number(o, sql) >= (int64_t)n);
        total += n;
        /* Nothing half: two leaves, one event, one audit row and one stored reply for each row. */
        int64_t rows = office_number(o, "SELECT COUNT(*) AS n FROM setting WHERE name LIKE 'r%-%'");
        assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM ledger_leaf"), rows * 2);
        assert_int_equal(office_number(o, "SELECT MAX(leaf_index) + 1 AS n FROM ledger_leaf"),
                         rows * 2);
        assert_int_equal(office_number(o, "SELECT size AS n FROM ledger_frontier"), rows * 2);
        assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM outbox"), rows);
        assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM audit"), rows);
        assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM idempotency"), rows);
    }
    assert_true(total > 0);
    office_start(o); /* the head fits every published checkpoint */
    office_stop(o);
    mem_free(acks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {BOTH(no_acknowledged_command_is_lost)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
