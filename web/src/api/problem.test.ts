import { describe, expect, it } from 'vitest'
import { Problem, asProblem, errorsUnder, problemFrom } from './problem'

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } })

describe('problems', () => {
  it('keeps code, field errors and Retry-After', async () => {
    const p = await problemFrom(reply(422, { code: 'form-invalid', detail: '有内容需要改正', errors: [{ pointer: '/form/area', detail: '面积要填数字' }] }, { 'retry-after': '7' }))
    expect([p.code, p.status, p.wait]).toEqual(['form-invalid', 422, 7])
    expect(p.at('/form/area')).toBe('面积要填数字')
    expect(errorsUnder(p, '/form')).toEqual({ area: '面积要填数字' })
  })
  it('survives a body that is no JSON', async () => {
    const p = await problemFrom(new Response('<h1>bad</h1>', { status: 502, headers: { 'content-type': 'text/html' } }))
    expect(p.code).toBe('internal')
    expect(p.unknown).toBe(true)
  })
  it('tells conflicts from refusals', () => {
    expect(new Problem('matter-changed', 412).conflict).toBe(true)
    expect(new Problem('act-not-now', 409).conflict).toBe(true)
    expect(new Problem('form-invalid', 422).conflict).toBe(false)
  })
  it('treats a broken network as unknown: the same key must be used again', () => {
    expect(asProblem(new TypeError('failed to fetch')).unknown).toBe(true)
    expect(asProblem(new DOMException('late', 'TimeoutError')).code).toBe('timeout')
    expect(new Problem('form-invalid', 422).unknown).toBe(false)
  })
  it('says forbidden and absent alike from its own words', () => {
    expect(new Problem('matter-not-found', 404, { detail: 'x' }).text).toBe('没有找到这件事。')
  })
  it('sorts errors of nested forms by path', () => {
    const p = new Problem('form-invalid', 422, { errors: [{ pointer: '/form/changes/1/after', detail: 'b' }, { pointer: '/other', detail: 'c' }] })
    expect(errorsUnder(p, '/form')).toEqual({ 'changes/1/after': 'b' })
  })
})
