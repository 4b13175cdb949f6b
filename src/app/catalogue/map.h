/* From a row of the catalogue file to the body of an item version: the mapping of issue 3 D. Pure;
 * the only state is the departments and the codes of materials given so far.
 *
 *   legal_limit       → legal_limit ("20wd"; now → 0wd, month → mo; promise, plan → none),
 * legal_basis, counts_from (window-close → event), ends_at_issue, extension, extension_approver,
 * legal {evidence, unit_text, note, event, extension} promised_limit    → promised_limit, promised
 * {basis, evidence}; the basis of a mere promise is here supplement_notice → supplement_notice,
 * correction_basis, correction {evidence, unit_text} issue_deliver     → issue_deliver,
 * issue_basis, issue {evidence} correction_pauses → correction_pauses, correction_pause {basis,
 * evidence} special_procedures→ special, special_kinds, pauses_by_law (legal), pauses_by_guide
 * (legal or promised), substantive (site), inspection (inspection, test, quarantine) materials →
 * materials with codes, deferrable project_type 1    → immediate; notice_commitment yes →
 * commitment
 *
 * Defaults where the file is silent are named in `defaults`, so that the bureau sees what to check.
 * Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_MAP_H
#define HUHANG_APP_CATALOGUE_MAP_H

#include "app/catalogue/department.h"
#include "app/catalogue/reader.h"
#include "base/map.h"

struct mapped {
    struct str code, unit; /* unit: code of the department */
    struct jval body;
};

/* A body under construction. */
struct mapping {
    struct arena *a;
    struct reader row;
    struct jobj *body;
    struct jarr *defaults;
    struct str regime;
};

/* Faults (all of the row, pointers below `at`) go to *faults; *ret is of use only without any.
 * `prior`: the present body of the item, or NULL. */
void map_item(struct departments *d,
              const struct jval *row,
              struct str at,
              const struct jval *prior,
              struct err **faults,
              struct mapped *ret);

/* Parts, one file each. */
void map_limits(struct mapping *m);
void map_specials(struct mapping *m);
struct jval map_form(struct arena *a, struct str regime, bool projects);

/* A member that the file does not say. */
void map_default_bool(struct mapping *m, const char *name, bool value);
/* value and unit of a limit object as "20wd"; none for a promise or a plan, or after a fault. */
struct str map_duration(struct reader *r);

/* The same for bundles: {name, lead {name, unit}, joint_limit, joint {evidence, plan}, stages
 * [{name, mode, after, items [{code, required}]}], shared_materials, questions, excludes, …}.
 * `items`: by code, what the catalogue will hold. */
void map_bundle(const struct departments *d,
                const struct map *items,
                const struct jval *row,
                struct str at,
                struct err **faults,
                struct mapped *ret);

#endif
