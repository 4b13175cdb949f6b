/* A process of its own that draws letters, so that fonts (about 100 MB) never weigh on the server;
 * it ends when idle for a minute and is started again when needed (performance.md 4.15). Talks over
 * a socket pair with length-prefixed JSON and bytes. SLOW lane only. */
#ifndef HUHANG_PRINT_DRAWER_H
#define HUHANG_PRINT_DRAWER_H

#include "print/letter.h"

struct drawer;
struct drawer *drawer_new(void);
void drawer_free(struct drawer *d); /* ends the process */

struct drawer_job {
    struct str name;         /* of the template */
    const struct jval *data; /* frozen with the act */
    struct str qr;           /* or none */
    bool sample;
};

/* Thread-safe; a second caller waits. Errors are those of letter_compose and letter_pdf, and
 * ERR_BODY_TOO_LARGE (data over 1 MiB), ERR_IO (no child could be started), ERR_INTERNAL (the child
 * died twice over this letter, or took longer than half a minute). */
struct err *drawer_letter(struct arena *a,
                          struct drawer *d,
                          const struct drawer_job *job,
                          struct bytes *ret) MUST_CHECK;
/* Entry of the child: `huhang draw-letters` re-executes the program (argv[1]) with the socket as
 * fd 3. */
int drawer_main(void);

#endif
