import { texts } from '../index'

export const zh = {
  why: '为什么是这一天？', whyOf: (d: string) => `为什么是${d}？`, hide: '收起',
  law: '法律最长', policy: '政策或承诺', preset: '本级规定', notBefore: (d: string) => `不早于 ${d}`, provisional: '暂定', provisionalWhy: '国务院的放假通知还没有公布到这一天，通知公布后会重算。',
  limitUsed: (limit: string, used: string) => `${limit}，已用 ${used}`, extended: (x: string) => `已延长 ${x}`, pausedDays: (n: number) => `暂停 ${n} 个工作日`,
  moved: (a: string, b: string, n: string) => `原来是${a}，按${n}改为${b}`, frozen: '办结时的灯色', noDate: '没有到期日', closed: '已结束',
  sumCounted: (n: string) => `${n} 个工作日`, sumRest: '天休息', sumPaused: '天暂停', sumStart: '起算当天不算', sumCountedWord: (unit: string): string => (unit === 'wd' ? '个工作日' : '天'),
  legend: { counted: '算一天', rest: '休息日，不算', paused: '暂停，不算', today: '今天', start: '起算', due: '到期', rolled: '顺延' },
  makeup: '调休', from: '从哪天算', why2: (x: string) => `为什么是 ${x}`, rests: '没算的休息日', makeups: '算进去的周末', pauses: '暂停', extension: '延长', notPaused: '没有停表', changes: '改过的到期日', calendar: '日历',
  nextDay: '次日起算', noExtension: '没有延长', noPause: '没有暂停', none: '没有', makeupDays: (d: string) => `${d}调休上班`,
  pauseRow: (range: string, days: number) => `${range}，其中 ${days} 个工作日`, pauseOpen: (from: string) => `${from}起，还没有结束`, pauseExpected: (d: string) => `预计到${d}`, pauseNot: '不停这个时限',
  changeRow: (a: string, b: string) => `原来${a}，改为${b}`, knownUntil: (s: string, d: string) => `${s}，已公布到${d}`,
  ruler: (label: string, from: string, due: string, counted: number, rest: number, paused: number) => `${label}：从${from}到${due}，算 ${counted} 天，休息 ${rest} 天，暂停 ${paused} 天。`,
  calendarOf: (label: string) => `${label}的日历`, day: (d: string, kind: string) => `${d}，${kind}`, dayN: (d: string, n: number) => `${d}，第 ${n} 天`,
  timeline: '办到哪一步了', system: '系统按时限自动办理', recordedLate: (t: string) => `补记于 ${t}`, effective: (d: string) => `从${d}起算`, struck: '已撤销', corrected: '已更正', corrects: (n: number) => `更正第 ${n} 步`,
  with: (names: string) => `同办：${names}`, leaf: (n: string) => `存证第 ${n} 号`, letterVoid: '已作废', rendering: '正在生成', more: '看填了什么', ledgerTitle: '每一步都存了证', ledger: (n: string) => `存到第 ${n} 号，改不了。`, seq: (n: number) => `第 ${n} 步`, list: '列成表看',
}
export const clockText = texts(zh, () => import('../en/clock'))
