/* The demo's clock: office time goes on from where it was, and a visitor may move it forward to see
 * deadlines pass (design.md 4). A step is a confirmed date and a public leaf; it cannot be undone.
 */
#include "app/demo/demo.h"

#include "app/demo/offset.h"
#include "base/check.h"
#include "base/num.h"
#include "ledger/event.h"
#include "procedure/almanac.h"
#include "procedure/engine.h"

#define STEP_MAX_MS  (90 * CIVIL_DAY_MS)
#define SWEEP_CLOCKS 16
#define SWEEP_ROUNDS 500 /* what is left then, the timer sweeps */

struct offset_row {
    int64_t office_id;
    struct str name, value;
};

struct in_step {
    int64_t to;
    struct str advance;
};

struct out_step {
    int64_t from, now;
    struct str today;
    bool more;
};

/* clang-format off */
static const struct field OFFSET[] = {
    F_ID(struct offset_row, office_id, 0, NULL, NULL),
    F_TEXT(struct offset_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct offset_row, value, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field STEP_IN[] = {
    F_INSTANT(struct in_step, to, 0, "到什么时候", "To which instant"),
    F_TEXT(struct in_step, advance, 0, 2, 12, "往前多久（3wd、1cd、8h）", "How far (3wd, 1cd, 8h)"),
    FIELD_END,
};
static const struct field STEP_OUT[] = {
    F_INSTANT(struct out_step, from, FIELD_REQUIRED, "原来的办公时间", "Office time before"),
    F_INSTANT(struct out_step, now, FIELD_REQUIRED, "现在的办公时间", "Office time now"),
    F_DATE(struct out_step, today, FIELD_REQUIRED, "今天", "Today"),
    F_BOOL(struct out_step, more, FIELD_REQUIRED, "还有到期的事项在处理", "More expiries are being handled"),
    FIELD_END,
};
/* clang-format on */

STMT(FIND_OFFSET,
     "demo.offset",
     OFFSET,
     OFFSET,
     struct offset_row,
     "SELECT office_id, name, value FROM setting WHERE office_id = :office_id AND name = :name");
STMT_RUN(KEEP_OFFSET,
         "demo.keep_offset",
         OFFSET,
         "INSERT INTO setting (office_id, name, value) VALUES (:office_id, :name, :value)"
         " ON CONFLICT (office_id, name) DO UPDATE SET value = excluded.value");

static struct offset_row row_of(const struct call *c)
{
    return (struct offset_row){.office_id = c->office_id, .name = S("demo_offset_ms")};
}

struct err *offset_read(struct call *c, int64_t *ret_ms)
{
    struct offset_row in = row_of(c), row;
    bool found = false;
    *ret_ms = 0;
    TRY(db_one(c->db, c->arena, &FIND_OFFSET, &in, &row, &found));
    if (found && !num_parse(row.value, INT64_MIN, INT64_MAX, ret_ms)) {
        return ERROR(c->arena, ERR_CONF, "演示时间的设置不对。",
                     "The demo's time setting is damaged.");
    }
    return NULL;
}

struct err *offset_keep(struct call *c, int64_t offset_ms)
{
    struct offset_row row = row_of(c);
    row.value = str_fmt(c->arena, "%lld", (long long)offset_ms);
    return db_run(c->db, c->arena, &KEEP_OFFSET, &row, NULL);
}

/* ---- POST /demo/clock ---- */

static struct err *
fault(struct call *c, const char *at, const char *code, const char *zh, const char *en)
{
    struct err *e = NULL;
    field_fault(c->arena, &e, str_of(at), code, zh, en);
    return e;
}

/* Days keep the time of day. */
static struct err *advanced(struct call *c, struct str text, int64_t *ret_ms)
{
    struct duration d;
    int32_t today = civil_day_of(c->now_ms);
    if (!duration_parse(text, &d) || d.amount < 1 || d.amount > 2500) {
        return fault(c, "/advance", "duration",
                     "请写成 3wd（工作日）、1cd（自然日）或 8h（小时）。",
                     "Write 3wd (working days), 1cd (calendar days) or 8h (hours).");
    }
    if (d.unit == CIVIL_H || d.unit == CIVIL_SH) {
        *ret_ms = c->now_ms + d.amount * INT64_C(3600000);
        return NULL;
    }
    int32_t day = d.unit == CIVIL_WD ? calendar_add(almanac_of(c->app)->calendar, today, d.amount)
                  : d.unit == CIVIL_CD
                      ? today + d.amount
                      : civil_add_months(today, d.amount * (d.unit == CIVIL_Y ? 12 : 1));
    *ret_ms = c->now_ms + (day - today) * CIVIL_DAY_MS;
    return NULL;
}

static struct err *wanted(struct call *c, const struct in_step *q, int64_t *ret_ms)
{
    if ((q->to == FIELD_NO_INT) == (q->advance.p == NULL)) {
        return fault(c, "/advance", "one", "请写明到什么时候，或者往前多久，二者择一。",
                     "Give either the instant or how far, not both.");
    }
    *ret_ms = q->to;
    if (q->advance.p != NULL) {
        TRY(advanced(c, q->advance, ret_ms));
    }
    const char *at = q->advance.p != NULL ? "/advance" : "/to";
    if (*ret_ms <= c->now_ms) {
        return fault(c, at, "backward", "演示时间只能往前走。",
                     "The demo's time only goes forward.");
    }
    if (*ret_ms - c->now_ms > STEP_MAX_MS) {
        return fault(c, at, "far", "一次最多往前90天。", "At most 90 days at once.");
    }
    return NULL;
}

static void moved(struct app *app, void *ctx)
{
    int64_t *offset = ctx;
    if (*offset > clock_offset(app->clock)) {
        clock_set_offset(app->clock, *offset);
    }
    clock_confirm(app->clock);
    mem_free(offset);
}

/* What falls due on the way happens now, each at its own instant; a part at a time, so that no call
 * outgrows its arena. */
static struct err *sweep(struct call *c, bool *ret_more)
{
    *ret_more = true;
    for (int i = 0; *ret_more && i < SWEEP_ROUNDS; i++) {
        struct call part = *c;
        part.arena = arena_new(0);
        struct err *e = engine_sweep(&part, SWEEP_CLOCKS, ret_more);
        if (e != NULL) {
            struct err *copy = ERROR_TEXT(c->arena, e->code, e->zh, e->en);
            copy->cause = e->cause.p == NULL ? STR_NONE : str_dup(c->arena, e->cause);
            e = copy;
        }
        arena_free(part.arena);
        TRY(e);
    }
    return NULL;
}

static struct err *step(struct call *c, const void *in, void *ret_out)
{
    struct out_step *out = ret_out;
    int64_t to = 0, index = 0, from = c->now_ms;
    unsigned char hash[32];
    TRY(wanted(c, in, &to));
    int64_t *offset = mem_new(1, sizeof *offset);
    *offset = clock_offset(c->app->clock) + to - from;
    unit_on_commit(c, moved, offset);
    TRY(offset_keep(c, *offset));
    struct str text =
        str_fmt(c->arena, "office time %.*s to %.*s", STR_ARG(civil_instant_text(c->arena, from)),
                STR_ARG(civil_instant_text(c->arena, to)));
    TRY(unit_leaf(c, 1, statement_leaf(c->arena, STATEMENT_CLOCK_STEP, text), 0, &index, hash));
    c->now_ms = to;
    TRY(sweep(c, &out->more));
    TRY(unit_outbox(c, "clock.step", 0, 0, S("office"), S("{}")));
    out->from = from;
    out->now = to;
    out->today = civil_text(c->arena, civil_day_of(to));
    return NULL;
}

/* Office time goes on from where it was; a demo confirms itself. */
static struct err *start(struct call *c)
{
    int64_t offset = 0;
    if (!c->app->conf.demo) {
        return NULL;
    }
    TRY(offset_read(c, &offset));
    if (!clock_is_simulated(c->app->clock)) {
        clock_begin_offset(c->app->clock, offset);
    }
    clock_confirm(c->app->clock);
    return NULL;
}

/* clang-format off */
static const struct op OPS[] = {
    {.name = "demo.clock", .method = OP_POST, .path = "/demo/clock", .lane = LANE_WRITE, .perm = PERM_PUBLIC, .flags = OP_DEMO, .in = STEP_IN, .in_size = sizeof(struct in_step),
     .out = STEP_OUT, .out_size = sizeof(struct out_step), .fn = step, .zh = "演示：把时间往前拨", .en = "Demo: move the clock forward"},
};
/* clang-format on */

const struct module demo_module = {
    .name = "demo", .ops = OPS, .n_ops = COUNT_OF(OPS), .start = start};
