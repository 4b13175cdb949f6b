/* huhang calendar … --data DIR: the folder behind the arithmetic of cli_calendar.c. A stopped
 * folder is opened here; a running server is asked over its socket. Both give the report of
 * app/calendar as JSON, which is printed as it is or in words. */
#include "app/calendar/calendar.h"
#include "base/arena.h"
#include "main/admin.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/open.h"
#include "procedure/almanac.h"

#include <stdio.h>

static struct err *rows_of(struct arena *a, const char *data, struct holiday **ret, size_t *ret_n)
{
    struct open_options o = {.data = str_of(data)};
    struct app *app = NULL;
    struct call c;
    TRY(app_open(a, &o, &app));
    TRY(app_reader(app, &c));
    struct err *e = almanac_reload(&c);
    const struct almanac *al = almanac_of(app);
    if (e == NULL && al != NULL) {
        struct holiday *rows = ARENA_ARRAY(a, struct holiday, al->n + 1);
        for (size_t i = 0; i < al->n; i++) {
            rows[i] = al->rows[i];
        }
        *ret = rows;
        *ret_n = al->n;
    }
    db_close(c.db);
    app_close(app);
    return e != NULL || al != NULL
               ? e
               : ERROR(a, ERR_CALENDAR, "目录里没有日历。", "The folder has no calendar.");
}

struct change {
    const struct holiday *rows;
    size_t n;
    struct str source;
    bool preview;
    struct str json; /* result */
};

static struct err *change_here(struct call *c, void *ctx)
{
    struct change *k = ctx;
    struct calendar_report report;
    struct buf b;
    struct jw w;
    TRY(calendar_change(c, k->rows, k->n, k->source, k->preview, &report));
    buf_init(&b, c->arena, 4096);
    jw_init(&w, &b);
    jw_obj(&w);
    calendar_report_write(c, &report, &w);
    jw_end_obj(&w);
    k->json = buf_str(&b);
    return NULL;
}

static struct err *on_stopped(struct arena *a, struct str data, struct change *k)
{
    struct open_options o = {.data = data, .lock = true};
    struct app *app = NULL;
    struct call c;
    TRY(app_open(a, &o, &app));
    TRY(app_writer(app, &c));
    struct err *e = k->preview ? change_here(&c, k) : unit_run(&c, change_here, k);
    app_writer_close(&c); /* with the lease: a server can start at once */
    app_close(app);
    return e;
}

static struct err *on_running(struct arena *a, struct str data, struct change *k)
{
    struct calendar *cal = NULL;
    struct jobj *o = jobj_new(a);
    TRY(calendar_new(a, k->rows, k->n, &cal));
    jobj_put(o, S("csv"), jval_of_str(calendar_canonical(a, cal)));
    jobj_put(o, S("source"), jval_of_str(k->source));
    struct jval body = jobj_val(o);
    return admin_post(a, data, k->preview ? "/calendar/preview" : "/calendar/import",
                      jval_text(a, &body), &k->json);
}

/* The first notice of the file names the import. */
static struct str source_of(const struct holiday *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].notice.n > 0) {
            return rows[i].notice;
        }
    }
    return S("命令行导入");
}

static struct str text(const struct jval *v, const char *name)
{
    return jval_str(jval_get(v, str_of(name)));
}

static const char *day_word(struct str s)
{
    return str_eqz(s, "work") ? "上班 work" : "放假 off";
}

static void print_report(const struct jval *v)
{
    const struct jval *days = jval_get(v, S("days")), *clocks = jval_get(v, S("matters"));
    for (size_t i = 0; days != NULL && i < days->n; i++) {
        const struct jval *d = &days->list[i];
        (void)printf("%.*s  %s → %s  %.*s\n", STR_ARG(text(d, "on")), day_word(text(d, "from")),
                     day_word(text(d, "to")), STR_ARG(text(d, "name")));
    }
    for (size_t i = 0; clocks != NULL && i < clocks->n; i++) {
        const struct jval *k = &clocks->list[i];
        (void)printf("%.*s  %.*s  %.*s → %.*s\n", STR_ARG(text(k, "number")),
                     STR_ARG(text(jval_get(k, S("label")), "zh")), STR_ARG(text(k, "old_due")),
                     STR_ARG(text(k, "new_due")));
    }
    (void)printf(
        "变动%zu天，%lld个时限（%lld件） · %zu days and %lld clocks of %lld matters change\n",
        days == NULL ? 0 : days->n, (long long)jval_int(jval_get(v, S("total")), 0),
        (long long)jval_int(jval_get(v, S("total_matters")), 0), days == NULL ? 0 : days->n,
        (long long)jval_int(jval_get(v, S("total")), 0),
        (long long)jval_int(jval_get(v, S("total_matters")), 0));
}

static int change_folder(struct arena *a,
                         const char *data,
                         bool preview,
                         const struct holiday *rows,
                         size_t n,
                         bool json)
{
    struct change k = {.rows = rows, .n = n, .source = source_of(rows, n), .preview = preview};
    struct str folder = str_of(data);
    struct err *e =
        admin_running(a, folder) ? on_running(a, folder, &k) : on_stopped(a, folder, &k);
    struct jval v;
    if (e == NULL) {
        e = jread(a, str_bytes(k.json), &v);
    }
    if (e != NULL) {
        return cli_failed(e);
    }
    if (json) {
        (void)printf("%.*s\n", STR_ARG(k.json));
    } else {
        print_report(&v);
    }
    return CLI_DONE;
}

int cmd_calendar(int argc, char **argv)
{
    static const struct cli_calendar_door door = {rows_of, change_folder};
    return cli_calendar_with(argc, argv, &door);
}
