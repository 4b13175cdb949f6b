/* Adding files to a set: parse all, then texts, roles, shared entries, kinds, then the kinds
 * against each other. Either everything of a call is added or nothing. */
#include "procedure/definition_set.h"

#include "procedure/load.h"

#include "crypto/crypto.h"

#define PART_MARK     '\f' /* between a kind and the shared entries it uses, in definition.text */
#define MAX_I18N_DEEP 5

struct parsed {
    struct definition_source source;
    struct ynode root;
    bool ok;
};

struct definition_set *definition_set_new(struct arena *a)
{
    struct definition_set *set = ARENA_NEW(a, struct definition_set);
    *set = (struct definition_set){.arena = a, .texts = map_new(a)};
    return set;
}

const struct role_set *definition_roles(const struct definition_set *set)
{
    return &set->roles;
}

size_t definition_count(const struct definition_set *set)
{
    return set->n;
}

const struct definition *definition_at(const struct definition_set *set, size_t i)
{
    return set->defs[i];
}

const struct definition *definition_find(const struct definition_set *set, struct str kind)
{
    const struct definition *best = NULL;
    for (size_t i = 0; i < set->n; i++) {
        const struct definition *d = set->defs[i];
        bool better =
            best == NULL || (best->kept == d->kept && d->version > best->version); /* files first */
        if (str_eq(d->kind, kind) && better) {
            best = d;
        }
    }
    return best;
}

const struct definition *
definition_find_version(const struct definition_set *set, struct str kind, int64_t version)
{
    for (size_t i = 0; i < set->n; i++) {
        if (str_eq(set->defs[i]->kind, kind) && set->defs[i]->version == version) {
            return set->defs[i];
        }
    }
    return NULL;
}

struct str definition_fault_text(struct arena *a, const struct definition_fault *f)
{
    return str_fmt(a, "%.*s:%d:%d: P%03d: %.*s; %.*s", STR_ARG(f->file), f->line, f->column,
                   f->code, STR_ARG(f->what), STR_ARG(f->todo));
}

/* ---- parsing ---- */

static bool
parse_text(struct arena *a, struct str path, struct str text, struct ynode *ret, struct faults *f)
{
    struct yfault fault = {0};
    if (yaml_read(a, str_bytes(text), ret, &fault)) {
        if (ret->type == Y_MAP) {
            return true;
        }
        load_fault_in(f, path, (struct at){1, 1}, 2, S("the file must be a map of names"),
                      S("write 'name: …' at the beginning of lines"));
        return false;
    }
    load_fault_in(f, path, (struct at){fault.line, fault.column}, 1, fault.what,
                  S("correct the YAML; texts with ': ' or '#' need quotes"));
    return false;
}

/* The part of a text before the mark; the rest goes on. */
static struct str next_part(struct str *rest)
{
    return rest->p == NULL ? STR_NONE : str_split(rest, PART_MARK);
}

static bool parse_shared(
    struct arena *a, struct str path, struct str text, struct shared_file *ret, struct faults *f)
{
    *ret = (struct shared_file){.path = path, .text = text};
    return text.p == NULL || text.n == 0 || parse_text(a, path, text, &ret->root, f);
}

/* ---- texts: i18n/<lang>.yaml ---- */

static void flatten(struct definition_set *set, struct str key, const struct ynode *n, int depth)
{
    if (n->type == Y_TEXT) {
        struct str *s = ARENA_NEW(set->arena, struct str);
        *s = n->s;
        map_put(set->texts, key, s);
    }
    for (size_t i = 0; n->type == Y_MAP && i < n->n && depth < MAX_I18N_DEEP; i++) {
        const char *between = key.p[key.n - 1] == '/' ? "" : ".";
        flatten(set, str_fmt(set->arena, "%.*s%s%.*s", STR_ARG(key), between, STR_ARG(n->keys[i])),
                &n->items[i], depth + 1);
    }
}

static void add_texts(struct definition_set *set, const struct parsed *p)
{
    struct str lang = str_sub(p->source.path, 5, p->source.path.n); /* after "i18n/" */
    ptrdiff_t dot = str_find_char(lang, '.');
    lang = str_sub(lang, 0, dot < 0 ? lang.n : (size_t)dot);
    flatten(set, str_fmt(set->arena, "%.*s/", STR_ARG(lang)), &p->root, 0);
}

static struct map *copy_texts(struct arena *a, const struct map *from)
{
    struct map *to = map_new(a);
    size_t at = 0;
    struct str key;
    void *value;
    while (map_next(from, &at, &key, &value)) {
        map_put(to, key, value);
    }
    return to;
}

/* ---- roles.yaml ---- */

static void add_role(struct definition_set *set,
                     struct faults *f,
                     struct str path,
                     const struct ynode *map,
                     size_t i,
                     struct role *r)
{
    struct str rest = map->items[i].type == Y_TEXT ? map->items[i].s : S("");
    struct str word = load_word(&rest);
    struct str names[ROLE_PUBLIC + 1];
    *r = (struct role){.name = map->keys[i], .zh = rest};
    size_t s = 0;
    for (; s <= ROLE_PUBLIC; s++) {
        names[s] = str_of(role_scope_name((enum role_scope)s));
        if (str_eq(word, names[s])) {
            break;
        }
    }
    if (s > ROLE_PUBLIC || rest.n == 0) {
        load_fault_in(
            f, path, at_key(map, i), 21,
            str_fmt(set->arena, "role '%.*s' is not 'SCOPE LABEL'", STR_ARG(map->keys[i])),
            s > ROLE_PUBLIC
                ? name_hint(set->arena, word.p == NULL ? S("") : word, names, ROLE_PUBLIC + 1)
                : S("end the line with the Chinese name"));
        return;
    }
    r->scope = (enum role_scope)s;
    r->outside = r->scope == ROLE_PARTY || r->scope == ROLE_AGENT || r->scope == ROLE_PUBLIC;
    struct str en = texts_get(set, "en", S("roles"), "names", r->name);
    r->en = en.p == NULL ? r->zh : en;
}

/* Roles keep their index for life: definitions hold masks. New ones are added at the end. */
static void add_roles(struct definition_set *set, const struct parsed *p, struct faults *f)
{
    struct role *rows = ARENA_ARRAY(set->arena, struct role, ROLES_MAX);
    size_t n = set->roles.n;
    for (size_t i = 0; i < n; i++) {
        rows[i] = set->roles.roles[i];
    }
    for (size_t i = 0; i < p->root.n; i++) {
        int known = role_index(&set->roles, p->root.keys[i]);
        if (known < 0 && n == ROLES_MAX) {
            load_fault_in(f, p->source.path, at_key(&p->root, i), 13, S("more than 64 roles"),
                          S("use fewer"));
            break;
        }
        size_t at = known >= 0 ? (size_t)known : n++;
        add_role(set, f, p->source.path, &p->root, i, &rows[at]);
    }
    set->roles = (struct role_set){rows, n};
}

/* ---- kinds ---- */

/* Lines of entry i of a top-level map. */
static struct str entry_text(const struct shared_file *f, size_t i)
{
    size_t from = 0;
    size_t to = f->text.n;
    int line = 1;
    int first = f->root.key_lines[i];
    int next = i + 1 < f->root.n ? f->root.key_lines[i + 1] : 0;
    for (size_t at = 0; at < f->text.n; at++) {
        if (at == 0 || f->text.p[at - 1] == '\n') {
            line += at == 0 ? 0 : 1;
            from = line == first ? at : from;
            to = next != 0 && line == next ? at : to;
        }
    }
    return str_sub(f->text, from, to);
}

static void put_used(struct buf *b, const struct shared_file *f, uint64_t used)
{
    buf_putc(b, PART_MARK);
    for (size_t i = 0; f->root.type == Y_MAP && i < f->root.n; i++) {
        if ((used & BIT(i)) != 0) {
            buf_put(b, entry_text(f, i));
        }
    }
}

/* The file and the shared entries it uses: what the version means, whole. */
static void freeze_text(struct load *l, struct str text)
{
    uint64_t acts = 0;
    const struct shared_file *common = &l->set->common;
    for (uint32_t i = 0; i < l->d->n_acts; i++) {
        for (size_t k = 0; k < common->root.n && k < 64; k++) {
            acts |= l->act_sources[i].node == &common->root.items[k] ? BIT(k) : 0;
        }
    }
    struct buf b;
    buf_init(&b, l->a, text.n + 4096);
    buf_put(&b, text);
    if (acts != 0 || l->lists_used != 0) {
        put_used(&b, common, acts);
        put_used(&b, &l->set->lists, l->lists_used);
    }
    l->d->text = buf_str(&b);
    crypt_sha256(str_bytes(l->d->text), l->d->sha256);
}

static void compile_kind(struct load *l)
{
    size_t before = l->faults->n;
    load_head(l);
    load_names(l);
    load_act_list(l);
    load_clock_list(l);
    load_groups(l);
    load_act_lines(l);
    load_act_bodies(l);
    load_clocks(l);
    load_child_pauses(l);
    load_separations(l);
    load_tables(l);
    if (l->faults->n == before) {
        check_graph(l);
    }
}

static void keep(struct definition_set *set, struct definition *d)
{
    if (set->n == set->cap) {
        size_t cap = set->cap == 0 ? 32 : set->cap * 2;
        struct definition **defs = ARENA_ARRAY(set->arena, struct definition *, cap);
        for (size_t i = 0; i < set->n; i++) {
            defs[i] = set->defs[i];
        }
        set->defs = defs;
        set->cap = cap;
    }
    set->defs[set->n++] = d;
}

static void add_kind(struct definition_set *set,
                     const struct parsed *p,
                     const struct definition_options *o,
                     struct faults *f)
{
    struct shared_file common = set->common;
    struct shared_file lists = set->lists;
    struct str rest = p->source.text;
    struct str text = next_part(&rest);
    struct str own_common = next_part(&rest);
    struct str own_lists = next_part(&rest);
    bool ok = true;
    if (own_common.p != NULL) {
        ok = parse_shared(set->arena, S("_common.yaml"), own_common, &set->common, f) &&
             parse_shared(set->arena, S("lists.yaml"), own_lists, &set->lists, f);
    }
    struct load *l = ARENA_NEW(set->arena, struct load);
    *l = (struct load){.a = set->arena,
                       .set = set,
                       .options = o,
                       .faults = f,
                       .file = p->source.path,
                       .root = &p->root};
    l->d = ARENA_NEW(set->arena, struct definition);
    l->d->file = p->source.path;
    l->d->kept = o != NULL && o->kept;
    if (ok) {
        compile_kind(l);
        freeze_text(l, text);
        const struct definition *old = definition_find_version(set, l->d->kind, l->d->version);
        if (old == NULL) {
            keep(set, l->d);
        } else if (!str_eq(old->text, l->d->text)) {
            load_fault(l, (struct at){1, 1}, 17,
                       S("raise the version, so that matters under way keep theirs"),
                       "version %lld of '%.*s' is already there with other text",
                       (long long)l->d->version, STR_ARG(l->d->kind));
        }
    }
    set->common = common;
    set->lists = lists;
}

/* ---- the call ---- */

static bool fault_before(const struct definition_fault *a, const struct definition_fault *b)
{
    int files = str_cmp(a->file, b->file);
    if (files != 0) {
        return files < 0;
    }
    if (a->line != b->line) {
        return a->line < b->line;
    }
    return a->column != b->column ? a->column < b->column : a->code < b->code;
}

static void sort_faults(struct faults *f)
{
    for (size_t i = 1; i < f->n; i++) {
        struct definition_fault row = f->rows[i];
        size_t k = i;
        for (; k > 0 && fault_before(&row, &f->rows[k - 1]); k--) {
            f->rows[k] = f->rows[k - 1];
        }
        f->rows[k] = row;
    }
}

static void add_parsed(struct definition_set *set,
                       struct parsed *p,
                       size_t n,
                       const struct definition_options *o,
                       struct faults *f)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i].ok && str_starts(p[i].source.path, S("i18n/"))) {
            add_texts(set, &p[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        struct str path = p[i].source.path;
        if (p[i].ok && str_eqz(path, "roles.yaml")) {
            add_roles(set, &p[i], f);
        } else if (p[i].ok && str_eqz(path, "_common.yaml")) {
            set->common = (struct shared_file){path, p[i].source.text, p[i].root};
        } else if (p[i].ok && str_eqz(path, "lists.yaml")) {
            set->lists = (struct shared_file){path, p[i].source.text, p[i].root};
        }
    }
    for (size_t i = 0; i < n; i++) {
        struct str path = p[i].source.path;
        bool kind = !str_starts(path, S("i18n/")) && !str_eqz(path, "roles.yaml") &&
                    !str_eqz(path, "_common.yaml") && !str_eqz(path, "lists.yaml");
        if (p[i].ok && kind) {
            add_kind(set, &p[i], o, f);
        }
    }
}

bool definition_set_add(struct definition_set *set,
                        const struct definition_source *files,
                        size_t n,
                        const struct definition_options *o,
                        struct definition_fault **ret_faults,
                        size_t *ret_n)
{
    struct faults f = {.arena = set->arena};
    struct definition_set before = *set;
    struct parsed *p = ARENA_ARRAY(set->arena, struct parsed, n);
    set->texts = copy_texts(set->arena, set->texts);
    for (size_t i = 0; i < n; i++) {
        p[i].source = (struct definition_source){str_dup(set->arena, files[i].path),
                                                 str_dup(set->arena, files[i].text)};
        struct str rest = p[i].source.text;
        p[i].ok = parse_text(set->arena, p[i].source.path, next_part(&rest), &p[i].root, &f);
    }
    add_parsed(set, p, n, o, &f);
    if (f.n == 0 && (o == NULL || !o->kept)) {
        check_across(set, o, &f, before.n);
    }
    if (f.n > 0) {
        *set = before;
    }
    sort_faults(&f);
    *ret_faults = f.rows;
    *ret_n = f.n;
    return f.n == 0;
}
