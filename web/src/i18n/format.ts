// Dates, times, limits, money and masks as frontend.md 8 writes them. A date is a string
// YYYY-MM-DD and stays one: no time zone can shift it.
import { lang } from './index'

const zhDay = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const enDay = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const enMonth = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

let thisYear = 0
/** The year of the office's today: dates of that year are written without it. */
export function setToday(today: string): void {
  thisYear = Number(today.slice(0, 4))
}

interface Ymd { y: number; m: number; d: number }

function parse(date: string): Ymd | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date)
  return match ? { y: Number(match[1]), m: Number(match[2]), d: Number(match[3]) } : null
}

/** Day of the week, 0 = Sunday (Sakamoto's rule; no Date object). */
export function weekday(date: string): number {
  const p = parse(date)
  if (!p) return 0
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][p.m - 1] ?? 0
  const y = p.m < 3 ? p.y - 1 : p.y
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + shift + p.d) % 7
}

export function weekdayName(day: number): string {
  return (lang.value === 'en' ? enDay : zhDay)[day % 7] ?? ''
}

/** 10月20日（周二） or 2027年1月4日（周一）; plain = without the weekday. */
export function fmtDate(date: string | null | undefined, plain = false): string {
  const p = parse(date ?? '')
  if (!p || !date) return ''
  const other = p.y !== thisYear
  if (lang.value === 'en') {
    const base = `${p.d} ${enMonth[p.m - 1] ?? ''} ${p.y}`
    return plain ? base : `${weekdayName(weekday(date))} ${base}`
  }
  const base = `${other ? `${p.y}年` : ''}${p.m}月${p.d}日`
  return plain ? base : `${base}（${weekdayName(weekday(date))}）`
}

/** Month and day only, for narrow cells: 10月1日 / 1 Oct; `tight` gives 10/1. */
export function fmtMonthDay(date: string, tight = false): string {
  const p = parse(date)
  if (!p) return ''
  if (tight) return `${p.m}/${p.d}`
  return lang.value === 'en' ? `${p.d} ${enMonth[p.m - 1] ?? ''}` : `${p.m}月${p.d}日`
}

/** 9月25–27日, 10月1日–11月2日; one day alone is written once. */
export function fmtRange(from: string, to: string): string {
  const a = parse(from)
  const b = parse(to)
  if (!a || !b) return ''
  if (from.slice(0, 10) === to.slice(0, 10)) return fmtMonthDay(from)
  if (lang.value === 'en') {
    return a.m === b.m ? `${a.d}–${b.d} ${enMonth[a.m - 1] ?? ''}` : `${fmtMonthDay(from)} – ${fmtMonthDay(to)}`
  }
  return a.m === b.m ? `${a.m}月${a.d}–${b.d}日` : `${fmtMonthDay(from)}–${fmtMonthDay(to)}`
}

/** The clock time of an instant with offset +08:00: its characters are the office's own time. */
export function fmtTime(instant: string | null | undefined): string {
  return instant?.slice(11, 16) ?? ''
}

export function fmtWhen(instant: string | null | undefined): string {
  return instant ? `${fmtDate(instant)} ${fmtTime(instant)}` : ''
}

/** Fen to 1,204.50 元. */
export function fmtMoney(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const abs = Math.abs(fen)
  const yuan = Math.floor(abs / 100).toString().replace(/\B(?=(?:\d{3})+$)/g, ',')
  const text = `${sign}${yuan}.${String(abs % 100).padStart(2, '0')}`
  return lang.value === 'en' ? `${text} yuan` : `${text} 元`
}

export function fmtSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export function fmtCount(n: number): string {
  return n.toString().replace(/\B(?=(?:\d{3})+$)/g, ',')
}

export type DurUnit = 'wd' | 'cd' | 'mo' | 'y' | 'h' | 'sh'

/** 5 个工作日, never 5天 for working days. */
export function fmtDur(amount: number, unit: string): string {
  if (lang.value === 'en') {
    const name: Record<string, string> = { wd: 'working day', cd: 'calendar day', mo: 'month', y: 'year', h: 'hour', sh: 'service hour' }
    return `${amount} ${name[unit] ?? unit}${amount === 1 ? '' : 's'}`
  }
  const name: Record<string, string> = { wd: '个工作日', cd: '天', mo: '个月', y: '年', h: '小时', sh: '个服务小时' }
  return `${amount} ${name[unit] ?? unit}`
}

/** Adds days to a date string, for calendar grids only (never for limits: the server counts those). */
export function shiftDay(date: string, days: number): string {
  const p = parse(date)
  if (!p) return date
  return new Date(Date.UTC(p.y, p.m - 1, p.d + days)).toISOString().slice(0, 10)
}
