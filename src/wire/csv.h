/* CSV by RFC 4180: quoted fields, CRLF or LF, UTF-8 with optional BOM; writing guards against
 * formula injection. */
#ifndef HUHANG_WIRE_CSV_H
#define HUHANG_WIRE_CSV_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct csv_row {
    struct str *cells;
    size_t n;
    size_t line; /* 1-based line where the row starts */
};

struct err *csv_read(struct arena *a,
                     struct bytes text,
                     size_t max_rows,
                     struct csv_row **ret,
                     size_t *ret_n) MUST_CHECK;
void csv_cell(struct buf *out, struct str s, bool last);

#endif
