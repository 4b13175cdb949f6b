/* Drafts, publication and what follows (version.h). */
#include "app/catalogue/version.h"

#include "app/catalogue/body.h"
#include "app/catalogue/shelf.h"

struct err *version_tell(struct call *c)
{
    shelf_changed(c);
    return unit_outbox(c, "catalogue.changed", 0, 0, S("office"), S("{}"));
}

struct err *
version_audit(struct call *c, const struct item_row *r, const char *what, struct str reason)
{
    struct jobj *o = jobj_new(c->arena);
    jobj_put(o, S("what"), jval_of_str(str_of(what)));
    jobj_put(o, S("version"), jval_of_int(r->version));
    if (reason.p != NULL) {
        jobj_put(o, S("reason"), jval_of_str(reason));
    }
    struct jval v = jobj_val(o);
    return unit_audit(c, str_fmt(c->arena, "item:%.*s", STR_ARG(r->code)), jval_text(c->arena, &v));
}

struct err *version_publish(struct call *c,
                            const struct departments *units,
                            struct item_row *draft,
                            struct findings *ret_findings)
{
    struct jval body;
    struct findings f;
    TRY(jread(c->arena, str_bytes(draft->body), &body));
    check_item(c, &body, units, &f);
    if (ret_findings != NULL) {
        *ret_findings = f;
    }
    TRY(check_error(&f));
    draft->status = ITEM_PUBLISHED;
    draft->valid_from = c->now_ms;
    draft->unit_id = department_coded(units, body_text(&body, "unit"))->unit_id;
    TRY(store_set_status(c, draft));
    TRY(store_supersede(c, draft));
    return version_audit(c, draft, "publish", STR_NONE);
}

struct err *version_draft(struct call *c, struct item_row *r, const struct jval *body)
{
    r->body = jval_text(c->arena, body);
    if (r->version_id != 0 && r->status == ITEM_DRAFT) {
        return store_save_draft(c, r);
    }
    r->version++;
    r->status = ITEM_DRAFT;
    r->valid_from = c->now_ms;
    return store_add_version(c, r);
}

static bool may_move(int64_t from, enum item_status to)
{
    switch (to) {
    case ITEM_PUBLISHED:
        return from == ITEM_SUSPENDED;
    case ITEM_SUSPENDED:
        return from == ITEM_PUBLISHED;
    case ITEM_WITHDRAWN:
        return from == ITEM_PUBLISHED || from == ITEM_SUSPENDED;
    case ITEM_DRAFT:
        break;
    }
    return false;
}

struct err *version_move(struct call *c, struct item_row *r, enum item_status to, struct str reason)
{
    static const char *const WHAT[] = {"draft", "resume", "suspend", "withdraw"};
    if (!may_move(r->status, to)) {
        struct str zh = str_of(WORD_STATUS[r->status & 3].zh),
                   en = str_of(WORD_STATUS[r->status & 3].en);
        return err_hint(
            ERROR_TEXT(
                c->arena, ERR_CONFLICT,
                str_fmt(c->arena, "事项现在是“%.*s”，不能这样改。", STR_ARG(zh)),
                str_fmt(c->arena, "The item is %.*s now, so this is not possible.", STR_ARG(en))),
            "请先刷新，看事项的最新状态。", "Reload to see the item as it is now.");
    }
    r->status = to;
    TRY(store_set_status(c, r));
    return version_audit(c, r, WHAT[to], reason);
}
