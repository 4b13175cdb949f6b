/* Publication of a decision (双公示): the duty began with the decision; here it is met. What is
 * public is the fact of the decision, never personal data of a citizen. */
#include "app/matter/ops.h"

struct publication_row {
    int64_t matter_id, published_at;
};

/* clang-format off */
static const struct field PUBLICATION[] = {
    F_ID(struct publication_row, matter_id, 0, NULL, NULL),
    F_INT(struct publication_row, published_at, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(PUBLISH,
         "publication.done",
         PUBLICATION,
         "UPDATE publication SET published_at = :published_at WHERE matter_id = :matter_id"
         " AND published_at IS NULL");

struct err *matter_publish(struct call *c, const void *in, void *out)
{
    const struct matter_in *q = in;
    struct publication_row row = {q->id, c->now_ms};
    struct matter *m = NULL;
    int64_t changed = 0;
    (void)out;
    TRY(matter_readable(c, q->id, &m));
    TRY(db_run(c->db, c->arena, &PUBLISH, &row, &changed));
    if (changed == 0) {
        return ERROR(c->arena, ERR_CONFLICT, "这件事没有待公示的决定，或者已经公示。",
                     "There is no decision waiting to be published.");
    }
    TRY(engine_event(c, q->id, S("publication.done")));
    TRY(unit_audit(c, str_fmt(c->arena, "matter:%lld", (long long)q->id), STR_NONE));
    TRY(matter_load(c, q->id, &m));
    return reply_matter(c, m);
}
