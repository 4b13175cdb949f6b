/* Codes of materials: item code, dash, two digits; 00 is the application form. A material keeps its
 * code for ever: the file knows materials by name only, so a name that was seen before gets its
 * code back, also after it was away, and a number is never given twice (procedures.md 2.1).
 * Private. */
#ifndef HUHANG_APP_CATALOGUE_MATERIAL_H
#define HUHANG_APP_CATALOGUE_MATERIAL_H

#include "base/arena.h"
#include "wire/field.h"

/* Gives every material of the list its code. `prior` is the body that holds the codes given so far
 * (members `materials` and `material_codes`), or NULL. A material that carries a code keeps it when
 * it is one of the item's, whatever its name now is; else a fault below `at`. *ret_codes becomes
 * the new `material_codes`: {"next": 7, "retired": [{"code", "name"}]}. */
struct jval materials_coded(struct arena *a,
                            struct str item_code,
                            const struct jval *list,
                            const struct jval *prior,
                            struct err **faults,
                            struct jval *ret_codes);

#endif
