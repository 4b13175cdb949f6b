/* Who is calling: from the session token of the cookie to the actor (app.authenticate).
 *
 * A token that is unknown, ended, idle too long (conf.session_idle_min) or older than SESSION_HOURS
 * is as good as none: the permission column then says that one must sign in. Sessions live in real
 * time, roles in office time. A write that came with a session must also carry the session's CSRF
 * token, unless its operation says it needs none. */
#include "app/identity/inner.h"

#define TOKEN_MAX 100

/* The party acted for: the one chosen for the session, else its own. A mandate that ended leaves no
 * party at all, rather than silently another one. */
static struct err *
choose_party(struct call *c, const struct person_row *p, int64_t chosen, struct actor *ret)
{
    struct mandate_row m = {0};

    ret->party_id = p->party_id == FIELD_NO_INT ? 0 : p->party_id;
    if (chosen <= 0 || chosen == ret->party_id) {
        return NULL;
    }
    TRY(mandate_in_force(c, p->id, chosen, &m));
    ret->party_id = m.id != 0 ? chosen : 0;
    ret->mandate_id = m.id;
    ret->as_agent = m.id != 0 && str_eqz(m.scope, "agent");
    return NULL;
}

static struct err *
actor_read(struct call *c, const struct person_row *p, int64_t party_id, struct actor *ret)
{
    bool staff = str_eqz(p->kind, "staff");

    *ret = (struct actor){
        .kind = staff ? ACTOR_STAFF : ACTOR_APPLICANT,
        .person_id = p->id,
        .unit_id = staff && p->unit_id != FIELD_NO_INT ? p->unit_id : 0,
        .login = p->login,
        .must_change_password = p->password_change,
    };
    TRY(person_name(c, p, &ret->name));
    if (staff) {
        TRY(roles_today(c, p->id, &ret->roles, &ret->n_roles));
    } else {
        TRY(choose_party(c, p, party_id, ret));
    }
    return NULL;
}

struct err *identity_actor(struct call *c, int64_t person_id, int64_t party_id, struct actor *ret)
{
    struct person_row p;
    bool found = false;

    TRY(person_by_id(c, person_id, &p, &found));
    if (!found || p.status != PERSON_ACTIVE) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个账号", "There is no such account");
    }
    return actor_read(c, &p, party_id, ret);
}

static bool alive(const struct call *c, int64_t seen_ms, int64_t expires_ms)
{
    return c->real_ms < expires_ms && c->real_ms - seen_ms < c->app->conf.session_idle_min * 60000;
}

bool session_used(const struct call *c)
{
    return !str_eqz(c->channel, "events");
}

/* From the tables into the cache and the call. */
static struct err *read_session(struct call *c, const unsigned char hash[HASH_LEN], int64_t seen_ms)
{
    int64_t generation = cache_generation(c->app);
    struct cache_hit hit = {0};
    struct session_row s;
    struct person_row p;
    bool found = false;

    TRY(session_find(c, hash, &s, &found));
    seen_ms = s.seen_at > seen_ms ? s.seen_at : seen_ms;
    if (!found || !alive(c, seen_ms, s.expires_at)) {
        return NULL;
    }
    TRY(person_by_id(c, s.person_id, &p, &found));
    if (!found || p.status != PERSON_ACTIVE) {
        return NULL;
    }
    TRY(actor_read(c, &p, s.acting_party_id, &hit.actor));
    hit.actor.session_id = s.session_id;
    hit.actor.csrf = s.csrf;
    hit.expires_ms = s.expires_at;
    hit.seen_ms = session_used(c) ? c->real_ms : seen_ms;
    hit.tell_seen = session_used(c) && c->real_ms - s.seen_at >= SEEN_EVERY_MS;
    cache_put(c, hash, &hit, hit.tell_seen ? c->real_ms : s.seen_at, generation);
    c->actor = hit.actor;
    if (hit.tell_seen) {
        session_tell_seen(c, s.session_id);
    }
    return NULL;
}

struct err *session_resolve(struct call *c)
{
    unsigned char hash[HASH_LEN];
    struct cache_hit hit;

    if (c->session_token.n == 0 || c->session_token.n > TOKEN_MAX) {
        return NULL;
    }
    session_hash(c->session_token, hash);
    if (cache_find(c, hash, &hit) != CACHE_FRESH) {
        return read_session(c, hash, hit.seen_ms);
    }
    if (!alive(c, hit.seen_ms, hit.expires_ms)) {
        return NULL;
    }
    c->actor = hit.actor;
    if (hit.tell_seen) {
        session_tell_seen(c, hit.actor.session_id);
    }
    return NULL;
}

static struct err *check_csrf(const struct call *c)
{
    const struct op *op = c->op;
    struct str want = c->actor.csrf, got = c->csrf_header;

    if (c->actor.session_id == 0 || op == NULL || op->method == OP_GET ||
        (op->flags & OP_NO_CSRF) != 0 || (got.n == want.n && crypt_equal(got.p, want.p, want.n))) {
        return NULL;
    }
    return err_hint(ERROR(c->arena, ERR_CSRF, "请求没有带上本次登录的校验码，没有办理",
                          "The request lacks the token of this session and was not carried out"),
                    "请刷新页面后再试；已填的内容请先保存",
                    "Reload the page and try again; save what you typed first");
}

struct err *identity_authenticate(struct call *c)
{
    TRY(session_resolve(c));
    return check_csrf(c);
}
