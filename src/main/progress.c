#include "main/progress.h"

#include <stdio.h>
#include <unistd.h>

struct progress progress_begin(const char *zh, const char *en)
{
    return (struct progress){zh, en, isatty(STDERR_FILENO) == 1, -1};
}

void progress_told(void *progress, int64_t done, int64_t total)
{
    struct progress *p = progress;
    int64_t percent = total > 0 ? done * 100 / total : 0;
    percent = percent > 100 ? 100 : percent;
    if (p->terminal && percent != p->shown) {
        p->shown = percent;
        (void)fprintf(stderr, "\r%s %s %lld%% ", p->zh, p->en, (long long)percent);
    }
}

void progress_end(struct progress *p)
{
    if (p->terminal && p->shown >= 0) {
        (void)fprintf(stderr, "\r\033[K");
    }
}
