/* People and how they are known: accounts, sessions, roles in force, mandates (design.md 7, issue 3
 * B; docs/api.md "Who am I", "Parties").
 *
 * An account is a natural person. Staff work under roles that are granted per office or unit, from
 * a day to a day; an applicant acts for itself (its own party, a citizen) or, by a mandate that a
 * window confirmed, for an enterprise. Three administrators without business rights (三员分立): the
 * system administrator makes accounts, the security administrator grants roles, the audit
 * administrator reads what was done. */
#ifndef HUHANG_APP_IDENTITY_IDENTITY_H
#define HUHANG_APP_IDENTITY_IDENTITY_H

#include "run/app.h"

extern const struct module identity_module;

/* Roles that are not business: fixed names, also where roles.yaml does not list them. */
#define ROLE_SYSTEM_ADMIN   "system_admin"
#define ROLE_SECURITY_ADMIN "security_admin"
#define ROLE_AUDIT_ADMIN    "audit_admin"
/* Business side of administration: office profile, units, items, calendar. */
#define ROLE_BUREAU_ADMIN "bureau_admin"
/* What the holder of system_admin is until the other two administrators are named; opens only
 * POST /setup/administrators. */
#define ROLE_SETUP_ADMIN "setup_admin"

#define PERSON_CLOSED 0
#define PERSON_ACTIVE 1

/* {"zh": …, "en": … | null} in replies. */
struct label {
    struct str zh, en;
};
extern const struct field label_rows[];
struct label *label_new(struct arena *a, struct str zh, struct str en);

/* ---- WRITE commands for modules, demo data and tests; all audited ---- */

struct person_new {
    bool staff;
    struct str login; /* none: one is made up (applicants) */
    struct str name;
    struct str id_number; /* citizen id; applicants need it */
    struct str phone;
    int64_t unit_id;     /* staff; 0: none */
    bool verified;       /* a window saw the document */
    struct str password; /* PHC text of crypt_password_hash, none: not yet set */
    bool fictitious;     /* demo data */
};

/* Checks and normalises in place; all faults at once, pointers below `at` with the names of the
 * struct's members. */
struct err *identity_check_person(struct call *c, struct person_new *p, struct str at) MUST_CHECK;
/* The faults of two forms in one error; any other error wins. */
struct err *identity_join_faults(struct call *c, struct err *e, struct err *more) MUST_CHECK;
/* Checked data only. An applicant gets its own party (found or made). ERR_FORM_INVALID at `login`
 * when it is taken; ERR_CONFLICT when the id number has an account (member person_id, for the
 * window). */
struct err *
identity_add_person(struct call *c, const struct person_new *p, int64_t *ret_id) MUST_CHECK;
/* A new one-time code, to be printed; earlier ones end, a lock-out too. ERR_NOT_FOUND. */
struct err *identity_new_code(struct call *c, int64_t person_id, struct str *ret_code) MUST_CHECK;
/* The same as a reply: what is printed for the person. */
struct person_code {
    int64_t id;
    struct str login, code;
    int64_t expires_at;
};
extern const struct field person_code_rows[];
struct err *
identity_print_code(struct call *c, int64_t person_id, struct person_code *ret) MUST_CHECK;
/* Name, unit (0: none) and status of staff; a closed account's sessions end. ERR_NOT_FOUND,
 * ERR_CONFLICT for the last holder of an administrator's role. */
struct err *identity_change_staff(
    struct call *c, int64_t person_id, struct str name, int64_t unit_id, int64_t status) MUST_CHECK;
/* Ends all sessions of the person. */
struct err *identity_end_sessions(struct call *c, int64_t person_id) MUST_CHECK;

struct grant_new {
    int64_t person_id;
    struct str role;
    int64_t unit_id;       /* 0: the whole office */
    struct str from_on;    /* none: today */
    struct str to_on;      /* last day, none: open */
    int64_t stands_in_for; /* person, 0: own role */
};

/* Refuses what 三员分立 forbids (ERR_CONFLICT), roles nobody can be granted, doubles, stand-ins for
 * somebody who does not hold the role. */
struct err *identity_grant(struct call *c, const struct grant_new *g, int64_t *ret_id) MUST_CHECK;
/* From now on no more. ERR_NOT_FOUND; ERR_CONFLICT for the last holder of an administrator's role.
 */
struct err *identity_revoke(struct call *c, int64_t person_id, int64_t grant_id) MUST_CHECK;
/* ERR_CONFLICT when the person is the last holder of an administrator's role. */
struct err *identity_check_leaving(struct call *c, int64_t person_id) MUST_CHECK;

struct mandate_new {
    int64_t party_id, person_id;
    struct str scope;     /* legal_representative, agent */
    struct str from_on;   /* none: today */
    struct str to_on;     /* none: open */
    struct str document;  /* what the window saw; none: to be confirmed yet */
    struct list evidence; /* struct str: upload tokens */
};
struct err *
identity_add_mandate(struct call *c, const struct mandate_new *m, int64_t *ret_id) MUST_CHECK;

/* `huhang init`: the system administrator with a one-time code. ERR_CONFLICT when there is one. */
struct err *identity_first_admin(struct call *c,
                                 struct str login,
                                 struct str name,
                                 struct str *ret_code) MUST_CHECK;

/* What was cached of the person's sessions (0: of everybody's) is read again after the commit. */
void identity_changed(struct call *c, int64_t person_id);

/* ---- reading ---- */

/* The person as an actor today, without a session (simulation, tests). party_id 0: its own party.
 * ERR_NOT_FOUND for closed accounts too. */
struct err *
identity_actor(struct call *c, int64_t person_id, int64_t party_id, struct actor *ret) MUST_CHECK;
/* Whom the applicant may act for today: itself, then those whose mandate it holds, each once; its
 * own name is whole, those of other citizens are masked. A list of struct identity_party. */
struct identity_party {
    int64_t id;
    struct str name;
};
struct err *identity_parties(struct call *c, int64_t person_id, struct list *ret) MUST_CHECK;
/* Official names of a role; the name itself when nobody knows it. */
struct label *identity_role_name(struct call *c, struct str role);
/* Business or administrator's role that can be granted to staff? */
bool identity_role_grantable(const struct app *app, struct str role);
bool identity_role_is_admin(struct str role);
/* Folded as it is stored: no width, no case, no blanks around. */
struct str identity_fold_login(struct arena *a, struct str login);

#endif
