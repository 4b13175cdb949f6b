/* Operations of the calendar. */
#include "app/calendar/calendar.h"

#include "base/check.h"
#include "ledger/event.h"
#include "run/schemas.h"

#define CSV_MAX 400000 /* characters: a hundred years of notices */

struct in_year {
    int64_t year;
};

struct in_notice {
    struct str csv, source;
};

struct in_confirm {
    struct str today;
};

struct out_day {
    struct str on, kind, name, notice, source;
};

struct out_year {
    int64_t year, working_days;
    struct str source, known_until;
    struct list days;
};

struct out_confirm {
    bool trusted;
    int64_t now;
    struct str today;
};

/* clang-format off */
static const struct field YEAR_IN[] = {
    F_INT(struct in_year, year, 0, 1949, 2199, "年份", "Year"),
    FIELD_END,
};
static const struct field NOTICE_IN[] = {
    F_TEXT(struct in_notice, csv, FIELD_REQUIRED | FIELD_MULTILINE, 1, CSV_MAX, "节假日文件内容", "Text of the holiday file"),
    F_TEXT(struct in_notice, source, FIELD_REQUIRED, 1, 200, "依据的通知", "The notice it comes from"),
    FIELD_END,
};
static const struct field CONFIRM_IN[] = {
    F_DATE(struct in_confirm, today, 0, "所确认的日期", "The date that is confirmed"),
    FIELD_END,
};
static const struct choice KINDS[] = {{"off", "放假", "day off"}, {"work", "调休上班", "make-up working day"}, {"statutory", "法定假日（尚无通知）", "statutory, no notice yet"}, {NULL, NULL, NULL}};
static const struct field DAY_OUT[] = {
    F_DATE(struct out_day, on, FIELD_REQUIRED, "日期", "Day"),
    F_CHOICE(struct out_day, kind, FIELD_REQUIRED, KINDS, "种类", "Kind"),
    F_TEXT(struct out_day, name, FIELD_REQUIRED, 0, 0, "名称", "Name"),
    F_TEXT(struct out_day, notice, 0, 0, 0, "通知", "Notice"),
    F_TEXT(struct out_day, source, 0, 0, 0, "出处", "Source"),
    FIELD_END,
};
static const struct field YEAR_OUT[] = {
    F_INT(struct out_year, year, FIELD_REQUIRED, 0, 9999, "年份", "Year"),
    F_INT(struct out_year, working_days, FIELD_REQUIRED, 0, 366, "工作日数", "Working days"),
    F_TEXT(struct out_year, source, FIELD_REQUIRED, 0, 0, "来源", "Source"),
    F_DATE(struct out_year, known_until, FIELD_REQUIRED, "已知至", "Known until"),
    F_LIST(struct out_year, days, FIELD_REQUIRED, 0, 366, DAY_OUT, struct out_day, "放假和调休的日子", "Days off and make-up days"),
    FIELD_END,
};
static const struct field CONFIRM_OUT[] = {
    F_BOOL(struct out_confirm, trusted, FIELD_REQUIRED, "时间可信", "Time is trusted"),
    F_INSTANT(struct out_confirm, now, FIELD_REQUIRED, "办公时间", "Office time"),
    F_DATE(struct out_confirm, today, FIELD_REQUIRED, "今天", "Today"),
    FIELD_END,
};
/* clang-format on */

static struct err *year_get(struct call *c, const void *in, void *ret_out)
{
    const struct in_year *q = in;
    struct out_year *out = ret_out;
    const struct almanac *al = almanac_of(c->app);
    int year = q->year == FIELD_NO_INT ? civil_ymd(civil_day_of(c->now_ms)).year : (int)q->year;
    int32_t first = civil_day((struct ymd){year, 1, 1}), last = civil_year_end(first);
    size_t n = 0;
    const struct holiday *rows = calendar_rows(al->calendar, &n);
    struct out_day *days = ARENA_ARRAY(c->arena, struct out_day, n + 1);
    *out = (struct out_year){
        .year = year,
        .working_days = calendar_between(al->calendar, first - 1, last),
        .source = al->source,
        .known_until = civil_text(c->arena, calendar_known_until(al->calendar)),
        .days = {days, 0},
    };
    for (size_t i = 0; i < n; i++) {
        if (rows[i].day >= first && rows[i].day <= last) {
            days[out->days.n++] = (struct out_day){
                .on = civil_text(c->arena, rows[i].day),
                .kind = str_of(holiday_word(rows[i].kind)),
                .name = rows[i].name,
                .notice = rows[i].notice,
                .source = rows[i].source,
            };
        }
    }
    return NULL;
}

static struct err *change(struct call *c, const struct in_notice *q, bool preview)
{
    struct holiday *rows = NULL;
    size_t n = 0;
    struct calendar_report report;
    struct buf b;
    struct jw w;
    TRY(calendar_read_csv(c->arena, q->csv, &rows, &n));
    TRY(calendar_change(c, rows, n, q->source, preview, &report));
    buf_init(&b, c->arena, 4096);
    jw_init(&w, &b);
    jw_obj(&w);
    calendar_report_write(c, &report, &w);
    jw_end_obj(&w);
    c->reply.media = S("application/json");
    c->reply.body = buf_bytes(&b);
    c->reply.no_store = true;
    return NULL;
}

static struct err *notice_preview(struct call *c, const void *in, void *out)
{
    (void)out;
    return change(c, in, true);
}

static struct err *notice_import(struct call *c, const void *in, void *out)
{
    (void)out;
    return change(c, in, false);
}

static void confirmed(struct app *app, void *ctx)
{
    (void)ctx;
    clock_confirm(app->clock);
}

/* The administrator says which date it is, so that nobody confirms one unseen. */
static struct err *confirm(struct call *c, const void *in, void *ret_out)
{
    const struct in_confirm *q = in;
    struct out_confirm *out = ret_out;
    unsigned char hash[32];
    int64_t index = 0;
    *out = (struct out_confirm){true, c->now_ms, civil_text(c->arena, civil_day_of(c->now_ms))};
    if (q->today.p != NULL && !str_eq(q->today, out->today)) {
        return err_hint(ERROR(c->arena, ERR_CONFLICT, "系统日期是%.*s，与您确认的%.*s不同。",
                              "The system's date is %.*s, not %.*s.", STR_ARG(out->today),
                              STR_ARG(q->today)),
                        "请先校准服务器的时钟。", "Set the server's clock right first.");
    }
    if (clock_trusted(c->app->clock)) {
        return NULL;
    }
    struct str text =
        str_fmt(c->arena, "office time %.*s confirmed by person %lld",
                STR_ARG(civil_instant_text(c->arena, c->now_ms)), (long long)c->actor.person_id);
    TRY(unit_leaf(c, 1, statement_leaf(c->arena, STATEMENT_CLOCK_STEP, text), 0, &index, hash));
    TRY(unit_outbox(c, "clock.confirmed", 0, 0, S("office"), S("{}")));
    TRY(unit_audit(c, S("clock"), STR_NONE));
    unit_on_commit(c, confirmed, NULL);
    return NULL;
}

static const enum err_code NOTICE_ERRORS[] = {ERR_CALENDAR, ERR_CODE_MAX};
static const enum err_code CONFIRM_ERRORS[] = {ERR_CONFLICT, ERR_CODE_MAX};

/* clang-format off */
static const struct op OPS[] = {
    {.name = "calendar.get", .method = OP_GET, .path = "/calendar", .lane = LANE_READ, .perm = PERM_PUBLIC, .in = YEAR_IN, .in_size = sizeof(struct in_year),
     .out = YEAR_OUT, .out_size = sizeof(struct out_year), .fn = year_get, .zh = "节假日", .en = "Holidays"},
    {.name = "calendar.preview", .method = OP_POST, .path = "/calendar/preview", .lane = LANE_SLOW, .perm = PERM_BUREAU, .flags = OP_JSON_RAW | OP_NO_KEY, .in = NOTICE_IN, .in_size = sizeof(struct in_notice),
     .fn = notice_preview, .errors = NOTICE_ERRORS, .zh = "预览节假日通知的影响", .en = "What a holiday notice would change", .reply_schema = SCHEMA_OF("CalendarChange")},
    {.name = "calendar.import", .method = OP_POST, .path = "/calendar/import", .lane = LANE_WRITE, .perm = PERM_BUREAU, .flags = OP_JSON_RAW, .in = NOTICE_IN, .in_size = sizeof(struct in_notice),
     .fn = notice_import, .errors = NOTICE_ERRORS, .zh = "导入节假日通知", .en = "Import a holiday notice", .reply_schema = SCHEMA_OF("CalendarChange")},
    {.name = "clock.confirm", .method = OP_POST, .path = "/clock/confirm", .lane = LANE_WRITE, .perm = PERM_SYSTEM_ADMIN, .in = CONFIRM_IN, .in_size = sizeof(struct in_confirm),
     .out = CONFIRM_OUT, .out_size = sizeof(struct out_confirm), .fn = confirm, .errors = CONFIRM_ERRORS, .zh = "确认系统日期", .en = "Confirm the date"},
};
/* clang-format on */

const struct module calendar_module = {.name = "calendar", .ops = OPS, .n_ops = COUNT_OF(OPS)};
