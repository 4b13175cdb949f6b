/* DIR/accounts.txt: who a visitor of the demo can be (cast.h). */
#include "app/demo/cast.h"

#include "app/demo/demo.h"
#include "base/check.h"
#include "procedure/org.h"
#include "sys/file.h"

struct account {
    const char *login, *zh, *en;
};

/* clang-format off */
static const struct account ACCOUNTS[] = {
    {"applicant1",  "申请人（企业法定代表人）", "applicant, legal representative of enterprises"},
    {"applicant15", "申请人（企业代理人）",     "applicant, agent of enterprises"},
    {"citizen1",    "申请人（个人）",           "applicant, a citizen"},
    {"clerk1",      "窗口人员",                 "window clerk (also clerk2, clerk3)"},
    {"deliverer1",  "送达人员",                 "delivery counter"},
    {"government1", "本级人民政府负责人",       "head of the government"},
    {"chair1",      "听证主持人",               "hearing chair"},
    {"inspector1",  "纪检监察干部",             "supervision"},
    {"records1",    "档案管理员",               "records officer"},
    {"bureau",      "大厅管理（事项、日历）",   "bureau: items, calendar, office"},
    {"owner",       "业务负责人",               "business owner of procedures"},
    {"admin",       "系统管理员",               "system administrator"},
    {"security",    "安全管理员",               "security administrator"},
    {"audit",       "审计管理员",               "audit administrator"},
};
static const struct account DEPARTMENT[] = {
    {"reviewer1", "审查人员",       "reviewer (also reviewer2)"},
    {"legal",     "法制审核人员",   "legal reviewer"},
    {"approver",  "审批人",         "approver"},
    {"head",      "单位负责人",     "head of the department"},
    {"organ",     "本行政机关负责人", "head of the organ"},
};
/* clang-format on */

struct err *accounts_write(struct call *c)
{
    const struct org *org = org_of(c->app);
    struct buf b;
    buf_init(&b, c->arena, 4096);
    buf_putz(&b, "演示账号（均为虚构），密码都是 / demo accounts (all fictitious), one "
                 "password: " DEMO_PASSWORD "\n\n");
    for (size_t i = 0; i < COUNT_OF(ACCOUNTS); i++) {
        buf_fmt(&b, "  %-12s %s · %s\n", ACCOUNTS[i].login, ACCOUNTS[i].zh, ACCOUNTS[i].en);
    }
    buf_putz(&b,
             "\n  部门账号：部门代码.角色 / of a department: CODE.ROLE, e.g. market.reviewer1\n");
    for (size_t i = 0; i < COUNT_OF(DEPARTMENT); i++) {
        buf_fmt(&b, "  .%-11s %s · %s\n", DEPARTMENT[i].login, DEPARTMENT[i].zh, DEPARTMENT[i].en);
    }
    buf_putz(&b, "  小部门由 .head 兼任审批 / in small departments .head approves\n  ");
    for (size_t i = 0; i < org->n; i++) {
        const struct org_unit *u = &org->units[i];
        buf_fmt(&b, "%s%.*s %.*s",
                i == 0       ? ""
                : i % 4 == 0 ? "\n  "
                             : " · ",
                STR_ARG(u->code), STR_ARG(u->name));
    }
    buf_putz(&b, "\n");
    struct str path = str_fmt(c->arena, "%.*s/accounts.txt", STR_ARG(c->app->conf.data));
    return file_write(c->arena, str_z(c->arena, path), buf_bytes(&b), 0600);
}
