/* huhang init: a new data folder. Keys first, then the data base, the office, the calendar that the
 * program carries, the ledger's first leaf, and the system administrator with a one-time code; with
 * --demo a whole hall instead (app/demo). A folder that exists and is not empty is never touched.
 */
#include "app/demo/demo.h"
#include "app/identity/identity.h"
#include "app/letter/letter.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "ledger/event.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/open.h"
#include "procedure/almanac.h"
#include "store/migrate.h"
#include "sys/file.h"

#include <stdio.h>

#define BULK_MAX 10000000
#define DRAW_MS  INT64_C(25000) /* for letters of the demo; a server draws the rest */

struct office_new {
    int64_t id;
    struct str code, name, profile;
};

struct setting_new {
    int64_t office_id;
    struct str name, value;
};

/* clang-format off */
static const struct field OFFICE_NEW[] = {
    F_ID(struct office_new, id, 0, NULL, NULL),
    F_TEXT(struct office_new, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct office_new, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct office_new, profile, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field SETTING_NEW[] = {
    F_ID(struct setting_new, office_id, 0, NULL, NULL),
    F_TEXT(struct setting_new, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct setting_new, value, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(INSERT_OFFICE,
         "init.office",
         OFFICE_NEW,
         "INSERT INTO office (id, code, name, profile) VALUES (:id, :code, :name, :profile)");
STMT_RUN(INSERT_SETTING,
         "init.setting",
         SETTING_NEW,
         "INSERT INTO setting (office_id, name, value) VALUES (:office_id, :name, :value)");

struct init {
    struct arena *arena;
    struct str data, db;
    bool demo;
    int64_t bulk, seed; /* bulk > 0: so many simple matters for benchmarks instead of the stories */
};

static struct err *fresh_folder(const struct init *in)
{
    struct arena *a = in->arena;
    struct str *names = NULL;
    size_t n = 0;
    const char *path = str_z(a, in->data);
    if (file_exists(path)) {
        TRY(file_list(a, path, &names, &n));
    }
    if (n > 0) {
        return err_hint(ERROR(a, ERR_CONF, "目录“%.*s”不是空的。",
                              "The folder “%.*s” is not empty.", STR_ARG(in->data)),
                        "请给出一个空目录或新目录。", "Name an empty or new folder.");
    }
    TRY(file_mkdir(a, path, 0700));
    TRY(file_mkdir(a, str_z(a, str_fmt(a, "%s/keys", path)), 0700));
    return file_mkdir(a, str_z(a, str_fmt(a, "%s/files", path)), 0700);
}

static struct err *write_seed(struct arena *a, struct str data)
{
    unsigned char seed[CRYPT_SEED_LEN];
    crypt_random(seed, sizeof seed);
    struct str text = str_fmt(a, "%.*s\n", STR_ARG(str_hex(a, (struct bytes){seed, sizeof seed})));
    crypt_wipe(seed, sizeof seed);
    return file_write(a, str_z(a, str_fmt(a, "%.*s/keys/log.key", STR_ARG(data))), str_bytes(text),
                      0600);
}

/* The office key never lies in the data folder (design.md 10). */
static struct err *make_keys(const struct init *in)
{
    struct arena *a = in->arena;
    struct conf conf;
    TRY(conf_load(a, in->data, NULL, 0, &conf));
    conf.demo = in->demo;
    struct str path = app_key_path(a, &conf);
    if (path.p == NULL) {
        return err_hint(
            ERROR(a, ERR_KEY, "没有给出办公密钥文件。", "No office key file was given."),
            "请设置环境变量 HUHANG_KEY_FILE，密钥文件不能放在数据目录里。",
            "Set HUHANG_KEY_FILE; the key must not lie in the data folder.");
    }
    if (str_starts(path, str_fmt(a, "%.*s/", STR_ARG(in->data)))) {
        return ERROR(a, ERR_KEY, "办公密钥不能放在数据目录里。",
                     "The office key must not lie in the data folder.");
    }
    if (!file_exists(str_z(a, path))) {
        TRY(office_key_create(a, path));
    }
    return write_seed(a, in->data);
}

static struct err *write_conf(const struct init *in)
{
    struct arena *a = in->arena;
    struct str text = in->db.n > 0 ? str_fmt(a, "db = %.*s\n", STR_ARG(in->db)) : S("");
    TRY(file_write(a, str_z(a, str_fmt(a, "%.*s/huhang.conf", STR_ARG(in->data))), str_bytes(text),
                   0600));
    return in->demo ? file_write(a, str_z(a, str_fmt(a, "%.*s/demo", STR_ARG(in->data))),
                                 str_bytes(S("")), 0600)
                    : NULL;
}

/* Tables first; the modules start only on a data base that has them. */
static struct err *migrate_new(struct arena *a, const struct app *app)
{
    struct db_options o = {.write = true, .cache_kib = 16384};
    struct db *db = NULL;
    int n = 0;
    TRY(db_open(a, app_db_target(a, &app->conf), &o, &db));
    struct err *e = migrate_run(db, a, STR_NONE, clock_real_ms(app->clock), &n);
    db_close(db);
    return e;
}

static struct err *found_office(struct arena *a, const struct app *app, struct str origin)
{
    struct db_options o = {.write = true, .cache_kib = 16384};
    struct db *db = NULL;
    struct str code = app->conf.demo ? S("QL") : S("HH");
    struct office_new office = {app->office_id, code, S("政务服务中心"), S("{}")};
    struct setting_new setting = {app->office_id, S("ledger_origin"), origin};
    TRY(db_open(a, app_db_target(a, &app->conf), &o, &db));
    struct err *e = group_begin(db, a);
    e = e != NULL ? e : unit_begin(db, a);
    e = e != NULL ? e : db_run(db, a, &INSERT_OFFICE, &office, NULL);
    e = e != NULL ? e : db_run(db, a, &INSERT_SETTING, &setting, NULL);
    e = e != NULL ? e : unit_end(db, a);
    e = e != NULL ? e : group_commit(db, a);
    db_close(db);
    return e;
}

struct first {
    struct str origin, code;
    bool demo;
};

/* The first leaf names the log; then the calendar that the program carries. */
static struct err *first_rows(struct call *c, void *ctx)
{
    struct first *f = ctx;
    const struct almanac *al = NULL;
    struct holiday *rows = NULL;
    size_t n = 0;
    int64_t index = 0;
    unsigned char hash[32];
    TRY(unit_leaf(c, 1, statement_leaf(c->arena, STATEMENT_LOG_START, f->origin), 0, &index, hash));
    TRY(calendar_read_csv(c->arena, calendar_builtin(), &rows, &n));
    TRY(almanac_store(c, rows, n, S("国务院办公厅节假日安排通知 2004–2026"), &al));
    return f->demo ? NULL : identity_first_admin(c, S("admin"), S("系统管理员"), &f->code);
}

/* The simulated clock of a demo begins in the past. */
static struct err *demo_clock(struct arena *a, struct clock_source **ret)
{
    struct clock_source *real = clock_real();
    struct holiday *rows = NULL;
    struct calendar *cal = NULL;
    size_t n = 0;
    int64_t now = clock_real_ms(real);
    clock_free(real);
    TRY(calendar_read_csv(a, calendar_builtin(), &rows, &n));
    TRY(calendar_new(a, rows, n, &cal));
    *ret = clock_simulated(demo_start_ms(now, calendar_known_until(cal)));
    return NULL;
}

/* The stories with their letters, or many plain matters whose letters the server draws. */
static struct err *play(struct call *c, const struct init *in)
{
    int64_t refused = 0;
    if (in->bulk > 0) {
        return demo_bulk(c, in->bulk, (uint64_t)in->seed);
    }
    TRY(demo_fill(c, &refused));
    struct call now; /* the clock has moved on */
    call_init(&now, c->app, c->arena, ACTOR_SYSTEM);
    now.db = c->db;
    return letter_draw_newest(&now, DRAW_MS);
}

static struct err *make(const struct init *in, struct first *f)
{
    struct app *app = NULL;
    struct call c;
    struct open_options o = {.data = in->data, .lock = true};
    unsigned char id[8];
    TRY(crypt_init(in->arena));
    TRY(fresh_folder(in));
    TRY(write_conf(in));
    TRY(make_keys(in));
    if (in->demo) {
        TRY(demo_clock(in->arena, &o.clock));
    }
    TRY(app_open(in->arena, &o, &app));
    crypt_random(id, sizeof id);
    f->origin = str_fmt(in->arena, "huhang.invalid/%.*s",
                        STR_ARG(str_hex(in->arena, (struct bytes){id, sizeof id})));
    TRY(migrate_new(in->arena, app));
    TRY(found_office(in->arena, app, f->origin));
    TRY(app_writer(app, &c));
    TRY(unit_run(&c, first_rows, f));
    if (in->demo) {
        TRY(play(&c, in));
    }
    app_writer_close(&c);
    app_close(app);
    return NULL;
}

int cmd_init(int argc, char **argv)
{
    struct cli_option options[] = {{.name = "data"},
                                   {.name = "demo", .flag = true},
                                   {.name = "db"},
                                   {.name = "bulk"},
                                   {.name = "seed"}};
    struct arena *a = arena_new((size_t)1 << 30);
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc);
    size_t n_rest = 0;
    struct first f = {0};
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return CLI_USE;
    }
    struct init in = {.arena = a,
                      .data = options[0].value,
                      .db = options[2].value,
                      .demo = options[1].value.p != NULL,
                      .seed = 1};
    bool numbers =
        (options[3].value.p == NULL || num_parse(options[3].value, 1, BULK_MAX, &in.bulk)) &&
        (options[4].value.p == NULL || num_parse(options[4].value, 0, INT64_MAX, &in.seed));
    if (in.data.p == NULL || n_rest > 0 || !numbers || (in.bulk > 0 && !in.demo)) {
        return cli_use(
            "用法：huhang init --data 目录 [--demo [--bulk 件数] [--seed 数]] [--db "
            "postgresql://…]",
            "usage: huhang init --data DIR [--demo [--bulk N] [--seed N]] [--db postgresql://…]");
    }
    f.demo = in.demo;
    struct err *e = make(&in, &f);
    if (e != NULL) {
        return cli_failed(e);
    }
    if (!in.demo) {
        (void)printf("系统管理员账号 admin，一次性密码 %.*s\n", STR_ARG(f.code));
        (void)printf("System administrator: admin, one-time code %.*s\n", STR_ARG(f.code));
    }
    arena_free(a);
    return cli_end(CLI_DONE);
}
