/* The names of the letters, for the checks of definitions; apart, so that who only asks for names
 * does not link the drawing. */
#include "print/letter.h"

#include "base/arena.h"
#include "base/embed.h"

extern const struct embed_file embed_letters[];
extern const size_t embed_letters_n;

void letter_names(struct arena *a, const struct str **ret, size_t *ret_n)
{
    struct str *names = ARENA_ARRAY(a, struct str, embed_letters_n + 1);
    *ret = names;
    *ret_n = 0;
    for (size_t i = 0; i < embed_letters_n; i++) {
        struct str file = str_of(embed_letters[i].name);
        if (!str_starts(file, S("_"))) {
            names[(*ret_n)++] = str_sub(file, 0, file.n - S(".yaml").n);
        }
    }
}
