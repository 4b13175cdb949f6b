/* libmicrohttpd, as the rest of http/ sees it: a daemon on a listening socket calls exchange_* with
 * what arrives and sends the replies they leave (c-models 4.1). mhd.c alone knows the library. */
#ifndef HUHANG_HTTP_MHD_H
#define HUHANG_HTTP_MHD_H

#include "base/err.h"
#include "http/watch.h"

struct http;
struct mhd;      /* one daemon */
struct mhd_conn; /* the library's connection */

struct mhd_options {
    struct http *http;
    struct watch *watch;
    int listen_fd;    /* listening; ours to close after mhd_stop */
    unsigned threads; /* at least 2 */
    unsigned connections_max;
    bool local;                             /* admin.sock: its peers act as the command line */
    const char *tls_cert_pem, *tls_key_pem; /* NULL: plain; live as long as the daemon */
};

/* ERR_CONF when the library refuses (bad certificate, no TLS built in). */
struct err *mhd_start(struct arena *a, const struct mhd_options *o, struct mhd **ret) MUST_CHECK;
/* No further connection is accepted. */
void mhd_quiesce(struct mhd *m);
/* After every parked connection was resumed; closes what is left. NULL is allowed. */
void mhd_stop(struct mhd *m);
/* Parks the connection; only from its own thread. */
void mhd_suspend(struct mhd_conn *c);
/* Takes a parked connection up again; exactly once for each mhd_suspend, from any thread. */
void mhd_resume(struct mhd_conn *c);

#endif
