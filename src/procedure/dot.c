/* Diagrams for people: the states of a kind with its acts, and the states in which each duty runs.
 */
#include "procedure/definition.h"

#include "base/arena.h"
#include "base/buf.h"

/* Text inside "…" of a .dot file. */
static void put_quoted(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\') {
            buf_putc(b, '\\');
        }
        buf_putc(b, s.p[i]);
    }
}

/* Text inside an HTML-like label. */
static void put_html(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '<':
            buf_putz(b, "&lt;");
            break;
        case '>':
            buf_putz(b, "&gt;");
            break;
        case '&':
            buf_putz(b, "&amp;");
            break;
        default:
            buf_putc(b, s.p[i]);
        }
    }
}

static void put_node(struct buf *b, const struct state_def *s)
{
    static const char *const looks[] = {
        [STATE_OPEN] = "shape=box, style=\"rounded,filled\", fillcolor=\"#dbeafe\"",
        [STATE_WAITING] = "shape=ellipse, style=filled, fillcolor=\"#fef3c7\"",
        [STATE_CLOSED] = "shape=box, style=filled, fillcolor=\"#e5e7eb\", peripheries=2",
    };
    buf_fmt(b, "  \"%.*s\" [%s, label=\"", STR_ARG(s->name), looks[s->class]);
    put_quoted(b, s->zh);
    buf_fmt(b, "\\n%.*s\"];\n", STR_ARG(s->name));
}

static void put_edge(struct buf *b, const struct act_def *a, struct str from, struct str to)
{
    bool timer = a->triggered && (a->trigger.type == ON_EXPIRE || a->trigger.type == ON_MARK);
    const char *style = timer          ? "style=dashed, color=\"#b91c1c\""
                        : a->triggered ? "style=dotted"
                                       : "style=solid";
    buf_fmt(b, "  \"%.*s\" -> \"%.*s\" [%s, label=\"", STR_ARG(from), STR_ARG(to), style);
    put_quoted(b, a->zh);
    buf_putz(b, "\"];\n");
}

static void put_edges(struct buf *b, const struct definition *d, const struct act_def *a)
{
    for (uint32_t t = 0; t < d->n_states && a->to != TO_KEEP; t++) {
        if ((a->reaches & BIT(t)) == 0) {
            continue;
        }
        if (a->starts) {
            put_edge(b, a, S(" start"), d->states[t].name);
        }
        for (uint32_t s = 0; s < d->n_states; s++) {
            if ((a->from & BIT(s)) != 0) {
                put_edge(b, a, d->states[s].name, d->states[t].name);
            }
        }
    }
}

static struct str states_page(struct arena *a, const struct definition *d)
{
    struct buf b;
    buf_init(&b, a, 8192);
    buf_fmt(&b, "digraph \"%.*s\" {\n  rankdir=TB;\n  node [fontname=\"Noto Sans CJK SC\"];\n",
            STR_ARG(d->kind));
    buf_putz(&b, "  edge [fontname=\"Noto Sans CJK SC\", fontsize=10];\n  labelloc=t;\n  label=\"");
    put_quoted(&b, d->zh);
    buf_fmt(&b, " %.*s %lld\";\n  \" start\" [shape=point];\n", STR_ARG(d->kind),
            (long long)d->version);
    for (uint32_t i = 0; i < d->n_states; i++) {
        put_node(&b, &d->states[i]);
    }
    for (uint32_t i = 0; i < d->n_acts; i++) {
        put_edges(&b, d, &d->acts[i]);
    }
    buf_putz(&b, "}\n");
    return buf_str(&b);
}

static struct str limit_text(const struct clock_def *c)
{
    const struct expr *e = c->until != NULL ? c->until : c->limit != NULL ? c->limit : c->limit_of;
    return e == NULL ? S("") : e->text;
}

static void put_bar(struct buf *b, const struct definition *d, uint32_t clock)
{
    static const char *const colours[] = {
        [EVIDENCE_LAW] = "#b91c1c", [EVIDENCE_POLICY] = "#b45309", [EVIDENCE_PRESET] = "#1d4ed8"};
    const struct clock_def *c = &d->clocks[clock];
    uint64_t runs = definition_may_run(d, clock, NULL);
    buf_putz(b, "    <tr><td align=\"left\">");
    put_html(b, c->zh);
    buf_putz(b, "</td><td align=\"left\">");
    put_html(b, limit_text(c));
    buf_putz(b, "</td>");
    for (uint32_t s = 0; s < d->n_states; s++) {
        if ((runs & BIT(s)) == 0) {
            buf_putz(b, "<td></td>");
        } else {
            bool pauses = clock_def_state_cause(c, s).p != NULL;
            buf_fmt(b, "<td bgcolor=\"%s\">%s</td>", colours[c->evidence], pauses ? "‖" : " ");
        }
    }
    buf_putz(b, "</tr>\n");
}

static struct str clocks_page(struct arena *a, const struct definition *d)
{
    struct buf b;
    buf_init(&b, a, 8192);
    buf_fmt(&b,
            "digraph \"%.*s clocks\" {\n  node [shape=plain, fontname=\"Noto Sans CJK SC\"];\n  "
            "clocks [label=<\n",
            STR_ARG(d->kind));
    buf_putz(&b, "  <table border=\"0\" cellborder=\"1\" cellspacing=\"0\">\n    "
                 "<tr><td>时限</td><td>期限</td>");
    for (uint32_t s = 0; s < d->n_states; s++) {
        buf_putz(&b, "<td>");
        put_html(&b, d->states[s].zh);
        buf_putz(&b, "</td>");
    }
    buf_putz(&b, "</tr>\n");
    for (uint32_t i = 0; i < d->n_clocks; i++) {
        put_bar(&b, d, i);
    }
    buf_putz(&b, "  </table>>];\n}\n");
    return buf_str(&b);
}

struct str definition_dot(struct arena *a, const struct definition *d, bool clocks)
{
    return clocks ? clocks_page(a, d) : states_page(a, d);
}
