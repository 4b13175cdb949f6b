/* pg_dump and pg_restore (copy.h). */
#include "main/copy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 16
#define ENV_MAX  1024

extern char **environ;

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static struct str percent_decoded(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n);
    for (size_t i = 0; i < s.n; i++) {
        int high = i + 2 < s.n && s.p[i] == '%' ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        buf_putc(&b, low >= 0 ? (char)(high * 16 + low) : s.p[i]);
        i += low >= 0 ? 2 : 0;
    }
    return buf_str(&b);
}

/* postgresql://user:password@host/… → without the password, and the password. */
static struct str without_password(struct arena *a, struct str url, struct str *ret_password)
{
    ptrdiff_t scheme = str_find(url, S("://"));
    struct str rest = scheme < 0 ? STR_NONE : str_sub(url, (size_t)scheme + 3, url.n);
    ptrdiff_t slash = str_find_char(rest, '/');
    struct str authority = slash < 0 ? rest : str_sub(rest, 0, (size_t)slash);
    ptrdiff_t at = str_find_char(authority, '@');
    ptrdiff_t colon = at < 0 ? -1 : str_find_char(str_sub(authority, 0, (size_t)at), ':');
    *ret_password = STR_NONE;
    if (colon < 0) {
        return url;
    }
    *ret_password = percent_decoded(a, str_sub(authority, (size_t)colon + 1, (size_t)at));
    size_t begin = (size_t)scheme + 3;
    return str_fmt(a, "%.*s%.*s", STR_ARG(str_sub(url, 0, begin + (size_t)colon)),
                   STR_ARG(str_sub(url, begin + (size_t)at, url.n)));
}

static char *own(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1, 1);
    memcpy(p, s.p, s.n);
    return p;
}

static struct err *wait_for(struct arena *a, const char *program, pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        CHECK(errno == EINTR);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return NULL;
    }
    return ERROR(a, ERR_DB, "%s 没有成功（状态 %d）。", "%s failed (status %d).", program,
                 WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

struct err *pg_tool(struct arena *a, const char *program, struct str url, const char *const *args)
{
    char *argv[ARGS_MAX], *env[ENV_MAX];
    struct str password;
    struct str address = without_password(a, url, &password);
    posix_spawnattr_t attr;
    sigset_t none;
    size_t n = 0, n_env = 0;
    pid_t child = 0;
    argv[n++] = own(a, str_of(program));
    for (size_t i = 0; args[i] != NULL; i++) {
        CHECK(n + 3 < ARGS_MAX);
        argv[n++] = own(a, str_of(args[i]));
    }
    argv[n++] = own(a, str_fmt(a, "--dbname=%.*s", STR_ARG(address)));
    argv[n] = NULL;
    for (size_t i = 0; environ[i] != NULL && n_env + 2 < ENV_MAX; i++) {
        env[n_env++] = environ[i];
    }
    if (password.p != NULL) {
        env[n_env++] = own(a, str_fmt(a, "PGPASSWORD=%.*s", STR_ARG(password)));
    }
    env[n_env] = NULL;
    sigemptyset(&none);
    CHECK(posix_spawnattr_init(&attr) == 0 && posix_spawnattr_setsigmask(&attr, &none) == 0 &&
          posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK) == 0);
    int code = posix_spawnp(&child, program, NULL, &attr, argv, env);
    (void)posix_spawnattr_destroy(&attr);
    if (code != 0) {
        return err_hint(ERROR(a, ERR_CONF, "找不到程序 %s（%s）。",
                              "The program %s cannot be run (%s).", program, strerrordesc_np(code)),
                        "请安装 PostgreSQL 的客户端程序。",
                        "Install the client programs of PostgreSQL.");
    }
    return wait_for(a, program, child);
}
