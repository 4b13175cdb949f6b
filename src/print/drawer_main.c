/* The child that draws. It holds no data of the office but the letter in hand, inherits no file but
 * its socket, may gain no privilege, writes no core, and is ended by an alarm when one letter takes
 * too long. It has one thread, as pango wants it (c-models 4.8). */
#include "print/drawer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "print/drawer_frame.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_FD  3
#define IDLE_MS    60000
#define STEP_MS    10000 /* a frame that has begun goes on */
#define DRAW_BYTES ((size_t)256 << 20)
#define DRAW_S     20 /* the parent gives up a little later (drawer.c) */

static struct bytes problem(struct arena *a, const struct err *e)
{
    struct buf out;
    struct jw w;

    buf_init(&out, a, 512);
    buf_u8(&out, 1);
    jw_init(&w, &out);
    jw_obj(&w);
    jw_kint(&w, "code", (int64_t)e->code);
    jw_kstr(&w, "zh", e->zh);
    jw_kstr(&w, "en", e->en);
    jw_kstr(&w, "hint_zh", e->hint_zh);
    jw_kstr(&w, "hint_en", e->hint_en);
    jw_kstr(&w, "cause", e->cause);
    jw_end_obj(&w);
    return buf_bytes(&out);
}

static struct err *
draw(struct arena *a, const struct letter_set *s, struct bytes request, struct bytes *ret)
{
    struct jval root;
    struct letter_text text;
    struct bytes pdf;
    struct buf out;
    const struct jval *data;

    TRY(jread(a, request, &root));
    data = jval_get(&root, S("data"));
    if (data == NULL || data->type != J_OBJ) {
        return ERROR(a, ERR_JSON_INVALID, "公文数据不是对象。", "The letter's data is no object.");
    }
    TRY(letter_compose(a, s, jval_str(jval_get(&root, S("name"))), data, &text));
    TRY(letter_pdf(a, &text, jval_str(jval_get(&root, S("qr"))),
                   jval_bool(jval_get(&root, S("sample")), false), &pdf));
    buf_init(&out, a, pdf.n + 1);
    buf_u8(&out, 0);
    buf_put_bytes(&out, pdf);
    *ret = buf_bytes(&out);
    return NULL;
}

static void confine(int fd)
{
    struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)close_range((unsigned)fd + 1, ~0U, 0);
}

int drawer_serve(int fd, int idle_ms)
{
    struct arena *life, *a;
    struct letter_set *set = NULL;
    struct bytes request = {NULL, 0}, reply;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    struct err *broken;
    int kind;
    socklen_t size = sizeof(kind);

    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &size) != 0) {
        return 2;
    }
    confine(fd);
    life = arena_new(0);
    a = arena_new(DRAW_BYTES);
    broken = letter_set_load(life, &set);
    while (poll(&p, 1, idle_ms) > 0 &&
           frame_receive(a, fd, DRAWER_REQUEST_MAX, STEP_MS, &request) == FRAME_OK) {
        struct err *e;

        (void)alarm(DRAW_S);
        e = broken != NULL ? broken : draw(a, set, request, &reply);
        if (e != NULL) {
            reply = problem(a, e);
        }
        (void)alarm(0);
        if (frame_send(fd, reply, STEP_MS) != FRAME_OK) {
            break;
        }
        arena_reset(a);
    }
    arena_free(a);
    arena_free(life);
    return 0;
}

int drawer_main(void)
{
    return drawer_serve(SOCKET_FD, IDLE_MS);
}
