/* Numbers about the running program in OpenMetrics text: lanes, writer, ledger, event streams, and
 * each operation's replies and time. */
#ifndef HUHANG_RUN_METRICS_H
#define HUHANG_RUN_METRICS_H

#include "base/buf.h"
#include "run/app.h"

/* Appends the whole exposition, with its # EOF. */
void metrics_print(struct app *app, struct buf *out);

#endif
