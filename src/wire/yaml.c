/* Safe YAML from libyaml's events. The events carry the marks of the text, so each refusal points
 * at the very anchor, tag, key or bracket. Open collections stand on a stack of our own with a
 * fixed height: there is no recursion, and depth is refused as soon as it is seen. Nothing is
 * resolved: every scalar stays the text it is. */
#include "wire/yaml.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/map.h"
#include "base/num.h"
#include "base/utf8.h"

#include <yaml.h>

#include <string.h>

#define BLOCK_DEPTH_MAX 8
#define DEPTH_MAX       16
#define FEW_KEYS        8

/* A collection that is still open. Items grow by doubling in the arena. */
struct frame {
    struct ynode node;
    size_t cap;
    struct map *seen; /* keys of a map, once there are FEW_KEYS */
    bool has_key;     /* a key has come, its value has not */
};

struct reader {
    struct arena *arena;
    yaml_parser_t parser;
    struct frame frames[DEPTH_MAX];
    unsigned depth, documents;
    struct ynode root;
    struct yfault fault;
};

/* Faults return false, so that callers can hand the refusal on. */
static bool refuse(struct reader *r, yaml_mark_t mark, struct str what)
{
    r->fault = (struct yfault){(int)mark.line + 1, (int)mark.column + 1, what};
    return false;
}

static bool text_ok(struct reader *r, struct str s, yaml_mark_t mark)
{
    const char *why;
    size_t at;

    if (utf8_text_ok(str_bytes(s), &at, &why)) {
        return true;
    }
    return refuse(r, mark, str_fmt(r->arena, "forbidden character (%s); remove it", why));
}

static void *grown(struct arena *a, const void *p, size_t n, size_t cap, size_t size)
{
    void *q = arena_array(a, cap, size, _Alignof(max_align_t));

    if (n > 0) {
        memcpy(q, p, n * size);
    }
    return q;
}

/* Room for one more item, and its key in a map. */
static void make_room(struct reader *r, struct frame *f)
{
    struct ynode *node = &f->node;

    if (node->n < f->cap) {
        return;
    }
    f->cap = f->cap == 0 ? 2 : size_mul(f->cap, 2);
    node->items = grown(r->arena, node->items, node->n, f->cap, sizeof(*node->items));
    if (node->type == Y_MAP) {
        node->keys = grown(r->arena, node->keys, node->n, f->cap, sizeof(*node->keys));
        node->key_lines = grown(r->arena, node->key_lines, node->n, f->cap, sizeof(int));
        node->key_columns = grown(r->arena, node->key_columns, node->n, f->cap, sizeof(int));
    }
}

static bool seen_before(struct reader *r, struct frame *f, struct str key)
{
    const struct ynode *node = &f->node;

    if (node->n == FEW_KEYS) {
        f->seen = map_new(r->arena);
        for (size_t i = 0; i < node->n; i++) {
            map_put(f->seen, node->keys[i], f);
        }
    }
    if (f->seen != NULL) {
        return map_put(f->seen, key, f) != NULL;
    }
    for (size_t i = 0; i < node->n; i++) {
        if (str_eq(node->keys[i], key)) {
            return true;
        }
    }
    return false;
}

static bool add_key(struct reader *r, struct frame *f, const struct ynode *key, yaml_mark_t mark)
{
    if (seen_before(r, f, key->s)) {
        return refuse(r, mark,
                      str_fmt(r->arena, "key '%.*s' stands here twice; remove or rename one",
                              STR_ARG(key->s)));
    }
    make_room(r, f);
    f->node.keys[f->node.n] = key->s;
    f->node.key_lines[f->node.n] = key->line;
    f->node.key_columns[f->node.n] = key->column;
    f->has_key = true;
    return true;
}

/* A finished node goes into the collection that is open, or becomes the root. */
static bool add(struct reader *r, const struct ynode *node, yaml_mark_t mark)
{
    if (r->depth == 0) {
        r->root = *node;
        return true;
    }
    struct frame *f = &r->frames[r->depth - 1];
    if (f->node.type == Y_MAP && !f->has_key) {
        if (node->type != Y_TEXT) {
            return refuse(r, mark, S("a key must be text; write 'key: value'"));
        }
        return add_key(r, f, node, mark);
    }
    make_room(r, f);
    f->node.items[f->node.n++] = *node;
    f->has_key = false;
    return true;
}

static bool is_key_place(const struct reader *r)
{
    return r->depth > 0 && r->frames[r->depth - 1].node.type == Y_MAP &&
           !r->frames[r->depth - 1].has_key;
}

static bool open_collection(struct reader *r, enum ytype type, bool flow, yaml_mark_t mark)
{
    if (is_key_place(r)) {
        return refuse(r, mark, S("a key must be text; write 'key: value'"));
    }
    if (r->depth == DEPTH_MAX || (!flow && r->depth == BLOCK_DEPTH_MAX)) {
        return refuse(r, mark,
                      str_fmt(r->arena, "nested too deeply; at most %d levels, %d with {…} and […]",
                              BLOCK_DEPTH_MAX, DEPTH_MAX));
    }
    struct frame *f = &r->frames[r->depth++];
    *f = (struct frame){
        .node = {.type = type, .line = (int)mark.line + 1, .column = (int)mark.column + 1}};
    return true;
}

static bool close_collection(struct reader *r)
{
    struct ynode node = r->frames[--r->depth].node;

    return add(r, &node, (yaml_mark_t){0});
}

static bool add_scalar(struct reader *r, const yaml_event_t *event)
{
    struct str s = {(const char *)event->data.scalar.value, event->data.scalar.length};
    struct ynode node = {
        .type = Y_TEXT,
        .quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .s = str_dup(r->arena, s),
        .line = (int)event->start_mark.line + 1,
        .column = (int)event->start_mark.column + 1,
    };

    return text_ok(r, s, event->start_mark) && add(r, &node, event->start_mark);
}

static bool begin_document(struct reader *r, const yaml_event_t *event)
{
    if (r->documents++ > 0) {
        return refuse(r, event->start_mark, S("a second document begins here; keep one in a file"));
    }
    if (event->data.document_start.version_directive != NULL ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end) {
        return refuse(r, event->start_mark, S("directives (%…) are not allowed; remove the line"));
    }
    return true;
}

/* Anchors and tags stand in the same places of three kinds of events. */
static bool
plain_node(struct reader *r, const yaml_event_t *event, const void *anchor, const void *tag)
{
    if (anchor != NULL) {
        return refuse(r, event->start_mark, S("anchors (&) are not allowed; write the value out"));
    }
    if (tag != NULL) {
        return refuse(r, event->start_mark, S("tags (!) are not allowed; every value is text"));
    }
    return true;
}

static bool take(struct reader *r, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        return begin_document(r, e);
    case YAML_ALIAS_EVENT:
        return refuse(r, e->start_mark, S("aliases (*) are not allowed; write the value out"));
    case YAML_SCALAR_EVENT:
        return plain_node(r, e, e->data.scalar.anchor, e->data.scalar.tag) && add_scalar(r, e);
    case YAML_SEQUENCE_START_EVENT:
        return plain_node(r, e, e->data.sequence_start.anchor, e->data.sequence_start.tag) &&
               open_collection(r, Y_LIST, e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
                               e->start_mark);
    case YAML_MAPPING_START_EVENT:
        return plain_node(r, e, e->data.mapping_start.anchor, e->data.mapping_start.tag) &&
               open_collection(r, Y_MAP, e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
                               e->start_mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_collection(r);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return true;
}

/* libyaml's own complaint; its mark is missing when the bytes themselves were wrong. */
static bool syntax_fault(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;

    CHECK(p->error != YAML_MEMORY_ERROR);
    if (p->context != NULL) {
        return refuse(r, p->problem_mark,
                      str_fmt(r->arena, "%s (%s, begun in line %zu)", p->problem, p->context,
                              p->context_mark.line + 1));
    }
    return refuse(r, p->error == YAML_READER_ERROR ? p->mark : p->problem_mark,
                  str_fmt(r->arena, "%s", p->problem));
}

static bool parse(struct reader *r)
{
    for (bool more = true; more;) {
        yaml_event_t event;

        if (yaml_parser_parse(&r->parser, &event) == 0) {
            return syntax_fault(r);
        }
        bool ok = take(r, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (!ok) {
            return false;
        }
    }
    return r->documents == 1 || refuse(r, (yaml_mark_t){0}, S("the file is empty"));
}

/* The bytes before libyaml sees them, line by line: it would point less exactly. */
static bool check_bytes(struct reader *r, struct bytes text)
{
    struct str rest = bytes_str(text);
    size_t line = 0, at;
    const char *why;

    while (rest.p != NULL) {
        struct str part = str_split(&rest, '\n');

        if (part.n > 0 && part.p[part.n - 1] == '\r') {
            part.n--;
        }
        if (!utf8_text_ok(str_bytes(part), &at, &why)) {
            yaml_mark_t mark = {.line = line, .column = utf8_len(str_sub(part, 0, at))};

            return refuse(r, mark, str_fmt(r->arena, "forbidden character (%s); remove it", why));
        }
        line++;
    }
    return true;
}

bool yaml_read(struct arena *a, struct bytes text, struct ynode *ret, struct yfault *ret_fault)
{
    struct reader r = {.arena = a};
    bool ok = true;

    if (str_starts(bytes_str(text), S("\xEF\xBB\xBF"))) { /* or it would count as a column */
        text = (struct bytes){text.p + 3, text.n - 3};
    }
    if (text.n > YAML_MAX_BYTES) {
        ok = refuse(&r, (yaml_mark_t){0}, S("the file is larger than 256 KB; split it"));
    }
    if (ok && check_bytes(&r, text)) {
        CHECK(yaml_parser_initialize(&r.parser));
        yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&r.parser, text.n > 0 ? text.p : (const unsigned char *)"",
                                     text.n);
        ok = parse(&r);
        yaml_parser_delete(&r.parser);
    } else {
        ok = false;
    }
    if (ok) {
        *ret = r.root;
    } else {
        *ret_fault = r.fault;
    }
    return ok;
}

struct ynode *yaml_get(const struct ynode *map, struct str key)
{
    if (map == NULL || map->type != Y_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < map->n; i++) {
        if (str_eq(map->keys[i], key)) {
            return &map->items[i];
        }
    }
    return NULL;
}
