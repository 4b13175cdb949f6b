/* The registered effects of the kinds in service. Each owns the table it writes. */
#include "procedure/effect.h"

#include "base/check.h"
#include "procedure/act.h"

struct licence_row {
    int64_t id, office_id, matter_id, party_id, item_id, status;
    struct str number, issued_on, valid_until;
};

struct note_row {
    int64_t id, party_id, matter_id, at, item_id, act_id;
    struct str kind, until_on, way;
};

/* clang-format off */
static const struct field LICENCE[] = {
    F_ID(struct licence_row, id, 0, NULL, NULL),
    F_ID(struct licence_row, office_id, 0, NULL, NULL),
    F_ID(struct licence_row, matter_id, 0, NULL, NULL),
    F_ID(struct licence_row, party_id, 0, NULL, NULL),
    F_ID(struct licence_row, item_id, 0, NULL, NULL),
    F_INT(struct licence_row, status, 0, 0, 9, NULL, NULL),
    F_TEXT(struct licence_row, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct licence_row, issued_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct licence_row, valid_until, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field NOTE[] = {
    F_ID(struct note_row, id, 0, NULL, NULL),
    F_ID(struct note_row, party_id, 0, NULL, NULL),
    F_ID(struct note_row, matter_id, 0, NULL, NULL),
    F_INT(struct note_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_ID(struct note_row, item_id, 0, NULL, NULL),
    F_ID(struct note_row, act_id, 0, NULL, NULL),
    F_TEXT(struct note_row, kind, 0, 0, 0, NULL, NULL),
    F_TEXT(struct note_row, until_on, 0, 0, 0, NULL, NULL),
    F_TEXT(struct note_row, way, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT_RUN(INSERT_LICENCE,
         "effect.licence",
         LICENCE,
         "INSERT INTO licence (id, office_id, number, matter_id, party_id, item_id, issued_on, "
         "valid_until, status)"
         " VALUES (:id, :office_id, :number, :matter_id, :party_id, :item_id, :issued_on, "
         ":valid_until, :status)");
STMT_RUN(PUT_BAN,
         "effect.ban",
         NOTE,
         "INSERT INTO licence_ban (party_id, item_id, until_on, act_id) VALUES (:party_id, "
         ":item_id, :until_on, :act_id)"
         " ON CONFLICT (party_id, item_id) DO UPDATE SET until_on = excluded.until_on, act_id = "
         "excluded.act_id");
STMT_RUN(PLAN_PUBLICATION,
         "effect.publication",
         NOTE,
         "INSERT INTO publication (matter_id, planned_at) VALUES (:matter_id, :at) ON CONFLICT "
         "(matter_id) DO NOTHING");
STMT_RUN(
    HAND_OVER,
    "effect.hand_over",
    NOTE,
    "INSERT INTO hand_over (matter_id, act_id, way, at) VALUES (:matter_id, :act_id, :way, :at)");
STMT_RUN(INVITE,
         "effect.invite",
         NOTE,
         "INSERT INTO review_invite (matter_id, at) VALUES (:matter_id, :at) ON CONFLICT "
         "(matter_id) DO NOTHING");
STMT_RUN(CREDIT,
         "effect.credit",
         NOTE,
         "INSERT INTO credit_note (id, party_id, matter_id, kind, at) VALUES (:id, :party_id, "
         ":matter_id, :kind, :at)");
STMT_RUN(FLAG_PARTY, "effect.flag", NOTE, "UPDATE party SET flags = 1 WHERE id = :party_id");

static effect_fn *double_fn;

/* The item version is pinned at the start by matter_new; here the pin is written into the act. */
static struct err *catalogue_pin(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    (void)act_id;
    if (s->m->item != NULL) {
        jobj_put(results, S("item"), jval_of_str(s->m->item->code));
        jobj_put(results, S("item_version"), jval_of_int(s->m->item->version));
    }
    return NULL;
}

/* A licence lives longer than its application. The number comes from its own gapless series. */
static struct err *register_issue(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    struct call *c = s->c;
    struct matter *m = s->m;
    (void)act_id;
    if (m->item == NULL || m->party_id == 0) {
        return NULL;
    }
    int64_t n = 0;
    int year = civil_ymd(s->today).year;
    TRY(series_next(c, str_fmt(c->arena, "licence/%.*s/%d", STR_ARG(m->item->code), year), &n));
    struct licence_row row = {
        .id = unit_id(c, "licence"),
        .office_id = c->office_id,
        .matter_id = m->id,
        .party_id = m->party_id,
        .item_id = m->item->item_id,
        .status = 1,
        .number = str_fmt(c->arena, "%.*s-%d-%05lld", STR_ARG(m->item->code), year, (long long)n),
        .issued_on = civil_text(c->arena, s->today),
    };
    jobj_put(results, S("licence_number"), jval_of_str(row.number));
    return db_run(c->db, c->arena, &INSERT_LICENCE, &row, NULL);
}

/* 行政许可法 78, 79: no application for one year (concealment, safety items) or three years
 * (fraud). */
static struct err *licence_ban(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    struct call *c = s->c;
    int64_t years = jval_int(jval_get(s->form, S("ban_years")), 1);
    struct str until = civil_text(c->arena, civil_add_months(s->today, (int32_t)(years * 12)));
    struct note_row row = {.party_id = s->m->party_id,
                           .item_id = s->m->item == NULL ? 0 : s->m->item->item_id,
                           .until_on = until,
                           .act_id = act_id};
    jobj_put(results, S("banned_until"), jval_of_str(until));
    return db_run(c->db, c->arena, &PUT_BAN, &row, NULL);
}

static struct err *publication_plan(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    struct note_row row = {.matter_id = s->m->id, .at = s->now_ms};
    (void)act_id;
    (void)results;
    return db_run(s->c->db, s->c->arena, &PLAN_PUBLICATION, &row, NULL);
}

static struct err *hand_over(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    struct str way = jval_str(jval_get(s->form, S("way")));
    struct note_row row = {.matter_id = s->m->id,
                           .act_id = act_id,
                           .way = way.p == NULL ? S("window") : way,
                           .at = s->now_ms};
    (void)results;
    return db_run(s->c->db, s->c->arena, &HAND_OVER, &row, NULL);
}

static struct err *review_invite(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    struct note_row row = {.matter_id = s->m->id, .at = s->now_ms};
    (void)act_id;
    (void)results;
    return db_run(s->c->db, s->c->arena, &INVITE, &row, NULL);
}

static struct err *credit_note(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    struct call *c = s->c;
    (void)act_id;
    (void)results;
    if (s->m->party_id == 0) {
        return NULL;
    }
    struct note_row row = {
        .id = unit_id(c, "credit_note"),
        .party_id = s->m->party_id,
        .matter_id = s->m->id,
        .kind = s->m->d->kind,
        .at = s->now_ms,
    };
    TRY(db_run(c->db, c->arena, &CREDIT, &row, NULL));
    return db_run(c->db, c->arena, &FLAG_PARTY, &row, NULL);
}

static effect_fn *const FUNCTIONS[EFFECT_COUNT] = {
    [EFFECT_CATALOGUE_PIN] = catalogue_pin, [EFFECT_REGISTER_ISSUE] = register_issue,
    [EFFECT_LICENCE_BAN] = licence_ban,     [EFFECT_PUBLICATION_PLAN] = publication_plan,
    [EFFECT_CUSTODY_HAND_OVER] = hand_over, [EFFECT_REVIEW_INVITE] = review_invite,
    [EFFECT_CREDIT_NOTE] = credit_note,
};

void effects_double(effect_fn *fn)
{
    double_fn = fn;
}

bool effects_doubled(void)
{
    return double_fn != NULL;
}

bool effects_complete(void)
{
    for (uint32_t i = 0; i < EFFECT_COUNT; i++) {
        if (effect_info(i)->in_service != (FUNCTIONS[i] != NULL)) {
            return false;
        }
    }
    return true;
}

struct err *effects_run(struct act_scene *s, int64_t act_id, struct jobj *results)
{
    const struct act_def *a = &s->m->d->acts[s->act];
    for (size_t i = 0; i < a->n_effects; i++) {
        effect_fn *fn = FUNCTIONS[a->effects[i]] != NULL ? FUNCTIONS[a->effects[i]] : double_fn;
        CHECK(fn != NULL); /* kinds with effects out of service cannot be started */
        TRY(fn(s, act_id, results));
    }
    return NULL;
}
