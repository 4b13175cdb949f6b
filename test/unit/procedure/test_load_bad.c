/* Every load check refuses its example: test/procedures/bad/Pnnn.yaml says in comments which faults
 * it has, and where (`# expect LINE:COLUMN Pnnn`). Further files of an example follow `# file:
 * NAME`. */
#include "definition_test.h"

#include "sys/file.h"

#include <stdio.h>

#define MAX_FAULTS 16

struct example {
    struct definition_source files[MAX_TEST_SOURCES];
    size_t n;
    struct str expected[MAX_FAULTS]; /* "12:7 P026", as in the comments */
    size_t n_expected;
    struct str letters[MAX_FAULTS];
    struct definition_options options;
};

static void read_comment(struct example *e, struct str line)
{
    if (str_starts(line, S("# expect ")) && e->n_expected < MAX_FAULTS) {
        e->expected[e->n_expected++] = str_trim(str_sub(line, 9, line.n));
    } else if (str_eqz(str_trim(line), "# strict")) {
        e->options.strict = true;
    } else if (str_starts(line, S("# letters: "))) {
        struct str rest = str_sub(line, 11, line.n);
        while (rest.p != NULL && e->options.n_letters < MAX_FAULTS) {
            e->letters[e->options.n_letters++] = str_trim(str_split(&rest, ' '));
        }
        e->options.letters = e->letters;
    }
}

/* Splits the text at `# file: NAME` lines. */
static void read_example(struct arena *a, struct str name, struct str text, struct example *e)
{
    struct str part_name = name;
    size_t from = 0, at = 0;
    e->n = own_sources(a, true, e->files);
    while (at < text.n) {
        struct str rest = str_sub(text, at, text.n);
        struct str line = str_split(&rest, '\n');
        if (str_starts(line, S("# file: "))) {
            e->files[e->n++] = (struct definition_source){part_name, str_sub(text, from, at)};
            part_name = str_trim(str_sub(line, 8, line.n));
            from = at + line.n + 1;
        }
        read_comment(e, line);
        at += line.n + 1;
    }
    e->files[e->n++] = (struct definition_source){part_name, str_sub(text, from, text.n)};
}

static bool expects(const struct example *e, struct str seen)
{
    for (size_t i = 0; i < e->n_expected; i++) {
        if (str_eq(e->expected[i], seen)) {
            return true;
        }
    }
    return false;
}

/* The number of differences between what was expected and what was said. */
static int run_example(struct str name)
{
    struct arena *a = arena_new(0);
    struct bytes text = {NULL, 0};
    struct str path = str_fmt(a, SOURCE_ROOT "/test/procedures/bad/%.*s", STR_ARG(name));
    assert_null(file_read(a, path.p, 1 << 20, &text));
    struct example *e = ARENA_NEW(a, struct example);
    read_example(a, name, bytes_str(text), e);
    struct definition_fault *faults = NULL;
    size_t n = 0;
    bool loaded =
        definition_set_add(definition_set_new(a), e->files, e->n, &e->options, &faults, &n);
    int wrong = loaded || n != e->n_expected || n == 0;
    for (size_t i = 0; i < n; i++) {
        struct str seen =
            str_fmt(a, "%d:%d P%03d", faults[i].line, faults[i].column, faults[i].code);
        wrong += expects(e, seen) ? 0 : 1;
        wrong += faults[i].what.n == 0 || faults[i].todo.n == 0;
    }
    for (size_t i = 0; wrong > 0 && i < n; i++) {
        print_error("%.*s\n", STR_ARG(definition_fault_text(a, &faults[i])));
    }
    if (wrong > 0) {
        print_error("%.*s: %zu faults, %zu expected\n", STR_ARG(name), n, e->n_expected);
    }
    arena_free(a);
    return wrong;
}

static void refuses_every_example(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct str *names = NULL;
    size_t n = 0;
    int wrong = 0;
    assert_null(file_list(a, SOURCE_ROOT "/test/procedures/bad", &names, &n));
    for (size_t i = 0; i < n; i++) {
        wrong += str_ends(names[i], S(".yaml")) ? run_example(names[i]) : 0;
    }
    assert_int_equal(wrong, 0);
    arena_free(a);
}

/* Each code of procedures.md 8 has its example. */
static void has_an_example_for_every_code(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    for (int code = 1; code <= 67; code++) {
        bool used = code <= 3 || (code >= 10 && code <= 33) || code >= 40;
        struct str path = str_fmt(a, SOURCE_ROOT "/test/procedures/bad/P%03d.yaml", code);
        assert_int_equal(file_exists(path.p), used);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_every_example),
        cmocka_unit_test(has_an_example_for_every_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
