/* The set of letters: names, titles, hashes. Loading is in letter_load.c, composing in
 * letter_compose.c, drawing in sheet.c. */
#include "print/letter.h"

#include "base/check.h"
#include "print/letter_set.h"

#include <string.h>

extern const struct embed_file embed_letters[];
extern const size_t embed_letters_n;

struct err *letter_set_load(struct arena *a, struct letter_set **ret)
{
    return letter_set_read(a, embed_letters, embed_letters_n, ret);
}

size_t letter_count(const struct letter_set *s)
{
    return s->n;
}

struct str letter_name(const struct letter_set *s, size_t i)
{
    CHECK(i < s->n);
    return s->t[i].name;
}

const struct letter_template *letter_find(const struct letter_set *s, struct str name)
{
    for (size_t i = 0; i < s->n; i++) {
        if (str_eq(s->t[i].name, name)) {
            return &s->t[i];
        }
    }
    return NULL;
}

bool letter_titles(const struct letter_set *s,
                   struct str name,
                   struct str *ret_zh,
                   struct str *ret_en)
{
    const struct letter_template *t = letter_find(s, name);

    if (t == NULL) {
        return false;
    }
    *ret_zh = t->title;
    *ret_en = t->title_en;
    return true;
}

bool letter_template_sha256(const struct letter_set *s, struct str name, unsigned char ret[32])
{
    const struct letter_template *t = letter_find(s, name);

    if (t == NULL) {
        return false;
    }
    memcpy(ret, t->sha256, sizeof(t->sha256));
    return true;
}
