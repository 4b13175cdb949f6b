import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Intent, address, door, post, send } from './client'
import { Problem } from './problem'

function answer(...replies: [number, unknown][]): ReturnType<typeof vi.fn> {
  const calls = vi.fn()
  for (const [status, body] of replies) {
    calls.mockImplementationOnce(() => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', etag: '"9"' } })))
  }
  vi.stubGlobal('fetch', calls)
  return calls
}
const header = (calls: ReturnType<typeof vi.fn>, call: number, name: string): string | null =>
  ((calls.mock.calls[call]?.[1] as RequestInit).headers as Headers).get(name)

describe('client', () => {
  beforeEach(() => { door.csrf = 'token' })
  afterEach(() => { vi.unstubAllGlobals() })
  it('adds CSRF, If-Match and a key to writes, none of them to reads', async () => {
    const calls = answer([200, {}], [200, {}])
    await post('/matters/1/acts', { act: 'x' }, { etag: '17', key: 'abcdefgh' })
    await send('GET', '/me')
    expect(header(calls, 0, 'X-CSRF-Token')).toBe('token')
    expect(header(calls, 0, 'If-Match')).toBe('"17"')
    expect(header(calls, 0, 'Idempotency-Key')).toBe('abcdefgh')
    expect(header(calls, 1, 'Idempotency-Key')).toBeNull()
    expect(header(calls, 1, 'X-CSRF-Token')).toBeNull()
  })
  it('signs in over the page and repeats the same request with the same key', async () => {
    const calls = answer([401, { code: 'sign-in-required' }], [200, { ok: 1 }])
    door.signIn = () => Promise.resolve(true)
    expect(await post('/matters', { a: 1 })).toEqual({ ok: 1 })
    expect(header(calls, 0, 'Idempotency-Key')).toBe(header(calls, 1, 'Idempotency-Key'))
  })
  it('gives the fault when sign-in is refused', async () => {
    answer([401, { code: 'sign-in-required' }])
    door.signIn = () => Promise.resolve(false)
    await expect(post('/matters', {})).rejects.toBeInstanceOf(Problem)
  })
  it('renews an expired CSRF token once', async () => {
    const calls = answer([403, { code: 'csrf' }], [200, {}])
    door.renew = () => { door.csrf = 'new'; return Promise.resolve() }
    await post('/x', {})
    expect(header(calls, 1, 'X-CSRF-Token')).toBe('new')
  })
  it('keeps the key of an intent until the answer is definite', () => {
    const intent = new Intent()
    const first = intent.key
    intent.settle(new Problem('network', 0))
    expect(intent.key).toBe(first)
    intent.settle(new Problem('form-invalid', 422))
    expect(intent.key).not.toBe(first)
  })
  it('leaves empty query members away', () => {
    expect(address('/items', { query: '', unit: 3, after: null })).toBe('/api/v1/items?unit=3')
  })
})
