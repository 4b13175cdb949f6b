/* The head of a kind, and number patterns. */
#include "procedure/load.h"

#include "base/num.h"

static int word_index(struct str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eqz(word, words[i])) {
            return (int)i;
        }
    }
    return -1;
}

/* One of a few words; `other` when the key is absent. */
static int head_word(struct load *l, const char *key, const char *const *words, size_t n, int other)
{
    const struct ynode *node = yaml_get(l->root, str_of(key));
    if (!load_is(l, node, Y_TEXT, key)) {
        return other;
    }
    int i = word_index(node->s, words, n);
    if (i < 0) {
        struct str *names = ARENA_ARRAY(l->a, struct str, n);
        for (size_t k = 0; k < n; k++) {
            names[k] = str_of(words[k]);
        }
        load_fault(l, at_of(node), 17, name_hint(l->a, node->s, names, n), "'%s' cannot be '%.*s'",
                   key, STR_ARG(node->s));
        return other;
    }
    return i;
}

static struct str required(struct load *l, const char *key)
{
    struct str s = load_text(l, l->root, key);
    if (yaml_get(l->root, str_of(key)) == NULL) {
        load_fault(l, at_of(l->root), 3, str_fmt(l->a, "add '%s: …' to the head", key),
                   "the key '%s' is missing", key);
    }
    return s;
}

/* {yyyy} and the like; returns false when unknown. */
static bool number_part(struct str inside, struct number_part *ret)
{
    static const struct {
        const char *word;
        enum number_part_type type;
    } parts[] = {{"office.code", NUMBER_OFFICE},
                 {"item.code", NUMBER_ITEM},
                 {"yyyy", NUMBER_YYYY},
                 {"mm", NUMBER_MM},
                 {"dd", NUMBER_DD}};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (str_eqz(inside, parts[i].word)) {
            *ret = (struct number_part){.type = parts[i].type};
            return true;
        }
    }
    int64_t width = 0;
    if (str_starts(inside, S("seq")) && num_parse(str_sub(inside, 3, inside.n), 1, 12, &width)) {
        *ret = (struct number_part){.type = NUMBER_SEQ, .width = (int)width};
        return true;
    }
    return false;
}

static bool number_pattern(struct load *l, struct str pattern, struct at at, struct number_def *n)
{
    struct number_part *parts = ARENA_ARRAY(l->a, struct number_part, pattern.n + 3);
    size_t seqs = 0;
    while (pattern.n > 0) {
        ptrdiff_t open = str_find_char(pattern, '{');
        size_t plain = open < 0 ? pattern.n : (size_t)open;
        if (plain > 0) {
            parts[n->n++] =
                (struct number_part){.type = NUMBER_TEXT, .text = str_sub(pattern, 0, plain)};
        }
        pattern = str_sub(pattern, plain, pattern.n);
        ptrdiff_t close = str_find_char(pattern, '}');
        if (pattern.n == 0) {
            break;
        }
        struct str inside = str_sub(pattern, 1, close < 0 ? pattern.n : (size_t)close);
        if (close > 0 && str_eqz(inside, "yyyymmdd")) {
            parts[n->n++] = (struct number_part){.type = NUMBER_YYYY};
            parts[n->n++] = (struct number_part){.type = NUMBER_MM};
            parts[n->n++] = (struct number_part){.type = NUMBER_DD};
        } else if (close < 0 || !number_part(inside, &parts[n->n++])) {
            load_fault(l, at, 16,
                       S("use {office.code} {item.code} {yyyy} {yyyymmdd} {mm} {dd} {seqN}"),
                       "'{%.*s}' in a number pattern", STR_ARG(inside));
            return false;
        }
        seqs += parts[n->n - 1].type == NUMBER_SEQ ? 1 : 0;
        pattern = str_sub(pattern, (size_t)close + 1, pattern.n);
    }
    n->parts = parts;
    if (seqs != 1) {
        load_fault(l, at, 16, S("write one {seqN}, such as {seq6}"),
                   "a number pattern needs exactly one sequence");
    }
    return seqs == 1;
}

void load_number(struct load *l, struct str text, struct at at)
{
    static const char *const periods[] = {"ever", "year", "month", "day"};
    struct number_def n = {0};
    if (text.p == NULL || str_eqz(text, "none")) {
        return;
    }
    struct str rest = text;
    struct str pattern = load_word(&rest);
    if (!number_pattern(l, pattern, at, &n)) {
        return;
    }
    struct str per = load_word(&rest);
    struct str what = load_word(&rest);
    n.per_office = str_eqz(what, "office");
    struct str period = n.per_office ? load_word(&rest) : what;
    int i = period.p == NULL ? 0 : word_index(period, periods, COUNT_OF(periods));
    if (!str_eqz(per, "per") || !n.per_office || i < 0 || rest.n > 0) {
        load_fault(l, at, 16,
                   S("end it with 'per office', 'per office year', 'per office month' or 'per "
                     "office day'"),
                   "series '%.*s'", STR_ARG(text));
        return;
    }
    n.period = (enum number_period)i;
    l->d->number = n;
}

static void load_readers(struct load *l)
{
    const struct ynode *items = NULL;
    size_t n = load_list(l, yaml_get(l->root, S("readers")), &items);
    for (size_t i = 0; i < n; i++) {
        uint64_t mask = 0;
        if (load_is(l, &items[i], Y_TEXT, "a reader")) {
            load_roles(l, at_of(&items[i]), items[i].s, &mask, NULL);
        }
        l->d->readers |= mask;
    }
    if (n == 0) {
        load_fault(l, at_of(l->root), 3, S("add 'readers: [roles that may read]' to the head"),
                   "the key 'readers' is missing");
    }
}

void load_head(struct load *l)
{
    static const char *const zones[] = {"service", "supervision", "sealed"};
    static const char *const needs[] = {"none", "optional", "required"};
    static const char *const services[] = {"now", "later"};
    static const char *const keys[] = {"kind",      "name",   "version", "zone",     "number",
                                       "item",      "party",  "readers", "include",  "service",
                                       "states",    "groups", "facts",   "params",   "children",
                                       "relations", "acts",   "clocks",  "separate", NULL};
    struct definition *d = l->d;
    load_keys(l, l->root, keys);
    d->kind = required(l, "kind");
    if (d->kind.p != NULL) {
        load_name_ok(l, at_of(yaml_get(l->root, S("kind"))), d->kind);
    }
    d->zh = required(l, "name");
    struct str version = required(l, "version");
    if (version.p != NULL && !num_parse(version, 1, 1000000, &d->version)) {
        load_fault(l, at_of(yaml_get(l->root, S("version"))), 17, S("write a whole number from 1"),
                   "version '%.*s'", STR_ARG(version));
    }
    required(l, "zone");
    d->zone = (enum zone)head_word(l, "zone", zones, COUNT_OF(zones), ZONE_SERVICE);
    d->item = (enum need_of)head_word(l, "item", needs, COUNT_OF(needs), NEED_NONE);
    d->party = (enum need_of)head_word(l, "party", needs, COUNT_OF(needs), NEED_NONE);
    d->in_service = head_word(l, "service", services, COUNT_OF(services), 0) == 0;
    struct str number = required(l, "number");
    if (number.p != NULL) {
        load_number(l, number, at_of(yaml_get(l->root, S("number"))));
    }
    load_readers(l);
    d->en = str_of(load_label(l, "kind", S(""), d->zh));
}
