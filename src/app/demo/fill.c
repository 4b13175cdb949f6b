/* Filling a new demo folder (demo.h): catalogue, cast, play. */
#include "app/demo/fill.h"

#include "app/catalogue/catalogue.h"
#include "app/demo/demo.h"
#include "app/demo/offset.h"
#include "app/demo/play.h"
#include "base/check.h"
#include "base/embed.h"
#include "run/upload.h"
#include "sys/log.h"

#define SEED         20261124
#define SAME_TIME_MS INT64_C(600000) /* so near to real time, the demo lives in it */

extern const struct embed_file embed_demo[];
extern const size_t embed_demo_n;

int64_t demo_start_ms(int64_t real_ms, int32_t known_until)
{
    int64_t now = real_ms;
    if (civil_day_of(now) > known_until) {
        now = civil_day_start(civil_add_months(known_until, -2)) + INT64_C(10) * 3600000;
    }
    return now - DEMO_SPAN_DAYS * CIVIL_DAY_MS;
}

static struct err *import(struct call *c, void *ctx)
{
    struct catalogue_report report;
    CHECK(embed_demo_n == 1);
    struct bytes text = {embed_demo[0].p, embed_demo[0].size};
    (void)ctx;
    TRY(catalogue_import(c, bytes_str(text), true, &report));
    if (report.items[CATALOGUE_BAD] > 0) {
        return ERROR(c->arena, ERR_IMPORT, "示例事项目录有%lld行不对。",
                     "%lld rows of the sample catalogue are bad.",
                     (long long)report.items[CATALOGUE_BAD]);
    }
    return NULL;
}

struct err *fill_stage(struct call *c)
{
    int removed = 0;
    if (c->app->slot[SLOT_UPLOAD] == NULL) {
        c->app->slot[SLOT_UPLOAD] = uploads_new(); /* as lanes_start does */
    }
    TRY(blob_sweep(c->arena, c->app->blobs, &removed));
    TRY(as_person(c, 0, 0, import, NULL));
    return cast_make(c);
}

static struct err *keep(struct call *c, void *ctx)
{
    const int64_t *offset = ctx;
    return offset_keep(c, *offset);
}

struct err *fill_keep_offset(struct call *c)
{
    struct clock_source *real = clock_real();
    int64_t offset = clock_office_ms(c->app->clock) - clock_real_ms(real);
    clock_free(real);
    offset = offset > -SAME_TIME_MS && offset < SAME_TIME_MS ? 0 : offset;
    return as_person(c, 0, 0, keep, &offset);
}

struct err *demo_fill(struct call *c, int64_t *ret_refused)
{
    struct play p;
    int64_t end = clock_office_ms(c->app->clock) + DEMO_SPAN_DAYS * CIVIL_DAY_MS;
    CHECK(clock_is_simulated(c->app->clock));
    TRY(fill_stage(c));
    TRY(play_open(&p, c, end, SEED));
    TRY(play_run(&p));
    *ret_refused = p.refused;
    if (p.refused > 0) {
        log_line(LOG_WARN, "demo: %lld steps were refused", (long long)p.refused);
    }
    return fill_keep_offset(c);
}
