import { beforeEach, describe, expect, it } from 'vitest'
import { lang, langOf, say, tidy } from './index'
import { fmtDate, fmtDur, fmtMoney, fmtRange, fmtTime, fmtWhen, setToday, shiftDay, weekday } from './format'

describe('dates as frontend.md 8 writes them', () => {
  beforeEach(() => { lang.value = 'zh'; setToday('2026-10-09') })
  it('knows the weekday without a Date object', () => {
    expect(weekday('2026-10-20')).toBe(2)
    expect(weekday('2024-02-29')).toBe(4)
    expect(weekday('2000-01-01')).toBe(6)
  })
  it('leaves the year away in the same year only', () => {
    expect(fmtDate('2026-10-20')).toBe('10月20日（周二）')
    expect(fmtDate('2027-01-04')).toBe('2027年1月4日（周一）')
    expect(fmtDate('2026-10-20', true)).toBe('10月20日')
    expect(fmtDate(null)).toBe('')
  })
  it('writes English with weekday and year', () => {
    lang.value = 'en'
    expect(fmtDate('2026-10-20')).toBe('Tue 20 Oct 2026')
  })
  it('joins ranges with a dash and no spaces', () => {
    expect(fmtRange('2026-09-25', '2026-09-27')).toBe('9月25–27日')
    expect(fmtRange('2026-09-30', '2026-10-02')).toBe('9月30日–10月2日')
    expect(fmtRange('2026-10-01', '2026-10-01')).toBe('10月1日')
  })
  it('reads the clock time from the characters of the instant', () => {
    expect(fmtTime('2026-10-09T23:24:00.000+08:00')).toBe('23:24')
    expect(fmtWhen('2026-10-09T10:24:00.000+08:00')).toBe('10月9日（周五） 10:24')
  })
  it('crosses months and leap days', () => {
    expect(shiftDay('2024-02-28', 1)).toBe('2024-02-29')
    expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01')
  })
  it('groups money and keeps two decimals', () => {
    expect(fmtMoney(120450)).toBe('1,204.50 元')
    expect(fmtMoney(-5)).toBe('-0.05 元')
  })
  it('names the unit of a limit', () => {
    expect(fmtDur(5, 'wd')).toBe('5 个工作日')
    lang.value = 'en'
    expect(fmtDur(1, 'wd')).toBe('1 working day')
  })
})

describe('server texts', () => {
  it('shows Chinese with lang=zh where the English is missing', () => {
    lang.value = 'en'
    expect(say({ zh: '市场监管局', en: null })).toBe('市场监管局')
    expect(langOf({ zh: '市场监管局', en: null })).toBe('zh')
    expect(langOf({ zh: '受理', en: 'Accept' })).toBeUndefined()
    lang.value = 'zh'
    expect(langOf({ zh: '市场监管局', en: null })).toBeUndefined()
  })
  it('sets the number apart from its unit', () => {
    lang.value = 'zh'
    expect(say({ zh: '20个工作日', en: null })).toBe('20 个工作日')
  })
})

describe('Chinese from files', () => {
  it('is shown as it is printed', () => {
    expect(tidy('发展改革局(经济发展局)')).toBe('发展改革局（经济发展局）')
    expect(tidy('办法: 核查人员接受任务后5 wd内完成')).toBe('办法：核查人员接受任务后5 个工作日内完成')
    expect(tidy('节约能源法第15条; 行政许可法第42条第1款')).toBe('节约能源法第15条；行政许可法第42条第1款')
    expect(tidy('GB (2020) a, b')).toBe('GB (2020) a, b')
  })
})
