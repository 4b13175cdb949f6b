/* The bureau's side: items with all their versions, drafts, publication (docs/api.md "Bureau"). */
#include "app/catalogue/ops.h"

#include "app/catalogue/body.h"
#include "app/catalogue/material.h"
#include "app/catalogue/version.h"
#include "base/check.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "procedure/view.h"

#define LIMIT_USUAL 50

struct jw *answer_begin(struct call *c, struct answer *a)
{
    buf_init(&a->b, c->arena, 4096);
    jw_init(&a->w, &a->b);
    return &a->w;
}

void answer_end(struct call *c, const struct answer *a)
{
    c->reply.media = S("application/json");
    c->reply.body = buf_bytes(&a->b);
}

/* All versions, newest first; ERR_NOT_FOUND. */
static struct err *
load_versions(struct call *c, struct str code, struct item_row **ret, size_t *ret_n)
{
    struct list rows = {0};
    TRY(store_versions(c, code, &rows));
    if (rows.p == NULL) {
        return no_item(c);
    }
    *ret = rows.p;
    *ret_n = rows.n;
    return NULL;
}

static struct str etag_of(struct call *c, const struct item_row *r)
{
    unsigned char digest[CRYPT_SHA256_LEN];
    crypt_sha256(str_bytes(r->body), digest);
    struct str hash = str_hex(c->arena, (struct bytes){digest, 6});
    return str_fmt(c->arena, "%lld.%lld.%.*s", (long long)r->version, (long long)r->status,
                   STR_ARG(hash));
}

static struct err *check_match(struct call *c, const struct item_row *r)
{
    if (c->if_match.p == NULL || str_eq(c->if_match, etag_of(c, r))) {
        return NULL;
    }
    return err_hint(ERROR(c->arena, ERR_CHANGED, "您打开以后，这个事项又被改过，您的修改没有保存。",
                          "The item was changed after you opened it; your edit was not saved."),
                    "请载入最新内容，再改一次。", "Load the item again and repeat the edit.");
}

static struct err *
write_version(struct call *c, const struct item_row *r, bool newest_shown, struct jw *w)
{
    struct jval body;
    struct departments units;
    struct findings f;
    TRY(departments_load(c, &units));
    TRY(jread(c->arena, str_bytes(r->body), &body));
    check_item(c, &body, &units, &f);
    jw_obj(w);
    jw_kint(w, "version", r->version);
    jw_kstr(w, "status", str_of(WORD_STATUS[r->status & 3].value));
    view_text(w, "status_name", str_of(WORD_STATUS[r->status & 3].zh),
              str_of(WORD_STATUS[r->status & 3].en));
    jw_kbool(w, "superseded", r->status == ITEM_WITHDRAWN && !newest_shown);
    jw_kstr(w, "valid_from",
            r->status == ITEM_DRAFT ? STR_NONE : civil_instant_text(c->arena, r->valid_from));
    jw_key(w, S("body"));
    jw_val(w, &body);
    check_write(&f, w, "findings");
    jw_kbool(w, "publishable", r->status == ITEM_DRAFT && f.n_blocks == 0);
    jw_end_obj(w);
    return NULL;
}

static struct err *reply_item(struct call *c, struct str code)
{
    struct item_row *rows = NULL;
    size_t n = 0;
    struct answer a;
    bool shown = false;
    TRY(load_versions(c, code, &rows, &n));
    CHECK(rows != NULL);
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    jw_kint(w, "id", rows[0].item_id);
    jw_kstr(w, "code", rows[0].code);
    view_unit(c, w, "unit", rows[0].unit_id);
    jw_kstr(w, "etag", etag_of(c, &rows[0]));
    jw_key(w, S("versions"));
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        bool newest = rows[i].status != ITEM_DRAFT && !shown;
        TRY(write_version(c, &rows[i], newest, w));
        shown = shown || newest;
    }
    jw_end_list(w);
    jw_end_obj(w);
    answer_end(c, &a);
    c->reply.etag = etag_of(c, &rows[0]);
    return NULL;
}

struct err *bureau_item(struct call *c, const void *in, void *out)
{
    const struct code_in *q = in;
    (void)out;
    return reply_item(c, q->code);
}

static void
write_row(struct call *c, const struct item_row *r, const struct jval *body, struct jw *w)
{
    const struct shelf_item *it = shelf_find(shelf_of(c->app), r->code);
    struct str regime = body_text(body, "regime");
    enum item_status status = it != NULL ? it->status : (enum item_status)(r->status & 3);
    jw_obj(w);
    jw_kstr(w, "code", r->code);
    view_item_text(w, "name", jval_get(body, S("name")));
    view_unit(c, w, "unit", r->unit_id);
    jw_kstr(w, "regime", regime);
    view_text(w, "regime_name", word_zh(WORD_REGIME, regime), word_en(WORD_REGIME, regime));
    jw_kint(w, "version", r->version);
    jw_kstr(w, "status", str_of(WORD_STATUS[status].value));
    view_text(w, "status_name", str_of(WORD_STATUS[status].zh), str_of(WORD_STATUS[status].en));
    jw_kbool(w, "draft", r->status == ITEM_DRAFT);
    jw_kbool(w, "sample", body_bool(body, "sample"));
    jw_key(w, S("missing"));
    jw_list(w);
    for (size_t i = 0; body_may_miss(i) != NULL; i++) {
        if (!body_has(body, body_may_miss(i))) {
            jw_str(w, str_of(body_may_miss(i)));
        }
    }
    jw_end_list(w);
    jw_end_obj(w);
}

static bool
wanted(struct call *c, const struct list_in *q, const struct item_row *r, const struct jval *body)
{
    const struct shelf_item *it = shelf_find(shelf_of(c->app), r->code);
    enum item_status status = it != NULL ? it->status : (enum item_status)(r->status & 3);
    bool draft = str_eqz(q->status, "draft") && r->status == ITEM_DRAFT;
    bool text = q->query.p == NULL ||
                str_find(shelf_fold(c->arena, body_zh(body, "name")),
                         shelf_fold(c->arena, q->query)) >= 0 ||
                str_find(r->code, shelf_fold(c->arena, q->query)) >= 0;
    return text && (q->unit == FIELD_NO_INT || q->unit == r->unit_id) &&
           (q->status.p == NULL || draft || str_eqz(q->status, WORD_STATUS[status].value));
}

static struct err *write_rows(struct call *c, const struct list_in *q, int64_t after, struct jw *w)
{
    struct list rows = {0};
    struct str next = STR_NONE;
    int64_t left = q->limit == FIELD_NO_INT ? LIMIT_USUAL : q->limit, last = 0;
    TRY(store_items(c, &rows));
    const struct item_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        struct jval body;
        if (r[i].item_id <= after) {
            continue;
        }
        TRY(jread(c->arena, str_bytes(r[i].body), &body));
        if (!wanted(c, q, &r[i], &body)) {
            continue;
        }
        if (left-- == 0) {
            next = str_fmt(c->arena, "%lld", (long long)last);
            break;
        }
        last = r[i].item_id;
        write_row(c, &r[i], &body, w);
    }
    jw_end_list(w);
    jw_kstr(w, "next", next);
    return NULL;
}

struct err *bureau_items(struct call *c, const void *in, void *out)
{
    const struct list_in *q = in;
    struct answer a;
    int64_t after = 0;
    (void)out;
    if (q->after.p != NULL && !num_parse(q->after, 0, INT64_MAX, &after)) {
        struct err *e = NULL;
        field_fault(c->arena, &e, S("/after"), "cursor", "翻页标记不对，请从第一页开始。",
                    "The cursor is not valid; start from the first page.");
        return e;
    }
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    jw_key(w, S("rows"));
    jw_list(w);
    TRY(write_rows(c, q, after, w));
    jw_end_obj(w);
    answer_end(c, &a);
    return NULL;
}

/* The body as it is kept: unit by code, materials with codes, nothing absent that the engine needs.
 */
static struct err *
prepare(struct call *c, const struct draft_in *q, const struct jval *mine, struct jval *ret)
{
    struct arena *a = c->arena;
    struct jobj *o = jobj_new(a);
    struct departments units;
    struct err *faults = NULL;
    struct jval codes;
    TRY(departments_load(c, &units));
    for (size_t i = 0; q->body.type == J_OBJ && i < q->body.n; i++) {
        jobj_put(o, q->body.obj[i].name, q->body.obj[i].val);
    }
    const struct department *u =
        q->unit_id == FIELD_NO_INT ? NULL : department_of_unit(&units, q->unit_id);
    if (u != NULL) {
        jobj_put(o, S("unit"), jval_of_str(u->code));
    } else if (q->unit_id != FIELD_NO_INT) {
        field_fault(a, &faults, S("/unit_id"), "unit", "没有这个单位", "there is no such unit");
    }
    struct jval body = jobj_val(o);
    body_validate(a, &body, S("/body"), &faults);
    if (faults != NULL) {
        return faults;
    }
    struct jval list =
        materials_coded(a, q->code, jval_get(&body, S("materials")), mine, &faults, &codes);
    jobj_put(o, S("materials"), list);
    jobj_put(o, S("material_codes"), codes);
    body = jobj_val(o);
    *ret = body_complete(a, &body);
    return faults;
}

static struct err *tell_draft(struct call *c)
{
    return unit_outbox(c, "catalogue.draft", 0, 0, S("office"), S("{}"));
}

struct err *bureau_draft(struct call *c, const void *in, void *out)
{
    const struct draft_in *q = in;
    struct item_row *rows = NULL;
    size_t n = 0;
    struct jval mine, body;
    (void)out;
    TRY(load_versions(c, q->code, &rows, &n));
    CHECK(rows != NULL);
    TRY(check_match(c, &rows[0]));
    TRY(jread(c->arena, str_bytes(rows[0].body), &mine));
    TRY(prepare(c, q, &mine, &body));
    if (!jval_eq(&mine, &body)) {
        TRY(version_draft(c, &rows[0], &body));
        TRY(version_audit(c, &rows[0], "draft", STR_NONE));
        TRY(tell_draft(c));
    }
    return reply_item(c, q->code);
}

static bool slug(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool inside = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9');
        if (!inside && (s.p[i] != '-' || i == 0)) {
            return false;
        }
    }
    return s.n > 0;
}

struct err *bureau_new(struct call *c, const void *in, void *out)
{
    const struct draft_in *q = in;
    struct list rows = {0};
    struct item_row r = {.code = q->code};
    struct departments units;
    struct jval body;
    struct err *faults = NULL;
    (void)out;
    if (!slug(q->code)) {
        field_fault(c->arena, &faults, S("/code"), "code", "编码由小写字母、数字和连字符组成",
                    "a code has lower-case letters, digits and hyphens");
        return faults;
    }
    TRY(store_versions(c, q->code, &rows));
    if (rows.n > 0) {
        return ERROR(c->arena, ERR_CONFLICT, "编码“%.*s”已经有了。",
                     "There is an item “%.*s” already.", STR_ARG(q->code));
    }
    TRY(prepare(c, q, NULL, &body));
    TRY(departments_load(c, &units));
    const struct department *u = department_coded(&units, body_text(&body, "unit"));
    if (u == NULL) {
        field_fault(c->arena, &faults, S("/body/unit"), "unit", "没有这个单位",
                    "there is no such unit");
        return faults;
    }
    r.unit_id = u->unit_id;
    TRY(store_add_item(c, &r));
    TRY(version_draft(c, &r, &body));
    TRY(version_audit(c, &r, "new", STR_NONE));
    TRY(tell_draft(c));
    c->reply.location = str_fmt(c->arena, "/api/v1/bureau/items/%.*s", STR_ARG(q->code));
    return reply_item(c, q->code);
}

struct err *bureau_publish(struct call *c, const void *in, void *out)
{
    const struct move_in *q = in;
    struct item_row *rows = NULL;
    size_t n = 0;
    struct departments units;
    (void)out;
    TRY(load_versions(c, q->code, &rows, &n));
    CHECK(rows != NULL);
    TRY(check_match(c, &rows[0]));
    if (rows[0].status != ITEM_DRAFT) {
        return err_hint(
            ERROR(c->arena, ERR_CONFLICT, "没有可以发布的草稿。", "There is no draft to publish."),
            "请先修改事项，保存为草稿。", "Edit the item first; that makes a draft.");
    }
    TRY(departments_load(c, &units));
    TRY(version_publish(c, &units, &rows[0], NULL));
    TRY(version_tell(c));
    return reply_item(c, q->code);
}

/* Of the version in service, or that was last; an open draft stays as it is. */
static struct err *move(struct call *c, const struct move_in *q, enum item_status to)
{
    struct item_row *rows = NULL;
    size_t n = 0;
    TRY(load_versions(c, q->code, &rows, &n));
    CHECK(rows != NULL);
    TRY(check_match(c, &rows[0]));
    size_t i = rows[0].status == ITEM_DRAFT ? 1 : 0;
    if (i == n) {
        return no_item(c);
    }
    TRY(version_move(c, &rows[i], to, q->reason));
    TRY(version_tell(c));
    return reply_item(c, q->code);
}

struct err *bureau_suspend(struct call *c, const void *in, void *out)
{
    (void)out;
    return move(c, in, ITEM_SUSPENDED);
}

struct err *bureau_withdraw(struct call *c, const void *in, void *out)
{
    (void)out;
    return move(c, in, ITEM_WITHDRAWN);
}

struct err *bureau_resume(struct call *c, const void *in, void *out)
{
    (void)out;
    return move(c, in, ITEM_PUBLISHED);
}
