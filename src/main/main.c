/* huhang: one program for the hall and for those who watch over it. The first word chooses the
 * command (design.md 10). Exit status: 0 done, 1 the answer is no, 2 wrong use, 3 failure. */
#include "base/arena.h"
#include "base/check.h"
#include "main/cli.h"
#include "main/cli_definition.h"
#include "main/commands.h"
#include "print/drawer.h"
#include "sys/conf.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *use, *zh, *en;
};

static int draw_letters(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return drawer_main();
}

static int version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)printf("huhang %s\n", HUHANG_VERSION);
    return cli_end(CLI_DONE);
}

/* clang-format off */
static const struct command COMMANDS[] = {
    {"init",       cmd_init,       "--data DIR [--demo] [--db postgresql://…]",        "新建数据目录",           "make a data folder"},
    {"serve",      cmd_serve,      "--data DIR [--listen ADDR:PORT] [--db …]",          "启动服务",               "serve"},
    {"migrate",    cmd_migrate,    "--data DIR",                                         "升级数据库结构",         "bring the data base up to date"},
    {"check",      cmd_check,      "--data DIR",                                         "检查数据库语句",         "check every statement against the data base"},
    {"verify",     cmd_verify,     "--data DIR",                                         "核验存证账本和全部数据", "recompute ledger, states and clocks"},
    {"ledger",     cmd_ledger,     "root FILE",                                          "计算账本的根",           "Merkle root of leaves"},
    {"calendar",   cmd_calendar,   "add DATE N | between A B | explain DATE N | import FILE | preview FILE", "工作日历", "working-day calendar"},
    {"id",         cli_id,         "check uscc|rid [CODE… | -]",                         "校验证件号码",           "check identifiers"},
    {"definition", cli_definition, "check|dot|diff …",                                   "程序定义",               "definitions of procedures"},
    {"import",     cmd_import,     "catalogue FILE --data DIR [--preview]",              "导入事项目录",           "import the catalogue"},
    {"backup",     cmd_backup,     "--data DIR --to DIR",                                "备份",                   "back up"},
    {"restore",    cmd_restore,    "--from DIR --data DIR",                              "恢复",                   "restore into an empty folder"},
    {"openapi",    cmd_openapi,    "",                                                   "打印接口约定",           "print the OpenAPI document"},
    {"version",    version,        "",                                                   "版本",                   "version"},
    {"draw-letters", draw_letters, NULL, NULL, NULL}, /* the letters' own process */
};
/* clang-format on */

static void say_use(FILE *to, const struct command *c)
{
    (void)fprintf(to, "  huhang %-11s %s\n      %s · %s\n", c->name, c->use, c->zh, c->en);
}

static void usage(FILE *to)
{
    (void)fprintf(to, "护航 huhang %s\n\n", HUHANG_VERSION);
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        if (COMMANDS[i].use != NULL) {
            say_use(to, &COMMANDS[i]);
        }
    }
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* `huhang serve --help` also lists the settings, which every command with --data reads. */
static int help(const struct command *c)
{
    struct arena *a = arena_new(0);
    say_use(stdout, c);
    if (c->run == cmd_serve) {
        (void)printf("\n%.*s", STR_ARG(conf_doc(a)));
    }
    arena_free(a);
    return cli_end(CLI_DONE);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < COUNT_OF(COMMANDS); i++) {
        if (strcmp(argv[1], COMMANDS[i].name) == 0) {
            return argc == 3 && COMMANDS[i].use != NULL && asks_for_help(argv[2])
                       ? help(&COMMANDS[i])
                       : COMMANDS[i].run(argc - 1, argv + 1);
        }
    }
    if (argc == 2 && asks_for_help(argv[1])) {
        usage(stdout);
        return cli_end(CLI_DONE);
    }
    usage(stderr);
    return CLI_USE;
}
