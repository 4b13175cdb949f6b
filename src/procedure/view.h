/* What a reader is shown of a matter, as JSON (docs/api.md). Names come in both languages; personal
 * data is masked by role; acts, letters and fields are shown only to whom the definition says. */
#ifndef HUHANG_PROCEDURE_VIEW_H
#define HUHANG_PROCEDURE_VIEW_H

#include "procedure/matter.h"

/* The whole matter for the call's actor, who may read it. */
struct err *view_matter(struct call *c, struct matter *m, struct jw *w) MUST_CHECK;
struct err *view_timeline(struct call *c, struct matter *m, struct jw *w) MUST_CHECK; /* a list */
/* {act, label, actor, recorded_at} of the newest act that the reader may see, or null. */
struct err *view_last_act(struct call *c, struct matter *m, struct jw *w) MUST_CHECK;
void view_clocks(struct call *c, struct matter *m, struct jw *w); /* a list */
/* "Why this date?" for one clock; ERR_NOT_FOUND when there is none of the name. */
struct err *view_clock(struct call *c, struct matter *m, struct str name, struct jw *w) MUST_CHECK;
/* Fields of an act's form; item NULL: none. */
void view_form(struct call *c,
               const struct definition *d,
               uint32_t act,
               const struct mitem *item,
               struct jw *w);

/* Key "choices": values of a choice field with their titles; `only`: that value alone, none: all. d
 * NULL: the form of an item. path: ACT.FIELD. */
void view_choices(struct call *c,
                  const struct definition *d,
                  struct str path,
                  const struct dtype *t,
                  struct str only,
                  struct jw *w);

/* Publication of the decision (双公示): when it is due from, when it was done, may the actor do it;
 * null where there is none. */
#define PUBLICATION_ROLES "clerk|reviewer|unit_head"
struct err *view_publication(struct call *c, const struct matter *m, struct jw *w) MUST_CHECK;

void view_item_form(struct call *c, const struct mitem *item, struct jw *w); /* list of fields */
struct err *view_documents(struct call *c, struct matter *m, struct jw *w) MUST_CHECK; /* a list */
/* Title of a letter template in Chinese; *ret_en may come out as none. Set by the print capability.
 */
struct str letter_title(const struct app *app, struct str letter, struct str *ret_en);

/* Pieces shared with lists. {"zh": …, "en": … | null} */
void view_text(struct jw *w, const char *key, struct str zh, struct str en);
void view_label(struct call *c,
                struct jw *w,
                const char *key,
                const struct definition *d,
                const char *section,
                struct str name);
void view_unit(struct call *c, struct jw *w, const char *key, int64_t unit_id);
/* A member of the item body that is a text object or a plain text. */
void view_item_text(struct jw *w, const char *key, const struct jval *v);
const char *view_light(int light);
/* May the reader see an act's entry, or a document with this `shown`? Staff who read the matter see
 * all but `none`… which only supervision and the unit see. */
bool view_shown(const struct call *c, int64_t shown);
struct err *view_person_name(struct call *c, int64_t id, struct str *ret) MUST_CHECK;

#endif
