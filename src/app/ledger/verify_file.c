/* Files: each row of `blob` has its sealed file, whose SHA-256 is its name and whose length gives
 * the plain size; its key opens its name. What was erased by an act may be gone. */
#include "app/ledger/verify.h"

#include "crypto/crypto.h"
#include "sys/file.h"

struct blob_row {
    int64_t matter_id, key_id, size, erased_by, office_id, destroyed_by;
    struct bytes sha256, after, wrapped, name_sealed;
};

/* clang-format off */
static const struct field BLOB_ROW[] = {
    F_ID(struct blob_row, matter_id, 0, NULL, NULL),
    F_ID(struct blob_row, key_id, 0, NULL, NULL),
    F_INT(struct blob_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct blob_row, erased_by, 0, NULL, NULL),
    F_ID(struct blob_row, office_id, 0, NULL, NULL),
    F_ID(struct blob_row, destroyed_by, 0, NULL, NULL),
    F_BYTES(struct blob_row, sha256, 0),
    F_BYTES(struct blob_row, after, 0),
    F_BYTES(struct blob_row, wrapped, 0),
    F_BYTES(struct blob_row, name_sealed, 0),
    FIELD_END,
};
/* clang-format on */

STMT(BLOBS,
     "verify.blobs",
     BLOB_ROW,
     BLOB_ROW,
     struct blob_row,
     "SELECT b.matter_id, b.key_id, b.size, b.erased_by, b.sha256, b.name_sealed, k.wrapped, "
     "k.destroyed_by, m.office_id FROM blob b LEFT JOIN data_key k ON k.id = b.key_id LEFT JOIN "
     "matter "
     "m ON m.id = b.matter_id WHERE b.sha256 > :after ORDER BY b.sha256 LIMIT 500");
STMT(ERASING_ACT,
     "verify.erasing_act",
     ID_ROW,
     ID_ROW,
     struct id_row,
     "SELECT e.id FROM act e WHERE e.id = :id");

static int64_t plain_size(int64_t sealed)
{
    int64_t rest = sealed - CRYPT_STREAM_HEADER, chunk = CRYPT_CHUNK + CRYPT_CHUNK_EXTRA;
    int64_t chunks = (rest + chunk - 1) / chunk;
    return rest - chunks * CRYPT_CHUNK_EXTRA;
}

static struct err *check_file(struct verify *v, const struct blob_row *r, struct str id)
{
    struct call *c = v->c;
    struct arena *a = c->arena;
    bool good = false;
    int64_t sealed = 0;
    struct str path = str_fmt(a, "files/%.2s/%.*s", id.p, STR_ARG(str_sub(id, 2, id.n)));
    TRY(blob_verify(a, c->app->blobs, r->sha256.p, &good));
    if (!good) {
        return altered(
            v, &(struct finding){"file", path, "(bytes)", id, S("another hash, or no file")});
    }
    struct str full = str_fmt(a, "%.*s/%.*s", STR_ARG(c->app->conf.data), STR_ARG(path));
    TRY(file_size(a, str_z(a, full), &sealed));
    return same_text(v, "blob", id, "size", id_text(a, plain_size(sealed)), id_text(a, r->size));
}

static struct err *check_blob(struct verify *v, const struct blob_row *r)
{
    struct call *c = v->c;
    struct arena *a = c->arena;
    struct str id = str_hex(a, r->sha256), name;
    struct data_key key;
    if (r->office_id == FIELD_NO_INT) {
        return altered(
            v, &(struct finding){"blob", id, "matter_id", S("a matter"), id_text(a, r->matter_id)});
    }
    if (r->erased_by != FIELD_NO_INT) {
        struct id_row in = {r->erased_by}, row;
        bool found = false;
        TRY(db_one(c->db, a, &ERASING_ACT, &in, &row, &found));
        return found ? NULL
                     : altered(v, &(struct finding){"blob", id, "erased_by", S("an act"),
                                                    id_text(a, r->erased_by)});
    }
    if (r->wrapped.p == NULL ||
        data_key_unwrap(a, &c->app->key, r->key_id, r->wrapped, &key) != NULL) {
        return altered(
            v, &(struct finding){"data_key", id_text(a, r->key_id), "wrapped", STR_NONE, STR_NONE});
    }
    if (r->name_sealed.p != NULL && seal_open(a, &key, S("name"), r->name_sealed, &name) != NULL) {
        return altered(v, &(struct finding){"blob", id, "name_sealed or key_id",
                                            S("bytes that its key opens"), S("other bytes")});
    }
    return check_file(v, r, id);
}

struct err *verify_files(struct verify *v)
{
    struct call *c = v->c;
    unsigned char last[32] = {0};
    struct blob_row in = {.after = {last, 0}};
    struct list rows = {0};
    do {
        TRY(db_all(c->db, c->arena, &BLOBS, &in, &rows));
        const struct blob_row *r = rows.p;
        for (size_t i = 0; i < rows.n; i++) {
            if (r[i].sha256.n != sizeof last) {
                return altered(v, &(struct finding){"blob", str_hex(c->arena, r[i].sha256),
                                                    "sha256", S("32 bytes"), STR_NONE});
            }
            TRY(check_blob(v, &r[i]));
            verify_step(v);
        }
        if (rows.n > 0) {
            for (size_t i = 0; i < sizeof last; i++) {
                last[i] = r[rows.n - 1].sha256.p[i];
            }
            in.after = (struct bytes){last, sizeof last};
        }
        arena_reset(c->arena);
    } while (rows.n > 0);
    return NULL;
}
