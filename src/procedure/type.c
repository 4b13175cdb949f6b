/* Field types: names, how they are computed with, how their JSON is validated. */
#include "procedure/type.h"

struct type_row {
    const char *name;
    enum value_type value;
};

/* clang-format off */
static const struct type_row TYPES[DTYPE_KINDS] = {
    [D_BOOL]      = {"bool",      V_BOOL},
    [D_INT]       = {"int",       V_INT},
    [D_MONEY]     = {"money",     V_INT},
    [D_TEXT]      = {"text",      V_TEXT},
    [D_DATE]      = {"date",      V_DATE},
    [D_INSTANT]   = {"instant",   V_INSTANT},
    [D_DUR]       = {"dur",       V_DURATION},
    [D_CHOICE]    = {"choice",    V_TEXT},
    [D_ROLE]      = {"role",      V_TEXT},
    [D_PERSON]    = {"person",    V_INT},
    [D_PERSONS]   = {"persons",   V_LIST},
    [D_UNIT]      = {"unit",      V_INT},
    [D_UNITS]     = {"units",     V_LIST},
    [D_PARTY]     = {"party",     V_INT},
    [D_ITEM]      = {"item",      V_INT},
    [D_MATTER]    = {"matter",    V_INT},
    [D_MATERIAL]  = {"material",  V_JSON},
    [D_MATERIALS] = {"materials", V_LIST},
    [D_VERDICTS]  = {"verdicts",  V_LIST},
    [D_FILE]      = {"file",      V_TEXT},
    [D_FILES]     = {"files",     V_LIST},
    [D_ROWS]      = {"rows",      V_LIST},
    [D_FROZEN]    = {"frozen",    V_JSON},
    [D_SEALED]    = {"sealed",    V_TEXT},
    [D_ITEM_FORM] = {"item_form", V_JSON},
};
/* clang-format on */

ptrdiff_t form_row(const struct form *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++) {
        if (str_eqz(name, f->rows[i].name)) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

const char *dtype_name(enum dtype_kind k)
{
    return TYPES[k].name;
}

enum value_type dtype_value(enum dtype_kind k)
{
    return TYPES[k].value;
}
