/* What every unit test includes: cmocka with the headers it needs, and two helpers of ours. */
#ifndef HUHANG_TEST_UNIT_H
#define HUHANG_TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs fn(arg) in a child and demands that a CHECK (or a sanitizer) stops it. */
static inline void assert_dies(void (*fn)(void *), void *arg)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

        (void)dup2(null, STDERR_FILENO); /* the message is expected, not interesting */
        fn(arg);
        _exit(0);
    }
    assert_true(child > 0);
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) != 0));
}

/* A slice equals a text. */
#define assert_str(s, z)                                                                           \
    do {                                                                                           \
        struct str assert_str_ = (s);                                                              \
        const char *assert_z_ = (z);                                                               \
        if (!str_eqz(assert_str_, assert_z_)) {                                                    \
            print_error("got \"%.*s\", want \"%s\"\n", STR_ARG(assert_str_), assert_z_);           \
        }                                                                                          \
        assert_true(str_eqz(assert_str_, assert_z_));                                              \
    } while (0)

#endif
