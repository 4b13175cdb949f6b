/* Opening a data folder (open.h). */
#include "main/open.h"

#include "crypto/crypto.h"
#include "sys/file.h"

#include <string.h>

#define OFFICE_ID 1

struct str app_path(struct arena *a, const struct conf *c, const char *name)
{
    return str_fmt(a, "%.*s/%s", STR_ARG(c->data), name);
}

struct str app_db_target(struct arena *a, const struct conf *c)
{
    return c->db.n > 0 ? c->db : app_path(a, c, "huhang.db");
}

struct str app_key_path(struct arena *a, const struct conf *c)
{
    if (c->key_file.n > 0) {
        return c->key_file;
    }
    return c->demo ? str_fmt(a, "%.*s.key", STR_ARG(c->data)) : STR_NONE;
}

static struct str without_slash(struct str s)
{
    while (s.n > 1 && s.p[s.n - 1] == '/') {
        s.n--;
    }
    return s;
}

static struct err *take_lock(struct arena *a, struct app *app)
{
    bool held = false;
    TRY(file_lock(a, str_z(a, app_path(a, &app->conf, "lock")), &app->lock_fd, &held));
    if (held) {
        return NULL;
    }
    return err_hint(ERROR(a, ERR_CONF, "数据目录“%.*s”正由另一个进程使用。",
                          "The data folder “%.*s” is in use by another process.",
                          STR_ARG(app->conf.data)),
                    "请先停止那个进程，或者换一个目录（DATA=…）。",
                    "Stop that process, or choose another folder (DATA=…).");
}

static struct err *load_keys(struct arena *a, struct app *app)
{
    struct str path = app_key_path(a, &app->conf);
    struct bytes text, seed;
    if (path.p == NULL) {
        return err_hint(
            ERROR(a, ERR_KEY, "没有给出办公密钥文件。", "No office key file was given."),
            "请设置环境变量 HUHANG_KEY_FILE 为密钥文件的路径。",
            "Set HUHANG_KEY_FILE to the path of the key file.");
    }
    TRY(office_key_load(a, path, &app->key));
    TRY(file_read(a, str_z(a, app_path(a, &app->conf, "keys/log.key")), 200, &text));
    if (!str_unhex(a, str_trim(bytes_str(text)), &seed) || seed.n != CRYPT_SEED_LEN) {
        return ERROR(a, ERR_KEY, "存证密钥 keys/log.key 不完整。",
                     "The log key keys/log.key is damaged.");
    }
    memcpy(app->log_seed, seed.p, CRYPT_SEED_LEN);
    return NULL;
}

struct err *app_open(struct arena *a, const struct open_options *o, struct app **ret)
{
    struct app *app = ARENA_NEW(a, struct app);
    struct str data = without_slash(o->data);
    TRY(crypt_init(a));
    app->arena = a;
    app->lock_fd = -1;
    app->office_id = OFFICE_ID;
    TRY(conf_load(a, data, o->overrides, o->n_overrides, &app->conf));
    app->conf.demo = file_exists(str_z(a, app_path(a, &app->conf, "demo")));
    if (!file_exists(str_z(a, app_path(a, &app->conf, "keys/log.key")))) {
        return err_hint(ERROR(a, ERR_CONF, "“%.*s”不是护航的数据目录。",
                              "“%.*s” is not a data folder of Huhang.", STR_ARG(data)),
                        "请先运行 huhang init --data 目录。",
                        "Run `huhang init --data DIR` first.");
    }
    if (o->lock) {
        TRY(take_lock(a, app));
    }
    TRY(load_keys(a, app));
    app->clock = o->clock != NULL ? o->clock : clock_real();
    app->blobs = blob_store_new(str_z(a, app->conf.data));
    app->modules = modules;
    app->n_modules = n_modules;
    TRY(op_registry_new(app, a, &app->ops));
    *ret = app;
    return NULL;
}

static struct err *open_db(struct app *app, bool write, struct db **ret)
{
    struct db_options o = {.write = write, .cache_kib = 16384};
    return db_open(app->arena, app_db_target(app->arena, &app->conf), &o, ret);
}

struct err *app_writer(struct app *app, struct call *ret)
{
    int removed = 0;
    call_init(ret, app, app->arena, ACTOR_CLI);
    TRY(blob_sweep(app->arena, app->blobs, &removed));
    TRY(open_db(app, true, &ret->db));
    for (size_t i = 0; i < app->n_modules; i++) {
        struct call c;
        call_init(&c, app, app->arena, ACTOR_SYSTEM);
        c.db = ret->db;
        if (app->modules[i]->start != NULL) {
            TRY(app->modules[i]->start(&c));
        }
    }
    return NULL;
}

void app_writer_close(struct call *c)
{
    struct app *app = c->app;
    for (size_t i = app->n_modules; i > 0; i--) {
        if (app->modules[i - 1]->stop != NULL) {
            app->modules[i - 1]->stop(app);
        }
    }
    unit_close(app);
    db_close(c->db);
}

struct err *app_reader(struct app *app, struct call *ret)
{
    call_init(ret, app, app->arena, ACTOR_CLI);
    return open_db(app, false, &ret->db);
}

void app_close(struct app *app)
{
    if (app->lock_fd >= 0) {
        file_unlock(app->lock_fd);
    }
    blob_store_free(app->blobs);
    crypt_wipe(&app->key, sizeof app->key);
    crypt_wipe(app->log_seed, sizeof app->log_seed);
}
