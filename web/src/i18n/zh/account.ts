import { texts } from '../index'

export const zh = {
  signInTitle: '登录', signInOver: '登录已过期', signInOverText: '重新登录后接着办，您填的内容都还在。', login: '账号', password: '密码', doSignIn: '登录', toRegister: '没有账号？注册', toCode: '用窗口给的一次性代码登录', demoHint: '演示账号见启动时打印的清单。',
  registerTitle: '注册账号', registerLead: '账号属于您本人。给企业办事，注册后凭授权选择企业。', name: '姓名', nameHint: '和身份证上一致', idNumber: '身份证号', idHint: '18 位，最后一位可能是 X', phone: '手机号', newLogin: '账号', newLoginHint: '4–32 位字母或数字', newPassword: '新密码', passwordHint: '至少 10 位', doRegister: '注册', registered: '已注册并登录。到窗口核验身份证以后，可以办需要核验身份的事。',
  codeTitle: '用一次性代码登录', codeLead: '代码在窗口打印给您，只能用一次。', code: '一次性代码', codeHint: '不分大小写', doCode: '登录并设置密码',
  passwordTitle: '设置新密码', passwordForced: '第一次登录，请先换成自己的密码。', oldPassword: '现在的密码', again: '再输一次新密码', doPassword: '保存新密码', passwordSaved: '新密码已保存',
  e: { login: '请填写账号', password: '请填写密码', name: '请填写姓名', id: '身份证号不对，请核对每一位', phone: '手机号是 11 位数字', newLogin: '账号要 4–32 位字母、数字或 . _ -', short: '密码至少 10 位', again: '两次输入的密码不一样', code: '请填写一次性代码' },
  show: '显示密码',
}
export const account = texts(zh, () => import('../en/account'))
