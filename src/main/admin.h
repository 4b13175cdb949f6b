/* Commands for a server that runs: the same operations over DIR/admin.sock, as the command line
 * (design.md 3). */
#ifndef HUHANG_MAIN_ADMIN_H
#define HUHANG_MAIN_ADMIN_H

#include "base/err.h"

/* Does a server listen on the folder's socket? */
bool admin_running(struct arena *a, struct str data);
/* POSTs a JSON body to a path below /api/v1 with a fresh command id; *ret_body is the JSON of the
 * reply. A problem comes back as an error with its words. */
struct err *admin_post(struct arena *a,
                       struct str data,
                       const char *path,
                       struct str body,
                       struct str *ret_body) MUST_CHECK;

#endif
