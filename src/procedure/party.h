/* Parties: enterprises and citizens, sealed at rest (design.md 3). Names and credit codes of
 * enterprises are public and clear; everything about citizens is AEAD ciphertext under the party's
 * data key. Equality search goes through a keyed blind index whose input names the kind. */
#ifndef HUHANG_PROCEDURE_PARTY_H
#define HUHANG_PROCEDURE_PARTY_H

#include "run/app.h"

enum party_kind { PARTY_CITIZEN = 1, PARTY_ENTERPRISE = 2 };

struct party_data {
    enum party_kind kind;
    struct str name, identifier; /* normalised credit code or citizen id */
    struct str phone, address;   /* none where not given */
    bool fictitious;             /* demo data */
};

/* Checks name, identifier and phone; all faults at once, pointers below `at`. Normalises in place.
 */
struct err *party_check(struct call *c, struct party_data *p, struct str at) MUST_CHECK;
/* Finds by kind and identifier: id or 0. */
struct err *
party_find(struct call *c, enum party_kind kind, struct str identifier, int64_t *ret_id) MUST_CHECK;
/* WRITE: finds or makes; *ret_new tells. Checked data only. An existing party keeps its data. */
struct err *
party_make(struct call *c, const struct party_data *p, int64_t *ret_id, bool *ret_new) MUST_CHECK;
/* The plain data. ERR_NOT_FOUND; an erased party has the name “（已删除）”. */
struct err *party_open(struct call *c, int64_t id, struct party_data *ret) MUST_CHECK;
/* For lists: clear for enterprises, masked for citizens. */
struct str party_shown_name(struct arena *a, const struct party_data *p, bool unmasked);
struct str party_shown_identifier(struct arena *a, const struct party_data *p, bool unmasked);

#endif
