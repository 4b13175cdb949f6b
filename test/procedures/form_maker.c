/* See form_maker.h. An upload is a row and a small sealed file, as the server leaves them. */
#include "form_maker.h"

#include "base/check.h"
#include "crypto/crypto.h"

#include <stdlib.h>

uint64_t maker_next(struct maker *m)
{
    m->seed ^= m->seed << 13;
    m->seed ^= m->seed >> 7;
    m->seed ^= m->seed << 17;
    return m->seed;
}

uint64_t maker_below(struct maker *m, uint64_t n)
{
    return n == 0 ? 0 : maker_next(m) % n;
}

struct jval maker_upload(struct maker *m)
{
    static int64_t next = INT64_C(1) << 41;
    struct arena *a = m->arena;
    unsigned char digest[32];
    struct data_key key;
    struct blob_writer *w = NULL;
    int64_t id = next++, size = 0;
    struct bytes wrapped = data_key_new(a, &m->hall->app->key, id, &key);
    struct err *e = blob_begin(a, m->hall->app->blobs, key.key, &w);
    e = e != NULL ? e : blob_write(a, w, str_bytes(S("ten bytes.")));
    e = e != NULL ? e : blob_end(a, w, digest, &size);
    CHECK(e == NULL);
    struct bytes name = seal_value(a, &key, S("name"), S("扫描件.pdf"));
    struct str token = str_fmt(a, "walk-%lld", (long long)id);
    bool pg = db_engine(m->hall->writer.db) == DB_PG;
    struct buf b;
    buf_init(&b, a, 1024);
    buf_fmt(&b, "INSERT INTO data_key (id, office_id, wrapped) VALUES (%lld, 1, %s%.*s%s);",
            (long long)id, pg ? "decode('" : "X'", STR_ARG(str_hex(a, wrapped)),
            pg ? "','hex')" : "'");
    buf_fmt(&b,
            "INSERT INTO upload (id, office_id, owner_id, token, key_id, name_sealed, media, size, "
            "received, sha256, expires_at)"
            " VALUES (%lld, 1, %lld, '%.*s', %lld, %s%.*s%s, 'application/pdf', 10, 10, %s%.*s%s, "
            "9000000000000000);",
            (long long)id, (long long)m->owner, STR_ARG(token), (long long)id,
            pg ? "decode('" : "X'", STR_ARG(str_hex(a, name)), pg ? "','hex')" : "'",
            pg ? "decode('" : "X'", STR_ARG(str_hex(a, (struct bytes){digest, 32})),
            pg ? "','hex')" : "'");
    e = db_script(m->hall->writer.db, a, buf_str(&b));
    CHECK(e == NULL);
    return jval_of_str(token);
}

static struct jval list_of(struct maker *m, struct jval v)
{
    struct jarr *l = jarr_new(m->arena);
    jarr_add(l, v);
    return jarr_val(l);
}

static const char *const CODES[] = {"food-01", "food-02", "food-03"};

static struct jval materials(struct maker *m)
{
    struct jarr *l = jarr_new(m->arena);
    for (size_t i = 0; i < COUNT_OF(CODES); i++) {
        struct jobj *o = jobj_new(m->arena);
        if (maker_below(m, 8) == 0) {
            continue;
        }
        jobj_put(o, S("code"), jval_of_str(str_of(CODES[i])));
        jobj_put(o, S("paper"), jval_of_int(1));
        jarr_add(l, jobj_val(o));
    }
    return jarr_val(l);
}

static struct jval verdicts(struct maker *m)
{
    static const char *const RESULTS[] = {"ok", "fix", "defer", "not_applicable", "unseen"};
    struct jarr *l = jarr_new(m->arena);
    bool all_good = maker_below(m, 2) == 0, deferred = maker_below(m, 3) == 0;
    for (size_t i = 0; i < COUNT_OF(CODES); i++) {
        struct jobj *o = jobj_new(m->arena);
        const char *result =
            all_good             ? "ok"
            : deferred && i == 2 ? "defer"
            : deferred           ? "ok"
                       : RESULTS[maker_below(m, 9) < 8 ? maker_below(m, 2) : maker_below(m, 5)];
        jobj_put(o, S("code"), jval_of_str(str_of(CODES[i])));
        jobj_put(o, S("result"), jval_of_str(str_of(result)));
        jarr_add(l, jobj_val(o));
    }
    return jarr_val(l);
}

static struct jval one_material(struct maker *m, const struct matter *matter)
{
    struct jobj *o = jobj_new(m->arena);
    uint32_t f = definition_fact(matter->d, S("material"));
    struct str code = f != NO_INDEX && matter->facts[f].type == V_TEXT
                          ? matter->facts[f].u.s
                          : str_of(CODES[maker_below(m, 3)]);
    jobj_put(o, S("code"), jval_of_str(code));
    jobj_put(o, S("files"), list_of(m, maker_upload(m)));
    return jobj_val(o);
}

static struct str date_near(struct maker *m)
{
    int32_t today = civil_day_of(m->office_ms);
    int32_t shift = (int32_t)maker_below(m, 30) - 2;
    return civil_text(m->arena, today + shift);
}

static struct jval whole_number(struct maker *m, const struct dtype *t)
{
    int64_t hi = t->max > 0 && t->max < 40 ? t->max : t->min + 20;
    return jval_of_int(t->min + (int64_t)maker_below(m, (uint64_t)(hi - t->min + 1)));
}

static struct jval text(struct maker *m, const struct dtype *t)
{
    struct buf b;
    buf_init(&b, m->arena, 64);
    for (int64_t i = 0; i < (t->min > 2 ? t->min : 2); i++) {
        buf_putz(&b, t->min > 2 ? "a" : "文");
    }
    return jval_of_str(buf_str(&b));
}

static struct jval value(struct maker *m, const struct matter *matter, const struct dtype *t)
{
    switch (t->kind) {
    case D_BOOL:
        return jval_of_bool(maker_below(m, 3) != 0);
    case D_INT:
    case D_MONEY:
        return whole_number(m, t);
    case D_DATE:
        return jval_of_str(date_near(m));
    case D_INSTANT:
        return jval_of_str(civil_instant_text(m->arena, m->office_ms));
    case D_DUR:
        return jval_of_str(S("3wd"));
    case D_CHOICE:
        return jval_of_str(t->choices == NULL || t->choices->n == 0
                               ? S("x")
                               : str_of(t->choices->rows[maker_below(m, t->choices->n)].value));
    case D_ROLE:
        return jval_of_str(S("clerk"));
    case D_PERSON:
        return jval_of_int(101 + (int64_t)maker_below(m, 5));
    case D_PERSONS:
        return list_of(m, jval_of_int(101));
    case D_UNIT:
        return jval_of_int(11 + (int64_t)maker_below(m, 2));
    case D_UNITS:
        return list_of(m, jval_of_int(11));
    case D_PARTY:
        return jval_of_int(m->hall->party);
    case D_ITEM:
    case D_MATTER:
        return jval_of_int(matter->id);
    case D_MATERIAL:
        return one_material(m, matter);
    case D_MATERIALS:
        return materials(m);
    case D_VERDICTS:
        return verdicts(m);
    case D_FILE:
        return maker_upload(m);
    case D_FILES:
        return list_of(m, maker_upload(m));
    case D_ROWS:
        return list_of(m, maker_form(m, matter, t->rows));
    case D_ITEM_FORM: {
        struct jobj *o = jobj_new(m->arena);
        jobj_put(o, S("area"), jval_of_int(126));
        return jobj_val(o);
    }
    case D_FROZEN: {
        struct jobj *o = jobj_new(m->arena);
        return jobj_val(o);
    }
    case D_TEXT:
    case D_SEALED:
        break;
    }
    return text(m, t);
}

/* Deferred materials have to be those that the verdicts defer. */
struct jval maker_form(struct maker *m, const struct matter *matter, const struct form *f)
{
    struct jobj *o = jobj_new(m->arena);
    for (size_t i = 0; i < f->n; i++) {
        struct str name = str_of(f->rows[i].name);
        if (!f->types[i].required && maker_below(m, 2) == 0) {
            continue;
        }
        if (str_eqz(name, "deferred")) {
            struct jobj *one = jobj_new(m->arena);
            jobj_put(one, S("code"), jval_of_str(S("food-03")));
            jobj_put(o, name, list_of(m, jobj_val(one)));
            continue;
        }
        jobj_put(o, name, value(m, matter, &f->types[i]));
    }
    return jobj_val(o);
}
