/* What a page needs for publishing a decision (view.h). */
#include "procedure/view.h"

struct publication_row {
    int64_t matter_id, planned_at, published_at;
};

/* clang-format off */
static const struct field PUBLICATION[] = {
    F_ID(struct publication_row, matter_id, 0, NULL, NULL),
    F_INT(struct publication_row, planned_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct publication_row, published_at, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(PUBLICATION_OF,
     "publication.of",
     PUBLICATION,
     PUBLICATION,
     struct publication_row,
     "SELECT matter_id, planned_at, published_at FROM publication WHERE matter_id = :matter_id");

struct err *view_publication(struct call *c, const struct matter *m, struct jw *w)
{
    struct publication_row in = {.matter_id = m->id};
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &PUBLICATION_OF, &in, &rows));
    const struct publication_row *p = rows.p;
    jw_key(w, S("publication"));
    if (rows.n == 0) {
        jw_null(w);
        return NULL;
    }
    bool done = p->published_at != FIELD_NO_INT;
    bool may = c->actor.kind == ACTOR_STAFF && actor_holds_any(&c->actor, PUBLICATION_ROLES);
    jw_obj(w);
    jw_kstr(w, "planned_at", civil_instant_text(c->arena, p->planned_at));
    jw_kstr(w, "published_at", done ? civil_instant_text(c->arena, p->published_at) : STR_NONE);
    jw_kbool(w, "possible", may && !done);
    jw_end_obj(w);
    return NULL;
}
