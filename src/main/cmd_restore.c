/* huhang restore: a backup into an empty folder. Everything is checked against the manifest while
 * it is copied; the office key comes from $HUHANG_KEY_FILE. The old log is never continued: the
 * folder gets a key of its own and starts log n+1, whose first leaf names the old log's key and its
 * last checkpoint (design.md 6). At the end everything is verified. */
#include "app/ledger/ledger.h"
#include "base/arena.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/event.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/manifest.h"
#include "main/open.h"
#include "main/progress.h"
#include "store/migrate.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

#define CONF_MAX 65536

struct restore {
    struct arena *arena;
    struct str from, data, db;
    struct manifest m;
    struct app *app;
    struct verify_report report;
};

struct setting_row {
    int64_t office_id;
    struct str name, value;
};

struct key_row {
    int64_t id;
    struct bytes wrapped;
};

/* clang-format off */
static const struct field SETTING_ROW[] = {
    F_ID(struct setting_row, office_id, 0, NULL, NULL),
    F_TEXT(struct setting_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct setting_row, value, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field KEY_ROW[] = {
    F_ID(struct key_row, id, 0, NULL, NULL),
    F_BYTES(struct key_row, wrapped, 0),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(PUT_SETTING,
         "restore.setting",
         SETTING_ROW,
         "INSERT INTO setting (office_id, name, value) VALUES (:office_id, :name, :value)"
         " ON CONFLICT (office_id, name) DO UPDATE SET value = excluded.value");
/* Whoever held the office held it for the old folder. */
STMT_RUN(DROP_LEASE,
         "restore.lease",
         SETTING_ROW,
         "DELETE FROM office_lease WHERE office_id = :office_id");
STMT(ANY_KEY,
     "restore.key",
     NULL,
     KEY_ROW,
     struct key_row,
     "SELECT id, wrapped FROM data_key WHERE wrapped IS NOT NULL ORDER BY id LIMIT 1");

static const char *in(struct arena *a, struct str folder, struct str path)
{
    return str_z(a, str_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(path)));
}

static struct err *damaged(struct arena *a, struct str path)
{
    return err_hint(ERROR(a, ERR_IO, "备份里的“%.*s”与清单不符。",
                          "“%.*s” in the backup is not what the manifest says.", STR_ARG(path)),
                    "请使用另一份备份，并删除未完成的数据目录。",
                    "Use another backup, and delete the unfinished data folder.");
}

/* ---- before anything is written ---- */

static struct err *check_key_given(struct restore *r)
{
    struct arena *a = r->arena;
    struct conf conf;
    TRY(conf_load(a, r->data, NULL, 0, &conf));
    if (conf.key_file.n == 0 || !file_exists(str_z(a, conf.key_file))) {
        return err_hint(
            ERROR(a, ERR_KEY, "没有给出办公密钥文件。", "No office key file was given."),
            "请设置环境变量 HUHANG_KEY_FILE 为备份时所用办公密钥文件的路径。",
            "Set HUHANG_KEY_FILE to the path of the office key that the backup was made with.");
    }
    return NULL;
}

static struct err *check_target(struct restore *r)
{
    struct arena *a = r->arena;
    struct str *names = NULL;
    size_t n = 0;
    bool pg = str_eqz(r->m.engine, "postgresql");
    if (file_exists(str_z(a, r->data))) {
        TRY(file_list(a, str_z(a, r->data), &names, &n));
    }
    if (n > 0) {
        return err_hint(ERROR(a, ERR_CONF, "目录“%.*s”不是空的。",
                              "The folder “%.*s” is not empty.", STR_ARG(r->data)),
                        "请给出一个空目录或新目录。", "Name an empty or new folder.");
    }
    if (pg != (r->db.n > 0)) {
        return pg ? ERROR(a, ERR_CONF,
                          "这份备份来自 PostgreSQL，请用 --db 给出一个空数据库的地址。",
                          "This backup is of PostgreSQL; name an empty data base with --db.")
                  : ERROR(a, ERR_CONF, "这份备份来自 SQLite，不能恢复到 PostgreSQL。",
                          "This backup is of SQLite and cannot be put into PostgreSQL.");
    }
    return NULL;
}

/* ---- copying ---- */

static struct err *make_folders(struct restore *r)
{
    struct arena *a = r->arena;
    TRY(file_mkdir(a, str_z(a, r->data), 0700));
    TRY(file_mkdir(a, in(a, r->data, S("keys")), 0700));
    return file_mkdir(a, in(a, r->data, S("files")), 0700);
}

static bool same(const struct copied *a, const struct copied *b)
{
    return a->size == b->size && memcmp(a->sha256, b->sha256, 32) == 0;
}

/* The settings of the old folder, with the address of the new data base. */
static struct err *put_settings(struct restore *r, const struct copied *f)
{
    struct arena *a = r->arena;
    struct bytes text;
    struct copied seen = *f;
    struct buf out;
    TRY(copy_measure(a, in(a, r->from, f->path), &seen));
    if (!same(&seen, f)) {
        return damaged(a, f->path);
    }
    TRY(file_read(a, in(a, r->from, f->path), CONF_MAX, &text));
    struct str rest = bytes_str(text);
    buf_init(&out, a, text.n + 64);
    while (rest.n > 0) {
        struct str line = str_split(&rest, '\n'), value = line;
        if (!str_eqz(str_trim(str_split(&value, '=')), "db")) {
            buf_fmt(&out, "%.*s\n", STR_ARG(line));
        }
    }
    if (r->db.n > 0) {
        buf_fmt(&out, "db = %.*s\n", STR_ARG(r->db));
    }
    return file_write(a, in(a, r->data, f->path), buf_bytes(&out), 0600);
}

static struct err *put_file(struct restore *r, const struct copied *f)
{
    struct arena *a = r->arena;
    struct copied seen = *f;
    if (str_starts(f->path, S("files/"))) {
        const char *folder = in(a, r->data, str_sub(f->path, 0, strlen("files/ab")));
        TRY(file_mkdir(a, folder, 0700));
        TRY(copy_file(a, in(a, r->from, f->path), in(a, r->data, f->path), &seen));
        TRY(file_sync_dir(a, folder));
    } else if (str_eqz(f->path, BACKUP_PG)) {
        TRY(copy_measure(a, in(a, r->from, f->path), &seen));
    } else {
        TRY(copy_file(a, in(a, r->from, f->path), in(a, r->data, f->path), &seen));
    }
    return same(&seen, f) ? NULL : damaged(a, f->path);
}

static struct err *put_all(struct restore *r)
{
    struct arena *a = r->arena;
    struct progress p = progress_begin("恢复", "restoring");
    struct err *e = make_folders(r);
    for (size_t i = 0; i < r->m.n && e == NULL; i++) {
        const struct copied *f = &r->m.files[i];
        e = str_eqz(f->path, "huhang.conf") ? put_settings(r, f) : put_file(r, f);
        progress_told(&p, (int64_t)i + 1, (int64_t)r->m.n);
    }
    progress_end(&p);
    TRY(e);
    if (r->m.demo) {
        TRY(file_write(a, in(a, r->data, S("demo")), str_bytes(S("")), 0600));
    }
    if (r->db.n > 0) {
        const char *const args[] = {"--no-owner",
                                    "--no-privileges",
                                    "--exit-on-error",
                                    "--single-transaction",
                                    in(a, r->from, S(BACKUP_PG)),
                                    NULL};
        TRY(pg_tool(a, "pg_restore", r->db, args));
    }
    return NULL;
}

static struct err *new_log_key(struct restore *r)
{
    struct arena *a = r->arena;
    unsigned char seed[CRYPT_SEED_LEN];
    crypt_random(seed, sizeof seed);
    struct str text = str_fmt(a, "%.*s\n", STR_ARG(str_hex(a, (struct bytes){seed, sizeof seed})));
    crypt_wipe(seed, sizeof seed);
    return file_write(a, in(a, r->data, S("keys/log.key")), str_bytes(text), 0600);
}

/* ---- the data base ---- */

static struct err *check_key_fits(struct restore *r, struct db *db)
{
    struct arena *a = r->arena;
    struct key_row row = {0};
    struct data_key key;
    bool found = false;
    TRY(db_one(db, a, &ANY_KEY, NULL, &row, &found));
    if (found && data_key_unwrap(a, &r->app->key, row.id, row.wrapped, &key) != NULL) {
        return err_hint(ERROR(a, ERR_KEY, "这个办公密钥打不开备份里的数据。",
                              "This office key does not open the data of the backup."),
                        "请在 HUHANG_KEY_FILE 中给出备份时所用的办公密钥。",
                        "Give in HUHANG_KEY_FILE the office key that the backup was made with.");
    }
    return NULL;
}

static struct err *next_log(struct restore *r, struct db *db)
{
    struct arena *a = r->arena;
    struct setting_row row = {r->app->office_id, S("ledger_log"),
                              str_fmt(a, "%lld", (long long)r->m.log + 1)};
    struct err *e = group_begin(db, a);
    e = e != NULL ? e : unit_begin(db, a);
    e = e != NULL ? e : db_run(db, a, &PUT_SETTING, &row, NULL);
    e = e != NULL ? e : db_run(db, a, &DROP_LEASE, &row, NULL);
    e = e != NULL ? e : unit_end(db, a);
    return e != NULL ? e : group_commit(db, a);
}

static struct err *first_leaf(struct call *c, void *ctx)
{
    const struct restore *r = ctx;
    struct str base = r->m.origin;
    int64_t index = 0;
    unsigned char hash[32];
    while (base.n > 0 && base.p[base.n - 1] != '/') {
        base.n--;
    }
    struct log_start s = {
        .origin = str_fmt(c->arena, "%.*s%lld", STR_ARG(base), (long long)r->m.log + 1),
        .vkey = r->m.vkey,
        .note = r->m.note,
    };
    struct str text = log_start_text(c->arena, &s);
    return unit_leaf(c, 1, statement_leaf(c->arena, STATEMENT_LOG_START, text), 0, &index, hash);
}

/* Before any module starts, so that this leaf is the first. */
static struct err *start_log(struct restore *r, struct db *db)
{
    struct call c;
    size_t modules_kept = r->app->n_modules;
    TRY(check_key_fits(r, db));
    TRY(next_log(r, db));
    call_init(&c, r->app, r->arena, ACTOR_CLI);
    c.db = db;
    r->app->n_modules = 0;
    struct err *e = unit_run(&c, first_leaf, r);
    unit_close(r->app); /* the lease is free at once for whoever serves */
    r->app->n_modules = modules_kept;
    return e;
}

static struct err *open_data_base(struct restore *r)
{
    struct arena *a = r->arena;
    struct db_options o = {.write = true, .cache_kib = 16384};
    struct open_options open = {.data = r->data, .lock = true};
    struct db *db = NULL;
    int n = 0;
    TRY(app_open(a, &open, &r->app));
    TRY(db_open(a, app_db_target(a, &r->app->conf), &o, &db));
    struct err *e = migrate_run(db, a, STR_NONE, clock_real_ms(r->app->clock), &n);
    e = e != NULL ? e : start_log(r, db);
    db_close(db);
    return e;
}

static struct err *verify_all(struct restore *r)
{
    struct call c;
    TRY(app_reader(r->app, &c));
    struct progress p = progress_begin("核验", "verifying");
    r->report.progress = progress_told;
    r->report.user = &p;
    struct err *e = ledger_verify(&c, &r->report);
    progress_end(&p);
    db_close(c.db);
    return e;
}

static struct err *restore(struct restore *r)
{
    TRY(crypt_init(r->arena));
    TRY(check_key_given(r));
    TRY(manifest_read(r->arena, r->from, &r->m));
    TRY(check_target(r));
    TRY(put_all(r));
    TRY(new_log_key(r));
    TRY(open_data_base(r));
    TRY(verify_all(r));
    app_close(r->app);
    return NULL;
}

int cmd_restore(int argc, char **argv)
{
    struct cli_option options[] = {{.name = "from"}, {.name = "data"}, {.name = "db"}};
    struct arena *a = arena_new((size_t)1 << 32);
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc + 1);
    size_t n_rest = 0;
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return CLI_USE;
    }
    if (options[0].value.p == NULL || options[1].value.p == NULL || n_rest > 0) {
        return cli_use("用法：huhang restore --from 备份目录 --data 新目录 [--db postgresql://…]",
                       "usage: huhang restore --from BACKUP --data NEW_DIR [--db postgresql://…]");
    }
    struct restore r = {
        .arena = a, .from = options[0].value, .data = options[1].value, .db = options[2].value};
    struct err *e = restore(&r);
    return e != NULL ? cli_failed(e) : verify_print(a, &r.report, false);
}
