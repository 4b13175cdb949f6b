/* Proofs made from an array of leaf hashes (trust.md 3.2), O(n): for `huhang ledger prove` and the
 * tests. Pure. */
#ifndef HUHANG_LEDGER_PROOF_H
#define HUHANG_LEDGER_PROOF_H

#include <stddef.h>

#define PROOF_MAX 64 /* hashes in a proof */

/* Path from leaf `index` to the root of all n; returns its length. index < n. */
size_t proof_inclusion(const unsigned char (*leaf_hashes)[32],
                       size_t n,
                       size_t index,
                       unsigned char ret[PROOF_MAX][32]);
/* That the tree of the first `from` leaves is a prefix of the tree of all n; 0 < from <= n. */
size_t proof_consistency(const unsigned char (*leaf_hashes)[32],
                         size_t n,
                         size_t from,
                         unsigned char ret[PROOF_MAX][32]);

#endif
