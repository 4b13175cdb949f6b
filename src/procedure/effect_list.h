/* Every effect and every event definitions may name. Rows: name, facts it writes ("a b" or ""),
 * events it raises at once or later ("" none), in service (its C function exists; a definition that
 * names one out of service loads and is checked, but the server starts no matter of it). Included
 * several times, so it has no guard. The engine registers the functions (effect.h) and checks at
 * start that every row in service has one. */
/* clang-format off */
EFFECT(CATALOGUE_PIN,     "catalogue.pin",      "",      "",                 1)
EFFECT(REGISTER_ISSUE,    "register.issue",     "",      "",                 1)
EFFECT(LICENCE_BAN,       "licence.ban",        "",      "",                 1)
EFFECT(PUBLICATION_PLAN,  "publication.plan",   "",      "publication.done", 1)
EFFECT(CUSTODY_HAND_OVER, "custody.hand_over",  "",      "",                 1)
EFFECT(REVIEW_INVITE,     "review.invite",      "",      "",                 1)
EFFECT(CREDIT_NOTE,       "credit.note",        "",      "",                 1)
EFFECT(JOINT_OPEN_READY,  "joint.open_ready",   "",      "",                 0)
EFFECT(JOINT_MERGE,       "joint.merge",        "",      "",                 0)
EFFECT(CONCERN_SIMILAR,   "concern.similar",    "",      "",                 0)
EFFECT(CONCERN_DRAW_CALL, "concern.draw_call",  "call",  "",                 0)
EFFECT(DRAW_SAMPLE,       "draw.sample",        "",      "",                 0)
EFFECT(LIST_MATCH,        "list.match",         "match", "",                 0)
EFFECT(CHECK_COMPARE,     "check.compare",      "",      "",                 0)
EFFECT(SCORE_POST,        "score.post",         "",      "",                 0)
EFFECT(ZONE_FORWARD,      "zone.forward",       "",      "",                 0)
/* clang-format on */
