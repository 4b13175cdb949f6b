/* huhang verify: everything against the ledger, read-only, also beside a running server. One line
 * when content, exit 0; the first altered record otherwise, exit 1. */
#include "app/ledger/ledger.h"
#include "base/arena.h"
#include "base/check.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/open.h"
#include "main/progress.h"
#include "wire/jval.h"

#include <stdio.h>

static struct err *verify(struct arena *a, const struct open_options *o, struct verify_report *r)
{
    struct app *app = NULL;
    struct call c;
    TRY(app_open(a, o, &app));
    TRY(app_reader(app, &c));
    struct progress p = progress_begin("核验", "verifying");
    r->progress = progress_told;
    r->user = &p;
    struct err *e = ledger_verify(&c, r);
    progress_end(&p);
    db_close(c.db);
    app_close(app);
    return e;
}

static void print_json(struct arena *a, const struct verify_report *r)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 1024);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kbool(&w, "ok", ledger_content(r));
    jw_kint(&w, "acts", r->acts);
    jw_kint(&w, "matters", r->matters);
    jw_kint(&w, "files", r->files);
    if (ledger_content(r)) {
        jw_kint(&w, "log", r->log);
        jw_kint(&w, "size", (int64_t)r->size);
        jw_kstr(&w, "root", str_hex(a, (struct bytes){r->root, 32}));
    } else {
        jw_key(&w, S("altered"));
        jw_obj(&w);
        jw_kstr(&w, "table", r->table);
        jw_kstr(&w, "id", r->id);
        jw_kstr(&w, "field", r->field);
        jw_kstr(&w, "matter", r->matter);
        jw_kstr(&w, "expected", r->expected);
        jw_kstr(&w, "found", r->found);
        jw_kstr(&w, "zh", r->zh);
        jw_kstr(&w, "en", r->en);
        jw_end_obj(&w);
    }
    jw_end_obj(&w);
    (void)printf("%.*s\n", STR_ARG(buf_str(&b)));
}

int verify_print(struct arena *a, const struct verify_report *r, bool json)
{
    if (json) {
        print_json(a, r);
    } else if (ledger_content(r)) {
        (void)printf("ok %lld acts, %lld matters, %lld files, log %lld size %llu, root %.*s\n",
                     (long long)r->acts, (long long)r->matters, (long long)r->files,
                     (long long)r->log, (unsigned long long)r->size,
                     STR_ARG(str_hex(a, (struct bytes){r->root, 32})));
    } else {
        (void)printf("%.*s\n%.*s\n", STR_ARG(r->zh), STR_ARG(r->en));
    }
    return cli_end(ledger_content(r) ? CLI_DONE : CLI_NO);
}

int cmd_verify(int argc, char **argv)
{
    struct cli_option options[] = {
        {.name = "data"}, {.name = "db"}, {.name = "json", .flag = true}};
    struct arena *a = arena_new((size_t)1 << 32);
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc + 1);
    struct verify_report r = {0};
    size_t n_rest = 0;
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return CLI_USE;
    }
    if (options[0].value.p == NULL || n_rest > 0) {
        return cli_use("用法：huhang verify --data 目录 [--db …] [--json]",
                       "usage: huhang verify --data DIR [--db …] [--json]");
    }
    struct str db = str_fmt(a, "db=%.*s", STR_ARG(options[1].value));
    struct open_options o = {
        .data = options[0].value, .overrides = &db, .n_overrides = options[1].value.p != NULL};
    struct err *e = verify(a, &o, &r);
    return e != NULL ? cli_failed(e) : verify_print(a, &r, options[2].value.p != NULL);
}
