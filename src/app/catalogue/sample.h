/* Texts that stand in, in demo folders, for what the catalogue does not say yet. Each begins with
 * the word SAMPLE in both languages, and the body is marked. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_SAMPLE_H
#define HUHANG_APP_CATALOGUE_SAMPLE_H

#include "base/arena.h"
#include "wire/jval.h"

/* Fills in absent conditions, quantity, steps, sample_form and commitment_text; sets `sample`. */
struct jval sample_fill(struct arena *a, const struct jval *body);
/* A bundle marked as a sample. */
struct jval sample_mark(struct arena *a, const struct jval *body);

#endif
