/* Letters from outside, for test_letters.py: names | text NAME DATA | pdf NAME DATA OUT [QR
 * [sample]]. NAME all: every letter, into the folder OUT. */
#include "base/arena.h"
#include "print/letter.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

#define DATA_MAX ((size_t)1 << 20)

static void print_line(const char *what, struct str s)
{
    if (s.p != NULL) {
        (void)printf("%s\t%.*s\n", what, STR_ARG(s));
    }
}

static void print_text(const struct letter_text *t)
{
    print_line("organ", t->organ);
    print_line("title", t->title);
    print_line("number", t->number);
    print_line("addressee", t->addressee);
    for (size_t i = 0; i < t->n_body; i++) {
        print_line("body", t->body[i]);
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        print_line("label", t->rows[i].label);
        print_line("value", t->rows[i].value);
    }
    print_line("sign", t->sign);
    print_line("date", t->date);
    for (size_t i = 0; i < t->n_notes; i++) {
        print_line("note", t->notes[i]);
    }
}

static struct err *one(struct arena *a,
                       const struct letter_set *set,
                       struct str name,
                       const struct jval *data,
                       char **out)
{
    struct letter_text text;
    struct bytes pdf;

    TRY(letter_compose(a, set, name, data, &text));
    if (out[0] == NULL) {
        print_line("letter", name);
        print_text(&text);
        return NULL;
    }
    TRY(letter_pdf(a, &text, out[1] != NULL ? str_of(out[1]) : STR_NONE,
                   out[1] != NULL && out[2] != NULL, &pdf));
    return file_write(a, out[0], pdf, 0600);
}

static struct err *run(struct arena *a, int argc, char **argv)
{
    struct letter_set *set;
    struct bytes json;
    struct jval data;
    char *out[4] = {NULL};

    TRY(letter_set_load(a, &set));
    for (size_t i = 0; argc == 2 && i < letter_count(set); i++) {
        (void)printf("%.*s\n", STR_ARG(letter_name(set, i)));
    }
    if (argc < 4) {
        return NULL;
    }
    TRY(file_read(a, argv[3], DATA_MAX, &json));
    TRY(jread(a, json, &data));
    for (int i = 4; i < argc && i < 7; i++) {
        out[i - 4] = argv[i];
    }
    if (strcmp(argv[2], "all") != 0) {
        return one(a, set, str_of(argv[2]), &data, out);
    }
    for (size_t i = 0; i < letter_count(set); i++) {
        struct str name = letter_name(set, i);
        char path[512];

        (void)snprintf(path, sizeof(path), "%s/%.*s.pdf", argc > 4 ? argv[4] : "", STR_ARG(name));
        out[0] = argc > 4 ? path : NULL;
        TRY(one(a, set, name, &data, out));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new((size_t)512 << 20);
    struct err *e = run(a, argc, argv);

    if (e != NULL) {
        (void)fprintf(stderr, "%.*s (%.*s)\n", STR_ARG(e->en), STR_ARG(e->cause));
        for (struct err_field *f = e->fields; f != NULL; f = f->next) {
            (void)fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(f->pointer), STR_ARG(f->en));
        }
    }
    arena_free(a);
    return e == NULL ? 0 : 1;
}
