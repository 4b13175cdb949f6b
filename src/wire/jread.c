/* Reading JSON with jansson, which is strict about syntax, escapes and UTF-8. Around it:
 *
 * - `scan` walks the bytes first and refuses depth over JREAD_MAX_DEPTH, so jansson never recurses
 *   further; the same walk, stopped at the byte where jansson gave up, tells line, column and
 * pointer.
 * - A byte 0 is refused here.
 * - The tree is copied into the arena and jansson's is dropped (it must not be shared between
 *   threads). On the way every text passes utf8_text_ok and every number must be an integer that
 *   JavaScript keeps; these faults are gathered, so the caller hears all of them at once.
 *
 * A value takes 56 bytes and at least two bytes of text, so a body of 1 MiB needs at most 30 MiB.
 */
#include "wire/jval.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/utf8.h"
#include "wire/field.h"
#include "wire/pointer.h"

#include <jansson.h>

#include <string.h>

/* One open container; a member's name is kept raw, as it stands in the text with its quotes. */
struct level {
    bool obj, in_value;
    struct bytes raw_name;
    size_t index;
};

struct scan {
    struct level levels[JREAD_MAX_DEPTH];
    unsigned depth;
    bool in_string, too_deep;
    size_t name_from;
    int64_t line, column; /* of the last byte seen, 1-based */
};

static void scan_structure(struct scan *s, unsigned char c)
{
    struct level *top = s->depth > 0 ? &s->levels[s->depth - 1] : NULL;

    if (c == '{' || c == '[') {
        s->too_deep = s->depth == JREAD_MAX_DEPTH;
        if (!s->too_deep) {
            s->levels[s->depth++] = (struct level){.obj = c == '{'};
        }
    } else if (top == NULL) {
        return;
    } else if (c == '}' || c == ']') {
        s->depth--;
    } else if (c == ':') {
        top->in_value = true;
    } else if (c == ',') {
        top->in_value = false;
        top->index++;
    }
}

/* Reads `until` bytes. Only strings, brackets, colons and commas matter; a text that is not JSON
 * does no harm, since jansson judges it. */
static void scan(struct bytes text, size_t until, struct scan *s)
{
    bool escaped = false;

    *s = (struct scan){.line = 1};
    for (size_t i = 0; i < until && !s->too_deep; i++) {
        unsigned char c = text.p[i];
        struct level *top = s->depth > 0 ? &s->levels[s->depth - 1] : NULL;
        bool in_name = top != NULL && top->obj && !top->in_value;

        s->column += (c & 0xC0) != 0x80;
        if (c == '\n') {
            s->line++;
            s->column = 0;
        }
        if (!s->in_string && c == '"') {
            s->in_string = true;
            s->name_from = i;
        } else if (!s->in_string) {
            scan_structure(s, c);
        } else if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            s->in_string = false;
            if (in_name) {
                top->raw_name = (struct bytes){text.p + s->name_from, i + 1 - s->name_from};
            }
        }
    }
    s->column = s->column > 0 ? s->column : 1;
}

/* Pointer to the value being read where the scan stopped; for a fault in a name, to its object. */
static struct str scan_pointer(struct arena *a, const struct scan *s)
{
    struct pointer_step steps[JREAD_MAX_DEPTH];
    const struct pointer_step *last = NULL;

    for (unsigned i = 0; i < s->depth; i++) {
        const struct level *l = &s->levels[i];
        struct jval name = {.type = J_NULL};

        if (l->obj && (!l->in_value || jread(a, l->raw_name, &name) != NULL)) {
            break;
        }
        steps[i] = (struct pointer_step){last, name.s, l->index};
        last = &steps[i];
    }
    return pointer_text(a, S(""), last);
}

/* jansson's reasons in our words. Text faults are faults of a field, the others of the JSON. */
static const struct reason {
    enum json_error_code code;
    const char *field; /* the fault's code when the reason is a field's */
    const char *zh, *en;
} reasons[] = {
    {json_error_invalid_utf8, "text", "含有不是 UTF-8 的字节", "contains bytes that are not UTF-8"},
    {json_error_null_character, "text", "含有字符 U+0000", "contains the character U+0000"},
    {json_error_null_byte_in_key, "text", "名称含有字符 U+0000", "has a name with U+0000"},
    {json_error_numeric_overflow, "range", "数字超出范围", "is a number out of range"},
    {json_error_duplicate_key, NULL, "同一对象中有重复的名称", "a name occurs twice in one object"},
    {json_error_premature_end_of_input, NULL, "内容没有结束", "the text ends too early"},
    {json_error_end_of_input_expected, NULL, "结束之后还有内容", "there is text after the end"},
    {json_error_invalid_syntax, NULL, "这里不符合 JSON 语法", "this is not JSON"},
};
static const struct reason LONE_SURROGATE = {json_error_invalid_syntax, "text",
                                             "含有不成对的代理码", "contains a lone surrogate"};

static const struct reason *reason_of(const json_error_t *error)
{
    static const char surrogate[] = "invalid Unicode '"; /* jansson has no code of its own for it */
    size_t i = 0;

    if (strncmp(error->text, surrogate, sizeof(surrogate) - 1) == 0) {
        return &LONE_SURROGATE;
    }
    while (i < COUNT_OF(reasons) - 1 && reasons[i].code != json_error_code(error)) {
        i++;
    }
    return &reasons[i];
}

static struct err *
json_invalid(struct arena *a, const struct scan *s, const char *zh, const char *en)
{
    struct err *e =
        ERROR(a, ERR_JSON_INVALID, "第 %lld 行第 %lld 列：%s。", "Line %lld, column %lld: %s.",
              (long long)s->line, (long long)s->column, zh);

    e->en = str_fmt(a, "Line %lld, column %lld: %s.", (long long)s->line, (long long)s->column, en);
    return err_hint(e, "请在该处改正后重新提交。", "Correct it there and send it again.");
}

static struct err *refused(struct arena *a, struct bytes text, const json_error_t *error)
{
    const struct reason *why = reason_of(error);
    size_t until = error->position > 0 ? (size_t)error->position : 0;
    struct err *e = NULL;
    struct scan s;

    CHECK(json_error_code(error) != json_error_out_of_memory);
    scan(text, until < text.n ? until : text.n, &s);
    if (why->field != NULL) {
        field_fault(a, &e, scan_pointer(a, &s), why->field, why->zh, why->en);
    } else {
        e = json_invalid(a, &s, why->zh, why->en);
    }
    return err_cause(e, "jansson: %s", error->text);
}

struct reader {
    struct arena *arena;
    struct err *faults;
};

static void fault(struct reader *r,
                  const struct pointer_step *at,
                  const char *code,
                  const char *zh,
                  const char *en)
{
    if (!field_faults_full(r->faults)) {
        field_fault(r->arena, &r->faults, pointer_text(r->arena, S(""), at), code, zh, en);
    }
}

static struct str
read_text(struct reader *r, const char *p, size_t n, const struct pointer_step *at)
{
    static const struct {
        const char *why, *zh, *en;
    } whys[] = {
        {"control", "含有控制字符", "contains a control character"},
        {"noncharacter", "含有无效的字符码", "contains a noncharacter"},
        {"bidi", "含有改变文字方向的不可见字符", "contains an invisible character that turns text"},
        {"", "含有不允许的字符", "contains a character that is not allowed"},
    };
    struct str s = {p, n};
    const char *why;
    size_t bad_at, i = 0;

    if (utf8_text_ok(str_bytes(s), &bad_at, &why)) {
        return str_dup(r->arena, s);
    }
    while (i < COUNT_OF(whys) - 1 && strcmp(whys[i].why, why) != 0) {
        i++;
    }
    long long nth = (long long)utf8_len(str_sub(s, 0, bad_at)) + 1;
    fault(r, at, "text", str_fmt(r->arena, "第 %lld 个字处%s", nth, whys[i].zh).p,
          str_fmt(r->arena, "%s, at character %lld", whys[i].en, nth).p);
    return S("");
}

static struct jval read_value(struct reader *r, json_t *in, const struct pointer_step *at);

static struct jval read_list(struct reader *r, json_t *in, const struct pointer_step *at)
{
    size_t n = json_array_size(in);
    struct jval *list = ARENA_ARRAY(r->arena, struct jval, n);

    for (size_t i = 0; i < n; i++) {
        struct pointer_step step = {at, STR_NONE, i};

        list[i] = read_value(r, json_array_get(in, i), &step);
    }
    return (struct jval){.type = J_LIST, .list = list, .n = n};
}

static struct jval read_object(struct reader *r, json_t *in, const struct pointer_step *at)
{
    struct jmember *members = ARENA_ARRAY(r->arena, struct jmember, json_object_size(in));
    size_t n = 0;

    for (void *it = json_object_iter(in); it != NULL; it = json_object_iter_next(in, it)) {
        struct jmember *m = &members[n++];

        m->name = read_text(r, json_object_iter_key(it), json_object_iter_key_len(it), at);
        struct pointer_step step = {at, m->name, 0};
        m->val = read_value(r, json_object_iter_value(it), &step);
    }
    return (struct jval){.type = J_OBJ, .obj = members, .n = n};
}

static struct jval read_int(struct reader *r, json_t *in, const struct pointer_step *at)
{
    int64_t i = json_integer_value(in);

    if (i > JVAL_MAX_INT || i < -JVAL_MAX_INT) {
        fault(r, at, "range", "数字超出范围", "is a number out of range");
        i = 0;
    }
    return jval_of_int(i);
}

/* Recursion is bounded by the scan. */
static struct jval read_value(struct reader *r, json_t *in, const struct pointer_step *at)
{
    switch (json_typeof(in)) {
    case JSON_OBJECT:
        return read_object(r, in, at);
    case JSON_ARRAY:
        return read_list(r, in, at);
    case JSON_STRING:
        return jval_of_str(read_text(r, json_string_value(in), json_string_length(in), at));
    case JSON_INTEGER:
        return read_int(r, in, at);
    case JSON_REAL:
        fault(r, at, "integer", "只能填整数", "must be a whole number, without point or exponent");
        return jval_of_int(0);
    case JSON_TRUE:
    case JSON_FALSE:
        return jval_of_bool(json_is_true(in));
    case JSON_NULL:
        break;
    }
    return (struct jval){.type = J_NULL};
}

struct err *jread(struct arena *a, struct bytes text, struct jval *ret)
{
    struct reader r = {.arena = a};
    json_error_t error;
    struct scan s;

    scan(text, text.n, &s);
    if (s.too_deep) {
        return json_invalid(a, &s, "层次太深，最多 32 层", "nested too deeply, at most 32 levels");
    }
    const char *p = text.n > 0 ? (const char *)text.p : "";
    const char *nul = memchr(p, '\0', text.n);
    if (nul != NULL) { /* jansson overlooks one after a number at the end */
        scan(text, (size_t)(nul - p) + 1, &s);
        return json_invalid(a, &s, "含有字节 0", "there is a byte 0");
    }
    json_t *tree = json_loadb(p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (tree == NULL) {
        return refused(a, text, &error);
    }
    *ret = read_value(&r, tree, NULL);
    json_decref(tree);
    return r.faults;
}
