// Words for lights and remaining time; the server has counted, here it is only said.
import { fmtDur } from '@/i18n/format'
import { c } from '@/i18n/zh/common'
import { clockText } from '@/i18n/zh/clock'
import type { Clock, Light } from '@/api/types'

type Ticking = Pick<Clock, 'status' | 'light' | 'left' | 'unit'> & { frozen?: boolean }

/** A clock that somebody still has to meet: also one that is over and not met yet. */
export function isLive(clock: Pick<Clock, 'status' | 'frozen' | 'light'>): boolean {
  if (clock.status === 'running' || clock.status === 'paused') return true
  return (clock.status === 'late' || clock.status === 'expired') && !clock.frozen && clock.light === 'red'
}

/** 还剩 8 个工作日 · 今天到期 · 超期 2 个工作日 · 暂停计时 · 已按时办完 */
export function leftWords(clock: Ticking): string {
  if (clock.status === 'met') return c.left.met
  if (clock.status === 'late' && clock.frozen) return c.left.late
  if (clock.status === 'cancelled') return c.left.cancelled
  if (clock.status === 'paused' || clock.light === 'paused') return c.left.paused
  if (clock.status === 'expired' && clock.light !== 'red') return c.left.expired
  if (clock.left === null || clock.light === 'none') return c.left.none
  if (clock.left < 0) return c.left.over(fmtDur(-clock.left, clock.unit ?? 'wd'))
  if (clock.left === 0) return clock.light === 'red' ? c.light.red : c.left.today
  if (clock.unit === 'wd') return c.left.days(clock.left)
  if (clock.unit === 'cd') return c.left.cdays(clock.left)
  return c.left.other(fmtDur(clock.left, clock.unit ?? 'wd'))
}

/** Short form for worklists: 3 日 · 今天 · 超 1 日 · 暂停. */
export function shortLeft(light: Light, left: number | null, paused: boolean): string {
  if (paused || light === 'paused') return c.light.paused
  if (left === null || light === 'none') return c.light.none
  if (left < 0) return c.left.short.over(-left)
  if (left === 0) return light === 'red' ? c.light.red : c.left.short.today
  return c.left.short.days(left)
}

export function sourceWords(evidence: string): string {
  return evidence === 'law' ? clockText.law : evidence === 'policy' ? clockText.policy : clockText.preset
}
