/* Operation rows of the matter capability. */
#include "app/matter/matter.h"

#include "app/matter/ops.h"
#include "base/check.h"
#include "procedure/almanac.h"
#include "run/schemas.h"

#define SCHEMA_OBJECT "{\"type\":\"object\"}"

/* clang-format off */
const struct field MATTER_IN[] = {
    F_ID(struct matter_in, id, FIELD_REQUIRED, "事", "Matter"),
    FIELD_END,
};
const struct field START_IN[] = {
    F_TEXT(struct start_in, kind, 0, 1, 60, "程序", "Kind"),
    F_TEXT(struct start_in, item, 0, 1, 60, "事项编码", "Item code"),
    F_TEXT(struct start_in, act, 0, 1, 60, "动作", "Act"),
    F_TEXT(struct start_in, draft, 0, 6, 6, "草稿码", "Draft code"),
    F_ID(struct start_in, party_id, 0, "申请人", "Party"),
    F_JSON(struct start_in, form, FIELD_REQUIRED, SCHEMA_OBJECT, "表单", "Form"),
    F_INSTANT(struct start_in, occurred_at, 0, "发生时间", "Occurred at"),
    F_TEXT(struct start_in, late_reason, 0, 1, 500, "补录原因", "Reason for recording late"),
    FIELD_END,
};
const struct field ACT_IN[] = {
    F_ID(struct act_in, id, FIELD_REQUIRED, "事", "Matter"),
    F_TEXT(struct act_in, act, FIELD_REQUIRED, 1, 60, "动作", "Act"),
    F_JSON(struct act_in, form, 0, SCHEMA_OBJECT, "表单", "Form"),
    F_INSTANT(struct act_in, occurred_at, 0, "发生时间", "Occurred at"),
    F_TEXT(struct act_in, late_reason, 0, 1, 500, "补录原因", "Reason for recording late"),
    F_INTS(struct act_in, with, 0, 0, 10, "共同办理人", "Together with"),
    FIELD_END,
};
const struct field CLOCK_IN[] = {
    F_ID(struct clock_in, id, FIELD_REQUIRED, "事", "Matter"),
    F_TEXT(struct clock_in, name, FIELD_REQUIRED, 1, 60, "时限", "Clock"),
    FIELD_END,
};
const struct field FORM_IN[] = {
    F_TEXT(struct form_in, kind, FIELD_REQUIRED, 1, 60, "程序", "Kind"),
    F_INT(struct form_in, version, FIELD_REQUIRED, 1, 1000000, "版本", "Version"),
    F_TEXT(struct form_in, act, FIELD_REQUIRED, 1, 60, "动作", "Act"),
    F_ID(struct form_in, matter, 0, "事", "Matter"),
    F_TEXT(struct form_in, item, 0, 1, 60, "事项编码", "Item code"),
    FIELD_END,
};
static const struct choice CLASS_CHOICES[] = {{"open", "办理中", "open"}, {"waiting", "等申请人", "waiting"}, {"closed", "已办结", "closed"}, {NULL, NULL, NULL}};
static const struct choice LIGHT_CHOICES[] = {{"red", "红", "red"}, {"yellow", "黄", "yellow"}, {"green", "绿", "green"}, {"paused", "暂停", "paused"}, {NULL, NULL, NULL}};
const struct field LIST_IN[] = {
    F_TEXT(struct list_in, number, 0, 1, 60, "编号", "Number"),
    F_TEXT(struct list_in, state, 0, 1, 60, "状态", "State"),
    F_CHOICE(struct list_in, class, 0, CLASS_CHOICES, "类别", "Class"),
    F_TEXT(struct list_in, after, 0, 1, 60, "翻页标记", "Cursor"),
    F_TEXT(struct list_in, query, 0, 1, 60, "查找", "Search"),
    F_ID(struct list_in, party, 0, "只看代表这一申请人的（申请人用）", "Only of this party (for applicants)"),
    F_ID(struct list_in, party_id, 0, "申请人", "Party"),
    F_INT(struct list_in, limit, 0, 1, 100, "条数", "Rows"),
    F_BOOL(struct list_in, mine, 0, "我的", "Mine"),
    FIELD_END,
};
const struct field WORK_IN[] = {
    F_TEXT(struct work_in, role, 0, 1, 60, "角色", "Role"),
    F_CHOICE(struct work_in, light, 0, LIGHT_CHOICES, "灯", "Light"),
    F_TEXT(struct work_in, kind, 0, 1, 60, "程序", "Kind"),
    F_TEXT(struct work_in, state, 0, 1, 60, "状态", "State"),
    F_TEXT(struct work_in, query, 0, 1, 60, "查找", "Search"),
    F_TEXT(struct work_in, after, 0, 1, 80, "翻页标记", "Cursor"),
    F_ID(struct work_in, unit, 0, "单位", "Unit"),
    F_INT(struct work_in, limit, 0, 1, 100, "条数", "Rows"),
    FIELD_END,
};
const struct field DRAFT_IN[] = {
    F_TEXT(struct draft_in, code, FIELD_REQUIRED, 6, 6, "草稿码", "Draft code"),
    F_TEXT(struct draft_in, page, 0, 1, 60, "页", "Page"),
    F_ID(struct draft_in, party_id, 0, "申请人", "Party"),
    F_JSON(struct draft_in, form, 0, SCHEMA_OBJECT, "表单", "Form"),
    FIELD_END,
};
static const struct field DRAFT_NEW[] = {
    F_TEXT(struct draft_in, item, FIELD_REQUIRED, 1, 60, "事项编码", "Item code"),
    F_TEXT(struct draft_in, page, 0, 1, 60, "页", "Page"),
    F_ID(struct draft_in, party_id, 0, "申请人", "Party"),
    F_JSON(struct draft_in, form, 0, SCHEMA_OBJECT, "表单", "Form"),
    FIELD_END,
};
static const struct field DRAFT_CODE[] = {
    F_TEXT(struct draft_in, code, FIELD_REQUIRED, 6, 6, "草稿码", "Draft code"),
    FIELD_END,
};
static const struct field DOCUMENT_IN[] = {
    F_ID(struct file_in, id, FIELD_REQUIRED, "文书", "Document"),
    F_INT(struct file_in, download, 0, 0, 1, "下载", "Download"),
    FIELD_END,
};
const struct field FILE_IN[] = {
    F_ID(struct file_in, id, FIELD_REQUIRED, "事", "Matter"),
    F_TEXT(struct file_in, sha256, FIELD_REQUIRED, 64, 64, "文件", "File"),
    F_INT(struct file_in, download, 0, 0, 1, "下载", "Download"),
    FIELD_END,
};
static const struct field UPLOAD_IN[] = {
    F_TEXT(struct upload_in, token, FIELD_REQUIRED, 1, 100, "上传编号", "Upload"),
    FIELD_END,
};
static const struct field UPLOAD_OUT[] = {
    F_TEXT(struct upload_out, token, FIELD_REQUIRED, 0, 0, "上传编号", "Upload"),
    F_TEXT(struct upload_out, name, 0, 0, 0, "文件名", "File name"),
    F_TEXT(struct upload_out, media, 0, 0, 0, "类型", "Type"),
    F_INT(struct upload_out, size, 0, 0, 0, "大小", "Size"),
    F_INT(struct upload_out, offset, 0, 0, 0, "已收到", "Received"),
    F_BOOL(struct upload_out, complete, 0, "传完", "Complete"),
    FIELD_END,
};
const struct field PREVIEW_IN[] = {
    F_ID(struct preview_in, matter, FIELD_REQUIRED, "事", "Matter"),
    F_TEXT(struct preview_in, act, FIELD_REQUIRED, 1, 60, "动作", "Act"),
    F_JSON(struct preview_in, form, 0, SCHEMA_OBJECT, "表单", "Form"),
    FIELD_END,
};

static const enum err_code READ_ERRORS[] = {ERR_MATTER_NOT_FOUND, ERR_CODE_MAX};
static const enum err_code PUBLISH_ERRORS[] = {ERR_MATTER_NOT_FOUND, ERR_CONFLICT, ERR_CODE_MAX};
static const enum err_code UPLOAD_ERRORS[] = {ERR_NOT_FOUND, ERR_UPLOAD_GONE, ERR_UPLOAD_OFFSET, ERR_CODE_MAX};
static const enum err_code ITEM_ERRORS[] = {ERR_MATTER_NOT_FOUND, ERR_NOT_FOUND, ERR_ITEM_NOT_PUBLISHED, ERR_CODE_MAX};
static const enum err_code START_ERRORS[] = {ERR_ITEM_NOT_PUBLISHED, ERR_KIND_UNKNOWN, ERR_NOT_IN_SERVICE, ERR_ACT_NOT_NOW, ERR_ACT_NOT_YOURS,
    ERR_ACT_NEED, ERR_TIME_ORDER, ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_CODE_MAX};
static const enum err_code ACT_ERRORS[] = {ERR_MATTER_NOT_FOUND, ERR_ACT_NOT_NOW, ERR_ACT_NOT_YOURS, ERR_ACT_SEPARATION, ERR_ACT_RECUSED,
    ERR_ACT_NEED, ERR_ACT_USED_UP, ERR_CLOCK_OVER, ERR_TIME_ORDER, ERR_TIME_UNTRUSTED, ERR_CHANGED, ERR_CONFLICT, ERR_CODE_MAX};
static const enum err_code DRAFT_ERRORS[] = {ERR_NOT_FOUND, ERR_CHANGED, ERR_ITEM_NOT_PUBLISHED, ERR_CODE_MAX};
static const enum err_code FILE_ERRORS[] = {ERR_NOT_FOUND, ERR_MATTER_NOT_FOUND, ERR_CODE_MAX};

#define JSON_OP .flags = OP_JSON_RAW
static const struct op OPS[] = {
    {.name = "matter.start", .method = OP_POST, .path = "/matters", .lane = LANE_WRITE, .perm = PERM_MATTER, JSON_OP, .in = START_IN, .in_size = sizeof(struct start_in), .fn = matter_start, .errors = START_ERRORS, .zh = "提交申请", .en = "Start a matter", .reply_schema = SCHEMA_OF("Matter")},
    {.name = "matter.list", .method = OP_GET, .path = "/matters", .lane = LANE_READ, .perm = PERM_SIGNED_IN, JSON_OP, .in = LIST_IN, .in_size = sizeof(struct list_in), .fn = matter_list, .zh = "查件", .en = "List matters", .reply_schema = SCHEMA_ROWS_OF("ListRow")},
    {.name = "matter.get", .method = OP_GET, .path = "/matters/{id}", .lane = LANE_READ, .perm = PERM_MATTER, JSON_OP, .in = MATTER_IN, .in_size = sizeof(struct matter_in), .fn = matter_get, .errors = READ_ERRORS, .zh = "看一件", .en = "Read a matter", .reply_schema = SCHEMA_OF("Matter")},
    {.name = "matter.timeline", .method = OP_GET, .path = "/matters/{id}/acts", .lane = LANE_READ, .perm = PERM_MATTER, JSON_OP, .in = MATTER_IN, .in_size = sizeof(struct matter_in), .fn = matter_timeline, .errors = READ_ERRORS, .zh = "办理经过", .en = "Timeline", .reply_schema = SCHEMA_ROWS_OF("TimelineRow")},
    {.name = "matter.act", .method = OP_POST, .path = "/matters/{id}/acts", .lane = LANE_WRITE, .perm = PERM_MATTER, .flags = OP_JSON_RAW | OP_IF_MATCH, .in = ACT_IN, .in_size = sizeof(struct act_in), .fn = matter_act, .errors = ACT_ERRORS, .zh = "办理", .en = "Act on a matter", .reply_schema = SCHEMA_OF("Matter")},
    {.name = "matter.allowed", .method = OP_GET, .path = "/matters/{id}/acts/allowed", .lane = LANE_READ, .perm = PERM_MATTER, JSON_OP, .in = MATTER_IN, .in_size = sizeof(struct matter_in), .fn = matter_allowed, .errors = READ_ERRORS, .zh = "现在可以办什么", .en = "Acts allowed now", .reply_schema = SCHEMA_OF("Allowed")},
    {.name = "matter.explain", .method = OP_GET, .path = "/matters/{id}/clocks/{name}", .lane = LANE_READ, .perm = PERM_MATTER, JSON_OP, .in = CLOCK_IN, .in_size = sizeof(struct clock_in), .fn = matter_explain, .errors = FILE_ERRORS, .zh = "为什么是这一天", .en = "Why this date", .reply_schema = SCHEMA_OF("ClockWhy")},
    {.name = "matter.publish", .method = OP_POST, .path = "/matters/{id}/publication", .lane = LANE_WRITE, .perm = PERM_ROLES, .roles = PUBLICATION_ROLES, JSON_OP, .in = MATTER_IN, .in_size = sizeof(struct matter_in), .fn = matter_publish, .errors = PUBLISH_ERRORS, .zh = "公示决定", .en = "Publish the decision", .reply_schema = SCHEMA_OF("Matter")},
    {.name = "matter.file", .method = OP_GET, .path = "/matters/{id}/files/{sha256}", .lane = LANE_READ, .perm = PERM_MATTER, JSON_OP, .in = FILE_IN, .in_size = sizeof(struct file_in), .fn = file_get, .errors = FILE_ERRORS, .zh = "看材料", .en = "Read a file", .reply_media = "*/*"},
    {.name = "document.get", .method = OP_GET, .path = "/documents/{id}", .lane = LANE_READ, .perm = PERM_MATTER, JSON_OP, .in = DOCUMENT_IN, .in_size = sizeof(struct file_in), .fn = document_get, .errors = FILE_ERRORS, .zh = "看文书", .en = "Read a letter", .reply_media = "application/pdf"},
    {.name = "upload.get", .method = OP_GET, .path = "/uploads/{token}", .lane = LANE_READ, .perm = PERM_SIGNED_IN, .in = UPLOAD_IN, .in_size = sizeof(struct upload_in), .out = UPLOAD_OUT, .out_size = sizeof(struct upload_out), .fn = upload_get, .errors = UPLOAD_ERRORS, .zh = "看上传", .en = "Read an upload"},
    {.name = "upload.content", .method = OP_GET, .path = "/uploads/{token}/content", .lane = LANE_READ, .perm = PERM_SIGNED_IN, JSON_OP, .in = UPLOAD_IN, .in_size = sizeof(struct upload_in), .fn = upload_content, .errors = UPLOAD_ERRORS, .zh = "看上传的文件", .en = "Read an uploaded file", .reply_media = "*/*"},
    {.name = "letter.preview", .method = OP_POST, .path = "/letters/preview", .lane = LANE_READ, .perm = PERM_STAFF, .flags = OP_JSON_RAW | OP_NO_KEY, .in = PREVIEW_IN, .in_size = sizeof(struct preview_in), .fn = letter_preview, .errors = FILE_ERRORS, .zh = "文书预览", .en = "Preview a letter", .reply_schema = SCHEMA_OF("LetterPreview")},
    {.name = "form.get", .method = OP_GET, .path = "/forms/{kind}/{version}/{act}", .lane = LANE_READ, .perm = PERM_PUBLIC, JSON_OP, .in = FORM_IN, .in_size = sizeof(struct form_in), .fn = form_get, .errors = ITEM_ERRORS, .zh = "表单", .en = "Form of an act", .reply_schema = SCHEMA_OF("ActForm")},
    {.name = "work.list", .method = OP_GET, .path = "/work", .lane = LANE_READ, .perm = PERM_STAFF, JSON_OP, .in = WORK_IN, .in_size = sizeof(struct work_in), .fn = work_list, .zh = "待办", .en = "Worklist", .reply_schema = SCHEMA_ROWS_OF("WorkRow")},
    {.name = "work.counts", .method = OP_GET, .path = "/work/counts", .lane = LANE_READ, .perm = PERM_STAFF, JSON_OP, .fn = work_counts, .zh = "待办数", .en = "Worklist counts", .reply_schema = SCHEMA_ROWS_OF("WorkCount")},
    {.name = "draft.create", .method = OP_POST, .path = "/drafts", .lane = LANE_WRITE, .perm = PERM_SIGNED_IN, JSON_OP, .in = DRAFT_NEW, .in_size = sizeof(struct draft_in), .fn = draft_create, .errors = DRAFT_ERRORS, .zh = "新建草稿", .en = "New draft", .reply_schema = SCHEMA_OF("Draft")},
    {.name = "draft.list", .method = OP_GET, .path = "/drafts", .lane = LANE_READ, .perm = PERM_SIGNED_IN, JSON_OP, .fn = draft_list, .zh = "我的草稿", .en = "My drafts", .reply_schema = SCHEMA_ROWS_OF("Draft")},
    {.name = "draft.get", .method = OP_GET, .path = "/drafts/{code}", .lane = LANE_READ, .perm = PERM_SIGNED_IN, JSON_OP, .in = DRAFT_CODE, .in_size = sizeof(struct draft_in), .fn = draft_get, .errors = DRAFT_ERRORS, .zh = "看草稿", .en = "Read a draft", .reply_schema = SCHEMA_OF("Draft")},
    {.name = "draft.save", .method = OP_PUT, .path = "/drafts/{code}", .lane = LANE_WRITE, .perm = PERM_SIGNED_IN, .flags = OP_JSON_RAW | OP_IF_MATCH, .in = DRAFT_IN, .in_size = sizeof(struct draft_in), .fn = draft_save, .errors = DRAFT_ERRORS, .zh = "保存草稿", .en = "Save a draft", .reply_schema = SCHEMA_OF("Draft")},
    {.name = "draft.delete", .method = OP_DELETE, .path = "/drafts/{code}", .lane = LANE_WRITE, .perm = PERM_SIGNED_IN, .in = DRAFT_CODE, .in_size = sizeof(struct draft_in), .fn = draft_delete, .errors = DRAFT_ERRORS, .zh = "删除草稿", .en = "Delete a draft"},
};
/* clang-format on */

static struct err *load_definitions(struct call *c, void *ctx)
{
    (void)ctx;
    return procedure_start(c);
}

/* Definitions, units and the calendar in memory, before anybody is served. */
static struct err *start(struct call *c)
{
    TRY(unit_run(c, load_definitions, NULL));
    TRY(org_reload(c));
    return almanac_reload(c);
}

const struct module matter_module = {
    .name = "matter",
    .ops = OPS,
    .n_ops = COUNT_OF(OPS),
    .start = start,
    .tick = engine_tick,
};
