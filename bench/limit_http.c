/* The least an HTTP server can do with libmicrohttpd (limits.h): epoll, two threads, keep-alive, as
 * the product runs it; a constant body of the size of a short reply. */
#include "limits.h"

#include <microhttpd.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char REPLY[] = "{\"id\":1099511627790,\"number\":\"GX2026-003172\",\"state\":"
                            "\"review\",\"due_on\":\"2026-12-21\"}";

static enum MHD_Result answer(void *cls,
                              struct MHD_Connection *c,
                              const char *url,
                              const char *method,
                              const char *version,
                              const char *data,
                              size_t *size,
                              void **seen)
{
    static int begun;
    struct MHD_Response *r = NULL;
    enum MHD_Result done = MHD_NO;

    (void)cls, (void)url, (void)method, (void)version, (void)data;
    if (*seen == NULL) {
        *seen = &begun;
        return MHD_YES;
    }
    if (*size > 0) { /* the body is read and forgotten */
        *size = 0;
        return MHD_YES;
    }
    r = MHD_create_response_from_buffer(sizeof REPLY - 1, (void *)(unsigned long)REPLY,
                                        MHD_RESPMEM_PERSISTENT);
    if (r == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(r, "Content-Type", "application/json");
    done = MHD_queue_response(c, MHD_HTTP_OK, r);
    MHD_destroy_response(r);
    return done;
}

int limit_http(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    const union MHD_DaemonInfo *port = NULL;
    struct MHD_Daemon *d = NULL;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL,
                         MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT, 1024U,
                         MHD_OPTION_END);
    port = d == NULL ? NULL : MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);
    if (port == NULL) {
        (void)fputs("limits: no HTTP server\n", stderr);
        return 3;
    }
    printf("%u\n", (unsigned)port->port);
    (void)fflush(stdout);
    for (;;) {
        (void)pause();
    }
}
