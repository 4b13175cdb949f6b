/* Values of the definition language: what expressions compute, what facts and forms hold.
 *
 * A value is small, is passed by copy and never owns memory: texts and JSON live in the arena of
 * the call, or in that of the definition set for literals. There is one list type, a JSON list, so
 * a fact, a form member and the result of `faults(…)` need no conversion. Choices, roles, units'
 * codes and causes are texts; persons, units, parties, items and matters are integers (their ids).
 * Absence is V_NONE; the compiler has proved where it can occur (procedures.md 3).
 *
 * The *key* of a list element is the text itself, the decimal text of an integer, or member `code`
 * of an object; `in` and `within` compare keys, so a list of materials, of verdicts and of bare
 * codes can be compared with each other. */
#ifndef HUHANG_PROCEDURE_VALUE_H
#define HUHANG_PROCEDURE_VALUE_H

#include "civil/clock.h"
#include "wire/jval.h"

enum value_type {
    V_NONE,
    V_BOOL,     /* b */
    V_INT,      /* i; also money (fen) and ids */
    V_TEXT,     /* s; also choices and roles */
    V_DATE,     /* day */
    V_INSTANT,  /* i, ms UTC */
    V_DURATION, /* dur */
    V_LIST,     /* json, a J_LIST */
    V_JSON,     /* json, a J_OBJ: frozen, a material, item answers */
};

struct value {
    enum value_type type;
    union {
        bool b;
        int64_t i;
        struct str s;
        int32_t day;
        struct duration dur;
        const struct jval *json;
    } u;
};

struct value value_none(void);
struct value value_bool(bool b);
struct value value_int(int64_t i);
/* STR_NONE gives V_NONE, likewise CIVIL_NO_DAY and a NULL list. */
struct value value_text(struct str s);
struct value value_date(int32_t day);
struct value value_instant(int64_t ms);
struct value value_duration(struct duration d);
struct value value_list(const struct jval *list);
struct value value_json(const struct jval *object);
/* A J_LIST of texts, built in the arena: sets of names (causes, special kinds, codes). */
struct value value_names(struct arena *a, const struct str *names, size_t n);

/* JSON of a value, as stored in matter.facts and act bodies: dates YYYY-MM-DD, instants RFC 3339,
 * durations "5wd". */
struct jval value_to_jval(struct arena *a, struct value v);
/* The value of stored or submitted JSON read as `type`; V_NONE when null, absent or of another
 * shape (forms were validated before; stored facts were written by value_to_jval). */
struct value value_of_jval(enum value_type type, const struct jval *v);

bool value_truth(struct value v); /* V_BOOL true; anything else, V_NONE too, is false */
bool value_eq(struct value a, struct value b);
/* Key of an element (see above); none for an object without `code`. Integers are printed into `a`.
 */
struct str value_key(struct arena *a, const struct jval *element);
bool value_in(struct arena *a, struct value element, struct value list);
bool value_within(struct arena *a, struct value part, struct value whole);
/* For messages: 2026-03-02, 5个工作日, text; lists as "a、b". */
struct str value_show(struct arena *a, struct value v);

#endif
