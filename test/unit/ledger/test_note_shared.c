/* Notes of other implementations (Go's note tests, C2SP, Tessera): opened, signed and refused as
 * their own tests say. */
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/note.h"
#include "test/unit/ledger/shared.h"

#include <string.h>

#define KEYS_MAX 8

static size_t keys_of(struct arena *a, const json_t *v, struct note_key keys[KEYS_MAX])
{
    const json_t *list = json_object_get(v, "vkeys"), *one;
    size_t i, n = 0;

    json_array_foreach(list, i, one)
    {
        assert_true(n < KEYS_MAX);
        assert_null(note_parse_vkey(a, str_of(json_string_value(one)), &keys[n++]));
    }
    return n;
}

static void test_open(void **state)
{
    struct arena *a = arena_new(0);
    json_t *all = shared_json(a, "signed_note.json");
    const json_t *v;
    size_t i, checkpoints = 0;

    (void)state;
    json_array_foreach(json_object_get(all, "open"), i, v)
    {
        struct note_key keys[KEYS_MAX];
        struct bytes note;
        struct str text;
        struct checkpoint c;
        size_t n = keys_of(a, v, keys);

        assert_true(str_unbase64(a, shared_text(v, "note_base64"), &note));
        bool ok = note_open(a, bytes_str(note), keys, n, &text) == NULL;
        if (ok != json_is_true(json_object_get(v, "want_ok"))) {
            fail_msg("%s", json_string_value(json_object_get(v, "desc")));
        }
        checkpoints += ok && checkpoint_parse(a, text, &c) == NULL;
    }
    assert_int_equal(checkpoints, 16); /* the Tessera log, sizes 0 to 15 */
    json_decref(all);
    arena_free(a);
}

static void test_verifier_keys(void **state)
{
    struct arena *a = arena_new(0);
    json_t *all = shared_json(a, "signed_note.json");
    const json_t *v;
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(all, "verifier_keys"), i, v)
    {
        struct note_key key;
        struct str vkey = shared_text(v, "vkey");
        /* A cosigner's key (type 4) is valid elsewhere; ours are Ed25519 note keys only. */
        bool want = json_is_true(json_object_get(v, "ok")) && !str_starts(vkey, S("remora."));

        assert_int_equal(note_parse_vkey(a, vkey, &key) == NULL, want);
        if (want) {
            assert_true(str_eq(note_vkey(a, key.name, key.public_key), vkey));
        }
    }
    json_decref(all);
    arena_free(a);
}

/* A private key of Go reads PRIVATE+KEY+name+id+base64(0x01 ‖ seed). */
static void test_sign(void **state)
{
    struct arena *a = arena_new(0);
    json_t *all = shared_json(a, "signed_note.json");
    const json_t *v;
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(all, "sign"), i, v)
    {
        struct str rest = str_sub(shared_text(v, "skey"), strlen("PRIVATE+KEY+"), SIZE_MAX);
        struct str name = str_split(&rest, '+');
        struct bytes secret;

        (void)str_split(&rest, '+');
        assert_true(str_unbase64(a, rest, &secret) && secret.n == 33);
        struct str note = note_sign(a, shared_text(v, "text"), name, secret.p + 1);
        assert_true(str_ends(note, shared_text(v, "signature_line")));
    }
    assert_int_equal(i, 2);
    json_decref(all);
    arena_free(a);
}

/* Those that are accepted elsewhere carry roots that are not 32 bytes; ours must be. */
static void test_checkpoint_bodies(void **state)
{
    struct arena *a = arena_new(0);
    json_t *all = shared_json(a, "checkpoint_and_proof_parsing.json");
    const json_t *v;
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(all, "checkpoint_body"), i, v)
    {
        struct checkpoint c;
        struct bytes root = {NULL, 0};
        bool fits = str_unbase64(a, shared_text(v, "hash_base64"), &root) && root.n == 32;
        bool want = fits && json_is_true(json_object_get(v, "ok"));

        assert_int_equal(checkpoint_parse(a, shared_text(v, "text"), &c) == NULL, want);
    }
    assert_true(i > 5);
    json_decref(all);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_verifier_keys),
        cmocka_unit_test(test_sign),
        cmocka_unit_test(test_checkpoint_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
