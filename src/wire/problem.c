/* Problems from errors. What a body may say depends only on the status: below 500 it explains
 * itself to the person; from 500 on it keeps to the title, which the error list fixes, where to
 * look it up and what to do. `cause`, file and line never leave the process. */
#include "wire/problem.h"

#include "base/arena.h"

/* --- Accept-Language --- */

/* "0", "1", "0.8", "0.125" in thousandths; -1: anything else. */
static int quality(struct str s)
{
    int q = 0, scale = 1000;

    if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.')) {
        return -1;
    }
    q = (s.p[0] - '0') * scale;
    for (size_t i = 2; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return -1;
        }
        scale /= 10;
        q += (s.p[i] - '0') * scale;
    }
    return q <= 1000 ? q : -1;
}

static bool is_tag(struct str s, char first, char second)
{
    return s.n >= 2 && (s.p[0] | 0x20) == first && (s.p[1] | 0x20) == second &&
           (s.n == 2 || s.p[2] == '-');
}

static struct str trim_blanks(struct str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s = str_sub(s, 1, s.n);
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
        s.n--;
    }
    return s;
}

struct wish {
    int q;    /* thousandths; -1: not named */
    int rank; /* place in the header */
};

static void keep(struct wish *w, int q, int rank)
{
    if (q > w->q) {
        *w = (struct wish){q, rank};
    }
}

enum lang lang_of_header(struct str accept_language)
{
    struct wish zh = {-1, 0}, en = {-1, 0}, any = {-1, 0};

    for (int rank = 0; accept_language.p != NULL; rank++) {
        struct str rest = trim_blanks(str_split(&accept_language, ','));
        struct str tag = trim_blanks(str_split(&rest, ';'));
        struct str weight = rest.p == NULL ? S("q=1") : trim_blanks(rest);
        bool named = str_starts(weight, S("q=")) || str_starts(weight, S("Q="));
        int q = named ? quality(str_sub(weight, 2, weight.n)) : -1;

        if (is_tag(tag, 'z', 'h')) {
            keep(&zh, q, rank);
        } else if (is_tag(tag, 'e', 'n')) {
            keep(&en, q, rank);
        } else if (str_eqz(tag, "*")) {
            keep(&any, q, rank);
        }
    }
    zh = zh.q < 0 ? any : zh;
    en = en.q < 0 ? any : en;
    bool en_first = en.q > zh.q || (en.q == zh.q && en.rank < zh.rank);
    return en.q > 0 && en_first ? LANG_EN : LANG_ZH;
}

/* --- the body --- */

static struct str in(enum lang lang, struct str zh, struct str en)
{
    return lang == LANG_EN ? en : zh;
}

static void put_errors(struct jw *w, const struct err *e, enum lang lang)
{
    if (e->fields == NULL) {
        return;
    }
    jw_key(w, S("errors"));
    jw_list(w);
    for (const struct err_field *f = e->fields; f != NULL; f = f->next) {
        jw_obj(w);
        jw_kstr(w, "pointer", f->pointer);
        jw_kstr(w, "code", f->code);
        jw_kstr(w, "detail", in(lang, f->zh, f->en));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* A server's fault always says what the person can do. */
static struct str hint_of(const struct err *e, const struct err_info *info, enum lang lang)
{
    struct str hint = in(lang, e->hint_zh, e->hint_en);

    if (hint.p != NULL || info->status < 500) {
        return hint;
    }
    if (info->retry) {
        return in(lang, S("请稍候再试。"), S("Please try again shortly."));
    }
    return in(
        lang, S("请稍后再试；若仍不行，请把本页的编号告诉工作人员。"),
        S("Please try again later; if it still fails, tell the staff the number shown here."));
}

struct str problem_text(struct arena *a, const struct err *e, enum lang lang, struct str request_id)
{
    const struct err_info *info = err_info(e->code);
    bool own_fault = info->status >= 500;
    struct str hint = hint_of(e, info, lang);
    struct buf out;
    struct jw w;

    buf_init(&out, a, 512);
    jw_init(&w, &out);
    jw_obj(&w);
    jw_kstr(&w, "type", str_fmt(a, "/problems/%s", info->slug));
    jw_kstr(&w, "title", in(lang, str_of(info->zh), str_of(info->en)));
    jw_kint(&w, "status", info->status);
    jw_kstr(&w, "code", str_of(info->slug));
    if (!own_fault) {
        jw_kstr(&w, "detail", in(lang, e->zh, e->en));
    }
    if (request_id.p != NULL) {
        jw_kstr(&w, "instance", str_fmt(a, "/requests/%.*s", STR_ARG(request_id)));
    }
    if (hint.p != NULL) {
        jw_kstr(&w, "hint", hint);
    }
    if (e->retry_after_s > 0) {
        jw_kint(&w, "retry_after", e->retry_after_s);
    }
    if (!own_fault) {
        put_errors(&w, e, lang);
        for (const struct err_member *m = e->members; m != NULL; m = m->next) {
            jw_key(&w, str_of(m->name));
            jw_raw(&w, m->json);
        }
    }
    jw_end_obj(&w);
    return buf_str(&out);
}
