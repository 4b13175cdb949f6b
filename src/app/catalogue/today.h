/* "If you hand in everything today": the dates of a guide. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_TODAY_H
#define HUHANG_APP_CATALOGUE_TODAY_H

#include "run/app.h"
#include "wire/jval.h"

/* `if_today` as a member: an application that is received now, and accepted now where the limit
 * counts from acceptance, without pauses and extension. Dates that a limit does not give are null.
 */
void today_write(struct call *c, const struct jval *body, struct jw *w);

#endif
