/* Parties (party.h). */
#include "procedure/party.h"

#include "base/nfc.h"
#include "civil/date.h"
#include "civil/ident.h"

struct party_io {
    int64_t id, office_id, kind, key_id, flags, version, valid_from;
    struct bytes id_index, sealed, wrapped;
    struct str uscc, name_public, name_masked;
};

/* clang-format off */
static const struct field PARTY_IO[] = {
    F_ID(struct party_io, id, 0, NULL, NULL),
    F_ID(struct party_io, office_id, 0, NULL, NULL),
    F_INT(struct party_io, kind, 0, 0, 9, NULL, NULL),
    F_ID(struct party_io, key_id, 0, NULL, NULL),
    F_INT(struct party_io, flags, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct party_io, version, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct party_io, valid_from, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct party_io, id_index, 0),
    F_BYTES(struct party_io, sealed, 0),
    F_BYTES(struct party_io, wrapped, 0),
    F_TEXT(struct party_io, uscc, 0, 0, 0, NULL, NULL),
    F_TEXT(struct party_io, name_public, 0, 0, 0, NULL, NULL),
    F_TEXT(struct party_io, name_masked, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_BY_INDEX,
     "party.find",
     PARTY_IO,
     PARTY_IO,
     struct party_io,
     "SELECT id, office_id, kind, key_id, flags, id_index, uscc, name_public FROM party"
     " WHERE office_id = :office_id AND id_index = :id_index");
STMT(OPEN_PARTY,
     "party.open",
     PARTY_IO,
     PARTY_IO,
     struct party_io,
     "SELECT p.id, p.office_id, p.kind, p.key_id, p.flags, p.id_index, p.uscc, p.name_public, "
     "d.version, d.valid_from,"
     " d.sealed, d.name_masked, k.wrapped FROM party p JOIN party_data d ON d.party_id = p.id"
     " JOIN data_key k ON k.id = p.key_id WHERE p.id = :id ORDER BY d.version DESC LIMIT 1");
STMT_RUN(INSERT_KEY,
         "party.key",
         PARTY_IO,
         "INSERT INTO data_key (id, office_id, wrapped) VALUES (:key_id, :office_id, :wrapped)");
STMT_RUN(INSERT_PARTY,
         "party.insert",
         PARTY_IO,
         "INSERT INTO party (id, office_id, kind, id_index, key_id, flags, uscc, name_public)"
         " VALUES (:id, :office_id, :kind, :id_index, :key_id, :flags, :uscc, :name_public)");
STMT_RUN(INSERT_DATA,
         "party.data",
         PARTY_IO,
         "INSERT INTO party_data (party_id, version, sealed, name_masked, valid_from)"
         " VALUES (:id, :version, :sealed, :name_masked, :valid_from)");

/* Where the fault is: a member below `at`. */
static struct str member(struct call *c, struct str at, const char *name)
{
    return str_fmt(c->arena, "%.*s/%s", STR_ARG(at), name);
}

struct err *party_check(struct call *c, struct party_data *p, struct str at)
{
    struct err *e = NULL;
    p->name = str_trim(utf8_nfc(c->arena, p->name));
    p->identifier = ident_normalise(c->arena, p->identifier);
    enum ident_fault f = p->kind == PARTY_ENTERPRISE
                             ? ident_check_uscc(p->identifier)
                             : ident_check_rid(p->identifier, civil_day_of(c->now_ms));
    if (p->name.n == 0) {
        field_fault(c->arena, &e, member(c, at, "name"), "required", "请填写名称或姓名。",
                    "Fill in the name.");
    }
    if (f != IDENT_OK) {
        field_fault(c->arena, &e, member(c, at, "identifier"), ident_fault_word(f),
                    ident_fault_zh(f), ident_fault_en(f));
    }
    if (p->phone.n > 0) {
        p->phone = ident_normalise(c->arena, p->phone);
        f = ident_check_phone(p->phone);
        if (f != IDENT_OK) {
            field_fault(c->arena, &e, member(c, at, "phone"), ident_fault_word(f),
                        ident_fault_zh(f), ident_fault_en(f));
        }
    }
    return e;
}

static struct bytes index_of(struct call *c, enum party_kind kind, struct str identifier)
{
    return seal_index(c->arena, &c->app->key, kind == PARTY_ENTERPRISE ? "uscc" : "rid",
                      identifier);
}

struct err *party_find(struct call *c, enum party_kind kind, struct str identifier, int64_t *ret_id)
{
    struct party_io in = {.office_id = c->office_id, .id_index = index_of(c, kind, identifier)},
                    row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &FIND_BY_INDEX, &in, &row, &found));
    *ret_id = found ? row.id : 0;
    return NULL;
}

static struct str data_text(struct arena *a, const struct party_data *p)
{
    struct jobj *o = jobj_new(a);
    jobj_put(o, S("name"), jval_of_str(p->name));
    jobj_put(o, S("identifier"), jval_of_str(p->identifier));
    jobj_put(o, S("phone"), jval_of_str(p->phone));
    jobj_put(o, S("address"), jval_of_str(p->address));
    if (p->fictitious) {
        jobj_put(o, S("fictitious"), jval_of_bool(true));
    }
    struct jval v = jobj_val(o);
    return jval_text(a, &v);
}

struct err *party_make(struct call *c, const struct party_data *p, int64_t *ret_id, bool *ret_new)
{
    bool open = p->kind == PARTY_ENTERPRISE;
    TRY(party_find(c, p->kind, p->identifier, ret_id));
    *ret_new = *ret_id == 0;
    if (!*ret_new) {
        return NULL;
    }
    struct data_key key;
    int64_t key_id = unit_id(c, "data_key");
    struct bytes wrapped = data_key_new(c->arena, &c->app->key, key_id, &key);
    struct party_io row = {
        .id = unit_id(c, "party"),
        .office_id = c->office_id,
        .kind = p->kind,
        .key_id = key_id,
        .version = 1,
        .valid_from = c->now_ms,
        .id_index = index_of(c, p->kind, p->identifier),
        .wrapped = wrapped,
        .uscc = open ? p->identifier : STR_NONE,
        .name_public = open ? p->name : STR_NONE,
        .name_masked = party_shown_name(c->arena, p, false),
    };
    row.sealed = seal_value(c->arena, &key, S("party"), data_text(c->arena, p));
    TRY(db_run(c->db, c->arena, &INSERT_KEY, &row, NULL));
    TRY(db_run(c->db, c->arena, &INSERT_PARTY, &row, NULL));
    TRY(db_run(c->db, c->arena, &INSERT_DATA, &row, NULL));
    *ret_id = row.id;
    return NULL;
}

struct err *party_open(struct call *c, int64_t id, struct party_data *ret)
{
    struct party_io in = {.id = id}, row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &OPEN_PARTY, &in, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个申请人。", "There is no such party.");
    }
    *ret = (struct party_data){
        .kind = (enum party_kind)row.kind, .name = S("（已删除）"), .identifier = S("")};
    if (row.sealed.p == NULL || row.wrapped.p == NULL) {
        return NULL;
    }
    struct data_key key;
    struct str plain;
    struct jval v;
    TRY(data_key_unwrap(c->arena, &c->app->key, row.key_id, row.wrapped, &key));
    TRY(seal_open(c->arena, &key, S("party"), row.sealed, &plain));
    TRY(jread(c->arena, str_bytes(plain), &v));
    ret->name = jval_str(jval_get(&v, S("name")));
    ret->identifier = jval_str(jval_get(&v, S("identifier")));
    ret->phone = jval_str(jval_get(&v, S("phone")));
    ret->address = jval_str(jval_get(&v, S("address")));
    ret->fictitious = jval_bool(jval_get(&v, S("fictitious")), false);
    return NULL;
}

struct str party_shown_name(struct arena *a, const struct party_data *p, bool unmasked)
{
    return unmasked || p->kind == PARTY_ENTERPRISE ? p->name : ident_mask_name(a, p->name);
}

struct str party_shown_identifier(struct arena *a, const struct party_data *p, bool unmasked)
{
    return unmasked || p->kind == PARTY_ENTERPRISE ? p->identifier
                                                   : ident_mask_rid(a, p->identifier);
}
