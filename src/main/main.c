/* huhang: one program for the hall and for those who watch over it. The first word chooses the
 * command (design.md 10). Exit status: 0 done, 1 the answer is no, 2 wrong use, 3 failure. */
#include "base/check.h"
#include "main/cli.h"
#include "main/cli_definition.h"
#include "main/commands.h"
#include "print/drawer.h"

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

static int usage(void)
{
    (void)fprintf(stderr, "护航 huhang %s\n\n", HUHANG_VERSION);
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        if (COMMANDS[i].use != NULL) {
            (void)fprintf(stderr, "  huhang %-11s %s\n      %s · %s\n", COMMANDS[i].name,
                          COMMANDS[i].use, COMMANDS[i].zh, COMMANDS[i].en);
        }
    }
    return CLI_USE;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < COUNT_OF(COMMANDS); i++) {
        if (strcmp(argv[1], COMMANDS[i].name) == 0) {
            return COMMANDS[i].run(argc - 1, argv + 1);
        }
    }
    return usage();
}
