/* What the server and its drawer say to each other over a socket pair: frames of a 32-bit
 * big-endian length and that many bytes. A request is JSON {name, data, qr, sample}; a reply is one
 * byte, 0 and the PDF, or 1 and JSON {code, zh, en, hint_zh, hint_en, cause}. Private to the floor.
 */
#ifndef HUHANG_PRINT_DRAWER_FRAME_H
#define HUHANG_PRINT_DRAWER_FRAME_H

#include "print/drawer.h"

#define DRAWER_REQUEST_MAX ((size_t)1 << 20)
#define DRAWER_REPLY_MAX   ((size_t)16 << 20)

enum frame_result {
    FRAME_OK,
    FRAME_ENDED,   /* the other side is gone, or broke the rules */
    FRAME_TIMEOUT, /* nothing came in time */
};

/* Both wait at most wait_ms for each step of the other side. */
enum frame_result frame_send(int fd, struct bytes content, int wait_ms);
enum frame_result
frame_receive(struct arena *a, int fd, size_t max, int wait_ms, struct bytes *ret);
/* The child's loop: answers requests until the socket ends or idle_ms pass without one. The exit
 * status: 0, or 2 when fd is no socket. drawer_main is this on fd 3. */
int drawer_serve(int fd, int idle_ms);
/* The process of the child, 0 when there is none; for the tests. */
int drawer_child(const struct drawer *d);

#endif
