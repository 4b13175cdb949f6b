/* The log: one JSON line per event on standard error (or plain text on a terminal), time, level,
 * request id, message, fields. Never personal data or secrets. Thread-safe. */
#ifndef HUHANG_SYS_LOG_H
#define HUHANG_SYS_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
void log_set(enum log_level least, bool json);
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* An error with code, cause, file and line; request_id may be none. */
void log_err(enum log_level level, struct str request_id, const struct err *e);

#endif
