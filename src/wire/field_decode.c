/* JSON → struct by field rows. One walk both validates and stores; without a struct (`base` NULL)
 * it only validates, which is how forms of procedures are checked. The walk never stops at a fault,
 * so all are told at once; the struct is of use only when there was none. Depth is bounded by the
 * input (jread) and by the rows. */
#include "wire/field.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/nfc.h"
#include "base/utf8.h"
#include "civil/date.h"
#include "wire/pointer.h"

struct walk {
    struct arena *arena;
    struct str at;
    struct err **faults;
};

/* One value under a row, while it is looked at. */
struct spot {
    struct walk *w;
    const struct field *row;
    const struct pointer_step *at;
};

/* A text that goes with a number, in both languages. */
struct words {
    const char *zh, *en;
};

/* A fault; the row's label leads the text, so it can also be read away from its field. */
static void fault(const struct spot *p, const char *code, const char *zh, const char *en)
{
    struct arena *a = p->w->arena;
    const char *label_zh = p->row->zh != NULL ? p->row->zh : p->row->name;
    const char *label_en = p->row->en != NULL ? p->row->en : p->row->name;

    if (field_faults_full(*p->w->faults)) {
        return;
    }
    field_fault(a, p->w->faults, pointer_text(a, p->w->at, p->at), code,
                str_fmt(a, "%s：%s", label_zh, zh).p, str_fmt(a, "%s: %s", label_en, en).p);
}

static void fault_limit(const struct spot *p, const char *code, struct words words, int64_t limit)
{
    struct arena *a = p->w->arena;

    if (field_faults_full(*p->w->faults)) {
        return;
    }
    fault(p, code, str_fmt(a, "%s %lld", words.zh, (long long)limit).p,
          str_fmt(a, "%s %lld", words.en, (long long)limit).p);
}

static bool unlimited(const struct field *row)
{
    return row->min == 0 && row->max == 0;
}

static void check_choice(const struct spot *p, struct str s)
{
    for (const struct choice *c = p->row->choices; c->value != NULL; c++) {
        if (str_eqz(s, c->value)) {
            return;
        }
    }
    fault(p, "choice", "请从所列选项中选择", "choose one of the listed values");
}

/* Length in characters, and one line unless the row says otherwise. */
static void check_text(const struct spot *p, struct str s, int64_t min, int64_t max)
{
    int64_t n = (int64_t)utf8_len(s);

    if (n < min) {
        fault_limit(p, "short", (struct words){"字数不能少于", "characters must be at least"}, min);
    }
    if (n > max) {
        fault_limit(p, "long", (struct words){"字数不能超过", "characters must be at most"}, max);
    }
    if (!(p->row->flags & FIELD_MULTILINE) && str_find_char(s, '\n') >= 0) {
        fault(p, "line", "只能填一行", "must be one line");
    }
}

static struct str take_text(const struct spot *p, struct str s)
{
    if (p->row->flags & FIELD_NFC) {
        s = utf8_nfc(p->w->arena, s);
    }
    if ((p->row->flags & FIELD_REQUIRED) && str_trim(s).n == 0) {
        fault(p, "blank", "不能为空", "must not be blank");
    } else if (unlimited(p->row)) {
        check_text(p, s, 1, FIELD_TEXT_LENGTH);
    } else {
        check_text(p, s, p->row->min, p->row->max);
    }
    return s;
}

static struct str take_string(const struct spot *p, struct str s)
{
    int32_t day;

    if (p->row->kind == FIELD_DATE) {
        if (!civil_parse(s, &day)) {
            fault(p, "date", "请填写真实存在的日期，如 2026-03-02",
                  "give a date that exists, as 2026-03-02");
        }
    } else if (p->row->kind == FIELD_CHOICE && p->row->choices != NULL) {
        check_choice(p, s);
    } else {
        return take_text(p, s);
    }
    return s;
}

static int64_t take_instant(const struct spot *p, struct str s)
{
    int64_t ms = FIELD_NO_INT;

    if (!civil_instant_parse(s, &ms)) {
        fault(p, "instant", "请填写时刻，如 2026-03-02T09:30:00+08:00",
              "give an instant, as 2026-03-02T09:30:00+08:00");
    }
    return ms;
}

static int64_t take_int(const struct spot *p, int64_t i)
{
    const struct field *row = p->row;

    if (!unlimited(row) && i < row->min) {
        fault_limit(p, "small", (struct words){"不能小于", "must be at least"}, row->min);
    }
    if (!unlimited(row) && i > row->max) {
        fault_limit(p, "large", (struct words){"不能大于", "must be at most"}, row->max);
    }
    return i;
}

/* Deeper than `left` more levels; never looks further down than that. */
static bool deeper_than(const struct jval *v, unsigned left)
{
    bool list = v->type == J_LIST;

    if (v->type != J_OBJ && !list) {
        return false;
    }
    if (left == 0) {
        return true;
    }
    for (size_t i = 0; i < v->n; i++) {
        if (deeper_than(list ? &v->list[i] : &v->obj[i].val, left - 1)) {
            return true;
        }
    }
    return false;
}

static void walk_object(struct walk *w,
                        const struct field *rows,
                        const struct jval *obj,
                        const struct pointer_step *at,
                        void *base);

/* True, or a fault. */
static bool has_type(const struct spot *p, const struct jval *v, enum jtype wanted)
{
    static const struct words words[] = {
        [J_NULL] = {"应当留空", "must be null"},
        [J_BOOL] = {"应当是 true 或 false", "must be true or false"},
        [J_INT] = {"应当是整数", "must be a whole number"},
        [J_STR] = {"应当是文字", "must be text"},
        [J_LIST] = {"应当是列表", "must be a list"},
        [J_OBJ] = {"应当是对象", "must be an object"},
    };

    if (v->type != wanted) {
        fault(p, "type", words[wanted].zh, words[wanted].en);
    }
    return v->type == wanted;
}

/* An element of a list goes to `to`, where that is not NULL. */
static void take_element(const struct spot *p, const struct jval *v, void *to)
{
    if (p->row->kind == FIELD_INTS) {
        if (has_type(p, v, J_INT) && to != NULL) {
            *(int64_t *)to = v->i;
        }
    } else if (p->row->kind == FIELD_LIST) {
        if (has_type(p, v, J_OBJ)) {
            walk_object(p->w, p->row->sub, v, p->at, to);
        }
    } else if (has_type(p, v, J_STR)) {
        if (p->row->choices != NULL) {
            check_choice(p, v->s);
        } else {
            check_text(p, v->s, 1, FIELD_TEXT_LENGTH);
        }
        if (to != NULL) {
            *(struct str *)to = v->s;
        }
    }
}

static void take_list(const struct spot *p, const struct jval *v, struct list *ret)
{
    const struct field *row = p->row;
    size_t size = row->kind == FIELD_LIST    ? row->sub_size
                  : row->kind == FIELD_TEXTS ? sizeof(struct str)
                                             : sizeof(int64_t);
    int64_t most = unlimited(row) ? FIELD_LIST_LENGTH : row->max;
    char *elements = NULL;

    if ((int64_t)v->n < row->min) {
        fault_limit(p, "few", (struct words){"项数不能少于", "entries must be at least"}, row->min);
    }
    if ((int64_t)v->n > most) {
        fault_limit(p, "many", (struct words){"项数不能超过", "entries must be at most"}, most);
        return; /* the rest would only repeat itself */
    }
    if (ret != NULL) {
        elements = arena_array(p->w->arena, v->n, size, _Alignof(max_align_t));
        *ret = (struct list){elements, v->n};
    }
    for (size_t i = 0; i < v->n; i++) {
        struct pointer_step step = {p->at, STR_NONE, i};

        take_element(&(struct spot){p->w, row, &step}, &v->list[i],
                     elements == NULL ? NULL : elements + i * size);
    }
}

static void take_object(const struct spot *p, const struct jval *v, void **ret)
{
    void *sub = NULL;

    if (ret != NULL) {
        sub = arena_alloc(p->w->arena, p->row->sub_size, _Alignof(max_align_t));
        *ret = sub;
    }
    walk_object(p->w, p->row->sub, v, p->at, sub);
}

static enum jtype wanted_type(const struct field *row, const struct jval *v)
{
    switch (row->kind) {
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_INSTANT:
    case FIELD_CHOICE:
        return J_STR;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
        return J_INT;
    case FIELD_BOOL:
        return J_BOOL;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
        return J_LIST;
    case FIELD_OBJECT:
        return J_OBJ;
    case FIELD_JSON:
    case FIELD_BYTES:
        break;
    }
    return v->type;
}

/* Checks a value and stores it at `to`; NULL only checks. */
static void take(const struct spot *p, const struct jval *v, void *to)
{
    int64_t dummy_int;
    struct str dummy_str;

    if (!has_type(p, v, wanted_type(p->row, v))) {
        return;
    }
    switch (p->row->kind) {
    case FIELD_TEXT:
    case FIELD_CHOICE:
    case FIELD_DATE:
        *(to != NULL ? (struct str *)to : &dummy_str) = take_string(p, v->s);
        break;
    case FIELD_INSTANT:
        *(to != NULL ? (int64_t *)to : &dummy_int) = take_instant(p, v->s);
        break;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
        *(to != NULL ? (int64_t *)to : &dummy_int) = take_int(p, v->i);
        break;
    case FIELD_BOOL:
        if (to != NULL) {
            *(bool *)to = v->b;
        }
        break;
    case FIELD_JSON:
        if (deeper_than(v, FIELD_JSON_DEPTH)) {
            fault(p, "deep", "层次太深，最多 16 层", "nested too deeply, at most 16 levels");
        }
        if (to != NULL) {
            *(struct jval *)to = *v;
        }
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
        take_list(p, v, to);
        break;
    case FIELD_OBJECT:
        take_object(p, v, to);
        break;
    case FIELD_BYTES:
        UNREACHABLE();
    }
}

/* Zeroed memory is the absence of everything but numbers. */
static void set_absent(const struct field *row, void *to)
{
    bool number = row->kind == FIELD_INT || row->kind == FIELD_ID || row->kind == FIELD_MONEY ||
                  row->kind == FIELD_INSTANT;

    if (to != NULL && number) {
        *(int64_t *)to = FIELD_NO_INT;
    }
}

static bool known(const struct field *rows, struct str name)
{
    for (const struct field *row = rows; row->name != NULL; row++) {
        if (row->kind != FIELD_BYTES && str_eqz(name, row->name)) {
            return true;
        }
    }
    return false;
}

static void refuse_unknown(struct walk *w,
                           const struct field *rows,
                           const struct jval *obj,
                           const struct pointer_step *at)
{
    for (size_t i = 0; i < obj->n; i++) {
        struct pointer_step step = {at, obj->obj[i].name, 0};

        if (!known(rows, step.name) && !field_faults_full(*w->faults)) {
            field_fault(w->arena, w->faults, pointer_text(w->arena, w->at, &step), "unknown",
                        "这里没有这一项，请去掉或改正名称",
                        "there is no such member here; remove it or correct its name");
        }
    }
}

static void walk_object(struct walk *w,
                        const struct field *rows,
                        const struct jval *obj,
                        const struct pointer_step *at,
                        void *base)
{
    for (const struct field *row = rows; row->name != NULL; row++) {
        struct pointer_step step = {at, str_of(row->name), 0};
        struct spot p = {w, row, &step};
        bool stored = base != NULL && row->offset != FIELD_NOWHERE;
        void *to = stored ? (char *)base + row->offset : NULL;

        if (row->kind == FIELD_BYTES) { /* SQL only */
            continue;
        }
        const struct jval *v = jval_get(obj, step.name);
        if (v != NULL && v->type != J_NULL) {
            take(&p, v, to);
            continue;
        }
        set_absent(row, to);
        if (row->flags & FIELD_REQUIRED) {
            fault(&p, "required", "必须填写", "is required");
        }
    }
    refuse_unknown(w, rows, obj, at);
}

static void walk_top(struct walk *w, const struct field *rows, const struct jval *obj, void *base)
{
    if (obj->type == J_OBJ) {
        walk_object(w, rows, obj, NULL, base);
    } else {
        field_fault(w->arena, w->faults, w->at, "type", "应当是对象", "must be an object");
    }
}

struct err *field_decode(
    struct arena *a, const struct field *rows, const struct jval *obj, struct str at, void *ret)
{
    struct err *faults = NULL;
    struct walk w = {a, at, &faults};

    walk_top(&w, rows, obj, ret);
    return faults;
}

void field_validate(struct arena *a,
                    const struct field *rows,
                    const struct jval *obj,
                    struct str at,
                    struct err **ret_err)
{
    struct walk w = {a, at, ret_err};

    walk_top(&w, rows, obj, NULL);
}
