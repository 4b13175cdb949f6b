/* What definitions may ask of an item version, a party, a matter and an actor. The only list: the
 * compiler takes types from it, the engine's `get` switches over the enums, and the catalogue fills
 * the item's members (JSON names = these names). Included several times, so it has no guard.
 *
 * ITEM(NAME, name, dtype, optional, zh, en); `names` types are lists of texts. optional 1: may be
 * absent, so definitions must use `default` or `has`. */
/* clang-format off */
#ifdef ITEM
ITEM(STATUS,            status,            D_CHOICE,    0, "状态",                 "Status")               /* draft published suspended withdrawn */
ITEM(CODE,              code,              D_TEXT,      0, "编码",                 "Code")
ITEM(NAME,              name,              D_TEXT,      0, "名称",                 "Name")
ITEM(REGIME,            regime,            D_CHOICE,    0, "事项性质",             "Regime")               /* licence confirmation filing grant public_service */
ITEM(LEGAL_BASIS,       legal_basis,       D_TEXT,      0, "法定期限依据",         "Basis of the legal limit") /* "" when there is no legal limit */
ITEM(LEGAL_LIMIT,       legal_limit,       D_DUR,       1, "法定期限",             "Legal limit")          /* absent: no legal clock */
ITEM(COUNTS_FROM,       counts_from,       D_CHOICE,    0, "期限起算",             "Counts from")          /* receipt acceptance event */
ITEM(ENDS_AT_ISSUE,     ends_at_issue,     D_BOOL,      0, "期限至颁证止",         "Limit ends at issue")
ITEM(PROMISED_LIMIT,    promised_limit,    D_DUR,       1, "承诺期限",             "Promised limit")
ITEM(EXTENSION,         extension,         D_DUR,       1, "可延长",               "Extension")            /* absent: none */
ITEM(EXTENSION_APPROVER,extension_approver,D_ROLE,      0, "延长批准人",           "Extension approved by") /* organ_head government_head unit_head */
ITEM(SUPPLEMENT_NOTICE, supplement_notice, D_DUR,       1, "补正告知期限",         "Correction notice limit") /* absent: the law's 5wd */
ITEM(CORRECTION_BASIS,  correction_basis,  D_TEXT,      0, "补正告知依据",         "Basis of the correction notice") /* 行政许可法32(1)(4) unless the item says other */
ITEM(CORRECTION_PAUSES, correction_pauses, D_BOOL,      0, "补正期间不计入",       "Correction time is not counted")
ITEM(DEEMED_ACCEPTANCE, deemed_acceptance, D_BOOL,      0, "适用视为受理",         "Deemed acceptance applies")
ITEM(ISSUE_DELIVER,     issue_deliver,     D_DUR,       1, "颁发送达期限",         "Issue and delivery limit")
ITEM(ISSUE_BASIS,       issue_basis,       D_TEXT,      0, "颁发送达依据",         "Basis of issue and delivery")
ITEM(PAUSES_BY_LAW,     pauses_by_law,     D_CHOICE,    2, "法定不计入期限的程序", "Pauses by law")        /* 2: list of names */
ITEM(PAUSES_BY_GUIDE,   pauses_by_guide,   D_CHOICE,    2, "承诺期限不计入的程序", "Pauses by guide")
ITEM(SPECIAL_KINDS,     special_kinds,     D_CHOICE,    2, "特别程序",             "Special procedures")
ITEM(DEFERRABLE,        deferrable,        D_MATERIALS, 2, "可容缺材料",           "Deferrable materials") /* codes */
ITEM(DEFERRAL_LIMIT,    deferral_limit,    D_DUR,       1, "容缺补交期限",         "Limit for deferred materials") /* absent: promised limit, else the parameter */
ITEM(ALLOW_DEFER,       allow_defer,       D_BOOL,      0, "可容缺受理",           "Deferral allowed")
ITEM(COMMITMENT,        commitment,        D_BOOL,      0, "告知承诺",             "Notice and commitment")
ITEM(CHECK_WITHIN,      check_within,      D_DUR,       1, "承诺核查期限",         "Check of a commitment within")
ITEM(IMMEDIATE,         immediate,         D_BOOL,      0, "即办",                 "Immediate")
ITEM(INSPECTION,        inspection,        D_BOOL,      0, "须检验检测检疫",       "Inspection or test needed")
ITEM(SUBSTANTIVE,       substantive,       D_BOOL,      0, "须现场核查",           "Substantive check needed")
ITEM(LEGAL_REVIEW,      legal_review,      D_BOOL,      0, "须法制审核",           "Legal review needed")
ITEM(ONE_PERSON,        one_person,        D_BOOL,      0, "可由受理人办理",       "Acceptor may also handle") /* public_service */
ITEM(SAFETY_RELATED,    safety_related,    D_BOOL,      0, "涉及安全",             "Safety related")
#endif
#ifdef PARTY
PARTY(BANNED,    banned,    D_BOOL,   0, "处于禁止申请期",   "Banned from applying") /* for the item at hand, art. 78, 79 */
PARTY(DISHONEST, dishonest, D_BOOL,   0, "失信未修复",       "Dishonest, not repaired")
PARTY(KIND,      kind,      D_CHOICE, 0, "类型",             "Kind")                 /* citizen enterprise */
#endif
#ifdef MATTER
MATTER(UNIT,      unit,      D_UNIT,   0, "承办单位",   "Unit")
MATTER(ORIGIN,    origin,    D_UNIT,   1, "来源单位",   "Origin")
MATTER(STATE,     state,     D_TEXT,   0, "状态",       "State")
MATTER(NUMBER,    number,    D_TEXT,   1, "编号",       "Number")
MATTER(OPENED_ON, opened_on, D_DATE,   0, "收件日",     "Received on") /* effective day of the start act */
MATTER(CHANNEL,   channel,   D_TEXT,   0, "渠道",       "Channel")
MATTER(PARTY_ID,  party,     D_PARTY,  1, "申请人",     "Party")
MATTER(ASSIGNEE,  assignee,  D_PERSON, 1, "经办人",     "Assignee")
#endif
#ifdef ACTOR
ACTOR(PERSON, person, D_PERSON, 1, "办理人", "Person") /* absent for the system */
ACTOR(ROLE,   role,   D_ROLE,   0, "角色",   "Role")   /* the role under which the act is done */
ACTOR(UNIT_,  unit,   D_UNIT,   1, "单位",   "Unit")
#endif
/* clang-format on */
