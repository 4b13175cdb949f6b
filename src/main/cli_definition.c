/* The definition writer's tools. A file is always checked together with the program's own files, so
 * that roles, lists, common acts and the kinds of children are known. */
#include "main/cli_definition.h"

#include "base/arena.h"
#include "base/map.h"
#include "main/cli.h"
#include "print/letter.h"
#include "procedure/definition.h"
#include "sys/file.h"
#include "wire/yaml.h"

#include <stdio.h>
#include <string.h>

#define MAX_SOURCES 192
#define MAX_DEEP    10

struct sources {
    struct arena *arena;
    struct definition_source rows[MAX_SOURCES];
    size_t n;
};

static struct str base_name(struct str path)
{
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/') {
        from--;
    }
    return str_sub(path, from, path.n);
}

/* Shared files go by their plain name, texts by "i18n/NAME"; kinds keep the path as typed. */
static struct str set_path(struct arena *a, struct str path)
{
    struct str name = base_name(path);
    if (str_eqz(name, "roles.yaml") || str_eqz(name, "_common.yaml") ||
        str_eqz(name, "lists.yaml")) {
        return name;
    }
    struct str folder = base_name(str_sub(path, 0, path.n > name.n ? path.n - name.n - 1 : 0));
    return str_eqz(folder, "i18n") ? str_fmt(a, "i18n/%.*s", STR_ARG(name)) : path;
}

/* The kind that a text defines, or none. */
static struct str kind_of(struct arena *a, struct str text)
{
    struct ynode root = {0};
    struct yfault fault = {0};
    struct str first = text;
    first = str_split(&first, '\f');
    if (!yaml_read(a, str_bytes(first), &root, &fault) || root.type != Y_MAP) {
        return STR_NONE;
    }
    const struct ynode *kind = yaml_get(&root, S("kind"));
    return kind == NULL ? STR_NONE : kind->s;
}

static struct err *add_builtin(struct sources *s)
{
    struct definition_source *files = NULL;
    size_t n = 0;
    TRY(definition_sources(s->arena, STR_NONE, &files, &n));
    for (size_t i = 0; i < n && s->n < MAX_SOURCES; i++) {
        s->rows[s->n++] = files[i];
    }
    return NULL;
}

/* Adds a file in the place of the program's own of that name or kind. */
static struct err *add_file(struct sources *s, const char *path)
{
    struct bytes text = {NULL, 0};
    TRY(file_read(s->arena, path, YAML_MAX_BYTES, &text));
    struct str as = set_path(s->arena, str_of(path));
    struct str kind = kind_of(s->arena, bytes_str(text));
    struct str own = kind.p == NULL ? base_name(as) : str_fmt(s->arena, "%.*s.yaml", STR_ARG(kind));
    size_t at = 0;
    while (at < s->n && !str_eq(s->rows[at].path, as) && !str_eq(s->rows[at].path, own)) {
        at++;
    }
    if (at == MAX_SOURCES) {
        return ERROR(s->arena, ERR_DEFINITION, "文件太多", "Too many files");
    }
    s->rows[at] = (struct definition_source){as, bytes_str(text)};
    s->n = at == s->n ? at + 1 : s->n;
    return NULL;
}

static int use(void)
{
    return cli_use("用法：huhang definition check [--strict] FILE… | dot KIND|FILE "
                   "[--states|--clocks] | diff A B",
                   "Usage: huhang definition check [--strict] FILE… | dot KIND|FILE "
                   "[--states|--clocks] | diff A B");
}

/* Loads everything; prints the faults. */
static bool load_all(struct sources *s, bool strict, struct definition_set **ret)
{
    struct definition_options o = {.strict = strict};
    letter_names(s->arena, &o.letters, &o.n_letters);
    struct definition_fault *faults = NULL;
    size_t n = 0;
    *ret = definition_set_new(s->arena);
    bool ok = definition_set_add(*ret, s->rows, s->n, &o, &faults, &n);
    for (size_t i = 0; i < n; i++) {
        struct str line = definition_fault_text(s->arena, &faults[i]);
        (void)printf("%.*s\n", STR_ARG(line));
    }
    return ok;
}

/* ---- check ---- */

static int check(struct sources *s, int argc, char **argv)
{
    bool strict = false;
    int files = 0;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--strict") == 0) {
            strict = true;
            continue;
        }
        struct err *e = add_file(s, argv[i]);
        if (e != NULL) {
            return cli_failed(e);
        }
        files++;
    }
    if (files == 0 && !strict) {
        return use();
    }
    struct definition_set *set = NULL;
    if (!load_all(s, strict, &set)) {
        return cli_end(CLI_NO);
    }
    for (size_t i = 0; files > 0 && i < definition_count(set); i++) {
        const struct definition *d = definition_at(set, i);
        bool given = false;
        for (int k = 2; k < argc; k++) {
            given = given || str_eqz(d->file, argv[k]);
        }
        if (given) {
            (void)printf("%.*s: ok: %.*s %lld, %u states, %u acts, %u clocks%s\n", STR_ARG(d->file),
                         STR_ARG(d->kind), (long long)d->version, d->n_states, d->n_acts,
                         d->n_clocks, d->in_service ? "" : ", not in service");
        }
    }
    return cli_end(CLI_DONE);
}

/* ---- dot ---- */

/* The kind that a word names: a file, which is added, or a kind of the program. */
static struct err *kind_named(struct sources *s, const char *what, struct str *ret)
{
    *ret = str_of(what);
    if (!file_exists(what) || file_is_dir(what)) {
        return NULL;
    }
    TRY(add_file(s, what));
    for (size_t i = 0; i < s->n; i++) {
        if (str_eqz(s->rows[i].path, what)) {
            *ret = kind_of(s->arena, s->rows[i].text);
        }
    }
    return NULL;
}

static int dot(struct sources *s, int argc, char **argv)
{
    const char *what = NULL;
    bool states = true;
    bool clocks = true;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--states") == 0) {
            clocks = false;
        } else if (strcmp(argv[i], "--clocks") == 0) {
            states = false;
        } else if (what == NULL) {
            what = argv[i];
        } else {
            return use();
        }
    }
    if (what == NULL) {
        return use();
    }
    struct str kind = STR_NONE;
    struct err *e = kind_named(s, what, &kind);
    if (e != NULL) {
        return cli_failed(e);
    }
    struct definition_set *set = NULL;
    if (!load_all(s, false, &set)) {
        return cli_end(CLI_NO);
    }
    const struct definition *d = kind.p == NULL ? NULL : definition_find(set, kind);
    if (d == NULL) {
        return cli_use("没有这种程序：%s", "There is no kind or file of this name: %s", what);
    }
    struct str first = states ? definition_dot(s->arena, d, false) : S("");
    struct str second = clocks ? definition_dot(s->arena, d, true) : S("");
    (void)printf("%.*s%.*s", STR_ARG(first), STR_ARG(second));
    return cli_end(CLI_DONE);
}

/* ---- diff ---- */

struct flat {
    struct arena *arena;
    struct map *entries; /* "acts.submit.is" → struct str * */
};

static struct str list_text(struct arena *a, const struct ynode *n)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < n->n; i++) {
        buf_putz(&b, i > 0 ? ", " : "");
        buf_put(&b, n->items[i].s);
    }
    return buf_str(&b);
}

static bool plain_list(const struct ynode *n)
{
    bool plain = n->type == Y_LIST;
    for (size_t i = 0; plain && i < n->n; i++) {
        plain = n->items[i].type == Y_TEXT;
    }
    return plain;
}

static void flatten(struct flat *f, struct str key, const struct ynode *n, int deep)
{
    struct arena *a = f->arena;
    if (n->type == Y_TEXT || plain_list(n) || deep == MAX_DEEP) {
        struct str *s = ARENA_NEW(a, struct str);
        *s = n->type == Y_TEXT ? n->s : list_text(a, n);
        bool act =
            str_starts(key, S("acts.")) && deep == 2 && n->type == Y_TEXT; /* the short form */
        map_put(f->entries, act ? str_fmt(a, "%.*s.is", STR_ARG(key)) : key, s);
        return;
    }
    for (size_t i = 0; i < n->n; i++) {
        struct str name = n->type == Y_MAP ? n->keys[i] : str_fmt(a, "%zu", i);
        struct str below = key.n == 0 ? name : str_fmt(a, "%.*s.%.*s", STR_ARG(key), STR_ARG(name));
        flatten(f, below, &n->items[i], deep + 1);
    }
}

/* The text of a file, or of a built-in kind. */
static struct err *side(struct sources *s, const char *name, struct flat *ret)
{
    struct str text = STR_NONE;
    if (file_exists(name) && !file_is_dir(name)) {
        struct bytes b = {NULL, 0};
        TRY(file_read(s->arena, name, YAML_MAX_BYTES, &b));
        text = bytes_str(b);
    }
    for (size_t i = 0; text.p == NULL && i < s->n; i++) {
        if (str_eq(s->rows[i].path, str_fmt(s->arena, "%s.yaml", name))) {
            text = s->rows[i].text;
        }
    }
    struct ynode root = {0};
    struct yfault fault = {0};
    if (text.p == NULL) {
        return ERROR(s->arena, ERR_DEFINITION, "没有这种程序：%s",
                     "There is no kind or file of this name: %s", name);
    }
    if (!yaml_read(s->arena, str_bytes(text), &root, &fault)) {
        return ERROR(s->arena, ERR_DEFINITION, "%s 第 %d 行有误：%.*s", "%s, line %d: %.*s", name,
                     fault.line, STR_ARG(fault.what));
    }
    *ret = (struct flat){s->arena, map_new(s->arena)};
    flatten(ret, S(""), &root, 0);
    return NULL;
}

static int diff(struct sources *s, int argc, char **argv)
{
    struct flat a = {0};
    struct flat b = {0};
    if (argc != 4) {
        return use();
    }
    struct err *e = side(s, argv[2], &a);
    e = e != NULL ? e : side(s, argv[3], &b);
    if (e != NULL) {
        return cli_failed(e);
    }
    size_t changes = 0;
    for (size_t i = 0; i < map_count(a.entries); i++) {
        struct str key;
        const struct str *was = map_at(a.entries, i, &key);
        const struct str *is = map_get(b.entries, key);
        if (is == NULL) {
            (void)printf("- %.*s: %.*s\n", STR_ARG(key), STR_ARG(*was));
        } else if (!str_eq(*was, *is)) {
            (void)printf("~ %.*s: %.*s → %.*s\n", STR_ARG(key), STR_ARG(*was), STR_ARG(*is));
        }
        changes += is == NULL || !str_eq(*was, *is) ? 1 : 0;
    }
    for (size_t i = 0; i < map_count(b.entries); i++) {
        struct str key;
        const struct str *is = map_at(b.entries, i, &key);
        if (map_get(a.entries, key) == NULL) {
            (void)printf("+ %.*s: %.*s\n", STR_ARG(key), STR_ARG(*is));
            changes++;
        }
    }
    return cli_end(changes == 0 ? CLI_DONE : CLI_NO);
}

static int run(struct sources *s, int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    struct err *e = add_builtin(s);
    if (e != NULL) {
        return cli_failed(e);
    }
    if (strcmp(verb, "check") == 0) {
        return check(s, argc, argv);
    }
    if (strcmp(verb, "dot") == 0) {
        return dot(s, argc, argv);
    }
    return strcmp(verb, "diff") == 0 ? diff(s, argc, argv) : use();
}

int cli_definition(int argc, char **argv)
{
    struct arena *a = arena_new(0);
    struct sources *s = ARENA_NEW(a, struct sources);
    s->arena = a;
    int status = run(s, argc, argv);
    arena_free(a);
    return status;
}
