/* Frames on a non-blocking or blocking socket: poll, then as much as goes (drawer_frame.h). */
#include "print/drawer_frame.h"

#include "base/arena.h"
#include "base/check.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#define HEAD_BYTES 4

static enum frame_result wait_for(int fd, short events, int wait_ms)
{
    struct pollfd p = {.fd = fd, .events = events};
    int n;

    do {
        n = poll(&p, 1, wait_ms);
    } while (n < 0 && errno == EINTR);
    return n > 0 ? FRAME_OK : n == 0 ? FRAME_TIMEOUT : FRAME_ENDED;
}

static enum frame_result send_all(int fd, struct bytes b, int wait_ms)
{
    while (b.n > 0) {
        enum frame_result r = wait_for(fd, POLLOUT, wait_ms);
        ssize_t n;

        if (r != FRAME_OK) {
            return r;
        }
        n = send(fd, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EINTR && errno != EAGAIN) {
            return FRAME_ENDED;
        }
        if (n > 0) {
            b.p += n;
            b.n -= (size_t)n;
        }
    }
    return FRAME_OK;
}

static enum frame_result receive_all(int fd, unsigned char *p, size_t left, int wait_ms)
{
    while (left > 0) {
        enum frame_result r = wait_for(fd, POLLIN, wait_ms);
        ssize_t n;

        if (r != FRAME_OK) {
            return r;
        }
        n = recv(fd, p, left, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
            return FRAME_ENDED;
        }
        if (n > 0) {
            p += n;
            left -= (size_t)n;
        }
    }
    return FRAME_OK;
}

enum frame_result frame_send(int fd, struct bytes content, int wait_ms)
{
    CHECK(content.n <= UINT32_MAX);
    unsigned char head[HEAD_BYTES] = {(unsigned char)(content.n >> 24),
                                      (unsigned char)(content.n >> 16),
                                      (unsigned char)(content.n >> 8), (unsigned char)content.n};
    enum frame_result r = send_all(fd, (struct bytes){head, sizeof(head)}, wait_ms);

    return r == FRAME_OK ? send_all(fd, content, wait_ms) : r;
}

enum frame_result frame_receive(struct arena *a, int fd, size_t max, int wait_ms, struct bytes *ret)
{
    unsigned char head[HEAD_BYTES], *p;
    enum frame_result r = receive_all(fd, head, sizeof(head), wait_ms);
    size_t n;

    if (r != FRAME_OK) {
        return r;
    }
    n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (n > max) {
        return FRAME_ENDED;
    }
    p = ARENA_ARRAY(a, unsigned char, n + 1);
    r = receive_all(fd, p, n, wait_ms);
    *ret = (struct bytes){p, n};
    return r;
}
