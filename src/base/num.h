/* Strict numbers: whole text, given range, no sign or space unless the number needs it; checked
 * sums. Nothing else in the house parses a number (c-models 4.5). */
#ifndef HUHANG_BASE_NUM_H
#define HUHANG_BASE_NUM_H

#include "base/str.h"

/* Decimal, optional leading '-', no leading zeros but "0" itself. False: not a number, or outside.
 */
bool num_parse(struct str s, int64_t min, int64_t max, int64_t *ret);
/* Exactly s.n digits, leading zeros allowed (dates, codes). */
bool num_digits(struct str s, int64_t *ret);
bool num_parse_u64(struct str s, uint64_t max, uint64_t *ret);
bool num_add(int64_t a, int64_t b, int64_t *ret);
bool num_mul(int64_t a, int64_t b, int64_t *ret);
/* Sum that stays at the ends of the range (expressions: integers saturate). */
int64_t num_add_sat(int64_t a, int64_t b);
/* Size arithmetic; overflow is a CHECK. */
size_t size_add(size_t a, size_t b);
size_t size_mul(size_t a, size_t b);

#endif
