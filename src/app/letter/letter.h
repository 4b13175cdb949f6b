/* Drawing letters after the commit: the SLOW lane draws each letter once from its frozen data,
 * stores the PDF sealed, and a system act records its SHA-256 (design.md 5). A restart takes up
 * what was not drawn yet. */
#ifndef HUHANG_APP_LETTER_LETTER_H
#define HUHANG_APP_LETTER_LETTER_H

#include "print/letter.h"
#include "run/app.h"

extern const struct module letter_module;

const struct letter_set *letter_templates(const struct app *app);
/* Draws everything waiting now, on the caller's thread (demo, tests, command line): db is the
 * writer. */
struct err *letter_draw_all(struct call *c) MUST_CHECK;
/* The same, newest first, until none waits or the time is used up (real time); a server draws the
 * rest. */
struct err *letter_draw_newest(struct call *c, int64_t within_ms) MUST_CHECK;

#endif
