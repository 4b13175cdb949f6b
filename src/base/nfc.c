/* The only door to utf8proc. Its result is malloc memory and is copied into the arena. */
#include "base/nfc.h"

#include "base/arena.h"
#include "base/check.h"

#include <utf8proc.h>

#include <stdlib.h>

static bool is_ascii(struct str s)
{
    unsigned char seen = 0;

    for (size_t i = 0; i < s.n; i++) {
        seen |= (unsigned char)s.p[i];
    }
    return seen < 0x80;
}

struct str utf8_nfc(struct arena *a, struct str s)
{
    utf8proc_uint8_t *made = NULL;

    if (is_ascii(s)) {
        return s;
    }
    /* NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the library's flags are an enum
     */
    utf8proc_ssize_t n =
        utf8proc_map(str_bytes(s).p, (utf8proc_ssize_t)s.n, &made,
                     (utf8proc_option_t)((int)UTF8PROC_STABLE | (int)UTF8PROC_COMPOSE));
    CHECK(n >= 0); /* valid UTF-8 cannot fail but for memory */
    struct str composed = str_dup(a, bytes_str((struct bytes){made, (size_t)n}));
    free(made);
    return composed;
}
