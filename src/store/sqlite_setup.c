/* Settings are asked back after they were made: a build of SQLite without one of them must stop the
 * start, not weaken what we promise. */
#include "store/sqlite_setup.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* clang-format off */
const struct sqlite_setting sqlite_settings[] = {
    {"PRAGMA journal_mode=WAL",             "wal",      SQLITE_FOR_WRITER},
    {"PRAGMA wal_autocheckpoint=0",         "0",        SQLITE_FOR_WRITER}, /* db_checkpoint does it */
    {"PRAGMA journal_size_limit=67108864",  "67108864", SQLITE_FOR_WRITER}, /* cut after a long reader */
    {"PRAGMA journal_mode",                 "wal",      SQLITE_FOR_FILES},
    {"PRAGMA mmap_size=0",                  "0",        SQLITE_FOR_FILES},  /* an I/O error stays an error, not SIGBUS */
    {"PRAGMA synchronous=FULL",             NULL,       SQLITE_FOR_ALL},
    {"PRAGMA synchronous",                  "2",        SQLITE_FOR_ALL},
    {"PRAGMA foreign_keys=ON",              NULL,       SQLITE_FOR_ALL},
    {"PRAGMA foreign_keys",                 "1",        SQLITE_FOR_ALL},
    {"PRAGMA secure_delete=ON",             "1",        SQLITE_FOR_ALL},    /* erased text leaves the file too */
    {"PRAGMA cell_size_check=ON",           NULL,       SQLITE_FOR_ALL},
    {"PRAGMA temp_store=MEMORY",            NULL,       SQLITE_FOR_ALL},    /* no plain text in temporary files */
    {"PRAGMA encoding",                     "UTF-8",    SQLITE_FOR_ALL},
    {NULL, NULL, SQLITE_FOR_ALL},
};
/* clang-format on */

static struct err *not_opened(struct arena *a, const char *path)
{
    int code = errno;
    return err_cause(ERROR(a, ERR_IO, "数据库文件 %s 无法打开。",
                           "The data base file %s cannot be opened.", path),
                     "errno %d", code);
}

struct err *sqlite_create_file(struct arena *a, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return not_opened(a, path);
    }
    close(fd);
    return NULL;
}

struct err *sqlite_sync_file(struct arena *a, const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return not_opened(a, path);
    }
    struct err *e = file_sync(a, fd);
    close(fd);
    return e;
}

enum value_kind sqlite_kind(const char *type)
{
    struct str t = str_of(type);
    if (type == NULL) {
        return VALUE_OTHER;
    }
    if (str_find(t, S("INT")) >= 0) {
        return VALUE_INT;
    }
    if (str_find(t, S("TEXT")) >= 0) {
        return VALUE_TEXT;
    }
    return str_find(t, S("BLOB")) >= 0 ? VALUE_BYTES : VALUE_OTHER;
}
