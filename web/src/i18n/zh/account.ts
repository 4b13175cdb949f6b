import { texts } from '../index'

export const zh = {
  signInTitle: '登录', signInOver: '登录已过期', signInOverText: '重新登录后接着办，您填的内容都还在。', login: '账号', password: '密码', doSignIn: '登录', toRegister: '没有账号？注册', toCode: '用窗口给的一次性代码登录', demoHint: '演示账号见启动时打印的清单。',
  registerTitle: '注册账号', registerLead: '账号属于您本人。给企业办事，注册后凭授权选择企业。', name: '姓名', nameHint: '和身份证上一致', idNumber: '身份证号', idHint: '18 位，最后一位可能是 X', phone: '手机号', newLogin: '账号', newLoginHint: '4–32 位字母或数字', newPassword: '新密码', passwordHint: '至少 10 位', doRegister: '注册', registered: '已注册并登录。到窗口核验身份证以后，可以办需要核验身份的事。',
  codeTitle: '用一次性代码登录', codeLead: '代码在窗口打印给您，只能用一次。', code: '一次性代码', codeHint: '不分大小写', doCode: '登录并设置密码',
  passwordTitle: '设置新密码', passwordForced: '第一次登录，请先换成自己的密码。', oldPassword: '现在的密码', again: '再输一次新密码', doPassword: '保存新密码', passwordSaved: '新密码已保存',
  e: { login: '请填写账号', password: '请填写密码', name: '请填写姓名', id: '身份证号不对，请核对每一位', phone: '手机号是 11 位数字', newLogin: '账号要 4–32 位字母、数字或 . _ -', short: '密码至少 10 位', again: '两次输入的密码不一样', code: '请填写一次性代码' },
  mandates: '我能代表的企业', mandatesLead: '给企业办事要有授权：法定代表人凭营业执照，经办人凭授权书。申请后由窗口核对原件确认。', mandateAsk: '申请登记授权', company: '企业名称', companyId: '统一社会信用代码', companyIdHint: '18 位', scope: '您的身份', scopes: { legal_representative: '法定代表人', agent: '经办人' } as Record<string, string>, evidence: '营业执照和授权书', until: '有效期到', mandateSent: '已提交，请带原件到窗口确认。', mandateNone: '还没有登记过授权。', status: { in_force: '有效', pending: '等窗口确认', active: '有效', confirmed: '有效', ended: '已终止', expired: '已过期' } as Record<string, string>, end: '终止', endAsk: (n: string) => `不再代表${n}办事？`,
  setupTitle: '指定另外两位管理员', setupLead: '系统管理员、安全管理员、审计管理员要由三个不同的人担任，都不办业务。', security: '安全管理员', audit: '审计管理员', setupDo: '指定并打印代码', setupDone: '都指定好了。请把代码分别交给本人。', next: '进入管理',
}
export const account = texts(zh, () => import('../en/account'))
