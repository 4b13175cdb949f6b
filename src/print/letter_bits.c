/* The small languages inside a template: texts with values, conditions, and the names they may use.
 * Everything is parsed once at load, so composing cannot meet a bad template. */
#include "print/letter_set.h"

#include "base/buf.h"
#include "base/check.h"

#define BITS_MAX 64

/* What is under each root of the frozen data (procedure/act_letter.c). NULL: depends on the
 * definition, any name; "": the root is a value itself. */
static const struct {
    const char *root, *members;
} ROOTS[] = {
    {"letter", ""},
    {"number", ""},
    {"date", ""},
    {"occurred_on", ""},
    {"effective_on", ""},
    {"office", ""},
    {"act", ""},
    {"by", ""},
    {"unit", ""},
    {"materials", ""},
    {"verdicts", ""},
    {"deferred", ""},
    {"defects", ""},
    {"party", " name identifier kind "},
    {"item", " code name regime legal_basis result commitment_text extension_approver "},
    {"matter", " number title kind opened_on state "},
    {"parent", " number title kind opened_on state "},
    {"profile", NULL},
    {"form", NULL},
    {"facts", NULL},
    {"named", NULL},
    {"results", NULL},
    {"earlier", NULL},
    {"clocks", NULL},
};
static const char CLOCK_MEMBERS[] = " label limit basis start due provisional ";

void letter_fault(struct letter_load *l, const struct ynode *at, struct str zh, struct str en)
{
    struct str pointer = str_fmt(l->arena, "%.*s:%d:%d", STR_ARG(l->file), at->line, at->column);

    if (l->faults == NULL) {
        l->faults =
            ERROR(l->arena, ERR_DEFINITION, "公文模板有误。", "A letter template is wrong.");
    }
    l->faults = err_field(l->faults, pointer, "letter", zh, en);
}

static void fault_of(
    struct letter_load *l, const struct ynode *at, const char *zh, const char *en, struct str word)
{
    letter_fault(l, at, str_fmt(l->arena, "%s：%.*s", zh, STR_ARG(word)),
                 str_fmt(l->arena, "%s: %.*s", en, STR_ARG(word)));
}

static bool member_of(struct arena *a, const char *members, struct str word)
{
    return str_find(str_of(members), str_fmt(a, " %.*s ", STR_ARG(word))) >= 0;
}

static bool name_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return s.n > 0;
}

/* clocks.NAME.MEMBER, or the one member of a root with fixed members. */
static bool members_ok(struct letter_load *l, const char *members, struct str root, struct str rest)
{
    struct str first = str_split(&rest, '.');

    if (str_eqz(root, "clocks")) {
        return rest.p != NULL && member_of(l->arena, CLOCK_MEMBERS, rest);
    }
    if (members == NULL) {
        return true;
    }
    return rest.p == NULL && member_of(l->arena, members, first);
}

bool letter_path_ok(struct letter_load *l, const struct ynode *at, struct str path)
{
    struct str rest = path, step, root;
    bool ok = path.n > 0;

    while (rest.p != NULL) {
        step = str_split(&rest, '.');
        ok = ok && name_ok(step);
    }
    rest = path;
    root = str_split(&rest, '.');
    if (ok && l->in_row && (str_eqz(root, "row") || str_eqz(path, "n"))) {
        return true;
    }
    for (size_t i = 0; ok && i < COUNT_OF(ROOTS); i++) {
        const char *members = ROOTS[i].members;

        if (!str_eqz(root, ROOTS[i].root)) {
            continue;
        }
        if (members != NULL && members[0] == '\0'
                ? rest.p == NULL
                : rest.p != NULL && members_ok(l, members, root, rest)) {
            return true;
        }
        break;
    }
    fault_of(l, at, "没有这项数据", "there is no such value", path);
    return false;
}

/* The inside of { … }: a|b:words?nothing. */
static struct letter_bit value_bit(struct letter_load *l, const struct ynode *at, struct str inside)
{
    struct letter_bit b = {.kind = BIT_VALUE};
    struct str rest = inside, head = str_split(&rest, '?'), words, path;

    b.text = rest;
    words = head;
    head = str_split(&words, ':');
    if (words.p != NULL) {
        b.words = map_get(l->words, words);
        if (b.words == NULL) {
            fault_of(l, at, "没有这组用词", "there are no such words", words);
        }
    }
    while (head.p != NULL) {
        path = str_split(&head, '|');
        if (b.n_paths == LETTER_PATHS_MAX) {
            fault_of(l, at, "备选太多", "too many alternatives", inside);
            break;
        }
        if (letter_path_ok(l, at, path)) {
            b.paths[b.n_paths++] = path;
        }
    }
    return b;
}

struct scan {
    struct letter_load *l;
    const struct ynode *at;
    struct letter_bit bits[BITS_MAX];
    size_t n;
    bool open, failed;
};

static void add_bit(struct scan *s, struct letter_bit b)
{
    if (s->n == BITS_MAX) {
        s->failed = true;
        return;
    }
    s->bits[s->n++] = b;
}

/* One piece of the text from `at` on; returns where the next begins. */
static size_t scan_piece(struct scan *s, struct str text, size_t at)
{
    struct str rest = str_sub(text, at, text.n);
    char c = rest.p[0];
    size_t end = 0;

    if (c == '{') {
        ptrdiff_t close = str_find_char(rest, '}');

        if (close < 0) {
            s->failed = true;
            return text.n;
        }
        add_bit(s, value_bit(s->l, s->at, str_sub(rest, 1, (size_t)close)));
        return at + (size_t)close + 1;
    }
    if (c == '[' || c == ']') {
        s->failed = s->failed || s->open == (c == '[');
        s->open = c == '[';
        add_bit(s, (struct letter_bit){.kind = c == '[' ? BIT_OPEN : BIT_CLOSE});
        return at + 1;
    }
    s->failed = s->failed || c == '}';
    while (end < rest.n && (end == 0 || (rest.p[end] != '{' && rest.p[end] != '}' &&
                                         rest.p[end] != '[' && rest.p[end] != ']'))) {
        end++;
    }
    add_bit(s, (struct letter_bit){.kind = BIT_TEXT, .text = str_sub(rest, 0, end)});
    return at + end;
}

struct letter_bits letter_bits_of(struct letter_load *l, const struct ynode *text)
{
    struct scan s = {.l = l, .at = text};
    struct letter_bit *b;

    if (text->type != Y_TEXT || text->s.n == 0) {
        letter_fault(l, text, S("这里应是文字"), S("a text is needed here"));
        return (struct letter_bits){NULL, 0};
    }
    for (size_t at = 0; at < text->s.n && !s.failed;) {
        at = scan_piece(&s, text->s, at);
    }
    if (s.failed || s.open) {
        letter_fault(l, text, S("括号不成对、嵌套，或文字太碎"),
                     S("braces or brackets do not match, or too many pieces"));
        return (struct letter_bits){NULL, 0};
    }
    b = ARENA_ARRAY(l->arena, struct letter_bit, s.n);
    for (size_t i = 0; i < s.n; i++) {
        b[i] = s.bits[i];
    }
    return (struct letter_bits){b, s.n};
}

static struct letter_cond cond_of(struct letter_load *l, const struct ynode *at)
{
    static const struct {
        const char *sign;
        enum cond_kind kind;
    } SIGNS[] = {{" = ", COND_IS}, {" != ", COND_IS_NOT}, {" in ", COND_IN}};
    struct letter_cond c = {.kind = COND_THERE, .path = at->s};

    if (str_starts(at->s, S("not "))) {
        c.kind = COND_NOT;
        c.path = str_sub(at->s, 4, at->s.n);
    }
    for (size_t i = 0; i < COUNT_OF(SIGNS) && c.kind == COND_THERE; i++) {
        struct str sign = str_of(SIGNS[i].sign);
        ptrdiff_t pos = str_find(at->s, sign);

        if (pos > 0) {
            c.kind = SIGNS[i].kind;
            c.path = str_sub(at->s, 0, (size_t)pos);
            c.value = str_sub(at->s, (size_t)pos + sign.n, at->s.n);
        }
    }
    (void)letter_path_ok(l, at, c.path);
    return c;
}

struct letter_conds letter_conds_of(struct letter_load *l, const struct ynode *node)
{
    struct letter_conds all = {.n = 0};
    size_t n = node == NULL ? 0 : node->type == Y_LIST ? node->n : 1;

    if (n > LETTER_CONDS_MAX) {
        letter_fault(l, node, S("条件太多"), S("too many conditions"));
        return all;
    }
    for (size_t i = 0; i < n; i++) {
        const struct ynode *one = node->type == Y_LIST ? &node->items[i] : node;

        if (one->type != Y_TEXT) {
            letter_fault(l, one, S("条件应是文字"), S("a condition is a text"));
        } else {
            all.c[all.n++] = cond_of(l, one);
        }
    }
    return all;
}
