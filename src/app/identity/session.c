/* Sessions: rows, cookies, signing out, and for whom one acts.
 *
 * The token is 32 random bytes and leaves this process only in the cookie; the table holds its
 * SHA-256. Every sign-in and every new password makes a new token, so a planted one is worth
 * nothing. The cookie has no lifetime of its own: it ends with the browser, and before that by the
 * rules of authenticate.c. */
#include "app/identity/ops.h"

#include "base/arena.h"
#include "sys/log.h"

#define KEEP_ENDED_MS INT64_C(86400000) /* rows of ended sessions, for support */

/* clang-format off */
static const struct field ROWS[] = {
    F_ID(struct session_row, session_id, 0, NULL, NULL),
    F_ID(struct session_row, person_id, 0, NULL, NULL),
    F_ID(struct session_row, office_id, 0, NULL, NULL),
    F_ID(struct session_row, acting_party_id, 0, NULL, NULL),
    F_INT(struct session_row, created_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct session_row, seen_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct session_row, expires_at, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct session_row, now, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct session_row, token_hash, 0),
    F_TEXT(struct session_row, csrf, FIELD_SECRET, 0, 0, NULL, NULL),
    FIELD_END,
};
const struct field acting_rows[] = {
    F_ID(struct in_acting, party_id, 0, "代表的申请人（空：本人）", "Party acted for (null: oneself)"),
    FIELD_END,
};
/* clang-format on */

STMT(SESSION_FIND,
     "identity.session_find",
     ROWS,
     ROWS,
     struct session_row,
     "SELECT s.id AS session_id, s.person_id, p.office_id, s.acting_party_id, s.created_at, "
     "s.seen_at,"
     " s.expires_at, s.csrf FROM session s JOIN person p ON p.id = s.person_id"
     " WHERE s.token_hash = :token_hash AND s.ended_at IS NULL AND p.office_id = :office_id");
STMT_RUN(
    SESSION_INSERT,
    "identity.session_insert",
    ROWS,
    "INSERT INTO session (id, token_hash, person_id, csrf, created_at, seen_at, expires_at)"
    " VALUES (:session_id, :token_hash, :person_id, :csrf, :created_at, :seen_at, :expires_at)");
STMT_RUN(SESSION_END_BY_TOKEN,
         "identity.session_end",
         ROWS,
         "UPDATE session SET ended_at = :now WHERE token_hash = :token_hash AND ended_at IS NULL");
STMT_RUN(SESSION_END_ALL,
         "identity.session_end_all",
         ROWS,
         "UPDATE session SET ended_at = :now WHERE person_id = :person_id AND ended_at IS NULL");
STMT_RUN(SESSION_SEEN,
         "identity.session_seen",
         ROWS,
         "UPDATE session SET seen_at = :now WHERE id = :session_id AND seen_at < :now");
STMT_RUN(SESSION_ACTING,
         "identity.session_acting",
         ROWS,
         "UPDATE session SET acting_party_id = :acting_party_id WHERE id = :session_id");
STMT_RUN(SESSION_PURGE,
         "identity.session_purge",
         ROWS,
         "DELETE FROM session WHERE expires_at < :now OR ended_at < :now");

void session_hash(struct str token, unsigned char ret[HASH_LEN])
{
    crypt_sha256(str_bytes(token), ret);
}

struct err *session_find(struct call *c,
                         const unsigned char hash[HASH_LEN],
                         struct session_row *ret,
                         bool *ret_found)
{
    struct session_row in = {.office_id = c->office_id, .token_hash = {hash, HASH_LEN}};

    return db_one(c->db, c->arena, &SESSION_FIND, &in, ret, ret_found);
}

static struct str random_token(struct arena *a)
{
    unsigned char raw[32];

    crypt_random(raw, sizeof raw);
    struct str token = str_base64url(a, (struct bytes){raw, sizeof raw});
    crypt_wipe(raw, sizeof raw);
    return token;
}

/* ---- begin and end ---- */

static struct err *end_present(struct call *c)
{
    unsigned char hash[HASH_LEN];
    struct session_row row = {.now = c->real_ms, .token_hash = {hash, HASH_LEN}};

    if (c->session_token.n == 0) {
        return NULL;
    }
    session_hash(c->session_token, hash);
    return db_run(c->db, c->arena, &SESSION_END_BY_TOKEN, &row, NULL);
}

struct err *session_begin(struct call *c, struct session_new *s)
{
    unsigned char hash[HASH_LEN];

    s->token = random_token(c->arena);
    session_hash(s->token, hash);
    struct session_row row = {
        .session_id = unit_id(c, "session"),
        .person_id = s->person_id,
        .created_at = c->real_ms,
        .seen_at = c->real_ms,
        .expires_at = c->real_ms + SESSION_HOURS * INT64_C(3600000),
        .token_hash = {hash, HASH_LEN},
        .csrf = random_token(c->arena),
    };
    TRY(end_present(c));
    TRY(db_run(c->db, c->arena, &SESSION_INSERT, &row, NULL));
    if (c->actor.person_id != 0) { /* whose session just ended */
        identity_changed(c, c->actor.person_id);
    }
    return NULL;
}

struct err *identity_end_sessions(struct call *c, int64_t person_id)
{
    struct session_row row = {.now = c->real_ms, .person_id = person_id};

    TRY(db_run(c->db, c->arena, &SESSION_END_ALL, &row, NULL));
    identity_changed(c, person_id);
    return NULL;
}

static struct str cookie(const struct call *c, struct str token)
{
    bool secure = c->app->conf.secure_cookies;

    return str_fmt(c->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s",
                   secure ? "__Host-huhang" : "huhang", STR_ARG(token), secure ? "; Secure" : "",
                   token.n == 0 ? "; Max-Age=0" : "");
}

struct err *session_enter(struct call *c, struct str token)
{
    c->actor = (struct actor){.kind = ACTOR_NONE};
    c->session_token = token;
    c->reply.set_cookie = cookie(c, token);
    c->reply.no_store = true;
    return session_resolve(c);
}

struct err *session_delete(struct call *c, const void *in, void *out)
{
    struct actor leaving = c->actor;

    (void)in;
    TRY(end_present(c));
    if (leaving.session_id != 0) {
        identity_changed(c, leaving.person_id);
        TRY(sign_in_note(c, leaving.login, leaving.person_id, "out"));
    }
    TRY(session_enter(c, S("")));
    return me_fill(c, out);
}

/* ---- for whom ---- */

struct err *session_acting(struct call *c, const void *in, void *out)
{
    const struct in_acting *p = in;
    struct session_row row = {.session_id = c->actor.session_id, .acting_party_id = p->party_id};
    struct mandate_row m = {0};
    struct actor now;

    if (c->actor.session_id == 0) {
        return ERROR(c->arena, ERR_SIGN_IN, "请重新登录", "Sign in again");
    }
    if (p->party_id != FIELD_NO_INT) {
        TRY(mandate_in_force(c, c->actor.person_id, p->party_id, &m));
    }
    TRY(identity_actor(c, c->actor.person_id, 0, &now));
    if (p->party_id != FIELD_NO_INT && p->party_id != now.party_id && m.id == 0) {
        return err_hint(ERROR(c->arena, ERR_FORBIDDEN, "没有有效的授权，不能代表这一申请人办理",
                              "There is no mandate in force for this party"),
                        "请先到窗口确认授权材料", "Have the mandate confirmed at a window first");
    }
    TRY(db_run(c->db, c->arena, &SESSION_ACTING, &row, NULL));
    identity_changed(c, c->actor.person_id);
    TRY(session_resolve(c));
    return me_fill(c, out);
}

/* ---- seen, purge ---- */

struct seen {
    struct job job;
    struct session_row row;
};

static struct err *store_seen(struct call *c, void *ctx)
{
    struct seen *s = ctx;

    return db_push(c->db, c->arena, &SESSION_SEEN, &s->row);
}

static void seen_done(struct job *j)
{
    if (j->outcome.err != NULL) {
        log_err(LOG_WARN, STR_NONE, j->outcome.err);
    }
    arena_free(j->call.arena);
}

/* Nobody waits for it, and when the queue is full it is left out: the next minute tells again. */
void session_tell_seen(struct call *c, int64_t session_id)
{
    if (c->app->lanes == NULL) {
        return;
    }
    struct arena *a = arena_new(0);
    struct seen *s = ARENA_NEW(a, struct seen);

    call_init(&s->job.call, c->app, a, ACTOR_SYSTEM);
    s->row = (struct session_row){.session_id = session_id, .now = c->real_ms};
    s->job.fn = store_seen;
    s->job.ctx = s;
    s->job.done = seen_done;
    if (!lane_post(c->app->lanes, &s->job)) {
        arena_free(a);
    }
}

struct err *session_purge(struct call *c)
{
    struct session_row row = {.now = c->real_ms - KEEP_ENDED_MS};

    return db_run(c->db, c->arena, &SESSION_PURGE, &row, NULL);
}
