/* See manifest.h. */
#include "main/manifest.h"

#include "base/arena.h"
#include "sys/file.h"
#include "wire/jval.h"

#include <string.h>

#define FORMAT       "huhang-backup/1"
#define MANIFEST_MAX ((size_t)1 << 29)

struct str manifest_text(struct arena *a, const struct manifest *m)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 4096);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "format", S(FORMAT));
    jw_kstr(&w, "version", m->version);
    jw_kstr(&w, "made_at", m->made_at);
    jw_kstr(&w, "engine", m->engine);
    jw_kbool(&w, "demo", m->demo);
    jw_kint(&w, "log", m->log);
    jw_kstr(&w, "origin", m->origin);
    jw_kstr(&w, "vkey", m->vkey);
    jw_kstr(&w, "checkpoint", m->note);
    jw_key(&w, S("files"));
    jw_list(&w);
    for (size_t i = 0; i < m->n; i++) {
        jw_obj(&w);
        jw_kstr(&w, "path", m->files[i].path);
        jw_kint(&w, "size", m->files[i].size);
        jw_kstr(&w, "sha256", str_hex(a, (struct bytes){m->files[i].sha256, 32}));
        jw_end_obj(&w);
    }
    jw_end_list(&w);
    jw_end_obj(&w);
    buf_putc(&b, '\n');
    return buf_str(&b);
}

static struct err *not_ours(struct arena *a, struct str folder)
{
    return ERROR(a, ERR_CONF, "“%.*s”不是完整的护航备份（" MANIFEST_NAME "）。",
                 "“%.*s” is not a complete backup of Huhang (" MANIFEST_NAME ").", STR_ARG(folder));
}

static bool is_inside(struct str path)
{
    return path.n > 0 && path.p[0] != '/' && str_find(path, S("..")) < 0 &&
           (str_starts(path, S("files/")) || str_find_char(path, '/') < 0);
}

static bool read_file_row(struct arena *a, const struct jval *v, struct copied *ret)
{
    struct bytes sha;
    ret->path = jval_str(jval_get(v, S("path")));
    ret->size = jval_int(jval_get(v, S("size")), -1);
    if (!is_inside(ret->path) || ret->size < 0 ||
        !str_unhex(a, jval_str(jval_get(v, S("sha256"))), &sha) || sha.n != 32) {
        return false;
    }
    memcpy(ret->sha256, sha.p, 32);
    return true;
}

struct err *manifest_read(struct arena *a, struct str folder, struct manifest *ret)
{
    const char *path = str_z(a, str_fmt(a, "%.*s/" MANIFEST_NAME, STR_ARG(folder)));
    struct bytes text;
    struct jval v;
    if (!file_exists(path)) {
        return not_ours(a, folder);
    }
    TRY(file_read(a, path, MANIFEST_MAX, &text));
    struct err *e = jread(a, text, &v);
    const struct jval *files = e == NULL ? jval_get(&v, S("files")) : NULL;
    if (files == NULL || files->type != J_LIST || files->n == 0 ||
        !str_eqz(jval_str(jval_get(&v, S("format"))), FORMAT)) {
        return not_ours(a, folder);
    }
    *ret = (struct manifest){
        .engine = jval_str(jval_get(&v, S("engine"))),
        .made_at = jval_str(jval_get(&v, S("made_at"))),
        .version = jval_str(jval_get(&v, S("version"))),
        .demo = jval_bool(jval_get(&v, S("demo")), false),
        .log = jval_int(jval_get(&v, S("log")), 0),
        .origin = jval_str(jval_get(&v, S("origin"))),
        .vkey = jval_str(jval_get(&v, S("vkey"))),
        .note = jval_str(jval_get(&v, S("checkpoint"))),
        .files = ARENA_ARRAY(a, struct copied, files->n),
        .n = files->n,
    };
    for (size_t i = 0; i < files->n; i++) {
        if (!read_file_row(a, &files->list[i], &ret->files[i])) {
            return not_ours(a, folder);
        }
    }
    return ret->log >= 1 && ret->vkey.n > 0 ? NULL : not_ours(a, folder);
}
