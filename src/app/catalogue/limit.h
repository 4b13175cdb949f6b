/* Limits compared and shown. Limits of different units are compared by their due dates over the
 * calendar, for every start day of the years it knows. Private to the folder. */
#ifndef HUHANG_APP_CATALOGUE_LIMIT_H
#define HUHANG_APP_CATALOGUE_LIMIT_H

#include "civil/clock.h"
#include "wire/jval.h"

struct limit_compared {
    bool longer;       /* on some start day the first limit is due later than the second */
    bool units_differ; /* so the calendar was asked */
    int32_t start_day, due_day, other_due; /* the first such day, when units differ */
    int32_t days_tried;
};

/* calendar NULL: units that differ are compared by a rule of thumb that favours refusal. */
struct limit_compared
limit_compare(const struct calendar *calendar, struct duration x, struct duration than);

/* A text member of the body as a duration; false: absent. */
bool limit_of(const struct jval *body, const char *name, struct duration *ret);
/* {"zh": "20个工作日", "en": "20 working days"} as a member. */
void limit_write_text(struct arena *a, struct jw *w, const char *key, struct duration d);

#endif
