import { texts } from '../index'

export const zh = {
  toc: '行政许可法第三十条要求公示的八项内容', s: ['事项', '依据', '条件', '数量', '程序', '期限', '申请材料', '申请书示范文本'],
  promised: '我们承诺', legal: '法律最长', fee: '收费', materials: '材料', free: '不收费', charged: '收费', kinds: '种', immediate: '当场办结', noLegal: '没有法定时限',
  what: (unit: string) => `由${unit}办理。`, result: (r: string) => `结果是：${r}。`, regime: '性质', basisMain: '期限依据', noBasis: '没有列出法定依据', evidence: (x: string) => `法定期限的依据还要核对：${x}。`, toCheck: '待核对', unlimited: '没有数量限制。',
  stepsDefault: ['您提交', '我们受理', '审查', '决定', '送证'], stepsNote: ['网上或窗口', '齐全的当天受理，要补的一次说清', '要看现场的，至少两人去', '准予或不准予，都写明理由', '窗口领取、邮寄或电子证照'],
  special: '这件事可能要做的特别程序', pauses: { legal: '时间不计入法定时限和承诺时限', promised: '时间只不计入承诺时限', none: '时间计入时限' } as Record<string, string>, days: (n: number) => `约 ${n} 天`,
  limits: { correction: '要不要补材料', correctionText: (x: string) => `收件后${x}内一次告知，过期没说就算受理`, correctionPlain: (x: string) => `收件后${x}内一次告知`, decide: '作出决定', decideBoth: (p: string, l: string) => `承诺${p}，法定${l}`, extend: '可以延长', extendText: (x: string, who: string) => `一次，${x}${who === '' ? '' : `，要${who}批准`}`, deliver: '送证', deliverText: (x: string) => `决定后${x}内`, start: '从哪天算', starts: { acceptance: '受理次日起', accept: '受理次日起', receipt: '收到申请次日起', event: '法定事件次日起', 'window-close': '受理期限终止次日起' } as Record<string, string> },
  matCols: { name: '材料', need: '必须吗', note: '说明' }, necessity: { required: '必须', optional: '可不交', conditional: '看情况' } as Record<string, string>, matTotal: (n: number, must: number) => `共 ${n} 种，其中 ${must} 种必须`, deferrable: '可容缺', commitment: '可承诺', exempt: '可免交（部门间核验）', copies: (n: string) => `${n} 份`,
  todayTitle: '今天交齐材料，最晚办结于', todayWhy: '材料齐全、当天受理的话，从次日起算。', todayLegal: (d: string) => `法律最长到 ${d}`, todayCorrect: (d: string) => `要补材料的话，${d}前一次说清`, provisional: '这一天还没有放假通知，日期是暂定的。',
  start: '开始申请', startNote: '可以随时保存，换台电脑接着填。', closed: '这个事项现在没有在办理', offline: '这个事项要到窗口办。', window: '到窗口办', ask: '问一问', version: (v: number, d: string) => `第 ${v} 版 · ${d}起施行`, versionOnly: (v: number) => `第 ${v} 版`, sample: '示例', sampleNote: '演示文本，不是正式公布的办事指南。', remedy: '不服怎么办', feeTitle: '收费', missing: '暂未公布', crumbHome: '办事', commitmentOk: '可以告知承诺办理', deferOk: '可以容缺受理', contact: '咨询', jump: '跳到', starting: '正在建申请…',
}
export const guideText = texts(zh, () => import('../en/guide'))
