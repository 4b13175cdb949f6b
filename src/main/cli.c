#include "main/cli.h"

#include <stdarg.h>
#include <stdio.h>

static __attribute__((format(printf, 1, 0))) void say(const char *fmt, va_list args)
{
    (void)vfprintf(stderr, fmt, args);
    (void)fputc('\n', stderr);
}

int cli_use(const char *zh, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    say(zh, args);
    va_end(args);
    va_start(args, en);
    say(en, args);
    va_end(args);
    return CLI_USE;
}

int cli_failed(const struct err *e)
{
    (void)fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(e->zh), STR_ARG(e->en));
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        (void)fprintf(stderr, "  %.*s: %.*s %.*s\n", STR_ARG(f->pointer), STR_ARG(f->zh),
                      STR_ARG(f->en));
    }
    if (e->hint_zh.p != NULL) {
        (void)fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(e->hint_zh), STR_ARG(e->hint_en));
    }
    if (e->cause.p != NULL) {
        (void)fprintf(stderr, "%.*s\n", STR_ARG(e->cause));
    }
    return CLI_FAILED;
}

int cli_end(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fputs("无法写出结果\nThe output could not be written\n", stderr);
        return CLI_FAILED;
    }
    return status;
}
