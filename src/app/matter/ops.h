/* Input rows and handlers of the matter capability. Private to the folder. */
#ifndef HUHANG_APP_MATTER_OPS_H
#define HUHANG_APP_MATTER_OPS_H

#include "procedure/engine.h"
#include "procedure/view.h"

struct matter_in {
    int64_t id;
};
struct start_in {
    struct str kind, item, act, draft, late_reason;
    int64_t party_id, occurred_at;
    struct jval form;
};
struct act_in {
    int64_t id, occurred_at;
    struct str act, late_reason;
    struct jval form;
    struct list with;
};
struct clock_in {
    int64_t id;
    struct str name;
};
struct form_in {
    struct str kind, act, item;
    int64_t version, matter;
};
struct list_in {
    struct str number, state, class, after, query;
    int64_t party, party_id, limit;
    bool mine;
};
struct work_in {
    struct str role, light, kind, state, query, after;
    int64_t unit, limit;
};
struct draft_in {
    struct str code, item, page;
    int64_t party_id;
    struct jval form;
};
struct file_in {
    int64_t id, download;
    struct str sha256;
};
struct upload_in {
    struct str token;
};
struct upload_out {
    struct str token, name, media;
    int64_t size, offset;
    bool complete;
};
struct preview_in {
    int64_t matter;
    struct str act;
    struct jval form;
};

extern const struct field MATTER_IN[], START_IN[], ACT_IN[], CLOCK_IN[], FORM_IN[], LIST_IN[],
    WORK_IN[], DRAFT_IN[], FILE_IN[], PREVIEW_IN[];

struct err *matter_get(struct call *c, const void *in, void *out);
struct err *matter_start(struct call *c, const void *in, void *out);
struct err *matter_act(struct call *c, const void *in, void *out);
struct err *matter_allowed(struct call *c, const void *in, void *out);
struct err *matter_timeline(struct call *c, const void *in, void *out);
struct err *matter_publish(struct call *c, const void *in, void *out);
struct err *matter_explain(struct call *c, const void *in, void *out);
struct err *matter_list(struct call *c, const void *in, void *out);
struct err *form_get(struct call *c, const void *in, void *out);
struct err *work_list(struct call *c, const void *in, void *out);
struct err *work_counts(struct call *c, const void *in, void *out);
struct err *draft_create(struct call *c, const void *in, void *out);
struct err *draft_list(struct call *c, const void *in, void *out);
struct err *draft_get(struct call *c, const void *in, void *out);
struct err *draft_save(struct call *c, const void *in, void *out);
struct err *draft_delete(struct call *c, const void *in, void *out);
struct err *document_get(struct call *c, const void *in, void *out);
struct err *file_get(struct call *c, const void *in, void *out);
struct err *upload_get(struct call *c, const void *in, void *out);
struct err *upload_content(struct call *c, const void *in, void *out);
struct err *letter_preview(struct call *c, const void *in, void *out);

/* acting.c. One for each party that the applicant may act for now, its own first. */
struct acting {
    int64_t party_id;
    struct str name; /* as its holder may read it */
    struct actor actor;
};
struct err *acting_all(struct call *c, struct list *ret) MUST_CHECK;
/* The applicant acts for the party of the matter from here on, when it may; otherwise nothing
 * changes.
 */
struct err *acting_switch(struct call *c, int64_t matter_id) MUST_CHECK;

/* The draft that an application came from is used up with it. */
struct err *draft_used(struct call *c, struct str code) MUST_CHECK;
/* The matter, when the actor may read it; ERR_MATTER_NOT_FOUND otherwise, as if absent. */
struct err *matter_readable(struct call *c, int64_t id, struct matter **ret) MUST_CHECK;
/* JSON replies written by hand. */
void reply_begin(struct call *c, struct buf *b, struct jw *w);
void reply_end(struct call *c, const struct buf *b);
struct err *reply_matter(struct call *c, struct matter *m) MUST_CHECK;

#endif
