/* Letters and files as the acts name them: a drawn letter has the hash that a system act recorded;
 * a file in a form is a row of `blob` of this matter. */
#include "app/ledger/verify.h"

struct document_row {
    int64_t id, matter_id, act_id, status, shown;
    struct str kind, name, number, letter;
    struct bytes sha256, data_sealed;
};

struct blob_key {
    int64_t matter_id;
    struct bytes sha256;
};

/* clang-format off */
static const struct field DOCUMENT_ROW[] = {
    F_ID(struct document_row, id, 0, NULL, NULL),
    F_ID(struct document_row, matter_id, 0, NULL, NULL),
    F_ID(struct document_row, act_id, 0, NULL, NULL),
    F_INT(struct document_row, status, 0, 0, 9, NULL, NULL),
    F_INT(struct document_row, shown, 0, 0, 9, NULL, NULL),
    F_TEXT(struct document_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_row, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_row, letter, 0, 0, 0, NULL, NULL),
    F_BYTES(struct document_row, sha256, 0),
    F_BYTES(struct document_row, data_sealed, 0),
    FIELD_END,
};
static const struct field BLOB_KEY[] = {
    F_ID(struct blob_key, matter_id, 0, NULL, NULL),
    F_BYTES(struct blob_key, sha256, 0),
    FIELD_END,
};
/* clang-format on */

STMT(DOCUMENTS,
     "verify.documents",
     ID_ROW,
     DOCUMENT_ROW,
     struct document_row,
     "SELECT id, matter_id, act_id, kind, name, sha256, number, letter, data_sealed, status, shown"
     " FROM document WHERE matter_id = :id ORDER BY id");
STMT(FIND_BLOB,
     "verify.find_blob",
     BLOB_KEY,
     BLOB_KEY,
     struct blob_key,
     "SELECT matter_id, sha256 FROM blob WHERE sha256 = :sha256");

static struct err *
wrong(struct verify *v, int64_t id, const char *field, struct str expected, struct str found)
{
    return altered(v,
                   &(struct finding){"document", id_text(v->c->arena, id), field, expected, found});
}

/* The act that the letter belongs to: one of this definition with that letter, or a correction of
 * one. */
static struct err *
check_act(struct verify *v, const struct vmatter *w, const struct document_row *r)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->acts[i].id != r->act_id) {
            continue;
        }
        const struct vdefinition *def = map_get_int(v->definitions, w->acts[i].definition_id);
        uint32_t act = definition_act(def->d, w->acts[i].name);
        bool corrects = w->acts[i].corrects_id != FIELD_NO_INT;
        if (act == NO_INDEX || (!corrects && !str_eq(def->d->acts[act].letter, r->letter))) {
            return wrong(v, r->id, "letter", act == NO_INDEX ? STR_NONE : def->d->acts[act].letter,
                         r->letter);
        }
        TRY(same_text(v, "document", id_text(v->c->arena, r->id), "name", r->letter, r->name));
        return same_int(v, "document", r->id, "shown", w->acts[i].shown, r->shown);
    }
    return wrong(v, r->id, "act_id", S("an act of its matter"), id_text(v->c->arena, r->act_id));
}

/* Hash recorded by the system act; none: not drawn yet. */
static struct str recorded(const struct vmatter *w, int64_t document, bool *ret_erased)
{
    *ret_erased = false;
    for (size_t i = 0; i < w->n; i++) {
        const struct jval *form = jval_get(&w->bodies[i], S("form"));
        *ret_erased = *ret_erased || w->bodies[i].type == J_NULL;
        if (str_eqz(w->acts[i].name, "record_letter") &&
            jval_int(jval_get(form, S("document")), 0) == document) {
            return jval_str(jval_get(form, S("sha256")));
        }
    }
    return STR_NONE;
}

static struct err *
check_letter(struct verify *v, const struct vmatter *w, const struct document_row *r)
{
    struct arena *a = v->c->arena;
    bool erased = false;
    TRY(check_act(v, w, r));
    struct str sha = recorded(w, r->id, &erased);
    struct str found = r->sha256.p == NULL ? STR_NONE : str_hex(a, r->sha256);
    if (sha.p != NULL || !erased) {
        TRY(same_text(v, "document", id_text(a, r->id), "sha256", sha, found));
    }
    if (sha.p != NULL && r->status == 0) {
        return wrong(v, r->id, "status", S("1"), S("0"));
    }
    struct str plain;
    bool opens = r->data_sealed.p == NULL ||
                 seal_open(a, &w->m->key, S("letter"), r->data_sealed, &plain) == NULL;
    return opens ? NULL
                 : wrong(v, r->id, "data_sealed", S("bytes that its key opens"), S("other bytes"));
}

/* Every file that a form names, at any depth. */
static struct err *
walk_files(struct verify *v, const struct vmatter *w, const struct jval *x, int depth)
{
    struct call *c = v->c;
    struct blob_key in = {0}, row;
    bool found = false;
    if (depth > JREAD_MAX_DEPTH) {
        return NULL;
    }
    struct str sha = jval_str(jval_get(x, S("sha256")));
    if (x->type == J_OBJ && sha.n == 64 && str_unhex(c->arena, sha, &in.sha256)) {
        TRY(db_one(c->db, c->arena, &FIND_BLOB, &in, &row, &found));
        if (!found) {
            return missing(v, "blob", sha);
        }
        if (row.matter_id != w->row->id && row.matter_id != w->row->parent_id) {
            return altered(v, &(struct finding){"blob", sha, "matter_id",
                                                id_text(c->arena, w->row->id),
                                                id_text(c->arena, row.matter_id)});
        }
    }
    for (size_t i = 0; i < x->n && (x->type == J_OBJ || x->type == J_LIST); i++) {
        TRY(walk_files(v, w, x->type == J_OBJ ? &x->obj[i].val : &x->list[i], depth + 1));
    }
    return NULL;
}

struct err *verify_letters(struct verify *v, struct vmatter *w)
{
    struct call *c = v->c;
    struct id_row in = {w->row->id};
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &DOCUMENTS, &in, &rows));
    const struct document_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        if (str_eqz(r[i].kind, "letter")) {
            TRY(check_letter(v, w, &r[i]));
        }
    }
    for (size_t i = 0; i < w->n; i++) {
        const struct jval *form = jval_get(&w->bodies[i], S("form"));
        const struct jval *results = jval_get(&w->bodies[i], S("results"));
        int64_t letter = jval_int(jval_get(form, S("document")), 0);
        bool has = !str_eqz(w->acts[i].name, "record_letter");
        for (size_t k = 0; k < rows.n; k++) {
            has = has || r[k].id == letter;
        }
        if (!has) {
            return missing(v, "document", id_text(c->arena, letter));
        }
        if (form != NULL) {
            TRY(walk_files(v, w, form, 0));
        }
        if (results != NULL) {
            TRY(walk_files(v, w, results, 0));
        }
    }
    return NULL;
}
