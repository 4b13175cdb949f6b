/* Forms of the steps (play.h): JSON with "@…" where the matter decides. What stands behind the @ is
 * a word of WORDS, and after a ':' or '+' its argument. */
#include "app/demo/play.h"

#include "base/check.h"
#include "base/num.h"
#include "procedure/almanac.h"
#include "procedure/org.h"
#include "run/upload.h"

#define FORM_DEPTH 8

typedef struct err *word_fn(struct filling *f, struct str argument, struct jval *ret);

static struct luck *luck_of(struct filling *f)
{
    return &f->play->luck;
}

static const struct jval *materials_of(const struct filling *f)
{
    static const struct jval NONE = {.type = J_LIST};
    const struct jval *list = jval_get(&f->item->body, S("materials"));
    return list != NULL && list->type == J_LIST ? list : &NONE;
}

static struct str code_of(const struct jval *material)
{
    return jval_str(jval_get(material, S("code")));
}

static struct str name_of(const struct jval *material)
{
    const struct jval *name = jval_get(material, S("name"));
    return name != NULL && name->type == J_OBJ ? jval_str(jval_get(name, S("zh"))) : jval_str(name);
}

/* ---- uploads ---- */

/* One page, with the standard font: enough to be opened and looked at. */
static struct str small_pdf(struct arena *a, size_t number)
{
    struct buf b;
    size_t at[6] = {0};
    struct str text =
        str_fmt(a, "BT /F1 20 Tf 90 700 Td (SAMPLE %zu - Huhang demonstration) Tj ET", number);
    buf_init(&b, a, 1024);
    buf_putz(&b, "%PDF-1.4\n");
    at[1] = b.n;
    buf_putz(&b, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    at[2] = b.n;
    buf_putz(&b, "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
    at[3] = b.n;
    buf_putz(&b, "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                 "/Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n");
    at[4] = b.n;
    buf_fmt(&b, "4 0 obj\n<< /Length %zu >>\nstream\n%.*s\nendstream\nendobj\n", text.n,
            STR_ARG(text));
    at[5] = b.n;
    buf_putz(&b, "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
    size_t xref = b.n;
    buf_putz(&b, "xref\n0 6\n0000000000 65535 f \n");
    for (size_t i = 1; i < 6; i++) {
        buf_fmt(&b, "%010zu 00000 n \n", at[i]);
    }
    buf_fmt(&b, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", xref);
    return buf_str(&b);
}

struct err *form_upload(struct filling *f, struct str name, struct str *ret_token)
{
    struct call *c = f->c;
    struct str pdf = small_pdf(c->arena, f->tale->number);
    struct upload_new new = {.size = (int64_t)pdf.n, .name = name, .media = S("application/pdf")};
    struct upload_stream *s = NULL;
    TRY(unit_run(c, upload_create, &new));
    TRY(upload_open(c->app, c->arena, &new.info, 0, &s));
    struct err *e = upload_append(c->arena, s, str_bytes(pdf));
    (void)upload_close(s);
    TRY(e);
    *ret_token = new.info.token;
    return upload_finish(c, new.info.token, &new.info);
}

static struct err *w_file(struct filling *f, struct str name, struct jval *ret)
{
    struct str token;
    TRY(form_upload(f, name, &token));
    *ret = jval_of_str(token);
    return NULL;
}

/* ---- the application ---- */

static struct err *
material_row(struct filling *f, const struct jval *m, bool file, struct jval *ret)
{
    struct arena *a = f->c->arena;
    struct jobj *o = jobj_new(a);
    jobj_put(o, S("code"), jval_of_str(code_of(m)));
    if (file) {
        struct jarr *files = jarr_new(a);
        struct jval token;
        TRY(w_file(f, str_fmt(a, "%.*s.pdf", STR_ARG(name_of(m))), &token));
        jarr_add(files, token);
        jobj_put(o, S("files"), jarr_val(files));
    } else {
        jobj_put(o, S("paper"), jval_of_int(1));
    }
    *ret = jobj_val(o);
    return NULL;
}

/* Required materials, and some of the others. */
static struct err *w_materials(struct filling *f, struct str argument, struct jval *ret)
{
    const struct jval *all = materials_of(f);
    struct jarr *out = jarr_new(f->c->arena);
    size_t files = 0;
    (void)argument;
    for (size_t i = 0; i < all->n; i++) {
        bool required = str_eqz(jval_str(jval_get(&all->list[i], S("necessity"))), "required");
        struct jval row;
        if (!required && luck_below(luck_of(f), 3) != 0) {
            continue;
        }
        bool file = f->files && files < 2;
        TRY(material_row(f, &all->list[i], file, &row));
        files += file;
        jarr_add(out, row);
    }
    *ret = jarr_val(out);
    return NULL;
}

static struct jval plain_answer(struct filling *f, const struct field *row)
{
    struct luck *l = luck_of(f);
    size_t n = 0;
    switch (row->kind) {
    case FIELD_CHOICE:
        while (row->choices != NULL && row->choices[n].value != NULL) {
            n++;
        }
        return jval_of_str(n == 0 ? S("") : str_of(row->choices[luck_below(l, n)].value));
    case FIELD_INT:
    case FIELD_MONEY:
        return jval_of_int(row->min + luck_between(l, 80, 2400));
    case FIELD_BOOL:
        return jval_of_bool(true);
    case FIELD_DATE:
        return jval_of_str(civil_text(f->c->arena, civil_day_of(f->c->now_ms)));
    case FIELD_TEXT:
    case FIELD_ID:
    case FIELD_INSTANT:
    case FIELD_BYTES:
    case FIELD_JSON:
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_INTS:
    case FIELD_OBJECT:
        break;
    }
    return jval_of_str(S("示例"));
}

static struct jval answer(struct filling *f, const struct field *row)
{
    struct arena *a = f->c->arena;
    size_t nth = 300 + f->tale->number;
    if (str_eqz(S("phone"), row->name)) {
        return jval_of_str(fictitious_phone(a, nth));
    }
    if (str_eqz(S("contact"), row->name)) {
        return jval_of_str(who_nth(a, nth).name);
    }
    if (str_eqz(S("bank"), row->name)) {
        return jval_of_str(S("青岚农村商业银行（虚构）"));
    }
    if (str_eqz(S("account"), row->name)) {
        return jval_of_str(str_fmt(a, "6200000000%06zu", f->tale->number));
    }
    if (str_eqz(S("place"), row->name) || str_eqz(S("project"), row->name)) {
        return jval_of_str(text_of(luck_of(f), str_of(row->name)));
    }
    if (row->kind == FIELD_TEXT) {
        bool needed = (row->flags & FIELD_REQUIRED) != 0;
        return needed ? jval_of_str(text_of(luck_of(f), S("content"))) : jval_of_str(STR_NONE);
    }
    return plain_answer(f, row);
}

static struct err *w_answers(struct filling *f, struct str argument, struct jval *ret)
{
    struct jobj *o = jobj_new(f->c->arena);
    const struct form *form = f->item->form;
    (void)argument;
    for (size_t i = 0; form != NULL && i < form->n; i++) {
        struct jval v = answer(f, &form->rows[i]);
        if (v.type != J_NULL) {
            jobj_put(o, str_of(form->rows[i].name), v);
        }
    }
    *ret = jobj_val(o);
    return NULL;
}

/* ---- verdicts and what follows from them ---- */

static struct jval verdict(struct filling *f, struct str code, const char *result, struct str note)
{
    struct jobj *o = jobj_new(f->c->arena);
    jobj_put(o, S("code"), jval_of_str(code));
    jobj_put(o, S("result"), jval_of_str(str_of(result)));
    if (note.p != NULL) {
        jobj_put(o, S("note"), jval_of_str(note));
    }
    return jobj_val(o);
}

/* "ok", "fix1", "fix2": so many materials need correction. */
static struct err *w_verdicts(struct filling *f, struct str argument, struct jval *ret)
{
    const struct jval *all = materials_of(f);
    struct jarr *out = jarr_new(f->c->arena);
    size_t wrong = str_eqz(argument, "fix1") ? 1 : str_eqz(argument, "fix2") ? 2 : 0;
    size_t first = all->n > 1 ? 1 : 0;
    for (size_t i = 0; i < all->n; i++) {
        bool fix = i >= first && i < first + wrong;
        jarr_add(out, verdict(f, code_of(&all->list[i]), fix ? "fix" : "ok",
                              fix ? text_of(luck_of(f), S("fix")) : STR_NONE));
    }
    *ret = jarr_val(out);
    return NULL;
}

static struct str first_deferrable(const struct filling *f)
{
    const struct jval *codes = jval_get(&f->item->body, S("deferrable"));
    return codes != NULL && codes->n > 0 ? codes->list[0].s : STR_NONE;
}

static struct err *w_defer(struct filling *f, struct str argument, struct jval *ret)
{
    const struct jval *all = materials_of(f);
    struct jarr *out = jarr_new(f->c->arena);
    (void)argument;
    for (size_t i = 0; i < all->n; i++) {
        struct str code = code_of(&all->list[i]);
        bool defer = str_eq(code, first_deferrable(f));
        jarr_add(out, verdict(f, code, defer ? "defer" : "ok", STR_NONE));
    }
    *ret = jarr_val(out);
    return NULL;
}

static struct err *w_deferred(struct filling *f, struct str argument, struct jval *ret)
{
    struct jarr *out = jarr_new(f->c->arena);
    struct jobj *o = jobj_new(f->c->arena);
    (void)argument;
    jobj_put(o, S("code"), jval_of_str(first_deferrable(f)));
    jobj_put(o, S("note"), jval_of_str(S("出具机构正在办理，承诺按期补交。")));
    jarr_add(out, jobj_val(o));
    *ret = jarr_val(out);
    return NULL;
}

static const struct jval *defects_of(const struct filling *f)
{
    static const struct jval NONE = {.type = J_LIST};
    uint32_t fact = definition_fact(f->matter->d, S("defects"));
    const struct value *v = fact == NO_INDEX ? NULL : &f->matter->facts[fact];
    return v != NULL && v->type == V_LIST ? v->u.json : &NONE;
}

/* The demanded materials: all, or "one". */
static struct err *w_defects(struct filling *f, struct str argument, struct jval *ret)
{
    const struct jval *list = defects_of(f);
    size_t n = str_eqz(argument, "one") && list->n > 0 ? 1 : list->n;
    struct jarr *out = jarr_new(f->c->arena);
    for (size_t i = 0; i < n; i++) {
        struct jobj *o = jobj_new(f->c->arena);
        jobj_put(o, S("code"), jval_of_str(code_of(&list->list[i])));
        jobj_put(o, S("paper"), jval_of_int(1));
        jobj_put(o, S("note"), jval_of_str(text_of(luck_of(f), S("supplied"))));
        jarr_add(out, jobj_val(o));
    }
    *ret = jarr_val(out);
    return NULL;
}

/* The first demanded material is still wrong. */
static struct err *w_again(struct filling *f, struct str argument, struct jval *ret)
{
    const struct jval *list = defects_of(f);
    struct jarr *out = jarr_new(f->c->arena);
    (void)argument;
    if (list->n > 0) {
        jarr_add(out, verdict(f, code_of(&list->list[0]), "fix", text_of(luck_of(f), S("fix"))));
    }
    *ret = jarr_val(out);
    return NULL;
}

/* The material that a deferral waits for. */
static struct err *w_promised(struct filling *f, struct str argument, struct jval *ret)
{
    uint32_t fact = definition_fact(f->matter->d, S("material"));
    struct jobj *o = jobj_new(f->c->arena);
    (void)argument;
    CHECK(fact != NO_INDEX);
    jobj_put(o, S("code"), jval_of_str(f->matter->facts[fact].u.s));
    jobj_put(o, S("paper"), jval_of_int(1));
    *ret = jobj_val(o);
    return NULL;
}

/* ---- people, days, texts ---- */

static struct err *w_person(struct filling *f, struct str role, struct jval *ret)
{
    int64_t id = cast_person(f->c, &f->play->cast, str_z(f->c->arena, role), f->matter->unit_id, 0);
    *ret = jval_of_int(id);
    return NULL;
}

static struct err *w_units(struct filling *f, struct str argument, struct jval *ret)
{
    const struct org *org = org_of(f->c->app);
    struct jarr *out = jarr_new(f->c->arena);
    (void)argument;
    jarr_add(out, jval_of_int(f->matter->unit_id));
    for (size_t i = 0; i < org->n; i++) {
        if (org->units[i].id != f->matter->unit_id && str_eqz(org->units[i].code, "fire")) {
            jarr_add(out, jval_of_int(org->units[i].id));
        }
    }
    *ret = jarr_val(out);
    return NULL;
}

static int32_t number_of(struct str s)
{
    int64_t n = 0;
    CHECK(num_parse(s, 0, 1000, &n));
    return (int32_t)n;
}

static struct err *w_day(struct filling *f, struct str argument, struct jval *ret)
{
    int32_t day = civil_day_of(f->c->now_ms) + number_of(argument);
    *ret = jval_of_str(civil_text(f->c->arena, day));
    return NULL;
}

static struct err *w_wd(struct filling *f, struct str argument, struct jval *ret)
{
    int32_t today = civil_day_of(f->c->now_ms);
    int32_t day = calendar_add(almanac_of(f->c->app)->calendar, today, number_of(argument));
    *ret = jval_of_str(civil_text(f->c->arena, day));
    return NULL;
}

static struct err *w_seq(struct filling *f, struct str act, struct jval *ret)
{
    const struct mact *last = matter_last(f->matter, definition_act(f->matter->d, act));
    *ret = jval_of_int(last == NULL ? 1 : last->seq);
    return NULL;
}

static struct err *w_text(struct filling *f, struct str key, struct jval *ret)
{
    *ret = jval_of_str(text_of(luck_of(f), key));
    return NULL;
}

static struct err *w_name(struct filling *f, struct str argument, struct jval *ret)
{
    (void)argument;
    *ret = jval_of_str(who_nth(f->c->arena, 300 + f->tale->number).name);
    return NULL;
}

static struct err *w_way(struct filling *f, struct str argument, struct jval *ret)
{
    static const char *const WAYS[] = {"window", "window", "post", "online"};
    (void)argument;
    *ret = jval_of_str(str_of(WAYS[luck_below(luck_of(f), COUNT_OF(WAYS))]));
    return NULL;
}

/* clang-format off */
static const struct {
    const char *word;
    word_fn *fn;
} WORDS[] = {
    {"answers", w_answers}, {"materials", w_materials}, {"verdicts", w_verdicts}, {"defer", w_defer}, {"deferred", w_deferred},
    {"defects", w_defects}, {"again", w_again}, {"promised", w_promised}, {"file", w_file}, {"person", w_person}, {"units", w_units},
    {"day", w_day}, {"wd", w_wd}, {"seq", w_seq}, {"t", w_text}, {"name", w_name}, {"way", w_way},
};
/* clang-format on */

static struct err *word(struct filling *f, struct str s, struct jval *ret)
{
    struct str rest = str_sub(s, 1, s.n);
    struct str name = str_split(&rest, ':');
    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        if (str_eqz(name, WORDS[i].word)) {
            return WORDS[i].fn(f, rest.p == NULL ? S("") : rest, ret);
        }
    }
    UNREACHABLE();
    return NULL;
}

static struct err *fill(struct filling *f, const struct jval *v, int depth, struct jval *ret)
{
    struct arena *a = f->c->arena;
    CHECK(depth < FORM_DEPTH);
    *ret = *v;
    if (v->type == J_STR && v->s.n > 0 && v->s.p[0] == '@') {
        return word(f, v->s, ret);
    }
    if (v->type == J_OBJ) {
        struct jobj *o = jobj_new(a);
        for (size_t i = 0; i < v->n; i++) {
            struct jval one;
            TRY(fill(f, &v->obj[i].val, depth + 1, &one));
            jobj_put(o, v->obj[i].name, one);
        }
        *ret = jobj_val(o);
    } else if (v->type == J_LIST) {
        struct jarr *l = jarr_new(a);
        for (size_t i = 0; i < v->n; i++) {
            struct jval one;
            TRY(fill(f, &v->list[i], depth + 1, &one));
            jarr_add(l, one);
        }
        *ret = jarr_val(l);
    }
    return NULL;
}

struct err *form_fill(struct filling *f, const char *template, struct jval *ret)
{
    struct jval v;
    TRY(jread(f->c->arena, str_bytes(str_of(template)), &v));
    return fill(f, &v, 0, ret);
}
