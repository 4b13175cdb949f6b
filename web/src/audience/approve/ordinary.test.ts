import { describe, expect, it } from 'vitest'
import type { MatterAct, TimelineRow } from '@/api/types'
import { ordinary } from './ordinary'

const act = (name: string, to: string | null, possible = true): MatterAct => ({ act: name, label: { zh: name, en: null }, possible, reasons: [], form: null, moves_to: to })
const went = (...to: string[]): TimelineRow[] => to.map((state, i) => ({ seq: i + 1, to: state }) as TimelineRow)
const deciding = went('received', 'review', 'deciding')

describe('the ordinary next act', () => {
  it('is the decision that was proposed, not the way back that stands first', () => {
    expect(ordinary([act('send_back', 'review'), act('grant', 'issuing')], 'deciding', deciding)).toBe('grant')
  })
  it('is none when only the way back is possible', () => {
    expect(ordinary([act('send_back', 'review'), act('grant', 'issuing', false)], 'deciding', deciding)).toBeNull()
  })
  it('is proposing, also after the case came back', () => {
    const again = went('received', 'review', 'deciding', 'review')
    expect(ordinary([act('special', null), act('propose', 'deciding')], 'review', again)).toBe('propose')
  })
  it('is never a refusal, and none where two ways go on', () => {
    expect(ordinary([act('refuse', 'ready')], 'deciding', deciding)).toBeNull()
    expect(ordinary([act('do', 'ready'), act('hand_on', 'other')], 'review', deciding)).toBeNull()
  })
})
