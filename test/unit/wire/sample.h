/* A struct with a field of every kind, its rows, and one document that fills it. */
#ifndef HUHANG_TEST_WIRE_SAMPLE_H
#define HUHANG_TEST_WIRE_SAMPLE_H

#include "wire/field.h"

struct sample_part {
    struct str code;
    int64_t copies;
    struct list notes;
};

struct sample {
    struct str title, remark, from, mode;
    int64_t count, party_id, fee, at;
    bool agreed;
    struct bytes sealed;
    struct jval extra;
    struct list parts, tags, days;
    struct sample_part *main_part;
};

static const struct choice sample_modes[] = {
    {"normal", "普通", "Normal"},
    {"deferral", "容缺", "Deferral"},
    {.value = NULL},
};

/* clang-format off */
static const struct field sample_part_rows[] = {
    F_TEXT(struct sample_part, code, FIELD_REQUIRED, 1, 20, "材料编号", "Code"),
    F_INT(struct sample_part, copies, 0, 0, 99, "份数", "Copies"),
    F_TEXTS(struct sample_part, notes, FIELD_OMIT, 0, 3, "备注", "Notes"),
    FIELD_END,
};

static const struct field sample_rows[] = {
    F_TEXT(struct sample, title, FIELD_REQUIRED | FIELD_NFC, 1, 10, "事项名称", "Title"),
    F_TEXT(struct sample, remark, FIELD_OMIT | FIELD_MULTILINE, 0, 200, "说明", "Remark"),
    F_DATE(struct sample, from, FIELD_REQUIRED, "开始日期", "From"),
    F_CHOICE(struct sample, mode, 0, sample_modes, "受理方式", "Mode"),
    F_INT(struct sample, count, 0, -5, 100, "数量", "Count"),
    F_ID(struct sample, party_id, FIELD_REQUIRED, "申请人", "Party"),
    F_MONEY(struct sample, fee, 0, "费用", "Fee"),
    F_INSTANT(struct sample, at, 0, "时刻", "At"),
    F_BOOL(struct sample, agreed, 0, "同意", "Agreed"),
    F_BYTES(struct sample, sealed, 0),
    F_JSON(struct sample, extra, FIELD_OMIT, "{\"type\":\"object\"}", "附加", "Extra"),
    F_LIST(struct sample, parts, FIELD_REQUIRED, 1, 3, sample_part_rows, struct sample_part, "材料", "Parts"),
    F_TEXTS(struct sample, tags, 0, 0, 0, "标签", "Tags"),
    F_INTS(struct sample, days, FIELD_OMIT, 0, 2, "日子", "Days"),
    F_OBJECT(struct sample, main_part, 0, sample_part_rows, struct sample_part, "主件", "Main part"),
    FIELD_END,
};
/* clang-format on */

#define SAMPLE_FULL                                                                                \
    "{\"title\":\"申请\\\"居住\",\"remark\":\"一\\n二\",\"from\":\"2024-02-29\",\"mode\":"         \
    "\"deferral\","                                                                                \
    "\"count\":-5,\"party_id\":9007199254740992,\"fee\":12050,"                                    \
    "\"at\":\"2026-03-02T09:30:00.000+08:00\",\"agreed\":true,\"extra\":{\"k\":[1,null]},"         \
    "\"parts\":[{\"code\":\"01\",\"copies\":2,\"notes\":[\"原件\"]},"                              \
    "{\"code\":\"02\",\"copies\":null}],\"tags\":[\"甲\",\"乙\"],\"days\":[1,2],"                  \
    "\"main_part\":{\"code\":\"00\",\"copies\":1}}"
/* Only what is required, as it is written back. */
#define SAMPLE_LEAST                                                                               \
    "{\"title\":\"办\",\"from\":\"2026-03-02\",\"mode\":null,\"count\":null,\"party_id\":1,"       \
    "\"fee\":null,\"at\":null,\"agreed\":false,\"parts\":[{\"code\":\"1\",\"copies\":0}],"         \
    "\"tags\":null,\"main_part\":null}"

#endif
