/* Units and office profile in memory (org.h). One atomic pointer per program: readers never wait.
 */
#include "procedure/org.h"

#include "base/check.h"

#include <stdatomic.h>
#include <string.h>

/* Every snapshot since the start, for the end of the program. */
struct kept {
    struct arena *arena;
    struct kept *older;
};

struct org_slot {
    _Atomic(struct org *) now;
    struct kept *kept; /* of the thread that reloads: start, then the writer */
};

struct office_row {
    struct str code, name, profile;
};

struct unit_row {
    int64_t id, parent_id, status;
    struct str code, name, name_en, path;
};

struct office_key_row {
    int64_t office_id;
};

/* clang-format off */
static const struct field OFFICE_IN[] = {
    F_ID(struct office_key_row, office_id, 0, NULL, NULL),
    FIELD_END,
};
static const struct field OFFICE_OUT[] = {
    F_TEXT(struct office_row, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct office_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct office_row, profile, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field UNIT_OUT[] = {
    F_ID(struct unit_row, id, 0, NULL, NULL),
    F_ID(struct unit_row, parent_id, 0, NULL, NULL),
    F_INT(struct unit_row, status, 0, 0, 9, NULL, NULL),
    F_TEXT(struct unit_row, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_row, name_en, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_row, path, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_OFFICE,
     "org.office",
     OFFICE_IN,
     OFFICE_OUT,
     struct office_row,
     "SELECT code, name, profile FROM office WHERE id = :office_id");
STMT(LIST_UNITS,
     "org.units",
     OFFICE_IN,
     UNIT_OUT,
     struct unit_row,
     "SELECT id, parent_id, status, code, name, name_en, path FROM unit"
     " WHERE office_id = :office_id ORDER BY path");

static struct org_slot *slot_of(const struct app *app)
{
    struct org_slot *s = app->slot[SLOT_OFFICE];
    CHECK(s != NULL);
    return s;
}

/* The snapshot outlives the call, so its texts are copied into the program's arena. */
static void copy_unit(struct arena *a, const struct unit_row *r, struct org_unit *ret)
{
    *ret = (struct org_unit){
        .id = r->id,
        .parent_id = r->parent_id == FIELD_NO_INT ? 0 : r->parent_id,
        .code = str_dup(a, r->code),
        .name = str_dup(a, r->name),
        .name_en = str_dup(a, r->name_en),
        .path = str_dup(a, r->path),
        .status = r->status,
    };
}

static void free_kept(void *slot)
{
    struct kept *k = ((struct org_slot *)slot)->kept;
    while (k != NULL) {
        struct arena *a = k->arena;
        k = k->older;
        arena_free(a);
    }
}

static void publish(struct app *app, struct org *o, struct arena *a)
{
    if (app->slot[SLOT_OFFICE] == NULL) {
        app->slot[SLOT_OFFICE] = ARENA_NEW(app->arena, struct org_slot);
        arena_defer(app->arena, free_kept, app->slot[SLOT_OFFICE]);
    }
    struct org_slot *slot = slot_of(app);
    struct kept *k = ARENA_NEW(a, struct kept);
    *k = (struct kept){a, slot->kept};
    slot->kept = k;
    atomic_store(&slot->now, o);
}

struct err *org_reload(struct call *c)
{
    struct office_key_row in = {.office_id = c->office_id};
    struct office_row office;
    struct list units = {0};
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_OFFICE, &in, &office, &found));
    if (!found) {
        office = (struct office_row){S(""), S(""), S("{}")};
    }
    TRY(db_all(c->db, c->arena, &LIST_UNITS, &in, &units));
    struct arena *a = arena_new(0);
    struct org *o = ARENA_NEW(a, struct org);
    o->office_code = str_dup(a, office.code);
    o->office_name = str_dup(a, office.name);
    struct err *e = jread(a, str_bytes(str_dup(a, office.profile)), &o->profile);
    if (e != NULL) {
        o->profile = (struct jval){.type = J_OBJ};
    }
    struct org_unit *copies = ARENA_ARRAY(a, struct org_unit, units.n + 1);
    const struct unit_row *rows = units.p;
    for (size_t i = 0; i < units.n; i++) {
        copy_unit(a, &rows[i], &copies[i]);
    }
    o->units = copies;
    o->n = units.n;
    publish(c->app, o, a);
    return NULL;
}

static void reload_after_commit(struct app *app, void *writer)
{
    struct arena *a = arena_new(0);
    struct call c;
    call_init(&c, app, a, ACTOR_SYSTEM);
    c.db = writer;
    struct err *e = org_reload(&c);
    CHECK(e == NULL);
    arena_free(a);
}

/* The same pair again in a group counts once, so an import may change many units. */
void org_changed(struct call *c)
{
    unit_on_commit(c, reload_after_commit, c->db);
}

const struct org *org_of(const struct app *app)
{
    return atomic_load(&slot_of(app)->now);
}

const struct org_unit *org_unit(const struct org *o, int64_t id)
{
    for (size_t i = 0; i < o->n; i++) {
        if (o->units[i].id == id) {
            return &o->units[i];
        }
    }
    return NULL;
}

bool org_covers(const struct org *o, int64_t ancestor, int64_t id)
{
    if (ancestor == 0 || ancestor == id) {
        return true;
    }
    for (int depth = 0; depth < 16; depth++) {
        const struct org_unit *u = org_unit(o, id);
        if (u == NULL || u->parent_id == 0) {
            return false;
        }
        id = u->parent_id;
        if (id == ancestor) {
            return true;
        }
    }
    return false;
}

/* "09:30" → 570; anything else: other. */
static int minutes_of(const struct jval *v, int other)
{
    struct str s = jval_str(v);
    if (s.n != 5 || s.p[2] != ':') {
        return other;
    }
    int h = (s.p[0] - '0') * 10 + (s.p[1] - '0');
    int m = (s.p[3] - '0') * 10 + (s.p[4] - '0');
    return h >= 0 && h <= 24 && m >= 0 && m < 60 ? h * 60 + m : other;
}

struct service_hours org_hours(const struct org *o)
{
    const struct jval *p = &o->profile;
    struct service_hours h = {
        .open = minutes_of(jval_get(p, S("open")), 9 * 60),
        .noon_from = minutes_of(jval_get(p, S("noon_from")), 12 * 60),
        .noon_to = minutes_of(jval_get(p, S("noon_to")), 13 * 60 + 30),
        .close = minutes_of(jval_get(p, S("close")), 17 * 60),
    };
    if (!jval_bool(jval_get(p, S("due_at_close")), false)) {
        h.close = 24 * 60;
    }
    return h;
}
