/* The capabilities of this program, one line each, in the order they start. */
#include "app/identity/identity.h"
#include "app/letter/letter.h"
#include "app/matter/matter.h"
#include "base/check.h"
#include "main/open.h"

const struct module *const modules[] = {
    &matter_module, /* definitions, units, calendar: first */
    &letter_module,
    &identity_module,
};
const size_t n_modules = COUNT_OF(modules);
