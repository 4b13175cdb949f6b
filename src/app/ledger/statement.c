/* Public statements of the log (ledger/event.h), as they are read back, and the text of the one
 * that begins a log after a restore: <origin>\n[<vkey of the log before>\n[\n<its last checkpoint,
 * a signed note>]] The first log's text is its origin alone. */
#include "app/ledger/ledger.h"

#include "base/buf.h"
#include "ledger/event.h"

#define LEAF_STATEMENT 1
#define HEAD_BYTES     4

struct str log_start_text(struct arena *a, const struct log_start *s)
{
    struct buf b;
    buf_init(&b, a, 512);
    buf_put(&b, s->origin);
    if (s->vkey.p != NULL) {
        buf_fmt(&b, "\n%.*s\n", STR_ARG(s->vkey));
    }
    if (s->vkey.p != NULL && s->note.p != NULL) {
        buf_fmt(&b, "\n%.*s", STR_ARG(s->note));
    }
    return buf_str(&b);
}

bool log_start_parse(struct arena *a, struct str text, struct log_start *ret)
{
    struct str rest = text;
    *ret = (struct log_start){0};
    ret->origin = str_dup(a, str_split(&rest, '\n'));
    if (rest.p == NULL) {
        return ret->origin.n > 0;
    }
    ret->vkey = str_dup(a, str_split(&rest, '\n'));
    if (rest.p != NULL && rest.n > 0) {
        if (str_split(&rest, '\n').n != 0 || rest.p == NULL) {
            return false;
        }
        ret->note = str_dup(a, rest);
    }
    return ret->origin.n > 0 && ret->vkey.n > 0;
}

bool statement_read(struct bytes leaf, int *ret_type, struct str *ret_text)
{
    if (leaf.n < HEAD_BYTES || leaf.p[0] != LEAF_STATEMENT) {
        return false;
    }
    size_t n = (size_t)leaf.p[2] << 8 | leaf.p[3];
    *ret_type = leaf.p[1];
    *ret_text = bytes_str((struct bytes){leaf.p + HEAD_BYTES, n});
    return leaf.n == HEAD_BYTES + n && *ret_type >= STATEMENT_LOG_START &&
           *ret_type <= STATEMENT_ERASURE;
}
