/* Pieces that every view writes: texts in both languages, units, people, lights. */
#include "procedure/view.h"

#include "procedure/matter_rows.h"

struct person_row {
    int64_t id;
    struct str name;
};

/* clang-format off */
static const struct field PERSON[] = {
    F_ID(struct person_row, id, 0, NULL, NULL),
    F_TEXT(struct person_row, name, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_PERSON_NAME,
     "view.person",
     ID_ROW,
     PERSON,
     struct person_row,
     "SELECT id, name FROM person WHERE id = :id");

void view_text(struct jw *w, const char *key, struct str zh, struct str en)
{
    jw_key(w, str_of(key));
    jw_obj(w);
    jw_kstr(w, "zh", zh);
    jw_kstr(w, "en", en.n > 0 && !str_eq(en, zh) ? en : STR_NONE);
    jw_end_obj(w);
}

void view_label(struct call *c,
                struct jw *w,
                const char *key,
                const struct definition *d,
                const char *section,
                struct str name)
{
    const struct definition_set *set = procedure_set(c->app);
    view_text(w, key, definition_label(set, "zh", d, section, name),
              definition_label(set, "en", d, section, name));
}

void view_unit(struct call *c, struct jw *w, const char *key, int64_t unit_id)
{
    const struct org_unit *u = org_unit(org_of(c->app), unit_id);
    jw_key(w, str_of(key));
    if (u == NULL) {
        jw_null(w);
        return;
    }
    jw_obj(w);
    jw_kint(w, "id", u->id);
    view_text(w, "name", u->name, u->name_en);
    jw_end_obj(w);
}

void view_item_text(struct jw *w, const char *key, const struct jval *v)
{
    if (v == NULL || v->type == J_NULL) {
        jw_key(w, str_of(key));
        jw_null(w);
        return;
    }
    bool both = v->type == J_OBJ;
    view_text(w, key, both ? jval_str(jval_get(v, S("zh"))) : jval_str(v),
              both ? jval_str(jval_get(v, S("en"))) : STR_NONE);
}

const char *view_light(int light)
{
    static const char *const NAMES[] = {"none", "green", "yellow", "red", "paused"};
    return NAMES[light >= 0 && light <= 4 ? light : 0];
}

bool view_shown(const struct call *c, int64_t shown)
{
    if (c->actor.kind == ACTOR_STAFF || c->actor.kind == ACTOR_CLI ||
        c->actor.kind == ACTOR_SYSTEM) {
        return shown >= SHOW_UNIT;
    }
    return shown >= SHOW_APPLICANT;
}

struct err *view_person_name(struct call *c, int64_t id, struct str *ret)
{
    struct id_row in = {id};
    struct person_row row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_PERSON_NAME, &in, &row, &found));
    *ret = found ? row.name : S("");
    return NULL;
}
