/* Drafts: an application being filled in, saved and resumed from anywhere. Sealed at rest under a
 * key of its own; it belongs to a person and has a six-character code that is easy to type (no 0 O
 * 1 I). */
#include "app/matter/ops.h"

#include "crypto/crypto.h"
#include "run/upload.h"

#define DRAFT_DAYS 30

struct draft_row {
    int64_t id, office_id, owner_id, item_id, party_id, key_id, version, saved_at, expires_at, now;
    struct str code, kind, item, title;
    struct bytes sealed, wrapped;
};

/* clang-format off */
static const struct field DRAFT[] = {
    F_ID(struct draft_row, id, 0, NULL, NULL),
    F_ID(struct draft_row, office_id, 0, NULL, NULL),
    F_ID(struct draft_row, owner_id, 0, NULL, NULL),
    F_ID(struct draft_row, item_id, 0, NULL, NULL),
    F_ID(struct draft_row, party_id, 0, NULL, NULL),
    F_ID(struct draft_row, key_id, 0, NULL, NULL),
    F_INT(struct draft_row, version, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct draft_row, saved_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct draft_row, expires_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct draft_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct draft_row, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct draft_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct draft_row, item, 0, 0, 0, NULL, NULL),
    F_TEXT(struct draft_row, title, 0, 0, 0, NULL, NULL),
    F_BYTES(struct draft_row, sealed, 0),
    F_BYTES(struct draft_row, wrapped, 0),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS                                                                                    \
    "SELECT d.id, d.office_id, d.owner_id, d.item_id, d.party_id, d.key_id, d.version, "           \
    "d.saved_at, d.expires_at,"                                                                    \
    " d.expires_at AS now, d.code, d.kind, i.code AS item, i.code AS title, d.sealed, k.wrapped "  \
    "FROM draft d"                                                                                 \
    " JOIN data_key k ON k.id = d.key_id LEFT JOIN item i ON i.id = d.item_id"

STMT_RUN(INSERT_KEY,
         "draft.key",
         DRAFT,
         "INSERT INTO data_key (id, office_id, wrapped) VALUES (:key_id, :office_id, :wrapped)");
STMT_RUN(INSERT_DRAFT,
         "draft.insert",
         DRAFT,
         "INSERT INTO draft (id, office_id, owner_id, code, kind, item_id, party_id, key_id, "
         "sealed, version, saved_at, expires_at)"
         " VALUES (:id, :office_id, :owner_id, :code, :kind, :item_id, :party_id, :key_id, "
         ":sealed, :version, :saved_at, :expires_at)");
STMT(FIND_DRAFT,
     "draft.find",
     DRAFT,
     DRAFT,
     struct draft_row,
     COLUMNS " WHERE d.office_id = :office_id AND d.code = :code");
STMT(LIST_DRAFTS,
     "draft.list",
     DRAFT,
     DRAFT,
     struct draft_row,
     COLUMNS
     " WHERE d.owner_id = :owner_id AND d.expires_at > :now ORDER BY d.saved_at DESC LIMIT 50");
STMT_RUN(SAVE_DRAFT,
         "draft.save",
         DRAFT,
         "UPDATE draft SET sealed = :sealed, party_id = :party_id, version = :version, saved_at = "
         ":saved_at, expires_at = :expires_at WHERE id = :id");
STMT_RUN(DELETE_DRAFT, "draft.delete", DRAFT, "DELETE FROM draft WHERE id = :id");
STMT_RUN(DELETE_KEY, "draft.key_gone", DRAFT, "DELETE FROM data_key WHERE id = :key_id");

static struct str new_code(struct arena *a)
{
    static const char ALPHABET[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; /* 32 characters */
    unsigned char r[6];
    char *p = arena_alloc(a, 7, 1);
    crypt_random(r, sizeof r);
    for (size_t i = 0; i < sizeof r; i++) {
        p[i] = ALPHABET[r[i] & 31];
    }
    return (struct str){p, sizeof r};
}

/* One's own, not expired; anything else is as if absent. */
static struct err *find(struct call *c, struct str code, struct draft_row *ret)
{
    struct draft_row in = {.office_id = c->office_id, .code = code};
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_DRAFT, &in, ret, &found));
    if (!found || ret->owner_id != c->actor.person_id || ret->expires_at <= c->now_ms) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这份草稿，或者它已过期。",
                     "There is no such draft, or it has expired.");
    }
    return NULL;
}

static struct err *write_draft(struct call *c, const struct draft_row *d, struct jw *w)
{
    struct data_key key;
    struct str plain;
    struct jval body;
    struct mitem *item = NULL;
    TRY(data_key_unwrap(c->arena, &c->app->key, d->key_id, d->wrapped, &key));
    TRY(seal_open(c->arena, &key, S("draft"), d->sealed, &plain));
    TRY(jread(c->arena, str_bytes(plain), &body));
    jw_obj(w);
    jw_kstr(w, "code", d->code);
    jw_kstr(w, "item", d->item);
    if (d->item.p != NULL) {
        struct err *gone = matter_find_item(c, d->item, &item);
        view_item_text(w, "title", gone != NULL ? NULL : jval_get(&item->body, S("name")));
    }
    if (d->party_id != FIELD_NO_INT) {
        jw_kint(w, "party_id", d->party_id);
    } else {
        jw_key(w, S("party_id"));
        jw_null(w);
    }
    jw_key(w, S("form"));
    jw_val(w, jval_get(&body, S("form")));
    jw_kstr(w, "page", jval_str(jval_get(&body, S("page"))));
    jw_kint(w, "version", d->version);
    jw_kstr(w, "saved_at", civil_instant_text(c->arena, d->saved_at));
    jw_kstr(w, "expires_at", civil_instant_text(c->arena, d->expires_at));
    jw_end_obj(w);
    return NULL;
}

static struct err *reply_draft(struct call *c, const struct draft_row *d)
{
    struct buf b;
    struct jw w;
    reply_begin(c, &b, &w);
    TRY(write_draft(c, d, &w));
    reply_end(c, &b);
    c->reply.etag = str_fmt(c->arena, "%lld", (long long)d->version);
    return NULL;
}

static struct str body_text(struct arena *a, const struct jval *form, struct str page)
{
    struct jobj *o = jobj_new(a);
    struct jobj *empty = jobj_new(a);
    jobj_put(o, S("form"), form->type == J_OBJ ? *form : jobj_val(empty));
    jobj_put(o, S("page"), jval_of_str(page));
    struct jval v = jobj_val(o);
    return jval_text(a, &v);
}

/* Files that a draft names live as long as the draft does. Uploads count real time. */
static struct err *keep_uploads(struct call *c, const struct jval *form)
{
    const struct jval *materials = jval_get(form, S("materials"));
    int64_t until = c->real_ms + DRAFT_DAYS * CIVIL_DAY_MS;
    bool whole = false;
    for (size_t i = 0; materials != NULL && materials->type == J_LIST && i < materials->n; i++) {
        const struct jval *files = jval_get(&materials->list[i], S("files"));
        for (size_t k = 0; files != NULL && files->type == J_LIST && k < files->n; k++) {
            struct str token = jval_str(&files->list[k]);
            if (token.p != NULL) {
                TRY(upload_keep(c, token, until, &whole));
            }
        }
    }
    return NULL;
}

struct err *draft_create(struct call *c, const void *in, void *out)
{
    const struct draft_in *q = in;
    struct mitem *item = NULL;
    struct data_key key;
    (void)out;
    TRY(matter_find_item(c, q->item, &item));
    int64_t key_id = unit_id(c, "data_key");
    struct draft_row d = {
        .id = unit_id(c, "draft"),
        .office_id = c->office_id,
        .owner_id = c->actor.person_id,
        .item_id = item->item_id,
        .party_id =
            q->party_id == FIELD_NO_INT && c->actor.party_id != 0 ? c->actor.party_id : q->party_id,
        .key_id = key_id,
        .version = 1,
        .saved_at = c->now_ms,
        .expires_at = c->now_ms + DRAFT_DAYS * CIVIL_DAY_MS,
        .code = new_code(c->arena),
        .kind = S("application"),
        .item = item->code,
    };
    d.wrapped = data_key_new(c->arena, &c->app->key, key_id, &key);
    d.sealed = seal_value(c->arena, &key, S("draft"), body_text(c->arena, &q->form, q->page));
    TRY(db_run(c->db, c->arena, &INSERT_KEY, &d, NULL));
    TRY(db_run(c->db, c->arena, &INSERT_DRAFT, &d, NULL));
    c->reply.location = str_fmt(c->arena, "/api/v1/drafts/%.*s", STR_ARG(d.code));
    return reply_draft(c, &d);
}

struct err *draft_get(struct call *c, const void *in, void *out)
{
    const struct draft_in *q = in;
    struct draft_row d;
    (void)out;
    TRY(find(c, q->code, &d));
    return reply_draft(c, &d);
}

struct err *draft_list(struct call *c, const void *in, void *out)
{
    struct draft_row key = {.owner_id = c->actor.person_id, .now = c->now_ms};
    struct list rows = {0};
    struct buf b;
    struct jw w;
    (void)in;
    (void)out;
    TRY(db_all(c->db, c->arena, &LIST_DRAFTS, &key, &rows));
    const struct draft_row *d = rows.p;
    reply_begin(c, &b, &w);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    jw_list(&w);
    for (size_t i = 0; i < rows.n; i++) {
        TRY(write_draft(c, &d[i], &w));
    }
    jw_end_list(&w);
    jw_kstr(&w, "next", STR_NONE);
    jw_end_obj(&w);
    reply_end(c, &b);
    return NULL;
}

struct err *draft_save(struct call *c, const void *in, void *out)
{
    const struct draft_in *q = in;
    struct draft_row d;
    struct data_key key;
    (void)out;
    TRY(find(c, q->code, &d));
    if (!str_eq(c->if_match, str_fmt(c->arena, "%lld", (long long)d.version))) {
        return err_hint(ERROR(c->arena, ERR_CHANGED, "这份草稿在别处又改过。",
                              "This draft was changed elsewhere."),
                        "请载入最新的草稿。", "Load the latest draft.");
    }
    TRY(data_key_unwrap(c->arena, &c->app->key, d.key_id, d.wrapped, &key));
    d.version++;
    d.saved_at = c->now_ms;
    d.expires_at = c->now_ms + DRAFT_DAYS * CIVIL_DAY_MS;
    d.party_id = q->party_id == FIELD_NO_INT ? d.party_id : q->party_id;
    d.sealed = seal_value(c->arena, &key, S("draft"), body_text(c->arena, &q->form, q->page));
    TRY(keep_uploads(c, &q->form));
    TRY(db_run(c->db, c->arena, &SAVE_DRAFT, &d, NULL));
    return reply_draft(c, &d);
}

static struct err *drop(struct call *c, const struct draft_row *d)
{
    TRY(db_run(c->db, c->arena, &DELETE_DRAFT, d, NULL));
    return db_run(c->db, c->arena, &DELETE_KEY, d, NULL);
}

struct err *draft_delete(struct call *c, const void *in, void *out)
{
    const struct draft_in *q = in;
    struct draft_row d;
    (void)out;
    TRY(find(c, q->code, &d));
    return drop(c, &d);
}

struct err *draft_used(struct call *c, struct str code)
{
    struct draft_row d;
    TRY(find(c, code, &d));
    return drop(c, &d);
}
