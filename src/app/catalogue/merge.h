/* Comparing and merging bodies, member by member. Lists whose elements have a `code` are compared
 * by code; other lists count as one value. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_MERGE_H
#define HUHANG_APP_CATALOGUE_MERGE_H

#include "app/catalogue/catalogue.h"
#include "wire/jval.h"

/* What is in `mine`, with what changed from `base` to `theirs` put on it: so the bureau's edits
 * survive a new file that does not touch them. base NULL: everything of `theirs` is new. */
struct jval merge_values(struct arena *a,
                         const struct jval *base,
                         const struct jval *mine,
                         const struct jval *theirs);

#define MERGE_CHANGES_MAX 200

/* Every member that differs, with its pointer; at most MERGE_CHANGES_MAX. old NULL: all is new. */
void merge_diff(struct arena *a,
                const struct jval *old,
                const struct jval *new,
                const struct catalogue_change **ret,
                size_t *ret_n);

#endif
