/* What the tests of letters share: the set, the sample data, texts to look for. Included once a
 * program. */
#ifndef HUHANG_TEST_LETTERS_H
#define HUHANG_TEST_LETTERS_H

#include "base/arena.h"
#include "base/check.h"
#include "print/letter.h"
#include "sys/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline void ok(struct err *e)
{
    if (e != NULL) {
        for (struct err_field *f = e->fields; f != NULL; f = f->next) {
            print_error("%.*s: %.*s\n", STR_ARG(f->pointer), STR_ARG(f->en));
        }
        fail_msg("%.*s (%.*s)", STR_ARG(e->en), STR_ARG(e->cause));
    }
}

static inline struct letter_set *all_letters(struct arena *a)
{
    struct letter_set *s = NULL;

    ok(letter_set_load(a, &s));
    return s;
}

static inline struct jval full_data(struct arena *a)
{
    struct bytes json;
    struct jval v;

    ok(file_read(a, SOURCE_ROOT "/test/unit/print/full.json", (size_t)1 << 20, &json));
    ok(jread(a, json, &v));
    return v;
}

static inline struct jval value(struct arena *a, const char *json)
{
    struct jval v;

    ok(jread(a, str_bytes(str_of(json)), &v));
    return v;
}

/* A copy of the object with one member replaced by this JSON. */
static inline struct jval
with(struct arena *a, struct jval data, const char *member, const char *json)
{
    struct jobj *o = jobj_new(a);

    for (size_t i = 0; i < data.n; i++) {
        jobj_put(o, data.obj[i].name, data.obj[i].val);
    }
    jobj_put(o, str_of(member), value(a, json));
    return jobj_val(o);
}

static inline struct letter_text
text_of(struct arena *a, const struct letter_set *s, const char *name, struct jval data)
{
    struct letter_text t;

    ok(letter_compose(a, s, str_of(name), &data, &t));
    return t;
}

/* The paragraphs, rows and notes, one a line. */
static inline const char *whole(struct arena *a, const struct letter_text *t)
{
    struct buf out;

    buf_init(&out, a, 1024);
    for (size_t i = 0; i < t->n_body; i++) {
        buf_fmt(&out, "%.*s\n", STR_ARG(t->body[i]));
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        buf_fmt(&out, "%.*s=%.*s\n", STR_ARG(t->rows[i].label), STR_ARG(t->rows[i].value));
    }
    for (size_t i = 0; i < t->n_notes; i++) {
        buf_fmt(&out, "%.*s\n", STR_ARG(t->notes[i]));
    }
    return str_z(a, buf_str(&out));
}

#endif
