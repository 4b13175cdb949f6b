import { describe, expect, it } from 'vitest'
import type { MatterAct } from '@/api/types'
import { judge } from './outcomes'

const act = (name: string, more: Partial<MatterAct> = {}): MatterAct => ({ act: name, label: { zh: name, en: null }, possible: true, reasons: [], form: '', ...more })
const v = (...results: ('ok' | 'fix' | 'defer' | 'not_applicable' | 'unseen')[]) => results.map((result, i) => ({ code: `m-${i}`, result }))

describe('lawful outcomes at the window (行政许可法 32)', () => {
  it('accept only when nothing is missing (32.5)', () => {
    expect(judge(act('accept'), v('ok', 'not_applicable')).ok).toBe(true)
    expect(judge(act('accept'), v('ok', 'fix')).ok).toBe(false)
    expect(judge(act('accept'), v('ok', 'unseen')).note).toBe('还有 1 种材料没判断')
  })
  it('notify only when everything was seen and something is wrong: once and completely (32.4)', () => {
    expect(judge(act('notify'), v('ok', 'fix')).ok).toBe(true)
    expect(judge(act('notify'), v('fix', 'unseen')).ok).toBe(false)
    expect(judge(act('notify'), v('ok', 'ok')).ok).toBe(false)
  })
  it('defer only what may follow, and nothing that must be corrected', () => {
    expect(judge(act('accept_deferred'), v('ok', 'defer')).ok).toBe(true)
    expect(judge(act('accept_deferred'), v('fix', 'defer')).ok).toBe(false)
  })
  it('shows the reasons of the server before its own', () => {
    const refused = judge(act('accept', { possible: false, reasons: [{ code: 'act-need', text: { zh: '失信未修复', en: null } }] }), v('ok'))
    expect(refused).toEqual({ ok: false, note: '失信未修复', suggested: false })
  })
})
