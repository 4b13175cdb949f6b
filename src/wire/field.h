/* Field rows: one table per struct, used to decode and validate JSON, to write JSON, to bind SQL
 * parameters and read SQL columns, and to print the OpenAPI schema (c-models 3.4, idea 5).
 *
 * A row names a member of a C struct by offset; the macros refuse a member of the wrong C type at
 * compile time. Forms of procedures compile to the same rows without offsets (offset
 * FIELD_NOWHERE); they are only validated and documented, their values stay `struct jval`.
 *
 * C types:   FIELD_TEXT DATE CHOICE → struct str · FIELD_INT MONEY INSTANT ID → int64_t ·
 *            FIELD_BOOL → bool · FIELD_BYTES → struct bytes (SQL only) · FIELD_JSON → struct jval ·
 *            FIELD_LIST → struct list of structs (rows in `sub`) · FIELD_TEXTS → struct list of
 *            struct str · FIELD_INTS → struct list of int64_t · FIELD_OBJECT → pointer to struct
 * Absence:   text with p == NULL, integer FIELD_NO_INT, list p == NULL, object NULL; written as
 *            nothing (OMIT) or null. */
#ifndef HUHANG_WIRE_FIELD_H
#define HUHANG_WIRE_FIELD_H

#include "wire/jval.h"

#define FIELD_NO_INT  INT64_MIN
#define FIELD_NOWHERE UINT32_MAX

enum field_kind {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_ID,
    FIELD_BOOL,
    FIELD_DATE,
    FIELD_INSTANT,
    FIELD_MONEY,
    FIELD_CHOICE,
    FIELD_BYTES,
    FIELD_JSON,
    FIELD_LIST,
    FIELD_TEXTS,
    FIELD_INTS,
    FIELD_OBJECT,
};

enum field_flag {
    FIELD_REQUIRED = 1, /* must be present and not null; text not blank */
    FIELD_PERSONAL = 2, /* sealed at rest, masked in lists */
    FIELD_MULTILINE = 4,
    FIELD_OMIT = 8,    /* absent values are left out of output instead of null */
    FIELD_SECRET = 16, /* never logged (passwords) */
    FIELD_NFC = 32,    /* normalised to NFC when decoded (names) */
};

struct choice {
    const char *value, *zh, *en;
};

struct list {
    void *p;
    size_t n;
};

struct field {
    const char *name;
    enum field_kind kind;
    uint32_t offset;
    unsigned flags;
    int64_t min, max; /* characters, value, or number of elements */
    const char *zh, *en;
    const struct choice *choices; /* FIELD_CHOICE: ends with a NULL value */
    const struct field *sub;      /* FIELD_LIST, FIELD_OBJECT: rows, end with FIELD_END */
    uint32_t sub_size;            /* sizeof the element */
    /* Presentation of a form (frontend.md 7); NULL where not said. */
    const char *widget, *hint_zh, *hint_en, *unit;
    const char *json_schema; /* FIELD_JSON: schema text for the document, NULL = any */
};

#define FIELD_END {.name = NULL}
#define FIELD_AT_(st, m, ctype)                                                                    \
    ((uint32_t)(offsetof(st, m) + 0 * sizeof(char[1 - 2 * !__builtin_types_compatible_p(           \
                                                              __typeof__(((st *)0)->m), ctype)])))
/* What every row has; the designated members of its kind follow. */
#define FIELD_ROW_(st, m, ctype, knd, fl, ...)                                                     \
    {.name = #m, .kind = (knd), .offset = FIELD_AT_(st, m, ctype), .flags = (fl), __VA_ARGS__}

/* clang-format off */
#define F_TEXT(st, m, fl, lo, hi, z, e)           FIELD_ROW_(st, m, struct str, FIELD_TEXT, fl, .min = (lo), .max = (hi), .zh = (z), .en = (e))
#define F_DATE(st, m, fl, z, e)                   FIELD_ROW_(st, m, struct str, FIELD_DATE, fl, .zh = (z), .en = (e))
#define F_CHOICE(st, m, fl, ch, z, e)             FIELD_ROW_(st, m, struct str, FIELD_CHOICE, fl, .choices = (ch), .zh = (z), .en = (e))
#define F_INT(st, m, fl, lo, hi, z, e)            FIELD_ROW_(st, m, int64_t, FIELD_INT, fl, .min = (lo), .max = (hi), .zh = (z), .en = (e))
#define F_ID(st, m, fl, z, e)                     FIELD_ROW_(st, m, int64_t, FIELD_ID, fl, .max = INT64_C(1) << 53, .zh = (z), .en = (e))
#define F_MONEY(st, m, fl, z, e)                  FIELD_ROW_(st, m, int64_t, FIELD_MONEY, fl, .max = INT64_C(1) << 53, .zh = (z), .en = (e))
#define F_INSTANT(st, m, fl, z, e)                FIELD_ROW_(st, m, int64_t, FIELD_INSTANT, fl, .zh = (z), .en = (e))
#define F_BOOL(st, m, fl, z, e)                   FIELD_ROW_(st, m, bool, FIELD_BOOL, fl, .zh = (z), .en = (e))
#define F_BYTES(st, m, fl)                        FIELD_ROW_(st, m, struct bytes, FIELD_BYTES, fl, .zh = NULL)
#define F_JSON(st, m, fl, schema, z, e)           FIELD_ROW_(st, m, struct jval, FIELD_JSON, fl, .json_schema = (schema), .zh = (z), .en = (e))
#define F_LIST(st, m, fl, lo, hi, rows, el, z, e) FIELD_ROW_(st, m, struct list, FIELD_LIST, fl, .min = (lo), .max = (hi), .sub = (rows), .sub_size = sizeof(el), .zh = (z), .en = (e))
#define F_TEXTS(st, m, fl, lo, hi, z, e)          FIELD_ROW_(st, m, struct list, FIELD_TEXTS, fl, .min = (lo), .max = (hi), .zh = (z), .en = (e))
#define F_INTS(st, m, fl, lo, hi, z, e)           FIELD_ROW_(st, m, struct list, FIELD_INTS, fl, .min = (lo), .max = (hi), .zh = (z), .en = (e))
#define F_OBJECT(st, m, fl, rows, el, z, e)       FIELD_ROW_(st, m, el *, FIELD_OBJECT, fl, .sub = (rows), .sub_size = sizeof(el), .zh = (z), .en = (e))
/* clang-format on */

/* `min` = `max` = 0 means "not limited by the row": texts then have 1..1000 characters, integers
 * the range of jval.h, lists at most FIELD_LIST_LENGTH elements. Elements of TEXTS have 1..1000
 * characters, or are one of `choices` where given; FIELD_CHOICE without `choices` takes any text.
 * FIELD_JSON takes documents of at most FIELD_JSON_DEPTH levels, so they can be stored and answered
 * inside others.
 *
 * Codes of faults: required type blank short long small large few many line (a line break where one
 * line is wanted) date instant choice deep unknown; from jread text range integer. At most
 * FIELD_FAULTS_MAX are told. */
#define FIELD_JSON_DEPTH  16
#define FIELD_FAULTS_MAX  100
#define FIELD_TEXT_LENGTH 1000
#define FIELD_LIST_LENGTH 1000

/* INSTANT is RFC 3339 text in JSON (written with +08:00) and BIGINT milliseconds in SQL. BOOL is
 * 0/1 in SQL. JSON is text in SQL. LIST, TEXTS, INTS and OBJECT are not for SQL. */

/* Decodes an object into the struct at `ret` (zeroed by the caller, then absent values set). All
 * faults at once: ERR_FORM_INVALID with pointers below `at` ("" at the top). Unknown members are
 * refused. Length is counted in characters; text must not be blank when required; choices must be
 * listed. */
struct err *field_decode(struct arena *a,
                         const struct field *rows,
                         const struct jval *obj,
                         struct str at,
                         void *ret) MUST_CHECK;
/* Only validates (rows without offsets too); adds faults to *ret_err, which may be NULL at first.
 */
void field_validate(struct arena *a,
                    const struct field *rows,
                    const struct jval *obj,
                    struct str at,
                    struct err **ret_err);
/* Writes the struct as a JSON object. */
void field_encode(struct jw *w, const struct field *rows, const void *in);
/* JSON Schema 2020-12 (as OpenAPI 3.1 takes it) of the rows; titles in Chinese, x-title-en. */
void field_schema(struct jw *w, const struct field *rows);
/* Helper for hand-written checks: appends a fault, making the error when *ret_err is NULL. */
void field_fault(struct arena *a,
                 struct err **ret_err,
                 struct str pointer,
                 const char *code,
                 const char *zh,
                 const char *en);

/* True when FIELD_FAULTS_MAX faults are told: callers with many more can spare their texts. */
bool field_faults_full(const struct err *e);

#endif
