/* Migrations. The table `migration` says which were applied; each is one transaction together with
 * its row, so a crash leaves it done or not done. On PostgreSQL that table is locked first: of two
 * servers starting at once, the second finds the work done. */
#include "store/migrate.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/embed.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "store/migrate_set.h"
#include "sys/log.h"

#include <string.h>

extern const struct embed_file embed_migrations[];
extern const size_t embed_migrations_n;

struct applied {
    int64_t number;
    struct str name;
    struct bytes sha256;
    int64_t applied_at;
};

/* clang-format off */
static const struct field applied_rows[] = {
    F_INT(struct applied, number, 0, 1, 9999, "编号", "number"),
    F_TEXT(struct applied, name, 0, 1, 200, "名称", "name"),
    F_BYTES(struct applied, sha256, 0),
    F_INSTANT(struct applied, applied_at, 0, "时间", "time"),
    FIELD_END,
};
/* clang-format on */

STMT(all_applied,
     "migrate.list",
     NULL,
     applied_rows,
     struct applied,
     "SELECT number, name, sha256, applied_at FROM migration ORDER BY number");
STMT_RUN(add_applied,
         "migrate.add",
         applied_rows,
         "INSERT INTO migration (number, name, sha256, applied_at)"
         " VALUES (:number, :name, :sha256, :applied_at)");

#define MAKE_TABLE                                                                                 \
    "CREATE TABLE IF NOT EXISTS migration (number {{ID}}, name TEXT NOT NULL,"                     \
    " sha256 {{BYTES}} NOT NULL, applied_at BIGINT NOT NULL)"

struct migrate_set migrate_embedded(void)
{
    return (struct migrate_set){embed_migrations, embed_migrations_n};
}

struct str migrate_expand(struct arena *a, struct str sql, enum db_engine e)
{
    static const struct {
        struct str token, text[2];
    } rows[] = {
        {S_INIT("{{ID}}"), {S_INIT("INTEGER PRIMARY KEY"), S_INIT("BIGINT PRIMARY KEY")}},
        {S_INIT("{{WR}}"), {S_INIT("WITHOUT ROWID"), S_INIT("")}},
        {S_INIT("{{BYTES}}"), {S_INIT("BLOB"), S_INIT("BYTEA")}},
    };
    struct buf b;
    buf_init(&b, a, sql.n);
    while (sql.n > 0) {
        size_t i = 0;
        while (i < COUNT_OF(rows) && !str_starts(sql, rows[i].token)) {
            i++;
        }
        if (i < COUNT_OF(rows)) {
            buf_put(&b, rows[i].text[e]);
            sql = str_sub(sql, rows[i].token.n, sql.n);
        } else {
            buf_putc(&b, sql.p[0]);
            sql = str_sub(sql, 1, sql.n);
        }
    }
    return buf_str(&b);
}

static struct str text_of(const struct embed_file *f)
{
    return (struct str){(const char *)f->p, f->size};
}

/* NNNN_name.sql, numbered from 1 without a gap. */
static struct err *check_names(struct arena *a, const struct migrate_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        struct str name = str_of(set->files[i].name);
        int64_t number = 0;
        bool ok = name.n > 9 && num_digits(str_sub(name, 0, 4), &number) && name.p[4] == '_' &&
                  str_ends(name, S(".sql"));
        if (!ok || number != (int64_t)i + 1) {
            return ERROR(a, ERR_CONF, "迁移文件名不对：%.*s。",
                         "A migration file has a wrong name: %.*s.", STR_ARG(name));
        }
    }
    return NULL;
}

/* What was applied must be the beginning of what we have, unchanged. */
static struct err *compare(struct arena *a, const struct migrate_set *set, const struct list *done)
{
    const struct applied *rows = done->p;
    if (done->n > set->n) {
        return ERROR(a, ERR_CONF, "数据由更新的版本写成，本程序不能打开。",
                     "A later version wrote this data, this program cannot open it.");
    }
    for (size_t i = 0; i < done->n; i++) {
        unsigned char sha256[CRYPT_SHA256_LEN];
        crypt_sha256(str_bytes(text_of(&set->files[i])), sha256);
        if (rows[i].number != (int64_t)i + 1 || rows[i].sha256.n != sizeof sha256 ||
            memcmp(rows[i].sha256.p, sha256, sizeof sha256) != 0) {
            return err_hint(ERROR(a, ERR_CONF, "迁移 %s 与已执行的不一致。",
                                  "Migration %s differs from the one that was applied.",
                                  set->files[i].name),
                            "已发布的迁移不可修改，请另加新文件。",
                            "A released migration must not change; add a new file instead.");
        }
    }
    return NULL;
}

static struct err *make_table(struct db *d, struct arena *a)
{
    return db_script(d, a, migrate_expand(a, S(MAKE_TABLE), db_engine(d)));
}

/* One migration, if it is still missing under the lock. */
static struct err *
apply(struct db *d, struct arena *a, const struct migrate_set *set, size_t i, int64_t now_ms)
{
    const struct embed_file *f = &set->files[i];
    unsigned char sha256[CRYPT_SHA256_LEN];
    crypt_sha256(str_bytes(text_of(f)), sha256);
    struct applied row = {.number = (int64_t)i + 1,
                          .name = str_of(f->name),
                          .sha256 = {sha256, sizeof sha256},
                          .applied_at = now_ms};
    if (db_engine(d) == DB_PG) {
        TRY(db_script(d, a, S("LOCK TABLE migration IN ACCESS EXCLUSIVE MODE")));
    }
    struct list done = {0};
    TRY(db_all(d, a, &all_applied, NULL, &done));
    TRY(compare(a, set, &done));
    if (done.n > i) {
        return NULL;
    }
    struct err *e = db_script(d, a, migrate_expand(a, text_of(f), db_engine(d)));
    if (e != NULL) {
        log_line(LOG_ERROR, "migration %s failed", f->name);
        return e;
    }
    return db_run(d, a, &add_applied, &row, NULL);
}

static struct err *copy_before(struct db *d, struct arena *a, struct str dir, size_t number)
{
    if (dir.p == NULL || db_engine(d) != DB_SQLITE) {
        return NULL;
    }
    struct str path = str_fmt(a, "%.*s/huhang.db.before-%04zu", STR_ARG(dir), number);
    return db_snapshot(d, a, path.p);
}

struct err *migrate_run_set(struct db *d,
                            struct arena *a,
                            const struct migrate_set *set,
                            struct str backup_dir,
                            int64_t now_ms,
                            int *ret_n)
{
    TRY(check_names(a, set));
    TRY(make_table(d, a));
    struct list done = {0};
    TRY(db_all(d, a, &all_applied, NULL, &done));
    TRY(compare(a, set, &done));
    *ret_n = 0;
    for (size_t i = done.n; i < set->n; i++) {
        if (i == done.n && i > 0) {
            TRY(copy_before(d, a, backup_dir, i + 1));
        }
        TRY(group_begin(d, a));
        struct err *e = apply(d, a, set, i, now_ms);
        if (e != NULL) {
            group_rollback(d);
            return e;
        }
        TRY(group_commit(d, a));
        (*ret_n)++;
    }
    return NULL;
}

struct err *migrate_check_set(struct db *d, struct arena *a, const struct migrate_set *set)
{
    struct list done = {0};
    struct err *e = db_all(d, a, &all_applied, NULL, &done);
    if (e != NULL && e->code == ERR_DB_UNAVAILABLE) {
        return e;
    }
    if (e == NULL) {
        TRY(compare(a, set, &done));
    }
    if (e != NULL || done.n < set->n) {
        return err_hint(ERROR(a, ERR_CONF, "数据库尚未升级到本版本。",
                              "The data base is not yet migrated to this version."),
                        "请先运行 huhang migrate。", "Run huhang migrate first.");
    }
    return NULL;
}

struct err *
migrate_run(struct db *d, struct arena *a, struct str backup_dir, int64_t now_ms, int *ret_n)
{
    struct migrate_set set = migrate_embedded();
    return migrate_run_set(d, a, &set, backup_dir, now_ms, ret_n);
}

struct err *migrate_check(struct db *d, struct arena *a)
{
    struct migrate_set set = migrate_embedded();
    return migrate_check_set(d, a, &set);
}
