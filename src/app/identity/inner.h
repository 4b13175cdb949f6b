/* What the files of identity share. */
#ifndef HUHANG_APP_IDENTITY_INNER_H
#define HUHANG_APP_IDENTITY_INNER_H

#include "app/identity/identity.h"
#include "run/lane.h"

#define SESSION_HOURS 12    /* absolute end, real time */
#define CODE_HOURS    168   /* one-time codes, real time */
#define SEEN_EVERY_MS 60000 /* table session learns that often when a session was used */
#define PASSWORD_MIN  10
#define PASSWORD_MAX  128
#define LOGIN_MIN     3
#define LOGIN_MAX     40
#define HASH_LEN      CRYPT_SHA256_LEN

/* ---- person.c: rows of person, and what is sealed in them ---- */

struct person_row {
    int64_t id, office_id, unit_id, status, key_id, party_id, failed, locked_until;
    bool password_change, verified;
    struct str login, name, kind, password;
    struct bytes sealed, wrapped;
};

/* name: of applicants only (the column holds the masked one). */
struct person_sealed {
    struct str name, id_number, phone;
};

struct err *
person_by_id(struct call *c, int64_t id, struct person_row *ret, bool *ret_found) MUST_CHECK;
struct err *person_by_login(struct call *c,
                            struct str login,
                            struct person_row *ret,
                            bool *ret_found) MUST_CHECK;
struct err *person_by_party(struct call *c,
                            int64_t party_id,
                            struct person_row *ret,
                            bool *ret_found) MUST_CHECK;
/* ERR_NOT_FOUND unless an applicant of this office. */
struct err *person_applicant(struct call *c, int64_t id, struct person_row *ret) MUST_CHECK;
/* An erased or empty part reads as none. */
struct err *
person_open(struct call *c, const struct person_row *p, struct person_sealed *ret) MUST_CHECK;
/* The full name: of staff as stored, of applicants unsealed. */
struct err *person_name(struct call *c, const struct person_row *p, struct str *ret) MUST_CHECK;
struct err *person_set_password(struct call *c, int64_t id, struct str phc) MUST_CHECK;
struct err *person_set_verified(struct call *c, int64_t id) MUST_CHECK;
/* The columns failed and locked_until. */
struct err *
person_set_failures(struct call *c, int64_t id, int64_t failed, int64_t locked_until) MUST_CHECK;
/* Audit row about a person; body "{}" when none. */
struct err *person_audit(struct call *c, int64_t id, struct str body) MUST_CHECK;

/* ---- password.c: rules ---- */

void password_check(struct call *c,
                    struct str login,
                    struct str password,
                    struct str pointer,
                    struct err **ret_err);
bool login_ok(struct str folded);

/* ---- roles.c ---- */

struct grant_row {
    int64_t id, person_id, office_id, unit_id, stands_in_for, act_id;
    struct str role, from_on, to_on;
};
extern const struct field grant_rows[];
/* Roles of the person today, own ones and as a stand-in (in force only while the person stood in
 * for holds the role itself). */
struct err *roles_today(struct call *c,
                        int64_t person_id,
                        const struct held_role **ret,
                        size_t *ret_n) MUST_CHECK;
/* Was the role ever granted in this office? */
struct err *grant_exists(struct call *c, struct str role, bool *ret) MUST_CHECK;
/* The first start: security and audit administrator were never named. */
struct err *roles_setup_needed(struct call *c, bool *ret) MUST_CHECK;
/* Workplaces to offer, as a list of struct str. */
struct list roles_pages(struct arena *a, const struct actor *actor);

/* ---- cache.c, authenticate.c ---- */

struct identity; /* SLOT_IDENTITY */

/* What a session token stands for. */
struct session_row {
    int64_t session_id, person_id, office_id, acting_party_id, created_at, seen_at, expires_at, now;
    struct bytes token_hash;
    struct str csrf;
};

/* A copy of what is cached into the call's arena. */
enum cache_answer { CACHE_NONE, CACHE_FRESH, CACHE_OLD /* read again; seen_ms is right */ };
struct cache_hit {
    struct actor actor;
    int64_t seen_ms, expires_ms;
    bool tell_seen; /* a minute has passed: store seen_at */
};
struct err *cache_start(struct call *c) MUST_CHECK;
enum cache_answer
cache_find(struct call *c, const unsigned char hash[HASH_LEN], struct cache_hit *ret);
/* Takes a number before reading rows; cache_put keeps nothing when something changed since. */
int64_t cache_generation(const struct app *app);
void cache_put(struct call *c,
               const unsigned char hash[HASH_LEN],
               const struct cache_hit *hit,
               int64_t stored_ms,
               int64_t generation);
void cache_prune(struct app *app);
size_t cache_count(const struct app *app); /* tests */
/* When the timer thread has something to do next (monotonic). */
struct cache_timer {
    int64_t prune_ms, purge_ms;
};
struct cache_timer *cache_timer(const struct app *app);
/* The hash that stands for the password of accounts that do not exist. */
struct str cache_dummy(const struct app *app);
/* Failures of logins that do not exist, so that they lock out like those that do. */
struct lock_state {
    int64_t failed, locked_until;
};
struct lock_state cache_stranger(const struct app *app, const unsigned char login_hash[HASH_LEN]);
void cache_set_stranger(const struct app *app,
                        const unsigned char login_hash[HASH_LEN],
                        struct lock_state s);

/* One more registration from the call's address: false, and the seconds to wait, when that is more
 * than conf.registrations_per_hour. Addresses live in memory only, as keyed hashes (cache.c). */
bool cache_registration(struct call *c, int64_t *ret_wait_s);

/* False for what an open event stream asks by itself (channel "events"): that is no use by a person
 * and must not put off the end of an idle session. */
bool session_used(const struct call *c);
/* Fills c->actor from c->session_token, without asking for a CSRF token. */
struct err *session_resolve(struct call *c) MUST_CHECK;
struct err *identity_authenticate(struct call *c) MUST_CHECK;

/* ---- session.c ---- */

/* An open session of this office by the hash of its token. */
struct err *session_find(struct call *c,
                         const unsigned char hash[HASH_LEN],
                         struct session_row *ret,
                         bool *ret_found) MUST_CHECK;
void session_hash(struct str token, unsigned char ret[HASH_LEN]);
/* Stores seen_at: in the unit, or as a command of its own that nobody waits for. */
void session_tell_seen(struct call *c, int64_t session_id);

struct session_new {
    int64_t person_id;
    struct str token; /* set by session_begin: for the cookie */
};
/* WRITE: a new session with a new token; the one that the call came with ends (no fixation). */
struct err *session_begin(struct call *c, struct session_new *s) MUST_CHECK;
/* After the commit: the call becomes the session's, the cookie is set. */
struct err *session_enter(struct call *c, struct str token) MUST_CHECK;
struct err *session_purge(struct call *c) MUST_CHECK;

/* ---- sign_in.c: attempts with a password or a code ---- */

enum attempt_end { ATTEMPT_FAILED, ATTEMPT_LOCKED, ATTEMPT_GOOD };

struct attempt {
    struct str login;                       /* folded */
    struct str seen_password;               /* PHC text that was checked, none: there was none */
    bool good;                              /* the secret was right */
    struct str code;                        /* normalised one-time code, none: by password */
    struct str new_password;                /* PHC text to store, none: keep */
    const char *outcome_good, *outcome_bad; /* words of table sign_in */
    /* results */
    enum attempt_end end;
    int64_t locked_until;
    struct session_new session;
};
/* lane_write with a struct attempt. Failures are kept, so it succeeds on them too. */
struct err *attempt_carry_out(struct call *c, void *attempt) MUST_CHECK;
/* Signs the call in, or says why not. */
struct err *attempt_answer(struct call *c, const struct attempt *t) MUST_CHECK;
/* Locked out right now? Looks before the costly hash is made. */
struct err *attempt_locked(struct call *c,
                           struct str login,
                           const struct person_row *p,
                           struct attempt *ret) MUST_CHECK;
struct err *
sign_in_note(struct call *c, struct str login, int64_t person_id, const char *outcome) MUST_CHECK;

/* ---- code.c ---- */

struct str code_normalise(struct arena *a, struct str typed);
/* Person whose unused, unexpired code it is; 0: none. */
struct err *code_person(struct call *c, struct str code, int64_t *ret_person) MUST_CHECK;
struct err *code_use(struct call *c, struct str code, int64_t person_id, bool *ret_used) MUST_CHECK;
struct err *code_purge(struct call *c) MUST_CHECK;

/* ---- mandate.c ---- */

struct mandate_row {
    int64_t id, office_id, party_id, agent_id, confirmed_by, act_id, party_kind;
    int64_t after, limit_n; /* of lists */
    bool pending;
    struct str scope, from_on, to_on, today, evidence, name_public, name_masked;
};
/* The best mandate in force today of the person for the party; id 0: none. */
struct err *mandate_in_force(struct call *c,
                             int64_t person_id,
                             int64_t party_id,
                             struct mandate_row *ret) MUST_CHECK;
struct err *mandates_in_force(struct call *c, int64_t person_id, struct list *ret) MUST_CHECK;
/* Lists of mandate_row: of one agent; by agent, party or waiting for confirmation (0, false: all).
 */
struct err *mandates_own(struct call *c, struct mandate_row in, struct list *ret) MUST_CHECK;
struct err *mandates_at_window(struct call *c, struct mandate_row in, struct list *ret) MUST_CHECK;
struct err *mandate_by_id(struct call *c, int64_t id, struct mandate_row *ret) MUST_CHECK;
/* party_id, party_kind, name_public of a party of this office; ERR_NOT_FOUND. */
struct err *mandate_party(struct call *c, int64_t party_id, struct mandate_row *ret) MUST_CHECK;
struct err *mandate_confirm(struct call *c, struct mandate_row *m, struct str document) MUST_CHECK;
struct err *mandate_end(struct call *c, struct mandate_row *m) MUST_CHECK;
/* pending, future, in_force, ended */
const char *mandate_status(const struct call *c, const struct mandate_row *m);
struct str mandate_party_name(const struct mandate_row *m);
const char *party_kind_word(int64_t kind);

/* ---- me.c ---- */

struct me {
    struct me_person *person;
    struct list roles, pages, mandates;
    struct me_acting *acting;
    struct str csrf, today;
    bool must_change_password, setup_needed, time_trusted;
    struct me_office *office;
    int64_t now;
};
extern const struct field me_rows[];
struct err *me_fill(struct call *c, struct me *ret) MUST_CHECK;

#endif
