/* Numbers arrive as text and are parsed strictly; NUMERIC is what sum() makes of BIGINT. A
 * comparison is `boolean` here and 0 or 1 on SQLite: both become an integer. */
#include "store/pg_text.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/num.h"

#include <inttypes.h>

#define IDLE_IN_TRANSACTION_MS 30000

unsigned pg_type(enum value_kind kind)
{
    switch (kind) {
    case VALUE_INT:
        return PG_INT8;
    case VALUE_BYTES:
        return PG_BYTEA;
    case VALUE_TEXT:
    case VALUE_NULL:
    case VALUE_OTHER:
        break;
    }
    return PG_TEXT;
}

enum value_kind pg_kind(unsigned type)
{
    switch (type) {
    case PG_BOOL:
    case PG_INT2:
    case PG_INT4:
    case PG_INT8:
    case PG_NUMERIC:
        return VALUE_INT;
    case PG_TEXT:
    case PG_VARCHAR:
        return VALUE_TEXT;
    case PG_BYTEA:
        return VALUE_BYTES;
    default:
        return VALUE_OTHER;
    }
}

struct value pg_value(struct arena *a, unsigned type, struct str text)
{
    struct value v = {.kind = pg_kind(type)};
    if (type == PG_BOOL) {
        v.i = str_eqz(text, "t") ? 1 : 0;
    } else if (v.kind == VALUE_INT) {
        if (!num_parse(text, INT64_MIN, INT64_MAX, &v.i)) {
            v.kind = VALUE_OTHER;
        }
    } else if (v.kind == VALUE_BYTES) {
        if (!str_starts(text, S("\\x")) || !str_unhex(a, str_sub(text, 2, text.n), &v.b)) {
            v.kind = VALUE_OTHER;
        }
    } else {
        v.b = str_bytes(text);
    }
    return v;
}

void pg_put_int(int64_t v, char ret[8])
{
    uint64_t u = (uint64_t)v;
    for (int i = 7; i >= 0; i--) {
        ret[i] = (char)(u & 0xff);
        u >>= 8;
    }
}

struct str pg_setup_sql(struct arena *a, const struct db_options *o)
{
    return str_fmt(a,
                   "SET TimeZone = 'UTC'; SET standard_conforming_strings = on;"
                   "SET bytea_output = hex; SET default_transaction_isolation = 'read committed';"
                   "SET default_transaction_read_only = %s; SET statement_timeout = %" PRId64 ";"
                   "SET idle_in_transaction_session_timeout = %d",
                   o->write ? "off" : "on", o->statement_timeout_ms, IDLE_IN_TRANSACTION_MS);
}

const char *pg_verify_sql(void)
{
    return "SELECT name, setting FROM pg_settings WHERE name IN ('client_encoding',"
           "'server_encoding', 'TimeZone', 'standard_conforming_strings', 'bytea_output',"
           "'statement_timeout', 'idle_in_transaction_session_timeout', 'fsync',"
           "'full_page_writes', 'synchronous_commit', 'server_version_num') "
           "UNION ALL SELECT 'collation', CASE WHEN datlocprovider = 'c' THEN datcollate ELSE "
           "'icu' END"
           " FROM pg_database WHERE datname = current_database()";
}

static bool one_of(struct str value, const char *const *values)
{
    while (*values != NULL && !str_eqz(value, *values)) {
        values++;
    }
    return *values != NULL;
}

static bool as_needed(const struct db_options *o, struct str name, struct str value)
{
    /* clang-format off */
    static const struct {
        const char *name;
        const char *values[5];
    } rows[] = {
        {"client_encoding",             {"UTF8"}},
        {"server_encoding",             {"UTF8"}},
        {"TimeZone",                    {"UTC", "Etc/UTC"}},
        {"standard_conforming_strings", {"on"}},
        {"bytea_output",                {"hex"}},
        {"fsync",                       {"on"}},
        {"full_page_writes",            {"on"}},
        {"synchronous_commit",          {"on", "local", "remote_write", "remote_apply"}},
        {"collation",                   {"C", "POSIX", "C.UTF-8", "C.utf8"}},
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (str_eqz(name, rows[i].name)) {
            return one_of(value, rows[i].values);
        }
    }
    int64_t number = 0;
    bool is_number = num_parse(value, 0, INT64_MAX, &number);
    if (str_eqz(name, "server_version_num")) {
        return is_number && number >= 150000;
    }
    int64_t wanted =
        str_eqz(name, "statement_timeout") ? o->statement_timeout_ms : IDLE_IN_TRANSACTION_MS;
    return is_number && number == wanted;
}

struct err *
pg_verify(struct arena *a, const struct db_options *o, struct str name, struct str value)
{
    if (as_needed(o, name, value)) {
        return NULL;
    }
    return err_hint(ERROR(a, ERR_CONF, "PostgreSQL 的 %.*s 为 %.*s，不能这样使用。",
                          "PostgreSQL has %.*s = %.*s, which cannot be used.", STR_ARG(name),
                          STR_ARG(value)),
                    "请按运维手册设置：fsync、full_page_writes、synchronous_commit 开启，UTF8，C "
                    "排序，15 版以上。",
                    "Set it as the operations manual says: fsync, full_page_writes and "
                    "synchronous_commit on, UTF8, collation C, version 15 or later.");
}
