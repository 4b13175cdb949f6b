/* Start, act and read one matter. */
#include "app/matter/matter.h"

#include "app/matter/ops.h"
#include "procedure/permit.h"
#include "procedure/procedure.h"

void reply_begin(struct call *c, struct buf *b, struct jw *w)
{
    buf_init(b, c->arena, 4096);
    jw_init(w, b);
}

void reply_end(struct call *c, const struct buf *b)
{
    c->reply.media = S("application/json");
    c->reply.body = buf_bytes(b);
    c->reply.no_store = true;
}

struct err *matter_readable(struct call *c, int64_t id, struct matter **ret)
{
    TRY(acting_switch(c, id));
    TRY(matter_load(c, id, ret));
    if (!permit_read_matter(c, &c->actor, *ret)) {
        return ERROR(c->arena, ERR_MATTER_NOT_FOUND, "没有这件事，或者您无权查看。",
                     "There is no such matter, or it is not yours.");
    }
    return NULL;
}

struct err *reply_matter(struct call *c, struct matter *m)
{
    struct buf b;
    struct jw w;
    reply_begin(c, &b, &w);
    TRY(view_matter(c, m, &w));
    reply_end(c, &b);
    c->reply.etag = str_fmt(c->arena, "%lld", (long long)m->acts);
    return NULL;
}

struct err *matter_get(struct call *c, const void *in, void *out)
{
    const struct matter_in *q = in;
    struct matter *m = NULL;
    (void)out;
    TRY(matter_readable(c, q->id, &m));
    return reply_matter(c, m);
}

static const struct jval *object_or_null(const struct jval *v)
{
    return v->type == J_NULL ? NULL : v;
}

struct err *matter_start(struct call *c, const void *in, void *out)
{
    const struct start_in *q = in;
    struct matter *m = NULL;
    (void)out;
    struct act_request r = {
        .kind = q->kind,
        .item = q->item,
        .party_id = q->party_id == FIELD_NO_INT ? 0 : q->party_id,
        .act = q->act,
        .form = object_or_null(&q->form),
        .occurred_at = q->occurred_at,
        .late_reason = q->late_reason,
    };
    TRY(engine_start(c, &r, &m));
    if (q->draft.p != NULL) {
        TRY(draft_used(c, q->draft));
    }
    c->reply.location = str_fmt(c->arena, "/api/v1/matters/%lld", (long long)m->id);
    return reply_matter(c, m);
}

struct err *matter_act(struct call *c, const void *in, void *out)
{
    const struct act_in *q = in;
    struct matter *m = NULL;
    (void)out;
    struct act_request r = {
        .matter_id = q->id,
        .act = q->act,
        .form = object_or_null(&q->form),
        .occurred_at = q->occurred_at,
        .late_reason = q->late_reason,
        .with = q->with.p,
        .n_with = q->with.n,
    };
    TRY(acting_switch(c, q->id));
    TRY(engine_act(c, &r, &m));
    return reply_matter(c, m);
}

struct err *matter_allowed(struct call *c, const void *in, void *out)
{
    const struct matter_in *q = in;
    struct matter *m = NULL;
    struct allowed_act *acts = NULL;
    size_t n = 0;
    struct buf b;
    struct jw w;
    (void)out;
    TRY(matter_readable(c, q->id, &m));
    TRY(engine_allowed(c, m, &acts, &n));
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_kstr(&w, "state", m->d->states[m->state].name);
    jw_kstr(&w, "etag", str_fmt(c->arena, "%lld", (long long)m->acts));
    jw_key(&w, S("acts"));
    allowed_write(c, m, acts, n, &w);
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}

struct err *matter_timeline(struct call *c, const void *in, void *out)
{
    const struct matter_in *q = in;
    struct matter *m = NULL;
    struct buf b;
    struct jw w;
    (void)out;
    TRY(matter_readable(c, q->id, &m));
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    TRY(view_timeline(c, m, &w));
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}

struct err *matter_explain(struct call *c, const void *in, void *out)
{
    const struct clock_in *q = in;
    struct matter *m = NULL;
    struct buf b;
    struct jw w;
    (void)out;
    TRY(matter_readable(c, q->id, &m));
    reply_begin(c, &b, &w);
    TRY(view_clock(c, m, q->name, &w));
    reply_end(c, &b);
    return NULL;
}
