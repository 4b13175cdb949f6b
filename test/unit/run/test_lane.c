/* Lanes as queues: deadlines, full queues, stopping, the watchdog, the timer. */
#include "office_test.h"

#include "run/timer.h"
#include "sys/thread.h"

#include <stdatomic.h>
#include <stdio.h>

static void pause_ms(int64_t ms)
{
    struct queue *q = queue_new(1);
    void *nothing;

    (void)queue_take(q, &nothing, 1, ms);
    queue_free(q);
}

static void an_expired_job_is_not_run(void **state)
{
    struct office *o = office_of(state);
    static const char *const ops[] = {"probe.put", "probe.get", "probe.slow"};

    office_start(o);
    for (size_t i = 0; i < COUNT_OF(ops); i++) {
        struct job *j =
            job_new(o, &(struct probe){.op = ops[i], .name = "late", .key = "key-00001"});

        j->deadline_mono_ms = clock_mono_ms(o->app.clock) - 1;
        job_do(o, j);
        FAILS(j->outcome.err, ERR_BUSY);
        assert_int_equal(j->outcome.status, 503);
        assert_true(j->outcome.err->retry_after_s > 0);
        job_free(j);
    }
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM setting WHERE name = 'late'"), 0);
}

struct block {
    struct queue *go;
    atomic_int ran;
};

/* Holds the writer until the queue is closed. */
static struct err *hold(struct call *c, void *ctx)
{
    struct block *b = ctx;
    void *nothing;

    (void)c;
    (void)queue_take(b->go, &nothing, 1, 20000);
    return NULL;
}

static struct err *count(struct call *c, void *ctx)
{
    struct block *b = ctx;

    (void)c;
    atomic_fetch_add(&b->ran, 1);
    return NULL;
}

static void a_full_queue_says_busy_and_a_stop_finishes_what_is_queued(void **state)
{
    struct office *o = office_of(state);
    struct block b = {.go = queue_new(1)};
    struct job *jobs = mem_new(6000, sizeof(*jobs));
    struct lane_stats stats;
    size_t taken = 0;

    office_start(o);
    for (size_t i = 0; i < 6000; i++) {
        call_init(&jobs[i].call, &o->app, o->a, ACTOR_SYSTEM);
        jobs[i].fn = i == 0 ? hold : count;
        jobs[i].ctx = &b;
        if (!lane_post(o->app.lanes, &jobs[i])) {
            FAILS(jobs[i].outcome.err, ERR_BUSY);
            assert_true(jobs[i].outcome.err->retry_after_s > 0);
            break;
        }
        taken++;
    }
    assert_in_range(taken, 4096, 5000);
    lane_stats(o->app.lanes, &stats);
    assert_true(stats.queued_write > 3000);
    queue_close(b.go);
    lanes_stop(o->app.lanes);
    assert_int_equal(atomic_load(&b.ran), taken - 1);
    assert_false(lane_post(o->app.lanes, &jobs[0]));
    FAILS(jobs[0].outcome.err, ERR_STOPPING);
    lanes_stop(o->app.lanes); /* twice is once */
    queue_free(b.go);
    mem_free(jobs);
}

static struct err *dawdle(struct call *c, void *ctx)
{
    (void)c;
    (void)ctx;
    pause_ms(WRITER_SLOW_MS + 20);
    return NULL;
}

static void a_slow_command_is_seen(void **state)
{
    struct office *o = office_of(state);
    struct lane_stats stats;
    struct call c;

    office_start(o);
    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    OK(lane_write(&c, dawdle, NULL));
    lane_stats(o->app.lanes, &stats);
    assert_int_equal(stats.slow_units, 1);
}

static atomic_int ticks;

static void tick(struct app *app)
{
    (void)app;
    atomic_fetch_add(&ticks, 1);
}

static atomic_int started, stopped, committed;

static struct err *write_at_start(struct call *c, void *ctx)
{
    (void)ctx;
    return unit_outbox(c, "start", 0, 0, S("office"), S("{}"));
}

static struct err *start(struct call *c)
{
    atomic_fetch_add(&started, 1);
    return unit_run(c, write_at_start, NULL);
}

static void stop(struct app *app)
{
    (void)app;
    atomic_fetch_add(&stopped, 1);
}

static void on_commit(struct app *app, int64_t first, int64_t last)
{
    (void)app;
    atomic_fetch_add(&committed, (int)(last - first + 1));
}

static void modules_start_tick_hear_and_stop(void **state)
{
    struct office *o = office_of(state);
    struct module ticking = {
        .name = "ticking", .start = start, .tick = tick, .stop = stop, .committed = on_commit};
    const struct module *const modules[] = {&probe_module, &ticking};
    struct timer *t;
    struct job *j;

    o->app.modules = modules;
    o->app.n_modules = COUNT_OF(modules);
    office_start(o);
    assert_int_equal(started, 1);
    t = timer_start(&o->app);
    j = job_new(o, &(struct probe){.name = "a", .key = "key-00001"});
    job_do(o, j);
    OK(j->outcome.err);
    job_free(j);
    assert_int_equal(committed, 2); /* the start's event and the probe's */
    pause_ms(1300);
    timer_stop(t);
    assert_in_range(atomic_load(&ticks), 1, 2);
    lanes_stop(o->app.lanes);
    assert_int_equal(stopped, 1);
}

static struct err *fail_to_start(struct call *c)
{
    return ERROR(c->arena, ERR_CONF, "不", "no");
}

static void a_module_that_cannot_start_stops_the_start(void **state)
{
    struct office *o = office_of(state);
    struct module bad = {.name = "bad", .start = fail_to_start};
    const struct module *const modules[] = {&bad};
    const struct module *const *good = o->app.modules;

    o->app.modules = modules;
    FAILS(office_try_start(o), ERR_CONF);
    o->app.modules = good;
    office_stop(o);
    office_start(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(an_expired_job_is_not_run),
        ON_SQLITE(a_full_queue_says_busy_and_a_stop_finishes_what_is_queued),
        ON_SQLITE(a_slow_command_is_seen),
        ON_SQLITE(modules_start_tick_hear_and_stop),
        ON_SQLITE(a_module_that_cannot_start_stops_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
