/* The signer's checkpoints, the head at start, and a data base that was rolled back (design.md 6).
 */
#include "office_test.h"

#include "crypto/crypto.h"
#include "ledger/note.h"
#include "sys/file.h"
#include "sys/thread.h"

#include <stdio.h>

struct published {
    struct mutex *lock;
    size_t n;
    uint64_t size;
    unsigned char root[32];
    char note[1000];
};

static void publish(void *user, const struct signed_checkpoint *c)
{
    struct published *p = user;

    mutex_lock(p->lock);
    p->n++;
    p->size = c->size;
    memcpy(p->root, c->root, 32);
    (void)snprintf(p->note, sizeof(p->note), "%.*s", STR_ARG(c->note));
    mutex_unlock(p->lock);
}

static struct signer_options options(struct arena *a, struct published *p)
{
    struct signer_options o = {
        .origin = S("log.test/1"), .every_ms = 10, .publish = publish, .user = p};
    struct frontier f;

    memset(o.seed, 3, sizeof(o.seed));
    frontier_init(&f);
    o.frontier = frontier_encode(a, &f);
    p->lock = mutex_new();
    return o;
}

/* The root of leaves "0" … "n-1" by the plain definition. */
static void plain_root(size_t n, unsigned char ret[32])
{
    unsigned char hash[64][32];
    char text[8];

    for (size_t i = 0; i < n; i++) {
        (void)snprintf(text, sizeof(text), "%zu", i);
        tree_leaf_hash(str_bytes(str_of(text)), hash[i]);
    }
    tree_root_range((const unsigned char(*)[32])hash, n, ret);
}

static void feed(struct signer *s, uint64_t from, size_t n, bool want)
{
    unsigned char hash[64][32];
    char text[8];

    for (size_t i = 0; i < n; i++) {
        (void)snprintf(text, sizeof(text), "%zu", (size_t)from + i);
        tree_leaf_hash(str_bytes(str_of(text)), hash[i]);
    }
    assert_int_equal(signer_feed(s, from, (struct bytes){hash[0], n * 32}), want);
}

static void checkpoints_verify_and_equal_a_recomputation(void **state)
{
    struct arena *a = arena_new(0);
    struct published p = {.n = 0};
    struct signer_options o = options(a, &p);
    struct note_key key = {.name = S("log.test/1")};
    struct checkpoint cp;
    struct signer *s;
    struct str text;
    unsigned char root[32];

    (void)state;
    OK(signer_start(a, &o, &s));
    feed(s, 0, 5, true);
    feed(s, 5, 8, true);
    signer_stop(s);
    signer_free(s);
    assert_int_equal(p.size, 13);
    plain_root(13, root);
    assert_memory_equal(root, p.root, 32);
    crypt_sign_public(o.seed, key.public_key);
    note_key_id(key.name, key.public_key, key.id);
    OK(note_open(a, str_of(p.note), &key, 1, &text));
    OK(checkpoint_parse(a, text, &cp));
    STR_IS(cp.origin, "log.test/1");
    assert_int_equal(cp.size, 13);
    assert_memory_equal(cp.root, root, 32);
    mutex_free(p.lock);
    arena_free(a);
}

static void nothing_new_is_not_signed(void **state)
{
    struct arena *a = arena_new(0);
    struct published p = {.n = 0};
    struct signer_options o = options(a, &p);
    struct signer *s;

    (void)state;
    OK(signer_start(a, &o, &s));
    signer_stop(s);
    signer_free(s);
    assert_int_equal(p.n, 0);
    mutex_free(p.lock);
    arena_free(a);
}

static void leaves_that_do_not_continue_end_the_signing(void **state)
{
    struct arena *a = arena_new(0);
    struct published p = {.n = 0};
    struct signer_options o = options(a, &p);
    struct signer *s;
    uint64_t size, published;
    bool well;

    (void)state;
    o.every_ms = 100000;
    OK(signer_start(a, &o, &s));
    feed(s, 0, 2, true);
    feed(s, 3, 1, false);
    feed(s, 2, 1, false); /* too late */
    signer_state(s, &size, &published, &well);
    assert_false(well);
    signer_stop(s);
    signer_free(s);
    assert_int_equal(p.n, 0);
    mutex_free(p.lock);
    arena_free(a);
}

static void put(struct office *o, const char *name, int64_t leaves)
{
    char key[32];
    struct job *j;

    (void)snprintf(key, sizeof(key), "key-of-%s", name);
    j = job_new(o, &(struct probe){.name = name, .key = key, .leaves = leaves});
    job_do(o, j);
    OK(j->outcome.err);
    job_free(j);
}

static struct str log_file(struct office *o)
{
    return str_fmt(o->a, "%.*s/keys/log.checkpoint", STR_ARG(o->dir));
}

static void a_stop_signs_and_stores_the_last_root(void **state)
{
    struct office *o = office_of(state);
    struct bytes file;

    office_start(o);
    put(o, "a", 3);
    put(o, "b", 4);
    office_stop(o);
    assert_int_equal(office_number(o, "SELECT MAX(size) AS n FROM checkpoint"), 7);
    OK(file_read(o->a, str_z(o->a, log_file(o)), 10000, &file));
    assert_true(str_find(bytes_str(file), S("log.test/1\n7\n")) == 0);
    /* And it starts again, goes on, and the new root continues the old. */
    office_start(o);
    put(o, "c", 1);
    office_stop(o);
    assert_int_equal(office_number(o, "SELECT MAX(size) AS n FROM checkpoint"), 8);
}

static void a_frontier_that_is_missing_or_behind_is_rebuilt(void **state)
{
    struct office *o = office_of(state);

    office_start(o);
    put(o, "a", 9);
    office_stop(o);
    office_script(o, "DELETE FROM ledger_frontier");
    office_start(o);
    assert_int_equal(o->app.writer->head.frontier.size, 9);
    put(o, "b", 2);
    office_stop(o);
    assert_int_equal(office_number(o, "SELECT size AS n FROM ledger_frontier"), 11);
}

static void a_rolled_back_data_base_is_refused(void **state)
{
    struct office *o = office_of(state);

    office_start(o);
    put(o, "a", 5);
    office_stop(o);
    /* As an old copy would be: the last leaves, frontier and checkpoint are gone; the file is not.
     */
    office_script(o, "DELETE FROM ledger_leaf WHERE leaf_index >= 3; DELETE FROM ledger_frontier;"
                     "DELETE FROM checkpoint");
    FAILS(office_try_start(o), ERR_LEDGER);
    OK(file_remove(o->a, str_z(o->a, log_file(o))));
    office_stop(o);
    office_start(o); /* without the file nobody can tell */
    office_stop(o);
}

static void a_changed_leaf_is_found(void **state)
{
    struct office *o = office_of(state);

    office_start(o);
    put(o, "a", 5);
    office_stop(o);
    office_script(o, o->pg ? "UPDATE ledger_leaf SET leaf = '\\x00'::bytea WHERE leaf_index = 2;"
                             "DELETE FROM ledger_frontier"
                           : "UPDATE ledger_leaf SET leaf = x'00' WHERE leaf_index = 2;"
                             "DELETE FROM ledger_frontier");
    FAILS(office_try_start(o), ERR_LEDGER);
}

static void a_missing_leaf_is_found(void **state)
{
    struct office *o = office_of(state);

    office_start(o);
    put(o, "a", 5);
    office_stop(o);
    office_script(o, "DELETE FROM ledger_leaf WHERE leaf_index = 4");
    FAILS(office_try_start(o), ERR_LEDGER);
}

static void a_new_log_starts_at_nothing(void **state)
{
    struct office *o = office_of(state);

    office_start(o);
    put(o, "a", 5);
    office_stop(o);
    office_script(o, "INSERT INTO setting (office_id, name, value) VALUES (7, 'ledger_log', '2')");
    office_start(o);
    put(o, "b", 1);
    office_stop(o);
    assert_int_equal(office_number(o, "SELECT MAX(size) AS n FROM checkpoint WHERE log = 2"), 1);
    /* Going back to the first log is a roll-back too. */
    office_script(o, "UPDATE setting SET value = '1' WHERE name = 'ledger_log'");
    FAILS(office_try_start(o), ERR_LEDGER);
}

static void an_office_without_origin_does_not_start(void **state)
{
    struct office *o = office_of(state);

    office_script(o, "DELETE FROM setting");
    FAILS(office_try_start(o), ERR_CONF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(checkpoints_verify_and_equal_a_recomputation),
        ON_SQLITE(nothing_new_is_not_signed),
        ON_SQLITE(leaves_that_do_not_continue_end_the_signing),
        BOTH(a_stop_signs_and_stores_the_last_root),
        BOTH(a_frontier_that_is_missing_or_behind_is_rebuilt),
        BOTH(a_rolled_back_data_base_is_refused),
        ON_SQLITE(a_changed_leaf_is_found),
        ON_SQLITE(a_missing_leaf_is_found),
        ON_SQLITE(a_new_log_starts_at_nothing),
        ON_SQLITE(an_office_without_origin_does_not_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
