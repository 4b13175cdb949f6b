/* Signals by waiting, never by handlers: nothing runs at an odd moment. Synchronous faults (SIGSEGV
 * and its kin) and the job-control stop keep their default, so crashes crash. */
#include "sys/signal.h"

#include "base/check.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

void signal_block(void)
{
    static const int left_alone[] = {SIGSEGV, SIGBUS, SIGFPE,  SIGILL,  SIGTRAP,
                                     SIGABRT, SIGSYS, SIGPROF, SIGTSTP, SIGCONT};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t all;

    CHECK(sigaction(SIGPIPE, &ignore, NULL) == 0);
    CHECK(sigfillset(&all) == 0);
    for (size_t i = 0; i < COUNT_OF(left_alone); i++) {
        CHECK(sigdelset(&all, left_alone[i]) == 0);
    }
    CHECK(pthread_sigmask(SIG_BLOCK, &all, NULL) == 0);
}

int signal_wait(int64_t timeout_ms)
{
    struct timespec wait = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000};
    sigset_t set;

    CHECK(timeout_ms >= 0);
    CHECK(sigemptyset(&set) == 0);
    CHECK(sigaddset(&set, SIGTERM) == 0 && sigaddset(&set, SIGINT) == 0 &&
          sigaddset(&set, SIGHUP) == 0);
    int got = sigtimedwait(&set, NULL, &wait);
    CHECK(got > 0 || errno == EAGAIN || errno == EINTR);
    return got > 0 ? got : 0;
}
