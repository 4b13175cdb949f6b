/* Unicode normalisation form C, for everything that is compared: names under a blind index, search
 * keys (design.md 3). */
#ifndef HUHANG_BASE_NFC_H
#define HUHANG_BASE_NFC_H

#include "base/str.h"

struct arena;

/* NFC of valid UTF-8, in the arena; text that is ASCII is returned as it is. None stays none. */
struct str utf8_nfc(struct arena *a, struct str s);

#endif
