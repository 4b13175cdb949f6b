import { describe, expect, it } from 'vitest'
import type { Field } from '@/api/types'
import { checkFields, clean, fieldId, realDate } from './check'

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({ name, type, title: { zh: name, en: null }, required: true, ...more })

describe('courtesy checks', () => {
  it('wants required fields and real numbers', () => {
    const fields = [field('area', 'int', { min: 1, max: 200 }), field('name', 'text', { required: false })]
    expect(checkFields(fields, {})).toEqual({ area: '请填写“area”' })
    expect(checkFields(fields, { area: '一百二十六' })).toEqual({ area: '“area”要填数字，例如 126' })
    expect(checkFields(fields, { area: 500 })).toEqual({ area: '“area”要在 1 到 200 之间' })
    expect(checkFields(fields, { area: 126 })).toEqual({})
  })
  it('looks into rows and item forms', () => {
    const fields = [field('changes', 'rows', { of: [field('after', 'text')] }), field('answers', 'item_form', { of: [field('addr', 'text')] })]
    expect(Object.keys(checkFields(fields, { changes: [{ after: 'x' }, {}], answers: {} }))).toEqual(['changes/1/after', 'answers/addr'])
  })
  it('counts unseen verdicts', () => {
    expect(checkFields([field('verdicts', 'verdicts')], { verdicts: [{ code: 'a', result: 'unseen' }] })).toEqual({ verdicts: '还有 1 种材料没有判断' })
  })
  it('knows real dates', () => {
    expect(realDate('2024-02-29')).toBe(true)
    expect(realDate('2026-02-29')).toBe(false)
    expect(realDate('2026-13-01')).toBe(false)
  })
  it('never blocks submission for missing materials (提交即收件)', () => {
    expect(checkFields([field('materials', 'materials')], { materials: [] })).toEqual({})
  })
  it('sends neither empty optional fields nor stray spaces', () => {
    expect(clean([field('a', 'text'), field('b', 'text', { required: false }), field('m', 'materials')], { a: ' x ', b: ' ', m: [] })).toEqual({ a: 'x', m: [] })
  })
  it('makes ids that a link can carry', () => {
    expect(fieldId('q', 'rows/0/after')).toBe('q-rows-0-after')
  })
})
