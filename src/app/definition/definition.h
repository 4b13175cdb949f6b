/* Procedure definitions as people read them: states, acts, clocks and the edges of the diagram,
 * with labels in both languages (design.md 1.2). Every version in use can be looked at. */
#ifndef HUHANG_APP_DEFINITION_DEFINITION_H
#define HUHANG_APP_DEFINITION_DEFINITION_H

#include "run/app.h"

extern const struct module definition_module;

#endif
