/* The web pages, embedded in the program (frontend.md 10–11).
 *
 * Names come from a map of what is embedded, so no path can lead outside. A file may have twins
 * NAME.br and NAME.gz, sent to browsers that take them. Files whose name carries a hash never
 * change; all others are revalidated by their tag. A path whose last segment has no dot is a page
 * of the single-page application. */
#include "base/check.h"
#include "base/embed.h"
#include "base/map.h"
#include "crypto/crypto.h"
#include "http/fields.h"
#include "http/inner.h"

enum coding { CODING_NONE, CODING_BR, CODING_GZ, CODING_MAX };

static const struct {
    struct str suffix, name;
} codings[CODING_MAX] = {
    [CODING_NONE] = {S_INIT(""), S_INIT("identity")},
    [CODING_BR] = {S_INIT(".br"), S_INIT("br")},
    [CODING_GZ] = {S_INIT(".gz"), S_INIT("gzip")},
};

struct asset {
    struct bytes body[CODING_MAX]; /* p NULL: no such twin */
    struct str etag[CODING_MAX];
    struct str media;
    bool immutable;
    enum reply_guard guard;
};

struct assets {
    struct map *by_name;
};

/* clang-format off */
static const struct { struct str suffix, media; } medias[] = {
    {S_INIT(".html"), S_INIT("text/html; charset=utf-8")},
    {S_INIT(".js"), S_INIT("text/javascript; charset=utf-8")},
    {S_INIT(".mjs"), S_INIT("text/javascript; charset=utf-8")},
    {S_INIT(".css"), S_INIT("text/css; charset=utf-8")},
    {S_INIT(".json"), S_INIT("application/json")},
    {S_INIT(".map"), S_INIT("application/json")},
    {S_INIT(".webmanifest"), S_INIT("application/manifest+json")},
    {S_INIT(".svg"), S_INIT("image/svg+xml")},
    {S_INIT(".png"), S_INIT("image/png")},
    {S_INIT(".jpg"), S_INIT("image/jpeg")},
    {S_INIT(".webp"), S_INIT("image/webp")},
    {S_INIT(".ico"), S_INIT("image/x-icon")},
    {S_INIT(".woff2"), S_INIT("font/woff2")},
    {S_INIT(".wasm"), S_INIT("application/wasm")},
    {S_INIT(".pdf"), S_INIT("application/pdf")},
    {S_INIT(".txt"), S_INIT("text/plain; charset=utf-8")},
};
/* clang-format on */

static struct str media_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(medias); i++) {
        if (str_ends(name, medias[i].suffix)) {
            return medias[i].media;
        }
    }
    return S("application/octet-stream");
}

/* assets/NAME-HASH.ext, as Vite writes it: eight or more letters, digits, - and _ after a dash. */
static bool is_hashed(struct str name)
{
    size_t end = name.n;
    size_t n = 0;

    if (!str_starts(name, S("assets/"))) {
        return false;
    }
    while (end > 0 && name.p[end - 1] != '.') {
        end--;
    }
    for (size_t i = end > 0 ? end - 1 : 0; i > 0 && name.p[i - 1] != '/'; i--, n++) {
        if (name.p[i - 1] == '-' && n >= 8) {
            return true;
        }
    }
    return false;
}

static enum coding coding_of(struct str name)
{
    for (int c = CODING_BR; c < CODING_MAX; c++) {
        if (str_ends(name, codings[c].suffix)) {
            return (enum coding)c;
        }
    }
    return CODING_NONE;
}

static void put(struct arena *a, struct assets *all, const struct embed_file *f)
{
    struct str name = str_of(f->name);
    enum coding c = coding_of(name);
    struct str plain = str_sub(name, 0, name.n - codings[c].suffix.n);
    struct asset *asset = map_get(all->by_name, plain);
    unsigned char digest[CRYPT_SHA256_LEN];

    if (asset == NULL) {
        asset = ARENA_NEW(a, struct asset);
        asset->media = media_of(plain);
        asset->immutable = is_hashed(plain);
        asset->guard = str_eqz(plain, "report.html") ? GUARD_REPORT : GUARD_PAGE;
        (void)map_put(all->by_name, plain, asset);
    }
    asset->body[c] = (struct bytes){f->p, f->size};
    crypt_sha256(asset->body[c], digest);
    asset->etag[c] = str_hex(a, (struct bytes){digest, 12});
}

struct assets *assets_new(struct arena *a, const struct http_static *files)
{
    struct assets *all = ARENA_NEW(a, struct assets);

    all->by_name = map_new(a);
    for (size_t i = 0; files != NULL && i < files->n; i++) {
        put(a, all, &files->files[i]);
    }
    return all;
}

static const struct asset *find(const struct exchange *x)
{
    const struct target *t = &x->target;
    struct str last = t->seg[t->n_seg - 1];
    struct map *by_name = x->http->assets->by_name;
    const struct asset *asset = map_get(by_name, str_sub(t->path, 1, t->path.n));

    if (asset == NULL && str_find_char(last, '.') < 0) {
        asset = map_get(by_name, S("index.html"));
    }
    return asset != NULL && asset->body[CODING_NONE].p != NULL ? asset : NULL;
}

static enum step static_head(struct exchange *x)
{
    if (exchange_reads(x)) {
        return STEP_MORE;
    }
    x->reply.close = true;
    reply_problem(x,
                  ERROR(x->arena, ERR_METHOD, "此地址只能读取", "This address can only be read"));
    reply_add(x, S("Allow"), S("GET, HEAD"));
    return STEP_REPLY;
}

static enum step static_finish(struct exchange *x)
{
    const struct asset *asset = find(x);
    struct str accept = head_get(&x->head, S("Accept-Encoding"));
    enum coding c = CODING_NONE;

    if (asset == NULL) {
        return exchange_fail(
            x, ERROR(x->arena, ERR_NOT_FOUND, "没有这个页面", "There is no such page"));
    }
    /* A range is of the plain file. */
    for (int k = CODING_BR; k < CODING_MAX && head_get(&x->head, S("Range")).p == NULL; k++) {
        if (c == CODING_NONE && asset->body[k].p != NULL &&
            coding_accepted(accept, codings[k].name)) {
            c = (enum coding)k;
        }
    }
    reply_start(x, 200, asset->guard);
    reply_add(x, S("Vary"), S("Accept-Encoding"));
    reply_add(x, S("Cache-Control"),
              asset->immutable ? S("public, max-age=31536000, immutable") : S("no-cache"));
    if (c != CODING_NONE) {
        reply_add(x, S("Content-Encoding"), codings[c].name);
    }
    reply_body(x, asset->media, asset->etag[c], asset->body[c]);
    return STEP_REPLY;
}

const struct route static_route = {.name = "static", .head = static_head, .finish = static_finish};
