/* Deadlines of connections: what is over is shut down, the rest is left alone. */
#include "base/check.h"
#include "http/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define N 3

struct pairs {
    int ours[N], theirs[N];
};

static void make_pairs(struct pairs *p)
{
    for (size_t i = 0; i < N; i++) {
        int fd[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
        p->ours[i] = fd[0];
        p->theirs[i] = fd[1];
    }
}

static bool is_cut(int theirs)
{
    char c;
    ssize_t n = recv(theirs, &c, 1, 0);

    assert_true(n == 0 || (n < 0 && errno == EAGAIN));
    return n == 0;
}

static void test_sweep(void **state)
{
    struct watch *w = watch_new();
    struct watch_place *place[N];
    struct pairs p;

    (void)state;
    make_pairs(&p);
    for (size_t i = 0; i < N; i++) {
        place[i] = watch_add(w, p.ours[i], 1000 * (int64_t)(i + 1));
    }
    assert_int_equal(watch_count(w), N);
    assert_int_equal(watch_sweep(w, 999), 0);
    assert_int_equal(watch_sweep(w, 1000), 1);
    assert_true(is_cut(p.theirs[0]) && !is_cut(p.theirs[1]) && !is_cut(p.theirs[2]));
    assert_int_equal(watch_sweep(w, 1000), 0); /* once */

    watch_set(w, place[1], 0); /* no deadline any more */
    watch_set(w, place[2], 5000);
    assert_int_equal(watch_sweep(w, 4999), 0);
    assert_int_equal(watch_sweep(w, 5000), 1);
    assert_true(!is_cut(p.theirs[1]) && is_cut(p.theirs[2]));

    watch_del(w, place[1]);
    watch_del(w, place[2]);
    watch_del(w, place[0]);
    assert_int_equal(watch_count(w), 0);
    watch_free(w);
    for (size_t i = 0; i < N; i++) {
        (void)close(p.ours[i]);
        (void)close(p.theirs[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
