/* Field rows meet SQL values: binding parameters and reading columns, equal on both engines.
 *
 * Text is checked here once more (UTF-8, no U+0000), because SQLite would store anything and
 * PostgreSQL would fail the whole unit; a fault here is ours, the edge has let it through. */
#include "base/check.h"
#include "base/utf8.h"
#include "store/engine.h"

#include <string.h>

enum value_kind row_kind(const struct field *f)
{
    if (f->offset == FIELD_NOWHERE) {
        return VALUE_OTHER;
    }
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_CHOICE:
    case FIELD_JSON:
        return VALUE_TEXT;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_INSTANT:
    case FIELD_MONEY:
    case FIELD_BOOL:
        return VALUE_INT;
    case FIELD_BYTES:
        return VALUE_BYTES;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
    case FIELD_OBJECT:
        break;
    }
    return VALUE_OTHER;
}

const struct field *row_field(const struct field *rows, struct str name)
{
    for (const struct field *f = rows; f != NULL && f->name != NULL; f++) {
        if (row_kind(f) != VALUE_OTHER && str_eqz(name, f->name)) {
            return f;
        }
    }
    return NULL;
}

static struct value int_value(int64_t i)
{
    return i == FIELD_NO_INT ? (struct value){.kind = VALUE_NULL}
                             : (struct value){.kind = VALUE_INT, .i = i};
}

static struct value slice_value(enum value_kind kind, struct bytes b)
{
    return b.p == NULL ? (struct value){.kind = VALUE_NULL} : (struct value){.kind = kind, .b = b};
}

/* The value of one member of the struct. */
static struct value member_value(struct arena *a, const struct field *f, const void *in)
{
    const char *at = (const char *)in + f->offset;
    if (f->kind == FIELD_BOOL) {
        bool b;
        memcpy(&b, at, sizeof b);
        return (struct value){.kind = VALUE_INT, .i = b ? 1 : 0};
    }
    if (f->kind == FIELD_JSON) {
        struct jval v;
        memcpy(&v, at, sizeof v);
        struct str text = v.type == J_NULL ? STR_NONE : jval_text(a, &v);
        return slice_value(VALUE_TEXT, str_bytes(text));
    }
    if (row_kind(f) == VALUE_INT) {
        int64_t i;
        memcpy(&i, at, sizeof i);
        return int_value(i);
    }
    /* struct str and struct bytes have the same members. */
    struct bytes b;
    memcpy(&b, at, sizeof b);
    return slice_value(row_kind(f), b);
}

struct err *
row_bind(struct arena *a, const struct prepared *p, const void *in, const struct value **ret)
{
    CHECK(p->n_params == 0 || in != NULL);
    struct value *values = ARENA_ARRAY(a, struct value, p->n_params + 1);
    for (size_t i = 0; i < p->n_params; i++) {
        values[i] = member_value(a, p->param[i], in);
        const struct value *v = &values[i];
        if (v->kind == VALUE_TEXT && v->b.n > 0 &&
            (memchr(v->b.p, '\0', v->b.n) != NULL || !utf8_valid(v->b))) {
            return err_cause(ERROR(a, ERR_INTERNAL, "文本编码不对，未保存。",
                                   "A text is not valid UTF-8, nothing was saved."),
                             "%s: parameter %s", p->stmt->name, p->param[i]->name);
        }
    }
    *ret = values;
    return NULL;
}

static struct err *misfit(struct arena *a, const struct prepared *p, const struct column *c)
{
    return err_cause(
        ERROR(a, ERR_DB, "数据库中的值类型不对。", "A stored value has the wrong type."),
        "%s: column %.*s", p->stmt->name, STR_ARG(c->name));
}

static struct bytes keep(struct arena *a, struct bytes b, bool copy)
{
    /* An empty value must not become NULL. */
    static const unsigned char nothing[1] = {0};
    if (b.n == 0) {
        return (struct bytes){nothing, 0};
    }
    return copy ? bytes_dup(a, b) : b;
}

static void put_absent(const struct field *f, char *at)
{
    if (f->kind != FIELD_BOOL && row_kind(f) == VALUE_INT) {
        int64_t none = FIELD_NO_INT;
        memcpy(at, &none, sizeof none);
    }
}

struct err *row_read(
    struct arena *a, const struct prepared *p, const struct value *values, bool copy, void *ret)
{
    for (const struct field *f = p->stmt->out; f != NULL && f->name != NULL; f++) {
        if (f->offset != FIELD_NOWHERE) {
            put_absent(f, (char *)ret + f->offset);
        }
    }
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct field *f = p->column[i].field;
        const struct value *v = &values[i];
        char *at = (char *)ret + f->offset;
        if (v->kind == VALUE_NULL && f->kind != FIELD_BOOL) {
            continue;
        }
        if (v->kind != row_kind(f) || (f->kind == FIELD_BOOL && v->i != 0 && v->i != 1)) {
            return misfit(a, p, &p->column[i]);
        }
        if (f->kind == FIELD_BOOL) {
            bool b = v->i == 1;
            memcpy(at, &b, sizeof b);
        } else if (f->kind == FIELD_JSON) {
            struct jval j = {0};
            TRY(jread(a, keep(a, v->b, copy), &j));
            memcpy(at, &j, sizeof j);
        } else if (v->kind == VALUE_INT) {
            memcpy(at, &v->i, sizeof v->i);
        } else {
            struct bytes b = keep(a, v->b, copy);
            memcpy(at, &b, sizeof b);
        }
    }
    return NULL;
}
