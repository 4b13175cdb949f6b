/* Threads, locks and the bounded queue that lanes are made of. Wrappers over pthreads that CHECK
 * instead of returning errors nobody can handle. */
#ifndef HUHANG_SYS_THREAD_H
#define HUHANG_SYS_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;
struct thread *thread_start(const char *name, void (*fn)(void *), void *arg); /* name ≤ 15 bytes */
void thread_join(struct thread *t);

struct mutex;
struct mutex *mutex_new(void);
void mutex_free(struct mutex *m);
void mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);

/* Bounded FIFO of pointers, many producers, many consumers. */
struct queue;
struct queue *queue_new(size_t cap);
void queue_free(struct queue *q);
bool queue_put(struct queue *q, void *item); /* false: full or closed */
/* Takes up to `max` items at once; waits up to wait_ms (-1: for ever) for the first. 0: closed and
 * empty, or timed out. */
size_t queue_take(struct queue *q, void **ret_items, size_t max, int64_t wait_ms);
void queue_close(struct queue *q); /* no further put; takers drain and then get 0 */
bool queue_closed(struct queue *q);
size_t queue_count(struct queue *q);

#endif
