/* Planted faults in the shipped definitions: every deleted entry, misspelt names, random bytes.
 * Each changed file must load or be refused with a message that says where and what to do; it must
 * never crash (run under ASan too). Of the misspelt names and deleted entries most must be refused:
 * the rest are other valid definitions. */
#include "definition_test.h"

#include <stdio.h>
#include <string.h>

struct tally {
    size_t tried, refused;
};

struct bench {
    struct definition_source files[MAX_TEST_SOURCES];
    size_t n, at; /* at: the file that is changed */
    struct tally tally;
};

/* Loads with the changed text in place of file `at`. */
static void try_text(struct bench *b, struct str text)
{
    struct arena *a = arena_new(0);
    struct definition_source files[MAX_TEST_SOURCES];
    memcpy(files, b->files, sizeof(files));
    files[b->at].text = text;
    struct definition_fault *faults = NULL;
    size_t n = 0;
    bool loaded = definition_set_add(definition_set_new(a), files, b->n, NULL, &faults, &n);
    assert_true(loaded == (n == 0));
    for (size_t i = 0; i < n; i++) {
        assert_true(faults[i].file.n > 0 && faults[i].line >= 1 && faults[i].column >= 1);
        assert_true(faults[i].code >= 1 && faults[i].code <= 67);
        assert_true(faults[i].what.n > 0 && faults[i].todo.n > 0);
    }
    b->tally.tried++;
    b->tally.refused += loaded ? 0 : 1;
    arena_free(a);
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

/* End of the entry that begins at the line `from`: the next line that is indented as little. */
static size_t entry_end(struct str text, size_t from)
{
    size_t at = from;
    while (at < text.n) {
        struct str rest = str_sub(text, at, text.n);
        size_t len = str_split(&rest, '\n').n + 1;
        at += len;
        bool deeper =
            at + 2 < text.n && text.p[at] == ' ' && text.p[at + 1] == ' ' && text.p[at + 2] == ' ';
        if (!deeper) {
            break;
        }
    }
    return at < text.n ? at : text.n;
}

static struct str without(struct arena *a, struct str text, size_t from, size_t to)
{
    return str_fmt(a, "%.*s%.*s", (int)from, text.p, (int)(text.n - to), text.p + to);
}

/* Each entry of a section (two blanks of indent) is left out once. */
static void delete_entries(struct bench *b)
{
    struct str text = b->files[b->at].text;
    for (size_t at = 0; at + 3 < text.n; at++) {
        bool line = at == 0 || text.p[at - 1] == '\n';
        if (line && text.p[at] == ' ' && text.p[at + 1] == ' ' && word_char(text.p[at + 2])) {
            struct arena *a = arena_new(0);
            try_text(b, without(a, text, at, entry_end(text, at)));
            arena_free(a);
        }
    }
}

/* Every fourth name loses a letter. */
static void misspell_names(struct bench *b)
{
    struct str text = b->files[b->at].text;
    size_t n = 0;
    for (size_t at = 0; at < text.n; at++) {
        size_t len = 0;
        while (at + len < text.n && word_char(text.p[at + len])) {
            len++;
        }
        if (len >= 4 && n++ % 4 == 0) {
            struct arena *a = arena_new(0);
            try_text(b, without(a, text, at + len / 2, at + len / 2 + 1));
            arena_free(a);
        }
        at += len;
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Bytes that mean something, and some that do not, put anywhere. */
static void scramble(struct bench *b, uint64_t *seed, size_t times)
{
    static const char bytes[] = "{}[]:,'\"!|&*#%@-> \n\t()=<>+.a0\x01\xe4\xff";
    struct str text = b->files[b->at].text;
    for (size_t i = 0; i < times; i++) {
        struct arena *a = arena_new(0);
        char *copy = arena_alloc(a, text.n, 1);
        memcpy(copy, text.p, text.n);
        size_t edits = 1 + next_random(seed) % 3;
        for (size_t k = 0; k < edits; k++) {
            copy[next_random(seed) % text.n] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
        }
        try_text(b, (struct str){copy, text.n});
        arena_free(a);
    }
}

/* A line from anywhere in place of another: well-formed more often than not. */
static void splice(struct bench *b, uint64_t *seed, size_t times)
{
    struct str text = b->files[b->at].text;
    for (size_t i = 0; i < times; i++) {
        struct arena *a = arena_new(0);
        size_t start[2], end[2];
        for (size_t k = 0; k < 2; k++) {
            start[k] = next_random(seed) % text.n;
            while (start[k] > 0 && text.p[start[k] - 1] != '\n') {
                start[k]--;
            }
            struct str rest = str_sub(text, start[k], text.n);
            end[k] = start[k] + str_split(&rest, '\n').n;
        }
        try_text(b, str_fmt(a, "%.*s%.*s%.*s", (int)start[0], text.p, (int)(end[1] - start[1]),
                            text.p + start[1], (int)(text.n - end[0]), text.p + end[0]));
        arena_free(a);
    }
}

static void for_each_kind(struct bench *b, void (*change)(struct bench *))
{
    for (b->at = 0; b->at < b->n; b->at++) {
        if (str_find(b->files[b->at].text, S("\nreaders: ")) >= 0) {
            change(b);
        }
    }
}

static void finds_planted_faults(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct bench deleted = {0};
    struct bench misspelt = {0};
    deleted.n = own_sources(a, false, deleted.files);
    misspelt.n = own_sources(a, false, misspelt.files);
    for_each_kind(&deleted, delete_entries);
    for_each_kind(&misspelt, misspell_names);
    print_message("deleted %zu, refused %zu; misspelt %zu, refused %zu\n", deleted.tally.tried,
                  deleted.tally.refused, misspelt.tally.tried, misspelt.tally.refused);
    assert_true(deleted.tally.tried + misspelt.tally.tried >= 1000);
    assert_true(deleted.tally.refused * 100 >= deleted.tally.tried * 60);
    assert_true(misspelt.tally.refused * 100 >= misspelt.tally.tried * 80);
    arena_free(a);
}

static void survives_scrambling(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    uint64_t seed = 20260302;
    struct bench b = {0};
    b.n = own_sources(a, false, b.files);
    for (b.at = 0; b.at < b.n; b.at++) { /* roles, lists and texts too */
        scramble(&b, &seed, 20);
        splice(&b, &seed, 20);
    }
    print_message("scrambled %zu, refused %zu\n", b.tally.tried, b.tally.refused);
    assert_true(b.tally.refused > 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_planted_faults),
        cmocka_unit_test(survives_scrambling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
