/* The command line: one function a command group, and what they share.
 *
 * argv[0] is the name of the group ("calendar"), argv[1] its verb. Results go to standard output,
 * and only they; messages go to standard error, Chinese first. The value is the exit status.
 * Options may stand anywhere after the verb. */
#ifndef HUHANG_MAIN_CLI_H
#define HUHANG_MAIN_CLI_H

#include "base/err.h"
#include "civil/calendar.h"

enum cli_status {
    CLI_DONE = 0,
    CLI_NO = 1,     /* the answer is no */
    CLI_USE = 2,    /* wrong use */
    CLI_FAILED = 3, /* failure */
};

/* Prints a message for wrong use, two lines; returns CLI_USE. Both formats take the same arguments.
 */
int cli_use(const char *zh, const char *en, ...)
    __attribute__((format(printf, 1, 3), format(printf, 2, 3)));
/* Prints an error with its hint and bad fields; returns CLI_FAILED. */
int cli_failed(const struct err *e);
/* Flushes standard output: the status, or CLI_FAILED when the output could not be written. */
int cli_end(int status);

/* What needs the data folder, given by the program that has one. NULL members: not possible here.
 */
struct cli_calendar_door {
    /* The rows of the folder's calendar, for add, between and explain with --data. */
    struct err *(*rows)(struct arena *a, const char *data, struct holiday **ret, size_t *ret_n);
    /* `import` and `preview`: rows that were read from `file` without a fault. Prints, returns the
     * exit status. */
    int (*change)(struct arena *a,
                  const char *data,
                  bool preview,
                  const struct holiday *rows,
                  size_t n,
                  bool json);
};

/* huhang calendar add DATE N [--unit wd|cd|mo|y|h|sh] | between A B | explain DATE N [--unit …] |
 * import FILE | preview FILE, each with [--data DIR] [--json]. Without --data the built-in
 * holidays. */
int cli_calendar(int argc, char **argv);
int cli_calendar_with(int argc, char **argv, const struct cli_calendar_door *door);
/* huhang id check uscc|rid|org|phone [CODE… | -] [--json]: a line each, `ok CODE` or `bad CODE
 * reason`, CODE as it is kept (full-width folded, no blanks, upper case). Without CODE, or with
 * `-`, lines of standard input. CLI_NO when one is bad. */
int cli_id(int argc, char **argv);

#endif
