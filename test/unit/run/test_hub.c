/* Audiences, subscribers, and what a stream reads after a wake. */
#include "office_test.h"

#include "run/outbox.h"
#include "sys/thread.h"

#include <stdatomic.h>
#include <stdio.h>

static void audiences_match_the_right_people(void **state)
{
    struct held_role clerk = {.role = S("clerk"), .unit_id = 30};
    struct held_role whole = {.role = S("supervisor"), .unit_id = 0};
    struct held_role admin = {.role = S("system_admin"), .unit_id = 0};
    struct actor none = {.kind = ACTOR_NONE};
    struct actor applicant = {
        .kind = ACTOR_APPLICANT, .person_id = 5, .party_id = 6, .unit_id = 20};
    struct actor staff = {.kind = ACTOR_STAFF, .person_id = 7, .unit_id = 20};
    struct actor elsewhere = {.kind = ACTOR_STAFF, .person_id = 8, .roles = &clerk, .n_roles = 1};
    struct actor all_units = {.kind = ACTOR_STAFF, .person_id = 9, .roles = &whole, .n_roles = 1};
    struct actor administrator = {
        .kind = ACTOR_STAFF, .person_id = 10, .roles = &admin, .n_roles = 1};

    (void)state;
    assert_true(hub_matches(&staff, S("office")));
    assert_false(hub_matches(&applicant, S("office")));
    assert_false(hub_matches(&none, S("office unit:20 person:5 party:6")));
    assert_true(hub_matches(&applicant, S("person:5")));
    assert_true(hub_matches(&applicant, S("unit:20 party:6")));
    assert_false(hub_matches(&applicant, S("unit:20")));
    assert_false(hub_matches(&applicant, S("party:5 person:6")));
    assert_true(hub_matches(&staff, S("unit:20")));
    assert_false(hub_matches(&staff, S("unit:2")));
    assert_false(hub_matches(&staff, S("unit:200")));
    assert_true(hub_matches(&elsewhere, S("unit:30")));
    assert_false(hub_matches(&elsewhere, S("unit:20")));
    assert_true(hub_matches(&all_units, S("unit:20")));
    assert_false(hub_matches(&administrator, S("unit:20")));
    assert_false(hub_matches(&staff, S("")));
    assert_false(hub_matches(&staff, STR_NONE));
    assert_false(hub_matches(&none, S("person:0 party:0")));
    assert_false(hub_matches(&staff, S("unit:x unit: person")));
}

static void wake(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

static void only_those_meant_are_woken(void **state)
{
    struct hub *h = hub_new();
    struct actor applicant = {.kind = ACTOR_APPLICANT, .person_id = 5, .party_id = 6};
    struct actor staff = {.kind = ACTOR_STAFF, .person_id = 7, .unit_id = 20};
    const struct str to_staff[] = {S("unit:20"), S("person:99")};
    atomic_int woken[2] = {0, 0};
    struct hub_sub *a = hub_subscribe(h, &applicant, wake, &woken[0]);
    struct hub_sub *s = hub_subscribe(h, &staff, wake, &woken[1]);

    (void)state;
    hub_committed_to(h, to_staff, 2);
    assert_int_equal(woken[0], 0);
    assert_int_equal(woken[1], 1);
    hub_committed(h, 1, 2);
    assert_int_equal(woken[0], 1);
    assert_int_equal(woken[1], 2);
    assert_int_equal(hub_count(h), 2);
    hub_unsubscribe(h, s);
    hub_committed(h, 3, 3);
    assert_int_equal(woken[1], 2);
    hub_unsubscribe(h, a);
    assert_int_equal(hub_count(h), 0);
    hub_free(h);
}

static struct err *many_events(struct call *c, void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 600; i++) {
        TRY(unit_outbox(c, "t.x", i + 1, 0, i % 100 == 7 ? S("person:5") : S("unit:20"), S("{}")));
    }
    return NULL;
}

static void a_stream_reads_its_own_events_and_moves_on(void **state)
{
    struct office *o = office_of(state);
    struct actor person = {.kind = ACTOR_APPLICANT, .person_id = 5};
    struct hub_event *events;
    struct call c;
    int64_t at = 0;
    int64_t last;
    size_t n;

    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    c.db = o->db;
    OK(unit_run(&c, many_events, NULL));
    OK(hub_events(&c, &person, 0, 100, &events, &n));
    assert_int_equal(n, 6);
    for (size_t i = 1; i < n; i++) {
        assert_true(events[i].id > events[i - 1].id);
        assert_int_equal(events[i].matter_id, (int64_t)i * 100 + 8);
    }
    OK(hub_scan(&c, &person, &at, 2, &events, &n));
    assert_int_equal(n, 2);
    assert_int_equal(at, events[1].id);
    OK(hub_scan(&c, &person, &at, 100, &events, &n));
    assert_int_equal(n, 4);
    OK(hub_last(&c, &last));
    assert_int_equal(at, last); /* past the others' events */
    OK(hub_scan(&c, &person, &at, 100, &events, &n));
    assert_int_equal(n, 0);
    /* A place before the office's range begins at its start. */
    OK(hub_events(&c, &person, 1, 100, &events, &n));
    assert_int_equal(n, 6);
}

static int64_t outbox_rows_left(struct office *o)
{
    return office_number(o, "SELECT COUNT(*) AS n FROM outbox");
}

/* Rows older than a page may ask for go, those within the time and the newest thousand stay. */
static void old_events_are_pruned(void **state)
{
    struct office *o = office_of(state);
    int64_t start = INT64_C(1767225600000), hour = 3600000, removed;
    struct call c;

    o->app.conf.events_keep_hours = 72;
    call_init(&c, &o->app, o->a, ACTOR_SYSTEM);
    c.db = o->db;
    for (int i = 0; i < 4; i++) { /* 2400 rows: at 0, 1, 2, 3 hours */
        c.now_ms = start + i * hour;
        OK(unit_run(&c, many_events, NULL));
    }
    OK(outbox_prune(&c, &removed));
    assert_int_equal(removed, 0);
    c.now_ms = start + 73 * hour; /* those of 0 hours are older than 72, those of 1 hour just not */
    OK(outbox_prune(&c, &removed));
    assert_int_equal(removed, 600);
    assert_int_equal(outbox_rows_left(o), 1800);
    assert_int_equal(office_number(o, "SELECT MIN(at) AS n FROM outbox"), start + hour);
    c.now_ms = start + 1000 * hour;
    OK(outbox_prune(&c, &removed));
    assert_int_equal(outbox_rows_left(o), OUTBOX_LEAST);
    assert_int_equal(office_number(o, "SELECT MAX(at) AS n FROM outbox"), start + 3 * hour);
    OK(outbox_prune(&c, &removed));
    assert_int_equal(removed, 0);
}

/* Streams come and go while groups commit: for the thread sanitizer. */
struct churn {
    struct hub *hub;
    atomic_bool stop;
    atomic_int woken;
};

static void come_and_go(void *arg)
{
    struct churn *churn = arg;
    struct actor staff = {.kind = ACTOR_STAFF, .person_id = 7, .unit_id = 20};

    while (!atomic_load(&churn->stop)) {
        struct hub_sub *s = hub_subscribe(churn->hub, &staff, wake, &churn->woken);

        hub_unsubscribe(churn->hub, s);
    }
}

static void lanes_and_hub_together(void **state)
{
    struct office *o = office_of(state);
    struct actor staff = {.kind = ACTOR_STAFF, .person_id = 7, .unit_id = 20};
    struct churn churn = {.hub = NULL};
    struct job *jobs[60];
    char name[60][16], key[60][24];
    struct hub_sub *s;
    struct thread *t;

    office_start(o);
    churn.hub = o->app.slot[SLOT_HUB];
    s = hub_subscribe(churn.hub, &staff, wake, &churn.woken);
    t = thread_start("churn", come_and_go, &churn);
    for (int i = 0; i < 60; i++) {
        (void)snprintf(name[i], sizeof(name[i]), "n%d", i);
        (void)snprintf(key[i], sizeof(key[i]), "key-%05d", i);
        jobs[i] = job_new(o, &(struct probe){.op = i % 5 == 4 ? "probe.slow" : "probe.put",
                                             .name = name[i],
                                             .key = key[i],
                                             .leaves = 1});
        job_post(o, jobs[i]);
    }
    for (int i = 0; i < 60; i++) {
        job_wait(jobs[i]);
        OK(jobs[i]->outcome.err);
        job_free(jobs[i]);
    }
    for (int i = 0; i < 20; i++) {
        struct job *j = job_new(o, &(struct probe){.op = "probe.get", .name = name[i]});

        job_do(o, j);
        OK(j->outcome.err);
        job_free(j);
    }
    atomic_store(&churn.stop, true);
    thread_join(t);
    assert_true(atomic_load(&churn.woken) > 0);
    lanes_stop(o->app.lanes);
    hub_unsubscribe(churn.hub, s);
    assert_int_equal(office_number(o, "SELECT MAX(size) AS n FROM checkpoint"), 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audiences_match_the_right_people),
        cmocka_unit_test(only_those_meant_are_woken),
        BOTH(a_stream_reads_its_own_events_and_moves_on),
        BOTH(old_events_are_pruned),
        BOTH(lanes_and_hub_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
