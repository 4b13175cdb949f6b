/* The wait is a queue that stays empty: closing it ends the thread at once. */
#include "run/timer.h"

#include "base/arena.h"
#include "run/outbox.h"
#include "run/upload.h"
#include "sys/thread.h"

#define TICK_MS        1000
#define SWEEP_EVERY_MS INT64_C(600000)

struct timer {
    struct app *app;
    struct thread *thread;
    struct queue *stop; /* closing it ends the wait */
    int64_t swept_mono_ms;
};

static void tick(struct timer *t)
{
    struct app *app = t->app;
    int64_t now = clock_mono_ms(app->clock);

    clock_watch(app->clock);
    for (size_t i = 0; i < app->n_modules; i++) {
        if (app->modules[i]->tick != NULL) {
            app->modules[i]->tick(app);
        }
    }
    if (now - t->swept_mono_ms >= SWEEP_EVERY_MS) {
        t->swept_mono_ms = now;
        upload_post_sweep(app);
        outbox_post_prune(app);
    }
}

static void run(void *arg)
{
    struct timer *t = arg;
    void *nothing;

    while (!queue_closed(t->stop)) {
        (void)queue_take(t->stop, &nothing, 1, TICK_MS);
        if (!queue_closed(t->stop)) {
            tick(t);
        }
    }
}

struct timer *timer_start(struct app *app)
{
    struct timer *t = mem_new(1, sizeof(*t));

    t->app = app;
    t->stop = queue_new(1);
    t->thread = thread_start("timer", run, t);
    return t;
}

void timer_stop(struct timer *t)
{
    if (t != NULL) {
        queue_close(t->stop);
        thread_join(t->thread);
        queue_free(t->stop);
        mem_free(t);
    }
}
