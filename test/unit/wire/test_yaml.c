/* Safe YAML: what is refused and exactly where, and that all scalars stay text. */
#include "shared.h"

#include "base/buf.h"
#include "wire/yaml.h"

static struct ynode tree(struct arena *a, const char *z)
{
    struct ynode n;
    struct yfault fault;

    if (!yaml_read(a, str_bytes(str_of(z)), &n, &fault)) {
        fail_msg("%s\n%d:%d: %s", z, fault.line, fault.column, fault.what.p);
    }
    return n;
}

static void refused_bytes(struct bytes text, int line, int column, const char *what)
{
    struct arena *a = arena_new(0);
    struct ynode n;
    struct yfault fault = {.line = 0};

    assert_false(yaml_read(a, text, &n, &fault));
    if (fault.line != line || fault.column != column || str_find(fault.what, str_of(what)) < 0) {
        fail_msg("%.*s\nwanted %d:%d: %s\ngot %d:%d: %s", STR_ARG(bytes_str(text)), line, column,
                 what, fault.line, fault.column, fault.what.p);
    }
    arena_free(a);
}

static void refused(const char *z, int line, int column, const char *what)
{
    refused_bytes(str_bytes(str_of(z)), line, column, what);
}

static void scalars_are_text(void **state)
{
    struct arena *a = arena_new(0);
    struct ynode n = tree(a, "on: no\nyes: ~\nlimit: 1mo\nempty:\nquoted: \"{yyyy}-{seq6}\"\n"
                             "date: 2026-03-02\nnum: 012\nzh: 逾期未补正(32条)\n");

    (void)state;
    assert_int_equal(n.type, Y_MAP);
    assert_int_equal(n.n, 8);
    assert_string_equal(n.keys[0].p, "on");
    assert_string_equal(n.items[0].s.p, "no");
    assert_string_equal(yaml_get(&n, S("yes"))->s.p, "~");
    assert_string_equal(yaml_get(&n, S("limit"))->s.p, "1mo");
    assert_string_equal(yaml_get(&n, S("empty"))->s.p, "");
    assert_false(yaml_get(&n, S("limit"))->quoted);
    assert_string_equal(yaml_get(&n, S("quoted"))->s.p, "{yyyy}-{seq6}");
    assert_true(yaml_get(&n, S("quoted"))->quoted);
    assert_string_equal(yaml_get(&n, S("date"))->s.p, "2026-03-02");
    assert_string_equal(yaml_get(&n, S("num"))->s.p, "012");
    assert_string_equal(yaml_get(&n, S("zh"))->s.p, "逾期未补正(32条)");
    assert_null(yaml_get(&n, S("absent")));
    assert_null(yaml_get(yaml_get(&n, S("zh")), S("x")));
    arena_free(a);
}

static void positions(void **state)
{
    struct arena *a = arena_new(0);
    struct ynode n = tree(a, "# 注释\nacts:\n  受理: {is: a -> b, need: [x, y]}\n");

    (void)state;
    const struct ynode *acts = yaml_get(&n, S("acts"));
    assert_int_equal(n.line, 2);
    assert_int_equal(acts->line, 3);
    assert_int_equal(acts->column, 3);
    assert_int_equal(acts->key_lines[0], 3);
    assert_int_equal(acts->key_columns[0], 3);
    const struct ynode *act = yaml_get(acts, S("受理"));
    assert_int_equal(act->column, 7); /* characters, not bytes */
    assert_int_equal(act->key_columns[1], 20);
    assert_int_equal(yaml_get(act, S("need"))->items[1].column, 30);
    arena_free(a);
}

static void dump(struct buf *out, const struct ynode *n)
{
    if (n->type == Y_TEXT) {
        buf_fmt(out, "<%.*s>", STR_ARG(n->s));
        return;
    }
    buf_putc(out, n->type == Y_MAP ? '{' : '[');
    for (size_t i = 0; i < n->n; i++) {
        if (n->type == Y_MAP) {
            buf_fmt(out, "%.*s=", STR_ARG(n->keys[i]));
        }
        dump(out, &n->items[i]);
    }
    buf_putc(out, n->type == Y_MAP ? '}' : ']');
}

static struct str dumped(struct arena *a, const char *z)
{
    struct ynode n = tree(a, z);
    struct buf out;

    buf_init(&out, a, 0);
    dump(&out, &n);
    return buf_str(&out);
}

static void block_and_line_are_the_same(void **state)
{
    struct arena *a = arena_new(0);
    struct str block = dumped(a, "acts:\n"
                                 "  accept:\n"
                                 "    is: received -> review by clerk 受理\n"
                                 "    need:\n"
                                 "      - a\n"
                                 "      - b: 1wd\n"
                                 "    empty: {}\n");
    struct str line = dumped(a, "acts: {accept: {is: received -> review by clerk 受理, "
                                "need: [a, {b: 1wd}], empty: {}}}\n");

    (void)state;
    assert_string_equal(block.p, line.p);
    assert_string_equal(block.p, "{acts={accept={is=<received -> review by clerk 受理>"
                                 "need=[<a>{b=<1wd>}]empty={}}}}");
    /* Windows line ends and a byte order mark change nothing */
    assert_string_equal(dumped(a, "\xef\xbb\xbf"
                                  "a: 1\r\nb:\r\n  - c\r\n")
                            .p,
                        "{a=<1>b=[<c>]}");
    arena_free(a);
}

static void forbidden_features(void **state)
{
    (void)state;
    refused("a: 1\nb: &x 2\n", 2, 4, "anchors");
    refused("a: &x {b: 1}\n", 1, 4, "anchors");
    refused("a: &x\n  - b\n", 1, 4, "anchors");
    refused("a: 1\nb: *x\n", 2, 4, "aliases");
    refused("a: !!str 1\n", 1, 4, "tags");
    refused("受理: !x [1]\n", 1, 5, "tags");
    refused("a: ! 1\n", 1, 4, "tags");
    refused("%YAML 1.1\n---\na: 1\n", 1, 1, "directives");
    refused("a: 1\n---\nb: 2\n", 2, 1, "second document");
    refused("a: 1\n...\nb: 2\n", 3, 1, "document start");
    refused("a: 1\n...\n---\nb: 2\n", 3, 1, "second document");
    refused("? [a, b]\n: 1\n", 1, 3, "a key must be text");
    refused("{[a]: 1}\n", 1, 2, "a key must be text");
    refused("a: \"\\0\"\n", 1, 4, "control");
    refused("a: \"\\uFFFF\"\n", 1, 4, "noncharacter");
    refused("a: \"\\u202E\"\n", 1, 4, "bidi");
    refused("", 1, 1, "empty");
    refused("# only a comment\n", 1, 1, "empty");
}

static void duplicate_keys(void **state)
{
    struct arena *a = arena_new(0);
    struct buf many;

    (void)state;
    refused("a: 1\nb: 2\na: 3\n", 3, 1, "'a' stands here twice");
    refused("x:\n  k: {b: 2, c: 3, b: 4}\n", 2, 19, "'b' stands here twice");
    refused("a: 1\n\"a\": 3\n", 2, 1, "'a' stands here twice");
    tree(a, "a: {k: 1}\nb: {k: 1}\n"); /* in different maps it is no duplicate */
    buf_init(&many, a, 0);
    for (int i = 0; i < 20; i++) {
        buf_fmt(&many, "k%d: 1\n", i);
    }
    assert_int_equal(tree(a, many.p).n, 20);
    buf_putz(&many, "k9: 2\n");
    refused(many.p, 21, 1, "'k9' stands here twice");
    arena_free(a);
}

static void syntax(void **state)
{
    static const unsigned char latin[] = "a: 1\nb: x\xff\n";
    static const unsigned char nul[] = "a: 1\nbc\0d: 1\n";

    (void)state;
    refused("a: [1, 2\nb: 3\n", 2, 2, "expected ',' or ']'");
    refused("a: 1\n\tb: 2\n", 2, 1, "tab character");
    refused("a: 1\n b: 2\n", 2, 3, "mapping values are not allowed");
    refused("a: \"x\n", 2, 1, "end of stream");
    refused_bytes((struct bytes){latin, sizeof(latin) - 1}, 2, 5, "utf8");
    refused_bytes((struct bytes){nul, sizeof(nul) - 1}, 2, 3, "control");
}

static void depth(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    /* 8 in block form */
    tree(a, "a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h: 1\n");
    refused("a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h:\n        i: 1\n", 9, 9,
            "nested too deeply");
    /* 16 with flow style inside */
    tree(a, "a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h: [[[[[[[[1]]]]]]]]\n");
    refused("a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h: [[[[[[[[[1]]]]]]]]]\n", 8,
            19, "nested too deeply");
    arena_free(a);
}

/* The arena holds, and time stays short, whatever 256 KB contain. */
static void size(void **state)
{
    static const char *const pieces[] = {"{},", "[],",   "{a},",           "[a],",
                                         "a,",  "\"\",", "[[[[[[[]]]]]]],"};
    char *text = malloc(YAML_MAX_BYTES + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', YAML_MAX_BYTES + 1);
    refused_bytes((struct bytes){(unsigned char *)text, YAML_MAX_BYTES + 1}, 1, 1, "256 KB");
    for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
        struct arena *a = arena_new(0);
        size_t n = strlen(pieces[p]), at = 1;
        struct ynode node;
        struct yfault fault;

        text[0] = '[';
        for (; at + n < YAML_MAX_BYTES; at += n) {
            memcpy(text + at, pieces[p], n);
        }
        text[at] = ']';
        assert_true(yaml_read(a, (struct bytes){(unsigned char *)text, at + 1}, &node, &fault));
        assert_int_equal(node.n, (at - 1) / n);
        arena_free(a);
    }
    free(text);
}

/* Every definition printed in section 6 of procedures.md. */
static void printed_definitions(void **state)
{
    (void)state;
    shared_or_skip("reference/procedures.md");
    struct arena *a = arena_new(0);
    struct str rest = bytes_str(shared_read(a, "reference/procedures.md"));
    size_t count = 0;

    for (ptrdiff_t at; (at = str_find(rest, S("\n```yaml\n"))) >= 0;) {
        rest = str_sub(rest, (size_t)at + 9, rest.n);
        at = str_find(rest, S("\n```\n"));
        assert_true(at >= 0);
        struct ynode n;
        struct yfault fault;
        struct str text = str_sub(rest, 0, (size_t)at + 1);

        if (!yaml_read(a, str_bytes(text), &n, &fault)) {
            fail_msg("block %zu: %d:%d: %s", count, fault.line, fault.column, fault.what.p);
        }
        assert_int_equal(n.type, Y_MAP);
        assert_non_null(yaml_get(&n, S("kind")));
        assert_true(yaml_get(&n, S("acts"))->n >= 10);
        count++;
    }
    assert_int_equal(count, 3);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_are_text),
        cmocka_unit_test(positions),
        cmocka_unit_test(block_and_line_are_the_same),
        cmocka_unit_test(forbidden_features),
        cmocka_unit_test(duplicate_keys),
        cmocka_unit_test(syntax),
        cmocka_unit_test(depth),
        cmocka_unit_test(size),
        cmocka_unit_test(printed_definitions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
