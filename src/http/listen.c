/* Listening sockets, made by us so that every failure can be named (see inner.h). */
#include "base/arena.h"
#include "base/num.h"
#include "http/inner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG     1024
#define OTHER_FILES ((rlim_t)128) /* data base, log, lock, spool */

/* Either family, as bind wants it. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* "1.2.3.4:80", "[::1]:80", "localhost:80", ":80" (every address). */
static bool parse_address(struct arena *a, struct str text, union address *ret, socklen_t *ret_n)
{
    ptrdiff_t colon = -1;
    int64_t port;

    for (size_t i = 0; i < text.n; i++) {
        colon = text.p[i] == ':' ? (ptrdiff_t)i : colon;
    }
    if (colon < 0 || !num_parse(str_sub(text, (size_t)colon + 1, text.n), 0, 65535, &port)) {
        return false;
    }
    struct str host = str_sub(text, 0, (size_t)colon);
    memset(ret, 0, sizeof(*ret));
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_port = htons((uint16_t)port);
        *ret_n = sizeof(ret->v6);
        return inet_pton(AF_INET6, str_z(a, str_sub(host, 1, host.n - 1)), &ret->v6.sin6_addr) == 1;
    }
    host = str_eqz(host, "localhost") ? S("127.0.0.1") : host.n == 0 ? S("0.0.0.0") : host;
    ret->v4.sin_family = AF_INET;
    ret->v4.sin_port = htons((uint16_t)port);
    *ret_n = sizeof(ret->v4);
    return inet_pton(AF_INET, str_z(a, host), &ret->v4.sin_addr) == 1;
}

static struct err *listen_failed(struct arena *a, struct str address, int fd, int why)
{
    struct err *e;

    if (fd >= 0) {
        (void)close(fd);
    }
    if (why == EADDRINUSE) {
        e = err_hint(
            ERROR(a, ERR_CONF, "地址 %.*s 已被别的程序占用", "Another program already uses %.*s",
                  STR_ARG(address)),
            "请换一个端口，例如 make run PORT=8081，或 --listen 127.0.0.1:8081",
            "Choose another port, for example make run PORT=8081, or --listen 127.0.0.1:8081");
    } else if (why == EACCES) {
        e = err_hint(
            ERROR(a, ERR_CONF, "没有权限使用 %.*s", "No permission to use %.*s", STR_ARG(address)),
            "1024 以下的端口须由管理员开放；请用 PORT= 换一个更大的端口",
            "Ports below 1024 need privileges; choose a larger one with PORT=");
    } else {
        e = err_hint(ERROR(a, ERR_CONF, "不能监听 %.*s", "Cannot listen on %.*s", STR_ARG(address)),
                     "请检查 listen 设置，格式是 地址:端口",
                     "Check the setting `listen`; its form is address:port");
    }
    return err_cause(e, "errno %d", why);
}

struct err *listen_tcp(struct arena *a, struct str address, int *ret_fd, int *ret_port)
{
    union address at;
    socklen_t n = 0;
    int on = 1;

    if (!parse_address(a, address, &at, &n)) {
        return listen_failed(a, address, -1, EINVAL);
    }
    int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return listen_failed(a, address, fd, errno);
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, &at.any, n) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, &at.any, &n) != 0) {
        return listen_failed(a, address, fd, errno);
    }
    *ret_fd = fd;
    *ret_port = ntohs(at.any.sa_family == AF_INET ? at.v4.sin_port : at.v6.sin6_port);
    return NULL;
}

struct err *listen_local(struct arena *a, struct str path, int *ret_fd)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct stat old;

    if (path.n >= sizeof(at.sun_path)) {
        return err_hint(ERROR(a, ERR_CONF, "数据文件夹的路径太长：%.*s",
                              "The path of the data folder is too long: %.*s", STR_ARG(path)),
                        "系统只允许 107 字节以内的套接字路径",
                        "The system allows socket paths of up to 107 bytes");
    }
    memcpy(at.sun_path, path.p, path.n);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return listen_failed(a, path, fd, errno);
    }
    /* We hold DIR/lock, so an old socket belongs to nobody; anything else stays and bind fails. */
    if (lstat(at.sun_path, &old) == 0 && S_ISSOCK(old.st_mode)) {
        (void)unlink(at.sun_path);
    }
    /* The mode of the socket becomes the mode of the file, so there is no open moment. */
    if (fchmod(fd, 0600) != 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
        listen(fd, BACKLOG) != 0) {
        return listen_failed(a, path, fd, errno);
    }
    *ret_fd = fd;
    return NULL;
}

size_t listen_room(size_t connections)
{
    struct rlimit have;
    rlim_t want = connections + OTHER_FILES;

    if (getrlimit(RLIMIT_NOFILE, &have) != 0) {
        return connections;
    }
    if (have.rlim_cur < want) {
        have.rlim_cur = have.rlim_max < want ? have.rlim_max : want;
        if (setrlimit(RLIMIT_NOFILE, &have) != 0 || getrlimit(RLIMIT_NOFILE, &have) != 0) {
            return connections;
        }
    }
    if (have.rlim_cur >= want) {
        return connections;
    }
    return have.rlim_cur > 2 * OTHER_FILES ? have.rlim_cur - OTHER_FILES : OTHER_FILES;
}
