/* Sets of names: states, acts, roles, and the groups over them. */
#include "procedure/load.h"

const struct group_def *load_group(struct load *l, struct str name)
{
    for (uint32_t i = 0; i < l->d->n_groups; i++) {
        if (str_eq(l->groups[i].name, name)) {
            return &l->groups[i];
        }
    }
    return NULL;
}

/* Names of one kind and of the groups, for hints. */
static size_t
names_and_groups(struct load *l, const void *rows, size_t size, size_t n, struct str **ret)
{
    struct str *names = ARENA_ARRAY(l->a, struct str, n + l->d->n_groups + 1);
    struct str *own = load_names_of(l, rows, size, n);
    for (size_t i = 0; i < n; i++) {
        names[i] = own[i];
    }
    for (uint32_t i = 0; i < l->d->n_groups; i++) {
        names[n + i] = l->groups[i].name;
    }
    *ret = names;
    return n + l->d->n_groups;
}

static bool
load_state_name(struct load *l, struct at at, struct str word, bool closed_too, uint64_t *ret)
{
    struct definition *d = l->d;
    if (str_eqz(word, "open")) {
        *ret |= d->open;
        return true;
    }
    if (str_eqz(word, "any")) {
        *ret |= d->open | d->waiting | (closed_too ? d->closed : 0);
        return true;
    }
    uint32_t i = definition_state(d, word);
    const struct group_def *g = load_group(l, word);
    if (i != NO_INDEX) {
        *ret |= BIT(i);
        return true;
    }
    if (g != NULL && g->states != 0) {
        *ret |= g->states;
        return true;
    }
    struct str *names;
    size_t n = names_and_groups(l, l->states, sizeof(l->states[0]), d->n_states, &names);
    load_fault(l, at, g != NULL ? 24 : 20, name_hint(l->a, word, names, n), "%s '%.*s'",
               g != NULL ? "no group of states:" : "unknown state", STR_ARG(word));
    return false;
}

bool load_states(struct load *l, struct at at, struct str words, bool closed_too, uint64_t *ret)
{
    bool ok = true;
    while (words.p != NULL) {
        ok = load_state_name(l, at, str_trim(str_split(&words, '/')), closed_too, ret) && ok;
    }
    return ok;
}

bool load_act_names(
    struct load *l, struct at at, struct str word, int code, const char *where, uint64_t *ret)
{
    uint32_t i = definition_act(l->d, word);
    const struct group_def *g = load_group(l, word);
    if (i != NO_INDEX) {
        *ret |= BIT(i);
        return true;
    }
    if (g != NULL && g->acts != 0) {
        *ret |= g->acts;
        return true;
    }
    struct str *names;
    size_t n = names_and_groups(l, l->acts, sizeof(l->acts[0]), l->d->n_acts, &names);
    load_fault(l, at, g != NULL ? 24 : code, name_hint(l->a, word, names, n), "%s '%.*s' in %s",
               g != NULL ? "no group of acts:" : "unknown act", STR_ARG(word), where);
    return false;
}

/* ---- roles ---- */

static void load_role(struct load *l, struct at at, struct str word, uint64_t *ret)
{
    const struct role_set *roles = &l->set->roles;
    int i = role_index(roles, word);
    if (i >= 0) {
        *ret |= BIT(i);
        return;
    }
    struct str *names = load_names_of(l, roles->roles, sizeof(roles->roles[0]), roles->n);
    load_fault(l, at, 21, name_hint(l->a, word, names, roles->n), "unknown role '%.*s'",
               STR_ARG(word));
}

void load_roles(struct load *l,
                struct at at,
                struct str words,
                uint64_t *ret,
                const struct expr_path **ret_path)
{
    if (words.p == NULL || words.n == 0) {
        load_fault(l, at, 21, S("name a role of roles.yaml"), "a role is missing");
        return;
    }
    while (words.p != NULL) {
        struct str word = str_trim(str_split(&words, '/'));
        if (str_find_char(word, '.') < 0) {
            load_role(l, at, word, ret);
        } else if (ret_path != NULL && *ret_path == NULL) {
            *ret_path = load_path(l, word, at, D_ROLE);
        } else {
            load_fault(l, at, 21, S("only acts and asks may take one role from a path"),
                       "'%.*s' cannot be used here", STR_ARG(word));
        }
    }
}

/* ---- groups ---- */

static void load_member(struct load *l, const struct ynode *n, struct group_def *g)
{
    if (!load_is(l, n, Y_TEXT, "a member")) {
        return;
    }
    uint32_t state = definition_state(l->d, n->s);
    uint32_t act = definition_act(l->d, n->s);
    const struct group_def *other = load_group(l, n->s);
    if (state != NO_INDEX) {
        g->states |= BIT(state);
    } else if (act != NO_INDEX) {
        g->acts |= BIT(act);
    } else if (other != NULL) {
        g->states |= other->states;
        g->acts |= other->acts;
    } else {
        struct str *names = ARENA_ARRAY(l->a, struct str, MAX_STATES + MAX_ACTS);
        size_t k = 0;
        for (uint32_t i = 0; i < l->d->n_states; i++) {
            names[k++] = l->states[i].name;
        }
        for (uint32_t i = 0; i < l->d->n_acts; i++) {
            names[k++] = l->acts[i].name;
        }
        load_fault(l, at_of(n), 24, name_hint(l->a, n->s, names, k),
                   "unknown member '%.*s' of group '%.*s'", STR_ARG(n->s), STR_ARG(g->name));
    }
}

void load_groups(struct load *l)
{
    const struct ynode *map = yaml_get(l->root, S("groups"));
    size_t n = load_is(l, map, Y_MAP, "groups") ? map->n : 0;
    l->groups = ARENA_ARRAY(l->a, struct group_def, n + 1);
    l->d->groups = l->groups;
    for (size_t i = 0; i < n; i++) {
        struct group_def *g = &l->groups[i];
        g->name = map->keys[i];
        load_word_ok(l, at_key(map, i), g->name, true);
        if (definition_state(l->d, g->name) != NO_INDEX ||
            definition_act(l->d, g->name) != NO_INDEX) {
            load_fault(l, at_key(map, i), 18, S("choose another name"),
                       "group '%.*s' has the name of a state or act", STR_ARG(g->name));
        }
        const struct ynode *items;
        size_t members = load_list(l, &map->items[i], &items);
        for (size_t k = 0; k < members; k++) {
            load_member(l, &items[k], g);
        }
        if (g->states != 0 && g->acts != 0) {
            load_fault(l, at_key(map, i), 24, S("make two groups"),
                       "group '%.*s' mixes states and acts", STR_ARG(g->name));
        }
        l->d->n_groups = (uint32_t)i + 1;
        l->d->hidden |= str_eqz(g->name, "hidden") ? g->states : 0;
    }
}
