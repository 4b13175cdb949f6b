/* Reading the cast back, and acting as one of it (cast.h). */
#include "app/demo/cast.h"

#include "app/demo/demo.h"
#include "app/identity/identity.h"
#include "crypto/crypto.h"
#include "procedure/org.h"

struct part_row {
    int64_t office_id, person_id, unit_id;
    struct str role;
};

struct applicant_row {
    int64_t office_id, id, kind, agent, own;
    struct str name;
};

/* clang-format off */
static const struct field PART[] = {
    F_ID(struct part_row, office_id, 0, NULL, NULL),
    F_ID(struct part_row, person_id, 0, NULL, NULL),
    F_ID(struct part_row, unit_id, 0, NULL, NULL),
    F_TEXT(struct part_row, role, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field APPLICANT[] = {
    F_ID(struct applicant_row, office_id, 0, NULL, NULL),
    F_ID(struct applicant_row, id, 0, NULL, NULL),
    F_INT(struct applicant_row, kind, 0, 0, 9, NULL, NULL),
    F_ID(struct applicant_row, agent, 0, NULL, NULL),
    F_ID(struct applicant_row, own, 0, NULL, NULL),
    F_TEXT(struct applicant_row, name, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(
    LIST_PARTS,
    "demo.parts",
    PART,
    PART,
    struct part_row,
    "SELECT person_id, unit_id, role FROM role_grant WHERE office_id = :office_id AND to_on IS NULL"
    " ORDER BY id");
STMT(LIST_APPLICANTS,
     "demo.applicants",
     APPLICANT,
     APPLICANT,
     struct applicant_row,
     "SELECT p.id, p.kind, p.name_public AS name,"
     " (SELECT MIN(m.agent_id) FROM mandate m WHERE m.party_id = p.id AND m.confirmed_by IS NOT "
     "NULL) AS agent,"
     " (SELECT MIN(n.id) FROM person n WHERE n.party_id = p.id) AS own"
     " FROM party p WHERE p.office_id = :office_id ORDER BY p.id");

static int64_t or_0(int64_t id)
{
    return id == FIELD_NO_INT ? 0 : id;
}

struct err *cast_read(struct call *c, struct cast *ret)
{
    struct part_row in = {.office_id = c->office_id};
    struct applicant_row ask = {.office_id = c->office_id};
    struct list rows = {0}, all = {0};
    TRY(db_all(c->db, c->arena, &LIST_PARTS, &in, &rows));
    TRY(db_all(c->db, c->arena, &LIST_APPLICANTS, &ask, &all));
    struct part *parts = ARENA_ARRAY(c->arena, struct part, rows.n + 1);
    struct applicant *applicants = ARENA_ARRAY(c->arena, struct applicant, all.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct part_row *r = &((const struct part_row *)rows.p)[i];
        parts[i] = (struct part){r->person_id, or_0(r->unit_id), r->role};
    }
    for (size_t i = 0; i < all.n; i++) {
        const struct applicant_row *r = &((const struct applicant_row *)all.p)[i];
        bool citizen = r->kind == PARTY_CITIZEN;
        applicants[i] = (struct applicant){
            .party_id = r->id,
            .kind = (enum party_kind)r->kind,
            .name = r->name,
            .person_id = or_0(citizen ? r->own : r->agent),
        };
    }
    *ret = (struct cast){parts, rows.n, applicants, all.n};
    return NULL;
}

int64_t cast_person(
    const struct call *c, const struct cast *cast, const char *role, int64_t unit_id, size_t n)
{
    const struct org *org = org_of(c->app);
    size_t found = 0;
    for (int round = 0; round < 2; round++) {
        size_t want = found > 0 ? n % found : n, seen = 0;
        for (size_t i = 0; i < cast->n_parts; i++) {
            const struct part *p = &cast->parts[i];
            if (!str_eqz(p->role, role) || !org_covers(org, p->unit_id, unit_id)) {
                continue;
            }
            if (seen == want) {
                return p->person_id;
            }
            seen++;
        }
        if (seen == 0) {
            return 0;
        }
        found = seen;
    }
    return 0;
}

/* The error of a call whose arena ends. */
static struct err *outlive(struct call *c, const struct err *e)
{
    if (e == NULL) {
        return NULL;
    }
    struct err *copy = ERROR_TEXT(c->arena, e->code, e->zh, e->en);
    copy->cause = e->cause.p == NULL ? STR_NONE : str_dup(c->arena, e->cause);
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        copy = err_field(copy, str_dup(c->arena, f->pointer), str_z(c->arena, f->code),
                         str_dup(c->arena, f->zh), str_dup(c->arena, f->en));
    }
    return copy;
}

struct err *as_person(struct call *c,
                      int64_t person_id,
                      int64_t party_id,
                      struct err *(*fn)(struct call *c, void *ctx),
                      void *ctx)
{
    struct arena *a = arena_new(0);
    struct call k;
    struct err *e = NULL;
    call_init(&k, c->app, a, person_id == 0 ? ACTOR_CLI : ACTOR_NONE);
    k.db = c->db;
    if (person_id != 0) {
        e = identity_actor(&k, person_id, party_id, &k.actor);
        bool window = actor_holds(&k.actor, S("clerk")) || actor_holds(&k.actor, S("deliverer"));
        k.channel = window ? S("window") : S("web");
    }
    e = outlive(c, e != NULL ? e : unit_run(&k, fn, ctx));
    arena_free(a);
    return e;
}

struct err *cast_make(struct call *c)
{
    struct str password = crypt_password_hash(c->arena, S(DEMO_PASSWORD));
    TRY(office_make(c, password));
    TRY(applicants_make(c, password));
    return accounts_write(c);
}
