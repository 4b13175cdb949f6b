/* One mutex guards the pending hashes and the three numbers that others read; the frontier, the key
 * and the file belong to the thread alone. The lock is a leaf: nothing is called under it. */
#include "run/signer.h"

#include "base/arena.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/thread.h"

#include <string.h>

#define HASH_BYTES 32

struct signer {
    struct thread *thread;
    struct queue *stop; /* never holds anything; closing it ends the wait */
    struct mutex *lock;
    /* under the lock */
    unsigned char *pending;
    size_t n_pending, cap_pending; /* hashes */
    uint64_t fed;                  /* leaves known */
    uint64_t signed_size;
    bool well;
    /* the thread's own */
    struct frontier frontier;
    struct arena *arena; /* options: origin, file */
    struct signer_options o;
    unsigned char *taken;
    size_t cap_taken;
};

bool signer_feed(struct signer *s, uint64_t first_index, struct bytes hashes)
{
    size_t n = hashes.n / HASH_BYTES;
    bool fits;

    CHECK(hashes.n % HASH_BYTES == 0);
    mutex_lock(s->lock);
    fits = s->well && first_index == s->fed;
    s->well = fits;
    if (fits && n > 0) {
        if (s->n_pending + n > s->cap_pending) {
            size_t cap = (s->n_pending + n) * 2;
            s->pending = mem_grow(s->pending, s->cap_pending, cap, HASH_BYTES);
            s->cap_pending = cap;
        }
        memcpy(s->pending + s->n_pending * HASH_BYTES, hashes.p, hashes.n);
        s->n_pending += n;
        s->fed += n;
    }
    mutex_unlock(s->lock);
    if (!fits) {
        log_line(LOG_ERROR, "signer: leaf %llu does not continue the log",
                 (unsigned long long)first_index);
    }
    return fits;
}

void signer_state(struct signer *s, uint64_t *ret_size, uint64_t *ret_signed, bool *ret_well)
{
    mutex_lock(s->lock);
    *ret_size = s->fed;
    *ret_signed = s->signed_size;
    *ret_well = s->well;
    mutex_unlock(s->lock);
}

/* Takes what was fed into the frontier. */
static void take(struct signer *s)
{
    unsigned char *p;
    size_t n;
    size_t cap;

    mutex_lock(s->lock);
    n = s->n_pending;
    p = s->pending;
    cap = s->cap_pending;
    s->pending = s->taken;
    s->cap_pending = s->cap_taken;
    s->n_pending = 0;
    s->taken = p;
    s->cap_taken = cap;
    mutex_unlock(s->lock);
    for (size_t i = 0; i < n; i++) {
        frontier_add(&s->frontier, p + i * HASH_BYTES);
    }
}

static void set_signed(struct signer *s, uint64_t size)
{
    mutex_lock(s->lock);
    s->signed_size = size;
    mutex_unlock(s->lock);
}

static void sign(struct signer *s)
{
    struct arena *a = arena_new(0);
    struct signed_checkpoint out = {.size = s->frontier.size};
    struct checkpoint cp = {.origin = s->o.origin, .size = s->frontier.size};
    struct err *e = NULL;

    frontier_root(&s->frontier, cp.root);
    memcpy(out.root, cp.root, sizeof(out.root));
    out.note = note_sign(a, checkpoint_text(a, &cp), s->o.origin, s->o.seed);
    if (s->o.file.p != NULL) {
        e = file_write(a, str_z(a, s->o.file), str_bytes(out.note), 0600);
    }
    if (e != NULL) {
        /* Not durable, so not published; the next second tries again. */
        log_err(LOG_ERROR, STR_NONE, e);
    } else {
        set_signed(s, out.size);
        s->o.publish(s->o.user, &out);
    }
    arena_free(a);
}

static void sign_news(struct signer *s)
{
    uint64_t size, signed_size;
    bool well;

    take(s);
    signer_state(s, &size, &signed_size, &well);
    if (well && s->frontier.size > signed_size) {
        sign(s);
    }
}

static void run(void *arg)
{
    struct signer *s = arg;
    void *nothing;

    while (!queue_closed(s->stop)) {
        (void)queue_take(s->stop, &nothing, 1, s->o.every_ms);
        sign_news(s);
    }
    sign_news(s);
}

struct err *signer_start(struct arena *a, const struct signer_options *o, struct signer **ret)
{
    struct signer *s = mem_new(1, sizeof(*s));

    if (!frontier_decode(o->frontier, &s->frontier)) {
        mem_free(s);
        return ERROR(a, ERR_LEDGER, "账本的末端状态无法读取", "The frontier cannot be read");
    }
    s->arena = arena_new(0);
    s->o = *o;
    s->o.origin = str_dup(s->arena, o->origin);
    s->o.file = str_dup(s->arena, o->file);
    s->o.frontier = (struct bytes){NULL, 0};
    s->fed = s->frontier.size;
    s->signed_size = o->signed_size;
    s->well = true;
    s->lock = mutex_new();
    s->stop = queue_new(1);
    s->thread = thread_start("signer", run, s);
    *ret = s;
    return NULL;
}

void signer_stop(struct signer *s)
{
    queue_close(s->stop);
    thread_join(s->thread);
    crypt_wipe(s->o.seed, sizeof(s->o.seed));
}

void signer_free(struct signer *s)
{
    if (s == NULL) {
        return;
    }
    queue_free(s->stop);
    mutex_free(s->lock);
    mem_free(s->pending);
    mem_free(s->taken);
    arena_free(s->arena);
    mem_free(s);
}
