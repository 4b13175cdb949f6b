/* `huhang verify` (design.md 6): a hall with matters in many states is content; after one edit in
 * any table, or in one byte of a file, the altered record is named; put back, the hall is content
 * again. */
#include "story.h"

#include "app/ledger/ledger.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/note.h"
#include "procedure/engine.h"
#include "run/ledger_head.h"
#include "sys/file.h"

#include <stdlib.h>

#define ITEM STORY_ITEM("\"allow_defer\":true,\"deferrable\":[\"food-03\"],")
#define PDF  "not really a PDF, but bytes of a letter"

struct text_row {
    struct str value;
};

struct bytes_row {
    int64_t id, office_id, log, size, matter_id;
    struct bytes sha256, wrapped, name_sealed;
    struct str note;
};

/* clang-format off */
static const struct field TEXT_ROW[] = {F_TEXT(struct text_row, value, 0, 0, 0, NULL, NULL), FIELD_END};
static const struct field BYTES_ROW[] = {
    F_ID(struct bytes_row, id, 0, NULL, NULL),
    F_ID(struct bytes_row, office_id, 0, NULL, NULL),
    F_INT(struct bytes_row, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct bytes_row, size, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct bytes_row, matter_id, 0, NULL, NULL),
    F_BYTES(struct bytes_row, sha256, 0),
    F_BYTES(struct bytes_row, wrapped, 0),
    F_BYTES(struct bytes_row, name_sealed, 0),
    F_TEXT(struct bytes_row, note, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(PUT_CHECKPOINT,
         "test.checkpoint",
         BYTES_ROW,
         "INSERT INTO checkpoint (office_id, log, size, root, note, signed_at)"
         " VALUES (:office_id, :log, :size, :sha256, :note, 1)");
STMT_RUN(PUT_KEY,
         "test.key",
         BYTES_ROW,
         "INSERT INTO data_key (id, office_id, wrapped) VALUES (:id, :office_id, :wrapped)");
STMT_RUN(PUT_BLOB,
         "test.blob",
         BYTES_ROW,
         "INSERT INTO blob (sha256, matter_id, key_id, size, media, name_sealed, stored_at)"
         " VALUES (:sha256, :matter_id, :id, :size, 'application/pdf', :name_sealed, 1)");
STMT_RUN(LETTER_READY,
         "test.ready",
         BYTES_ROW,
         "UPDATE document SET status = 1, sha256 = :sha256 WHERE id = :size");
STMT(FIRST_LETTER,
     "test.first_letter",
     BYTES_ROW,
     BYTES_ROW,
     struct bytes_row,
     "SELECT d.id, m.office_id, d.matter_id FROM document d JOIN matter m ON m.id = d.matter_id"
     " ORDER BY d.id LIMIT 1");

static void sql(struct hall *h, const char *text)
{
    good(db_script(h->writer.db, h->arena, str_of(text)));
}

/* ---- the hall ---- */

/* A letter drawn as app/letter does it: sealed file, blob row, hash recorded by a system act. */
static struct err *draw_first(struct call *c, void *ctx)
{
    struct bytes_row in = {0}, letter = {0};
    struct data_key key = {0};
    struct blob_writer *w = NULL;
    unsigned char digest[32];
    bool found = false;
    (void)ctx;
    TRY(db_one(c->db, c->arena, &FIRST_LETTER, &in, &letter, &found));
    CHECK(found);
    struct bytes_row row = {
        .id = unit_id(c, "data_key"), .office_id = 1, .matter_id = letter.matter_id};
    row.wrapped = data_key_new(c->arena, &c->app->key, row.id, &key);
    TRY(blob_begin(c->arena, c->app->blobs, key.key, &w));
    TRY(blob_write(c->arena, w, str_bytes(S(PDF))));
    TRY(blob_end(c->arena, w, digest, &row.size));
    row.sha256 = (struct bytes){digest, 32};
    row.name_sealed = seal_value(c->arena, &key, S("name"), S("letter.pdf"));
    TRY(db_run(c->db, c->arena, &PUT_KEY, &row, NULL));
    TRY(db_run(c->db, c->arena, &PUT_BLOB, &row, NULL));
    row.size = letter.id;
    TRY(db_run(c->db, c->arena, &LETTER_READY, &row, NULL));
    struct jobj *form = jobj_new(c->arena);
    jobj_put(form, S("document"), jval_of_int(letter.id));
    jobj_put(form, S("sha256"), jval_of_str(str_hex(c->arena, row.sha256)));
    struct jval *v = ARENA_NEW(c->arena, struct jval);
    *v = jobj_val(form);
    return engine_system_act(c, letter.matter_id, S("record_letter"), v, 0);
}

/* What the signer would publish now. */
static struct err *sign_head(struct call *c, void *ctx)
{
    struct ledger_head head;
    struct checkpoint cp;
    (void)ctx;
    TRY(ledger_head_load(c->db, c->arena, 1, &head));
    cp.size = head.frontier.size;
    frontier_root(&head.frontier, cp.root);
    TRY(ledger_origin(c->db, c->arena, 1, head.log, &cp.origin));
    struct str text = checkpoint_text(c->arena, &cp);
    struct bytes_row row = {.office_id = 1,
                            .log = head.log,
                            .size = (int64_t)cp.size,
                            .sha256 = {cp.root, 32},
                            .note = note_sign(c->arena, text, cp.origin, c->app->log_seed)};
    return db_run(c->db, c->arena, &PUT_CHECKPOINT, &row, NULL);
}

static void run(struct hall *h, struct err *(*fn)(struct call *c, void *ctx))
{
    struct call c;
    call_init(&c, h->app, h->arena, ACTOR_SYSTEM);
    c.db = h->writer.db;
    good(unit_run(&c, fn, NULL));
}

static void whole_way(struct hall *h)
{
    int64_t m = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act_with(h, REVIEWER, REVIEWER2, m, "inspect",
                       "{\"result\":\"pass\",\"record\":\"现场符合\"}"));
    good(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"符合条件\"}"));
    good(hall_act(h, APPROVER, m, "grant", NULL));
    good(hall_act(h, CLERK, m, "issue", NULL));
    good(hall_act(h, DELIVERER, m, "deliver", "{\"way\":\"window\",\"receiver\":\"何青\"}"));
}

static void paused_and_extended(struct hall *h)
{
    int64_t done = story_submit(h), open = story_submit(h), longer = story_submit(h);
    good(hall_act(h, CLERK, done, "accept", STORY_OK));
    good(hall_act(h, CLERK, open, "accept", STORY_OK));
    good(hall_act(h, CLERK, longer, "accept", STORY_OK));
    hall_at(h, "2026-03-04 09:00");
    good(hall_act(h, REVIEWER, done, "special",
                  "{\"cause\":\"expert\",\"days\":5,\"basis\":\"行政许可法45\"}"));
    good(hall_act(h, REVIEWER, longer, "ask_extension", "{\"reason\":\"案情复杂\"}"));
    hall_at(h, "2026-03-10 17:00");
    good(hall_act(h, REVIEWER, hall_child(h, done, "special"), "finish", "{\"result\":\"同意\"}"));
    good(hall_act(h, REVIEWER, open, "special",
                  "{\"cause\":\"expert\",\"days\":5,\"basis\":\"行政许可法45\"}"));
    good(hall_act(h, ORGAN_HEAD, longer, "extend", NULL));
}

static void put_right(struct hall *h)
{
    int64_t m = story_submit(h), late = story_submit(h);
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act_with(h, CLERK, UNIT_HEAD, m, "correct_record",
                       "{\"seq\":2,\"strike\":true,\"reason\":\"点错\"}"));
    good(hall_act(h, CLERK, m, "notify", STORY_FIX));
    (void)late; /* accepted by itself: nobody looks at it in time */
    hall_at(h, "2026-04-20 09:00");
    hall_sweep(h);
}

static struct hall *busy_hall(void)
{
    struct hall *h = story_hall("2026-03-02 09:00", ITEM);
    memset(h->app->log_seed, 5, sizeof h->app->log_seed);
    int removed = 0;
    good(blob_sweep(h->arena, h->app->blobs, &removed)); /* makes the folders */
    whole_way(h);
    run(h, sign_head);
    paused_and_extended(h);
    run(h, draw_first);
    put_right(h);
    run(h, sign_head);
    int64_t behind = story_submit(h); /* behind the last checkpoint */
    good(hall_act(h, CLERK, behind, "accept", STORY_OK));
    return h;
}

/* ---- checks ---- */

static void check(struct hall *h, struct verify_report *r, struct arena *a)
{
    struct call c;
    *r = (struct verify_report){0};
    call_init(&c, h->app, a, ACTOR_CLI);
    c.db = h->writer.db;
    good(ledger_verify(&c, r));
}

static void content(struct hall *h, const char *when)
{
    struct arena *a = arena_new(0);
    struct verify_report r;
    check(h, &r, a);
    if (!ledger_content(&r)) {
        fail_msg("%s: %.*s", when, STR_ARG(r.en));
    }
    arena_free(a);
}

static void
names(struct hall *h, const char *what, const char *table, struct str id, const char *field)
{
    struct arena *a = arena_new(0);
    struct verify_report r;
    check(h, &r, a);
    if (!str_eqz(r.table, table) || (field != NULL && str_find(r.field, str_of(field)) < 0) ||
        (id.p != NULL && str_find(r.id, id) < 0)) {
        fail_msg("%s: expected %s %.*s %s, got %.*s %.*s %.*s (%.*s)", what, table, STR_ARG(id),
                 field == NULL ? "" : field, STR_ARG(r.table), STR_ARG(r.id), STR_ARG(r.field),
                 STR_ARG(r.en));
    }
    arena_free(a);
}

/* One edit: column `field` of the row `where` becomes `value`. */
struct edit {
    const char *table, *key, *where, *column, *value;
    const char *named, *field; /* NULL: table, column */
};

#define ACT_OF(name)  "id = (SELECT max(id) FROM act WHERE name = '" name "')"
#define BODY_OF(name) "act_id = (SELECT max(id) FROM act WHERE name = '" name "')"
#define CLOCK_OF(name, status)                                                                     \
    "id = (SELECT min(id) FROM clock WHERE name = '" name "' AND status = " status ")"
#define EVENT_OF(type)                                                                             \
    "clock_id = (SELECT min(clock_id) FROM clock_event WHERE type = " type ") AND type = " type
#define CLOCK_AHEAD  "id = (SELECT min(id) FROM clock WHERE status = 1 AND next_at IS NOT NULL)"
#define FIRST(table) "id = (SELECT min(id) FROM " table ")"

/* clang-format off */
static const struct edit EDITS[] = {
    {"act", "id", ACT_OF("propose"), "from_state", "'deciding'", NULL, NULL},
    {"act", "id", ACT_OF("propose"), "to_state", "'review'", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "name", "'refuse'", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "actor_id", "101", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "actor_id", "NULL", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "actor_role", "'clerk'", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "actor_unit", "11", NULL, NULL},
    {"act", "id", ACT_OF("inspect"), "with_ids", "'[104]'", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "channel", "'web'", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "mandate_id", "7", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "occurred_at", "occurred_at - 1000", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "recorded_at", "recorded_at + 86400000", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "effective_on", "'2026-03-03'", NULL, NULL},
    {"act", "id", ACT_OF("propose"), "due_on", "'2026-03-31'", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "definition_id", "(SELECT min(id) FROM definition)", NULL, NULL},
    {"act", "id", ACT_OF("deem_accepted"), "cause_id", "(SELECT min(id) FROM act)", NULL, NULL},
    {"act", "id", ACT_OF("correct_record"), "corrects_id", "(SELECT min(id) FROM act)", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "shown", "0", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "leaf_index", "0", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "log", "2", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "office_id", "2", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "seq", "77", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "salt", "body_commit", NULL, NULL},
    {"act", "id", ACT_OF("grant"), "body_commit", "(SELECT body_commit FROM act WHERE name = 'issue')", NULL, NULL},
    {"act_body", "act_id", BODY_OF("grant"), "body", "(SELECT body FROM act_body WHERE act_id = (SELECT max(id) FROM act WHERE name = 'issue'))", NULL, NULL},
    {"act_body", "act_id", BODY_OF("grant"), "body", "salt", NULL, NULL},
    {"act_body", "act_id", BODY_OF("grant"), "salt", "(SELECT salt FROM act_body WHERE act_id = (SELECT max(id) FROM act WHERE name = 'issue'))", NULL, NULL},
    {"act_body", "act_id", BODY_OF("grant"), "erased_by", "(SELECT max(id) FROM act WHERE name = 'issue')", NULL, NULL},
    {"act_body", "act_id", BODY_OF("grant"), "body", "NULL", NULL, NULL},
    {"act_body", "act_id", BODY_OF("grant"), NULL, NULL, NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "due_on", "'2026-05-30'", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "red_at", "red_at + 1", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "yellow_at", "yellow_at - 1", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "amount", "30", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "round", "2", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "unit", "'cd'", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "start_on", "'2026-03-05'", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "start_at", "start_at + 5", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "status", "3", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "provisional", "1", NULL, NULL},
    {"clock", "id", CLOCK_AHEAD, "next_at", "next_at + 86400000", NULL, NULL},
    {"clock", "id", CLOCK_AHEAD, "next_at", "NULL", NULL, NULL},
    {"clock", "id", CLOCK_AHEAD, "next_mark", "'over3'", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "basis", "'别的依据'", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "evidence", "2", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "calendar_id", "1", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "start_act", "1", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "2"), "due_on", "'2026-12-30'", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "3"), "stopped_at", "stopped_at - 60000", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "3"), "stop_act", "1", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "3"), "left_amount", "99", NULL, NULL},
    {"clock", "id", CLOCK_OF("correction", "5"), "status", "3", NULL, NULL},
    {"clock", "id", CLOCK_OF("decide_legal", "1"), "name", "'renewal'", NULL, NULL},
    {"clock", "id", "id = (SELECT max(id) FROM clock WHERE id NOT IN (SELECT clock_id FROM clock_event))", NULL, NULL, NULL, "(row)"},
    {"clock_event", "clock_id", EVENT_OF("1"), "on_day", "'2026-03-09'", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("1"), "at", "at - 86400000", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("1"), "cause", "'hearing'", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("1"), "act_id", "1", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("1"), "key_id", "1", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("1"), "new_due", "'2026-12-09'", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("2"), "on_day", "'2026-03-06'", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("3"), "cause", "'20wd'", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("3"), "old_due", "'2026-03-01'", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("3"), "act_id", "1", NULL, NULL},
    {"clock_event", "clock_id", EVENT_OF("3"), NULL, NULL, NULL, "(row)"},
    {"clock_event", "clock_id", EVENT_OF("5"), "at", "at - 86400000", NULL, "on_day"},
    {"clock_event", "clock_id", EVENT_OF("5"), "calendar_id", "1", NULL, NULL},
    {"fact", "matter_id", "matter_id = (SELECT min(matter_id) FROM fact) AND name = 'outcome'", "txt", "'refused'", NULL, NULL},
    {"fact", "matter_id", "matter_id = (SELECT min(matter_id) FROM fact) AND name = 'outcome'", "num", "1", NULL, NULL},
    {"fact", "matter_id", "matter_id = (SELECT min(matter_id) FROM fact) AND name = 'outcome'", "kind", "'card'", NULL, NULL},
    {"fact", "matter_id", "matter_id = (SELECT min(matter_id) FROM fact) AND name = 'outcome'", NULL, NULL, NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", "unit_id", "11", NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", "role", "'clerk'", NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", "red_at", "red_at + 1", NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", "due_on", "'2026-09-09'", NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", "since", "since + 1", NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", "title", "'x'", NULL, NULL},
    {"work", "matter_id", "matter_id = (SELECT min(matter_id) FROM work) AND slot = 'state'", NULL, NULL, NULL, NULL},
    {"ledger_leaf", "leaf_index", "leaf_index = 3", "leaf", "(SELECT leaf FROM ledger_leaf WHERE leaf_index = 4)", NULL, NULL},
    {"ledger_leaf", "leaf_index", "leaf_index = (SELECT max(leaf_index) FROM ledger_leaf)", "leaf", "(SELECT leaf FROM ledger_leaf WHERE leaf_index = 4)", NULL, "leaf"},
    {"ledger_leaf", "leaf_index", "leaf_index = 3", "act_id", "(SELECT max(id) FROM act)", NULL, NULL},
    {"ledger_leaf", "leaf_index", "leaf_index = 3", "type", "1", NULL, NULL},
    {"ledger_leaf", "leaf_index", "leaf_index = 3", NULL, NULL, NULL, NULL},
    {"ledger_leaf", "leaf_index", "leaf_index = (SELECT max(leaf_index) FROM ledger_leaf)", NULL, NULL, NULL, NULL},
    {"checkpoint", "size", "size = (SELECT min(size) FROM checkpoint)", "root", "(SELECT root FROM checkpoint ORDER BY size DESC LIMIT 1)", NULL, NULL},
    {"checkpoint", "size", "size = (SELECT min(size) FROM checkpoint)", "note", "(SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1)", NULL, "size"},
    {"checkpoint", "size", "size = (SELECT min(size) FROM checkpoint)", "note", "'no note'", NULL, NULL},
    {"checkpoint", "size", "size = (SELECT max(size) FROM checkpoint)", "signed_at", "0", NULL, NULL},
    {"ledger_frontier", "log", "log = 1", "frontier", "(SELECT root FROM checkpoint ORDER BY size LIMIT 1)", NULL, NULL},
    {"setting", "name", "name = 'ledger_origin'", "value", "'huhang.test/other'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "state", "'ready'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "class", "1", NULL, NULL},
    {"matter", "id", FIRST("matter"), "kind", "'special'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "facts", "'{\"unit\":12}'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "unit_id", "11", NULL, NULL},
    {"matter", "id", FIRST("matter"), "origin_id", "11", NULL, NULL},
    {"matter", "id", FIRST("matter"), "assignee_id", "103", NULL, NULL},
    {"matter", "id", FIRST("matter"), "number", "'GX2026-999999'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "title", "'别的'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "channel", "'web'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "acts", "acts + 1", NULL, NULL},
    {"matter", "id", FIRST("matter"), "priority", "2", NULL, NULL},
    {"matter", "id", FIRST("matter"), "opened_on", "'2026-03-01'", NULL, NULL},
    {"matter", "id", FIRST("matter"), "opened_at", "opened_at - 1", NULL, NULL},
    {"matter", "id", FIRST("matter"), "closed_at", "closed_at - 1", NULL, NULL},
    {"matter", "id", FIRST("matter"), "final_light", "4", NULL, NULL},
    {"matter", "id", FIRST("matter"), "final_light", "3", NULL, NULL},
    {"matter", "id", FIRST("matter"), "prev_leaf", "NULL", NULL, NULL},
    {"matter", "id", FIRST("matter"), "party_id", "NULL", NULL, NULL},
    {"matter", "id", FIRST("matter"), "parent_id", "(SELECT max(id) FROM matter)", NULL, NULL},
    {"matter", "id", FIRST("matter"), "item_version_id", "NULL", NULL, NULL},
    {"matter", "id", FIRST("matter"), "key_id", "(SELECT key_id FROM matter ORDER BY id DESC LIMIT 1)", NULL, NULL},
    {"matter", "id", FIRST("matter"), "definition_id", "(SELECT id FROM definition WHERE kind = 'special')", NULL, NULL},
    {"data_key", "id", "id = (SELECT key_id FROM matter ORDER BY id LIMIT 1)", "wrapped", "(SELECT wrapped FROM data_key WHERE id = (SELECT key_id FROM matter ORDER BY id DESC LIMIT 1))", NULL, NULL},
    {"document", "id", FIRST("document"), "sha256", "NULL", NULL, NULL},
    {"document", "id", FIRST("document"), "number", "'〔2026〕7'", NULL, NULL},
    {"document", "id", FIRST("document"), "letter", "'grant'", NULL, NULL},
    {"document", "id", FIRST("document"), "data_sealed", "sha256", NULL, NULL},
    {"document", "id", FIRST("document"), "act_id", "1", NULL, NULL},
    {"blob", "key_id", "size > 0", "size", "1", NULL, NULL},
    {"blob", "key_id", "size > 0", "matter_id", "(SELECT max(id) FROM matter)", NULL, NULL},
    {"blob", "key_id", "size > 0", NULL, NULL, NULL, NULL},
    {"series", "key", "key = 'licensing/2026'", "next", "next + 1", NULL, NULL},
    {"series", "key", "key = 'letter/receipt/2026'", "next", "1", NULL, NULL},
    {"licence", "id", FIRST("licence"), "number", "'food-2026-00009'", NULL, NULL},
    {"definition", "id", FIRST("definition"), "body", "'kind: x'", NULL, "sha256"},
    {"calendar", "id", FIRST("calendar"), "known_until", "'2025-12-31'", NULL, NULL},
    {"day", "on_day", "on_day = '2026-03-04'", "working", "0", NULL, NULL},
    {"day", "on_day", "on_day = '2026-03-04'", "number", "number + 1", NULL, NULL},
};
/* clang-format on */

static struct str key_of(struct hall *h, const struct edit *e)
{
    struct stmt *s = ARENA_NEW(h->arena, struct stmt);
    struct text_row row = {0};
    bool found = false;
    bool bytes = strcmp(e->table, "blob") == 0;
    *s = (struct stmt){
        .name = "test.key_of",
        .sql =
            str_z(h->arena, str_fmt(h->arena, "SELECT CAST(%s AS TEXT) AS value FROM %s WHERE %s",
                                    e->key, e->table, e->where)),
        .out = TEXT_ROW,
        .out_size = sizeof row};
    good(db_one(h->writer.db, h->arena, s, NULL, &row, &found));
    if (!found) {
        fail_msg("no row: %s %s", e->table, e->where);
    }
    return bytes ? STR_NONE : row.value;
}

static void try_edit(struct hall *h, const struct edit *e)
{
    struct arena *a = h->arena;
    struct str key = key_of(h, e);
    const char *what =
        str_z(a, str_fmt(a, "%s.%s", e->table, e->column == NULL ? "(row)" : e->column));
    struct str row =
        str_fmt(a, "CREATE TABLE undo AS SELECT * FROM %s WHERE %s;", e->table, e->where);
    struct str at =
        str_fmt(a, "%s = (SELECT %s FROM undo)%s", e->key, e->key,
                strcmp(e->table, "clock_event") == 0 ? " AND seq = (SELECT seq FROM undo)"
                : strcmp(e->table, "fact") == 0      ? " AND name = (SELECT name FROM undo)"
                : strcmp(e->table, "work") == 0      ? " AND slot = (SELECT slot FROM undo)"
                                                     : "");
    if (e->column != NULL) {
        sql(h, str_z(a, str_fmt(a, "%.*s UPDATE %s SET %s = %s WHERE %.*s", STR_ARG(row), e->table,
                                e->column, e->value, STR_ARG(at))));
    } else {
        sql(h, str_z(a, str_fmt(a, "%.*s DELETE FROM %s WHERE %.*s", STR_ARG(row), e->table,
                                STR_ARG(at))));
    }
    names(h, what, e->named != NULL ? e->named : e->table,
          e->column == NULL || e->named != NULL ? STR_NONE : key,
          e->field != NULL ? e->field : e->column);
    sql(h,
        e->column != NULL
            ? str_z(a,
                    str_fmt(a,
                            "UPDATE %s SET %s = (SELECT %s FROM undo) WHERE %.*s; DROP TABLE undo",
                            e->table, e->column, e->column, STR_ARG(at)))
            : str_z(a, str_fmt(a, "INSERT INTO %s SELECT * FROM undo; DROP TABLE undo", e->table)));
}

static void every_edit_is_named(void **state)
{
    struct hall *h = busy_hall();
    const char *only = getenv("HUHANG_EDIT"); /* table.column, while working on one */
    (void)state;
    content(h, "before");
    for (size_t i = 0; i < COUNT_OF(EDITS); i++) {
        if (only == NULL || strcmp(only, EDITS[i].table) == 0) {
            try_edit(h, &EDITS[i]);
        }
    }
    content(h, "after");
    hall_close(h);
}

/* One byte of a stored file; and the file gone. */
static void file_byte(void **state)
{
    struct hall *h = busy_hall();
    struct arena *a = h->arena;
    struct str *names_1 = NULL, *names_2 = NULL;
    size_t n_1 = 0, n_2 = 0;
    struct bytes was;
    (void)state;
    const char *files = str_z(a, str_fmt(a, "%.*s/files", STR_ARG(h->app->conf.data)));
    good(file_list(a, files, &names_1, &n_1));
    const char *folder = str_z(a, str_fmt(a, "%s/%.*s", files, STR_ARG(names_1[0])));
    good(file_list(a, folder, &names_2, &n_2));
    const char *path = str_z(a, str_fmt(a, "%s/%.*s", folder, STR_ARG(names_2[0])));
    good(file_read(a, path, 1 << 20, &was));
    struct bytes now = bytes_dup(a, was);
    unsigned char *p = arena_alloc(a, now.n, 1);
    memcpy(p, was.p, was.n);
    p[30] ^= 1;
    good(file_write(a, path, (struct bytes){p, was.n}, 0600));
    names(h, "file byte", "file", names_2[0], NULL);
    good(file_remove(a, path));
    names(h, "file gone", "file", names_2[0], NULL);
    good(file_write(a, path, was, 0600));
    content(h, "after");
    hall_close(h);
}

struct erase {
    int64_t matter, second;
};

static struct err *erase_command(struct call *c, void *ctx)
{
    struct erase *e = ctx;
    struct jval form;
    struct matter *m = NULL;
    struct act_request q = {.matter_id = e->matter,
                            .act = S("erase"),
                            .form = &form,
                            .occurred_at = FIELD_NO_INT,
                            .with = &e->second,
                            .n_with = 1};
    TRY(jread(c->arena,
              str_bytes(S("{\"scope\":\"body\",\"basis\":\"个人信息保护法47\","
                          "\"reason\":\"到期\"}")),
              &form));
    return engine_act(c, &q, &m);
}

/* By somebody who may read the matter and is records officer. */
static void erase(struct hall *h, int64_t matter)
{
    static const struct held_role roles[] = {{S_INIT("reviewer"), 12, 0},
                                             {S_INIT("records_officer"), 12, 0}};
    struct erase e = {matter, 104};
    struct call c;
    call_init(&c, h->app, h->arena, ACTOR_STAFF);
    c.db = h->writer.db;
    c.channel = S("window");
    c.actor = (struct actor){.kind = ACTOR_STAFF,
                             .person_id = 111,
                             .unit_id = 12,
                             .roles = roles,
                             .n_roles = COUNT_OF(roles)};
    good(unit_run(&c, erase_command, &e));
}

/* An act that erases leaves the leaves; its bodies may be gone, others not. */
static void erased_by_law(void **state)
{
    struct hall *h = busy_hall();
    int64_t m = story_submit(h);
    (void)state;
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    sql(h, "INSERT INTO role_grant (id, person_id, office_id, unit_id, role, from_on, act_id)"
           " VALUES (900, 104, 1, 12, 'records_officer', '2020-01-01', 0)");
    erase(h, m);
    content(h, "erased");
    sql(h, "CREATE TABLE undo AS SELECT * FROM act_body;"
           "UPDATE act_body SET body = NULL, salt = NULL WHERE act_id = (SELECT min(act_id) FROM "
           "act_body)");
    names(h, "body gone", "act_body", STR_NONE, "body");
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edit_is_named),
        cmocka_unit_test(file_byte),
        cmocka_unit_test(erased_by_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
