/* huhang import catalogue FILE --data DIR [--preview] [--json]. A stopped folder is opened here; a
 * running server is asked over its socket. Both give the report of app/catalogue as JSON, which is
 * printed as it is or in words. Exit status 1 when the file is none, or when rows of it are bad
 * (the others are imported all the same). */
#include "app/catalogue/catalogue.h"
#include "base/arena.h"
#include "base/check.h"
#include "main/admin.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/open.h"
#include "sys/file.h"

#include <stdio.h>

#define MAX_FILE_BYTES ((size_t)32 << 20)

struct import {
    struct str file; /* text */
    bool preview;
    struct str json; /* result */
};

static struct err *import_here(struct call *c, void *ctx)
{
    struct import *k = ctx;
    struct catalogue_report report;
    struct buf b;
    struct jw w;
    TRY(k->preview ? catalogue_preview(c, k->file, &report)
                   : catalogue_import(c, k->file, false, &report));
    buf_init(&b, c->arena, 65536);
    jw_init(&w, &b);
    catalogue_report_write(&report, &w);
    k->json = buf_str(&b);
    return NULL;
}

static struct err *on_stopped(struct arena *a, struct str data, struct import *k)
{
    struct open_options o = {.data = data, .lock = true};
    struct app *app = NULL;
    struct call c;
    TRY(app_open(a, &o, &app));
    TRY(app_writer(app, &c));
    c.channel = S("cli");
    struct err *e = k->preview ? import_here(&c, k) : unit_run(&c, import_here, k);
    app_writer_close(&c); /* with the lease: a server can start at once */
    app_close(app);
    return e;
}

static struct err *on_running(struct arena *a, struct str data, struct import *k)
{
    struct jval file;
    struct jobj *o = jobj_new(a);
    TRY(jread(a, str_bytes(k->file), &file));
    jobj_put(o, S("catalogue"), file);
    struct jval body = jobj_val(o);
    return admin_post(a, data,
                      k->preview ? "/bureau/catalogue/preview" : "/bureau/catalogue/import",
                      jval_text(a, &body), &k->json);
}

static struct str text(const struct jval *v, const char *name)
{
    return jval_str(jval_get(v, str_of(name)));
}

static void print_value(struct arena *a, const struct jval *v)
{
    if (v == NULL || v->type == J_NULL) {
        (void)printf("—");
    } else {
        struct str s = v->type == J_STR ? v->s : jval_text(a, v);
        (void)printf("%.*s", STR_ARG(s));
    }
}

static void print_row(struct arena *a, const struct jval *r)
{
    static const char *const WORDS[][2] = {
        {"new", "新增 new"}, {"changed", "变更 changed"}, {"bad", "有误 bad"}, {NULL, ""}};
    const struct jval *changes = jval_get(r, S("changes")), *errors = jval_get(r, S("errors"));
    size_t word = 0;
    while (WORDS[word][0] != NULL && !str_eqz(text(r, "result"), WORDS[word][0])) {
        word++;
    }
    if (WORDS[word][0] == NULL) {
        return; /* the same as before */
    }
    (void)printf("%s  %.*s %.*s  %.*s\n", WORDS[word][1], STR_ARG(text(r, "kind")),
                 STR_ARG(text(r, "code")), STR_ARG(text(r, "name")));
    for (size_t i = 0; changes != NULL && i < changes->n; i++) {
        const struct jval *c = &changes->list[i];
        (void)printf("    %.*s: ", STR_ARG(text(c, "pointer")));
        print_value(a, jval_get(c, S("old")));
        (void)printf(" → ");
        print_value(a, jval_get(c, S("new")));
        (void)printf("\n");
    }
    for (size_t i = 0; errors != NULL && i < errors->n; i++) {
        const struct jval *e = &errors->list[i], *words = jval_get(e, S("text"));
        (void)printf("    %.*s: %.*s · %.*s\n", STR_ARG(text(e, "pointer")),
                     STR_ARG(text(words, "zh")), STR_ARG(text(words, "en")));
    }
}

static int64_t count(const struct jval *v, const char *kind, const char *result)
{
    return jval_int(jval_get(jval_get(v, str_of(kind)), str_of(result)), 0);
}

static void print_report(struct arena *a, const struct jval *v)
{
    static const struct {
        const char *kind, *zh, *en;
    } KINDS[] = {
        {"items", "事项", "items"}, {"bundles", "一件事", "bundles"}, {"units", "部门", "units"}};
    const struct jval *rows = jval_get(v, S("rows")), *absent = jval_get(v, S("absent"));
    for (size_t i = 0; rows != NULL && i < rows->n; i++) {
        print_row(a, &rows->list[i]);
    }
    for (size_t i = 0; absent != NULL && i < absent->n; i++) {
        (void)printf("文件中已没有，未改动 · no longer in the file, left as it is: %.*s\n",
                     STR_ARG(jval_str(&absent->list[i])));
    }
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        const char *k = KINDS[i].kind;
        (void)printf("%s %s: 新增 new %lld, 变更 changed %lld, 相同 same %lld, 有误 bad %lld\n",
                     KINDS[i].zh, KINDS[i].en, (long long)count(v, k, "new"),
                     (long long)count(v, k, "changed"), (long long)count(v, k, "same"),
                     (long long)count(v, k, "bad"));
    }
    if (!jval_bool(jval_get(v, S("applied")), false)) {
        (void)printf("仅预览，没有改动 · preview only, nothing was changed\n");
    }
}

static struct err *
run(struct arena *a, struct str path, struct str data, struct import *k, struct jval *ret)
{
    struct bytes file;
    TRY(file_read(a, str_z(a, path), MAX_FILE_BYTES, &file));
    k->file = bytes_str(file);
    TRY(admin_running(a, data) ? on_running(a, data, k) : on_stopped(a, data, k));
    return jread(a, str_bytes(k->json), ret);
}

/* The file is refused: an answer, no failure of ours. */
static bool is_refusal(const struct err *e)
{
    return e->code == ERR_IMPORT || e->code == ERR_JSON_INVALID || e->code == ERR_FORM_INVALID ||
           e->code == ERR_REQUEST_MALFORMED;
}

int cmd_import(int argc, char **argv)
{
    struct cli_option options[] = {
        {.name = "data"}, {.name = "preview", .flag = true}, {.name = "json", .flag = true}};
    struct arena *a = arena_new((size_t)1 << 30);
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc + 1);
    struct import k = {0};
    struct jval report;
    size_t n_rest = 0;
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return CLI_USE;
    }
    if (options[0].value.p == NULL || n_rest != 2 || !str_eqz(rest[0], "catalogue")) {
        return cli_use("用法：huhang import catalogue 文件 --data 目录 [--preview] [--json]",
                       "usage: huhang import catalogue FILE --data DIR [--preview] [--json]");
    }
    k.preview = options[1].value.p != NULL;
    struct err *e = run(a, rest[1], options[0].value, &k, &report);
    if (e != NULL) {
        int status = cli_failed(e);
        return is_refusal(e) ? CLI_NO : status;
    }
    if (options[2].value.p != NULL) {
        (void)printf("%.*s\n", STR_ARG(k.json));
    } else {
        print_report(a, &report);
    }
    bool bad = count(&report, "items", "bad") + count(&report, "bundles", "bad") > 0;
    arena_free(a);
    return cli_end(bad ? CLI_NO : CLI_DONE);
}
