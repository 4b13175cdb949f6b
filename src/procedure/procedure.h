/* Definitions in service: the set in memory and their rows in table `definition`. */
#ifndef HUHANG_PROCEDURE_PROCEDURE_H
#define HUHANG_PROCEDURE_PROCEDURE_H

#include "procedure/engine.h"

/* The same as procedure_start without writing: for read-only connections (verify). Versions that
 * the program carries and the data base does not know have no id. */
struct err *procedure_read(struct call *c) MUST_CHECK;
/* definition.id of a loaded definition. */
int64_t procedure_definition_id(const struct app *app, const struct definition *d);
/* allowed acts as a JSON list, as docs/api.md shows. */
void allowed_write(
    struct call *c, struct matter *m, const struct allowed_act *acts, size_t n, struct jw *w);

#endif
