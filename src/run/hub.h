/* The hub tells event streams what was committed (SSE, c-models 4.2). Streams live in http/; the hub
 * knows only callbacks and audiences. */
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
/* wake(user) is called from the writer thread when something newer than the subscriber's last id may be
 * there for it. */
struct hub_sub *hub_subscribe(struct hub *h, const struct actor *a, void (*wake)(void *user), void *user);
void hub_unsubscribe(struct hub *h, struct hub_sub *s);
void hub_committed(struct hub *h, int64_t first_id, int64_t last_id);
/* Events after `after_id` that the actor may see, at most `max` (READ lane). */
struct err *hub_events(struct call *c, const struct actor *a, int64_t after_id, size_t max, struct hub_event **ret, size_t *ret_n) MUST_CHECK;
bool hub_matches(const struct actor *a, struct str audience);

#endif
