/* Commands that work on a data folder. argv[0] is the command's name; the value is the exit status.
 */
#ifndef HUHANG_MAIN_COMMANDS_H
#define HUHANG_MAIN_COMMANDS_H

#include "base/err.h"

int cmd_init(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_ledger(int argc, char **argv);
int cmd_calendar(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_openapi(int argc, char **argv);

/* Options of the form --name VALUE or --name (when `flag`); others are wrong use. */
struct cli_option {
    const char *name;
    bool flag;
    struct str value; /* none: not given; flags: "yes" */
};
/* Fills the options; *ret_rest takes the other words. False: wrong use was printed. */
bool cli_options(int argc,
                 char **argv,
                 struct cli_option *options,
                 size_t n,
                 struct str *ret_rest,
                 size_t *ret_n_rest);

#endif
