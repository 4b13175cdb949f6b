import { texts } from '../index'

export const zh = {
  title: '管理', tabs: { time: '服务器时间', accounts: '管理员账号', signIns: '登录记录', audit: '审计' },
  time: { lead: '法定时限按服务器时间算。时间异常时，到期自动办理的步骤先停着，由管理员核对后确认。', now: '大厅时间', trusted: '时间已确认', not: '时间还没有确认', confirm: '我已核对，时间正确', ledger: '存证账本', size: '已存', root: '根', checkpoint: '最近一次签名', confirmed: '时间已确认，停着的步骤会按顺序办理' },
  accounts: { lead: '系统管理员、安全管理员、审计管理员由三个人分别担任，都不办业务。', none: '没有管理员账号可看。' },
  signIns: { lead: '谁在什么时候登录，成功没有。', at: '时间', who: '账号', result: '结果', ok: '成功', failed: '失败', locked: '已锁定', mark: '账号标记', unknown: '没有这个账号', none: '还没有登录记录。', outcomes: { ok: '成功', success: '成功', failed: '失败', wrong: '失败', locked: '已锁定', code: '一次性代码' } as Record<string, string> },
  audit: { lead: '改设置、改岗位、改事项，都记在这里，不能删。', at: '时间', actor: '谁', system: '系统', what: '做了什么', subject: '对象', detail: '内容', none: '还没有记录。', subjects: { person: '人员', mandate: '授权', unit: '部门', item: '事项', param: '参数', matter: '办件', office: '大厅资料', grant: '岗位', calendar: '工作日历', catalogue: '目录' } as Record<string, string> },
}
export const admin = texts(zh, () => import('../en/admin'))
