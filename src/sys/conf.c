/* Settings from one table. Each source writes over the weaker ones; every fault of every source is
 * collected into one error, so an operator repairs the file once. A fault names where it stands:
 * the line of the file, the variable or the command line. */
#include "sys/conf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/num.h"
#include "base/utf8.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)256 << 10)

enum kind { TEXT, COUNT, FLAG };

static bool ok_any(struct str s)
{
    return s.p != NULL;
}

static bool ok_db(struct str s)
{
    return s.n == 0 || str_starts(s, S("postgresql://")) || str_starts(s, S("postgres://"));
}

/* address:port, the port from 0 (chosen by the system) to 65535; an IPv6 address in brackets. */
static bool ok_listen(struct str s)
{
    size_t colon = s.n;
    int64_t port;

    while (colon > 0 && s.p[colon - 1] != ':') {
        colon--;
    }
    struct str host = str_sub(s, 0, colon == 0 ? 0 : colon - 1);
    bool bracketed = str_starts(host, S("[")) && str_ends(host, S("]"));
    return host.n > 0 && (bracketed || str_find_char(host, ':') < 0) &&
           num_parse(str_sub(s, colon, s.n), 0, 65535, &port);
}

static bool ok_origin(struct str s)
{
    struct str rest = STR_NONE;

    if (s.n == 0) {
        return true;
    }
    if (str_starts(s, S("https://"))) {
        rest = str_sub(s, 8, s.n);
    } else if (str_starts(s, S("http://"))) {
        rest = str_sub(s, 7, s.n);
    }
    return rest.n > 0 && str_find_char(rest, '/') < 0 && str_find_char(rest, ' ') < 0;
}

struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *fallback;
    int64_t min, max;       /* COUNT */
    bool (*ok)(struct str); /* TEXT */
    const char *zh, *en;
};

#define AT(member) offsetof(struct conf, member)

/* clang-format off */
static const struct row rows[] = {
    {"db",               TEXT,  AT(db),               "", 0, 0, ok_db,
     "数据库；空为数据目录中的 SQLite，否则 postgresql://…", "database; empty: SQLite in the data folder, else postgresql://…"},
    {"listen",           TEXT,  AT(listen),           "127.0.0.1:8080", 0, 0, ok_listen,
     "监听地址:端口", "address:port to listen on"},
    {"origin",           TEXT,  AT(origin),           "", 0, 0, ok_origin,
     "对外网址，如 https://hall.example.cn，用于二维码和 Cookie；空则取自请求", "public origin for QR codes and cookies; empty: from the request"},
    {"key_file",         TEXT,  AT(key_file),         "", 0, 0, ok_any,
     "大厅密钥文件，须在数据目录之外", "office key file, outside the data folder"},
    {"tls_cert",         TEXT,  AT(tls_cert),         "", 0, 0, ok_any,
     "TLS 证书（PEM）；空为不加密，由前置代理负责", "TLS certificate (PEM); empty: plain HTTP behind a proxy"},
    {"tls_key",          TEXT,  AT(tls_key),          "", 0, 0, ok_any,
     "TLS 私钥（PEM）", "TLS private key (PEM)"},
    {"procedures",       TEXT,  AT(procedures),       "", 0, 0, ok_any,
     "代替内置程序定义的目录", "folder of definitions used instead of the built-in ones"},
    {"read_threads",     COUNT, AT(read_threads),     "2", 1, 64, NULL,
     "读线程数", "threads that read"},
    {"slow_threads",     COUNT, AT(slow_threads),     "2", 1, 16, NULL,
     "慢任务线程数（文书、导出、口令）", "threads for letters, exports and passwords"},
    {"http_threads",     COUNT, AT(http_threads),     "2", 2, 64, NULL,
     "网络线程数", "network threads"},
    {"batch_max",        COUNT, AT(batch_max),        "32", 1, 64, NULL,
     "一次提交的最多写入数", "most writes in one commit"},
    {"body_max_bytes",   COUNT, AT(body_max_bytes),   "1048576", 1024, 16777216, NULL,
     "请求正文上限（字节）", "largest request body in bytes"},
    {"upload_max_bytes", COUNT, AT(upload_max_bytes), "52428800", 1024, 4294967296, NULL,
     "单个上传文件上限（字节）", "largest uploaded file in bytes"},
    {"connections_max",  COUNT, AT(connections_max),  "4000", 16, 100000, NULL,
     "最多同时连接数", "most connections at once"},
    {"session_idle_min", COUNT, AT(session_idle_min), "30", 1, 1440, NULL,
     "无操作多少分钟后须重新登录", "minutes without use until a session ends"},
    {"lock_out_after",   COUNT, AT(lock_out_after),   "5", 3, 100, NULL,
     "连续多少次口令错误后锁定", "failed sign-ins until an account is locked"},
    {"lock_out_min",     COUNT, AT(lock_out_min),     "15", 1, 1440, NULL,
     "锁定多少分钟", "minutes an account stays locked"},
    {"draw_letters",     FLAG,  AT(draw_letters),     "yes", 0, 0, NULL,
     "是否排印文书；停下时待印的留着，恢复后补印", "whether letters are drawn; those that wait meanwhile are drawn when it is on again"},
    {"registrations_per_hour", COUNT, AT(registrations_per_hour), "30", 1, 100000, NULL,
     "同一网络地址每小时最多注册几次", "registrations an hour from one network address"},
    {"events_keep_hours", COUNT, AT(events_keep_hours), "72", 1, 8760, NULL,
     "页面断线后可补收多少小时内的更新通知（Last-Event-ID）", "hours of events that a page can catch up on (Last-Event-ID)"},
    {"secure_cookies",   FLAG,  AT(secure_cookies),   "", 0, 0, NULL,
     "Cookie 只走 HTTPS；空则在网址为 https 或有证书时开启", "cookies over HTTPS only; empty: on when the origin is https or a certificate is set"},
};
/* clang-format on */

struct load {
    struct arena *arena;
    struct conf *conf;
    struct err *faults; /* NULL until the first */
    bool secure_said;
};

static void fault(struct load *l, struct str name, struct str zh, struct str en)
{
    if (l->faults == NULL) {
        l->faults = ERROR(l->arena, ERR_CONF, "有设置项不对，见各项说明。",
                          "Some settings are wrong, see each.");
    }
    struct str pointer = str_fmt(l->arena, "/%.*s", STR_ARG(name));
    l->faults = err_field(l->faults, pointer, "setting", zh, en);
}

static const struct row *find_row(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (str_eqz(name, rows[i].name)) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool parse_flag(struct str s, bool *ret)
{
    if (str_eqz(s, "yes") || str_eqz(s, "true") || str_eqz(s, "1")) {
        *ret = true;
        return true;
    }
    *ret = false;
    return str_eqz(s, "no") || str_eqz(s, "false") || str_eqz(s, "0");
}

/* Stores a checked value in the member of the row; false: the value does not fit. */
static bool store(struct load *l, const struct row *row, struct str value)
{
    void *member = (char *)l->conf + row->offset;

    switch (row->kind) {
    case TEXT:
        if (!row->ok(value)) {
            return false;
        }
        *(struct str *)member = str_dup(l->arena, value);
        return true;
    case COUNT:
        return num_parse(value, row->min, row->max, (int64_t *)member);
    case FLAG:
        if (value.n == 0) {
            return true; /* decided by the other settings */
        }
        l->secure_said |= member == &l->conf->secure_cookies;
        return parse_flag(value, (bool *)member);
    }
    UNREACHABLE();
}

/* `where_zh` and `where_en` say where the setting stands. */
static void
set(struct load *l, struct str name, struct str value, struct str where_zh, struct str where_en)
{
    const struct row *row = find_row(name);
    struct str zh, en;

    if (row != NULL && store(l, row, value)) {
        return;
    }
    if (row == NULL) {
        zh = str_fmt(l->arena, "%.*s：没有名为 %.*s 的设置", STR_ARG(where_zh), STR_ARG(name));
        en = str_fmt(l->arena, "%.*s: no setting is called %.*s", STR_ARG(where_en), STR_ARG(name));
    } else if (row->kind == COUNT) {
        zh = str_fmt(l->arena, "%.*s：须为 %lld 到 %lld 的整数", STR_ARG(where_zh),
                     (long long)row->min, (long long)row->max);
        en = str_fmt(l->arena, "%.*s: must be a whole number from %lld to %lld", STR_ARG(where_en),
                     (long long)row->min, (long long)row->max);
    } else {
        zh = str_fmt(l->arena, "%.*s：值不对（%s）", STR_ARG(where_zh),
                     row->kind == FLAG ? "须为 yes 或 no" : row->zh);
        en = str_fmt(l->arena, "%.*s: wrong value (%s)", STR_ARG(where_en),
                     row->kind == FLAG ? "must be yes or no" : row->en);
    }
    fault(l, name, zh, en);
}

static void set_line(struct load *l, struct str line, struct str where_zh, struct str where_en)
{
    struct str rest = line;
    struct str name = str_trim(str_split(&rest, '='));

    if (rest.p == NULL) {
        fault(l, name, str_fmt(l->arena, "%.*s：应写成 名称=值", STR_ARG(where_zh)),
              str_fmt(l->arena, "%.*s: must read name=value", STR_ARG(where_en)));
        return;
    }
    set(l, name, str_trim(rest), where_zh, where_en);
}

static struct err *from_file(struct load *l, struct str data_dir)
{
    struct bytes content;
    struct str path = str_fmt(l->arena, "%.*s/huhang.conf", STR_ARG(data_dir));

    if (!file_exists(path.p)) {
        return NULL;
    }
    TRY(file_read(l->arena, path.p, FILE_MAX_BYTES, &content));
    if (!utf8_valid(content)) {
        return ERROR(l->arena, ERR_CONF, "%s 不是 UTF-8 文本。", "%s is not UTF-8 text.", path.p);
    }
    struct str rest = bytes_str(content);
    for (int number = 1; rest.p != NULL; number++) {
        struct str line = str_trim(str_split(&rest, '\n'));

        if (line.n > 0 && line.p[0] != '#') {
            set_line(l, line, str_fmt(l->arena, "huhang.conf 第 %d 行", number),
                     str_fmt(l->arena, "huhang.conf line %d", number));
        }
    }
    return NULL;
}

/* read_threads → HUHANG_READ_THREADS */
static const char *variable_of(struct arena *a, const char *name)
{
    struct buf b;

    buf_init(&b, a, 0);
    buf_putz(&b, "HUHANG_");
    for (const char *c = name; *c != '\0'; c++) {
        buf_putc(&b, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    }
    return buf_str(&b).p;
}

static void from_environment(struct load *l)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *variable = variable_of(l->arena, rows[i].name);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): settings are read before there are threads */
        struct str value = str_of(getenv(variable));
        struct str where_zh = str_fmt(l->arena, "环境变量 %s", variable);
        struct str where_en = str_fmt(l->arena, "environment %s", variable);

        if (value.p != NULL && !utf8_valid(str_bytes(value))) {
            fault(l, str_of(rows[i].name), where_zh, where_en);
        } else if (value.p != NULL) {
            set(l, str_of(rows[i].name), str_trim(value), where_zh, where_en);
        }
    }
}

static void check_together(struct load *l)
{
    struct conf *c = l->conf;

    if ((c->tls_cert.n > 0) != (c->tls_key.n > 0)) {
        fault(l, S("tls_key"), S("tls_cert 与 tls_key 须同时设置"),
              S("tls_cert and tls_key go together"));
    }
    if (!l->secure_said) {
        c->secure_cookies = c->tls_cert.n > 0 || str_starts(c->origin, S("https://"));
    }
}

struct err *conf_load(
    struct arena *a, struct str data_dir, const struct str *overrides, size_t n, struct conf *ret)
{
    struct load l = {.arena = a, .conf = ret};

    *ret = (struct conf){.data = str_dup(a, data_dir)};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK(store(&l, &rows[i], str_of(rows[i].fallback)));
    }
    TRY(from_file(&l, data_dir));
    from_environment(&l);
    for (size_t i = 0; i < n; i++) {
        set_line(&l, overrides[i], S("命令行"), S("command line"));
    }
    check_together(&l);
    return l.faults;
}

struct str conf_doc(struct arena *a)
{
    struct buf b;

    buf_init(&b, a, 4096);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];

        buf_fmt(&b, "%s = %s\n", row->name, row->fallback);
        if (row->kind == COUNT) {
            buf_fmt(&b, "    %lld … %lld\n", (long long)row->min, (long long)row->max);
        } else if (row->kind == FLAG) {
            buf_putz(&b, "    yes, no\n");
        }
        buf_fmt(&b, "    %s\n    %s\n    %s\n", row->zh, row->en, variable_of(a, row->name));
    }
    return buf_str(&b);
}
