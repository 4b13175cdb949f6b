import { describe, expect, it } from 'vitest'
import { maxSize, refuseFile } from './upload'

describe('files are checked before they are sent', () => {
  it('by kind', () => {
    expect(refuseFile({ name: '章程.PDF', size: 10 })).toBe('')
    expect(refuseFile({ name: 'x.exe', size: 10 })).not.toBe('')
    expect(refuseFile({ name: 'noending', size: 10 })).not.toBe('')
  })
  it('by size', () => {
    expect(refuseFile({ name: 'a.pdf', size: maxSize })).toBe('')
    expect(refuseFile({ name: 'a.pdf', size: maxSize + 1 })).not.toBe('')
    expect(refuseFile({ name: 'a.pdf', size: 0 })).not.toBe('')
  })
})
