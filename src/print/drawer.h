/* A process of its own that draws letters, so that fonts (about 100 MB) never weigh on the server;
 * it ends when idle for a minute and is started again when needed (performance.md 4.15). Talks over
 * a socket pair with length-prefixed JSON and bytes. One caller at a time; SLOW lane only. */
#ifndef HUHANG_PRINT_DRAWER_H
#define HUHANG_PRINT_DRAWER_H

#include "print/letter.h"

struct drawer;
struct drawer *drawer_new(void);
void drawer_free(struct drawer *d); /* ends the process */
struct err *drawer_letter(struct arena *a,
                          struct drawer *d,
                          struct str name,
                          const struct jval *data,
                          struct str qr,
                          bool sample,
                          struct bytes *ret) MUST_CHECK;
/* Entry of the child: `huhang draw-letters` re-executes the program (argv[1]) with the socket as
 * fd 3. */
int drawer_main(void);

#endif
