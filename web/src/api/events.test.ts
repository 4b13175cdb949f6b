import { describe, expect, it } from 'vitest'
import { cutStream, parseEvent } from './events'

describe('event stream', () => {
  it('reads ids only', () => {
    expect(parseEvent('9', 'matter.act', '{"matter_id":1,"act_id":2,"topic":"matter.act"}')).toEqual({ id: '9', topic: 'matter.act', matter_id: 1 })
    expect(parseEvent('9', 'x', 'no json')).toBeNull()
  })
  it('keeps an unfinished event for the next piece', () => {
    const first = cutStream('id: 1\nevent: matter.act\ndata: {"matter_id":7}\n\nid: 2\nevent: ma')
    expect(first.events).toEqual([{ id: '1', topic: 'matter.act', matter_id: 7 }])
    const second = cutStream(`${first.rest}tter.act\r\ndata: {"matter_id":8}\r\n\r\n`)
    expect(second.events.map((e) => e.matter_id)).toEqual([8])
    expect(second.rest).toBe('')
  })
  it('takes comments as signs of life without an event', () => {
    expect(cutStream(': tick\n\n')).toEqual({ events: [], rest: '' })
  })
})
