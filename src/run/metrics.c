/* Values are read one by one while the program runs, so they need not agree to the last unit. */
#include "run/metrics.h"

#include "run/hub.h"
#include "run/op_registry.h"

static void family(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_fmt(out, "# TYPE huhang_%s %s\n# HELP huhang_%s %s\n", name, type, name, help);
}

static void
one(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    family(out, name, type, help);
    buf_fmt(out, "huhang_%s%s %lld\n", name, str_eqz(str_of(type), "counter") ? "_total" : "",
            (long long)value);
}

static void put_lanes(struct app *app, struct buf *out)
{
    struct lane_stats s;

    lane_stats(app->lanes, &s);
    family(out, "queued_jobs", "gauge", "Jobs that wait on a lane.");
    buf_fmt(out, "huhang_queued_jobs{lane=\"read\"} %lld\n", (long long)s.queued_read);
    buf_fmt(out, "huhang_queued_jobs{lane=\"write\"} %lld\n", (long long)s.queued_write);
    buf_fmt(out, "huhang_queued_jobs{lane=\"slow\"} %lld\n", (long long)s.queued_slow);
    one(out, "groups", "counter", "Committed groups of the writer.", s.groups);
    one(out, "units", "counter", "Commands run by the writer.", s.units);
    one(out, "units_failed", "counter", "Commands undone.", s.units_failed);
    one(out, "slow_units", "counter", "Commands over 50 ms.", s.slow_units);
    one(out, "largest_group", "gauge", "Most commands in one group.", s.batch_max_seen);
    one(out, "log_pages", "counter", "Pages written to the data base's log.", s.log_pages);
}

static void put_ledger(struct app *app, struct buf *out)
{
    struct signer_view s;

    lane_signer_state(app->lanes, &s);
    one(out, "ledger_leaves", "gauge", "Leaves known to the signer.", (int64_t)s.size);
    one(out, "ledger_signed", "gauge", "Size of the last signed checkpoint.",
        (int64_t)s.signed_size);
    one(out, "ledger_signer_well", "gauge", "1 while the signer signs.", s.well);
    if (s.signed_ms > 0) {
        one(out, "ledger_checkpoint_timestamp_seconds", "gauge",
            "When the last checkpoint was signed.", s.signed_ms / 1000);
        one(out, "ledger_checkpoint_age_seconds", "gauge", "Seconds since then.",
            (clock_real_ms(app->clock) - s.signed_ms) / 1000);
    }
}

static void put_ops(struct app *app, struct buf *out)
{
    const struct op_registry *r = app->ops;

    family(out, "requests", "counter", "Answered operations by class of status.");
    for (size_t i = 0; i < r->n; i++) {
        for (int class = 1; class < OP_CLASSES; class ++) {
            int64_t n = atomic_load(&r->counts[i].replies[class]);

            if (n > 0) {
                buf_fmt(out, "huhang_requests_total{op=\"%s\",status=\"%dxx\"} %lld\n",
                        r->ops[i]->name, class, (long long)n);
            }
        }
    }
    family(out, "request_busy_seconds", "counter", "Time that operations spent on their lanes.");
    for (size_t i = 0; i < r->n; i++) {
        int64_t us = atomic_load(&r->counts[i].busy_us);

        if (us > 0) {
            buf_fmt(out, "huhang_request_busy_seconds_total{op=\"%s\"} %lld.%06lld\n",
                    r->ops[i]->name, (long long)(us / 1000000), (long long)(us % 1000000));
        }
    }
}

void metrics_print(struct app *app, struct buf *out)
{
    struct hub *hub = app->slot[SLOT_HUB];

    put_lanes(app, out);
    put_ledger(app, out);
    one(out, "event_streams", "gauge", "Open event streams.",
        hub != NULL ? (int64_t)hub_count(hub) : 0);
    one(out, "time_trusted", "gauge", "1 while office time is trusted.", clock_trusted(app->clock));
    put_ops(app, out);
    buf_putz(out, "# EOF\n");
}
