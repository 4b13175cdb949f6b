import { texts } from '../index'

export const zh = {
  brand: '高新政务·智惠快办',
  p: { colon: '：', comma: '，', and: '、', stop: '。', open: '（', close: '）', semi: '；', lq: '“', rq: '”' },
  skip: '跳到正文',
  close: '关闭', cancel: '取消', back: '上一步', go: '继续', save: '保存', del: '删除', edit: '修改', add: '添加', search: '搜索',
  confirm: '确认', yes: '是', no: '否', none: '没有', all: '全部', open: '打开', retry: '再试一次', reload: '看最新的情况', print: '打印',
  more: '再看一些', optional: '（选填）', choose: '请选择', loading: '正在取数据…', signIn: '登录', signOut: '退出', help: '帮助',
  saved: (t: string) => `已保存 ${t}`, saving: '正在保存…', unsaved: '有改动还没保存',
  copy: '复制', copied: '已复制', undo: '撤回',
  demo: '演示', sample: '示例', fictitious: '演示数据，企业与人员均为虚构',
  errorsTitle: (n: number) => `有 ${n} 处需要改`,
  trace: (id: string) => `问题编号 ${id}`,
  offline: '网络断了。您填的内容都还在，联网后会自动继续。',
  reconnecting: (t: string) => `正在重新连接，显示的是 ${t} 的数据`,
  changedElsewhere: '有新的变化', showChanges: '更新列表',
  retryIn: (s: number) => `${s} 秒后自动再试`,
  newTab: '（新窗口打开）',
  days: (n: number) => `${n} 天`,
  items: (n: number) => `${n} 项`,
  theme: { large: '大字', contrast: '高对比', english: 'English', chinese: '中文' },
  light: { green: '正常', yellow: '快到期', red: '超期', paused: '暂停', none: '没有时限' },
  left: {
    days: (n: number) => `还剩 ${n} 个工作日`, cdays: (n: number) => `还剩 ${n} 天`, hours: (n: number) => `还剩 ${n} 小时`,
    other: (what: string) => `还剩 ${what}`, today: '今天到期', over: (what: string) => `超期 ${what}`,
    paused: '暂停计时', met: '已按时办完', late: '没有按时办完', cancelled: '不用再办', none: '不计时限', expired: '已届满',
    short: { today: '今天', days: (n: number) => `${n} 日`, over: (n: number) => `超 ${n} 日` },
  },
  keysTitle: '键盘操作', keysOff: '关闭单键快捷方式',
  legalBasis: '依据',
  notPublished: '暂未公布',
}
export const c = texts(zh, () => import('../en/common'))
