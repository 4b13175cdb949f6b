/* Template and data → what the letter says. Data comes from people and from definitions that
 * change, so any value may be missing or of another type; then —— is printed, or nothing where the
 * template marks the words as dispensable. */
#include "base/buf.h"
#include "base/num.h"
#include "civil/date.h"
#include "print/letter_set.h"

#include <string.h>

#define NOTHING S("——")

struct compose {
    struct arena *arena;
    const struct jval *data;
    const struct jval *row; /* of `each`, or NULL */
    int64_t n;              /* its number */
};

/* Paragraphs as they grow. */
struct grown {
    struct str *p;
    size_t n, cap;
};

static bool is_nothing(const struct jval *v)
{
    if (v == NULL) {
        return true;
    }
    switch (v->type) {
    case J_NULL:
        return true;
    case J_BOOL:
        return !v->b;
    case J_STR:
        return str_trim(v->s).n == 0;
    case J_LIST:
    case J_OBJ:
        return v->n == 0;
    case J_INT:
        break;
    }
    return false;
}

static const struct jval *value_at(const struct compose *c, struct str path)
{
    struct str rest = path, step = str_split(&rest, '.');
    const struct jval *v =
        c->row != NULL && str_eqz(step, "row") ? c->row : jval_get(c->data, step);

    while (rest.p != NULL) {
        step = str_split(&rest, '.');
        v = v == NULL ? NULL : jval_get(v, step);
    }
    return v;
}

/* Dates of forms and facts are ISO; letters write 2026年10月9日. */
static struct str text_or_date(struct arena *a, struct str s)
{
    int32_t day;

    return civil_parse(s, &day) ? civil_text_zh(a, day) : str_trim(s);
}

static struct str scalar(const struct compose *c, const struct jval *v)
{
    switch (v->type) {
    case J_STR:
        return text_or_date(c->arena, v->s);
    case J_INT:
        return str_fmt(c->arena, "%lld", (long long)v->i);
    case J_BOOL:
        return v->b ? S("是") : S("否");
    case J_OBJ: { /* a text in two languages, or something with a name */
        struct str zh = jval_str(jval_get(v, S("zh")));
        const struct jval *name = jval_get(v, S("name"));
        return zh.p != NULL          ? zh
               : name == NULL        ? STR_NONE
               : name->type == J_OBJ ? jval_str(jval_get(name, S("zh")))
                                     : jval_str(name);
    }
    case J_NULL:
    case J_LIST:
        break;
    }
    return STR_NONE;
}

/* The value as the reader sees it; none when there is nothing. Lists are joined by 、. */
static struct str shown(const struct compose *c, const struct jval *v, const struct map *words)
{
    struct buf out;

    buf_init(&out, c->arena, 64);
    for (size_t i = 0; i < (v->type == J_LIST ? v->n : 1); i++) {
        const struct jval *one = v->type == J_LIST ? &v->list[i] : v;
        struct str s = scalar(c, one);
        const struct str *word = words == NULL || s.n == 0 ? NULL : map_get(words, s);

        s = word == NULL ? s : *word;
        if (s.n > 0) {
            buf_putz(&out, out.n > 0 ? "、" : "");
            buf_put(&out, s);
        }
    }
    return out.n == 0 ? STR_NONE : buf_str(&out);
}

static struct str bit_value(const struct compose *c, const struct letter_bit *b)
{
    for (size_t i = 0; i < b->n_paths; i++) {
        const struct jval *v = value_at(c, b->paths[i]);

        if (str_eqz(b->paths[i], "n") && c->row != NULL) {
            return str_fmt(c->arena, "%lld", (long long)c->n);
        }
        if (v != NULL && (v->type == J_BOOL || !is_nothing(v))) {
            struct str s = shown(c, v, b->words);

            if (s.n > 0) {
                return s;
            }
        }
    }
    return b->text;
}

static struct str expand(const struct compose *c, struct letter_bits bits)
{
    struct buf out, part;
    bool inside = false, missing = false;

    buf_init(&out, c->arena, 128);
    buf_init(&part, c->arena, 64);
    for (size_t i = 0; i < bits.n; i++) {
        const struct letter_bit *b = &bits.b[i];
        struct buf *to = inside ? &part : &out;
        struct str s;

        switch (b->kind) {
        case BIT_TEXT:
            buf_put(to, b->text);
            break;
        case BIT_VALUE:
            s = bit_value(c, b);
            missing = missing || (inside && s.p == NULL);
            buf_put(to, s.p == NULL ? NOTHING : s);
            break;
        case BIT_OPEN:
            inside = true;
            missing = false;
            part.n = 0;
            break;
        case BIT_CLOSE:
            inside = false;
            buf_put(&out, missing ? STR_NONE : buf_str(&part));
            break;
        }
    }
    return buf_str(&out);
}

static bool is_one_of(struct str words, struct str s)
{
    while (words.p != NULL) {
        if (str_eq(str_split(&words, ' '), s)) {
            return true;
        }
    }
    return false;
}

static bool holds(const struct compose *c, const struct letter_cond *k)
{
    const struct jval *v = value_at(c, k->path);
    bool nothing = is_nothing(v);
    struct str s = nothing ? STR_NONE : scalar(c, v);

    switch (k->kind) {
    case COND_THERE:
        return !nothing;
    case COND_NOT:
        return nothing;
    case COND_IS:
        return str_eq(s, k->value);
    case COND_IS_NOT:
        return !str_eq(s, k->value);
    case COND_IN:
        return s.p != NULL && is_one_of(k->value, s);
    }
    return false;
}

static bool all_hold(const struct compose *c, const struct letter_conds *conds)
{
    for (size_t i = 0; i < conds->n; i++) {
        if (!holds(c, &conds->c[i])) {
            return false;
        }
    }
    return true;
}

static void grow(struct arena *a, struct grown *g, struct str s)
{
    if (g->n == g->cap) {
        size_t cap = g->cap == 0 ? 16 : size_mul(g->cap, 2);
        struct str *p = ARENA_ARRAY(a, struct str, cap);

        if (g->n > 0) {
            memcpy(p, g->p, g->n * sizeof(*p));
        }
        g->p = p;
        g->cap = cap;
    }
    g->p[g->n++] = s;
}

/* One paragraph for each line: what people type has lines of its own. */
static void add_lines(struct arena *a, struct grown *g, struct str s)
{
    while (s.p != NULL) {
        struct str line = str_trim(str_split(&s, '\n'));

        if (line.n > 0) {
            grow(a, g, line);
        }
    }
}

static void add_each(struct compose *c, struct grown *g, const struct letter_par *p)
{
    const struct jval *list = value_at(c, p->each);

    c->n = 0;
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        c->row = &list->list[i];
        if (all_hold(c, &p->where)) {
            c->n++;
            add_lines(c->arena, g, expand(c, p->text));
        }
    }
    c->row = NULL;
    if (c->n == 0 && p->none.n > 0) {
        add_lines(c->arena, g, expand(c, p->none));
    }
}

static const struct str *paragraphs(struct compose *c, struct letter_pars pars, size_t *ret_n)
{
    struct grown g = {NULL, 0, 0};

    for (size_t i = 0; i < pars.n; i++) {
        const struct letter_par *p = &pars.p[i];

        if (!all_hold(c, &p->when)) {
            continue;
        }
        if (p->each.p != NULL) {
            add_each(c, &g, p);
        } else {
            add_lines(c->arena, &g, expand(c, p->text));
        }
    }
    *ret_n = g.n;
    return g.p;
}

static const struct letter_row *form_rows(struct compose *c, struct letter_pars pars, size_t *ret_n)
{
    struct letter_row *rows = ARENA_ARRAY(c->arena, struct letter_row, pars.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < pars.n; i++) {
        const struct letter_par *p = &pars.p[i];

        if (all_hold(c, &p->when)) {
            rows[n++] = (struct letter_row){p->label.n > 0 ? expand(c, p->label) : STR_NONE,
                                            str_trim(expand(c, p->text))};
        }
    }
    *ret_n = n;
    return rows;
}

/* 〔2026〕12 → 高新审受〔2026〕第12号; a draft has no number yet. */
static struct str full_number(const struct compose *c, const struct letter_template *t)
{
    struct str number = jval_str(jval_get(c->data, S("number")));
    struct str mark = jval_str(value_at(c, S("profile.letter_mark")));
    ptrdiff_t year_end = number.p == NULL ? -1 : str_find(number, S("〕"));

    if (year_end < 0) {
        return number.n > 0 ? number : NOTHING;
    }
    size_t cut = (size_t)year_end + S("〕").n;
    return str_fmt(c->arena, "%.*s%.*s%.*s第%.*s号", STR_ARG(mark), STR_ARG(t->mark),
                   STR_ARG(str_sub(number, 0, cut)), STR_ARG(str_sub(number, cut, number.n)));
}

static struct str first_text(const struct compose *c, const char *path, const char *other)
{
    struct str s = str_trim(jval_str(value_at(c, str_of(path))));

    if (s.n == 0 && other != NULL) {
        s = str_trim(jval_str(value_at(c, str_of(other))));
    }
    return s.n == 0 ? NOTHING : s;
}

static bool has_addressee(const struct letter_template *t)
{
    return t->layout == LETTER_NOTICE || t->layout == LETTER_RECEIPT || t->to.n > 0;
}

struct err *letter_compose(struct arena *a,
                           const struct letter_set *s,
                           struct str name,
                           const struct jval *data,
                           struct letter_text *ret)
{
    const struct letter_template *t = letter_find(s, name);
    struct compose c = {.arena = a, .data = data};

    if (t == NULL) {
        return ERROR(a, ERR_NOT_FOUND, "没有名为 %.*s 的公文模板。",
                     "There is no letter template %.*s.", STR_ARG(name));
    }
    *ret = (struct letter_text){
        .layout = t->layout,
        .organ = t->organ.n > 0 ? expand(&c, t->organ) : first_text(&c, "profile.organ", "office"),
        .title = t->heading.n > 0 ? expand(&c, t->heading) : t->title,
        .number = t->number.n > 0 ? expand(&c, t->number) : full_number(&c, t),
        .addressee = !has_addressee(t) ? STR_NONE
                     : t->to.n > 0     ? expand(&c, t->to)
                                       : first_text(&c, "party.name", NULL),
        .date = first_text(&c, "date", NULL),
    };
    ret->sign = ret->organ;
    ret->body = paragraphs(&c, t->body, &ret->n_body);
    ret->rows = form_rows(&c, t->rows, &ret->n_rows);
    ret->notes = paragraphs(&c, t->notes, &ret->n_notes);
    return NULL;
}
