/* Importing a notice (calendar.h). */
#include "app/calendar/calendar.h"

#include "crypto/crypto.h"
#include "ledger/event.h"
#include "procedure/view.h"

static int year_of(int32_t day)
{
    return civil_ymd(day).year;
}

static bool names_year(const struct holiday *rows, size_t n, int year)
{
    for (size_t i = 0; i < n; i++) {
        if (year_of(rows[i].day) == year) {
            return true;
        }
    }
    return false;
}

/* December alone, as the tail that the next year's notice brings along. */
static bool only_tail(const struct holiday *rows, size_t n, int year)
{
    for (size_t i = 0; i < n; i++) {
        struct ymd d = civil_ymd(rows[i].day);
        if (d.year == year && d.month != 12) {
            return false;
        }
    }
    return names_year(rows, n, year + 1);
}

static bool names_day(const struct holiday *rows, size_t n, int32_t day)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].day == day) {
            return true;
        }
    }
    return false;
}

struct err *calendar_merge(
    struct call *c, const struct holiday *rows, size_t n, struct holiday **ret, size_t *ret_n)
{
    const struct almanac *now = almanac_of(c->app);
    struct holiday *all = ARENA_ARRAY(c->arena, struct holiday, now->n + n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < now->n; i++) {
        int year = year_of(now->rows[i].day);
        bool replaced = names_year(rows, n, year) && !only_tail(rows, n, year);
        if (!replaced && !names_day(rows, n, now->rows[i].day)) {
            all[kept++] = now->rows[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        all[kept++] = rows[i];
    }
    *ret = all;
    *ret_n = kept;
    return n > 0 ? NULL
                 : ERROR(c->arena, ERR_CALENDAR, "文件里没有任何节假日安排。",
                         "The file has no holidays.");
}

/* Everybody can see that the calendar changed, and to what. */
static struct err *publish(struct call *c, const struct calendar_report *r, struct str body)
{
    unsigned char digest[CRYPT_SHA256_LEN];
    unsigned char hash[32];
    int64_t index = 0;
    crypt_sha256(str_bytes(body), digest);
    struct str text =
        str_fmt(c->arena, "calendar sha256 %.*s known until %.*s clocks %lld source %.*s",
                STR_ARG(str_hex(c->arena, (struct bytes){digest, sizeof digest})),
                STR_ARG(civil_text(c->arena, r->known_until)), (long long)r->clocks.clocks,
                STR_ARG(r->clocks.source));
    TRY(unit_leaf(c, 1, statement_leaf(c->arena, STATEMENT_CALENDAR, text), 0, &index, hash));
    TRY(unit_outbox(c, "calendar.changed", 0, 0, S("office"), S("{}")));
    struct jobj *o = jobj_new(c->arena);
    jobj_put(o, S("calendar_id"), jval_of_int(r->clocks.to->id));
    jobj_put(o, S("source"), jval_of_str(r->clocks.source));
    jobj_put(o, S("days"), jval_of_int((int64_t)r->clocks.n_days));
    jobj_put(o, S("clocks"), jval_of_int(r->clocks.clocks));
    struct jval v = jobj_val(o);
    return unit_audit(c, S("calendar"), jval_text(c->arena, &v));
}

struct err *calendar_change(struct call *c,
                            const struct holiday *rows,
                            size_t n,
                            struct str source,
                            bool preview,
                            struct calendar_report *ret)
{
    const struct almanac *now = almanac_of(c->app), *stored = NULL;
    struct almanac *to = ARENA_NEW(c->arena, struct almanac);
    struct holiday *all = NULL;
    size_t n_all = 0;
    TRY(calendar_merge(c, rows, n, &all, &n_all));
    TRY(calendar_new(c->arena, all, n_all, &to->calendar));
    to->source = source;
    struct str body = calendar_canonical(c->arena, to->calendar);
    *ret = (struct calendar_report){
        .clocks = {.to = to,
                   .source = source,
                   .preview = preview,
                   .max_changes = CALENDAR_CHANGES_MAX},
        .known_until_before = calendar_known_until(now->calendar),
        .known_until = calendar_known_until(to->calendar),
        .same = str_eq(body, calendar_canonical(c->arena, now->calendar)),
    };
    if (ret->same) {
        return NULL;
    }
    if (!preview) {
        TRY(almanac_store(c, all, n_all, source, &stored));
        ret->clocks.to = stored;
    }
    TRY(recompute_clocks(c, &ret->clocks));
    return preview ? NULL : publish(c, ret, body);
}

/* ---- the report ---- */

static void write_day(struct call *c, const struct day_change *d, struct jw *w)
{
    jw_obj(w);
    jw_kstr(w, "on", civil_text(c->arena, d->day));
    jw_kstr(w, "from", str_of(d->worked ? "work" : "off"));
    jw_kstr(w, "to", str_of(d->works ? "work" : "off"));
    jw_kstr(w, "name", d->is.p != NULL ? d->is : d->was);
    jw_kstr(w, "notice", d->notice);
    jw_end_obj(w);
}

static void write_clock(struct call *c, const struct clock_change *k, struct jw *w)
{
    struct str name = k->d->clocks[k->clock].name;
    jw_obj(w);
    jw_kint(w, "id", k->matter_id);
    jw_kstr(w, "number", k->number);
    jw_kstr(w, "title", k->title);
    jw_kstr(w, "clock", name);
    view_label(c, w, "label", k->d, "clocks", name);
    jw_kstr(w, "old_due", civil_text(c->arena, k->old_due));
    jw_kstr(w, "new_due", civil_text(c->arena, k->new_due));
    jw_kbool(w, "old_provisional", k->old_provisional);
    jw_kbool(w, "provisional", k->provisional);
    jw_kstr(w, "notice", k->notice);
    jw_end_obj(w);
}

void calendar_report_write(struct call *c, const struct calendar_report *r, struct jw *w)
{
    jw_kbool(w, "same", r->same);
    jw_kstr(w, "known_until_before", civil_text(c->arena, r->known_until_before));
    jw_kstr(w, "known_until", civil_text(c->arena, r->known_until));
    jw_key(w, S("days"));
    jw_list(w);
    for (size_t i = 0; i < r->clocks.n_days; i++) {
        write_day(c, &r->clocks.days[i], w);
    }
    jw_end_list(w);
    jw_key(w, S("matters"));
    jw_list(w);
    for (size_t i = 0; i < r->clocks.n_changes; i++) {
        write_clock(c, &r->clocks.changes[i], w);
    }
    jw_end_list(w);
    jw_kint(w, "total", r->clocks.clocks);
    jw_kint(w, "total_matters", r->clocks.matters);
    jw_kint(w, "firm", r->clocks.firm);
}
