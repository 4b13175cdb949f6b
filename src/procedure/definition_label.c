/* Labels: Chinese from the definition, other languages from i18n/<lang>.yaml. Reads only; keys are
 * put together on the stack, so any thread may ask. */
#include "procedure/definition_set.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

#define KEY_MAX 256

static struct str look_up(const struct definition_set *set,
                          const char *lang,
                          struct str kind,
                          const char *section,
                          struct str name)
{
    char key[KEY_MAX];
    int n = snprintf(key, sizeof(key), "%s/%.*s.%s%s%.*s", lang, STR_ARG(kind), section,
                     name.n > 0 ? "." : "", STR_ARG(name));
    if (n < 0 || n >= KEY_MAX) {
        return STR_NONE;
    }
    const struct str *s = map_get(set->texts, (struct str){key, (size_t)n});
    return s == NULL ? STR_NONE : *s;
}

/* Fields and choices may be named without the act ("materials", "result.grant"), or, for choices,
 * without the field: the last resort. */
static struct str shortened(const struct definition_set *set,
                            const char *lang,
                            struct str kind,
                            const char *section,
                            struct str name)
{
    bool shorter = strcmp(section, "fields") == 0 || strcmp(section, "choices") == 0;
    struct str found = look_up(set, lang, kind, section, name);
    while (found.p == NULL && shorter) {
        ptrdiff_t dot = str_find_char(name, '.');
        if (dot < 0) {
            break;
        }
        name = str_sub(name, (size_t)dot + 1, name.n);
        found = look_up(set, lang, kind, section, name);
    }
    return found;
}

struct str texts_get(const struct definition_set *set,
                     const char *lang,
                     struct str kind,
                     const char *section,
                     struct str name)
{
    if (str_starts(name, S("list."))) {
        struct str rest = str_sub(name, 5, name.n);
        return look_up(set, lang, S("lists"), "choices", rest);
    }
    struct str s = shortened(set, lang, kind, section, name);
    return s.p != NULL ? s : shortened(set, lang, S("_common"), section, name);
}

/* ---- the official Chinese text ---- */

/* Field "ACT.FIELD.MEMBER": the type of the last name. */
static const struct dtype *field_type(const struct definition *d, struct str name)
{
    struct str rest = name;
    uint32_t act = definition_act(d, str_split(&rest, '.'));
    const struct form *f = act == NO_INDEX ? NULL : d->acts[act].form;
    const struct dtype *t = NULL;
    while (f != NULL && rest.p != NULL) {
        ptrdiff_t row = form_row(f, str_split(&rest, '.'));
        t = row < 0 ? NULL : &f->types[row];
        f = t == NULL ? NULL : t->rows;
    }
    return rest.p == NULL ? t : NULL;
}

static struct str choice_text(const struct definition *d, struct str name, bool english)
{
    size_t dot = name.n;
    while (dot > 0 && name.p[dot - 1] != '.') {
        dot--;
    }
    if (dot == 0) {
        return STR_NONE;
    }
    struct str of = str_sub(name, 0, dot - 1);
    struct str value = str_sub(name, dot, name.n);
    uint32_t fact = definition_fact(d, of);
    const struct dtype *t = fact != NO_INDEX ? &d->facts[fact].type : field_type(d, of);
    uint32_t param = definition_param(d, of);
    if (t == NULL && param != NO_INDEX) {
        t = &d->params[param].type;
    }
    for (size_t i = 0; t != NULL && t->choices != NULL && i < t->choices->n; i++) {
        if (str_eqz(value, t->choices->rows[i].value)) {
            return str_of(english ? t->choices->rows[i].en : t->choices->rows[i].zh);
        }
    }
    return STR_NONE;
}

/* "ACT.i" */
static struct str need_text(const struct definition *d, struct str name)
{
    struct str rest = name;
    uint32_t act = definition_act(d, str_split(&rest, '.'));
    size_t i = 0;
    for (size_t k = 0; rest.p != NULL && k < rest.n && rest.n <= 2; k++) {
        i = i * 10 + (size_t)(rest.p[k] - '0');
    }
    return act == NO_INDEX || i >= d->acts[act].n_needs ? STR_NONE : d->acts[act].needs[i].zh;
}

static struct str state_text(const struct definition *d, struct str name)
{
    uint32_t i = definition_state(d, name);
    return i == NO_INDEX ? STR_NONE : d->states[i].zh;
}

static struct str act_text(const struct definition *d, struct str name)
{
    uint32_t i = definition_act(d, name);
    return i == NO_INDEX ? STR_NONE : d->acts[i].zh;
}

static struct str clock_text(const struct definition *d, struct str name)
{
    uint32_t i = definition_clock(d, name);
    return i == NO_INDEX ? STR_NONE : d->clocks[i].zh;
}

static struct str fact_text(const struct definition *d, struct str name)
{
    uint32_t i = definition_fact(d, name);
    return i == NO_INDEX ? STR_NONE : d->facts[i].type.zh;
}

static struct str param_text(const struct definition *d, struct str name)
{
    uint32_t i = definition_param(d, name);
    return i == NO_INDEX ? STR_NONE : d->params[i].type.zh;
}

static struct str field_text(const struct definition *d, struct str name)
{
    const struct dtype *t = field_type(d, name);
    return t == NULL ? STR_NONE : t->zh;
}

static struct str choice_zh(const struct definition *d, struct str name)
{
    return choice_text(d, name, false);
}

static struct str kind_text(const struct definition *d, struct str name)
{
    (void)name;
    return d->zh;
}

static struct str
child_text(const struct definition_set *set, const struct definition *d, struct str name)
{
    uint32_t i = definition_child(d, name);
    const struct definition *child =
        i == NO_INDEX ? NULL : definition_find(set, d->children[i].kind);
    return child == NULL ? name : child->zh;
}

static struct str zh_of(const struct definition_set *set,
                        const struct definition *d,
                        const char *section,
                        struct str name)
{
    static const struct {
        const char *section;
        struct str (*text)(const struct definition *, struct str);
    } sections[] = {
        {"kind", kind_text},    {"states", state_text}, {"acts", act_text},
        {"clocks", clock_text}, {"facts", fact_text},   {"params", param_text},
        {"fields", field_text}, {"needs", need_text},   {"choices", choice_zh},
    };
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        if (strcmp(section, sections[i].section) == 0) {
            return sections[i].text(d, name);
        }
    }
    return strcmp(section, "children") == 0 ? child_text(set, d, name) : STR_NONE;
}

struct str definition_label(const struct definition_set *set,
                            const char *lang,
                            const struct definition *d,
                            const char *section,
                            struct str name)
{
    struct str s = STR_NONE;
    if (strcmp(lang, "zh") != 0) {
        s = texts_get(set, lang, d->kind, section, name);
        if (s.p == NULL && strcmp(lang, "en") == 0 && strcmp(section, "choices") == 0) {
            s = choice_text(d, name, true);
        }
        if (s.p == NULL && strcmp(section, "children") == 0) {
            uint32_t i = definition_child(d, name);
            s = i == NO_INDEX ? STR_NONE : texts_get(set, lang, d->children[i].kind, "kind", S(""));
        }
    }
    s = s.p != NULL ? s : zh_of(set, d, section, name);
    return s.p != NULL && s.n > 0 ? s : name;
}
