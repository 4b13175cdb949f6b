/* Enterprises and citizens, some with accounts and mandates (cast.h). Those without an account come
 * to the window. A clerk has seen the documents of those who have one. */
#include "app/demo/cast.h"

#include "app/identity/identity.h"
#include "base/check.h"

#define WITH_ACCOUNT 28 /* enterprises; two share a legal representative */
#define AGENTS       2
#define EACH_AGENT   7 /* every so many enterprises act by an agent */
#define REPS         (WITH_ACCOUNT / 2)
#define OWN_ACCOUNT  10 /* citizens */
#define FIRST_NAME   200

static struct str marked(struct arena *a, struct str name)
{
    return str_fmt(a, "%.*s（虚构）", STR_ARG(name));
}

struct newcomer {
    struct person_new person;
    int64_t id;
};

static struct err *add_person(struct call *c, void *ctx)
{
    struct newcomer *n = ctx;
    TRY(identity_check_person(c, &n->person, S("")));
    return identity_add_person(c, &n->person, &n->id);
}

struct newparty {
    struct party_data data;
    struct mandate_new mandate; /* person_id 0: none */
};

static struct err *add_party(struct call *c, void *ctx)
{
    struct newparty *n = ctx;
    int64_t id = 0;
    bool fresh = false;
    TRY(party_check(c, &n->data, S("")));
    TRY(party_make(c, &n->data, &n->mandate.party_id, &fresh));
    return n->mandate.person_id == 0 ? NULL : identity_add_mandate(c, &n->mandate, &id);
}

static struct err *account(
    struct call *c, int64_t clerk, struct str login, size_t i, struct str password, int64_t *ret_id)
{
    struct newcomer n = {
        .person = {.login = login,
                   .name = marked(c->arena, who_nth(c->arena, FIRST_NAME + i).name),
                   .id_number = fictitious_rid(c->arena, i),
                   .phone = fictitious_phone(c->arena, i),
                   .verified = true,
                   .password = password,
                   .fictitious = true},
    };
    struct err *e = as_person(c, clerk, 0, add_person, &n);
    *ret_id = n.id;
    return e;
}

/* applicant1 … 14 are legal representatives, applicant15 and 16 agents. */
static int64_t acts_for(const int64_t *people, size_t enterprise, bool *ret_agent)
{
    *ret_agent = enterprise % EACH_AGENT == EACH_AGENT - 1;
    if (enterprise >= WITH_ACCOUNT) {
        return 0;
    }
    return people[*ret_agent ? REPS + enterprise / EACH_AGENT % AGENTS : enterprise / 2];
}

static struct err *enterprises(struct call *c, int64_t clerk, const int64_t *people)
{
    for (size_t i = 0; i < ENTERPRISES; i++) {
        bool agent = false;
        struct newparty n = {
            .data = {.kind = PARTY_ENTERPRISE,
                     .name = enterprise_name(c->arena, i),
                     .identifier = fictitious_uscc(c->arena, i),
                     .phone = fictitious_phone(c->arena, 500 + i),
                     .address = S("青岚市高新区（虚构）"),
                     .fictitious = true},
        };
        n.mandate.person_id = acts_for(people, i, &agent);
        n.mandate.scope = agent ? S("agent") : S("legal_representative");
        n.mandate.document = agent ? S("授权委托书（示例）") : S("营业执照（示例）");
        TRY(as_person(c, clerk, 0, add_party, &n));
    }
    return NULL;
}

struct err *applicants_make(struct call *c, struct str password)
{
    struct cast cast;
    int64_t people[REPS + AGENTS], own = 0;
    TRY(cast_read(c, &cast));
    int64_t clerk = cast_person(c, &cast, "clerk", 0, 0);
    CHECK(clerk != 0);
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        struct str login = str_fmt(c->arena, "applicant%zu", i + 1);
        TRY(account(c, clerk, login, i, password, &people[i]));
    }
    TRY(enterprises(c, clerk, people));
    for (size_t i = 0; i < CITIZENS; i++) {
        size_t nth = COUNT_OF(people) + i;
        struct newparty n = {
            .data = {.kind = PARTY_CITIZEN,
                     .name = marked(c->arena, who_nth(c->arena, FIRST_NAME + nth).name),
                     .identifier = fictitious_rid(c->arena, nth),
                     .phone = fictitious_phone(c->arena, nth),
                     .fictitious = true},
        };
        if (i < OWN_ACCOUNT) {
            struct str login = str_fmt(c->arena, "citizen%zu", i + 1);
            TRY(account(c, clerk, login, nth, password, &own));
        } else {
            TRY(as_person(c, clerk, 0, add_party, &n));
        }
    }
    return NULL;
}
