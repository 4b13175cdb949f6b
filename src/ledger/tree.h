/* RFC 6962 Merkle tree over leaves, SHA-256. Pure.
 *
 * The frontier holds one hash for each set bit of the size (at most 64), so appending is O(log n)
 * and the root is known without the leaves. An odd last node is never duplicated. */
#ifndef HUHANG_LEDGER_TREE_H
#define HUHANG_LEDGER_TREE_H

#include "base/str.h"

struct arena;

struct frontier {
    uint64_t size;
    unsigned char
        hash[64][32]; /* hash[k]: complete subtree of 2^k leaves, for each set bit k of size */
};

void tree_leaf_hash(struct bytes leaf, unsigned char ret[32]);
void tree_node_hash(const unsigned char left[32],
                    const unsigned char right[32],
                    unsigned char ret[32]);
void frontier_init(struct frontier *f);
void frontier_add(struct frontier *f, const unsigned char leaf_hash[32]);
void frontier_root(const struct frontier *f, unsigned char ret[32]); /* size 0: SHA-256("") */
/* Fixed encoding for storage: u64 size ‖ hashes of the set bits, low bit first. */
struct bytes frontier_encode(struct arena *a, const struct frontier *f);
bool frontier_decode(struct bytes b, struct frontier *ret);
/* Root of n leaf hashes, O(n), constant memory. */
void tree_root_range(const unsigned char (*leaf_hashes)[32], size_t n, unsigned char ret[32]);
/* Verification of proofs, loops of trust.md 3.3. */
bool tree_verify_inclusion(uint64_t index,
                           uint64_t size,
                           const unsigned char leaf_hash[32],
                           const unsigned char (*proof)[32],
                           size_t n,
                           const unsigned char root[32]);
bool tree_verify_consistency(uint64_t from,
                             uint64_t to,
                             const unsigned char root1[32],
                             const unsigned char root2[32],
                             const unsigned char (*proof)[32],
                             size_t n);

#endif
