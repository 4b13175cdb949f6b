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

/* Where the value of a row goes, or NULL. */
static void *place(const struct field *row, void *base)
{
    return base == NULL || row->offset == FIELD_NOWHERE ? NULL : (char *)base + row->offset;
}

/* A fault; the row's label leads the text, so it can also be read away from its field. */
static void fault(struct walk *w,
                  const struct field *row,
                  const struct pointer_step *at,
                  const char *code,
                  const char *zh,
                  const char *en)
{
    const char *label_zh = row->zh != NULL ? row->zh : row->name;
    const char *label_en = row->en != NULL ? row->en : row->name;

    field_fault(w->arena, w->faults, pointer_text(w->arena, w->at, at), code,
                str_fmt(w->arena, "%s：%s", label_zh, zh).p,
                str_fmt(w->arena, "%s: %s", label_en, en).p);
}

/* The same with a limit and what was found. */
static void fault_number(struct walk *w,
                         const struct field *row,
                         const struct pointer_step *at,
                         const char *code,
                         const char *const zh_en[2],
                         int64_t limit)
{
    struct arena *a = w->arena;
    struct str zh = str_fmt(a, "%s %lld", zh_en[0], (long long)limit);
    struct str en = str_fmt(a, "%s %lld", zh_en[1], (long long)limit);

    fault(w, row, at, code, zh.p, en.p);
}

static bool unlimited(const struct field *row)
{
    return row->min == 0 && row->max == 0;
}

static void
check_choice(struct walk *w, const struct field *row, struct str s, const struct pointer_step *at)
{
    for (const struct choice *c = row->choices; c->value != NULL; c++) {
        if (str_eqz(s, c->value)) {
            return;
        }
    }
    fault(w, row, at, "choice", "请从所列选项中选择", "choose one of the listed values");
}

/* Length in characters, and one line unless the row says otherwise. */
static void check_text(struct walk *w,
                       const struct field *row,
                       struct str s,
                       const struct pointer_step *at,
                       int64_t min,
                       int64_t max)
{
    static const char *const SHORT[2] = {"字数不能少于",
                                         "the number of characters must be at least"};
    static const char *const LONG[2] = {"字数不能超过", "the number of characters must be at most"};
    int64_t n = (int64_t)utf8_len(s);

    if (n < min) {
        fault_number(w, row, at, "short", SHORT, min);
    }
    if (n > max) {
        fault_number(w, row, at, "long", LONG, max);
    }
    if (!(row->flags & FIELD_MULTILINE) && str_find_char(s, '\n') >= 0) {
        fault(w, row, at, "line", "只能填一行", "must be one line");
    }
}

static void take_text(struct walk *w,
                      const struct field *row,
                      struct str s,
                      const struct pointer_step *at,
                      struct str *ret)
{
    if (row->flags & FIELD_NFC) {
        s = utf8_nfc(w->arena, s);
    }
    if ((row->flags & FIELD_REQUIRED) && str_trim(s).n == 0) {
        fault(w, row, at, "blank", "不能为空", "must not be blank");
    } else if (unlimited(row)) {
        check_text(w, row, s, at, 1, FIELD_TEXT_LENGTH);
    } else {
        check_text(w, row, s, at, row->min, row->max);
    }
    if (ret != NULL) {
        *ret = s;
    }
}

static void take_date(struct walk *w,
                      const struct field *row,
                      struct str s,
                      const struct pointer_step *at,
                      struct str *ret)
{
    int32_t day;

    if (!civil_parse(s, &day)) {
        fault(w, row, at, "date", "请填写真实存在的日期，如 2026-03-02",
              "give a date that exists, as 2026-03-02");
    }
    if (ret != NULL) {
        *ret = s;
    }
}

static void take_instant(struct walk *w,
                         const struct field *row,
                         struct str s,
                         const struct pointer_step *at,
                         int64_t *ret)
{
    int64_t ms = FIELD_NO_INT;

    if (!civil_instant_parse(s, &ms)) {
        fault(w, row, at, "instant", "请填写时刻，如 2026-03-02T09:30:00+08:00",
              "give an instant, as 2026-03-02T09:30:00+08:00");
    }
    if (ret != NULL) {
        *ret = ms;
    }
}

static void take_int(
    struct walk *w, const struct field *row, int64_t i, const struct pointer_step *at, int64_t *ret)
{
    static const char *const SMALL[2] = {"不能小于", "must be at least"};
    static const char *const LARGE[2] = {"不能大于", "must be at most"};

    if (!unlimited(row) && i < row->min) {
        fault_number(w, row, at, "small", SMALL, row->min);
    }
    if (!unlimited(row) && i > row->max) {
        fault_number(w, row, at, "large", LARGE, row->max);
    }
    if (ret != NULL) {
        *ret = i;
    }
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

static void take_json(struct walk *w,
                      const struct field *row,
                      const struct jval *v,
                      const struct pointer_step *at,
                      struct jval *ret)
{
    if (deeper_than(v, FIELD_JSON_DEPTH)) {
        fault(w, row, at, "deep", "层次太深，最多 16 层", "nested too deeply, at most 16 levels");
    }
    if (ret != NULL) {
        *ret = *v;
    }
}

static void walk_object(struct walk *w,
                        const struct field *rows,
                        const struct jval *obj,
                        const struct pointer_step *at,
                        void *base);

static size_t element_size(const struct field *row)
{
    switch ((unsigned)row->kind) {
    case FIELD_TEXTS:
        return sizeof(struct str);
    case FIELD_INTS:
        return sizeof(int64_t);
    default:
        return row->sub_size;
    }
}

static void wrong_type(struct walk *w,
                       const struct field *row,
                       const struct pointer_step *at,
                       enum jtype wanted)
{
    static const char *const words[][2] = {
        [J_NULL] = {"应当留空", "must be null"},
        [J_BOOL] = {"应当是 true 或 false", "must be true or false"},
        [J_INT] = {"应当是整数", "must be a whole number"},
        [J_STR] = {"应当是文字", "must be text"},
        [J_LIST] = {"应当是列表", "must be a list"},
        [J_OBJ] = {"应当是对象", "must be an object"},
    };

    fault(w, row, at, "type", words[wanted][0], words[wanted][1]);
}

static void take_element(struct walk *w,
                         const struct field *row,
                         const struct jval *v,
                         const struct pointer_step *at,
                         void *ret)
{
    enum jtype wanted = row->kind == FIELD_TEXTS ? J_STR : row->kind == FIELD_INTS ? J_INT : J_OBJ;

    if (v->type != wanted) {
        wrong_type(w, row, at, wanted);
    } else if (wanted == J_OBJ) {
        walk_object(w, row->sub, v, at, ret);
    } else if (wanted == J_INT) {
        if (ret != NULL) {
            *(int64_t *)ret = v->i;
        }
    } else {
        if (row->choices != NULL) {
            check_choice(w, row, v->s, at);
        } else {
            check_text(w, row, v->s, at, 1, FIELD_TEXT_LENGTH);
        }
        if (ret != NULL) {
            *(struct str *)ret = v->s;
        }
    }
}

static void take_list(struct walk *w,
                      const struct field *row,
                      const struct jval *v,
                      const struct pointer_step *at,
                      struct list *ret)
{
    static const char *const FEW[2] = {"项数不能少于", "the number of entries must be at least"};
    static const char *const MANY[2] = {"项数不能超过", "the number of entries must be at most"};
    size_t size = element_size(row);
    char *elements = NULL;

    if ((int64_t)v->n < row->min) {
        fault_number(w, row, at, "few", FEW, row->min);
    }
    if (!unlimited(row) && (int64_t)v->n > row->max) {
        fault_number(w, row, at, "many", MANY, row->max);
        return;
    }
    if (ret != NULL) {
        elements = arena_array(w->arena, v->n, size, _Alignof(max_align_t));
        *ret = (struct list){elements, v->n};
    }
    for (size_t i = 0; i < v->n; i++) {
        struct pointer_step step = {at, STR_NONE, i};

        take_element(w, row, &v->list[i], &step, elements == NULL ? NULL : elements + i * size);
    }
}

static void take_object(struct walk *w,
                        const struct field *row,
                        const struct jval *v,
                        const struct pointer_step *at,
                        void **ret)
{
    void *sub = NULL;

    if (ret != NULL) {
        sub = arena_alloc(w->arena, row->sub_size, _Alignof(max_align_t));
        *ret = sub;
    }
    walk_object(w, row->sub, v, at, sub);
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

static void take(struct walk *w,
                 const struct field *row,
                 const struct jval *v,
                 const struct pointer_step *at,
                 void *to)
{
    enum jtype wanted = wanted_type(row, v);

    if (v->type != wanted) {
        wrong_type(w, row, at, wanted);
        return;
    }
    switch (row->kind) {
    case FIELD_CHOICE:
        if (row->choices != NULL) {
            check_choice(w, row, v->s, at);
            if (to != NULL) {
                *(struct str *)to = v->s;
            }
            break;
        }
        take_text(w, row, v->s, at, to);
        break;
    case FIELD_TEXT:
        take_text(w, row, v->s, at, to);
        break;
    case FIELD_DATE:
        take_date(w, row, v->s, at, to);
        break;
    case FIELD_INSTANT:
        take_instant(w, row, v->s, at, to);
        break;
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
        take_int(w, row, v->i, at, to);
        break;
    case FIELD_BOOL:
        if (to != NULL) {
            *(bool *)to = v->b;
        }
        break;
    case FIELD_JSON:
        take_json(w, row, v, at, to);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
        take_list(w, row, v, at, to);
        break;
    case FIELD_OBJECT:
        take_object(w, row, v, at, to);
        break;
    case FIELD_BYTES:
        UNREACHABLE();
    }
}

static void set_absent(const struct field *row, void *to)
{
    if (to == NULL) {
        return;
    }
    switch ((unsigned)row->kind) {
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_MONEY:
    case FIELD_INSTANT:
        *(int64_t *)to = FIELD_NO_INT;
        break;
    default: /* zeroed memory is the absence of all others */
        break;
    }
}

static const struct field *row_of(const struct field *rows, struct str name)
{
    for (const struct field *row = rows; row->name != NULL; row++) {
        if (row->kind != FIELD_BYTES && str_eqz(name, row->name)) {
            return row;
        }
    }
    return NULL;
}

static void refuse_unknown(struct walk *w,
                           const struct field *rows,
                           const struct jval *obj,
                           const struct pointer_step *at)
{
    for (size_t i = 0; i < obj->n; i++) {
        struct pointer_step step = {at, obj->obj[i].name, 0};

        if (row_of(rows, obj->obj[i].name) == NULL) {
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
        if (row->kind == FIELD_BYTES) {
            continue;
        }
        const struct jval *v = jval_get(obj, str_of(row->name));
        struct pointer_step step = {at, str_of(row->name), 0};
        void *to = place(row, base);

        if (v != NULL && v->type != J_NULL) {
            take(w, row, v, &step, to);
            continue;
        }
        set_absent(row, to);
        if (row->flags & FIELD_REQUIRED) {
            fault(w, row, &step, "required", "必须填写", "is required");
        }
    }
    refuse_unknown(w, rows, obj, at);
}

static void walk_top(struct walk *w, const struct field *rows, const struct jval *obj, void *base)
{
    static const struct jval nothing = {.type = J_OBJ};

    if (obj->type != J_OBJ) {
        field_fault(w->arena, w->faults, w->at, "type", "应当是对象", "must be an object");
        walk_object(&(struct walk){w->arena, w->at, &(struct err *){NULL}}, rows, &nothing, NULL,
                    base);
        return;
    }
    walk_object(w, rows, obj, NULL, base);
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
