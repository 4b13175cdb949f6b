/* Files that are part of the program, put in by tools/embed.py at build time. A set is declared by
 * its user: `extern const struct embed_file embed_migrations[]; extern const size_t
 * embed_migrations_n;`, sorted by name, ended by a NULL name. The bytes are followed by a NUL that
 * is not counted. */
#ifndef HUHANG_BASE_EMBED_H
#define HUHANG_BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *name; /* path below the set's root */
    const unsigned char *p;
    size_t size;
};

#endif
