/* Making proofs. The recursion of RFC 6962 goes down one side only, so it is a loop: the hashes
 * come out from the root downward and are turned round at the end. */
#include "ledger/proof.h"

#include "base/check.h"
#include "ledger/tree.h"

#include <string.h>

/* The largest power of two below n; n > 1. */
static size_t split_of(size_t n)
{
    return (size_t)1 << (63 - __builtin_clzll((unsigned long long)n - 1));
}

static void turn_round(unsigned char list[PROOF_MAX][32], size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        unsigned char t[32];

        memcpy(t, list[i], 32);
        memcpy(list[i], list[n - 1 - i], 32);
        memcpy(list[n - 1 - i], t, 32);
    }
}

size_t proof_inclusion(const unsigned char (*leaf_hashes)[32],
                       size_t n,
                       size_t index,
                       unsigned char ret[PROOF_MAX][32])
{
    size_t count = 0;

    CHECK(index < n);
    while (n > 1) {
        size_t k = split_of(n);

        if (index < k) {
            tree_root_range(leaf_hashes + k, n - k, ret[count++]);
            n = k;
        } else {
            tree_root_range(leaf_hashes, k, ret[count++]);
            leaf_hashes += k;
            index -= k;
            n -= k;
        }
    }
    turn_round(ret, count);
    return count;
}

size_t proof_consistency(const unsigned char (*leaf_hashes)[32],
                         size_t n,
                         size_t from,
                         unsigned char ret[PROOF_MAX][32])
{
    size_t count = 0;
    bool complete = true; /* the verifier knows this subtree's root: it is the old root itself */

    CHECK(from > 0 && from <= n);
    while (from < n) {
        size_t k = split_of(n);

        if (from <= k) {
            tree_root_range(leaf_hashes + k, n - k, ret[count++]);
            n = k;
        } else {
            tree_root_range(leaf_hashes, k, ret[count++]);
            leaf_hashes += k;
            from -= k;
            n -= k;
            complete = false;
        }
    }
    if (!complete) {
        tree_root_range(leaf_hashes, n, ret[count++]);
    }
    turn_round(ret, count);
    return count;
}
