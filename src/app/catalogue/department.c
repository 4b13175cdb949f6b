/* Units by name, and those still to be made (department.h). */
#include "app/catalogue/department.h"

#include "base/check.h"
#include "procedure/org.h"

struct unit_row {
    int64_t id, office_id, status;
    struct str code, name, name_en, path;
};

/* clang-format off */
static const struct field UNIT[] = {
    F_ID(struct unit_row, id, 0, NULL, NULL),
    F_ID(struct unit_row, office_id, 0, NULL, NULL),
    F_INT(struct unit_row, status, 0, 0, 9, NULL, NULL),
    F_TEXT(struct unit_row, code, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_row, name_en, 0, 0, 0, NULL, NULL),
    F_TEXT(struct unit_row, path, 0, 0, 0, NULL, NULL),
    FIELD_END,
};

/* The departments of a district that the sample catalogue names. */
static const struct known {
    const char *zh, *code, *en;
    bool projects;
} KNOWN[] = {
    {"市场监管局", "market", "Market Regulation Bureau", false},
    {"卫生健康局", "health", "Health Bureau", false},
    {"人力资源和社会保障局", "labour", "Human Resources and Social Security Bureau", false},
    {"医疗保障局", "medicare", "Medical Insurance Bureau", false},
    {"住房公积金管理部", "housing-fund", "Housing Fund Management Office", false},
    {"退役军人事务局", "veterans", "Veterans Affairs Bureau", false},
    {"交通运输局", "transport", "Transport Bureau", false},
    {"公安分局", "police", "Public Security Sub-bureau", false},
    {"消防救援大队", "fire", "Fire and Rescue Brigade", false},
    {"发展改革局(经济发展局)", "development", "Development and Reform Bureau", true},
    {"自然资源和规划局", "planning", "Natural Resources and Planning Bureau", true},
    {"人民防空办公室", "civil-air", "Civil Air Defence Office", true},
    {"住房和城乡建设局", "construction", "Housing and Construction Bureau", true},
    {"生态环境局", "environment", "Ecology and Environment Bureau", true},
    {"水务局", "water", "Water Bureau", true},
    {"综合执法(城管)局", "urban", "Urban Management and Law Enforcement Bureau", false},
    {"不动产登记中心", "realty", "Real Estate Registration Centre", false},
    {"教科体局", "education", "Education, Science and Sports Bureau", false},
    {"税务局", "tax", "Tax Bureau", false},
    {"公用企业(水电气网)", "utilities", "Public Utilities (water, power, gas, network)", true},
};
/* clang-format on */

STMT(
    LIST_UNITS,
    "catalogue.units",
    UNIT,
    UNIT,
    struct unit_row,
    "SELECT id, office_id, status, code, name, name_en, path FROM unit WHERE office_id = :office_id"
    " ORDER BY id");
STMT_RUN(INSERT_UNIT,
         "catalogue.unit",
         UNIT,
         "INSERT INTO unit (id, office_id, parent_id, code, name, name_en, path, status)"
         " VALUES (:id, :office_id, NULL, :code, :name, :name_en, :path, 1)");

static struct department *add(struct departments *d)
{
    if (d->n == d->cap) {
        size_t cap = d->cap == 0 ? 32 : d->cap * 2;
        struct department *rows = ARENA_ARRAY(d->a, struct department, cap);
        for (size_t i = 0; i < d->n; i++) {
            rows[i] = d->rows[i];
        }
        d->rows = rows;
        d->cap = cap;
    }
    return &d->rows[d->n++];
}

static const struct known *known_name(struct str zh)
{
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
        if (str_eqz(zh, KNOWN[i].zh)) {
            return &KNOWN[i];
        }
    }
    return NULL;
}

static bool projects_of_code(struct str code)
{
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
        if (str_eqz(code, KNOWN[i].code)) {
            return KNOWN[i].projects;
        }
    }
    return false;
}

struct err *departments_load(struct call *c, struct departments *ret)
{
    struct unit_row in = {.office_id = c->office_id};
    struct list rows = {0};
    *ret = (struct departments){.a = c->arena};
    TRY(db_all(c->db, c->arena, &LIST_UNITS, &in, &rows));
    const struct unit_row *u = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        *add(ret) = (struct department){
            .code = u[i].code,
            .name = u[i].name,
            .name_en = u[i].name_en,
            .unit_id = u[i].id,
            .closed = u[i].status != 1,
            .projects = projects_of_code(u[i].code),
        };
    }
    return NULL;
}

struct department *department_coded(const struct departments *d, struct str code)
{
    for (size_t i = 0; i < d->n; i++) {
        if (str_eq(d->rows[i].code, code)) {
            return &d->rows[i];
        }
    }
    return NULL;
}

const struct department *department_of_unit(const struct departments *d, int64_t unit_id)
{
    for (size_t i = 0; i < d->n; i++) {
        if (d->rows[i].unit_id == unit_id) {
            return &d->rows[i];
        }
    }
    return NULL;
}

/* A code of ours; one that a unit has taken gets a number behind it. */
static struct str free_code(const struct departments *d, const struct known *k)
{
    struct str code = str_of(k != NULL ? k->code : "dept");
    struct str best = code;
    for (int n = 2; department_coded(d, best) != NULL; n++) {
        best = str_fmt(d->a, "%.*s-%d", STR_ARG(code), n);
    }
    return best;
}

const struct department *department_known(const struct departments *d, struct str name)
{
    for (size_t i = 0; i < d->n; i++) {
        if (str_eq(d->rows[i].name, name)) {
            return &d->rows[i];
        }
    }
    /* The bureau may have given the unit its full name since: our code still finds it. */
    const struct known *k = known_name(name);
    return k == NULL ? NULL : department_coded(d, str_of(k->code));
}

const struct department *department_named(struct departments *d, struct str name)
{
    const struct department *there = department_known(d, name);
    const struct known *k = known_name(name);
    if (there != NULL) {
        return there;
    }
    struct department made = {
        .code = free_code(d, k),
        .name = name,
        .name_en = str_of(k != NULL ? k->en : ""),
        .projects = k != NULL && k->projects,
    };
    struct department *row = add(d);
    *row = made;
    return row;
}

struct err *departments_store(struct call *c, struct departments *d)
{
    bool any = false;
    for (size_t i = 0; i < d->n; i++) {
        struct department *u = &d->rows[i];
        if (u->unit_id != 0 || !u->wanted) {
            continue;
        }
        u->unit_id = unit_id(c, "unit");
        struct unit_row row = {
            .id = u->unit_id,
            .office_id = c->office_id,
            .code = u->code,
            .name = u->name,
            .name_en = u->name_en,
            .path = str_fmt(c->arena, "/%lld/", (long long)u->unit_id),
        };
        TRY(db_run(c->db, c->arena, &INSERT_UNIT, &row, NULL));
        any = true;
    }
    if (any) {
        org_changed(c);
    }
    return NULL;
}
