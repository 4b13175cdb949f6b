/* What the rest rests on: definitions with their hashes, calendars with their days. Then the engine
 * is loaded from them without writing anything. */
#include "app/ledger/verify.h"

#include "crypto/crypto.h"
#include "procedure/procedure.h"

#include <string.h>

struct text_row {
    int64_t id, version;
    struct str kind, body, known_until;
    struct bytes sha256;
};

struct day_row {
    int64_t calendar_id, working, number;
    struct str on_day;
};

/* clang-format off */
static const struct field TEXT_ROW[] = {
    F_ID(struct text_row, id, 0, NULL, NULL),
    F_INT(struct text_row, version, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct text_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct text_row, body, 0, 0, 0, NULL, NULL),
    F_TEXT(struct text_row, known_until, 0, 0, 0, NULL, NULL),
    F_BYTES(struct text_row, sha256, 0),
    FIELD_END,
};
static const struct field DAY_ROW[] = {
    F_ID(struct day_row, calendar_id, 0, NULL, NULL),
    F_INT(struct day_row, working, 0, 0, 1, NULL, NULL),
    F_INT(struct day_row, number, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct day_row, on_day, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(DEFINITIONS,
     "verify.definitions",
     NULL,
     TEXT_ROW,
     struct text_row,
     "SELECT id, version, kind, body, sha256 FROM definition ORDER BY id");
STMT(CALENDARS,
     "verify.calendars",
     NULL,
     TEXT_ROW,
     struct text_row,
     "SELECT id, body, known_until, sha256 FROM calendar ORDER BY id");
STMT(DAYS,
     "verify.days",
     DAY_ROW,
     DAY_ROW,
     struct day_row,
     "SELECT calendar_id, on_day, working, number FROM day WHERE calendar_id = :calendar_id"
     " ORDER BY on_day");

static struct err *own_hash(struct verify *v, const char *table, const struct text_row *r)
{
    unsigned char digest[32];
    crypt_sha256(str_bytes(r->body), digest);
    return same_bytes(v, table, r->id, "sha256", (struct bytes){digest, 32}, r->sha256);
}

static struct err *definitions(struct verify *v)
{
    struct list rows = {0};
    TRY(db_all(v->c->db, v->base, &DEFINITIONS, NULL, &rows));
    const struct text_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        TRY(own_hash(v, "definition", &r[i]));
    }
    struct call start = *v->c;
    start.arena = v->base;
    TRY(procedure_read(&start));
    for (size_t i = 0; i < rows.n; i++) {
        struct vdefinition *d = ARENA_NEW(v->base, struct vdefinition);
        d->id = r[i].id;
        d->d = definition_find_version(procedure_set(v->c->app), r[i].kind, r[i].version);
        memcpy(d->sha256, r[i].sha256.p, 32);
        if (d->d == NULL) { /* the text was loaded, under another name */
            return altered(v, &(struct finding){"definition", id_text(v->base, r[i].id), "kind",
                                                STR_NONE, r[i].kind});
        }
        /* The program carries this version with another text. */
        TRY(same_bytes(v, "definition", r[i].id, "body", (struct bytes){d->d->sha256, 32},
                       r[i].sha256));
        (void)map_put_int(v->definitions, d->id, d);
    }
    return NULL;
}

/* Working-day rules count with table `day`: each row must be what the calendar's text says. */
static struct err *days(struct verify *v, const struct text_row *r)
{
    struct day_row in = {.calendar_id = r->id};
    struct list rows = {0};
    const struct almanac *al = NULL;
    struct arena *a = v->c->arena;
    TRY(almanac_at(v->c, r->id, &al));
    TRY(same_text(v, "calendar", id_text(a, r->id), "known_until",
                  civil_text(a, calendar_known_until(al->calendar)), r->known_until));
    TRY(db_all(v->c->db, a, &DAYS, &in, &rows));
    const struct day_row *d = rows.p;
    int32_t first = calendar_first(al->calendar), last = calendar_known_until(al->calendar);
    for (int32_t day = first; day <= last; day++) {
        size_t i = (size_t)(day - first);
        struct str id = str_fmt(a, "%lld/%.10s", (long long)r->id, civil_text(a, day).p);
        if (i >= rows.n) {
            return missing(v, "day", id);
        }
        TRY(same_text(v, "day", id, "on_day", civil_text(a, day), d[i].on_day));
        TRY(same_text(v, "day", id, "working", id_text(a, calendar_working(al->calendar, day)),
                      id_text(a, d[i].working)));
        TRY(same_text(v, "day", id, "number", id_text(a, calendar_number(al->calendar, day)),
                      id_text(a, d[i].number)));
    }
    return NULL;
}

static struct err *calendars(struct verify *v)
{
    struct list rows = {0};
    TRY(db_all(v->c->db, v->base, &CALENDARS, NULL, &rows));
    const struct text_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        TRY(own_hash(v, "calendar", &r[i]));
        TRY(days(v, &r[i]));
        arena_reset(v->c->arena);
    }
    return NULL;
}

struct err *verify_base(struct verify *v)
{
    struct call start = *v->c;
    start.arena = v->base;
    TRY(definitions(v));
    TRY(org_reload(&start));
    TRY(almanac_reload(&start));
    return calendars(v);
}
