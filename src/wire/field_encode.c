/* Struct → JSON by field rows, the mirror of field_decode.c. */
#include "wire/field.h"

#include "base/check.h"
#include "civil/date.h"

static void encode_list(struct jw *w, const struct field *row, const struct list *list)
{
    const char *p = list->p;

    jw_list(w);
    for (size_t i = 0; i < list->n; i++) {
        if (row->kind == FIELD_LIST) {
            field_encode(w, row->sub, p + i * row->sub_size);
        } else if (row->kind == FIELD_TEXTS) {
            jw_str(w, ((const struct str *)list->p)[i]);
        } else {
            jw_int(w, ((const int64_t *)list->p)[i]);
        }
    }
    jw_end_list(w);
}

static bool absent(const struct field *row, const void *from)
{
    switch (row->kind) {
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_CHOICE:
        return ((const struct str *)from)->p == NULL;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
    case FIELD_INSTANT:
        return *(const int64_t *)from == FIELD_NO_INT;
    case FIELD_JSON:
        return ((const struct jval *)from)->type == J_NULL;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
        return ((const struct list *)from)->p == NULL;
    case FIELD_OBJECT:
        return *(const void *const *)from == NULL;
    case FIELD_BOOL:
    case FIELD_BYTES:
        break;
    }
    return false;
}

static void encode_value(struct jw *w, const struct field *row, const void *from)
{
    switch (row->kind) {
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_CHOICE:
        jw_str(w, *(const struct str *)from);
        break;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
        jw_int(w, *(const int64_t *)from);
        break;
    case FIELD_INSTANT:
        jw_str(w, civil_instant_text(w->out->arena, *(const int64_t *)from));
        break;
    case FIELD_BOOL:
        jw_bool(w, *(const bool *)from);
        break;
    case FIELD_JSON:
        jw_val(w, from);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
        encode_list(w, row, from);
        break;
    case FIELD_OBJECT:
        field_encode(w, row->sub, *(const void *const *)from);
        break;
    case FIELD_BYTES:
        UNREACHABLE();
    }
}

void field_encode(struct jw *w, const struct field *rows, const void *in)
{
    jw_obj(w);
    for (const struct field *row = rows; row->name != NULL; row++) {
        if (row->kind == FIELD_BYTES) { /* SQL only */
            continue;
        }
        CHECK(row->offset != FIELD_NOWHERE);
        const void *from = (const char *)in + row->offset;
        bool none = absent(row, from);
        if (none && (row->flags & FIELD_OMIT)) {
            continue;
        }
        jw_key(w, str_of(row->name));
        if (none) {
            jw_null(w);
        } else {
            encode_value(w, row, from);
        }
    }
    jw_end_obj(w);
}
