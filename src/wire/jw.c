/* The JSON writer. It keeps one bit per open container for "has members" and one for "is an
 * object", so a missing key, a key in a list or a wrong end stops the process in the first test
 * that runs it instead of reaching a reader. */
#include "wire/jval.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/utf8.h"

static uint64_t bit(const struct jw *w)
{
    return UINT64_C(1) << (w->depth - 1);
}

void jw_init(struct jw *w, struct buf *out)
{
    *w = (struct jw){.out = out};
}

/* Before every value: the comma in a list; in an object a key must have come. */
static void value(struct jw *w)
{
    if (w->depth == 0) {
        return;
    }
    if (w->is_obj & bit(w)) {
        CHECK(w->after_key);
        w->after_key = false;
        return;
    }
    if (w->has_members & bit(w)) {
        buf_putc(w->out, ',');
    }
    w->has_members |= bit(w);
}

static void begin(struct jw *w, bool obj)
{
    value(w);
    CHECK(w->depth < JW_MAX_DEPTH);
    w->depth++;
    w->has_members &= ~bit(w);
    w->is_obj = obj ? w->is_obj | bit(w) : w->is_obj & ~bit(w);
    buf_putc(w->out, obj ? '{' : '[');
}

static void end(struct jw *w, bool obj)
{
    CHECK(w->depth > 0 && ((w->is_obj & bit(w)) != 0) == obj && !w->after_key);
    w->depth--;
    buf_putc(w->out, obj ? '}' : ']');
}

void jw_obj(struct jw *w)
{
    begin(w, true);
}

void jw_list(struct jw *w)
{
    begin(w, false);
}

void jw_end_obj(struct jw *w)
{
    end(w, true);
}

void jw_end_list(struct jw *w)
{
    end(w, false);
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void put_escaped(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char six[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    switch (c) {
    case '"':
        buf_putz(out, "\\\"");
        break;
    case '\\':
        buf_putz(out, "\\\\");
        break;
    case '\n':
        buf_putz(out, "\\n");
        break;
    case '\t':
        buf_putz(out, "\\t");
        break;
    case '\r':
        buf_putz(out, "\\r");
        break;
    default:
        buf_put(out, (struct str){six, sizeof(six)});
        break;
    }
}

/* Runs of plain bytes are copied at once. */
static void put_text(struct buf *out, struct str s)
{
    size_t from = 0;

    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (!plain((unsigned char)s.p[i])) {
            buf_put(out, str_sub(s, from, i));
            put_escaped(out, (unsigned char)s.p[i]);
            from = i + 1;
        }
    }
    buf_put(out, str_sub(s, from, s.n));
    buf_putc(out, '"');
}

/* What our own mistakes or the outside world's bytes left that is not UTF-8. */
static struct str repaired(struct arena *a, struct str s)
{
    struct buf out;
    char four[4];

    buf_init(&out, a, s.n);
    for (size_t at = 0; at < s.n;) {
        size_t n = utf8_put(utf8_next(s, &at), four);

        buf_put(&out, (struct str){four, n});
    }
    return buf_str(&out);
}

static void put_checked(struct buf *out, struct str s)
{
    put_text(out, utf8_valid(str_bytes(s)) ? s : repaired(out->arena, s));
}

void jw_key(struct jw *w, struct str name)
{
    CHECK(w->depth > 0 && (w->is_obj & bit(w)) && !w->after_key && name.p != NULL);
    if (w->has_members & bit(w)) {
        buf_putc(w->out, ',');
    }
    w->has_members |= bit(w);
    put_checked(w->out, name);
    buf_putc(w->out, ':');
    w->after_key = true;
}

void jw_str(struct jw *w, struct str s)
{
    if (s.p == NULL) {
        jw_null(w);
        return;
    }
    value(w);
    put_checked(w->out, s);
}

void jw_int(struct jw *w, int64_t v)
{
    value(w);
    buf_int(w->out, v);
}

void jw_bool(struct jw *w, bool v)
{
    value(w);
    buf_putz(w->out, v ? "true" : "false");
}

void jw_null(struct jw *w)
{
    value(w);
    buf_putz(w->out, "null");
}

void jw_raw(struct jw *w, struct str json)
{
    CHECK(json.n > 0);
    value(w);
    buf_put(w->out, json);
}

void jw_val(struct jw *w, const struct jval *v)
{
    switch (v->type) {
    case J_NULL:
        jw_null(w);
        break;
    case J_BOOL:
        jw_bool(w, v->b);
        break;
    case J_INT:
        jw_int(w, v->i);
        break;
    case J_STR:
        jw_str(w, v->s);
        break;
    case J_LIST:
        jw_list(w);
        for (size_t i = 0; i < v->n; i++) {
            jw_val(w, &v->list[i]);
        }
        jw_end_list(w);
        break;
    case J_OBJ:
        jw_obj(w);
        for (size_t i = 0; i < v->n; i++) {
            jw_key(w, v->obj[i].name);
            jw_val(w, &v->obj[i].val);
        }
        jw_end_obj(w);
        break;
    }
}

void jw_kstr(struct jw *w, const char *name, struct str s)
{
    jw_key(w, str_of(name));
    jw_str(w, s);
}

void jw_kint(struct jw *w, const char *name, int64_t v)
{
    jw_key(w, str_of(name));
    jw_int(w, v);
}

void jw_kbool(struct jw *w, const char *name, bool v)
{
    jw_key(w, str_of(name));
    jw_bool(w, v);
}

struct str jval_text(struct arena *a, const struct jval *v)
{
    struct buf out;
    struct jw w;

    buf_init(&out, a, 256);
    jw_init(&w, &out);
    jw_val(&w, v);
    return buf_str(&out);
}
