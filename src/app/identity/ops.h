/* Inputs and handlers of identity's operations; their rows are gathered in module.c. */
#ifndef HUHANG_APP_IDENTITY_OPS_H
#define HUHANG_APP_IDENTITY_OPS_H

#include "app/identity/inner.h"
#include "procedure/party.h"

struct in_id {
    int64_t id;
};
extern const struct field id_rows[];

/* session */
struct in_sign_in {
    struct str login, password;
};
struct in_code {
    struct str login, code, new_password;
};
struct in_password {
    struct str old_password, new_password;
};
struct in_acting {
    int64_t party_id;
};
struct in_register {
    struct str name, id_number, phone, login, password;
};
extern const struct field sign_in_rows[], code_in_rows[], password_in_rows[], acting_rows[],
    register_rows[];

/* parties and people */
struct in_identifier {
    struct str identifier;
};
struct in_agent {
    struct str name, identifier, phone;
};
struct in_party {
    struct str kind, name, identifier, phone, address;
    struct in_agent *agent;
};
struct out_party {
    int64_t id, agent_id, mandate_id;
    struct str kind, name, identifier;
    bool existing;
};
struct out_rows {
    struct list rows;
    struct str next;
};
struct in_person {
    struct str name, id_number, phone;
};
struct in_verify {
    int64_t id;
    struct str document;
};
struct out_person {
    int64_t id, party_id;
    struct str login, name, id_number, phone;
    bool verified, closed;
};
extern const struct field identifier_rows[], party_in_rows[], party_out_rows[], parties_out_rows[];
extern const struct field person_in_rows[], verify_rows[], person_out_rows[], people_out_rows[];
/* For lists at a window: everything personal masked. */
struct err *
people_shown(struct call *c, const struct person_row *p, struct out_person *ret) MUST_CHECK;

/* Refuses numbers of documents in the text for the audit. */
struct err *document_check(struct call *c, struct str document) MUST_CHECK;

/* mandates */
struct in_mandate_party {
    struct str name, identifier;
};
struct in_mandate {
    int64_t id, party_id;
    struct in_mandate_party *party;
    struct str scope, from_on, to_on, document;
    struct list evidence;
};
struct in_mandates {
    int64_t person_id, party_id, after, limit;
    bool pending;
};
struct out_mandate {
    int64_t mandate_id, party_id, person_id;
    struct str name, kind, scope, from_on, to_on, status;
    struct list evidence;
};
extern const struct field mandate_own_rows[], mandate_window_rows[], mandates_in_rows[],
    mandate_out_rows[], mandates_out_rows[];

/* setup */
struct in_admin {
    struct str login, name;
};
struct in_setup {
    struct in_admin *security, *audit;
};
struct out_setup {
    struct person_code *security, *audit;
};
extern const struct field setup_in_rows[], setup_out_rows[];

#define HANDLER(name) struct err *name(struct call *c, const void *in, void *out)
HANDLER(me_get);
HANDLER(session_post);
HANDLER(session_delete);
HANDLER(session_acting);
HANDLER(session_password);
HANDLER(session_code);
HANDLER(registration_post);
HANDLER(parties_get);
HANDLER(parties_post);
HANDLER(people_get);
HANDLER(people_post);
HANDLER(people_verify);
HANDLER(people_code);
HANDLER(people_mandate);
HANDLER(mandates_get);
HANDLER(mandates_post);
HANDLER(mandates_confirm);
HANDLER(mandates_delete);
HANDLER(setup_post);

#endif
