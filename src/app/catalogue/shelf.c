/* Building and replacing the picture (shelf.h). Only the writer's thread, or the start, replaces
 * it. */
#include "app/catalogue/shelf.h"

#include "app/catalogue/body.h"
#include "app/catalogue/store.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "sys/log.h"

#include <stdatomic.h>

#define KEEP_MS     600000
#define SHELF_BYTES ((size_t)256 << 20)

struct old_shelf {
    struct shelf *shelf;
    int64_t since_ms;
    struct old_shelf *next;
};

struct shelf_slot {
    _Atomic(struct shelf *) now;
    struct old_shelf *old;
};

static const struct shelf EMPTY = {.n = 0};

struct str shelf_fold(struct arena *a, struct str s)
{
    struct str wide = utf8_fold_width(a, s);
    char *p = arena_alloc(a, wide.n + 1, 1);
    for (size_t i = 0; i < wide.n; i++) {
        char ch = wide.p[i];
        p[i] = ch >= 'A' && ch <= 'Z' ? (char)(ch + ('a' - 'A')) : ch;
    }
    return (struct str){p, wide.n};
}

static struct str joined(struct arena *a, const struct jval *list)
{
    struct buf b;
    buf_init(&b, a, 128);
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        const struct jval *v = &list->list[i];
        buf_put(&b, v->type == J_OBJ ? body_zh(v, "name") : v->s);
        buf_putc(&b, '\n');
    }
    return shelf_fold(a, buf_str(&b));
}

static const struct str *texts(struct arena *a, const struct jval *list, size_t *ret_n)
{
    *ret_n = list != NULL && list->type == J_LIST ? list->n : 0;
    struct str *out = ARENA_ARRAY(a, struct str, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        out[i] = jval_str(&list->list[i]);
    }
    return out;
}

static void
fill_item(struct arena *a, const struct item_row *r, const struct jval *body, struct shelf_item *it)
{
    const struct jval *materials = jval_get(body, S("materials"));
    struct str result = body_zh(body, "result");
    *it = (struct shelf_item){
        .item_id = r->item_id,
        .unit_id = r->unit_id,
        .version = r->version,
        .code = str_dup(a, r->code),
        .zh = body_zh(body, "name"),
        .en = jval_str(jval_get(jval_get(body, S("name")), S("en"))),
        .regime = body_text(body, "regime"),
        .status = (enum item_status)(r->status & 3),
        .immediate = body_bool(body, "immediate"),
        .allow_defer = body_bool(body, "allow_defer"),
        .commitment = body_bool(body, "commitment"),
        .online = jval_bool(jval_get(body, S("online")), true),
        .fee_charged = body_bool(jval_get(body, S("fee")), "charged"),
        .sample = body_bool(body, "sample"),
        .materials = materials == NULL ? 0 : (int64_t)materials->n,
    };
    it->has_legal = limit_of(body, "legal_limit", &it->legal);
    it->has_promised = limit_of(body, "promised_limit", &it->promised);
    it->tags = texts(a, jval_get(body, S("tags")), &it->n_tags);
    it->objects = texts(a, jval_get(body, S("objects")), &it->n_objects);
    it->find_name = shelf_fold(a, it->zh);
    it->find_material = joined(a, materials);
    struct str tags = joined(a, jval_get(body, S("tags")));
    it->find_other = shelf_fold(a, str_fmt(a, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(it->code),
                                           STR_ARG(it->en), STR_ARG(tags), STR_ARG(result)));
}

static struct err *build_items(struct call *c, struct shelf *s)
{
    struct list rows = {0};
    TRY(store_shown_items(c, &rows));
    const struct item_row *r = rows.p;
    struct shelf_item *items = ARENA_ARRAY(s->a, struct shelf_item, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct jval body;
        if (r[i].status == ITEM_WITHDRAWN) {
            continue;
        }
        TRY(jread(s->a, str_bytes(str_dup(s->a, r[i].body)), &body));
        fill_item(s->a, &r[i], &body, &items[s->n++]);
    }
    s->items = items;
    return NULL;
}

/* Marks the bundle on its items; true when no required item is missing. */
static bool
mark_items(struct shelf *s, struct shelf_item *items, const struct jval *body, uint64_t bit)
{
    const struct jval *stages = jval_get(body, S("stages"));
    bool whole = true;
    for (size_t i = 0; stages != NULL && i < stages->n; i++) {
        const struct jval *list = jval_get(&stages->list[i], S("items"));
        for (size_t k = 0; list != NULL && k < list->n; k++) {
            const struct shelf_item *it = shelf_find(s, body_text(&list->list[k], "code"));
            if (it != NULL) {
                items[it - s->items].bundles |= bit;
            } else if (body_bool(&list->list[k], "required")) {
                whole = false;
            }
        }
    }
    return whole;
}

static struct err *build_bundles(struct call *c, struct shelf *s)
{
    struct list rows = {0};
    TRY(store_bundles(c, &rows));
    const struct bundle_row *r = rows.p;
    struct shelf_bundle *bundles = ARENA_ARRAY(s->a, struct shelf_bundle, rows.n + 1);
    struct shelf_item *items = ARENA_ARRAY(s->a, struct shelf_item, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        items[i] = s->items[i];
    }
    s->items = items;
    for (size_t i = 0; i < rows.n && s->n_bundles < SHELF_BUNDLES; i++) {
        struct shelf_bundle *b = &bundles[s->n_bundles];
        TRY(jread(s->a, str_bytes(str_dup(s->a, r[i].body)), &b->body));
        b->code = str_dup(s->a, r[i].code);
        b->zh = body_zh(&b->body, "name");
        b->whole = mark_items(s, items, &b->body, UINT64_C(1) << s->n_bundles);
        s->n_bundles++;
    }
    s->bundles = bundles;
    return NULL;
}

static struct err *build(struct call *c, struct shelf **ret)
{
    struct arena *a = arena_new(SHELF_BYTES);
    struct shelf *s = ARENA_NEW(a, struct shelf);
    s->a = a;
    struct err *e = build_items(c, s);
    e = e != NULL ? e : build_bundles(c, s);
    if (e != NULL) {
        /* The error may lie in the arena that goes: say it again in the call's. */
        struct err *kept =
            err_cause(ERROR_TEXT(c->arena, e->code, e->zh, e->en), "%.*s", STR_ARG(e->cause));
        arena_free(a);
        return kept;
    }
    *ret = s;
    return NULL;
}

static struct shelf_slot *slot_of(struct app *app)
{
    if (app->slot[SLOT_CATALOGUE] == NULL) {
        app->slot[SLOT_CATALOGUE] = ARENA_NEW(app->arena, struct shelf_slot);
    }
    return app->slot[SLOT_CATALOGUE];
}

static void drop_old(struct shelf_slot *slot, int64_t now_ms, int64_t keep_ms)
{
    struct old_shelf **at = &slot->old;
    while (*at != NULL) {
        struct old_shelf *o = *at;
        if (now_ms - o->since_ms < keep_ms) {
            at = &o->next;
            continue;
        }
        *at = o->next;
        arena_free(o->shelf->a);
        mem_free(o);
    }
}

static void publish(struct app *app, struct shelf *s)
{
    struct shelf_slot *slot = slot_of(app);
    int64_t now = clock_mono_ms(app->clock);
    struct shelf *before = atomic_exchange(&slot->now, s);
    drop_old(slot, now, KEEP_MS);
    if (before != NULL) {
        struct old_shelf *o = mem_new(1, sizeof *o);
        *o = (struct old_shelf){before, now, slot->old};
        slot->old = o;
    }
}

struct err *shelf_load(struct call *c)
{
    struct shelf *s = NULL;
    TRY(build(c, &s));
    publish(c->app, s);
    return NULL;
}

/* On the writer's thread; the connection is the writer's own. */
static void load_after_commit(struct app *app, void *ctx)
{
    struct arena *a = arena_new(SHELF_BYTES);
    struct call c;
    call_init(&c, app, a, ACTOR_SYSTEM);
    c.db = ctx;
    struct err *e = shelf_load(&c);
    if (e != NULL) {
        log_line(LOG_ERROR, "catalogue not reloaded: %.*s (%.*s)", STR_ARG(e->en),
                 STR_ARG(e->cause));
    }
    arena_free(a);
}

void shelf_changed(struct call *c)
{
    unit_on_commit(c, load_after_commit, c->db);
}

const struct shelf *shelf_of(const struct app *app)
{
    struct shelf_slot *slot = app->slot[SLOT_CATALOGUE];
    const struct shelf *s = slot == NULL ? NULL : atomic_load(&slot->now);
    return s == NULL ? &EMPTY : s;
}

const struct shelf_item *shelf_find(const struct shelf *s, struct str code)
{
    for (size_t i = 0; i < s->n; i++) {
        if (str_eq(s->items[i].code, code)) {
            return &s->items[i];
        }
    }
    return NULL;
}

void shelf_stop(struct app *app)
{
    struct shelf_slot *slot = app->slot[SLOT_CATALOGUE];
    if (slot == NULL) {
        return;
    }
    struct shelf *s = atomic_exchange(&slot->now, NULL);
    drop_old(slot, clock_mono_ms(app->clock), 0);
    if (s != NULL) {
        arena_free(s->a);
    }
}
