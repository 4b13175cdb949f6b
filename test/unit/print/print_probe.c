/* Letters from outside, for test_letters.py: names | text NAME DATA | pdf NAME DATA OUT [QR [sample]]. */
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

static struct err *run(struct arena *a, int argc, char **argv)
{
    struct letter_set *set;
    struct letter_text text;
    struct bytes json, pdf;
    struct jval data;

    TRY(letter_set_load(a, &set));
    for (size_t i = 0; argc == 2 && i < letter_count(set); i++) {
        (void)printf("%.*s\n", STR_ARG(letter_name(set, i)));
    }
    if (argc < 4) {
        return NULL;
    }
    TRY(file_read(a, argv[3], DATA_MAX, &json));
    TRY(jread(a, json, &data));
    TRY(letter_compose(a, set, str_of(argv[2]), &data, &text));
    if (argc == 4) {
        print_text(&text);
        return NULL;
    }
    TRY(letter_pdf(a, &text, argc > 5 ? str_of(argv[5]) : STR_NONE, argc > 6, &pdf));
    return file_write(a, argv[4], pdf, 0600);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new(0);
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
