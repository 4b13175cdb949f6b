/* Step 6 of an act: the form. Field rows first, then what only the engine knows: the item's own
 * form, the closed list of materials (行政许可法 31: nothing may be demanded beyond it), verdicts,
 * people, units, and files. An upload's token is replaced by what is kept in the act's body: hash
 * of the sealed bytes, name, kind and size; its blob row is written with the act. All faults are
 * reported at once. */
#include "procedure/act.h"

#include "procedure/matter_rows.h"

struct upload_row {
    int64_t id, owner_id, key_id, size, matter_id, now;
    struct str token, media;
    struct bytes sha256, name_sealed, wrapped;
};

struct blob_row {
    int64_t matter_id, key_id, size, stored_at;
    struct bytes sha256, name_sealed;
    struct str media;
};

/* clang-format off */
static const struct field UPLOAD[] = {
    F_ID(struct upload_row, id, 0, NULL, NULL),
    F_ID(struct upload_row, owner_id, 0, NULL, NULL),
    F_ID(struct upload_row, key_id, 0, NULL, NULL),
    F_INT(struct upload_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct upload_row, matter_id, 0, NULL, NULL),
    F_INT(struct upload_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct upload_row, token, 0, 0, 0, NULL, NULL),
    F_TEXT(struct upload_row, media, 0, 0, 0, NULL, NULL),
    F_BYTES(struct upload_row, sha256, 0),
    F_BYTES(struct upload_row, name_sealed, 0),
    F_BYTES(struct upload_row, wrapped, 0),
    FIELD_END,
};
static const struct field BLOB[] = {
    F_ID(struct blob_row, matter_id, 0, NULL, NULL),
    F_ID(struct blob_row, key_id, 0, NULL, NULL),
    F_INT(struct blob_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct blob_row, stored_at, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct blob_row, sha256, 0),
    F_BYTES(struct blob_row, name_sealed, 0),
    F_TEXT(struct blob_row, media, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_UPLOAD,
     "form.upload",
     UPLOAD,
     UPLOAD,
     struct upload_row,
     "SELECT u.id, u.owner_id, u.key_id, u.size, u.matter_id, u.expires_at AS now, u.token, "
     "u.media, u.sha256, u.name_sealed,"
     " k.wrapped FROM upload u JOIN data_key k ON k.id = u.key_id WHERE u.token = :token");
STMT_RUN(TAKE_UPLOAD,
         "form.take_upload",
         UPLOAD,
         "UPDATE upload SET matter_id = :matter_id WHERE id = :id");
STMT_RUN(INSERT_BLOB,
         "form.blob",
         BLOB,
         "INSERT INTO blob (sha256, matter_id, key_id, size, media, name_sealed, stored_at)"
         " VALUES (:sha256, :matter_id, :key_id, :size, :media, :name_sealed, :stored_at)");
STMT(FIND_BLOB,
     "form.find_blob",
     BLOB,
     BLOB,
     struct blob_row,
     "SELECT matter_id, key_id, size, stored_at, sha256, name_sealed, media FROM blob WHERE sha256 "
     "= :sha256");
STMT(FIND_PERSON,
     "form.person",
     ID_ROW,
     ID_ROW,
     struct id_row,
     "SELECT id FROM person WHERE id = :id AND kind = 'staff'");
STMT(FIND_PARTY_ID,
     "form.party",
     ID_ROW,
     ID_ROW,
     struct id_row,
     "SELECT id FROM party WHERE id = :id");

/* What the walk through a form carries along. */
struct walk {
    struct act_run *r;
    struct act_todo *t;
    struct err *faults;
    const struct jval *item_materials; /* list of {code, …}, NULL: no item */
};

static struct err *take_upload(struct walk *w, const struct upload_row *u, struct jval *ret)
{
    struct call *c = w->r->c;
    struct data_key key;
    struct str name;
    TRY(data_key_unwrap(c->arena, &c->app->key, u->key_id, u->wrapped, &key));
    TRY(seal_open(c->arena, &key, S("name"), u->name_sealed, &name));
    struct upload_row take = {.id = u->id, .matter_id = w->t->m->id};
    struct blob_row blob = {w->t->m->id, u->key_id,      u->size, c->now_ms,
                            u->sha256,   u->name_sealed, u->media};
    TRY(db_push(c->db, c->arena, &TAKE_UPLOAD, &take));
    TRY(db_push(c->db, c->arena, &INSERT_BLOB, &blob));
    struct jobj *o = jobj_new(c->arena);
    jobj_put(o, S("sha256"), jval_of_str(str_hex(c->arena, u->sha256)));
    jobj_put(o, S("name"), jval_of_str(name));
    jobj_put(o, S("media"), jval_of_str(u->media));
    jobj_put(o, S("size"), jval_of_int(u->size));
    *ret = jobj_val(o);
    return NULL;
}

static bool free_for(const struct walk *w, const struct upload_row *u)
{
    int64_t owner = w->t->actor.person_id;
    bool free = u->matter_id == FIELD_NO_INT || u->matter_id == 0;
    return free && u->sha256.p != NULL && (u->owner_id == owner || w->t->actor.kind == ACTOR_CLI);
}

/* A file that the matter already holds may be named again by its hash (corrections, supplements).
 */
static struct err *held_file(struct walk *w, const struct jval *v, bool *ret_held)
{
    struct call *c = w->r->c;
    struct blob_row in = {0}, row;
    bool found = false;
    *ret_held = false;
    if (v->type != J_OBJ || !str_unhex(c->arena, jval_str(jval_get(v, S("sha256"))), &in.sha256)) {
        return NULL;
    }
    TRY(db_one(c->db, c->arena, &FIND_BLOB, &in, &row, &found));
    *ret_held = found && (row.matter_id == w->t->m->id || row.matter_id == w->t->m->parent_id);
    return NULL;
}

static struct err *walk_file(struct walk *w, const struct jval *v, struct str at, struct jval *ret)
{
    struct call *c = w->r->c;
    struct upload_row in = {.token = jval_str(v)}, row;
    bool found = false, held = false;
    *ret = *v;
    TRY(held_file(w, v, &held));
    if (held) {
        return NULL;
    }
    if (in.token.p != NULL) {
        TRY(db_one(c->db, c->arena, &FIND_UPLOAD, &in, &row, &found));
    }
    if (!found || !free_for(w, &row)) {
        field_fault(
            c->arena, &w->faults, at, "file-unknown",
            "这个文件没有传完或不是您上传的，请重新上传。",
            "This file was not fully uploaded, or it is not yours; please upload it again.");
        return NULL;
    }
    return take_upload(w, &row, ret);
}

static struct err *walk_files(struct walk *w, const struct jval *v, struct str at, struct jval *ret)
{
    struct arena *a = w->r->c->arena;
    struct jarr *out = jarr_new(a);
    for (size_t i = 0; v->type == J_LIST && i < v->n; i++) {
        struct jval one;
        TRY(walk_file(w, &v->list[i], str_fmt(a, "%.*s/%zu", STR_ARG(at), i), &one));
        jarr_add(out, one);
    }
    *ret = jarr_val(out);
    return NULL;
}

/* Code 00 is the application form itself (procedures.md 2). */
static bool known_material(const struct walk *w, struct str code)
{
    if (w->item_materials == NULL || str_ends(code, S("-00"))) {
        return true;
    }
    for (size_t i = 0; i < w->item_materials->n; i++) {
        if (str_eq(jval_str(jval_get(&w->item_materials->list[i], S("code"))), code)) {
            return true;
        }
    }
    return false;
}

static struct err *
walk_material(struct walk *w, const struct jval *v, struct str at, struct jval *ret)
{
    struct arena *a = w->r->c->arena;
    struct jobj *o = jobj_new(a);
    struct str code = v->type == J_STR ? v->s : jval_str(jval_get(v, S("code")));
    if (!known_material(w, code)) {
        field_fault(a, &w->faults, str_fmt(a, "%.*s/code", STR_ARG(at)), "material-unknown",
                    "办事指南没有列这份材料，不能要求也不用提交（行政许可法第31条）。",
                    "The guide does not list this material; it is not needed (art. 31).");
    }
    if (v->type != J_OBJ) {
        *ret = *v;
        return NULL;
    }
    for (size_t i = 0; i < v->n; i++) {
        struct jval member = v->obj[i].val;
        if (str_eqz(v->obj[i].name, "files")) {
            TRY(walk_files(w, &v->obj[i].val, str_fmt(a, "%.*s/files", STR_ARG(at)), &member));
        }
        jobj_put(o, v->obj[i].name, member);
    }
    *ret = jobj_val(o);
    return NULL;
}

static bool has_code(const struct jval *list, size_t upto, struct str code)
{
    for (size_t i = 0; i < upto; i++) {
        if (str_eq(jval_str(jval_get(&list->list[i], S("code"))), code)) {
            return true;
        }
    }
    return false;
}

static struct err *
walk_materials(struct walk *w, const struct jval *v, struct str at, struct jval *ret)
{
    struct arena *a = w->r->c->arena;
    struct jarr *out = jarr_new(a);
    for (size_t i = 0; v->type == J_LIST && i < v->n; i++) {
        struct jval one;
        struct str here = str_fmt(a, "%.*s/%zu", STR_ARG(at), i);
        struct str code = jval_str(jval_get(&v->list[i], S("code")));
        if (code.p != NULL && has_code(v, i, code)) {
            field_fault(a, &w->faults, here, "twice", "同一份材料写了两次。",
                        "The same material is listed twice.");
        }
        TRY(walk_material(w, &v->list[i], here, &one));
        jarr_add(out, one);
    }
    *ret = jarr_val(out);
    return NULL;
}

static struct err *
walk_ids(struct walk *w, const struct jval *v, struct str at, const struct stmt *find)
{
    struct call *c = w->r->c;
    const struct jval *ids = v->type == J_LIST ? v->list : v;
    size_t n = v->type == J_LIST ? v->n : 1;
    for (size_t i = 0; i < n; i++) {
        struct id_row in = {jval_int(&ids[i], 0)}, row;
        bool found = false;
        TRY(db_one(c->db, c->arena, find, &in, &row, &found));
        if (!found) {
            field_fault(c->arena, &w->faults, at, "unknown", "没有这个对象，请重新选择。",
                        "There is no such entry; choose again.");
        }
    }
    return NULL;
}

static void walk_units(struct walk *w, const struct jval *v, struct str at)
{
    struct call *c = w->r->c;
    const struct jval *ids = v->type == J_LIST ? v->list : v;
    size_t n = v->type == J_LIST ? v->n : 1;
    for (size_t i = 0; i < n; i++) {
        const struct org_unit *u = org_unit(org_of(c->app), jval_int(&ids[i], 0));
        if (u == NULL || u->status == 0) {
            field_fault(c->arena, &w->faults, at, "unknown", "没有这个单位，请重新选择。",
                        "There is no such unit; choose again.");
        }
    }
}

static struct err *walk_item_form(struct walk *w, const struct jval *v, struct str at)
{
    const struct mitem *item = w->t->m->item;
    if (item != NULL && item->form != NULL) {
        field_validate(w->r->c->arena, item->form->rows, v, at, &w->faults);
    }
    return NULL;
}

static struct err *walk_rows(
    struct walk *w, const struct form *f, const struct jval *v, struct str at, struct jval *ret);

/* `depth` is bounded by the language: rows do not nest. */
static struct err *walk_value(
    struct walk *w, const struct dtype *d, const struct jval *v, struct str at, struct jval *ret)
{
    *ret = *v;
    switch (d->kind) {
    case D_FILE:
        return walk_file(w, v, at, ret);
    case D_FILES:
        return walk_files(w, v, at, ret);
    case D_MATERIAL:
        return walk_material(w, v, at, ret);
    case D_MATERIALS:
    case D_VERDICTS:
        return walk_materials(w, v, at, ret);
    case D_ITEM_FORM:
        return walk_item_form(w, v, at);
    case D_PERSON:
    case D_PERSONS:
        return walk_ids(w, v, at, &FIND_PERSON);
    case D_PARTY:
        return walk_ids(w, v, at, &FIND_PARTY_ID);
    case D_UNIT:
    case D_UNITS:
        walk_units(w, v, at);
        return NULL;
    case D_ROWS:
        return walk_rows(w, d->rows, v, at, ret);
    case D_BOOL:
    case D_INT:
    case D_MONEY:
    case D_TEXT:
    case D_DATE:
    case D_INSTANT:
    case D_DUR:
    case D_CHOICE:
    case D_ROLE:
    case D_ITEM:
    case D_MATTER:
    case D_FROZEN:
    case D_SEALED:
        break;
    }
    return NULL;
}

static struct err *walk_object(
    struct walk *w, const struct form *f, const struct jval *v, struct str at, struct jval *ret)
{
    struct arena *a = w->r->c->arena;
    struct jobj *o = jobj_new(a);
    for (size_t i = 0; v->type == J_OBJ && i < v->n; i++) {
        struct jval out = v->obj[i].val;
        ptrdiff_t row = form_row(f, v->obj[i].name);
        if (row >= 0 && out.type != J_NULL) {
            struct str here = str_fmt(a, "%.*s/%.*s", STR_ARG(at), STR_ARG(v->obj[i].name));
            TRY(walk_value(w, &f->types[row], &v->obj[i].val, here, &out));
        }
        jobj_put(o, v->obj[i].name, out);
    }
    *ret = jobj_val(o);
    return NULL;
}

static struct err *walk_rows(
    struct walk *w, const struct form *f, const struct jval *v, struct str at, struct jval *ret)
{
    struct arena *a = w->r->c->arena;
    struct jarr *out = jarr_new(a);
    for (size_t i = 0; v->type == J_LIST && i < v->n; i++) {
        struct jval one;
        TRY(walk_object(w, f, &v->list[i], str_fmt(a, "%.*s/%zu", STR_ARG(at), i), &one));
        jarr_add(out, one);
    }
    *ret = jarr_val(out);
    return NULL;
}

struct err *act_form(struct act_run *r, struct act_todo *t)
{
    static const struct jval EMPTY = {.type = J_OBJ};
    struct arena *a = r->c->arena;
    const struct form *f = t->m->d->acts[t->act].form;
    struct walk w = {.r = r, .t = t};
    if (t->form == NULL || t->form->type == J_NULL) {
        t->form = &EMPTY;
    }
    if (t->m->item != NULL) {
        w.item_materials = jval_get(&t->m->item->body, S("materials"));
    }
    if (t->actor.kind != ACTOR_SYSTEM) { /* the system hands on what was validated before */
        field_validate(a, f->rows, t->form, S("/form"), &w.faults);
    }
    struct jval *out = ARENA_NEW(a, struct jval);
    if (w.faults == NULL || t->form->type == J_OBJ) {
        TRY(walk_object(&w, f, t->form, S("/form"), out));
    }
    if (w.faults != NULL) {
        return w.faults;
    }
    t->form = out;
    struct act_scene s;
    struct err *need = NULL;
    act_scene_of(&s, r, t);
    TRY(act_needs(&s, &need));
    return need;
}
