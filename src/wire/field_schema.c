/* Field rows → JSON Schema 2020-12. The schema says what field_decode takes and field_encode gives:
 * optional members may be null, unknown ones are refused. What a schema cannot say (dates that
 * exist, one line, NFC) is left to the rows. Members beginning x- are ours, for the pages
 * (frontend.md 7). */
#include "wire/field.h"

static bool optional(const struct field *row)
{
    return !(row->flags & FIELD_REQUIRED);
}

static void put_type(struct jw *w, const char *type, bool or_null)
{
    jw_key(w, S("type"));
    if (or_null) {
        jw_list(w);
        jw_str(w, str_of(type));
        jw_str(w, S("null"));
        jw_end_list(w);
    } else {
        jw_str(w, str_of(type));
    }
}

static bool unlimited(const struct field *row)
{
    return row->min == 0 && row->max == 0;
}

static void put_limits(struct jw *w, const struct field *row, const char *least, const char *most)
{
    if (!unlimited(row)) {
        jw_kint(w, least, row->min);
        jw_kint(w, most, row->max);
    }
}

static void put_text_limits(struct jw *w)
{
    jw_kint(w, "minLength", 1);
    jw_kint(w, "maxLength", FIELD_TEXT_LENGTH);
}

static void put_text(struct jw *w, const struct field *row)
{
    put_type(w, "string", optional(row));
    if (unlimited(row)) {
        put_text_limits(w);
    }
    put_limits(w, row, "minLength", "maxLength");
    if (!optional(row)) {
        jw_kstr(w, "pattern", S("\\S"));
    }
    if (row->flags & FIELD_SECRET) {
        jw_kstr(w, "format", S("password"));
        jw_kbool(w, "writeOnly", true);
    }
}

static void put_format(struct jw *w, const struct field *row, struct str format)
{
    put_type(w, "string", optional(row));
    jw_kstr(w, "format", format);
}

static void put_int(struct jw *w, const struct field *row)
{
    put_type(w, "integer", optional(row));
    if (unlimited(row)) {
        jw_kint(w, "minimum", -JVAL_MAX_INT);
        jw_kint(w, "maximum", JVAL_MAX_INT);
    }
    put_limits(w, row, "minimum", "maximum");
}

/* The values, and their names in both languages beside them. */
static void put_choices(struct jw *w, const struct choice *choices, bool or_null)
{
    put_type(w, "string", or_null);
    jw_key(w, S("enum"));
    jw_list(w);
    for (const struct choice *c = choices; c->value != NULL; c++) {
        jw_str(w, str_of(c->value));
    }
    if (or_null) {
        jw_null(w);
    }
    jw_end_list(w);
    jw_key(w, S("x-labels"));
    jw_obj(w);
    for (const struct choice *c = choices; c->value != NULL; c++) {
        jw_key(w, str_of(c->value));
        jw_obj(w);
        jw_kstr(w, "zh", str_of(c->zh));
        jw_kstr(w, "en", str_of(c->en));
        jw_end_obj(w);
    }
    jw_end_obj(w);
}

static void put_list(struct jw *w, const struct field *row)
{
    put_type(w, "array", optional(row));
    if (unlimited(row)) {
        jw_kint(w, "maxItems", FIELD_LIST_LENGTH);
    }
    put_limits(w, row, "minItems", "maxItems");
    jw_key(w, S("items"));
    if (row->kind == FIELD_LIST) {
        field_schema(w, row->sub);
        return;
    }
    jw_obj(w);
    if (row->kind == FIELD_INTS) {
        put_type(w, "integer", false);
    } else if (row->choices != NULL) {
        put_choices(w, row->choices, false);
    } else {
        put_type(w, "string", false);
        put_text_limits(w);
    }
    jw_end_obj(w);
}

/* The document's own schema, or null where the member is optional. */
static void put_json(struct jw *w, const struct field *row)
{
    if (row->json_schema == NULL) {
        return;
    }
    jw_key(w, S("anyOf"));
    jw_list(w);
    jw_raw(w, str_of(row->json_schema));
    if (optional(row)) {
        jw_obj(w);
        put_type(w, "null", false);
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void put_required(struct jw *w, const struct field *rows)
{
    jw_key(w, S("required"));
    jw_list(w);
    for (const struct field *row = rows; row->name != NULL; row++) {
        if (row->kind != FIELD_BYTES && !optional(row)) {
            jw_str(w, str_of(row->name));
        }
    }
    jw_end_list(w);
}

static void put_row(struct jw *w, const struct field *row);

static void put_object(struct jw *w, const struct field *rows, bool or_null)
{
    put_type(w, "object", or_null);
    jw_kbool(w, "additionalProperties", false);
    put_required(w, rows);
    jw_key(w, S("properties"));
    jw_obj(w);
    for (const struct field *row = rows; row->name != NULL; row++) {
        if (row->kind != FIELD_BYTES) {
            jw_key(w, str_of(row->name));
            put_row(w, row);
        }
    }
    jw_end_obj(w);
}

static void put_kind(struct jw *w, const struct field *row)
{
    switch (row->kind) {
    case FIELD_TEXT:
        put_text(w, row);
        break;
    case FIELD_CHOICE:
        if (row->choices == NULL) {
            put_text(w, row);
        } else {
            put_choices(w, row->choices, optional(row));
        }
        break;
    case FIELD_DATE:
        put_format(w, row, S("date"));
        break;
    case FIELD_INSTANT:
        put_format(w, row, S("date-time"));
        break;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
        put_int(w, row);
        break;
    case FIELD_BOOL:
        put_type(w, "boolean", optional(row));
        break;
    case FIELD_JSON:
        put_json(w, row);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
        put_list(w, row);
        break;
    case FIELD_OBJECT:
        put_object(w, row->sub, optional(row));
        break;
    case FIELD_BYTES:
        break;
    }
}

static void put_known(struct jw *w, const char *name, const char *text)
{
    if (text != NULL) {
        jw_kstr(w, name, str_of(text));
    }
}

static void put_row(struct jw *w, const struct field *row)
{
    jw_obj(w);
    put_known(w, "title", row->zh);
    put_known(w, "x-title-en", row->en);
    put_kind(w, row);
    put_known(w, "x-widget", row->widget);
    put_known(w, "x-hint", row->hint_zh);
    put_known(w, "x-hint-en", row->hint_en);
    put_known(w, "x-unit", row->kind == FIELD_MONEY ? "fen" : row->unit);
    if (row->flags & FIELD_MULTILINE) {
        jw_kbool(w, "x-multiline", true);
    }
    if (row->flags & FIELD_PERSONAL) {
        jw_kbool(w, "x-personal", true);
    }
    jw_end_obj(w);
}

void field_schema(struct jw *w, const struct field *rows)
{
    jw_obj(w);
    put_object(w, rows, false);
    jw_end_obj(w);
}
