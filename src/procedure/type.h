/* Types: what a form field, fact or parameter may hold (`struct dtype`), and the type of an
 * expression (`struct xtype`), which only knows what operators care about.
 *
 * JSON of each field type in an act's form:
 *   bool true/false · int, money (fen) number · text, choice, role, dur text · date "YYYY-MM-DD" ·
 *   instant RFC 3339 · person unit party item matter id (number) · persons units list of ids ·
 *   file upload id (text) · files list of upload ids ·
 *   material {code, files?, paper?, seen?, note?} · materials list of those ·
 *   verdicts list of {code, result: ok|fix|defer|not_applicable|unseen, note?} ·
 *   rows list of objects · frozen any JSON · sealed text · item_form object, to be validated
 * against the form of the pinned item version (form_of_json). */
#ifndef HUHANG_PROCEDURE_TYPE_H
#define HUHANG_PROCEDURE_TYPE_H

#include "procedure/value.h"
#include "wire/field.h"

enum dtype_kind {
    D_BOOL,
    D_INT,
    D_MONEY,
    D_TEXT,
    D_DATE,
    D_INSTANT,
    D_DUR,
    D_CHOICE,
    D_ROLE,
    D_PERSON,
    D_PERSONS,
    D_UNIT,
    D_UNITS,
    D_PARTY,
    D_ITEM,
    D_MATTER,
    D_MATERIAL,
    D_MATERIALS,
    D_VERDICTS,
    D_FILE,
    D_FILES,
    D_ROWS,
    D_FROZEN,
    D_SEALED,
    D_ITEM_FORM,
};

#define DTYPE_KINDS (D_ITEM_FORM + 1)

/* Choices of one field or one list: wire/field.h rows plus their count. `zh` may equal `value` when
 * the file gives no name. `list` names the shared list (choice:LIST) or is none. */
struct choice_set {
    struct str list;
    const struct choice *rows; /* ends with a NULL value */
    size_t n;
};

struct form;

struct dtype {
    enum dtype_kind kind;
    bool required, personal, indexed; /* indexed: facts only */
    int64_t min, max;                 /* as in struct field */
    const struct choice_set *choices; /* D_CHOICE */
    const struct form *rows;          /* D_ROWS */
    struct str zh;                    /* label */
};

/* A form: the field rows that validate and document it, and the richer type of each row. */
struct form {
    const struct field *rows;  /* n rows, then FIELD_END; offsets FIELD_NOWHERE */
    const struct dtype *types; /* n */
    size_t n;                  /* at most 64 */
    uint64_t personal;         /* bit per row: sealed, never set into a fact */
    uint64_t private_rows;     /* bit per row: shown to the unit only (key `private`) */
};

/* Row of a name, or -1. */
ptrdiff_t form_row(const struct form *f, struct str name);
/* "choice", "date" … as written in definitions. */
const char *dtype_name(enum dtype_kind k);
/* How values of the type are computed with and stored. */
enum value_type dtype_value(enum dtype_kind k);

/* Type of an expression. X_NAMES: list of texts or of elements with keys. */
enum xkind {
    X_NONE,
    X_BOOL,
    X_INT,
    X_TEXT,
    X_DATE,
    X_INSTANT,
    X_DUR,
    X_LIST,
    X_JSON,
    X_ID,
};

struct xtype {
    enum xkind kind;
    bool optional;                    /* T? */
    enum dtype_kind dtype;            /* finer kind where it is known; D_TEXT else */
    const struct choice_set *choices; /* the value is one of these; NULL: free */
    const struct form *rows;          /* X_LIST of objects: their members */
};

#endif
