/* Progress of long commands on a terminal: one line on standard error that is written over. Nothing
 * when standard error is no terminal. */
#ifndef HUHANG_MAIN_PROGRESS_H
#define HUHANG_MAIN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *zh, *en;
    bool terminal;
    int64_t shown; /* per cent, -1: nothing yet */
};

struct progress progress_begin(const char *zh, const char *en);
void progress_told(void *progress, int64_t done, int64_t total);
void progress_end(struct progress *p); /* the line goes away */

struct arena;
struct verify_report;
/* The result of ledger_verify; the value is the exit status (cmd_verify.c). */
int verify_print(struct arena *a, const struct verify_report *r, bool json);

#endif
