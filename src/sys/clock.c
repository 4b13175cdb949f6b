/* Time. Reading is lock-free (each value is one atomic), since every request asks for it; the rules
 * of trust, used once a second, take a lock.
 *
 * Trust compares the wall clock with the clock since boot: their distance (`lead`) changes only
 * when somebody sets the wall clock. CLOCK_BOOTTIME goes on while the machine sleeps, so a laptop
 * that woke up is not distrusted. The distance is measured against the moment of start or of the
 * last confirmation, so many small steps count together. A leap second and the small corrections of
 * time daemons stay below BACKWARD_MS. Lock order: the lock here is a leaf but for the log's. */
#include "sys/clock.h"

#include "base/arena.h"
#include "base/check.h"
#include "sys/log.h"
#include "sys/thread.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <time.h>

#define FORWARD_MS  ((int64_t)10 * 60 * 1000)
#define BACKWARD_MS ((int64_t)2000)
#define ABSENCE_MS  ((int64_t)3 * 24 * 60 * 60 * 1000)

struct clock_source {
    bool simulated;
    _Atomic int64_t wall_ms, boot_ms; /* simulated only */
    _Atomic int64_t offset_ms;
    atomic_bool trusted;
    struct mutex *trust_lock; /* guards lead_ms and the distance of wall_ms and boot_ms */
    int64_t lead_ms;          /* wall − boot at start or at the last confirmation */
};

static int64_t system_ms(clockid_t id)
{
    struct timespec t;

    CHECK(clock_gettime(id, &t) == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wall_ms(struct clock_source *c)
{
    return c->simulated ? atomic_load(&c->wall_ms) : system_ms(CLOCK_REALTIME);
}

static int64_t boot_ms(struct clock_source *c)
{
    return c->simulated ? atomic_load(&c->boot_ms) : system_ms(CLOCK_BOOTTIME);
}

static struct clock_source *new_clock(bool simulated, int64_t start_ms)
{
    struct clock_source *c = mem_new(1, sizeof(*c));

    c->simulated = simulated;
    atomic_init(&c->wall_ms, start_ms);
    atomic_init(&c->boot_ms, 0);
    atomic_init(&c->offset_ms, 0);
    atomic_init(&c->trusted, true);
    c->trust_lock = mutex_new();
    c->lead_ms = wall_ms(c) - boot_ms(c);
    return c;
}

struct clock_source *clock_real(void)
{
    return new_clock(false, 0);
}

struct clock_source *clock_simulated(int64_t start_ms)
{
    return new_clock(true, start_ms);
}

void clock_free(struct clock_source *c)
{
    if (c != NULL) {
        mutex_free(c->trust_lock);
        mem_free(c);
    }
}

int64_t clock_office_ms(struct clock_source *c)
{
    return wall_ms(c) + atomic_load(&c->offset_ms);
}

int64_t clock_real_ms(struct clock_source *c)
{
    return wall_ms(c);
}

int64_t clock_mono_ms(struct clock_source *c)
{
    return c->simulated ? atomic_load(&c->boot_ms) : system_ms(CLOCK_MONOTONIC);
}

void clock_set(struct clock_source *c, int64_t office_ms)
{
    int64_t ahead_ms = office_ms - clock_office_ms(c);

    CHECK(c->simulated && ahead_ms >= 0);
    mutex_lock(c->trust_lock); /* both or none, as clock_watch sees it */
    atomic_fetch_add(&c->wall_ms, ahead_ms);
    atomic_fetch_add(&c->boot_ms, ahead_ms);
    mutex_unlock(c->trust_lock);
}

void clock_step(struct clock_source *c, int64_t step_ms)
{
    CHECK(c->simulated);
    atomic_fetch_add(&c->wall_ms, step_ms);
}

bool clock_is_simulated(const struct clock_source *c)
{
    return c->simulated;
}

void clock_begin_offset(struct clock_source *c, int64_t offset_ms)
{
    atomic_store(&c->offset_ms, offset_ms);
}

void clock_set_offset(struct clock_source *c, int64_t offset_ms)
{
    CHECK(offset_ms >= atomic_load(&c->offset_ms));
    atomic_store(&c->offset_ms, offset_ms);
}

int64_t clock_offset(struct clock_source *c)
{
    return atomic_load(&c->offset_ms);
}

void clock_watch(struct clock_source *c)
{
    mutex_lock(c->trust_lock);
    int64_t step_ms = wall_ms(c) - boot_ms(c) - c->lead_ms;
    if ((step_ms > FORWARD_MS || step_ms < -BACKWARD_MS) && atomic_exchange(&c->trusted, false)) {
        log_line(LOG_WARN, "clock stepped by %" PRId64 " ms: automatic acts wait", step_ms);
    }
    mutex_unlock(c->trust_lock);
}

void clock_start_check(struct clock_source *c, int64_t last_act_ms)
{
    int64_t since_ms = clock_office_ms(c) - last_act_ms;

    if (last_act_ms == 0) {
        return; /* nothing was ever done here: nothing contradicts the clock */
    }
    mutex_lock(c->trust_lock);
    if ((since_ms > ABSENCE_MS || since_ms < -BACKWARD_MS) && atomic_exchange(&c->trusted, false)) {
        log_line(LOG_WARN,
                 "started %" PRId64
                 " ms after the last act: automatic acts wait for a confirmed date",
                 since_ms);
    }
    mutex_unlock(c->trust_lock);
}

bool clock_trusted(struct clock_source *c)
{
    return atomic_load(&c->trusted);
}

void clock_confirm(struct clock_source *c)
{
    mutex_lock(c->trust_lock);
    c->lead_ms = wall_ms(c) - boot_ms(c);
    atomic_store(&c->trusted, true);
    mutex_unlock(c->trust_lock);
}
