/* Fields of forms, and the types of facts and parameters: "choice(a 甲|b 乙)! personal 1..3 标签".
 * A form compiles to field rows (wire/field.h), so there is one validator and one schema printer.
 */
#include "procedure/load.h"

#include "base/num.h"

#define MAX_CHOICES  64
#define MAX_FIELDS   64
#define TEXT_DEFAULT 1000
#define TEXT_LIMIT   20000
#define LIST_LIMIT   200
#define FORM_DEPTH   3

static const struct choice VERDICTS[] = {
    {"ok", "符合", "OK"},
    {"fix", "需补正", "To be corrected"},
    {"defer", "容缺", "May be deferred"},
    {"not_applicable", "不适用", "Not applicable"},
    {"unseen", "未审", "Not yet seen"},
    {NULL, NULL, NULL},
};

/* clang-format off */
static const struct field MATERIAL_ROWS[] = {
    {.name = "code",  .kind = FIELD_TEXT,  .offset = FIELD_NOWHERE, .flags = FIELD_REQUIRED, .min = 1, .max = 40, .zh = "材料编码", .en = "Material code"},
    {.name = "files", .kind = FIELD_TEXTS, .offset = FIELD_NOWHERE, .min = 0, .max = 50, .zh = "文件", .en = "Files", .widget = "files"},
    {.name = "paper", .kind = FIELD_INT,   .offset = FIELD_NOWHERE, .min = 0, .max = 100, .zh = "纸质份数", .en = "Paper copies"},
    {.name = "seen",  .kind = FIELD_BOOL,  .offset = FIELD_NOWHERE, .zh = "已核原件", .en = "Original seen"},
    {.name = "note",  .kind = FIELD_TEXT,  .offset = FIELD_NOWHERE, .min = 0, .max = 1000, .zh = "说明", .en = "Note"},
    FIELD_END,
};
static const struct field VERDICT_ROWS[] = {
    {.name = "code",   .kind = FIELD_TEXT,   .offset = FIELD_NOWHERE, .flags = FIELD_REQUIRED, .min = 1, .max = 40, .zh = "材料编码", .en = "Material code"},
    {.name = "result", .kind = FIELD_CHOICE, .offset = FIELD_NOWHERE, .flags = FIELD_REQUIRED, .choices = VERDICTS, .zh = "意见", .en = "Verdict"},
    {.name = "note",   .kind = FIELD_TEXT,   .offset = FIELD_NOWHERE, .min = 0, .max = 1000, .zh = "说明", .en = "Note"},
    FIELD_END,
};

/* How a type is validated: kind, bounds where the file gives none, rows of its elements. */
static const struct {
    enum field_kind kind;
    int64_t min, max;
    const struct field *sub;
} KINDS[DTYPE_KINDS] = {
    [D_BOOL]      = {FIELD_BOOL, 0, 0, NULL},
    [D_INT]       = {FIELD_INT, 0, 0, NULL},
    [D_MONEY]     = {FIELD_MONEY, 0, INT64_C(1) << 53, NULL},
    [D_TEXT]      = {FIELD_TEXT, 1, TEXT_DEFAULT, NULL},
    [D_DATE]      = {FIELD_DATE, 0, 0, NULL},
    [D_INSTANT]   = {FIELD_INSTANT, 0, 0, NULL},
    [D_DUR]       = {FIELD_TEXT, 1, 12, NULL},
    [D_CHOICE]    = {FIELD_CHOICE, 0, 0, NULL},
    [D_ROLE]      = {FIELD_TEXT, 1, 40, NULL},
    [D_PERSON]    = {FIELD_ID, 0, INT64_C(1) << 53, NULL},
    [D_PERSONS]   = {FIELD_INTS, 0, 50, NULL},
    [D_UNIT]      = {FIELD_ID, 0, INT64_C(1) << 53, NULL},
    [D_UNITS]     = {FIELD_INTS, 0, 50, NULL},
    [D_PARTY]     = {FIELD_ID, 0, INT64_C(1) << 53, NULL},
    [D_ITEM]      = {FIELD_ID, 0, INT64_C(1) << 53, NULL},
    [D_MATTER]    = {FIELD_ID, 0, INT64_C(1) << 53, NULL},
    [D_MATERIAL]  = {FIELD_OBJECT, 0, 0, MATERIAL_ROWS},
    [D_MATERIALS] = {FIELD_LIST, 0, LIST_LIMIT, MATERIAL_ROWS},
    [D_VERDICTS]  = {FIELD_LIST, 0, LIST_LIMIT, VERDICT_ROWS},
    [D_FILE]      = {FIELD_TEXT, 1, 80, NULL},
    [D_FILES]     = {FIELD_TEXTS, 0, 50, NULL},
    [D_ROWS]      = {FIELD_LIST, 0, LIST_LIMIT, NULL},
    [D_FROZEN]    = {FIELD_JSON, 0, 0, NULL},
    [D_SEALED]    = {FIELD_TEXT, 1, 100000, NULL},
    [D_ITEM_FORM] = {FIELD_JSON, 0, 0, NULL},
};
/* clang-format on */

bool load_range(struct str word, int64_t *ret_min, int64_t *ret_max)
{
    ptrdiff_t dots = str_find(word, S(".."));
    int64_t limit = INT64_C(1) << 53;
    return dots > 0 && num_parse(str_sub(word, 0, (size_t)dots), -limit, limit, ret_min) &&
           num_parse(str_sub(word, (size_t)dots + 2, word.n), -limit, limit, ret_max) &&
           *ret_min <= *ret_max;
}

/* The type at the head: up to a blank outside parentheses. */
static struct str type_word(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t n = 0;
    int depth = 0;
    while (n < rest->n && (depth > 0 || (rest->p[n] != ' ' && rest->p[n] != '\n'))) {
        depth += rest->p[n] == '(' ? 1 : rest->p[n] == ')' ? -1 : 0;
        n++;
    }
    struct str word = str_sub(*rest, 0, n);
    *rest = str_trim(str_sub(*rest, n, rest->n));
    return word;
}

/* "a 甲|b 乙" inside choice(…). */
static bool
inline_choices(struct load *l, struct at at, struct str inside, struct str path, struct dtype *t)
{
    struct choice *rows = ARENA_ARRAY(l->a, struct choice, MAX_CHOICES + 1);
    size_t n = 0;
    while (inside.p != NULL) {
        struct str part = str_trim(str_split(&inside, '|'));
        struct str zh = part;
        struct str value = load_word(&zh);
        bool twice = false;
        for (size_t i = 0; i < n; i++) {
            twice = twice || str_eqz(value, rows[i].value);
        }
        if (value.p == NULL || n == MAX_CHOICES || twice) {
            load_fault(l, at, 12, S("write choice(a 甲|b 乙), each value once, at most 64"),
                       "choices of '%.*s'", STR_ARG(path));
            return false;
        }
        zh = zh.n > 0 ? zh : value;
        struct str name = str_fmt(l->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(value));
        rows[n++] = (struct choice){str_z(l->a, value), str_z(l->a, zh),
                                    load_label(l, "choices", name, zh)};
    }
    struct choice_set *set = ARENA_NEW(l->a, struct choice_set);
    *set = (struct choice_set){S(""), rows, n};
    t->choices = set;
    return true;
}

/* choice:LIST of lists.yaml: {value: label, …}. */
static bool listed_choices(struct load *l, struct at at, struct str list, struct dtype *t)
{
    const struct ynode *lists = &l->set->lists.root;
    const struct ynode *entries = lists->type == Y_MAP ? yaml_get(lists, list) : NULL;
    if (entries == NULL || entries->type != Y_MAP || entries->n > MAX_CHOICES) {
        struct str todo = lists->type == Y_MAP ? name_hint(l->a, list, lists->keys, lists->n)
                                               : S("there is no lists.yaml");
        load_fault(l, at, 28, todo, "unknown list of choices '%.*s'", STR_ARG(list));
        return false;
    }
    size_t at_entry = (size_t)(entries - lists->items);
    l->lists_used |= at_entry < 64 ? BIT(at_entry) : 0;
    struct choice *rows = ARENA_ARRAY(l->a, struct choice, entries->n + 1);
    for (size_t i = 0; i < entries->n; i++) {
        struct str zh = entries->items[i].type == Y_TEXT ? entries->items[i].s : entries->keys[i];
        struct str name = str_fmt(l->a, "list.%.*s.%.*s", STR_ARG(list), STR_ARG(entries->keys[i]));
        rows[i] = (struct choice){str_z(l->a, entries->keys[i]), str_z(l->a, zh),
                                  load_label(l, "choices", name, zh)};
    }
    struct choice_set *set = ARENA_NEW(l->a, struct choice_set);
    *set = (struct choice_set){list, rows, entries->n};
    t->choices = set;
    return true;
}

static bool
load_choices(struct load *l, struct at at, struct str word, struct str path, struct dtype *t)
{
    if (str_starts(word, S("choice:"))) {
        return listed_choices(l, at, str_sub(word, 7, word.n), t);
    }
    if (!str_starts(word, S("choice(")) || !str_ends(word, S(")"))) {
        load_fault(l, at, 12, S("write choice(a 甲|b 乙) or choice:LIST"), "'%.*s' has no choices",
                   STR_ARG(word));
        return false;
    }
    return inline_choices(l, at, str_sub(word, 7, word.n - 1), path, t);
}

bool load_dtype(struct load *l, struct at at, struct str *rest, struct str path, struct dtype *ret)
{
    struct str word = type_word(rest);
    *ret = (struct dtype){.kind = D_TEXT};
    if (str_ends(word, S("!"))) {
        ret->required = true;
        word = str_sub(word, 0, word.n - 1);
    }
    struct str base = word;
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '(' || word.p[i] == ':') {
            base = str_sub(word, 0, i);
            break;
        }
    }
    struct str *names = ARENA_ARRAY(l->a, struct str, DTYPE_KINDS);
    for (size_t i = 0; i < DTYPE_KINDS; i++) {
        names[i] = str_of(dtype_name((enum dtype_kind)i));
        if (str_eq(base, names[i]) && (i == D_CHOICE || base.n == word.n)) {
            /* a choice without choices stays a text, so that nobody looks for them */
            bool ok = i != D_CHOICE || load_choices(l, at, word, path, ret);
            ret->kind = ok ? (enum dtype_kind)i : D_TEXT;
            return ok;
        }
    }
    load_fault(l, at, 12, name_hint(l->a, base, names, DTYPE_KINDS), "unknown type '%.*s'",
               STR_ARG(word));
    return false;
}

bool load_choice_is_literal(const struct dtype *t, struct str word)
{
    for (size_t i = 0; t->kind == D_CHOICE && t->choices != NULL && i < t->choices->n; i++) {
        if (str_eqz(word, t->choices->rows[i].value)) {
            return true;
        }
    }
    return false;
}

const struct form *form_empty(void)
{
    static const struct field none[] = {FIELD_END};
    static const struct form empty = {.rows = none};
    return &empty;
}

/* "[personal] [MIN..MAX] LABEL" after the type. */
static void
field_rest(struct load *l, struct at at, struct str rest, struct str path, struct dtype *t)
{
    struct str after = rest;
    struct str word = load_word(&after);
    if (str_eqz(word, "personal")) {
        t->personal = true;
        rest = after;
        word = load_word(&after);
    }
    t->min = KINDS[t->kind].min;
    t->max = KINDS[t->kind].max;
    if (str_find(word, S("..")) >= 0) {
        if (!load_range(word, &t->min, &t->max)) {
            load_fault(l, at, 12, S("write MIN..MAX with MIN ≤ MAX"), "range '%.*s' of '%.*s'",
                       STR_ARG(word), STR_ARG(path));
        }
        rest = after;
    }
    if (t->kind == D_TEXT && (t->min < 0 || t->max > TEXT_LIMIT)) {
        load_fault(l, at, 12, S("a text holds 0..20000 characters; use a file for more"),
                   "range of '%.*s'", STR_ARG(path));
    }
    t->zh = rest;
    if (rest.n == 0) {
        load_fault(l, at, 12, S("end the line with the Chinese name"), "field '%.*s' has no label",
                   STR_ARG(path));
    }
    if (t->kind == D_DUR || t->kind == D_ROLE) {
        load_fault(l, at, 12, S("ask days as int, a role as choice"),
                   "a form cannot ask for type %s", dtype_name(t->kind));
    }
}

static const struct form *
load_form_at(struct load *l, const struct ynode *map, struct str path, int depth);

/* {rows: {…}, is: "! 1..20 标签"} */
static void
load_rows(struct load *l, const struct ynode *n, struct str path, int depth, struct dtype *t)
{
    static const char *const keys[] = {"rows", "is", NULL};
    load_keys(l, n, keys);
    t->kind = D_ROWS;
    t->max = LIST_LIMIT;
    struct str is = load_text(l, n, "is");
    if (is.p != NULL) {
        if (str_starts(is, S("!"))) {
            t->required = true;
            is = str_trim(str_sub(is, 1, is.n));
        }
        field_rest(l, at_of(n), is, path, t);
    }
    const struct ynode *rows = yaml_get(n, S("rows"));
    if (rows == NULL || depth == FORM_DEPTH) {
        load_fault(l, at_of(n), 12, S("write {rows: {name: TYPE LABEL}}, at most three deep"),
                   "rows of '%.*s'", STR_ARG(path));
        t->rows = form_empty();
        return;
    }
    t->rows = load_form_at(l, rows, path, depth + 1);
}

static void
load_field_type(struct load *l, const struct ynode *n, struct str path, int depth, struct dtype *t)
{
    *t = (struct dtype){.kind = D_TEXT, .max = TEXT_DEFAULT};
    if (n->type == Y_MAP) {
        load_rows(l, n, path, depth, t);
        return;
    }
    if (!load_is(l, n, Y_TEXT, "a field")) {
        return;
    }
    struct str rest = n->s;
    if (load_dtype(l, at_of(n), &rest, path, t)) {
        if (t->kind == D_ROWS) {
            load_fault(l, at_of(n), 12, S("write {rows: {name: TYPE LABEL}}"), "rows of '%.*s'",
                       STR_ARG(path));
            t->rows = form_empty();
        }
        field_rest(l, at_of(n), rest, path, t);
    }
}

static struct field
field_of(struct load *l, struct str name, struct str path, const struct dtype *t)
{
    unsigned flags = (t->required ? FIELD_REQUIRED : 0U) | (t->personal ? FIELD_PERSONAL : 0U);
    if (t->kind == D_TEXT && t->max > 100) {
        flags |= FIELD_MULTILINE;
    }
    struct str zh = t->zh.n > 0 ? t->zh : name;
    const struct field *sub = t->kind == D_ROWS ? t->rows->rows : KINDS[t->kind].sub;
    return (struct field){
        .name = str_z(l->a, name),
        .kind = KINDS[t->kind].kind,
        .offset = FIELD_NOWHERE,
        .flags = flags,
        .min = t->min,
        .max = t->max,
        .zh = str_z(l->a, zh),
        .en = load_label(l, "fields", path, zh),
        .choices = t->choices == NULL ? NULL : t->choices->rows,
        .sub = sub,
        .widget = dtype_name(t->kind),
    };
}

static const struct form *
load_form_at(struct load *l, const struct ynode *map, struct str path, int depth)
{
    if (map == NULL || !load_is(l, map, Y_MAP, "a form")) {
        return form_empty();
    }
    size_t n = map->n;
    if (n > MAX_FIELDS) {
        load_fault(l, at_of(map), 13, S("split the form"), "%zu fields, at most %d are possible", n,
                   MAX_FIELDS);
        n = MAX_FIELDS;
    }
    struct form *f = ARENA_NEW(l->a, struct form);
    struct field *rows = ARENA_ARRAY(l->a, struct field, n + 1);
    struct dtype *types = ARENA_ARRAY(l->a, struct dtype, n);
    for (size_t i = 0; i < n; i++) {
        struct str name = map->keys[i];
        struct str below =
            path.n == 0 ? name : str_fmt(l->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(name));
        load_name_ok(l, at_key(map, i), name);
        load_field_type(l, &map->items[i], below, depth, &types[i]);
        rows[i] = field_of(l, name, below, &types[i]);
        bool inside = types[i].rows != NULL && types[i].rows->personal != 0;
        f->personal |= types[i].personal || inside ? BIT(i) : 0;
    }
    f->rows = rows;
    f->types = types;
    f->n = n;
    return f;
}

const struct form *load_form(struct load *l, const struct ynode *map, struct str path)
{
    return load_form_at(l, map, path, 0);
}

const char *load_label(struct load *l, const char *section, struct str name, struct str zh)
{
    struct str en =
        texts_get(l->set, "en", l->d->kind.p == NULL ? S("") : l->d->kind, section, name);
    return str_z(l->a, en.p != NULL ? en : zh.p != NULL ? zh : S(""));
}
