/* The server's side of the drawer. The child is this very program started anew with `draw-letters`
 * (so it needs no path and survives an upgrade of the file), and an environment without the
 * server's settings. Drawing is pure, so a letter whose child died is simply asked for once more
 * from a new child. A child that ended itself when idle is reaped at the next letter or at the end.
 * Lock order: the lock here is a leaf; it is held while a letter is drawn. */
#include "print/drawer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "print/drawer_frame.h"
#include "sys/thread.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_FD 3
#define WAIT_MS  30000 /* for one letter; the child's alarm comes earlier */
#define TRIES    2
#define KEPT_MAX 8

struct drawer {
    struct mutex *lock;
    pid_t pid; /* 0: no child */
    int fd;
};

struct drawer *drawer_new(void)
{
    struct drawer *d = mem_new(1, sizeof(*d));

    d->lock = mutex_new();
    d->fd = -1;
    return d;
}

int drawer_child(const struct drawer *d)
{
    return d->pid;
}

static void stop_child(struct drawer *d)
{
    if (d->pid == 0) {
        return;
    }
    (void)close(d->fd);
    (void)kill(d->pid, SIGKILL);
    while (waitpid(d->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    d->pid = 0;
    d->fd = -1;
}

void drawer_free(struct drawer *d)
{
    if (d != NULL) {
        stop_child(d);
        mutex_free(d->lock);
        mem_free(d);
    }
}

/* Where fonts and their cache are, and the settings of sanitizers; nothing of ours. */
static void kept_environment(char **ret)
{
    static const char *const KEPT[] = {"HOME=",         "XDG_CACHE_HOME=", "FONTCONFIG_",
                                       "ASAN_OPTIONS=", "LSAN_OPTIONS=",   "UBSAN_OPTIONS="};
    size_t n = 0;

    for (char **e = environ; e != NULL && *e != NULL; e++) {
        for (size_t i = 0; i < COUNT_OF(KEPT) && n < KEPT_MAX; i++) {
            if (str_starts(str_of(*e), str_of(KEPT[i]))) {
                ret[n++] = *e;
            }
        }
    }
    ret[n] = NULL;
}

/* 0, or an errno. Signals are as at the start of a program: the server blocks them all. */
static int spawn(int fd, pid_t *ret)
{
    char name[] = "huhang", verb[] = "draw-letters";
    char *argv[] = {name, verb, NULL}, *env[KEPT_MAX + 1];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    int e;

    kept_environment(env);
    CHECK(sigemptyset(&none) == 0 && sigfillset(&all) == 0);
    CHECK(posix_spawn_file_actions_init(&files) == 0 && posix_spawnattr_init(&attr) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&files, fd, CHILD_FD) == 0);
    CHECK(posix_spawnattr_setsigmask(&attr, &none) == 0 &&
          posix_spawnattr_setsigdefault(&attr, &all) == 0);
    CHECK(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0);
    e = posix_spawn(ret, "/proc/self/exe", &files, &attr, argv, env);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attr);
    return e;
}

static struct err *start_failed(struct arena *a, int number)
{
    return err_cause(ERROR(a, ERR_IO, "无法启动公文绘制程序。",
                           "The program that draws letters could not be started."),
                     "errno %d", number);
}

static struct err *start_child(struct arena *a, struct drawer *d)
{
    int pair[2], e;

    if (d->pid != 0) {
        return NULL;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return start_failed(a, errno);
    }
    e = spawn(pair[1], &d->pid);
    (void)close(pair[1]);
    if (e != 0) {
        (void)close(pair[0]);
        d->pid = 0;
        return start_failed(a, e);
    }
    d->fd = pair[0];
    return NULL;
}

static struct bytes request_of(struct arena *a, const struct drawer_job *job)
{
    struct buf out;
    struct jw w;

    buf_init(&out, a, 4096);
    jw_init(&w, &out);
    jw_obj(&w);
    jw_kstr(&w, "name", job->name);
    jw_key(&w, S("data"));
    jw_val(&w, job->data);
    jw_kstr(&w, "qr", job->qr);
    jw_kbool(&w, "sample", job->sample);
    jw_end_obj(&w);
    return buf_bytes(&out);
}

/* One attempt. Whatever went wrong, the child is gone afterwards. */
static struct err *ask(struct arena *a,
                       struct drawer *d,
                       struct bytes request,
                       enum frame_result *ret_how,
                       struct bytes *ret)
{
    TRY(start_child(a, d));
    *ret_how = frame_send(d->fd, request, WAIT_MS);
    if (*ret_how == FRAME_OK) {
        *ret_how = frame_receive(a, d->fd, DRAWER_REPLY_MAX, WAIT_MS, ret);
    }
    if (*ret_how != FRAME_OK) {
        stop_child(d);
    }
    return NULL;
}

static struct err *drawing_failed(struct arena *a, enum frame_result how)
{
    const char *why =
        how == FRAME_TIMEOUT ? "the drawer gave no answer in time" : "the drawer ended twice";

    return err_cause(ERROR(a, ERR_INTERNAL, "公文未能画成 PDF，稍后会再试。",
                           "The letter could not be drawn as a PDF; it will be tried again."),
                     "%s", why);
}

/* The child's error as ours. */
static struct err *from_problem(struct arena *a, struct bytes json)
{
    struct jval v;
    struct err *e;
    int64_t code;

    TRY(jread(a, json, &v));
    code = jval_int(jval_get(&v, S("code")), ERR_INTERNAL);
    e = ERROR_TEXT(a, code >= 0 && code < ERR_CODE_MAX ? (enum err_code)code : ERR_INTERNAL,
                   jval_str(jval_get(&v, S("zh"))), jval_str(jval_get(&v, S("en"))));
    e->hint_zh = jval_str(jval_get(&v, S("hint_zh")));
    e->hint_en = jval_str(jval_get(&v, S("hint_en")));
    return err_cause(e, "%.*s", STR_ARG(jval_str(jval_get(&v, S("cause")))));
}

struct err *
drawer_letter(struct arena *a, struct drawer *d, const struct drawer_job *job, struct bytes *ret)
{
    struct bytes request = request_of(a, job), reply = {NULL, 0};
    enum frame_result how = FRAME_ENDED;
    struct err *e = NULL;

    if (request.n > DRAWER_REQUEST_MAX) {
        return ERROR(a, ERR_BODY_TOO_LARGE, "公文内容为 %zu 字节，超过 1 MiB。",
                     "The letter's content has %zu bytes, more than 1 MiB.", request.n);
    }
    mutex_lock(d->lock);
    for (int i = 0; i < TRIES && how == FRAME_ENDED && e == NULL; i++) {
        e = ask(a, d, request, &how, &reply);
    }
    mutex_unlock(d->lock);
    TRY(e);
    if (how != FRAME_OK || reply.n == 0) {
        return drawing_failed(a, how);
    }
    if (reply.p[0] != 0) {
        return from_problem(a, (struct bytes){reply.p + 1, reply.n - 1});
    }
    *ret = (struct bytes){reply.p + 1, reply.n - 1};
    return NULL;
}
