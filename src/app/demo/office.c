/* The demo office: profile, units beside those of the catalogue, staff with roles (cast.h). Each
 * department can handle its own matters; eight busy ones have a person for each role. */
#include "app/demo/cast.h"

#include "app/identity/identity.h"
#include "app/office/office.h"
#include "base/check.h"
#include "procedure/org.h"

struct place {
    const char *login, *roles, *unit;
};

/* clang-format off */
static const struct unit_new UNITS[] = {
    {.code = S_INIT("hall"),       .name = S_INIT("政务服务中心"),     .name_en = S_INIT("Service hall")},
    {.code = S_INIT("government"), .name = S_INIT("高新区管理委员会"), .name_en = S_INIT("Zone government")},
    {.code = S_INIT("discipline"), .name = S_INIT("纪检监察工作委员会"), .name_en = S_INIT("Discipline and supervision commission")},
};
static const struct place OFFICE[] = {
    {"clerk1",      "clerk",            "hall"},
    {"clerk2",      "clerk",            "hall"},
    {"clerk3",      "clerk",            "hall"},
    {"deliverer1",  "deliverer",        "hall"},
    {"chair1",      "hearing_chair",    "hall"},
    {"records1",    "records_officer",  "hall"},
    {"bureau",      "bureau_admin",     "hall"},
    {"owner",       "business_owner",   "hall"},
    {"definitions", "definition_admin", "hall"},
    {"admin",       ROLE_SYSTEM_ADMIN,  "hall"},
    {"security",    ROLE_SECURITY_ADMIN, "hall"},
    {"audit",       ROLE_AUDIT_ADMIN,   "hall"},
    {"government1", "government_head",  "government"},
    {"inspector1",  "inspector",        "discipline"},
};
/* Logins of a department begin with its code: market.reviewer1. */
static const struct place BUSY[] = {
    {"reviewer1", "reviewer",       NULL},
    {"reviewer2", "reviewer",       NULL},
    {"legal",     "legal_reviewer", NULL},
    {"approver",  "approver",       NULL},
    {"head",      "unit_head",      NULL},
    {"organ",     "organ_head",     NULL},
};
static const struct place SMALL[] = {
    {"reviewer1", "reviewer",                      NULL},
    {"reviewer2", "reviewer|legal_reviewer",       NULL},
    {"head",      "approver|unit_head|organ_head", NULL},
};
static const char *const BUSY_UNITS[] = {"market", "health", "labour", "transport", "development", "planning", "construction", "environment"};
static const char *const PROFILE[][2] = {
    {"name_en",           "Qinglan High-tech Zone Service Centre (demonstration)"},
    {"address",           "青岚市高新区惠民路1号（虚构）"},
    {"phone",             "0000-12345678"},
    {"hours",             "工作日9:00—12:00，13:30—17:00"},
    {"organ",             "青岚高新区行政审批局（虚构）"},
    {"organ_en",          "Qinglan High-tech Zone Approval Bureau (fictitious)"},
    {"letter_mark",       "青高审批"},
    {"review_organ",      "青岚高新区管理委员会（虚构）"},
    {"court",             "青岚市高新区人民法院（虚构）"},
    {"supervision_organ", "青岚高新区纪检监察工作委员会（虚构）"},
    {"open",              "09:00"},
    {"noon_from",         "12:00"},
    {"noon_to",           "13:30"},
    {"close",             "17:00"},
};
/* clang-format on */

static struct err *set_profile(struct call *c, void *ctx)
{
    struct jobj *o = jobj_new(c->arena);
    (void)ctx;
    for (size_t i = 0; i < COUNT_OF(PROFILE); i++) {
        jobj_put(o, str_of(PROFILE[i][0]), jval_of_str(str_of(PROFILE[i][1])));
    }
    struct jval v = jobj_val(o);
    TRY(office_set_profile(c, S("青岚高新区政务服务中心（演示）"), &v));
    for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
        int64_t id = 0;
        TRY(office_add_unit(c, &UNITS[i], &id));
    }
    return NULL;
}

struct hire {
    struct person_new person;
    const char *roles;
    int64_t role_unit; /* 0: the whole office */
};

static struct err *hire(struct call *c, void *ctx)
{
    struct hire *h = ctx;
    struct str rest = str_of(h->roles);
    int64_t id = 0;
    TRY(identity_check_person(c, &h->person, S("")));
    TRY(identity_add_person(c, &h->person, &id));
    while (rest.p != NULL) {
        struct grant_new g = {
            .person_id = id, .role = str_split(&rest, '|'), .unit_id = h->role_unit};
        int64_t grant = 0;
        TRY(identity_grant(c, &g, &grant));
    }
    return NULL;
}

/* A place of the office holds its roles everywhere, one of a department (no unit named) there. */
static struct err *hire_one(struct call *c,
                            size_t nth,
                            const struct place *p,
                            struct str login,
                            int64_t unit,
                            struct str password)
{
    struct hire h = {
        .person = {.staff = true,
                   .login = login,
                   .name = who_nth(c->arena, nth).name,
                   .unit_id = unit,
                   .verified = true,
                   .password = password,
                   .fictitious = true},
        .roles = p->roles,
        .role_unit = p->unit == NULL ? unit : 0,
    };
    return as_person(c, 0, 0, hire, &h);
}

static int64_t unit_coded(const struct org *org, const char *code)
{
    for (size_t i = 0; i < org->n; i++) {
        if (str_eqz(org->units[i].code, code)) {
            return org->units[i].id;
        }
    }
    return 0;
}

static bool is_busy(struct str code)
{
    for (size_t i = 0; i < COUNT_OF(BUSY_UNITS); i++) {
        if (str_eqz(code, BUSY_UNITS[i])) {
            return true;
        }
    }
    return false;
}

static bool is_ours(struct str code)
{
    for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
        if (str_eq(code, UNITS[i].code)) {
            return true;
        }
    }
    return false;
}

struct err *office_make(struct call *c, struct str password)
{
    size_t n = 0;
    TRY(as_person(c, 0, 0, set_profile, NULL));
    const struct org *org = org_of(c->app);
    for (size_t i = 0; i < COUNT_OF(OFFICE); i++) {
        TRY(hire_one(c, n++, &OFFICE[i], str_of(OFFICE[i].login), unit_coded(org, OFFICE[i].unit),
                     password));
    }
    for (size_t u = 0; u < org->n; u++) {
        const struct org_unit *unit = &org->units[u];
        bool busy = is_busy(unit->code);
        const struct place *places = busy ? BUSY : SMALL;
        size_t n_places = is_ours(unit->code) ? 0 : busy ? COUNT_OF(BUSY) : COUNT_OF(SMALL);
        for (size_t i = 0; i < n_places; i++) {
            struct str login = str_fmt(c->arena, "%.*s.%s", STR_ARG(unit->code), places[i].login);
            TRY(hire_one(c, n++, &places[i], login, unit->id, password));
        }
    }
    return NULL;
}
