/* YAML → templates. The shared words and paragraphs of _common.yaml come first; then each template,
 * all faults of all files in one error. Faults inside shared paragraphs are found once, in the file
 * that holds them. */
#include "print/letter_set.h"

#include "base/buf.h"
#include "base/check.h"
#include "crypto/crypto.h"

#include <string.h>

#define PARS_MAX 64

static const char *const LAYOUTS[] = {
    [LETTER_NOTICE] = "notice",
    [LETTER_RECEIPT] = "receipt",
    [LETTER_RECORD] = "record",
    [LETTER_LICENCE] = "licence",
};

static void known_keys(struct letter_load *l, const struct ynode *map, const char *const *keys)
{
    for (size_t i = 0; i < map->n; i++) {
        bool known = false;
        struct ynode at = {.line = map->key_lines[i], .column = map->key_columns[i]};

        for (size_t k = 0; keys[k] != NULL; k++) {
            known = known || str_eqz(map->keys[i], keys[k]);
        }
        if (!known) {
            letter_fault(l, &at, str_fmt(l->arena, "不认识的项：%.*s", STR_ARG(map->keys[i])),
                         str_fmt(l->arena, "unknown key: %.*s", STR_ARG(map->keys[i])));
        }
    }
}

static struct str
text_of(struct letter_load *l, const struct ynode *map, const char *key, bool needed)
{
    const struct ynode *v = yaml_get(map, str_of(key));

    if (v != NULL && v->type == Y_TEXT && v->s.n > 0) {
        return v->s;
    }
    if (v != NULL || needed) {
        letter_fault(l, v == NULL ? map : v, str_fmt(l->arena, "缺少文字：%s", key),
                     str_fmt(l->arena, "text needed: %s", key));
    }
    return STR_NONE;
}

static struct letter_bits bits_at(struct letter_load *l, const struct ynode *map, const char *key)
{
    const struct ynode *v = yaml_get(map, str_of(key));

    return v == NULL ? (struct letter_bits){NULL, 0} : letter_bits_of(l, v);
}

/* words: {way: {window: 窗口领取}} */
static void load_words(struct letter_load *l, const struct ynode *node)
{
    if (node == NULL) {
        return;
    }
    if (node->type != Y_MAP) {
        letter_fault(l, node, S("words 应是映射"), S("words is a map"));
        return;
    }
    for (size_t i = 0; i < node->n; i++) {
        const struct ynode *set = &node->items[i];
        struct map *words = map_new(l->arena);

        if (set->type != Y_MAP) {
            letter_fault(l, set, S("用词应是映射"), S("words are a map"));
            continue;
        }
        for (size_t k = 0; k < set->n; k++) {
            if (set->items[k].type != Y_TEXT) {
                letter_fault(l, &set->items[k], S("这里应是文字"), S("a text is needed here"));
                continue;
            }
            (void)map_put(words, set->keys[k], &set->items[k].s);
        }
        if (map_put(l->words, node->keys[i], words) != NULL) {
            letter_fault(l, set, S("与公共用词重名"), S("these words are in _common.yaml already"));
        }
    }
}

/* Of the form {when, each, where, text, none} or, with `labels`, {label, when, text}. */
static struct letter_par par_of_map(struct letter_load *l, const struct ynode *map, bool labels)
{
    static const char *const KEYS[] = {"when", "each", "where", "text", "none", NULL};
    static const char *const ROW_KEYS[] = {"label", "when", "text", NULL};
    struct letter_par p = {.each = STR_NONE};
    const struct ynode *each = yaml_get(map, S("each"));

    known_keys(l, map, labels ? ROW_KEYS : KEYS);
    (void)text_of(l, map, "text", true);
    p.when = letter_conds_of(l, yaml_get(map, S("when")));
    p.none = bits_at(l, map, "none");
    if (labels) {
        (void)text_of(l, map, "label", true);
        p.label = bits_at(l, map, "label");
    }
    if (each != NULL && each->type == Y_TEXT && letter_path_ok(l, each, each->s)) {
        p.each = each->s;
    } else if (each != NULL) {
        letter_fault(l, each, S("each 应是一组数据的名字"), S("each names a list of the data"));
    } else if (yaml_get(map, S("where")) != NULL || p.none.n > 0) {
        letter_fault(l, map, S("where 和 none 只与 each 同用"), S("where and none go with each"));
    }
    l->in_row = each != NULL;
    p.where = letter_conds_of(l, yaml_get(map, S("where")));
    p.text = bits_at(l, map, "text");
    l->in_row = false;
    return p;
}

/* The paragraphs of {use: NAME}, after those already there. */
static size_t
use_parts(struct letter_load *l, const struct ynode *item, struct letter_par *out, size_t n)
{
    static const char *const KEYS[] = {"use", NULL};
    struct str name = text_of(l, item, "use", true);
    const struct letter_pars *parts =
        l->parts == NULL || name.p == NULL ? NULL : map_get(l->parts, name);

    known_keys(l, item, KEYS);
    if (parts == NULL) {
        letter_fault(l, item, S("没有这个公共段落"), S("no such shared paragraphs"));
        return n;
    }
    for (size_t i = 0; i < parts->n && n < PARS_MAX; i++) {
        out[n++] = parts->p[i];
    }
    return n;
}

static struct letter_pars load_pars(struct letter_load *l, const struct ynode *list, bool labels)
{
    struct letter_par *out = l->scratch, *kept;
    size_t n = 0;

    if (list == NULL) {
        return (struct letter_pars){NULL, 0};
    }
    if (list->type != Y_LIST || list->n > PARS_MAX) {
        letter_fault(l, list, S("这里应是段落的列表"), S("a list of paragraphs is needed here"));
        return (struct letter_pars){NULL, 0};
    }
    for (size_t i = 0; i < list->n; i++) {
        const struct ynode *item = &list->items[i];

        if (item->type == Y_MAP && yaml_get(item, S("use")) != NULL) {
            n = use_parts(l, item, out, n);
        } else if (n == PARS_MAX) {
            letter_fault(l, item, S("段落太多"), S("too many paragraphs"));
            break;
        } else if (item->type == Y_MAP) {
            out[n++] = par_of_map(l, item, labels);
        } else {
            out[n++] = (struct letter_par){.each = STR_NONE, .text = letter_bits_of(l, item)};
        }
    }
    kept = ARENA_ARRAY(l->arena, struct letter_par, n);
    for (size_t i = 0; i < n; i++) {
        kept[i] = out[i];
    }
    return (struct letter_pars){kept, n};
}

static enum letter_layout layout_of(struct letter_load *l, const struct ynode *root)
{
    const struct ynode *v = yaml_get(root, S("layout"));

    for (size_t i = 0; v != NULL && i < COUNT_OF(LAYOUTS); i++) {
        if (v->type == Y_TEXT && str_eqz(v->s, LAYOUTS[i])) {
            return (enum letter_layout)i;
        }
    }
    if (v != NULL) {
        letter_fault(l, v, S("没有这种版式"), S("no such layout"));
    }
    return LETTER_NOTICE;
}

static void
load_template(struct letter_load *l, const struct ynode *root, struct letter_template *t)
{
    static const char *const KEYS[] = {"title", "title_en", "mark",    "layout", "organ",
                                       "to",    "number",   "heading", "words",  "body",
                                       "rows",  "notes",    NULL};

    known_keys(l, root, KEYS);
    load_words(l, yaml_get(root, S("words")));
    t->title = text_of(l, root, "title", true);
    t->title_en = text_of(l, root, "title_en", true);
    t->mark = text_of(l, root, "mark", true);
    t->layout = layout_of(l, root);
    t->organ = bits_at(l, root, "organ");
    t->to = bits_at(l, root, "to");
    t->number = bits_at(l, root, "number");
    t->heading = bits_at(l, root, "heading");
    t->body = load_pars(l, yaml_get(root, S("body")), false);
    t->rows = load_pars(l, yaml_get(root, S("rows")), true);
    t->notes = load_pars(l, yaml_get(root, S("notes")), false);
    if (t->body.n + t->rows.n == 0) {
        letter_fault(l, root, S("公文没有内容"), S("the letter says nothing"));
    }
}

/* False: the file is no YAML map; the fault is noted. */
static bool read_file(struct letter_load *l, const struct embed_file *f, struct ynode *ret)
{
    struct yfault fault;
    struct ynode top = {.line = 1, .column = 1};

    l->file = str_of(f->name);
    if (!yaml_read(l->arena, (struct bytes){f->p, f->size}, ret, &fault)) {
        top = (struct ynode){.line = fault.line, .column = fault.column};
        letter_fault(l, &top, S("不是规范的 YAML"), fault.what);
        return false;
    }
    if (ret->type != Y_MAP) {
        letter_fault(l, &top, S("模板应是映射"), S("a template is a map"));
        return false;
    }
    return true;
}

static void load_common(struct letter_load *l, const struct embed_file *f)
{
    static const char *const KEYS[] = {"words", "parts", NULL};
    struct map *all = map_new(l->arena);
    struct ynode root;
    const struct ynode *parts;

    if (!read_file(l, f, &root)) {
        return;
    }
    known_keys(l, &root, KEYS);
    load_words(l, yaml_get(&root, S("words")));
    parts = yaml_get(&root, S("parts"));
    for (size_t i = 0; parts != NULL && parts->type == Y_MAP && i < parts->n; i++) {
        struct letter_pars *p = ARENA_NEW(l->arena, struct letter_pars);

        *p = load_pars(l, &parts->items[i], false);
        (void)map_put(all, parts->keys[i], p);
    }
    l->parts = all;
}

/* The words of _common.yaml and room for the template's own. */
static struct map *words_copy(struct arena *a, const struct map *common)
{
    struct map *m = map_new(a);
    struct str key;

    for (size_t i = 0; i < map_count(common); i++) {
        void *v = map_at(common, i, &key);

        (void)map_put(m, key, v);
    }
    return m;
}

/* Numbers are marks and a running number, so two letters with one mark would share numbers. */
static void check_marks(struct letter_load *l, const struct letter_set *s)
{
    struct ynode top = {.line = 1, .column = 1};

    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (s->t[i].mark.p != NULL && str_eq(s->t[i].mark, s->t[k].mark)) {
                l->file = str_fmt(l->arena, "%.*s.yaml", STR_ARG(s->t[i].name));
                letter_fault(l, &top,
                             str_fmt(l->arena, "文号代字与 %.*s 相同", STR_ARG(s->t[k].name)),
                             str_fmt(l->arena, "same mark as %.*s", STR_ARG(s->t[k].name)));
            }
        }
    }
}

static bool is_common(const struct embed_file *f)
{
    return strcmp(f->name, "_common.yaml") == 0;
}

struct err *
letter_set_read(struct arena *a, const struct embed_file *files, size_t n, struct letter_set **ret)
{
    struct letter_load l = {
        .arena = a, .words = map_new(a), .scratch = ARENA_ARRAY(a, struct letter_par, PARS_MAX)};
    struct letter_template *t = ARENA_ARRAY(a, struct letter_template, n + 1);
    struct letter_set *s = ARENA_NEW(a, struct letter_set);
    struct bytes parts[2] = {{NULL, 0}, {NULL, 0}};
    struct map *common;

    for (size_t i = 0; i < n; i++) {
        if (is_common(&files[i])) {
            parts[1] = (struct bytes){files[i].p, files[i].size};
            load_common(&l, &files[i]);
        }
    }
    common = l.words;
    for (size_t i = 0; i < n; i++) {
        struct str name = str_of(files[i].name);
        struct ynode root;

        if (is_common(&files[i]) || !read_file(&l, &files[i], &root)) {
            continue;
        }
        l.words = words_copy(a, common);
        t[s->n].name = str_sub(name, 0, name.n - (str_ends(name, S(".yaml")) ? 5 : 0));
        load_template(&l, &root, &t[s->n]);
        parts[0] = (struct bytes){files[i].p, files[i].size};
        crypt_sha256_parts(parts, COUNT_OF(parts), t[s->n].sha256);
        s->n++;
    }
    s->t = t;
    check_marks(&l, s);
    *ret = s;
    return l.faults;
}
