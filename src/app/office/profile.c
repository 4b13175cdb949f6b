/* The office profile: names of the organ on letters, address, hours. Service hours change due
 * instants and how dates read, so they must make sense: open, noon break, close in this order.
 * Members that this page does not know (written by import or demo) are kept. */
#include "app/office/ops.h"

#include "base/check.h"
#include "procedure/org.h"

struct profile_row {
    int64_t office_id;
    struct str name, profile;
};

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct profile_row, office_id, 0, NULL, NULL),
    F_TEXT(struct profile_row, name, 0, 0, 0, NULL, NULL),
    F_TEXT(struct profile_row, profile, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
static const struct field NAME_ROWS[] = {
    F_TEXT(struct label, zh, FIELD_REQUIRED | FIELD_NFC, 1, 100, "中文名称", "Chinese name"),
    F_TEXT(struct label, en, 0, 1, 200, "英文名称", "English name"),
    FIELD_END,
};
static const struct field PROFILE_ROWS[] = {
    F_TEXT(struct in_profile, address, FIELD_NFC, 1, 200, "地址", "Address"),
    F_TEXT(struct in_profile, phone, 0, 1, 60, "电话", "Phone"),
    F_TEXT(struct in_profile, hours, FIELD_NFC, 1, 200, "服务时间", "Service hours in words"),
    F_TEXT(struct in_profile, organ, FIELD_NFC, 1, 100, "文书上的机关名称", "Name of the organ on letters"),
    F_TEXT(struct in_profile, organ_en, 0, 1, 200, "机关英文名称", "English name of the organ"),
    F_TEXT(struct in_profile, letter_mark, FIELD_NFC, 1, 20, "文号机关代字", "Mark of the organ in letters' numbers"),
    F_TEXT(struct in_profile, review_organ, FIELD_NFC, 1, 100, "行政复议机关", "Organ of reconsideration"),
    F_TEXT(struct in_profile, court, FIELD_NFC, 1, 100, "管辖法院", "Court of jurisdiction"),
    F_TEXT(struct in_profile, open, 0, 5, 5, "开门", "Opens"),
    F_TEXT(struct in_profile, noon_from, 0, 5, 5, "午休开始", "Noon break from"),
    F_TEXT(struct in_profile, noon_to, 0, 5, 5, "午休结束", "Noon break to"),
    F_TEXT(struct in_profile, close, 0, 5, 5, "关门", "Closes"),
    F_BOOL(struct in_profile, due_at_close, 0, "期限到下班为止", "Due days end at closing time"),
    FIELD_END,
};
const struct field office_in_rows[] = {
    F_OBJECT(struct in_office, name, FIELD_REQUIRED, NAME_ROWS, struct label, "大厅名称", "Name of the office"),
    F_OBJECT(struct in_office, profile, FIELD_REQUIRED, PROFILE_ROWS, struct in_profile, "大厅资料", "Profile"),
    FIELD_END,
};
const struct field office_out_rows[] = {
    F_TEXT(struct out_office, code, FIELD_REQUIRED, 0, 0, "大厅代码", "Code of the office"),
    F_OBJECT(struct out_office, name, FIELD_REQUIRED, label_rows, struct label, "大厅名称", "Name of the office"),
    F_BOOL(struct out_office, demo, FIELD_REQUIRED, "演示", "Demonstration"),
    F_JSON(struct out_office, profile, FIELD_REQUIRED, "{\"type\":\"object\"}", "大厅资料", "Profile"),
    FIELD_END,
};
/* clang-format on */

STMT(PROFILE_GET,
     "office.profile_get",
     ROWS,
     ROWS,
     struct profile_row,
     "SELECT name, profile FROM office WHERE id = :office_id");
STMT_RUN(PROFILE_SET,
         "office.profile_set",
         ROWS,
         "UPDATE office SET name = :name, profile = :profile WHERE id = :office_id");

static struct str office_etag(struct arena *a, struct str name, struct str profile)
{
    const struct str parts[] = {name, profile};

    return etag_of(a, parts, COUNT_OF(parts));
}

static void
shown(struct call *c, struct str name, const struct jval *profile, struct out_office *ret)
{
    *ret = (struct out_office){
        .code = org_of(c->app)->office_code,
        .name = label_new(c->arena, name, jval_str(jval_get(profile, S("name_en")))),
        .demo = c->app->conf.demo,
        .profile = *profile,
    };
    c->reply.etag = office_etag(c->arena, name, jval_text(c->arena, profile));
}

struct err *office_get(struct call *c, const void *in, void *out)
{
    const struct org *o = org_of(c->app);

    (void)in;
    shown(c, o->office_name, &o->profile, out);
    return NULL;
}

/* ---- PUT ---- */

/* "09:30" → 570, -1: not a time. */
static int minutes(struct str s)
{
    static const size_t PLACES[] = {0, 1, 3, 4};

    if (s.n != 5 || s.p[2] != ':') {
        return -1;
    }
    for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
        if (s.p[PLACES[i]] < '0' || s.p[PLACES[i]] > '9') {
            return -1;
        }
    }
    int hour = (s.p[0] - '0') * 10 + (s.p[1] - '0');
    int minute = (s.p[3] - '0') * 10 + (s.p[4] - '0');
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static struct err *check_hours(struct call *c, const struct in_profile *p)
{
    const struct {
        const char *pointer;
        struct str value;
        int otherwise;
    } times[] = {
        {"/profile/open", p->open, 9 * 60},
        {"/profile/noon_from", p->noon_from, 12 * 60},
        {"/profile/noon_to", p->noon_to, 13 * 60 + 30},
        {"/profile/close", p->close, 17 * 60},
    };
    struct err *e = NULL;
    int before = -1;

    for (size_t i = 0; i < COUNT_OF(times); i++) {
        int now = times[i].value.p != NULL ? minutes(times[i].value) : times[i].otherwise;

        if (now < 0) {
            field_fault(c->arena, &e, str_of(times[i].pointer), "time",
                        "时间：请按 09:00 的格式填写", "Time: write it as 09:00");
        } else if (now < before || (now == before && i != 2)) {
            field_fault(c->arena, &e, str_of(times[i].pointer), "order",
                        "时间：开门、午休、关门的先后不对",
                        "Time: opening, noon break and closing are out of order");
        }
        before = now > before ? now : before;
    }
    return e;
}

static void put_text(struct jobj *o, const char *name, struct str s)
{
    jobj_put(o, str_of(name), jval_of_str(s));
}

/* Later members of the form: whoever does not send them leaves what there is. */
static void put_given(struct jobj *o, const char *name, struct str s)
{
    if (s.p != NULL) {
        put_text(o, name, s);
    }
}

/* What was there, with the members of the form in place of the old. */
static struct jval merged(struct call *c, const struct jval *old, const struct in_office *in)
{
    const struct in_profile *p = in->profile;
    struct jobj *o = jobj_new(c->arena);

    for (size_t i = 0; old->type == J_OBJ && i < old->n; i++) {
        jobj_put(o, old->obj[i].name, old->obj[i].val);
    }
    put_text(o, "name_en", in->name->en);
    put_text(o, "address", p->address);
    put_text(o, "phone", p->phone);
    put_text(o, "hours", p->hours);
    put_text(o, "organ", p->organ);
    put_text(o, "organ_en", p->organ_en);
    put_given(o, "letter_mark", p->letter_mark);
    put_given(o, "review_organ", p->review_organ);
    put_given(o, "court", p->court);
    put_text(o, "open", p->open);
    put_text(o, "noon_from", p->noon_from);
    put_text(o, "noon_to", p->noon_to);
    put_text(o, "close", p->close);
    jobj_put(o, S("due_at_close"), jval_of_bool(p->due_at_close));
    return jobj_val(o);
}

struct err *office_set_profile(struct call *c, struct str name, const struct jval *profile)
{
    struct profile_row row = {
        .office_id = c->office_id, .name = name, .profile = jval_text(c->arena, profile)};

    TRY(db_run(c->db, c->arena, &PROFILE_SET, &row, NULL));
    org_changed(c);
    return unit_audit(c, str_fmt(c->arena, "office:%lld", (long long)c->office_id), row.profile);
}

struct err *office_put(struct call *c, const void *in, void *out)
{
    const struct in_office *p = in;
    struct profile_row ask = {.office_id = c->office_id}, row;
    struct jval old;
    bool found = false;

    TRY(check_hours(c, p->profile));
    /* From the table: the snapshot does not show what an earlier command of this group wrote. */
    TRY(db_one(c->db, c->arena, &PROFILE_GET, &ask, &row, &found));
    if (!found) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个大厅", "There is no such office");
    }
    TRY(jread(c->arena, str_bytes(row.profile), &old));
    TRY(check_etag(c, office_etag(c->arena, row.name, jval_text(c->arena, &old))));
    struct jval profile = merged(c, &old, p);
    TRY(office_set_profile(c, p->name->zh, &profile));
    shown(c, p->name->zh, &profile, out);
    return NULL;
}
