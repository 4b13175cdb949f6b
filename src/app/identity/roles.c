/* Roles: what is in force today, what they are called, which workplaces they open.
 *
 * A grant runs from a day to a day (office time), for a unit with all below it or for the whole
 * office. A stand-in's grant is worth as much as the role of the person stood in for: when that
 * ends, it ends. Business roles come from roles.yaml; the administrators' are fixed here, because
 * the rule that keeps them apart (三员分立, design.md 7) is no matter of configuration. */
#include "app/identity/inner.h"

#include "base/check.h"
#include "civil/date.h"
#include "procedure/definition.h"
#include "procedure/matter.h"
#include "procedure/org.h"
#include "procedure/roles.h"

/* clang-format off */
const struct field grant_rows[] = {
    F_ID(struct grant_row, id, 0, NULL, NULL),
    F_ID(struct grant_row, person_id, 0, NULL, NULL),
    F_ID(struct grant_row, office_id, 0, NULL, NULL),
    F_ID(struct grant_row, unit_id, 0, NULL, NULL),
    F_ID(struct grant_row, stands_in_for, 0, NULL, NULL),
    F_ID(struct grant_row, act_id, 0, NULL, NULL),
    F_TEXT(struct grant_row, role, 0, 0, 0, NULL, NULL),
    F_TEXT(struct grant_row, from_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct grant_row, to_on, 0, 0, 0, NULL, NULL),
    FIELD_END,
};

static const struct {
    const char *role, *zh, *en;
    bool admin; /* one of the three */
} FIXED[] = {
    {ROLE_SYSTEM_ADMIN,   "系统管理员", "system administrator", true},
    {ROLE_SECURITY_ADMIN, "安全管理员", "security administrator", true},
    {ROLE_AUDIT_ADMIN,    "审计管理员", "audit administrator", true},
    {ROLE_BUREAU_ADMIN,   "局内管理员", "bureau administrator", false},
    {ROLE_SETUP_ADMIN,    "系统管理员（初始设置）", "system administrator (first setup)", true},
};

static const struct {
    const char *page, *roles;
} PAGES[] = {
    {"window",  "clerk"},
    {"approve", "reviewer|approver|legal_reviewer|organ_head|government_head|unit_head"},
    {"deliver", "deliverer"},
    {"bureau",  ROLE_BUREAU_ADMIN},
    {"admin",   ROLE_SYSTEM_ADMIN "|" ROLE_SECURITY_ADMIN},
    {"audit",   ROLE_AUDIT_ADMIN},
};
/* clang-format on */

/* The person's own grants, and those of the persons it stands in for. */
STMT(ROLE_GRANTS,
     "identity.grants",
     grant_rows,
     grant_rows,
     struct grant_row,
     "SELECT id, person_id, office_id, unit_id, role, from_on, to_on, stands_in_for, act_id"
     " FROM role_grant WHERE office_id = :office_id AND (person_id = :person_id OR person_id IN"
     " (SELECT s.stands_in_for FROM role_grant s WHERE s.person_id = :person_id))"
     " ORDER BY id");
STMT(ROLE_ADMINS_NAMED,
     "identity.admins_named",
     grant_rows,
     grant_rows,
     struct grant_row,
     "SELECT COUNT(DISTINCT role) AS id FROM role_grant WHERE office_id = :office_id"
     " AND role IN ('" ROLE_SECURITY_ADMIN "', '" ROLE_AUDIT_ADMIN "')");

static bool own(const struct grant_row *g)
{
    return g->stands_in_for == FIELD_NO_INT;
}

/* Dates compare as text. */
static bool in_force(const struct grant_row *g, struct str day)
{
    return str_cmp(g->from_on, day) <= 0 && (g->to_on.p == NULL || str_cmp(day, g->to_on) <= 0);
}

static bool
backed(const struct org *org, const struct list *all, const struct grant_row *g, struct str day)
{
    const struct grant_row *rows = all->p;

    for (size_t i = 0; i < all->n; i++) {
        const struct grant_row *b = &rows[i];

        if (b->person_id == g->stands_in_for && own(b) && str_eq(b->role, g->role) &&
            in_force(b, day) &&
            (b->unit_id == FIELD_NO_INT ||
             (g->unit_id != FIELD_NO_INT && org_covers(org, b->unit_id, g->unit_id)))) {
            return true;
        }
    }
    return false;
}

struct err *
roles_today(struct call *c, int64_t person_id, const struct held_role **ret, size_t *ret_n)
{
    struct grant_row in = {.office_id = c->office_id, .person_id = person_id};
    struct str day = civil_text(c->arena, civil_day_of(c->now_ms));
    struct list all = {0};
    struct held_role *held;
    size_t n = 0;

    TRY(db_all(c->db, c->arena, &ROLE_GRANTS, &in, &all));
    held = ARENA_ARRAY(c->arena, struct held_role, all.n + 1);
    for (size_t i = 0; i < all.n; i++) {
        const struct grant_row *g = &((const struct grant_row *)all.p)[i];

        if (g->person_id != person_id || !in_force(g, day) ||
            (!own(g) && !backed(org_of(c->app), &all, g, day))) {
            continue;
        }
        held[n++] = (struct held_role){
            .role = g->role,
            .unit_id = g->unit_id == FIELD_NO_INT ? 0 : g->unit_id,
            .stands_in_for = own(g) ? 0 : g->stands_in_for,
        };
    }
    for (size_t i = 0; i < n; i++) {
        bool needed = false;

        if (str_eqz(held[i].role, ROLE_SYSTEM_ADMIN)) {
            TRY(roles_setup_needed(c, &needed));
            held[i].role = needed ? S(ROLE_SETUP_ADMIN) : held[i].role;
        }
    }
    *ret = held;
    *ret_n = n;
    return NULL;
}

struct err *roles_setup_needed(struct call *c, bool *ret)
{
    struct grant_row in = {.office_id = c->office_id}, row = {0};
    bool found = false;

    TRY(db_one(c->db, c->arena, &ROLE_ADMINS_NAMED, &in, &row, &found));
    *ret = row.id < 2;
    return NULL;
}

struct list roles_pages(struct arena *a, const struct actor *actor)
{
    struct str *pages = ARENA_ARRAY(a, struct str, COUNT_OF(PAGES) + 1);
    size_t n = 0;

    for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
        struct str rest = str_of(PAGES[i].roles);
        bool open = false;

        while (rest.p != NULL) {
            open = actor_holds(actor, str_split(&rest, '|')) || open;
        }
        if (open) {
            pages[n++] = str_of(PAGES[i].page);
        }
    }
    pages[n++] = S("portal");
    return (struct list){pages, n};
}

static const struct role *business_role(const struct app *app, struct str role)
{
    if (app->slot[SLOT_PROCEDURE] == NULL) {
        return NULL;
    }
    const struct role_set *set = definition_roles(procedure_set(app));
    int i = role_index(set, role);
    return i < 0 ? NULL : &set->roles[i];
}

static int fixed_role(struct str role)
{
    for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
        if (str_eqz(role, FIXED[i].role)) {
            return (int)i;
        }
    }
    return -1;
}

bool identity_role_is_admin(struct str role)
{
    int i = fixed_role(role);

    return i >= 0 && FIXED[i].admin;
}

bool identity_role_grantable(const struct app *app, struct str role)
{
    const struct role *r = business_role(app, role);

    if (fixed_role(role) >= 0) {
        return !str_eqz(role, ROLE_SETUP_ADMIN);
    }
    return r != NULL && !r->outside && r->scope != ROLE_SYSTEM;
}

struct label *identity_role_name(struct call *c, struct str role)
{
    const struct role *r = business_role(c->app, role);
    int i = fixed_role(role);

    if (i >= 0) {
        return label_new(c->arena, str_of(FIXED[i].zh), str_of(FIXED[i].en));
    }
    return r != NULL ? label_new(c->arena, r->zh, r->en) : label_new(c->arena, role, role);
}

/* ---- labels ---- */

/* clang-format off */
const struct field label_rows[] = {
    F_TEXT(struct label, zh, FIELD_REQUIRED, 0, 0, "中文", "Chinese"),
    F_TEXT(struct label, en, 0, 0, 0, "英文", "English"),
    FIELD_END,
};
/* clang-format on */

struct label *label_new(struct arena *a, struct str zh, struct str en)
{
    struct label *l = ARENA_NEW(a, struct label);

    l->zh = zh;
    l->en = en.n > 0 ? en : STR_NONE;
    return l;
}
