import { mount } from '@vue/test-utils'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref, type Ref } from 'vue'
import { Problem } from '@/api/problem'
import { queries, usePages, useQuery, type PagedQuery, type Query } from './query'

function within<T>(setup: () => T): { value: T; drop: () => void } {
  let value!: T
  const page = mount(defineComponent({ setup() { value = setup(); return () => h('i') } }))
  return { value, drop: () => page.unmount() }
}
let count = 0
const fresh = (): string => `k${++count}`

describe('useQuery', () => {
  beforeEach(() => queries.clear())
  it('shares one request among all who ask the same', async () => {
    const key = fresh()
    const fetch = vi.fn(() => Promise.resolve(1))
    const a = within(() => useQuery({ queryKey: [key], queryFn: fetch }))
    const b = within(() => useQuery({ queryKey: [key], queryFn: fetch }))
    await flushPromises()
    expect(fetch).toHaveBeenCalledTimes(1)
    expect([a.value.data.value, b.value.data.value]).toEqual([1, 1])
  })
  it('never lets an older answer replace a newer one', async () => {
    const id = ref(1)
    const waiting = new Map<number, (v: string) => void>()
    const key = fresh()
    const page = within(() => useQuery({ queryKey: [key, id], queryFn: () => new Promise<string>((resolve) => waiting.set(id.value, resolve)) }))
    id.value = 2
    await flushPromises()
    waiting.get(2)!('new')
    waiting.get(1)!('old')
    await flushPromises()
    expect(page.value.data.value).toBe('new')
  })
  it('cancels what nobody wants any more', async () => {
    let aborted = false
    const page = within(() => useQuery({ queryKey: [fresh()], queryFn: ({ signal }) => new Promise<number>(() => signal.addEventListener('abort', () => { aborted = true })) }))
    await flushPromises()
    page.drop()
    expect(aborted).toBe(true)
  })
  it('retries a broken network twice, a refusal never', async () => {
    vi.useFakeTimers()
    const broken = vi.fn(() => Promise.reject(new TypeError('net')))
    const refused = vi.fn(() => Promise.reject(new Problem('forbidden', 403)))
    const a = within(() => useQuery({ queryKey: [fresh()], queryFn: broken }))
    const b = within(() => useQuery({ queryKey: [fresh()], queryFn: refused }))
    await vi.advanceTimersByTimeAsync(3_000)
    expect([broken.mock.calls.length, refused.mock.calls.length]).toEqual([3, 1])
    expect([a.value.error.value?.code, b.value.error.value?.code]).toEqual(['network', 'forbidden'])
    vi.useRealTimers()
  })
  it('fetches again when told in the middle of a request', async () => {
    const key = fresh()
    const answers: ((v: number) => void)[] = []
    const page = within(() => useQuery({ queryKey: [key], queryFn: () => new Promise<number>((resolve) => answers.push(resolve)) }))
    await flushPromises()
    void queries.invalidate([key])
    answers[0]!(1)
    await flushPromises()
    expect(answers).toHaveLength(2)
    answers[1]!(2)
    await flushPromises()
    expect(page.value.data.value).toBe(2)
  })
  it('waits until it is enabled and keeps the old rows while a new filter loads', async () => {
    const on = ref(false)
    const filter: Ref<string> = ref('a')
    const key = fresh()
    let release: (v: string) => void = () => undefined
    const page: { value: Query<string> } = within(() => useQuery({ queryKey: [key, filter], enabled: on, keep: true, queryFn: () => (filter.value === 'a' ? Promise.resolve('A') : new Promise<string>((resolve) => { release = resolve })) }))
    await flushPromises()
    expect(page.value.data.value).toBeUndefined()
    on.value = true
    await flushPromises()
    filter.value = 'b'
    await flushPromises()
    expect([page.value.data.value, page.value.isOld.value]).toEqual(['A', true])
    release('B')
    await flushPromises()
    expect([page.value.data.value, page.value.isOld.value]).toEqual(['B', false])
  })
})

describe('usePages', () => {
  it('appends pages and fetches as many again', async () => {
    const key = fresh()
    const fetch = vi.fn(({ after }: { after: string }) => Promise.resolve(after === '' ? { rows: [1], next: 'x' } : { rows: [2], next: null }))
    const list: { value: PagedQuery<{ rows: number[]; next: string | null }> } = within(() => usePages({ queryKey: [key], queryFn: fetch }))
    await flushPromises()
    expect(list.value.hasNextPage.value).toBe(true)
    await list.value.fetchNextPage()
    expect(list.value.data.value?.pages.flatMap((p) => p.rows)).toEqual([1, 2])
    expect(list.value.hasNextPage.value).toBe(false)
    await list.value.refetch()
    expect(fetch.mock.calls.map((c) => c[0].after)).toEqual(['', 'x', '', 'x'])
  })
})
