/* Dates by the very arithmetic of the clocks (civil/clock.h) over the calendar in force. */
#include "app/catalogue/today.h"

#include "app/catalogue/body.h"
#include "app/catalogue/limit.h"
#include "procedure/almanac.h"
#include "procedure/org.h"

struct today {
    struct call *c;
    const struct almanac *almanac;
    struct service_hours hours;
    bool provisional;
};

static void
write_due(struct today *t, struct jw *w, const char *key, bool has, struct duration limit)
{
    struct str on = STR_NONE;
    if (has && t->almanac != NULL) {
        struct clock_spec s = {
            .limit = limit,
            .start_ms = t->c->now_ms,
            .start_day = civil_day_of(t->c->now_ms),
            .calendar = t->almanac->calendar,
            .hours = t->hours,
        };
        struct clock_due due = clock_compute(&s, s.start_day);
        on = civil_text(t->c->arena, due.due_day);
        t->provisional = t->provisional || due.provisional;
    }
    jw_kstr(w, key, on);
}

void today_write(struct call *c, const struct jval *body, struct jw *w)
{
    const struct almanac *al = almanac_of(c->app);
    struct today t = {.c = c, .almanac = al, .hours = org_hours(org_of(c->app))};
    bool from_event = str_eqz(body_text(body, "counts_from"), "event");
    struct duration correction = {CIVIL_WD, 5}, legal, promised; /* 行政许可法 32: five days */
    (void)limit_of(body, "supplement_notice", &correction);
    bool has_legal = limit_of(body, "legal_limit", &legal) && !from_event;
    bool has_promised = limit_of(body, "promised_limit", &promised) && !from_event;
    jw_key(w, S("if_today"));
    jw_obj(w);
    jw_kstr(w, "on", civil_text(c->arena, civil_day_of(c->now_ms)));
    write_due(&t, w, "correction_by", true, correction);
    /* No notice by then: accepted, by law or by the hall's own rule. */
    write_due(&t, w, "accept_by", true, correction);
    write_due(&t, w, "decide_by", has_legal, legal);
    write_due(&t, w, "promised_by", has_promised, promised);
    jw_kbool(w, "provisional", t.provisional);
    jw_end_obj(w);
}
