/* The log. A line is built in a local buffer and written with one write(2) of at most PIPE_BUF
 * bytes, so lines of several threads never mix and no lock is needed. A line that is too long is
 * cut at a character. What could end or forge a line (control characters, quotes, ill-formed UTF-8)
 * is escaped. Of an error only code, cause and place are logged: its detail may quote what a person
 * wrote. */
#include "sys/log.h"

#include "base/check.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES   4096
#define TAIL_BYTES   8 /* kept free for the closing quote, brace and newline */
#define DAY_S        86400
#define CHINA_TIME_S ((time_t)8 * 3600)

static _Atomic int least_level = LOG_INFO;
static atomic_bool as_json = true;

struct line {
    char text[LINE_BYTES];
    size_t n;
    bool json;
};

void log_set(enum log_level least, bool json)
{
    atomic_store(&least_level, (int)least);
    atomic_store(&as_json, json);
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARN:
        return "warn";
    case LOG_ERROR:
        return "error";
    }
    UNREACHABLE();
}

static bool put(struct line *l, struct str s)
{
    if (s.n > sizeof(l->text) - TAIL_BYTES || l->n > sizeof(l->text) - TAIL_BYTES - s.n) {
        return false;
    }
    memcpy(l->text + l->n, s.p, s.n);
    l->n += s.n;
    return true;
}

/* The text of one character of s, escaped where needed; `raw` bytes are of ill-formed text. */
static bool put_char(struct line *l, uint32_t cp, struct str as_is, bool raw)
{
    char escape[16];

    if (cp < 0x20 || cp == 0x7F || (raw && cp > 0x7F)) {
        int n = snprintf(escape, sizeof(escape), "\\u%04x", cp);

        return put(l, (struct str){escape, (size_t)n});
    }
    if (l->json && (cp == '"' || cp == '\\')) {
        escape[0] = '\\';
        escape[1] = (char)cp;
        return put(l, (struct str){escape, 2});
    }
    return put(l, as_is);
}

static void put_safe(struct line *l, struct str s)
{
    bool valid = utf8_valid(str_bytes(s)), room = true;

    for (size_t at = 0; at < s.n && room;) {
        size_t from = at;
        uint32_t cp = valid ? utf8_next(s, &at) : (unsigned char)s.p[at++];

        room = put_char(l, cp, str_sub(s, from, at), !valid);
    }
}

/* One field: `,"name":"text"` or ` name=text`; an empty one is left out. */
static void put_field(struct line *l, const char *name, struct str text)
{
    size_t before = l->n;

    if (text.n == 0) {
        return;
    }
    if (!put(l, l->json ? S(",\"") : S(" ")) || !put(l, str_of(name)) ||
        !put(l, l->json ? S("\":\"") : S("="))) {
        l->n = before;
        return;
    }
    put_safe(l, text);
    if (l->json) {
        l->text[l->n++] = '"';
    }
}

/* Year, month and day of a day number since 1970-01-01, counting years from March so that the leap
 * day is the last day of its year. (civil/ is a neighbour floor; this is for people reading logs.)
 */
static void day_of(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t since = days + 719468; /* from 0000-03-01 */
    int64_t era = since / 146097, day = since % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    *ret_day = (int)(of_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int)(era * 400 + year + (*ret_month <= 2));
}

static void begin(struct line *l, enum log_level level)
{
    struct timespec now;
    char stamp[64];
    int year, month, day;

    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    time_t local = now.tv_sec + CHINA_TIME_S;
    int of_day = (int)(local % DAY_S);
    day_of(local / DAY_S, &year, &month, &day);
    int n =
        snprintf(stamp, sizeof(stamp), "%04d-%02d-%02dT%02d:%02d:%02d.%03d+08:00", year, month, day,
                 of_day / 3600, of_day / 60 % 60, of_day % 60, (int)(now.tv_nsec / 1000000));
    CHECK(n > 0 && (size_t)n < sizeof(stamp));
    l->n = 0;
    l->json = atomic_load(&as_json);
    bool room = put(l, l->json ? S("{\"time\":\"") : S("")) && put(l, str_of(stamp)) &&
                put(l, l->json ? S("\",\"level\":\"") : S(" ")) &&
                put(l, str_of(level_name(level))) && put(l, l->json ? S("\"") : S(""));
    CHECK(room);
}

static void end(struct line *l)
{
    if (l->json) {
        l->text[l->n++] = '}';
    }
    l->text[l->n++] = '\n';
    for (size_t done = 0; done < l->n;) {
        ssize_t wrote = write(STDERR_FILENO, l->text + done, l->n - done);

        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (errno != EINTR) {
            return; /* nowhere left to complain */
        }
    }
}

void log_line(enum log_level level, const char *fmt, ...)
{
    char message[LINE_BYTES];
    struct line l;
    va_list args;

    if ((int)level < atomic_load(&least_level)) {
        return;
    }
    va_start(args, fmt);
    int n = vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    CHECK(n >= 0);
    size_t len = (size_t)n < sizeof(message) ? (size_t)n : sizeof(message) - 1;
    while (len < (size_t)n && len > 0 && ((unsigned char)message[len - 1] & 0x80) != 0) {
        len--; /* the cut may have split a character: drop the last ones up to ASCII */
    }
    begin(&l, level);
    put_field(&l, "message", (struct str){message, len});
    end(&l);
}

void log_err(enum log_level level, struct str request_id, const struct err *e)
{
    const struct err_info *info = err_info(e->code);
    char place[256];
    struct line l;

    if ((int)level < atomic_load(&least_level)) {
        return;
    }
    int n = snprintf(place, sizeof(place), "%s:%d", e->file, e->line);
    CHECK(n >= 0);
    begin(&l, level);
    put_field(&l, "request", request_id);
    put_field(&l, "code", str_of(info->slug));
    put_field(&l, "message", str_of(info->en));
    put_field(&l, "cause", e->cause);
    put_field(&l, "at", str_of(place));
    end(&l);
}
