/* Operation rows of the parameters. */
#include "app/param/param.h"

#include "base/check.h"
#include "procedure/param.h"
#include "run/schemas.h"

struct param_in {
    struct str kind, name, value, reason, item;
    int64_t unit;
};

/* clang-format off */
static const struct field PARAM_IN[] = {
    F_TEXT(struct param_in, kind, FIELD_REQUIRED, 1, 60, "程序", "Kind"),
    F_TEXT(struct param_in, name, FIELD_REQUIRED, 1, 60, "参数", "Parameter"),
    F_TEXT(struct param_in, value, FIELD_REQUIRED, 1, 100, "值", "Value"),
    F_TEXT(struct param_in, reason, FIELD_REQUIRED, 2, 300, "原因", "Reason"),
    F_TEXT(struct param_in, item, 0, 1, 60, "事项编码", "Item code"),
    F_ID(struct param_in, unit, 0, "单位", "Unit"),
    FIELD_END,
};
/* clang-format on */

static struct err *reply_list(struct call *c)
{
    struct buf b;
    struct jw w;
    buf_init(&b, c->arena, 4096);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    TRY(param_list(c, &w));
    jw_end_obj(&w);
    c->reply.media = S("application/json");
    c->reply.body = buf_bytes(&b);
    c->reply.no_store = true;
    return NULL;
}

static struct err *list(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return reply_list(c);
}

static struct err *set(struct call *c, const void *in, void *out)
{
    const struct param_in *q = in;
    struct param_change p = {q->kind,   q->name, q->value,
                             q->reason, q->item, q->unit == FIELD_NO_INT ? 0 : q->unit};
    (void)out;
    TRY(param_set(c, &p));
    return reply_list(c);
}

/* clang-format off */
static const enum err_code SET_ERRORS[] = {ERR_ITEM_NOT_PUBLISHED, ERR_CODE_MAX};
static const struct op OPS[] = {
    {.name = "param.list", .method = OP_GET, .path = "/bureau/params", .lane = LANE_READ, .perm = PERM_BUREAU, .flags = OP_JSON_RAW, .fn = list, .zh = "程序参数", .en = "Parameters of procedures", .reply_schema = SCHEMA_ROWS_OF("ParamRow")},
    {.name = "param.set", .method = OP_PUT, .path = "/bureau/params", .lane = LANE_WRITE, .perm = PERM_BUREAU, .flags = OP_JSON_RAW, .in = PARAM_IN, .in_size = sizeof(struct param_in), .fn = set, .errors = SET_ERRORS, .zh = "设定参数", .en = "Set a parameter", .reply_schema = SCHEMA_ROWS_OF("ParamRow")},
};
/* clang-format on */

const struct module param_module = {.name = "param", .ops = OPS, .n_ops = COUNT_OF(OPS)};
