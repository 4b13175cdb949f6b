/* What the audit administrator reads: every operation that is not an act (acts are on the ledger),
 * and every attempt to sign in. Newest first, by key: `next` is the id of the last row shown. */
#include "app/office/ops.h"

#include "civil/date.h"

struct audit_line {
    int64_t id, office_id, actor_id, at, before, limit_n, from_ms, to_ms;
    struct str op, subject, channel, body, actor_name, actor_login;
};
struct sign_in_line {
    int64_t id, office_id, person_id, at, before, limit_n, from_ms, to_ms;
    struct str outcome, name, login;
    struct bytes login_hash;
};
struct out_who {
    int64_t id;
    struct str name, login;
};
struct out_audit {
    int64_t id, at;
    struct str op, subject, channel;
    struct label *name;
    struct out_who *actor;
    struct jval body;
};
struct out_sign_in {
    int64_t id, at;
    struct str outcome, mark;
    struct out_who *person;
};

/* clang-format off */
static const struct field AUDIT[] = {
    F_ID(struct audit_line, id, 0, NULL, NULL),
    F_ID(struct audit_line, office_id, 0, NULL, NULL),
    F_ID(struct audit_line, actor_id, 0, NULL, NULL),
    F_INT(struct audit_line, at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct audit_line, before, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct audit_line, limit_n, 0, 0, 101, NULL, NULL),
    F_INT(struct audit_line, from_ms, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct audit_line, to_ms, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct audit_line, op, 0, 0, 0, NULL, NULL),
    F_TEXT(struct audit_line, subject, 0, 0, 0, NULL, NULL),
    F_TEXT(struct audit_line, channel, 0, 0, 0, NULL, NULL),
    F_TEXT(struct audit_line, body, 0, 0, 0, NULL, NULL),
    F_TEXT(struct audit_line, actor_name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct audit_line, actor_login, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field SIGN_IN[] = {
    F_ID(struct sign_in_line, id, 0, NULL, NULL),
    F_ID(struct sign_in_line, office_id, 0, NULL, NULL),
    F_ID(struct sign_in_line, person_id, 0, NULL, NULL),
    F_INT(struct sign_in_line, at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct sign_in_line, before, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct sign_in_line, limit_n, 0, 0, 101, NULL, NULL),
    F_INT(struct sign_in_line, from_ms, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct sign_in_line, to_ms, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct sign_in_line, outcome, 0, 0, 0, NULL, NULL),
    F_TEXT(struct sign_in_line, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct sign_in_line, login, 0, 0, 0, NULL, NULL),
    F_BYTES(struct sign_in_line, login_hash, 0),
    FIELD_END,
};
const struct field audit_in_rows[] = {
    F_TEXT(struct in_audit, op, 0, 1, 60, "操作", "Operation"),
    F_TEXT(struct in_audit, subject, 0, 1, 60, "对象，如 person:5", "Subject, as person:5"),
    F_ID(struct in_audit, actor_id, 0, "何人", "By whom"),
    F_DATE(struct in_audit, from_on, 0, "起始日期", "From"),
    F_DATE(struct in_audit, to_on, 0, "截止日期", "To"),
    F_ID(struct in_audit, after, 0, "从此之后（更早）", "After (older than)"),
    F_INT(struct in_audit, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
const struct field sign_ins_in_rows[] = {
    F_TEXT(struct in_sign_ins, outcome, 0, 1, 20, "结果", "Outcome"),
    F_ID(struct in_sign_ins, person_id, 0, "何人", "Person"),
    F_DATE(struct in_sign_ins, from_on, 0, "起始日期", "From"),
    F_DATE(struct in_sign_ins, to_on, 0, "截止日期", "To"),
    F_ID(struct in_sign_ins, after, 0, "从此之后（更早）", "After (older than)"),
    F_INT(struct in_sign_ins, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
static const struct field WHO_ROWS[] = {
    F_ID(struct out_who, id, FIELD_REQUIRED, "人员编号", "Person"),
    F_TEXT(struct out_who, name, FIELD_REQUIRED, 0, 0, "姓名", "Name"),
    F_TEXT(struct out_who, login, FIELD_REQUIRED, 0, 0, "账号", "Account"),
    FIELD_END,
};
static const struct field AUDIT_OUT[] = {
    F_ID(struct out_audit, id, FIELD_REQUIRED, "编号", "Number"),
    F_INSTANT(struct out_audit, at, FIELD_REQUIRED, "时间", "At"),
    F_TEXT(struct out_audit, op, FIELD_REQUIRED, 0, 0, "操作", "Operation"),
    F_OBJECT(struct out_audit, name, FIELD_REQUIRED, label_rows, struct label, "操作名称", "Name of the operation"),
    F_OBJECT(struct out_audit, actor, 0, WHO_ROWS, struct out_who, "何人（空：系统或命令行）", "By whom; null: the system or the command line"),
    F_TEXT(struct out_audit, subject, FIELD_REQUIRED, 0, 0, "对象", "Subject"),
    F_TEXT(struct out_audit, channel, FIELD_REQUIRED, 0, 0, "渠道", "Channel"),
    F_JSON(struct out_audit, body, 0, NULL, "内容", "Body"),
    FIELD_END,
};
static const struct field SIGN_IN_OUT[] = {
    F_ID(struct out_sign_in, id, FIELD_REQUIRED, "编号", "Number"),
    F_INSTANT(struct out_sign_in, at, FIELD_REQUIRED, "时间", "At"),
    F_TEXT(struct out_sign_in, outcome, FIELD_REQUIRED, 0, 0, "结果", "Outcome"),
    F_OBJECT(struct out_sign_in, person, 0, WHO_ROWS, struct out_who, "何人（空：没有这个账号）", "Person; null: no such account"),
    F_TEXT(struct out_sign_in, mark, FIELD_REQUIRED, 0, 0, "所用账号的标记", "Mark of the account that was typed"),
    FIELD_END,
};
const struct field audits_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, AUDIT_OUT, struct out_audit, "审计记录", "Audit rows"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};
const struct field sign_ins_out_rows[] = {
    F_LIST(struct out_rows, rows, FIELD_REQUIRED, 0, 0, SIGN_IN_OUT, struct out_sign_in, "登录记录", "Sign-ins"),
    F_TEXT(struct out_rows, next, 0, 0, 0, "下一页", "Next page"),
    FIELD_END,
};

STMT(AUDIT_LIST, "office.audit", AUDIT, AUDIT, struct audit_line,
            "SELECT a.id, a.op, a.actor_id, a.subject, a.channel, a.at, a.body, p.name AS actor_name, p.login AS actor_login"
            " FROM audit a LEFT JOIN person p ON p.id = a.actor_id WHERE a.office_id = :office_id AND a.id < :before"
            " AND a.at >= :from_ms AND a.at < :to_ms AND (:actor_id = 0 OR a.actor_id = :actor_id)"
            " AND (:op = '' OR a.op = :op) AND (:subject = '' OR a.subject = :subject) ORDER BY a.id DESC LIMIT :limit_n");
STMT(SIGN_IN_LIST, "office.sign_ins", SIGN_IN, SIGN_IN, struct sign_in_line,
            "SELECT s.id, s.person_id, s.outcome, s.at, s.login_hash, p.name, p.login"
            " FROM sign_in s LEFT JOIN person p ON p.id = s.person_id WHERE s.office_id = :office_id AND s.id < :before"
            " AND s.at >= :from_ms AND s.at < :to_ms AND (:person_id = 0 OR s.person_id = :person_id)"
            " AND (:outcome = '' OR s.outcome = :outcome) ORDER BY s.id DESC LIMIT :limit_n");
/* clang-format on */

static int64_t day_from(struct str day)
{
    int32_t d;

    return day.p != NULL && civil_parse(day, &d) ? civil_day_start(d) : 0;
}

static int64_t day_to(struct str day)
{
    int32_t d;

    return day.p != NULL && civil_parse(day, &d) ? civil_day_end(d) : INT64_MAX;
}

static struct str text_or_empty(struct str s)
{
    return s.p != NULL ? s : S("");
}

static struct out_who *who(struct arena *a, int64_t id, struct str name, struct str login)
{
    struct out_who *w = NULL;

    if (id != FIELD_NO_INT && name.p != NULL) {
        w = ARENA_NEW(a, struct out_who);
        *w = (struct out_who){id, name, login};
    }
    return w;
}

static void audit_shown(struct call *c, const struct audit_line *a, struct out_audit *ret)
{
    const struct op *op = c->app->ops != NULL ? op_find(c->app->ops, a->op) : NULL;

    *ret = (struct out_audit){
        .id = a->id,
        .at = a->at,
        .op = a->op,
        .subject = a->subject,
        .channel = a->channel,
        .name = op != NULL ? label_new(c->arena, str_of(op->zh), str_of(op->en))
                           : label_new(c->arena, a->op, a->op),
        .actor = who(c->arena, a->actor_id, a->actor_name, a->actor_login),
    };
    if (jread(c->arena, str_bytes(a->body), &ret->body) != NULL) {
        ret->body = jval_of_str(a->body);
    }
}

struct err *audit_get(struct call *c, const void *in, void *out)
{
    const struct in_audit *p = in;
    struct out_rows *ret = out;
    struct list found = {0};
    int64_t limit = id_or(p->limit, PAGE_DEFAULT);
    struct audit_line ask = {
        .office_id = c->office_id,
        .actor_id = id_or(p->actor_id, 0),
        .before = id_or(p->after, INT64_MAX),
        .limit_n = limit + 1,
        .from_ms = day_from(p->from_on),
        .to_ms = day_to(p->to_on),
        .op = text_or_empty(p->op),
        .subject = text_or_empty(p->subject),
    };

    TRY(db_all(c->db, c->arena, &AUDIT_LIST, &ask, &found));
    bool more = found.n > (size_t)limit;
    size_t n = more ? (size_t)limit : found.n;
    struct out_audit *rows = ARENA_ARRAY(c->arena, struct out_audit, n + 1);
    for (size_t i = 0; i < n; i++) {
        audit_shown(c, &((const struct audit_line *)found.p)[i], &rows[i]);
    }
    ret->rows = (struct list){rows, n};
    ret->next = more ? str_fmt(c->arena, "%lld", (long long)rows[n - 1].id) : STR_NONE;
    return NULL;
}

/* The mark is the same for the same typed account, so that attempts on one that does not exist can
 * be seen to belong together. */
static void sign_in_shown(struct call *c, const struct sign_in_line *s, struct out_sign_in *ret)
{
    struct str mark = str_hex(
        c->arena, (struct bytes){s->login_hash.p, s->login_hash.n < 4 ? s->login_hash.n : 4});

    *ret = (struct out_sign_in){
        .id = s->id,
        .at = s->at,
        .outcome = s->outcome,
        .mark = mark,
        .person = who(c->arena, s->person_id, s->name, s->login),
    };
}

struct err *sign_ins_get(struct call *c, const void *in, void *out)
{
    const struct in_sign_ins *p = in;
    struct out_rows *ret = out;
    struct list found = {0};
    int64_t limit = id_or(p->limit, PAGE_DEFAULT);
    struct sign_in_line ask = {
        .office_id = c->office_id,
        .person_id = id_or(p->person_id, 0),
        .before = id_or(p->after, INT64_MAX),
        .limit_n = limit + 1,
        .from_ms = day_from(p->from_on),
        .to_ms = day_to(p->to_on),
        .outcome = text_or_empty(p->outcome),
    };

    TRY(db_all(c->db, c->arena, &SIGN_IN_LIST, &ask, &found));
    bool more = found.n > (size_t)limit;
    size_t n = more ? (size_t)limit : found.n;
    struct out_sign_in *rows = ARENA_ARRAY(c->arena, struct out_sign_in, n + 1);
    for (size_t i = 0; i < n; i++) {
        sign_in_shown(c, &((const struct sign_in_line *)found.p)[i], &rows[i]);
    }
    ret->rows = (struct list){rows, n};
    ret->next = more ? str_fmt(c->arena, "%lld", (long long)rows[n - 1].id) : STR_NONE;
    return NULL;
}
