/* Pointers are written from the top down; the steps are linked from the bottom up, so they are
 * first collected. Their number is the depth of the document, which jread bounds. */
#include "wire/pointer.h"

#include "base/arena.h"
#include "base/buf.h"

static void put_step(struct buf *out, const struct pointer_step *step)
{
    buf_putc(out, '/');
    if (step->name.p == NULL) {
        buf_int(out, (int64_t)step->index);
        return;
    }
    for (size_t i = 0; i < step->name.n; i++) {
        char c = step->name.p[i];

        if (c == '~') {
            buf_putz(out, "~0");
        } else if (c == '/') {
            buf_putz(out, "~1");
        } else {
            buf_putc(out, c);
        }
    }
}

struct str pointer_text(struct arena *a, struct str at, const struct pointer_step *last)
{
    struct buf out;
    size_t n = 0;

    for (const struct pointer_step *s = last; s != NULL; s = s->up) {
        n++;
    }
    const struct pointer_step **steps = ARENA_ARRAY(a, const struct pointer_step *, n);
    for (const struct pointer_step *s = last; s != NULL; s = s->up) {
        steps[--n] = s;
    }
    buf_init(&out, a, at.n + 32);
    buf_put(&out, at);
    for (const struct pointer_step *s = last; s != NULL; s = s->up) {
        put_step(&out, steps[n++]);
    }
    return buf_str(&out);
}
