/* What a definition set is made of. Private to definition*.c and load*.c. */
#ifndef HUHANG_PROCEDURE_DEFINITION_SET_H
#define HUHANG_PROCEDURE_DEFINITION_SET_H

#include "base/map.h"
#include "procedure/definition.h"
#include "wire/yaml.h"

/* A file whose top level is a map of named entries that kinds take whole: acts of _common.yaml,
 * lists of lists.yaml. The text of an entry is kept, so that a version of a kind carries what it
 * uses (definition.text) and means the same when it is loaded again years later. */
struct shared_file {
    struct str path, text;
    struct ynode root;
};

struct definition_set {
    struct arena *arena;
    struct role_set roles;
    struct definition **defs; /* in order of loading */
    size_t n, cap;
    struct map *texts; /* "en/licensing.states.received" → struct str * */
    struct shared_file common, lists;
};

/* Text of a label or none. */
struct str texts_get(const struct definition_set *set,
                     const char *lang,
                     struct str kind,
                     const char *section,
                     struct str name);

#endif
