/* The stories of the demo (play.h): every state of the procedures in service, and the paths that
 * the law makes interesting. Days are chosen so that a story's last step has happened, or just not
 * yet.
 */
#include "app/demo/play.h"

/* clang-format off */
#define SUBMIT        {"0m", "applicant", "submit", "{\"answers\":\"@answers\",\"materials\":\"@materials\"}", NULL}
#define RENEW(days)   {"0m", "applicant", "submit", "{\"answers\":\"@answers\",\"materials\":\"@materials\",\"renew_before\":\"@day:" days "\"}", NULL}
#define ACCEPT(t)     {t, "clerk", "accept", "{\"verdicts\":\"@verdicts:ok\"}", NULL}
#define NOTIFY(t, n)  {t, "clerk", "notify", "{\"verdicts\":\"@verdicts:fix" n "\"}", NULL}
#define SUPPLY(t)     {t, "applicant", "supply", "{\"materials\":\"@defects\"}", NULL}
#define PART(t)       {t, "applicant", "supply_part", "{\"materials\":\"@defects:one\"}", NULL}
#define PROPOSE(t)    {t, "reviewer", "propose", "{\"result\":\"grant\",\"opinion\":\"@t:opinion\"}", NULL}
#define PROPOSE_NO(t) {t, "reviewer", "propose", "{\"result\":\"refuse\",\"opinion\":\"@t:no_opinion\"}", NULL}
#define GRANT(t)      {t, "approver", "grant", NULL, NULL}
#define REFUSE(t)     {t, "approver", "refuse", "{\"reason\":\"@t:refuse_reason\",\"basis\":\"@t:refuse_basis\"}", NULL}
#define ISSUE(t)      {t, "reviewer", "issue", NULL, NULL}
#define DELIVER(t)    {t, "deliverer", "deliver", "{\"way\":\"@way\",\"receiver\":\"@name\"}", NULL}
#define DO(t)         {t, "reviewer", "do", "{\"opinion\":\"@t:done\"}", NULL}
#define WITHDRAW(t)   {t, "applicant", "withdraw", "{\"reason\":\"@t:withdraw\"}", NULL}
#define SPECIAL(t, cause, days, basis) {t, "reviewer", "special", "{\"cause\":\"" cause "\",\"days\":" days ",\"basis\":\"@t:" basis "\"}", NULL}
#define DEFER(t)      {t, "clerk", "accept_deferred", "{\"verdicts\":\"@defer\",\"deferred\":\"@deferred\",\"commitment\":\"@file:容缺承诺书.pdf\"}", NULL}
#define COMMIT(t)     {t, "clerk", "accept_commitment", "{\"text_version\":\"2026-1\",\"signed\":\"@file:告知承诺书.pdf\"}", NULL}
#define CHECK_IT(t, result, record) {t, "reviewer", "after_check.check", "{\"result\":\"" result "\",\"record\":\"@t:" record "\"}", NULL}
#define HEAR(t, ground) {t, "reviewer", "hear", "{\"ground\":\"" ground "\"}", NULL}
#define TELL(t)       {t, "reviewer", "hearing.tell_right", "{\"interest\":\"@t:interest\"}", NULL}
#define ASK(t)        {t, "applicant", "hearing.ask", "{\"by\":\"@name\",\"reason\":\"@t:hearing_ask\"}", NULL}
#define NOTICE(t)     {t, "reviewer", "hearing.notice", "{\"on\":\"@day:9\",\"place\":\"政务服务中心三楼会议室\",\"chair\":\"@person:hearing_chair\"}", NULL}
#define STUDY(t)      {t, "reviewer", "study", "{\"question\":\"@t:question\"}", NULL}
#define CONVENE(t)    {t, "reviewer", "study.convene", "{\"units\":\"@units\",\"meeting\":\"@wd:3\"}", NULL}
#define OPINION(t)    {t, "head", "study.opinion", "{\"position\":\"conditions\",\"text\":\"@t:joint\"}", NULL}
#define END           {NULL, NULL, NULL, NULL, NULL}
#define STEPS(name, ...) static const struct step name[] = {SUBMIT, __VA_ARGS__, END}

/* ---- licences that go their way ---- */
STEPS(QUICK, ACCEPT("1d"), PROPOSE("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(STEADY, ACCEPT("1d"), PROPOSE("3d"), GRANT("1d"), ISSUE("1d"), DELIVER("2d"));
STEPS(AT_ONCE, {"20m", "clerk", "decide_now", "{\"opinion\":\"@t:spot\"}", NULL}, {"10m", "clerk", "issue", NULL, NULL}, DELIVER("10m"));
STEPS(CORRECTED, NOTIFY("1d", "2"), SUPPLY("4c"), ACCEPT("3h"), PROPOSE("2d"), GRANT("1d"), ISSUE("1d"), DELIVER("2d"));
STEPS(REFUSED, ACCEPT("1d"), PROPOSE_NO("3d"), REFUSE("2d"), DELIVER("2d"));
STEPS(REFUSED_READY, ACCEPT("1d"), PROPOSE_NO("3d"), REFUSE("2d"));
STEPS(ON_THE_SPOT, {"15m", "clerk", "fix", "{\"changes\":[{\"field\":\"联系电话\",\"before\":\"少写一位\",\"after\":\"已补全\"}]}", NULL}, ACCEPT("10m"), PROPOSE("2d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(SENT_BACK, ACCEPT("1d"), PROPOSE("2d"), {"1d", "approver", "send_back", "{\"reason\":\"@t:send_back\"}", NULL}, {"1d", "reviewer", "note", "{\"text\":\"@t:note\"}", NULL}, PROPOSE("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(DECIDED_LATE, ACCEPT("1d"), PROPOSE("21d"), GRANT("2d"), {"1d", "head", "explain_late", "{\"reason\":\"@t:overdue\"}", NULL}, ISSUE("1d"), DELIVER("1d"));

/* ---- and those under way ---- */
STEPS(RECEIVED, END);
STEPS(IN_REVIEW, ACCEPT("1d"), {"1d", "reviewer", "note", "{\"text\":\"@t:note\"}", NULL});
STEPS(ASSIGNED, ACCEPT("1d"), {"2h", "head", "assign", "{\"person\":\"@person:reviewer\",\"reason\":\"@t:assign\"}", NULL}, {"1c", "applicant", "urge", "{\"text\":\"@t:urge\"}", NULL});
STEPS(OVERDUE, ACCEPT("1d"), {"22d", "head", "explain_late", "{\"reason\":\"@t:overdue\"}", NULL});
STEPS(DECIDING, ACCEPT("1d"), PROPOSE("2d"));
STEPS(ISSUING, ACCEPT("1d"), PROPOSE("2d"), GRANT("1d"));
STEPS(READY, ACCEPT("1d"), PROPOSE("2d"), GRANT("1d"), ISSUE("1d"), {"30m", "clerk", "unmask", "{\"field\":\"party.phone\",\"reason\":\"@t:unmask\"}", NULL});

/* ---- intake ---- */
STEPS(NO_LICENCE, {"1d", "clerk", "no_licence", "{\"basis\":\"@t:no_licence\"}", NULL});
STEPS(NOT_OURS, {"1d", "clerk", "not_ours", "{\"organ\":\"@t:organ\",\"basis\":\"@t:not_ours\"}", NULL});
STEPS(DEEMED, {"8d", "reviewer", "note", "{\"text\":\"@t:note\"}", NULL});
STEPS(DEEMED_DECIDED, PROPOSE("9d"), GRANT("1d"), ISSUE("1d"), DELIVER("2d"));
STEPS(CORRECTING, NOTIFY("1d", "1"));
STEPS(REMINDED, NOTIFY("1d", "2"), PART("6c"), {"5d", "clerk", "remind", "{\"text\":\"@t:remind\"}", NULL}, {"6d", "head", "more_time", "{\"reason\":\"@t:more_time\"}", NULL});
STEPS(SUPPLIED, NOTIFY("1d", "1"), SUPPLY("3c"));
STEPS(LAPSED, NOTIFY("1d", "2"), {"10d", "clerk", "remind", "{\"text\":\"@t:remind\"}", NULL}, {"22d", "head", "lapse", "{\"reason\":\"@t:lapse\"}", NULL});
STEPS(WITHDRAWN, ACCEPT("1d"), WITHDRAW("3c"));

/* ---- special procedures, extension, hearing, study ---- */
STEPS(SPECIAL_RUNNING, ACCEPT("1d"), SPECIAL("2d", "expert", "15", "special_basis"));
STEPS(SPECIAL_PROLONGED, ACCEPT("1d"), SPECIAL("2d", "expert", "5", "special_basis"), {"4d", "reviewer", "special.prolong", "{\"until\":\"@wd:15\",\"reason\":\"@t:prolong\"}", NULL});
STEPS(SPECIAL_OVER, ACCEPT("1d"), SPECIAL("2d", "expert", "8", "special_basis"), {"6d", "reviewer", "special.finish", "{\"result\":\"@t:special_result\"}", NULL}, PROPOSE("2d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(SPECIAL_STOPPED, ACCEPT("1d"), SPECIAL("2d", "expert", "10", "special_basis"), WITHDRAW("5c"));
STEPS(SITE, ACCEPT("1d"), SPECIAL("1d", "site", "5", "site_basis"), {"2d", "reviewer", "special.finish", "{\"result\":\"@t:site_result\"}", NULL}, PROPOSE("1d"));
STEPS(EXTENSION_ASKED, ACCEPT("1d"), {"5d", "reviewer", "ask_extension", "{\"reason\":\"@t:extend\"}", NULL});
STEPS(EXTENDED, ACCEPT("1d"), {"2d", "reviewer", "ask_extension", "{\"reason\":\"@t:extend\"}", NULL}, {"1d", "extender", "extend", NULL, NULL});
STEPS(NOT_EXTENDED, ACCEPT("1d"), {"8d", "reviewer", "ask_extension", "{\"reason\":\"@t:extend\"}", NULL}, {"1d", "extender", "refuse_extension", "{\"reason\":\"@t:no_extend\"}", NULL});
STEPS(HEARING_OPENED, ACCEPT("1d"), HEAR("1d", "third_party"));
STEPS(HEARING_TOLD, ACCEPT("1d"), HEAR("3d", "third_party"), TELL("1d"));
STEPS(HEARING_SILENT, ACCEPT("1d"), HEAR("2d", "third_party"), TELL("1d"), {"9d", "reviewer", "note", "{\"text\":\"@t:note\"}", NULL});
STEPS(HEARING_WAIVED, ACCEPT("1d"), HEAR("2d", "third_party"), TELL("1d"), {"2c", "applicant", "hearing.waive", "{\"reason\":\"@t:silent\"}", NULL});
STEPS(HEARING_ASKED, ACCEPT("1d"), HEAR("2d", "third_party"), TELL("1d"), ASK("2c"));
STEPS(HEARING_ANNOUNCED, ACCEPT("1d"), HEAR("2d", "public_interest"), {"1d", "reviewer", "hearing.announce", "{\"text\":\"@t:announce\"}", NULL}, NOTICE("2d"));
STEPS(HEARING_HELD, ACCEPT("1d"), {"1d", "reviewer", "tell_third", "{\"third\":\"陶静（虚构）\",\"address\":\"青岚市高新区滨河路208号（虚构）\",\"interest\":\"@t:interest\"}", NULL},
      {"3d", "clerk", "third_says", "{\"third\":\"陶静（虚构）\",\"opinion\":\"@t:third_opinion\"}", NULL}, HEAR("1d", "third_party"), TELL("1d"), ASK("2c"), NOTICE("1d"),
      {"10d", "chair", "hearing.hold", "{\"present\":\"@t:present\",\"summary\":\"@t:heard\",\"record\":\"@file:听证笔录.pdf\"}", NULL}, PROPOSE("3d"));
STEPS(HEARING_ENDED, ACCEPT("1d"), HEAR("2d", "third_party"), TELL("1d"), WITHDRAW("2c"));
STEPS(STUDY_CONVENED, ACCEPT("1d"), STUDY("1d"));
STEPS(STUDY_OPINIONS, ACCEPT("1d"), STUDY("1d"), CONVENE("1d"), OPINION("1d"));
STEPS(STUDY_CONCLUDED, ACCEPT("1d"), STUDY("1d"), CONVENE("1d"), OPINION("2d"), {"2d", "head", "study.conclude", "{\"conclusion\":\"conditional\",\"minutes\":\"@t:minutes\"}", NULL}, PROPOSE("1d"), GRANT("1d"), ISSUE("1d"));
STEPS(STUDY_STOPPED, ACCEPT("1d"), STUDY("1d"), WITHDRAW("3c"));

/* ---- deferral and commitment ---- */
STEPS(DEFERRED, DEFER("1d"), {"1d", "reviewer", "note", "{\"text\":\"@t:note\"}", NULL});
STEPS(DEFERRED_ARRIVED, DEFER("1d"), {"4c", "applicant", "deferral.arrive", "{\"material\":\"@promised\"}", NULL});
STEPS(DEFERRED_SUPPLIED, DEFER("1d"), {"2c", "applicant", "deferral.arrive", "{\"material\":\"@promised\"}", NULL}, {"2h", "clerk", "deferral.fail", "{\"reason\":\"@t:fix\"}", NULL},
      {"1c", "applicant", "deferral.arrive", "{\"material\":\"@promised\"}", NULL}, {"2h", "clerk", "deferral.pass", NULL, NULL}, PROPOSE("2d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(DEFERRED_LATE, DEFER("1d"), {"7d", "reviewer", "note", "{\"text\":\"@t:note\"}", NULL});
STEPS(DEFERRED_BROKEN, DEFER("1d"), {"13d", "approver", "refuse", "{\"reason\":\"@t:broken_reason\",\"basis\":\"@t:refuse_basis\"}", NULL}, DELIVER("2d"));
STEPS(DEFERRED_STOPPED, DEFER("1d"), WITHDRAW("2c"));
STEPS(COMMITTED, COMMIT("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(COMMITMENT_TRUE, COMMIT("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"), CHECK_IT("12d", "true", "commit_check"));
STEPS(COMMITMENT_FIXING, COMMIT("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"), CHECK_IT("8d", "fixable", "commit_fix"));
STEPS(COMMITMENT_FIXED, COMMIT("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"), CHECK_IT("6d", "fixable", "commit_fix"), {"5c", "applicant", "after_check.fixed", "{\"text\":\"@t:rectified\"}", NULL}, CHECK_IT("4d", "true", "commit_check"));
STEPS(COMMITMENT_FALSE, COMMIT("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"), CHECK_IT("9d", "false", "commit_false"));
STEPS(COMMITMENT_HANDLED, COMMIT("1d"), GRANT("1d"), ISSUE("1d"), DELIVER("1d"), CHECK_IT("9d", "false", "commit_false"), {"4d", "approver", "after_check.decide", "{\"measure\":\"revoke\",\"reasons\":\"@t:consequence\"}", NULL});

/* ---- mistakes put right, acts recorded late, renewal, a limit from an event ---- */
STEPS(STRUCK, ACCEPT("1d"), {"30m", "clerk", "correct_record", "{\"seq\":\"@seq:accept\",\"strike\":true,\"reason\":\"@t:mistake\"}", NULL}, ACCEPT("20m"), PROPOSE("2d"));
STEPS(PUT_RIGHT, ACCEPT("1d"), PROPOSE("2d"), {"1d", "reviewer", "correct_record", "{\"seq\":\"@seq:propose\",\"strike\":false,\"values\":{\"result\":\"grant\",\"opinion\":\"@t:right_opinion\"},\"reason\":\"@t:correct\"}", NULL}, GRANT("1d"), ISSUE("1d"), DELIVER("1d"));
STEPS(RECORDED_LATE, {"4d", "clerk", "accept", "{\"verdicts\":\"@verdicts:ok\"}", "3d"}, PROPOSE("1d"), GRANT("1d"), ISSUE("1d"));
static const struct step RENEWAL[] = {RENEW("24"), ACCEPT("1d"), ISSUE("19d"), DELIVER("1d"), END};
STEPS(FROM_EVENT, ACCEPT("1d"), {"5d", "reviewer", "start_event", "{\"happened_on\":\"@day:0\",\"what\":\"@t:event\"}", NULL});

/* ---- services ---- */
STEPS(SERVED_AT_ONCE, ACCEPT("10m"), DO("20m"), DELIVER("10m"));
STEPS(SERVED, ACCEPT("1d"), DO("2d"), DELIVER("1d"));
STEPS(DOING, ACCEPT("1d"));
STEPS(DONE, ACCEPT("1d"), DO("1d"));
STEPS(SERVICE_RETURNED, NOTIFY("1d", "1"), SUPPLY("3c"), {"2h", "clerk", "return_supply", "{\"verdicts\":\"@again\"}", NULL});
STEPS(SERVICE_REFUSED, ACCEPT("1d"), {"2d", "head", "refuse", "{\"reason\":\"@t:refuse_reason\",\"basis\":\"《办事指南》载明的办理条件\"}", NULL});
STEPS(SERVICE_DEEMED, DO("2d"), DELIVER("1d"));

const struct story STORIES[] = {
    /* name, items, way, steps, copies, from … to working days before the end */
    {"quick",         "road-freight|special-equip-reg|food-biz|road-occupy|waste-dispose", STORY_EITHER, QUICK, 12, 57, 7},
    {"steady",        "hr-service|drainage|eng-plan|fire-design|labor-dispatch|pollutant-permit|drug-retail|land-plan", STORY_EITHER, STEADY, 9, 57, 11},
    {"at-once",       "ent-setup|ent-change|self-emp-reg|ent-cancel", STORY_WINDOW, AT_ONCE, 8, 57, 1},
    {"corrected",     "food-biz|road-freight|hotel-special|soil-water|eng-plan|energy-review", STORY_EITHER, CORRECTED, 4, 55, 14},
    {"refused",      "food-biz|drug-retail", STORY_EITHER, REFUSED, 2, 50, 12},
    {"refused-ready", "labor-dispatch", STORY_WEB, REFUSED_READY, 1, 8, 7},
    {"on-the-spot",  "road-freight", STORY_WINDOW, ON_THE_SPOT, 1, 30, 10},
    {"sent-back",    "drainage", STORY_WEB, SENT_BACK, 1, 30, 14},
    {"decided-late", "road-occupy", STORY_WINDOW, DECIDED_LATE, 1, 45, 35},

    {"received",      "food-biz|road-freight|hr-service|ent-setup|eng-plan|drug-retail|public-place-hyg|fire-open", STORY_EITHER, RECEIVED, 8, 2, 0},
    {"in-review",     "drug-retail|hr-service|fire-design|pollutant-permit|energy-review|med-inst-reg", STORY_EITHER, IN_REVIEW, 7, 5, 2},
    {"beyond",        "water-take|med-inst-reg", STORY_WEB, IN_REVIEW, 2, 6, 3}, /* due after the last notice */
    {"assigned",     "food-biz|land-plan", STORY_WEB, ASSIGNED, 2, 8, 4},
    {"overdue",       "drug-retail|drainage", STORY_WEB, OVERDUE, 2, 30, 25},
    {"waiting",      "food-biz", STORY_WINDOW, IN_REVIEW, 1, 20, 18},
    {"deciding",      "eng-plan|drug-retail|hotel-special|fire-design", STORY_EITHER, DECIDING, 4, 4, 3},
    {"issuing",       "special-equip-reg|hr-service|soil-water", STORY_EITHER, ISSUING, 3, 5, 4},
    {"ready",         "road-freight|food-biz|labor-dispatch|eng-plan|special-equip-reg", STORY_EITHER, READY, 4, 6, 5},

    {"no-licence",   "drug-retail", STORY_WINDOW, NO_LICENCE, 1, 40, 5},
    {"not-ours",     "water-take", STORY_WEB, NOT_OURS, 1, 40, 5},
    {"deemed",       "fire-design", STORY_WEB, DEEMED, 1, 11, 10},
    {"deemed-decided", "drug-retail", STORY_WEB, DEEMED_DECIDED, 1, 30, 16},
    {"correcting",   "food-biz|fire-open|eia-form", STORY_EITHER, CORRECTING, 3, 6, 3},
    {"reminded",     "land-plan", STORY_WEB, REMINDED, 1, 19, 18},
    {"supplied",     "road-freight|hr-service", STORY_WEB, SUPPLIED, 2, 5, 4},
    {"lapsed",       "public-place-hyg", STORY_WEB, LAPSED, 1, 48, 44},
    {"withdrawn",    "eng-plan", STORY_WEB, WITHDRAWN, 1, 40, 8},

    {"special",      "energy-review|fire-design", STORY_WEB, SPECIAL_RUNNING, 2, 10, 7},
    {"special-prolonged", "eia-form", STORY_WEB, SPECIAL_PROLONGED, 1, 13, 11},
    {"special-over",  "energy-review|fire-design", STORY_WEB, SPECIAL_OVER, 1, 45, 20},
    {"special-stopped", "med-inst-reg", STORY_WEB, SPECIAL_STOPPED, 1, 30, 12},
    {"site",         "food-biz", STORY_WEB, SITE, 1, 9, 8},
    {"extension-asked", "drainage", STORY_WEB, EXTENSION_ASKED, 1, 10, 8},
    {"extended",     "hotel-special|land-preexam", STORY_WEB, EXTENDED, 2, 22, 10},
    {"not-extended", "civil-air", STORY_WEB, NOT_EXTENDED, 1, 13, 12},
    {"hearing-opened", "eia-report", STORY_WEB, HEARING_OPENED, 1, 4, 3},
    {"hearing-told", "eia-report", STORY_WEB, HEARING_TOLD, 1, 7, 6},
    {"hearing-silent", "eia-report", STORY_WEB, HEARING_SILENT, 1, 16, 15},
    {"hearing-waived", "eia-report", STORY_WEB, HEARING_WAIVED, 1, 20, 12},
    {"hearing-asked", "eia-report", STORY_WEB, HEARING_ASKED, 1, 8, 7},
    {"hearing-announced", "water-take", STORY_WEB, HEARING_ANNOUNCED, 1, 8, 8},
    {"hearing-held", "eia-report", STORY_WEB, HEARING_HELD, 1, 40, 30},
    {"hearing-ended", "eia-report", STORY_WEB, HEARING_ENDED, 1, 30, 12},
    {"study",        "energy-review", STORY_WEB, STUDY_CONVENED, 1, 4, 4},
    {"study-opinions", "land-preexam", STORY_WEB, STUDY_OPINIONS, 1, 7, 6},
    {"study-concluded", "energy-review", STORY_WEB, STUDY_CONCLUDED, 1, 30, 13},
    {"study-stopped", "civil-air", STORY_WEB, STUDY_STOPPED, 1, 30, 9},

    {"deferred",     "labor-dispatch", STORY_WEB, DEFERRED, 1, 4, 4},
    {"deferred-arrived", "labor-dispatch", STORY_WEB, DEFERRED_ARRIVED, 1, 5, 5},
    {"deferred-supplied", "labor-dispatch", STORY_WEB, DEFERRED_SUPPLIED, 1, 30, 14},
    {"deferred-late", "hr-service", STORY_WEB, DEFERRED_LATE, 1, 9, 9},
    {"deferred-broken", "waste-dispose", STORY_WEB, DEFERRED_BROKEN, 1, 30, 20},
    {"deferred-stopped", "labor-dispatch", STORY_WEB, DEFERRED_STOPPED, 1, 30, 8},
    {"committed",    "hr-service|road-freight", STORY_WEB, COMMITTED, 2, 15, 7},
    {"commitment-true", "road-freight", STORY_WEB, COMMITMENT_TRUE, 1, 50, 20},
    {"commitment-fixing", "public-place-hyg", STORY_WEB, COMMITMENT_FIXING, 1, 16, 15},
    {"commitment-fixed", "hr-service", STORY_WEB, COMMITMENT_FIXED, 1, 45, 22},
    {"commitment-false", "road-freight", STORY_WEB, COMMITMENT_FALSE, 1, 17, 16},
    {"commitment-handled", "hotel-special", STORY_WEB, COMMITMENT_HANDLED, 1, 50, 26},

    {"struck",       "food-biz", STORY_WINDOW, STRUCK, 1, 6, 5},
    {"put-right",    "road-freight", STORY_WEB, PUT_RIGHT, 1, 30, 9},
    {"recorded-late", "hr-service|special-equip-reg", STORY_WINDOW, RECORDED_LATE, 2, 30, 10},
    {"renewal",      "drug-retail", STORY_WEB, RENEWAL, 1, 40, 26},
    {"from-event",   "teacher-cert", STORY_WEB, FROM_EVENT, 1, 20, 9},

    {"served-at-once", "inv-filing|repair-filing|seal-filing|med-device2-filing|eia-reg|signboard|tax-invoice|unit-si-reg|unit-med-reg|fund-open|clinic-filing|prepack-food-filing", STORY_WINDOW, SERVED_AT_ONCE, 9, 57, 1},
    {"served",        "completion-filing|plan-verify|hitech-forward|retired-soldier-grant|utility-join", STORY_EITHER, SERVED, 5, 55, 7},
    {"doing",         "plan-verify|hitech-forward|retired-soldier-grant|med-fixed-pharm", STORY_WEB, DOING, 3, 4, 2},
    {"doing-late",   "utility-join", STORY_WEB, DOING, 1, 15, 12},
    {"done",         "completion-filing|utility-join", STORY_WEB, DONE, 2, 4, 3},
    {"service-received", "completion-filing|med-fixed-pharm", STORY_WEB, RECEIVED, 2, 2, 0},
    {"service-correcting", "hitech-forward", STORY_WEB, CORRECTING, 1, 5, 3},
    {"service-supplied", "plan-verify", STORY_WEB, SUPPLIED, 1, 5, 4},
    {"service-returned", "med-fixed-pharm", STORY_WEB, SERVICE_RETURNED, 1, 8, 6},
    {"service-refused", "hitech-forward", STORY_WEB, SERVICE_REFUSED, 1, 30, 6},
    {"service-not-ours", "utility-join", STORY_WEB, NOT_OURS, 1, 30, 5},
    {"service-withdrawn", "plan-verify", STORY_WEB, WITHDRAWN, 1, 30, 7},
    {"service-lapsed", "completion-filing", STORY_WEB, LAPSED, 1, 48, 44},
    {"service-deemed", "realty-first", STORY_WEB, SERVICE_DEEMED, 1, 30, 6},
    {NULL, NULL, STORY_WEB, NULL, 0, 0, 0},
};
/* clang-format on */
