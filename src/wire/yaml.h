/* Safe YAML (procedures.md 2): every scalar is text; no anchors, aliases, tags, second document;
 * duplicate keys are errors; 256 KB, depth 8 (16 with flow style inside). Values keep line and
 * column. */
#ifndef HUHANG_WIRE_YAML_H
#define HUHANG_WIRE_YAML_H

#include "base/err.h"
#include "base/str.h"

enum ytype { Y_TEXT, Y_LIST, Y_MAP };

struct ynode {
    enum ytype type;
    bool quoted; /* Y_TEXT: was in quotes */
    struct str s;
    struct ynode *items; /* Y_LIST values, Y_MAP values */
    struct str *keys;    /* Y_MAP, same order as items */
    int *key_lines, *key_columns;
    size_t n;
    int line, column; /* 1-based */
};

struct yfault {
    int line, column;
    struct str what;
};

#define YAML_MAX_BYTES ((size_t)256 * 1024)

/* False: *ret_fault says where and what. The node lives in the arena. */
bool yaml_read(struct arena *a, struct bytes text, struct ynode *ret, struct yfault *ret_fault);
struct ynode *yaml_get(const struct ynode *map, struct str key);

#endif
