/* huhang id check: identifiers by the thousand, from the command line or a pipe. One line in, one
 * line out, so that the two can be laid side by side. */
#include "main/cli.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/utf8.h"
#include "civil/ident.h"
#include "sys/clock.h"
#include "wire/jval.h"

#include <stdio.h>
#include <string.h>

#define MAX_CODE 256

static enum ident_fault check_uscc(struct str s, int32_t today)
{
    (void)today;
    return ident_check_uscc(s);
}

static enum ident_fault check_org(struct str s, int32_t today)
{
    (void)today;
    return ident_check_org(s);
}

static enum ident_fault check_phone(struct str s, int32_t today)
{
    (void)today;
    return ident_check_phone(s);
}

static const struct kind {
    const char *word;
    enum ident_fault (*check)(struct str s, int32_t today);
} KINDS[] = {
    {"uscc", check_uscc},
    {"rid", ident_check_rid},
    {"org", check_org},
    {"phone", check_phone},
};

struct run {
    struct arena *arena; /* reset after each code */
    const struct kind *kind;
    int32_t today;
    bool json;
    size_t n, n_bad;
};

/* Text of unknown origin, fit for a terminal. */
static struct str printable(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        buf_putc(&b, s.p[i] > ' ' && s.p[i] < 0x7F ? s.p[i] : '?');
    }
    return buf_str(&b);
}

static void print_text(struct str code, enum ident_fault fault)
{
    if (fault == IDENT_OK) {
        (void)printf("ok %.*s\n", STR_ARG(code));
    } else {
        (void)printf("bad %.*s %s\n", STR_ARG(code.n > 0 ? code : S("-")), ident_fault_word(fault));
    }
}

static void print_json(const struct run *r, struct str code, enum ident_fault fault)
{
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, 128);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "code", code);
    jw_kbool(&w, "ok", fault == IDENT_OK);
    if (fault != IDENT_OK) {
        jw_kstr(&w, "reason", str_of(ident_fault_word(fault)));
        jw_kstr(&w, "zh", str_of(ident_fault_zh(fault)));
        jw_kstr(&w, "en", str_of(ident_fault_en(fault)));
    }
    jw_end_obj(&w);
    (void)printf("%s\n%.*s", r->n == 0 ? "" : ",", STR_ARG(buf_str(&b)));
}

static void check_one(struct run *r, struct str given)
{
    size_t at = 0;
    const char *why = NULL;
    struct str code = str_trim(given);
    enum ident_fault fault = IDENT_CHARACTER;
    if (utf8_text_ok(str_bytes(code), &at, &why)) {
        code = ident_normalise(r->arena, code);
        fault = r->kind->check(code, r->today);
    } else {
        code = printable(r->arena, code);
    }
    if (r->json) {
        print_json(r, code, fault);
    } else {
        print_text(code, fault);
    }
    r->n++;
    r->n_bad += fault != IDENT_OK;
    arena_reset(r->arena);
}

/* Lines of standard input; what is longer than any code is cut, and so refused. */
static void check_stdin(struct run *r)
{
    char line[MAX_CODE];
    size_t n = 0;
    int c = 0;
    while ((c = getc(stdin)) != EOF) {
        if (c == '\n') {
            check_one(r, (struct str){line, n});
            n = 0;
        } else if (n < sizeof(line)) {
            line[n++] = (char)c;
        }
    }
    if (n > 0) {
        check_one(r, (struct str){line, n});
    }
}

static const struct kind *find_kind(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        if (strcmp(word, KINDS[i].word) == 0) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static int32_t today(void)
{
    struct clock_source *clock = clock_real();
    int32_t day = civil_day_of(clock_real_ms(clock));
    clock_free(clock);
    return day;
}

/* The codes among the arguments, or standard input when there are none. */
static int check_all(struct run *r, int argc, char **argv)
{
    bool given = false;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "-") == 0) {
            check_stdin(r);
            given = true;
        } else if (strcmp(argv[i], "--json") != 0) {
            check_one(r, str_of(argv[i]));
            given = true;
        }
    }
    if (!given) {
        check_stdin(r);
    }
    return ferror(stdin) ? CLI_FAILED : r->n_bad > 0 ? CLI_NO : CLI_DONE;
}

int cli_id(int argc, char **argv)
{
    const struct kind *kind =
        argc >= 3 && strcmp(argv[1], "check") == 0 ? find_kind(argv[2]) : NULL;
    if (kind == NULL) {
        return cli_use("用法：huhang id check uscc|rid|org|phone [号码… | -] [--json]",
                       "Usage: huhang id check uscc|rid|org|phone [CODE… | -] [--json]");
    }
    struct run r = {.arena = arena_new(0), .kind = kind, .today = today()};
    for (int i = 3; i < argc; i++) {
        r.json = r.json || strcmp(argv[i], "--json") == 0;
    }
    if (r.json) {
        (void)fputs("[", stdout);
    }
    int status = check_all(&r, argc - 3, argv + 3);
    if (r.json) {
        (void)fputs("\n]\n", stdout);
    }
    arena_free(r.arena);
    return cli_end(status);
}
