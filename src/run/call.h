/* A call: everything one operation may touch. There are no globals but immutable tables and the
 * log.
 *
 * The same call is made by the web, the command line (admin.sock), a timer, the simulation and the
 * tests; only the actor, the channel and the clock differ. */
#ifndef HUHANG_RUN_CALL_H
#define HUHANG_RUN_CALL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/db.h"
#include "wire/problem.h"

struct app;
struct op;

enum actor_kind {
    ACTOR_NONE,      /* not signed in */
    ACTOR_APPLICANT, /* a natural person for itself or, by mandate, for an enterprise */
    ACTOR_STAFF,
    ACTOR_SYSTEM, /* timers, triggered acts */
    ACTOR_CLI,    /* command line on the host, over admin.sock or on a stopped server */
};

/* One role a person holds today. unit_id 0: the whole office. */
struct held_role {
    struct str role;
    int64_t unit_id;
    int64_t stands_in_for; /* person, 0: own role */
};

struct actor {
    enum actor_kind kind;
    int64_t person_id; /* 0 for NONE, SYSTEM, CLI */
    int64_t session_id;
    int64_t unit_id; /* staff */
    struct str login, name;
    const struct held_role *roles;
    size_t n_roles;
    int64_t party_id;   /* party acted for (own party or by mandate), 0: none */
    int64_t mandate_id; /* 0: for itself */
    bool as_agent;      /* the mandate is an agent's, not the legal representative's */
    bool must_change_password;
    struct str csrf; /* token of the session, none when not from a cookie */
};

/* What the handler wants sent when it is not a plain JSON struct. */
struct reply {
    int status;        /* 0: 200, or 201 with a location */
    struct str media;  /* none: application/json from the out rows */
    struct bytes body; /* used when media is set */
    struct str etag;   /* without quotes */
    struct str location;
    struct str file_name; /* Content-Disposition (UTF-8) */
    bool inline_file;
    struct str set_cookie, set_cookie2; /* complete values, made by identity */
    bool no_store;
    bool immutable;
};

struct call {
    struct arena *arena;
    struct app *app;
    const struct op *op; /* NULL for internal commands */
    struct db *db;       /* the lane's connection; writing only on the WRITE lane */
    struct actor actor;
    int64_t office_id;
    int64_t now_ms;  /* office time, fixed for the whole call */
    int64_t real_ms; /* real time: sessions, time-outs */
    enum lang lang;
    struct str channel; /* web, window, kiosk, cli, system */
    struct str request_id;
    /* From the request, none where absent. */
    struct str session_token, csrf_header, idempotency_key, if_match, host;
    struct str peer; /* the client's address, for limits only: never logged or stored */
    struct reply reply;
    void *unit; /* writer's per-unit state (leaves, outbox rows) */
};

/* Actor holds the role for the unit (or for the whole office). unit_id 0 asks "anywhere". Grants on
 * an ancestor unit cover the unit; the caller passes the unit's path ids. */
bool actor_holds(const struct actor *a, struct str role);
/* Any of the roles, written "clerk|reviewer". */
bool actor_holds_any(const struct actor *a, const char *roles);

#endif
