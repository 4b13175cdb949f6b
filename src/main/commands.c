/* Short commands: migrate, check, ledger root, openapi. */
#include "main/commands.h"

#include "base/arena.h"
#include "base/check.h"
#include "ledger/tree.h"
#include "main/cli.h"
#include "main/open.h"
#include "store/migrate.h"
#include "sys/file.h"

#include <stdio.h>

/* --data and --db alone. */
static bool data_options(struct arena *a, int argc, char **argv, struct open_options *ret)
{
    struct cli_option options[] = {{.name = "data"}, {.name = "db"}};
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc + 1);
    size_t n_rest = 0;
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return false;
    }
    if (options[0].value.p == NULL || n_rest > 0) {
        (void)cli_use("用法：huhang %s --data 目录", "usage: huhang %s --data DIR", argv[0]);
        return false;
    }
    *ret = (struct open_options){.data = options[0].value};
    if (options[1].value.p != NULL) {
        struct str *over = ARENA_NEW(a, struct str);
        *over = str_fmt(a, "db=%.*s", STR_ARG(options[1].value));
        ret->overrides = over;
        ret->n_overrides = 1;
    }
    return true;
}

static struct err *migrate(struct arena *a, struct open_options *o, int *ret_n)
{
    struct app *app = NULL;
    struct db *db = NULL;
    struct db_options w = {.write = true, .cache_kib = 16384};
    o->lock = true;
    TRY(app_open(a, o, &app));
    TRY(db_open(a, app_db_target(a, &app->conf), &w, &db));
    struct err *e = migrate_run(db, a, app->conf.data, clock_real_ms(app->clock), ret_n);
    db_close(db);
    app_close(app);
    return e;
}

int cmd_migrate(int argc, char **argv)
{
    struct arena *a = arena_new(0);
    struct open_options o;
    int n = 0;
    if (!data_options(a, argc, argv, &o)) {
        return CLI_USE;
    }
    struct err *e = migrate(a, &o, &n);
    if (e != NULL) {
        return cli_failed(e);
    }
    (void)printf("%d\n", n);
    return cli_end(CLI_DONE);
}

static struct err *check(struct arena *a, struct open_options *o)
{
    struct app *app = NULL;
    struct call c;
    struct stmt_list all = stmt_all();
    TRY(app_open(a, o, &app));
    TRY(app_reader(app, &c));
    TRY(migrate_check(c.db, a));
    TRY(db_check(c.db, a, &all, 1));
    db_close(c.db);
    app_close(app);
    return NULL;
}

int cmd_check(int argc, char **argv)
{
    struct arena *a = arena_new(0);
    struct open_options o;
    if (!data_options(a, argc, argv, &o)) {
        return CLI_USE;
    }
    struct err *e = check(a, &o);
    if (e != NULL) {
        return cli_failed(e);
    }
    (void)printf("ok\n");
    return cli_end(CLI_DONE);
}

static struct err *ledger_root(struct arena *a, const char *path, struct str *ret)
{
    struct bytes text, leaf;
    struct frontier f;
    unsigned char hash[32];
    size_t line = 0;
    TRY(file_read(a, path, (size_t)1 << 28, &text));
    struct str rest = bytes_str(text);
    frontier_init(&f);
    while (rest.n > 0) {
        struct str one = str_split(&rest, '\n');
        line++;
        if (!str_unhex(a, str_trim(one), &leaf)) {
            return ERROR(a, ERR_LEDGER, "第%zu行不是十六进制。", "Line %zu is not hexadecimal.",
                         line);
        }
        tree_leaf_hash(leaf, hash);
        frontier_add(&f, hash);
    }
    frontier_root(&f, hash);
    *ret = str_hex(a, (struct bytes){hash, 32});
    return NULL;
}

int cmd_ledger(int argc, char **argv)
{
    struct arena *a = arena_new((size_t)1 << 30);
    struct str root = STR_NONE;
    if (argc != 3 || !str_eqz(str_of(argv[1]), "root")) {
        return cli_use("用法：huhang ledger root 文件（每行一个叶子，十六进制）",
                       "usage: huhang ledger root FILE (one leaf in hex per line)");
    }
    struct err *e = ledger_root(a, argv[2], &root);
    if (e != NULL) {
        return cli_failed(e);
    }
    (void)printf("%.*s\n", STR_ARG(root));
    return cli_end(CLI_DONE);
}

/* The contract does not depend on a data folder: an app of modules alone. */
int cmd_openapi(int argc, char **argv)
{
    struct arena *a = arena_new(0);
    struct app app = {.arena = a, .modules = modules, .n_modules = n_modules};
    struct op_registry *ops = NULL;
    (void)argv;
    if (argc != 1) {
        return cli_use("用法：huhang openapi", "usage: huhang openapi");
    }
    struct err *e = op_registry_new(&app, a, &ops);
    if (e != NULL) {
        return cli_failed(e);
    }
    struct str text = op_openapi(ops, a);
    (void)fwrite(text.p, 1, text.n, stdout);
    (void)putchar('\n');
    return cli_end(CLI_DONE);
}
