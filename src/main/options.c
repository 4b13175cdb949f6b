/* Words of a command line: options anywhere, other words in order. */
#include "main/cli.h"
#include "main/commands.h"

#include <string.h>

static struct cli_option *find(struct cli_option *options, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

bool cli_options(int argc,
                 char **argv,
                 struct cli_option *options,
                 size_t n,
                 struct str *ret_rest,
                 size_t *ret_n_rest)
{
    *ret_n_rest = 0;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            ret_rest[(*ret_n_rest)++] = str_of(argv[i]);
            continue;
        }
        struct cli_option *o = find(options, n, argv[i] + 2);
        if (o == NULL) {
            (void)cli_use("不认识的选项 %s", "unknown option %s", argv[i]);
            return false;
        }
        if (!o->flag && i + 1 == argc) {
            (void)cli_use("选项 %s 后面要有一个值", "option %s needs a value", argv[i]);
            return false;
        }
        o->value = o->flag ? S("yes") : str_of(argv[++i]);
    }
    return true;
}
