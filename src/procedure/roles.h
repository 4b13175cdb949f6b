/* Roles of procedures/roles.yaml: `clerk: office 窗口人员`. A role is its index; sets are masks. */
#ifndef HUHANG_PROCEDURE_ROLES_H
#define HUHANG_PROCEDURE_ROLES_H

#include "base/str.h"

#define ROLES_MAX 64

enum role_scope {
    ROLE_OFFICE,   /* grant in the matter's office */
    ROLE_UNIT,     /* grant covers the matter's unit or an ancestor */
    ROLE_ORIGIN,   /* grant covers the unit the matter came from */
    ROLE_PARTY,    /* the matter's party itself */
    ROLE_AGENT,    /* an agent of the party with a mandate (file word: `agent`) */
    ROLE_ASSIGNEE, /* the person assigned, holding a unit grant */
    ROLE_SYSTEM,   /* the program: triggered acts; role `system` */
    ROLE_ZONE,     /* grant inside the zone of the kind */
    ROLE_PUBLIC,   /* anybody signed in */
};

struct role {
    struct str name, zh, en;
    enum role_scope scope;
    bool outside; /* party, agent, public: not staff (holders of waiting states) */
};

struct role_set {
    const struct role *roles;
    size_t n; /* at most ROLES_MAX */
};

/* Index of a role or -1. */
int role_index(const struct role_set *set, struct str name);
const char *role_scope_name(enum role_scope s);

#endif
