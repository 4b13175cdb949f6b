/* The logs: leaves without a gap, each checkpoint signed by the log's key and equal to the root of
 * that many leaves, the frontier equal to what the leaves give. The newest log is checked with our
 * own key; an older one with the key that the first statement of the log after it names, so trust
 * goes backward from the key in the data folder (design.md 6). */
#include "app/ledger/verify.h"

#include "base/num.h"
#include "crypto/crypto.h"
#include "ledger/event.h"
#include "ledger/note.h"

#include <string.h>

#define LEAVES_PAGE 4096
#define MARKS_PAGE  1000

struct log_in {
    int64_t office_id, log, from, after;
    struct str name;
};

struct vleaf_row {
    int64_t leaf_index, type, act_id;
    struct bytes leaf;
};

struct mark_row {
    int64_t size, signed_at;
    struct bytes root;
    struct str note;
};

struct frontier_row {
    int64_t size;
    struct bytes frontier;
};

struct value_row {
    struct str value;
};

/* clang-format off */
static const struct field LOG_IN[] = {
    F_ID(struct log_in, office_id, 0, NULL, NULL),
    F_INT(struct log_in, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct log_in, from, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct log_in, after, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct log_in, name, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field VLEAF_ROW[] = {
    F_INT(struct vleaf_row, leaf_index, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct vleaf_row, type, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct vleaf_row, act_id, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct vleaf_row, leaf, 0),
    FIELD_END,
};
static const struct field MARK_ROW[] = {
    F_INT(struct mark_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct mark_row, signed_at, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct mark_row, root, 0),
    F_TEXT(struct mark_row, note, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field FRONTIER_ROW[] = {
    F_INT(struct frontier_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct frontier_row, frontier, 0),
    FIELD_END,
};
static const struct field VALUE_ROW[] = {F_TEXT(struct value_row, value, 0, 0, 0, NULL, NULL), FIELD_END};
/* clang-format on */

STMT(
    LEAVES,
    "verify.leaves",
    LOG_IN,
    VLEAF_ROW,
    struct vleaf_row,
    "SELECT leaf_index, type, act_id, leaf FROM ledger_leaf WHERE office_id = :office_id AND log = "
    ":log AND leaf_index >= :from ORDER BY leaf_index LIMIT 4096");
STMT(
    MARKS,
    "verify.checkpoints",
    LOG_IN,
    MARK_ROW,
    struct mark_row,
    "SELECT size, signed_at, root, note FROM checkpoint WHERE office_id = :office_id AND log = :log"
    " AND size > :after ORDER BY size LIMIT 1000");
STMT(FRONTIER,
     "verify.frontier",
     LOG_IN,
     FRONTIER_ROW,
     struct frontier_row,
     "SELECT size, frontier FROM ledger_frontier WHERE office_id = :office_id AND log = :log");
STMT(SETTING,
     "verify.setting",
     LOG_IN,
     VALUE_ROW,
     struct value_row,
     "SELECT value FROM setting WHERE office_id = :office_id AND name = :name");

/* One log under way. */
struct walk {
    struct verify *v;
    struct vlog *log;
    struct note_key key;
    struct frontier f;
    struct log_start start; /* of leaf 0, when it is that statement */
    uint64_t good;          /* leaves below it are covered by a root that holds */
    size_t statements;      /* in [good, f.size) */
    int64_t last_statement;
};

static struct str leaf_id(struct walk *w, uint64_t index)
{
    return str_fmt(w->v->c->arena, "%lld/%llu", (long long)w->log->log, (unsigned long long)index);
}

static void keep_hash(struct vlog *l, const unsigned char hash[32])
{
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? LEAVES_PAGE : l->cap * 2;
        l->hashes = mem_grow(l->hashes, l->cap, cap, sizeof *l->hashes);
        l->cap = cap;
    }
    memcpy(l->hashes[l->n++], hash, 32);
}

static struct err *one_leaf(struct walk *w, const struct vleaf_row *r)
{
    struct verify *v = w->v;
    struct str id = leaf_id(w, w->f.size), text = STR_NONE;
    unsigned char hash[32];
    int type = 0;
    if ((uint64_t)r->leaf_index != w->f.size) {
        return missing(v, "ledger_leaf", id);
    }
    bool event = r->leaf.n == LEAF_EVENT_LEN && r->leaf.p[0] == 0;
    if (!event && !statement_read(r->leaf, &type, &text)) {
        return altered(v, &(struct finding){"ledger_leaf", id, "leaf", STR_NONE,
                                            str_hex(v->c->arena, r->leaf)});
    }
    TRY(same_text(v, "ledger_leaf", id, "type", event ? S("0") : S("1"),
                  id_text(v->c->arena, r->type)));
    if (event == (r->act_id == FIELD_NO_INT)) {
        return altered(v, &(struct finding){"ledger_leaf", id, "act_id", STR_NONE, STR_NONE});
    }
    if (!event) {
        w->statements++;
        w->last_statement = r->leaf_index;
    }
    if (w->f.size == 0 && type == STATEMENT_LOG_START &&
        !log_start_parse(v->base, text, &w->start)) {
        return altered(v, &(struct finding){"ledger_leaf", id, "leaf", STR_NONE, text});
    }
    tree_leaf_hash(r->leaf, hash);
    frontier_add(&w->f, hash);
    keep_hash(w->log, hash);
    verify_step(v);
    return NULL;
}

/* Leaves up to `size` (or to the end), in pages. */
static struct err *read_leaves(struct walk *w, uint64_t size)
{
    struct verify *v = w->v;
    struct list rows = {0};
    do {
        struct log_in in = {
            .office_id = v->c->office_id, .log = w->log->log, .from = (int64_t)w->f.size};
        if (w->f.size >= size) {
            return NULL;
        }
        TRY(db_all(v->c->db, v->c->arena, &LEAVES, &in, &rows));
        const struct vleaf_row *r = rows.p;
        for (size_t i = 0; i < rows.n && w->f.size < size; i++) {
            TRY(one_leaf(w, &r[i]));
        }
        arena_reset(v->c->arena);
    } while (rows.n > 0);
    return size == UINT64_MAX ? NULL : missing(v, "ledger_leaf", leaf_id(w, w->f.size));
}

/* The root of [0, w->f.size) is not the published one: some leaf after `good` was changed. A leaf
 * of an act that differs from its act is the one; else a statement. */
static struct err *blame(struct walk *w)
{
    struct verify *v = w->v;
    struct str id = STR_NONE;
    TRY(act_leaf_differs(v, w->log->log, (int64_t)w->good, (int64_t)w->f.size, &id));
    if (id.p == NULL && w->statements == 1) {
        id = leaf_id(w, (uint64_t)w->last_statement);
    }
    if (id.p == NULL) {
        id = str_fmt(v->c->arena, "%lld/%llu-%llu", (long long)w->log->log,
                     (unsigned long long)w->good, (unsigned long long)w->f.size - 1);
    }
    return altered(v, &(struct finding){"ledger_leaf", id, "leaf",
                                        S("the leaf under the signed root"), S("another leaf")});
}

/* A note that our key did sign, under another name: the log's name in the settings was changed. */
static struct err *note_or_name(struct walk *w, const struct mark_row *r, struct str id)
{
    struct verify *v = w->v;
    struct str rest = r->note, text;
    struct note_key named = w->key;
    named.name = str_split(&rest, '\n');
    note_key_id(named.name, named.public_key, named.id);
    if (note_open(v->base, r->note, &named, 1, &text) == NULL) {
        return altered(
            v, &(struct finding){"setting", S("ledger_origin"), "value", named.name, w->key.name});
    }
    return altered(
        v, &(struct finding){"checkpoint", id, "note", S("a note signed by the log"), r->note});
}

/* The row against its own signature, then the leaves against the row. */
static struct err *one_mark(struct walk *w, const struct mark_row *r)
{
    struct verify *v = w->v;
    struct arena *a = v->c->arena;
    struct str id = str_fmt(v->base, "%lld/%lld", (long long)w->log->log, (long long)r->size);
    struct str text = STR_NONE;
    struct checkpoint cp = {0};
    unsigned char root[32];
    struct err *e = note_open(a, r->note, &w->key, 1, &text);
    if (e == NULL) {
        e = checkpoint_parse(a, text, &cp);
    }
    TRY(e == NULL ? NULL : note_or_name(w, r, id));
    TRY(same_text(v, "checkpoint", id, "note", w->key.name, cp.origin));
    TRY(same_text(v, "checkpoint", id, "size", id_text(a, (int64_t)cp.size), id_text(a, r->size)));
    TRY(same_text(v, "checkpoint", id, "root", str_hex(a, (struct bytes){cp.root, 32}),
                  r->root.p == NULL ? STR_NONE : str_hex(a, r->root)));
    uint64_t size = cp.size;
    unsigned char signed_root[32];
    memcpy(signed_root, cp.root, 32);
    TRY(read_leaves(w, size));
    frontier_root(&w->f, root);
    if (memcmp(root, signed_root, 32) != 0) {
        return blame(w);
    }
    w->good = size;
    w->statements = 0;
    return NULL;
}

static struct err *all_marks(struct walk *w)
{
    struct verify *v = w->v;
    struct log_in in = {.office_id = v->c->office_id, .log = w->log->log};
    struct list rows = {0};
    int64_t signed_at = 0;
    do {
        struct arena *page = arena_new(0);
        struct err *e = db_all(v->c->db, page, &MARKS, &in, &rows);
        const struct mark_row *r = rows.p;
        for (size_t i = 0; e == NULL && i < rows.n; i++) {
            e = one_mark(w, &r[i]);
            if (e == NULL && r[i].signed_at < signed_at) {
                struct str id =
                    str_fmt(v->base, "%lld/%lld", (long long)w->log->log, (long long)r[i].size);
                e = altered(v, &(struct finding){"checkpoint", id, "signed_at",
                                                 str_fmt(v->base, ">= %lld", (long long)signed_at),
                                                 id_text(v->base, r[i].signed_at)});
            }
            in.after = r[i].size;
            signed_at = r[i].signed_at;
        }
        arena_free(page);
        TRY(e);
    } while (rows.n == MARKS_PAGE);
    return NULL;
}

/* A published root that lies outside the data base: the last note in the data folder, or what the
 * log after this one cites. */
static struct err *outside_mark(struct walk *w, struct str note, const char *what)
{
    struct verify *v = w->v;
    struct arena *a = v->base;
    struct str text = STR_NONE;
    struct checkpoint cp;
    unsigned char root[32];
    struct str id = str_of(what);
    struct err *e = note_open(a, note, &w->key, 1, &text);
    if (e == NULL) {
        e = checkpoint_parse(a, text, &cp);
    }
    if (e != NULL || !str_eq(cp.origin, w->key.name)) {
        return altered(
            v, &(struct finding){"checkpoint", id, "note", S("a note signed by the log"), note});
    }
    if (cp.size > w->log->n) {
        return missing(v, "ledger_leaf", leaf_id(w, w->log->n));
    }
    tree_root_range((const unsigned char(*)[32])w->log->hashes, cp.size, root);
    if (memcmp(root, cp.root, 32) != 0) {
        return blame(w);
    }
    w->good = cp.size > w->good ? cp.size : w->good;
    return NULL;
}

/* Is the frontier wrong, or the leaves behind the last checkpoint? */
static struct err *frontier_or_leaves(struct walk *w, const struct frontier_row *r)
{
    struct verify *v = w->v;
    struct frontier stored;
    bool whole = frontier_decode(r->frontier, &stored) && (int64_t)stored.size == r->size;
    if (whole && stored.size > w->f.size) {
        return missing(v, "ledger_leaf", leaf_id(w, w->f.size));
    }
    if (whole && stored.size == w->f.size) {
        struct str id = STR_NONE;
        TRY(act_leaf_differs(v, w->log->log, (int64_t)w->good, (int64_t)w->f.size, &id));
        return id.p != NULL ? blame(w) : NULL;
    }
    return NULL;
}

static struct err *stored_frontier(struct walk *w)
{
    struct verify *v = w->v;
    struct arena *a = v->c->arena;
    struct log_in in = {.office_id = v->c->office_id, .log = w->log->log};
    struct frontier_row r = {0};
    bool found = false;
    TRY(db_one(v->c->db, a, &FRONTIER, &in, &r, &found));
    if (!found) {
        return w->f.size == 0 ? NULL : missing(v, "ledger_frontier", id_text(a, w->log->log));
    }
    struct bytes want = frontier_encode(a, &w->f);
    if (want.n != r.frontier.n || memcmp(want.p, r.frontier.p, want.n) != 0) {
        TRY(frontier_or_leaves(w, &r));
    }
    TRY(same_int(v, "ledger_frontier", w->log->log, "size", (int64_t)w->f.size, r.size));
    return same_bytes(v, "ledger_frontier", w->log->log, "frontier", want, r.frontier);
}

static struct err *one_log(struct walk *w, bool newest, struct str cited)
{
    struct verify *v = w->v;
    frontier_init(&w->f);
    TRY(all_marks(w));
    TRY(read_leaves(w, UINT64_MAX));
    TRY(stored_frontier(w));
    if (cited.p != NULL) {
        TRY(outside_mark(w, cited, "cited by the next log"));
    }
    if (newest && v->file_note.p != NULL) {
        TRY(outside_mark(w, v->file_note, "keys/log.checkpoint"));
    }
    w->log->signed_size = w->good;
    return NULL;
}

static struct err *setting(struct verify *v, const char *name, struct str *ret)
{
    struct log_in in = {.office_id = v->c->office_id, .name = str_of(name)};
    struct value_row row = {0};
    bool found = false;
    TRY(db_one(v->c->db, v->base, &SETTING, &in, &row, &found));
    *ret = found ? row.value : STR_NONE;
    return NULL;
}

/* The statement at the head of a log, and what it says of the one before. */
static struct err *check_start(struct walk *w, struct str origin, struct note_key *ret_key)
{
    struct verify *v = w->v;
    struct arena *a = v->base;
    int64_t log = w->log->log;
    struct str id = leaf_id(w, 0);
    struct str named = log == 1 ? origin : w->key.name;
    if (w->start.origin.p != NULL) {
        TRY(same_text(v, "setting", S("ledger_origin"), "value", w->start.origin, named));
    }
    if (log == 1) {
        return NULL;
    }
    struct err *e = w->start.vkey.p == NULL ? ERROR(a, ERR_LEDGER, "没有", "none")
                                            : note_parse_vkey(a, w->start.vkey, ret_key);
    struct str before = str_fmt(a, "%.*s/%lld", STR_ARG(origin), (long long)log - 1);
    if (e != NULL || !str_eq(ret_key->name, before)) {
        return altered(v, &(struct finding){"ledger_leaf", id, "leaf",
                                            S("a statement that cites the log before"), STR_NONE});
    }
    return NULL;
}

struct err *verify_logs(struct verify *v)
{
    struct str origin, number;
    int64_t n = 1;
    struct note_key key = {0};
    struct str cited = STR_NONE;
    TRY(setting(v, "ledger_origin", &origin));
    TRY(setting(v, "ledger_log", &number));
    if (origin.p == NULL || (number.p != NULL && !num_parse(number, 1, 1000000, &n))) {
        return altered(v, &(struct finding){"setting", S("ledger_log"), "value", STR_NONE, number});
    }
    v->logs = ARENA_ARRAY(v->base, struct vlog, (size_t)n);
    v->n_logs = (size_t)n;
    v->r->logs = v->r->log = n;
    key.name = str_fmt(v->base, "%.*s/%lld", STR_ARG(origin), (long long)n);
    crypt_sign_public(v->c->app->log_seed, key.public_key);
    note_key_id(key.name, key.public_key, key.id);
    for (int64_t log = n; log >= 1; log--) {
        struct walk w = {.v = v, .log = &v->logs[log - 1], .key = key};
        w.log->log = log;
        TRY(one_log(&w, log == n, cited));
        TRY(check_start(&w, origin, &key));
        cited = w.start.note;
        if (log == n) {
            v->r->size = w.f.size;
            frontier_root(&w.f, v->r->root);
        }
        arena_reset(v->c->arena);
    }
    return NULL;
}
