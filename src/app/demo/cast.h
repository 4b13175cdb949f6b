/* Who plays: staff with their roles, applicants with their accounts. They are made once, through
 * identity and party; what the play needs is read back from the data base, so that a folder that
 * has them already can be played on. Private to demo/. */
#ifndef HUHANG_APP_DEMO_CAST_H
#define HUHANG_APP_DEMO_CAST_H

#include "app/demo/luck.h"
#include "procedure/party.h"

/* One role that somebody holds. unit_id 0: the whole office. */
struct part {
    int64_t person_id, unit_id;
    struct str role;
};

struct applicant {
    int64_t party_id;
    enum party_kind kind;
    struct str name;   /* of an enterprise; none of citizens */
    int64_t person_id; /* account that acts for it; 0: comes to the window */
};

struct cast {
    const struct part *parts;
    size_t n_parts;
    const struct applicant *applicants;
    size_t n_applicants;
};

/* Units, staff and applicants of the demo office, and DIR/accounts.txt. The catalogue is there. */
struct err *cast_make(struct call *c) MUST_CHECK;
struct err *cast_read(struct call *c, struct cast *ret) MUST_CHECK;
/* The n-th person (counting round) with the role for the unit; 0: nobody. */
int64_t cast_person(
    const struct call *c, const struct cast *cast, const char *role, int64_t unit_id, size_t n);

/* ---- names.c: fictitious names and identifiers ---- */

struct who {
    struct str name, login; /* login: pinyin, not unique */
};
/* The i-th person of an endless row. */
struct who who_nth(struct arena *a, size_t i);
/* The i-th enterprise: name and trade. */
#define ENTERPRISES 42
#define CITIZENS    18
struct str enterprise_name(struct arena *a, size_t i);
/* Valid by their check characters; the division 519901 does not exist, so they are nobody's. */
struct str fictitious_uscc(struct arena *a, size_t i);
struct str fictitious_rid(struct arena *a, size_t i);
struct str fictitious_phone(struct arena *a, size_t i);

/* ---- office.c: units, staff ---- */

struct err *office_make(struct call *c, struct str password) MUST_CHECK;
/* ---- applicants.c ---- */
struct err *applicants_make(struct call *c, struct str password) MUST_CHECK;
/* accounts.c: DIR/accounts.txt. */
struct err *accounts_write(struct call *c) MUST_CHECK;

/* Runs fn in a unit of its own as the person (0: the command line). */
struct err *as_person(struct call *c,
                      int64_t person_id,
                      int64_t party_id,
                      struct err *(*fn)(struct call *c, void *ctx),
                      void *ctx) MUST_CHECK;

#endif
