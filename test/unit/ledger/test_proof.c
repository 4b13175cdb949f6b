/* Proofs made here verify here, for every leaf and every pair of sizes of small trees, and never
 * for a neighbour, a shorter or longer list, or an altered hash; and they equal the published ones.
 */
#include "base/arena.h"
#include "base/check.h"
#include "ledger/proof.h"
#include "ledger/tree.h"
#include "test/unit/base/unit.h"

#include <string.h>

#define N 40

static unsigned char hashes[N][32];
#define HASHES ((const unsigned char(*)[32])hashes)

static int make_leaves(void **state)
{
    (void)state;
    for (int i = 0; i < N; i++) {
        unsigned char leaf = (unsigned char)i;

        tree_leaf_hash((struct bytes){&leaf, 1}, hashes[i]);
    }
    return 0;
}

static void test_inclusion(void **state)
{
    unsigned char root[32], proof[PROOF_MAX][32];
    const unsigned char(*p)[32] = (const unsigned char(*)[32])proof;

    (void)state;
    memset(proof, 0, sizeof(proof));
    for (size_t n = 1; n <= N; n++) {
        tree_root_range(HASHES, n, root);
        for (size_t i = 0; i < n; i++) {
            size_t len = proof_inclusion(HASHES, n, i, proof);

            assert_true(tree_verify_inclusion(i, n, hashes[i], p, len, root));
            assert_false(tree_verify_inclusion(i ^ 1, n, hashes[i], p, len, root));
            assert_false(tree_verify_inclusion(n, n, hashes[i], p, len, root));
            assert_false(tree_verify_inclusion(i, n, hashes[i], p, len + 1, root));
            assert_false(tree_verify_inclusion(i, n, hashes[(i + 1) % N], p, len, root));
            if (len > 0) {
                assert_false(tree_verify_inclusion(i, n, hashes[i], p, len - 1, root));
                proof[len / 2][5] ^= 1;
                assert_false(tree_verify_inclusion(i, n, hashes[i], p, len, root));
            }
        }
    }
}

static void test_consistency(void **state)
{
    unsigned char old_root[32], root[32], proof[PROOF_MAX][32];
    const unsigned char(*p)[32] = (const unsigned char(*)[32])proof;

    (void)state;
    memset(proof, 0, sizeof(proof));
    for (size_t n = 1; n <= N; n++) {
        tree_root_range(HASHES, n, root);
        for (size_t m = 1; m <= n; m++) {
            size_t len = proof_consistency(HASHES, n, m, proof);

            tree_root_range(HASHES, m, old_root);
            assert_true(tree_verify_consistency(m, n, old_root, root, p, len));
            assert_false(tree_verify_consistency(0, n, old_root, root, p, len));
            assert_false(tree_verify_consistency(n + 1, n, old_root, root, p, len));
            assert_false(tree_verify_consistency(m, n, old_root, root, p, len + 1));
            if (len > 0) {
                assert_false(tree_verify_consistency(m, n, root, root, p, len));
                assert_false(tree_verify_consistency(m, n, old_root, old_root, p, len));
                assert_false(tree_verify_consistency(m, n, old_root, root, p, len - 1));
                proof[len / 2][31] ^= 0x80;
                assert_false(tree_verify_consistency(m, n, old_root, root, p, len));
            }
        }
    }
}

/* A proof of a larger tree must not pass for a smaller one with the larger one's root. */
static void test_claimed_size_counts(void **state)
{
    unsigned char root[32], old_root[32], proof[PROOF_MAX][32];
    const unsigned char(*p)[32] = (const unsigned char(*)[32])proof;

    (void)state;
    tree_root_range(HASHES, 2, root);
    size_t n = proof_inclusion(HASHES, 2, 1, proof);
    assert_true(tree_verify_inclusion(1, 2, hashes[1], p, n, root));
    assert_false(tree_verify_inclusion(0, 1, hashes[1], p, n, root));
    tree_root_range(HASHES, 7, old_root);
    tree_root_range(HASHES, 8, root);
    n = proof_consistency(HASHES, 8, 7, proof);
    assert_true(tree_verify_consistency(7, 8, old_root, root, p, n));
    assert_false(tree_verify_consistency(3, 4, old_root, root, p, n));
}

static void assert_list(unsigned char list[PROOF_MAX][32], size_t n, const char *hex)
{
    struct arena *a = arena_new(0);

    assert_str(str_hex(a, (struct bytes){list[0], 32 * n}), hex);
    arena_free(a);
}

/* Trust.md 3.13 A. */
static void test_published(void **state)
{
    static const char *const leaves[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
    struct arena *a = arena_new(0);
    unsigned char reference[8][32], list[PROOF_MAX][32];
    const unsigned char(*r)[32] = (const unsigned char(*)[32])reference;

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct bytes leaf;

        assert_true(str_unhex(a, str_of(leaves[i]), &leaf));
        tree_leaf_hash(leaf, reference[i]);
    }
    assert_int_equal(proof_inclusion(r, 1, 0, list), 0);
    assert_int_equal(proof_inclusion(r, 8, 5, list), 3);
    assert_list(list, 3,
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assert_int_equal(proof_inclusion(r, 3, 2, list), 1);
    assert_list(list, 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assert_int_equal(proof_consistency(r, 1, 1, list), 0);
    assert_int_equal(proof_consistency(r, 8, 6, list), 3);
    assert_list(list, 3,
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assert_int_equal(proof_consistency(r, 7, 3, list), 4);
    assert_list(list, 4,
                "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"
                "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
                "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e");
    assert_int_equal(proof_consistency(r, 7, 4, list), 1);
    assert_list(list, 1, "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e");
    arena_free(a);
}

static void leaf_outside(void *arg)
{
    (void)proof_inclusion(HASHES, 3, 3, arg);
}

static void from_nothing(void *arg)
{
    (void)proof_consistency(HASHES, 3, 0, arg);
}

static void test_misuse(void **state)
{
    unsigned char list[PROOF_MAX][32];

    (void)state;
    assert_dies(leaf_outside, list);
    assert_dies(from_nothing, list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inclusion),
        cmocka_unit_test(test_consistency),
        cmocka_unit_test(test_claimed_size_counts),
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_misuse),
    };

    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
