import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ClockWhy, DayRow } from '@/api/types'
import { lang } from '@/i18n'
import { setToday } from '@/i18n/format'
import DayRuler from './DayRuler.vue'
import Light from './Light.vue'
import WhyDate from './WhyDate.vue'
import { runsOf, weeksOf } from './calendar'
import { inRows } from './rows'
import { leftWords, shortLeft } from './words'

const day = (on: string, kind: DayRow['kind'], n: number | null = null, more: Partial<DayRow> = {}): DayRow => ({ on, kind, n, makeup: false, reason: null, notice: null, today: false, ...more })
const why: ClockWhy = {
  name: 'decide_legal', label: { zh: '法定决定期限', en: null }, basis: '某办法第21条', evidence: 'law', start_on: '2026-09-24', start_why: { zh: '受理', en: null }, due_on: '2026-09-29',
  limit: { zh: '2个工作日', en: null }, unit: 'wd', provisional: false, not_before: false, sum: { counted: 2, rest: 3, paused: 0 },
  days: [day('2026-09-25', 'rest', null, { reason: '中秋' }), day('2026-09-26', 'rest', null, { reason: '中秋' }), day('2026-09-27', 'rest', null, { reason: '中秋' }), day('2026-09-28', 'counted', 1, { today: true }), day('2026-09-29', 'due', 2)],
  pauses: [], not_paused: [], extensions: [], changes: [], calendar: { source: '通知', known_until: '2026-12-31' },
}
beforeEach(() => { lang.value = 'zh'; setToday('2026-09-28') })

describe('words of a clock', () => {
  const base = { status: 'running' as const, light: 'green' as const, left: 8, unit: 'wd' }
  it('say what is left', () => {
    expect(leftWords(base)).toBe('还剩 8 个工作日')
    expect(leftWords({ ...base, left: 0, light: 'yellow' })).toBe('今天到期')
    expect(leftWords({ ...base, left: -2, light: 'red' })).toBe('超期 2 个工作日')
    expect(leftWords({ ...base, status: 'paused', light: 'paused' })).toBe('暂停计时')
    expect(leftWords({ ...base, status: 'met', left: null })).toBe('已按时办完')
    expect(leftWords({ ...base, status: 'late', light: 'red', left: -1 })).toBe('超期 1 个工作日')
    expect(leftWords({ ...base, status: 'late', light: 'red', left: -1, frozen: true })).toBe('没有按时办完')
  })
  it('are short in lists', () => {
    expect(shortLeft('red', -1, false)).toBe('超 1 日')
    expect(shortLeft('green', 3, true)).toBe('暂停')
  })
})

describe('calendar', () => {
  it('fills whole weeks from Monday', () => {
    const weeks = weeksOf(why.days, why.start_on)
    expect(weeks).toHaveLength(2)
    expect(weeks[0]?.[0]?.on).toBe('2026-09-21')
    expect(weeks[1]?.[6]?.on).toBe('2026-10-04')
  })
  it('joins neighbouring rest days of one reason', () => {
    expect(runsOf(why.days.filter((d) => d.kind === 'rest'))).toEqual([{ reason: '中秋', from: '2026-09-25', to: '2026-09-27', notice: null }])
  })
  it('shows every day as counted, rest, start or due, and today', () => {
    const page = mount(WhyDate, { props: { why } })
    expect(page.findAll('.cell.rest').length).toBe(3 + 1) // three days and the legend
    expect(page.find('td .cell.start').text()).toContain('起算')
    expect(page.find('td .cell.due').text()).toContain('到期')
    expect(page.find('td .cell.today').text()).toContain('今天')
    expect(page.text()).toContain('9月25–27日')
  })
  it('draws the ruler as one image with a full sentence', () => {
    const ruler = mount(DayRuler, { props: { why, today: '2026-09-28' } })
    expect(ruler.attributes('role')).toBe('img')
    expect(ruler.attributes('aria-label')).toBe('法定决定期限：从9月24日（周四）到9月29日（周二），算 2 天，休息 3 天，暂停 0 天。')
    expect(ruler.findAll('.track i')).toHaveLength(6)
  })
})

describe('light', () => {
  it('differs by shape and word, not by colour alone', () => {
    const shapes = (['green', 'yellow', 'red', 'paused', 'none'] as const).map((light) => mount(Light, { props: { light } }))
    expect(new Set(shapes.map((s) => s.find('svg').html())).size).toBe(5)
    expect(shapes.map((s) => s.text())).toEqual(['正常', '快到期', '超期', '暂停', '没有时限'])
  })
  it('becomes a ring when frozen', () => {
    expect(mount(Light, { props: { light: 'red', frozen: true } }).find('circle').exists()).toBe(true)
  })
})

describe('labels of the ruler', () => {
  const label = (at: number) => ({ at, width: 100 })
  it('stand in one row while they do not touch', () => {
    expect(inRows([label(10), label(400), label(790)], 800)).toEqual([{ row: 0, left: 0 }, { row: 0, left: 350 }, { row: 0, left: 700 }])
  })
  it('rise where dates are close, start and due stay low', () => {
    expect(inRows([label(10), label(720), label(790)], 800).map((p) => p.row)).toEqual([0, 1, 0])
    expect(inRows([label(50), label(60), label(70)], 120).map((p) => p.row)).toEqual([0, 2, 1])
  })
})
