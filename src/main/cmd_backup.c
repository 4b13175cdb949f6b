/* huhang backup: a copy that restore can put back, taken while the server works. The data base
 * first, as one consistent snapshot; then the files: each was on the disk before the act that names
 * it was committed, so every file that the snapshot names is there. The keys stay behind (design.md
 * 6). */
#include "base/arena.h"
#include "base/check.h"
#include "civil/date.h"
#include "crypto/crypto.h"
#include "ledger/note.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/manifest.h"
#include "main/open.h"
#include "main/progress.h"
#include "run/ledger_head.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

#define NOTE_MAX 65536

struct backup {
    struct arena *arena;
    struct app *app;
    struct str to;
    struct manifest m;
    size_t damaged; /* files whose content is not what their name says */
};

struct note_row {
    int64_t office_id, log;
    struct str note;
};

/* clang-format off */
static const struct field NOTE_ROW[] = {
    F_ID(struct note_row, office_id, 0, NULL, NULL),
    F_INT(struct note_row, log, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct note_row, note, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(LAST_NOTE,
     "backup.last_note",
     NOTE_ROW,
     NOTE_ROW,
     struct note_row,
     "SELECT office_id, log, note FROM checkpoint WHERE office_id = :office_id AND log = :log"
     " ORDER BY size DESC LIMIT 1");

static const char *in(struct arena *a, struct str folder, struct str path)
{
    return str_z(a, str_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(path)));
}

static struct err *fresh_target(struct arena *a, struct str to)
{
    struct str *names = NULL;
    size_t n = 0;
    const char *path = str_z(a, to);
    if (file_exists(path)) {
        TRY(file_list(a, path, &names, &n));
    }
    if (n > 0) {
        return err_hint(ERROR(a, ERR_CONF, "目录“%.*s”不是空的。",
                              "The folder “%.*s” is not empty.", STR_ARG(to)),
                        "请给出一个空目录或新目录。", "Name an empty or new folder.");
    }
    return file_mkdir(a, path, 0700);
}

/* The log as it was signed before the snapshot: the snapshot holds at least so many leaves. */
static struct err *read_log(struct backup *b, struct call *c)
{
    struct ledger_head head;
    struct note_row in_row = {.office_id = b->app->office_id}, row = {0};
    unsigned char public_key[CRYPT_PUBLIC_LEN];
    bool found = false;
    TRY(ledger_head_load(c->db, b->arena, b->app->office_id, &head));
    in_row.log = b->m.log = head.log;
    TRY(ledger_origin(c->db, b->arena, b->app->office_id, head.log, &b->m.origin));
    TRY(db_one(c->db, b->arena, &LAST_NOTE, &in_row, &row, &found));
    b->m.note = found ? row.note : STR_NONE;
    crypt_sign_public(b->app->log_seed, public_key);
    b->m.vkey = note_vkey(b->arena, b->m.origin, public_key);
    return NULL;
}

static struct err *data_base(struct backup *b, struct call *c, struct copied *ret)
{
    struct arena *a = b->arena;
    bool pg = db_engine(c->db) == DB_PG;
    b->m.engine = pg ? S("postgresql") : S("sqlite");
    ret->path = pg ? S(BACKUP_PG) : S(BACKUP_SQLITE);
    const char *path = in(a, b->to, ret->path);
    if (pg) {
        const char *file = str_z(a, str_fmt(a, "--file=%s", path));
        const char *const args[] = {"--format=custom", "--no-owner", "--no-privileges", file, NULL};
        TRY(pg_tool(a, "pg_dump", app_db_target(a, &b->app->conf), args));
    } else {
        TRY(db_snapshot(c->db, a, path));
    }
    return copy_measure(a, path, ret);
}

static bool name_fits(struct arena *a, const struct copied *f)
{
    struct str name = str_sub(f->path, strlen("files/"), f->path.n);
    struct str hex = str_fmt(a, "%.2s%.*s", name.p, STR_ARG(str_sub(name, 3, name.n)));
    return str_eq(hex, str_hex(a, (struct bytes){f->sha256, 32}));
}

static struct err *files(struct backup *b, const struct str *paths, size_t n)
{
    struct arena *a = b->arena;
    struct str data = b->app->conf.data;
    struct progress p = progress_begin("备份文件", "backing up files");
    struct err *e = file_mkdir(a, in(a, b->to, S("files")), 0700);
    for (size_t i = 0; i < n && e == NULL; i++) {
        struct copied *f = &b->m.files[b->m.n];
        const char *folder = in(a, b->to, str_sub(paths[i], 0, strlen("files/ab")));
        f->path = paths[i];
        e = file_mkdir(a, folder, 0700);
        e = e != NULL ? e : copy_file(a, in(a, data, paths[i]), in(a, b->to, paths[i]), f);
        e = e != NULL ? e : file_sync_dir(a, folder);
        if (e == NULL && !name_fits(a, f)) {
            b->damaged++;
            (void)fprintf(stderr, "文件已损坏 damaged file: %.*s\n", STR_ARG(paths[i]));
        }
        b->m.n++;
        progress_told(&p, (int64_t)i + 1, (int64_t)n);
    }
    progress_end(&p);
    return e;
}

/* Settings, without the address of this data base. */
static struct err *settings(struct backup *b)
{
    struct arena *a = b->arena;
    const char *from = in(a, b->app->conf.data, S("huhang.conf"));
    if (!file_exists(from)) {
        return NULL;
    }
    struct copied *f = &b->m.files[b->m.n++];
    f->path = S("huhang.conf");
    return copy_file(a, from, in(a, b->to, f->path), f);
}

static struct err *back_up(struct backup *b, const struct open_options *o)
{
    struct arena *a = b->arena;
    struct call c;
    struct str *paths = NULL;
    size_t n = 0;
    TRY(app_open(a, o, &b->app));
    TRY(app_reader(b->app, &c));
    TRY(fresh_target(a, b->to));
    struct copied db = {0};
    struct err *e = read_log(b, &c);
    e = e != NULL ? e : data_base(b, &c, &db);
    db_close(c.db);
    e = e != NULL ? e : copy_list(a, b->app->conf.data, &paths, &n);
    TRY(e);
    b->m.files = ARENA_ARRAY(a, struct copied, n + 2);
    b->m.files[b->m.n++] = db;
    TRY(files(b, paths, n));
    TRY(settings(b));
    b->m.made_at = civil_instant_text(a, clock_real_ms(b->app->clock));
    b->m.version = S(HUHANG_VERSION);
    b->m.demo = b->app->conf.demo;
    TRY(file_sync_dir(a, str_z(a, b->to)));
    TRY(file_write(a, in(a, b->to, S(MANIFEST_NAME)), str_bytes(manifest_text(a, &b->m)), 0600));
    app_close(b->app);
    return NULL;
}

int cmd_backup(int argc, char **argv)
{
    struct cli_option options[] = {{.name = "data"}, {.name = "to"}, {.name = "db"}};
    struct arena *a = arena_new((size_t)1 << 32);
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc + 1);
    size_t n_rest = 0;
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return CLI_USE;
    }
    if (options[0].value.p == NULL || options[1].value.p == NULL || n_rest > 0) {
        return cli_use("用法：huhang backup --data 目录 --to 新目录 [--db …]",
                       "usage: huhang backup --data DIR --to NEW_DIR [--db …]");
    }
    struct str db = str_fmt(a, "db=%.*s", STR_ARG(options[2].value));
    struct open_options o = {
        .data = options[0].value, .overrides = &db, .n_overrides = options[2].value.p != NULL};
    struct backup b = {.arena = a, .to = options[1].value};
    struct err *e = back_up(&b, &o);
    if (e != NULL) {
        return cli_failed(e);
    }
    (void)printf("%.*s: %zu 个文件 files, %.*s\n", STR_ARG(b.to), b.m.n, STR_ARG(b.m.origin));
    (void)fprintf(stderr, "办公密钥不在备份里，请另行保管。\n"
                          "The office key is not in the backup; keep it apart.\n");
    return cli_end(b.damaged == 0 ? CLI_DONE : CLI_NO);
}
