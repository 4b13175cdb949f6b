/* Identifiers: unified social credit code (GB 32100-2015), organisation code (GB 11714), citizen id
 * (GB 11643-1999), phones: check, normalise, mask. Pure. approvals.md 7. */
#ifndef HUHANG_CIVIL_IDENT_H
#define HUHANG_CIVIL_IDENT_H

#include "base/str.h"

struct arena;

enum ident_fault {
    IDENT_OK,
    IDENT_LENGTH,
    IDENT_CHARACTER,
    IDENT_REGION,
    IDENT_DATE,
    IDENT_CHECK_DIGIT,
    IDENT_FORM
};

/* Full-width folded, blanks, hyphens and dashes removed, letters upper case. Valid UTF-8 is
 * expected. */
struct str ident_normalise(struct arena *a, struct str s);
/* Each takes normalised text. Divisions are not looked up: abolished ones remain valid; the
 * province (rid) and six digits in places 3 to 8 (uscc) are IDENT_REGION. Credit codes of every
 * authority (N, A, Y) and 81/82/83 residence permits are valid. */
enum ident_fault ident_check_uscc(struct str s);
enum ident_fault ident_check_org(struct str s); /* 8 + check character, with or without '-' */
/* `today` (day number) refuses birth dates in the future. */
enum ident_fault ident_check_rid(struct str s, int32_t today);
/* Mobile 1[3-9]…, or fixed line with area code: 0818-2345678, 08182345678, 0818-2345678-801. */
enum ident_fault ident_check_phone(struct str s);
/* Short words for people; index by the fault. */
const char *ident_fault_zh(enum ident_fault f);
const char *ident_fault_en(enum ident_fault f);
const char *ident_fault_word(enum ident_fault f); /* check-digit, length … for the command line */
/* Check characters, for making valid fictitious identifiers. Input without the check character. */
char ident_uscc_digit(struct str first17);
char ident_org_digit(struct str first8);
char ident_rid_digit(struct str first17);
/* 511702********1234; 138****2046; 张** (keeps the first character; two-character names keep one).
 * Every hidden character is one asterisk; a text too short to keep its ends is hidden wholly. */
struct str ident_mask_rid(struct arena *a, struct str s);
struct str ident_mask_phone(struct arena *a, struct str s);
struct str ident_mask_name(struct arena *a, struct str s);

#endif
