/* Inputs, replies and handlers of office's operations; their rows are gathered in module.c. */
#ifndef HUHANG_APP_OFFICE_OPS_H
#define HUHANG_APP_OFFICE_OPS_H

#include "app/identity/identity.h"
#include "app/office/office.h"
#include "run/lane.h"

#define PAGE_DEFAULT 50
#define DAY_MS       INT64_C(86400000)

struct out_rows {
    struct list rows;
    struct str next;
};
struct in_page {
    int64_t after, limit;
};
struct in_id {
    int64_t id;
};
struct unit_ref {
    int64_t id;
    struct label *name;
};
extern const struct field unit_ref_rows[], id_in_rows[];
/* {id, name} of a unit, NULL for none. */
struct unit_ref *unit_ref_new(struct call *c, int64_t id);
/* A short hash of texts, as etag. */
struct str etag_of(struct arena *a, const struct str *parts, size_t n);
/* ERR_CHANGED unless the call names this etag, or none. */
struct err *check_etag(struct call *c, struct str etag) MUST_CHECK;
int64_t id_or(int64_t id, int64_t other);

/* office */
struct in_profile {
    struct str address, phone, hours, organ, organ_en, open, noon_from, noon_to, close;
    struct str letter_mark, review_organ, court;
    bool due_at_close;
};
struct in_office {
    struct label *name;
    struct in_profile *profile;
};
struct out_office {
    struct str code;
    struct label *name;
    bool demo;
    struct jval profile;
};
extern const struct field office_in_rows[], office_out_rows[];

/* units */
struct in_unit {
    int64_t id, parent_id;
    struct str code, name, name_en, status;
};
struct out_unit {
    int64_t id, parent_id, items, staff;
    struct str code, status, etag;
    struct label *name;
};
extern const struct field unit_new_rows[], unit_change_rows[], unit_out_rows[], units_public_rows[],
    units_bureau_rows[];

/* staff */
struct in_staff_list {
    struct str query, status;
    int64_t unit_id, after, limit;
};
struct in_staff {
    int64_t id, unit_id;
    struct str login, name, phone, status;
};
struct out_grant {
    int64_t grant_id;
    struct str role, from_on, to_on;
    struct label *name;
    struct unit_ref *unit;
    int64_t stands_in_for;
    bool in_force;
};
struct out_staff {
    int64_t id;
    struct str login, name, status, etag;
    struct unit_ref *unit;
    bool locked, password_set;
    struct list roles;
};
extern const struct field staff_list_rows[], staff_new_rows[], staff_change_rows[],
    staff_out_rows[], staffs_out_rows[];

struct in_colleagues {
    struct str query;
    int64_t matter, limit;
};
extern const struct field colleague_in_rows[], colleagues_out_rows[];
/* %text% for LIKE … ESCAPE '!', letters folded. */
struct str like_pattern(struct arena *a, struct str query);

/* roles */
struct in_grant {
    int64_t id, unit_id, stands_in_for, grant_id;
    struct str role, from_on, to_on;
};
struct grant_line {
    int64_t id, office_id, person_id, unit_id, stands_in_for, last_id;
    struct str role, from_on, to_on;
};
struct out_role {
    struct str role, scope;
    struct label *name;
    bool admin;
};
extern const struct field grant_line_rows[];
extern const struct field grant_in_rows[], grant_delete_rows[], grant_out_rows[], grants_out_rows[],
    roles_out_rows[];
void grant_shown(struct call *c, const struct grant_line *g, struct out_grant *ret);

/* audit */
struct in_audit {
    struct str op, subject, from_on, to_on;
    int64_t actor_id, after, limit;
};
struct in_sign_ins {
    struct str outcome, from_on, to_on;
    int64_t person_id, after, limit;
};
extern const struct field audit_in_rows[], audits_out_rows[], sign_ins_in_rows[],
    sign_ins_out_rows[];

#define HANDLER(name) struct err *name(struct call *c, const void *in, void *out)
HANDLER(office_get);
HANDLER(office_put);
HANDLER(units_get);
HANDLER(bureau_units_get);
HANDLER(unit_post);
HANDLER(unit_put);
HANDLER(staff_get);
HANDLER(staff_post);
HANDLER(staff_put);
HANDLER(staff_code);
HANDLER(colleagues_get);
HANDLER(grants_get);
HANDLER(grant_post);
HANDLER(grant_delete);
HANDLER(roles_get);
HANDLER(audit_get);
HANDLER(sign_ins_get);

#endif
