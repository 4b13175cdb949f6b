/* Leaves are read in pages through an arena of their own, so a log of any length fits the memory.
 */
#include "run/ledger_head.h"

#include "base/arena.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "ledger/note.h"
#include "sys/file.h"

#include <string.h>

#define PAGE_LEAVES    4096
#define NOTE_MAX_BYTES 65536

struct head_args {
    int64_t office_id, log, from, page;
    struct str name;
};

struct setting_row {
    struct str value;
};

struct index_row {
    int64_t leaf_index;
};

struct leaf_row {
    int64_t leaf_index;
    struct bytes leaf;
};

struct frontier_row {
    struct bytes frontier;
};

struct note_row {
    struct str note;
};

/* clang-format off */
static const struct field head_args_rows[] = {
    F_INT(struct head_args, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct head_args, log, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct head_args, from, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct head_args, page, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct head_args, name, 0, 0, 100, NULL, NULL),
    FIELD_END,
};
static const struct field setting_rows[] = {F_TEXT(struct setting_row, value, 0, 0, 1000, NULL, NULL), FIELD_END};
static const struct field index_rows[] = {F_INT(struct index_row, leaf_index, 0, 0, INT64_MAX, NULL, NULL), FIELD_END};
static const struct field leaf_rows[] = {
    F_INT(struct leaf_row, leaf_index, 0, 0, INT64_MAX, NULL, NULL),
    F_BYTES(struct leaf_row, leaf, 0),
    FIELD_END,
};
static const struct field frontier_rows[] = {F_BYTES(struct frontier_row, frontier, 0), FIELD_END};
static const struct field note_rows[] = {F_TEXT(struct note_row, note, 0, 0, NOTE_MAX_BYTES, NULL, NULL), FIELD_END};
/* clang-format on */

STMT(SETTING,
     "run.setting",
     head_args_rows,
     setting_rows,
     struct setting_row,
     "SELECT value FROM setting WHERE office_id = :office_id AND name = :name");
STMT(LAST_LEAF,
     "run.last_leaf",
     head_args_rows,
     index_rows,
     struct index_row,
     "SELECT leaf_index FROM ledger_leaf WHERE office_id = :office_id AND log = :log"
     " ORDER BY leaf_index DESC LIMIT 1");
STMT(LEAVES,
     "run.leaves",
     head_args_rows,
     leaf_rows,
     struct leaf_row,
     "SELECT leaf_index, leaf FROM ledger_leaf WHERE office_id = :office_id AND log = :log"
     " AND leaf_index >= :from ORDER BY leaf_index LIMIT :page");
STMT(FRONTIER,
     "run.frontier",
     head_args_rows,
     frontier_rows,
     struct frontier_row,
     "SELECT frontier FROM ledger_frontier WHERE office_id = :office_id AND log = :log");
STMT(LAST_CHECKPOINT,
     "run.last_checkpoint",
     head_args_rows,
     note_rows,
     struct note_row,
     "SELECT note FROM checkpoint WHERE office_id = :office_id AND log = :log"
     " ORDER BY size DESC LIMIT 1");

static struct err *
setting(struct db *d, struct arena *a, int64_t office_id, const char *name, struct str *ret)
{
    struct head_args args = {.office_id = office_id, .name = str_of(name)};
    struct setting_row row = {.value = STR_NONE};
    bool found;

    *ret = STR_NONE;
    TRY(db_one(d, a, &SETTING, &args, &row, &found));
    *ret = found ? row.value : STR_NONE;
    return NULL;
}

struct err *
ledger_origin(struct db *d, struct arena *a, int64_t office_id, int64_t log, struct str *ret)
{
    struct str origin;

    TRY(setting(d, a, office_id, "ledger_origin", &origin));
    if (origin.n == 0) {
        return err_hint(ERROR(a, ERR_CONF, "本大厅没有设置存证账本的名称（ledger_origin）",
                              "The office has no name for its ledger (setting ledger_origin)"),
                        "请先运行 huhang init", "Run huhang init first");
    }
    *ret = str_fmt(a, "%.*s/%lld", STR_ARG(origin), (long long)log);
    return NULL;
}

static struct err *broken(struct arena *a, uint64_t index, const char *zh, const char *en)
{
    unsigned long long n = index;
    struct err *e = ERROR_TEXT(a, ERR_LEDGER, str_fmt(a, "存证账本第 %llu 条：%s", n, zh),
                               str_fmt(a, "Ledger, leaf %llu: %s", n, en));

    return err_hint(
        e, "请用备份恢复（将开始新的账本），不要继续使用这个数据库",
        "Restore from a backup (that starts a new log); do not go on with this data base");
}

static struct err *
check_marks(struct arena *a, const struct frontier *f, const struct ledger_mark *marks, size_t n)
{
    unsigned char root[32];

    for (size_t i = 0; i < n; i++) {
        if (marks[i].size == f->size) {
            frontier_root(f, root);
            if (memcmp(root, marks[i].root, sizeof(root)) != 0) {
                return broken(a, f->size, "与已公布的检查点不符，记录被改动过",
                              "it does not match the published checkpoint; records were changed");
            }
        }
    }
    return NULL;
}

static struct err *rebuild_page(struct db *d,
                                struct arena *page,
                                struct head_args *args,
                                const struct ledger_mark *marks,
                                size_t n_marks,
                                struct frontier *f)
{
    struct list rows;
    unsigned char hash[32];

    TRY(db_all(d, page, &LEAVES, args, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct leaf_row *row = (const struct leaf_row *)rows.p + i;

        if (row->leaf_index != args->from) {
            return broken(page, f->size, "缺少这一条", "it is missing");
        }
        args->from++;
        tree_leaf_hash(row->leaf, hash);
        frontier_add(f, hash);
        TRY(check_marks(page, f, marks, n_marks));
    }
    args->page = (int64_t)rows.n;
    return NULL;
}

/* A copy of an error that lives in another arena. */
static struct err *err_move(struct arena *a, const struct err *e)
{
    struct err *copy = ERROR_TEXT(a, e->code, e->zh, e->en);

    copy->hint_zh = str_dup(a, e->hint_zh);
    copy->hint_en = str_dup(a, e->hint_en);
    copy->cause = str_dup(a, e->cause);
    return copy;
}

struct err *ledger_rebuild(struct db *d,
                           struct arena *a,
                           int64_t office_id,
                           int64_t log,
                           const struct ledger_marks *marks,
                           struct frontier *ret)
{
    struct head_args args = {.office_id = office_id, .log = log};
    struct arena *page = arena_new(0);
    size_t n_marks = marks == NULL ? 0 : marks->n;
    const struct ledger_mark *mark = marks == NULL ? NULL : marks->mark;
    struct err *e = NULL;

    frontier_init(ret);
    do {
        arena_reset(page);
        args.page = PAGE_LEAVES;
        e = rebuild_page(d, page, &args, mark, n_marks, ret);
    } while (e == NULL && args.page == PAGE_LEAVES);
    if (e != NULL) {
        e = err_move(a, e);
    }
    arena_free(page);
    for (size_t i = 0; i < n_marks && e == NULL; i++) {
        if (mark[i].size > ret->size) {
            e = broken(a, ret->size, "已公布的检查点比数据库新，数据库被退回过",
                       "a published checkpoint is newer than the data base, which was rolled back");
        }
    }
    return e;
}

struct err *ledger_hashes(
    struct db *d, struct arena *a, int64_t office_id, int64_t log, uint64_t from, struct bytes *ret)
{
    struct head_args args = {
        .office_id = office_id, .log = log, .from = (int64_t)from, .page = INT64_MAX};
    struct list rows;
    unsigned char(*hash)[32];

    TRY(db_all(d, a, &LEAVES, &args, &rows));
    hash = arena_array(a, rows.n, sizeof(*hash), 1);
    for (size_t i = 0; i < rows.n; i++) {
        tree_leaf_hash(((const struct leaf_row *)rows.p + i)->leaf, hash[i]);
    }
    *ret = (struct bytes){(const unsigned char *)hash, rows.n * sizeof(*hash)};
    return NULL;
}

struct err *
ledger_head_load(struct db *d, struct arena *a, int64_t office_id, struct ledger_head *ret)
{
    struct head_args args = {.office_id = office_id};
    struct index_row last = {.leaf_index = -1};
    struct frontier_row stored = {.frontier = {NULL, 0}};
    struct str log;
    bool has_leaf, has_frontier;

    TRY(setting(d, a, office_id, "ledger_log", &log));
    ret->log = 1;
    if (log.n > 0 && !num_parse(log, 1, INT32_MAX, &ret->log)) {
        return ERROR(a, ERR_CONF, "设置 ledger_log 不是序号",
                     "The setting ledger_log is no number");
    }
    args.log = ret->log;
    TRY(db_one(d, a, &LAST_LEAF, &args, &last, &has_leaf));
    TRY(db_one(d, a, &FRONTIER, &args, &stored, &has_frontier));
    frontier_init(&ret->frontier);
    if (has_frontier && !frontier_decode(stored.frontier, &ret->frontier)) {
        has_frontier = false;
    }
    uint64_t leaves = has_leaf ? (uint64_t)last.leaf_index + 1 : 0;
    if (has_frontier && ret->frontier.size > leaves) {
        return broken(a, leaves, "账本末尾缺少记录", "leaves are missing at the end");
    }
    if (ret->frontier.size == leaves) {
        return NULL;
    }
    return ledger_rebuild(d, a, office_id, ret->log, NULL, &ret->frontier);
}

/* What a note of ours is held against. */
struct our_log {
    struct note_key key;
    struct str base; /* origin without the log's number */
    int64_t log;
};

/* Adds the checkpoint behind a note of ours; one of an earlier log says nothing. */
static struct err *
read_note(struct arena *a, const struct our_log *our, struct str note, struct ledger_marks *ret)
{
    struct checkpoint cp;
    struct str text;
    struct note_key named = our->key;
    int64_t number;

    named.name =
        str_sub(note, 0, (size_t)(str_find_char(note, '\n') < 0 ? 0 : str_find_char(note, '\n')));
    note_key_id(named.name, named.public_key, named.id);
    TRY(note_open(a, note, &named, 1, &text));
    TRY(checkpoint_parse(a, text, &cp));
    if (!str_starts(cp.origin, our->base) ||
        !num_parse(str_sub(cp.origin, our->base.n, cp.origin.n), 1, INT32_MAX, &number)) {
        return ERROR(a, ERR_LEDGER, "检查点属于另一个账本",
                     "The checkpoint belongs to another log");
    }
    if (number > our->log) {
        return broken(a, cp.size, "已公布的检查点属于更新的账本",
                      "a published checkpoint belongs to a newer log");
    }
    if (number == our->log) {
        struct ledger_mark *mark = &ret->mark[ret->n++];
        mark->size = cp.size;
        memcpy(mark->root, cp.root, sizeof(mark->root));
    }
    return NULL;
}

struct str ledger_file(struct arena *a, const struct conf *conf)
{
    return conf->data.n == 0 ? STR_NONE
                             : str_fmt(a, "%.*s/keys/log.checkpoint", STR_ARG(conf->data));
}

/* The notes published so far: of the table and of the file. */
static struct err *read_marks(struct app *app,
                              struct db *d,
                              struct arena *a,
                              int64_t log,
                              struct str file_path,
                              struct ledger_marks *ret)
{
    struct head_args args = {.office_id = app->office_id, .log = log};
    struct note_row row = {.note = STR_NONE};
    struct our_log our = {.log = log};
    struct str origin;
    struct bytes file;
    bool found = false;

    *ret = (struct ledger_marks){0};
    crypt_sign_public(app->log_seed, our.key.public_key);
    TRY(ledger_origin(d, a, app->office_id, log, &origin));
    while (origin.n > 0 && origin.p[origin.n - 1] != '/') {
        origin.n--;
    }
    our.base = origin;
    TRY(db_one(d, a, &LAST_CHECKPOINT, &args, &row, &found));
    if (found) {
        TRY(read_note(a, &our, row.note, ret));
    }
    if (file_path.p != NULL && file_exists(str_z(a, file_path))) {
        TRY(file_read(a, str_z(a, file_path), NOTE_MAX_BYTES, &file));
        TRY(read_note(a, &our, bytes_str(file), ret));
    }
    return NULL;
}

struct err *ledger_head_check(struct app *app,
                              struct db *d,
                              struct arena *a,
                              const struct ledger_head *head,
                              struct str file_path,
                              uint64_t *ret_signed_size)
{
    struct ledger_marks marks;
    struct frontier rebuilt;
    bool at_head = true;

    *ret_signed_size = 0;
    TRY(read_marks(app, d, a, head->log, file_path, &marks));
    for (size_t i = 0; i < marks.n; i++) {
        uint64_t size = marks.mark[i].size;

        at_head = at_head && size == head->frontier.size;
        *ret_signed_size = size > *ret_signed_size ? size : *ret_signed_size;
    }
    if (marks.n > 0 && at_head) {
        return check_marks(a, &head->frontier, marks.mark, marks.n);
    }
    /* The stored frontier has no published root of its own yet: recompute all. */
    TRY(ledger_rebuild(d, a, app->office_id, head->log, &marks, &rebuilt));
    marks.mark[0].size = rebuilt.size;
    frontier_root(&rebuilt, marks.mark[0].root);
    return check_marks(a, &head->frontier, marks.mark, 1);
}
