/* Operation rows of the catalogue. */
#include "app/catalogue/catalogue.h"

#include "app/catalogue/ops.h"
#include "base/check.h"
#include "run/schemas.h"

#define OBJECT "{\"type\":\"object\"}"

/* clang-format off */
static const struct field ITEMS_IN[] = {
    F_TEXT(struct items_in, query, 0, 0, 60, "查找", "Search"),
    F_TEXT(struct items_in, theme, 0, 1, 60, "主题", "Theme"),
    F_CHOICE(struct items_in, object, 0, WORD_OBJECT, "服务对象", "For whom"),
    F_CHOICE(struct items_in, regime, 0, WORD_REGIME, "事项性质", "Regime"),
    F_TEXT(struct items_in, after, 0, 1, 60, "翻页标记", "Cursor"),
    F_ID(struct items_in, unit, 0, "单位", "Unit"),
    F_INT(struct items_in, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
static const struct field CODE_IN[] = {
    F_TEXT(struct code_in, code, FIELD_REQUIRED, 1, 60, "编码", "Code"),
    FIELD_END,
};
static const struct field GUIDE_IN[] = {
    F_TEXT(struct code_in, code, FIELD_REQUIRED, 1, 60, "事项编码", "Item code"),
    F_INT(struct code_in, version, 0, 1, 1000000, "版本", "Version"),
    FIELD_END,
};
static const struct field LIST_IN[] = {
    F_TEXT(struct list_in, query, 0, 0, 60, "查找", "Search"),
    F_CHOICE(struct list_in, status, 0, WORD_STATUS, "状态", "Status"),
    F_TEXT(struct list_in, after, 0, 1, 60, "翻页标记", "Cursor"),
    F_ID(struct list_in, unit, 0, "单位", "Unit"),
    F_INT(struct list_in, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
static const struct field DRAFT_IN[] = {
    F_TEXT(struct draft_in, code, FIELD_REQUIRED, 1, 40, "事项编码", "Item code"),
    F_ID(struct draft_in, unit_id, 0, "承办单位", "Unit"),
    F_JSON(struct draft_in, body, FIELD_REQUIRED, OBJECT, "内容", "Body"),
    FIELD_END,
};
static const struct field MOVE_IN[] = {
    F_TEXT(struct move_in, code, FIELD_REQUIRED, 1, 60, "事项编码", "Item code"),
    F_TEXT(struct move_in, reason, 0, 1, 500, "原因", "Reason"),
    FIELD_END,
};
static const struct field STOP_IN[] = {
    F_TEXT(struct move_in, code, FIELD_REQUIRED, 1, 60, "事项编码", "Item code"),
    F_TEXT(struct move_in, reason, FIELD_REQUIRED, 1, 500, "原因", "Reason"),
    FIELD_END,
};
static const struct field FILE_IN[] = {
    F_JSON(struct file_in, catalogue, FIELD_REQUIRED, OBJECT, "事项目录", "Catalogue"),
    FIELD_END,
};

static const enum err_code ABSENT[] = {ERR_NOT_FOUND, ERR_CODE_MAX};
static const enum err_code CHANGED[] = {ERR_NOT_FOUND, ERR_CHANGED, ERR_CONFLICT, ERR_CODE_MAX};
static const enum err_code PUBLISH[] = {ERR_NOT_FOUND, ERR_CHANGED, ERR_CONFLICT, ERR_PUBLISH_BLOCKED, ERR_CODE_MAX};
static const enum err_code TAKEN[] = {ERR_CONFLICT, ERR_CODE_MAX};
static const enum err_code FILE_ERRORS[] = {ERR_IMPORT, ERR_CODE_MAX};

#define IN(rows, type) .in = rows, .in_size = sizeof(type)
#define READ  .lane = LANE_READ, .flags = OP_JSON_RAW
#define WRITE .lane = LANE_WRITE, .flags = OP_JSON_RAW, .perm = PERM_BUREAU
static const struct op OPS[] = {
    {.name = "item.list", .method = OP_GET, .path = "/items", READ, .perm = PERM_PUBLIC, IN(ITEMS_IN, struct items_in), .fn = items_list, .zh = "查事项", .en = "Find items", .reply_schema = SCHEMA_ROWS_OF("ItemRow")},
    {.name = "item.guide", .method = OP_GET, .path = "/items/{code}", READ, .perm = PERM_PUBLIC, IN(GUIDE_IN, struct code_in), .fn = items_guide, .errors = ABSENT, .zh = "办事指南", .en = "Guide of an item", .reply_schema = SCHEMA_OF("Guide")},
    {.name = "item.themes", .method = OP_GET, .path = "/themes", READ, .perm = PERM_PUBLIC, .fn = items_themes, .zh = "主题", .en = "Themes", .reply_schema = SCHEMA_ROWS_OF("Theme")},
    {.name = "bundle.list", .method = OP_GET, .path = "/bundles", READ, .perm = PERM_PUBLIC, .fn = bundles_list, .zh = "一件事", .en = "Bundles", .reply_schema = SCHEMA_ROWS_OF("BundleRow")},
    {.name = "bundle.get", .method = OP_GET, .path = "/bundles/{code}", READ, .perm = PERM_PUBLIC, IN(CODE_IN, struct code_in), .fn = bundles_get, .errors = ABSENT, .zh = "看一件事", .en = "Read a bundle", .reply_schema = SCHEMA_OF("Bundle")},
    {.name = "bureau.items", .method = OP_GET, .path = "/bureau/items", READ, .perm = PERM_BUREAU, IN(LIST_IN, struct list_in), .fn = bureau_items, .zh = "事项管理", .en = "All items", .reply_schema = SCHEMA_ROWS_OF("BureauItemRow")},
    {.name = "bureau.item", .method = OP_GET, .path = "/bureau/items/{code}", READ, .perm = PERM_BUREAU, IN(CODE_IN, struct code_in), .fn = bureau_item, .errors = ABSENT, .zh = "事项的全部版本", .en = "All versions of an item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "bureau.new_item", .method = OP_POST, .path = "/bureau/items", WRITE, IN(DRAFT_IN, struct draft_in), .fn = bureau_new, .errors = TAKEN, .zh = "新建事项", .en = "New item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "bureau.draft", .method = OP_PUT, .path = "/bureau/items/{code}/draft", WRITE, IN(DRAFT_IN, struct draft_in), .fn = bureau_draft, .errors = CHANGED, .zh = "修改事项草稿", .en = "Edit the draft of an item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "bureau.publish", .method = OP_POST, .path = "/bureau/items/{code}/publish", WRITE, IN(MOVE_IN, struct move_in), .fn = bureau_publish, .errors = PUBLISH, .zh = "发布事项", .en = "Publish an item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "bureau.suspend", .method = OP_POST, .path = "/bureau/items/{code}/suspend", WRITE, IN(STOP_IN, struct move_in), .fn = bureau_suspend, .errors = CHANGED, .zh = "暂停事项", .en = "Suspend an item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "bureau.withdraw", .method = OP_POST, .path = "/bureau/items/{code}/withdraw", WRITE, IN(STOP_IN, struct move_in), .fn = bureau_withdraw, .errors = CHANGED, .zh = "取消事项", .en = "Withdraw an item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "bureau.resume", .method = OP_POST, .path = "/bureau/items/{code}/resume", WRITE, IN(MOVE_IN, struct move_in), .fn = bureau_resume, .errors = CHANGED, .zh = "恢复事项", .en = "Resume an item", .reply_schema = SCHEMA_OF("BureauItem")},
    {.name = "catalogue.preview", .method = OP_POST, .path = "/bureau/catalogue/preview", .lane = LANE_READ, .flags = OP_JSON_RAW | OP_NO_KEY, .perm = PERM_BUREAU, IN(FILE_IN, struct file_in), .fn = file_preview, .errors = FILE_ERRORS, .zh = "预览目录导入", .en = "Preview an import", .reply_schema = SCHEMA_OF("ImportReport")},
    {.name = "catalogue.import", .method = OP_POST, .path = "/bureau/catalogue/import", WRITE, IN(FILE_IN, struct file_in), .fn = file_import, .errors = FILE_ERRORS, .zh = "导入目录", .en = "Import the catalogue", .reply_schema = SCHEMA_OF("ImportReport")},
};
/* clang-format on */

const struct module catalogue_module = {
    .name = "catalogue",
    .ops = OPS,
    .n_ops = COUNT_OF(OPS),
    .start = shelf_load,
    .stop = shelf_stop,
};
