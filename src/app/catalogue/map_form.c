/* The application form that an item starts with, in the language of forms (procedures.md 2.1). The
 * catalogue says nothing about it, so it depends on the regime and on whether the department's
 * items are about construction projects; the bureau edits it. Who applies is known from the
 * account, so it is not asked again (行政许可法 31: nothing that is not needed). */
#include "app/catalogue/map.h"

#include "base/check.h"

struct line {
    const char *name, *is;
};

#define MAX_LINES 8
#define CONTACT                                                                                    \
    {"contact", "text! personal 1..60 联系人"}, {"phone", "text! personal 5..20 联系电话"}
#define WAY {"way", "choice(window 窗口领取|post 邮寄|online 网上下载)! 结果领取方式"}

/* clang-format off */
static const struct line LICENCE[MAX_LINES] = {
    {"reason", "choice(first 首次申请|change 变更|renew 延续)! 申请类型"},
    {"content", "text! 1..500 申请许可的内容"},
    {"place", "text! 1..200 经营（办理）地址"},
    CONTACT, WAY,
};
static const struct line PROJECT[MAX_LINES] = {
    {"project", "text! 1..200 项目名称"},
    {"project_code", "text 0..24 投资项目统一代码"},
    {"place", "text! 1..200 建设地点"},
    {"area", "int 0..100000000 建设（用地）面积（平方米）"},
    {"content", "text! 1..500 申请内容"},
    CONTACT, WAY,
};
static const struct line FILING[MAX_LINES] = {
    {"content", "text! 1..500 备案内容"},
    {"place", "text! 1..200 地址"},
    CONTACT, WAY,
};
static const struct line CONFIRMATION[MAX_LINES] = {
    {"object", "text! 1..200 确认的对象"},
    {"place", "text! 1..200 坐落（地址）"},
    {"content", "text 0..500 说明"},
    CONTACT, WAY,
};
static const struct line GRANT[MAX_LINES] = {
    {"ground", "text! 1..500 申请理由"},
    {"bank", "text! 1..100 开户银行"},
    {"account", "text! personal 6..40 收款账号"},
    CONTACT,
};
static const struct line SERVICE[MAX_LINES] = {
    {"content", "text! 1..500 办理内容"},
    CONTACT, WAY,
};
static const struct {
    const char *regime;
    const struct line *lines;
} FORMS[] = {
    {"licence", LICENCE}, {"filing", FILING}, {"confirmation", CONFIRMATION}, {"grant", GRANT}, {"public_service", SERVICE},
};
/* clang-format on */

struct jval map_form(struct arena *a, struct str regime, bool projects)
{
    struct jobj *o = jobj_new(a);
    const struct line *lines = SERVICE;
    for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
        lines = str_eqz(regime, FORMS[i].regime) ? FORMS[i].lines : lines;
    }
    if (projects && !str_eqz(regime, "grant")) {
        lines = PROJECT;
    }
    for (size_t i = 0; i < MAX_LINES && lines[i].name != NULL; i++) {
        jobj_put(o, str_of(lines[i].name), jval_of_str(str_of(lines[i].is)));
    }
    return jobj_val(o);
}
