/* Reading a row of the catalogue file, whatever is in it: each member is asked for by name and
 * type, wrong ones are told with their pointer, and what nobody asked for is kept under `extra`, so
 * no field of the file is ever lost. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_READER_H
#define HUHANG_APP_CATALOGUE_READER_H

#include "base/arena.h"
#include "wire/field.h"

struct reader {
    struct arena *a;
    struct err **faults; /* grows */
    struct str at;       /* pointer of the object */
    const struct jval *obj;
    uint64_t seen; /* members asked for; an object has at most READER_MEMBERS */
};

#define READER_MEMBERS 64
#define READER_TEXT    2000 /* characters of a text of the file */

/* `v` must be an object; NULL reads as an empty one. */
struct reader reader_of(struct arena *a, struct err **faults, struct str at, const struct jval *v);
/* The member as it is; NULL when absent or null. */
const struct jval *reader_get(struct reader *r, const char *name);
/* The same with its type checked. Absent: STR_NONE, `other`. */
struct str reader_text(struct reader *r, const char *name, bool required);
struct str
reader_word(struct reader *r, const char *name, const struct choice *list, bool required);
int64_t reader_int(struct reader *r, const char *name, int64_t max, int64_t other);
bool reader_bool(struct reader *r, const char *name, bool other);
/* A member that is an object; reads as empty (obj NULL) when absent. */
struct reader reader_object(struct reader *r, const char *name);
/* A member that is a list; NULL when absent. */
const struct jval *reader_list(struct reader *r, const char *name);
/* A reader for element i of a list that reader_list gave. */
struct reader reader_element(struct reader *r, const char *name, const struct jval *list, size_t i);
void reader_fault(
    struct reader *r, const char *name, const char *code, const char *zh, const char *en);
/* Puts `extra` into `into` when members are left that nobody asked for. */
void reader_rest(struct reader *r, struct jobj *into);

/* Puts the member unless there is none. */
void put_text(struct jobj *o, const char *name, struct str s);
void put_bool(struct jobj *o, const char *name, bool b);
/* {"zh": …, "en": … | null}; nothing when zh is none. */
void put_both(struct arena *a, struct jobj *o, const char *name, struct str zh, struct str en);

#endif
