/* Signals: SIGPIPE ignored; all others blocked before any thread starts; one place waits. */
#ifndef HUHANG_SYS_SIGNAL_H
#define HUHANG_SYS_SIGNAL_H

#include <stdint.h>

void signal_block(void);             /* first thing in main */
int signal_wait(int64_t timeout_ms); /* SIGTERM, SIGINT, SIGHUP or 0 on time-out */

#endif
