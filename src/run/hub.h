/* The hub tells event streams what was committed (SSE, c-models 4.2). Streams live in http/; the
 * hub knows only callbacks and audiences. */
#ifndef HUHANG_RUN_HUB_H
#define HUHANG_RUN_HUB_H

#include "run/call.h"

struct hub;
struct hub_event {
    int64_t id;
    struct str topic, audience, body;
    int64_t matter_id, act_id, at_ms;
};
/* Wakes subscribers whose actor matches the audience. Called on the writer thread after a commit;
 * must not block: it only sets flags and wakes. */
struct hub *hub_new(void);
void hub_free(struct hub *h);
struct hub_sub;
/* wake(user) is called from the writer thread when something newer than the subscriber's last id
 * may be there for it. */
struct hub_sub *
hub_subscribe(struct hub *h, const struct actor *a, void (*wake)(void *user), void *user);
void hub_unsubscribe(struct hub *h, struct hub_sub *s);
/* wake() runs under the hub's lock: it sets a flag and wakes a thread, and calls no hub function.
 * After hub_unsubscribe it runs no more. */
void hub_committed(struct hub *h, int64_t first_id, int64_t last_id); /* wakes all */
/* Wakes those whom one of the audiences means (what the writer calls). */
void hub_committed_to(struct hub *h, const struct str *audiences, size_t n);
size_t hub_count(struct hub *h);
/* Events after `after_id` that the actor may see, at most `max` (READ lane). */
struct err *hub_events(struct call *c,
                       const struct actor *a,
                       int64_t after_id,
                       size_t max,
                       struct hub_event **ret,
                       size_t *ret_n) MUST_CHECK;
/* The same, and *after_id moves on to the last row looked at, seen by the actor or not: a stream
 * keeps it as its place, so that it does not read other people's events again at each wake. */
struct err *hub_scan(struct call *c,
                     const struct actor *a,
                     int64_t *after_id,
                     size_t max,
                     struct hub_event **ret,
                     size_t *ret_n) MUST_CHECK;
/* Id of the newest event of the office: where a stream begins that names no place (READ lane). */
struct err *hub_last(struct call *c, int64_t *ret_id) MUST_CHECK;
bool hub_matches(const struct actor *a, struct str audience);

#endif
