/* The capabilities of this program, one line each, in the order they start. */
#include "app/calendar/calendar.h"
#include "app/catalogue/catalogue.h"
#include "app/definition/definition.h"
#include "app/demo/demo.h"
#include "app/identity/identity.h"
#include "app/ledger/ledger.h"
#include "app/letter/letter.h"
#include "app/matter/matter.h"
#include "app/office/office.h"
#include "app/param/param.h"
#include "base/check.h"
#include "main/open.h"

const struct module *const modules[] = {
    &demo_module,   /* office time of demo folders: before all */
    &matter_module, /* definitions, units, calendar: before those that use them */
    &letter_module,   &identity_module,   &office_module, &catalogue_module,
    &calendar_module, &definition_module, &param_module,  &ledger_module,
};
const size_t n_modules = COUNT_OF(modules);
