/* The definitions that are part of the program, and a folder that replaces or adds some. */
#include "procedure/definition_set.h"

#include "base/arena.h"
#include "base/embed.h"
#include "sys/file.h"

#define MAX_FILES 128

extern const struct embed_file embed_procedures[];

struct sources {
    struct definition_source rows[MAX_FILES];
    size_t n;
};

static void put_source(struct sources *s, struct str path, struct str text)
{
    for (size_t i = 0; i < s->n; i++) {
        if (str_eq(s->rows[i].path, path)) {
            s->rows[i].text = text;
            return;
        }
    }
    if (s->n < MAX_FILES) {
        s->rows[s->n++] = (struct definition_source){path, text};
    }
}

/* The .yaml files of a folder, named below `prefix`. */
static struct err *
put_folder(struct arena *a, struct sources *s, struct str folder, struct str prefix)
{
    struct str *names = NULL;
    size_t n = 0;
    TRY(file_list(a, str_z(a, folder), &names, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_ends(names[i], S(".yaml"))) {
            continue;
        }
        struct bytes text = {NULL, 0};
        struct str path = str_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(names[i]));
        TRY(file_read(a, str_z(a, path), YAML_MAX_BYTES, &text));
        put_source(s, str_fmt(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(names[i])), bytes_str(text));
    }
    return NULL;
}

struct err *definition_sources(struct arena *a,
                               struct str folder,
                               struct definition_source **ret,
                               size_t *ret_n)
{
    struct sources *s = ARENA_NEW(a, struct sources);
    for (const struct embed_file *f = embed_procedures; f->name != NULL; f++) {
        put_source(s, str_of(f->name), bytes_str((struct bytes){f->p, f->size}));
    }
    if (folder.p != NULL) {
        TRY(put_folder(a, s, folder, S("")));
        struct str i18n = str_fmt(a, "%.*s/i18n", STR_ARG(folder));
        if (file_is_dir(i18n.p)) {
            TRY(put_folder(a, s, i18n, S("i18n/")));
        }
    }
    *ret = s->rows;
    *ret_n = s->n;
    return NULL;
}

struct err *definition_set_builtin(struct definition_set *set,
                                   struct str folder,
                                   const struct definition_options *o)
{
    struct arena *a = set->arena;
    struct definition_source *files = NULL;
    struct definition_fault *faults = NULL;
    size_t n = 0;
    TRY(definition_sources(a, folder, &files, &n));
    if (definition_set_add(set, files, n, o, &faults, &n)) {
        return NULL;
    }
    struct buf all;
    buf_init(&all, a, 1024);
    for (size_t i = 0; i < n; i++) {
        buf_put(&all, definition_fault_text(a, &faults[i]));
        buf_putc(&all, '\n');
    }
    struct str first = definition_fault_text(a, &faults[0]);
    struct err *e = ERROR(a, ERR_DEFINITION, "程序定义有误：%.*s",
                          "The definitions are wrong: %.*s", STR_ARG(first));
    err_hint(e, "用 huhang definition check 查看全部问题",
             "huhang definition check FILE… lists every fault");
    return err_cause(e, "%.*s", STR_ARG(buf_str(&all)));
}
