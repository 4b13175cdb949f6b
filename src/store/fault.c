/* What went wrong in an engine, in the words of the house. */
#include "base/str.h"
#include "store/engine.h"

#include <string.h>

static struct err *fault(struct arena *a, enum err_code code)
{
    if (code == ERR_DB_UNIQUE) {
        return ERROR(a, code, "相同的内容已经存在。", "The same already exists.");
    }
    if (code == ERR_DB_REFERENCED) {
        return ERROR(a, code, "它仍在使用，或所指的记录不存在。",
                     "It is still in use, or it names a record that is not there.");
    }
    if (code == ERR_DB_UNAVAILABLE) {
        return err_hint(ERROR(a, code, "数据库暂时不可用。", "The data base is unavailable."),
                        "请稍候再试。", "Please try again shortly.");
    }
    if (code == ERR_DISK_FULL) {
        return err_hint(ERROR(a, code, "存储已满，未保存。", "Storage is full, nothing was saved."),
                        "请清理磁盘或提高配额后再试。",
                        "Free disk space or raise the quota, then try again.");
    }
    if (code == ERR_LEASE_LOST) {
        return ERROR(a, code, "该大厅已由另一台服务器办理，未保存。",
                     "Another server owns this office now, nothing was saved.");
    }
    if (code == ERR_CHANGED || code == ERR_CONFLICT) {
        return ERROR(a, code, "这条记录刚被别人更新，未保存。",
                     "Somebody just changed this record, nothing was saved.");
    }
    return ERROR(a, code, "数据库未能完成这一步。", "The data base could not do this.");
}

struct err *engine_error(struct arena *a, enum err_code code, const char *what, const char *cause)
{
    return err_cause(fault(a, code), "%s: %s", what, cause);
}

enum err_code fault_of_sqlstate(const char *state)
{
    static const struct {
        const char *prefix;
        enum err_code code;
    } rows[] = {
        {"23505", ERR_DB_UNIQUE},      /* unique_violation */
        {"23503", ERR_DB_REFERENCED},  /* foreign_key_violation */
        {"40", ERR_DB_UNAVAILABLE},    /* rolled back: serialization, deadlock */
        {"53100", ERR_DISK_FULL},      /* disk_full */
        {"53", ERR_DB_UNAVAILABLE},    /* memory, connections */
        {"55P03", ERR_DB_UNAVAILABLE}, /* lock_not_available */
        {"57", ERR_DB_UNAVAILABLE},    /* cancelled, shutting down */
        {"25P03", ERR_DB_UNAVAILABLE}, /* idle in transaction */
        {"08", ERR_DB_UNAVAILABLE},    /* connection */
    };
    for (size_t i = 0; state != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (strncmp(state, rows[i].prefix, strlen(rows[i].prefix)) == 0) {
            return rows[i].code;
        }
    }
    return ERR_DB;
}
