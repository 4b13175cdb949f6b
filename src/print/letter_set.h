/* Templates as loaded. A template is a YAML map:
 *
 *   title: 受理通知书            title_en: Notice of acceptance     mark: 受   (in the number,
 * unique) layout: notice | receipt | record | licence                    (notice when absent)
 *   organ: "{…}"  to: "{…}"  number: "{…}"  heading: "{…}"         (when the usual ones do not fit)
 *   words: {way: {window: 窗口领取, post: 邮寄}}                   (codes to words, beside
 * _common's) body, notes: [paragraph …]      rows: [{label: 持证人, text: "{…}"} …]
 *
 * A paragraph is a text, or {when: …, text: …}, or {each: ROOT, where: …, text: …, none: …}, or
 * {use: NAME} for a list of paragraphs of _common.yaml. Conditions: `a.b`, `not a.b`, `a.b = w`,
 * `a.b != w`, `a.b in w w`; a list of them holds when all hold. In a text {a.b} is a value of the
 * frozen data; {a.b|c.d} the first that is there; {a.b:way} through the words `way`; {a.b?text} has
 * a text for nothing. [ … ] vanishes when a value in it is missing. In `each`, {n} counts and
 * {row.x} is the row. What is missing elsewhere prints as ——. All names are checked at load as far
 * as the data's shape is fixed. Private to the floor. */
#ifndef HUHANG_PRINT_LETTER_SET_H
#define HUHANG_PRINT_LETTER_SET_H

#include "base/arena.h"
#include "base/embed.h"
#include "base/map.h"
#include "print/letter.h"
#include "wire/yaml.h"

#define LETTER_PATHS_MAX 4
#define LETTER_CONDS_MAX 4

enum cond_kind { COND_THERE, COND_NOT, COND_IS, COND_IS_NOT, COND_IN };

struct letter_cond {
    enum cond_kind kind;
    struct str path;
    struct str value; /* COND_IN: words with blanks between */
};

struct letter_conds {
    struct letter_cond c[LETTER_CONDS_MAX]; /* all must hold */
    size_t n;
};

enum bit_kind { BIT_TEXT, BIT_VALUE, BIT_OPEN, BIT_CLOSE };

struct letter_bit {
    enum bit_kind kind;
    struct str text; /* BIT_TEXT; BIT_VALUE: what stands for nothing, or none */
    struct str paths[LETTER_PATHS_MAX];
    size_t n_paths;
    const struct map *words; /* of str *, or NULL */
};

struct letter_bits {
    const struct letter_bit *b;
    size_t n;
};

struct letter_par {
    struct letter_conds when, where;
    struct str each;          /* a list of the data, or none */
    struct letter_bits text;  /* of each row */
    struct letter_bits none;  /* without rows; n 0: nothing */
    struct letter_bits label; /* in `rows` */
};

struct letter_pars {
    const struct letter_par *p;
    size_t n;
};

struct letter_template {
    struct str name, title, title_en, mark;
    enum letter_layout layout;
    struct letter_bits organ, to, number, heading;
    struct letter_pars body, rows, notes;
    unsigned char sha256[32];
};

struct letter_set {
    const struct letter_template *t;
    size_t n;
};

/* The set from these files (NAME.yaml and _common.yaml), for the tests too. ERR_DEFINITION with a
 * field for each fault, pointer FILE:LINE:COLUMN. */
struct err *letter_set_read(struct arena *a,
                            const struct embed_file *files,
                            size_t n,
                            struct letter_set **ret) MUST_CHECK;
const struct letter_template *letter_find(const struct letter_set *s, struct str name);

/* ---- while loading ---- */

struct letter_load {
    struct arena *arena;
    struct str file;
    struct err *faults;         /* NULL: none so far */
    struct map *words;          /* of _common.yaml and of the template: name → map of str * */
    const struct map *parts;    /* of _common.yaml: name → struct letter_pars */
    bool in_row;                /* {row.x} and {n} have a meaning */
    struct letter_par *scratch; /* paragraphs of the list being read */
};

void letter_fault(struct letter_load *l, const struct ynode *at, struct str zh, struct str en);
/* letter_bits.c: a text with values; faults are noted and give empty bits. */
struct letter_bits letter_bits_of(struct letter_load *l, const struct ynode *text);
/* A condition or a list of them; NULL gives none. */
struct letter_conds letter_conds_of(struct letter_load *l, const struct ynode *node);
/* Is this a value that the data can have? Notes the fault. */
bool letter_path_ok(struct letter_load *l, const struct ynode *at, struct str path);

#endif
