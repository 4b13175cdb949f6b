/* Threads, locks and queues on pthreads.
 *
 * A pthread call that fails here is a mistake of ours (a lock destroyed while held, a name too
 * long) or a machine without memory, so each is a CHECK. Waiting is on CLOCK_MONOTONIC: setting the
 * wall clock neither wakes nor delays anybody. Lock order: a queue's lock is a leaf; nothing is
 * called under it. */
#include "sys/thread.h"

#include "base/arena.h"
#include "base/check.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

struct thread {
    pthread_t id;
    void (*fn)(void *);
    void *arg;
};

static void *run_thread(void *p)
{
    struct thread *t = p;

    t->fn(t->arg);
    return NULL;
}

struct thread *thread_start(const char *name, void (*fn)(void *), void *arg)
{
    struct thread *t = mem_new(1, sizeof(*t));

    CHECK(strlen(name) <= 15);
    t->fn = fn;
    t->arg = arg;
    CHECK(pthread_create(&t->id, NULL, run_thread, t) == 0);
    /* The name is for ps and gdb; a thread that has already ended cannot take it. */
    (void)pthread_setname_np(t->id, name);
    return t;
}

void thread_join(struct thread *t)
{
    CHECK(pthread_join(t->id, NULL) == 0);
    mem_free(t);
}

struct mutex {
    pthread_mutex_t lock;
};

struct mutex *mutex_new(void)
{
    struct mutex *m = mem_new(1, sizeof(*m));

    CHECK(pthread_mutex_init(&m->lock, NULL) == 0);
    return m;
}

void mutex_free(struct mutex *m)
{
    if (m != NULL) {
        CHECK(pthread_mutex_destroy(&m->lock) == 0);
        mem_free(m);
    }
}

void mutex_lock(struct mutex *m)
{
    CHECK(pthread_mutex_lock(&m->lock) == 0);
}

void mutex_unlock(struct mutex *m)
{
    CHECK(pthread_mutex_unlock(&m->lock) == 0);
}

/* A ring of `cap` pointers. */
struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    void **items;
    size_t cap, first, count;
    bool closed;
};

struct queue *queue_new(size_t cap)
{
    struct queue *q = mem_new(1, sizeof(*q));
    pthread_condattr_t attr;

    CHECK(cap > 0);
    q->items = mem_new(cap, sizeof(*q->items));
    q->cap = cap;
    CHECK(pthread_mutex_init(&q->lock, NULL) == 0);
    CHECK(pthread_condattr_init(&attr) == 0);
    CHECK(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&q->filled, &attr) == 0);
    CHECK(pthread_condattr_destroy(&attr) == 0);
    return q;
}

void queue_free(struct queue *q)
{
    if (q != NULL) {
        CHECK(pthread_cond_destroy(&q->filled) == 0);
        CHECK(pthread_mutex_destroy(&q->lock) == 0);
        mem_free(q->items);
        mem_free(q);
    }
}

static void lock(struct queue *q)
{
    CHECK(pthread_mutex_lock(&q->lock) == 0);
}

static void unlock(struct queue *q)
{
    CHECK(pthread_mutex_unlock(&q->lock) == 0);
}

bool queue_put(struct queue *q, void *item)
{
    lock(q);
    bool room = !q->closed && q->count < q->cap;
    if (room) {
        q->items[(q->first + q->count) % q->cap] = item;
        q->count++;
        CHECK(pthread_cond_signal(&q->filled) == 0);
    }
    unlock(q);
    return room;
}

static struct timespec deadline_after(int64_t wait_ms)
{
    struct timespec t;

    CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    t.tv_sec += wait_ms / 1000;
    t.tv_nsec += wait_ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* Under the lock: waits until something is there, the queue is closed or the time is over. */
static void wait_filled(struct queue *q, int64_t wait_ms)
{
    if (wait_ms < 0) {
        while (q->count == 0 && !q->closed) {
            CHECK(pthread_cond_wait(&q->filled, &q->lock) == 0);
        }
        return;
    }
    struct timespec until = deadline_after(wait_ms);
    while (q->count == 0 && !q->closed) {
        int rc = pthread_cond_timedwait(&q->filled, &q->lock, &until);

        if (rc == ETIMEDOUT) {
            return;
        }
        CHECK(rc == 0);
    }
}

size_t queue_take(struct queue *q, void **ret_items, size_t max, int64_t wait_ms)
{
    size_t n = 0;

    lock(q);
    if (q->count == 0 && !q->closed && wait_ms != 0) {
        wait_filled(q, wait_ms);
    }
    while (n < max && q->count > 0) {
        ret_items[n++] = q->items[q->first];
        q->first = (q->first + 1) % q->cap;
        q->count--;
    }
    unlock(q);
    return n;
}

void queue_close(struct queue *q)
{
    lock(q);
    q->closed = true;
    CHECK(pthread_cond_broadcast(&q->filled) == 0);
    unlock(q);
}

bool queue_closed(struct queue *q)
{
    lock(q);
    bool closed = q->closed;
    unlock(q);
    return closed;
}

size_t queue_count(struct queue *q)
{
    lock(q);
    size_t count = q->count;
    unlock(q);
    return count;
}
