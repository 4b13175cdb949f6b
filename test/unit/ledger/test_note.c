/* Signed notes and checkpoints: byte-exact writing, and strict reading (the list of trust.md 3.12).
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/note.h"
#include "test/unit/base/unit.h"

#include <string.h>

#define DASH "— "

/* The published key of Go's note tests. */
static const char seed_hex[] = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
#define NAME "PeterNeumann"
#define VKEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define TEXT                                                                                       \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n"
#define SIGNATURE                                                                                  \
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
#define NOTE TEXT "\n" DASH NAME " " SIGNATURE "\n"

struct fixture {
    struct arena *arena;
    const unsigned char *seed;
    struct note_key key;
};

static int begin(void **state)
{
    struct arena *a = arena_new(0);
    struct fixture *f = ARENA_NEW(a, struct fixture);
    struct bytes seed;

    f->arena = a;
    if (crypt_init(a) != NULL || !str_unhex(a, str_of(seed_hex), &seed) ||
        note_parse_vkey(a, S(VKEY), &f->key) != NULL) {
        return -1;
    }
    f->seed = seed.p;
    *state = f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;

    arena_free(f->arena);
    return 0;
}

static bool opens(const struct fixture *f, struct str note)
{
    struct str text;

    return note_open(f->arena, note, &f->key, 1, &text) == NULL;
}

static void test_sign(void **state)
{
    struct fixture *f = *state;
    struct str text;

    assert_str(note_vkey(f->arena, S(NAME), f->key.public_key), VKEY);
    assert_str(note_sign(f->arena, S(TEXT), S(NAME), f->seed), NOTE);
    assert_null(note_open(f->arena, S(NOTE), &f->key, 1, &text));
    assert_str(text, TEXT);
}

static void test_shape(void **state)
{
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        TEXT,                                     /* no signature */
        TEXT "\n",                                /* none after the empty line */
        TEXT DASH NAME " " SIGNATURE "\n",        /* no empty line */
        TEXT "\n" DASH NAME " " SIGNATURE,        /* no final newline */
        TEXT "\n" DASH NAME " " SIGNATURE "\n\n", /* an empty line at the end */
        TEXT "\n\n" DASH NAME " " SIGNATURE "\n", /* two empty lines */
        "\n" DASH NAME " " SIGNATURE "\n",        /* no text */
        TEXT "\n" DASH NAME " " SIGNATURE "\r\n", /* carriage return */
        TEXT "\r\n" DASH NAME " " SIGNATURE "\n",
        "a\rb\n\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\n- " NAME " " SIGNATURE "\n",  /* hyphen */
        TEXT "\n– " NAME " " SIGNATURE "\n",  /* en dash */
        TEXT "\n—" NAME " " SIGNATURE "\n",   /* no blank */
        TEXT "\n—  " NAME " " SIGNATURE "\n", /* two blanks */
        TEXT "\n" DASH NAME "  " SIGNATURE "\n",
        TEXT "\n" DASH NAME " " SIGNATURE " \n",
        TEXT "\n " DASH NAME " " SIGNATURE "\n",
        TEXT "\n" DASH NAME "\n", /* no signature in the line */
        TEXT "\n" DASH NAME " \n",
        TEXT "\n" DASH " " SIGNATURE "\n",            /* no name */
        TEXT "\n" DASH NAME " " SIGNATURE "\nmore\n", /* text after the signatures */
        TEXT "\nmore\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\x01\n\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\t\n\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\xFF\n\n" DASH NAME " " SIGNATURE "\n", /* not UTF-8 */
        TEXT "\xED\xA0\x80\n\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\n" DASH "Peter\u00A0Neumann " SIGNATURE "\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\n" DASH "Peter\u3000Neumann " SIGNATURE "\n" DASH NAME " " SIGNATURE "\n",
        TEXT "\n" DASH "Peter+Neumann " SIGNATURE "\n" DASH NAME " " SIGNATURE "\n",
    };

    assert_true(opens(*state, S(NOTE)));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (opens(*state, str_of(bad[i]))) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    assert_false(opens(*state, STR_NONE));
}

/* The signature's base64 must be the one canonical spelling. */
static void test_base64(void **state)
{
    static const char *const bad[] = {
        /* URL alphabet: the '/' of the signature as '_' */
        "x08go_ZJkuBS9UG_"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
        /* padding missing, doubled */
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM",
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM==",
        /* trailing bits that are not zero: M is 12, N is 13 */
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAN=",
        /* a newline inside */
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNI\nuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
        /* a key id alone, and less */
        "x08gow==",
        "x08g",
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(opens(f, str_fmt(f->arena, TEXT "\n" DASH NAME " %s\n", bad[i])));
    }
}

static void test_signatures(void **state)
{
    struct fixture *f = *state;
    unsigned char payload[68] = {0};
    struct str stranger = str_fmt(f->arena, DASH "Stranger %.*s\n",
                                  STR_ARG(str_base64(f->arena, (struct bytes){payload, 68})));
    struct bytes good;

    /* Unknown keys are ignored, but do not count. */
    assert_true(opens(f, str_fmt(f->arena, "%s%.*s", NOTE, STR_ARG(stranger))));
    assert_false(opens(f, str_fmt(f->arena, "%s\n%.*s", TEXT, STR_ARG(stranger))));
    /* The right name with another key id is another key. */
    assert_true(str_unbase64(f->arena, S(SIGNATURE), &good));
    memcpy(payload, good.p, sizeof(payload));
    payload[0] ^= 1;
    struct str other_id = str_base64(f->arena, (struct bytes){payload, 68});
    assert_false(
        opens(f, str_fmt(f->arena, "%s\n%s%s %.*s\n", TEXT, DASH, NAME, STR_ARG(other_id))));
    /* A known key that fails spoils the note, also beside a good line of the same key. */
    payload[0] ^= 1;
    for (size_t i = 4; i < sizeof(payload); i += 9) {
        payload[i] ^= 1;
        struct str wrong = str_base64(f->arena, (struct bytes){payload, 68});
        assert_false(
            opens(f, str_fmt(f->arena, "%s\n%s%s %.*s\n", TEXT, DASH, NAME, STR_ARG(wrong))));
        assert_false(
            opens(f, str_fmt(f->arena, "%s%s%s %.*s\n", NOTE, DASH, NAME, STR_ARG(wrong))));
        payload[i] ^= 1;
    }
    /* Too short or long for Ed25519. */
    struct str longer = str_base64(f->arena, (struct bytes){payload, 67});
    assert_false(opens(f, str_fmt(f->arena, "%s\n%s%s %.*s\n", TEXT, DASH, NAME, STR_ARG(longer))));
    /* The same line twice is one signature. */
    assert_true(opens(f, S(NOTE DASH NAME " " SIGNATURE "\n")));
    /* An altered text, a signature of another text. */
    assert_false(opens(f, S("x" NOTE)));
}

static void test_number_of_signatures(void **state)
{
    static const struct {
        int lines;
        bool ok;
    } cases[] = {{1, true}, {16, true}, {17, true}, {100, true}, {101, false}};
    struct fixture *f = *state;
    const unsigned char payload[68] = {9};
    struct str line = str_fmt(f->arena, DASH "Stranger %.*s\n",
                              STR_ARG(str_base64(f->arena, (struct bytes){payload, 68})));

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b;

        buf_init(&b, f->arena, 0);
        buf_putz(&b, NOTE);
        for (int k = 1; k < cases[i].lines; k++) {
            buf_put(&b, line);
        }
        assert_int_equal(opens(f, buf_str(&b)), cases[i].ok);
    }
}

static void test_text_with_empty_lines(void **state)
{
    struct fixture *f = *state;
    struct str text, note = note_sign(f->arena, S("a\n\nb\n\n— c\n"), S(NAME), f->seed);

    /* Split at the last empty line, so the text may hold others, even one like a signature. */
    assert_null(note_open(f->arena, note, &f->key, 1, &text));
    assert_str(text, "a\n\nb\n\n— c\n");
}

static void test_keys(void **state)
{
    struct fixture *f = *state;
    struct note_key key;
    struct str vkey = S(VKEY);

    for (size_t from = 0; from < vkey.n; from++) {
        for (size_t to = from; to <= vkey.n; to++) {
            if (from > 0 || to < vkey.n) {
                assert_non_null(note_parse_vkey(f->arena, str_sub(vkey, from, to), &key));
            }
        }
    }
    for (size_t i = 0; i < vkey.n; i++) {
        char *bad = arena_alloc(f->arena, vkey.n, 1);

        memcpy(bad, vkey.p, vkey.n);
        bad[i] = (char)(bad[i] + 1);
        assert_non_null(note_parse_vkey(f->arena, (struct str){bad, vkey.n}, &key));
    }
    static const char *const bad[] = {
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* capitals */
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", /* a witness's */
        "Peter\u3000Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_non_null(note_parse_vkey(f->arena, str_of(bad[i]), &key));
    }
    /* A '+' inside the base64 belongs to the key. */
    unsigned char public_key[32];
    memset(public_key, 0xFB, sizeof(public_key));
    struct str plus = note_vkey(f->arena, S("a"), public_key);
    assert_true(str_find(str_sub(plus, 12, plus.n), S("+")) >= 0);
    assert_null(note_parse_vkey(f->arena, plus, &key));
}

/* Trust.md 3.13 D: a checkpoint of size 8 under the name of the centre. */
static void test_checkpoint(void **state)
{
    struct fixture *f = *state;
    struct checkpoint c = {.origin = S("example.com/centre"), .size = 8}, back;
    struct bytes root;
    unsigned char digest[32];

    assert_true(str_unhex(
        f->arena, S("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"), &root));
    memcpy(c.root, root.p, 32);
    struct str text = checkpoint_text(f->arena, &c);
    assert_str(text, "example.com/centre\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n");
    assert_str(note_vkey(f->arena, c.origin, f->key.public_key),
               "example.com/centre+416e961c+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    struct str note = note_sign(f->arena, text, c.origin, f->seed);
    assert_int_equal(note.n, 183);
    crypt_sha256(str_bytes(note), digest);
    assert_str(str_hex(f->arena, (struct bytes){digest, 32}),
               "982b5a094c896030c0bc223cdd47838ac1082b3cc7d48c540b431a345a9cd033");
    assert_null(checkpoint_parse(f->arena, text, &back));
    assert_str(back.origin, "example.com/centre");
    assert_int_equal(back.size, 8);
    assert_memory_equal(back.root, c.root, 32);
}

#define ROOT "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="

static void test_checkpoint_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "o\n8\n",
        "o\n8\n" ROOT,         /* no final newline */
        "\n8\n" ROOT "\n",     /* empty origin */
        "o\np\n8\n" ROOT "\n", /* origin of two lines */
        "o\n\n" ROOT "\n",     /* empty size */
        "o\n007\n" ROOT "\n",
        "o\n+1\n" ROOT "\n",
        "o\n 1\n" ROOT "\n",
        "o\n1 \n" ROOT "\n",
        "o\n-1\n" ROOT "\n",
        "o\n1e3\n" ROOT "\n",
        "o\n9223372036854775808\n" ROOT "\n",            /* 2^63 */
        "o\n18446744073709551616\n" ROOT "\n",           /* 2^64 */
        "o\n123456789012345678901234567890\n" ROOT "\n", /* 30 digits */
        "o\n8\r\n" ROOT "\n",
        "o\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQw==\n", /* 31 bytes */
        "o\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQygA\n", /* 33 bytes */
        "o\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg\n",  /* no padding */
        "o\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz-Nw7_RgQyg=\n", /* URL alphabet */
        "o\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyh=\n", /* trailing bits */
        "o\n8\n" ROOT " \n",
        "o\n8\n" ROOT "\n\n", /* empty extension line */
        "o\n8\n" ROOT "\na\n\nb\n",
        "o\n8\n" ROOT "\na", /* extension without newline */
        "o\xFF\n8\n" ROOT "\n",
        "o\x01\n8\n" ROOT "\n",
    };
    struct fixture *f = *state;
    struct checkpoint c;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (checkpoint_parse(f->arena, str_of(bad[i]), &c) == NULL) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    assert_null(checkpoint_parse(f->arena, S("o\n9223372036854775807\n" ROOT "\n"), &c));
    assert_null(checkpoint_parse(f->arena, S("go.sum database tree\n0\n" ROOT "\n"), &c));
    assert_null(checkpoint_parse(f->arena, S("o\n8\n" ROOT "\na b\nc\n"), &c));
}

static void sign_without_newline(void *arg)
{
    struct fixture *f = arg;

    (void)note_sign(f->arena, S("text"), S(NAME), f->seed);
}

static void sign_with_odd_name(void *arg)
{
    struct fixture *f = arg;

    (void)note_sign(f->arena, S("text\n"), S("two words"), f->seed);
}

static void origin_of_two_lines(void *arg)
{
    struct fixture *f = arg;
    struct checkpoint c = {.origin = S("a\nb")};

    (void)checkpoint_text(f->arena, &c);
}

static void test_misuse(void **state)
{
    assert_dies(sign_without_newline, *state);
    assert_dies(sign_with_odd_name, *state);
    assert_dies(origin_of_two_lines, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_number_of_signatures),
        cmocka_unit_test(test_text_with_empty_lines),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_checkpoint),
        cmocka_unit_test(test_checkpoint_refused),
        cmocka_unit_test(test_misuse),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
