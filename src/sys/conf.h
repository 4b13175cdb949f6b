/* Settings: one table row each (name, kind, default, bounds, text). Sources in order of weight:
 * command line, environment HUHANG_NAME, DIR/huhang.conf (`name = value` lines), default. */
#ifndef HUHANG_SYS_CONF_H
#define HUHANG_SYS_CONF_H

#include "base/err.h"
#include "base/str.h"

struct conf {
    struct str data;   /* data folder */
    struct str db;     /* "" SQLite in the folder, or postgresql://… */
    struct str listen; /* address:port */
    struct str origin; /* public https origin for QR codes and cookies; "" = from the Host header */
    struct str key_file; /* office key, $HUHANG_KEY_FILE */
    struct str tls_cert, tls_key;
    struct str procedures; /* override folder, "" none */
    int64_t read_threads, slow_threads, http_threads, batch_max, body_max_bytes, upload_max_bytes,
        connections_max;
    int64_t session_idle_min, lock_out_after, lock_out_min, registrations_per_hour,
        events_keep_hours;
    bool demo; /* set by the data folder, not by hand */
    bool secure_cookies, draw_letters;
};

/* Reads DIR/huhang.conf if present and applies overrides ("name=value"). All faults at once. */
struct err *conf_load(struct arena *a,
                      struct str data_dir,
                      const struct str *overrides,
                      size_t n,
                      struct conf *ret) MUST_CHECK;
/* The table as text for `huhang serve --help` and the operations manual. */
struct str conf_doc(struct arena *a);

#endif
