/* Names that nobody bears and numbers that are nobody's (cast.h). */
#include "app/demo/cast.h"

#include "base/check.h"
#include "civil/date.h"
#include "civil/ident.h"

/* A division that was never given out. */
#define NOWHERE "519901"

struct syllable {
    const char *zh, *pinyin;
};

/* clang-format off */
static const struct syllable SURNAMES[] = {
    {"周", "zhou"}, {"何", "he"}, {"林", "lin"}, {"程", "cheng"}, {"罗", "luo"}, {"邓", "deng"}, {"唐", "tang"}, {"蒋", "jiang"},
    {"杨", "yang"}, {"谢", "xie"}, {"冯", "feng"}, {"余", "yu"}, {"苏", "su"}, {"魏", "wei"}, {"曾", "zeng"}, {"范", "fan"},
    {"贺", "he"}, {"陶", "tao"}, {"江", "jiang"}, {"白", "bai"}, {"石", "shi"}, {"龙", "long"}, {"夏", "xia"},
};
static const struct syllable GIVEN[] = {
    {"敏", "min"}, {"青", "qing"}, {"书宁", "shuning"}, {"一鸣", "yiming"}, {"雨桐", "yutong"}, {"志远", "zhiyuan"}, {"静", "jing"},
    {"海波", "haibo"}, {"思源", "siyuan"}, {"丽华", "lihua"}, {"建平", "jianping"}, {"晓燕", "xiaoyan"}, {"文博", "wenbo"}, {"欣然", "xinran"},
    {"国栋", "guodong"}, {"婷", "ting"}, {"俊杰", "junjie"}, {"秋月", "qiuyue"}, {"磊", "lei"},
};
static const char *const BRANDS[] = {
    "青禾", "云帆", "和顺", "锦程", "聚源", "天盛", "华悦", "博远", "恒泰", "瑞丰", "嘉木", "星河", "鼎新", "绿源", "安泰", "万象", "启明", "德润", "金沃", "海川", "汇通",
};
/* In an order that gives each trade its turns; stories ask for a trade by its word. */
static const char *const TRADES[] = {
    "餐饮管理", "建设工程", "物流", "人力资源服务", "酒店管理", "环保科技", "医药零售", "劳务派遣", "商贸", "房地产开发", "职业培训", "食品", "新材料", "电子科技",
};
/* clang-format on */

struct who who_nth(struct arena *a, size_t i)
{
    const struct syllable *s = &SURNAMES[i % COUNT_OF(SURNAMES)];
    const struct syllable *g = &GIVEN[(i * 5 + i / COUNT_OF(SURNAMES)) % COUNT_OF(GIVEN)];
    return (struct who){str_fmt(a, "%s%s", s->zh, g->zh), str_fmt(a, "%s%s", s->pinyin, g->pinyin)};
}

struct str enterprise_name(struct arena *a, size_t i)
{
    return str_fmt(a, "青岚%s%s有限公司（虚构）",
                   BRANDS[(i * 4 + i / COUNT_OF(BRANDS)) % COUNT_OF(BRANDS)],
                   TRADES[i % COUNT_OF(TRADES)]);
}

struct str fictitious_uscc(struct arena *a, size_t i)
{
    struct str org = str_fmt(a, "MA9%05zu", i + 1);
    struct str first17 = str_fmt(a, "91" NOWHERE "%.*s%c", STR_ARG(org), ident_org_digit(org));
    return str_fmt(a, "%.*s%c", STR_ARG(first17), ident_uscc_digit(first17));
}

struct str fictitious_rid(struct arena *a, size_t i)
{
    struct ymd d = civil_ymd(civil_day((struct ymd){1972, 3, 1}) + (int32_t)(i * 173 % 9000));
    struct str first17 = str_fmt(a, NOWHERE "%04d%02d%02d%03zu", d.year, d.month, d.day, i % 1000);
    return str_fmt(a, "%.*s%c", STR_ARG(first17), ident_rid_digit(first17));
}

struct str fictitious_phone(struct arena *a, size_t i)
{
    return str_fmt(a, "1380000%04zu", i % 10000);
}
