/* Signed notes, read strictly: what a lenient reader would repair is refused here, so everybody who
 * reads a note of ours reads the same bytes (trust.md 3.7, 3.12).
 *
 * A note is split at its last empty line. Lines of unknown keys are ignored once they are
 * well-formed; a line of a known key must verify, also when the key signed twice. */
#include "ledger/note.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/num.h"
#include "base/utf8.h"
#include "crypto/crypto.h"

#include <string.h>

#define TYPE_ED25519   0x01
#define ID_LEN         4
#define SIGNATURES_MAX 100
#define DASH           "\xE2\x80\x94 " /* em dash and blank */

/* White space as Unicode's property says. */
static bool is_space(uint32_t cp)
{
    return (cp >= 0x09 && cp <= 0x0D) || cp == 0x20 || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
           cp == 0x205F || cp == 0x3000;
}

static bool name_ok(struct str name)
{
    if (name.n == 0 || !utf8_valid(str_bytes(name))) {
        return false;
    }
    for (size_t at = 0; at < name.n;) {
        uint32_t cp = utf8_next(name, &at);

        if (cp < 0x20 || cp == '+' || is_space(cp)) {
            return false;
        }
    }
    return true;
}

/* Valid UTF-8 whose only control character below U+0020 is the newline. */
static bool text_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n') {
            return false;
        }
    }
    return utf8_valid(str_bytes(s));
}

static struct err *malformed(struct arena *a, const char *zh, const char *en)
{
    return ERROR_TEXT(a, ERR_LEDGER, str_fmt(a, "签名文书不合规范：%s。", zh),
                      str_fmt(a, "The note is malformed: %s.", en));
}

void note_key_id(struct str name, const unsigned char public_key[32], unsigned char ret[4])
{
    static const unsigned char middle[] = {'\n', TYPE_ED25519};
    const struct bytes parts[] = {
        str_bytes(name), {middle, sizeof(middle)}, {public_key, CRYPT_PUBLIC_LEN}};
    unsigned char digest[CRYPT_SHA256_LEN];

    crypt_sha256_parts(parts, COUNT_OF(parts), digest);
    memcpy(ret, digest, ID_LEN);
}

struct str note_vkey(struct arena *a, struct str name, const unsigned char public_key[32])
{
    unsigned char id[ID_LEN], typed[1 + CRYPT_PUBLIC_LEN];

    CHECK(name_ok(name));
    note_key_id(name, public_key, id);
    typed[0] = TYPE_ED25519;
    memcpy(typed + 1, public_key, CRYPT_PUBLIC_LEN);
    return str_fmt(a, "%.*s+%.*s+%.*s", STR_ARG(name),
                   STR_ARG(str_hex(a, (struct bytes){id, ID_LEN})),
                   STR_ARG(str_base64(a, (struct bytes){typed, sizeof(typed)})));
}

struct err *note_parse_vkey(struct arena *a, struct str vkey, struct note_key *ret)
{
    struct str rest = vkey;
    struct str name = str_split(&rest, '+'), hex = str_split(&rest, '+');
    struct bytes id, typed;

    /* The base64 part may contain '+' itself, so it is all that is left. */
    if (!name_ok(name) || rest.p == NULL || hex.n != (size_t)2 * ID_LEN ||
        !str_unhex(a, hex, &id) || !str_eq(str_hex(a, id), hex)) {
        return malformed(a, "公钥应为 名称+编号+内容", "a verifier key reads name+id+key");
    }
    if (!str_unbase64(a, rest, &typed) || typed.n != 1 + CRYPT_PUBLIC_LEN ||
        typed.p[0] != TYPE_ED25519) {
        return malformed(a, "只接受 Ed25519 公钥", "only Ed25519 verifier keys are accepted");
    }
    ret->name = str_dup(a, name);
    memcpy(ret->public_key, typed.p + 1, CRYPT_PUBLIC_LEN);
    note_key_id(name, ret->public_key, ret->id);
    if (memcmp(ret->id, id.p, ID_LEN) != 0) {
        return malformed(a, "公钥编号与内容不符", "the key id does not belong to the key");
    }
    return NULL;
}

struct str
note_sign(struct arena *a, struct str text, struct str name, const unsigned char seed[32])
{
    unsigned char payload[ID_LEN + CRYPT_SIG_LEN], public_key[CRYPT_PUBLIC_LEN];

    CHECK(name_ok(name) && text_ok(text) && str_ends(text, S("\n")));
    crypt_sign_public(seed, public_key);
    note_key_id(name, public_key, payload);
    crypt_sign(seed, str_bytes(text), payload + ID_LEN);
    return str_fmt(a, "%.*s\n" DASH "%.*s %.*s\n", STR_ARG(text), STR_ARG(name),
                   STR_ARG(str_base64(a, (struct bytes){payload, sizeof(payload)})));
}

/* The last "\n\n": before its second newline ends the text, after it begin the signatures. */
static bool split_note(struct str note, struct str *ret_text, struct str *ret_lines)
{
    for (size_t i = note.n; i >= 2; i--) {
        if (note.p[i - 1] == '\n' && note.p[i - 2] == '\n') {
            *ret_text = str_sub(note, 0, i - 1);
            *ret_lines = str_sub(note, i, note.n);
            return ret_lines->n > 0;
        }
    }
    return false;
}

struct signature {
    struct str name;
    struct bytes payload; /* key id, then the signature */
};

static bool parse_signature(struct arena *a, struct str line, struct signature *ret)
{
    if (!str_starts(line, S(DASH))) {
        return false;
    }
    struct str rest = str_sub(line, S(DASH).n, line.n);
    ret->name = str_split(&rest, ' ');
    return name_ok(ret->name) && str_unbase64(a, rest, &ret->payload) && ret->payload.n > ID_LEN;
}

/* The key that the line claims, or NULL. */
static const struct note_key *
claimed_key(const struct note_key *keys, size_t n, const struct signature *s)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(keys[i].name, s->name) && memcmp(keys[i].id, s->payload.p, ID_LEN) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

static bool verifies(const struct note_key *key, struct str text, const struct signature *s)
{
    return s->payload.n == ID_LEN + CRYPT_SIG_LEN &&
           crypt_verify(key->public_key, str_bytes(text), s->payload.p + ID_LEN);
}

struct err *note_open(
    struct arena *a, struct str note, const struct note_key *keys, size_t n, struct str *ret_text)
{
    struct str text, rest;
    bool verified = false;

    if (!text_ok(note) || !str_ends(note, S("\n"))) {
        return malformed(a, "须为 UTF-8 文本并以换行结束",
                         "it must be UTF-8 text that ends in a newline");
    }
    if (!split_note(note, &text, &rest)) {
        return malformed(a, "没有空行后的签名", "no signatures after an empty line");
    }
    for (size_t lines = 1; rest.n > 0; lines++) {
        struct signature s;

        if (lines > SIGNATURES_MAX) {
            return malformed(a, "签名多于 100 个", "more than 100 signatures");
        }
        if (!parse_signature(a, str_split(&rest, '\n'), &s)) {
            return malformed(a, "签名行格式不对", "a signature line has the wrong form");
        }
        const struct note_key *key = claimed_key(keys, n, &s);
        if (key != NULL && !verifies(key, text, &s)) {
            return ERROR(a, ERR_LEDGER, "%.*s 的签名不对，内容可能被改动。",
                         "The signature of %.*s is wrong; the text may have been altered.",
                         STR_ARG(s.name));
        }
        verified = verified || key != NULL;
    }
    if (!verified) {
        return ERROR(a, ERR_LEDGER, "没有可信的签名。", "No trusted signature.");
    }
    *ret_text = str_dup(a, text);
    return NULL;
}

struct str checkpoint_text(struct arena *a, const struct checkpoint *c)
{
    CHECK(c->origin.n > 0 && str_find_char(c->origin, '\n') < 0 && text_ok(c->origin));
    CHECK(c->size <= INT64_MAX);
    return str_fmt(a, "%.*s\n%llu\n%.*s\n", STR_ARG(c->origin), (unsigned long long)c->size,
                   STR_ARG(str_base64(a, (struct bytes){c->root, sizeof(c->root)})));
}

struct err *checkpoint_parse(struct arena *a, struct str text, struct checkpoint *ret)
{
    struct str rest = text;
    struct str origin = str_split(&rest, '\n');
    struct str size = str_split(&rest, '\n');
    struct str root_text = str_split(&rest, '\n');
    struct bytes root;

    if (!text_ok(text) || !str_ends(text, S("\n")) || rest.p == NULL || origin.n == 0) {
        return malformed(a, "检查点应有来源、大小、根三行",
                         "a checkpoint has origin, size and root lines");
    }
    if (!num_parse_u64(size, INT64_MAX, &ret->size)) {
        return malformed(a, "检查点的大小不对", "the checkpoint's size is wrong");
    }
    if (!str_unbase64(a, root_text, &root) || root.n != sizeof(ret->root)) {
        return malformed(a, "检查点的根不是 32 字节",
                         "the checkpoint's root is not 32 bytes in base64");
    }
    while (rest.n > 0) {
        if (str_split(&rest, '\n').n == 0) {
            return malformed(a, "检查点有空的扩展行", "the checkpoint has an empty extension line");
        }
    }
    ret->origin = str_dup(a, origin);
    memcpy(ret->root, root.p, sizeof(ret->root));
    return NULL;
}
