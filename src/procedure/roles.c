/* Roles: look-up. They are read by load_roles.c. */
#include "procedure/roles.h"

int role_index(const struct role_set *set, struct str name)
{
    for (size_t i = 0; i < set->n; i++) {
        if (str_eq(set->roles[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

const char *role_scope_name(enum role_scope s)
{
    static const char *const names[] = {"office",   "unit",   "origin", "party", "agent",
                                        "assignee", "system", "zone",   "public"};
    return names[s];
}
