/* Threads, locks, queues. Run under ThreadSanitizer too (-Db_sanitize=thread). */
#include "base/check.h"
#include "sys/thread.h"
#include "test/unit/base/unit.h"

#include <time.h>

static int64_t now_ms(void)
{
    struct timespec t;

    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct counter {
    struct mutex *lock;
    long value;
};

static void count(void *arg)
{
    struct counter *c = arg;

    for (int i = 0; i < 20000; i++) {
        mutex_lock(c->lock);
        c->value++;
        mutex_unlock(c->lock);
    }
}

static void test_mutex(void **state)
{
    struct counter c = {mutex_new(), 0};
    struct thread *t[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        t[i] = thread_start("count", count, &c);
    }
    for (int i = 0; i < 4; i++) {
        thread_join(t[i]);
    }
    assert_int_equal(c.value, 80000);
    mutex_free(c.lock);
    mutex_free(NULL);
}

static void test_fifo_and_bound(void **state)
{
    struct queue *q = queue_new(3);
    int items[5];
    void *got[5];

    (void)state;
    for (int round = 0; round < 5; round++) { /* the ring turns */
        assert_true(queue_put(q, &items[0]));
        assert_true(queue_put(q, &items[1]));
        assert_true(queue_put(q, &items[2]));
        assert_false(queue_put(q, &items[3]));
        assert_int_equal(queue_count(q), 3);
        assert_int_equal(queue_take(q, got, 2, -1), 2);
        assert_ptr_equal(got[0], &items[0]);
        assert_ptr_equal(got[1], &items[1]);
        assert_true(queue_put(q, &items[4]));
        assert_int_equal(queue_take(q, got, 5, 0), 2);
        assert_ptr_equal(got[0], &items[2]);
        assert_ptr_equal(got[1], &items[4]);
    }
    queue_free(q);
    queue_free(NULL);
}

static void test_time_out(void **state)
{
    struct queue *q = queue_new(1);
    void *got;
    int64_t start = now_ms();

    (void)state;
    assert_int_equal(queue_take(q, &got, 1, 0), 0);
    assert_true(now_ms() - start < 40);
    assert_int_equal(queue_take(q, &got, 1, 60), 0);
    assert_true(now_ms() - start >= 60);
    queue_free(q);
}

static void close_later(void *arg)
{
    const struct timespec wait = {0, 20000000};

    (void)nanosleep(&wait, NULL);
    queue_close(arg);
}

static void test_close(void **state)
{
    struct queue *q = queue_new(2);
    int item;
    void *got[2];

    (void)state;
    assert_false(queue_closed(q));
    struct thread *t = thread_start("close", close_later, q);
    assert_int_equal(queue_take(q, got, 1, -1), 0); /* wakes although it waited for ever */
    thread_join(t);
    assert_true(queue_closed(q));
    assert_false(queue_put(q, &item));
    queue_free(q);

    q = queue_new(2);
    assert_true(queue_put(q, &item));
    queue_close(q);
    assert_int_equal(queue_take(q, got, 2, -1), 1); /* what was put is still given out */
    assert_int_equal(queue_take(q, got, 2, -1), 0);
    queue_free(q);
}

enum { PRODUCERS = 3, CONSUMERS = 3, EACH = 5000 };

struct traffic {
    struct queue *queue;
    unsigned char seen[PRODUCERS * EACH];
    int next; /* producer number */
    struct mutex *lock;
    long taken;
};

static void produce(void *arg)
{
    struct traffic *t = arg;

    mutex_lock(t->lock);
    int me = t->next++;
    mutex_unlock(t->lock);
    for (int i = 0; i < EACH; i++) {
        while (!queue_put(t->queue, &t->seen[me * EACH + i])) {
            const struct timespec wait = {0, 1000};

            (void)nanosleep(&wait, NULL);
        }
    }
}

static void consume(void *arg)
{
    struct traffic *t = arg;
    void *got[16];
    size_t n;

    while ((n = queue_take(t->queue, got, 16, -1)) > 0) {
        for (size_t i = 0; i < n; i++) {
            ++*(unsigned char *)got[i]; /* no lock: each item has one taker */
        }
        mutex_lock(t->lock);
        t->taken += (long)n;
        mutex_unlock(t->lock);
    }
}

static void test_many_to_many(void **state)
{
    static struct traffic t;
    struct thread *producers[PRODUCERS], *consumers[CONSUMERS];

    (void)state;
    t.queue = queue_new(64);
    t.lock = mutex_new();
    for (int i = 0; i < CONSUMERS; i++) {
        consumers[i] = thread_start("consume", consume, &t);
    }
    for (int i = 0; i < PRODUCERS; i++) {
        producers[i] = thread_start("produce", produce, &t);
    }
    for (int i = 0; i < PRODUCERS; i++) {
        thread_join(producers[i]);
    }
    queue_close(t.queue);
    for (int i = 0; i < CONSUMERS; i++) {
        thread_join(consumers[i]);
    }
    assert_int_equal(t.taken, PRODUCERS * EACH);
    for (size_t i = 0; i < COUNT_OF(t.seen); i++) {
        assert_int_equal(t.seen[i], 1);
    }
    queue_free(t.queue);
    mutex_free(t.lock);
}

static void nothing(void *arg)
{
    (void)arg;
}

static void name_too_long(void *arg)
{
    (void)thread_start("sixteen-bytes-xx", nothing, arg);
}

static void empty_queue(void *arg)
{
    (void)arg;
    (void)queue_new(0);
}

static void test_misuse(void **state)
{
    (void)state;
    assert_dies(name_too_long, NULL);
    assert_dies(empty_queue, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse), /* forks, so before any thread */
        cmocka_unit_test(test_mutex),        cmocka_unit_test(test_fifo_and_bound),
        cmocka_unit_test(test_time_out),     cmocka_unit_test(test_close),
        cmocka_unit_test(test_many_to_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
