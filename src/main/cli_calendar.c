/* huhang calendar: the law of days on the command line. `add` and `explain` are the arithmetic of
 * clocks (civil/clock.h), not of almanacs: the first day is not counted (民法典 201), calendar-day
 * and month limits roll off a day off (民法典 203). */
#include "main/cli.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/num.h"
#include "civil/clock.h"
#include "sys/file.h"
#include "wire/jval.h"

#include <stdio.h>
#include <string.h>

#define MAX_FILE_BYTES ((size_t)4 << 20)
#define MAX_AMOUNT     100000
#define MAX_WORDS      2

struct command {
    struct arena *arena;
    const struct cli_calendar_door *door;
    const char *verb, *data, *unit;
    const char *words[MAX_WORDS];
    size_t n_words;
    bool json;
    const struct calendar *calendar;
};

/* A limit that begins at a date. */
struct question {
    int32_t start_day;
    struct clock_spec spec;
    struct clock_due due;
};

static int usage(void)
{
    return cli_use("用法：huhang calendar add 日期 数量 [--unit wd|cd|mo|y|h|sh]\n"
                   "      huhang calendar between 日期 日期\n"
                   "      huhang calendar explain 日期 数量 [--unit …]\n"
                   "      huhang calendar import 文件 | preview 文件\n"
                   "      均可加 [--data 目录] [--json]；日期写作 YYYY-MM-DD。",
                   "Usage: huhang calendar add DATE N [--unit wd|cd|mo|y|h|sh] | between A B |\n"
                   "       explain DATE N [--unit …] | import FILE | preview FILE\n"
                   "       each with [--data DIR] [--json]; DATE is YYYY-MM-DD.");
}

/* Words and options; false on what is not known. */
static bool read_arguments(struct command *c, int argc, char **argv)
{
    c->verb = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; i++) {
        const char **value = strcmp(argv[i], "--unit") == 0   ? &c->unit
                             : strcmp(argv[i], "--data") == 0 ? &c->data
                                                              : NULL;
        if (value != NULL && i + 1 < argc) {
            *value = argv[++i];
        } else if (strcmp(argv[i], "--json") == 0) {
            c->json = true;
        } else if (value == NULL && argv[i][0] != '-' && c->n_words < MAX_WORDS) {
            c->words[c->n_words++] = argv[i];
        } else {
            return false;
        }
    }
    return true;
}

static struct err *load_calendar(struct command *c)
{
    struct holiday *rows = NULL;
    size_t n = 0;
    struct calendar *calendar = NULL;
    if (c->data != NULL) {
        TRY(c->door->rows(c->arena, c->data, &rows, &n));
    } else {
        TRY(calendar_read_csv(c->arena, calendar_builtin(), &rows, &n));
    }
    TRY(calendar_new(c->arena, rows, n, &calendar));
    c->calendar = calendar;
    return NULL;
}

/* Reads a date of the calendar; otherwise says what is wrong with it. */
static int read_day(const struct command *c, const char *word, int32_t *ret)
{
    if (!civil_parse(str_of(word), ret)) {
        return cli_use("日期“%s”不对：须写作 YYYY-MM-DD，且确有其日（1900–2199年）。",
                       "“%s” is no date: write YYYY-MM-DD, a day that exists (1900–2199).", word);
    }
    if (*ret < calendar_first(c->calendar)) {
        char first[11];
        civil_format(calendar_first(c->calendar), first);
        return cli_use("日期“%s”早于日历的第一天 %s。",
                       "“%s” is before the first day of the calendar, %s.", word, first);
    }
    return CLI_DONE;
}

static int read_limit(const struct command *c, const char *word, struct duration *ret)
{
    int64_t amount = 0;
    if (!num_parse(str_of(word), 0, MAX_AMOUNT, &amount)) {
        return cli_use("数量“%s”不对：须是 0 到 %d 的整数。",
                       "“%s” is no amount: write a whole number from 0 to %d.", word, MAX_AMOUNT);
    }
    const char *unit = c->unit != NULL ? c->unit : "wd";
    if (!duration_parse(str_fmt(c->arena, "%d%s", (int)amount, unit), ret)) {
        return cli_use("单位“%s”不对：须是 wd、cd、mo、y、h 或 sh。",
                       "“%s” is no unit: write wd, cd, mo, y, h or sh.", unit);
    }
    return CLI_DONE;
}

/* DATE N of `add` and `explain`. Hours begin with the day, since there is no better instant. */
static int ask(const struct command *c, struct question *q)
{
    if (c->n_words != 2) {
        return usage();
    }
    struct clock_spec s = {.calendar = c->calendar};
    int status = read_day(c, c->words[0], &q->start_day);
    if (status == CLI_DONE) {
        status = read_limit(c, c->words[1], &s.limit);
    }
    if (status != CLI_DONE) {
        return status;
    }
    s.start_day = q->start_day;
    s.start_ms = civil_day_start(q->start_day);
    q->spec = s;
    q->due = clock_compute(&q->spec, q->start_day);
    return CLI_DONE;
}

static bool by_hours(const struct question *q)
{
    return q->spec.limit.unit == CIVIL_H || q->spec.limit.unit == CIVIL_SH;
}

/* The date comes last, then "provisional". Of hours the instant comes first. */
static void print_due(const struct command *c, const struct question *q)
{
    char day[11];
    civil_format(by_hours(q) ? civil_day_of(q->due.due_ms) : q->due.due_day, day);
    if (by_hours(q)) {
        (void)printf("%.*s ", STR_ARG(civil_instant_text(c->arena, q->due.due_ms)));
    }
    (void)printf("%s%s\n", day, q->due.provisional ? " provisional" : "");
}

static void json_due(const struct command *c, struct jw *w, const struct question *q)
{
    struct arena *a = c->arena;
    jw_kstr(w, "start", civil_text(a, q->start_day));
    jw_kstr(w, "limit", duration_text(a, q->spec.limit));
    jw_kstr(w, "due", civil_text(a, by_hours(q) ? civil_day_of(q->due.due_ms) : q->due.due_day));
    if (by_hours(q)) {
        jw_kstr(w, "due_at", civil_instant_text(a, q->due.due_ms));
    }
    jw_kbool(w, "provisional", q->due.provisional);
    jw_kstr(w, "known_until", civil_text(a, calendar_known_until(c->calendar)));
}

static int run_add(const struct command *c)
{
    struct question q = {0};
    int status = ask(c, &q);
    if (status != CLI_DONE) {
        return status;
    }
    if (!c->json) {
        print_due(c, &q);
        return CLI_DONE;
    }
    struct buf b;
    struct jw w;
    buf_init(&b, c->arena, 256);
    jw_init(&w, &b);
    jw_obj(&w);
    json_due(c, &w, &q);
    jw_end_obj(&w);
    (void)printf("%.*s\n", STR_ARG(buf_str(&b)));
    return CLI_DONE;
}

static int run_between(const struct command *c)
{
    int32_t from = 0;
    int32_t to = 0;
    int status = c->n_words == 2 && c->unit == NULL ? read_day(c, c->words[0], &from) : usage();
    if (status == CLI_DONE) {
        status = read_day(c, c->words[1], &to);
    }
    if (status != CLI_DONE) {
        return status;
    }
    int32_t known = calendar_known_until(c->calendar);
    bool provisional = from > known || to > known;
    int32_t days = calendar_between(c->calendar, from, to);
    if (!c->json) {
        (void)printf("%d%s\n", days, provisional ? " provisional" : "");
        return CLI_DONE;
    }
    struct buf b;
    struct jw w;
    buf_init(&b, c->arena, 256);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "from", civil_text(c->arena, from));
    jw_kstr(&w, "to", civil_text(c->arena, to));
    jw_kint(&w, "working_days", days);
    jw_kint(&w, "calendar_days", (int64_t)to - from);
    jw_kbool(&w, "provisional", provisional);
    jw_kstr(&w, "known_until", civil_text(c->arena, known));
    jw_end_obj(&w);
    (void)printf("%.*s\n", STR_ARG(buf_str(&b)));
    return CLI_DONE;
}

/* clang-format off */
static const struct {
    const char *word, *zh;
} KINDS[] = {
    [CLOCK_DAY_START]   = {"start",   "起算"},
    [CLOCK_DAY_COUNTED] = {"counted", "计入"},
    [CLOCK_DAY_REST]    = {"rest",    "不计"},
    [CLOCK_DAY_PAUSED]  = {"paused",  "暂停"},
    [CLOCK_DAY_ROLLED]  = {"rolled",  "顺延"},
    [CLOCK_DAY_DUE]     = {"due",     "届满"},
};
/* clang-format on */

static void print_day(const struct command *c, const struct clock_day *d)
{
    static const char *const weekdays[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    char day[11];
    civil_format(d->day, day);
    struct str number = d->ordinal > 0 ? str_fmt(c->arena, "%d", d->ordinal) : S("-");
    (void)printf("%s %s %5.*s %s %s", day, weekdays[civil_weekday(d->day) - 1], STR_ARG(number),
                 KINDS[d->kind].zh, KINDS[d->kind].word);
    if (d->reason.n > 0) {
        (void)printf("%*s%.*s", (int)(8 - strlen(KINDS[d->kind].word)), "", STR_ARG(d->reason));
    }
    if (d->notice.n > 0) {
        (void)printf("（%.*s）", STR_ARG(d->notice));
    }
    (void)putchar('\n');
}

static void json_day(const struct command *c, struct jw *w, const struct clock_day *d)
{
    jw_obj(w);
    jw_kstr(w, "day", civil_text(c->arena, d->day));
    jw_kstr(w, "kind", str_of(KINDS[d->kind].word));
    jw_kint(w, "ordinal", d->ordinal);
    jw_kbool(w, "makeup", d->makeup);
    jw_kstr(w, "reason", d->reason);
    jw_kstr(w, "notice", d->notice);
    jw_kstr(w, "source", d->source);
    jw_end_obj(w);
}

static int run_explain(const struct command *c)
{
    struct question q = {0};
    int status = ask(c, &q);
    if (status != CLI_DONE) {
        return status;
    }
    struct clock_day *days = NULL;
    size_t n = 0;
    clock_explain(c->arena, &q.spec, &q.due, &days, &n);
    if (!c->json) {
        for (size_t i = 0; i < n; i++) {
            print_day(c, &days[i]);
        }
        print_due(c, &q);
        return CLI_DONE;
    }
    struct buf b;
    struct jw w;
    buf_init(&b, c->arena, 256 + n * 200);
    jw_init(&w, &b);
    jw_obj(&w);
    json_due(c, &w, &q);
    jw_key(&w, S("days"));
    jw_list(&w);
    for (size_t i = 0; i < n; i++) {
        json_day(c, &w, &days[i]);
    }
    jw_end_list(&w);
    jw_end_obj(&w);
    (void)printf("%.*s\n", STR_ARG(buf_str(&b)));
    return CLI_DONE;
}

/* `import` and `preview`: the file is read and judged here, the folder belongs to the door. */
static int run_change(const struct command *c, bool preview)
{
    if (c->n_words != 1 || c->unit != NULL) {
        return usage();
    }
    if (c->data == NULL) {
        return cli_use("%s 须用 --data 指明数据目录。", "%s needs --data DIR.", c->verb);
    }
    struct bytes text = {NULL, 0};
    struct holiday *rows = NULL;
    size_t n = 0;
    struct err *e = file_read(c->arena, c->words[0], MAX_FILE_BYTES, &text);
    if (e == NULL) {
        e = calendar_read_csv(c->arena, bytes_str(text), &rows, &n);
    }
    if (e != NULL) {
        return cli_failed(e);
    }
    return c->door->change(c->arena, c->data, preview, rows, n, c->json);
}

static int run(struct command *c)
{
    static const struct {
        const char *verb;
        int (*run)(const struct command *c);
    } verbs[] = {{"add", run_add}, {"between", run_between}, {"explain", run_explain}};
    if (c->data != NULL && c->door == NULL) {
        return cli_use("此处不能使用 --data。", "--data cannot be used here.");
    }
    if (strcmp(c->verb, "import") == 0 || strcmp(c->verb, "preview") == 0) {
        return run_change(c, strcmp(c->verb, "preview") == 0);
    }
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (strcmp(c->verb, verbs[i].verb) == 0) {
            struct err *e = load_calendar(c);
            return e != NULL ? cli_failed(e) : verbs[i].run(c);
        }
    }
    return usage();
}

int cli_calendar_with(int argc, char **argv, const struct cli_calendar_door *door)
{
    struct command c = {.arena = arena_new(0), .door = door};
    int status = read_arguments(&c, argc, argv) ? run(&c) : usage();
    arena_free(c.arena);
    return cli_end(status);
}

int cli_calendar(int argc, char **argv)
{
    return cli_calendar_with(argc, argv, NULL);
}
