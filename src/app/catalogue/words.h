/* Coded words of the catalogue with their names in both languages (GB/T 39046-2020 A.1, A.4, A.6,
 * approvals.md 3.1; the rest is the language of the definitions). Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_WORDS_H
#define HUHANG_APP_CATALOGUE_WORDS_H

#include "wire/field.h"

/* Lists end with a NULL value. */
extern const struct choice WORD_REGIME[], WORD_EVIDENCE[], WORD_SOURCE[], WORD_NECESSITY[],
    WORD_NECESSITY_CODE[], WORD_OBJECT[], WORD_SPECIAL[], WORD_PAUSES[], WORD_TASK_TYPE[],
    WORD_PROJECT_TYPE[], WORD_COMMITMENT[], WORD_COUNTS_FROM[], WORD_LIMIT_UNIT[],
    WORD_LIMIT_FROM[], WORD_APPROVER[], WORD_MODE[], WORD_STATUS[];

/* enum item_status indexes WORD_STATUS. */
enum item_status { ITEM_DRAFT, ITEM_PUBLISHED, ITEM_SUSPENDED, ITEM_WITHDRAWN };

/* NULL when it is none of the list. */
const struct choice *word_find(const struct choice *list, struct str value);
/* The Chinese name, or the value itself. */
struct str word_zh(const struct choice *list, struct str value);
struct str word_en(const struct choice *list, struct str value);
/* Evidence that a number was read in the text of the law itself; anything else must be looked at by
 * a person before it goes out, and is shown with what it is (approvals.md 0). */
bool word_is_checked(struct str evidence);
/* One of the eight procedures of art. 45 行政许可法. */
bool word_pauses_by_45(struct str special);

#endif
