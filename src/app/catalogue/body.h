/* The body of an item version: its members, their shape, and what is filled in where they are
 * absent.
 *
 * Members that the engine reads (procedure/definition_item_list.h) bear the names of that list. The
 * guide's: unit (code), task_type, project_type, objects, tags, conditions, quantity, steps,
 * sample_form, materials, special, form, fee, result, validity, variants, notes, legal, promised,
 * correction, issue, correction_pause, commitment_text, online, sample … Texts are {"zh", "en"}.
 * Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_BODY_H
#define HUHANG_APP_CATALOGUE_BODY_H

#include "base/arena.h"
#include "wire/field.h"

extern const struct field body_rows[]; /* without offsets */

/* Shape, durations and the form; faults below `at`. */
void body_validate(struct arena *a, const struct jval *body, struct str at, struct err **faults);
/* The body with every member that the engine cannot do without: absent texts are "", counts_from is
 * acceptance, an extension is approved by the organ's head, deemed acceptance follows the regime.
 */
struct jval body_complete(struct arena *a, const struct jval *body);

/* Members by path, for readers: Chinese of a text member; STR_NONE. */
struct str body_zh(const struct jval *body, const char *name);
struct str body_text(const struct jval *body, const char *name);
bool body_bool(const struct jval *body, const char *name);
struct str body_evidence(const struct jval *body, const char *object);
/* One of the eight things of art. 30 that the body does not give: conditions, quantity, steps,
 * sample_form. Index 0..3; NULL behind the end. */
const char *body_may_miss(size_t i);
bool body_has(const struct jval *body, const char *name);

#endif
