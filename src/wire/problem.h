/* RFC 9457 problems from errors, in the language asked for (c-models 3.4, idea 4). */
#ifndef HUHANG_WIRE_PROBLEM_H
#define HUHANG_WIRE_PROBLEM_H

#include "base/err.h"
#include "wire/jval.h"

enum lang { LANG_ZH, LANG_EN };

/* "en", "en-GB;q=0.9, zh;q=0.1" … → the better of the two; none → LANG_ZH. */
enum lang lang_of_header(struct str accept_language);
/* The problem+json body: type, title, status, code, detail, instance (/requests/<id>), hint,
 * errors[], retry_after, extra members. 5xx bodies say only title, instance and hint. */
struct str
problem_text(struct arena *a, const struct err *e, enum lang lang, struct str request_id);

#endif
