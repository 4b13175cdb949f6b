/* Three keys are derived from the office key, so that no key serves two purposes. What a sealed
 * value is (its context) is authenticated with it: a value moved to another row or field does not
 * open. */
#include "store/seal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "sys/file.h"

#include <string.h>
#include <sys/stat.h>

#define INDEX_LEN 16

static void derive(struct bytes office, const char *purpose, unsigned char ret[CRYPT_KEY_LEN])
{
    struct bytes parts[] = {str_bytes(str_of(purpose))};
    crypt_hmac(office, parts, 1, ret);
}

static struct err *bad_key(struct arena *a, struct str path, const char *zh, const char *en)
{
    struct err *e = ERROR(a, ERR_KEY, "办公密钥文件 %.*s 不能使用。",
                          "The office key file %.*s cannot be used.", STR_ARG(path));
    e->zh = str_fmt(a, "办公密钥文件 %.*s %s。", STR_ARG(path), zh);
    e->en = str_fmt(a, "The office key file %.*s %s.", STR_ARG(path), en);
    return err_hint(e, "请用 $HUHANG_KEY_FILE 指明密钥文件（64 位十六进制，权限 0600）。",
                    "Name the key file with $HUHANG_KEY_FILE (64 hexadecimal digits, mode 0600).");
}

struct err *office_key_load(struct arena *a, struct str path, struct office_key *ret)
{
    struct stat st;
    struct bytes content = {0};
    struct bytes key = {0};
    if (path.n == 0 || stat(str_z(a, path), &st) != 0) {
        return bad_key(a, path, "没有找到", "was not found");
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return bad_key(a, path, "对他人开放，权限应为 0600",
                       "is open to others, its mode must be 0600");
    }
    TRY(file_read(a, str_z(a, path), 256, &content));
    if (!str_unhex(a, str_trim(bytes_str(content)), &key) || key.n != CRYPT_KEY_LEN) {
        return bad_key(a, path, "的内容不是 64 位十六进制", "does not hold 64 hexadecimal digits");
    }
    derive(key, "huhang/office/wrap/1", ret->wrap);
    derive(key, "huhang/office/index/1", ret->index);
    derive(key, "huhang/office/session/1", ret->session);
    return NULL;
}

struct err *office_key_create(struct arena *a, struct str path)
{
    const char *name = str_z(a, path);
    if (file_exists(name)) {
        return bad_key(a, path, "已经存在，不会覆盖", "exists already and is not overwritten");
    }
    unsigned char key[CRYPT_KEY_LEN];
    crypt_random(key, sizeof key);
    struct str hex = str_hex(a, (struct bytes){key, sizeof key});
    crypt_wipe(key, sizeof key);
    return file_write(a, name, str_bytes(str_fmt(a, "%.*s\n", STR_ARG(hex))), 0600);
}

static struct bytes key_context(struct arena *a, int64_t id)
{
    struct buf b;
    buf_init(&b, a, 32);
    buf_putz(&b, "huhang/data-key/1");
    buf_u64(&b, (uint64_t)id);
    return buf_bytes(&b);
}

struct bytes data_key_wrap(struct arena *a, const struct office_key *o, const struct data_key *k)
{
    return crypt_seal(a, o->wrap, key_context(a, k->id), (struct bytes){k->key, sizeof k->key});
}

struct bytes
data_key_new(struct arena *a, const struct office_key *o, int64_t id, struct data_key *ret)
{
    ret->id = id;
    crypt_random(ret->key, sizeof ret->key);
    return data_key_wrap(a, o, ret);
}

struct err *data_key_unwrap(struct arena *a,
                            const struct office_key *o,
                            int64_t id,
                            struct bytes wrapped,
                            struct data_key *ret)
{
    struct bytes key = {0};
    TRY(crypt_open(a, o->wrap, key_context(a, id), wrapped, &key));
    if (key.n != sizeof ret->key) {
        return ERROR(a, ERR_CRYPTO, "数据密钥长度不对。", "A data key has the wrong length.");
    }
    ret->id = id;
    memcpy(ret->key, key.p, sizeof ret->key);
    return NULL;
}

struct bytes
seal_value(struct arena *a, const struct data_key *k, struct str context, struct str plain)
{
    return crypt_seal(a, k->key, str_bytes(context), str_bytes(plain));
}

struct err *seal_open(struct arena *a,
                      const struct data_key *k,
                      struct str context,
                      struct bytes sealed,
                      struct str *ret)
{
    struct bytes plain = {0};
    TRY(crypt_open(a, k->key, str_bytes(context), sealed, &plain));
    *ret = bytes_str(plain);
    return NULL;
}

struct bytes
seal_index(struct arena *a, const struct office_key *o, const char *kind, struct str value)
{
    /* The NUL keeps kind and value apart. */
    struct bytes parts[] = {{(const unsigned char *)kind, strlen(kind) + 1}, str_bytes(value)};
    unsigned char full[CRYPT_SHA256_LEN];
    crypt_hmac((struct bytes){o->index, sizeof o->index}, parts, COUNT_OF(parts), full);
    return bytes_dup(a, (struct bytes){full, INDEX_LEN});
}
