// Server state for pages: one cache keyed by what is asked, shared by all components that ask it. It
// cancels what nobody wants any more, retries reads twice when network or server failed, refreshes on
// return to the window, and keeps an answer for five minutes. (Own 200 lines instead of a library of
// 12 kB gzip: the first load of the portal has a budget of 80.)
import { computed, onScopeDispose, shallowRef, toValue, unref, watch, type ComputedRef, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

type Key = readonly unknown[]
type Fetch = (signal: AbortSignal) => Promise<unknown>
interface Entry {
  key: Key
  data: ShallowRef<unknown>
  error: ShallowRef<Problem | null>
  busy: ShallowRef<boolean>
  /** when the data came, 0: never; stale data is shown and fetched again */
  at: number
  stale: boolean
  users: number
  fetch: Fetch | null
  running: { stop: AbortController; done: Promise<void> } | null
  again: boolean
  unusedSince: number
}
export interface QueryOptions<T> {
  queryKey: Key
  queryFn: (context: { signal: AbortSignal }) => Promise<T>
  enabled?: MaybeRefOrGetter<boolean>
  staleTime?: number
  /** Show the previous key's data until the new answer is there. */
  keep?: boolean
  retry?: boolean
}
export interface Query<T> {
  data: ComputedRef<T | undefined>
  error: ComputedRef<Problem | null>
  isPending: ComputedRef<boolean>
  /** The data shown belongs to the previous key. */
  isOld: ComputedRef<boolean>
  refetch: () => Promise<void>
}

const cache = new Map<string, Entry>()
const freshFor = 10_000
const keptFor = 5 * 60_000

const plain = (key: Key): unknown[] => key.map((part) => unref(part as Ref<unknown>))
const nameOf = (key: Key): string => JSON.stringify(plain(key))

function sweep(): void {
  for (const [name, entry] of cache) if (entry.users === 0 && Date.now() - entry.unusedSince > keptFor) cache.delete(name)
}
function entryOf(key: Key): Entry {
  const name = nameOf(key)
  let entry = cache.get(name)
  if (!entry) {
    sweep()
    entry = { key: plain(key), data: shallowRef(), error: shallowRef(null), busy: shallowRef(false), at: 0, stale: true, users: 0, fetch: null, running: null, again: false, unusedSince: Date.now() }
    cache.set(name, entry)
  }
  return entry
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function attempt(entry: Entry, signal: AbortSignal, retry: boolean): Promise<void> {
  for (let count = 0; ; count++) {
    try {
      const data = await (entry.fetch as Fetch)(signal)
      if (signal.aborted) return
      entry.data.value = data
      entry.error.value = null
      entry.at = Date.now()
      entry.stale = false
      return
    } catch (fault) {
      if (signal.aborted) return
      const problem = asProblem(fault)
      if (retry && count < 2 && problem.unknown && problem.wait === 0) {
        await wait(400 * 2 ** count)
        if (!signal.aborted) continue
        return
      }
      entry.error.value = problem
      entry.at = entry.at === 0 ? 0 : Date.now()
      return
    }
  }
}

/** Fetches; a request under way is joined, and repeated once if `force` came in its middle. */
function run(entry: Entry, force: boolean, retry = true): Promise<void> {
  if (!entry.fetch) return Promise.resolve()
  if (entry.running) {
    if (force) entry.again = true
    return entry.running.done
  }
  const stop = new AbortController()
  entry.busy.value = true
  const done = attempt(entry, stop.signal, retry).finally(() => {
    if (entry.running?.stop !== stop) return
    entry.running = null
    entry.busy.value = false
    if (entry.again) {
      entry.again = false
      void run(entry, false, retry)
    }
  })
  entry.running = { stop, done }
  return done
}

function leave(entry: Entry | null): void {
  if (!entry) return
  entry.users -= 1
  entry.unusedSince = Date.now()
  if (entry.users > 0 || !entry.running) return
  entry.running.stop.abort()
  entry.running = null
  entry.busy.value = false
}

function use<T>(options: QueryOptions<T>, fetchOf: (entry: () => Entry) => Fetch): Query<T> & { entry: ShallowRef<Entry> } {
  const on = (): boolean => toValue(options.enabled) ?? true
  const entry = shallowRef(entryOf(options.queryKey))
  const last = shallowRef<unknown>()
  let mine: Entry | null = null
  watch([() => nameOf(options.queryKey), on], ([, enabled]) => {
    const next = entryOf(options.queryKey)
    if (mine !== next) {
      if (mine?.data.value !== undefined) last.value = mine.data.value
      leave(mine)
      next.users += 1
      mine = next
      entry.value = next
    }
    const bound = next
    next.fetch = fetchOf(() => bound)
    const old = next.stale || Date.now() - next.at > (options.staleTime ?? freshFor)
    if (enabled && (next.data.value === undefined || old)) void run(next, false, options.retry ?? true)
  }, { immediate: true })
  onScopeDispose(() => leave(mine))
  const isOld = computed(() => options.keep === true && entry.value.data.value === undefined && last.value !== undefined)
  return {
    entry,
    isOld,
    data: computed(() => (isOld.value ? last.value : entry.value.data.value) as T | undefined),
    error: computed(() => entry.value.error.value),
    isPending: computed(() => entry.value.data.value === undefined && !isOld.value && entry.value.error.value === null),
    refetch: () => (on() ? run(entry.value, true, options.retry ?? true) : Promise.resolve()),
  }
}

export function useQuery<T>(options: QueryOptions<T>): Query<T> {
  return use(options, () => (signal) => options.queryFn({ signal }))
}

interface Paged { next?: string | null }
export interface PagedOptions<P extends Paged> extends Omit<QueryOptions<unknown>, 'queryFn'> {
  queryFn: (context: { signal: AbortSignal; after: string }) => Promise<P>
}
export interface PagedQuery<P> extends Query<{ pages: P[] }> {
  hasNextPage: ComputedRef<boolean>
  isFetchingNextPage: Ref<boolean>
  fetchNextPage: () => Promise<void>
}

/** Key-set paging: pages that were shown are fetched again together, "more" appends one. */
export function usePages<P extends Paged>(options: PagedOptions<P>): PagedQuery<P> {
  const query = use<{ pages: P[] }>({ ...options, queryFn: () => Promise.reject(new Error('unused')) }, (entry) => async (signal) => {
    const count = Math.max((entry().data.value as { pages: P[] } | undefined)?.pages.length ?? 1, 1)
    const pages: P[] = []
    for (let i = 0; i < count; i++) {
      const after = i === 0 ? '' : pages[i - 1]?.next
      if (after === null || after === undefined) break
      pages.push(await options.queryFn({ signal, after }))
    }
    return { pages }
  })
  const more = shallowRef(false)
  const nextOf = (): string | null => query.data.value?.pages.at(-1)?.next ?? null
  return {
    ...query,
    hasNextPage: computed(() => nextOf() !== null),
    isFetchingNextPage: more,
    async fetchNextPage() {
      const after = nextOf()
      const entry = query.entry.value
      if (after === null || more.value) return
      more.value = true
      try {
        const page = await options.queryFn({ signal: new AbortController().signal, after })
        entry.data.value = { pages: [...(entry.data.value as { pages: P[] }).pages, page] }
      } catch (fault) { entry.error.value = asProblem(fault) } finally { more.value = false }
    },
  }
}

export const queries = {
  /** Marks everything below this key as old; what is on the page is fetched again. */
  async invalidate(prefix: Key = []): Promise<void> {
    const jobs: Promise<void>[] = []
    for (const entry of cache.values()) {
      if (!prefix.every((part, i) => entry.key[i] === part)) continue
      entry.stale = true
      if (entry.users > 0) jobs.push(run(entry, true))
    }
    await Promise.all(jobs)
  },
  set(key: Key, data: unknown): void {
    const entry = entryOf(key)
    entry.data.value = data
    entry.error.value = null
    entry.at = Date.now()
    entry.stale = false
  },
  clear(): void {
    for (const [name, entry] of cache) {
      entry.running?.stop.abort()
      entry.running = null
      entry.stale = true
      entry.data.value = undefined
      if (entry.users === 0) cache.delete(name)
    }
  },
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    for (const entry of cache.values()) if (entry.users > 0 && Date.now() - entry.at > freshFor) void run(entry, false)
  })
}
