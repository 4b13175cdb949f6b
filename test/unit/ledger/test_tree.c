/* The tree: RFC 6962 reference roots, long trees, storage of the frontier, and the 170 published
 * proofs of transparency-dev/merkle, of which most must be refused. */
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/tree.h"
#include "test/unit/ledger/shared.h"

#include <string.h>

static const char *const leaves[] = {"",
                                     "00",
                                     "10",
                                     "2021",
                                     "3031",
                                     "40414243",
                                     "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f"};
static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

static void assert_hash(const unsigned char hash[32], const char *hex)
{
    struct arena *a = arena_new(0);

    assert_str(str_hex(a, (struct bytes){hash, 32}), hex);
    arena_free(a);
}

static void test_hashes(void **state)
{
    unsigned char h[32];

    (void)state;
    tree_leaf_hash(str_bytes(S("L123456")), h);
    assert_hash(h, "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    const struct bytes node[] = {str_bytes(S("\x01")), str_bytes(S("N123")), str_bytes(S("N456"))};
    crypt_sha256_parts(node, 3, h);
    assert_hash(h, "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
}

/* Trust.md 3.13 A, by growing and by the whole. */
static void test_reference_roots(void **state)
{
    struct arena *a = arena_new(0);
    unsigned char hashes[8][32], root[32];
    struct frontier f;

    (void)state;
    frontier_init(&f);
    for (size_t n = 0; n <= 8; n++) {
        frontier_root(&f, root);
        assert_hash(root, roots[n]);
        tree_root_range((const unsigned char(*)[32])hashes, n, root);
        assert_hash(root, roots[n]);
        if (n < 8) {
            struct bytes leaf;

            assert_true(str_unhex(a, str_of(leaves[n]), &leaf));
            tree_leaf_hash(leaf, hashes[n]);
            frontier_add(&f, hashes[n]);
        }
    }
    arena_free(a);
}

/* Trust.md 3.13 D: leaves "leaf 0", "leaf 1", … */
static void test_long_roots(void **state)
{
    static const struct {
        uint64_t size;
        const char *root;
    } cases[] = {
        {1, "1bb97dcc21635d47e2663efdfd0a174686d98dd701352dd2cd06e8b43fd3d305"},
        {2, "fc5f6b88ff8554f75bb2f9e6f39c31b1936d44b69276edf7b1205a955b9761e3"},
        {3, "d4f92c8fbb89720eb3b55677c7d7efaddfeb10d11a1a84a0ba8f1a23337faa95"},
        {100, "13f88915c560dc911a1da0fb209d84a20971051f294ebeb428fb3fc293af2743"},
        {255, "d71592a219d4067663eede247f9b54c3f9e0290682d55de09b495b07f1de41c9"},
        {256, "cf5effdb11d0927a2edf53b0e73c7837f659414e00537da5d90eb5c4c49ff274"},
        {257, "855b936aa00cb98b5114484249ad39d78a6be93623e26c01e8e487dc02184a5a"},
        {65536, "e100ba54d69a91012fc13b7890feac78d6996a097268b6f735d17311c7402a60"},
        {65537, "689b22742cab2adeb36ba622ff2736336464858f5de4a2c02f33bf163e7dca5f"},
        {70000, "da0532ff7b2ee56f4067110fc964e9f27b5959f9527bfff3fa501aa7584deaf3"},
    };
    struct frontier f;
    unsigned char hash[32];

    (void)state;
    frontier_init(&f);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        while (f.size < cases[i].size) {
            char leaf[32];
            int n = snprintf(leaf, sizeof(leaf), "leaf %d", (int)f.size);

            tree_leaf_hash(str_bytes((struct str){leaf, (size_t)n}), hash);
            frontier_add(&f, hash);
        }
        frontier_root(&f, hash);
        assert_hash(hash, cases[i].root);
    }
}

static void test_frontier_storage(void **state)
{
    struct arena *a = arena_new(0);
    unsigned char leaf[32] = {0}, want[32], got[32];
    struct frontier f, back;

    (void)state;
    frontier_init(&f);
    for (int i = 0; i < 70; i++) {
        struct bytes stored = frontier_encode(a, &f);

        assert_int_equal(stored.n, 8 + 32 * __builtin_popcountll(f.size));
        assert_true(frontier_decode(stored, &back));
        assert_int_equal(back.size, f.size);
        frontier_root(&f, want);
        frontier_root(&back, got);
        assert_memory_equal(want, got, 32);
        assert_false(frontier_decode((struct bytes){stored.p, stored.n - 1}, &back));
        leaf[0] = (unsigned char)i;
        frontier_add(&f, leaf);
        frontier_add(&back, leaf);
    }
    assert_false(frontier_decode((struct bytes){NULL, 0}, &back));
    arena_free(a);
}

/* Sizes up to 2^64 - 1 work; one more leaf does not. */
static void add_one_too_many(void *arg)
{
    unsigned char leaf[32] = {0};

    frontier_add(arg, leaf);
}

static void test_largest(void **state)
{
    struct frontier f;
    unsigned char root[32];

    (void)state;
    frontier_init(&f);
    f.size = UINT64_MAX;
    frontier_root(&f, root);
    assert_dies(add_one_too_many, &f);
}

static void unbase64(struct arena *a, struct str text, unsigned char ret[32], bool *ret_fits)
{
    struct bytes b = {NULL, 0};

    *ret_fits = text.p != NULL && str_unbase64(a, text, &b) && b.n == 32;
    if (*ret_fits) {
        memcpy(ret, b.p, 32);
    }
}

/* The proof of a vector; false: a hash of it is not 32 bytes, which our types already refuse. */
static bool proof_of(struct arena *a, const json_t *v, unsigned char (**ret)[32], size_t *ret_n)
{
    const json_t *list = json_object_get(v, "proof");
    bool fits = true;

    *ret_n = json_array_size(list);
    *ret = arena_array(a, *ret_n, 32, 1);
    for (size_t i = 0; i < *ret_n && fits; i++) {
        unbase64(a, str_of(json_string_value(json_array_get(list, i))), (*ret)[i], &fits);
    }
    return fits;
}

/* The huge numbers stand in vectors that must be refused, so their exact value does not matter. */
static uint64_t number_of(const json_t *v, const char *member)
{
    double d = json_real_value(json_object_get(v, member));

    return d < 9007199254740992.0 ? (uint64_t)d : UINT64_MAX;
}

static void test_published_inclusion(void **state)
{
    struct arena *a = arena_new(0);
    json_t *all = shared_json(a, "merkle_testdata_inclusion.json");
    size_t i, accepted = 0;
    const json_t *v;

    (void)state;
    json_array_foreach(all, i, v)
    {
        unsigned char root[32], leaf[32], (*proof)[32];
        bool root_fits, leaf_fits;
        size_t n;

        unbase64(a, shared_text(v, "root"), root, &root_fits);
        unbase64(a, shared_text(v, "leafHash"), leaf, &leaf_fits);
        bool ok = proof_of(a, v, &proof, &n) && root_fits && leaf_fits &&
                  tree_verify_inclusion(number_of(v, "leafIdx"), number_of(v, "treeSize"), leaf,
                                        (const unsigned char(*)[32])proof, n, root);
        if (ok == json_is_true(json_object_get(v, "wantErr"))) {
            fail_msg("%s", json_string_value(json_object_get(v, "_file")));
        }
        accepted += ok;
    }
    assert_true(accepted > 3 && accepted < i / 2);
    json_decref(all);
    arena_free(a);
}

static void test_published_consistency(void **state)
{
    struct arena *a = arena_new(0);
    json_t *all = shared_json(a, "merkle_testdata_consistency.json");
    size_t i, accepted = 0;
    const json_t *v;

    (void)state;
    json_array_foreach(all, i, v)
    {
        unsigned char root1[32], root2[32], (*proof)[32];
        bool fits1, fits2;
        size_t n;

        unbase64(a, shared_text(v, "root1"), root1, &fits1);
        unbase64(a, shared_text(v, "root2"), root2, &fits2);
        bool ok = proof_of(a, v, &proof, &n) && fits1 && fits2 &&
                  tree_verify_consistency(number_of(v, "size1"), number_of(v, "size2"), root1,
                                          root2, (const unsigned char(*)[32])proof, n);
        if (ok == json_is_true(json_object_get(v, "wantErr"))) {
            fail_msg("%s", json_string_value(json_object_get(v, "_file")));
        }
        accepted += ok;
    }
    assert_true(accepted > 3 && accepted < i / 2);
    json_decref(all);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_reference_roots),
        cmocka_unit_test(test_long_roots),
        cmocka_unit_test(test_frontier_storage),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_published_inclusion),
        cmocka_unit_test(test_published_consistency),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
