/* CHECK is for our own mistakes: it prints file, line and condition and aborts in every build. The
 * world's failures are errors (base/err.h), never CHECKs. */
#ifndef HUHANG_BASE_CHECK_H
#define HUHANG_BASE_CHECK_H

_Noreturn void check_failed(const char *what, const char *file, int line);

#define CHECK(cond)     ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))
#define UNREACHABLE()   check_failed("unreachable", __FILE__, __LINE__)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
