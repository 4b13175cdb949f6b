/* The cache of sessions: what it may remember, and for how long. */
#include "desk.h"

#include "run/op_registry.h"
#include "sys/thread.h"

static struct err *add_grant(struct call *c, void *ctx)
{
    int64_t grant;

    return identity_grant(c, ctx, &grant);
}

static void a_session_is_remembered(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);
    size_t before = cache_count(&d->app);

    (void)good(d, &b, "office.roles", "{}");
    assert_int_equal(cache_count(&d->app), before > 0 ? before : 1);
    pass(d, 31 * MINUTE);
    cache_prune(&d->app);
    assert_int_equal(cache_count(&d->app), 0);
}

/* The table is changed behind our back (another process, in production): half a minute at most. */
static struct err *end_behind(struct call *c, void *ctx)
{
    (void)ctx;
    return db_script(c->db, c->arena, S("UPDATE session SET ended_at = 1"));
}

static void entries_get_old(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);

    (void)good(d, &b, "office.roles", "{}");
    desk_write(d, end_behind, NULL);
    (void)good(d, &b, "office.roles", "{}");
    pass(d, 31000);
    (void)bad(d, &b, "office.roles", "{}", ERR_SIGN_IN);
}

static struct err *grant_then_fail(struct call *c, void *ctx)
{
    TRY(add_grant(c, ctx));
    return ERROR(c->arena, ERR_CONFLICT, "试验", "a test");
}

/* An undone change is neither cached nor does it stop the cache from working. */
static void an_undone_change_leaves_no_trace(void **state)
{
    struct desk *d = *state;
    struct grant_new g = {.person_id = staff(d, "zhoumin", NULL, 0), .role = S("clerk")};
    struct browser b = sign_in(d, "zhoumin");
    struct call c;

    call_init(&c, &d->app, d->a, ACTOR_SYSTEM);
    struct err *e = lane_write(&c, grant_then_fail, &g);
    assert_non_null(e);
    struct jval me = good(d, &b, "identity.me", "{}");
    assert_int_equal(at(&me, "roles")->n, 0);
    desk_write(d, add_grant, &g);
    me = good(d, &b, "identity.me", "{}");
    assert_int_equal(at(&me, "roles")->n, 1);
}

struct two {
    struct grant_new g;
    struct str token;
};

/* In the unit that grants, and in later units of the same group, the writer sees the change. */
static struct err *grant_and_look(struct call *c, void *ctx)
{
    struct two *t = ctx;
    struct call as = *c;

    TRY(add_grant(c, &t->g));
    as.actor = (struct actor){0};
    as.session_token = t->token;
    TRY(session_resolve(&as));
    assert_int_equal(as.actor.n_roles, 1);
    return ERROR(c->arena, ERR_CONFLICT, "试验", "a test");
}

static void the_writer_sees_what_is_not_yet_committed(void **state)
{
    struct desk *d = *state;
    struct two t = {.g = {.person_id = staff(d, "zhoumin", NULL, 0), .role = S("clerk")}};
    struct browser b = sign_in(d, "zhoumin");
    struct call c;

    (void)good(d, &b, "identity.me", "{}");
    t.token = b.token;
    call_init(&c, &d->app, d->a, ACTOR_SYSTEM);
    struct err *e = lane_write(&c, grant_and_look, &t);
    assert_non_null(e);
    /* … and nobody else does, since it was undone. */
    struct jval me = good(d, &b, "identity.me", "{}");
    assert_int_equal(at(&me, "roles")->n, 0);
}

/* Each sign-in ends a session: a group of many must not run out of places for what follows a
 * commit. */
static void many_changes_in_a_group(void **state)
{
    struct desk *d = *state;
    struct grant_new g[100];

    for (size_t i = 0; i < COUNT_OF(g); i++) {
        g[i] = (struct grant_new){.person_id = staff(d, fmt(d, "p%zu", i + 100), NULL, 0),
                                  .role = S("clerk")};
    }
    struct browser b = sign_in(d, "p105");
    struct job *jobs[COUNT_OF(g)];
    for (size_t i = 0; i < COUNT_OF(g); i++) {
        jobs[i] = ARENA_NEW(d->a, struct job);
        call_init(&jobs[i]->call, &d->app, arena_new(0), ACTOR_SYSTEM);
        jobs[i]->fn = add_grant;
        jobs[i]->ctx = &g[i];
        assert_true(lane_post(d->app.lanes, jobs[i]));
    }
    desk_write(d, end_behind, NULL); /* behind all of them in the queue */
    for (size_t i = 0; i < COUNT_OF(g); i++) {
        OK(jobs[i]->outcome.err);
        arena_free(jobs[i]->call.arena);
    }
    assert_int_equal(number(d, "SELECT COUNT(*) AS n FROM role_grant"), (int64_t)COUNT_OF(g));
    (void)bad(d, &b, "office.roles", "{}", ERR_SIGN_IN); /* ended, and not remembered */
}

#define READS  8
#define ROUNDS 25

struct read {
    struct job job;
    struct jval in;
};

static void read_done(struct job *j)
{
    CHECK(queue_put(j->user, j));
}

static void post_me(struct desk *d, struct read *r, struct str token, struct queue *done)
{
    *r = (struct read){.in = {.type = J_OBJ}};
    call_init(&r->job.call, &d->app, arena_new(0), ACTOR_NONE);
    r->job.call.op = op_find(d->app.ops, S("identity.me"));
    r->job.call.session_token = token;
    r->job.in_json = &r->in;
    r->job.done = read_done;
    r->job.user = done;
    assert_true(lane_post(d->app.lanes, &r->job));
}

static struct err *revoke(struct call *c, void *ctx)
{
    const struct grant_new *g = ctx;

    return identity_revoke(c, g->person_id, g->unit_id); /* unit_id: the grant, here */
}

/* While readers fill the cache, each change is seen by every reader that comes after it. */
static void readers_never_bring_back_the_past(void **state)
{
    struct desk *d = *state;
    struct grant_new g = {.person_id = staff(d, "zhoumin", NULL, 0), .role = S("clerk")};
    struct browser b = sign_in(d, "zhoumin");
    struct queue *done = queue_new(READS);
    struct read reads[READS];
    void *item;

    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < READS; i++) {
            post_me(d, &reads[i], b.token, done);
        }
        if (round % 2 == 0) {
            desk_write(d, add_grant, &g);
        } else {
            desk_write(
                d, revoke,
                &(struct grant_new){.person_id = g.person_id,
                                    .unit_id = number(d, "SELECT MAX(id) AS n FROM role_grant")});
        }
        struct jval me = good(d, &b, "identity.me", "{}");
        assert_int_equal(at(&me, "roles")->n, round % 2 == 0 ? 1 : 0);
        for (size_t i = 0; i < READS; i++) {
            assert_int_equal(queue_take(done, &item, 1, 20000), 1);
        }
        for (size_t i = 0; i < READS; i++) {
            OK(reads[i].job.outcome.err);
            arena_free(reads[i].job.call.arena);
        }
        struct jval later = good(d, &b, "identity.me", "{}");
        assert_int_equal(at(&later, "roles")->n, round % 2 == 0 ? 1 : 0);
    }
    queue_free(done);
}

struct early {
    struct desk *d;
    struct grant_new g;
    struct str token;
    struct read read;
};

/* A reader comes between the change and its commit, and rightly sees the state before. */
static struct err *grant_and_let_read(struct call *c, void *ctx)
{
    struct early *e = ctx;
    struct queue *done = queue_new(1);
    void *item;

    TRY(add_grant(c, &e->g));
    post_me(e->d, &e->read, e->token, done);
    assert_int_equal(queue_take(done, &item, 1, 20000), 1);
    queue_free(done);
    return NULL;
}

static void what_was_read_before_the_commit_is_forgotten(void **state)
{
    struct desk *d = *state;
    struct early e = {.d = d, .g = {.person_id = staff(d, "zhoumin", NULL, 0), .role = S("clerk")}};
    struct browser b = sign_in(d, "zhoumin");

    e.token = b.token;
    desk_write(d, grant_and_let_read, &e);
    OK(e.read.job.outcome.err);
    assert_true(str_find(e.read.job.outcome.body, S("\"roles\":[]")) > 0);
    arena_free(e.read.job.call.arena);
    struct jval me = good(d, &b, "identity.me", "{}");
    assert_int_equal(at(&me, "roles")->n, 1);
}

/* A reader that was slow between its rows and the cache keeps nothing. */
static void what_was_read_before_a_change_is_not_kept(void **state)
{
    struct desk *d = *state;
    struct grant_new g = {.person_id = staff(d, "zhoumin", NULL, 0), .role = S("clerk")};
    unsigned char hash[HASH_LEN] = {1};
    struct cache_hit hit = {.actor = {.person_id = g.person_id, .session_id = 1},
                            .expires_ms = INT64_MAX},
                     found;
    int64_t before = cache_generation(&d->app);
    struct call c;

    call_init(&c, &d->app, d->a, ACTOR_NONE);
    desk_write(d, add_grant, &g);
    cache_put(&c, hash, &hit, c.real_ms, before);
    assert_int_equal(cache_find(&c, hash, &found), CACHE_NONE);
    cache_put(&c, hash, &hit, c.real_ms, cache_generation(&d->app));
    assert_int_equal(cache_find(&c, hash, &found), CACHE_FRESH);
    assert_int_equal(found.actor.person_id, g.person_id);
}

static void seen_is_stored_once_a_minute(void **state)
{
    struct desk *d = *state;
    struct browser b = clerk(d);

    pass(d, 20000);
    (void)good(d, &b, "office.roles", "{}");
    assert_int_equal(number(d, "SELECT MAX(seen_at) AS n FROM session"), DESK_START);
    pass(d, 45000);
    (void)good(d, &b, "office.roles", "{}");
    desk_write(d, add_grant,
               &(struct grant_new){.person_id = staff(d, "xenia", NULL, 0),
                                   .role = S("clerk")}); /* behind it in the queue */
    assert_int_equal(number(d, "SELECT MAX(seen_at) AS n FROM session"), DESK_START + 65000);
}

int test_cache(void)
{
    const struct CMUnitTest cases[] = {
        CASE(a_session_is_remembered),
        CASE(entries_get_old),
        CASE(an_undone_change_leaves_no_trace),
        CASE(the_writer_sees_what_is_not_yet_committed),
        CASE(many_changes_in_a_group),
        CASE(readers_never_bring_back_the_past),
        CASE(what_was_read_before_the_commit_is_forgotten),
        CASE(what_was_read_before_a_change_is_not_kept),
        CASE(seen_is_stored_once_a_minute),
    };

    return cmocka_run_group_tests_name("cache", cases, NULL, NULL);
}
