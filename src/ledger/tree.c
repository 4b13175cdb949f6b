/* The tree, without ever building it.
 *
 * Appending works like adding one in binary: a new leaf is a subtree of size 1, and as long as a
 * subtree of the same size stands there, the two join into one of twice the size. The root joins
 * what is left, smallest first. Verification is two loops with a constant stack (trust.md 3.3). */
#include "ledger/tree.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/crypto.h"

#include <string.h>

#define HASH_LEN CRYPT_SHA256_LEN

void tree_leaf_hash(struct bytes leaf, unsigned char ret[32])
{
    static const unsigned char prefix = 0x00;
    const struct bytes parts[] = {{&prefix, 1}, leaf};

    crypt_sha256_parts(parts, COUNT_OF(parts), ret);
}

void tree_node_hash(const unsigned char left[32],
                    const unsigned char right[32],
                    unsigned char ret[32])
{
    unsigned char both[1 + 2 * HASH_LEN];

    /* One block of bytes: `ret` may be `left` or `right`. */
    both[0] = 0x01;
    memcpy(both + 1, left, HASH_LEN);
    memcpy(both + 1 + HASH_LEN, right, HASH_LEN);
    crypt_sha256((struct bytes){both, sizeof(both)}, ret);
}

void frontier_init(struct frontier *f)
{
    memset(f, 0, sizeof(*f));
}

void frontier_add(struct frontier *f, const unsigned char leaf_hash[32])
{
    unsigned char hash[HASH_LEN];
    unsigned level = 0;

    CHECK(f->size < UINT64_MAX);
    memcpy(hash, leaf_hash, HASH_LEN);
    for (; (f->size >> level & 1) != 0; level++) {
        tree_node_hash(f->hash[level], hash, hash);
    }
    memcpy(f->hash[level], hash, HASH_LEN);
    f->size++;
}

void frontier_root(const struct frontier *f, unsigned char ret[32])
{
    unsigned level = 0;

    if (f->size == 0) {
        crypt_sha256((struct bytes){NULL, 0}, ret);
        return;
    }
    while ((f->size >> level & 1) == 0) {
        level++;
    }
    memcpy(ret, f->hash[level], HASH_LEN);
    for (level++; level < 64; level++) {
        if ((f->size >> level & 1) != 0) {
            tree_node_hash(f->hash[level], ret, ret);
        }
    }
}

struct bytes frontier_encode(struct arena *a, const struct frontier *f)
{
    struct buf b;

    buf_init(&b, a, 8 + HASH_LEN * (size_t)__builtin_popcountll(f->size));
    buf_u64(&b, f->size);
    for (unsigned level = 0; level < 64; level++) {
        if ((f->size >> level & 1) != 0) {
            buf_put_bytes(&b, (struct bytes){f->hash[level], HASH_LEN});
        }
    }
    return buf_bytes(&b);
}

bool frontier_decode(struct bytes b, struct frontier *ret)
{
    uint64_t size = 0;

    if (b.n < 8) {
        return false;
    }
    for (int i = 0; i < 8; i++) {
        size = size << 8 | b.p[i];
    }
    if (b.n != 8 + HASH_LEN * (size_t)__builtin_popcountll(size)) {
        return false;
    }
    frontier_init(ret);
    ret->size = size;
    const unsigned char *p = b.p + 8;
    for (unsigned level = 0; level < 64; level++) {
        if ((size >> level & 1) != 0) {
            memcpy(ret->hash[level], p, HASH_LEN);
            p += HASH_LEN;
        }
    }
    return true;
}

void tree_root_range(const unsigned char (*leaf_hashes)[32], size_t n, unsigned char ret[32])
{
    struct frontier f;

    frontier_init(&f);
    for (size_t i = 0; i < n; i++) {
        frontier_add(&f, leaf_hashes[i]);
    }
    frontier_root(&f, ret);
}

/* The two walkers of a proof: position of the node and of the last node, at the same level. */
static void up_while_even(uint64_t *fn, uint64_t *sn)
{
    while ((*fn & 1) == 0 && *fn != 0) {
        *fn >>= 1;
        *sn >>= 1;
    }
}

bool tree_verify_inclusion(uint64_t index,
                           uint64_t size,
                           const unsigned char leaf_hash[32],
                           const unsigned char (*proof)[32],
                           size_t n,
                           const unsigned char root[32])
{
    unsigned char r[HASH_LEN];

    if (index >= size) {
        return false;
    }
    uint64_t fn = index, sn = size - 1;
    memcpy(r, leaf_hash, HASH_LEN);
    for (size_t i = 0; i < n; i++) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1) != 0 || fn == sn) {
            tree_node_hash(proof[i], r, r);
            up_while_even(&fn, &sn);
        } else {
            tree_node_hash(r, proof[i], r);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(r, root, HASH_LEN) == 0;
}

/* from < to, and the proof is not empty. r[0] becomes the old root, r[1] the new one. */
static bool walk_consistency(uint64_t from,
                             uint64_t to,
                             const unsigned char root1[32],
                             const unsigned char (*proof)[32],
                             size_t n,
                             unsigned char r[2][32])
{
    uint64_t fn = from - 1, sn = to - 1;
    bool whole =
        (from & (from - 1)) == 0; /* the old tree is one subtree: its root starts the walk */

    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    memcpy(r[0], whole ? root1 : proof[0], HASH_LEN);
    memcpy(r[1], r[0], HASH_LEN);
    for (size_t i = whole ? 0 : 1; i < n; i++) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1) != 0 || fn == sn) {
            tree_node_hash(proof[i], r[0], r[0]);
            tree_node_hash(proof[i], r[1], r[1]);
            up_while_even(&fn, &sn);
        } else {
            tree_node_hash(r[1], proof[i], r[1]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0;
}

bool tree_verify_consistency(uint64_t from,
                             uint64_t to,
                             const unsigned char root1[32],
                             const unsigned char root2[32],
                             const unsigned char (*proof)[32],
                             size_t n)
{
    unsigned char r[2][HASH_LEN];

    if (from == 0 || from > to) {
        return false;
    }
    if (from == to) {
        return n == 0 && memcmp(root1, root2, HASH_LEN) == 0;
    }
    return n > 0 && walk_consistency(from, to, root1, proof, n, r) &&
           memcmp(r[0], root1, HASH_LEN) == 0 && memcmp(r[1], root2, HASH_LEN) == 0;
}
