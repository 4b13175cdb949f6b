/* See watch.h. A list under one lock; a thousand places are walked in microseconds. No other lock
 * is taken inside. */
#include "http/watch.h"

#include "base/arena.h"
#include "base/check.h"
#include "sys/thread.h"

#include <sys/socket.h>

struct watch_place {
    struct watch_place *prev, *next;
    int64_t deadline_ms;
    int fd;
};

struct watch {
    struct mutex *lock;
    struct watch_place *first;
    size_t n;
};

struct watch *watch_new(void)
{
    struct watch *w = mem_new(1, sizeof(*w));

    w->lock = mutex_new();
    return w;
}

void watch_free(struct watch *w)
{
    if (w == NULL) {
        return;
    }
    CHECK(w->first == NULL);
    mutex_free(w->lock);
    mem_free(w);
}

struct watch_place *watch_add(struct watch *w, int fd, int64_t deadline_ms)
{
    struct watch_place *p = mem_new(1, sizeof(*p));

    p->fd = fd;
    p->deadline_ms = deadline_ms;
    mutex_lock(w->lock);
    p->next = w->first;
    if (w->first != NULL) {
        w->first->prev = p;
    }
    w->first = p;
    w->n++;
    mutex_unlock(w->lock);
    return p;
}

void watch_set(struct watch *w, struct watch_place *p, int64_t deadline_ms)
{
    mutex_lock(w->lock);
    p->deadline_ms = deadline_ms;
    mutex_unlock(w->lock);
}

void watch_del(struct watch *w, struct watch_place *p)
{
    mutex_lock(w->lock);
    if (p->prev != NULL) {
        p->prev->next = p->next;
    } else {
        w->first = p->next;
    }
    if (p->next != NULL) {
        p->next->prev = p->prev;
    }
    w->n--;
    mutex_unlock(w->lock);
    mem_free(p);
}

size_t watch_sweep(struct watch *w, int64_t now_ms)
{
    size_t cut = 0;

    mutex_lock(w->lock);
    for (struct watch_place *p = w->first; p != NULL; p = p->next) {
        if (p->deadline_ms != 0 && p->deadline_ms <= now_ms) {
            (void)shutdown(p->fd, SHUT_RDWR); /* fails only when the peer has gone already */
            p->deadline_ms = 0;
            cut++;
        }
    }
    mutex_unlock(w->lock);
    return cut;
}

size_t watch_count(struct watch *w)
{
    mutex_lock(w->lock);
    size_t n = w->n;
    mutex_unlock(w->lock);
    return n;
}
