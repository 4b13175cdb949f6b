/* The drawer: its letters are those drawn here; it comes back after a kill and after its idle end,
 * hands on refusals, and refuses what is too large or breaks the protocol. The child is this
 * program with `draw-letters`, whose idle time is short here. */
#include "letters.h"

#include "print/drawer_frame.h"
#include "sys/thread.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE_MS 3000

static struct err *ask(struct arena *a,
                       struct drawer *d,
                       const char *name,
                       const struct jval *data,
                       struct str qr,
                       struct bytes *ret)
{
    return drawer_letter(a, d, &(struct drawer_job){str_of(name), data, qr, true}, ret);
}

static struct bytes drawn(struct arena *a, struct drawer *d, const char *name, struct jval data)
{
    struct bytes pdf = {NULL, 0};

    ok(ask(a, d, name, &data, S("https://hall.example/m/1"), &pdf));
    return pdf;
}

static void same_as_here(void **state)
{
    struct arena *a = arena_new(0);
    struct drawer *d = drawer_new();
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);
    struct letter_text t = text_of(a, s, "acceptance", full);
    struct bytes here, first, again;
    int child;

    (void)state;
    ok(letter_pdf(a, &t, S("https://hall.example/m/1"), true, &here));
    first = drawn(a, d, "acceptance", full);
    child = drawer_child(d);
    again = drawn(a, d, "acceptance", full); /* nothing is left over from the first */
    assert_int_equal(drawer_child(d), child);
    assert_int_equal(here.n, first.n);
    assert_memory_equal(here.p, first.p, here.n);
    assert_int_equal(here.n, again.n);
    assert_memory_equal(here.p, again.p, here.n);
    drawer_free(d);
    assert_int_equal(kill(child, 0), -1); /* ended and reaped */
    arena_free(a);
}

static void back_after_kill(void **state)
{
    struct arena *a = arena_new(0);
    struct drawer *d = drawer_new();
    struct jval full = full_data(a);

    (void)state;
    for (int i = 0; i < 2; i++) {
        (void)drawn(a, d, "receipt", full);
        int child = drawer_child(d);

        assert_int_equal(kill(child, SIGKILL), 0);
        (void)drawn(a, d, "receipt", full);
        assert_true(drawer_child(d) != child);
    }
    drawer_free(d);
    arena_free(a);
}

static void ends_when_idle(void **state)
{
    struct arena *a = arena_new(0);
    struct drawer *d = drawer_new();
    struct jval full = full_data(a);
    siginfo_t info = {0};

    (void)state;
    (void)drawn(a, d, "receipt", full);
    assert_int_equal(waitid(P_PID, (id_t)drawer_child(d), &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(info.si_code, CLD_EXITED);
    assert_int_equal(info.si_status, 0);
    (void)drawn(a, d, "receipt", full);
    drawer_free(d);
    arena_free(a);
}

static void refusals(void **state)
{
    struct arena *a = arena_new(0);
    struct drawer *d = drawer_new();
    struct jval full = full_data(a), list = value(a, "[]");
    struct jobj *big = jobj_new(a);
    struct bytes pdf;
    struct err *e = ask(a, d, "love", &full, STR_NONE, &pdf);
    int child = drawer_child(d);
    char *text = arena_alloc(a, DRAWER_REQUEST_MAX + 1, 1);

    (void)state;
    assert_non_null(e);
    assert_int_equal(e->code, ERR_NOT_FOUND);
    assert_string_equal(str_z(a, e->en), "There is no letter template love.");
    assert_true(str_find(e->zh, S("love")) > 0);
    e = ask(a, d, "receipt", &list, STR_NONE, &pdf);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_JSON_INVALID);
    memset(text, 'x', DRAWER_REQUEST_MAX);
    e = ask(a, d, "receipt", &full, (struct str){text, 3000}, &pdf); /* QR code */
    assert_non_null(e);
    assert_int_equal(e->code, ERR_INTERNAL);
    jobj_put(big, S("office"), jval_of_str((struct str){text, DRAWER_REQUEST_MAX}));
    struct jval data = jobj_val(big);
    e = ask(a, d, "receipt", &data, STR_NONE, &pdf);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_BODY_TOO_LARGE);
    assert_int_equal(drawer_child(d), child); /* none of it hurt the child */
    drawer_free(d);
    arena_free(a);
}

/* Long letters go through both ways. */
static void large(void **state)
{
    struct arena *a = arena_new((size_t)256 << 20);
    struct drawer *d = drawer_new();
    struct jobj *o = jobj_new(a);
    struct buf text;

    (void)state;
    buf_init(&text, a, 200000);
    for (int i = 0; i < 1000; i++) {
        buf_fmt(&text, "第%d项：经营场所与申请材料不一致，请补正后重新提交并注明日期。\n", i);
    }
    jobj_put(o, S("reason"), jval_of_str(buf_str(&text)));
    struct jval form = jobj_val(o),
                data = with(a, full_data(a), "form", str_z(a, jval_text(a, &form)));
    assert_true(drawn(a, d, "refusal", data).n > 300000);
    drawer_free(d);
    arena_free(a);
}

struct caller {
    struct drawer *d;
    bool done;
};

static void call(void *arg)
{
    struct caller *c = arg;
    struct arena *a = arena_new(0);
    struct jval full = full_data(a);

    for (int i = 0; i < 3; i++) {
        c->done = drawn(a, c->d, "receipt", full).n > 0;
    }
    arena_free(a);
}

static void two_callers(void **state)
{
    struct drawer *d = drawer_new();
    struct caller callers[2] = {{d, false}, {d, false}};
    struct thread *threads[2];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        threads[i] = thread_start("caller", call, &callers[i]);
    }
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        thread_join(threads[i]);
        assert_true(callers[i].done);
    }
    drawer_free(d);
}

/* A child on the far end of a socket; what we send is bad. Returns its exit status. */
static int served(const void *bytes, size_t n)
{
    int pair[2], status;
    pid_t pid;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)close(pair[0]);
        _exit(drawer_serve(pair[1], 5000));
    }
    (void)close(pair[1]);
    assert_int_equal(send(pair[0], bytes, n, MSG_NOSIGNAL), n);
    struct pollfd p = {.fd = pair[0], .events = POLLIN};
    assert_int_equal(poll(&p, 1, 20000), 1); /* an answer, or its end */
    (void)close(pair[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void bad_frames(void **state)
{
    static const char too_long[] = "\xff\xff\xff\xff{}", not_json[] = "\0\0\0\1{",
                      empty[] = "\0\0\0\0";
    int file = dup(0);

    (void)state;
    assert_int_equal(served(too_long, sizeof(too_long) - 1), 0);
    assert_int_equal(served(not_json, sizeof(not_json) - 1), 0);
    assert_int_equal(served(empty, sizeof(empty) - 1), 0);
    assert_int_equal(drawer_serve(file, 10), 2); /* no socket */
    (void)close(file);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_here),   cmocka_unit_test(back_after_kill),
        cmocka_unit_test(ends_when_idle), cmocka_unit_test(refusals),
        cmocka_unit_test(large),          cmocka_unit_test(two_callers),
        cmocka_unit_test(bad_frames),
    };

    if (argc > 1 && strcmp(argv[1], "draw-letters") == 0) {
        return drawer_serve(3, IDLE_MS);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
