import { describe, expect, it } from 'vitest'
import { flow } from './flow'

const states = [{ name: 'received', end: false }, { name: 'correcting', end: false }, { name: 'review', end: false }, { name: 'done', end: true }]
const edges = [{ from: null, to: 'received' }, { from: 'received', to: 'correcting' }, { from: 'correcting', to: 'review' }, { from: 'received', to: 'review' }, { from: 'review', to: 'correcting' }, { from: 'review', to: 'done' }]

describe('the layout of a process', () => {
  const { nodes, curves } = flow(states, edges)
  const at = (name: string) => nodes.find((n) => n.name === name)!
  it('puts a state below all that lead to it, and ends at the right', () => {
    expect(at('received').y).toBeLessThan(at('correcting').y)
    expect(at('correcting').y).toBeLessThan(at('review').y)
    expect(at('done').x).toBeGreaterThan(at('review').x)
    expect(at('done').y).toBe(at('review').y)
  })
  it('draws one line between two states, and knows the way back', () => {
    expect(curves).toHaveLength(5)
    expect(curves.filter((c) => c.back).map((c) => `${c.from} ${c.to}`)).toEqual(['review correcting'])
  })
})
