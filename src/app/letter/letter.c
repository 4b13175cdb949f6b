/* Drawing letters (letter.h). One drawing job is under way at a time; every commit may start one.
 */
#include "app/letter/letter.h"

#include "base/check.h"
#include "print/drawer.h"
#include "procedure/engine.h"
#include "procedure/view.h"
#include "sys/log.h"

#include <stdatomic.h>

#define FAULTS_PASSED 8
#define DRAW_BATCH    4 /* then others on the SLOW lane have their turn: sign-ins hash there */

struct print {
    struct letter_set *templates;
    struct drawer *drawer;
    atomic_bool drawing, again;
};

struct waiting_row {
    int64_t id, matter_id, act_id, key_id, blob_key, office_id, size, stored_at, status;
    struct str letter, number, matter_number, media;
    struct bytes data_sealed, wrapped, blob_wrapped, sha256, template_sha256, name_sealed;
};

/* clang-format off */
static const struct field WAITING[] = {
    F_ID(struct waiting_row, id, 0, NULL, NULL),
    F_ID(struct waiting_row, matter_id, 0, NULL, NULL),
    F_ID(struct waiting_row, act_id, 0, NULL, NULL),
    F_ID(struct waiting_row, key_id, 0, NULL, NULL),
    F_ID(struct waiting_row, blob_key, 0, NULL, NULL),
    F_ID(struct waiting_row, office_id, 0, NULL, NULL),
    F_INT(struct waiting_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct waiting_row, stored_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct waiting_row, status, 0, 0, 9, NULL, NULL),
    F_TEXT(struct waiting_row, letter, 0, 0, 0, NULL, NULL),
    F_TEXT(struct waiting_row, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct waiting_row, matter_number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct waiting_row, media, 0, 0, 0, NULL, NULL),
    F_BYTES(struct waiting_row, data_sealed, 0),
    F_BYTES(struct waiting_row, wrapped, 0),
    F_BYTES(struct waiting_row, blob_wrapped, 0),
    F_BYTES(struct waiting_row, sha256, 0),
    F_BYTES(struct waiting_row, template_sha256, 0),
    F_BYTES(struct waiting_row, name_sealed, 0),
    FIELD_END,
};
/* clang-format on */

/* Newest first: whoever acts now waits for its letter, and a backlog is drawn behind it. */
STMT(LIST_WAITING,
     "letter.waiting",
     WAITING,
     WAITING,
     struct waiting_row,
     "SELECT d.id, d.matter_id, d.act_id, d.letter, d.number, d.data_sealed, m.key_id, m.number AS "
     "matter_number, m.office_id, k.wrapped"
     " FROM document d JOIN matter m ON m.id = d.matter_id JOIN data_key k ON k.id = m.key_id"
     " WHERE d.status = 0 AND d.data_sealed IS NOT NULL AND d.id < :id ORDER BY d.id DESC LIMIT 4");
STMT_RUN(
    INSERT_KEY,
    "letter.key",
    WAITING,
    "INSERT INTO data_key (id, office_id, wrapped) VALUES (:blob_key, :office_id, :blob_wrapped)");
STMT_RUN(INSERT_BLOB,
         "letter.blob",
         WAITING,
         "INSERT INTO blob (sha256, matter_id, key_id, size, media, name_sealed, stored_at)"
         " VALUES (:sha256, :matter_id, :blob_key, :size, :media, :name_sealed, :stored_at)");
STMT_RUN(
    DOCUMENT_READY,
    "letter.ready",
    WAITING,
    "UPDATE document SET status = CASE WHEN status = 0 THEN 1 ELSE status END, sha256 = :sha256,"
    " template_sha256 = :template_sha256 WHERE id = :id");

static struct print *print_of(const struct app *app)
{
    struct print *p = app->slot[SLOT_PRINT];
    CHECK(p != NULL);
    return p;
}

const struct letter_set *letter_templates(const struct app *app)
{
    return print_of(app)->templates;
}

struct str letter_title(const struct app *app, struct str letter, struct str *ret_en)
{
    struct str zh = letter;
    *ret_en = STR_NONE;
    (void)letter_titles(letter_templates(app), letter, &zh, ret_en);
    return zh;
}

/* Drawn, sealed and on disk before anything names it. */
static struct err *draw(struct call *c, struct waiting_row *w, struct data_key *blob_key)
{
    struct print *p = print_of(c->app);
    struct data_key key;
    struct str plain;
    struct jval data;
    struct bytes pdf;
    struct blob_writer *out = NULL;
    unsigned char *digest = arena_alloc(c->arena, 32, 1);
    TRY(data_key_unwrap(c->arena, &c->app->key, w->key_id, w->wrapped, &key));
    TRY(seal_open(c->arena, &key, S("letter"), w->data_sealed, &plain));
    TRY(jread(c->arena, str_bytes(plain), &data));
    struct str origin = c->app->conf.origin;
    struct str qr = w->matter_number.p == NULL ? STR_NONE
                                               : str_fmt(c->arena, "%.*s/m/%.*s", STR_ARG(origin),
                                                         STR_ARG(w->matter_number));
    struct drawer_job job = {w->letter, &data, qr, c->app->conf.demo};
    TRY(drawer_letter(c->arena, p->drawer, &job, &pdf));
    crypt_random(blob_key->key, CRYPT_KEY_LEN);
    TRY(blob_begin(c->arena, c->app->blobs, blob_key->key, &out));
    TRY(blob_write(c->arena, out, pdf));
    TRY(blob_end(c->arena, out, digest, &w->size));
    w->sha256 = (struct bytes){digest, 32};
    return NULL;
}

struct drawn {
    struct waiting_row *w;
    struct data_key *key;
};

static struct err *record(struct call *c, void *ctx)
{
    struct drawn *d = ctx;
    struct waiting_row row = *d->w;
    c->now_ms = clock_office_ms(c->app->clock); /* drawing took its time */
    unsigned char template[32];
    row.blob_key = unit_id(c, "data_key");
    d->key->id = row.blob_key;
    row.blob_wrapped = data_key_wrap(c->arena, &c->app->key, d->key);
    row.media = S("application/pdf");
    row.stored_at = c->now_ms;
    row.name_sealed =
        seal_value(c->arena, d->key, S("name"), str_fmt(c->arena, "%.*s.pdf", STR_ARG(row.letter)));
    if (letter_template_sha256(letter_templates(c->app), row.letter, template)) {
        row.template_sha256 = (struct bytes){template, 32};
    }
    TRY(db_run(c->db, c->arena, &INSERT_KEY, &row, NULL));
    TRY(db_run(c->db, c->arena, &INSERT_BLOB, &row, NULL));
    TRY(db_run(c->db, c->arena, &DOCUMENT_READY, &row, NULL));
    struct jobj *form = jobj_new(c->arena);
    jobj_put(form, S("document"), jval_of_int(row.id));
    jobj_put(form, S("sha256"), jval_of_str(str_hex(c->arena, row.sha256)));
    struct jval *v = ARENA_NEW(c->arena, struct jval);
    *v = jobj_val(form);
    return engine_system_act(c, row.matter_id, S("record_letter"), v, row.act_id);
}

typedef struct err *write_fn(struct call *c, struct err *(*fn)(struct call *, void *), void *ctx);

/* A letter lives in an arena of its own: a backlog of hundreds must not outgrow the job's. */
static struct err *draw_one(struct call *c, struct waiting_row *w, write_fn *write)
{
    struct call one = *c;
    struct data_key key = {0};
    struct drawn d = {w, &key};
    one.arena = arena_new(0);
    struct err *e = draw(&one, w, &key);
    e = e != NULL ? e : write(&one, record, &d);
    if (e != NULL) {
        struct err *copy = ERROR_TEXT(c->arena, e->code, e->zh, e->en);
        copy->cause = e->cause.p == NULL ? STR_NONE : str_dup(c->arena, e->cause);
        e = copy;
    }
    arena_free(one.arena);
    return e;
}

/* A batch below *before, which moves on to the last one tried, drawn or failed. */
static struct err *draw_waiting(struct call *c, int64_t *before, write_fn *write, size_t *ret_n)
{
    struct waiting_row below = {.id = *before};
    struct list rows = {0};
    TRY(db_all(c->db, c->arena, &LIST_WAITING, &below, &rows));
    struct waiting_row *w = rows.p;
    *ret_n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        *before = w[i].id;
        TRY(draw_one(c, &w[i], write));
    }
    return NULL;
}

struct err *letter_draw_newest(struct call *c, int64_t within_ms)
{
    struct clock_source *watch = clock_real();
    int64_t end = clock_mono_ms(watch) + within_ms;
    size_t n = DRAW_BATCH;
    struct err *e = NULL;
    while (e == NULL && n == DRAW_BATCH && clock_mono_ms(watch) < end) {
        int64_t before = INT64_MAX;
        e = draw_waiting(c, &before, unit_run, &n);
    }
    clock_free(watch);
    return e;
}

struct err *letter_draw_all(struct call *c)
{
    return letter_draw_newest(c, INT64_MAX / 2);
}

static void post(struct app *app);

static void finished(struct job *j)
{
    struct app *app = j->call.app;
    struct print *p = print_of(app);
    bool well = j->outcome.err == NULL;
    if (!well) {
        log_err(LOG_ERROR, STR_NONE, j->outcome.err);
    }
    arena_free(j->call.arena);
    atomic_store(&p->drawing, false);
    if (well && atomic_load(&p->again)) {
        post(app);
    }
}

static struct err *draw_command(struct call *c, void *ctx)
{
    struct print *p = ctx;
    int64_t before = INT64_MAX;
    size_t n = 0;
    atomic_store(&p->again, false);
    struct err *first = draw_waiting(c, &before, lane_write, &n);
    struct err *e = first;
    /* One that fails, and is tried again each second, does not keep the older ones waiting. */
    for (int faults = 1; e != NULL && faults < FAULTS_PASSED; faults++) {
        e = draw_waiting(c, &before, lane_write, &n);
    }
    if (n == DRAW_BATCH) {
        atomic_store(&p->again, true);
    }
    return first;
}

static void post(struct app *app)
{
    struct print *p = print_of(app);
    if (app->lanes == NULL || !app->conf.draw_letters) {
        return; /* demo and command line: letter_draw_all, or the next server */
    }
    if (atomic_exchange(&p->drawing, true)) {
        atomic_store(&p->again, true);
        return;
    }
    struct arena *a = arena_new(0);
    struct job *j = ARENA_NEW(a, struct job);
    call_init(&j->call, app, a, ACTOR_SYSTEM);
    j->fn = draw_command;
    j->ctx = p;
    j->done = finished;
    if (!lane_post_to(app->lanes, LANE_SLOW, j)) {
        arena_free(a);
        atomic_store(&p->drawing, false);
    }
}

static void committed(struct app *app, int64_t first, int64_t last)
{
    (void)first;
    (void)last;
    post(app);
}

/* Each second, for what a crash or a full queue left. */
static void tick(struct app *app)
{
    post(app);
}

static struct err *start(struct call *c)
{
    struct print *p = ARENA_NEW(c->app->arena, struct print);
    TRY(letter_set_load(c->app->arena, &p->templates));
    p->drawer = drawer_new();
    c->app->slot[SLOT_PRINT] = p;
    return NULL;
}

static void stop(struct app *app)
{
    drawer_free(print_of(app)->drawer);
}

const struct module letter_module = {
    .name = "letter",
    .start = start,
    .tick = tick,
    .committed = committed,
    .stop = stop,
};
