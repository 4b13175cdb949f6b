/* The end of a process that made a mistake. Nothing here allocates or takes a lock of ours, so it
 * works from any thread and after a failed malloc. The supervisor (systemd) starts us again. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "huhang: check failed: %s (%s:%d)\n", what, file, line);
    (void)fflush(stderr);
    abort();
}
