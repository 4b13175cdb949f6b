/* The calendar in force (almanac.h). Every version stays in table `calendar` with its canonical
 * text; table `day` holds its days for rules in SQL. */
#include "procedure/almanac.h"

#include "crypto/crypto.h"

#include <stdatomic.h>

struct almanac_slot {
    _Atomic(struct almanac *) now;
    _Atomic(struct almanac *) known; /* every version in memory */
};

struct calendar_row {
    int64_t id, loaded_at;
    struct bytes sha256;
    struct str body, source, known_until;
};

struct day_row {
    int64_t calendar_id, working, number;
    struct str on_day;
};

/* clang-format off */
static const struct field CALENDAR[] = {
    F_ID(struct calendar_row, id, 0, NULL, NULL),
    F_INT(struct calendar_row, loaded_at, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct calendar_row, sha256, 0),
    F_TEXT(struct calendar_row, body, 0, 0, 0, NULL, NULL),
    F_TEXT(struct calendar_row, source, 0, 0, 0, NULL, NULL),
    F_TEXT(struct calendar_row, known_until, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field DAY[] = {
    F_ID(struct day_row, calendar_id, 0, NULL, NULL),
    F_INT(struct day_row, working, 0, 0, 1, NULL, NULL),
    F_INT(struct day_row, number, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct day_row, on_day, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(NEWEST,
     "calendar.newest",
     NULL,
     CALENDAR,
     struct calendar_row,
     "SELECT id, sha256, body, source, known_until, loaded_at FROM calendar ORDER BY id DESC LIMIT "
     "1");
STMT(BY_ID,
     "calendar.by_id",
     CALENDAR,
     CALENDAR,
     struct calendar_row,
     "SELECT id, sha256, body, source, known_until, loaded_at FROM calendar WHERE id = :id");
STMT_RUN(INSERT_CALENDAR,
         "calendar.insert",
         CALENDAR,
         "INSERT INTO calendar (id, sha256, body, source, known_until, loaded_at)"
         " VALUES (:id, :sha256, :body, :source, :known_until, :loaded_at)");
STMT_RUN(INSERT_DAY,
         "calendar.day",
         DAY,
         "INSERT INTO day (calendar_id, on_day, working, number)"
         " VALUES (:calendar_id, :on_day, :working, :number)");

static struct almanac_slot *slot_of(struct app *app)
{
    if (app->slot[SLOT_CALENDAR] == NULL) {
        app->slot[SLOT_CALENDAR] = ARENA_NEW(app->arena, struct almanac_slot);
    }
    return app->slot[SLOT_CALENDAR];
}

static struct err *build(struct str csv, int64_t id, struct str source, struct almanac **ret)
{
    struct arena *a = arena_new(0); /* as long as the program: old calendars explain old dates */
    struct almanac *al = ARENA_NEW(a, struct almanac);
    struct holiday *rows = NULL;
    TRY(calendar_read_csv(a, str_dup(a, csv), &rows, &al->n));
    TRY(calendar_new(a, rows, al->n, &al->calendar));
    al->rows = rows;
    al->id = id;
    al->source = str_dup(a, source);
    *ret = al;
    return NULL;
}

static struct err *insert_days(struct call *c, const struct almanac *al)
{
    const struct calendar *cal = al->calendar;
    for (int32_t d = calendar_first(cal); d <= calendar_known_until(cal); d++) {
        struct day_row row = {
            .calendar_id = al->id,
            .working = calendar_working(cal, d),
            .number = calendar_number(cal, d),
            .on_day = civil_text(c->arena, d),
        };
        TRY(db_push(c->db, c->arena, &INSERT_DAY, &row));
    }
    return NULL;
}

/* Several threads may read the same version at once; a second copy in the chain does no harm. */
static void keep(struct app *app, struct almanac *al)
{
    struct almanac_slot *s = slot_of(app);
    struct almanac *head = atomic_load(&s->known);
    do {
        al->older = head;
    } while (!atomic_compare_exchange_weak(&s->known, &head, al));
}

static void publish(struct app *app, void *ctx)
{
    struct almanac *al = ctx;
    keep(app, al);
    atomic_store(&slot_of(app)->now, al);
}

struct err *almanac_store(struct call *c,
                          const struct holiday *rows,
                          size_t n,
                          struct str source,
                          const struct almanac **ret)
{
    struct calendar *cal = NULL;
    TRY(calendar_new(c->arena, rows, n, &cal));
    struct str body = calendar_canonical(c->arena, cal);
    struct almanac *al = NULL;
    TRY(build(body, unit_id(c, "calendar"), source, &al));
    unsigned char digest[CRYPT_SHA256_LEN];
    crypt_sha256(str_bytes(body), digest);
    struct calendar_row row = {
        .id = al->id,
        .loaded_at = c->now_ms,
        .sha256 = {digest, sizeof digest},
        .body = body,
        .source = source,
        .known_until = civil_text(c->arena, calendar_known_until(cal)),
    };
    TRY(db_run(c->db, c->arena, &INSERT_CALENDAR, &row, NULL));
    TRY(insert_days(c, al));
    unit_on_commit(c, publish, al);
    *ret = al;
    return NULL;
}

struct err *almanac_reload(struct call *c)
{
    struct calendar_row row;
    bool found = false;
    struct almanac *al = NULL;
    TRY(db_one(c->db, c->arena, &NEWEST, NULL, &row, &found));
    if (found) {
        TRY(build(row.body, row.id, row.source, &al));
        publish(c->app, al);
    }
    return NULL;
}

const struct almanac *almanac_of(const struct app *app)
{
    const struct almanac_slot *s = app->slot[SLOT_CALENDAR];
    return s == NULL ? NULL : atomic_load(&s->now);
}

struct err *almanac_at(struct call *c, int64_t id, const struct almanac **ret)
{
    struct calendar_row in = {.id = id}, row;
    struct almanac *al = NULL;
    bool found = false;
    for (const struct almanac *k = atomic_load(&slot_of(c->app)->known); k != NULL; k = k->older) {
        if (k->id == id) {
            *ret = k;
            return NULL;
        }
    }
    TRY(db_one(c->db, c->arena, &BY_ID, &in, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这一版日历。", "There is no such calendar.");
    }
    TRY(build(row.body, row.id, row.source, &al));
    keep(c->app, al);
    *ret = al;
    return NULL;
}
