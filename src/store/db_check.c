/* Every statement against the real schema, before the first request: a misspelt column or a field
 * of the wrong kind is found at start, not by a person at the counter. */
#include "base/buf.h"
#include "store/engine.h"

static bool for_this_engine(const struct db *d, const struct stmt *s)
{
    return s->sql != NULL || (s->sql_pg != NULL && db_engine(d) == DB_PG);
}

/* Fields that demand a value but that no column fills. */
static void check_filled(const struct prepared *p, struct buf *faults)
{
    for (const struct field *f = p->stmt->out; f != NULL && f->name != NULL; f++) {
        bool filled = (f->flags & FIELD_REQUIRED) == 0 || row_kind(f) == VALUE_OTHER;
        for (size_t i = 0; i < p->n_columns && !filled; i++) {
            filled = p->column[i].field == f;
        }
        if (!filled) {
            buf_fmt(faults, "\n%s: no column for required field %s", p->stmt->name, f->name);
        }
    }
}

struct err *db_check(struct db *d, struct arena *a, const struct stmt_list *lists, size_t n)
{
    struct buf faults;
    buf_init(&faults, a, 256);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < lists[i].n; k++) {
            const struct stmt *s = lists[i].stmts[k];
            struct prepared *p = NULL;
            if (!for_this_engine(d, s)) {
                continue;
            }
            struct err *e = db_prepared(d, a, s, &p);
            if (e != NULL && e->code == ERR_DB_UNAVAILABLE) {
                return e;
            }
            if (e != NULL) {
                buf_putc(&faults, '\n');
                buf_put(&faults, e->cause);
            } else {
                check_filled(p, &faults);
            }
        }
    }
    if (faults.n == 0) {
        return NULL;
    }
    struct str text = buf_str(&faults);
    return err_cause(ERROR(a, ERR_DB, "数据库语句与表不一致：%.*s",
                           "Statements do not fit the tables:%.*s", STR_ARG(text)),
                     "%.*s", STR_ARG(text));
}
