/* The play: stories of matters, step by step, in the order of time, each step an act of the real
 * engine by the person whose turn it is. Between steps the clock moves on and expiries happen by
 * themselves. Private to demo/. */
#ifndef HUHANG_APP_DEMO_PLAY_H
#define HUHANG_APP_DEMO_PLAY_H

#include "app/demo/cast.h"
#include "procedure/engine.h"

/* One step. `after` the step before: "20m" and "3h" in minutes and hours of service, "2d" working
 * days (at some service time), "5c" calendar days (at some waking time; applicants). `who`: a role,
 * or applicant, reviewer2, clerk2, extender (whom the item names). `act` may be CHILD.act: of the
 * latest child of that kind. `form`: JSON text with "@…" for what depends on the matter (form.c).
 * `late`: recorded so long after it occurred, with a reason. */
struct step {
    const char *after, *who, *act, *form, *late;
};

enum story_way { STORY_WEB, STORY_WINDOW, STORY_EITHER };

struct story {
    const char *name;
    const char *items; /* codes, joined by '|'; copies take turns */
    enum story_way way;
    const struct step *steps; /* ends with act NULL */
    int copies;
    int first, last; /* starts between so many working days before the end (first ≥ last) */
};

extern const struct story STORIES[]; /* ends with name NULL */

/* One matter under way. */
struct tale {
    const struct story *story;
    size_t number; /* of the tale */
    size_t step;
    int64_t at_ms; /* of the step; CIVIL_NEVER: over */
    struct str item;
    const struct applicant *party;
    bool web;
    int64_t matter_id;
};

struct play {
    struct call *c; /* the open writer */
    struct luck luck;
    struct cast cast;
    int64_t end_ms;
    int32_t last_day; /* the last working day before the end */
    struct tale *tales;
    size_t n_tales;
    int64_t refused;
};

/* play.c */
/* Reads the cast and lays out the tales. */
struct err *play_open(struct play *p, struct call *c, int64_t end_ms, uint64_t seed) MUST_CHECK;
/* Runs them until the end. */
struct err *play_run(struct play *p) MUST_CHECK;
/* The clock moves to the instant; what is due on the way happens, each midnight and each evening.
 */
struct err *play_advance(struct play *p, int64_t to_ms) MUST_CHECK;
/* An enterprise of the trade that the item is about, or a citizen where only they apply. */
const struct applicant *
play_applicant(struct play *p, struct str item, bool with_account, size_t number);

/* time.c */
int64_t time_after(struct play *p, int64_t from_ms, const char *after);
/* Some moment of the day at which people are at the window, or awake. */
int64_t time_of_day(struct play *p, int32_t day, bool service);
/* `n` working days before (n > 0) or after the day. */
int32_t time_days_before(const struct play *p, int32_t day, int32_t n);

/* form.c */
struct filling {
    struct play *play;
    struct call *c; /* arena of the step; its actor is the one who acts */
    const struct tale *tale;
    struct matter *matter; /* NULL at the start */
    const struct mitem *item;
    bool files; /* attach some files to the materials */
};
struct err *form_fill(struct filling *f, const char *template, struct jval *ret) MUST_CHECK;
/* A small PDF, uploaded by the actor: its token. */
struct err *form_upload(struct filling *f, struct str name, struct str *ret_token) MUST_CHECK;

/* texts.c: one of the texts of the key. */
struct str text_of(struct luck *l, struct str key);

#endif
