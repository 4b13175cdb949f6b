/* Finding items while somebody types (docs/api.md "Catalogue"). The shelf is small enough to be
 * looked through on every key: a word is searched in the name, the department, tags and other
 * names, and the materials; where it was found decides the rank. One Chinese character is enough.
 */
#include "app/catalogue/ops.h"

#include "base/check.h"
#include "base/num.h"
#include "procedure/org.h"
#include "procedure/view.h"

#include <stdlib.h>

#define WORDS_MAX   8
#define LIMIT_USUAL 20

/* Where a word was found, best first. */
enum place { PLACE_NAME_START, PLACE_NAME, PLACE_OTHER, PLACE_UNIT, PLACE_MATERIAL, PLACE_NOWHERE };

struct hit {
    const struct shelf_item *item;
    int64_t rank, order;
};

struct wanted {
    struct str words[WORDS_MAX];
    size_t n;
    const struct items_in *in;
    const struct shelf *shelf;
    const struct org *org;
};

static void split_words(struct arena *a, struct str query, struct wanted *w)
{
    struct str rest = shelf_fold(a, query);
    while (rest.p != NULL && w->n < WORDS_MAX) {
        struct str word = str_trim(str_split(&rest, ' '));
        if (word.n > 0) {
            w->words[w->n++] = word;
        }
    }
}

static enum place place_of(const struct wanted *w, const struct shelf_item *it, struct str word)
{
    ptrdiff_t at = str_find(it->find_name, word);
    if (at >= 0) {
        return at == 0 ? PLACE_NAME_START : PLACE_NAME;
    }
    if (str_find(it->find_other, word) >= 0) {
        return PLACE_OTHER;
    }
    const struct org_unit *u = w->org == NULL ? NULL : org_unit(w->org, it->unit_id);
    if (u != NULL && str_find(u->name, word) >= 0) {
        return PLACE_UNIT;
    }
    return str_find(it->find_material, word) >= 0 ? PLACE_MATERIAL : PLACE_NOWHERE;
}

static bool has_text(const struct str *texts, size_t n, struct str s)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(texts[i], s)) {
            return true;
        }
    }
    return false;
}

/* A theme is a tag of the item or a bundle that it belongs to. */
static bool has_theme(const struct shelf *s, const struct shelf_item *it, struct str theme)
{
    for (size_t i = 0; i < s->n_bundles; i++) {
        if ((it->bundles & UINT64_C(1) << i) != 0 && str_eq(s->bundles[i].zh, theme)) {
            return true;
        }
    }
    return has_text(it->tags, it->n_tags, theme);
}

static bool passes(const struct wanted *w, const struct shelf_item *it)
{
    const struct items_in *q = w->in;
    return (q->unit == FIELD_NO_INT ||
            (w->org != NULL && org_covers(w->org, q->unit, it->unit_id))) &&
           (q->theme.p == NULL || has_theme(w->shelf, it, q->theme)) &&
           (q->object.p == NULL || has_text(it->objects, it->n_objects, q->object)) &&
           (q->regime.p == NULL || str_eq(q->regime, it->regime));
}

/* Sum over the words; -1 when one of them is nowhere. */
static int64_t rank_of(const struct wanted *w, const struct shelf_item *it)
{
    int64_t sum = 0;
    for (size_t i = 0; i < w->n; i++) {
        enum place p = place_of(w, it, w->words[i]);
        if (p == PLACE_NOWHERE) {
            return -1;
        }
        sum += p;
    }
    return sum;
}

static int by_rank(const void *x, const void *y)
{
    const struct hit *a = x, *b = y;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order ? 1 : 0;
}

static size_t find_all(struct call *c, const struct wanted *w, struct hit **ret)
{
    struct hit *hits = ARENA_ARRAY(c->arena, struct hit, w->shelf->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < w->shelf->n; i++) {
        const struct shelf_item *it = &w->shelf->items[i];
        int64_t rank = passes(w, it) ? rank_of(w, it) : -1;
        if (rank >= 0) {
            hits[n++] = (struct hit){it, rank, it->item_id};
        }
    }
    if (n > 1) {
        qsort(hits, n, sizeof *hits, by_rank);
    }
    *ret = hits;
    return n;
}

static void write_limit(struct call *c, struct jw *w, const char *key, bool has, struct duration d)
{
    if (has) {
        limit_write_text(c->arena, w, key, d);
    } else {
        jw_key(w, str_of(key));
        jw_null(w);
    }
}

void items_write_row(struct call *c, const struct shelf_item *it, struct jw *w)
{
    jw_obj(w);
    jw_kstr(w, "code", it->code);
    view_text(w, "name", it->zh, it->en);
    view_unit(c, w, "unit", it->unit_id);
    jw_kstr(w, "regime", it->regime);
    view_text(w, "regime_name", word_zh(WORD_REGIME, it->regime), word_en(WORD_REGIME, it->regime));
    write_limit(c, w, "legal", it->has_legal, it->legal);
    write_limit(c, w, "promised", it->has_promised, it->promised);
    jw_kbool(w, "immediate", it->immediate);
    jw_kbool(w, "allow_defer", it->allow_defer);
    jw_kbool(w, "commitment", it->commitment);
    jw_kbool(w, "online", it->online);
    jw_kbool(w, "fee_charged", it->fee_charged);
    jw_kbool(w, "sample", it->sample);
    jw_kint(w, "materials", it->materials);
    jw_kint(w, "version", it->version);
    jw_key(w, S("tags"));
    jw_list(w);
    for (size_t i = 0; i < it->n_tags; i++) {
        jw_str(w, it->tags[i]);
    }
    jw_end_list(w);
    jw_key(w, S("objects"));
    jw_list(w);
    for (size_t i = 0; i < it->n_objects; i++) {
        jw_str(w, it->objects[i]);
    }
    jw_end_list(w);
    jw_kstr(w, "status", str_of(WORD_STATUS[it->status].value));
    jw_end_obj(w);
}

/* "rank.item": rows come after it, also when the shelf was changed meanwhile. */
static struct err *read_cursor(struct call *c, struct str after, struct hit *ret)
{
    struct str rest = after;
    *ret = (struct hit){NULL, -1, -1};
    if (after.p == NULL) {
        return NULL;
    }
    struct str rank = str_split(&rest, '.');
    if (!num_parse(rank, 0, INT64_MAX, &ret->rank) || rest.p == NULL ||
        !num_parse(rest, 0, INT64_MAX, &ret->order)) {
        struct err *e = NULL;
        field_fault(c->arena, &e, S("/after"), "cursor", "翻页标记不对，请从第一页开始。",
                    "The cursor is not valid; start from the first page.");
        return e;
    }
    return NULL;
}

struct err *items_list(struct call *c, const void *in, void *out)
{
    const struct items_in *q = in;
    struct wanted want = {.in = q, .shelf = shelf_of(c->app), .org = org_of(c->app)};
    int64_t limit = q->limit == FIELD_NO_INT ? LIMIT_USUAL : q->limit;
    struct hit *hits = NULL, from;
    struct str next = STR_NONE;
    struct answer a;
    (void)out;
    TRY(read_cursor(c, q->after, &from));
    split_words(c->arena, q->query, &want);
    size_t n = find_all(c, &want, &hits);
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    jw_key(w, S("rows"));
    jw_list(w);
    const struct hit *last = NULL;
    for (size_t i = 0; i < n; i++) {
        if (by_rank(&hits[i], &from) <= 0) {
            continue;
        }
        if (limit-- == 0) {
            CHECK(last != NULL); /* a page has at least one row */
            next = str_fmt(c->arena, "%lld.%lld", (long long)last->rank, (long long)last->order);
            break;
        }
        last = &hits[i];
        items_write_row(c, last->item, w);
    }
    jw_end_list(w);
    jw_kstr(w, "next", next);
    jw_kint(w, "total", (int64_t)n);
    jw_end_obj(w);
    answer_end(c, &a);
    return NULL;
}

struct theme {
    struct str zh, en;
    const char *kind;
    int64_t count;
};

static int by_count(const void *x, const void *y)
{
    const struct theme *a = x, *b = y;
    return a->count != b->count ? (a->count > b->count ? -1 : 1) : str_cmp(a->zh, b->zh);
}

static void count_theme(struct theme *themes, size_t *n, size_t cap, struct str tag)
{
    for (size_t i = 0; i < *n; i++) {
        if (str_eq(themes[i].zh, tag)) {
            themes[i].count++;
            return;
        }
    }
    if (*n < cap) {
        themes[(*n)++] = (struct theme){tag, STR_NONE, "tag", 1};
    }
}

#define THEMES_MAX 200

static size_t all_themes(struct call *c, const struct shelf *s, struct theme **ret)
{
    struct theme *themes = ARENA_ARRAY(c->arena, struct theme, THEMES_MAX);
    size_t n = 0;
    for (size_t b = 0; b < s->n_bundles; b++) {
        const struct jval *name = jval_get(&s->bundles[b].body, S("name"));
        themes[n++] =
            (struct theme){s->bundles[b].zh, jval_str(jval_get(name, S("en"))), "bundle", 0};
        for (size_t i = 0; i < s->n; i++) {
            themes[n - 1].count += (s->items[i].bundles & UINT64_C(1) << b) != 0 ? 1 : 0;
        }
        n -= themes[n - 1].count == 0 ? 1 : 0;
    }
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->items[i].n_tags; k++) {
            count_theme(themes, &n, THEMES_MAX, s->items[i].tags[k]);
        }
    }
    if (n > 1) {
        qsort(themes, n, sizeof *themes, by_count);
    }
    *ret = themes;
    return n;
}

struct err *items_themes(struct call *c, const void *in, void *out)
{
    struct theme *themes = NULL;
    struct answer a;
    (void)in;
    (void)out;
    size_t n = all_themes(c, shelf_of(c->app), &themes);
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    jw_key(w, S("rows"));
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, "tag", themes[i].zh);
        view_text(w, "name", themes[i].zh, themes[i].en);
        jw_kstr(w, "kind", str_of(themes[i].kind));
        jw_kint(w, "count", themes[i].count);
        jw_end_obj(w);
    }
    jw_end_list(w);
    jw_kstr(w, "next", STR_NONE);
    jw_end_obj(w);
    answer_end(c, &a);
    return NULL;
}
