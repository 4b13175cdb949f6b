/* The parts of a definition as JSON. Private to the folder. */
#ifndef HUHANG_APP_DEFINITION_PARTS_H
#define HUHANG_APP_DEFINITION_PARTS_H

#include "procedure/view.h"

/* Each writes the value of its key: a list. */
void definition_states(struct call *c, const struct definition *d, struct jw *w);
void definition_acts(struct call *c, const struct definition *d, struct jw *w);
void definition_clocks(struct call *c, const struct definition *d, struct jw *w);
void definition_groups(const struct definition *d, struct jw *w);
/* One row for each act and pair of states; `from` null: a start. Acts that change no state have
 * none. */
void definition_edges(struct call *c, const struct definition *d, struct jw *w);

#endif
