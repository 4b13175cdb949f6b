/* Operations of the definitions. */
#include "app/definition/definition.h"
#include "app/definition/parts.h"

#include "base/check.h"

static const char *const ZONES[] = {"service", "supervision", "sealed"};

struct in_definition {
    struct str kind;
    int64_t version;
};

/* clang-format off */
static const struct field DEFINITION_IN[] = {
    F_TEXT(struct in_definition, kind, FIELD_REQUIRED, 1, 60, "程序", "Kind"),
    F_INT(struct in_definition, version, FIELD_REQUIRED, 1, 1000000, "版本", "Version"),
    FIELD_END,
};
/* clang-format on */

static void reply(struct call *c, const struct buf *b)
{
    c->reply.media = S("application/json");
    c->reply.body = buf_bytes(b);
}

static void write_head(struct call *c, const struct definition *d, struct jw *w)
{
    jw_kstr(w, "kind", d->kind);
    jw_kint(w, "version", d->version);
    view_label(c, w, "name", d, "kind", S(""));
    jw_kstr(w, "zone", str_of(ZONES[d->zone]));
    jw_kbool(w, "in_service", d->in_service);
    jw_kbool(w, "latest", definition_find(procedure_set(c->app), d->kind) == d);
    jw_kstr(w, "sha256", str_hex(c->arena, (struct bytes){d->sha256, sizeof d->sha256}));
}

static struct err *definition_list(struct call *c, const void *in, void *out)
{
    const struct definition_set *set = procedure_set(c->app);
    struct buf b;
    struct jw w;
    (void)in;
    (void)out;
    buf_init(&b, c->arena, 4096);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_key(&w, S("rows"));
    jw_list(&w);
    for (size_t i = 0; i < definition_count(set); i++) {
        const struct definition *d = definition_at(set, i);
        jw_obj(&w);
        write_head(c, d, &w);
        jw_kint(&w, "states", d->n_states);
        jw_kint(&w, "acts", d->n_acts);
        jw_kint(&w, "clocks", d->n_clocks);
        jw_end_obj(&w);
    }
    jw_end_list(&w);
    jw_end_obj(&w);
    reply(c, &b);
    return NULL;
}

static void part(struct jw *w, const char *key)
{
    jw_key(w, str_of(key));
}

static struct err *definition_get(struct call *c, const void *in, void *out)
{
    const struct in_definition *q = in;
    const struct definition *d =
        definition_find_version(procedure_set(c->app), q->kind, q->version);
    struct buf b;
    struct jw w;
    (void)out;
    if (d == NULL) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有“%.*s”程序的第%lld版。",
                     "There is no kind “%.*s” of version %lld.", STR_ARG(q->kind),
                     (long long)q->version);
    }
    buf_init(&b, c->arena, 32768);
    jw_init(&w, &b);
    jw_obj(&w);
    write_head(c, d, &w);
    part(&w, "states");
    definition_states(c, d, &w);
    part(&w, "acts");
    definition_acts(c, d, &w);
    part(&w, "clocks");
    definition_clocks(c, d, &w);
    part(&w, "groups");
    definition_groups(d, &w);
    part(&w, "edges");
    definition_edges(c, d, &w);
    jw_kstr(&w, "dot", definition_dot(c->arena, d, false));
    jw_kstr(&w, "text", d->text);
    jw_end_obj(&w);
    reply(c, &b);
    return NULL;
}

static const enum err_code GET_ERRORS[] = {ERR_NOT_FOUND, ERR_CODE_MAX};

#define TEXT_SCHEMA "{\"type\":\"object\",\"required\":[\"zh\",\"en\"]}"
#define HEAD_SCHEMA                                                                                \
    "\"kind\":{\"type\":\"string\"},\"version\":{\"type\":\"integer\"},\"name\":" TEXT_SCHEMA      \
    ",\"zone\":{\"type\":\"string\"},\"in_service\":{\"type\":\"boolean\"},\"latest\":{\"type\":"  \
    "\"boolean\"},\"sha256\":{\"type\":\"string\"}"
#define LIST_SCHEMA                                                                                \
    "{\"type\":\"object\",\"required\":[\"rows\"],\"properties\":{\"rows\":{\"type\":\"array\","   \
    "\"items\":{\"type\":\"object\",\"required\":[\"kind\",\"version\",\"name\"],"                 \
    "\"properties\":{" HEAD_SCHEMA "}}}}}"
#define GET_SCHEMA                                                                                 \
    "{\"type\":\"object\",\"required\":[\"kind\",\"version\",\"name\",\"states\",\"acts\","        \
    "\"clocks\",\"groups\",\"edges\",\"dot\"],\"properties\":{" HEAD_SCHEMA                        \
    ",\"states\":{\"type\":\"array\"},\"acts\":{\"type\":\"array\"},\"clocks\":{\"type\":"         \
    "\"array\"},\"groups\":{\"type\":\"array\"},\"edges\":{\"type\":\"array\"},\"dot\":{\"type\":" \
    "\"string\"}}}"

/* clang-format off */
static const struct op OPS[] = {
    {.name = "definition.list", .method = OP_GET, .path = "/definitions", .lane = LANE_READ, .perm = PERM_STAFF, .flags = OP_JSON_RAW,
     .fn = definition_list, .zh = "办理程序", .en = "Procedures", .reply_schema = LIST_SCHEMA},
    {.name = "definition.get", .method = OP_GET, .path = "/definitions/{kind}/{version}", .lane = LANE_READ, .perm = PERM_STAFF, .flags = OP_JSON_RAW, .in = DEFINITION_IN, .in_size = sizeof(struct in_definition),
     .fn = definition_get, .errors = GET_ERRORS, .zh = "看一个办理程序", .en = "Read a procedure", .reply_schema = GET_SCHEMA},
};
/* clang-format on */

const struct module definition_module = {.name = "definition", .ops = OPS, .n_ops = COUNT_OF(OPS)};
